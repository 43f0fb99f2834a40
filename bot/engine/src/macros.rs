//! Macros: canned answers that agents send into a ticket, in the language of its requester.
//!
//! Grammar of a text: `{requester}`, `{agent}` and `{ticket}` are replaced; any other word in braces is an error, so that a
//! mistyped one is found when the macro is stored and not when a requester reads it. Braces around anything else stay.

use std::{collections::BTreeMap, fmt, str::FromStr};

use firstline_knowledge::Language;
use serde::{Deserialize, Serialize};

use crate::ticket::Priority;

/// The longest text, in characters: what fits a message on every platform in two parts.
pub const LONGEST_TEXT: usize = 4_000;

/// The longest name, in characters.
const LONGEST_NAME: usize = 40;

/// A canned answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Macro {
    /// What agents call it by.
    pub name: MacroName,
    /// Its text in each language that it has; at least one.
    pub texts: BTreeMap<Language, String>,
    /// What is done when it has been sent, in this order.
    pub actions: Vec<MacroAction>,
}

/// A macro's name: lower-case letters, digits, `-` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MacroName(String);

/// What a macro does besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MacroAction {
    /// Sets the priority; written `priority=high`.
    Priority(Priority),
    /// Puts the ticket on hold; written `hold`.
    Hold,
    /// Resolves it; written `resolve`.
    Resolve,
}

/// What stands for the placeholders.
#[derive(Debug, Clone, Copy)]
pub struct Filling<'a> {
    /// `{requester}`: what the requester is called.
    pub requester: &'a str,
    /// `{agent}`: what the agent is called.
    pub agent: &'a str,
    /// `{ticket}`: the ticket's number.
    pub ticket: &'a str,
}

/// Why something cannot be a macro.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MacroError {
    /// The name is not one.
    #[error("{0:?} is no name for a macro: use at most {LONGEST_NAME} lower-case letters, digits, - and _")]
    Name(String),
    /// It has no text.
    #[error("it has no text: give it one in English (en), in German (de), or in both")]
    NoText,
    /// The text of a language is empty or too long.
    #[error("the text in {0} is empty, or has more than {LONGEST_TEXT} characters")]
    Length(Language),
    /// The text of a language names something that is not replaced.
    #[error("{{{1}}} in the text in {0} is not known: there are {{requester}}, {{agent}} and {{ticket}}")]
    Placeholder(Language, String),
    /// It is no action.
    #[error("{0:?} is nothing that a macro does: there are priority=low|medium|high|critical, hold and resolve")]
    Action(String),
    /// After this nothing more can be done.
    #[error("hold and resolve exclude each other, and come last")]
    Order,
}

impl Macro {
    /// A macro whose texts and actions can be used.
    pub fn new(
        name: MacroName,
        texts: BTreeMap<Language, String>,
        actions: Vec<MacroAction>,
    ) -> Result<Self, MacroError> {
        if texts.is_empty() {
            return Err(MacroError::NoText);
        }
        for (&language, text) in &texts {
            if text.trim().is_empty() || text.chars().count() > LONGEST_TEXT {
                return Err(MacroError::Length(language));
            }
            let unknown = placeholders(text).find(|word| !["requester", "agent", "ticket"].contains(word));
            if let Some(unknown) = unknown {
                return Err(MacroError::Placeholder(language, unknown.to_owned()));
            }
        }
        let is_end = |action: &MacroAction| !matches!(action, MacroAction::Priority(_));
        if actions.iter().rev().skip(1).any(is_end) {
            return Err(MacroError::Order);
        }
        Ok(Self { name, texts, actions })
    }

    /// Its text in this language, else in the desk's own, else in any, with everything filled in.
    #[must_use]
    pub fn filled(&self, language: Language, default: Language, filling: Filling<'_>) -> String {
        let text =
            self.texts.get(&language).or_else(|| self.texts.get(&default)).or_else(|| self.texts.values().next());
        fill(text.map(String::as_str).unwrap_or_default(), filling)
    }
}

/// Replaces the placeholders, each once: a name that looks like one is not looked at again.
fn fill(text: &str, filling: Filling<'_>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push_str(before);
        let value = behind.split_once('}').and_then(|(word, after)| {
            let value = match word {
                "requester" => filling.requester,
                "agent" => filling.agent,
                "ticket" => filling.ticket,
                _ => return None,
            };
            Some((value, after))
        });
        if let Some((value, after)) = value {
            filled.push_str(value);
            rest = after;
        } else {
            filled.push('{');
            rest = behind;
        }
    }
    filled.push_str(rest);
    filled
}

/// The words in braces.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|behind| {
        let (word, _) = behind.split_once('}')?;
        (!word.is_empty() && word.chars().all(char::is_alphabetic)).then_some(word)
    })
}

impl MacroName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MacroName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for MacroName {
    type Err = MacroError;

    fn from_str(text: &str) -> Result<Self, MacroError> {
        let name = text.trim().to_lowercase();
        let fits = (1..=LONGEST_NAME).contains(&name.chars().count())
            && name.chars().all(|it| it.is_alphanumeric() || it == '-' || it == '_');
        if fits { Ok(Self(name)) } else { Err(MacroError::Name(text.to_owned())) }
    }
}

impl fmt::Display for MacroAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Priority(priority) => write!(f, "priority={}", priority.as_str()),
            Self::Hold => f.write_str("hold"),
            Self::Resolve => f.write_str("resolve"),
        }
    }
}

impl FromStr for MacroAction {
    type Err = MacroError;

    fn from_str(text: &str) -> Result<Self, MacroError> {
        let wrong = || MacroError::Action(text.to_owned());
        match text.trim().to_lowercase().as_str() {
            "hold" => Ok(Self::Hold),
            "resolve" => Ok(Self::Resolve),
            other => match other.strip_prefix("priority=") {
                Some(name) => name.parse().map(Self::Priority).map_err(|_| wrong()),
                None => Err(wrong()),
            },
        }
    }
}

impl Serialize for MacroAction {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(texts: &[(Language, &str)], actions: &[&str]) -> Result<Macro, MacroError> {
        let texts = texts.iter().map(|&(language, text)| (language, text.to_owned())).collect();
        let actions = actions.iter().map(|it| it.parse()).collect::<Result<_, _>>()?;
        Macro::new("vpn-reset".parse()?, texts, actions)
    }

    #[test]
    fn a_text_is_filled_in_in_the_language_of_its_reader() {
        let both = made(&[(Language::De, "Hallo {requester}"), (Language::En, "Hi {requester}, {ticket} {x} {")], &[]);
        let (both, filling) = (both, Filling { requester: "{agent}", agent: "Anna", ticket: "#1001" });
        assert_eq!(both, Err(MacroError::Placeholder(Language::En, "x".to_owned())));
        let both = made(&[(Language::De, "Hallo {requester}"), (Language::En, "{requester}: {ticket} {1} {")], &[]);
        let both = both.unwrap();
        assert_eq!(both.filled(Language::En, Language::De, filling), "{agent}: #1001 {1} {");
        assert_eq!(both.filled(Language::De, Language::De, filling), "Hallo {agent}");
        let german = made(&[(Language::De, "Von {agent}")], &[]).unwrap();
        assert_eq!(german.filled(Language::En, Language::En, filling), "Von Anna");
    }

    #[test]
    fn what_cannot_be_a_macro_is_refused() {
        assert_eq!(made(&[], &[]), Err(MacroError::NoText));
        assert_eq!(made(&[(Language::De, " ")], &[]), Err(MacroError::Length(Language::De)));
        assert_eq!(made(&[(Language::De, "a")], &["burn"]), Err(MacroError::Action("burn".to_owned())));
        assert_eq!(made(&[(Language::De, "a")], &["resolve", "priority=low"]), Err(MacroError::Order));
        assert_eq!(made(&[(Language::De, "a")], &["hold", "resolve"]), Err(MacroError::Order));
        let good = made(&[(Language::De, "a")], &["priority=high", "resolve"]).unwrap();
        assert_eq!(good.actions, [MacroAction::Priority(Priority::High), MacroAction::Resolve]);
        for name in ["", "a b", "a/b", &"x".repeat(41)] {
            assert!(name.parse::<MacroName>().is_err(), "{name}");
        }
        assert_eq!(" Größe-1 ".parse::<MacroName>().map(|name| name.to_string()), Ok("größe-1".to_owned()));
    }
}
