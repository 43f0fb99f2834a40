//! Whoever calls the webhook without knowing the secret is told of in the log, but not with every call.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// How often the log tells of strangers, at most.
const EVERY: Duration = Duration::from_mins(1);

/// Strangers who have called.
#[derive(Default)]
pub(super) struct Strangers(Mutex<Calls>);

#[derive(Default)]
struct Calls {
    told_at: Option<Instant>,
    untold: u64,
}

impl Strangers {
    /// One has called.
    pub(super) fn called(&self) {
        let calls = self.0.lock().unwrap_or_else(PoisonError::into_inner).one_more(Instant::now());
        if let Some(calls) = calls {
            tracing::warn!(calls, "somebody who does not know the secret called the webhook");
        }
    }
}

impl Calls {
    /// Counts a call; how many there were since the log told of them, if it is to tell again.
    fn one_more(&mut self, now: Instant) -> Option<u64> {
        self.untold = self.untold.saturating_add(1);
        if self.told_at.is_some_and(|at| now.duration_since(at) < EVERY) {
            return None;
        }
        self.told_at = Some(now);
        Some(std::mem::take(&mut self.untold))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_calls_are_few_lines() {
        let begun = Instant::now();
        let mut calls = Calls::default();
        let told: Vec<_> = (0..130).map(|second| calls.one_more(begun + Duration::from_secs(second))).collect();
        let told: Vec<_> = told.into_iter().flatten().collect();
        assert_eq!(told, [1, 60, 60]);
    }
}
