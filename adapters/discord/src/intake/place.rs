//! What is known of channels: which is a staff room or a help channel, which is a thread of one, and which is whose direct
//! messages.

use std::{collections::HashMap, time::Duration};

use serde::Serialize;
use serde_json::Value;
use serenity::model::id::{ChannelId, GuildId, UserId};
use tokio::time::Instant;

use super::{
    Intake,
    hindrance::{Hindrance, Step},
    patience::Patience,
};
use crate::{
    DiscordSettings,
    rest::{Failure, Method, NOTHING, Route},
};

/// Channels whose room is remembered at most.
const REMEMBERED: usize = 50_000;

/// So long something that has come may wait until Discord has told what belongs to it.
const LIMIT: Duration = Duration::from_secs(5);

/// What is known of channels.
pub(super) struct Places {
    /// The staff rooms.
    rooms: Vec<String>,
    /// The help channels.
    help: Vec<String>,
    /// The channels of threads; `None` for what is no thread.
    parents: HashMap<String, Option<String>>,
    /// The channels of direct messages, by user.
    direct: HashMap<String, String>,
    /// The servers of staff rooms and help channels.
    servers: HashMap<String, u64>,
}

impl Places {
    pub(super) fn new(settings: &DiscordSettings) -> Self {
        let texts = |ids: &[u64]| ids.iter().map(u64::to_string).collect();
        Self {
            rooms: texts(&settings.rooms),
            help: texts(&settings.help_channels),
            parents: HashMap::new(),
            direct: HashMap::new(),
            servers: HashMap::new(),
        }
    }

    /// The staff rooms and the help channels.
    pub(super) fn served(&self) -> Vec<String> {
        self.rooms.iter().chain(&self.help).cloned().collect()
    }

    pub(super) fn rooms(&self) -> &[String] {
        &self.rooms
    }

    pub(super) fn help(&self) -> &[String] {
        &self.help
    }

    pub(super) const fn has_help(&self) -> bool {
        !self.help.is_empty()
    }

    pub(super) fn is_room(&self, channel: &str) -> bool {
        self.rooms.iter().any(|room| room == channel)
    }

    pub(super) fn is_help(&self, channel: &str) -> bool {
        self.help.iter().any(|help| help == channel)
    }

    /// The channel of a thread, if that is known already.
    pub(super) fn parent_of_known(&self, channel: &str) -> Option<String> {
        self.parents.get(channel).cloned().flatten()
    }

    pub(super) fn direct(&self, user: &str) -> Option<&str> {
        self.direct.get(user).map(String::as_str)
    }

    pub(super) fn learn_direct(&mut self, user: String, channel: String) {
        if self.direct.len() >= REMEMBERED {
            self.direct.clear();
        }
        self.direct.insert(user, channel);
    }

    pub(super) fn server_of(&self, channel: &str) -> Option<u64> {
        self.servers.get(channel).copied()
    }

    pub(super) fn learn_server(&mut self, channel: String, server: u64) {
        self.servers.insert(channel, server);
    }

    /// A thread is in this channel.
    pub(super) fn learn(&mut self, thread: String, channel: String) {
        self.remember(thread, Some(channel));
    }

    fn remember(&mut self, channel: String, parent: Option<String>) {
        if self.parents.len() >= REMEMBERED {
            self.parents.clear();
        }
        self.parents.insert(channel, parent);
    }
}

impl Intake<'_> {
    /// The room of a channel, if it belongs to one.
    pub(super) async fn room_of(&mut self, channel: &str) -> Step<Option<String>> {
        if self.places.rooms.is_empty() {
            return Ok(None);
        }
        if self.places.is_room(channel) {
            return Ok(Some(channel.to_owned()));
        }
        let parent = self.parent(channel).await?;
        Ok(parent.filter(|parent| self.places.is_room(parent)))
    }

    /// The channel of a thread; `None` for what is no thread.
    pub(super) async fn parent(&mut self, channel: &str) -> Step<Option<String>> {
        if let Some(known) = self.places.parents.get(channel) {
            return Ok(known.clone());
        }
        let parent = self.parent_of(channel).await?;
        self.places.remember(channel.to_owned(), parent.clone());
        Ok(parent)
    }

    async fn parent_of(&self, channel: &str) -> Step<Option<String>> {
        let Some(id) = channel.parse().ok().filter(|&id| id != 0) else { return Ok(None) };
        let answer = self.ask(Method::GET, Route::Channel(ChannelId::new(id)), NOTHING).await?;
        Ok(answer.and_then(|answer| Some(answer.get("parent_id")?.as_str()?.to_owned())))
    }

    /// The roles of a member, by their ids; none where no role means anything.
    pub(super) async fn roles_of(&self, server: &str, user: &str) -> Step<Vec<String>> {
        let id = |text: &str| text.parse::<u64>().ok().filter(|&id| id != 0);
        let (Some(server), Some(user), false) = (id(server), id(user), self.settings.staff_roles.is_empty()) else {
            return Ok(Vec::new());
        };
        let route = Route::Member(GuildId::new(server), UserId::new(user));
        let answer = self.ask(Method::GET, route, NOTHING).await?;
        let roles = answer.as_ref().and_then(|answer| answer.get("roles")?.as_array());
        Ok(roles.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Asks Discord for what belongs to something that has come, and again for a few seconds where that fails: everything else
    /// waits behind it. `None` where Discord refuses.
    pub(super) async fn ask(
        &self,
        method: Method,
        route: Route<'_>,
        body: Option<&impl Serialize>,
    ) -> Step<Option<Value>> {
        let end = Instant::now() + LIMIT;
        let mut patience = Patience::default();
        loop {
            let answer = tokio::select! {
                () = self.cancel.cancelled() => return Err(Hindrance::Over),
                answer = tokio::time::timeout_at(end, self.rest.call(method.clone(), route, body)) => answer,
            };
            let asked = match answer {
                Ok(Ok(answer)) => return Ok(Some(answer)),
                Ok(Err(failure @ Failure::Refused { .. })) => {
                    tracing::warn!(reason = %failure, %route, "Discord does not tell what is needed");
                    return Ok(None);
                }
                Ok(Err(failure)) => {
                    tracing::warn!(reason = %failure, %route, "Discord cannot be asked now");
                    failure.asks_to_wait()
                }
                Err(_) => return Err(Hindrance::Later(None)),
            };
            let pause = patience.pause(asked);
            if pause > end.saturating_duration_since(Instant::now()) {
                return Err(Hindrance::Later(asked));
            }
            tokio::select! {
                () = self.cancel.cancelled() => return Err(Hindrance::Over),
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}
