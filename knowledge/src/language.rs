//! The two languages the desk speaks, and telling them apart in a handful of words.
//!
//! Employees write five words, in lower case and without umlauts, full of English product names. Character statistics
//! alone are helpless there, so words decide first: a word that belongs to the everyday vocabulary of one language only
//! is a vote, function words more than others, and so are umlauts and a few endings. Only when that leaves a tie do the
//! trigrams of `whatlang` have a say,
//! and only if they are sure. What stays undecided is `None`; the caller has better guesses then (the account's
//! setting, the vocabulary of the base).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use whatlang::{Detector, Lang, Script};

use crate::text::{self, Token, words};

/// A language that articles are written in and questions are asked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English, written `en`.
    En,
    /// German, written `de`.
    De,
}

impl Language {
    /// Both languages, in the order of the enum.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// The two-letter code of ISO 639-1: `en` or `de`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// The other of the two.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::En => Self::De,
            Self::De => Self::En,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A language code that is neither `en` nor `de`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a language of the knowledge base: write \"en\" or \"de\"")]
pub struct LanguageError(String);

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|language| language.as_str() == code)
            .ok_or_else(|| LanguageError(code.chars().take(40).collect()))
    }
}

/// The language a text is written in, or `None` when it cannot be told (a lone product name, an emoji, another script).
///
/// Texts in third languages are not recognised as such: with enough look-alike words they come out as English or German.
pub fn detect_language(text: &str) -> Option<Language> {
    detect(text, &text::tokens(text))
}

/// Votes a language must be ahead by before its words decide.
const LEAD: i32 = 1;

/// How sure `whatlang` must be (its own 0..=1) before it breaks a tie.
const SURE: f64 = 0.9;

/// Letters below which trigram statistics are guesswork.
const LETTERS_FOR_STATISTICS: usize = 12;

/// [`detect_language`] for a text whose tokens are at hand.
pub(crate) fn detect(text: &str, tokens: &[Token]) -> Option<Language> {
    let lead: i32 = tokens.iter().map(vote).sum();
    if lead >= LEAD {
        return Some(Language::De);
    }
    if lead <= -LEAD {
        return Some(Language::En);
    }
    statistics(text)
}

/// What a word of one language says. Nouns and verbs are borrowed ("der Download failed immer"); the small words around them
/// are not.
fn worth(language: Language, word: &str) -> i32 {
    if words::is_stop(language, word) { 5 } else { 2 }
}

/// Positive for German, negative for English, zero for neither or both.
fn vote(token: &Token) -> i32 {
    let word = token.folded.as_str();
    let german = words::is_everyday(Language::De, word);
    let english = words::is_everyday(Language::En, word);
    match (german, english) {
        (true, false) => worth(Language::De, word) + i32::from(token.umlaut),
        (false, true) => -worth(Language::En, word),
        (true, true) => 0,
        (false, false) => {
            let mut vote = 0;
            if token.umlaut {
                vote += 2;
            }
            if word.len() >= 6 {
                vote += i32::from(has_ending(word, GERMAN_ENDINGS)) - i32::from(has_ending(word, ENGLISH_ENDINGS));
            }
            vote
        }
    }
}

const GERMAN_ENDINGS: &[&str] =
    &["ung", "ungen", "heit", "keit", "lich", "isch", "ieren", "iert", "chen", "cht", "tzt"];
const ENGLISH_ENDINGS: &[&str] = &["ing", "tion", "ness", "ment", "able", "ful", "ship", "ould", "ght", "ly"];

fn has_ending(word: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| word.ends_with(ending))
}

fn statistics(text: &str) -> Option<Language> {
    let capped: String = text.chars().take(text::MAX_CHARS).collect();
    if capped.chars().filter(|c| c.is_alphabetic()).count() < LETTERS_FOR_STATISTICS {
        return None;
    }
    let info = Detector::with_allowlist(vec![Lang::Eng, Lang::Deu]).detect(&capped)?;
    if info.script() != Script::Latin || info.confidence() < SURE {
        return None;
    }
    match info.lang() {
        Lang::Eng => Some(Language::En),
        Lang::Deu => Some(Language::De),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<Language>) {
        assert_eq!(detect_language(text), expected, "{text:?}");
    }

    #[test]
    fn short_german_without_umlauts_or_capitals() {
        for text in [
            "mein rechner geht nicht an", "drucker druckt nicht", "passwort vergessen",
            "ich komme von zu hause nicht ins vpn", "outlook stuerzt staendig ab", "kein ton im teams meeting",
            "brauche zugriff auf laufwerk", "internet ist langsam", "wie richte ich die mfa app ein",
            "mein laptop crashed nach dem update", "Bildschirm bleibt schwarz", "hallo", "konto gesperrt!!",
        ] {
            check(text, Some(Language::De));
        }
    }

    #[test]
    fn short_english() {
        for text in [
            "my outloook wont conect", "i forgot my password", "printer is not printing", "can't login",
            "laptop very slow", "what is the capital of France", "need access to shared drive", "screen stays black",
            "how do i set up mfa", "account locked", "hello",
        ] {
            check(text, Some(Language::En));
        }
    }

    #[test]
    fn undecidable() {
        for text in ["", "vpn", "🙂", "Outlook", "12345", "مرحبا", "ВПН не работает", "打印机", "0x80070057", "VPN SAP"]
        {
            check(text, None);
        }
    }

    #[test]
    fn codes_round_trip() {
        for language in Language::ALL {
            assert_eq!(language.as_str().parse(), Ok(language));
            assert_eq!(language.other().other(), language);
        }
        assert!("EN".parse::<Language>().is_err());
    }
}
