//! What the store tells and takes about staff rooms.

use crate::{
    ids::{ConversationId, EntryId, OutboundId},
    inbound::{ExternalId, PlaceRef},
    outbound::{DeliveryState, OutboundMessage},
    room::Thread,
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
    /// Messages to the requester that have ended, and of which staff were not told yet; those of the bot are left out.
    pub ended: Vec<Ended>,
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

/// A message to the requester that has been sent, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Which.
    pub message: OutboundId,
    /// The line that it carries, where it carries one.
    pub entry: Option<EntryId>,
    /// After which attempt.
    pub attempt: u32,
    /// How.
    pub state: DeliveryState,
    /// Why, where it was not sent.
    pub reason: Option<String>,
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
    /// Which of these messages carry lines.
    pub copies: Vec<(EntryId, OutboundId)>,
    /// What became of these messages has been told, up to that attempt.
    pub ended: Vec<(OutboundId, u32)>,
}

/// How far a thread is.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The thread as it is now.
    pub thread: Thread,
    /// Its card is a new one.
    pub new_card: bool,
}
