use std::time::Duration;

use tokio_util::sync::CancellationToken;

/// Waits longer each time: from half a second to a minute.
#[derive(Default)]
pub(super) struct Patience {
    failures: u32,
}

impl Patience {
    /// Waits, at least as long as asked; `None` when cancelled meanwhile.
    pub(super) async fn wait(&mut self, asked: Option<Duration>, cancel: &CancellationToken) -> Option<()> {
        let own = Duration::from_millis(500).saturating_mul(2_u32.saturating_pow(self.failures));
        self.failures = self.failures.saturating_add(1);
        let pause = own.min(Duration::from_mins(1)).max(asked.unwrap_or_default());
        tokio::select! {
            () = cancel.cancelled() => None,
            () = tokio::time::sleep(pause) => Some(()),
        }
    }
}
