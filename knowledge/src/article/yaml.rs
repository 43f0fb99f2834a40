//! Writing text as YAML.
//!
//! Own, because it must not fail and must read back as the same text whatever the text is; a plain scalar where that is
//! safe, since people edit these files, and otherwise a double-quoted one on a single line.

use std::fmt::Write as _;

/// Appends `key: text`.
pub(super) fn write_text(out: &mut String, key: &str, text: &str) {
    out.push_str(key);
    out.push_str(": ");
    write_scalar(out, text);
    out.push('\n');
}

/// Appends `key:` and one item a line, or nothing for an empty list.
pub(super) fn write_list(out: &mut String, key: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    out.push_str(key);
    out.push_str(":\n");
    for item in items {
        out.push_str("  - ");
        write_scalar(out, item);
        out.push('\n');
    }
}

fn write_scalar(out: &mut String, text: &str) {
    if is_plain(text) { out.push_str(text) } else { write_quoted(out, text) }
}

/// Whether YAML reads the bare text as this very text: prose that begins with a letter and has no mark YAML knows.
fn is_plain(text: &str) -> bool {
    const WORDS_WITH_MEANING: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && text.chars().all(|c| c.is_alphanumeric() || " .,;?!()/+-_'%=äöüß".contains(c))
        && text.chars().all(|c| !c.is_control())
        && !WORDS_WITH_MEANING.contains(&text.to_lowercase().as_str())
}

fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Controls, line separators, the byte order mark and non-characters: not allowed bare, or folded.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                // Writing to a String does not fail.
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
