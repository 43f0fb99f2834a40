//! The gateway's messages, in order. While something else takes its time, the connection is kept alive and what comes waits.

use std::{collections::VecDeque, future::Future, pin::pin, sync::Arc};

use firstline_engine::desk::Desk;
use futures::StreamExt as _;
use secrecy::ExposeSecret as _;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use twilight_gateway::{
    ConfigBuilder, Intents, Message, Session, Shard, ShardId, ShardState,
    error::{ReceiveMessageError, ReceiveMessageErrorType},
};
use url::Url;

use super::{Envelope, Position, answers::acknowledge, gateway::Gateway};
use crate::{
    DiscordSettings, inbound,
    rest::{Rest, bare},
};

/// Direct messages and what is pressed below them. Their content needs no privileged intent.
const DIRECT: Intents = Intents::DIRECT_MESSAGES;

/// What staff rooms and help channels need besides: the servers with their threads, and what is written there, which is
/// privileged.
const SERVERS: Intents = Intents::GUILDS.union(Intents::GUILD_MESSAGES).union(Intents::MESSAGE_CONTENT);

/// What comes next.
pub(super) enum Next {
    /// A message, and where we are with it in the session.
    Text(String, Option<Position>),
    /// Nothing more: we were told to stop.
    Cancelled,
    /// Nothing more: Discord has closed the connection for good, with this code.
    Closed(u16),
}

pub(super) struct Source {
    rest: Arc<Rest>,
    desk: Desk,
    settings: Arc<DiscordSettings>,
    gateway: Gateway,
    shard: Shard,
    /// What is being acknowledged.
    acknowledgements: JoinSet<()>,
    /// What came while something else took its time.
    waiting: VecDeque<(String, Option<Position>)>,
    /// The code of the last close.
    closed: u16,
    ended: bool,
}

impl Source {
    pub(super) fn new(
        rest: &Arc<Rest>,
        desk: &Desk,
        settings: &Arc<DiscordSettings>,
        gateway: &Gateway,
        id: ShardId,
        position: Option<Position>,
    ) -> Self {
        Self {
            rest: Arc::clone(rest),
            desk: desk.clone(),
            settings: Arc::clone(settings),
            gateway: gateway.clone(),
            shard: shard(settings, gateway, id, position),
            acknowledgements: JoinSet::new(),
            waiting: VecDeque::new(),
            closed: 0,
            ended: false,
        }
    }

    pub(super) async fn next(&mut self, cancel: &CancellationToken) -> Next {
        loop {
            if let Some((text, position)) = self.waiting.pop_front() {
                return Next::Text(text, position);
            }
            if self.ended {
                return Next::Closed(self.closed);
            }
            tokio::select! {
                biased;
                () = cancel.cancelled() => return Next::Cancelled,
                () = self.receive() => {}
            }
        }
    }

    /// Takes what comes from the connection into the line of those who wait. Cancel-safe.
    async fn receive(&mut self) {
        match self.shard.next().await {
            Some(Ok(Message::Text(text))) => {
                self.acknowledge(&text);
                self.waiting.push_back((text, self.position()));
            }
            Some(Ok(Message::Close(frame))) => {
                self.closed = frame.as_ref().map_or(0, |frame| frame.code);
                tracing::info!(code = self.closed, "Discord's gateway has closed the connection");
            }
            Some(Err(error)) => {
                complain(&error);
                // What the client cannot read we may, and otherwise it is kept.
                if let ReceiveMessageErrorType::Deserializing { event } = error.kind() {
                    self.waiting.push_back((event.clone(), self.position()));
                }
            }
            None => self.ended = true,
        }
        self.stay_with_the_configured_gateway();
    }

    /// Where we are now. Where the gateway is configured, that is where the session goes on, too.
    fn position(&self) -> Option<Position> {
        let position = position_of(&self.shard)?;
        Some(if self.settings.gateway_url.is_some() { Position { resume_url: None, ..position } } else { position })
    }

    /// Discord tells where a session is to be resumed, and the client prefers that to everything else. Where the gateway is
    /// configured, because nothing else can be reached or is allowed, a client that knows no better goes on with the session.
    fn stay_with_the_configured_gateway(&mut self) {
        let goes_on = matches!(self.shard.state(), ShardState::Disconnected { .. });
        if self.settings.gateway_url.is_some() && self.shard.resume_url().is_some() && goes_on {
            self.shard = shard(&self.settings, &self.gateway, self.shard.id(), self.position());
        }
    }

    /// What people do is acknowledged as soon as it is there, before it is committed, because they wait three seconds for that and
    /// no more. Nothing is lost by it: the session is not moved on, so it comes again if we die.
    fn acknowledge(&mut self, text: &str) {
        while self.acknowledgements.try_join_next().is_some() {}
        if !text.contains("INTERACTION_CREATE") {
            return;
        }
        let envelope = serde_json::from_str::<Envelope>(text).ok();
        let settings = Arc::clone(&self.settings);
        let serves = |server: &str| settings.serves(server);
        if let Some(waiting) = envelope.and_then(|envelope| inbound::waiting(&envelope.t, &envelope.d, serves)) {
            self.acknowledgements.spawn(acknowledge(
                Arc::clone(&self.rest),
                self.desk.clone(),
                Arc::clone(&self.settings),
                waiting,
            ));
        }
    }

    /// Waits for something, and stays connected. `None` when cancelled.
    pub(super) async fn meanwhile<T>(
        &mut self,
        work: impl Future<Output = T>,
        cancel: &CancellationToken,
    ) -> Option<T> {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                () = cancel.cancelled() => return None,
                done = &mut work => return Some(done),
                () = self.receive(), if !self.ended => {}
            }
        }
    }
}

/// Where the shard is now, the message it has just handed out included.
pub(super) fn position_of(shard: &Shard) -> Option<Position> {
    let session = shard.session()?;
    let resume_url = shard.resume_url().map(str::to_owned);
    Some(Position { session: session.id().to_owned(), sequence: session.sequence(), resume_url })
}

pub(super) fn shard(settings: &DiscordSettings, gateway: &Gateway, id: ShardId, position: Option<Position>) -> Shard {
    let address = gateway.url.as_str().trim_end_matches('/').to_owned();
    let token = format!("Bot {}", bare(settings.token.expose_secret()));
    let intents = if settings.reads_servers() { DIRECT | SERVERS } else { DIRECT };
    let mut config = ConfigBuilder::new(token, intents).proxy_url(address).queue(gateway.queue.clone());
    if let Some(Position { session, sequence, resume_url }) = position {
        config = config.session(Session::new(sequence, session));
        // twilight would panic on anything that is no URL.
        if let Some(url) = resume_url.filter(|url| settings.gateway_url.is_none() && url.parse::<Url>().is_ok()) {
            config = config.resume_url(url);
        }
    }
    Shard::with_config(id, config.build())
}

/// The error's own text holds the whole dispatch, which is nobody's business.
fn complain(error: &ReceiveMessageError) {
    match error.kind() {
        ReceiveMessageErrorType::Reconnect => tracing::warn!("cannot connect to Discord's gateway; trying again"),
        ReceiveMessageErrorType::Compression => {
            tracing::warn!("Discord's gateway sent something that cannot be unpacked");
        }
        _ => tracing::error!("Discord's gateway sent something that its client cannot read"),
    }
}
