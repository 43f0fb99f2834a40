//! What Telegram asks to wait in the middle of a message.

use std::time::Duration;

/// Sends a part of a message, of which so many have arrived, and waits on the spot where Telegram asks to.
macro_rules! patiently {
    ($sent:expr, $send:expr) => {{
        let mut patience = $crate::outbound::patience::Patience::after($sent);
        loop {
            match $send.await {
                Err($crate::failure::Failure::Throttled(Some(wait))) if patience.has(wait) => {
                    tokio::time::sleep(wait).await;
                }
                result => break result,
            }
        }
    }};
}

/// How long what Telegram asks to wait is waited on the spot: between two parts of a message, because what has arrived in parts
/// cannot be begun anew later.
pub(super) struct Patience {
    sent: usize,
    left: Duration,
}

impl Patience {
    pub(super) const fn after(sent: usize) -> Self {
        Self { sent, left: Duration::from_secs(15) }
    }

    /// Takes this from what is left; false where that is not enough, or nothing has arrived yet.
    pub(super) fn has(&mut self, wait: Duration) -> bool {
        let left = self.left.checked_sub(wait).filter(|_| self.sent > 0);
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_between_parts_and_not_for_long() {
        let second = Duration::from_secs(1);
        assert!(!Patience::after(0).has(second), "nothing has arrived: it is tried again as a whole, later");
        let mut patience = Patience::after(1);
        assert!(patience.has(10 * second) && !patience.has(6 * second) && patience.has(5 * second));
    }
}
