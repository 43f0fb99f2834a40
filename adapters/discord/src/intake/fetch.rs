//! What is in a channel, page after page: what is new, what was changed, and what is gone.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use firstline_engine::{inbound::InboundEvent, people::Platform, ports::Watermark};
use serde_json::{Value, json};
use serenity::model::id::ChannelId;

use super::{
    Intake,
    channels::{id_before, mark},
    debts::Errand,
    hindrance::{Hindrance, Step},
    patience::Patience,
};
use crate::{
    inbound::{self, Dispatch},
    rest::{Failure, Method, NOTHING, Route, UNKNOWN_CHANNEL},
};

/// So many messages are told at once.
const PAGE: usize = 100;
/// How long ago what is looked at for changes and deletions may have been written, how much of it there may be altogether, and
/// how much in one channel.
const LATELY: Duration = Duration::from_hours(7 * 24);
const MOST_KNOWN: u32 = 10_000;
const MOST_KNOWN_HERE: usize = 50;

/// Messages that were accepted, by channel.
pub(super) type Known = HashMap<String, BTreeSet<u64>>;

/// Roles of members, by server and user.
pub(super) type Roles = HashMap<(String, String), Vec<String>>;

impl Intake<'_> {
    /// Fetches the next page of a channel.
    pub(super) async fn fetch(&mut self, channel: &str, errand: &Errand) -> Step<()> {
        let (Some(debt), Some(mut reached), Some(id)) = (
            self.debts.get(errand).cloned(),
            self.channels.get(channel).cloned(),
            channel.parse().ok().filter(|&id| id != 0),
        ) else {
            self.debts.done(errand);
            return Ok(());
        };
        let known = if debt.owed { self.known_in(channel).await? } else { BTreeSet::new() };
        let first = known.first().map_or(u64::MAX, |first| first.saturating_sub(1));
        let after = debt.after.unwrap_or_else(|| reached.number().min(first));
        let answer = match self.ask_once(Route::MessagesAfter(ChannelId::new(id), after)).await? {
            Ok(answer) => answer,
            Err(UNKNOWN_CHANNEL) => {
                self.is_gone(channel).await?;
                return self.settle(channel, errand, Vec::new()).await;
            }
            // We may not see it any more.
            Err(_) => return self.settle(channel, errand, Vec::new()).await,
        };
        let mut page: Vec<(u64, &Value)> = answer
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|message| Some((message.get("id")?.as_str()?.parse().ok()?, message)))
            .collect();
        // They come with the newest first.
        page.sort_by_key(|(id, _)| *id);
        let is_full = page.len() >= PAGE;
        let told: BTreeSet<u64> = page.iter().map(|(id, _)| *id).collect();
        page.retain(|(id, _)| debt.until.is_none_or(|until| *id <= until));
        let is_last = !is_full || page.len() < told.len();
        let mut events = Vec::new();
        for (id, message) in &page {
            events.extend(self.later(message, reached.server.as_deref(), known.contains(id)).await?);
        }
        let end = match told.last() {
            Some(last) if is_full => *last,
            // Whoever may not read what was written before is told the same as where nothing was written.
            None if !reached.is_direct() => 0,
            _ => u64::MAX,
        };
        for gone in known.iter().filter(|id| **id > after && **id <= end && !told.contains(id)) {
            let raw = json!({"id": gone.to_string(), "channel_id": channel});
            events.extend(self.deletion(gone.to_string(), channel.to_owned(), reached.server.clone(), &raw).await?);
        }
        if let Some((last, _)) = page.last() {
            reached.message = reached.number().max(*last).to_string();
            self.channels.learn(channel.to_owned(), reached.clone());
        }
        if is_last {
            return self.settle(channel, errand, events).await;
        }
        let fetched = self.take_fetched(&events, &[mark(channel, &reached)]).await?;
        self.debts.went_on(errand, told.last().copied().unwrap_or(after), fetched);
        Ok(())
    }

    /// The last of what is to be fetched in a channel.
    async fn settle(&mut self, channel: &str, errand: &Errand, events: Vec<InboundEvent>) -> Step<()> {
        let Some(mut reached) = self.channels.get(channel).cloned() else { return Ok(()) };
        reached.owed = false;
        let fetched = self.take_fetched(&events, &[mark(channel, &reached)]).await?;
        self.channels.learn(channel.to_owned(), reached);
        if let Some(debt) = self.debts.done(errand) {
            let fetched = debt.fetched + fetched;
            if debt.owed {
                self.gap.fetched += fetched;
            } else if fetched > 0 {
                tracing::warn!(fetched, "something was written of which the gateway had not told: it has been fetched");
            }
        }
        Ok(())
    }

    async fn take_fetched(&self, events: &[InboundEvent], marks: &[Watermark]) -> Step<usize> {
        let accepted = self.commit(events, marks).await?;
        Ok(accepted.iter().filter(|it| it.event.is_some()).count())
    }

    /// Asks Discord once. Where it refuses, its code for why.
    pub(super) async fn ask_once(&self, route: Route<'_>) -> Step<Result<Value, i64>> {
        const LIMIT: Duration = Duration::from_secs(5);
        let answer = tokio::select! {
            () = self.cancel.cancelled() => return Err(Hindrance::Over),
            answer = tokio::time::timeout(LIMIT, self.rest.call(Method::GET, route, NOTHING)) => answer,
        };
        match answer.unwrap_or_else(|_| Err(Failure::Unclear("no answer in time".to_owned()))) {
            Ok(answer) => Ok(Ok(answer)),
            Err(failure @ Failure::Refused { code, .. }) => {
                tracing::warn!(reason = %failure, %route, "Discord does not tell what was written in a channel");
                Ok(Err(code))
            }
            Err(failure) => {
                tracing::warn!(reason = %failure, %route, "a channel cannot be read now; it is tried again later");
                Err(Hindrance::Later(failure.asks_to_wait()))
            }
        }
    }

    /// The last messages of a channel that were accepted not long before the gap was noted.
    async fn known_in(&mut self, channel: &str) -> Step<BTreeSet<u64>> {
        if self.gap.known.is_none() {
            self.gap.known = Some(self.known().await?);
        }
        let all = self.gap.known.as_ref().and_then(|known| known.get(channel));
        Ok(all.into_iter().flatten().rev().take(MOST_KNOWN_HERE).copied().collect())
    }

    async fn known(&self) -> Step<Known> {
        let from = inbound::message_key(&id_before(self.desk.now(), LATELY).to_string());
        let to = inbound::message_key(&i64::MAX.to_string());
        let mut patience = Patience::default();
        let accepted = loop {
            match self.desk.accepted(Platform::Discord, (&from, &to), MOST_KNOWN).await {
                Ok(accepted) => break accepted,
                Err(error) => tracing::error!(%error, "cannot read which messages were taken in; trying again"),
            }
            patience.wait(None, self.cancel).await?;
        };
        let mut known = Known::new();
        for raw in accepted {
            let text = |name: &str| raw.get(name).and_then(Value::as_str);
            if let (Some(channel), Some(id)) = (text("channel_id"), text("id").and_then(|id| id.parse().ok())) {
                known.entry(channel.to_owned()).or_default().insert(id);
            }
        }
        Ok(known)
    }

    /// What a message is that the REST API tells of: a new one, or, where it is known, perhaps a changed one.
    async fn later(&mut self, message: &Value, server: Option<&str>, is_known: bool) -> Step<Vec<InboundEvent>> {
        let author = message.pointer("/author/id").and_then(Value::as_str).unwrap_or_default();
        let is_bot = message.pointer("/author/bot").and_then(Value::as_bool).unwrap_or_default();
        let held = match server {
            Some(server) if !is_bot => {
                let key = (server.to_owned(), author.to_owned());
                if let Some(held) = self.gap.roles.get(&key) {
                    held.clone()
                } else {
                    let held = self.roles_of(server, author).await?;
                    self.gap.roles.insert(key, held.clone());
                    held
                }
            }
            _ => Vec::new(),
        };
        let mut events = Vec::new();
        let mut reads = vec![inbound::read_later(message, server, held.clone())];
        if is_known {
            reads.push(inbound::read_change_later(message, server, held));
        }
        for read in reads {
            match read {
                Ok(Dispatch::Direct(event)) => events.push(*event),
                Ok(Dispatch::InServer(deed)) => events.extend(self.event_of(*deed).await?),
                Ok(_) => {}
                Err(error) => {
                    let (line, column) = (error.line(), error.column());
                    tracing::error!(
                        line,
                        column,
                        "a message on Discord cannot be read; it is kept for a version that can"
                    );
                    let id = message.get("id").and_then(Value::as_str).unwrap_or_default();
                    self.set_aside(inbound::message_key(id), "a message", message.clone()).await?;
                    break;
                }
            }
        }
        Ok(events)
    }
}
