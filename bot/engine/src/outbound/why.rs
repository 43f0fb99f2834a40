//! Why a message did not arrive, as far as it can be said in everybody's words. An adapter that knows puts the word before what
//! the platform said ([`Why::because`]), so that both are kept together in one line; who shows it to people takes the word apart
//! again ([`Why::of`]) and says it in their language.

/// Why a message did not arrive, or perhaps did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The person has blocked us.
    Blocked,
    /// The person takes no direct messages, or shares no server with us.
    NoDirectMessages,
    /// The person's account is deleted.
    AccountGone,
    /// There is no such chat, or we are not in it any more.
    ChatGone,
    /// The platform takes nothing that large.
    TooLarge,
    /// We lack a right there.
    NoRights,
    /// The connection was lost, or no answer came in time.
    NoAnswer,
    /// The program ended while it was being sent.
    NotHeard,
    /// Only a part of it was sent for certain.
    Partly,
}

impl Why {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Blocked,
        Self::NoDirectMessages,
        Self::AccountGone,
        Self::ChatGone,
        Self::TooLarge,
        Self::NoRights,
        Self::NoAnswer,
        Self::NotHeard,
        Self::Partly,
    ];

    /// The word before the reason, and in the phrase files behind `why-`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::NoDirectMessages => "no-direct-messages",
            Self::AccountGone => "account-gone",
            Self::ChatGone => "chat-gone",
            Self::TooLarge => "too-large",
            Self::NoRights => "no-rights",
            Self::NoAnswer => "no-answer",
            Self::NotHeard => "not-heard",
            Self::Partly => "partly",
        }
    }

    /// The reason of an attempt's end: this, and what exactly was said.
    #[must_use]
    pub fn because(self, said: &str) -> String {
        format!("{}: {said}", self.as_str())
    }

    /// Why, by the reason of an attempt's end. `None` where only the reason itself says it.
    #[must_use]
    pub fn of(reason: &str) -> Option<Self> {
        let (word, _) = reason.split_once(": ")?;
        Self::ALL.iter().copied().find(|why| why.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_taken_apart_again() {
        for &why in Why::ALL {
            assert_eq!(Why::of(&why.because("Forbidden: bot was blocked by the user")), Some(why));
        }
        for other in ["", "Bad Request: chat not found", "blocked", "given up after 300 attempts: no-answer: x"] {
            assert_eq!(Why::of(other), None, "{other:?}");
        }
    }
}
