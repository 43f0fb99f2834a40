//! Tokens and keys, which are recognised by their form.

use std::ops::Range;

/// Beginnings of tokens, and how many characters follow at least. From the documentation of those who give them out.
const BEGINNINGS: [(&str, usize); 24] = [
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 30),
    ("glpat-", 18),
    ("glrt-", 18),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("xoxa-", 20),
    ("xoxs-", 20),
    ("xapp-", 20),
    ("sk-", 20),
    ("sk_live_", 16),
    ("sk_test_", 16),
    ("rk_live_", 16),
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("ya29.", 20),
    ("npm_", 30),
    ("hf_", 30),
    ("SG.", 40),
];
/// Authorisation schemes of HTTP, behind which credentials stand.
const SCHEMES: [&str; 2] = ["bearer ", "basic "];
const KEY_BEGINS: &str = "-----BEGIN ";
const KEY_ENDS: &str = "-----END ";

/// Where they are.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found = keys(text);
    let mut at = 0;
    for word in text.split(|c: char| !is_of_token(c)) {
        let range = at..at + word.len();
        at = range.end + text.get(range.end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        if word.len() >= 12 && (is_token(word) || follows_scheme(text, range.start, word)) {
            found.push(range);
        }
    }
    found.extend(in_addresses(text));
    found
}

fn is_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.:".contains(c)
}

/// A word that is a token.
fn is_token(word: &str) -> bool {
    let begins = |&(beginning, length): &(&str, usize)| {
        word.strip_prefix(beginning).is_some_and(|rest| rest.len() >= length && has_digit(rest))
    };
    BEGINNINGS.iter().any(begins) || is_web_token(word) || is_bot_token(word)
}

/// A JSON Web Token (RFC 7519): three parts, of which the first two begin with `{"`.
fn is_web_token(word: &str) -> bool {
    let mut parts = word.split('.');
    let json = |part: Option<&str>| part.is_some_and(|part| part.starts_with("eyJ") && part.len() > 10);
    json(parts.next()) && json(parts.next()) && parts.next().is_some_and(|part| part.len() > 10)
}

/// `number:35 characters` as Telegram gives them to bots, or three parts as Discord does.
fn is_bot_token(word: &str) -> bool {
    let telegram = word.split_once(':').is_some_and(|(id, secret)| {
        (8..=12).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_digit())
            && (34..=36).contains(&secret.len())
            && secret.chars().all(|c| is_of_token(c) && c != '.' && c != ':')
    });
    let parts: Vec<&str> = word.split('.').take(4).collect();
    let discord = matches!(parts[..], [id, at, secret] if (22..=30).contains(&id.len()) && at.len() == 6
        && (27..=45).contains(&secret.len()) && has_digit(id));
    telegram || (discord && word.starts_with(['M', 'N', 'O']))
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// `Authorization: Bearer …`.
fn follows_scheme(text: &str, start: usize, word: &str) -> bool {
    let follows = |scheme: &&str| {
        let before = start.checked_sub(scheme.len()).and_then(|from| text.get(from..start));
        before.is_some_and(|before| before.eq_ignore_ascii_case(scheme))
    };
    word.len() >= 16 && has_digit(word) && SCHEMES.iter().any(follows)
}

/// Private keys, from their first line to their last, or to the end of the text.
fn keys(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(begin) = text.get(at..).and_then(|rest| rest.find(KEY_BEGINS)).map(|begin| at + begin) {
        at = begin + KEY_BEGINS.len();
        let rest = text.get(at..).unwrap_or_default();
        let title = rest.find("-----").and_then(|end| rest.get(..end)).unwrap_or_default();
        if title.len() > 40 || !title.ends_with("PRIVATE KEY") {
            continue;
        }
        let end = rest.find(KEY_ENDS).map_or(text.len(), |end| {
            let end = at + end + KEY_ENDS.len();
            let last = text.get(end..).and_then(|rest| rest.find("-----"));
            last.map_or(text.len(), |last| end + last + "-----".len())
        });
        found.push(begin..end);
        at = end;
    }
    found
}

/// The password of `scheme://user:password@host`.
fn in_addresses(text: &str) -> Vec<Range<usize>> {
    /// Longest part of an address before the host.
    const LONGEST: usize = 200;
    let begins = text.match_indices("://").filter_map(|(at, mark)| {
        let from = at + mark.len();
        let rest = text.get(from..)?;
        let rest = rest.get(..rest.floor_char_boundary(LONGEST.min(rest.len())))?;
        let end = rest.find(|c: char| c.is_whitespace() || "/?#\"'<>".contains(c)).unwrap_or(rest.len());
        let login = rest.get(..end)?;
        let host = login.rfind('@')?;
        let colon = login.get(..host)?.find(':')?;
        (host > colon + 1).then_some(from + colon + 1..from + host)
    });
    begins.collect()
}
