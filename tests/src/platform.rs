//! What the two pretended platforms have in common: a state that everybody sees, and a bell that rings when it changes.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

use crate::PATIENCE;

/// What a platform remembers of the world `S`, and what it compares requests with (`C`).
#[derive(Debug)]
pub(crate) struct Platform<S, C> {
    state: Mutex<S>,
    changes: watch::Sender<()>,
    pub(crate) conformity: C,
}

/// Requests can be held back until a story lets them go.
pub(crate) trait HoldsBack {
    /// The requests before this one are no longer held back.
    fn let_go(&self) -> usize;
}

impl<S: Default, C> Platform<S, C> {
    pub(crate) fn new(conformity: C) -> Self {
        Self { state: Mutex::default(), changes: watch::Sender::new(()), conformity }
    }
}

impl<S, C> Platform<S, C> {
    pub(crate) fn state(&self) -> MutexGuard<'_, S> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn changed(&self) {
        self.changes.send_replace(());
    }

    /// Changes what is remembered, and lets everybody know.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut S) -> T) -> T {
        let changed = change(&mut self.state());
        self.changed();
        changed
    }

    /// Waits for a state. `None` when it does not come.
    pub(crate) async fn finds<T>(&self, look: impl FnMut(&mut S) -> Option<T>) -> Option<T> {
        self.wait_for(Instant::now() + PATIENCE, look).await
    }

    /// Waits until `look` finds what it looks for, or until the deadline.
    pub(crate) async fn wait_for<T>(&self, deadline: Instant, mut look: impl FnMut(&mut S) -> Option<T>) -> Option<T> {
        let mut changes = self.changes.subscribe();
        loop {
            changes.mark_unchanged();
            if let Some(found) = look(&mut self.state()) {
                return Some(found);
            }
            if timeout_at(deadline, changes.changed()).await.is_err() {
                return None;
            }
        }
    }
}

impl<S: HoldsBack, C> Platform<S, C> {
    /// Waits until a request that is held back may be answered.
    pub(crate) async fn until_let_go(&self, request: usize) {
        self.changed();
        self.finds(|state| (state.let_go() > request).then_some(())).await;
    }
}
