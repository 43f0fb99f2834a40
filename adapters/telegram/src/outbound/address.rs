//! Where a message goes: a chat, and in a forum one of its topics.

use firstline_engine::{inbound::ExternalId, outbound::Delivery, ports::SendError};
use teloxide::types::{ChatId, MessageId, ThreadId};

/// The General topic of every forum. Telegram refuses it by this id: what is meant for it names no topic.
const GENERAL: i32 = 1;

/// Where a message goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address {
    pub(super) chat: ChatId,
    pub(super) topic: Option<ThreadId>,
}

impl Address {
    pub(super) fn of(delivery: &Delivery) -> Result<Self, SendError> {
        let Some(thread) = &delivery.thread else {
            let place = &delivery.message.place.key;
            // A topic of the same private chat, whose ticket was merged.
            return Self::of_place(delivery.way.as_ref().map_or(place, |way| &way.address));
        };
        let topic = thread.external.as_ref().map(message_id).transpose()?;
        Ok(Self { chat: chat_id(&thread.room.key)?, topic: topic.filter(|topic| topic.0 != GENERAL).map(ThreadId) })
    }

    /// A chat, `chat/topic`, or `chat/topic/person`. Only groups have a General.
    pub(super) fn of_place(key: &str) -> Result<Self, SendError> {
        let mut parts = key.split('/');
        let chat = chat_id(parts.next().unwrap_or_default())?;
        let Some(topic) = parts.next() else { return Ok(Self { chat, topic: None }) };
        let topic: i32 = topic.parse().map_err(|_| refused("the place is no topic of Telegram's"))?;
        let is_topic = parts.next().is_none() || topic > GENERAL;
        Ok(Self { chat, topic: is_topic.then_some(ThreadId(MessageId(topic))) })
    }

    /// In a group without topics everything about a ticket answers its card, so that one sees what belongs together.
    pub(super) fn quoted(self, delivery: &Delivery) -> Option<&ExternalId> {
        let thread = delivery.thread.as_ref().filter(|_| self.topic.is_none())?;
        thread.card_id.as_ref()
    }
}

pub(super) fn chat_id(key: &str) -> Result<ChatId, SendError> {
    key.parse().map(ChatId).map_err(|_| refused("the place is no chat of Telegram's"))
}

pub(super) fn message_id(id: &ExternalId) -> Result<MessageId, SendError> {
    id.0.parse().map(MessageId).map_err(|_| refused("the message id is none of Telegram's"))
}

pub(super) fn refused(reason: &str) -> SendError {
    SendError::Refused { reason: reason.to_owned() }
}
