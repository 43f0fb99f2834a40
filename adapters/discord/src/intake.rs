//! The intake: one dispatch of the gateway after the other, each committed together with its place in the session. After a
//! restart the session is resumed behind the last commit, and Discord sends again what came after it; the desk absorbs what it
//! knows already.

use std::{collections::HashMap, sync::Arc, time::Duration};

use firstline_engine::{desk::Desk, inbound::InboundEvent, people::AccountRef, ports::Watermark};
use futures::StreamExt as _;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use serenity::model::id::ChannelId;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use twilight_gateway::{
    ConfigBuilder, Intents, Message, Session, Shard, ShardId,
    error::{ReceiveMessageError, ReceiveMessageErrorType},
};
use url::Url;

use crate::{
    DiscordError, DiscordSettings,
    inbound::{self, Dispatch, Press},
    rest::{Failure, Method, NOTHING, Rest, Route, bare},
};

/// The name of our position in the store.
const SOURCE: &str = "discord";

/// Direct messages and what is pressed below them. Their content needs no privileged intent.
const INTENTS: Intents = Intents::DIRECT_MESSAGES;

/// Channels whose recipient is remembered at most.
const REMEMBERED: usize = 10_000;

/// Where we are in the gateway's stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    session: String,
    sequence: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resume_url: Option<String>,
}

/// Takes in dispatches until cancelled, or until Discord refuses for good.
pub(crate) async fn run(
    rest: &Arc<Rest>,
    settings: &DiscordSettings,
    desk: &Desk,
    cancel: &CancellationToken,
) -> Result<(), DiscordError> {
    let Some(position) = stored_position(desk, cancel).await else { return Ok(()) };
    let Some(gateway) = gateway(rest, settings, cancel).await else { return Ok(()) };
    let mut intake = Intake {
        rest,
        desk,
        cancel,
        has_been_here: position.is_some(),
        recipients: HashMap::new(),
        acknowledgements: JoinSet::new(),
    };
    let mut shard = shard(settings, &gateway, position);
    let mut closed = 0;
    tracing::info!("listening to Discord");
    loop {
        let item = tokio::select! {
            biased;
            () = cancel.cancelled() => return Ok(()),
            item = shard.next() => item,
        };
        match item {
            Some(Ok(Message::Text(text))) => {
                if !intake.take(&text, position_of(&shard)).await {
                    return Ok(());
                }
            }
            Some(Ok(Message::Close(frame))) => {
                closed = frame.as_ref().map_or(0, |frame| frame.code);
                tracing::info!(code = closed, "Discord's gateway has closed the connection");
            }
            Some(Err(error)) => complain(&error),
            None => return Err(DiscordError::Closed { code: closed, hint: hint(closed).to_owned() }),
        }
    }
}

struct Intake<'a> {
    rest: &'a Arc<Rest>,
    desk: &'a Desk,
    cancel: &'a CancellationToken,
    /// There was a session before, in this run or an earlier one.
    has_been_here: bool,
    /// Whom the channels are with, as far as we have seen.
    recipients: HashMap<String, AccountRef>,
    acknowledgements: JoinSet<()>,
}

impl Intake<'_> {
    /// Takes in one message of the gateway's. Returns false when cancelled before it was committed; then it comes again.
    async fn take(&mut self, text: &str, position: Option<Position>) -> bool {
        let envelope = serde_json::from_str::<Envelope>(text);
        if envelope.as_ref().is_ok_and(|envelope| envelope.op != 0) {
            return true;
        }
        let Some(position) = position else { return true };
        let dispatch = envelope.and_then(|envelope| {
            if envelope.t == "READY" {
                self.session_began();
            }
            inbound::read(&envelope.t, &envelope.d).map(|dispatch| (dispatch, envelope.d))
        });
        let (event, press) = match dispatch {
            Ok((dispatch, raw)) => self.event(dispatch, &raw).await,
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                tracing::error!(
                    line,
                    column,
                    sequence = position.sequence,
                    "a dispatch of Discord's cannot be read; it is left out"
                );
                (None, None)
            }
        };
        if !self.commit(event.as_slice(), &position).await {
            return false;
        }
        if let Some(press) = press {
            self.acknowledgements.spawn(acknowledge(Arc::clone(self.rest), press));
        }
        while self.acknowledgements.try_join_next().is_some() {}
        true
    }

    /// Of a session that was lost nobody tells us what we missed.
    fn session_began(&mut self) {
        if self.has_been_here {
            tracing::warn!(
                "a new session with Discord has begun: what was written since the last one was lost is missing"
            );
        } else {
            tracing::info!("a first session with Discord has begun");
        }
        self.has_been_here = true;
    }

    async fn event(&mut self, dispatch: Dispatch, raw: &Value) -> (Option<InboundEvent>, Option<Press>) {
        match dispatch {
            Dispatch::Event(event) => {
                self.remember(&event.place.key, &event.account);
                (Some(*event), None)
            }
            Dispatch::Press(event, press) => {
                self.remember(&event.place.key, &event.account);
                (Some(*event), Some(press))
            }
            Dispatch::Deleted { message, channel } => {
                let account = self.recipient(&channel).await;
                (account.map(|account| inbound::deleted(message, &channel, account, raw)), None)
            }
            Dispatch::LeftOut => (None, None),
        }
    }

    fn remember(&mut self, channel: &str, account: &AccountRef) {
        if self.recipients.len() >= REMEMBERED {
            self.recipients.clear();
        }
        self.recipients.insert(channel.to_owned(), account.clone());
    }

    /// Whom a channel is with. When that cannot be found out, a deletion is not worth holding up everything else.
    async fn recipient(&mut self, channel: &str) -> Option<AccountRef> {
        if let Some(account) = self.recipients.get(channel) {
            return Some(account.clone());
        }
        let channel_id = channel.parse::<ChannelId>().ok()?;
        match self.rest.call(Method::GET, Route::Channel(channel_id), NOTHING).await {
            Ok(answer) => {
                let account = inbound::recipient(&answer)?;
                self.remember(channel, &account);
                Some(account)
            }
            Err(failure) => {
                tracing::warn!(reason = %failure, "a deletion is left out: Discord does not tell whose channel it was in");
                None
            }
        }
    }

    async fn commit(&self, events: &[InboundEvent], position: &Position) -> bool {
        let Ok(position) = serde_json::to_string(position) else { return true };
        let watermark = Watermark { source: SOURCE.to_owned(), position };
        let mut patience = Patience::default();
        loop {
            match self.desk.accept(events, Some(&watermark)).await {
                Ok(_) => return true,
                Err(error) => tracing::error!(%error, "cannot store what came from Discord; trying again"),
            }
            if !patience.wait(None, self.cancel).await {
                return false;
            }
        }
    }
}

/// Tells Discord that a press has arrived; without that it shows the presser a failure after three seconds.
async fn acknowledge(rest: Arc<Rest>, press: Press) {
    let route = Route::InteractionCallback(press.id, &press.token);
    // "Deferred update": the answer comes as a message of its own.
    if let Err(failure) = rest.call(Method::POST, route, Some(&json!({ "type": 6 }))).await {
        tracing::debug!(reason = %failure, "a press could not be acknowledged");
    }
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

/// Where the shard is now, the message it has just handed out included.
fn position_of(shard: &Shard) -> Option<Position> {
    let session = shard.session()?;
    let resume_url = shard.resume_url().map(str::to_owned);
    Some(Position { session: session.id().to_owned(), sequence: session.sequence(), resume_url })
}

fn shard(settings: &DiscordSettings, gateway: &Url, position: Option<Position>) -> Shard {
    let address = gateway.as_str().trim_end_matches('/').to_owned();
    let token = format!("Bot {}", bare(settings.token.expose_secret()));
    let mut config = ConfigBuilder::new(token, INTENTS).proxy_url(address);
    if let Some(Position { session, sequence, resume_url }) = position {
        config = config.session(Session::new(sequence, session));
        // twilight would panic on anything that is no URL.
        if let Some(url) = resume_url.filter(|url| url.parse::<Url>().is_ok()) {
            config = config.resume_url(url);
        }
    }
    Shard::with_config(ShardId::ONE, config.build())
}

/// Where we were; `None` inside when we have never been anywhere, and outside when cancelled.
async fn stored_position(desk: &Desk, cancel: &CancellationToken) -> Option<Option<Position>> {
    let mut patience = Patience::default();
    loop {
        match desk.watermark(SOURCE).await {
            Ok(text) => {
                let position = text.as_deref().map(serde_json::from_str).transpose();
                return Some(position.unwrap_or_else(|error| {
                    tracing::error!(%error, "the stored position in Discord's stream cannot be read; a new session begins");
                    None
                }));
            }
            Err(error) => tracing::error!(%error, "cannot read how far Discord was taken in; trying again"),
        }
        if !patience.wait(None, cancel).await {
            return None;
        }
    }
}

/// Where the gateway is; `None` when cancelled.
async fn gateway(rest: &Rest, settings: &DiscordSettings, cancel: &CancellationToken) -> Option<Url> {
    if let Some(url) = &settings.gateway_url {
        return Some(url.clone());
    }
    let mut patience = Patience::default();
    loop {
        let answer = tokio::select! {
            () = cancel.cancelled() => return None,
            answer = rest.call(Method::GET, Route::Gateway, NOTHING) => answer,
        };
        let mut asked = None;
        match answer.map(|answer| answer.get("url").and_then(Value::as_str).and_then(|url| url.parse().ok())) {
            Ok(Some(url)) => return Some(url),
            Ok(None) => tracing::error!("Discord does not tell where its gateway is; trying again"),
            Err(Failure::Token) => tracing::error!(
                "Discord does not accept the token (401): copy it anew from the developer portal into discord.token and start again"
            ),
            Err(failure) => {
                tracing::warn!(reason = %failure, "cannot ask Discord where its gateway is; trying again");
                asked = if let Failure::Throttled(wait) = failure { wait } else { None };
            }
        }
        if !patience.wait(asked, cancel).await {
            return None;
        }
    }
}

/// The error's own text holds the whole dispatch, which is nobody's business.
fn complain(error: &ReceiveMessageError) {
    match error.kind() {
        ReceiveMessageErrorType::Reconnect => tracing::warn!("cannot connect to Discord's gateway; trying again"),
        ReceiveMessageErrorType::Compression => {
            tracing::warn!("Discord's gateway sent something that cannot be unpacked");
        }
        _ => tracing::error!("Discord's gateway sent something that cannot be read; it is left out"),
    }
}

fn hint(code: u16) -> &'static str {
    match code {
        4004 => {
            "the token is not accepted: copy it anew from the developer portal (Bot, Reset Token) into discord.token"
        }
        4010 | 4011 => "this app is in too many servers for one connection",
        4012 => "this version of the gateway is no longer served: update Firstline",
        4013 | 4014 => {
            "an intent is not allowed: switch it on in the developer portal (Bot, Privileged Gateway Intents)"
        }
        _ => "see Discord's list of gateway close codes",
    }
}

/// Waits longer each time: from half a second to a minute.
#[derive(Default)]
struct Patience {
    failures: u32,
}

impl Patience {
    /// Waits, at least as long as asked; false when cancelled meanwhile.
    async fn wait(&mut self, asked: Option<Duration>, cancel: &CancellationToken) -> bool {
        let own = Duration::from_millis(500).saturating_mul(2_u32.saturating_pow(self.failures));
        self.failures = self.failures.saturating_add(1);
        let pause = own.min(Duration::from_mins(1)).max(asked.unwrap_or_default());
        tokio::select! {
            () = cancel.cancelled() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }
}

#[cfg(test)]
mod tests;
