//! What we say on a platform, and what became of it.

mod why;

pub use why::Why;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    files::File,
    ids::{ConversationId, FileId, OutboundId},
    inbound::{ExternalId, PlaceRef},
    people::UnknownName,
    ports::Greeting,
    room::Thread,
    time::Timestamp,
};

/// One thing to do on a platform. It is a row before its first byte is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundMessage {
    /// Its id; adapters use it where a platform can absorb a second sending of the same message.
    pub id: OutboundId,
    /// Which conversation it belongs to.
    pub conversation: ConversationId,
    /// Where it goes.
    pub place: PlaceRef,
    /// Who speaks.
    pub speaker: Speaker,
    /// What to do.
    pub operation: Operation,
}

/// Who speaks in an outbound message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Speaker {
    /// The bot, answering. It is silent while a human holds the conversation: such a message is withdrawn when a human takes
    /// over before it was sent.
    Bot,
    /// The desk, telling what happened ("Anna has taken over", "Ticket closed"). Goes out whoever holds the conversation.
    Desk,
    /// An agent.
    Agent {
        /// What to call the agent towards the requester. Untrusted text.
        name: String,
    },
    /// The requester, towards staff.
    Requester {
        /// What to call them. Untrusted text.
        name: String,
    },
}

/// What to do on the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Operation {
    /// Write a new message.
    Post {
        /// What it says.
        content: Content,
        /// The message it answers, shown as a quote where the platform can.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<ExternalId>,
    },
    /// Change a message of ours.
    Edit {
        /// Which. [`Delivery::target`] carries its id at the platform.
        target: OutboundId,
        /// What it says now.
        content: Content,
    },
    /// Delete a message of ours.
    Delete {
        /// Which.
        target: OutboundId,
    },
    /// Show a ticket's card in its thread, in the place of the one shown before: [`Delivery::thread`] knows which that is. Of
    /// several cards that wait only the newest is sent.
    Card {
        /// What it says and offers.
        content: Content,
    },
    /// Tell the author of a message in a thread that it has arrived at the requester, or what sign the requester gave it.
    Receipt {
        /// The author's message.
        message: ExternalId,
        /// The requester's sign.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        emoji: Option<String>,
    },
    /// The ticket is over: close its thread, where the platform can.
    CloseThread,
    /// The ticket goes on: open its thread again.
    ReopenThread,
}

impl Operation {
    /// Doing it twice shows no more than doing it once, so an attempt with an unknown result may simply be repeated.
    #[must_use]
    pub const fn is_repeatable(&self) -> bool {
        !matches!(self, Self::Post { .. } | Self::Card { .. })
    }
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The text.
    pub text: String,
    /// How to read the text.
    #[serde(default)]
    pub format: Format,
    /// What the reader can choose, in order; buttons where the platform has them, a numbered list elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Files that go with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
    /// A way to go on where nobody reads along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Invitation>,
    /// What a card is filed under, as keys of phrases, for rooms that sort their threads by labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
}

/// A way from a public place into a private one. There the person says [`Self::payload`] (by a link, where the platform has
/// such), and what they asked goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// What comes back behind `/start`: opaque, of ASCII letters, digits and dashes, at most 64. It works for one person only.
    pub payload: String,
    /// What the reader sees.
    pub label: String,
}

impl Content {
    /// There is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.files.is_empty()
    }

    /// Text to be shown exactly as it is, whatever characters it has.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            format: Format::Plain,
            choices: Vec::new(),
            files: Vec::new(),
            invitation: None,
            labels: Vec::new(),
        }
    }

    /// Text of ours, in Markdown.
    pub fn markdown(text: impl Into<String>) -> Self {
        Self { format: Format::Markdown, ..Self::plain(text) }
    }
}

/// How to read a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Somebody's words: no character in it is markup, a mention or a command.
    #[default]
    Plain,
    /// `CommonMark` as articles use it: paragraphs, lists, `**bold**`, `` `code` ``.
    Markdown,
}

/// Something the reader can choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What comes back when it is chosen: at most 40 ASCII characters, opaque, bound to one conversation and one prompt.
    pub token: String,
    /// What the reader sees.
    pub label: String,
}

/// Where an outbound message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// Waits for its turn.
    Pending,
    /// Somebody is sending it right now.
    Sending,
    /// The platform has it.
    Sent,
    /// It was certainly not sent and will be tried again.
    Retry,
    /// It may or may not have arrived; people are shown it and decide.
    Ambiguous,
    /// It will not be sent; the reason is recorded.
    Dead,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Pending, Self::Sending, Self::Sent, Self::Retry, Self::Ambiguous, Self::Dead];

    /// The name used in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Retry => "retry",
            Self::Ambiguous => "ambiguous",
            Self::Dead => "dead",
        }
    }
}

impl std::str::FromStr for DeliveryState {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == name)
            .ok_or_else(|| UnknownName::new("delivery state", name))
    }
}

/// One attempt to send one message, in the hands of the one who makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What to send.
    pub message: OutboundMessage,
    /// For an edit or a deletion: the platform's id of the message it is about, as recorded when that was sent.
    pub target: Option<ExternalId>,
    /// All messages that [`Self::target`] became, in order; the last of them is `target`.
    pub parts: Vec<ExternalId>,
    /// The thread, where the place is one.
    pub thread: Option<Thread>,
    /// The copies of the files that go with it.
    pub files: Vec<File>,
    /// Another way to the place, which is to be taken.
    pub way: Option<Way>,
    /// An address for one person alone, which comes before everything else while it is there.
    pub via: Option<String>,
    /// What is known when an attempt before this one may have arrived.
    pub earlier: Option<Earlier>,
    /// It was said before, nobody knows whether that arrived, and nobody but its reader could tell: so it is said once more, and
    /// says so ([`DeliveryOutcome::OnceMore`]).
    pub repeats: bool,
    /// The requester cannot be answered there, and was told elsewhere what to do instead.
    pub excused: bool,
    /// Which attempt this is, from 1. A result is recorded only for the attempt that is under way.
    pub attempt: u32,
}

impl Delivery {
    /// An attempt in a place that is no thread.
    #[must_use]
    pub const fn new(message: OutboundMessage, target: Option<ExternalId>, attempt: u32) -> Self {
        Self {
            message,
            target,
            parts: Vec::new(),
            thread: None,
            files: Vec::new(),
            way: None,
            via: None,
            earlier: None,
            repeats: false,
            excused: false,
            attempt,
        }
    }
}

/// Another way to a place than its own address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The adapter's address of it.
    pub address: String,
    /// What has to be said there before anything else.
    pub greeting: Option<Greeting>,
}

/// What is known of the attempts before one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// There was none before this.
    pub since: Timestamp,
    /// How long ago that is.
    pub ago: Duration,
    /// The platform's ids of other messages of ours in the same place: whatever else is there may be this one.
    pub others: Vec<ExternalId>,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The platform has it, under these ids (if it gives any): of the one message, or of the several that it took.
    Sent(Vec<ExternalId>),
    /// Certainly not sent; try again at this time.
    Retry {
        /// When.
        at: Timestamp,
        /// Why, for staff.
        reason: String,
    },
    /// Cannot be known, and whoever waits for it would wait in vain without anybody noticing: say it once more.
    OnceMore {
        /// When.
        at: Timestamp,
        /// Why, for staff.
        reason: String,
    },
    /// Cannot be known.
    Ambiguous {
        /// Why, for staff.
        reason: String,
    },
    /// Will never be sent.
    Dead {
        /// Why, for staff.
        reason: String,
    },
    /// Will never be sent, and whoever waits for it would wait in vain without anybody noticing: its conversation is told
    /// ([`crate::inbound::InboundKind::Unheard`]).
    InVain {
        /// Why, for staff.
        reason: String,
    },
}
