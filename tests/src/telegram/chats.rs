//! What the platform remembers: the chats with their messages, and the updates that the bot has not asked past.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
};

use serde_json::{Value, json};

/// Every message is from the same moment: nothing here depends on the time.
const DATE: i64 = 1_750_000_000;

/// Update ids begin somewhere, and not at 1.
const FIRST_UPDATE: i64 = 700_000_001;

#[derive(Debug)]
pub(super) struct Chats {
    by_id: BTreeMap<i64, Chat>,
    /// What is to be told, with its id, until it is asked past.
    updates: VecDeque<(i64, Value)>,
    next_update: i64,
    /// The highest update that was ever in an answer.
    handed_out: i64,
    /// What the bot wants to be told; everything by default until it says so.
    allowed: Option<Vec<String>>,
    /// The presses that the bot has not answered yet.
    presses: BTreeSet<String>,
}

#[derive(Debug)]
struct Chat {
    first_name: String,
    messages: Vec<Message>,
    next_message: i64,
}

#[derive(Debug, Clone)]
struct Message {
    id: i64,
    from: Value,
    by_bot: bool,
    text: String,
    /// `reply_markup`, or null.
    keyboard: Value,
    deleted: bool,
}

/// A message as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The bot wrote it.
    pub by_bot: bool,
    /// Its words.
    pub text: String,
    /// The labels of its buttons, in order.
    pub buttons: Vec<String>,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = if self.by_bot { "bot" } else { "person" };
        write!(f, "  {who}: {}", self.text.replace('\n', " / "))?;
        self.buttons.iter().try_for_each(|label| write!(f, " [{label}]"))
    }
}

impl Default for Chats {
    fn default() -> Self {
        Self {
            by_id: BTreeMap::new(),
            updates: VecDeque::new(),
            next_update: FIRST_UPDATE,
            handed_out: 0,
            allowed: None,
            presses: BTreeSet::new(),
        }
    }
}

/// What people do.
impl Chats {
    pub(super) fn open(&mut self, id: i64, first_name: &str) {
        let chat = Chat { first_name: first_name.to_owned(), messages: Vec::new(), next_message: 1 };
        self.by_id.entry(id).or_insert(chat);
    }

    /// Somebody writes; the id of the update.
    pub(super) fn write(&mut self, chat: i64, user: &Value, text: &str) -> i64 {
        let message = self.add(chat, user.clone(), false, text, Value::Null);
        self.tell("message", &message.unwrap_or_default())
    }

    /// Somebody presses the newest button with this label; the id of the update. `None` when there is none.
    pub(super) fn press(&mut self, chat: i64, user: &Value, label: &str) -> Option<i64> {
        let found = self.by_id.get(&chat)?;
        let mut messages = found.messages.iter().rev().filter(|message| !message.deleted);
        let (message, data) = messages.find_map(|message| {
            let button = buttons(&message.keyboard).find(|button| button["text"] == label)?;
            Some((message.clone(), button["callback_data"].clone()))
        })?;
        let id = format!("press-{}", self.next_update);
        self.presses.insert(id.clone());
        let message = self.described(chat, &message);
        let query = json!({"id": id, "from": user, "message": message, "chat_instance": "1", "data": data});
        Some(self.tell("callback_query", &query))
    }

    pub(super) fn shown(&self, chat: i64) -> Vec<Shown> {
        let messages = self.by_id.get(&chat).into_iter().flat_map(|chat| &chat.messages);
        messages.filter(|message| !message.deleted).map(Message::shown).collect()
    }

    fn tell(&mut self, kind: &str, what: &Value) -> i64 {
        let id = self.next_update;
        self.next_update += 1;
        if self.allowed.as_ref().is_none_or(|allowed| allowed.is_empty() || allowed.iter().any(|it| it == kind)) {
            self.updates.push_back((id, json!({"update_id": id, kind: what})));
        }
        id
    }
}

/// What the bot does.
impl Chats {
    /// The updates from an offset on, at most `limit`; what lies before it is forgotten. A negative offset counts from the end.
    pub(super) fn updates(&mut self, offset: i64, limit: usize) -> Vec<Value> {
        if offset < 0 {
            let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            self.updates.drain(..self.updates.len().saturating_sub(keep));
        } else {
            self.updates.retain(|(id, _)| *id >= offset);
        }
        let answer: Vec<_> = self.updates.iter().take(limit).cloned().collect();
        self.handed_out = answer.iter().map(|(id, _)| *id).fold(self.handed_out, i64::max);
        answer.into_iter().map(|(_, update)| update).collect()
    }

    pub(super) fn allow(&mut self, kinds: Vec<String>) {
        self.allowed = Some(kinds);
    }

    pub(super) fn handed_out(&self) -> i64 {
        self.handed_out
    }

    pub(super) fn is_kept(&self, update: i64) -> bool {
        self.updates.iter().any(|(id, _)| *id == update)
    }

    pub(super) fn knows(&self, chat: i64) -> bool {
        self.by_id.contains_key(&chat)
    }

    /// A new message, described; `None` without such a chat.
    pub(super) fn add(&mut self, id: i64, from: Value, by_bot: bool, text: &str, keyboard: Value) -> Option<Value> {
        let chat = self.by_id.get_mut(&id)?;
        let message = Message { id: chat.next_message, from, by_bot, text: text.to_owned(), keyboard, deleted: false };
        chat.next_message += 1;
        chat.messages.push(message.clone());
        Some(self.described(id, &message))
    }

    /// Changes a message of the bot's. `None` when there is none of that id.
    pub(super) fn edit(&mut self, chat: i64, id: i64, text: &str, keyboard: Value) -> Option<Result<Value, Unchanged>> {
        let message = self.of_the_bot(chat, id)?;
        if message.text == text && message.keyboard == keyboard {
            return Some(Err(Unchanged));
        }
        text.clone_into(&mut message.text);
        message.keyboard = keyboard;
        let message = message.clone();
        Some(Ok(self.described(chat, &message)))
    }

    /// Deletes a message of the bot's; false when there is none of that id.
    pub(super) fn delete(&mut self, chat: i64, id: i64) -> bool {
        let found = self.of_the_bot(chat, id);
        found.map(|message| message.deleted = true).is_some()
    }

    /// Answers a press; false when there is none of that id that waits.
    pub(super) fn answer_press(&mut self, id: &str) -> bool {
        self.presses.remove(id)
    }

    fn of_the_bot(&mut self, chat: i64, id: i64) -> Option<&mut Message> {
        let messages = &mut self.by_id.get_mut(&chat)?.messages;
        messages.iter_mut().find(|message| message.id == id && message.by_bot && !message.deleted)
    }

    /// A message as the Bot API describes it.
    fn described(&self, id: i64, message: &Message) -> Value {
        let first_name = self.by_id.get(&id).map(|chat| chat.first_name.as_str());
        let chat = json!({"id": id, "type": "private", "first_name": first_name});
        let mut described = json!({
            "message_id": message.id, "from": message.from, "chat": chat, "date": DATE, "text": message.text,
        });
        if !message.keyboard.is_null() {
            described["reply_markup"] = message.keyboard.clone();
        }
        described
    }
}

/// An edit that changes nothing is refused.
#[derive(Debug)]
pub(super) struct Unchanged;

impl Message {
    fn shown(&self) -> Shown {
        let label = |button: &Value| button["text"].as_str().unwrap_or_default().to_owned();
        Shown { by_bot: self.by_bot, text: self.text.clone(), buttons: buttons(&self.keyboard).map(label).collect() }
    }
}

/// The buttons of an inline keyboard, in order.
pub(super) fn buttons(keyboard: &Value) -> impl Iterator<Item = &Value> {
    let rows = keyboard["inline_keyboard"].as_array().into_iter().flatten();
    rows.flat_map(|row| row.as_array().into_iter().flatten())
}
