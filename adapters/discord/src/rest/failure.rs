//! What a failed request means.

use std::{fmt, time::Duration};

use firstline_engine::{outbound::Why, ports::SendError};

/// Discord's code for a channel or a thread that it does not have, or not any more.
pub(crate) const UNKNOWN_CHANNEL: i64 = 10003;

/// What a failed request means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Failure {
    /// Certainly nothing was done: not a byte reached Discord, or something before it refused.
    NotReached(String),
    /// Discord asks to wait.
    Throttled(Option<Duration>),
    /// Discord does not know the token.
    Token,
    /// Discord refuses the request; asking again would not help.
    Refused {
        /// Discord's own code, see its documentation.
        code: i64,
        /// What it says.
        text: String,
    },
    /// The request went out and nothing certain came back.
    Unclear(String),
    /// What was asked for may have been done before, and that cannot be found out any more.
    Undecided(String),
}

impl Failure {
    /// How long Discord asks to wait.
    pub(crate) const fn asks_to_wait(&self) -> Option<Duration> {
        if let Self::Throttled(wait) = self { *wait } else { None }
    }

    /// The reason as staff are told it: with the word for it, where there is one.
    pub(crate) fn reason(&self) -> String {
        let said = self.to_string();
        let why = match self {
            Self::Refused { code: 50_007 | 50_278, .. } => Why::NoDirectMessages,
            Self::Refused { code: UNKNOWN_CHANNEL, .. } => Why::ChatGone,
            Self::Refused { code: 50_001 | 50_013, .. } => Why::NoRights,
            Self::Refused { code: 40_005, .. } => Why::TooLarge,
            Self::Unclear(_) | Self::Undecided(_) => Why::NoAnswer,
            _ => return said,
        };
        why.because(&said)
    }
}

impl From<Failure> for SendError {
    fn from(failure: Failure) -> Self {
        let reason = failure.reason();
        match failure {
            Failure::NotReached(_) => Self::NotSent { reason, wait: None },
            // A wrong token is the operator's to mend; until then nothing is sent and nothing is lost.
            Failure::Token => Self::NotLetIn { reason },
            Failure::Throttled(wait) => Self::NotSent { reason, wait },
            Failure::Refused { .. } => Self::Refused { reason },
            Failure::Unclear(_) => Self::Unknown { reason },
            Failure::Undecided(_) => Self::Undecided { reason },
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotReached(cause) => write!(f, "Discord was not reached: {cause}"),
            Self::Throttled(Some(wait)) => write!(f, "Discord asks to wait {:.1} s", wait.as_secs_f64()),
            Self::Throttled(None) => f.write_str("Discord asks to wait"),
            Self::Token => f.write_str("Discord does not accept the token"),
            Self::Refused { code, text } => write!(f, "{text} ({code})"),
            Self::Unclear(text) | Self::Undecided(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain_is_decided() {
        let check = |failure: Failure, expected: &str| {
            let error = SendError::from(failure);
            assert!(error.to_string().starts_with(expected), "{error}");
        };
        check(Failure::NotReached("refused".to_owned()), "not sent");
        check(Failure::Token, "not let in");
        check(Failure::Throttled(None), "not sent");
        check(
            Failure::Refused { code: 50007, text: "closed".to_owned() },
            "refused: no-direct-messages: closed (50007)",
        );
        check(Failure::Undecided("gone".to_owned()), "undecided");
        check(Failure::Unclear("gone".to_owned()), "unknown");
    }
}
