//! A ticket as `firstline ticket show --json` tells it.

use std::fmt;

use serde_json::Value;

/// A ticket with its timeline.
#[derive(Debug, Clone)]
pub struct Ticket {
    shown: Value,
}

/// Something that was said in a ticket's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// `requester`, `bot`, `desk`, or the agent's name.
    pub who: String,
    /// The words, in Markdown where the bot or the desk spoke.
    pub text: String,
    /// How the message behind it stands: `sent`, `pending`, …; `None` where there is none.
    pub delivery: Option<String>,
}

impl Said {
    /// The first line as a reader without Markdown sees it.
    pub fn first_line(&self) -> String {
        self.text.lines().next().unwrap_or_default().replace("**", "")
    }
}

impl Ticket {
    pub(crate) fn read(shown: Value) -> Self {
        Self { shown }
    }

    /// A field of the ticket itself; `-` when it is empty.
    pub fn field(&self, name: &str) -> String {
        match &self.shown["ticket"][name] {
            Value::Null => "-".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// Where it stands.
    pub fn status(&self) -> String {
        self.field("status")
    }

    /// Who works on it, by name.
    pub fn assignee(&self) -> Option<&str> {
        self.shown["assignee"]["name"].as_str()
    }

    /// The platform its requester is on.
    pub fn platform(&self) -> Option<&str> {
        self.shown["platform"].as_str()
    }

    /// The language its requester is spoken to in.
    pub fn language(&self) -> Option<&str> {
        self.shown["requester"]["language"].as_str()
    }

    /// Everything that happened, in order.
    pub fn timeline(&self) -> &[Value] {
        self.shown["timeline"].as_array().map_or(&[], Vec::as_slice)
    }

    /// What was said, in order.
    pub fn said(&self) -> Vec<Said> {
        self.happened("said")
            .map(|entry| Said {
                who: who(&entry["actor"]),
                text: entry["what"]["text"].as_str().unwrap_or_default().to_owned(),
                delivery: entry["delivery"]["state"].as_str().map(str::to_owned),
            })
            .collect()
    }

    /// What one of them said (`requester`, `bot`, `desk`, or an agent's name), in order.
    pub fn said_by(&self, who: &str) -> Vec<String> {
        self.said().into_iter().filter(|said| said.who == who).map(|said| said.text).collect()
    }

    /// What was said to the requester, in order.
    pub fn sent(&self) -> Vec<Said> {
        self.said().into_iter().filter(|said| said.delivery.is_some()).collect()
    }

    /// How often this happened: `opened`, `claimed`, `note`, …
    pub fn count(&self, what: &str) -> usize {
        self.happened(what).count()
    }

    /// The lines of this kind.
    pub fn happened<'a>(&'a self, what: &'a str) -> impl Iterator<Item = &'a Value> {
        self.timeline().iter().filter(move |entry| entry["what"]["type"] == what)
    }

    /// The steps the bot had tried when the ticket was opened, and how that ended: one `(article, steps, outcome)` each.
    pub fn tried(&self) -> Vec<(String, usize, String)> {
        let opened = self.happened("opened").next();
        let tried = opened.and_then(|entry| entry["what"]["tried"].as_array()).cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let steps = |value: &Value| value.as_array().map_or(0, Vec::len);
        tried.iter().map(|it| (text(&it["article"]), steps(&it["steps"]), text(&it["outcome"]))).collect()
    }
}

/// For failures: the timeline, line by line.
impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "#{} {} by {}", self.field("number"), self.status(), self.assignee().unwrap_or("nobody"))?;
        for entry in self.timeline() {
            let text = entry["what"]["text"].as_str().unwrap_or_default();
            let text: String = text.replace('\n', " / ").chars().take(100).collect();
            let (seq, what) = (&entry["seq"], entry["what"]["type"].as_str().unwrap_or("?"));
            let delivery = entry["delivery"]["state"].as_str().map(|it| format!(" [{it}]")).unwrap_or_default();
            writeln!(f, "  {seq} {} {what}{delivery}: {text}", who(&entry["actor"]))?;
        }
        Ok(())
    }
}

fn who(actor: &Value) -> String {
    match (actor["type"].as_str(), actor["name"].as_str()) {
        (_, Some(name)) => name.to_owned(),
        (Some(kind), None) => kind.to_owned(),
        (None, None) => "?".to_owned(),
    }
}
