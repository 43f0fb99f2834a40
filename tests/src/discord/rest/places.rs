//! Who the app is, and the servers it is in.

use serde_json::{Value, json};

use super::{Answer, Given, Refusal};
use crate::discord::{
    gateway::intent,
    world::{BOT, Channel, Kind, World},
};

pub(super) fn call(world: &mut World, given: &Given, path: &[&str]) -> Answer {
    let bot = world.user(BOT);
    match (given.method.as_str(), path) {
        ("GET", ["users", "@me"]) => {
            let mut me = bot.described();
            me["mfa_enabled"] = false.into();
            me["locale"] = "en-US".into();
            Ok((200, me))
        }
        ("GET", ["applications", "@me"]) => {
            // "Limited", as for an app in few servers: presence, members, message content.
            let flags = if world.gateway.refused & intent::MESSAGE_CONTENT == 0 { 1 << 19 } else { 0 };
            let mut owner = bot.described();
            owner["id"] = "1".into();
            Ok((
                200,
                json!({"id": BOT.to_string(), "name": "Helpdesk", "icon": null, "description": "", "type": null,
                    "verify_key": "0", "flags": flags, "flags_new": flags.to_string(), "redirect_uris": [],
                    "interactions_endpoint_url": null, "role_connections_verification_url": null, "owner": owner,
                    "approximate_guild_count": world.guilds.len(), "approximate_user_install_count": 0,
                    "approximate_user_authorization_count": 0, "explicit_content_filter": 0, "team": null,
                    "eligible_oauth2_scopes": [], "bot_public": false, "bot_require_code_grant": false}),
            ))
        }
        ("GET", ["users", "@me", "guilds"]) => {
            let guilds = world.guilds.iter().map(|(id, guild)| {
                json!({"id": id.to_string(), "name": guild.name, "icon": null, "banner": null, "owner": false,
                    "permissions": "0", "features": []})
            });
            Ok((200, guilds.collect()))
        }
        ("POST", ["users", "@me", "channels"]) => {
            let user = given.text("recipient_id").and_then(|id| id.parse().ok()).unwrap_or_default();
            if !world.users.contains_key(&user) {
                return Err(Refusal::new(400, 50_033, "Invalid Recipient(s)"));
            }
            let id = world.open_dm(user);
            Ok((200, world.channel_described(id)))
        }
        ("GET", ["guilds", guild, rest @ ..]) => {
            let id = guild.parse().unwrap_or_default();
            if !world.guilds.contains_key(&id) {
                return Err(Refusal::new(404, 10_004, "Unknown Guild"));
            }
            in_guild(world, id, rest)
        }
        _ => Err(Refusal::not_found()),
    }
}

fn in_guild(world: &World, id: u64, rest: &[&str]) -> Answer {
    let all = |fits: &dyn Fn(&Channel) -> bool| -> Vec<Value> {
        let channels = world.channels.values().filter(|it| it.guild() == Some(id) && fits(it));
        channels.map(|it| world.channel_described(it.id)).collect()
    };
    match rest {
        [] => Ok((200, world.guild_in_short(id))),
        ["roles"] => Ok((200, world.guild_in_short(id)["roles"].clone())),
        ["channels"] => Ok((200, all(&|it| it.parent().is_none()).into())),
        ["threads", "active"] => {
            let threads = all(&|it| matches!(it.kind, Kind::Thread { archived: false, .. }));
            Ok((200, json!({"threads": threads, "members": [], "has_more": false})))
        }
        ["members", user] => {
            let user = user.parse().unwrap_or_default();
            if user != BOT && world.guilds.get(&id).is_none_or(|guild| !guild.members.contains_key(&user)) {
                return Err(Refusal::new(404, 10_007, "Unknown Member"));
            }
            let mut member = world.member(id, user);
            member["user"] = world.user(user).described();
            Ok((200, member))
        }
        _ => Err(Refusal::not_found()),
    }
}

impl World {
    /// The channel of direct messages with somebody, opened if need be.
    pub(in crate::discord) fn open_dm(&mut self, user: u64) -> u64 {
        let found = self.channels.values().find(|it| it.kind == Kind::Dm { with: user }).map(|it| it.id);
        found.unwrap_or_else(|| {
            let id = self.id();
            self.channels.insert(id, Channel::new(id, Kind::Dm { with: user }, ""));
            id
        })
    }
}
