use std::{collections::BTreeMap, fmt};

use serde_json::{Value, json};

use super::BOT;

/// A message.
#[derive(Debug, Clone)]
pub(in crate::discord) struct Message {
    pub(in crate::discord) id: u64,
    pub(in crate::discord) author: u64,
    pub(in crate::discord) content: String,
    pub(in crate::discord) components: Value,
    pub(in crate::discord) files: Vec<File>,
    pub(in crate::discord) embeds: Value,
    pub(in crate::discord) reply_to: Option<u64>,
    pub(in crate::discord) nonce: Value,
    /// Users who were called by it.
    pub(in crate::discord) pings: Vec<u64>,
    /// When it was changed last.
    pub(in crate::discord) edited: Option<u64>,
    pub(in crate::discord) reactions: BTreeMap<String, Vec<u64>>,
    pub(in crate::discord) pinned: bool,
    pub(in crate::discord) deleted: bool,
    /// The one who alone sees it, as the answer to what they did.
    pub(in crate::discord) only_for: Option<u64>,
}

/// What somebody puts into a message.
#[derive(Debug, Default)]
pub(in crate::discord) struct Content {
    pub(in crate::discord) text: String,
    pub(in crate::discord) components: Value,
    pub(in crate::discord) embeds: Value,
    pub(in crate::discord) files: Vec<(String, Option<String>, Vec<u8>)>,
    pub(in crate::discord) reply_to: Option<u64>,
    pub(in crate::discord) nonce: Value,
    pub(in crate::discord) pings: Vec<u64>,
    pub(in crate::discord) only_for: Option<u64>,
}

/// A file of a message. Its bytes are the world's.
#[derive(Debug, Clone)]
pub(in crate::discord) struct File {
    pub(in crate::discord) id: u64,
    pub(in crate::discord) name: String,
    pub(in crate::discord) media_type: Option<String>,
    pub(in crate::discord) size: usize,
}

/// A message as people see it.
#[expect(clippy::struct_excessive_bools, reason = "most of what can be seen of a message is there or not")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its id.
    pub id: u64,
    /// The bot wrote it.
    pub by_bot: bool,
    /// What it says.
    pub text: String,
    /// The labels of its buttons, row by row, and of the entries of its lists.
    pub buttons: Vec<String>,
    /// The names of its files.
    pub files: Vec<String>,
    /// The message that it answers.
    pub reply_to: Option<u64>,
    /// How many people were called by it.
    pub pings: usize,
    /// Nobody else sees it.
    pub secret: bool,
    /// It was changed.
    pub edited: bool,
    /// It is pinned.
    pub pinned: bool,
    /// The emoji that the bot put on it.
    pub reactions: Vec<String>,
}

impl Message {
    pub(in crate::discord) fn shown(&self) -> Shown {
        Shown {
            id: self.id,
            by_bot: self.author == BOT,
            text: self.words(),
            buttons: offers(&self.components).into_iter().map(|(_, _, label)| label).collect(),
            files: self.files.iter().map(|file| file.name.clone()).collect(),
            reply_to: self.reply_to,
            pings: self.pings.len(),
            secret: self.only_for.is_some(),
            edited: self.edited.is_some(),
            pinned: self.pinned,
            reactions: self.reactions.iter().filter(|(_, by)| by.contains(&BOT)).map(|(it, _)| it.clone()).collect(),
        }
    }

    /// What it says, in its frames, too.
    fn words(&self) -> String {
        let frames = self.embeds.as_array().into_iter().flatten().filter_map(|embed| embed["description"].as_str());
        frames.fold(self.content.clone(), |words, frame| format!("{words}\n{frame}"))
    }

    /// The data of a press on what has this label.
    pub(in crate::discord) fn press(&self, label: &str) -> Option<Value> {
        let (list, value, _) = offers(&self.components).into_iter().find(|(_, _, it)| it == label)?;
        Some(match list {
            None => json!({"component_type": 2, "custom_id": value, "id": 1}),
            Some(list) => json!({"component_type": 3, "custom_id": list, "values": [value], "id": 1}),
        })
    }
}

/// What can be pressed: the list it is in, the custom id of the button or the value of the entry, the label.
fn offers(components: &Value) -> Vec<(Option<String>, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = components.as_array().into_iter().flatten();
    let parts = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
    parts
        .flat_map(|part| match part["options"].as_array() {
            Some(options) => {
                let list = text(&part["custom_id"]);
                options.iter().map(|it| (Some(list.clone()), text(&it["value"]), text(&it["label"]))).collect()
            }
            None => vec![(None, text(&part["custom_id"]), text(&part["label"]))],
        })
        .collect()
}

/// For failures: one line.
impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = if self.by_bot { "bot" } else { "person" };
        write!(f, "  {} {who}: {}", self.id, self.text.replace('\n', " / "))?;
        if !self.buttons.is_empty() {
            write!(f, " {:?}", self.buttons)?;
        }
        if !self.files.is_empty() {
            write!(f, " files {:?}", self.files)?;
        }
        Ok(())
    }
}
