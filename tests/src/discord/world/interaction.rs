use serde_json::Value;
use tokio::time::Instant;

/// Something that somebody did with the app and that waits for its answer.
#[derive(Debug, Clone)]
pub(in crate::discord) struct Interaction {
    pub(in crate::discord) id: u64,
    pub(in crate::discord) token: String,
    pub(in crate::discord) channel: u64,
    pub(in crate::discord) user: u64,
    /// The kind of its answer: 4 with a message, 5 later, 6 by itself, …
    pub(in crate::discord) answered: Option<u64>,
    /// The message that answers it.
    pub(in crate::discord) original: Option<u64>,
    pub(in crate::discord) began: Instant,
    /// Nobody but the user is to see the answer that was announced.
    pub(in crate::discord) secret: bool,
    /// What it was answered with: a form, or suggestions.
    pub(in crate::discord) data: Value,
}
