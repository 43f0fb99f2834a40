//! What happens in a server. Everybody's words become events where the channel is a staff room: who is staff is the desk's to
//! decide, by the id of the user, or by the ids of the roles that the settings name.

use firstline_engine::{
    inbound::{ExternalId, InboundEvent, InboundKind},
    people::AccountRef,
    room::{StaffDid, StaffInput},
    time::Timestamp,
};
use serde_json::Value;

use super::{Interaction, Message, attachments, made_at, message_key, place};

/// Something that somebody did in a channel of a server, or in a thread.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Deed {
    dedupe_key: String,
    account: AccountRef,
    /// The author's roles, by their ids.
    roles: Vec<String>,
    /// Where.
    pub(crate) channel: String,
    /// The message that it is about.
    about: Option<ExternalId>,
    what: StaffDid,
    sent_at: Option<Timestamp>,
    raw: Value,
}

impl Deed {
    /// The event, once it is known which room the channel belongs to: itself, or the channel of the thread that it is.
    pub(crate) fn in_room(self, room: &str, staff_roles: &[u64]) -> InboundEvent {
        // A thread that begins with a message has its id: whoever presses the card in the room means the thread.
        let thread = if self.channel == room { self.about.clone() } else { Some(ExternalId(self.channel)) };
        let is_granted = |role: &String| role.parse().is_ok_and(|role| staff_roles.contains(&role));
        let granted = self.roles.iter().any(is_granted);
        InboundEvent {
            dedupe_key: self.dedupe_key,
            account: self.account,
            place: place(room),
            kind: InboundKind::Staff(StaffInput { thread, about: self.about, what: self.what, granted, found: None }),
            sent_at: self.sent_at,
            raw: self.raw,
        }
    }
}

pub(super) fn said(message: Message, raw: &Value) -> Deed {
    let Message { id, channel_id, author, member, content, message_reference, attachments: files, .. } = message;
    Deed {
        dedupe_key: message_key(&id),
        account: author.account(None),
        roles: member.map(|member| member.roles).unwrap_or_default(),
        channel: channel_id,
        about: message_reference.and_then(|reference| reference.message_id).map(ExternalId),
        sent_at: made_at(&id),
        what: StaffDid::Said {
            message: ExternalId(id),
            text: content,
            attachments: attachments(files, message.sticker_items),
            album: None,
        },
        raw: raw.clone(),
    }
}

pub(super) fn edited(
    dedupe_key: String,
    account: AccountRef,
    roles: Vec<String>,
    channel: String,
    (message, text): (ExternalId, String),
    sent_at: Option<Timestamp>,
    raw: &Value,
) -> Deed {
    let about = Some(message.clone());
    let what = StaffDid::Edited { message, text };
    Deed { dedupe_key, account, roles, channel, about, what, sent_at, raw: raw.clone() }
}

/// A deletion, by the one who had written the message: Discord does not tell whether it was a moderator.
pub(crate) fn deleted(message: String, channel: String, account: AccountRef, roles: Vec<String>, raw: &Value) -> Deed {
    let dedupe_key = format!("delete:{message}");
    let message = ExternalId(message);
    let about = Some(message.clone());
    let what = StaffDid::Deleted { message };
    Deed { dedupe_key, account, roles, channel, about, what, sent_at: None, raw: raw.clone() }
}

/// A press, or a command.
pub(super) fn used(interaction: Interaction, raw: &Value) -> Option<Deed> {
    let Interaction { id, channel_id, member, locale, message, data, .. } = interaction;
    let member = member?;
    let what = match &data.custom_id {
        Some(custom_id) => StaffDid::Pressed { token: data.values.first().unwrap_or(custom_id).clone() },
        // It is no message, but has an id like one.
        None => {
            StaffDid::Said { message: ExternalId(id.clone()), text: data.typed(), attachments: Vec::new(), album: None }
        }
    };
    Some(Deed {
        dedupe_key: format!("interaction:{id}"),
        account: member.user?.account(locale.as_deref()),
        roles: member.roles,
        channel: channel_id?,
        about: message.map(|message| ExternalId(message.id)),
        what,
        sent_at: made_at(&id),
        raw: raw.clone(),
    })
}
