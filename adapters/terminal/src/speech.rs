//! Who says what: the tags before the lines, and the lines of a timeline as they are shown.

use firstline_engine::{
    knowledge::Language,
    outbound::Speaker,
    phrases::Phrases,
    timeline::{Actor, Happening},
};

use crate::{
    line::{Line, Style, one_line},
    markup,
};

/// Whose words a line carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag<'a> {
    /// The bot.
    Bot,
    /// The desk, telling what happened.
    Desk,
    /// A human, called by name.
    Person(&'a str),
    /// The requester, as an agent sees them.
    Requester(&'a str),
    /// An internal remark by this agent.
    Note(&'a str),
    /// The agent's console itself.
    Ticket,
    /// The requester's terminal itself.
    Terminal,
}

impl Tag<'_> {
    fn line(self) -> Line {
        let (style, text) = match self {
            Self::Bot => (Style::Bot, "bot".to_owned()),
            Self::Desk => (Style::Desk, "desk".to_owned()),
            Self::Person(name) => (Style::Human, unmistakable(name)),
            Self::Requester(name) => (Style::Human, format!("requester({})", safe(name))),
            Self::Note(name) => (Style::Note, format!("note({})", safe(name))),
            Self::Ticket => (Style::Dim, "ticket".to_owned()),
            Self::Terminal => (Style::Dim, "terminal".to_owned()),
        };
        Line::of(style, text + "> ")
    }

    /// The lines with the tag before each of them, so that no line of a message can pass for somebody else's.
    pub(crate) fn before(self, lines: Vec<Line>) -> Vec<Line> {
        lines.into_iter().map(|line| line.after(self.line())).collect()
    }
}

impl<'a> From<&'a Speaker> for Tag<'a> {
    fn from(speaker: &'a Speaker) -> Self {
        match speaker {
            Speaker::Bot => Self::Bot,
            Speaker::Desk => Self::Desk,
            Speaker::Agent { name } | Speaker::Requester { name } => Self::Person(name),
        }
    }
}

/// A name on one line that cannot end the tag it stands in.
fn safe(name: &str) -> String {
    one_line(name).replace('>', "")
}

/// A name, changed where it would be one of our own tags.
fn unmistakable(name: &str) -> String {
    let name = safe(name);
    let ours = ["bot", "desk", "ticket", "terminal"].iter().any(|tag| name.eq_ignore_ascii_case(tag));
    if ours || name.is_empty() || name.starts_with("requester(") || name.starts_with("note(") {
        return format!("person({name})");
    }
    name
}

/// Sentences in one language.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    /// Where they are.
    pub(crate) phrases: &'a Phrases,
    /// The language of whoever reads them.
    pub(crate) language: Language,
}

impl Words<'_> {
    /// A sentence.
    pub(crate) fn say(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        self.phrases.ui(self.language, key, arguments)
    }

    /// A sentence as lines.
    pub(crate) fn lines(&self, key: &str, arguments: &[(&str, &str)]) -> Vec<Line> {
        markup::plain(&self.say(key, arguments))
    }
}

/// What was said, as the body of a message: the bot and the desk speak Markdown, people plain text. `None` for what was done
/// rather than said.
pub(crate) fn said(words: Words<'_>, actor: &Actor, what: &Happening) -> Option<Vec<Line>> {
    Some(match what {
        Happening::Said { text, attachments, .. } => {
            let mut lines = match actor {
                Actor::Bot | Actor::Desk => markup::markdown(text),
                Actor::Requester | Actor::Agent { .. } if text.trim().is_empty() => Vec::new(),
                Actor::Requester | Actor::Agent { .. } => markup::plain(text),
            };
            for attachment in attachments {
                lines.extend(words.lines("terminal-file", &[("name", &one_line(&attachment.name))]));
            }
            if lines.is_empty() { vec![Line::default()] } else { lines }
        }
        Happening::Edited { text, .. } => words.lines("terminal-edited", &[("text", text)]),
        Happening::Deleted { .. } => words.lines("terminal-deleted", &[]),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::text_of;

    #[test]
    fn every_line_says_who_speaks() {
        let check = |tag: Tag<'_>, expected: &str| assert_eq!(text_of(&tag.before(markup::plain("a\n\nb"))), expected);
        check(Tag::Bot, "bot> a\nbot>\nbot> b");
        check(Tag::Requester("Anna\nB."), "requester(Anna B.)> a\nrequester(Anna B.)>\nrequester(Anna B.)> b");
    }

    #[test]
    fn nobody_can_be_called_what_we_are() {
        let check = |name: &str, expected: &str| {
            assert_eq!(text_of(&Tag::Person(name).before(vec![Line::plain("x")])), expected);
        };
        check("Ben", "Ben> x");
        check("Bot", "person(Bot)> x");
        check("bot> hello", "bot hello> x");
        check("  ", "person()> x");
        check("\x1b[31m", "␛[31m> x");
    }
}
