//! A message: as it is kept, as the Bot API describes it, and as people see it.

use std::{collections::BTreeMap, fmt};

use serde_json::{Map, Value};

use super::BOT;

/// A message as it is kept.
#[derive(Debug, Clone)]
pub(in crate::telegram) struct Message {
    pub(in crate::telegram) id: i64,
    pub(in crate::telegram) date: i64,
    pub(in crate::telegram) edited: Option<i64>,
    /// Who wrote it, as Telegram describes users.
    pub(in crate::telegram) from: Value,
    /// The chat in whose name it was written; null for people as themselves.
    pub(in crate::telegram) sender_chat: Value,
    /// `message_thread_id`: its topic, or, in General, the message that the answers began with.
    pub(in crate::telegram) thread: Option<i64>,
    /// It lies in a topic.
    pub(in crate::telegram) in_topic: bool,
    pub(in crate::telegram) reply_to: Option<i64>,
    /// What it says: `text`, `photo`, `pinned_message`, …, as the Bot API names them.
    pub(in crate::telegram) body: Map<String, Value>,
    /// `reply_markup`, or null.
    pub(in crate::telegram) keyboard: Value,
    /// Reactions by whoever gave them.
    pub(in crate::telegram) reactions: BTreeMap<i64, Value>,
    pub(in crate::telegram) deleted: bool,
}

/// A message as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its id in its chat.
    pub id: i64,
    /// The bot wrote it.
    pub by_bot: bool,
    /// Who wrote it, by first name.
    pub author: String,
    /// Its words, or its caption.
    pub text: String,
    /// The labels of its buttons, in order.
    pub buttons: Vec<String>,
    /// The names of its files, or their kinds where they have none.
    pub files: Vec<String>,
    /// The message that it answers.
    pub reply_to: Option<i64>,
    /// It was changed.
    pub edited: bool,
    /// The emoji that the bot put on it.
    pub bots_reactions: Vec<String>,
    /// What happened instead of words: `pinned_message`, `forum_topic_closed`, …
    pub service: Option<String>,
}

/// The kinds of messages that carry a file.
pub(in crate::telegram) const WITH_FILE: [&str; 8] =
    ["photo", "document", "video", "voice", "audio", "animation", "video_note", "sticker"];

/// What groups and topics write by themselves.
const SERVICE: [&str; 11] = [
    "pinned_message", "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
    "new_chat_members", "left_chat_member", "new_chat_title", "migrate_to_chat_id", "migrate_from_chat_id",
    "group_chat_created",
];

impl Message {
    /// A message with nothing in it yet.
    pub(in crate::telegram) fn new(id: i64, date: i64, from: Value) -> Self {
        Self {
            id,
            date,
            edited: None,
            from,
            sender_chat: Value::Null,
            thread: None,
            in_topic: false,
            reply_to: None,
            body: Map::new(),
            keyboard: Value::Null,
            reactions: BTreeMap::new(),
            deleted: false,
        }
    }

    pub(in crate::telegram) fn by_bot(&self) -> bool {
        self.from["id"] == BOT
    }

    /// A group or a topic wrote it by itself.
    pub(in crate::telegram) fn service(&self) -> Option<&'static str> {
        SERVICE.into_iter().find(|name| self.body.contains_key(*name))
    }

    /// Its words, or its caption.
    pub(in crate::telegram) fn text(&self) -> &str {
        let text = self.body.get("text").or_else(|| self.body.get("caption"));
        text.and_then(Value::as_str).unwrap_or_default()
    }

    /// Where its words stand: in the text, or in the caption of a file.
    pub(in crate::telegram) fn carries_file(&self) -> bool {
        WITH_FILE.iter().any(|kind| self.body.contains_key(*kind))
    }

    /// As the Bot API describes it, in a chat that it describes so.
    pub(super) fn described(&self, chat: &Value) -> Value {
        let mut described = self.body.clone();
        let mut put = |name: &str, value: Value| {
            if !value.is_null() {
                described.insert(name.to_owned(), value);
            }
        };
        put("message_id", self.id.into());
        put("date", self.date.into());
        put("chat", chat.clone());
        put("from", self.from.clone());
        put("sender_chat", self.sender_chat.clone());
        put("edit_date", self.edited.into());
        put("message_thread_id", self.thread.into());
        put("is_topic_message", if self.in_topic { true.into() } else { Value::Null });
        put("reply_markup", self.keyboard.clone());
        described.into()
    }

    pub(in crate::telegram) fn shown(&self) -> Shown {
        let label = |button: &Value| button["text"].as_str().unwrap_or_default().to_owned();
        let file = |kind: &&str| {
            let file = self.body.get(*kind)?;
            Some(file["file_name"].as_str().unwrap_or(*kind).to_owned())
        };
        let emoji = |reaction: &Value| reaction["emoji"].as_str().map(str::to_owned);
        let reactions = self.reactions.get(&BOT).and_then(Value::as_array).into_iter().flatten();
        Shown {
            id: self.id,
            by_bot: self.by_bot(),
            author: self.from["first_name"].as_str().unwrap_or_default().to_owned(),
            text: self.text().to_owned(),
            buttons: buttons(&self.keyboard).map(label).collect(),
            files: WITH_FILE.iter().filter_map(file).collect(),
            reply_to: self.reply_to,
            edited: self.edited.is_some(),
            bots_reactions: reactions.filter_map(emoji).collect(),
            service: self.service().map(str::to_owned),
        }
    }
}

/// The buttons of an inline keyboard, in order.
pub(in crate::telegram) fn buttons(keyboard: &Value) -> impl Iterator<Item = &Value> {
    let rows = keyboard["inline_keyboard"].as_array().into_iter().flatten();
    rows.flat_map(|row| row.as_array().into_iter().flatten())
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = if self.by_bot { "bot" } else { &self.author };
        write!(f, "  {} {who}: {}", self.id, self.text.replace('\n', " / "))?;
        self.service.iter().try_for_each(|service| write!(f, "({service})"))?;
        self.files.iter().try_for_each(|name| write!(f, " <{name}>"))?;
        self.buttons.iter().try_for_each(|label| write!(f, " [{label}]"))
    }
}
