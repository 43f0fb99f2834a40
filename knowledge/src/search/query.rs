//! A question in the terms of one index.

use std::collections::HashSet;

use super::bm25::{Field, TermId};
use crate::text::Word;

/// What a word of the question contributes in ranking if it carries no topic.
const STOP: f64 = 0.5;
/// What all parts of a compound together are worth against the compound itself.
pub(super) const PARTS: f64 = 0.8;
/// Mass of a word the base does not know, in units of the rarest word.
const UNKNOWN: f64 = 0.6;
/// Words of a question that are compared: those with the most mass.
const MAX_SLOTS: usize = 48;

/// One distinct word of the question and the terms by which it may be found.
#[derive(Debug)]
pub(super) struct Slot {
    /// The word itself; `None` if the index does not know it.
    pub(super) whole: Option<TermId>,
    /// Its parts that the index knows. Any of them is found for its share of [`PARTS`].
    pub(super) parts: Vec<TermId>,
    /// Number of its parts, known or not.
    pub(super) of_parts: usize,
    /// What it counts in ranking.
    pub(super) weight: f64,
    /// Whether it is evidence of a topic.
    pub(super) content: bool,
}

impl Slot {
    /// The slots of a question, at most [`MAX_SLOTS`].
    pub(super) fn of(words: &[Word], id: impl Fn(&str) -> Option<TermId>, field: &Field) -> Vec<Self> {
        let mut seen = HashSet::new();
        let mut slots: Vec<Self> = words
            .iter()
            .filter(|word| seen.insert(word.term.as_str()))
            .map(|word| Self {
                whole: id(&word.term),
                parts: word.parts.iter().filter_map(|part| id(part)).collect(),
                of_parts: word.parts.len(),
                weight: if word.stop { STOP } else { 1.0 },
                content: !word.stop,
            })
            .collect();
        if slots.len() > MAX_SLOTS {
            let known_mass = |slot: &Self| if slot.is_known() { slot.weight * slot.mass(field) } else { 0.0 };
            slots.sort_by(|left, right| known_mass(right).total_cmp(&known_mass(left)));
            slots.truncate(MAX_SLOTS);
        }
        slots
    }

    /// Whether the index knows the word or a part of it.
    pub(super) fn is_known(&self) -> bool {
        self.whole.is_some() || !self.parts.is_empty()
    }

    /// How much finding the word says, before its weight: its IDF in the field.
    pub(super) fn mass(&self, field: &Field) -> f64 {
        let parts = self.parts.iter().map(|&part| field.idf(Some(part)));
        match self.whole {
            Some(_) => field.idf(self.whole),
            None => parts.reduce(f64::max).unwrap_or_else(|| UNKNOWN * field.idf(None)),
        }
    }
}
