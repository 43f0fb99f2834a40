//! Texts and the marks on them, measured in UTF-16 units.

use serde_json::Value;

use super::{Given, Refusal, given::number};

/// The longest text of a message.
pub(super) const LONGEST_TEXT: usize = 4096;
/// The longest caption of a file.
pub(super) const LONGEST_CAPTION: usize = 1024;

/// What can be marked.
const KINDS: [&str; 18] = [
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic", "underline",
    "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link", "text_mention",
];

/// A text with its entities, checked; nothing when it is blank.
pub(super) fn marked<'g>(
    given: &'g Given,
    text: &str,
    entities: &str,
    longest: usize,
) -> Result<Option<(&'g str, Value)>, Refusal> {
    let marks = given.structured(entities)?;
    let text = given.text(text);
    if given.field("parse_mode").is_string() && !given.text("parse_mode").is_empty() {
        // Nothing in this house may depend on it: what people write would become markup.
        return Err(Refusal::bad("can't parse entities: parse_mode is not spoken here"));
    }
    check(text, &marks, longest)?;
    Ok((!text.trim().is_empty()).then_some((text, marks)))
}

/// The text is not too long, and every mark lies within it and does not cut a character.
pub(super) fn check(text: &str, marks: &Value, longest: usize) -> Result<(), Refusal> {
    let units: Vec<u16> = text.encode_utf16().collect();
    if units.len() > longest {
        return Err(Refusal::bad(if longest == LONGEST_CAPTION {
            "message caption is too long"
        } else {
            "message is too long"
        }));
    }
    for mark in marks.as_array().into_iter().flatten() {
        let kind = mark["type"].as_str().unwrap_or_default();
        if !KINDS.contains(&kind) && kind != "custom_emoji" {
            return Err(Refusal::bad("can't parse entities: Unsupported type specified"));
        }
        let (Some(offset), Some(length)) = (number(&mark["offset"]), number(&mark["length"])) else {
            return Err(Refusal::bad("can't parse entities: Can't find field"));
        };
        let begin = usize::try_from(offset).ok();
        let end = usize::try_from(offset + length).ok().filter(|_| length > 0);
        let (Some(begin), Some(end)) = (begin, end.filter(|end| *end <= units.len())) else {
            return Err(Refusal::bad("entity lies outside of the text"));
        };
        // The second half of a character that takes two units.
        let cuts = |at: usize| units.get(at).is_some_and(|unit| (0xDC00..0xE000).contains(unit));
        if cuts(begin) || cuts(end) {
            return Err(Refusal::bad("entity begins or ends in the middle of a UTF-16 symbol"));
        }
        if kind == "text_link" && mark["url"].as_str().is_none_or(str::is_empty) {
            return Err(Refusal::bad("can't parse entities: text_link without url"));
        }
    }
    Ok(())
}
