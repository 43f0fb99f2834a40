//! The commands, in both languages: those of everybody, the one in a message's menu, and those of staff.

use firstline_engine::{knowledge::Language, phrases::Phrases};
use serde_json::{Value, json};

use crate::inbound::{FROM_MESSAGE, OF_REQUESTERS};

/// Where a command can be used: in a server, in direct messages with the app.
const IN_SERVERS: u8 = 0;
const IN_DIRECT_MESSAGES: u8 = 1;

/// The longest question, in characters.
const LONGEST_QUESTION: u16 = 1_000;

/// The kind of an option that is a whole number.
const A_NUMBER: u8 = 4;

/// The most choices of an option.
const MOST: usize = 25;

/// Where commands are registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Everywhere.
    Everywhere,
    /// In direct messages with the app only: the servers have commands of their own.
    DirectMessages,
    /// In one server.
    Server,
}

/// All commands that are registered with this reach.
pub(super) fn commands(phrases: &Phrases, queues: &[String], reach: Reach) -> Vec<Value> {
    let words = Words { phrases };
    let contexts: &[u8] = match reach {
        Reach::Everywhere => &[IN_SERVERS, IN_DIRECT_MESSAGES],
        Reach::DirectMessages => &[IN_DIRECT_MESSAGES],
        Reach::Server => &[IN_SERVERS],
    };
    let mut all: Vec<Value> = OF_REQUESTERS.into_iter().map(|name| words.of_requesters(name, contexts)).collect();
    if reach != Reach::DirectMessages {
        all.push(words.in_menu());
        all.extend(words.of_staff(queues));
    }
    all
}

struct Words<'a> {
    phrases: &'a Phrases,
}

impl Words<'_> {
    fn text(&self, language: Language, key: &str) -> String {
        self.phrases.ui(language, key, &[])
    }

    /// Something with a name and a description, each in both languages.
    fn described(&self, kind: u8, name: &str, key: &str) -> Value {
        let mut described = json!({"type": kind, "name": name, "description": self.text(Language::En, key),
            "description_localizations": {"de": self.text(Language::De, key)}});
        let translated = self.text(Language::De, &format!("discord-name-{name}"));
        if !translated.starts_with("discord-name-") && translated != name {
            described["name_localizations"] = json!({"de": translated});
        }
        described
    }

    fn command(&self, name: &str, contexts: &[u8], options: &[Value]) -> Value {
        let mut command = self.described(1, name, &format!("discord-command-{name}"));
        command["contexts"] = json!(contexts);
        command["integration_types"] = json!([0]);
        if !options.is_empty() {
            command["options"] = json!(options);
        }
        command
    }

    fn option(&self, name: &str, choices: &[Value]) -> Value {
        let mut option = self.optional(name, choices);
        option["required"] = true.into();
        option
    }

    fn optional(&self, name: &str, choices: &[Value]) -> Value {
        let mut option = self.described(3, name, &format!("discord-option-{name}"));
        if !choices.is_empty() {
            option["choices"] = json!(choices);
        }
        option
    }

    fn of_requesters(&self, name: &str, contexts: &[u8]) -> Value {
        let options = match name {
            "ask" => {
                let mut question = self.option("question", &[]);
                question["autocomplete"] = true.into();
                question["max_length"] = LONGEST_QUESTION.into();
                vec![question]
            }
            "ticket" => ["new", "status", "close"]
                .map(|below| self.described(1, below, &format!("discord-command-{below}")))
                .to_vec(),
            "language" => {
                let languages =
                    [("English", "en"), ("Deutsch", "de")].map(|(name, value)| json!({"name": name, "value": value}));
                vec![self.option("name", &languages)]
            }
            _ => Vec::new(),
        };
        self.command(name, contexts, &options)
    }

    /// In the menu of every message.
    fn in_menu(&self) -> Value {
        json!({"type": 3, "name": FROM_MESSAGE, "name_localizations": {"de": self.text(Language::De, "discord-menu-ticket")},
            "contexts": [IN_SERVERS], "integration_types": [0]})
    }

    fn of_staff(&self, queues: &[String]) -> Vec<Value> {
        let priorities = ["low", "medium", "high", "critical"].map(|name| {
            let text = |language| self.text(language, &format!("priority-{name}"));
            json!({"name": text(Language::En), "name_localizations": {"de": text(Language::De)}, "value": name})
        });
        let queues: Vec<Value> = queues.iter().take(MOST).map(|name| json!({"name": name, "value": name})).collect();
        let with = |option: &str, choices: &[Value]| vec![self.option(option, choices)];
        let choice = |value: &str| {
            let text = |language| self.text(language, &format!("discord-choice-{value}"));
            json!({"name": text(Language::En), "name_localizations": {"de": text(Language::De)}, "value": value})
        };
        let mut macros = self.option("macro", &[]);
        macros["autocomplete"] = true.into();
        let mut number = self.option("number", &[]);
        number["type"] = A_NUMBER.into();
        number["min_value"] = 1.into();
        let all = [
            ("queue", Vec::new()),
            ("mine", Vec::new()),
            ("claim", Vec::new()),
            ("release", Vec::new()),
            ("note", vec![self.optional("text", &[])]),
            ("priority", with("level", &priorities)),
            ("transfer", vec![self.option("queue", &queues), self.optional("reason", &[])]),
            ("macro", vec![macros]),
            ("merge", vec![number, self.optional("confirm", &[choice("confirm")])]),
            ("hold", Vec::new()),
            ("resume", Vec::new()),
            ("bot", Vec::new()),
            ("resolve", Vec::new()),
            ("close", Vec::new()),
            ("duty", vec![self.optional("state", &["on", "off"].map(choice))]),
        ];
        let untranslated = |mut command: Value| {
            // The cards and the notices in a ticket's thread name them in English.
            command.as_object_mut().map(|command| command.remove("name_localizations"));
            command
        };
        let commands = all.into_iter().map(|(name, options)| self.command(name, &[IN_SERVERS], &options));
        commands.map(untranslated).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The command, its options, and theirs.
    fn parts(part: &Value) -> Vec<&Value> {
        let below = part["options"].as_array().into_iter().flatten().flat_map(parts);
        std::iter::once(part).chain(below).collect()
    }

    #[test]
    fn commands_are_within_discords_limits_and_in_both_languages() {
        for reach in [Reach::Everywhere, Reach::DirectMessages, Reach::Server] {
            let commands = commands(&Phrases::new(), &["helpdesk".to_owned()], reach);
            assert!(commands.len() <= 100);
            for part in commands.iter().flat_map(parts) {
                let names = [&part["name"], &part["name_localizations"]["de"]];
                for name in names.into_iter().filter(|name| !name.is_null()) {
                    let name = name.as_str().unwrap_or_default();
                    assert!((1..=32).contains(&name.chars().count()) && !name.starts_with("discord-"), "{part}");
                    assert!(part["type"] == 3 && part.get("contexts").is_some() || !name.contains(' '), "{part}");
                }
                if part["type"] == 3 && part.get("contexts").is_some() {
                    assert!(part.get("description").is_none(), "a command of a menu has none: {part}");
                    continue;
                }
                for text in [&part["description"], &part["description_localizations"]["de"]] {
                    let text = text.as_str().unwrap_or_default();
                    assert!((1..=100).contains(&text.chars().count()) && !text.starts_with("discord-"), "{part}");
                }
            }
        }
    }

    #[test]
    fn a_server_and_direct_messages_share_no_command_with_each_other() {
        let contexts =
            |reach| commands(&Phrases::new(), &[], reach).iter().map(|it| it["contexts"].clone()).collect::<Vec<_>>();
        assert!(contexts(Reach::Server).iter().all(|it| *it == json!([IN_SERVERS])));
        assert!(contexts(Reach::DirectMessages).iter().all(|it| *it == json!([IN_DIRECT_MESSAGES])));
    }
}
