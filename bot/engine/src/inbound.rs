//! What arrives from a platform, in our words.

use firstline_knowledge::secrets::was_masked;
use serde::{Deserialize, Serialize};

use crate::{
    command::Command,
    files::{FileKind, LARGEST},
    ids::{FileId, OutboundId},
    people::{AccountRef, Platform},
    room::StaffInput,
    ticket::TicketNumber,
    time::Timestamp,
    timeline::SaidElsewhere,
};

/// Something that happened on a platform, translated by its adapter. It becomes a row before anything else happens to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InboundEvent {
    /// Unique for this happening on this platform, so that a second delivery of it is absorbed: an update id, a message id
    /// with its edit time, an interaction id.
    pub dedupe_key: String,
    /// Who did it.
    pub account: AccountRef,
    /// Where.
    pub place: PlaceRef,
    /// What.
    pub kind: InboundKind,
    /// When, as the platform tells; for people to read, never for ordering.
    pub sent_at: Option<Timestamp>,
    /// What the platform sent, unchanged, so that nothing is lost when we learn to read more of it; only secrets in its texts
    /// are blacked out before it is stored. `Null` where there is nothing beyond the fields above.
    pub raw: serde_json::Value,
    /// Who else is there, and how it can be answered besides.
    #[serde(default)]
    pub circumstances: Circumstances,
}

/// Who else is where an event came from, and how it can be answered besides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circumstances {
    /// Others can write there, too: what anybody but the requester does there is left out.
    pub shared: bool,
    /// The adapter's own address of an answer that nobody but the author sees, and that can be given for a while. What the
    /// event leads to at once is said there; everything later, and what comes too late for it, in the place.
    pub via: Option<String>,
}

/// Where a conversation happens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PlaceRef {
    /// On which platform.
    pub platform: Platform,
    /// The adapter's address of the place: a chat id, a channel id with a thread id. Opaque to everybody else.
    pub key: String,
}

impl PlaceRef {
    /// The chat that it is, or is a part of: `chat`, `chat/part` (a topic), or `chat/part/person` (what passes between the desk and
    /// one person where others read along). What a platform allows, it allows to the chat as a whole.
    #[must_use]
    pub fn chat(&self) -> &str {
        self.key.split('/').next().unwrap_or_default()
    }

    /// Others read along: nothing personal is said here.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.key.split('/').count() == 3
    }
}

/// A platform's id of one message: the only handle for editing it, deleting it, and replying to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExternalId(pub String);

/// What arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum InboundKind {
    /// A new message.
    Message {
        /// Its id on the platform.
        message: ExternalId,
        /// What it says; empty when it is only a file.
        text: String,
        /// The message it answers, where the person quoted one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<ExternalId>,
        /// The part that they chose of what they answer. Untrusted text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quote: Option<String>,
        /// Files sent with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Attachment>,
        /// The album that it is a part of: to people all parts are one message, however they arrive.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        album: Option<String>,
    },
    /// Somebody turned to the desk where others read along; the event's place is public ([`PlaceRef::is_public`]).
    Public {
        /// The message's id on the platform.
        message: ExternalId,
        /// What it says, without the desk's name.
        text: String,
        /// Files sent with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Attachment>,
        /// The album that it is a part of, as in a message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        album: Option<String>,
    },
    /// The person does not want to hear from us any more: nothing can be sent to them.
    Blocked,
    /// The person wants to hear from us again.
    Unblocked,
    /// A message was changed by its author.
    Edited {
        /// Its id on the platform.
        message: ExternalId,
        /// What it says now.
        text: String,
    },
    /// A message was deleted.
    Deleted {
        /// Its id on the platform.
        message: ExternalId,
    },
    /// A message was given a sign: an emoji that its reader put on it.
    Reacted {
        /// Its id on the platform.
        message: ExternalId,
        /// The emoji; `None` when it was taken away again.
        emoji: Option<String>,
    },
    /// A button or a list entry that we offered was pressed.
    Choice {
        /// [`crate::outbound::Choice::token`], as we sent it.
        token: String,
    },
    /// A command of the platform's own kind (a slash command, a menu entry).
    Command {
        /// Which.
        command: Command,
    },
    /// A form was handed in: a ticket is wanted.
    Request {
        /// Its id on the platform.
        message: ExternalId,
        /// What it is about, in a line. Untrusted text.
        summary: String,
        /// More about it; may be empty. Untrusted text.
        description: String,
        /// Its files, or those of the message that it was made from.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Attachment>,
    },
    /// Somebody did something in a staff room: the event's place is the room.
    Staff(StaffInput),
    /// Somebody wrote to another person's ticket that has become a part of this conversation's. No adapter tells this: the turn of
    /// that other conversation does.
    PassedOn {
        /// To which.
        ticket: TicketNumber,
        /// Who, and what.
        said: SaidElsewhere,
    },
    /// What the bot answered will never arrive, and the requester waits for it. No adapter tells this: the store does, where an attempt
    /// ends [`crate::outbound::DeliveryOutcome::InVain`].
    Unheard {
        /// The message.
        message: OutboundId,
        /// Why, for staff.
        reason: String,
    },
}

impl InboundKind {
    /// A message of words alone, which answers none.
    #[must_use]
    pub const fn said(message: ExternalId, text: String) -> Self {
        Self::Message { message, text, reply_to: None, quote: None, attachments: Vec::new(), album: None }
    }

    /// Whether something of what the requester wrote was blacked out.
    #[must_use]
    pub fn hides_a_secret(&self) -> bool {
        match self {
            Self::Message { text, .. } | Self::Public { text, .. } | Self::Edited { text, .. } => was_masked(text),
            Self::Request { summary, description, .. } => was_masked(summary) || was_masked(description),
            Self::Deleted { .. }
            | Self::Reacted { .. }
            | Self::Choice { .. }
            | Self::Command { .. }
            | Self::Blocked
            | Self::Unblocked
            | Self::Staff(_)
            | Self::PassedOn { .. }
            | Self::Unheard { .. } => false,
        }
    }
}

/// A file that came with a message, as the platform tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its name, as the sender gave it. Untrusted text.
    pub name: String,
    /// Its media type, as the platform tells.
    pub media_type: Option<String>,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// The platform's handle to fetch it.
    pub handle: String,
    /// What kind it is.
    #[serde(default)]
    pub kind: FileKind,
    /// The copy of it. The desk gives it when it accepts the event; adapters leave it empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileId>,
}

impl Attachment {
    /// It is larger than what is copied.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        self.size.is_some_and(|size| size > LARGEST)
    }
}
