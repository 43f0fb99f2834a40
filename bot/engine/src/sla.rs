//! What the desk promises: how soon a requester has a first answer, each further answer, and a solution. The clocks of a ticket
//! follow from the ticket and the promise alone, so they are computed and never stored.
//!
//! All clocks run around the clock. The one of the solution stands still while the ticket waits for the requester or is resolved.

use std::time::Duration;

use crate::{
    ticket::{Priority, Ticket},
    time::Timestamp,
};

/// The times promised for each priority; `None` where nothing is promised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Promise {
    /// In the order of [`Priority::ALL`].
    pub by_priority: [Option<Duration>; 4],
}

impl Promise {
    /// For tickets of a priority.
    #[must_use]
    pub const fn of(&self, priority: Priority) -> Option<Duration> {
        let [low, medium, high, critical] = self.by_priority;
        match priority {
            Priority::Low => low,
            Priority::Medium => medium,
            Priority::High => high,
            Priority::Critical => critical,
        }
    }

    fn of_minutes(minutes: [u64; 4]) -> Self {
        Self { by_priority: minutes.map(|minutes| Some(Duration::from_mins(minutes))) }
    }
}

/// What is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sla {
    /// From the opening to an agent's first answer.
    pub first_response: Promise,
    /// From the requester's word to an agent's next one.
    pub next_response: Promise,
    /// From the opening to the solution, without the time in which the ticket waits for the requester.
    pub resolution: Promise,
}

impl Default for Sla {
    /// What many help desks promise (hours: 8, 4, 1 and a quarter for a first answer; days: 5, 3, 1 and 4 hours for a solution).
    fn default() -> Self {
        const HOUR: u64 = 60;
        const DAY: u64 = 24 * HOUR;
        Self {
            first_response: Promise::of_minutes([8 * HOUR, 4 * HOUR, HOUR, 15]),
            next_response: Promise::of_minutes([DAY, 8 * HOUR, 4 * HOUR, HOUR]),
            resolution: Promise::of_minutes([5 * DAY, 3 * DAY, DAY, 4 * HOUR]),
        }
    }
}

/// Where one clock of a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// There is time until then.
    Due(Timestamp),
    /// Then was too late already, and it still has not happened.
    Breached(Timestamp),
    /// It stands still, with so much time left.
    Paused(Duration),
    /// It happened in time, or nothing was promised.
    Met(Timestamp),
    /// It happened after it was due.
    MetLate {
        /// When it happened.
        at: Timestamp,
        /// When it was due.
        due: Timestamp,
    },
}

/// The clocks of a ticket; those that do not run and never ran are `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// The first answer.
    pub first_response: Option<Clock>,
    /// The next answer, while the requester waits for one.
    pub next_response: Option<Clock>,
    /// The solution.
    pub resolution: Option<Clock>,
}

impl Clocks {
    /// The clocks of a ticket at a moment.
    #[must_use]
    pub fn of(ticket: &Ticket, sla: &Sla, now: Timestamp) -> Self {
        let promised = |promise: &Promise| promise.of(ticket.priority);
        let running = |due: Timestamp| if due > now { Clock::Due(due) } else { Clock::Breached(due) };
        let met = |at: Timestamp, due: Option<Timestamp>| match due {
            Some(due) if at > due => Clock::MetLate { at, due },
            _ => Clock::Met(at),
        };
        let open = ticket.status.is_open();
        let first_due = promised(&sla.first_response).map(|span| ticket.opened_at.after(span));
        let first_response = match (ticket.first_response_at, first_due) {
            (Some(at), due) => Some(met(at, due)),
            (None, Some(due)) if open => Some(running(due)),
            _ => None,
        };
        let next_response = match (ticket.first_response_at, ticket.waiting_since, promised(&sla.next_response)) {
            (Some(_), Some(since), Some(span)) if open => Some(running(since.after(span))),
            _ => None,
        };
        let due = promised(&sla.resolution)
            .map(|span| ticket.opened_at.after(span).after(Duration::from_millis(ticket.paused_ms)));
        let resolution = match (ticket.resolved_at, due, ticket.paused_since) {
            (Some(at), due, _) => Some(met(at, due)),
            (None, Some(due), None) => Some(running(due)),
            (None, Some(due), Some(since)) if due > since => Some(Clock::Paused(due.since(since))),
            (None, Some(due), Some(_)) => Some(Clock::Breached(due)),
            (None, None, _) => None,
        };
        Self { first_response, next_response, resolution }
    }

    /// The next moment at which one of them runs out.
    #[must_use]
    pub fn next_turn(&self) -> Option<Timestamp> {
        let due = |clock: &Option<Clock>| match clock {
            Some(Clock::Due(at)) => Some(*at),
            _ => None,
        };
        [&self.first_response, &self.next_response, &self.resolution].into_iter().filter_map(due).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        conversation::{AgentRef, TicketChange},
        ids::{ConversationId, PersonId, TicketId},
        ticket::{Resolution, TicketKind, TicketNumber, TicketStatus},
    };
    use uuid::Uuid;

    const fn at(minutes: i64) -> Timestamp {
        Timestamp(minutes * 60_000)
    }

    fn ticket() -> Ticket {
        Ticket {
            id: TicketId(Uuid::nil()),
            number: TicketNumber(1001),
            conversation: ConversationId(Uuid::nil()),
            requester: PersonId(Uuid::nil()),
            summary: "VPN".to_owned(),
            kind: TicketKind::Incident,
            category: "network".to_owned(),
            impact: None,
            urgency: None,
            priority: Priority::Critical,
            queue: "helpdesk".to_owned(),
            status: TicketStatus::New,
            assignee: None,
            opened_at: at(0),
            first_response_at: None,
            resolved_at: None,
            updated_at: at(0),
            waiting_since: Some(at(0)),
            paused_since: None,
            paused_ms: 0,
            resolution: None,
            rating: None,
            rating_comment: None,
            merged_into: None,
        }
    }

    #[test]
    fn clocks_run_pause_and_run_out() {
        let sla = Sla::default();
        let mut ticket = ticket();
        let of = |ticket: &Ticket, now| Clocks::of(ticket, &sla, now);
        let fresh = of(&ticket, at(1));
        assert_eq!(fresh.first_response, Some(Clock::Due(at(15))));
        assert_eq!((fresh.next_response, fresh.resolution), (None, Some(Clock::Due(at(240)))));
        assert_eq!(fresh.next_turn(), Some(at(15)));
        let late = of(&ticket, at(15));
        assert_eq!((late.first_response, late.next_turn()), (Some(Clock::Breached(at(15))), Some(at(240))));

        let agent = AgentRef { person: PersonId(Uuid::nil()), name: "Anna".to_owned() };
        ticket.change(TicketChange::Claimed(agent), at(16));
        ticket.change(TicketChange::Answered, at(20));
        let answered = of(&ticket, at(30));
        assert_eq!(answered.first_response, Some(Clock::MetLate { at: at(20), due: at(15) }));
        assert_eq!(answered.resolution, Some(Clock::Paused(Duration::from_mins(220))));
        assert_eq!((answered.next_response, answered.next_turn()), (None, None));

        ticket.change(TicketChange::RequesterReplied, at(50));
        let replied = of(&ticket, at(60));
        assert_eq!(replied.next_response, Some(Clock::Due(at(110))));
        assert_eq!(replied.resolution, Some(Clock::Due(at(270))), "half an hour does not count");
        ticket.change(TicketChange::Resolved(Resolution::Confirmed), at(100));
        assert_eq!(of(&ticket, at(999)).resolution, Some(Clock::Met(at(100))));
        assert_eq!(of(&ticket, at(999)).next_turn(), None);
        ticket.change(TicketChange::Reopened, at(200));
        assert_eq!(of(&ticket, at(201)).resolution, Some(Clock::Due(at(370))));
        assert_eq!(of(&ticket, at(201)).next_response, Some(Clock::Due(at(260))));
    }

    #[test]
    fn where_nothing_is_promised_no_clock_runs() {
        let none = Promise::default();
        let sla = Sla { first_response: none, next_response: none, resolution: none };
        let clocks = Clocks::of(&ticket(), &sla, at(9_999));
        assert_eq!((clocks.first_response, clocks.next_response, clocks.resolution), (None, None, None));
    }
}
