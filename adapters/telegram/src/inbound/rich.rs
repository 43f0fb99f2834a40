//! Rich messages (Bot API 10.1): headings, lists, tables, with files between the paragraphs. Answers of other bots look like that, and
//! people send them on. They are read as the words and files that they are made of; of how they look only the lines are kept. What is
//! newer than we are is read by the same few rules: a `text` is words, `blocks` are further parts.

use serde::Deserialize;
use serde_json::Value;

use super::files::{File, Shape};

/// A rich message.
#[derive(Deserialize)]
pub(super) struct Rich {
    blocks: Vec<Value>,
}

impl Rich {
    /// What it says, line by line.
    pub(super) fn words(&self) -> Option<String> {
        let lines = self.blocks.iter().flat_map(lines).collect::<Vec<_>>();
        let words = lines.join("\n");
        (!words.trim().is_empty()).then(|| words.trim().to_owned())
    }

    /// The files in it, in order.
    pub(super) fn files(&self) -> Vec<(File, Shape)> {
        let mut files = Vec::new();
        self.blocks.iter().for_each(|block| collect(block, &mut files));
        files
    }
}

/// The lines of a block.
fn lines(block: &Value) -> Vec<String> {
    let within = || block["blocks"].as_array().into_iter().flatten().flat_map(lines);
    let mut all = Vec::new();
    match block["type"].as_str() {
        Some("divider") => all.push("———".to_owned()),
        Some("blockquote") => all.extend(within().map(|line| format!("> {line}"))),
        Some("list") => {
            for item in block["items"].as_array().into_iter().flatten() {
                let label = item["label"].as_str().unwrap_or("•");
                let mut parts = item["blocks"].as_array().into_iter().flatten().flat_map(lines);
                all.push(format!("{label} {}", parts.next().unwrap_or_default()));
                all.extend(parts);
            }
        }
        Some("table") => {
            for row in block["cells"].as_array().into_iter().flatten() {
                let cells = row.as_array().into_iter().flatten().map(|cell| text(&cell["text"]));
                all.push(cells.collect::<Vec<_>>().join(" | "));
            }
        }
        _ => {
            all.extend(["summary", "text", "expression"].iter().flat_map(|name| words_in(&block[*name])));
            all.extend(within());
        }
    }
    // A caption has a text of its own, or is one.
    let caption = &block["caption"];
    all.extend(words_in(if caption["text"].is_null() { caption } else { &caption["text"] }));
    all.extend(words_in(&block["credit"]));
    all
}

fn words_in(rich: &Value) -> Vec<String> {
    text(rich).lines().map(str::to_owned).collect()
}

/// The words of a text that is a string, a list of texts, or a marked text; an address behind them is written out.
fn text(rich: &Value) -> String {
    match rich {
        Value::String(words) => words.clone(),
        Value::Array(parts) => parts.iter().map(text).collect(),
        Value::Object(_) => {
            let words = ["text", "expression", "alternative_text"].iter().map(|name| text(&rich[*name])).collect();
            match rich["url"].as_str() {
                Some(url) if url != words => format!("{words} ({url})"),
                _ => words,
            }
        }
        _ => String::new(),
    }
}

fn collect(block: &Value, files: &mut Vec<(File, Shape)>) {
    for shape in Shape::IN_RICH_MESSAGES {
        let found = &block[shape.in_rich_messages()];
        // Of a photo there are several sizes, the largest last.
        let found = found.as_array().and_then(|sizes| sizes.last()).unwrap_or(found);
        files.extend(File::deserialize(found).ok().map(|file| (file, *shape)));
    }
    let items = block["items"].as_array().into_iter().flatten().map(|item| &item["blocks"]);
    for parts in items.chain([&block["blocks"]]) {
        parts.as_array().into_iter().flatten().for_each(|part| collect(part, files));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_and_files_are_read() {
        let rich = json!({"blocks": [
            {"type": "heading", "size": 1, "text": "VPN"},
            {"type": "paragraph", "text": ["Press ", {"type": "bold", "text": "Start"}, ", see ",
                                           {"type": "url", "text": "here", "url": "https://a.de"}]},
            {"type": "list", "items": [
                {"label": "1.", "blocks": [{"type": "paragraph", "text": "Wait"}]},
                {"label": "2.", "blocks": [{"type": "paragraph", "text": "Try"}, {"type": "pre", "text": "ping\nvpn"}]},
            ]},
            {"type": "blockquote", "blocks": [{"type": "paragraph", "text": "It is down"}], "credit": "Ben"},
            {"type": "table", "cells": [[{"text": "a", "align": "left", "valign": "top"}, {"text": "b"}]]},
            {"type": "collage", "blocks": [
                {"type": "photo", "photo": [{"file_id": "s"}, {"file_id": "p"}], "caption": {"text": "the error"}}]},
            {"type": "divider"},
            {"type": "details", "summary": "More", "blocks": [{"type": "newer", "text": "Thanks"}]},
            {"type": "voice_note", "voice_note": {"file_id": "v"}},
        ]});
        let rich = Rich::deserialize(&rich).expect("a rich message");
        let words = "VPN\nPress Start, see here (https://a.de)\n1. Wait\n2. Try\nping\nvpn\n> It is down\nBen\na | b\n\
                     the error\n———\nMore\nThanks";
        assert_eq!(rich.words().as_deref(), Some(words));
        let files: Vec<(String, Shape)> = rich.files().into_iter().map(|(file, shape)| (file.file_id, shape)).collect();
        assert_eq!(files, [("p".to_owned(), Shape::Photo), ("v".to_owned(), Shape::Voice)]);
        assert_eq!(Rich { blocks: Vec::new() }.words(), None);
    }
}
