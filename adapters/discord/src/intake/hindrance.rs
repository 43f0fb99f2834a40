//! Why something is not done now.

use std::time::Duration;

/// Why something is not done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hindrance {
    /// The shift is over: we were told to stop, or another instance listens now.
    Over,
    /// Discord does not tell now what is needed. Nothing waits for that: what it is about is owed, and fetched later, after the time for which Discord asks, if it does.
    Later(Option<Duration>),
}

/// A part of what the intake does.
pub(super) type Step<T> = Result<T, Hindrance>;
