//! What is needed to reach Discord.

use std::time::Duration;

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
    /// The channels in which people ask, by their ids; the first is also where those are reached who take no direct messages.
    pub help_channels: Vec<u64>,
    /// Questions in help channels are answered in threads that nobody else sees, where the server allows that.
    pub private_threads: bool,
    /// The only servers to serve, by their ids; none for all.
    pub guilds: Vec<u64>,
    /// The roles of servers whose holders are staff, by their ids.
    pub staff_roles: Vec<u64>,
    /// How often it is looked whether something was written of which the gateway has told nothing.
    pub look_again: Duration,
}

impl DiscordSettings {
    /// The desk is at work in this server.
    pub(crate) fn serves(&self, server: &str) -> bool {
        self.guilds.is_empty() || server.parse().is_ok_and(|server| self.guilds.contains(&server))
    }

    /// Something is done in servers besides commands.
    pub(crate) fn reads_servers(&self) -> bool {
        !self.rooms.is_empty() || !self.help_channels.is_empty()
    }

    /// [`Self::look_again`], unless somebody wants it otherwise.
    pub const LOOK_AGAIN: Duration = Duration::from_mins(1);

    /// The API that Discord runs.
    pub const PUBLIC_API: &'static str = "https://discord.com";
}
