//! A question in the terms of one language of the base.

use std::collections::HashSet;

use super::{
    bm25::{Statistics, TermId},
    view::{FIELDS, PHRASINGS, View},
};
use crate::text::Word;

/// What a word of the question contributes in ranking if it carries no topic.
const STOP: f64 = 0.5;
/// What all parts of a compound together are worth against the compound itself.
pub(super) const PARTS: f64 = 0.8;
/// Mass of a word the base does not know, in units of the rarest word.
const UNKNOWN: f64 = 0.6;
/// Words of a question that are compared: those with the most mass.
const MAX_SLOTS: usize = 48;

/// A term that the base knows.
#[derive(Debug)]
pub(super) struct Term {
    /// Its number, by view.
    pub(super) ids: Vec<Option<TermId>>,
    /// Its IDF, by field.
    idf: [f64; FIELDS],
}

/// One distinct word of the question and the terms by which it may be found.
#[derive(Debug)]
pub(super) struct Slot {
    /// The word itself; `None` if the base does not know it.
    pub(super) whole: Option<Term>,
    /// Its parts that the base knows. Any of them is found for its share of [`PARTS`].
    pub(super) parts: Vec<Term>,
    /// Number of its parts, known or not.
    pub(super) of_parts: usize,
    /// What it counts in ranking.
    pub(super) weight: f64,
    /// Whether it is evidence of a topic.
    pub(super) content: bool,
    /// How much finding it says, by field, before its weight: its IDF.
    pub(super) mass: [f64; FIELDS],
}

impl Term {
    fn find(term: &str, views: &[&View], statistics: &Statistics) -> Option<Self> {
        let ids: Vec<Option<TermId>> = views.iter().map(|view| view.term(term)).collect();
        ids.iter().any(Option::is_some).then(|| {
            let idf = std::array::from_fn(|field| {
                let having = ids.iter().zip(views).filter_map(|(id, view)| Some(view.fields[field].having((*id)?)));
                statistics.idf(having.sum())
            });
            Self { ids, idf }
        })
    }
}

impl Slot {
    /// The slots of a question, at most [`MAX_SLOTS`].
    pub(super) fn of(words: &[Word], views: &[&View], statistics: &Statistics) -> Vec<Self> {
        let mut seen = HashSet::new();
        let distinct = words.iter().filter(|word| seen.insert(word.term.as_str()));
        let mut slots: Vec<Self> = distinct.map(|word| Self::new(word, views, statistics)).collect();
        if slots.len() > MAX_SLOTS {
            let known_mass = |slot: &Self| if slot.is_known() { slot.weight * slot.mass[PHRASINGS] } else { 0.0 };
            slots.sort_by(|left, right| known_mass(right).total_cmp(&known_mass(left)));
            slots.truncate(MAX_SLOTS);
        }
        slots
    }

    fn new(word: &Word, views: &[&View], statistics: &Statistics) -> Self {
        let find = |term: &str| Term::find(term, views, statistics);
        let whole = find(&word.term);
        let parts: Vec<Term> = word.parts.iter().filter_map(|part| find(part)).collect();
        let mass = std::array::from_fn(|field| {
            let best = || parts.iter().map(|part| part.idf[field]).reduce(f64::max);
            let known = whole.as_ref().map(|whole| whole.idf[field]).or_else(best);
            known.unwrap_or_else(|| UNKNOWN * statistics.rarest())
        });
        let (weight, content) = if word.stop { (STOP, false) } else { (1.0, true) };
        Self { whole, parts, of_parts: word.parts.len(), weight, content, mass }
    }

    /// Whether the base knows the word or a part of it.
    pub(super) fn is_known(&self) -> bool {
        self.whole.is_some() || !self.parts.is_empty()
    }
}
