//! What a conversation reacts to.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{OutboundId, PersonId},
    inbound::{ExternalId, InboundKind},
    outbound::Content,
    ticket::{Priority, TicketNumber},
    time::Timestamp,
};

/// Something that a conversation reacts to.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The requester wrote, changed, deleted or chose something.
    Requester(InboundKind),
    /// An agent did something to the ticket.
    Staff {
        /// Who.
        agent: AgentRef,
        /// What.
        action: StaffAction,
    },
    /// The time that [`super::State::wake_at`] named has come.
    TimeUp,
    /// The desk was away for longer than the platform keeps what is written.
    Missed {
        /// Since when nothing was heard.
        from: Timestamp,
        /// What was written before this may be lost.
        until: Timestamp,
    },
    /// The bot failed to handle something; a human has to.
    Failed {
        /// Where in the log to look.
        reference: String,
    },
}

/// An agent, and what to call them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentRef {
    /// Who.
    pub person: PersonId,
    /// What to call them. Untrusted text.
    pub name: String,
}

/// What an agent can do to a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffAction {
    /// Take it.
    Claim,
    /// Say something to the requester.
    Say(Content),
    /// Change something that was said to the requester.
    Edit {
        /// The message that carries it.
        target: OutboundId,
        /// The agent's own message, as the agent's platform calls it.
        message: ExternalId,
        /// What it says from now on.
        content: Content,
    },
    /// Take back something that was said to the requester.
    Delete {
        /// The message that carries it.
        target: OutboundId,
        /// The agent's own message, as the agent's platform calls it.
        message: ExternalId,
    },
    /// What was said to the requester is a remark after all: take it back, and keep the words that it has now as a note.
    Retract {
        /// The message that carries it.
        target: OutboundId,
        /// The agent's own message, as the agent's platform calls it.
        message: ExternalId,
        /// The note; nothing is noted where it is empty.
        note: String,
    },
    /// Remark something that the requester never sees.
    Note(String),
    /// Lay it back into its queue.
    Release,
    /// Send a canned answer, and do what belongs to it.
    Macro {
        /// Its name, as somebody gave it.
        name: String,
    },
    /// Make it a part of another ticket, and go on there.
    Merge {
        /// Which.
        into: TicketNumber,
        /// Also when that is another person's.
        confirmed: bool,
    },
    /// Move it to another queue.
    Transfer {
        /// Which. Where no reason is given, it may stand behind the queue.
        queue: String,
        /// Why, for staff.
        reason: Option<String>,
    },
    /// Set its priority by hand.
    SetPriority(Priority),
    /// Something else has to happen first.
    Hold,
    /// Go on after a hold.
    Resume,
    /// Let the bot go on with the requester.
    ReturnToBot,
    /// It is solved.
    Resolve,
    /// It is over, without asking how it was.
    Close,
}
