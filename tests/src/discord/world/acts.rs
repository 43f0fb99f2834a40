//! What changes the world, and what the gateway tells of it.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::{BOT, Channel, Content, File, Interaction, Kind, Message, World};
use crate::discord::gateway::intent;

impl World {
    /// Somebody writes into a channel; the message's id.
    pub(in crate::discord) fn write(&mut self, channel: u64, author: u64, content: Content) -> u64 {
        self.write_as(None, channel, author, content)
    }

    /// The same, with an id that the message is to have: the first message of a post has the post's.
    pub(in crate::discord) fn write_as(&mut self, id: Option<u64>, channel: u64, author: u64, content: Content) -> u64 {
        let id = id.unwrap_or_else(|| self.id());
        let mut files = Vec::new();
        for (name, media_type, bytes) in content.files {
            let file = File { id: self.id(), name, media_type, size: bytes.len() };
            self.files.insert(file.id, bytes);
            files.push(file);
        }
        let message = Message {
            id,
            author,
            content: content.text,
            components: content.components,
            embeds: content.embeds,
            files,
            reply_to: content.reply_to,
            nonce: content.nonce,
            pings: content.pings,
            edited: None,
            reactions: std::collections::BTreeMap::new(),
            pinned: false,
            deleted: false,
            only_for: content.only_for,
        };
        let is_secret = message.only_for.is_some();
        if let Some(channel) = self.channels.get_mut(&channel) {
            channel.messages.push(message);
        }
        if !is_secret {
            self.bring_back(channel);
            self.tell_message("MESSAGE_CREATE", channel, id);
        }
        id
    }

    /// Changes a message.
    pub(in crate::discord) fn rewrite(
        &mut self,
        channel: u64,
        message: u64,
        change: impl FnOnce(&mut Message),
    ) -> bool {
        let at = self.id();
        let found = self.channels.get_mut(&channel).and_then(|channel| channel.message_mut(message));
        let Some(found) = found else { return false };
        change(found);
        found.edited = Some(at);
        // What one person alone sees the gateway does not tell of.
        if found.only_for.is_none() {
            self.tell_message("MESSAGE_UPDATE", channel, message);
        }
        true
    }

    pub(in crate::discord) fn remove(&mut self, channel: u64, message: u64) -> bool {
        let found = self.channels.get_mut(&channel).and_then(|channel| channel.message_mut(message));
        let Some(found) = found else { return false };
        found.deleted = true;
        let mut told = json!({"id": message.to_string(), "channel_id": channel.to_string()});
        self.tell("MESSAGE_DELETE", channel, &mut told, None);
        true
    }

    /// A moderator deletes several messages of a server at once.
    pub(in crate::discord) fn remove_many(&mut self, channel: u64, messages: &[u64]) {
        let Some(found) = self.channels.get_mut(&channel) else { return };
        for message in found.messages.iter_mut().filter(|it| messages.contains(&it.id)) {
            message.deleted = true;
        }
        let ids: Vec<String> = messages.iter().map(u64::to_string).collect();
        let mut told = json!({"ids": ids, "channel_id": channel.to_string()});
        self.tell("MESSAGE_DELETE_BULK", channel, &mut told, None);
    }

    pub(in crate::discord) fn begin_thread(&mut self, id: u64, name: &str, kind: Kind) {
        self.channels.insert(id, Channel::new(id, kind, name));
        let mut told = self.channel_described(id);
        told["newly_created"] = true.into();
        self.gateway.dispatch("THREAD_CREATE", &told, intent::GUILDS, None);
    }

    /// Puts a thread away, or brings it back.
    pub(in crate::discord) fn archive(&mut self, thread: u64, put_away: bool, lock: Option<bool>) {
        if let Some(Channel { kind: Kind::Thread { archived, locked, .. }, .. }) = self.channels.get_mut(&thread) {
            *archived = put_away;
            *locked = lock.unwrap_or(*locked);
        }
        let told = self.channel_described(thread);
        self.gateway.dispatch("THREAD_UPDATE", &told, intent::GUILDS, None);
    }

    fn bring_back(&mut self, channel: u64) {
        if self.channels.get(&channel).is_some_and(Channel::is_archived) {
            self.archive(channel, false, None);
        }
    }

    pub(in crate::discord) fn delete_channel(&mut self, id: u64) -> bool {
        let Some(channel) = self.channels.remove(&id) else { return false };
        let (guild, parent) = (channel.guild().unwrap_or_default(), channel.parent());
        let threads: Vec<u64> = self.channels.values().filter(|it| it.parent() == Some(id)).map(|it| it.id).collect();
        for thread in threads {
            self.channels.remove(&thread);
        }
        if let Some(parent) = parent {
            let told = json!({"id": id.to_string(), "guild_id": guild.to_string(), "parent_id": parent.to_string(),
                "type": 11});
            self.gateway.dispatch("THREAD_DELETE", &told, intent::GUILDS, None);
        }
        true
    }

    /// Somebody does something with the app: `kind` 2 is a command, 3 a press, 4 asks for suggestions, 5 hands a form in.
    pub(in crate::discord) fn interact(
        &mut self,
        user: u64,
        channel: u64,
        kind: u64,
        data: &Value,
        message: Option<u64>,
    ) -> u64 {
        let id = self.id();
        let token = format!("token-of-{id}");
        let who = self.user(user);
        let mut told = json!({"id": id.to_string(), "application_id": BOT.to_string(), "type": kind, "data": data,
            "token": token, "version": 1, "channel_id": channel.to_string(), "locale": who.locale,
            "channel": self.channel_described(channel), "app_permissions": "0", "entitlements": [],
            "authorizing_integration_owners": {}, "attachment_size_limit": 10_485_760, "context": 1});
        match self.channels.get(&channel).and_then(Channel::guild) {
            Some(guild) => {
                let mut member = self.member(guild, user);
                member["user"] = who.described();
                member["permissions"] = "0".into();
                told["member"] = member;
                told["guild_id"] = guild.to_string().into();
                told["guild_locale"] = "en-US".into();
                told["context"] = 0.into();
            }
            None => told["user"] = who.described(),
        }
        if let (Some(message), Some(at)) = (message, self.channels.get(&channel)) {
            told["message"] = at.message(message).map(|message| self.described(at, message)).unwrap_or_default();
        }
        let interaction = Interaction {
            id,
            token,
            channel,
            user,
            answered: None,
            original: message,
            began: Instant::now(),
            secret: false,
            data: Value::Null,
        };
        self.interactions.insert(id, interaction);
        self.gateway.dispatch("INTERACTION_CREATE", &told, 0, None);
        id
    }

    fn tell_message(&mut self, kind: &str, channel: u64, message: u64) {
        let Some(at) = self.channels.get(&channel) else { return };
        let Some(found) = at.message(message) else { return };
        let mut told = self.told(at, found);
        let about_us = found.author == BOT || found.pings.contains(&BOT);
        let blanked = (at.guild().is_some() && !about_us).then(|| {
            let mut blank = told.clone();
            for (name, value) in
                [("content", json!("")), ("attachments", json!([])), ("embeds", json!([])), ("components", json!([]))]
            {
                blank[name] = value;
            }
            blank
        });
        self.tell(kind, channel, &mut told, blanked.as_ref());
    }

    fn tell(&mut self, kind: &str, channel: u64, told: &mut Value, blanked: Option<&Value>) {
        let Some(at) = self.channels.get(&channel) else { return };
        let needed = match at.guild() {
            Some(guild) => {
                told["guild_id"] = guild.to_string().into();
                intent::GUILD_MESSAGES
            }
            None => intent::DIRECT_MESSAGES,
        };
        self.gateway.dispatch(kind, told, needed, blanked);
    }
}
