//! How long to wait for Discord's answer.

use std::time::Duration;

/// For a request without files.
pub(super) const FOR_WORDS: Duration = Duration::from_secs(20);

/// The slowest line on which files still get out and in, in bytes per second: half a megabit.
const SLOWEST: u64 = 64 * 1024;

/// For a request that carries so many bytes, either way.
pub(crate) const fn time_for(bytes: u64) -> Duration {
    FOR_WORDS.saturating_add(Duration::from_secs(bytes / SLOWEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_the_time_that_a_slow_line_needs() {
        assert_eq!(time_for(0), FOR_WORDS);
        assert_eq!(time_for(10 * 1024 * 1024), FOR_WORDS + Duration::from_secs(160));
    }
}
