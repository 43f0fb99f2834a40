//! Commands of staff that ask and change nothing: `/queue`, `/mine`, anywhere in a staff room. They are answered at once, and are no
//! event: what is lost of them can be asked for again.

use firstline_engine::{desk::List, people::AccountRef};

use super::{Message, Rooms, account, topic};
use crate::identity::Me;

/// A list that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Which.
    pub(crate) list: List,
    /// Who asks.
    pub(crate) account: AccountRef,
    /// In which chat, as it is called now.
    pub(crate) room: i64,
    /// In which topic of it.
    pub(crate) topic: Option<i64>,
    /// The message that asks.
    pub(crate) message: i64,
}

/// The list that a message asks for. Who hides behind a group or a channel is nobody who could be shown one.
pub(super) fn asked(message: &Message, rooms: &Rooms, me: &Me) -> Option<Asked> {
    if !rooms.contains(message.chat.id) || message.sender_chat.is_some() {
        return None;
    }
    let list = list(message.text.as_deref()?, me)?;
    let from = message.from.clone().filter(|user| !user.is_bot)?;
    Some(Asked {
        list,
        account: account(from),
        room: rooms.now(message.chat.id),
        topic: topic(message.message_thread_id, message.is_topic_message),
        message: message.message_id,
    })
}

/// A command with nothing behind it, which is not another bot's.
fn list(text: &str, me: &Me) -> Option<List> {
    let (name, bot) = match text.trim().strip_prefix('/')?.split_once('@') {
        Some((name, bot)) => (name, Some(bot)),
        None => (text.trim().strip_prefix('/')?, None),
    };
    if bot.is_some_and(|bot| !bot.eq_ignore_ascii_case(&me.username)) {
        return None;
    }
    match name.to_lowercase().as_str() {
        "queue" | "schlange" | "warteschlange" => Some(List::Waiting),
        "mine" | "meine" => Some(List::Own),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_asked_for_by_a_command_alone() {
        let me = Me { id: 1, username: "desk_bot".to_owned(), has_topics_enabled: false };
        let check = |text: &str, expected| assert_eq!(list(text, &me), expected, "{text:?}");
        check("/queue", Some(List::Waiting));
        check(" /Warteschlange@Desk_Bot ", Some(List::Waiting));
        check("/mine", Some(List::Own));
        check("/mine@other_bot", None);
        check("/queue please", None);
        check("queue", None);
    }
}
