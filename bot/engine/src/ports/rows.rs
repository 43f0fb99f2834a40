//! What the store is given, and what it gives.

use firstline_knowledge::{Article, ArticleId, Language};

use crate::{
    conversation::State,
    ids::{AccountId, ConversationId, EventId, OutboundId, PersonId, PlaceId},
    inbound::{ExternalId, InboundKind, PlaceRef},
    outbound::OutboundMessage,
    people::{LanguageSource, Person, Platform},
    room::{Thread, ThreadChange},
    ticket::{Ticket, TicketStatus},
    time::Timestamp,
    timeline::NewEntry,
};

/// What has changed in the articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleChanges {
    /// The version that they are of now.
    pub version: i64,
    /// The articles that are new or different, as they are now.
    pub changed: Vec<Article>,
    /// Those that are not there any more.
    pub retired: Vec<(ArticleId, Language)>,
}

/// How far a source of events has been read: committed together with the events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watermark {
    /// Which source, for instance `telegram`.
    pub source: String,
    /// How far, in the source's own terms, for instance an update id.
    pub position: String,
}

/// Something that a source sent and this version does not understand.
#[derive(Debug, Clone, PartialEq)]
pub struct SetAside {
    /// Unique among what this source sends, so that a second delivery of it is absorbed.
    pub key: String,
    /// Why it is not understood; for those who look into it.
    pub reason: String,
    /// What was sent; where it was not even JSON, as one text.
    pub raw: serde_json::Value,
}

/// What became of an event that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acceptance {
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// Its id; `None` when it was known already, be it from an attempt of which nobody knew whether it counts.
    pub event: Option<EventId>,
}

/// The right to make a conversation's next turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// The fencing token: grows with every lease of this conversation.
    pub epoch: i64,
}

/// A conversation as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationRow {
    /// Its id.
    pub id: ConversationId,
    /// Where it happens.
    pub place: PlaceRef,
    /// Its place's id.
    pub place_id: PlaceId,
    /// Who asks.
    pub requester: PersonId,
    /// Where it stands.
    pub state: State,
    /// When it has to be looked at again though nobody wrote.
    pub wake_at: Option<Timestamp>,
    /// When it began.
    pub began_at: Timestamp,
}

/// All that a turn starts from.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The conversation.
    pub conversation: ConversationRow,
    /// Who asks.
    pub requester: Person,
    /// The conversation's ticket.
    pub ticket: Option<Ticket>,
    /// What is still to be handled, in the order accepted.
    pub events: Vec<PendingEvent>,
    /// The ticket's threads in staff rooms, the oldest first.
    pub threads: Vec<Thread>,
}

/// An accepted event that is still to be handled.
#[derive(Debug, Clone, PartialEq)]
pub struct PendingEvent {
    /// Its id.
    pub id: EventId,
    /// Whose account it came from.
    pub account: AccountId,
    /// Whose it is.
    pub person: PersonId,
    /// What it is.
    pub kind: InboundKind,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// How often handling it has failed.
    pub failures: u32,
    /// Where it can be answered at once.
    pub via: Option<String>,
    /// The further parts of the same album that were joined to it, with their messages; none as it comes from the store.
    pub joined: Vec<(EventId, ExternalId)>,
}

impl PendingEvent {
    /// Its id, and those of what was joined to it.
    pub fn ids(&self) -> impl Iterator<Item = EventId> {
        std::iter::once(self.id).chain(self.joined.iter().map(|(event, _)| *event))
    }
}

/// Everything that one turn of a conversation changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// The new state.
    pub state: State,
    /// When to look at it again though nobody writes.
    pub wake_at: Option<Timestamp>,
    /// The events that have been handled.
    pub handled: Vec<EventId>,
    /// The events that have been given up after repeated failures; a human has been asked to look instead.
    pub given_up: Vec<EventId>,
    /// The ticket, opened or changed.
    pub ticket: Option<TicketWrite>,
    /// The requester's language, if it was learned.
    pub language: Option<(Language, LanguageSource)>,
    /// New messages, in order: for the conversation's place, or for a thread of its ticket.
    pub outbound: Vec<OutboundMessage>,
    /// New lines of the timeline, in order.
    pub entries: Vec<NewEntry>,
    /// New lines of the audit log.
    pub audit: Vec<AuditEntry>,
    /// A thread's menu and mode.
    pub thread: Option<ThreadChange>,
    /// Messages of this conversation that a person wants to be sent again, where they are ambiguous or dead.
    pub resend: Vec<OutboundId>,
    /// Messages for one place go to an address for one person alone.
    pub via: Option<Via>,
    /// The conversation's ticket becomes a part of another one.
    pub merge: Option<Merge>,
    /// What was written here, for other conversations of whose tickets this one's is a part: events of theirs, each of which has its
    /// turn there. Only with an event that was handled.
    pub passed_on: Vec<(ConversationId, InboundKind)>,
}

/// The messages for a place go to an address for one person alone, as long as it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Via {
    /// Those for which place.
    pub place: PlaceRef,
    /// The address.
    pub address: String,
}

/// A ticket becomes a part of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// The other ticket's conversation.
    pub into: ConversationId,
    /// A line for its timeline.
    pub entry: NewEntry,
    /// This conversation's place, and all ways to it, are ways to the other one's place from now on. Only where both are on one
    /// platform and of one requester; otherwise it is ignored.
    pub joins: bool,
}

/// What happens to a ticket's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketWrite {
    /// It is new.
    Open(Ticket),
    /// It changed.
    Change(Ticket),
}

/// Which part of the outbox a worker serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lane {
    /// All places of these platforms.
    Platforms(Vec<Platform>),
    /// One place.
    Place(PlaceRef),
}

/// Which attempts to deliver are given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GivenUp<'a> {
    /// Those whose time has passed, or whose sender is gone.
    Overdue,
    /// Of those the ones in this place.
    OverdueIn(&'a PlaceRef),
    /// All that are under way in this place: who made them is not there any more.
    AllIn(&'a PlaceRef),
}

/// Which tickets to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// Only these statuses; empty for all.
    pub statuses: Vec<TicketStatus>,
    /// Only this queue.
    pub queue: Option<String>,
    /// Only those this person works on.
    pub assignee: Option<PersonId>,
    /// Only those this person asked for.
    pub requester: Option<PersonId>,
    /// At most so many; 0 for 100.
    pub limit: u32,
}

/// A line of the audit log: a privileged act.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who: a person's id, or `cli`.
    pub actor: String,
    /// What was done, as `thing.verb`: `ticket.claim`, `role.set`.
    pub action: String,
    /// To what.
    pub subject: String,
    /// More about it. Never a secret, never a message's text.
    pub detail: serde_json::Value,
}

/// How much is waiting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct QueueHealth {
    /// Accepted events not yet handled.
    pub events_pending: u64,
    /// Accepted events given up after repeated failures.
    pub events_failed: u64,
    /// How long the oldest pending event has waited, in milliseconds.
    pub oldest_event_ms: u64,
    /// Messages that are to be sent, those on their way and those to be retried among them.
    pub deliveries_pending: u64,
    /// Messages of which nobody knows whether they arrived.
    pub deliveries_ambiguous: u64,
    /// Messages that will not be sent.
    pub deliveries_dead: u64,
    /// Tickets that nobody has claimed.
    pub tickets_waiting: u64,
    /// What platforms sent and this version does not understand.
    pub set_aside: u64,
}
