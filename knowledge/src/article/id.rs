//! The name of an article.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Names an article across languages, screens, tickets and releases: `vpn-cannot-connect`.
///
/// 1 to 100 characters of `a-z 0-9 . _ : -`, beginning with a letter or digit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ArticleId(String);

impl ArticleId {
    /// Characters an id may have.
    pub const MAX_LEN: usize = 100;

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is no article id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArticleIdError {
    /// Nothing was given.
    #[error("an article id cannot be empty: give it a short name such as \"vpn-cannot-connect\"")]
    Empty,
    /// More than [`ArticleId::MAX_LEN`] characters.
    #[error("an article id has at most 100 characters, this one has {0}: shorten it")]
    TooLong(usize),
    /// A character that ids do not have.
    #[error("an article id has no {0:?}: use a-z, 0-9, '.', '_', ':' and '-'")]
    Character(char),
    /// A punctuation mark in first place.
    #[error("an article id cannot begin with {0:?}: begin with a-z or 0-9")]
    Beginning(char),
}

impl FromStr for ArticleId {
    type Err = ArticleIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let first = text.chars().next().ok_or(ArticleIdError::Empty)?;
        let length = text.chars().count();
        if length > Self::MAX_LEN {
            return Err(ArticleIdError::TooLong(length));
        }
        if let Some(bad) = text.chars().find(|&c| !word(c) && !".-_:".contains(c)) {
            return Err(ArticleIdError::Character(bad));
        }
        if !word(first) {
            return Err(ArticleIdError::Beginning(first));
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for ArticleId {
    type Error = ArticleIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ArticleId> for String {
    fn from(id: ArticleId) -> Self {
        id.0
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_slugs_and_refuses_the_rest() {
        fn check(text: &str, error: Option<&ArticleIdError>) {
            assert_eq!(text.parse::<ArticleId>().err().as_ref(), error, "{text:?}");
        }
        check("a", None);
        check("vpn-cannot-connect", None);
        check("9.a_b:c-d", None);
        check(&"a".repeat(100), None);
        check("", Some(&ArticleIdError::Empty));
        check(&"a".repeat(101), Some(&ArticleIdError::TooLong(101)));
        check("-a", Some(&ArticleIdError::Beginning('-')));
        check("Vpn", Some(&ArticleIdError::Character('V')));
        check("größe", Some(&ArticleIdError::Character('ö')));
        check("../etc", Some(&ArticleIdError::Character('/')));
        check("a b", Some(&ArticleIdError::Character(' ')));
    }

    #[test]
    fn serde_validates() {
        assert!(serde_json::from_str::<ArticleId>("\"vpn\"").is_ok());
        let error = serde_json::from_str::<ArticleId>("\"V\"").unwrap_err().to_string();
        assert!(error.contains("use a-z"), "{error}");
    }
}
