//! Telegram: private chats with the bot, and the groups in which staff work, through the Bot API.
//!
//! Like every adapter it translates and does nothing else. [`intake`] is the door in: it polls for updates itself, as raw JSON,
//! and asks Telegram for the next ones only when the last ones are committed, because Telegram forgets what has been asked
//! past; or it is called with them (a webhook), and says yes only when they are committed. [`outbound`] is the door out. teloxide is only the client that makes the requests: its own dispatcher confirms
//! updates before they are handled and loses them when the program dies.
//!
//! In groups that are no staff rooms the bot answers only what is meant for it, and invites into a private chat. Nothing here
//! prints the token, although every URL of the Bot API contains it: see [`failure`].

mod failure;
mod identity;
mod inbound;
mod intake;
mod markup;
mod outbound;
mod settings;
mod setup;
#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use firstline_engine::{
    desk::Desk,
    ports::{Channel, Rate},
};
use reqwest::redirect::Policy;
use secrecy::ExposeSecret as _;
use teloxide::{Bot, net::default_reqwest_settings, requests::Requester as _};
use tokio_util::sync::CancellationToken;

use identity::Identity;
use inbound::Rooms;
use intake::Intake;
pub use settings::{Mode, TelegramSettings, WebhookSettings};
pub use setup::{Examination, Room, Way};

/// A bot on Telegram.
pub struct Telegram {
    /// For everything but polling: short patience.
    bot: Bot,
    /// For polling: Telegram holds the answer back until there is something to tell.
    poller: Bot,
    /// For files, which take longer than words.
    files: Bot,
    /// The groups in which staff work.
    rooms: Rooms,
    /// Who the bot is.
    identity: Identity,
    mode: Mode,
    /// Where Telegram calls us, once it is ours.
    listener: Option<intake::webhook::Listener>,
    /// Where a Bot API server of one's own lays files down.
    local_files: Option<PathBuf>,
    /// What one group may have.
    per_group: Rate,
}

/// Why something with Telegram did not work. No variant carries the token.
#[derive(Debug, thiserror::Error)]
pub enum TelegramError {
    /// The HTTP client could not be made.
    #[error("the client for Telegram could not be made")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The stored position is none of ours.
    #[error("the stored position in Telegram's updates is not a number: {0:?}")]
    Position(String),
    /// Telegram does not know the token.
    #[error("Telegram does not accept the token: copy it anew from @BotFather into telegram.token")]
    Token,
    /// The webhook's port cannot be had, or failed.
    #[error(
        "Telegram's webhook cannot listen on {listen}: {source}. Stop what uses it, or set telegram.webhook.listen \
         (FIRSTLINE_TELEGRAM__WEBHOOK__LISTEN) to another address"
    )]
    Listen {
        /// The address that was asked for.
        listen: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// Telegram could not be reached, or answered something else.
    #[error("Telegram could not be asked: {0}")]
    Request(String),
}

impl Telegram {
    /// Prepares the client. Nothing is sent, so nothing is checked: [`Self::check`] does that.
    pub fn connect(settings: TelegramSettings) -> Result<Self, TelegramError> {
        let TelegramSettings { token, api_url, local_files, mode, rooms, per_group, per_group_within } = settings;
        let bot = |client| Bot::with_client(token.expose_secret(), client).set_api_url(api_url.clone());
        // Every address has the token in it, so nobody is followed elsewhere with one, least of all into the network we are in.
        let client = || default_reqwest_settings().redirect(Policy::none());
        // An idle connection that Telegram closes while we send leaves a message of which nobody knows whether it arrived.
        let sending = client().pool_idle_timeout(Duration::from_secs(10)).build();
        let polling = client().timeout(intake::polling::POLL + Duration::from_secs(15)).build();
        let files = client().pool_idle_timeout(Duration::from_secs(10)).timeout(outbound::FILE).build();
        let sending = bot(sending.map_err(|error| TelegramError::Client(error.into()))?);
        Ok(Self {
            identity: Identity::of(sending.clone()),
            bot: sending,
            files: bot(files.map_err(|error| TelegramError::Client(error.into()))?),
            poller: bot(polling.map_err(|error| TelegramError::Client(error.into()))?),
            rooms: Rooms::new(rooms),
            mode,
            listener: None,
            local_files,
            per_group: Rate { count: per_group, within: per_group_within },
        })
    }

    /// Takes the port of the webhook, where there is one. Calls wait until [`Self::run`].
    pub fn listen(&mut self) -> Result<(), TelegramError> {
        if let Mode::Webhook(settings) = &self.mode {
            self.listener = Some(intake::webhook::Listener::bind(settings)?);
        }
        Ok(())
    }

    /// The way out.
    #[must_use]
    pub fn channel(&self) -> Arc<dyn Channel> {
        Arc::new(outbound::TelegramChannel::new(
            self.bot.clone(),
            self.files.clone(),
            self.identity.clone(),
            self.per_group,
            self.local_files.clone(),
        ))
    }

    /// Takes in what people write, until cancelled. Failures of the network and of the store are logged and tried again; what
    /// has arrived is committed before Telegram may forget it.
    pub async fn run(mut self, desk: Desk, cancel: CancellationToken) -> Result<(), TelegramError> {
        if self.listener.is_none() {
            self.listen()?;
        }
        let Some(me) = intake::introduced(&self.identity, &cancel).await else { return Ok(()) };
        let intake = Intake::new(desk, self.bot, self.rooms, me, outbound::limits(self.per_group));
        match self.listener {
            Some(listener) => intake::webhook::run(listener, intake, &cancel).await,
            None => intake::polling::run(&self.poller, &intake, &cancel).await,
        }
    }

    /// Asks Telegram who the bot is: its name and its id, for people to read.
    pub async fn check(&self) -> Result<String, TelegramError> {
        let me = self.bot.get_me().await.map_err(|error| match failure::Failure::of(&error, self.bot.token()) {
            failure::Failure::Token => TelegramError::Token,
            other => TelegramError::Request(other.to_string()),
        })?;
        Ok(format!("@{} (id {})", me.username(), me.id))
    }
}
