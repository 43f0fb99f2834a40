//! Staff rooms: where agents work tickets from a chat. A queue is bound to rooms; each ticket has a thread in each room of its
//! queue. Nothing here knows how a platform calls a room or a thread: an adapter that can make threads, and tells who wrote
//! what in which, has all of this.
//!
//! The way in is [`StaffInput`], an inbound event; the way out is the mirror (`desk/mirror.rs`), which tells each thread what
//! has happened to its ticket, wherever it happened.

mod button;
mod words;

pub use button::Button;
pub use words::{Words, merge, read};

use firstline_knowledge::Language;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{ConversationId, ThreadId},
    inbound::{Attachment, ExternalId, PlaceRef},
    outbound::Content,
    people::{Platform, UnknownName},
};

/// A queue's tickets have a thread in this room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomBinding {
    /// The queue.
    pub queue: String,
    /// The room, as its adapter addresses it.
    pub room: PlaceRef,
    /// The language of what the desk says in it; the desk's own, where nobody has chosen one.
    pub language: Option<Language>,
}

/// A ticket's thread in a staff room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// Its id.
    pub id: ThreadId,
    /// Whose ticket.
    pub conversation: ConversationId,
    /// In which room.
    pub room: PlaceRef,
    /// What it is called.
    pub title: String,
    /// The platform has made it.
    pub opened: bool,
    /// The platform's id of it. `None` while it is not made, and where the room has no threads.
    pub external: Option<ExternalId>,
    /// What the card was last asked to say.
    pub card: Option<Content>,
    /// The platform's id of the card, once it is shown.
    pub card_id: Option<ExternalId>,
    /// It was last asked to be closed.
    pub closed: bool,
    /// What the card offers besides its usual buttons.
    pub menu: Option<Menu>,
    /// What is written in it without saying for whom is a note, and no answer.
    pub notes: bool,
    /// The last line of the timeline that was passed on to it.
    pub shown: i64,
}

impl Thread {
    /// The place of a thread: its messages go one by one, in order, like those of any other place.
    #[must_use]
    pub fn place(&self) -> PlaceRef {
        place_of(self.room.platform, self.id)
    }
}

/// The place of a thread.
#[must_use]
pub fn place_of(platform: Platform, thread: ThreadId) -> PlaceRef {
    PlaceRef { platform, key: format!("thread:{thread}") }
}

/// What a card can offer on request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Menu {
    /// The priorities.
    Priority,
    /// The other queues.
    Transfer,
}

impl Menu {
    /// The name used in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Priority => "priority",
            Self::Transfer => "transfer",
        }
    }
}

impl std::str::FromStr for Menu {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        [Self::Priority, Self::Transfer]
            .into_iter()
            .find(|menu| menu.as_str() == name)
            .ok_or_else(|| UnknownName::new("menu", name))
    }
}

/// What changes in a thread by what its people do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadChange {
    /// Which.
    pub thread: ThreadId,
    /// What its card offers from now on.
    pub menu: Option<Menu>,
    /// Whether plain words are notes from now on.
    pub notes: bool,
}

/// Something that somebody did in a staff room. Who may do what is decided when it is handled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffInput {
    /// The platform's id of the thread it was in; `None` in the room itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<ExternalId>,
    /// The message that it is about: the one answered, changed, or whose button was pressed. Where there is no thread, it says
    /// which ticket is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<ExternalId>,
    /// The part that its author chose of what they answer. Untrusted text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// What.
    pub what: StaffDid,
    /// The platform's own roles make its author staff, by the settings, at the moment of the event. Those who are staff by the
    /// roster need none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub granted: bool,
    /// The thread as we know it. The desk looks it up when it accepts the event; adapters leave it empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<FoundThread>,
}

/// What somebody did in a staff room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "snake_case")]
pub enum StaffDid {
    /// Wrote a message.
    Said {
        /// Its id.
        message: ExternalId,
        /// What it says. Untrusted text.
        text: String,
        /// Files sent with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Attachment>,
        /// The album that it is a part of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        album: Option<String>,
    },
    /// Changed a message.
    Edited {
        /// Its id.
        message: ExternalId,
        /// What it says now.
        text: String,
    },
    /// Deleted a message.
    Deleted {
        /// Its id.
        message: ExternalId,
    },
    /// Filled in a form that a button of ours has opened.
    Filled {
        /// The button's [`crate::outbound::Choice::token`].
        token: String,
        /// What it says. Untrusted text.
        text: String,
    },
    /// Pressed a button of ours.
    Pressed {
        /// [`crate::outbound::Choice::token`], as we sent it.
        token: String,
    },
}

/// A thread that an event belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundThread {
    /// Which.
    pub thread: ThreadId,
    /// Its ticket's conversation.
    pub conversation: ConversationId,
}
