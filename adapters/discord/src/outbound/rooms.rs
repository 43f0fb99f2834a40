//! What only staff rooms have: the card that a thread begins with, putting threads away, and the sign that a message has arrived.

use firstline_engine::{
    inbound::ExternalId,
    outbound::{Content, Delivery, Operation},
};
use serde_json::{Value, json};
use serenity::{
    builder::{CreateMessage, EditMessage},
    model::{channel::Nonce, id::ChannelId},
};

use super::{
    DiscordChannel, UNKNOWN_MESSAGE,
    address::{failed, message_id},
    choices, id_of, no_mentions, nonce,
};
use crate::{
    markup,
    rest::{Failure, Method, NOTHING, Route},
};

/// What an author sees on a message that has reached the requester: ✅, as a path wants it.
const ARRIVED: &str = "%E2%9C%85";

/// A channel that has only posts.
const FORUM: i64 = 15;

impl DiscordChannel {
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

pub(super) fn is_forum(room: &Value) -> bool {
    room.get("type").and_then(Value::as_i64) == Some(FORUM)
}

fn channel_of(room: &Value) -> Option<ChannelId> {
    room.get("id")?.as_str()?.parse().ok().filter(|&id| id != 0).map(ChannelId::new)
}

pub(super) fn bold(title: &str) -> String {
    format!("**{}**", markup::escaped(title))
}

pub(super) fn unclear(text: &str) -> Failure {
    Failure::Unclear(text.to_owned())
}
