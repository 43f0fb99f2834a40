//! Tickets: what they hold, and which changes of status are allowed.

use serde::{Deserialize, Serialize};

use crate::{
    conversation::TicketChange,
    ids::{ConversationId, PersonId, TicketId},
    people::UnknownName,
    sla::Calendar,
    time::Timestamp,
};

/// The number people call a ticket by: counted up from 1001 over the whole desk, never reused, with gaps where a ticket was
/// prepared and not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TicketNumber(pub i64);

impl std::fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl std::str::FromStr for TicketNumber {
    type Err = UnknownName;

    /// Reads `1042` or `#1042`.
    fn from_str(text: &str) -> Result<Self, UnknownName> {
        let digits = text.trim().trim_start_matches('#');
        match digits.parse::<i64>() {
            Ok(number) if number > 0 => Ok(Self(number)),
            _ => Err(UnknownName::new("ticket number", text)),
        }
    }
}

macro_rules! names {
    ($type:ident, $what:literal, { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $type {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name used in the database, the JSON output and the phrase files.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }

        impl std::str::FromStr for $type {
            type Err = UnknownName;

            fn from_str(name: &str) -> Result<Self, UnknownName> {
                Self::ALL.iter().copied().find(|it| it.as_str() == name).ok_or_else(|| UnknownName::new($what, name))
            }
        }
    };
}

/// What a ticket is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketKind {
    /// Something is broken.
    Incident,
    /// Somebody wants something.
    ServiceRequest,
}
names!(TicketKind, "ticket kind", { Incident => "incident", ServiceRequest => "service_request" });

/// How many people are affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Impact {
    /// The requester alone.
    Person,
    /// A team.
    Team,
    /// A site or everybody.
    Everyone,
}
names!(Impact, "impact", { Person => "person", Team => "team", Everyone => "everyone" });

/// How much it keeps them from working.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// It can wait.
    Low,
    /// Work goes on, with difficulty.
    Medium,
    /// Work has stopped.
    High,
}
names!(Urgency, "urgency", { Low => "low", Medium => "medium", High => "high" });

/// What is worked on first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// When there is time.
    Low,
    /// In its turn.
    Medium,
    /// Before the others.
    High,
    /// Now.
    Critical,
}
names!(Priority, "priority", { Low => "low", Medium => "medium", High => "high", Critical => "critical" });

impl Priority {
    /// Priority from impact x urgency: the three-by-three matrix that ITIL 4 (Service desk practice guide, "prioritization")
    /// gives as its example, folded to four levels.
    ///
    /// | | urgency low | medium | high |
    /// |---|---|---|---|
    /// | impact person | low | medium | high |
    /// | impact team | medium | high | high |
    /// | impact everyone | medium | high | critical |
    #[must_use]
    pub const fn of(impact: Impact, urgency: Urgency) -> Self {
        match (impact, urgency) {
            (Impact::Person, Urgency::Low) => Self::Low,
            (Impact::Person, Urgency::Medium) | (Impact::Team | Impact::Everyone, Urgency::Low) => Self::Medium,
            (Impact::Everyone, Urgency::High) => Self::Critical,
            (Impact::Person | Impact::Team, Urgency::High) | (Impact::Team | Impact::Everyone, Urgency::Medium) => {
                Self::High
            }
        }
    }
}

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketStatus {
    /// Waits in its queue; nobody has it.
    New,
    /// An agent works on it.
    Open,
    /// The requester has to say or try something; the bot may be helping meanwhile.
    WaitingForRequester,
    /// Something else has to happen first.
    OnHold,
    /// Solved; a reply by the requester reopens it for a while.
    Resolved,
    /// Over.
    Closed,
}
names!(TicketStatus, "ticket status", {
    New => "new",
    Open => "open",
    WaitingForRequester => "waiting_for_requester",
    OnHold => "on_hold",
    Resolved => "resolved",
    Closed => "closed",
});

impl TicketStatus {
    /// Still to be worked on.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Resolved | Self::Closed)
    }
}

/// How a request ended. The three are never added together: an assumed resolution is a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// The requester said that it works.
    Confirmed,
    /// They were given an answer and did not come back.
    Assumed,
    /// They left before there was an answer, or called it off.
    Abandoned,
}
names!(Resolution, "resolution", { Confirmed => "confirmed", Assumed => "assumed", Abandoned => "abandoned" });

/// The queue that tickets go to where nothing else is said.
pub const DEFAULT_QUEUE: &str = "helpdesk";

/// The category of a ticket that fits none.
pub const OTHER_CATEGORY: &str = "other";

/// An incident or a service request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// What people call it by.
    pub number: TicketNumber,
    /// The conversation it came from and is answered in.
    pub conversation: ConversationId,
    /// Who asked.
    pub requester: PersonId,
    /// What it is about, in a line. Untrusted text.
    pub summary: String,
    /// Incident or service request.
    pub kind: TicketKind,
    /// A category of the knowledge base, or [`OTHER_CATEGORY`].
    pub category: String,
    /// How many are affected, if the requester said.
    pub impact: Option<Impact>,
    /// How much it hurts, if the requester said.
    pub urgency: Option<Urgency>,
    /// What is worked on first.
    pub priority: Priority,
    /// Where it waits.
    pub queue: String,
    /// Where it stands.
    pub status: TicketStatus,
    /// Who works on it.
    pub assignee: Option<PersonId>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When an agent first wrote to the requester.
    pub first_response_at: Option<Timestamp>,
    /// When it was last resolved, while it is.
    pub resolved_at: Option<Timestamp>,
    /// When anything in it changed last.
    pub updated_at: Timestamp,
    /// Since when the requester has waited for an agent's answer.
    pub waiting_since: Option<Timestamp>,
    /// Since when it has waited for the requester, or been resolved, while it does: the clock of the solution stands still.
    pub paused_since: Option<Timestamp>,
    /// How long that clock stood still before, in milliseconds, not counting hours in which the desk is not there.
    pub paused_ms: u64,
    /// How it ended, once it has.
    pub resolution: Option<Resolution>,
    /// The requester's rating from 1 (bad) to 5 (good), once given.
    pub rating: Option<u8>,
    /// What the requester wrote to the rating. Untrusted text.
    pub rating_comment: Option<String>,
    /// The ticket of which it has become a part.
    #[serde(default)]
    pub merged_into: Option<TicketNumber>,
}

impl From<firstline_knowledge::ArticleKind> for TicketKind {
    fn from(kind: firstline_knowledge::ArticleKind) -> Self {
        match kind {
            firstline_knowledge::ArticleKind::Incident => Self::Incident,
            firstline_knowledge::ArticleKind::ServiceRequest => Self::ServiceRequest,
        }
    }
}

impl Ticket {
    /// Carries out a change at the time `now`. The clock of the solution stands still in the hours of `calendar` only: in others
    /// it does not run anyway.
    pub fn change(&mut self, change: TicketChange, calendar: &Calendar, now: Timestamp) {
        self.updated_at = now;
        match change {
            TicketChange::Claimed(agent) => {
                self.assignee = Some(agent.person);
                self.status = TicketStatus::Open;
            }
            TicketChange::Released => {
                self.assignee = None;
                self.status = TicketStatus::New;
            }
            TicketChange::Transferred { queue } => {
                self.queue = queue;
                self.assignee = None;
                self.status = TicketStatus::New;
            }
            TicketChange::PrioritySet(priority) => self.priority = priority,
            TicketChange::PutOnHold => self.status = TicketStatus::OnHold,
            TicketChange::Resumed => self.status = TicketStatus::Open,
            TicketChange::RequesterReplied => {
                self.waiting_since.get_or_insert(now);
                self.status = TicketStatus::Open;
            }
            TicketChange::Answered => {
                self.first_response_at.get_or_insert(now);
                self.waiting_since = None;
                self.status = TicketStatus::WaitingForRequester;
            }
            TicketChange::ReturnedToBot => {
                self.assignee = None;
                self.status = TicketStatus::WaitingForRequester;
            }
            TicketChange::Resolved(resolution) => {
                self.status = TicketStatus::Resolved;
                self.resolution = Some(resolution);
                self.resolved_at = Some(now);
            }
            TicketChange::Reopened => {
                self.status = if self.assignee.is_some() { TicketStatus::Open } else { TicketStatus::New };
                self.resolution = None;
                self.resolved_at = None;
                self.waiting_since = Some(now);
            }
            TicketChange::Closed(resolution) => {
                self.status = TicketStatus::Closed;
                self.resolution = Some(resolution);
                self.resolved_at.get_or_insert(now);
            }
            // Nothing is resolved by it: what becomes of the request is told where it goes on.
            TicketChange::Merged { into } => {
                self.status = TicketStatus::Closed;
                self.merged_into = Some(into);
                self.resolved_at.get_or_insert(now);
            }
            TicketChange::Rated { stars } => self.rating = Some(stars),
            TicketChange::Commented(comment) => self.rating_comment = Some(comment),
        }
        self.pause(calendar, now);
    }

    /// Lets the clock of the solution stand still or go on, as the status says.
    fn pause(&mut self, calendar: &Calendar, now: Timestamp) {
        let stands_still = !self.status.is_open() || self.status == TicketStatus::WaitingForRequester;
        if stands_still {
            self.paused_since.get_or_insert(now);
        } else if let Some(since) = self.paused_since.take() {
            let paused = u64::try_from(calendar.between(since, now).as_millis()).unwrap_or(u64::MAX);
            self.paused_ms = self.paused_ms.saturating_add(paused);
        }
    }

    /// The requester's reply would reopen it: resolved, and not longer ago than `window`.
    #[must_use]
    pub fn can_be_reopened(&self, now: Timestamp, window: std::time::Duration) -> bool {
        match (self.status, self.resolved_at) {
            (TicketStatus::Resolved, Some(resolved_at)) => now.since(resolved_at) <= window,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priority_grows_with_impact_and_with_urgency() {
        for &impact in Impact::ALL {
            for &urgency in Urgency::ALL {
                let here = Priority::of(impact, urgency);
                for &more in Impact::ALL.iter().filter(|&&it| it >= impact) {
                    for &worse in Urgency::ALL.iter().filter(|&&it| it >= urgency) {
                        assert!(Priority::of(more, worse) >= here, "{more:?} {worse:?} against {impact:?} {urgency:?}");
                    }
                }
            }
        }
        assert_eq!(Priority::of(Impact::Person, Urgency::Low), Priority::Low);
        assert_eq!(Priority::of(Impact::Everyone, Urgency::High), Priority::Critical);
    }

    #[test]
    fn numbers_are_read_with_and_without_their_sign() {
        assert_eq!("#1042".parse::<TicketNumber>().ok(), Some(TicketNumber(1042)));
        assert_eq!(" 7 ".parse::<TicketNumber>().ok(), Some(TicketNumber(7)));
        assert!("#-3".parse::<TicketNumber>().is_err());
        assert!("vpn".parse::<TicketNumber>().is_err());
    }
}
