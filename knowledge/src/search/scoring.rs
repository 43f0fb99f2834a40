//! Adding up what the fields of each article hold of a question.

use std::collections::HashMap;

use super::{
    bm25::Field,
    query::{PARTS, Slot},
};

/// Phrasings of an article that are "near".
const NEAR_COUNT: usize = 3;

/// The running sums, by article.
pub(super) struct Found {
    scores: Vec<f64>,
    /// By article and slot: the largest share of the slot found in any one field.
    hits: Vec<f64>,
    slots: usize,
}

/// What a unit holds of the question.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    /// What it gains in ranking.
    gain: f64,
    /// Mass of the question's content that it holds.
    mass: f64,
}

/// The best phrasings of one article.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Phrasings {
    gains: [f64; NEAR_COUNT],
    count: usize,
}

impl Phrasings {
    /// The gain of the best.
    pub(super) fn nearest(&self) -> f64 {
        self.gains[0]
    }

    /// The mean gain of the best three, or of all if there are fewer.
    #[expect(clippy::cast_precision_loss, reason = "at most three")]
    pub(super) fn mean(&self) -> f64 {
        self.gains.iter().sum::<f64>() / self.count.clamp(1, NEAR_COUNT) as f64
    }

    fn add(&mut self, mut gain: f64) {
        self.count += 1;
        for best in &mut self.gains {
            if gain > *best {
                std::mem::swap(best, &mut gain);
            }
        }
    }
}

impl Found {
    pub(super) fn new(articles: usize, slots: usize) -> Self {
        Self { scores: vec![0.0; articles], hits: vec![0.0; articles * slots], slots }
    }

    /// Adds a field with one unit an article. Returns, by article, the mass of the question's content that it holds.
    pub(super) fn add(&mut self, field: &Field, slots: &[Slot], weight: f64) -> Vec<f64> {
        let mut masses = vec![0.0; self.scores.len()];
        for (unit, held) in self.holding(field, slots).into_iter().enumerate() {
            self.scores[field.article(unit)] += weight * held.gain;
            masses[field.article(unit)] = held.mass;
        }
        masses
    }

    /// Adds the field with a unit for each phrasing: what `worth` makes of the best ones.
    pub(super) fn add_phrasings(&mut self, field: &Field, slots: &[Slot], worth: impl Fn(&Phrasings) -> f64) {
        let mut phrasings = vec![Phrasings::default(); self.scores.len()];
        for (unit, held) in self.holding(field, slots).into_iter().enumerate() {
            phrasings[field.article(unit)].add(held.gain);
        }
        for (score, phrasings) in self.scores.iter_mut().zip(&phrasings) {
            *score += worth(phrasings);
        }
    }

    /// What each unit holds of the question.
    fn holding(&mut self, field: &Field, slots: &[Slot]) -> Vec<Held> {
        let mut units = vec![Held::default(); field.len()];
        for (position, slot) in slots.iter().enumerate() {
            let mass = slot.mass(field);
            let mut found = |unit: usize, saturation: f64, share: f64| {
                let held = &mut units[unit];
                held.gain += slot.weight * mass * saturation;
                if slot.content {
                    held.mass += mass * share;
                    let hit = &mut self.hits[field.article(unit) * self.slots + position];
                    *hit = hit.max(share);
                }
            };
            if slot.parts.is_empty() {
                for &(unit, saturation) in slot.whole.map_or(&[][..], |term| field.postings(term)) {
                    found(unit, saturation, 1.0);
                }
            } else {
                for (unit, (saturation, share)) in compound(slot, field) {
                    found(unit, saturation, share);
                }
            }
        }
        units
    }

    /// The mass of a question's content that the article holds in any field.
    pub(super) fn held(&self, article: usize, slots: &[Slot], field: &Field) -> f64 {
        let hits = &self.hits[article * self.slots..][..self.slots];
        slots.iter().zip(hits).map(|(slot, hit)| hit * slot.mass(field)).sum()
    }

    /// The weighted sum of what the article gained.
    pub(super) fn score(&self, article: usize) -> f64 {
        self.scores[article]
    }
}

/// By unit: saturation and share of a word that has parts: found itself, or by its parts, whichever is more.
#[expect(clippy::cast_precision_loss, reason = "a handful of parts")]
fn compound(slot: &Slot, field: &Field) -> HashMap<usize, (f64, f64)> {
    let mut found: HashMap<usize, (f64, f64)> = HashMap::new();
    let each = PARTS / slot.of_parts.max(1) as f64;
    for &part in &slot.parts {
        for &(unit, saturation) in field.postings(part) {
            let (gain, share) = found.entry(unit).or_default();
            *gain += each * saturation;
            *share += each;
        }
    }
    for &(unit, saturation) in slot.whole.map_or(&[][..], |term| field.postings(term)) {
        let (gain, share) = found.entry(unit).or_default();
        *gain = gain.max(saturation);
        *share = 1.0;
    }
    found
}
