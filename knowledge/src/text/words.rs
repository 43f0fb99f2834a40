//! Word lists: what carries no topic, and what everybody writes.

use std::{collections::HashSet, sync::LazyLock};

use super::tokens::fold_word;
use crate::Language;

struct Lists {
    stop: HashSet<String>,
    everyday: HashSet<String>,
}

static ENGLISH: LazyLock<Lists> = LazyLock::new(|| {
    Lists::read(include_str!("../../data/stopwords.en.txt"), include_str!("../../data/everyday.en.txt"))
});
static GERMAN: LazyLock<Lists> = LazyLock::new(|| {
    Lists::read(include_str!("../../data/stopwords.de.txt"), include_str!("../../data/everyday.de.txt"))
});

impl Lists {
    fn read(stop: &str, everyday: &str) -> Self {
        Self { stop: read(stop), everyday: read(everyday) }
    }

    fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &ENGLISH,
            Language::De => &GERMAN,
        }
    }
}

/// Whether the folded word is a function word or a courtesy: no evidence of a topic.
pub(crate) fn is_stop(language: Language, folded: &str) -> bool {
    Lists::of(language).stop.contains(folded)
}

/// Whether the folded word is a stop word or belongs to the everyday vocabulary.
pub(crate) fn is_everyday(language: Language, folded: &str) -> bool {
    let lists = Lists::of(language);
    lists.stop.contains(folded) || lists.everyday.contains(folded)
}

fn read(list: &str) -> HashSet<String> {
    list.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).map(fold_word).collect()
}

/// Whether an everyday word is nearer to the folded word than `distance` edits.
pub(crate) fn nearest_everyday(language: Language, folded: &str, distance: usize) -> bool {
    let lists = Lists::of(language);
    let near =
        |word: &String| word.len().abs_diff(folded.len()) < distance && strsim::osa_distance(word, folded) < distance;
    lists.stop.iter().chain(&lists.everyday).any(near)
}
