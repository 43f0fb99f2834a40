//! What is to be fetched, and when. One thing after the other, between what the gateway tells; what fails waits by itself, longer
//! and longer, and where Discord fails as a whole, or takes its time, everything waits a while.

use std::{collections::BTreeMap, time::Duration};

use tokio::time::Instant;

use super::patience::Patience;

/// After a request that failed slowly, so many times as long nothing is fetched: dispatches wait for no more than the rest.
const REST: u32 = 10;
/// The longest that everything waits after failures of different channels.
const LONGEST_REST: Duration = Duration::from_secs(30);

/// Something to be fetched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Errand {
    /// All that is known may be incomplete.
    Everything,
    /// Which threads are open in the servers.
    Servers,
    /// What was written in a channel.
    Channel(String),
}

/// How something is fetched.
#[derive(Debug, Clone, Default)]
pub(super) struct Debt {
    /// It is owed, and tried until it is done. Otherwise it is a look that may as well fail.
    pub(super) owed: bool,
    /// What was written behind this is left to the gateway.
    pub(super) until: Option<u64>,
    /// How far it was fetched already.
    pub(super) after: Option<u64>,
    /// Messages that nobody had told of.
    pub(super) fetched: usize,
    patience: Patience,
    due: Option<Instant>,
}

/// All that is to be fetched.
#[derive(Debug, Default)]
pub(super) struct Debts {
    line: BTreeMap<Errand, Debt>,
    /// Before that nothing is.
    rest_until: Option<Instant>,
    /// Failures one after the other.
    failing: Patience,
}

impl Debts {
    /// Notes that something is owed.
    pub(super) fn owe(&mut self, errand: Errand, due: Option<Instant>) {
        let debt = self.line.entry(errand).or_default();
        // What was fetched before may have missed what is owed now.
        *debt = Debt { owed: true, due, fetched: debt.fetched, ..Debt::default() };
    }

    /// Notes that it is to be looked, unless that is owed anyway.
    pub(super) fn look(&mut self, errand: Errand, until: u64) {
        self.line.entry(errand).or_insert_with(|| Debt { until: Some(until), ..Debt::default() });
    }

    /// When there is something to do; `None` for never.
    pub(super) fn due(&self) -> Option<Instant> {
        let now = Instant::now();
        let first = self.line.values().map(|debt| debt.due.unwrap_or(now)).min()?;
        Some(self.rest_until.map_or(first, |rest| rest.max(first)))
    }

    /// What to do now.
    pub(super) fn next(&self) -> Option<Errand> {
        let now = Instant::now();
        if self.rest_until.is_some_and(|rest| rest > now) {
            return None;
        }
        let due = self.line.iter().filter(|(_, debt)| debt.due.is_none_or(|due| due <= now));
        due.min_by_key(|(_, debt)| debt.due).map(|(errand, _)| errand.clone())
    }

    pub(super) fn get(&self, errand: &Errand) -> Option<&Debt> {
        self.line.get(errand)
    }

    /// It is owed, nothing has gone wrong with it so far, and nothing rests.
    pub(super) fn can_be_paid(&self, errand: &Errand) -> bool {
        self.rest_until.is_none_or(|rest| rest <= Instant::now())
            && self.line.get(errand).is_some_and(|debt| debt.owed && debt.patience.is_fresh() && debt.due.is_none())
    }

    /// A part of it is done.
    pub(super) fn went_on(&mut self, errand: &Errand, after: u64, fetched: usize) {
        self.succeeded();
        if let Some(debt) = self.line.get_mut(errand) {
            debt.after = Some(after);
            debt.fetched += fetched;
        }
    }

    /// It is done; how it was.
    pub(super) fn done(&mut self, errand: &Errand) -> Option<Debt> {
        self.succeeded();
        self.line.remove(errand)
    }

    /// It failed, after so long, and perhaps with a time to wait.
    pub(super) fn failed(&mut self, errand: &Errand, took: Duration, asked: Option<Duration>) {
        let now = Instant::now();
        let rest = self.failing.pause(None).min(LONGEST_REST).max(took * REST);
        self.rest_until = Some(now + rest);
        let Some(debt) = self.line.get_mut(errand) else { return };
        if debt.owed {
            debt.due = now.checked_add(debt.patience.pause(asked)).or(Some(now + LONGEST_REST));
        } else {
            // The next round looks again.
            self.line.remove(errand);
        }
    }

    /// Nothing is owed any more.
    pub(super) fn is_even(&self) -> bool {
        !self.line.values().any(|debt| debt.owed)
    }

    fn succeeded(&mut self) {
        self.failing = Patience::default();
        self.rest_until = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(id: &str) -> Errand {
        Errand::Channel(id.to_owned())
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_to_wait_waits_alone() {
        let mut debts = Debts::default();
        debts.owe(channel("1"), None);
        debts.owe(channel("2"), None);
        assert_eq!(debts.next(), Some(channel("1")));
        debts.failed(&channel("1"), Duration::ZERO, Some(Duration::from_mins(5)));
        assert_eq!(debts.next(), None, "a moment of rest");
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(!debts.can_be_paid(&channel("1")) && debts.can_be_paid(&channel("2")));
        assert_eq!(debts.next(), Some(channel("2")));
        assert!(debts.done(&channel("2")).is_some());
        assert_eq!((debts.next(), debts.is_even()), (None, false));
        tokio::time::sleep_until(debts.due().expect("it is owed")).await;
        assert_eq!(debts.next(), Some(channel("1")));
        assert!(debts.done(&channel("1")).is_some());
        assert!(debts.is_even() && debts.due().is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_look_that_fails_is_left_to_the_next_round() {
        let mut debts = Debts::default();
        debts.look(channel("1"), 7);
        debts.owe(channel("2"), None);
        debts.look(channel("2"), 7);
        assert_eq!(debts.get(&channel("2")).and_then(|debt| debt.until), None, "owed is more than a look");
        debts.failed(&channel("1"), Duration::from_secs(5), None);
        assert!(debts.get(&channel("1")).is_none());
        tokio::time::advance(Duration::from_secs(49)).await;
        assert_eq!(debts.next(), None, "slow failures do not fill the time");
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(debts.next(), Some(channel("2")));
    }
}
