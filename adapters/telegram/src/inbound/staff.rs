//! What happens in a staff room. Everybody's words become events: who is staff is the desk's to decide, by the id of the user.

use firstline_engine::{
    inbound::{Circumstances, InboundEvent, InboundKind, PlaceRef},
    people::{AccountRef, Platform},
    room::{StaffDid, StaffInput},
    time::Timestamp,
};
use serde_json::Value;

use super::{CallbackQuery, Message, SenderChat, Update, User, account, external};

/// The event in an update from a staff room; `None` when it is nothing that staff do.
pub(super) fn event(update: Update, raw: &Value) -> Option<InboundEvent> {
    let Update { update_id, message, edited_message, callback_query } = update;
    let (chat, account, at, input) = if let Some(query) = callback_query {
        pressed(query)?
    } else if let Some(message) = message {
        said(message)?
    } else {
        edited(edited_message?)?
    };
    Some(InboundEvent {
        dedupe_key: format!("update:{update_id}"),
        account,
        place: PlaceRef { platform: Platform::Telegram, key: chat.to_string() },
        kind: InboundKind::Staff(input),
        sent_at: at.map(|seconds| Timestamp(seconds.saturating_mul(1000))),
        raw: raw.clone(),
        circumstances: Circumstances::default(),
    })
}

type Done = (i64, AccountRef, Option<i64>, StaffInput);

fn pressed(query: CallbackQuery) -> Option<Done> {
    let message = query.message?;
    let thread = topic(message.message_thread_id, message.is_topic_message);
    let what = StaffDid::Pressed { token: query.data? };
    let input = StaffInput {
        thread: thread.map(external),
        about: Some(external(message.message_id)),
        what,
        granted: false,
        found: None,
    };
    Some((message.chat.id, account(query.from), None, input))
}

fn said(mut message: Message) -> Option<Done> {
    let text = message.words();
    let attachments = message.things.into_attachments();
    // Somebody joined, pinned, renamed: nothing was said.
    if text.is_none() && attachments.is_empty() {
        return None;
    }
    let thread = topic(message.message_thread_id, message.is_topic_message);
    // What begins no reply of its own is shown as a reply to the topic's beginning.
    let about = message.reply_to_message.map(|quoted| quoted.message_id).filter(|id| Some(*id) != thread);
    let what = StaffDid::Said { message: external(message.message_id), text: text.unwrap_or_default(), attachments };
    let input =
        StaffInput { thread: thread.map(external), about: about.map(external), what, granted: false, found: None };
    Some((message.chat.id, author(message.from, message.sender_chat)?, Some(message.date), input))
}

fn edited(message: Message) -> Option<Done> {
    let thread = topic(message.message_thread_id, message.is_topic_message);
    let id = external(message.message_id);
    let text = message.text.or(message.caption).unwrap_or_default();
    let input = StaffInput {
        thread: thread.map(external),
        about: Some(id.clone()),
        what: StaffDid::Edited { message: id, text },
        granted: false,
        found: None,
    };
    let at = message.edit_date.unwrap_or(message.date);
    Some((message.chat.id, author(message.from, message.sender_chat)?, Some(at), input))
}

/// A reply in the General topic carries a thread id that is no topic's.
fn topic(thread: Option<i64>, is_topic_message: bool) -> Option<i64> {
    thread.filter(|_| is_topic_message)
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
