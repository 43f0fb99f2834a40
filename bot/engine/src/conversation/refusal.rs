//! Why an agent's action cannot be done.

use crate::ticket::TicketNumber;

/// Why an agent's action cannot be done. Nothing has been changed then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody else was faster.
    AlreadyClaimed {
        /// Who. Untrusted text.
        by: String,
    },
    /// The agent has it already.
    AlreadyYours,
    /// Somebody else has it.
    HeldByAnother {
        /// Who. Untrusted text.
        by: String,
    },
    /// It has to be claimed first.
    ClaimFirst,
    /// It is resolved or closed.
    AlreadyOver,
    /// It is not on hold.
    NotOnHold,
    /// There is no such queue.
    UnknownQueue {
        /// Which there are.
        known: Vec<String>,
    },
    /// There is no such macro.
    UnknownMacro {
        /// Which there are.
        known: Vec<String>,
    },
    /// It has become a part of another ticket already.
    AlreadyMerged {
        /// Of which.
        into: TicketNumber,
    },
    /// It cannot be a part of itself.
    SameTicket,
    /// The other ticket is resolved or closed.
    OtherIsOver,
    /// The other ticket is itself a part of a third one.
    OtherIsMerged {
        /// Of which.
        into: TicketNumber,
    },
    /// The other ticket is another person's, and nobody has confirmed that this is meant.
    OtherRequester {
        /// Whose. Untrusted text.
        name: String,
        /// The other ticket.
        into: TicketNumber,
    },
    /// It is in that queue already.
    SameQueue,
    /// The message is empty.
    NothingToSay,
    /// The conversation has no ticket.
    NoTicket,
}
