//! What happened in a conversation, line by line: what was said, and what was done. A ticket's timeline is its
//! conversation's.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{EntryId, OutboundId, PersonId},
    inbound::{Attachment, ExternalId, PlaceRef},
    outbound::DeliveryState,
    ticket::{Priority, Resolution, TicketNumber},
    time::Timestamp,
};

/// One line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// Its place in the conversation, from 1, without gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub what: Happening,
    /// The outbound message that carried it, where one did, and how that stands now.
    pub delivery: Option<EntryDelivery>,
}

/// How the outbound message behind a line stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryDelivery {
    /// Which message.
    pub message: OutboundId,
    /// How it stands.
    pub state: DeliveryState,
    /// Why it is not sent, where it is not.
    pub reason: Option<String>,
}

/// A line about to be written; the store gives it its place in the conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Its id.
    pub id: EntryId,
    /// Who.
    pub actor: Actor,
    /// What.
    pub what: Happening,
    /// The outbound message of the same turn that carries it.
    pub outbound: Option<OutboundId>,
    /// The messages in which somebody wrote it, with where.
    pub origins: Vec<(PlaceRef, ExternalId)>,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Actor {
    /// The one who asks.
    Requester,
    /// The bot.
    Bot,
    /// An agent.
    Agent {
        /// Which person.
        person: PersonId,
        /// What they were called then. Untrusted text.
        name: String,
    },
    /// The desk by itself: a clock ran out, something failed.
    Desk,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Happening {
    /// Something was said to the other side.
    Said {
        /// The words.
        text: String,
        /// The message's id on its platform, where it came from one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<ExternalId>,
        /// Files with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Attachment>,
        /// The message on the same platform that it answers, where its author quoted one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<ExternalId>,
    },
    /// A message was changed.
    Edited {
        /// Which, on its platform.
        message: ExternalId,
        /// What it says now.
        text: String,
    },
    /// A message was deleted on its platform. Its text stays in the timeline.
    Deleted {
        /// Which.
        message: ExternalId,
    },
    /// A message was given a sign by its reader.
    Reacted {
        /// Which, on its platform.
        message: ExternalId,
        /// The emoji; `None` when it was taken away again.
        emoji: Option<String>,
    },
    /// An internal remark that the requester never sees.
    Note {
        /// The words.
        text: String,
        /// Files with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<Attachment>,
    },
    /// A ticket was opened.
    Opened {
        /// Which.
        ticket: TicketNumber,
        /// What the bot had tried until then.
        tried: Vec<Tried>,
    },
    /// An agent took the ticket, or was given it.
    Claimed,
    /// The agent laid it back into its queue.
    Released,
    /// It went to another queue.
    Transferred {
        /// From.
        from: String,
        /// To.
        to: String,
        /// Why, where somebody said so. Untrusted text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A canned answer was sent.
    UsedMacro {
        /// Which.
        name: String,
    },
    /// The ticket has become a part of another one.
    MergedInto {
        /// Of which.
        ticket: TicketNumber,
    },
    /// Another ticket has become a part of this one.
    MergedFrom {
        /// Which.
        ticket: TicketNumber,
        /// What it was about. Untrusted text.
        summary: String,
        /// What its requester and agents had said there, the oldest first.
        said: Vec<SaidElsewhere>,
    },
    /// Somebody wrote to a ticket that is a part of this one, and cannot be answered from here.
    PassedOn {
        /// To which.
        ticket: TicketNumber,
        /// Who, and what.
        said: SaidElsewhere,
    },
    /// Its priority was set by hand.
    PrioritySet {
        /// To.
        priority: Priority,
    },
    /// It waits for something else.
    PutOnHold,
    /// It goes on.
    Resumed,
    /// The conversation went back to the bot.
    ReturnedToBot,
    /// It is solved.
    Resolved {
        /// Who says so.
        resolution: Resolution,
    },
    /// It goes on after all.
    Reopened,
    /// It is over.
    Closed {
        /// How it ended.
        resolution: Resolution,
    },
    /// The requester rated the help.
    Rated {
        /// From 1 (bad) to 5 (good).
        stars: u8,
    },
    /// The requester said something to the rating.
    RatingComment {
        /// The words.
        text: String,
    },
    /// The requester does not want to hear from us any more: nothing reaches them.
    Blocked,
    /// The requester can be reached again.
    Unblocked,
    /// The desk was away for longer than the platform keeps what is written, so messages may be missing.
    Missed {
        /// Since when nothing was heard of the platform.
        from: Timestamp,
        /// What was written before this may be lost.
        until: Timestamp,
    },
    /// The bot failed, and a human is asked instead.
    Failed {
        /// Where in the log to look.
        reference: String,
    },
    /// What the bot answered will never arrive, and a human is asked instead.
    Unheard {
        /// Why ([`crate::outbound::Why::of`] knows some of it in everybody's words).
        reason: String,
    },
    /// The requester takes no messages where they wrote, so what is said goes to a thread that was made for them.
    Rerouted,
    /// The requester takes no messages where they wrote, and there is no other way.
    Unreachable,
    /// A file of an agent's was left out of what the requester got.
    LeftOut {
        /// What it is called.
        name: String,
        /// How large files may be there, in megabytes; `None` where this one could not be fetched.
        limit: Option<u64>,
    },
    /// The requester cannot be answered where they asked, and was told elsewhere to ask in another way.
    Excused {
        /// What the platform said.
        reason: String,
    },
}

impl Happening {
    /// What was done, as a word for the audit log.
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Said { .. } => "say",
            Self::Edited { .. } => "edit",
            Self::Deleted { .. } => "delete",
            Self::Reacted { .. } => "react",
            Self::Note { .. } => "note",
            Self::Opened { .. } => "open",
            Self::Claimed => "claim",
            Self::Released => "release",
            Self::Transferred { .. } => "transfer",
            Self::UsedMacro { .. } => "use_macro",
            Self::MergedInto { .. } => "merge",
            Self::MergedFrom { .. } => "take_in",
            Self::PassedOn { .. } => "pass_on",
            Self::PrioritySet { .. } => "set_priority",
            Self::PutOnHold => "hold",
            Self::Resumed => "resume",
            Self::ReturnedToBot => "return_to_bot",
            Self::Resolved { .. } => "resolve",
            Self::Reopened => "reopen",
            Self::Closed { .. } => "close",
            Self::Rated { .. } => "rate",
            Self::RatingComment { .. } => "comment",
            Self::Blocked => "block",
            Self::Unblocked => "unblock",
            Self::Missed { .. } => "miss",
            Self::Failed { .. } => "fail",
            Self::Unheard { .. } => "fail_to_answer",
            Self::Rerouted => "reroute",
            Self::Unreachable => "lose",
            Self::LeftOut { .. } => "leave_out",
            Self::Excused { .. } => "excuse",
        }
    }

    /// What the audit log keeps besides the verb: to what it was done, never what was said.
    #[must_use]
    pub fn detail(&self) -> serde_json::Value {
        match self {
            Self::UsedMacro { name } => serde_json::json!({ "macro": name }),
            Self::MergedInto { ticket } => serde_json::json!({ "into": ticket.to_string() }),
            _ => serde_json::Value::Null,
        }
    }

    /// The requester must never see it.
    #[must_use]
    pub const fn is_internal(&self) -> bool {
        !matches!(self, Self::Said { .. } | Self::Edited { .. } | Self::Deleted { .. })
    }
}

/// Words that were said in the conversation of another ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidElsewhere {
    /// Who said them. Untrusted text.
    pub name: String,
    /// The words, and the names of files with them. Untrusted text.
    pub text: String,
}

/// An article that was tried, and how that went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// Which article.
    pub article: firstline_knowledge::ArticleId,
    /// Its title, as shown.
    pub title: String,
    /// The steps that were walked and did not help, in order, as shown.
    pub steps: Vec<String>,
    /// How it ended.
    pub outcome: TriedOutcome,
}

/// How trying an article ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriedOutcome {
    /// The requester said that it did not help.
    Failed,
    /// The requester went on to something else.
    Left,
    /// It helped, at first.
    Helped,
}
