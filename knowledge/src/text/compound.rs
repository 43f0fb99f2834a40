//! German compounds: `Netzlaufwerk` is also `netz` and `laufwerk`.
//!
//! Words are split only into words that the base itself uses, so a base never has to be told what its compounds are.
//! Where the base knows only one end of a word (`Firmenlaptop`, `Druckerpatrone`), that end alone is a part.

use std::{collections::HashSet, sync::Arc};

/// Shortest word that is tried. Shorter ones fall apart into accidents.
const MIN_WORD: usize = 7;
/// Shortest part of a word that splits without a rest: `vpn`, `pdf`.
const MIN_PART: usize = 3;
/// Shortest known end of a word whose other end is unknown.
const MIN_END: usize = 5;
/// Shortest unknown rest: what is left after it may not be a mere inflection.
const MIN_REST: usize = 4;
/// Most parts of a word.
const MAX_PARTS: usize = 4;
/// What may stand between two parts.
const LINKS: [&str; 6] = ["", "s", "n", "en", "es", "e"];

/// The words into which compounds may be split.
#[derive(Clone, Default)]
pub(crate) struct Compounds {
    words: Vec<Arc<HashSet<String>>>,
}

impl Compounds {
    /// Splits into these folded words, none of which should be a stop word. No words: splits nothing.
    pub(crate) fn new(words: impl IntoIterator<Item = String>) -> Self {
        let mut compounds = Self::default();
        compounds.add(words);
        compounds
    }

    /// Splits into these words as well.
    pub(crate) fn add(&mut self, words: impl IntoIterator<Item = String>) {
        let usable = |word: &String| {
            word.len() >= MIN_PART && word.is_ascii() && !word.bytes().any(|byte| byte.is_ascii_digit())
        };
        self.words.push(Arc::new(words.into_iter().filter(usable).collect()));
    }

    fn knows(&self, word: &str) -> bool {
        self.words.iter().any(|words| words.contains(word))
    }

    /// The parts of a folded word that are words of the base, at least one; empty if it is no compound.
    pub(crate) fn split<'w>(&self, word: &'w str) -> Vec<&'w str> {
        if self.words.is_empty() || word.len() < MIN_WORD || !word.is_ascii() {
            return Vec::new();
        }
        let mut parts = Vec::new();
        for most in 2..=MAX_PARTS {
            if self.cover(word, most, &mut parts) {
                return parts;
            }
        }
        self.known_end(word).into_iter().collect()
    }

    /// Covers `rest` with at most `most` words, longest first.
    fn cover<'w>(&self, rest: &'w str, most: usize, parts: &mut Vec<&'w str>) -> bool {
        if !parts.is_empty() && self.knows(rest) {
            parts.push(rest);
            return true;
        }
        if most <= 1 {
            return false;
        }
        for end in (MIN_PART..=rest.len().saturating_sub(MIN_PART)).rev() {
            let (part, tail) = rest.split_at(end);
            if !self.knows(part) {
                continue;
            }
            parts.push(part);
            for link in LINKS {
                if let Some(next) = tail.strip_prefix(link)
                    && next.len() >= MIN_PART
                    && self.cover(next, most - 1, parts)
                {
                    return true;
                }
            }
            parts.pop();
        }
        false
    }

    /// The longest known word at the end of `word`, which names the kind of thing, or else at its beginning.
    fn known_end<'w>(&self, word: &'w str) -> Option<&'w str> {
        let last = word.len() - MIN_REST.min(word.len());
        let head = (MIN_REST..=word.len().saturating_sub(MIN_END)).map(|start| &word[start..]);
        let front = (MIN_END..=last).rev().map(|end| &word[..end]);
        head.chain(front).find(|part| self.knows(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_by_the_words_of_the_base() {
        let words =
            ["netz", "laufwerk", "drucker", "vpn", "verbindung", "arbeit", "platz", "laptop", "passwort", "druck"];
        let compounds = Compounds::new(words.map(str::to_owned));
        let check = |word: &str, parts: &[&str]| assert_eq!(compounds.split(word), parts, "{word}");
        check("netzlaufwerk", &["netz", "laufwerk"]);
        check("arbeitsplatzdrucker", &["arbeit", "platz", "drucker"]);
        check("vpnverbindung", &["vpn", "verbindung"]);
        check("firmenlaptop", &["laptop"]);
        check("druckerpatrone", &["drucker"]);
        check("laufwerk", &[]);
        check("passwortes", &[]);
        check("laptops", &[]);
        check("bundeskanzler", &[]);
        check("", &[]);
    }

    #[test]
    fn hostile_words_end() {
        let compounds = Compounds::new(["aaa".to_owned(), "aaaa".to_owned(), "aaaaa".to_owned()]);
        assert!(compounds.split(&format!("{}b", "a".repeat(59))).len() <= 1);
    }
}
