//! Where a ticket begins in a staff room: a card in the channel and a thread that begins with it, or a post in a forum. What an
//! attempt before has made is found again, however long ago that was: a ticket's title is its own.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use firstline_engine::inbound::ExternalId;
use serde_json::{Value, json};
use serenity::{
    builder::CreateMessage,
    model::{
        channel::Nonce,
        id::{ChannelId, GuildId},
    },
};

use super::{
    DiscordChannel, HAS_THREAD, UNKNOWN_MESSAGE,
    address::message_id,
    id_of, no_mentions,
    rooms::{bold, is_forum, unclear},
    tags,
};
use crate::rest::{Failure, Method, NOTHING, Route};

/// After this many minutes without a word a thread disappears from the list, which a word brings back: a week, the longest.
const PUT_AWAY_AFTER: u16 = 10_080;

impl DiscordChannel {
    /// A card that is still empty, and the thread that begins with it: it has the card's id.
    pub(super) async fn begin_thread(&self, room: ChannelId, title: &str) -> Result<ExternalId, Failure> {
        let about = self.rest.call(Method::GET, Route::Channel(room), NOTHING).await?;
        if is_forum(&about) {
            return self.begin_post(&about, room, title).await;
        }
        let card = if let Some(card) = self.said_before(room, &bold(title)).await? {
            card
        } else {
            let mut hasher = DefaultHasher::new();
            (room.get(), title).hash(&mut hasher);
            let once = Nonce::String(format!("t{:x}", hasher.finish()));
            self.post_empty_card(room, title, Some(once)).await?
        };
        match self.thread_from(room, &card, title).await {
            // It was deleted since.
            Err(Failure::Refused { code: UNKNOWN_MESSAGE, .. }) => {
                let card = self.post_empty_card(room, title, None).await?;
                self.thread_from(room, &card, title).await
            }
            done => done,
        }
    }

    async fn begin_post(&self, forum: &Value, room: ChannelId, title: &str) -> Result<ExternalId, Failure> {
        if let Some(post) = self.post_of(forum, room, title).await? {
            return Ok(post);
        }
        let first = json!({"content": bold(title), "allowed_mentions": {"parse": []}});
        let mut post = json!({"name": title, "auto_archive_duration": PUT_AWAY_AFTER, "message": first});
        if let Some(tag) = tags::first(&self.phrases, forum) {
            post["applied_tags"] = json!([tag]);
        }
        let begun = self.rest.call(Method::POST, Route::Threads(room), Some(&post)).await?;
        id_of(&begun).ok_or_else(|| unclear("the post has no id"))
    }

    /// The post of this title, which an attempt before this one has made: posts have no nonce.
    async fn post_of(&self, forum: &Value, room: ChannelId, title: &str) -> Result<Option<ExternalId>, Failure> {
        let Some(server) = server_of(forum) else { return Ok(None) };
        let open = self.our_open_threads(server).await?;
        let room = room.to_string();
        let mut ours = open.iter().filter(|it| is(it, "parent_id", &room) && is(it, "name", title));
        Ok(ours.next().and_then(id_of))
    }

    /// The threads in a server that we have begun and that are not put away.
    pub(super) async fn our_open_threads(&self, server: GuildId) -> Result<Vec<Value>, Failure> {
        let us = self.us().await?;
        let open = self.rest.call(Method::GET, Route::ActiveThreads(server), NOTHING).await?;
        let threads = open.get("threads").and_then(Value::as_array).into_iter().flatten();
        Ok(threads.filter(|it| is(it, "owner_id", &us)).cloned().collect())
    }

    /// The message that says exactly this, if we have said it among the last hundred there: for what is said once, by an attempt
    /// before this one perhaps so long ago that its nonce counts no more.
    pub(super) async fn said_before(&self, channel: ChannelId, text: &str) -> Result<Option<ExternalId>, Failure> {
        let us = self.us().await?;
        let last = self.rest.call(Method::GET, Route::LastMessages(channel), NOTHING).await?;
        let is_it = |it: &&Value| {
            it.pointer("/author/id").and_then(Value::as_str) == Some(us.as_str())
                && it.get("content").and_then(Value::as_str).is_some_and(|said| said.trim() == text.trim())
        };
        Ok(last.as_array().into_iter().flatten().find(is_it).and_then(id_of))
    }

    async fn post_empty_card(&self, room: ChannelId, title: &str, once: Option<Nonce>) -> Result<ExternalId, Failure> {
        let mut card = CreateMessage::new().content(bold(title)).allowed_mentions(no_mentions());
        if let Some(once) = once {
            card = card.nonce(once).enforce_nonce(true);
        }
        let posted = self.rest.call(Method::POST, Route::Messages(room), Some(&card)).await?;
        id_of(&posted).ok_or_else(|| unclear("the card has no id"))
    }

    async fn thread_from(&self, room: ChannelId, card: &ExternalId, title: &str) -> Result<ExternalId, Failure> {
        let thread = json!({"name": title, "auto_archive_duration": PUT_AWAY_AFTER});
        let route = Route::ThreadOf(room, message_id(card)?);
        match self.rest.call(Method::POST, route, Some(&thread)).await {
            Ok(_) | Err(Failure::Refused { code: HAS_THREAD, .. }) => Ok(card.clone()),
            Err(failure) => Err(failure),
        }
    }
}

/// The server of a channel, as Discord describes it.
pub(super) fn server_of(channel: &Value) -> Option<GuildId> {
    channel.get("guild_id")?.as_str()?.parse().ok().filter(|&id: &u64| id != 0).map(GuildId::new)
}

pub(super) fn is(thread: &Value, field: &str, value: &str) -> bool {
    thread.get(field).and_then(Value::as_str) == Some(value)
}
