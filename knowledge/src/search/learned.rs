//! What the base learns from titles and phrasings: the cosine of the nearest one, and with enough of them a classifier.
//!
//! Words say how much of a question an article holds; phrasings show how people ask. Both see other things, so their
//! scores are added (see [`super::fusion`]). The classifier is trained when the base has settled after a change, where
//! articles have enough phrasings to learn from and not so many that it would take long; otherwise only the cosine counts.

use super::{
    grams::{Asked, Row, Weights},
    segment::Segment,
    svm::Machines,
};

/// Lines for each article, its title included, from which a classifier is trained.
const ENOUGH: usize = 3;
/// Articles times lines above which training would take more than some seconds.
const TOO_MANY: usize = 30_000_000;
/// How sharply margins become shares.
const SHARPNESS: f32 = 4.0;

/// What was learned says to a question, of one article.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Lesson {
    /// Cosine of the characters with those of the nearest title or phrasing.
    pub(crate) near: f64,
    /// The classifier's share, 0..=1 over all articles; `None` without one.
    pub(crate) share: Option<f64>,
}

/// Tells the articles of one language apart by words and characters.
pub(super) struct Classifier {
    /// The rows of the machines are lines of the segment.
    machines: Machines,
    /// What pairs of words weigh.
    pairs: Weights,
}

impl Classifier {
    /// Whether so many lines of so many articles are worth training on.
    pub(super) fn is_worthwhile(articles: usize, lines: usize) -> bool {
        articles > 1 && lines >= ENOUGH * articles && lines * articles <= TOO_MANY
    }

    /// Learns from all articles of one language, each a class, in their order; `chars` weighs their characters.
    #[expect(clippy::cast_possible_truncation, reason = "fewer features than u32 counts")]
    pub(super) fn learn(segment: &Segment, docs: &[usize], chars: &Weights) -> Option<Self> {
        let lines: Vec<usize> = docs.iter().flat_map(|&doc| segment.lines(doc)).collect();
        if !Self::is_worthwhile(docs.len(), lines.len()) {
            return None;
        }
        let pairs = Self::pairs(segment, &lines);
        let offset = segment.pairs.keys.len() as u32;
        let row = |line: usize| -> Row {
            let chars = chars.row(&segment.chars, line).into_iter().map(|(id, value)| (id + offset, value));
            pairs.row(&segment.pairs, line).into_iter().chain(chars).collect()
        };
        let rows: Vec<Row> = lines.iter().map(|&line| row(line)).collect();
        let classes: Vec<usize> =
            docs.iter().enumerate().flat_map(|(class, &doc)| segment.lines(doc).map(move |_| class)).collect();
        let features = segment.pairs.keys.len() + segment.chars.keys.len();
        let machines = Machines::learn(&rows, &classes, docs.len(), features).of_rows(&lines);
        Some(Self { machines, pairs })
    }

    /// A classifier whose machines were learned before, from the same articles.
    pub(super) fn remembered(segment: &Segment, docs: &[usize], machines: Machines) -> Option<Self> {
        let lines: Vec<usize> = docs.iter().flat_map(|&doc| segment.lines(doc)).collect();
        let fits = machines.fits(segment.chars.len(), docs.len());
        fits.then(|| Self { machines, pairs: Self::pairs(segment, &lines) })
    }

    fn pairs(segment: &Segment, lines: &[usize]) -> Weights {
        Weights::of(&[(&segment.pairs, lines.to_vec())]).remove(0)
    }

    /// What to remember.
    pub(super) fn machines(&self) -> &Machines {
        &self.machines
    }

    /// By class: its share.
    pub(super) fn shares(&self, segment: &Segment, chars: &[f32], words: &[u64]) -> Vec<f64> {
        let asked = Asked::new(words, &[(&segment.pairs, &self.pairs)]).remove(0);
        let products: Vec<f32> = chars
            .iter()
            .enumerate()
            .map(|(line, chars)| chars + self.pairs.cosine(&segment.pairs, &asked, line))
            .collect();
        shares(&self.machines.margins(&products))
    }
}

/// Margins as shares of 1 (softmax).
fn shares(margins: &[f32]) -> Vec<f64> {
    let highest = margins.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f64> = margins.iter().map(|margin| f64::from(SHARPNESS * (margin - highest)).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}
