//! What is needed to reach Telegram.

use secrecy::SecretString;
use url::Url;

/// What is needed to reach Telegram.
#[derive(Debug, Clone)]
pub struct TelegramSettings {
    /// The bot's token, from `@BotFather`.
    pub token: SecretString,
    /// Where the Bot API is: [`Self::PUBLIC_API`], or a server of one's own.
    pub api_url: Url,
    /// The groups that are staff rooms, by their chat ids.
    pub rooms: Vec<i64>,
    /// How many messages a minute one group may have.
    pub per_group: u32,
}

impl TelegramSettings {
    /// The Bot API that Telegram runs.
    pub const PUBLIC_API: &'static str = "https://api.telegram.org";
    /// What Telegram grants a group in a minute.
    pub const PER_GROUP: u32 = 20;
}
