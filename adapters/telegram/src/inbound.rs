//! From Telegram's updates to events. Reads only the fields that are needed, so that an update with anything new in it is
//! still understood.

use std::collections::BTreeMap;

use firstline_engine::{
    inbound::{Circumstances, ExternalId, InboundEvent, InboundKind, PlaceRef},
    knowledge::Language,
    people::{AccountRef, Platform},
    time::Timestamp,
};
use serde::Deserialize;
use serde_json::Value;

use self::{files::Things, group::Entity, membership::Membership};
use crate::identity::Me;

mod files;
mod group;
mod lists;
mod membership;
mod private;
mod staff;

pub(crate) use lists::Asked;

/// The chats that are staff rooms, and where chats are that have another id now.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rooms {
    named: Vec<i64>,
    moved: BTreeMap<i64, i64>,
}

impl Rooms {
    pub(crate) fn new(chats: impl IntoIterator<Item = i64>) -> Self {
        Self { named: chats.into_iter().collect(), moved: BTreeMap::new() }
    }

    /// The same, where these chats have moved.
    pub(crate) fn with_moved(&self, moved: &[(PlaceRef, PlaceRef)]) -> Self {
        let ours = moved.iter().filter(|(from, _)| from.platform == Platform::Telegram);
        let ids = ours.filter_map(|(from, to)| Some((from.key.parse().ok()?, to.key.parse().ok()?)));
        Self { named: self.named.clone(), moved: ids.collect() }
    }

    /// As the settings name them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = i64> {
        self.named.iter().copied()
    }

    /// The id that a chat has now.
    fn now(&self, chat: i64) -> i64 {
        self.moved.get(&chat).copied().unwrap_or(chat)
    }

    fn contains(&self, chat: i64) -> bool {
        self.named.iter().any(|named| self.now(*named) == self.now(chat))
    }
}

/// What one answer of Telegram's held.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Batch {
    /// What is for the desk, in order.
    pub(crate) events: Vec<InboundEvent>,
    /// The presses that wait for an answer; until then the button shows a spinner.
    pub(crate) presses: Vec<String>,
    /// The lists that staff ask for.
    pub(crate) lists: Vec<Asked>,
    /// The highest update id, whether understood or not.
    pub(crate) last: Option<i64>,
    /// The chats that have another id from now on: the old one and the new one.
    pub(crate) moves: Vec<(i64, i64)>,
    /// How many updates are not for the desk.
    pub(crate) left_out: usize,
    /// The updates that are not as we know them, each with what is wrong.
    pub(crate) strange: Vec<(Value, String)>,
}

impl Batch {
    /// Reads updates.
    pub(crate) fn read(updates: &[Value], rooms: &Rooms, me: &Me) -> Self {
        let mut batch = Self::default();
        for raw in updates {
            batch.last = batch.last.max(raw.get("update_id").and_then(Value::as_i64));
            if let Some(id) = raw.pointer("/callback_query/id").and_then(Value::as_str) {
                batch.presses.push(id.to_owned());
            }
            batch.moves.extend(moves(raw));
            let update = match Update::deserialize(raw) {
                Ok(update) => update,
                Err(error) => {
                    batch.strange.push((raw.clone(), error.to_string()));
                    continue;
                }
            };
            if let Some(asked) = update.message.as_ref().and_then(|message| lists::asked(message, rooms, me)) {
                batch.lists.push(asked);
                continue;
            }
            match event(update, raw, rooms, me) {
                Some(event) => batch.events.push(event),
                None => batch.leave_out(raw),
            }
        }
        batch
    }

    fn leave_out(&mut self, raw: &Value) {
        self.left_out += 1;
        let fields: Vec<&str> = raw.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        tracing::debug!(?fields, "an update from Telegram is not for the desk");
    }
}

/// A chat's old id and its new one, where an update tells of both: a group has become a supergroup.
pub(crate) fn moves(update: &Value) -> Option<(i64, i64)> {
    let message = update.get("message")?;
    let number = |path: &str| message.pointer(path).and_then(Value::as_i64);
    let chat = number("/chat/id")?;
    let to = number("/migrate_to_chat_id").map(|to| (chat, to));
    to.or_else(|| Some((number("/migrate_from_chat_id")?, chat)))
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are Telegram's")]
struct Update {
    update_id: i64,
    message: Option<Message>,
    edited_message: Option<Message>,
    callback_query: Option<CallbackQuery>,
    my_chat_member: Option<Membership>,
    message_reaction: Option<Reaction>,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are Telegram's")]
struct Message {
    message_id: i64,
    date: i64,
    edit_date: Option<i64>,
    chat: Chat,
    from: Option<User>,
    /// Set where a chat and not a person speaks: an anonymous administrator, a channel.
    sender_chat: Option<SenderChat>,
    message_thread_id: Option<i64>,
    #[serde(default)]
    is_topic_message: bool,
    text: Option<String>,
    #[serde(default)]
    entities: Vec<Entity>,
    caption: Option<String>,
    #[serde(default)]
    caption_entities: Vec<Entity>,
    /// All parts of an album have the same.
    media_group_id: Option<String>,
    reply_to_message: Option<Quoted>,
    /// Who wrote it first, where it was passed on.
    forward_origin: Option<Origin>,
    #[serde(flatten)]
    things: Things,
}

/// Where a message comes from that was passed on.
#[derive(Deserialize)]
struct Origin {
    sender_user: Option<User>,
    sender_user_name: Option<String>,
    sender_chat: Option<SenderChat>,
    chat: Option<SenderChat>,
}

impl Origin {
    fn name(&self) -> &str {
        let user = self.sender_user.as_ref().map(|user| user.first_name.as_str());
        let chat = self.sender_chat.as_ref().or(self.chat.as_ref()).and_then(|chat| chat.title.as_deref());
        user.or(self.sender_user_name.as_deref()).or(chat).unwrap_or("?")
    }
}

#[derive(Deserialize)]
struct Quoted {
    message_id: i64,
    from: Option<User>,
}

#[derive(Deserialize)]
struct Chat {
    id: i64,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct SenderChat {
    id: i64,
    title: Option<String>,
}

#[derive(Clone, Deserialize)]
struct User {
    id: i64,
    #[serde(default)]
    is_bot: bool,
    #[serde(default)]
    first_name: String,
    last_name: Option<String>,
    username: Option<String>,
    language_code: Option<String>,
}

#[derive(Deserialize)]
struct CallbackQuery {
    from: User,
    message: Option<Pressed>,
    data: Option<String>,
}

/// Somebody put a sign on a message, or took it away.
#[derive(Deserialize)]
struct Reaction {
    chat: Chat,
    message_id: i64,
    user: Option<User>,
    date: i64,
    #[serde(default, rename = "new_reaction")]
    now: Vec<Sign>,
}

#[derive(Deserialize)]
struct Sign {
    /// Not every sign is one: there are stickers and stars.
    emoji: Option<String>,
}

/// The message whose button was pressed. Of one that is too old only the first two are told.
#[derive(Deserialize)]
struct Pressed {
    chat: Chat,
    message_id: i64,
    message_thread_id: Option<i64>,
    #[serde(default)]
    is_topic_message: bool,
}

impl Message {
    /// What it says, in words; of what was passed on, also whose words they were.
    fn words(&mut self) -> Option<String> {
        let words = self.text.take().or_else(|| self.caption.take()).or_else(|| self.things.words());
        match (&self.forward_origin, words) {
            (Some(origin), Some(words)) => Some(format!("↪ {}:\n{words}", origin.name())),
            (_, words) => words,
        }
    }
}

impl Update {
    /// Where it happened.
    fn chat(&self) -> Option<i64> {
        let message = self.message.as_ref().or(self.edited_message.as_ref()).map(|message| message.chat.id);
        let pressed = || Some(self.callback_query.as_ref()?.message.as_ref()?.chat.id);
        message
            .or_else(pressed)
            .or_else(|| Some(self.my_chat_member.as_ref()?.chat.id))
            .or_else(|| Some(self.message_reaction.as_ref()?.chat.id))
    }
}

/// The event in an update; `None` when there is none for the desk.
fn event(update: Update, raw: &Value, rooms: &Rooms, me: &Me) -> Option<InboundEvent> {
    let chat = update.chat()?;
    let is_room = rooms.contains(chat);
    let key = rooms.now(chat).to_string();
    let Update { update_id, message, edited_message, callback_query, my_chat_member, message_reaction } = update;
    let (account, key, at, kind) = if let Some(membership) = my_chat_member {
        membership.read(is_room, key)?
    } else if is_room {
        staff::read(message, edited_message, callback_query, key)?
    } else if let Some(reaction) = message_reaction {
        private::signed(reaction)?
    } else if let Some(query) = callback_query {
        pressed(query)?
    } else if let Some(message) = message {
        if message.chat.kind == "private" { private::written(message)? } else { group::asked(message, &key, me)? }
    } else {
        private::changed(edited_message?)?
    };
    Some(InboundEvent {
        dedupe_key: format!("update:{update_id}"),
        account,
        place: PlaceRef { platform: Platform::Telegram, key },
        kind,
        sent_at: at.map(|seconds| Timestamp(seconds.saturating_mul(1000))),
        raw: raw.clone(),
        circumstances: Circumstances::default(),
    })
}

/// Who, in which place, when, and what.
type Done = (AccountRef, String, Option<i64>, InboundKind);

fn pressed(query: CallbackQuery) -> Option<Done> {
    let message = query.message?;
    if message.chat.kind != "private" || query.from.is_bot {
        return None;
    }
    let key = private::key(&message.chat, topic(message.message_thread_id, message.is_topic_message));
    Some((account(query.from), key, None, InboundKind::Choice { token: query.data? }))
}

/// A reply outside of topics carries a thread id that is no topic's.
fn topic(thread: Option<i64>, is_topic_message: bool) -> Option<i64> {
    thread.filter(|_| is_topic_message)
}

fn account(user: User) -> AccountRef {
    let name = [Some(user.first_name), user.last_name].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    AccountRef {
        platform: Platform::Telegram,
        display_name: name.or(user.username).unwrap_or_else(|| user.id.to_string()),
        user_id: user.id.to_string(),
        language: user.language_code.as_deref().and_then(language),
    }
}

/// The language of an IETF tag such as `de-AT`, if we speak it.
fn language(tag: &str) -> Option<Language> {
    tag.split('-').next().unwrap_or_default().to_lowercase().parse().ok()
}

fn external(message_id: i64) -> ExternalId {
    ExternalId(message_id.to_string())
}

#[cfg(test)]
mod tests;
