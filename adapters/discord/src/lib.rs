//! Discord: direct messages with the app, channels in which people ask, commands everywhere, and the channels in which staff
//! work.
//!
//! Like every adapter it translates and does nothing else. [`intake`] is the door in: it reads the gateway through
//! twilight-gateway, one dispatch after the other as raw JSON, and commits each together with the session and its sequence
//! number, so that a restart resumes where the last commit was; what was written while there was no session it fetches
//! afterwards. [`outbound`] is the door out: serenity's types and builders, sent by [`rest`], because serenity's own client
//! hides how long Discord asks to wait and brings a second, outdated TLS library.
//!
//! Deliberately absent: what is written in any other channel is ignored, politely and silently.

mod inbound;
mod intake;
mod markup;
mod outbound;
mod rest;
mod settings;
mod setup;

use std::sync::Arc;

use firstline_engine::{desk::Desk, ports::Channel};
use tokio_util::sync::CancellationToken;

pub use intake::REFUSED;
pub use settings::{DiscordSettings, StaffRole};
pub use setup::SetUp;

use crate::rest::{Failure, Method, NOTHING, Rest, Route};

/// An app on Discord.
pub struct Discord {
    rest: Arc<Rest>,
    settings: Arc<DiscordSettings>,
}

/// Why something with Discord did not work. No variant carries the token.
#[derive(Debug, thiserror::Error)]
pub enum DiscordError {
    /// The HTTP client could not be made.
    #[error("the client for Discord could not be made")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Discord does not know the token.
    #[error(
        "Discord does not accept the token: copy it anew from the developer portal (Bot, Reset Token) into discord.token"
    )]
    Token,
    /// Discord could not be reached, or answered something else.
    #[error("Discord could not be asked: {0}")]
    Request(String),
    /// The gateway has closed the connection for good.
    #[error("Discord's gateway has closed the connection for good ({code}): {hint}")]
    Closed {
        /// The close code.
        code: u16,
        /// What to do.
        hint: String,
    },
}

impl Discord {
    /// Prepares the client. Nothing is sent, so nothing is checked: [`Self::check`] does that.
    pub fn connect(settings: DiscordSettings) -> Result<Self, DiscordError> {
        Ok(Self { rest: Arc::new(Rest::new(&settings)?), settings: Arc::new(settings) })
    }

    /// The way out.
    #[must_use]
    pub fn channel(&self) -> Arc<dyn Channel> {
        Arc::new(outbound::DiscordChannel::new(Arc::clone(&self.rest), Arc::clone(&self.settings)))
    }

    /// Takes in what people write, until cancelled. Failures of the network and of the store are logged and tried again. It
    /// ends with an error only when Discord refuses this app for good.
    ///
    /// rustls must have its crypto provider installed when more than one is compiled into the program.
    pub async fn run(&self, desk: Desk, cancel: CancellationToken) -> Result<(), DiscordError> {
        intake::run(&self.rest, &self.settings, &desk, &cancel).await
    }

    /// Asks Discord who the app's bot is: its name and its id, for people to read.
    pub async fn check(&self) -> Result<String, DiscordError> {
        let me = self.rest.call(Method::GET, Route::Me, NOTHING).await.map_err(DiscordError::from)?;
        let text = |name: &str| me.get(name).and_then(serde_json::Value::as_str).unwrap_or("?").to_owned();
        Ok(format!("@{} (id {})", text("username"), text("id")))
    }
}

impl From<Failure> for DiscordError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Token => Self::Token,
            other => Self::Request(other.to_string()),
        }
    }
}
