//! Passwords and other secrets that people put into their questions, although nobody needs them there.
//!
//! [`find`] says where they are, [`masked`] blacks them out, `searchable` leaves them out. What is recognised:
//!
//! - `passwords`: what a sentence calls a password, PIN or the like, in German and English
//! - `tokens`: API tokens, private keys, passwords in web addresses; they have forms of their own
//! - `numbers`: card numbers and IBANs, by their check digits
//!
//! People write far more about passwords than they write passwords ("my password has expired"), and a question that lost a
//! word is worse answered. So a word counts as a password only where it looks like one, or stands where nothing else would.
//! Time is linear in the text.

mod cut;
mod numbers;
mod passwords;
mod shape;
mod tokens;

use std::{borrow::Cow, ops::Range};

use crate::text::MAX_CHARS;

/// What stands in the place of a secret. Nobody types it, so it also tells that there was one.
pub const MASK: &str = "█████";

/// The parts of a text that are secrets, in bytes: in order, and apart from each other.
pub fn find(text: &str) -> Vec<Range<usize>> {
    let mut found = tokens::find(text);
    found.extend(numbers::find(text));
    found.extend(passwords::find(text));
    found.sort_by_key(|range| (range.start, range.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// The text with [`MASK`] in place of each secret; `None` if it has none.
pub fn masked(text: &str) -> Option<String> {
    let found = find(text);
    (!found.is_empty()).then(|| replaced(text, &found, MASK))
}

/// Whether secrets of the text were blacked out.
pub fn was_masked(text: &str) -> bool {
    text.contains(MASK)
}

/// What of a question is searched for: no secret, and nothing of one that was blacked out. Of a long text only its beginning.
pub(crate) fn searchable(text: &str) -> Cow<'_, str> {
    let end = text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(end, _)| end);
    let text = text.get(..end).unwrap_or(text);
    let found = find(text);
    if found.is_empty() && !was_masked(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(replaced(text, &found, " ").replace(MASK, " "))
}

fn replaced(text: &str, found: &[Range<usize>], by: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for range in found {
        out.push_str(text.get(end..range.start).unwrap_or_default());
        out.push_str(by);
        end = range.end;
    }
    out.push_str(text.get(end..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests;
