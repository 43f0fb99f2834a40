//! From text to words in one spelling.
//!
//! NFKC, then Unicode word boundaries, then folding: lower case, `ä ö ü ß` as `ae oe ue ss`, other accents dropped,
//! apostrophes dropped (`won't` = `wont`). Words joined by hyphens are one token that knows its parts, so that `wi-fi` is
//! `wifi` and `VPN-Client` still holds `vpn`.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation;

/// Characters of a text that are considered; the rest is not read. Real questions end long before; logs and pasted mails
/// say what they are about at the top.
pub(crate) const MAX_CHARS: usize = 4_000;

/// Letters of a word that are considered. Longer "words" are keys and encoded data.
const MAX_WORD_CHARS: usize = 60;

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// As written, after NFKC.
    pub(crate) written: String,
    /// In the one spelling in which words are compared.
    pub(crate) folded: String,
    /// The folded parts of a hyphenated word, else empty.
    pub(crate) parts: Vec<String>,
    /// Written with a German special letter.
    pub(crate) umlaut: bool,
    /// Two to five letters, all capitals, in a text that is not: `VPN`, `SAP`.
    pub(crate) acronym: bool,
}

/// The words of the first [`MAX_CHARS`] characters of `text`.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let text: String = text.chars().take(MAX_CHARS).nfkc().take(2 * MAX_CHARS).collect();
    let shouting = !text.chars().any(char::is_lowercase);
    let mut tokens: Vec<Token> = Vec::new();
    let mut before = Before::Other;
    for segment in text.split_word_bounds() {
        if is_hyphen(segment) {
            before = if before == Before::Word { Before::WordAndHyphen } else { Before::Other };
            continue;
        }
        let mut now = Before::Other;
        for word in segment.split(is_inner_stop).filter(|word| word.chars().any(char::is_alphanumeric)) {
            let token = Token::new(word, shouting);
            match tokens.last_mut() {
                Some(last) if before == Before::WordAndHyphen => last.join(&token),
                _ => tokens.push(token),
            }
            before = Before::Other;
            now = Before::Word;
        }
        before = now;
    }
    tokens.retain(|token| !token.folded.is_empty());
    tokens
}

/// What the text has just before a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Word,
    WordAndHyphen,
    Other,
}

impl Token {
    fn new(word: &str, shouting: bool) -> Self {
        let word: String = word.chars().take(MAX_WORD_CHARS).collect();
        let length = word.chars().count();
        Self {
            folded: fold_word(&word),
            parts: Vec::new(),
            umlaut: word.contains(['ä', 'ö', 'ü', 'ß', 'Ä', 'Ö', 'Ü']),
            acronym: !shouting && (2..=5).contains(&length) && word.chars().all(char::is_uppercase),
            written: word,
        }
    }

    fn join(&mut self, other: &Self) {
        if self.parts.is_empty() {
            self.parts.push(self.folded.clone());
        }
        self.parts.push(other.folded.clone());
        self.folded.push_str(&other.folded);
        self.written.push('-');
        self.written.push_str(&other.written);
        self.umlaut |= other.umlaut;
        self.acronym = false;
    }
}

/// One word in the spelling in which words are compared. Empty if nothing of it is a letter or digit.
pub(crate) fn fold_word(word: &str) -> String {
    let mut out = String::with_capacity(word.len() + 4);
    for c in word.nfkc().flat_map(char::to_lowercase).nfc() {
        match c {
            'ä' => out.push_str("ae"),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            c if c.is_ascii_alphanumeric() => out.push(c),
            c if c.is_ascii() => {}
            c => out.extend(std::iter::once(c).nfd().filter(|&c| c.is_alphanumeric() && !is_combining_mark(c))),
        }
    }
    out
}

fn is_hyphen(segment: &str) -> bool {
    matches!(segment, "-" | "\u{2010}" | "\u{2011}")
}

/// Marks that Unicode keeps inside words and that separate ours: `outlook.exe`, `user_name`, `c:windows`.
fn is_inner_stop(c: char) -> bool {
    matches!(c, '.' | '_' | ':' | ',' | ';' | '·')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.folded).collect()
    }

    #[test]
    fn one_spelling() {
        fn check(text: &str, expected: &[&str]) {
            assert_eq!(folded(text), expected, "{text:?}");
        }
        check("Passwörter", &["passwoerter"]);
        check("Passwo\u{308}rter", &["passwoerter"]);
        check("Straße STRASSE", &["strasse", "strasse"]);
        check("won't can’t", &["wont", "cant"]);
        check("WLAN/Wi-Fi, e-mail", &["wlan", "wifi", "email"]);
        check("outlook.exe: 0x80070057", &["outlook", "exe", "0x80070057"]);
        check("ﬁle Ｖpn", &["file", "vpn"]);
        check("café", &["cafe"]);
        check("vpn - geht nicht", &["vpn", "geht", "nicht"]);
        check("🙂 !!! ---", &[]);
        check("- eins -zwei- drei", &["eins", "zwei", "drei"]);
    }

    #[test]
    fn hyphenated_words_know_their_parts() {
        let token = tokens("VPN-Client-Problem").remove(0);
        assert_eq!(token.folded, "vpnclientproblem");
        assert_eq!(token.parts, ["vpn", "client", "problem"]);
    }

    #[test]
    fn acronyms_are_not_shouting() {
        assert!(tokens("das VPN")[1].acronym);
        assert!(!tokens("DAS VPN")[1].acronym);
    }

    #[test]
    fn length_is_bounded() {
        assert!(tokens(&"a".repeat(1_000_000))[0].folded.len() <= MAX_WORD_CHARS);
        assert!(tokens(&"wort ".repeat(1_000_000)).len() <= MAX_CHARS);
        assert!(tokens(&format!("a{}", "\u{301}".repeat(100_000))).len() <= 1);
    }
}
