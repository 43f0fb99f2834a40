//! From Telegram's updates to events. Reads only the fields that are needed, so that an update with anything new in it is
//! still understood.

use std::collections::BTreeMap;

use firstline_engine::{
    inbound::{Circumstances, ExternalId, InboundEvent, InboundKind, PlaceRef},
    knowledge::Language,
    people::{AccountRef, Platform},
    room::StaffDid,
    time::Timestamp,
};
use serde::Deserialize as _;
use serde_json::Value;

use self::update::{CallbackQuery, Chat, Message, Reaction, SenderChat, Update, User};
use crate::identity::Me;

mod albums;
mod files;
mod group;
mod links;
mod lists;
mod membership;
mod private;
mod rich;
mod staff;
mod unknown;
mod update;

pub(crate) use albums::Albums;
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
    pub(crate) fn read(updates: &[Value], rooms: &Rooms, me: &Me, albums: &Albums) -> Self {
        let mut batch = Self::default();
        // The words of an album need not come first, nor in the first answer.
        let mut earlier = Vec::new();
        for raw in updates.iter().filter(|raw| album(raw).is_some()) {
            let message = Update::deserialize(raw).ok().and_then(|update| update.message);
            if let Some(album) = message.and_then(|message| group::album_for_us(message, me)) {
                earlier.extend(albums.mean(&album));
            }
        }
        earlier.retain(|raw| !updates.contains(raw));
        batch.add(&earlier, rooms, me, albums);
        batch.add(updates, rooms, me, albums);
        batch.last = updates.iter().filter_map(|raw| raw.get("update_id").and_then(Value::as_i64)).max();
        batch
    }

    fn add(&mut self, updates: &[Value], rooms: &Rooms, me: &Me, albums: &Albums) {
        for raw in updates {
            if let Some(id) = raw.pointer("/callback_query/id").and_then(Value::as_str) {
                self.presses.push(id.to_owned());
            }
            self.moves.extend(moves(raw));
            let update = match Update::deserialize(raw) {
                Ok(update) => update,
                Err(error) => {
                    self.strange.push((raw.clone(), error.to_string()));
                    continue;
                }
            };
            if let Some(asked) = update.message.as_ref().and_then(|message| lists::asked(message, rooms, me)) {
                self.lists.push(asked);
                continue;
            }
            let unknown = raw.get("message").and_then(unknown::content);
            let Some(event) = event(update, unknown.is_some(), raw, rooms, me, albums) else {
                if let Some(album) = album(raw) {
                    albums.keep(album, raw);
                }
                self.leave_out(raw);
                continue;
            };
            if let (Some(names), true) = (unknown, says_nothing(&event.kind)) {
                self.strange.push((raw.clone(), format!("a message with nothing that is known: {names}")));
            }
            self.events.push(event);
        }
    }

    fn leave_out(&mut self, raw: &Value) {
        self.left_out += 1;
        let fields: Vec<&str> = raw.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        tracing::debug!(?fields, "an update from Telegram is not for the desk");
    }
}

/// The album that an update tells a part of.
fn album(raw: &Value) -> Option<&str> {
    raw.pointer("/message/media_group_id").and_then(Value::as_str)
}

/// It is a message with neither words nor files.
fn says_nothing(kind: &InboundKind) -> bool {
    let said = match kind {
        InboundKind::Message { text, attachments, .. } | InboundKind::Public { text, attachments, .. } => {
            Some((text, attachments))
        }
        InboundKind::Staff(input) => match &input.what {
            StaffDid::Said { text, attachments, .. } => Some((text, attachments)),
            _ => None,
        },
        _ => None,
    };
    said.is_some_and(|(text, attachments)| text.is_empty() && attachments.is_empty())
}

/// A chat's old id and its new one, where an update tells of both: a group has become a supergroup.
pub(crate) fn moves(update: &Value) -> Option<(i64, i64)> {
    let message = update.get("message")?;
    let number = |path: &str| message.pointer(path).and_then(Value::as_i64);
    let chat = number("/chat/id")?;
    let to = number("/migrate_to_chat_id").map(|to| (chat, to));
    to.or_else(|| Some((number("/migrate_from_chat_id")?, chat)))
}

/// The event in an update; `None` when there is none for the desk. What is of an unknown kind is a message all the same.
fn event(
    update: Update,
    is_unknown: bool,
    raw: &Value,
    rooms: &Rooms,
    me: &Me,
    albums: &Albums,
) -> Option<InboundEvent> {
    let chat = update.chat()?;
    let is_room = rooms.contains(chat);
    let key = rooms.now(chat).to_string();
    let Update { update_id, message, edited_message, callback_query, my_chat_member, message_reaction } = update;
    let (account, key, at, kind) = if let Some(membership) = my_chat_member {
        membership.read(is_room, key)?
    } else if is_room {
        staff::read(message, edited_message, callback_query, is_unknown, key)?
    } else if let Some(reaction) = message_reaction {
        private::signed(reaction)?
    } else if let Some(query) = callback_query {
        pressed(query)?
    } else if let Some(message) = message {
        if message.chat.kind == "private" {
            private::written(message, is_unknown)?
        } else {
            group::asked(message, &key, me, albums)?
        }
    } else {
        let message = edited_message?;
        if message.chat.kind == "private" { private::changed(message)? } else { group::asked_anew(message, &key, me)? }
    };
    Some(InboundEvent {
        dedupe_key: format!("update:{}:{update_id}", me.id),
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
