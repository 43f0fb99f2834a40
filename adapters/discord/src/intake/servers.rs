//! What is in the servers: the help channels, and the threads that are open.

use serde_json::Value;
use serenity::model::id::{ChannelId, GuildId};

use super::{
    Intake,
    channels::{Reached, id_before, mark},
    debts::Errand,
    gateway,
    hindrance::Step,
};
use crate::rest::Route;

/// A thread that is open.
struct Open {
    thread: String,
    server: u64,
    /// Its last message.
    last: Option<String>,
}

impl Intake<'_> {
    /// Looks into the servers for what may be behind what is known. Where a gap is to be filled that is owed from now on, and
    /// otherwise it is looked at.
    pub(super) async fn look_into_servers(&mut self) -> Step<()> {
        let Some(debt) = self.debts.get(&Errand::Servers).cloned() else { return Ok(()) };
        let open = self.open_threads().await?;
        let mut marks = Vec::new();
        for Open { thread, server, last } in open {
            // Nothing before a thread can be in it, but the message with which it begins.
            let before = || thread.parse::<u64>().unwrap_or_default().saturating_sub(1).to_string();
            if self.channels.get(&thread).is_none() {
                let reached = Reached { message: before(), server: Some(server.to_string()), owed: false };
                self.channels.learn(thread.clone(), reached);
            }
            let known = self.channels.get(&thread).map(Reached::number).unwrap_or_default();
            if last.is_some_and(|last| last.parse::<u64>().is_ok_and(|last| last <= known)) {
                continue;
            }
            if debt.owed {
                marks.extend(self.note(&thread));
            } else if let Some(until) = debt.until {
                self.debts.look(Errand::Channel(thread), until);
            }
        }
        if debt.owed {
            marks.push(self.gap_mark(""));
        } else if let Some(until) = debt.until {
            for channel in self.places.help().to_vec() {
                let told = self.channels.get(&channel).is_some_and(|it| self.is_told(it));
                if told {
                    self.debts.look(Errand::Channel(channel), until);
                }
            }
        }
        if !marks.is_empty() {
            self.commit(&[], &marks).await?;
        }
        self.debts.done(&Errand::Servers);
        Ok(())
    }

    /// This shard is told what happens there.
    pub(super) fn is_told(&self, reached: &Reached) -> bool {
        gateway::is_told(self.shard, reached.server_id())
    }

    /// Looks into the servers soon, where there is anything.
    pub(super) fn look_into_servers_soon(&mut self) {
        if !self.places.served().is_empty() {
            let until = id_before(self.desk.now(), self.settings.look_again);
            self.debts.look(Errand::Servers, until);
        }
    }

    /// A thread of a staff room or a help channel of which a dispatch tells for the first time. Where it is put away while we are
    /// away, Discord does not name it by itself.
    pub(super) fn begun(&self, raw: &Value) -> Option<(String, Reached)> {
        let text = |name: &str| raw.get(name).and_then(Value::as_str);
        let (thread, parent) = (text("id")?, text("parent_id")?);
        let is_served = self.places.is_room(parent) || self.places.is_help(parent);
        if !is_served || raw.get("thread_metadata").is_none() || self.channels.get(thread).is_some() {
            return None;
        }
        let message = thread.parse::<u64>().ok()?.saturating_sub(1).to_string();
        Some((thread.to_owned(), Reached { message, server: Some(text("guild_id")?.to_owned()), owed: false }))
    }

    /// The threads that are open in the staff rooms and the help channels.
    async fn open_threads(&mut self) -> Step<Vec<Open>> {
        let served = self.places.served();
        let mut servers: Vec<u64> = Vec::new();
        for channel in &served {
            servers.extend(self.server_of(channel).await?);
        }
        servers.sort_unstable();
        servers.dedup();
        let mut open = Vec::new();
        for server in servers.into_iter().filter(|&id| id != 0 && gateway::is_told(self.shard, Some(id))) {
            let answer = self.ask_once(Route::ActiveThreads(GuildId::new(server))).await?;
            let threads = answer.as_ref().ok().and_then(|answer| answer.get("threads")?.as_array());
            for thread in threads.into_iter().flatten() {
                let text = |name: &str| thread.get(name).and_then(Value::as_str).map(str::to_owned);
                let (Some(id), Some(parent)) = (text("id"), text("parent_id")) else { continue };
                self.places.learn(id.clone(), parent.clone());
                if served.contains(&parent) {
                    open.push(Open { thread: id, server, last: text("last_message_id") });
                }
            }
        }
        Ok(open)
    }

    /// The server of a staff room or a help channel. A help channel that was never read is read from now on: what was asked before
    /// we came was not asked of us.
    async fn server_of(&mut self, channel: &str) -> Step<Option<u64>> {
        let is_new = self.places.is_help(channel) && self.channels.get(channel).is_none();
        if let Some(known) = self.places.server_of(channel).filter(|_| !is_new) {
            return Ok(Some(known));
        }
        let Some(id) = channel.parse().ok().filter(|&id| id != 0) else { return Ok(None) };
        let Ok(about) = self.ask_once(Route::Channel(ChannelId::new(id))).await? else { return Ok(None) };
        let text = |name: &str| about.get(name).and_then(Value::as_str).map(str::to_owned);
        let server = text("guild_id");
        if is_new {
            let message = text("last_message_id").unwrap_or_else(|| channel.to_owned());
            let reached = Reached { message, server: server.clone(), owed: false };
            self.commit(&[], &[mark(channel, &reached)]).await?;
            self.channels.learn(channel.to_owned(), reached);
        }
        let server = server.and_then(|server| server.parse().ok());
        if let Some(server) = server {
            self.places.learn_server(channel.to_owned(), server);
        }
        Ok(server)
    }
}
