//! What a failed request means. The only place that looks into an error of the client, because its own words contain the URL,
//! and that contains the token.

use std::{error::Error, fmt, time::Duration};

use firstline_engine::{outbound::Why, ports::SendError};
use teloxide::{ApiError, RequestError};

/// What a failed request means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Not a byte reached Telegram.
    NotConnected(String),
    /// Telegram asks to wait.
    Throttled(Option<Duration>),
    /// Telegram does not know the token.
    Token,
    /// Somebody else polls with this token, or a webhook is set.
    Conflict(String),
    /// Telegram refuses the request; asking again would not help.
    Refused(String),
    /// The chat has another id now.
    Moved {
        /// What Telegram said.
        reason: String,
        /// Its id from now on.
        to: i64,
    },
    /// The topic that the request was for is deleted.
    TopicGone(String),
    /// The message to be changed is deleted.
    MessageGone(String),
    /// The request went out and nothing certain came back.
    Unclear(String),
}

impl Failure {
    /// Reads an error. The token is taken out of every text.
    pub(crate) fn of(error: &RequestError, token: &str) -> Self {
        match error {
            RequestError::RetryAfter(seconds) => Self::Throttled(Some(seconds.duration())),
            RequestError::MigrateToChatId(to) => {
                Self::Moved { reason: "the group has become a supergroup".to_owned(), to: to.0 }
            }
            RequestError::Api(ApiError::InvalidToken) => Self::Token,
            RequestError::Api(ApiError::Unknown(text)) => described(&scrubbed(text, token)),
            RequestError::Api(error @ ApiError::CantGetUpdates) => Self::Conflict(error.to_string()),
            RequestError::Api(error) => described(&scrubbed(&error.to_string(), token)),
            RequestError::Network(error) => {
                let cause = scrubbed(&root_cause(error.as_ref()), token);
                if error.is_connect() || error.is_builder() {
                    Self::NotConnected(cause)
                } else if error.is_timeout() {
                    Self::Unclear("no answer in time".to_owned())
                } else {
                    Self::Unclear(format!("the connection was lost: {cause}"))
                }
            }
            // What a proxy or an overloaded server writes instead of an answer.
            RequestError::InvalidJson { raw, .. } if is_throttling(raw) => Self::Throttled(None),
            RequestError::InvalidJson { .. } => Self::Unclear("the answer is not what the Bot API gives".to_owned()),
            RequestError::Io(error) => Self::Unclear(scrubbed(&error.to_string(), token)),
        }
    }
}

/// Refusals whose cause can be said in everybody's words.
const KNOWN: &[(&str, Why)] = &[
    ("blocked by the user", Why::Blocked),
    ("bot can't initiate conversation", Why::Blocked),
    ("user is deactivated", Why::AccountGone),
    ("chat not found", Why::ChatGone),
    ("user not found", Why::ChatGone),
    ("bot was kicked", Why::ChatGone),
    ("bot is not a member", Why::ChatGone),
    ("group chat was deactivated", Why::ChatGone),
    ("the group has become a supergroup", Why::ChatGone),
    ("Request Entity Too Large", Why::TooLarge),
    ("file is too big", Why::TooLarge),
    ("message is too long", Why::TooLarge),
    ("caption is too long", Why::TooLarge),
    ("not enough rights", Why::NoRights),
    ("have no rights", Why::NoRights),
    ("need administrator rights", Why::NoRights),
    ("CHAT_WRITE_FORBIDDEN", Why::NoRights),
    ("CHAT_ADMIN_REQUIRED", Why::NoRights),
];

impl Failure {
    /// The reason, with the word before it that can be said in everybody's words.
    fn reason(&self) -> String {
        let said = self.to_string();
        let why = match self {
            Self::Unclear(_) => Some(Why::NoAnswer),
            Self::Refused(text) => {
                let text = text.to_lowercase();
                KNOWN.iter().find(|(part, _)| text.contains(&part.to_lowercase())).map(|(_, why)| *why)
            }
            _ => None,
        };
        why.map_or(said.clone(), |why| why.because(&said))
    }
}

impl From<Failure> for SendError {
    fn from(failure: Failure) -> Self {
        let reason = failure.reason();
        match failure {
            Failure::NotConnected(_) => Self::NotSent { reason, wait: None },
            // A wrong token is the operator's to mend; until then nothing is sent and nothing is lost.
            Failure::Token => Self::NotLetIn { reason },
            Failure::Throttled(wait) => Self::NotSent { reason, wait },
            Failure::Conflict(_) | Failure::Refused(_) => Self::Refused { reason },
            Failure::Moved { to, .. } => Self::Moved { reason, to: to.to_string() },
            Failure::TopicGone(_) => Self::ThreadGone { reason },
            Failure::MessageGone(_) => Self::MessageGone { reason },
            Failure::Unclear(_) => Self::Unknown { reason },
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected(cause) => write!(f, "no connection to Telegram: {cause}"),
            Self::Throttled(Some(wait)) => write!(f, "Telegram asks to wait {} s", wait.as_secs()),
            Self::Throttled(None) => f.write_str("Telegram asks to wait"),
            Self::Token => f.write_str("Telegram does not accept the token"),
            Self::Conflict(text)
            | Self::Refused(text)
            | Self::Moved { reason: text, .. }
            | Self::TopicGone(text)
            | Self::MessageGone(text)
            | Self::Unclear(text) => f.write_str(text),
        }
    }
}

/// How Telegram says that a topic is not there any more.
const TOPIC_GONE: &[&str] = &["message thread not found", "TOPIC_DELETED", "TOPIC_ID_INVALID"];

/// How Telegram says that a message to be changed is not there any more.
const MESSAGE_GONE: &[&str] = &["message to edit not found", "message to react not found", "MESSAGE_ID_INVALID"];

/// What Telegram's own description means; the client does not hand on the status.
fn described(text: &str) -> Failure {
    if is_throttling(text) {
        let wait = text.rsplit(' ').next().and_then(|number| number.parse().ok()).map(Duration::from_secs);
        return Failure::Throttled(wait);
    }
    if TOPIC_GONE.iter().any(|part| text.contains(part)) {
        return Failure::TopicGone(text.to_owned());
    }
    if MESSAGE_GONE.iter().any(|part| text.contains(part)) {
        return Failure::MessageGone(text.to_owned());
    }
    match text.split_once(':').map_or((text, ""), |(kind, detail)| (kind, detail)) {
        ("Unauthorized" | "Not Found", "") => Failure::Token,
        ("Conflict", _) => Failure::Conflict(text.to_owned()),
        // "Unauthorized: bot was kicked" is about the chat and not about the token.
        ("Bad Request" | "Forbidden" | "Unauthorized" | "Request Entity Too Large", _) => {
            Failure::Refused(text.to_owned())
        }
        _ => Failure::Unclear(text.to_owned()),
    }
}

fn is_throttling(text: &str) -> bool {
    text.contains("Too Many Requests") || text.contains("retry after")
}

/// The innermost cause: what the operating system or the protocol said, without the URL that the outer ones name.
fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    if std::ptr::eq(cause, error) { "unknown cause".to_owned() } else { cause.to_string() }
}

fn scrubbed(text: &str, token: &str) -> String {
    if token.is_empty() { text.to_owned() } else { text.replace(token, "<token>") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_tell_what_to_do() {
        let refused = |text: &str| assert_eq!(described(text), Failure::Refused(text.to_owned()));
        refused("Forbidden: bot was blocked by the user");
        refused("Forbidden: user is deactivated");
        refused("Bad Request: chat not found");
        let thread = "Bad Request: message thread not found";
        assert_eq!(described(thread), Failure::TopicGone(thread.to_owned()));
        let card = "Bad Request: message to edit not found";
        assert_eq!(described(card), Failure::MessageGone(card.to_owned()));
        let unclear = |text: &str| assert_eq!(described(text), Failure::Unclear(text.to_owned()));
        unclear("Internal Server Error");
        unclear("Bad Gateway");
        unclear("something that nobody has seen yet");
        assert_eq!(described("Unauthorized"), Failure::Token);
        assert_eq!(described("Too Many Requests: retry after 7"), Failure::Throttled(Some(Duration::from_secs(7))));
        assert_eq!(described("Too Many Requests"), Failure::Throttled(None));
        let conflict = "Conflict: terminated by other getUpdates request";
        assert_eq!(described(conflict), Failure::Conflict(conflict.to_owned()));
    }

    #[test]
    fn errors_that_the_client_knows_by_name_are_refusals() {
        for error in [ApiError::BotBlocked, ApiError::ChatNotFound, ApiError::BotKicked, ApiError::UserDeactivated] {
            assert!(matches!(Failure::of(&RequestError::Api(error), "1:a"), Failure::Refused(_)));
        }
        assert!(matches!(
            Failure::of(&RequestError::Api(ApiError::TerminatedByOtherGetUpdates), ""),
            Failure::Conflict(_)
        ));
    }

    #[test]
    fn only_what_is_certain_is_decided() {
        let check = |failure: Failure, expected: &str| {
            let error = SendError::from(failure);
            assert!(error.to_string().starts_with(expected), "{error}");
        };
        check(Failure::NotConnected("refused".to_owned()), "not sent");
        check(Failure::Token, "not let in");
        check(Failure::Throttled(None), "not sent");
        check(Failure::Refused("blocked".to_owned()), "refused");
        check(Failure::Unclear("gone".to_owned()), "unknown");
    }

    #[test]
    fn what_can_be_said_in_everybodys_words_is_told_apart() {
        let check = |error: ApiError, expected| {
            let failure = Failure::of(&RequestError::Api(error), "");
            assert_eq!(Why::of(&failure.reason()), expected, "{failure}");
        };
        check(ApiError::BotBlocked, Some(Why::Blocked));
        check(ApiError::UserDeactivated, Some(Why::AccountGone));
        check(ApiError::ChatNotFound, Some(Why::ChatGone));
        check(ApiError::BotKickedFromSupergroup, Some(Why::ChatGone));
        check(ApiError::RequestEntityTooLarge, Some(Why::TooLarge));
        check(
            ApiError::Unknown("Bad Request: not enough rights to send text messages".to_owned()),
            Some(Why::NoRights),
        );
        check(ApiError::Unknown("Bad Request: REACTION_INVALID".to_owned()), None);
        check(ApiError::Unknown("Bad Gateway".to_owned()), Some(Why::NoAnswer));
    }

    #[test]
    fn the_token_is_never_said() {
        assert_eq!(scrubbed("GET /bot1:abc/getMe, 1:abc", "1:abc"), "GET /bot<token>/getMe, <token>");
    }
}
