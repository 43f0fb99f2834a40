//! What the platform remembers, in Discord's words.

use serde_json::{Value, json};

use super::{BOT, Channel, Guild, Kind, Message, User, World, channel::Right, made_at};

impl User {
    pub(in crate::discord) fn described(&self) -> Value {
        let mut user = json!({"id": self.id.to_string(), "username": self.name.to_lowercase(), "avatar": null,
            "discriminator": "0", "public_flags": 0, "flags": 0, "global_name": self.name, "primary_guild": null});
        if self.bot {
            user["bot"] = true.into();
            user["global_name"] = Value::Null;
        }
        user
    }
}

impl World {
    pub(in crate::discord) fn member(&self, guild: u64, user: u64) -> Value {
        let roles = self.guilds.get(&guild).and_then(|guild| guild.members.get(&user)).cloned().unwrap_or_default();
        // The app's own role, which Discord gives it.
        let roles = if user == BOT { vec![BOT] } else { roles };
        let roles: Vec<String> = roles.iter().map(u64::to_string).collect();
        json!({"avatar": null, "banner": null, "communication_disabled_until": null, "flags": 0,
            "joined_at": made_at(guild), "nick": null, "pending": false, "premium_since": null, "roles": roles,
            "mute": false, "deaf": false})
    }

    pub(in crate::discord) fn channel_described(&self, id: u64) -> Value {
        let Some(channel) = self.channels.get(&id) else { return Value::Null };
        let last = channel.messages.last().map(|message| message.id.to_string());
        let denied = channel.denied.iter().fold(0, |all, right| all | right.bit());
        let overwrites = if denied == 0 {
            json!([])
        } else {
            json!([{"id": BOT.to_string(), "type": 0, "allow": "0", "deny": denied.to_string()}])
        };
        match channel.kind {
            Kind::Dm { with } => json!({"id": id.to_string(), "type": 1, "flags": 0, "last_message_id": last,
                "recipients": [self.user(with).described()]}),
            Kind::Text { guild } | Kind::Forum { guild } => {
                let kind = if matches!(channel.kind, Kind::Forum { .. }) { 15 } else { 0 };
                let flags = if channel.wants_tags { 1 << 4 } else { 0 };
                let mut described = json!({"id": id.to_string(), "type": kind, "flags": flags,
                    "guild_id": guild.to_string(), "name": channel.name, "position": 0, "parent_id": null,
                    "permission_overwrites": overwrites, "nsfw": false, "last_message_id": last, "topic": null,
                    "rate_limit_per_user": 0});
                if kind == 15 {
                    let tag = |(id, name): &(u64, String)| {
                        json!({"id": id.to_string(), "name": name, "moderated": false,
                        "emoji_id": null, "emoji_name": null})
                    };
                    described["available_tags"] = channel.tags.iter().map(tag).collect();
                }
                described
            }
            Kind::Thread { guild, parent, private, archived, locked } => {
                let kind = if private { 12 } else { 11 };
                let count = channel.messages.len();
                let tags: Vec<String> = channel.tags.iter().map(|(id, _)| id.to_string()).collect();
                json!({"id": id.to_string(), "type": kind, "flags": 0, "guild_id": guild.to_string(),
                    "applied_tags": tags, "name": channel.name, "parent_id": parent.to_string(), "owner_id": BOT.to_string(),
                    "last_message_id": last, "message_count": count, "member_count": 1, "total_message_sent": count,
                    "rate_limit_per_user": 0, "thread_metadata": {"archived": archived, "locked": locked,
                    "auto_archive_duration": 10080, "archive_timestamp": made_at(id)}})
            }
        }
    }

    /// A message as its channel shows it.
    pub(in crate::discord) fn described(&self, channel: &Channel, message: &Message) -> Value {
        let author = self.user(message.author);
        let mentions: Vec<Value> = message.pings.iter().map(|id| self.user(*id).described()).collect();
        let files: Vec<Value> = message
            .files
            .iter()
            .map(|file| {
                let url = format!("{}/attachments/{}/{}/{}", self.address, channel.id, file.id, file.name);
                let mut described = json!({"id": file.id.to_string(), "filename": file.name, "size": file.size,
                    "url": url, "proxy_url": url});
                if let Some(kind) = &file.media_type {
                    described["content_type"] = kind.clone().into();
                }
                described
            })
            .collect();
        let kind = if message.reply_to.is_some() { 19 } else { 0 };
        let or_none = |value: &Value| if value.is_null() { json!([]) } else { value.clone() };
        let mut described = json!({"id": message.id.to_string(), "channel_id": channel.id.to_string(), "type": kind,
            "author": author.described(), "content": message.content, "timestamp": made_at(message.id),
            "edited_timestamp": message.edited.map(made_at), "tts": false, "mention_everyone": false,
            "mentions": mentions, "mention_roles": [], "attachments": files, "embeds": or_none(&message.embeds),
            "pinned": message.pinned, "flags": if message.only_for.is_some() { 1 << 6 } else { 0 }, "components": numbered(&message.components)});
        if let Some(quoted) = message.reply_to {
            let mut reference =
                json!({"type": 0, "channel_id": channel.id.to_string(), "message_id": quoted.to_string()});
            if let Some(guild) = channel.guild() {
                reference["guild_id"] = guild.to_string().into();
            }
            described["message_reference"] = reference;
        }
        if !message.nonce.is_null() {
            described["nonce"] = message.nonce.clone();
        }
        described
    }

    /// The same, as the gateway tells it.
    pub(in crate::discord) fn told(&self, channel: &Channel, message: &Message) -> Value {
        let mut told = self.described(channel, message);
        if let Some(guild) = channel.guild() {
            told["guild_id"] = guild.to_string().into();
            told["member"] = self.member(guild, message.author);
        }
        told
    }

    /// A server as it is told when a session begins.
    pub(in crate::discord) fn guild_described(&self, id: u64) -> Value {
        let Some(guild) = self.guilds.get(&id) else { return Value::Null };
        let of_guild = |it: &&Channel| it.guild() == Some(id) && !it.denied.contains(&Right::View);
        let (threads, channels): (Vec<&Channel>, Vec<&Channel>) =
            self.channels.values().filter(of_guild).partition(|channel| channel.parent().is_some());
        let threads: Vec<Value> =
            threads.iter().filter(|it| !it.is_archived()).map(|it| self.channel_described(it.id)).collect();
        let channels: Vec<Value> = channels.iter().map(|it| self.channel_described(it.id)).collect();
        let mut described = self.guild_in_short(id);
        let more = json!({"joined_at": made_at(id), "large": false, "unavailable": false, "member_count":
            guild.members.len(), "members": [], "presences": [], "voice_states": [], "stage_instances": [],
            "guild_scheduled_events": [], "channels": channels, "threads": threads, "soundboard_sounds": []});
        for (name, value) in more.as_object().into_iter().flatten() {
            described[name] = value.clone();
        }
        described
    }

    /// A server as the REST API tells it.
    pub(in crate::discord) fn guild_in_short(&self, id: u64) -> Value {
        let Some(guild) = self.guilds.get(&id) else { return Value::Null };
        let roles: Vec<Value> = roles(id, guild);
        json!({"id": id.to_string(), "name": guild.name, "icon": null, "description": null, "home_header": null,
            "splash": null, "discovery_splash": null, "features": [], "banner": null, "owner_id": "1",
            "application_id": null, "region": "deprecated", "afk_channel_id": null, "afk_timeout": 300,
            "system_channel_id": null, "system_channel_flags": 0, "widget_enabled": false, "widget_channel_id": null,
            "verification_level": 0, "roles": roles, "default_message_notifications": 0, "mfa_level": 0,
            "explicit_content_filter": 0, "max_presences": null, "max_members": 500_000,
            "max_stage_video_channel_users": 50, "max_video_channel_users": 25, "vanity_url_code": null,
            "premium_tier": guild.level, "premium_subscription_count": 0, "preferred_locale": "en-US", "rules_channel_id": null,
            "safety_alerts_channel_id": null, "public_updates_channel_id": null,
            "premium_progress_bar_enabled": false, "nsfw": false, "nsfw_level": 0, "emojis": [], "stickers": [],
            "incidents_data": null})
    }
}

/// Components as Discord keeps them: each has a number.
fn numbered(components: &Value) -> Value {
    fn number(part: &mut Value, last: &mut u64) {
        *last += 1;
        part["id"] = (*last).into();
        // What a list leaves out, Discord fills in.
        let left_out: &[&str] = if part["type"] == 3 { &["min_values", "max_values"] } else { &[] };
        for name in left_out {
            if part.get(*name).is_none_or(Value::is_null) {
                part[*name] = 1.into();
            }
        }
        for inner in part.get_mut("components").and_then(Value::as_array_mut).into_iter().flatten() {
            number(inner, last);
        }
    }
    let (mut numbered, mut last) = (components.clone(), 0);
    if numbered.is_null() {
        return json!([]);
    }
    for row in numbered.as_array_mut().into_iter().flatten() {
        number(row, &mut last);
    }
    numbered
}

fn roles(id: u64, guild: &Guild) -> Vec<Value> {
    /// Reading what was written before.
    const HISTORY: u64 = 1 << 16;
    let of_the_app = Right::ALL.iter().fold(HISTORY, |all, right| all | right.bit());
    let first = [(id, "@everyone".to_owned()), (BOT, "Helpdesk".to_owned())];
    let all = first.into_iter().chain(guild.roles.iter().map(|(id, name)| (*id, name.clone())));
    all.map(|(id, name)| {
        let permissions = if id == BOT { of_the_app } else { 0 };
        json!({"id": id.to_string(), "name": name, "permissions": permissions.to_string(), "position": 0, "color": 0,
            "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null}, "hoist": false,
            "managed": id == BOT, "mentionable": false, "icon": null, "unicode_emoji": null, "flags": 0})
    })
    .collect()
}
