//! Misspellings, corrected into the words the base itself uses.
//!
//! Candidates are within an optimal-string-alignment distance (Damerau-Levenshtein without repeated edits) of 1, or 2 in
//! long words; the nearest wins, among equals the more similar by Jaro-Winkler, then the more frequent. What is protected
//! is left alone: words anybody knows, acronyms, anything with a digit, and whatever is nearer to an everyday word than to
//! one of the base. (Words, inflections and compounds of the base itself do not get here: the search asks only about words
//! that the index does not know.)

use std::{collections::HashMap, sync::Arc};

use strsim::{jaro_winkler, osa_distance};

use super::{Token, words};
use crate::Language;

/// Shortest word that is corrected: among shorter ones everything is near everything.
const MIN_WORD: usize = 4;
/// Shortest word of the base itself that may be an error.
const MIN_SLIP: usize = 5;
/// Uses of a word in the base that make a single use of a similar one an error.
const OFTEN: u32 = 6;
/// Similarity below which two edits are too many.
const SIMILAR: f64 = 0.85;
/// Endings that make an inflection of a word and not a misspelling.
const INFLECTIONS: [&str; 14] = ["s", "es", "e", "n", "en", "r", "er", "ern", "em", "t", "te", "d", "ed", "ing"];

/// Knows the words of one language of the base.
#[derive(Clone)]
pub(crate) struct Speller {
    language: Language,
    /// In layers: words by length, each with the letters it has and its number of uses.
    layers: Vec<Arc<ByLength>>,
}

type ByLength = Vec<Vec<Entry>>;

/// A word of the base in place of an unknown one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meant<'s> {
    /// The word, folded.
    pub(crate) word: &'s str,
    /// Only the ending differs: a form that the stemmer missed, nothing to tell the asker about.
    pub(crate) inflection: bool,
}

struct Entry {
    word: String,
    letters: u32,
    uses: u32,
}

impl Speller {
    /// A speller for these folded words and how often the base uses them.
    pub(crate) fn new(language: Language, uses: &HashMap<String, u32>) -> Self {
        let mut speller = Self { language, layers: Vec::new() };
        speller.add(uses);
        speller
    }

    /// Corrects into these words as well.
    pub(crate) fn add(&mut self, uses: &HashMap<String, u32>) {
        let mut by_length: ByLength = Vec::new();
        for (word, &uses) in uses {
            if word.len() < MIN_WORD || has_digit(word) {
                continue;
            }
            if by_length.len() <= word.len() {
                by_length.resize_with(word.len() + 1, Vec::new);
            }
            by_length[word.len()].push(Entry { letters: letters(word), word: word.clone(), uses });
        }
        for entries in &mut by_length {
            entries.sort_by(|left, right| left.word.cmp(&right.word));
        }
        self.layers.push(Arc::new(by_length));
    }

    /// What the writer of an unknown word probably meant, if that is a word of the base.
    pub(crate) fn correct(&self, token: &Token) -> Option<Meant<'_>> {
        let word = token.folded.as_str();
        if token.acronym || !token.parts.is_empty() || !(MIN_WORD..=40).contains(&word.len()) || has_digit(word) {
            return None;
        }
        if Language::ALL.into_iter().any(|language| words::is_everyday(language, word)) {
            return None;
        }
        let (distance, meant) = self.nearest(word)?;
        let everyday = words::nearest_everyday(self.language, word, distance);
        (!everyday).then(|| Meant { word: meant, inflection: is_inflection(word, meant) })
    }

    /// What the author of the base meant by a word that is there once and is one edit from one that is there often.
    /// Phrasings are written as employees write, errors included; left in, they would teach the base their errors.
    pub(crate) fn slip(&self, word: &str) -> Option<&str> {
        if word.len() < MIN_SLIP || has_digit(word) || Language::ALL.into_iter().any(|l| words::is_everyday(l, word)) {
            return None;
        }
        let mask = letters(word);
        let often = |entry: &&Entry| {
            entry.uses >= OFTEN
                && (entry.letters ^ mask).count_ones() <= 2
                && may_be_one_edit(word, &entry.word)
                && osa_distance(word, &entry.word) == 1
                && !is_inflection(word, &entry.word)
        };
        let near = self.layers.iter().flat_map(|words| words.iter().skip(word.len() - 1).take(3)).flatten();
        near.filter(often).max_by_key(|entry| (entry.uses, &entry.word)).map(|entry| entry.word.as_str())
    }

    fn nearest(&self, word: &str) -> Option<(usize, &str)> {
        let most = if word.len() >= 7 { 2 } else { 1 };
        let mask = letters(word);
        let (shortest, lengths) = (word.len().saturating_sub(most), 2 * most + 1);
        let near = self.layers.iter().flat_map(|words| words.iter().skip(shortest).take(lengths)).flatten();
        near.filter(|entry| (entry.letters ^ mask).count_ones() as usize <= 2 * most)
            .filter(|entry| same_beginning(word, &entry.word))
            .filter_map(|entry| {
                let distance = Some(osa_distance(word, &entry.word)).filter(|&distance| distance <= most)?;
                let similarity = jaro_winkler(word, &entry.word);
                (distance <= 1 || similarity >= SIMILAR).then_some((distance, similarity, entry))
            })
            .min_by(|left, right| {
                let (better, more) = (right.1.total_cmp(&left.1), right.2.uses.cmp(&left.2.uses));
                left.0.cmp(&right.0).then(better).then(more).then_with(|| left.2.word.cmp(&right.2.word))
            })
            .map(|(distance, _, entry)| (distance, entry.word.as_str()))
    }
}

/// People rarely miss the first letter; if so, they swap it with the second or drop it.
fn same_beginning(word: &str, meant: &str) -> bool {
    let (word, meant) = (word.as_bytes(), meant.as_bytes());
    word[0] == meant[0] || word[0] == meant[1] || word[1] == meant[0]
}

/// Whether one edit may be all that lies between two words: what is left without a common beginning and end is then two letters at
/// most. Nearly all words are told apart by that, at a fraction of what a distance costs.
fn may_be_one_edit(left: &str, right: &str) -> bool {
    /// Bytes of two letters of any script.
    const MOST: usize = 8;
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let begin = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    let (left, right) = (&left[begin..], &right[begin..]);
    let end = left.iter().rev().zip(right.iter().rev()).take_while(|(left, right)| left == right).count();
    let longer = left.len().max(right.len()) - end;
    longer <= 2 || (longer <= MOST && !(left.is_ascii() && right.is_ascii()))
}

/// Whether the two differ only by endings of inflection.
fn is_inflection(word: &str, meant: &str) -> bool {
    let shared = word.bytes().zip(meant.bytes()).take_while(|(left, right)| left == right).count();
    let ending = |rest: &str| rest.is_empty() || INFLECTIONS.contains(&rest);
    match (word.get(shared..), meant.get(shared..)) {
        (Some(left), Some(right)) => shared >= MIN_WORD && ending(left) && ending(right),
        _ => false,
    }
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

/// A bit for each letter of the alphabet that occurs. Each edit changes at most two bits.
fn letters(word: &str) -> u32 {
    word.bytes().filter(u8::is_ascii_lowercase).fold(0, |mask, byte| mask | 1 << (byte - b'a'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens;

    #[test]
    fn corrects_typing_errors_and_nothing_else() {
        let words =
            ["outlook", "connect", "printer", "password", "account", "synchronisation", "drucken", "laufwerk", "excel"];
        let speller = Speller::new(Language::En, &words.into_iter().map(|word| (word.to_owned(), 1)).collect());
        let check = |word: &str, meant: Option<&str>| {
            let found = speller.correct(tokens(word).first().unwrap());
            assert_eq!(found.filter(|found| !found.inflection).map(|found| found.word), meant, "{word}");
        };
        check("outloook", Some("outlook"));
        check("outlok", Some("outlook"));
        check("conect", Some("connect"));
        check("pritner", Some("printer"));
        check("pasword", Some("password"));
        check("passwrod", Some("password"));
        check("accuont", Some("account"));
        check("sycnhronsation", Some("synchronisation"));
        check("exel", Some("excel"));
        check("xecel", Some("excel"));
        // Inflections, everyday words, acronyms, codes, short and far words.
        check("printers", None);
        check("druckt", None);
        check("count", None);
        check("Exel2", None);
        check("pri", None);
        check("weather", None);
        check("zebra", None);
        assert_eq!(speller.correct(&tokens("the EXEL")[1]), None);
    }

    #[test]
    fn what_is_one_edit_away_is_never_passed_over() {
        let words = [
            "konto", "kotno", "kont", "konnto", "lonto", "könto", "konöto", "onto", "kontο", "aabb", "abab", "aab",
            "日本語", "日木語",
        ];
        for left in words {
            for right in words {
                assert!(osa_distance(left, right) != 1 || may_be_one_edit(left, right), "{left} {right}");
            }
        }
        assert!(!may_be_one_edit("konto", "kunst") && !may_be_one_edit("passwort", "password-reset"));
    }

    #[test]
    fn errors_in_the_base_are_errors() {
        let uses = [("connect", 9), ("conect", 1), ("connects", 1), ("scanner", 9), ("scannen", 1)];
        let speller = Speller::new(Language::En, &uses.map(|(word, uses)| (word.to_owned(), uses)).into());
        assert_eq!(speller.slip("conect"), Some("connect"));
        assert_eq!(speller.slip("connects"), None);
        assert_eq!(speller.slip("scannen"), None);
    }
}
