//! A private chat: everything in it is for the desk. Where the server offers topics there, each is a place of its own, and what is
//! written in one is answered in it.

use firstline_engine::inbound::InboundKind;

use super::{Chat, Done, Message, Reaction, account, external, topic};

/// A new message; `None` when it has neither words nor files nor anything unknown: somebody pinned something, a timer was set.
pub(super) fn written(mut message: Message, is_unknown: bool) -> Option<Done> {
    let topic = topic(message.message_thread_id, message.is_topic_message);
    let key = key(&message.chat, topic);
    let text = message.words();
    let quote = message.quoted();
    let attachments = message.things.into_attachments();
    let from = message.from.filter(|user| !user.is_bot)?;
    if text.is_none() && attachments.is_empty() && !is_unknown {
        return None;
    }
    let kind = InboundKind::Message {
        message: external(message.message_id),
        text: text.unwrap_or_default(),
        // What begins no reply of its own is shown as a reply to the topic's beginning.
        reply_to: message.reply_to_message.map(|it| it.message_id).filter(|id| Some(*id) != topic).map(external),
        quote,
        attachments,
        album: message.media_group_id,
    };
    Some((account(from), key, Some(message.date), kind))
}

/// A message that was changed; `None` where it has no words that can have changed.
pub(super) fn changed(mut message: Message) -> Option<Done> {
    let key = key(&message.chat, topic(message.message_thread_id, message.is_topic_message));
    let at = message.edit_date.unwrap_or(message.date);
    let text = message.changed_words()?;
    let from = message.from.filter(|user| !user.is_bot)?;
    Some((account(from), key, Some(at), InboundKind::Edited { message: external(message.message_id), text }))
}

/// A sign set at a message, or taken away; `None` where it is one that cannot be shown elsewhere. Telegram does not say in which
/// topic the message is.
pub(super) fn signed(reaction: Reaction) -> Option<Done> {
    if reaction.chat.kind != "private" {
        return None;
    }
    let emoji = reaction.now.iter().find_map(|sign| sign.emoji.clone());
    if emoji.is_none() && !reaction.now.is_empty() {
        return None;
    }
    let from = reaction.user.filter(|user| !user.is_bot)?;
    let kind = InboundKind::Reacted { message: external(reaction.message_id), emoji };
    Some((account(from), key(&reaction.chat, None), Some(reaction.date), kind))
}

/// The place: the chat, or a topic of it.
pub(super) fn key(chat: &Chat, topic: Option<i64>) -> String {
    match topic {
        Some(topic) => format!("{}/{topic}", chat.id),
        None => chat.id.to_string(),
    }
}
