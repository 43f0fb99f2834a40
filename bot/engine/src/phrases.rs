//! What people read, in English and German. The sentences are in `phrases/{en,de}/*.ftl` (Project Fluent); nothing that a
//! user reads is written anywhere else.
//!
//! To add a sentence: a variant of [`Phrase`] (or a key used with [`Phrases::ui`] for an adapter's own words), and its message
//! in both languages. A test compares the two, and another renders every one.

mod label;
mod phrase;
mod refusal;

use std::borrow::Cow;

use firstline_knowledge::Language;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

pub use phrase::{Phrase, TicketStatusLine};

/// A resource per concern and language.
const ENGLISH: &[&str] = &[
    include_str!("../phrases/en/conversation.ftl"),
    include_str!("../phrases/en/ticket.ftl"),
    include_str!("../phrases/en/room.ftl"),
    include_str!("../phrases/en/discord.ftl"),
    include_str!("../phrases/en/telegram.ftl"),
    include_str!("../phrases/en/terminal.ftl"),
    include_str!("../phrases/en/web.ftl"),
];
const GERMAN: &[&str] = &[
    include_str!("../phrases/de/conversation.ftl"),
    include_str!("../phrases/de/ticket.ftl"),
    include_str!("../phrases/de/room.ftl"),
    include_str!("../phrases/de/discord.ftl"),
    include_str!("../phrases/de/telegram.ftl"),
    include_str!("../phrases/de/terminal.ftl"),
    include_str!("../phrases/de/web.ftl"),
];

/// The sentences, ready to be filled in.
pub struct Phrases {
    english: FluentBundle<FluentResource>,
    german: FluentBundle<FluentResource>,
}

/// An argument of a sentence.
pub type Argument<'a> = (&'a str, FluentValue<'a>);

impl Default for Phrases {
    fn default() -> Self {
        Self::new()
    }
}

impl Phrases {
    /// The built-in sentences.
    #[must_use]
    pub fn new() -> Self {
        Self {
            english: bundle(unic_langid::langid!("en"), ENGLISH),
            german: bundle(unic_langid::langid!("de"), GERMAN),
        }
    }

    /// An adapter's own words: a hint, a heading. The values are put in as they are; where the result is read as markup, escape
    /// them for it first.
    #[must_use]
    pub fn ui(&self, language: Language, key: &str, arguments: &[(&str, &str)]) -> String {
        let arguments: Vec<_> = arguments.iter().map(|&(name, value)| (name, FluentValue::from(value))).collect();
        self.text(language, key, &arguments)
    }

    /// A sentence by its key. A key that is missing in a language is looked for in English; one that is missing there, too, is
    /// shown as it is, which a test makes sure never happens.
    pub(crate) fn text(&self, language: Language, key: &str, arguments: &[Argument<'_>]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in arguments {
            args.set(Cow::Borrowed(*name), value.clone());
        }
        self.lookup(language, key, &args)
            .or_else(|| self.lookup(Language::En, key, &args))
            .unwrap_or_else(|| key.to_owned())
    }

    fn lookup(&self, language: Language, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let bundle = match language {
            Language::En => &self.english,
            Language::De => &self.german,
        };
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, %language, ?errors, "a phrase could not be filled in completely");
        }
        Some(text)
    }
}

fn bundle(language: unic_langid::LanguageIdentifier, sources: &[&str]) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The marks that isolate text directions show up as boxes in some chats; both our languages run left to right.
    bundle.set_use_isolating(false);
    for source in sources {
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(partial, errors)| {
            tracing::error!(?errors, "a phrase file is not valid Fluent");
            partial
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(?errors, "a phrase is defined twice");
        }
    }
    bundle
}

/// Makes somebody's words safe to stand inside Markdown of ours: every character that could be markup is escaped, and a line
/// break becomes a space.
#[must_use]
pub fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '(' | ')' | '#' | '+' | '!' | '|' | '~'
            | '&' => {
                escaped.push('\\');
                escaped.push(character);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fluent_syntax::{ast, parser};

    use super::*;

    /// Each message with the variables it names.
    fn messages(sources: &[&str]) -> BTreeMap<String, Vec<String>> {
        let mut found = BTreeMap::new();
        for source in sources {
            let resource = parser::parse(*source).expect("valid Fluent");
            for entry in resource.body {
                if let ast::Entry::Message(message) = entry {
                    let text = format!("{:?}", message.value);
                    let mut names: Vec<String> = text
                        .split("VariableReference { id: Identifier { name: \"")
                        .skip(1)
                        .filter_map(|rest| rest.split('"').next().map(str::to_owned))
                        .collect();
                    names.sort();
                    names.dedup();
                    assert!(
                        found.insert(message.id.name.to_owned(), names).is_none(),
                        "{} is defined twice",
                        message.id.name
                    );
                }
            }
        }
        found
    }

    #[test]
    fn both_languages_say_the_same_things_with_the_same_arguments() {
        assert_eq!(messages(ENGLISH), messages(GERMAN));
    }

    #[test]
    fn markup_of_others_is_escaped() {
        assert_eq!(escape_markdown("*hi* [x](y)\n# <b>"), r"\*hi\* \[x\]\(y\) \# \<b\>");
    }
}
