//! BM25 over one field of the articles.
//!
//! Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section 3: a term that occurs
//! `tf` times in a unit of length `dl` contributes
//!
//! ```text
//! idf * tf / (tf + K1 * (1 - B + B * dl / mean dl)),    idf = ln(1 + (N - df + 0.5) / (df + 0.5))
//! ```
//!
//! (The constant factor K1 + 1, which changes no order, is left out: so the fraction, here called saturation, is a share.)
//! A unit is what is matched as a whole: one phrasing, one title, or the whole of an article's text in this field. `N` and
//! `df` count articles and not units, since telling articles apart is the task: a word in all ten phrasings of one article
//! is rare.

use std::collections::{BTreeMap, HashSet};

/// How soon repetition stops to count.
const K1: f64 = 1.2;
/// How much length is held against a unit.
const B: f64 = 0.75;

/// Articles that a base is taken to have at least. In a base of three, a word that two of them have would be worthless;
/// but it would be rare in the base that these three are the beginning of.
const LEAST_ARTICLES: usize = 50;

/// Names a term within an index.
pub(super) type TermId = usize;

/// One field of all articles.
#[derive(Default)]
pub(super) struct Field {
    units: Vec<Unit>,
    /// By term: the units it occurs in, and its saturation there.
    postings: Vec<Vec<(usize, f64)>>,
    /// By term.
    idf: Vec<f64>,
    /// IDF of a term that no article has.
    rarest: f64,
}

struct Unit {
    article: usize,
    length: f64,
    counts: BTreeMap<TermId, f64>,
}

impl Field {
    /// Adds a unit of an article: its terms, each with what it counts; a word counts 1.
    pub(super) fn add(&mut self, article: usize, text: &[(TermId, f64)]) {
        let mut unit = Unit { article, length: 0.0, counts: BTreeMap::new() };
        for &(term, count) in text {
            *unit.counts.entry(term).or_default() += count;
            unit.length += count;
        }
        if !unit.counts.is_empty() {
            self.units.push(unit);
        }
    }

    /// Computes the statistics, after the last [`Field::add`].
    #[expect(clippy::cast_precision_loss, reason = "counts of articles and words")]
    pub(super) fn finish(&mut self, terms: usize, articles: usize) {
        let mean = self.units.iter().map(|unit| unit.length).sum::<f64>() / self.units.len().max(1) as f64;
        let mut having: Vec<HashSet<usize>> = vec![HashSet::new(); terms];
        self.postings = vec![Vec::new(); terms];
        for (position, unit) in self.units.iter().enumerate() {
            for (&term, &count) in &unit.counts {
                let norm = K1 * (1.0 - B + B * unit.length / mean);
                self.postings[term].push((position, count / (count + norm)));
                having[term].insert(unit.article);
            }
        }
        let articles = articles.max(LEAST_ARTICLES);
        let idf = |having: usize| (1.0 + (articles as f64 - having as f64 + 0.5) / (having as f64 + 0.5)).ln();
        self.idf = having.iter().map(|articles| idf(articles.len())).collect();
        self.rarest = idf(0);
    }

    /// Number of units.
    pub(super) fn len(&self) -> usize {
        self.units.len()
    }

    /// The position of the article that a unit belongs to.
    pub(super) fn article(&self, unit: usize) -> usize {
        self.units[unit].article
    }

    /// The IDF of a term in this field; of an unknown term (`None`), that of the rarest imaginable.
    pub(super) fn idf(&self, term: Option<TermId>) -> f64 {
        term.and_then(|term| self.idf.get(term)).copied().unwrap_or(self.rarest)
    }

    /// The units that have the term, each with its saturation, 0..1.
    pub(super) fn postings(&self, term: TermId) -> &[(usize, f64)] {
        self.postings.get(term).map_or(&[], Vec::as_slice)
    }
}
