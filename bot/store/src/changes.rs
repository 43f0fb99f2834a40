//! Tells those who wait that something was committed.

use std::time::Duration;

use tokio::{
    sync::{Notify, watch},
    time::{Instant, timeout},
};

/// A change this recent may have come after the waiter's last look and before its wait.
const JUST_NOW: Duration = Duration::from_millis(25);

/// When something was last committed, by anybody.
///
/// A waiter cannot say what it has seen, so one that comes right after a change is not kept waiting long: it looks once more
/// than needed, instead of overlooking what was committed between its last look and its wait.
#[derive(Debug)]
pub(crate) struct Changes {
    last: watch::Sender<Option<Instant>>,
    /// Rings for what was committed through this store, for whoever tells other processes.
    own: Notify,
}

impl Changes {
    pub(crate) fn new() -> Self {
        Self { last: watch::Sender::new(None), own: Notify::new() }
    }

    /// This store has committed something.
    pub(crate) fn committed(&self) {
        self.seen();
        self.own.notify_one();
    }

    /// Somebody has committed something.
    pub(crate) fn seen(&self) {
        self.last.send_replace(Some(Instant::now()));
    }

    /// Returns when this store has committed something since the last time this returned. For one caller.
    pub(crate) async fn own(&self) {
        self.own.notified().await;
    }

    /// Returns at the next change or after `at_most`; soon, if there was a change just now.
    pub(crate) async fn wait(&self, at_most: Duration) {
        let mut changes = self.last.subscribe();
        let recent = changes.borrow_and_update().is_some_and(|last| last.elapsed() < JUST_NOW);
        let at_most = if recent { at_most.min(JUST_NOW) } else { at_most };
        // Neither a time-out nor a closed channel is news to the waiter, who looks in any case.
        let _ = timeout(at_most, changes.changed()).await;
    }
}
