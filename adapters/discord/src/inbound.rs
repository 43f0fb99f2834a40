//! From the gateway's dispatches to events. Reads only the fields that are needed, so that a dispatch with anything new in it
//! is still understood.

use firstline_engine::{
    files::FileKind,
    inbound::{Attachment, ExternalId, InboundEvent, InboundKind, PlaceRef},
    knowledge::Language,
    people::{AccountRef, Platform},
    time::Timestamp,
};
use serde::Deserialize;
use serde_json::Value;

/// What a dispatch holds.
#[derive(Debug, PartialEq)]
pub(crate) enum Dispatch {
    /// Something for the desk.
    Event(Box<InboundEvent>),
    /// A press on a button or in a list, which has to be acknowledged within three seconds.
    Press(Box<InboundEvent>, Press),
    /// A message was deleted; Discord does not tell by whom.
    Deleted {
        /// Which.
        message: String,
        /// In which channel.
        channel: String,
    },
    /// Nothing for the desk.
    LeftOut,
}

/// What is needed to acknowledge an interaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Press {
    /// The interaction.
    pub(crate) id: u64,
    /// Its token.
    pub(crate) token: String,
}

/// Reads a dispatch: `kind` is its `t`, `data` its `d`.
pub(crate) fn read(kind: &str, data: &Value) -> Result<Dispatch, serde_json::Error> {
    Ok(match kind {
        "MESSAGE_CREATE" => Message::deserialize(data)?.event(data).map_or(Dispatch::LeftOut, Dispatch::Event),
        "MESSAGE_UPDATE" => Edited::deserialize(data)?.event(data).map_or(Dispatch::LeftOut, Dispatch::Event),
        "MESSAGE_DELETE" => {
            let deleted = Deleted::deserialize(data)?;
            match deleted.guild_id {
                None => Dispatch::Deleted { message: deleted.id, channel: deleted.channel_id },
                Some(_) => Dispatch::LeftOut,
            }
        }
        "INTERACTION_CREATE" if data.get("type").and_then(Value::as_i64) == Some(COMPONENT) => {
            Interaction::deserialize(data)?.press(data).unwrap_or(Dispatch::LeftOut)
        }
        _ => Dispatch::LeftOut,
    })
}

/// The event of a deletion, once it is known who is in the channel.
pub(crate) fn deleted(message: String, channel: &str, account: AccountRef, raw: &Value) -> InboundEvent {
    InboundEvent {
        dedupe_key: format!("delete:{message}"),
        account,
        place: place(channel),
        kind: InboundKind::Deleted { message: ExternalId(message) },
        sent_at: None,
        raw: raw.clone(),
    }
}

/// The one whom a channel of direct messages is with, as the API tells.
pub(crate) fn recipient(channel: &Value) -> Option<AccountRef> {
    let user = User::deserialize(channel.get("recipients")?.get(0)?).ok()?;
    Some(user.account(None))
}

/// An interaction with a component of a message.
const COMPONENT: i64 = 3;
/// Kinds of messages that people write; the others tell of pins, calls and the like.
const WRITTEN: [u8; 2] = [0, 19];

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are Discord's")]
struct Message {
    id: String,
    channel_id: String,
    guild_id: Option<String>,
    #[serde(rename = "type", default)]
    kind: u8,
    author: User,
    #[serde(default)]
    content: String,
    message_reference: Option<Reference>,
    #[serde(default)]
    attachments: Vec<File>,
    #[serde(default)]
    sticker_items: Vec<Sticker>,
}

#[derive(Deserialize)]
struct Reference {
    message_id: Option<String>,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    content_type: Option<String>,
    size: Option<u64>,
    url: String,
}

#[derive(Deserialize)]
struct Sticker {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct User {
    id: String,
    username: String,
    global_name: Option<String>,
    #[serde(default)]
    bot: bool,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are Discord's")]
struct Edited {
    id: String,
    channel_id: String,
    guild_id: Option<String>,
    author: Option<User>,
    content: Option<String>,
    edited_timestamp: Option<String>,
}

#[derive(Deserialize)]
struct Deleted {
    id: String,
    channel_id: String,
    guild_id: Option<String>,
}

#[derive(Deserialize)]
struct Interaction {
    id: String,
    token: String,
    channel_id: Option<String>,
    guild_id: Option<String>,
    /// Absent in a server, where `member` is there instead.
    user: Option<User>,
    locale: Option<String>,
    data: Component,
}

#[derive(Deserialize)]
struct Component {
    custom_id: String,
    #[serde(default)]
    values: Vec<String>,
}

impl Message {
    fn event(self, raw: &Value) -> Option<Box<InboundEvent>> {
        if self.guild_id.is_some() || self.author.bot || !WRITTEN.contains(&self.kind) {
            return None;
        }
        let files = self.attachments.into_iter().map(|file| Attachment {
            name: file.filename,
            media_type: file.content_type,
            size: file.size,
            handle: file.url,
            kind: FileKind::Document,
            file: None,
        });
        let stickers = self.sticker_items.into_iter().map(|sticker| Attachment {
            name: sticker.name,
            media_type: None,
            size: None,
            handle: format!("sticker:{}", sticker.id),
            kind: FileKind::Document,
            file: None,
        });
        Some(Box::new(InboundEvent {
            dedupe_key: format!("message:{}", self.id),
            account: self.author.account(None),
            place: place(&self.channel_id),
            sent_at: made_at(&self.id),
            kind: InboundKind::Message {
                message: ExternalId(self.id),
                text: self.content,
                reply_to: self.message_reference.and_then(|reference| reference.message_id).map(ExternalId),
                attachments: files.chain(stickers).collect(),
            },
            raw: raw.clone(),
        }))
    }
}

impl Edited {
    /// Discord also tells of changes that nobody made: a preview of a link has come. Those have no time of an edit.
    fn event(self, raw: &Value) -> Option<Box<InboundEvent>> {
        let author = self.author.filter(|author| !author.bot)?;
        let (text, edited_at) = (self.content?, self.edited_timestamp?);
        if self.guild_id.is_some() {
            return None;
        }
        Some(Box::new(InboundEvent {
            dedupe_key: format!("edit:{}:{edited_at}", self.id),
            account: author.account(None),
            place: place(&self.channel_id),
            kind: InboundKind::Edited { message: ExternalId(self.id), text },
            sent_at: serenity::model::Timestamp::parse(&edited_at)
                .ok()
                .map(|at| Timestamp(at.unix_timestamp().saturating_mul(1000))),
            raw: raw.clone(),
        }))
    }
}

impl Interaction {
    fn press(self, raw: &Value) -> Option<Dispatch> {
        let (user, channel) = (self.user?, self.channel_id?);
        if self.guild_id.is_some() {
            return None;
        }
        let press = Press { id: self.id.parse().ok()?, token: self.token };
        // Of a list the entry counts, of a button its own id.
        let token = self.data.values.into_iter().next().unwrap_or(self.data.custom_id);
        let event = InboundEvent {
            dedupe_key: format!("interaction:{}", self.id),
            account: user.account(self.locale.as_deref()),
            place: place(&channel),
            kind: InboundKind::Choice { token },
            sent_at: made_at(&self.id),
            raw: raw.clone(),
        };
        Some(Dispatch::Press(Box::new(event), press))
    }
}

impl User {
    fn account(self, locale: Option<&str>) -> AccountRef {
        AccountRef {
            platform: Platform::Discord,
            user_id: self.id,
            display_name: self.global_name.filter(|name| !name.trim().is_empty()).unwrap_or(self.username),
            language: locale.and_then(language),
        }
    }
}

fn place(channel: &str) -> PlaceRef {
    PlaceRef { platform: Platform::Discord, key: channel.to_owned() }
}

/// The language of a locale such as `en-GB`, if we speak it.
fn language(locale: &str) -> Option<Language> {
    locale.split('-').next().unwrap_or_default().to_lowercase().parse().ok()
}

/// When something was made: Discord's ids tell.
fn made_at(id: &str) -> Option<Timestamp> {
    const EPOCH: i64 = 1_420_070_400_000;
    let millis = i64::try_from(id.parse::<u64>().ok()? >> 22).ok()?;
    Some(Timestamp(EPOCH + millis))
}

#[cfg(test)]
mod tests;
