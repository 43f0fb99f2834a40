//! Commands that a requester can give in every chat: typed with a slash, or by the platform's own menu.
//!
//! Grammar: `"/" name [ " " argument ]`, the name in any case, with an optional `@botname` behind it as Telegram writes it.

use firstline_knowledge::Language;
use serde::{Deserialize, Serialize};

use crate::ids::EventId;

/// A requester's command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", content = "argument", rename_all = "snake_case")]
pub enum Command {
    /// Say hello.
    Start,
    /// Tell what the bot can do.
    Help,
    /// Leave the present question and ask another.
    New,
    /// How are my tickets?
    Status,
    /// Talk to a human.
    Human,
    /// Speak this language from now on; without one, tell which there are.
    Language(Option<Language>),
    /// This is done: close it.
    Close,
    /// What is stored about me?
    Privacy,
}

impl Command {
    /// Reads a text as a command. `None` when it is not one; then it is an ordinary message.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.trim().strip_prefix('/')?;
        let (name, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let name = name.split('@').next().unwrap_or_default().to_lowercase();
        let argument = argument.trim().to_lowercase();
        Some(match name.as_str() {
            "start" => Self::Start,
            "help" | "hilfe" => Self::Help,
            "new" | "neu" => Self::New,
            "status" => Self::Status,
            "human" | "mensch" | "agent" => Self::Human,
            "language" | "lang" | "sprache" => Self::Language(match argument.as_str() {
                "de" | "deutsch" | "german" => Some(Language::De),
                "en" | "englisch" | "english" => Some(Language::En),
                _ => None,
            }),
            "close" | "schliessen" | "schließen" => Self::Close,
            "privacy" | "datenschutz" => Self::Privacy,
            _ => return None,
        })
    }

    /// The event that `/start` with a payload goes on with: what somebody asked in public
    /// ([`crate::outbound::Invitation::payload`]).
    #[must_use]
    pub fn goes_on_with(text: &str) -> Option<EventId> {
        let (name, payload) = text.trim().split_once(char::is_whitespace)?;
        if Self::parse(name) != Some(Self::Start) {
            return None;
        }
        payload.trim().parse().ok().map(EventId)
    }
}

impl std::fmt::Display for Command {
    /// As somebody would type it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Start => f.write_str("/start"),
            Self::Help => f.write_str("/help"),
            Self::New => f.write_str("/new"),
            Self::Status => f.write_str("/status"),
            Self::Human => f.write_str("/human"),
            Self::Language(Some(language)) => write!(f, "/language {language}"),
            Self::Language(None) => f.write_str("/language"),
            Self::Close => f.write_str("/close"),
            Self::Privacy => f.write_str("/privacy"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_as_people_type_them() {
        let check = |text, expected| assert_eq!(Command::parse(text), expected, "{text:?}");
        check("/help", Some(Command::Help));
        check("  /HUMAN  ", Some(Command::Human));
        check("/start@firstline_bot abc", Some(Command::Start));
        check("/language de", Some(Command::Language(Some(Language::De))));
        check("/sprache Englisch", Some(Command::Language(Some(Language::En))));
        check("/language klingon", Some(Command::Language(None)));
        check("/etc/hosts is broken", None);
        check("help", None);
        check("/", None);
        check("", None);
    }

    #[test]
    fn only_the_payload_of_start_goes_on_with_something() {
        let id = uuid::Uuid::from_u128(7);
        let check = |text: &str, expected| assert_eq!(Command::goes_on_with(text), expected, "{text:?}");
        check(&format!("/start {}", id.simple()), Some(EventId(id)));
        check(&format!("/start@a_bot  {id} "), Some(EventId(id)));
        check(&format!("/help {id}"), None);
        check("/start", None);
        check("/start somewhere", None);
    }
}
