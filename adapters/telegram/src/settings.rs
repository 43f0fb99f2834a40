//! What is needed to reach Telegram.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use secrecy::SecretString;
use url::Url;

/// What is needed to reach Telegram.
#[derive(Debug, Clone)]
pub struct TelegramSettings {
    /// The bot's token, from `@BotFather`.
    pub token: SecretString,
    /// Where the Bot API is: [`Self::PUBLIC_API`], or a server of one's own.
    pub api_url: Url,
    /// Where a Bot API server on this machine lays files down that it names by their path (`--local`).
    pub local_files: Option<PathBuf>,
    /// The groups that are staff rooms, by their chat ids.
    pub rooms: Vec<i64>,
    /// How updates come here.
    pub mode: Mode,
    /// How many messages one group may have within [`Self::per_group_within`].
    pub per_group: u32,
    /// The while in which a group may have so many.
    pub per_group_within: Duration,
}

impl TelegramSettings {
    /// The Bot API that Telegram runs.
    pub const PUBLIC_API: &'static str = "https://api.telegram.org";
    /// What Telegram grants a group within [`Self::PER_GROUP_WITHIN`].
    pub const PER_GROUP: u32 = 20;
    /// The while in which Telegram counts a group's messages.
    pub const PER_GROUP_WITHIN: Duration = Duration::from_mins(1);
}

/// How updates come here.
#[derive(Debug, Clone, Default)]
pub enum Mode {
    /// We ask for them, again and again. Works from behind every firewall.
    #[default]
    Polling,
    /// Telegram calls us.
    Webhook(WebhookSettings),
}

/// Where Telegram calls us.
#[derive(Debug, Clone)]
pub struct WebhookSettings {
    /// The address to listen on; something that encrypts stands before it.
    pub listen: SocketAddr,
    /// What Telegram is told to call. Its path is the one that is listened to.
    pub public_url: Url,
    /// What Telegram says with every call, so that nobody else can: see [`WebhookSettings::is_secret`].
    pub secret: SecretString,
}

impl WebhookSettings {
    /// The shortest secret: beyond guessing.
    pub const SHORTEST_SECRET: usize = 16;
    /// The longest one that Telegram takes.
    pub const LONGEST_SECRET: usize = 256;

    /// Telegram takes this as a secret, and it is long enough.
    #[must_use]
    pub fn is_secret(text: &str) -> bool {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        (Self::SHORTEST_SECRET..=Self::LONGEST_SECRET).contains(&text.len()) && text.chars().all(plain)
    }
}
