//! What people do where they sit: write, change, press, react. Each tells the bot what Telegram would tell it, and returns the
//! id of that update.

use serde_json::{Map, Value, json};

use super::{BOT, BOT_NAME, Message, World, buttons, message::WITH_FILE};

/// Where somebody sits: in a chat, perhaps in one of its topics, as themselves or in the name of a chat.
#[derive(Debug, Clone)]
pub(in crate::telegram) struct Seat {
    pub(in crate::telegram) user: Value,
    pub(in crate::telegram) sender_chat: Value,
    pub(in crate::telegram) chat: i64,
    pub(in crate::telegram) thread: Option<i64>,
}

impl Seat {
    /// A message belongs to what is seen from here.
    pub(in crate::telegram) fn sees(&self, message: &Message) -> bool {
        match self.thread {
            Some(thread) => message.in_topic && message.thread == Some(thread),
            None => !message.in_topic,
        }
    }
}

impl World {
    /// Somebody writes: `body` is what the message says, as the Bot API names it.
    pub(in crate::telegram) fn write(
        &mut self,
        seat: &Seat,
        mut body: Map<String, Value>,
        reply_to: Option<i64>,
    ) -> i64 {
        for (words, marks) in [("text", "entities"), ("caption", "caption_entities")] {
            let found = body.get(words).and_then(Value::as_str).map(entities).unwrap_or_default();
            if !found.is_empty() && !body.contains_key(marks) {
                body.insert(marks.to_owned(), found.into());
            }
        }
        let mut message = Message::new(self.next_message(seat.chat), self.now, seat.user.clone());
        message.sender_chat = seat.sender_chat.clone();
        message.body = body;
        message.reply_to = reply_to;
        if let Some(thread) = seat.thread {
            message.thread = Some(thread);
            message.in_topic = true;
            // What answers nothing else in a topic answers the message that began it.
            message.reply_to = reply_to.or(Some(thread));
        } else if self.chats.get(&seat.chat).is_some_and(super::Chat::is_supergroup) {
            // Answers make threads of their own, which are no topics.
            let answered = reply_to.and_then(|id| self.message(seat.chat, id));
            message.thread = answered.map(|answered| answered.thread.unwrap_or(answered.id));
        }
        let is_told = self.is_for_the_bot(seat.chat, &message);
        let described = self.put(seat.chat, message);
        if is_told { self.tell("message", &described) } else { 0 }
    }

    /// Somebody changes the words of a message of theirs, or takes those below a file away.
    pub(in crate::telegram) fn rewrite(&mut self, seat: &Seat, id: i64, text: &str) -> Option<i64> {
        let message = self.message_mut(seat.chat, id)?;
        let (field, marks) =
            if message.carries_file() { ("caption", "caption_entities") } else { ("text", "entities") };
        message.body.remove(field);
        message.body.remove(marks);
        let mut changed = Map::new();
        if !text.is_empty() {
            changed.insert(field.to_owned(), text.into());
            let found = entities(text);
            if !found.is_empty() {
                changed.insert(marks.to_owned(), found.into());
            }
        }
        self.change(seat, id, changed)
    }

    /// Something else of a message of theirs changes.
    pub(in crate::telegram) fn change(&mut self, seat: &Seat, id: i64, body: Map<String, Value>) -> Option<i64> {
        let now = self.now;
        let message = self.message_mut(seat.chat, id)?;
        message.body.extend(body);
        message.edited = Some(now);
        let message = message.clone();
        let is_told = self.is_for_the_bot(seat.chat, &message);
        let described = self.described(seat.chat, &message);
        Some(if is_told { self.tell("edited_message", &described) } else { 0 })
    }

    /// Somebody deletes a message. Telegram tells the bot nothing.
    pub(in crate::telegram) fn remove(&mut self, seat: &Seat, id: i64) -> bool {
        self.message_mut(seat.chat, id).map(|message| message.deleted = true).is_some()
    }

    /// Somebody presses the newest button with this label that they see. `None` when there is none that lives.
    pub(in crate::telegram) fn press(&mut self, seat: &Seat, label: &str) -> Option<i64> {
        let messages = &self.chats.get(&seat.chat)?.messages;
        let mut seen = messages.iter().rev().filter(|message| !message.deleted && seat.sees(message));
        let (message, data) = seen.find_map(|message| {
            let button = buttons(&message.keyboard).find(|button| button["text"] == label)?;
            Some((message.clone(), button["callback_data"].clone()))
        })?;
        Some(self.tell_press(seat, &message, &data))
    }

    /// Somebody presses every button with this label; how many there are.
    pub(in crate::telegram) fn press_each(&mut self, seat: &Seat, label: &str) -> usize {
        let seen = self.chats.get(&seat.chat).into_iter().flat_map(|chat| &chat.messages);
        let pressed: Vec<(Message, Value)> = seen
            .filter(|message| !message.deleted && seat.sees(message))
            .filter_map(|message| {
                let button = buttons(&message.keyboard).find(|button| button["text"] == label)?;
                Some((message.clone(), button["callback_data"].clone()))
            })
            .collect();
        for (message, data) in &pressed {
            self.tell_press(seat, message, data);
        }
        pressed.len()
    }

    /// Somebody whose screen is old presses a button that was taken away meanwhile, which some clients let through.
    pub(in crate::telegram) fn press_again(&mut self, seat: &Seat, id: i64, data: &str) -> Option<i64> {
        let message = self.message(seat.chat, id)?.clone();
        Some(self.tell_press(seat, &message, &data.into()))
    }

    fn tell_press(&mut self, seat: &Seat, message: &Message, data: &Value) -> i64 {
        let id = format!("{}", 4_000_000_000_000_000_000_u64 + self.presses.len() as u64 + self.popups.len() as u64);
        self.presses.insert(id.clone());
        let message = self.described(seat.chat, message);
        let instance = format!("{}", seat.chat.unsigned_abs());
        let query = json!({"id": id, "from": seat.user, "message": message, "chat_instance": instance, "data": data});
        self.tell("callback_query", &query)
    }

    /// Somebody reacts to a message. The bot is told when it may know: in a private chat, or as an administrator.
    pub(in crate::telegram) fn react(&mut self, seat: &Seat, id: i64, emoji: &str) -> Option<i64> {
        let user = seat.user["id"].as_i64()?;
        let message = self.message_mut(seat.chat, id)?;
        let new = json!([{"type": "emoji", "emoji": emoji}]);
        let old = message.reactions.insert(user, new.clone()).unwrap_or_else(|| json!([]));
        let chat = self.chats.get(&seat.chat)?;
        let is_told = chat.is_private() || chat.bot().is_some_and(|bot| bot.status == "administrator");
        let chat = chat.described();
        let what = json!({"chat": chat, "message_id": id, "user": seat.user, "date": self.now,
                          "old_reaction": old, "new_reaction": new});
        Some(if is_told { self.tell("message_reaction", &what) } else { 0 })
    }

    /// The bot is told of a message: always in private; in groups when it sees everything, or when it is meant.
    pub(super) fn is_for_the_bot(&self, chat: i64, message: &Message) -> bool {
        let Some(chat) = self.chats.get(&chat) else { return false };
        if chat.is_private() {
            return true;
        }
        if !chat.has_bot() {
            return false;
        }
        let sees_all = self.reads_everything || chat.bot().is_some_and(|bot| bot.status == "administrator");
        let answers_the_bot = message
            .reply_to
            .and_then(|id| self.message(chat.id, id))
            .is_some_and(|answered| answered.from["id"] == BOT);
        sees_all || message.service().is_some() || answers_the_bot || names_the_bot(message.text())
    }
}

/// A command without a name or with the bot's, or a mention of it.
fn names_the_bot(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    let command = first.strip_prefix('/').is_some_and(|rest| match rest.split_once('@') {
        Some((_, name)) => name.eq_ignore_ascii_case(BOT_NAME),
        None => !rest.is_empty(),
    });
    command || text.to_lowercase().contains(&format!("@{BOT_NAME}"))
}

/// Commands and mentions, as Telegram marks them by itself.
fn entities(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut offset = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let kind = match bare.chars().next() {
            Some('/') if bare.len() > 1 => Some("bot_command"),
            Some('@') if bare.len() > 1 => Some("mention"),
            _ => None,
        };
        if let Some(kind) = kind {
            found.push(json!({"type": kind, "offset": offset, "length": bare.encode_utf16().count()}));
        }
        offset += word.encode_utf16().count();
    }
    found
}

/// What a message says, from its words and its file.
pub(in crate::telegram) fn body(text: &str, file: Option<(&str, Value)>) -> Map<String, Value> {
    let mut body = Map::new();
    let field = if file.is_some() { "caption" } else { "text" };
    if let Some((kind, described)) = file {
        debug_assert!(WITH_FILE.contains(&kind), "{kind} is no file");
        body.insert(kind.to_owned(), described);
    }
    if !text.is_empty() {
        body.insert(field.to_owned(), text.into());
    }
    body
}
