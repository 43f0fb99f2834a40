use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use firstline_knowledge::Language;

use crate::{
    inbound::{ExternalId, PlaceRef},
    outbound::Delivery,
    people::{Platform, UnknownName},
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

    /// Makes another way to a place that cannot be reached by its own address, as a thread with nobody else in it. `None` where
    /// there is none to be had.
    async fn open_way(&self, _wanted: &WayWanted<'_>) -> Result<Option<Opened>, SendError> {
        Ok(None)
    }

    /// Tells somebody elsewhere, and once, that they cannot be answered where they asked, and what to do instead. False where the
    /// platform has no such place, or nothing could be said there.
    async fn excuse(&self, _wanted: &WayWanted<'_>) -> bool {
        false
    }

    /// Says the first words on a way that was just made, and calls its requester to it. Saying them twice shows them once.
    async fn greet(&self, _address: &str, _user: &str, _text: &str) -> Result<(), SendError> {
        Ok(())
    }

    /// Fetches a file that came with a message; nothing beyond so many bytes.
    async fn fetch(&self, _handle: &str, _limit: u64) -> Result<Vec<u8>, FetchError> {
        Err(FetchError::Gone { reason: "this channel has no files".to_owned() })
    }

    /// The largest file that it takes along with a message, in bytes. [`Delivery::files`] has those that are to go, whether they
    /// can or not.
    async fn largest_file(&self, _delivery: &Delivery) -> Result<u64, SendError> {
        Ok(u64::MAX)
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

    /// An attempt with an unknown result may simply be repeated: the platform shows a message only once however often it is sent
    /// with the same [`crate::outbound::OutboundMessage::id`], or the channel looks whether it is there already
    /// ([`crate::outbound::Delivery::earlier`]).
    fn absorbs_repeats(&self) -> bool {
        false
    }

    /// Its screens begin empty and are shown what was said before ([`crate::desk::Desk::attach`]): what perhaps did not arrive is
    /// seen there anyhow.
    fn shows_again(&self) -> bool {
        false
    }
}

/// A way that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayWanted<'a> {
    /// To which place.
    pub place: &'a PlaceRef,
    /// For whom: the platform's id of the requester.
    pub user: &'a str,
    /// What to call it.
    pub title: &'a str,
    /// Which language the requester reads.
    pub language: Language,
    /// An attempt before this one may have made it, and nobody has written that down.
    pub again: bool,
}

/// A way that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The adapter's address of it.
    pub address: String,
    /// What has to be said there first.
    pub greeting: Greeting,
}

/// What a way begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greeting {
    /// A question is answered here, and nobody else reads it.
    Question,
    /// A question is answered here, where others read along.
    SharedQuestion,
    /// Messages to this person are refused, so it goes on here.
    Moved,
}

impl Greeting {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Question, Self::SharedQuestion, Self::Moved];

    /// The name used in the database, and of the phrase behind `way-`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::SharedQuestion => "shared-question",
            Self::Moved => "moved",
        }
    }
}

impl std::str::FromStr for Greeting {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|it| it.as_str() == name).ok_or_else(|| UnknownName::new("greeting", name))
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
    /// The platform does not know us (a token that is wrong, or was withdrawn): certainly nothing was sent, nor will anything be
    /// until somebody mends that.
    #[error("not let in: {reason}")]
    NotLetIn {
        /// What the platform said.
        reason: String,
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
    /// The place cannot be reached this way; certainly nothing was sent.
    #[error("not reached this way: {reason}")]
    NoWay {
        /// What the platform said.
        reason: String,
    },
    /// The card, or another message to be changed, is gone; certainly nothing was changed.
    #[error("the message is gone: {reason}")]
    MessageGone {
        /// What the platform said.
        reason: String,
    },
    /// Certainly nothing was sent now, but an attempt before may have arrived, and the platform does not tell: only a person can
    /// decide whether to send it again.
    #[error("undecided: {reason}")]
    Undecided {
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
