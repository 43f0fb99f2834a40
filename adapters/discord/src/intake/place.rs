//! What is known of channels: which is a staff room or a help channel, which is a thread of one, and which is whose direct
//! messages.

use std::collections::HashMap;

use serde_json::Value;
use serenity::model::id::{ChannelId, GuildId, UserId};

use super::{Intake, Patience};
use crate::{
    DiscordSettings,
    rest::{Failure, Method, NOTHING, Route},
};

/// Channels whose room is remembered at most.
const REMEMBERED: usize = 50_000;

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
}

impl Places {
    pub(super) fn new(settings: &DiscordSettings) -> Self {
        let texts = |ids: &[u64]| ids.iter().map(u64::to_string).collect();
        Self {
            rooms: texts(&settings.rooms),
            help: texts(&settings.help_channels),
            parents: HashMap::new(),
            direct: HashMap::new(),
        }
    }

    /// The staff rooms and the help channels.
    pub(super) fn served(&self) -> Vec<String> {
        self.rooms.iter().chain(&self.help).cloned().collect()
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
    /// The room of a channel, if it belongs to one. The outer `None` means cancelled.
    pub(super) async fn room_of(&mut self, channel: &str) -> Option<Option<String>> {
        if self.places.rooms.is_empty() {
            return Some(None);
        }
        if self.places.is_room(channel) {
            return Some(Some(channel.to_owned()));
        }
        let parent = self.parent(channel).await?;
        Some(parent.filter(|parent| self.places.is_room(parent)))
    }

    /// The channel of a thread; `None` inside for what is no thread. The outer `None` means cancelled.
    pub(super) async fn parent(&mut self, channel: &str) -> Option<Option<String>> {
        if let Some(known) = self.places.parents.get(channel) {
            return Some(known.clone());
        }
        let parent = self.parent_of(channel).await?;
        self.places.remember(channel.to_owned(), parent.clone());
        Some(parent)
    }

    async fn parent_of(&self, channel: &str) -> Option<Option<String>> {
        let Some(id) = channel.parse().ok().filter(|&id| id != 0) else { return Some(None) };
        let answer = self.ask(Route::Channel(ChannelId::new(id))).await?;
        Some(answer.and_then(|answer| Some(answer.get("parent_id")?.as_str()?.to_owned())))
    }

    /// The roles of a member, by their ids; none where no role means anything.
    pub(super) async fn roles_of(&self, server: &str, user: &str) -> Option<Vec<String>> {
        let id = |text: &str| text.parse::<u64>().ok().filter(|&id| id != 0);
        let (Some(server), Some(user), false) = (id(server), id(user), self.settings.staff_roles.is_empty()) else {
            return Some(Vec::new());
        };
        let answer = self.ask(Route::Member(GuildId::new(server), UserId::new(user))).await?;
        let roles = answer.as_ref().and_then(|answer| answer.get("roles")?.as_array());
        Some(roles.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Asks Discord until it answers. `None` inside where it refuses, and outside when cancelled.
    pub(super) async fn ask(&self, route: Route<'_>) -> Option<Option<Value>> {
        let mut patience = Patience::default();
        loop {
            let answer = tokio::select! {
                () = self.cancel.cancelled() => return None,
                answer = self.rest.call(Method::GET, route, NOTHING) => answer,
            };
            let wait = match answer {
                Ok(answer) => return Some(Some(answer)),
                Err(failure @ Failure::Refused { .. }) => {
                    tracing::warn!(reason = %failure, %route, "Discord does not tell what is needed");
                    return Some(None);
                }
                Err(Failure::Throttled(wait)) => wait,
                Err(failure) => {
                    tracing::warn!(reason = %failure, "Discord cannot be asked; trying again");
                    None
                }
            };
            patience.wait(wait, self.cancel).await?;
        }
    }
}
