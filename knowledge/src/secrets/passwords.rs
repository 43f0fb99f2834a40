//! What a sentence calls a password.
//!
//! ```text
//! pw: hunter2              DB_PASSWORD=hunter2           "password": "hunter2"        named
//! my password is hunter2   das Kennwort vom WLAN lautet Sommer2024                    said
//! password hunter2 doesn't work       changed my password to hunter2                  beside
//! hunter2 is my password                                                              the other way round
//! ```

use std::ops::Range;

use super::{
    cut::{Words, quoted, words_before},
    shape::{Place, core, is_plain, is_strong, is_unmistakable},
};
use crate::{
    Language,
    text::{tokens, words::is_stop},
};

/// Longest word that may name a secret.
const LONGEST_CUE: usize = 40;
/// Words between the name of a secret and the verb: "the password for the guest network is …".
const MOST_BETWEEN: usize = 5;
/// Bytes after a cue that are looked at.
const WINDOW: usize = 400;

/// What a word announces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cue {
    /// A password.
    Password,
    /// Several words.
    Phrase,
    /// A few digits.
    Pin,
    /// A password, if a colon follows.
    Colon,
    /// Something long, if a colon follows.
    Key,
}

const PASSWORDS: [&str; 16] = [
    "passwort", "passwörter", "paßwort", "kennwort", "kennwörter", "password", "passwords", "passwd", "pwd", "pw",
    "passcode", "pasword", "passwrd", "paswort", "psw", "pword",
];
const COMPOUNDS: [&str; 3] = ["passwort", "kennwort", "password"];
const PINS: [&str; 7] = ["pin", "puk", "tan", "cvv", "cvc", "geheimzahl", "pincode"];
const COPULAS: [&str; 12] =
    ["ist", "is", "lautet", "war", "was", "heißt", "wäre", "sei", "lautete", "ist:", "is:", "lautet:"];
const FILLERS: [&str; 22] = [
    "still", "now", "currently", "noch", "immer", "jetzt", "aktuell", "derzeit", "zurzeit", "bisher", "also", "auch",
    "just", "simply", "einfach", "nun", "momentan", "nämlich", "wie", "folgt", "folgendes", "übrigens",
];
const CONNECTORS: [&str; 10] = ["to", "auf", "von", "from", "als", "as", "in", "mit", "with", "namens"];
const PREPOSITIONS: [&str; 22] = [
    "for", "of", "to", "on", "from", "für", "fürs", "vom", "von", "im", "in", "bei", "beim", "zum", "zu", "des", "der",
    "that", "which", "das", "welches", "dafür",
];
const DETERMINERS: [&str; 18] = [
    "my", "the", "our", "your", "mein", "das", "unser", "dein", "meine", "die", "old", "new", "altes", "neues", "alte",
    "neue", "current", "aktuelles",
];

/// Where they are.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (start, run) in runs(text) {
        let Some(cue) = cue(run) else { continue };
        let end = start + run.len();
        if found.last().is_some_and(|last| last.end > start) {
            continue;
        }
        match after(text, end, cue) {
            Some(range) => found.push(range),
            None => found.extend(before(text, start, cue)),
        }
    }
    let alone = text.trim();
    if found.is_empty() && !alone.contains(char::is_whitespace) && is_unmistakable(alone) {
        let start = text.len() - text.trim_start().len();
        found.push(start..start + alone.len());
    }
    found
}

/// The words of letters, hyphens and underscores.
fn runs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let outside = |c: char| !(c.is_alphabetic() || c == '-' || c == '_');
    let mut at = 0;
    text.split(outside).filter_map(move |run| {
        let start = at;
        at += run.len();
        at += text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        (!run.is_empty()).then_some((start, run))
    })
}

fn cue(run: &str) -> Option<Cue> {
    if run.len() > LONGEST_CUE {
        return None;
    }
    let run = run.trim_matches(['-', '_']).to_lowercase();
    let last = run.rsplit(['-', '_']).next().unwrap_or(&run);
    if PASSWORDS.contains(&last) || COMPOUNDS.iter().any(|word| last.ends_with(word)) {
        return Some(Cue::Password);
    }
    match last {
        "passphrase" | "passsatz" => Some(Cue::Phrase),
        "pass" | "kw" | "credentials" | "zugangsdaten" => Some(Cue::Colon),
        "token" | "apikey" | "secret" | "accountkey" | "sharedaccesskey" => Some(Cue::Key),
        "key" if run != "key" => Some(Cue::Key),
        last if PINS.contains(&last) => Some(Cue::Pin),
        _ => None,
    }
}

/// The secret that follows a cue.
fn after(text: &str, end: usize, cue: Cue) -> Option<Range<usize>> {
    let rest = text.get(end..)?;
    let rest = rest.get(..rest.floor_char_boundary(WINDOW.min(rest.len())))?;
    let words = Words { text: rest, offset: end };
    if let Some(from) = separator(rest) {
        return named(&words, from, cue);
    }
    if !rest.starts_with([' ', '\t', '(', '"', '\'', '„', '\u{a0}']) {
        return None;
    }
    let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
    let following: Vec<Range<usize>> = words.from(0).take_while(|word| word.start < line).take(12).collect();
    let word = |at: usize| following.get(at).and_then(|range| rest.get(range.clone()));
    match cue {
        Cue::Colon | Cue::Key => None,
        Cue::Pin => {
            let at = (0..3).find(|&at| word(at).is_none_or(|word| !is_between(word)))?;
            is_pin(word(at)?).then(|| words.absolute(&following[at]))
        }
        Cue::Password | Cue::Phrase => {
            let previous = text.get(..end).and_then(|text| words_before(text).nth(1));
            let previous = previous.and_then(|range| text.get(range)).unwrap_or_default();
            let at = said(&word).or_else(|| beside(&word).filter(|_| !is_about_a_user(previous)))?;
            Some(words.absolute(&following[at]))
        }
    }
}

/// Where what is named begins: behind `:` or `=`.
fn separator(rest: &str) -> Option<usize> {
    let ignored = |c: char| " \t\"'`*)]“”\u{a0}".contains(c);
    let trimmed = rest.trim_start_matches(ignored);
    // What is apart by more than this belongs to something else.
    if rest.len() - trimmed.len() > 4 {
        return None;
    }
    let behind = ["=>", "->", "→", ":=", "==", ":", "="].iter().find_map(|mark| trimmed.strip_prefix(mark))?;
    let decoration = |c: char| " \t*`(\u{a0}".contains(c);
    let mut value = behind.trim_start_matches(decoration);
    if let Some(next) = value.strip_prefix("\r\n").or_else(|| value.strip_prefix('\n')) {
        value = next.trim_start_matches(decoration);
    }
    Some(rest.len() - value.len())
}

/// "password: …".
fn named(words: &Words<'_>, from: usize, cue: Cue) -> Option<Range<usize>> {
    let value = words.text.get(from..)?;
    if let Some(quoted) = quoted(value) {
        let inside = value.get(quoted.clone())?;
        let is_secret = match cue {
            Cue::Key => is_key(inside),
            Cue::Pin => is_pin(inside),
            _ => !inside.contains('\n') && (is_strong(inside, Place::Named) || !is_plain(inside)),
        };
        return is_secret.then(|| words.absolute(&(from + quoted.start..from + quoted.end)));
    }
    let first = words.from(from).next()?;
    let word = words.text.get(first.clone())?;
    let line = value.find(['\n', '\r']).unwrap_or(value.len());
    let is_secret = match cue {
        Cue::Pin => is_pin(word),
        Cue::Key => is_key(word),
        Cue::Phrase => {
            let phrase = value.get(..line)?.trim_end();
            return (is_strong(word, Place::Named) || is_phrase(phrase))
                .then(|| words.absolute(&(from..from + phrase.len())));
        }
        Cue::Password | Cue::Colon => {
            // A word of letters is a password only where it stands alone.
            let behind = words.text.get(first.end..from + line).unwrap_or_default().trim();
            let alone =
                behind.is_empty() || word.ends_with([',', ';', '.']) || behind.starts_with([',', ';', '(', '/', '|']);
            is_strong(word, Place::Named) || (alone && !is_plain(word) && core(word).chars().all(char::is_alphanumeric))
        }
    };
    is_secret.then(|| words.absolute(&first))
}

/// "my password is …": which word it is.
fn said<'t>(word: &impl Fn(usize) -> Option<&'t str>) -> Option<usize> {
    let lower = |at: usize| word(at).map(str::to_lowercase);
    let is = |list: &[&str], at: usize| lower(at).is_some_and(|word| list.contains(&word.as_str()));
    let mut at = 0;
    if is(&PREPOSITIONS, 0) {
        at = (1..=MOST_BETWEEN).find(|&at| is(&COPULAS, at) || word(at).is_none_or(|word| word.ends_with(AT_END)))?;
    }
    if !is(&COPULAS, at) {
        return None;
    }
    let verb = lower(at);
    at += 1;
    while is(&FILLERS, at) {
        at += 1;
    }
    let value = word(at)?;
    let quoted = value.starts_with(['"', '\'', '„', '“', '`', '‚', '«']) && core(value) != value;
    let named = verb.is_some_and(|verb| verb.starts_with("laute") || verb.ends_with(':'));
    let last = word(at + 1).is_none() || value.ends_with(AT_END);
    let by_place = (quoted || (named && last)) && !is_plain(value);
    // "Passwort ist 2023 abgelaufen", "password is 12 characters long"
    let measured =
        core(value).chars().all(|c| c.is_ascii_digit()) && word(at + 1).is_some_and(|_| !value.ends_with(AT_END));
    (by_place || (is_strong(value, Place::Said) && !measured)).then_some(at)
}

/// What ends a sentence or a part of it.
const AT_END: &[char] = &['.', ',', ';', '!', '?'];

/// "password …": which word it is.
fn beside<'t>(word: &impl Fn(usize) -> Option<&'t str>) -> Option<usize> {
    let lower = |at: usize| word(at).map(str::to_lowercase);
    let connected = lower(0).is_some_and(|word| CONNECTORS.contains(&word.as_str()));
    let at = usize::from(connected);
    let value = word(at)?;
    if !is_strong(value, Place::Beside) {
        return None;
    }
    let has_marks = core(value).chars().any(|c| !c.is_alphanumeric());
    (has_marks || !(at + 1..at + 4).any(|at| word(at).is_some_and(is_about_a_user))).then_some(at)
}

/// "reset password mmuster01", "passwort mmuster01 zurücksetzen": somebody's name at log-in.
fn is_about_a_user(word: &str) -> bool {
    let word = word.to_lowercase();
    ["reset", "unlock", "zurück", "entsperr"].iter().any(|it| word.starts_with(it))
}

/// "… is my password".
fn before(text: &str, start: usize, cue: Cue) -> Option<Range<usize>> {
    if cue != Cue::Password {
        return None;
    }
    let mut words = words_before(text.get(..start)?).map(|range| (text.get(range.clone()).unwrap_or_default(), range));
    let is = |word: &str, list: &[&str]| list.contains(&word.to_lowercase().as_str());
    let mut word = words.next()?.0;
    for _ in 0..2 {
        if is(word, &DETERMINERS) {
            word = words.next()?.0;
        }
    }
    if !is(word, &["ist", "is", "war", "was"]) {
        return None;
    }
    let (word, range) = words.next()?;
    is_strong(word, Place::Beside).then_some(range)
}

/// Words without any of those that sentences need.
fn is_phrase(text: &str) -> bool {
    let tokens = tokens(text);
    let stop = |word: &str| Language::ALL.into_iter().any(|language| is_stop(language, word));
    tokens.len() >= 3 && !tokens.iter().any(|token| stop(&token.folded))
}

/// What may stand between "PIN" and its digits.
fn is_between(word: &str) -> bool {
    let word = word.to_lowercase();
    COPULAS.contains(&word.as_str()) || FILLERS.contains(&word.as_str())
}

fn is_pin(word: &str) -> bool {
    let core = core(word);
    (3..=8).contains(&core.len()) && core.bytes().all(|byte| byte.is_ascii_digit()) && !is_year(core)
}

/// "pin 2023 abgelaufen" tells a year.
fn is_year(digits: &str) -> bool {
    digits.len() == 4 && digits.starts_with("202")
}

fn is_key(word: &str) -> bool {
    let core = core(word);
    let usual = |c: char| c.is_ascii_alphanumeric() || "-_./+=~:".contains(c);
    core.len() >= 16 && core.chars().all(usual) && core.bytes().any(|byte| byte.is_ascii_digit())
}
