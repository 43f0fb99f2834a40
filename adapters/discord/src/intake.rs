//! The intake: one dispatch of the gateway after the other, each committed together with its place in the session. After a
//! restart the session is resumed behind the last commit, and Discord sends again what came after it; the desk absorbs what it
//! knows already. Where a session was lost, or a dispatch cannot be read, [`gap`] notes that what was written meanwhile is owed, and
//! [`fetch`] fetches it. Nothing that Discord is slow or unwilling to tell holds up the rest: it is owed, too.

mod answers;
mod channels;
mod debts;
mod fetch;
mod gap;
mod gateway;
mod gone;
mod hindrance;
mod home;
mod listening;
mod missed;
mod newcomers;
mod patience;
mod place;
mod rounds;
mod servers;
mod shift;
mod source;

use std::{collections::BTreeSet, sync::Arc};

use firstline_engine::{
    desk::{Desk, DeskError},
    inbound::{InboundEvent, InboundKind},
    ports::{Acceptance, SourceLease, StoreError, Watermark},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serenity::model::id::ChannelId;
use tokio_util::sync::CancellationToken;
use twilight_gateway::ShardId;

pub use self::listening::REFUSED;
pub(crate) use self::listening::run;
pub(crate) use self::{channels::CLOCKS_DIFFER, home::asked_in};
use self::{
    channels::{Channels, mark},
    debts::Debts,
    gap::Gap,
    hindrance::{Hindrance, Step},
    missed::{channels_in, fingerprint},
    patience::Patience,
    place::Places,
};
use crate::{
    DiscordSettings,
    inbound::{self, Dispatch},
    rest::{Method, NOTHING, Rest, Route},
};

/// The name of our position in the store.
const SOURCE: &str = "discord";

/// Where we are in the gateway's stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    session: String,
    sequence: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resume_url: Option<String>,
}

impl Position {
    /// Names what is told here, in this session and in no other.
    fn key(&self) -> String {
        format!("{}:{}", self.session, self.sequence)
    }

    fn watermark(&self, source: &str) -> Option<Watermark> {
        let position = serde_json::to_string(self).ok()?;
        Some(Watermark { source: source.to_owned(), position })
    }
}

struct Intake<'a> {
    rest: &'a Arc<Rest>,
    desk: &'a Desk,
    settings: &'a DiscordSettings,
    /// Of this shift.
    cancel: &'a CancellationToken,
    /// What allows us to commit.
    lease: &'a SourceLease,
    shard: ShardId,
    /// There was a session before, in this run or an earlier one.
    has_been_here: bool,
    places: Places,
    /// How far the channels are read.
    channels: Channels,
    /// What is to be fetched.
    debts: Debts,
    gap: Gap,
    /// Servers that the desk does not serve, and that were logged.
    strangers: BTreeSet<String>,
    /// The channel of direct messages that was looked at last.
    looked_at: String,
    /// Behind this message something may have been missed in channels of which nobody has heard yet.
    away_since: Option<u64>,
}

/// What a dispatch comes to.
#[derive(Default)]
struct Taken {
    events: Vec<InboundEvent>,
    /// Where something may be that nobody has told us.
    missing: Missing,
    /// Since when that may be so in channels of which nobody has heard yet.
    absence: Option<Watermark>,
}

/// Where something may be that nobody has told us.
#[derive(Default)]
enum Missing {
    #[default]
    Nowhere,
    /// Everywhere, because a session has begun behind another one.
    Everywhere,
    /// Everywhere, because of something of which we do not know where it was.
    Somewhere,
    /// In these channels.
    In(Vec<String>),
}

impl From<Option<InboundEvent>> for Taken {
    fn from(event: Option<InboundEvent>) -> Self {
        Self { events: event.into_iter().collect(), ..Self::default() }
    }
}

impl Intake<'_> {
    /// Takes in one message of the gateway's. What was not committed when the shift was over comes again.
    async fn take(&mut self, text: &str, position: Option<Position>) -> Step<()> {
        let envelope = serde_json::from_str::<Envelope>(text);
        let Some(position) = position.filter(|_| envelope.as_ref().map_or(true, |it| it.op == 0)) else {
            return Ok(());
        };
        let mut owed = None;
        let (read, raw) = match &envelope {
            Ok(envelope) if !envelope.t.is_empty() => {
                if let Some(channel) = written_in(envelope) {
                    self.meet(channel, &envelope.d);
                    self.pay_first(channel).await?;
                    owed = self.still_owed(channel);
                }
                (self.read(envelope, &position).await, &envelope.d)
            }
            nameless => {
                let reason = nameless.as_ref().map_or_else(ToString::to_string, |_| "no name".to_owned());
                let key = format!("{}:{}", position.key(), fingerprint(text));
                let missing = channels_in(text);
                (self.unreadable(key, "?", &reason, Value::String(text.to_owned()), missing).await, &Value::Null)
            }
        };
        let read = match read {
            Err(Hindrance::Later(_)) => self.left_for_later(raw),
            done => done?,
        };
        let mut marks = self.marks_of(read.missing, raw);
        marks.extend(read.absence.into_iter().chain(owed));
        let fresh = self.channels.fresh(raw).filter(|_| !read.events.is_empty()).or_else(|| self.begun(raw));
        marks.extend(fresh.as_ref().map(|(channel, reached)| mark(channel, reached)));
        // Only together with what is owed may the new position be kept.
        marks.extend(position.watermark(&self.lease.source));
        let accepted = self.commit(&read.events, &marks).await?;
        if let Some((channel, reached)) = fresh {
            self.channels.learn(channel, reached);
        }
        for event in &read.events {
            self.tell_what_became_of(event, !accepted.is_empty());
        }
        Ok(())
    }

    /// What a dispatch says.
    async fn read(&mut self, envelope: &Envelope, position: &Position) -> Step<Taken> {
        if envelope.t == "READY" {
            let gap = std::mem::replace(&mut self.has_been_here, true);
            tracing::info!(gap, "a new session with Discord has begun");
            self.look_into_servers_soon();
            let absence = if gap { self.note_absence().await? } else { None };
            let missing = if gap { Missing::Everywhere } else { Missing::Nowhere };
            return Ok(Taken { missing, absence, ..Taken::default() });
        }
        match inbound::read(&envelope.t, &envelope.d) {
            Ok(dispatch) => self.understood(dispatch, &envelope.d).await,
            Err(error) => {
                let channel = envelope.d.get("channel_id").and_then(Value::as_str);
                let missing = channel.into_iter().map(str::to_owned).collect();
                let (key, reason) = (position.key(), format!("line {}, column {}", error.line(), error.column()));
                self.unreadable(key, &envelope.t, &reason, envelope.d.clone(), missing).await
            }
        }
    }

    async fn understood(&mut self, dispatch: Dispatch, raw: &Value) -> Step<Taken> {
        Ok(match dispatch {
            Dispatch::Direct(event) => {
                self.show_typing(&event);
                Some(*event).into()
            }
            Dispatch::InServer(deed) => {
                let event = self.event_of(*deed).await?;
                // What is answered at once, Discord shows as such.
                if let Some(event) = event.as_ref().filter(|event| event.circumstances.via.is_none()) {
                    self.show_typing(event);
                }
                event.into()
            }
            Dispatch::Deleted { messages, channel, server } => {
                let mut events = Vec::new();
                for message in messages {
                    events.extend(self.deletion(message, channel.clone(), server.clone(), raw).await?);
                }
                Taken { events, ..Taken::default() }
            }
            Dispatch::Threads(threads) => {
                for (thread, channel) in threads {
                    self.places.learn(thread, channel);
                }
                Taken::default()
            }
            Dispatch::ThreadGone { thread, channel } => {
                if self.places.is_room(&channel) {
                    self.show_again(&channel, thread).await?;
                }
                Taken::default()
            }
            Dispatch::LeftOut => Taken::default(),
        })
    }

    /// Whoever has just written sees that an answer is being prepared. Only a courtesy: nothing waits for it.
    fn show_typing(&self, event: &InboundEvent) {
        let (InboundKind::Message { .. }, Some(channel)) = (&event.kind, event.place.key.parse().ok()) else { return };
        let Some(channel) = Some(channel).filter(|&id: &u64| id != 0).map(ChannelId::new) else { return };
        let (rest, desk, place) = (Arc::clone(self.rest), self.desk.clone(), event.place.clone());
        tokio::spawn(async move {
            if desk.would_answer(&place).await.unwrap_or_default()
                && let Err(failure) = rest.call(Method::POST, Route::Typing(channel), NOTHING).await
            {
                tracing::debug!(reason = %failure, "Discord was not told that we are typing");
            }
        });
    }

    /// All in one commit; what became of each event that belongs to anybody.
    async fn commit(&self, events: &[InboundEvent], marks: &[Watermark]) -> Step<Vec<Acceptance>> {
        let mut patience = Patience::default();
        loop {
            match self.desk.accept_held(self.lease, events, marks).await {
                Ok(accepted) => return Ok(accepted),
                Err(DeskError::Store(StoreError::LeaseLost)) => {
                    self.cancel.cancel();
                    return Err(Hindrance::Over);
                }
                Err(error) => tracing::error!(%error, "cannot store what came from Discord; trying again"),
            }
            patience.wait(None, self.cancel).await?;
        }
    }
}

/// The channel in which a dispatch tells that something was written, changed or deleted.
fn written_in(envelope: &Envelope) -> Option<&str> {
    envelope.t.starts_with("MESSAGE_").then(|| envelope.d.get("channel_id")?.as_str()).flatten()
}

#[derive(Deserialize)]
struct Envelope {
    op: u8,
    #[serde(default, deserialize_with = "or_empty")]
    t: String,
    #[serde(default)]
    d: Value,
}

fn or_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
pub(crate) mod tests;
