//! Why an agent's action cannot be done.

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
    /// It is in that queue already.
    SameQueue,
    /// The message is empty.
    NothingToSay,
    /// The conversation has no ticket.
    NoTicket,
}
