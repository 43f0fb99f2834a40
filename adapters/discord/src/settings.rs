//! What is needed to reach Discord.

use secrecy::SecretString;
use url::Url;

/// What is needed to reach Discord.
#[derive(Debug, Clone)]
pub struct DiscordSettings {
    /// The bot's token, from the developer portal.
    pub token: SecretString,
    /// Where the REST API is: only the origin counts (scheme, host, port), `/api/v10` follows. [`Self::PUBLIC_API`], or a proxy.
    pub api_url: Url,
    /// Where the gateway is; asked of the API when not given.
    pub gateway_url: Option<Url>,
    /// The channels that are staff rooms, by their ids.
    pub rooms: Vec<u64>,
    /// The roles of servers whose holders are staff, by their ids.
    pub staff_roles: Vec<u64>,
}

impl DiscordSettings {
    /// The API that Discord runs.
    pub const PUBLIC_API: &'static str = "https://discord.com";
}
