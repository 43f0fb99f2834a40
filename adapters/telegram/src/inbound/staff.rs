//! What happens in a staff room. Everybody's words become events: who is staff is the desk's to decide, by the id of the user.

use firstline_engine::{
    inbound::InboundKind,
    people::{AccountRef, Platform},
    room::{StaffDid, StaffInput},
};

use super::{CallbackQuery, Message, SenderChat, User, account, external, topic};

/// What happened in a staff room; `None` when it is nothing that staff do.
pub(super) fn read(
    message: Option<Message>,
    edited_message: Option<Message>,
    callback_query: Option<CallbackQuery>,
    is_unknown: bool,
    room: String,
) -> Option<super::Done> {
    let (account, at, input) = if let Some(query) = callback_query {
        pressed(query)?
    } else if let Some(message) = message {
        said(message, is_unknown)?
    } else {
        edited(edited_message?)?
    };
    Some((account, room, at, InboundKind::Staff(input)))
}

type Done = (AccountRef, Option<i64>, StaffInput);

fn pressed(query: CallbackQuery) -> Option<Done> {
    let message = query.message?;
    let thread = topic(message.message_thread_id, message.is_topic_message);
    let what = StaffDid::Pressed { token: query.data? };
    let input = StaffInput {
        thread: thread.map(external),
        about: Some(external(message.message_id)),
        quote: None,
        what,
        granted: false,
        found: None,
    };
    Some((account(query.from), None, input))
}

fn said(mut message: Message, is_unknown: bool) -> Option<Done> {
    let text = message.words();
    let quote = message.quoted();
    let attachments = message.things.into_attachments();
    // Somebody joined, pinned, renamed: nothing was said.
    if text.is_none() && attachments.is_empty() && !is_unknown {
        return None;
    }
    let thread = topic(message.message_thread_id, message.is_topic_message);
    // What begins no reply of its own is shown as a reply to the topic's beginning.
    let about = message.reply_to_message.map(|quoted| quoted.message_id).filter(|id| Some(*id) != thread);
    let what = StaffDid::Said {
        message: external(message.message_id),
        text: text.unwrap_or_default(),
        attachments,
        album: message.media_group_id,
    };
    let input = StaffInput {
        thread: thread.map(external),
        about: about.map(external),
        quote,
        what,
        granted: false,
        found: None,
    };
    Some((author(message.from, message.sender_chat)?, Some(message.date), input))
}

fn edited(mut message: Message) -> Option<Done> {
    let thread = topic(message.message_thread_id, message.is_topic_message);
    let id = external(message.message_id);
    let text = message.changed_words()?;
    let input = StaffInput {
        thread: thread.map(external),
        about: Some(id.clone()),
        quote: message.quoted(),
        what: StaffDid::Edited { message: id, text },
        granted: false,
        found: None,
    };
    let at = message.edit_date.unwrap_or(message.date);
    Some((author(message.from, message.sender_chat)?, Some(at), input))
}

/// Who wrote. Somebody who hides behind a group or a channel is that, and never the account that Telegram puts there for all
/// who do; other bots are nobody.
fn author(from: Option<User>, sender_chat: Option<SenderChat>) -> Option<AccountRef> {
    if let Some(chat) = sender_chat {
        let name = from.map_or_else(|| chat.id.to_string(), |user| account(user).display_name);
        let user_id = format!("chat:{}", chat.id);
        return Some(AccountRef { platform: Platform::Telegram, user_id, display_name: name, language: None });
    }
    from.filter(|user| !user.is_bot).map(account)
}
