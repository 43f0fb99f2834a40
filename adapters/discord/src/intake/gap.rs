//! What was written while nobody told us: fetched from every channel behind the last message that was accepted from it, page
//! after page, and taken in like everything else. What is known already is absorbed.

use std::collections::{BTreeSet, HashMap};

use firstline_engine::{inbound::InboundEvent, ports::Watermark};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serenity::model::id::{ChannelId, GuildId};

use super::{Intake, gateway};
use crate::{
    inbound::{self, Dispatch},
    rest::Route,
};

/// How the names of the channels' positions begin in the store.
const CHANNELS: &str = "discord:channel:";

/// How far a channel is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reached {
    channel: String,
    position: ChannelPosition,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ChannelPosition {
    /// The last message.
    message: String,
    /// The server, where it is not a channel of direct messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    server: Option<String>,
}

impl Reached {
    /// How far its channel is read with a new message; `None` for whatever else it is.
    pub(super) fn of(raw: &Value) -> Option<Self> {
        let text = |name: &str| raw.get(name).and_then(Value::as_str).map(str::to_owned);
        // A message that was changed does not say how far we are, and an interaction is none.
        if raw.get("token").is_some() || !raw.get("edited_timestamp").is_some_and(Value::is_null) {
            return None;
        }
        let position = ChannelPosition { message: text("id")?, server: text("guild_id") };
        Some(Self { channel: text("channel_id")?, position })
    }

    pub(super) fn watermark(&self) -> Watermark {
        let position = serde_json::to_string(&self.position).unwrap_or_default();
        Watermark { source: format!("{CHANNELS}{}", self.channel), position }
    }

    pub(super) fn channel(&self) -> &str {
        &self.channel
    }

    pub(super) const fn is_direct(&self) -> bool {
        self.position.server.is_none()
    }

    fn server(&self) -> Option<u64> {
        self.position.server.as_ref()?.parse().ok()
    }

    fn read(watermark: &Watermark) -> Option<Self> {
        let channel = watermark.source.strip_prefix(CHANNELS)?.to_owned();
        let position = serde_json::from_str(&watermark.position).ok()?;
        Some(Self { channel, position })
    }
}

/// Roles of members, by server and user, as long as one gap is filled.
pub(super) type Roles = HashMap<(String, String), Vec<String>>;

impl Intake<'_> {
    /// Fetches what was missed. `None` when cancelled.
    pub(super) async fn fill(&mut self) -> Option<()> {
        let (mut fetched, mut roles) = (0, Roles::new());
        let (direct, in_servers): (Vec<_>, Vec<_>) = self.reached().await?.into_iter().partition(Reached::is_direct);
        if self.is_told(None) {
            for reached in direct {
                fetched += self.fetch(reached, &mut roles, None).await?;
            }
        }
        let known: HashMap<String, Reached> =
            in_servers.into_iter().map(|reached| (reached.channel.clone(), reached)).collect();
        fetched += self.fill_servers(&known, &mut roles, None).await?;
        tracing::info!(fetched, "what was written while there was no session has been fetched");
        Some(())
    }

    /// Fetches what was missed in servers: in the help channels, and in the threads that are open.
    pub(super) async fn fill_servers(
        &mut self,
        known: &HashMap<String, Reached>,
        roles: &mut Roles,
        until: Option<u64>,
    ) -> Option<usize> {
        let mut fetched = 0;
        for channel in self.places.help().to_vec() {
            if let Some(reached) = known.get(&channel).filter(|it| self.is_told(it.server())) {
                fetched += self.fetch(reached.clone(), roles, until).await?;
            }
        }
        for (thread, server, last) in self.open_threads().await? {
            // Nothing before a thread can be in it, but the message with which it begins.
            let before = || thread.parse::<u64>().unwrap_or_default().saturating_sub(1).to_string();
            let message = known.get(&thread).map_or_else(before, |reached| reached.position.message.clone());
            if is_behind(&message, last.as_deref()) {
                let position = ChannelPosition { message, server: Some(server) };
                fetched += self.fetch(Reached { channel: thread, position }, roles, until).await?;
            }
        }
        Some(fetched)
    }

    /// This shard is told what happens in a server, or in direct messages.
    pub(super) fn is_told(&self, server: Option<u64>) -> bool {
        gateway::is_told(self.shard, server)
    }

    pub(super) async fn reached(&self) -> Option<Vec<Reached>> {
        let mut patience = super::Patience::default();
        loop {
            match self.desk.watermarks(CHANNELS).await {
                Ok(marks) => return Some(marks.iter().filter_map(Reached::read).collect()),
                Err(error) => tracing::error!(%error, "cannot read how far the channels were taken in; trying again"),
            }
            patience.wait(None, self.cancel).await?;
        }
    }

    /// Help channels that were never read are read from now on: what was asked before we came was not asked of us.
    pub(super) async fn mark_help_channels(&mut self) -> Option<()> {
        if !self.places.has_help() {
            return Some(());
        }
        let known = self.reached().await?;
        for channel in self.places.help().to_vec() {
            if known.iter().any(|reached| reached.channel == channel) {
                continue;
            }
            let Some(id) = channel.parse().ok().filter(|&id| id != 0) else { continue };
            let Some(about) = self.ask(Route::Channel(ChannelId::new(id))).await? else { continue };
            let text = |name: &str| about.get(name).and_then(Value::as_str).map(str::to_owned);
            let message = text("last_message_id").unwrap_or_else(|| channel.clone());
            let position = ChannelPosition { message, server: text("guild_id") };
            self.commit(&[], &[Reached { channel, position }.watermark()]).await?;
        }
        Some(())
    }

    /// The threads that are open in the staff rooms and the help channels: thread, server, last message.
    async fn open_threads(&mut self) -> Option<Vec<(String, String, Option<String>)>> {
        let mut servers = BTreeSet::new();
        let served = self.places.served();
        for channel in &served {
            let Some(id) = channel.parse().ok().filter(|&id| id != 0) else { continue };
            let answer = self.ask(Route::Channel(ChannelId::new(id))).await?;
            servers.extend(answer.and_then(|answer| answer.get("guild_id")?.as_str()?.parse::<u64>().ok()));
        }
        let mut open = Vec::new();
        for server in servers.into_iter().filter(|&id| id != 0 && gateway::is_told(self.shard, Some(id))) {
            let answer = self.ask(Route::ActiveThreads(GuildId::new(server))).await?;
            let threads = answer.as_ref().and_then(|answer| answer.get("threads")?.as_array());
            for thread in threads.into_iter().flatten() {
                let text = |name: &str| thread.get(name).and_then(Value::as_str).map(str::to_owned);
                let (Some(id), Some(parent)) = (text("id"), text("parent_id")) else { continue };
                self.places.learn(id.clone(), parent.clone());
                if served.contains(&parent) {
                    open.push((id, server.to_string(), text("last_message_id")));
                }
            }
        }
        Some(open)
    }

    /// Fetches one channel, behind what is known and up to a message. Returns how many messages were new.
    pub(super) async fn fetch(&mut self, mut reached: Reached, roles: &mut Roles, until: Option<u64>) -> Option<usize> {
        let mut fetched = 0;
        let Some(channel) = reached.channel.parse().ok().filter(|&id| id != 0) else { return Some(0) };
        loop {
            let after = reached.position.message.parse().unwrap_or_default();
            let Some(answer) = self.ask(Route::MessagesAfter(ChannelId::new(channel), after)).await? else {
                // It is gone, or we may not see it any more.
                return Some(fetched);
            };
            let mut page: Vec<(u64, Value)> = answer
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|message| Some((message.get("id")?.as_str()?.parse().ok()?, message.clone())))
                .collect();
            page.retain(|(id, _)| until.is_none_or(|until| *id <= until));
            // They come with the newest first.
            page.sort_by_key(|(id, _)| *id);
            let Some((last, _)) = page.last() else { return Some(fetched) };
            reached.position.message = last.to_string();
            let mut events = Vec::new();
            for (_, message) in &page {
                events.extend(self.later(message, reached.position.server.as_deref(), roles).await?);
            }
            let accepted = self.commit(&events, &[reached.watermark()]).await?;
            fetched += accepted.iter().filter(|it| it.event.is_some()).count();
        }
    }

    async fn later(
        &mut self,
        message: &Value,
        server: Option<&str>,
        roles: &mut Roles,
    ) -> Option<Option<InboundEvent>> {
        let author = message.pointer("/author/id").and_then(Value::as_str).unwrap_or_default();
        let is_bot = message.pointer("/author/bot").and_then(Value::as_bool).unwrap_or_default();
        let held = match server {
            Some(server) if !is_bot => {
                let key = (server.to_owned(), author.to_owned());
                if let Some(held) = roles.get(&key) {
                    held.clone()
                } else {
                    let held = self.roles_of(server, author).await?;
                    roles.insert(key, held.clone());
                    held
                }
            }
            _ => Vec::new(),
        };
        match inbound::read_later(message, server, held) {
            Ok(Dispatch::Direct(event)) => Some(Some(*event)),
            Ok(Dispatch::InServer(deed)) => self.event_of(*deed).await,
            Ok(_) => Some(None),
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                tracing::error!(line, column, "a message on Discord cannot be read; it is kept for a version that can");
                let id = message.get("id").and_then(Value::as_str).unwrap_or_default();
                self.set_aside(inbound::message_key(id), "a message", message.clone()).await?;
                Some(None)
            }
        }
    }
}

/// There is something behind the message.
fn is_behind(message: &str, last: Option<&str>) -> bool {
    let number = |id: &str| id.parse::<u64>().unwrap_or_default();
    last.is_none_or(|last| number(last) > number(message))
}
