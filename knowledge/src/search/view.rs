//! The words of one segment in one language, as the base reads them now: in terms, by field.
//!
//! An article scores the weighted sum of its fields, each by BM25 with its own statistics:
//!
//! | field | unit | weight |
//! |---|---|---|
//! | nearest phrasing (the title is one) | a phrasing | [`NEAREST`] |
//! | near phrasings: mean of the best three | a phrasing | [`NEAR`] |
//! | title and phrasings together | the article | [`TOGETHER`] |
//! | title | the title | [`TITLE`] |
//! | steps | all steps | [`STEPS`] |
//! | body | the body | [`BODY`] |
//!
//! divided by the mass of the question times the sum of the weights: what an article would reach that speaks of nothing
//! else, everywhere and without end. Good matches are around 0.4. A question that is a title or phrasing word for word
//! scores 1: its author said so.
//!
//! [`NEAREST`]: super::scoring::NEAREST
//! [`NEAR`]: super::scoring::NEAR
//! [`TOGETHER`]: super::scoring::TOGETHER
//! [`TITLE`]: super::scoring::TITLE
//! [`STEPS`]: super::scoring::STEPS
//! [`BODY`]: super::scoring::BODY

use std::collections::HashMap;

use super::{
    bm25::{Field, FieldBuilder, TermId},
    grams::hash,
    lexicon::Lexicon,
    segment::Segment,
};
use crate::{Language, text::Word};

/// The fields, in the order of [`View::fields`].
pub(super) const PHRASINGS: usize = 0;
pub(super) const TOGETHER: usize = 1;
pub(super) const TITLE: usize = 2;
pub(super) const STEPS: usize = 3;
pub(super) const BODY: usize = 4;
/// Number of fields.
pub(super) const FIELDS: usize = 5;

/// What a part of a compound counts in a text, against a word.
const PART_COUNT: f32 = 0.5;
/// What a word without topic counts in a text.
const STOP_COUNT: f32 = 0.5;

/// The words of one segment in one language.
#[derive(Default)]
pub(super) struct View {
    terms: HashMap<Box<str>, TermId>,
    pub(super) fields: [Field; FIELDS],
    /// The [`wording`] of each title and phrasing with its article, sorted.
    exact: Vec<(u64, u32)>,
}

/// Terms, each with what it counts.
type Terms = Vec<(TermId, f32)>;

/// A word of the segment as it is read.
struct Reading {
    /// Its own term and those of its parts.
    terms: Terms,
    /// The hash of its own term.
    wording: u64,
}

/// Reads the words of a segment.
struct Reader<'a> {
    segment: &'a Segment,
    lexicon: &'a Lexicon,
    terms: HashMap<Box<str>, TermId>,
    /// By word of the segment, where it was read already.
    known: Vec<Option<Reading>>,
}

impl View {
    /// Of the articles that are in the language and live.
    #[expect(clippy::cast_possible_truncation, reason = "fewer articles than u32 counts")]
    pub(super) fn build(segment: &Segment, live: &[bool], language: Language, lexicon: &Lexicon) -> Self {
        let known = segment.texts.keys.iter().map(|_| None).collect();
        let mut reader = Reader { segment, lexicon, terms: HashMap::new(), known };
        let mut fields: [FieldBuilder; FIELDS] = Default::default();
        let mut exact = Vec::new();
        let mut text = Terms::new();
        let docs = segment.articles.iter().enumerate().filter(|&(doc, _)| live[doc]);
        for (doc, _) in docs.filter(|(_, article)| article.language == language) {
            let mut together = Terms::new();
            for (at, row) in segment.text_lines(doc).enumerate() {
                exact.push((reader.read(row, &mut text), doc as u32));
                together.extend_from_slice(&text);
                fields[PHRASINGS].add(doc, &mut text.clone());
                if at == 0 {
                    fields[TITLE].add(doc, &mut text);
                }
            }
            fields[TOGETHER].add(doc, &mut together);
            for (field, row) in [(STEPS, segment.steps(doc)), (BODY, segment.body(doc))] {
                reader.read(row, &mut text);
                fields[field].add(doc, &mut text);
            }
        }
        exact.sort_unstable();
        exact.dedup();
        let count = reader.terms.len();
        Self { terms: reader.terms, fields: fields.map(|field| field.finish(count)), exact }
    }

    /// The number of a term.
    pub(super) fn term(&self, term: &str) -> Option<TermId> {
        self.terms.get(term).copied()
    }

    /// The articles that have a title or phrasing in these words, whatever their order.
    pub(super) fn exact(&self, words: &[Word]) -> impl Iterator<Item = u32> {
        let wording = wording(words.iter().map(|word| hash(word.term.bytes())).collect());
        let first = self.exact.partition_point(|&(other, _)| other < wording);
        self.exact[first..].iter().take_while(move |&&(other, _)| other == wording).map(|&(_, doc)| doc)
    }
}

impl Reader<'_> {
    /// Reads a text of the segment into `terms`, and returns its [`wording`].
    fn read(&mut self, row: usize, terms: &mut Terms) -> u64 {
        terms.clear();
        let mut wordings = Vec::new();
        for (key, count) in self.segment.texts.row(row) {
            let reading = match self.known[key as usize].take() {
                Some(reading) => reading,
                None => self.first(key as usize),
            };
            wordings.push(reading.wording);
            terms.extend(reading.terms.iter().map(|&(term, each)| (term, each * f32::from(count))));
            self.known[key as usize] = Some(reading);
        }
        wording(wordings)
    }

    fn first(&mut self, key: usize) -> Reading {
        let Word { term, parts, stop } = self.lexicon.word(&self.segment.texts.keys[key]);
        let wording = hash(term.bytes());
        let mut terms = vec![(self.number(term), if stop { STOP_COUNT } else { 1.0 })];
        for part in parts {
            terms.push((self.number(part), PART_COUNT));
        }
        Reading { terms, wording }
    }

    #[expect(clippy::cast_possible_truncation, reason = "fewer terms than u32 counts")]
    fn number(&mut self, term: String) -> TermId {
        let next = self.terms.len() as TermId;
        *self.terms.entry(term.into_boxed_str()).or_insert(next)
    }
}

/// One number for the words of a text whatever their order and number; equal for texts that say the same in the same words.
fn wording(mut words: Vec<u64>) -> u64 {
    words.sort_unstable();
    words.dedup();
    hash(words.into_iter().flat_map(u64::to_le_bytes))
}
