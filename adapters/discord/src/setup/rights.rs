//! Which rights the app needs where, and which of them it lacks.

use std::collections::BTreeMap;

use firstline_engine::phrases::Phrases;
use serde_json::Value;
use serenity::model::{
    Permissions,
    id::{ChannelId, GuildId, UserId},
};

use crate::{
    Discord, DiscordError,
    outbound::tags,
    rest::{Failure, Method, NOTHING, Route},
};

/// Since early 2026 whoever pins needs this instead of Manage Messages; serenity has no name for it yet.
const PIN_MESSAGES: Permissions = Permissions::from_bits_retain(1 << 51);

/// What the app does in the channels of staff.
const OF_STAFF: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::CREATE_PUBLIC_THREADS)
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(Permissions::MANAGE_THREADS)
    .union(PIN_MESSAGES)
    .union(Permissions::READ_MESSAGE_HISTORY)
    .union(Permissions::ADD_REACTIONS)
    .union(Permissions::ATTACH_FILES);

/// What it does in help channels.
const OF_HELP: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::CREATE_PUBLIC_THREADS)
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(Permissions::READ_MESSAGE_HISTORY)
    .union(Permissions::ATTACH_FILES);

/// An ordinary channel, and one that has only posts.
const TEXT: i64 = 0;
const FORUM: i64 = 15;

/// Whoever may do everything may do what serenity has no name for, too.
const EVERYTHING: Permissions = Permissions::from_bits_retain(u64::MAX);

/// Members are not told.
const NOT_A_MEMBER: i64 = 10007;

/// So many open threads are nearly as many as a server can have.
const NEARLY_FULL: usize = 950;

/// What is known of a server, asked for once.
pub(super) struct Server {
    id: u64,
    name: String,
    owner: String,
    roles: Vec<Value>,
    /// The roles of the app's bot.
    own: Vec<String>,
}

impl Discord {
    /// Exactly what the app does anywhere, for the link that invites it.
    pub(super) fn rights(&self) -> Permissions {
        OF_STAFF | self.help_rights()
    }

    fn help_rights(&self) -> Permissions {
        if self.settings.private_threads { OF_HELP | Permissions::CREATE_PRIVATE_THREADS } else { OF_HELP }
    }

    /// What is missing in the channels, the servers and the roles that the settings name; a sentence for each.
    pub(super) async fn missing(&self, bot: u64) -> Result<Vec<String>, DiscordError> {
        let (mut to_do, mut servers) = (Vec::new(), Vec::new());
        for &server in &self.settings.guilds {
            match self.server(server, bot).await? {
                Some(server) => servers.push(server),
                None => to_do.push(format!(
                    "invite the app to the server {server} (discord.guilds), with the link that `firstline discord setup` prints"
                )),
            }
        }
        let rooms = self.settings.rooms.iter().map(|&room| ((room, "discord.rooms"), OF_STAFF));
        let help =
            self.settings.help_channels.iter().map(|&room| ((room, "discord.help_channels"), self.help_rights()));
        // A channel can be the room of several queues.
        let channels: BTreeMap<_, _> = rooms.chain(help).filter(|((room, _), _)| *room != 0).collect();
        for ((channel, key), needed) in channels {
            to_do.extend(self.missing_in(channel, key, needed, bot, &mut servers).await?);
        }
        for server in &servers {
            to_do.extend(self.too_full(server).await?);
        }
        for role in &self.settings.staff_roles {
            let role = role.id.to_string();
            let is_there = |server: &Server| server.roles.iter().any(|it| text(it, "id") == role);
            if !servers.is_empty() && !servers.iter().any(is_there) {
                to_do.push(format!(
                    "correct the role {role} (discord.staff_roles): no server has it. In Server Settings > Roles, open the \
                     menu of the role and press Copy Role ID"
                ));
            }
        }
        Ok(to_do)
    }

    /// Whether there is soon no room for another thread, as far as the app sees threads.
    async fn too_full(&self, server: &Server) -> Result<Option<String>, DiscordError> {
        match self.rest.call(Method::GET, Route::ActiveThreads(GuildId::new(server.id)), NOTHING).await {
            Ok(open) => Ok(too_full(&server.name, list(&open, "threads").len())),
            Err(Failure::Refused { .. }) => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    async fn missing_in(
        &self,
        id: u64,
        key: &str,
        needed: Permissions,
        bot: u64,
        servers: &mut Vec<Server>,
    ) -> Result<Vec<String>, DiscordError> {
        let channel = match self.rest.call(Method::GET, Route::Channel(ChannelId::new(id)), NOTHING).await {
            Ok(channel) => channel,
            Err(Failure::Refused { text, .. }) => {
                return Ok(one(format!(
                    "let the app see the channel {id} ({key}): Discord says {text:?}. It has to be invited to the server, and \
                     allowed to view the channel: Edit Channel > Permissions > add the app's role > View Channel"
                )));
            }
            Err(failure) => return Err(failure.into()),
        };
        if !matches!(channel.get("type").and_then(Value::as_i64), Some(TEXT | FORUM)) {
            return Ok(one(format!("choose another channel than {id} ({key}): a text channel or a forum")));
        }
        let server: u64 = text(&channel, "guild_id").parse().unwrap_or_default();
        if !self.settings.serves(&server.to_string()) {
            return Ok(one(format!(
                "add the server {server} to discord.guilds, or choose another channel than {id} ({key}): it is in that server"
            )));
        }
        if !servers.iter().any(|it| it.id == server) {
            servers.extend(self.server(server, bot).await?);
        }
        let Some(server) = servers.iter().find(|it| it.id == server) else { return Ok(Vec::new()) };
        let (lacking, name) = (needed - granted(server, &channel, bot), text(&channel, "name"));
        let mut to_do = Vec::new();
        if !lacking.is_empty() {
            to_do.push(format!(
                "allow the app in the channel #{name} of {} ({key}): {}. Edit Channel > Permissions > add the app's role, and \
                 switch these on",
                server.name,
                names(lacking)
            ));
        }
        let tags = tags::missing(&Phrases::new(), &channel);
        if key == "discord.rooms" && !tags.is_empty() {
            to_do.push(format!(
                "add tags to the forum #{name} of {} ({key}), which takes no post without one: {}; in English or German. Edit \
                 Channel > Tags",
                server.name,
                tags.join(", ")
            ));
        }
        Ok(to_do)
    }

    async fn server(&self, id: u64, bot: u64) -> Result<Option<Server>, DiscordError> {
        if id == 0 {
            return Ok(None);
        }
        let server = match self.rest.call(Method::GET, Route::Guild(GuildId::new(id)), NOTHING).await {
            Ok(server) => server,
            Err(Failure::Refused { .. }) => return Ok(None),
            Err(failure) => return Err(failure.into()),
        };
        let route = Route::Member(GuildId::new(id), UserId::new(bot.max(1)));
        let own = match self.rest.call(Method::GET, route, NOTHING).await {
            Ok(member) => list(&member, "roles").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Err(Failure::Refused { code: NOT_A_MEMBER, .. }) => Vec::new(),
            Err(failure) => return Err(failure.into()),
        };
        let roles = list(&server, "roles").to_vec();
        Ok(Some(Server {
            id,
            name: text(&server, "name").to_owned(),
            owner: text(&server, "owner_id").to_owned(),
            roles,
            own,
        }))
    }
}

fn too_full(server: &str, open: usize) -> Option<String> {
    (open >= NEARLY_FULL).then(|| {
        format!(
            "close threads in the server {server} that nobody needs any more: {open} are open, and at 1,000 Discord opens no other, for \
             a ticket or a question neither"
        )
    })
}

/// What the bot may do in a channel: its roles, and what the channel changes
/// (<https://discord.com/developers/docs/topics/permissions#permission-overwrites>).
fn granted(server: &Server, channel: &Value, bot: u64) -> Permissions {
    let (everyone, bot) = (server.id.to_string(), bot.to_string());
    if server.owner == bot {
        return EVERYTHING;
    }
    let is_own = |id: &str| id == everyone || server.own.iter().any(|role| role == id);
    let of_roles = server.roles.iter().filter(|role| is_own(text(role, "id")));
    let mut granted = of_roles.fold(Permissions::empty(), |all, role| all | bits(role, "permissions"));
    if granted.contains(Permissions::ADMINISTRATOR) {
        return EVERYTHING;
    }
    let overwrites = list(channel, "permission_overwrites");
    let of = |fits: &dyn Fn(&str) -> bool| {
        overwrites
            .iter()
            .filter(|it| fits(text(it, "id")))
            .fold((Permissions::empty(), Permissions::empty()), |(denied, allowed), it| {
                (denied | bits(it, "deny"), allowed | bits(it, "allow"))
            })
    };
    let steps: [&dyn Fn(&str) -> bool; 3] =
        [&|id| id == everyone, &|id| id != everyone && is_own(id), &|id| id == bot && !is_own(id)];
    for step in steps {
        let (denied, allowed) = of(step);
        granted = (granted - denied) | allowed;
    }
    granted
}

/// As Discord's settings call them.
fn names(rights: Permissions) -> String {
    let capital = |word: &str| match word {
        "IN" => "in".to_owned(),
        _ => word.chars().take(1).chain(word.to_lowercase().chars().skip(1)).collect(),
    };
    let spelt = |name: &str| name.split('_').map(capital).collect::<Vec<String>>().join(" ");
    let pins = rights.contains(PIN_MESSAGES).then_some("PIN_MESSAGES");
    rights.iter_names().map(|(name, _)| name).chain(pins).map(spelt).collect::<Vec<_>>().join(", ")
}

fn one(sentence: String) -> Vec<String> {
    vec![sentence]
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn bits(value: &Value, name: &str) -> Permissions {
    Permissions::from_bits_retain(text(value, name).parse().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_server_that_is_nearly_full_is_told_of() {
        assert_eq!(too_full("Acme", NEARLY_FULL - 1), None);
        assert!(
            too_full("Acme", NEARLY_FULL).is_some_and(|told| told.contains("Acme") && told.contains("950 are open"))
        );
    }

    #[test]
    fn a_channel_changes_what_roles_allow() {
        let bits = |rights: Permissions| rights.bits().to_string();
        let (view, send) = (Permissions::VIEW_CHANNEL, Permissions::SEND_MESSAGES);
        let server = Server {
            id: 9,
            name: "Acme".to_owned(),
            owner: "1".to_owned(),
            roles: vec![json!({"id": "9", "permissions": bits(view)}), json!({"id": "50", "permissions": bits(send)})],
            own: vec!["50".to_owned()],
        };
        let check = |overwrites: Value, expected: Permissions| {
            let channel = json!({"permission_overwrites": overwrites});
            assert_eq!(granted(&server, &channel, 4711), expected, "{channel}");
        };
        let none = Permissions::empty();
        let change = |id: &str, deny, allow| json!({"id": id, "deny": bits(deny), "allow": bits(allow)});
        check(json!([]), view | send);
        check(json!([change("9", view, none)]), send);
        check(json!([change("9", view, none), change("50", none, view)]), view | send);
        check(json!([change("50", send, none), change("4711", none, send)]), view | send);
        check(json!([change("60", view | send, none)]), view | send);
        let owned = Server { owner: "4711".to_owned(), roles: Vec::new(), own: Vec::new(), name: String::new(), id: 9 };
        assert_eq!(granted(&owned, &json!({}), 4711), EVERYTHING);
        assert_eq!(names(OF_STAFF - granted(&server, &json!({}), 4711)).split(", ").last(), Some("Pin Messages"));
    }
}
