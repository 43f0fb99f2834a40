//! From Telegram's updates to events. Reads only the fields that are needed, so that an update with anything new in it is
//! still understood.

use firstline_engine::{
    inbound::{Circumstances, ExternalId, InboundEvent, InboundKind, PlaceRef},
    knowledge::Language,
    people::{AccountRef, Platform},
    time::Timestamp,
};
use serde::Deserialize;
use serde_json::Value;

use self::files::Things;

mod album;
mod files;
mod staff;

/// The chats that are staff rooms.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rooms(Vec<i64>);

impl Rooms {
    pub(crate) fn new(chats: impl IntoIterator<Item = i64>) -> Self {
        Self(chats.into_iter().collect())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = i64> {
        self.0.iter().copied()
    }

    fn contains(&self, chat: i64) -> bool {
        self.0.contains(&chat)
    }
}

/// What one answer of Telegram's held.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Batch {
    /// What is for the desk, in order.
    pub(crate) events: Vec<InboundEvent>,
    /// The presses that wait for an answer; until then the button shows a spinner.
    pub(crate) presses: Vec<String>,
    /// The highest update id, whether understood or not.
    pub(crate) last: Option<i64>,
    /// How many updates are not for the desk.
    pub(crate) left_out: usize,
    /// The updates that are not as we know them, each with what is wrong.
    pub(crate) strange: Vec<(Value, String)>,
}

impl Batch {
    /// Reads updates.
    pub(crate) fn read(updates: Vec<Value>, rooms: &Rooms) -> Self {
        let mut batch = Self::default();
        for raw in updates {
            batch.last = batch.last.max(raw.get("update_id").and_then(Value::as_i64));
            if let Some(id) = raw.pointer("/callback_query/id").and_then(Value::as_str) {
                batch.presses.push(id.to_owned());
            }
            match Update::deserialize(&raw).map(|update| event(update, &raw, rooms)) {
                Ok(Some(event)) => album::add(&mut batch.events, event),
                Ok(None) => batch.leave_out(&raw),
                Err(error) => batch.strange.push((raw, error.to_string())),
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

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are Telegram's")]
struct Update {
    update_id: i64,
    message: Option<Message>,
    edited_message: Option<Message>,
    callback_query: Option<CallbackQuery>,
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
    caption: Option<String>,
    reply_to_message: Option<Quoted>,
    #[serde(flatten)]
    things: Things,
}

#[derive(Deserialize)]
struct Quoted {
    message_id: i64,
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
}

#[derive(Deserialize)]
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
    /// What it says, in words.
    fn words(&mut self) -> Option<String> {
        self.text.take().or_else(|| self.caption.take()).or_else(|| self.things.words())
    }
}

impl Update {
    /// Where it happened.
    fn chat(&self) -> Option<i64> {
        let message = self.message.as_ref().or(self.edited_message.as_ref()).map(|message| message.chat.id);
        message.or_else(|| Some(self.callback_query.as_ref()?.message.as_ref()?.chat.id))
    }
}

/// The event in an update; `None` when there is none for the desk.
fn event(update: Update, raw: &Value, rooms: &Rooms) -> Option<InboundEvent> {
    if rooms.contains(update.chat()?) {
        return staff::event(update, raw);
    }
    let Update { update_id, message, edited_message, callback_query } = update;
    let (chat, from, at, kind) = if let Some(query) = callback_query {
        (query.message?.chat, query.from, None, InboundKind::Choice { token: query.data? })
    } else if let Some(message) = message {
        let at = message.date;
        let (chat, from, kind) = written(message)?;
        (chat, from, Some(at), kind)
    } else {
        let message = edited_message?;
        let at = message.edit_date.unwrap_or(message.date);
        let text = message.text.or(message.caption).unwrap_or_default();
        let kind = InboundKind::Edited { message: external(message.message_id), text };
        (message.chat, message.from?, Some(at), kind)
    };
    if chat.kind != "private" || from.is_bot {
        return None;
    }
    Some(InboundEvent {
        dedupe_key: format!("update:{update_id}"),
        account: account(from),
        place: PlaceRef { platform: Platform::Telegram, key: chat.id.to_string() },
        kind,
        sent_at: at.map(|seconds| Timestamp(seconds.saturating_mul(1000))),
        raw: raw.clone(),
        circumstances: Circumstances::default(),
    })
}

/// A new message; `None` when it has neither words nor files: somebody pinned something, shared a place.
fn written(mut message: Message) -> Option<(Chat, User, InboundKind)> {
    let text = message.words();
    let attachments = message.things.into_attachments();
    if text.is_none() && attachments.is_empty() {
        return None;
    }
    let kind = InboundKind::Message {
        message: external(message.message_id),
        text: text.unwrap_or_default(),
        reply_to: message.reply_to_message.map(|quoted| external(quoted.message_id)),
        attachments,
    };
    Some((message.chat, message.from?, kind))
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
