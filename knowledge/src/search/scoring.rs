//! Adding up what the fields of each article hold of a question.
//!
//! First the scores of all articles of a segment ([`scores`]), then, of those that may be found, what exactly they hold
//! ([`held`]).

use super::{
    bm25::{Field, Statistics},
    query::{PARTS, Slot},
    view::{
        BODY as BODY_FIELD, FIELDS, PHRASINGS, STEPS as STEPS_FIELD, TITLE as TITLE_FIELD, TOGETHER as TOGETHER_FIELD,
        View,
    },
};

pub(super) const NEAREST: f64 = 1.0;
pub(super) const NEAR: f64 = 0.3;
pub(super) const TOGETHER: f64 = 0.5;
pub(super) const TITLE: f64 = 0.3;
pub(super) const STEPS: f64 = 0.6;
pub(super) const BODY: f64 = 1.0;
pub(super) const ALL_WEIGHTS: f64 = NEAREST + NEAR + TOGETHER + TITLE + STEPS + BODY;

/// Phrasings of an article that are "near".
const NEAR_COUNT: usize = 3;

/// A question to the view at this place among the views of its language.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) slots: &'a [Slot],
    pub(super) view: &'a View,
    pub(super) at: usize,
    pub(super) statistics: &'a Statistics,
}

/// The best phrasings of one article.
#[derive(Clone, Copy, Debug, Default)]
struct Phrasings {
    gains: [f64; NEAR_COUNT],
    count: usize,
}

impl Phrasings {
    /// What the best and the mean of the best three are worth; the mean of all if there are fewer.
    #[expect(clippy::cast_precision_loss, reason = "at most three")]
    fn worth(&self) -> f64 {
        let mean = self.gains.iter().sum::<f64>() / self.count.clamp(1, NEAR_COUNT) as f64;
        NEAREST * self.gains[0] + NEAR * mean
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

/// What an article holds of the content of a question.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Held {
    /// Mass that it holds anywhere.
    pub(super) anywhere: f64,
    /// Mass that its title holds.
    pub(super) titled: f64,
}

/// By article of the segment: the weighted sum of what it gains.
pub(super) fn scores(words: Words<'_>, articles: usize) -> Vec<f64> {
    let mut scores = vec![0.0; articles];
    for (field, weight) in [(TOGETHER_FIELD, TOGETHER), (TITLE_FIELD, TITLE), (STEPS_FIELD, STEPS), (BODY_FIELD, BODY)]
    {
        let units = words.view.fields[field].articles();
        for (&article, gain) in units.iter().zip(gains(words, field)) {
            scores[article as usize] += weight * gain;
        }
    }
    let gains = gains(words, PHRASINGS);
    let mut at = 0;
    for same in words.view.fields[PHRASINGS].articles().chunk_by(|left, right| left == right) {
        let mut phrasings = Phrasings::default();
        gains[at..at + same.len()].iter().for_each(|&gain| phrasings.add(gain));
        scores[same[0] as usize] += phrasings.worth();
        at += same.len();
    }
    scores
}

/// What each unit of a field gains.
fn gains(words: Words<'_>, which: usize) -> Vec<f64> {
    let field = &words.view.fields[which];
    let mean = words.statistics.means[which];
    let mut gains = vec![0.0; field.len()];
    let mut walk = Walk::new(words.at, field);
    for slot in words.slots {
        let worth = slot.weight * slot.mass[which];
        walk.slot(slot, mean, |unit, saturation, _| gains[unit as usize] += worth * saturation);
    }
    gains
}

/// What these articles, which ascend, hold of the question's content.
#[expect(clippy::cast_possible_truncation, reason = "fewer articles than u32 counts")]
pub(super) fn held(words: Words<'_>, articles: &[u32]) -> Vec<Held> {
    /// Not one of the articles.
    const OTHER: u32 = u32::MAX;
    let last = articles.last().map_or(0, |&last| last as usize + 1);
    let mut places = vec![OTHER; last];
    for (place, &article) in articles.iter().enumerate() {
        places[article as usize] = place as u32;
    }
    let mut held = vec![Held::default(); articles.len()];
    // By article and slot: the largest share of the slot found in any one field.
    let mut hits = vec![0.0_f64; articles.len() * words.slots.len()];
    for which in 0..FIELDS {
        let field = &words.view.fields[which];
        let mut walk = Walk::new(words.at, field);
        for (position, slot) in words.slots.iter().enumerate().filter(|(_, slot)| slot.content) {
            walk.slot(slot, words.statistics.means[which], |unit, _, share| {
                let article = field.articles()[unit as usize] as usize;
                let place = places.get(article).copied().unwrap_or(OTHER) as usize;
                if let Some(held) = held.get_mut(place) {
                    let hit = &mut hits[place * words.slots.len() + position];
                    *hit = hit.max(share);
                    if which == TITLE_FIELD {
                        held.titled += slot.mass[which] * share;
                    }
                }
            });
        }
    }
    for (held, hits) in held.iter_mut().zip(hits.chunks_exact(words.slots.len().max(1))) {
        held.anywhere = words.slots.iter().zip(hits).map(|(slot, hit)| hit * slot.mass[PHRASINGS]).sum();
    }
    held
}

/// Goes through the units of a field that have a word.
struct Walk<'a> {
    at: usize,
    field: &'a Field,
    /// By unit, for a word that has parts: saturation and share.
    found: Vec<(f64, f64)>,
    touched: Vec<u32>,
}

impl<'a> Walk<'a> {
    fn new(at: usize, field: &'a Field) -> Self {
        Self { at, field, found: Vec::new(), touched: Vec::new() }
    }

    /// Calls `found` with each unit that has the word, its saturation, and the share of the word that it has.
    fn slot(&mut self, slot: &Slot, mean: f64, mut found: impl FnMut(u32, f64, f64)) {
        let whole = slot.whole.as_ref().and_then(|term| term.ids[self.at]);
        let postings = whole.map_or(&[][..], |term| self.field.postings(term));
        if slot.parts.is_empty() {
            for &(unit, count) in postings {
                found(unit, self.field.saturation(unit, count, mean), 1.0);
            }
            return;
        }
        self.parts(slot, mean);
        for &(unit, count) in postings {
            let (saturation, share) = &mut self.found[unit as usize];
            if *share <= 0.0 {
                self.touched.push(unit);
            }
            *saturation = saturation.max(self.field.saturation(unit, count, mean));
            *share = 1.0;
        }
        for unit in self.touched.drain(..) {
            let (saturation, share) = std::mem::take(&mut self.found[unit as usize]);
            found(unit, saturation, share);
        }
    }

    /// A word that has parts is found itself, or by its parts, whichever is more: this adds up the parts.
    #[expect(clippy::cast_precision_loss, reason = "a handful of parts")]
    fn parts(&mut self, slot: &Slot, mean: f64) {
        self.found.resize(self.field.len(), (0.0, 0.0));
        let each = PARTS / slot.of_parts.max(1) as f64;
        for term in slot.parts.iter().filter_map(|part| part.ids[self.at]) {
            for &(unit, count) in self.field.postings(term) {
                let (saturation, share) = &mut self.found[unit as usize];
                if *share <= 0.0 {
                    self.touched.push(unit);
                }
                *saturation += each * self.field.saturation(unit, count, mean);
                *share += each;
            }
        }
    }
}
