//! Words that mean the same at every helpdesk (`data/synonyms.txt`).

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::{
    stem::stem,
    tokens::{Token, tokens},
};
use crate::Language;

/// Longest entry, in words.
const MAX_PHRASE: usize = 5;

/// The meaning of words and short sequences of words. A meaning's name begins with `=`, which no stem does.
pub(crate) struct Synonyms {
    words: HashMap<String, String>,
    stems: [HashMap<String, String>; 2],
    phrases: HashMap<Vec<String>, String>,
    /// The first words of `phrases`.
    beginnings: HashSet<String>,
}

static SYNONYMS: LazyLock<Synonyms> = LazyLock::new(|| Synonyms::read(include_str!("../../data/synonyms.txt")));

impl Synonyms {
    /// The list that comes with the crate.
    pub(crate) fn shared() -> &'static Self {
        &SYNONYMS
    }

    fn read(list: &str) -> Self {
        let mut synonyms = Self {
            words: HashMap::new(),
            stems: Default::default(),
            phrases: HashMap::new(),
            beginnings: HashSet::new(),
        };
        for line in list.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, entries)) = line.split_once(':') else { continue };
            let meaning = format!("={}", name.trim());
            for entry in entries.split(',') {
                synonyms.add(&tokens(entry), &meaning);
            }
        }
        synonyms
    }

    fn add(&mut self, entry: &[Token], meaning: &str) {
        match entry {
            [] => {}
            [word] => {
                self.words.insert(word.folded.clone(), meaning.to_owned());
                for (language, stems) in Language::ALL.into_iter().zip(&mut self.stems) {
                    stems.entry(stem(language, &word.folded)).or_insert_with(|| meaning.to_owned());
                }
            }
            words => {
                let words: Vec<String> = words.iter().map(|word| word.folded.clone()).collect();
                self.beginnings.extend(words.first().cloned());
                self.phrases.insert(words, meaning.to_owned());
            }
        }
    }

    /// What the word stands for: its meaning if it has one, else its stem.
    pub(crate) fn term(&self, language: Language, folded: &str) -> String {
        if let Some(meaning) = self.words.get(folded) {
            return meaning.clone();
        }
        let stem = stem(language, folded);
        self.stems[language as usize].get(&stem).cloned().unwrap_or(stem)
    }

    /// The meaning of a sequence of words.
    pub(crate) fn meaning<'w>(&self, words: impl Iterator<Item = &'w str>) -> Option<&str> {
        self.phrases.get(&words.map(str::to_owned).collect::<Vec<_>>()).map(String::as_str)
    }

    /// The longest sequence at the beginning of `words` that has a meaning: the meaning and its number of words.
    pub(crate) fn phrase(&self, words: &[Token]) -> Option<(&str, usize)> {
        self.beginnings.get(&words.first()?.folded)?;
        (2..=MAX_PHRASE.min(words.len())).rev().find_map(|length| {
            let sequence: Vec<String> = words[..length].iter().map(|word| word.folded.clone()).collect();
            self.phrases.get(&sequence).map(|meaning| (meaning.as_str(), length))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings_cross_words_and_languages() {
        fn check(left: (Language, &str), right: (Language, &str), same: bool) {
            let term = |(language, word): (Language, &str)| Synonyms::shared().term(language, &tokens(word)[0].folded);
            assert_eq!(term(left) == term(right), same, "{left:?} {right:?}");
        }
        use Language::{De, En};
        check((De, "Kennwort"), (En, "passwords"), true);
        check((De, "Wi-Fi"), (De, "WLAN"), true);
        check((De, "Rechner"), (En, "laptop"), true);
        check((De, "Rechnung"), (En, "computer"), false);
        check((En, "Outlook"), (En, "mail"), false);
        check((De, "Laufwerk"), (De, "Netzlaufwerk"), false);
    }

    #[test]
    fn sequences() {
        let words = tokens("log in again");
        assert_eq!(Synonyms::shared().phrase(&words), Some(("=login", 2)));
        assert_eq!(Synonyms::shared().phrase(&words[1..]), None);
    }

    #[test]
    fn no_word_has_two_meanings() {
        let list = include_str!("../../data/synonyms.txt");
        let mut seen = HashMap::new();
        for line in list.lines().filter(|line| !line.starts_with('#')) {
            let (name, entries) = line.split_once(':').unwrap();
            for entry in entries.split(',') {
                let key: Vec<_> = tokens(entry).into_iter().map(|token| token.folded).collect();
                if let Some(other) = seen.insert(key, name) {
                    assert_eq!(other, name, "{entry} is on two lines, or twice on one");
                }
            }
        }
    }
}
