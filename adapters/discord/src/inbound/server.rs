//! What happens in a server. Which part of the desk it is for depends on the channel, which the intake knows: a staff room, a
//! help channel or one of its threads. Only what is a requester's wherever it is done, such as a command of theirs, is that
//! already. Who is staff is the desk's to decide, by the id of the user, or by the ids of the roles that the settings name.

use firstline_engine::{
    inbound::{Circumstances, ExternalId, InboundEvent, InboundKind, PlaceRef},
    people::AccountRef,
    room::{StaffDid, StaffInput},
    time::Timestamp,
};
use serde_json::Value;

use crate::DiscordSettings;

use super::{Interaction, Message, asked, commands, made_at, message_key, place, said};

/// Something that somebody did in a channel of a server, or in a thread.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Deed {
    dedupe_key: String,
    pub(crate) account: AccountRef,
    /// The author's roles, by their ids.
    roles: Vec<String>,
    /// In which server.
    pub(crate) server: String,
    /// Where.
    pub(crate) channel: String,
    /// The message that it is about.
    about: Option<ExternalId>,
    /// It is a message that was just written.
    is_written: bool,
    /// Where its author alone is told something, where it is a command, a form or a press of staff's.
    via: Option<String>,
    did: Did,
    sent_at: Option<Timestamp>,
    raw: Value,
}

/// What somebody did.
#[derive(Debug, Clone, PartialEq)]
enum Did {
    /// Depends on where: it is staff's in their rooms, and a requester's in theirs.
    There(StaffDid),
    /// A requester's wherever it is, to be answered at that address.
    Requester(InboundKind, String),
}

impl Deed {
    /// The event, once it is known which room the channel belongs to: itself, or the channel of the thread that it is. `None` for
    /// what is no staff's.
    pub(crate) fn in_room(self, room: &str, settings: &DiscordSettings) -> Option<InboundEvent> {
        // A thread that begins with a message has its id: whoever presses the card in the room means the thread.
        let thread = if self.channel == room { self.about.clone() } else { Some(ExternalId(self.channel.clone())) };
        let granted = settings.right_of(&self.roles).is_staff();
        let Did::There(what) = self.did.clone() else { return None };
        let about = self.about.clone();
        let kind = InboundKind::Staff(StaffInput { thread, about, quote: None, what, granted, found: None });
        let circumstances = Circumstances { shared: false, via: self.via.clone() };
        Some(self.event(place(room), kind, circumstances))
    }

    /// The event, once it is known which conversation's place it belongs to. `shared`: others can write there, too.
    pub(crate) fn by_requester(self, place: PlaceRef, shared: bool) -> InboundEvent {
        let about = self.about.clone();
        let (kind, via) = match self.did.clone() {
            Did::Requester(kind, via) => (kind, Some(via)),
            Did::There(StaffDid::Said { message, text, attachments, album }) => {
                (InboundKind::Message { message, text, reply_to: about, quote: None, attachments, album }, None)
            }
            Did::There(StaffDid::Edited { message, text }) => (InboundKind::Edited { message, text }, None),
            Did::There(StaffDid::Deleted { message }) => (InboundKind::Deleted { message }, None),
            Did::There(StaffDid::Pressed { token } | StaffDid::Filled { token, .. }) => {
                (InboundKind::Choice { token }, None)
            }
        };
        self.event(place, kind, Circumstances { shared, via })
    }

    fn event(self, place: PlaceRef, kind: InboundKind, circumstances: Circumstances) -> InboundEvent {
        let Self { dedupe_key, account, sent_at, raw, .. } = self;
        InboundEvent { dedupe_key, account, place, kind, sent_at, raw, circumstances }
    }

    /// It is a requester's wherever it was done.
    pub(crate) const fn is_personal(&self) -> bool {
        matches!(self.did, Did::Requester(..))
    }

    /// A command or a form of staff's, whose author waits for an answer.
    pub(crate) const fn is_staffs(&self) -> bool {
        self.via.is_some() && !self.is_press()
    }

    /// A press on something of ours.
    pub(crate) const fn is_press(&self) -> bool {
        matches!(self.did, Did::There(StaffDid::Pressed { .. }))
    }

    /// As Discord told it.
    pub(crate) const fn raw(&self) -> &Value {
        &self.raw
    }

    /// The message that was written, changed or deleted.
    pub(crate) fn message(&self) -> Option<&str> {
        match &self.did {
            Did::There(
                StaffDid::Said { message, .. } | StaffDid::Edited { message, .. } | StaffDid::Deleted { message },
            ) => Some(&message.0),
            _ => None,
        }
    }

    /// A new message that answers no other: in a help channel, a question.
    pub(crate) const fn begins_something(&self) -> bool {
        self.is_written && self.about.is_none()
    }
}

pub(super) fn said(message: Message, server: String, raw: &Value) -> Deed {
    let about = message.answered();
    let Message { id, channel_id, author, member, content, attachments, sticker_items, message_snapshots, .. } =
        message;
    let (text, attachments) = said::said(content, attachments, sticker_items, message_snapshots);
    Deed {
        dedupe_key: message_key(&id),
        account: author.account(None),
        roles: member.map(|member| member.roles).unwrap_or_default(),
        server,
        channel: channel_id,
        about,
        is_written: true,
        via: None,
        sent_at: made_at(&id),
        did: Did::There(StaffDid::Said { message: ExternalId(id), text, attachments, album: None }),
        raw: raw.clone(),
    }
}

/// Whoever did something, and where.
pub(crate) struct Author {
    pub(crate) account: AccountRef,
    pub(crate) roles: Vec<String>,
    pub(crate) server: String,
    pub(crate) channel: String,
}

pub(super) fn edited(
    dedupe_key: String,
    author: Author,
    (message, text): (ExternalId, String),
    sent_at: Option<Timestamp>,
    raw: &Value,
) -> Deed {
    let Author { account, roles, server, channel } = author;
    let about = Some(message.clone());
    let did = Did::There(StaffDid::Edited { message, text });
    let (via, raw) = (None, raw.clone());
    Deed { dedupe_key, account, roles, server, channel, about, is_written: false, via, did, sent_at, raw }
}

/// A deletion, by the one who had written the message: Discord does not tell whether it was a moderator.
pub(crate) fn deleted(message: String, author: Author, raw: &Value) -> Deed {
    let Author { account, roles, server, channel } = author;
    let dedupe_key = format!("delete:{message}");
    let message = ExternalId(message);
    let about = Some(message.clone());
    let did = Did::There(StaffDid::Deleted { message });
    let (via, raw) = (None, raw.clone());
    Deed { dedupe_key, account, roles, server, channel, about, is_written: false, via, did, sent_at: None, raw }
}

/// A press, a command or a form. `None` for what leads to a form, and is no event yet.
pub(super) fn used(interaction: Interaction, raw: &Value) -> Option<Deed> {
    let personal = commands::of_requester(&interaction);
    let via = interaction.via();
    let Interaction { id, channel_id, guild_id, member, locale, message, data, .. } = interaction;
    let member = member?;
    let is_secret = message.as_ref().is_some_and(super::wire::Pressed::is_secret);
    let filled = commands::filled(&data);
    let is_staffs = matches!(personal, commands::Meant::Other) && (data.custom_id.is_none() || filled.is_some());
    // What was pressed stays as it is, so its author is told beside it.
    let staffs_via = if is_staffs { via.clone() } else { format!("{}{via}", super::BESIDE) };
    let did = match (personal, &data.custom_id) {
        (commands::Meant::Form, _) => return None,
        (commands::Meant::Other, None) if asked::wanted(&data).is_some() => return None,
        (commands::Meant::Other, _) if let Some(filled) = filled => Did::There(filled),
        (commands::Meant::Requester(kind), _) => Did::Requester(*kind, via),
        // Of an answer that only they see.
        (commands::Meant::Other, Some(custom_id)) if is_secret => {
            let token = data.values.first().unwrap_or(custom_id).clone();
            Did::Requester(InboundKind::Choice { token }, via)
        }
        (commands::Meant::Other, Some(custom_id)) => {
            Did::There(StaffDid::Pressed { token: data.values.first().unwrap_or(custom_id).clone() })
        }
        // It is no message, but has an id like one.
        (commands::Meant::Other, None) => Did::There(StaffDid::Said {
            message: ExternalId(id.clone()),
            text: data.typed(),
            attachments: Vec::new(),
            album: None,
        }),
    };
    Some(Deed {
        dedupe_key: format!("interaction:{id}"),
        account: member.user?.account(locale.as_deref()),
        roles: member.roles,
        server: guild_id?,
        channel: channel_id?,
        about: message.map(|message| ExternalId(message.id)),
        is_written: false,
        via: matches!(did, Did::There(_)).then_some(staffs_via),
        did,
        sent_at: made_at(&id),
        raw: raw.clone(),
    })
}

/// The app and the token with which something can be answered, where it can be.
pub(crate) fn answer_at(raw: &Value) -> Option<(u64, String)> {
    let text = |name: &str| raw.get(name).and_then(Value::as_str);
    Some((text("application_id")?.parse().ok().filter(|&id| id != 0)?, text("token")?.to_owned()))
}
