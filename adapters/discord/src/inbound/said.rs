//! Messages: what was written, and what was changed.

use firstline_engine::{
    files::FileKind,
    inbound::{Attachment, Circumstances, ExternalId, InboundEvent, InboundKind},
    time::Timestamp,
};
use serde::Deserialize as _;
use serde_json::Value;

use super::{
    Dispatch, made_at, message_key, place,
    server::{self, Author},
    wire::{Edited, File, Message, Snapshot, Sticker},
};

/// Kinds of messages that people write; the others tell of pins, calls and the like.
const WRITTEN: [u8; 2] = [0, 19];

impl Message {
    pub(super) fn read(self, raw: &Value) -> Dispatch {
        if self.author.bot || self.webhook_id.is_some() || !WRITTEN.contains(&self.kind) {
            return Dispatch::LeftOut;
        }
        if let Some(server) = self.guild_id.clone() {
            return Dispatch::InServer(Box::new(server::said(self, server, raw)));
        }
        let reply_to = self.answered();
        let (text, attachments) = said(self.content, self.attachments, self.sticker_items, self.message_snapshots);
        Dispatch::Direct(Box::new(InboundEvent {
            dedupe_key: message_key(&self.id),
            account: self.author.account(None),
            place: place(&self.channel_id),
            sent_at: made_at(&self.id),
            kind: InboundKind::Message {
                message: ExternalId(self.id),
                text,
                reply_to,
                quote: None,
                attachments,
                album: None,
            },
            raw: raw.clone(),
            circumstances: Circumstances::default(),
        }))
    }
}

/// What a message says, and its files. Of a message that was passed on, those of the other one are all there is.
pub(super) fn said(
    text: String,
    files: Vec<File>,
    stickers: Vec<Sticker>,
    passed_on: Vec<Snapshot>,
) -> (String, Vec<Attachment>) {
    let mut texts = vec![text];
    let mut all = attachments(files, stickers);
    for Snapshot { message } in passed_on {
        texts.push(message.content);
        all.extend(attachments(message.attachments, message.sticker_items));
    }
    texts.retain(|text| !text.is_empty());
    (texts.join("\n\n"), all)
}

/// The files of a message that the REST API tells of.
pub(crate) fn files_of(message: &Value) -> Vec<Attachment> {
    let read = Message::deserialize(message).ok();
    let files = read.map(|it| said(it.content, it.attachments, it.sticker_items, it.message_snapshots).1);
    files.unwrap_or_default()
}

fn attachments(files: Vec<File>, stickers: Vec<Sticker>) -> Vec<Attachment> {
    let files = files.into_iter().map(|file| Attachment {
        kind: kind(&file),
        name: file.filename,
        media_type: file.content_type,
        size: file.size,
        handle: file.url,
        file: None,
    });
    let stickers = stickers.into_iter().map(|sticker| Attachment {
        name: sticker.name,
        media_type: None,
        size: None,
        handle: format!("sticker:{}", sticker.id),
        kind: FileKind::Document,
        file: None,
    });
    files.chain(stickers).collect()
}

/// How other platforms may show it. What is very large is shown by none of them.
fn kind(file: &File) -> FileKind {
    const LARGE: u64 = 5 * 1024 * 1024;
    match file.content_type.as_deref() {
        _ if file.size.is_none_or(|size| size > LARGE) => FileKind::Document,
        Some("image/png" | "image/jpeg" | "image/webp") => FileKind::Photo,
        Some("video/mp4") => FileKind::Video,
        _ => FileKind::Document,
    }
}

impl Edited {
    /// Discord also tells of changes that nobody made: a preview of a link has come. Those have no time of an edit.
    pub(super) fn read(self, raw: &Value) -> Dispatch {
        let (Some(author), Some(text), Some(edited_at)) = (self.author, self.content, self.edited_timestamp) else {
            return Dispatch::LeftOut;
        };
        if author.bot {
            return Dispatch::LeftOut;
        }
        let dedupe_key = format!("edit:{}:{edited_at}", self.id);
        let sent_at = serenity::model::Timestamp::parse(&edited_at)
            .ok()
            .map(|at| Timestamp(at.unix_timestamp().saturating_mul(1000)));
        if let Some(server) = self.guild_id {
            let roles = self.member.map(|member| member.roles).unwrap_or_default();
            let author = Author { account: author.account(None), roles, server, channel: self.channel_id };
            let changed = (ExternalId(self.id), text);
            return Dispatch::InServer(Box::new(server::edited(dedupe_key, author, changed, sent_at, raw)));
        }
        Dispatch::Direct(Box::new(InboundEvent {
            dedupe_key,
            account: author.account(None),
            place: place(&self.channel_id),
            kind: InboundKind::Edited { message: ExternalId(self.id), text },
            sent_at,
            raw: raw.clone(),
            circumstances: Circumstances::default(),
        }))
    }
}
