use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;

use crate::{
    inbound::{ExternalId, PlaceRef},
    outbound::Delivery,
    people::Platform,
};

/// A way out to one platform. An adapter implements it and does nothing but translate: no retries, no queues, no pacing across
/// messages; the delivery worker sees to those.
#[async_trait]
pub trait Channel: Send + Sync + 'static {
    /// Which platform it reaches.
    fn platform(&self) -> Platform;

    /// Messages can go out now. While they cannot, none is taken from the outbox.
    fn is_ready(&self) -> bool {
        true
    }

    /// Carries out one operation and returns the platform's id of the message, if it gives one; several, in order, where the
    /// platform needed several for one of ours. For an edit: of the message as it is now.
    async fn send(&self, delivery: &Delivery) -> Result<Vec<ExternalId>, SendError>;

    /// Makes a thread in a staff room. `None` where the room has no threads: its tickets then live in it side by side, and
    /// staff answer by replying to their cards.
    async fn open_thread(&self, _room: &str, _title: &str) -> Result<Option<ExternalId>, SendError> {
        Ok(None)
    }

    /// Fetches a file that came with a message; nothing beyond so many bytes.
    async fn fetch(&self, _handle: &str, _limit: u64) -> Result<Vec<u8>, FetchError> {
        Err(FetchError::Gone { reason: "this channel has no files".to_owned() })
    }

    /// How much may be sent; without limits, as much as there is.
    fn limits(&self) -> Option<Limits> {
        None
    }

    /// Shows that an answer is being prepared, where the platform can. It is only a courtesy, so it cannot fail.
    async fn typing(&self, _place: &PlaceRef) {}

    /// After this long an attempt of which nothing was heard is given up as ambiguous.
    fn send_timeout(&self) -> Duration {
        Duration::from_secs(30)
    }

    /// The platform shows a message only once however often it is sent with the same [`crate::outbound::OutboundMessage::id`]
    /// within a few minutes, so an attempt with an unknown result may simply be repeated.
    fn absorbs_repeats(&self) -> bool {
        false
    }
}

/// So many messages, at most, in any span of this length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: u32,
    /// In which span.
    pub within: Duration,
}

/// What a platform allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// In one chat.
    pub chat: Rate,
    /// In one staff room, over all its threads.
    pub room: Rate,
    /// Altogether.
    pub platform: Rate,
}

/// What the platforms allow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pacing(pub BTreeMap<Platform, Limits>);

/// Why a file was not fetched. The texts are for logs; they carry no token.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// It is larger than allowed.
    #[error("too large")]
    TooLarge,
    /// The platform does not give it out.
    #[error("gone: {reason}")]
    Gone {
        /// What the platform said.
        reason: String,
    },
    /// It may work later.
    #[error("failed: {reason}")]
    Failed {
        /// What happened.
        reason: String,
    },
}

/// Why an attempt did not end with a message on the platform. The texts are for staff and logs; they carry no token.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Certainly nothing was sent, and it may work later: no connection, or the platform asked to wait.
    #[error("not sent: {reason}")]
    NotSent {
        /// What happened.
        reason: String,
        /// How long the platform asked to wait.
        wait: Option<Duration>,
    },
    /// The platform refuses for good: the chat is gone, the person has blocked the bot, the content is not allowed.
    #[error("refused: {reason}")]
    Refused {
        /// What the platform said.
        reason: String,
    },
    /// The chat has another address now; certainly nothing was sent.
    #[error("the chat has moved: {reason}")]
    Moved {
        /// What the platform said.
        reason: String,
        /// Its address from now on.
        to: String,
    },
    /// The thread is gone; certainly nothing was sent.
    #[error("the thread is gone: {reason}")]
    ThreadGone {
        /// What the platform said.
        reason: String,
    },
    /// The card, or another message to be changed, is gone; certainly nothing was changed.
    #[error("the message is gone: {reason}")]
    MessageGone {
        /// What the platform said.
        reason: String,
    },
    /// The request went out and nothing certain came back.
    #[error("unknown whether it was sent: {reason}")]
    Unknown {
        /// What happened.
        reason: String,
    },
}
