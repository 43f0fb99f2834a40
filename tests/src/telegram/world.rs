//! What the platform remembers: chats with their members, topics and messages, the updates that the bot has not asked past,
//! files, and what the bot says of itself.

mod acts;
mod administration;
mod chat;
mod files;
mod message;
mod profile;
mod updates;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::{Value, json};

pub(super) use acts::{Seat, body};
pub(super) use chat::{Chat, Kind, Member, Topic};
pub(super) use files::{File, Files, LARGEST_FETCHED, LARGEST_SENT};
pub(super) use message::{Message, WITH_FILE, buttons};
pub(super) use profile::Profile;
pub(super) use updates::{Disorder, Updates};

pub use chat::Right;
pub use message::Shown;

/// The bot's own id.
pub(super) const BOT: i64 = 4711;
/// The bot's name in mentions.
pub(super) const BOT_NAME: &str = "firstline_test_bot";
/// Whoever writes as "the group" has this id, in every group.
pub(super) const ANONYMOUS: i64 = 1_087_968_824;
/// Whoever writes as a channel has this id.
pub(super) const CHANNEL: i64 = 136_817_688;

/// When everything begins, in Unix time.
const BEGINNING: i64 = 1_750_000_000;

/// What the platform remembers.
#[derive(Debug)]
pub(super) struct World {
    pub(super) chats: BTreeMap<i64, Chat>,
    pub(super) updates: Updates,
    pub(super) files: Files,
    pub(super) profile: Profile,
    /// The presses that the bot has not answered yet.
    pub(super) presses: BTreeSet<String>,
    /// What the bot answered to presses, in order: the text that popped up, empty where none did.
    pub(super) popups: Vec<String>,
    /// Unix time, in seconds. It moves only when a story says so.
    pub(super) now: i64,
    /// The bot sees everything in groups, not only what is meant for it.
    pub(super) reads_everything: bool,
    /// The server offers topics in private chats.
    pub(super) has_private_topics: bool,
    /// Private chats and small groups share one count of messages; every supergroup has its own.
    next_message: i64,
}

impl Default for World {
    fn default() -> Self {
        Self {
            chats: BTreeMap::new(),
            updates: Updates::default(),
            files: Files::default(),
            profile: Profile::default(),
            presses: BTreeSet::new(),
            popups: Vec::new(),
            now: BEGINNING,
            reads_everything: false,
            has_private_topics: false,
            next_message: 1,
        }
    }
}

impl World {
    /// The bot itself, as messages name it.
    pub(super) fn bot() -> Value {
        json!({"id": BOT, "is_bot": true, "first_name": "Firstline", "username": BOT_NAME})
    }

    /// Opens a chat, unless there is one of this id.
    pub(super) fn open(&mut self, chat: Chat) {
        self.chats.entry(chat.id).or_insert(chat);
    }

    /// Time passes; updates that nobody fetched for a day are gone.
    pub(super) fn pass(&mut self, time: Duration) {
        self.now += i64::try_from(time.as_secs()).unwrap_or(0);
        self.updates.expire(self.now);
    }

    /// The next id for a message in a chat.
    pub(super) fn next_message(&mut self, chat: i64) -> i64 {
        let own = self.chats.get_mut(&chat).filter(|chat| chat.is_supergroup());
        let next = own.map_or(&mut self.next_message, |chat| &mut chat.next_message);
        *next += 1;
        *next - 1
    }

    /// A message that is there, not deleted.
    pub(super) fn message(&self, chat: i64, id: i64) -> Option<&Message> {
        self.chats.get(&chat)?.messages.iter().find(|message| message.id == id && !message.deleted)
    }

    /// A message that is there, to change it.
    pub(super) fn message_mut(&mut self, chat: i64, id: i64) -> Option<&mut Message> {
        self.chats.get_mut(&chat)?.messages.iter_mut().find(|message| message.id == id && !message.deleted)
    }

    /// Puts a message into its chat and describes it. The chat is there.
    pub(super) fn put(&mut self, chat: i64, message: Message) -> Value {
        let described = self.described(chat, &message);
        if let Some(chat) = self.chats.get_mut(&chat) {
            chat.messages.push(message);
        }
        described
    }

    /// Tells the bot, if it wants to know of such things; the id of the update.
    pub(super) fn tell(&mut self, kind: &str, what: &Value) -> i64 {
        self.updates.add(kind, what, self.now)
    }

    /// A message as the Bot API describes it, together with what it answers.
    pub(super) fn described(&self, chat: i64, message: &Message) -> Value {
        let mut described = self.described_alone(chat, message);
        let answered = message.reply_to.and_then(|id| self.message(chat, id));
        if let Some(answered) = answered {
            described["reply_to_message"] = self.described_alone(chat, answered);
        }
        described
    }

    fn described_alone(&self, chat: i64, message: &Message) -> Value {
        let chat = self.chats.get(&chat).map(Chat::described).unwrap_or_default();
        message.described(&chat)
    }
}
