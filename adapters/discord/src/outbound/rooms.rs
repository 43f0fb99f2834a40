//! What only staff rooms have: a card in the channel and a thread that begins with it, or a post in a forum; and the sign that a
//! message has arrived.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use firstline_engine::{
    inbound::ExternalId,
    outbound::{Content, Delivery, Operation},
};
use serde_json::{Value, json};
use serenity::{
    builder::{CreateMessage, EditMessage},
    model::{
        channel::Nonce,
        id::{ChannelId, GuildId},
    },
};

use super::{
    DiscordChannel, HAS_THREAD, UNKNOWN_MESSAGE,
    address::{failed, message_id},
    choices, id_of, no_mentions, nonce,
};
use crate::{
    markup,
    rest::{Failure, Method, NOTHING, Route},
};

/// What an author sees on a message that has reached the requester: ✅, as a path wants it.
const ARRIVED: &str = "%E2%9C%85";

/// After this many minutes without a word a thread disappears from the list, which a word brings back: a week, the longest.
const PUT_AWAY_AFTER: u16 = 10_080;

/// A channel that has only posts.
const FORUM: i64 = 15;

impl DiscordChannel {
    /// A card that is still empty, and the thread that begins with it: it has the card's id.
    pub(super) async fn begin_thread(&self, room: ChannelId, title: &str) -> Result<ExternalId, Failure> {
        let about = self.rest.call(Method::GET, Route::Channel(room), NOTHING).await?;
        if is_forum(&about) {
            if let Some(post) = self.post_of(&about, room, title).await? {
                return Ok(post);
            }
            let first = json!({"content": bold(title), "allowed_mentions": {"parse": []}});
            let post = json!({"name": title, "auto_archive_duration": PUT_AWAY_AFTER, "message": first});
            let begun = self.rest.call(Method::POST, Route::Threads(room), Some(&post)).await?;
            return id_of(&begun).ok_or_else(|| unclear("the post has no id"));
        }
        // A ticket's title is its own, so a second attempt finds the card of the first.
        let mut hasher = DefaultHasher::new();
        (room.get(), title).hash(&mut hasher);
        let once = Nonce::String(format!("t{:x}", hasher.finish()));
        let card = self.post_empty_card(room, title, Some(once)).await?;
        match self.thread_from(room, &card, title).await {
            // It was deleted since.
            Err(Failure::Refused { code: UNKNOWN_MESSAGE, .. }) => {
                let card = self.post_empty_card(room, title, None).await?;
                self.thread_from(room, &card, title).await
            }
            done => done,
        }
    }

    /// The post of this title, which an attempt before this one has made: posts have no nonce, but a ticket's title is its own.
    async fn post_of(&self, forum: &Value, room: ChannelId, title: &str) -> Result<Option<ExternalId>, Failure> {
        let server = forum.get("guild_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
        let Some(server) = server.filter(|&id: &u64| id != 0).map(GuildId::new) else { return Ok(None) };
        let us = self.us().await?;
        let open = self.rest.call(Method::GET, Route::ActiveThreads(server), NOTHING).await?;
        let posts = open.get("threads").and_then(Value::as_array).into_iter().flatten();
        let is = |post: &Value, field: &str, value: &str| post.get(field).and_then(Value::as_str) == Some(value);
        let room = room.to_string();
        let mut ours =
            posts.filter(|it| is(it, "parent_id", &room) && is(it, "name", title) && is(it, "owner_id", &us));
        Ok(ours.next().and_then(id_of))
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

    /// Changes the card: the message that the thread begins with. Where that was deleted, the card stands in the thread, pinned.
    pub(super) async fn show_card(&self, delivery: &Delivery, content: &Content) -> Result<Vec<ExternalId>, Failure> {
        let Some((thread, begun)) = delivery.thread.as_ref().and_then(|it| Some((it, it.external.as_ref()?))) else {
            return Err(failed("a card needs a thread"));
        };
        let text = markup::parts(&delivery.message.speaker, content).into_iter().next();
        let text = text.ok_or_else(|| failed("the card has no text"))?;
        let inside = ChannelId::new(message_id(begun)?.get());
        let shown = thread.card_id.as_ref().unwrap_or(begun);
        let change = EditMessage::new()
            .content(&text)
            .allowed_mentions(no_mentions())
            .components(choices::offered(&content.choices, true));
        if shown != begun {
            self.change(Method::PATCH, Route::Message(inside, message_id(shown)?), inside, Some(&change)).await?;
            return Ok(vec![shown.clone()]);
        }
        // A thread is looked for first: its first message would outlive it.
        let post = self.rest.call(Method::GET, Route::Channel(inside), NOTHING).await?;
        let room = self.room_of(thread).await?;
        // The first message of a thread is in its channel, that of a post in the post.
        let holder = room.as_ref().and_then(|room| if is_forum(room) { Some(inside) } else { channel_of(room) });
        let changed = match holder {
            Some(channel) => {
                self.change(Method::PATCH, Route::Message(channel, message_id(begun)?), channel, Some(&change)).await
            }
            None => Err(failed("the room is none of Discord's")),
        };
        // Behind the card, which brings back a post that was put away.
        if let Some(forum) = room.as_ref().filter(|room| changed.is_ok() && is_forum(room)) {
            self.put_tags(forum, &post, &content.labels).await;
        }
        match changed {
            Ok(()) => Ok(vec![begun.clone()]),
            Err(Failure::Refused { code: UNKNOWN_MESSAGE, .. }) => {
                let card = CreateMessage::new()
                    .content(&text)
                    .allowed_mentions(no_mentions())
                    .components(choices::offered(&content.choices, true))
                    .nonce(Nonce::String(nonce(delivery.message.id, 0)))
                    .enforce_nonce(true);
                let posted = self.rest.call(Method::POST, Route::Messages(inside), Some(&card)).await?;
                let id = id_of(&posted).ok_or_else(|| unclear("the card has no id"))?;
                if let Err(failure) = self.rest.call(Method::PUT, Route::Pin(inside, message_id(&id)?), NOTHING).await {
                    // It is there, and only harder to find.
                    tracing::warn!(reason = %failure, "a ticket's card could not be pinned");
                }
                Ok(vec![id])
            }
            Err(failure) => Err(failure),
        }
    }

    /// The room of a thread, as Discord describes it.
    async fn room_of(&self, thread: &firstline_engine::room::Thread) -> Result<Option<Value>, Failure> {
        match thread.room.key.parse().ok().filter(|&id| id != 0).map(ChannelId::new) {
            Some(room) => self.rest.call(Method::GET, Route::Channel(room), NOTHING).await.map(Some),
            None => Ok(None),
        }
    }

    /// The card outlives its thread, and its buttons would live on.
    pub(super) async fn take_card_away(&self, delivery: &Delivery) {
        let Some(thread) = &delivery.thread else { return };
        let room = thread.room.key.parse().ok().filter(|&id| id != 0).map(ChannelId::new);
        if let (Some(room), Some(card)) = (room, &thread.external)
            && let Err(failure) = self.delete(room, card).await
        {
            tracing::debug!(reason = %failure, "the card of a thread that is gone could not be deleted");
        }
    }

    pub(super) async fn receipt(&self, channel: ChannelId, message: &ExternalId) -> Result<(), Failure> {
        let route = Route::Reaction(channel, message_id(message)?, ARRIVED);
        match self.change(Method::PUT, route, channel, NOTHING).await {
            // A command is no message, and nobody misses the sign on what was deleted.
            Err(Failure::Refused { code: UNKNOWN_MESSAGE, .. }) => Ok(()),
            done => done,
        }
    }

    /// Puts a thread away, or brings it back.
    pub(super) async fn put_away(&self, thread: ChannelId, away: bool) -> Result<(), Failure> {
        self.rest.call(Method::PATCH, Route::Channel(thread), Some(&json!({ "archived": away }))).await.map(drop)
    }

    /// What is done in a thread brings it back; one whose ticket is over is put away again.
    pub(super) async fn keep_put_away(&self, delivery: &Delivery, channel: ChannelId) {
        let is_done_there = matches!(
            delivery.message.operation,
            Operation::Post { .. }
                | Operation::Edit { .. }
                | Operation::Delete { .. }
                | Operation::Receipt { .. }
                | Operation::Card { .. }
        );
        if is_done_there
            && delivery.thread.as_ref().is_some_and(|thread| thread.closed)
            && let Err(failure) = self.put_away(channel, true).await
        {
            tracing::debug!(reason = %failure, "a thread could not be put away again");
        }
    }

    pub(super) async fn delete_all(
        &self,
        channel: ChannelId,
        targets: &[ExternalId],
    ) -> Result<Vec<ExternalId>, Failure> {
        for target in targets {
            self.delete(channel, target).await?;
        }
        Ok(targets.to_vec())
    }
}

fn is_forum(room: &Value) -> bool {
    room.get("type").and_then(Value::as_i64) == Some(FORUM)
}

fn channel_of(room: &Value) -> Option<ChannelId> {
    room.get("id")?.as_str()?.parse().ok().filter(|&id| id != 0).map(ChannelId::new)
}

fn bold(title: &str) -> String {
    format!("**{}**", markup::escaped(title))
}

fn unclear(text: &str) -> Failure {
    Failure::Unclear(text.to_owned())
}
