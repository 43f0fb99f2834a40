//! What a step may know besides the conversation's own state. Everything is a value: a step asks nobody.

use firstline_knowledge::{Library, Verdict};

use crate::{
    conversation::policy::Policy,
    ids::{ConversationId, TicketId},
    people::Person,
    ticket::Ticket,
};

/// What a step may know.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The conversation's id, to bind what is offered to it.
    pub conversation: ConversationId,
    /// Others read along: nothing personal is said.
    pub public: bool,
    /// Who asks.
    pub requester: &'a Person,
    /// The conversation's ticket.
    pub ticket: Option<&'a Ticket>,
    /// What the ticket's assignee is called.
    pub assignee: Option<&'a str>,
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
