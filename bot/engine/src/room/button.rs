//! The buttons of a ticket's card and of the notices in its thread.
//!
//! Grammar of a token: `"t." what [ "." argument ]`. It carries no right and no secret: what it may do is decided by who presses
//! it, and on which ticket by the thread in which it is pressed. At most 40 ASCII characters.

use uuid::Uuid;

use crate::{ids::OutboundId, ticket::Priority};

/// A button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// Take the ticket.
    Claim,
    /// Lay it back.
    Release,
    /// Offer the priorities.
    Priorities,
    /// Set this priority.
    Priority(Priority),
    /// Offer the queues.
    Queues,
    /// Move it to the queue of this number in the settings.
    Queue(usize),
    /// Offer the usual buttons again.
    Back,
    /// What is written here is a note from now on, or no longer.
    Notes(bool),
    /// It is solved.
    Resolve,
    /// It is over.
    Close,
    /// Send this message again.
    Resend(OutboundId),
}

impl Button {
    /// The token that comes back when it is pressed.
    #[must_use]
    pub fn token(self) -> String {
        match self {
            Self::Claim => "t.claim".to_owned(),
            Self::Release => "t.release".to_owned(),
            Self::Priorities => "t.priorities".to_owned(),
            Self::Priority(priority) => format!("t.priority.{}", priority.as_str()),
            Self::Queues => "t.queues".to_owned(),
            Self::Queue(index) => format!("t.queue.{index}"),
            Self::Back => "t.back".to_owned(),
            Self::Notes(true) => "t.notes.on".to_owned(),
            Self::Notes(false) => "t.notes.off".to_owned(),
            Self::Resolve => "t.resolve".to_owned(),
            Self::Close => "t.close".to_owned(),
            Self::Resend(message) => format!("t.s.{}", message.0.simple()),
        }
    }

    /// The button of a token.
    #[must_use]
    pub fn parse(token: &str) -> Option<Self> {
        let rest = token.strip_prefix("t.")?;
        let (what, argument) = rest.split_once('.').unwrap_or((rest, ""));
        Some(match (what, argument) {
            ("claim", "") => Self::Claim,
            ("release", "") => Self::Release,
            ("priorities", "") => Self::Priorities,
            ("priority", name) => Self::Priority(name.parse().ok()?),
            ("queues", "") => Self::Queues,
            ("queue", index) => Self::Queue(index.parse().ok()?),
            ("back", "") => Self::Back,
            ("notes", "on") => Self::Notes(true),
            ("notes", "off") => Self::Notes(false),
            ("resolve", "") => Self::Resolve,
            ("close", "") => Self::Close,
            ("s", id) => Self::Resend(OutboundId(Uuid::try_parse(id).ok()?)),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_short_and_come_back_as_the_same_button() {
        let buttons = [
            Button::Claim,
            Button::Release,
            Button::Priorities,
            Button::Priority(Priority::Critical),
            Button::Queues,
            Button::Queue(11),
            Button::Back,
            Button::Notes(true),
            Button::Notes(false),
            Button::Resolve,
            Button::Close,
            Button::Resend(OutboundId(Uuid::from_u128(u128::MAX))),
        ];
        for button in buttons {
            let token = button.token();
            assert!(token.len() <= 40 && token.is_ascii(), "{token}");
            assert_eq!(Button::parse(&token), Some(button), "{token}");
        }
        for nonsense in ["", "t.", "t.priority.urgent", "t.queue.-1", "t.s.1", "claim", "t.claim.now", "t.notes.maybe"]
        {
            assert_eq!(Button::parse(nonsense), None, "{nonsense:?}");
        }
    }
}
