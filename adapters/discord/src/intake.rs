//! The intake: one dispatch of the gateway after the other, each committed together with its place in the session. After a
//! restart the session is resumed behind the last commit, and Discord sends again what came after it; the desk absorbs what it
//! knows already. Where a session was lost, or a dispatch cannot be read, [`gap`] fetches what was written meanwhile.

mod answers;
mod gap;
mod gateway;
mod home;
mod listening;
mod patience;
mod place;
mod rounds;
mod shift;
mod source;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use firstline_engine::{
    desk::{Desk, DeskError},
    inbound::{InboundEvent, InboundKind},
    people::{AccountRef, Platform},
    ports::{Acceptance, SetAside, SourceLease, StoreError, Watermark},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serenity::model::id::ChannelId;
use tokio_util::sync::CancellationToken;
use twilight_gateway::ShardId;

pub(crate) use self::home::asked_in;
pub use self::listening::REFUSED;
pub(crate) use self::listening::run;
use self::{gap::Reached, patience::Patience, place::Places};
use crate::{
    DiscordSettings,
    inbound::{self, Author, Dispatch},
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
    /// Servers that the desk does not serve, and that were logged.
    strangers: BTreeSet<String>,
    /// The channel of direct messages that was looked at last.
    looked_at: String,
}

/// What a dispatch comes to.
#[derive(Default)]
struct Taken {
    event: Option<InboundEvent>,
    /// How far its channel is read with it.
    reached: Option<Reached>,
    /// Nobody knows what was written before it.
    gap: bool,
}

impl Intake<'_> {
    /// Takes in one message of the gateway's. `None` when cancelled before it was committed; then it comes again.
    async fn take(&mut self, text: &str, position: Option<Position>) -> Option<()> {
        let envelope = serde_json::from_str::<Envelope>(text);
        let Some(position) = position.filter(|_| envelope.as_ref().map_or(true, |it| it.op == 0)) else {
            return Some(());
        };
        let envelope_begins = envelope.as_ref().is_ok_and(|envelope| envelope.t == "READY");
        let read = match envelope {
            Ok(envelope) => self.read(&envelope, &position).await?,
            Err(error) => self.unreadable(position.key(), "?", &error, Value::String(text.to_owned())).await?,
        };
        if envelope_begins {
            self.mark_help_channels().await?;
        }
        if read.gap {
            // Only behind this may the new position be kept: whoever dies before begins with the old one, and comes here again.
            self.fill().await?;
        }
        let marks =
            read.reached.map(|reached| reached.watermark()).into_iter().chain(position.watermark(&self.lease.source));
        let accepted = self.commit(read.event.as_slice(), &marks.collect::<Vec<_>>()).await?;
        if let Some(event) = &read.event {
            self.tell_what_became_of(event, !accepted.is_empty());
        }
        Some(())
    }

    /// What a dispatch says; `None` when cancelled.
    async fn read(&mut self, envelope: &Envelope, position: &Position) -> Option<Taken> {
        if envelope.t == "READY" {
            let gap = self.has_been_here;
            self.has_been_here = true;
            tracing::info!(gap, "a new session with Discord has begun");
            return Some(Taken { gap, ..Taken::default() });
        }
        match inbound::read(&envelope.t, &envelope.d) {
            Ok(dispatch) => self.understood(dispatch, &envelope.d).await,
            Err(error) => self.unreadable(position.key(), &envelope.t, &error, envelope.d.clone()).await,
        }
    }

    /// Keeps what cannot be read, for a version that can. `None` when cancelled before that.
    async fn unreadable(&self, key: String, kind: &str, error: &serde_json::Error, raw: Value) -> Option<Taken> {
        let (line, column) = (error.line(), error.column());
        tracing::error!(
            kind,
            line,
            column,
            "a dispatch of Discord's cannot be read; what was written is fetched in another way"
        );
        self.set_aside(key, kind, raw).await?;
        Some(Taken { gap: true, ..Taken::default() })
    }

    async fn set_aside(&self, key: String, kind: &str, raw: Value) -> Option<()> {
        // The error's own words may hold what somebody wrote.
        let item = SetAside { key, reason: format!("{kind} cannot be read"), raw };
        let mut patience = Patience::default();
        loop {
            match self.desk.set_aside(SOURCE, std::slice::from_ref(&item)).await {
                Ok(()) => return Some(()),
                Err(error) => tracing::error!(%error, "cannot keep what Discord sent; trying again"),
            }
            patience.wait(None, self.cancel).await?;
        }
    }

    async fn understood(&mut self, dispatch: Dispatch, raw: &Value) -> Option<Taken> {
        Some(match dispatch {
            Dispatch::Direct(event) => {
                self.show_typing(&event);
                Taken { reached: Reached::of(raw), event: Some(*event), gap: false }
            }
            Dispatch::InServer(deed) => {
                let event = self.event_of(*deed).await?;
                // What is answered at once, Discord shows as such.
                if let Some(event) = event.as_ref().filter(|event| event.circumstances.via.is_none()) {
                    self.show_typing(event);
                }
                Taken { reached: event.as_ref().and_then(|_| Reached::of(raw)), event, gap: false }
            }
            Dispatch::Deleted { message, channel, server } => {
                Taken { event: self.deletion(message, channel, server, raw).await?, ..Taken::default() }
            }
            Dispatch::Threads(threads) => {
                for (thread, channel) in threads {
                    self.places.learn(thread, channel);
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

    /// What was deleted counts only when it had been accepted; its author is the one who deleted it, for all we know.
    async fn deletion(
        &mut self,
        message: String,
        channel: String,
        server: Option<String>,
        raw: &Value,
    ) -> Option<Option<InboundEvent>> {
        let Some(account) = self.author(&message).await? else { return Some(None) };
        let Some(server) = server else { return Some(Some(inbound::deleted(message, &channel, account, raw))) };
        let roles = self.roles_of(&server, &account.user_id).await?;
        let deed = inbound::deleted_in_server(message, Author { account, roles, server, channel }, raw);
        self.event_of(deed).await
    }

    async fn author(&self, message: &str) -> Option<Option<AccountRef>> {
        let mut patience = Patience::default();
        loop {
            match self.desk.author(Platform::Discord, &inbound::message_key(message)).await {
                Ok(found) => return Some(found),
                Err(error) => tracing::error!(%error, "cannot find whose message was deleted; trying again"),
            }
            patience.wait(None, self.cancel).await?;
        }
    }

    /// All in one commit; what became of each event that belongs to anybody. `None` when cancelled before it was committed, or when another instance listens
    /// now.
    async fn commit(&self, events: &[InboundEvent], marks: &[Watermark]) -> Option<Vec<Acceptance>> {
        let mut patience = Patience::default();
        loop {
            match self.desk.accept_held(self.lease, events, marks).await {
                Ok(accepted) => return Some(accepted),
                Err(DeskError::Store(StoreError::LeaseLost)) => {
                    self.cancel.cancel();
                    return None;
                }
                Err(error) => tracing::error!(%error, "cannot store what came from Discord; trying again"),
            }
            patience.wait(None, self.cancel).await?;
        }
    }
}

/// The last message that is old enough for the gateway to have told of it.
fn again_until(now: Timestamp, patience: Duration) -> u64 {
    const EPOCH: u64 = 1_420_070_400_000;
    let millis = Duration::from_millis(u64::try_from(now.0).unwrap_or_default().saturating_sub(EPOCH));
    u64::try_from(millis.saturating_sub(patience).as_millis()).unwrap_or_default() << 22
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
mod tests;
