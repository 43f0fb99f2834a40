//! What a step may know besides the conversation's own state. Everything is a value: a step asks nobody.

use firstline_knowledge::{Library, Verdict};

use crate::{
    conversation::policy::Policy,
    ids::{ConversationId, TicketId},
    macros::Macro,
    people::{Person, Platform},
    ticket::Ticket,
    timeline::SaidElsewhere,
};

/// What an event is about besides its own conversation. Looked up only where an event needs it.
#[derive(Debug, Clone, Default)]
pub struct LookedUp {
    /// The macros, when one is used.
    pub macros: Vec<Macro>,
    /// The ticket of which this one is to become a part, or is one.
    pub other: Option<OtherTicket>,
    /// What was said in this conversation, when it becomes a part of another one's ticket.
    pub said: Vec<SaidElsewhere>,
}

/// Another ticket, and where its requester is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// Who asked.
    pub requester: Person,
    /// Where.
    pub platform: Platform,
}

/// What a step may know.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The conversation's id, to bind what is offered to it.
    pub conversation: ConversationId,
    /// Where the conversation is.
    pub platform: Platform,
    /// Others read along: nothing personal is said.
    pub public: bool,
    /// Who asks.
    pub requester: &'a Person,
    /// The conversation's ticket.
    pub ticket: Option<&'a Ticket>,
    /// What the ticket's assignee is called.
    pub assignee: Option<&'a str>,
    /// The assignee is not on duty.
    pub assignee_is_away: bool,
    /// What the event is about besides this conversation.
    pub looked_up: &'a LookedUp,
    /// How many tickets are before it in its queue.
    pub waiting_before: u32,
    /// The requester's open tickets of other conversations.
    pub other_tickets: &'a [Ticket],
    /// What the knowledge base concludes on what [`super::search::search_for`] asked of it.
    pub verdict: Option<&'a Verdict>,
    /// What stands on the choices of the prompt that is on offer, in order, in the requester's language.
    pub labels: &'a [String],
    /// The id that a ticket opened by this step has to have.
    pub fresh_ticket: TicketId,
    /// The articles.
    pub library: &'a Library,
    /// The settings.
    pub policy: &'a Policy,
}
