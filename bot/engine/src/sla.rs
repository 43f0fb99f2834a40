//! What the desk promises: how soon a requester has a first answer, each further answer, and a solution. The clocks of a ticket
//! follow from the ticket and the promise alone, so they are computed and never stored.
//!
//! All clocks run while the desk is there ([`Calendar`]). The one of the solution also stands still while the ticket waits for the
//! requester or is resolved; how long it did is counted when that ends ([`Ticket::change`]), by the hours of that time.

mod calendar;

use std::time::Duration;

use serde::Serialize;

pub use calendar::{Calendar, Holiday, Shift};

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sla {
    /// From the opening to an agent's first answer.
    pub first_response: Promise,
    /// From the requester's word to an agent's next one.
    pub next_response: Promise,
    /// From the opening to the solution, without the time in which the ticket waits for the requester.
    pub resolution: Promise,
    /// When the desk is there: clocks run only then.
    pub calendar: Calendar,
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
            calendar: Calendar::default(),
        }
    }
}

/// Where one clock of a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// There is time until then.
    Due(Timestamp),
    /// Then was too late already, and it still has not happened.
    Breached(Timestamp),
    /// It stands still, with so much time of the desk's left.
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

/// What a clock runs for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The first answer.
    First,
    /// The next answer.
    Next,
    /// The solution.
    Resolution,
}

impl Which {
    /// Its name in the keys of phrases.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Next => "next",
            Self::Resolution => "resolution",
        }
    }
}

/// The clocks of a ticket; those that do not run and never ran are `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
        let calendar = &sla.calendar;
        let running = |due: Timestamp| if due > now { Clock::Due(due) } else { Clock::Breached(due) };
        let met = |at: Timestamp, due: Option<Timestamp>| match due {
            Some(due) if at > due => Clock::MetLate { at, due },
            _ => Clock::Met(at),
        };
        let open = ticket.status.is_open();
        let first_due = promised(&sla.first_response).map(|span| calendar.after(ticket.opened_at, span));
        let first_response = match (ticket.first_response_at, first_due) {
            (Some(at), due) => Some(met(at, due)),
            (None, Some(due)) if open => Some(running(due)),
            _ => None,
        };
        let next_response = match (ticket.first_response_at, ticket.waiting_since, promised(&sla.next_response)) {
            (Some(_), Some(since), Some(span)) if open => Some(running(calendar.after(since, span))),
            _ => None,
        };
        let paused = Duration::from_millis(ticket.paused_ms);
        let due = promised(&sla.resolution).map(|span| calendar.after(ticket.opened_at, span.saturating_add(paused)));
        let resolution = match (ticket.resolved_at, due, ticket.paused_since) {
            (Some(at), due, _) => Some(met(at, due)),
            (None, Some(due), None) => Some(running(due)),
            (None, Some(due), Some(since)) if due > since => Some(Clock::Paused(calendar.between(since, due))),
            (None, Some(due), Some(_)) => Some(Clock::Breached(due)),
            (None, None, _) => None,
        };
        Self { first_response, next_response, resolution }
    }

    /// The clock to be looked at first, and which it is: one that has run out, or the one that does so next. Those that stand
    /// still press nobody.
    #[must_use]
    pub fn pressing(&self) -> Option<(Which, Clock)> {
        let at = |clock: &Clock| match clock {
            Clock::Due(at) | Clock::Breached(at) => Some(*at),
            _ => None,
        };
        self.all()
            .filter_map(|(which, clock)| Some((at(&clock)?, which, clock)))
            .min_by_key(|it| it.0)
            .map(|it| (it.1, it.2))
    }

    /// All that there are, in the order in which they are shown.
    pub fn all(&self) -> impl Iterator<Item = (Which, Clock)> {
        let all = [
            (Which::First, self.first_response),
            (Which::Next, self.next_response),
            (Which::Resolution, self.resolution),
        ];
        all.into_iter().filter_map(|(which, clock)| Some((which, clock?)))
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
mod tests;
