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
//!
//! Postings are by segment; `N`, `df` and the mean length are of the whole base ([`Statistics`]).

use std::sync::Arc;

use super::view::{FIELDS, View};

/// How soon repetition stops to count.
const K1: f64 = 1.2;
/// How much length is held against a unit.
const B: f64 = 0.75;

/// Articles that a base is taken to have at least. In a base of three, a word that two of them have would be worthless;
/// but it would be rare in the base that these three are the beginning of.
const LEAST_ARTICLES: usize = 50;

/// Names a term within a view.
pub(super) type TermId = u32;

/// One field of the articles of one segment.
#[derive(Default)]
pub(super) struct Field {
    /// By unit: its article. Ascending.
    articles: Vec<u32>,
    /// By unit.
    lengths: Vec<f32>,
    /// By term: where its postings begin; one more for the end of the last.
    starts: Vec<u32>,
    /// Units, each with how often it has the term.
    postings: Vec<(u32, f32)>,
    /// By term: how many articles have it.
    having: Vec<u32>,
}

/// Collects the units of a field.
#[derive(Default)]
pub(super) struct FieldBuilder {
    field: Field,
    found: Vec<(TermId, u32, f32)>,
}

#[expect(clippy::cast_possible_truncation, reason = "fewer units and postings than u32 counts")]
impl FieldBuilder {
    /// Adds a unit of an article: its terms, each with what it counts; a word counts 1. Articles ascend.
    pub(super) fn add(&mut self, article: usize, text: &mut [(TermId, f32)]) {
        if text.is_empty() {
            return;
        }
        let unit = self.field.articles.len() as u32;
        text.sort_unstable_by_key(|&(term, _)| term);
        let mut length = 0.0;
        for same in text.chunk_by(|left, right| left.0 == right.0) {
            let count = same.iter().map(|(_, count)| count).sum::<f32>();
            length += count;
            self.found.push((same[0].0, unit, count));
        }
        self.field.articles.push(article as u32);
        self.field.lengths.push(length);
    }

    /// The field, after the last [`FieldBuilder::add`]; there are so many terms.
    pub(super) fn finish(self, terms: usize) -> Field {
        let Self { mut field, found } = self;
        field.starts = vec![0; terms + 1];
        for (term, ..) in &found {
            field.starts[*term as usize + 1] += 1;
        }
        for term in 0..terms {
            field.starts[term + 1] += field.starts[term];
        }
        let mut next = field.starts.clone();
        field.postings = vec![(0, 0.0); found.len()];
        for (term, unit, count) in found {
            let place = &mut next[term as usize];
            field.postings[*place as usize] = (unit, count);
            *place += 1;
        }
        let having = |range: &[u32]| {
            let postings = &field.postings[range[0] as usize..range[1] as usize];
            postings.chunk_by(|left, right| field.articles[left.0 as usize] == field.articles[right.0 as usize]).count()
                as u32
        };
        field.having = field.starts.windows(2).map(having).collect();
        field.articles.shrink_to_fit();
        field.lengths.shrink_to_fit();
        field
    }
}

impl Field {
    /// Number of units.
    pub(super) fn len(&self) -> usize {
        self.articles.len()
    }

    /// By unit: its article.
    pub(super) fn articles(&self) -> &[u32] {
        &self.articles
    }

    /// The units that have the term, each with how often, ascending.
    pub(super) fn postings(&self, term: TermId) -> &[(u32, f32)] {
        let term = term as usize;
        &self.postings[self.starts[term] as usize..self.starts[term + 1] as usize]
    }

    /// How many articles have the term.
    pub(super) fn having(&self, term: TermId) -> u32 {
        self.having[term as usize]
    }

    /// How much of the best a unit reaches that has a term so often.
    pub(super) fn saturation(&self, unit: u32, count: f32, mean: f64) -> f64 {
        let count = f64::from(count);
        count / (count + K1 * (1.0 - B + B * f64::from(self.lengths[unit as usize]) / mean))
    }
}

/// What is known of all articles of one language together.
#[derive(Clone, Debug)]
pub(super) struct Statistics {
    articles: usize,
    /// Mean length of a unit, by field.
    pub(super) means: [f64; FIELDS],
}

impl Statistics {
    /// Of the articles of these views, of which so many are there.
    #[expect(clippy::cast_precision_loss, reason = "counts of units")]
    pub(super) fn of(views: &[Arc<View>], articles: usize) -> Self {
        let means = std::array::from_fn(|field| {
            let fields = views.iter().map(|view| &view.fields[field]);
            let lengths: f64 = fields.clone().flat_map(|field| &field.lengths).map(|&length| f64::from(length)).sum();
            lengths / fields.map(Field::len).sum::<usize>().max(1) as f64
        });
        Self { articles: articles.max(LEAST_ARTICLES), means }
    }

    /// The IDF of a term that so many articles have.
    #[expect(clippy::cast_precision_loss, reason = "counts of articles")]
    pub(super) fn idf(&self, having: u32) -> f64 {
        let having = f64::from(having);
        (1.0 + ((self.articles as f64 - having).max(0.0) + 0.5) / (having + 0.5)).ln()
    }

    /// The IDF of the rarest word imaginable.
    pub(super) fn rarest(&self) -> f64 {
        self.idf(0)
    }
}
