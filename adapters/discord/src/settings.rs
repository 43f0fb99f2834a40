//! What is needed to reach Discord.

use std::time::Duration;

use firstline_engine::people::Role;
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
    /// The roles of servers that give their holders a right.
    pub staff_roles: Vec<StaffRole>,
    /// How often it is looked whether something was written of which the gateway has told nothing.
    pub look_again: Duration,
}

/// A role of a server, and what it makes of its holders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaffRole {
    /// Discord's id of the role.
    pub id: u64,
    /// What its holders may do, as if the roster said so.
    pub right: Role,
}

impl DiscordSettings {
    /// What the highest of these roles makes of its holder, by their ids.
    pub(crate) fn right_of(&self, roles: &[String]) -> Role {
        let held = self.staff_roles.iter().filter(|it| roles.iter().any(|role| role.parse() == Ok(it.id)));
        held.map(|it| it.right).max().unwrap_or(Role::Requester)
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_role_counts() {
        let role = |id, right| StaffRole { id, right };
        let settings = DiscordSettings {
            staff_roles: vec![role(5, Role::Agent), role(6, Role::Admin)],
            ..crate::intake::tests::settings()
        };
        let check = |held: &[&str], expected| {
            let held: Vec<String> = held.iter().map(ToString::to_string).collect();
            assert_eq!(settings.right_of(&held), expected, "{held:?}");
        };
        check(&[], Role::Requester);
        check(&["7", "x"], Role::Requester);
        check(&["7", "5"], Role::Agent);
        check(&["6", "5"], Role::Admin);
    }
}
