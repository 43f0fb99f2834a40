use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::hindrance::{Hindrance, Step};

/// Waits longer each time: from half a second to a minute.
#[derive(Debug, Clone, Default)]
pub(super) struct Patience {
    failures: u32,
}

impl Patience {
    /// How long to wait after one more failure, at least as long as asked.
    pub(super) fn pause(&mut self, asked: Option<Duration>) -> Duration {
        let own = Duration::from_millis(500).saturating_mul(2_u32.saturating_pow(self.failures));
        self.failures = self.failures.saturating_add(1);
        own.min(Duration::from_mins(1)).max(asked.unwrap_or_default())
    }

    /// Waits, at least as long as asked, unless that is cancelled meanwhile.
    pub(super) async fn wait(&mut self, asked: Option<Duration>, cancel: &CancellationToken) -> Step<()> {
        let pause = self.pause(asked);
        tokio::select! {
            () = cancel.cancelled() => Err(Hindrance::Over),
            () = tokio::time::sleep(pause) => Ok(()),
        }
    }

    /// Nothing has failed yet.
    pub(super) const fn is_fresh(&self) -> bool {
        self.failures == 0
    }
}
