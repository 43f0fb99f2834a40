//! What goes to standard output: results, and nothing else, so that scripts can read it. The log goes elsewhere.

use std::{
    fmt::Display,
    io::{self, Write as _},
};

use serde::Serialize;

/// Prints a line.
pub(crate) fn line(text: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{text}")
}

/// Prints a value as one line of JSON.
pub(crate) fn json(value: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_string(value)?;
    line(text)
}

/// Tells on standard error why the program ends.
pub(crate) fn failure(error: &anyhow::Error) {
    // When even that cannot be written there is nobody left to tell.
    let _ = writeln!(io::stderr().lock(), "firstline: {}", reasons(error));
}

/// An error with its causes, each said once: some libraries repeat a cause in their own text.
pub(crate) fn reasons(error: &anyhow::Error) -> String {
    let mut said = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !said.contains(&cause) {
            said = format!("{said}: {cause}");
        }
    }
    said
}

/// Prints rows with their columns aligned; the last column may be as long as it likes.
pub(crate) fn table(heads: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .chain([&heads[column].to_owned()])
            .map(|cell| cell.chars().count())
            .max()
    };
    let widths: Vec<usize> = (0..heads.len()).map(|column| width(column).unwrap_or(0)).collect();
    let mut out = io::stdout().lock();
    let heads: Vec<String> = heads.iter().map(|&head| head.to_owned()).collect();
    for row in std::iter::once(&heads).chain(rows) {
        let mut text = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            text.extend(format!("{cell:<width$}  ").chars());
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

/// Somebody else's words, made safe for a terminal: what could move the cursor, change colours, or turn the direction of the
/// text shows as a replacement character. Line breaks stay.
pub(crate) fn tame(text: &str) -> String {
    let is_harmful = |character: char| {
        (character.is_control() && character != '\n')
            || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.replace("\r\n", "\n")
        .replace('\t', " ")
        .chars()
        .map(|it| if is_harmful(it) { '\u{fffd}' } else { it })
        .collect()
}

/// [`tame`], on one line.
pub(crate) fn tame_line(text: &str) -> String {
    tame(text).replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_said_once() {
        let error = anyhow::anyhow!("refused").context("cannot connect: refused").context("cannot open");
        assert_eq!(reasons(&error), "cannot open: cannot connect: refused");
    }

    #[test]
    fn what_others_wrote_cannot_command_the_terminal() {
        assert_eq!(tame("a\u{1b}[2Jb\u{7}\r\nc\td\u{202e}e\u{9b}f"), "a\u{fffd}[2Jb\u{fffd}\nc d\u{fffd}e\u{fffd}f");
        assert_eq!(tame_line("Grüße\n👍"), "Grüße 👍");
    }
}
