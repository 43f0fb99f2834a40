//! What a message says, as Discord takes it: its Markdown is nearly ours, other people's words are escaped, and what is too
//! long comes in parts.

use firstline_engine::outbound::{Content, Format, Speaker};

/// The longest text of one message, in characters.
const LONGEST: usize = 2000;

/// Kept free in every part for the fences of a block of code that is cut in two.
const FENCES: usize = 2 * "```\n".len();

/// What somebody says, in parts that fit into a message each; none is blank. An agent's words stand below the agent's name.
pub(crate) fn parts(speaker: &Speaker, content: &Content) -> Vec<String> {
    let text = match content.format {
        Format::Plain => escaped(&content.text),
        Format::Markdown => content.text.clone(),
    };
    let text = match speaker {
        Speaker::Agent { name } | Speaker::Requester { name } => {
            format!("**{}:**\n{text}", escaped(name).replace('\n', " "))
        }
        Speaker::Bot | Speaker::Desk => text,
    };
    let mut parts = split(&text, LONGEST - FENCES);
    if content.format == Format::Markdown {
        mend_fences(&mut parts);
    }
    parts
}

/// Somebody's words with nothing in them that Discord would read as markup, a mention or a timestamp. Web addresses stay as
/// they are: an escape would break them.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut line_start = true;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if rest.starts_with("https://") || rest.starts_with("http://") {
            let end = rest.find(|c: char| c.is_whitespace() || "<>()[]*`|~\\".contains(c)).unwrap_or(rest.len());
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            line_start = false;
            continue;
        }
        let special = match character {
            '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<' | '>' | '@' => true,
            // Headings, lists and small print: only where a line begins.
            '#' | '-' | '+' => line_start,
            '.' | ')' => is_list_number(&out),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(character);
        line_start = character == '\n' || (line_start && character.is_whitespace());
        rest = &rest[character.len_utf8()..];
    }
    out
}

/// The line so far is nothing but digits, so that a full stop would make it an item of a list.
fn is_list_number(written: &str) -> bool {
    let line = written.rsplit('\n').next().unwrap_or_default().trim_start();
    !line.is_empty() && line.chars().all(|character| character.is_ascii_digit())
}

/// Pieces of at most `limit` characters each, cut where it hurts least: between paragraphs, lines, sentences, words. Blank
/// pieces are left out, and the white space at a cut.
fn split(text: &str, limit: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(['\n', '\r']).trim_end();
        if rest.is_empty() {
            return pieces;
        }
        let Some((hard, _)) = rest.char_indices().nth(limit) else {
            pieces.push(rest.to_owned());
            return pieces;
        };
        let cut = best_cut(&rest[..hard]);
        let piece = rest[..cut].trim_end();
        if !piece.trim_start().is_empty() {
            pieces.push(piece.to_owned());
        }
        rest = &rest[cut..];
        rest = rest.strip_prefix(' ').unwrap_or(rest);
    }
}

/// Where to cut a text that is followed by more. A cut that leaves less than a third of it is no good, nor one between a
/// backslash and what it escapes.
fn best_cut(window: &str) -> usize {
    let after = |separator: &str| window.rfind(separator).map(|index| index + separator.trim_end().len());
    let sentence = [". ", "! ", "? "].into_iter().filter_map(after).max();
    let soft = [after("\n\n"), after("\n"), sentence, after(" ")];
    soft.into_iter().flatten().find(|&cut| cut > window.len() / 3).unwrap_or_else(|| {
        let backslashes = window.len() - window.trim_end_matches('\\').len();
        if backslashes % 2 == 1 && window.len() > 1 { window.len() - 1 } else { window.len() }
    })
}

/// A block of code that is cut in two is closed in the one part and opened again in the next.
fn mend_fences(parts: &mut [String]) {
    let mut open = false;
    for part in parts {
        let begins_open = open;
        let fences = part.lines().filter(|line| line.trim_start().starts_with("```")).count();
        open ^= fences % 2 == 1;
        if begins_open {
            part.insert_str(0, "```\n");
        }
        if open {
            part.push_str("\n```");
        }
    }
}

#[cfg(test)]
mod tests;
