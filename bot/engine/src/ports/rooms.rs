//! What the store tells and takes about staff rooms.

use crate::{
    ids::{ConversationId, EntryId, OutboundId},
    inbound::{ExternalId, PlaceRef},
    outbound::{DeliveryState, Operation, OutboundMessage, Speaker},
    room::Thread,
    time::Timestamp,
};

/// A ticket of which its rooms do not know everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct News {
    /// The ticket's conversation.
    pub conversation: ConversationId,
    /// How much has happened to it.
    pub happened: i64,
    /// How much of that its rooms have been told.
    pub told: i64,
}

/// What the mirror needs to know of a conversation, besides the conversation and its timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copies {
    /// The messages that are copies of lines.
    pub copies: Vec<EntryCopy>,
    /// Messages to the requester that have ended, and lines that perhaps never came to a thread, of which staff were not told
    /// yet; those of the bot that arrived, or came too late, are left out.
    pub ended: Vec<Ended>,
    /// The threads to which nothing can be sent for a moment, because their room has had as much as it may.
    pub crowded: Vec<Crowded>,
}

/// A thread whose room has had as much as it may for now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crowded {
    /// The thread's place.
    pub place: PlaceRef,
    /// The last message that waits there, if nobody has begun to send it.
    pub last: Option<WaitingLine>,
}

/// A message that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingLine {
    /// Which.
    pub message: OutboundId,
    /// Who speaks in it.
    pub speaker: Speaker,
    /// What it is to do.
    pub operation: Operation,
}

/// A line of a timeline as a message in a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryCopy {
    /// The line.
    pub entry: EntryId,
    /// Where the message is.
    pub place: PlaceRef,
    /// Ours that carries it, where it is one of ours.
    pub outbound: Option<OutboundId>,
    /// The platform's id of it: of the message that somebody wrote, or of ours once it is sent.
    pub external: Option<ExternalId>,
}

/// A message that has been sent, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Which.
    pub message: OutboundId,
    /// The line that it carries, or whose message it changes, where there is one.
    pub entry: Option<EntryId>,
    /// What it was to do.
    pub operation: Operation,
    /// Who speaks in it.
    pub speaker: Speaker,
    /// After which attempt.
    pub attempt: u32,
    /// How.
    pub state: DeliveryState,
    /// Why, where it was not sent.
    pub reason: Option<String>,
    /// Where it was to go.
    pub place: PlaceRef,
    /// That is the requester's chat, and not a thread.
    pub to_requester: bool,
}

/// What a ticket's rooms are told, all in one commit.
#[derive(Debug, Clone, PartialEq)]
pub struct Telling {
    /// The news that this is about; void if somebody else has told it meanwhile.
    pub news: News,
    /// With this, all that had happened has been told. Otherwise there is more to tell.
    pub complete: bool,
    /// Threads that are new.
    pub opened: Vec<Thread>,
    /// Threads that were there before: what was shown, whether they are closed, and the card where it is different.
    pub shown: Vec<Shown>,
    /// What to say in them, in order.
    pub outbound: Vec<OutboundMessage>,
    /// Messages that still wait, and say more now. When one of them is being sent already, the telling is void.
    pub appended: Vec<Appended>,
    /// Which of these messages carry lines.
    pub copies: Vec<(EntryId, OutboundId)>,
    /// What became of these messages has been told, up to that attempt.
    pub ended: Vec<(OutboundId, u32)>,
    /// When the card looks different next though nothing happens.
    pub clock_at: Option<Timestamp>,
}

/// A waiting message that says more now.
#[derive(Debug, Clone, PartialEq)]
pub struct Appended {
    /// Which.
    pub message: OutboundId,
    /// Where it waits.
    pub place: PlaceRef,
    /// Who speaks in it now.
    pub speaker: Speaker,
    /// What it is to do now.
    pub operation: Operation,
}

/// How far a thread is.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The thread as it is now.
    pub thread: Thread,
    /// Its card is a new one.
    pub new_card: bool,
}
