//! What the base learns from titles and phrasings: the cosine of the nearest one, and with enough of them a classifier.
//!
//! Words say how much of a question an article holds; phrasings show how people ask. Both see other things, so their
//! scores are added (see [`super::index`]). The classifier is trained whenever the articles change, where they have
//! enough phrasings to learn from and not so many that it would take long; otherwise only the cosine counts.

use super::{
    grams::{self, Grams, Row},
    svm::Machines,
};
use crate::text::Token;

/// Rows for each article, titles included, from which a classifier is trained.
const ENOUGH: usize = 3;
/// Articles times rows above which training would take more than some seconds.
const TOO_MANY: usize = 30_000_000;
/// How sharply margins become shares.
const SHARPNESS: f32 = 4.0;

/// The titles and phrasings of one language.
#[derive(Default)]
pub(super) struct Learned {
    words: Grams,
    chars: Grams,
    /// By row: its article.
    articles: Vec<usize>,
    count: usize,
    machines: Option<Machines>,
}

/// What was learned says to a question, of one article.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Lesson {
    /// Cosine of the characters with those of the nearest title or phrasing.
    pub(crate) near: f64,
    /// The classifier's share, 0..=1 over all articles; `None` without one.
    pub(crate) share: Option<f64>,
}

impl Learned {
    /// Learns from titles and phrasings, given with the article each belongs to. `count` is the number of articles.
    #[expect(clippy::cast_possible_truncation, reason = "fewer features than u32 counts")]
    pub(super) fn new(texts: &[(usize, Vec<Token>)], count: usize) -> Self {
        let words = Grams::new(&texts.iter().map(|(_, tokens)| grams::of_words(tokens)).collect::<Vec<_>>());
        let chars = Grams::new(&texts.iter().map(|(_, tokens)| grams::of_chars(tokens)).collect::<Vec<_>>());
        let articles: Vec<usize> = texts.iter().map(|&(article, _)| article).collect();
        let trains = count > 1 && texts.len() >= ENOUGH * count && texts.len() * count <= TOO_MANY;
        let machines = trains.then(|| {
            let offset = words.features() as u32;
            let both = words.rows().iter().zip(chars.rows());
            let rows: Vec<Row> = both
                .map(|(words, chars)| {
                    words.iter().copied().chain(chars.iter().map(|&(id, value)| (id + offset, value))).collect()
                })
                .collect();
            Machines::learn(&rows, &articles, count, words.features() + chars.features())
        });
        Self { words, chars, articles, count, machines }
    }

    /// What was learned says to the question, by article.
    pub(super) fn ask(&self, tokens: &[Token]) -> Vec<Lesson> {
        let mut lessons = vec![Lesson::default(); self.count];
        let chars = self.chars.cosines(&grams::of_chars(tokens));
        for (&article, &cosine) in self.articles.iter().zip(&chars) {
            lessons[article].near = lessons[article].near.max(f64::from(cosine));
        }
        if let Some(machines) = &self.machines {
            let words = self.words.cosines(&grams::of_words(tokens));
            let products: Vec<f32> = words.iter().zip(&chars).map(|(words, chars)| words + chars).collect();
            let margins = machines.margins(&products);
            for (lesson, share) in lessons.iter_mut().zip(shares(&margins)) {
                lesson.share = Some(share);
            }
        }
        lessons
    }
}

/// Margins as shares of 1 (softmax).
pub(super) fn shares(margins: &[f32]) -> Vec<f64> {
    let highest = margins.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f64> = margins.iter().map(|margin| f64::from(SHARPNESS * (margin - highest)).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}
