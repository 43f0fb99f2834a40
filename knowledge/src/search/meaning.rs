//! What questions and articles mean: cosines of sentence vectors, which need no word in common.
//!
//! Which encoders there are is said in [`super::encoders`], which texts of an article they encode in [`super::passages`].
//! With enough phrasings, a classifier ([`super::logistic`]) learns from the vectors as well.

use super::{
    encoders::{self, SPACES},
    logistic::Logistic,
    passages::{Kind, beginning},
    segment::Segment,
    shelf::Shelf,
    vectors::{Asked, Vectors},
};
use crate::Language;

/// Texts for each article from which a classifier is trained.
const ENOUGH: usize = 4;
/// Articles times texts above which training would take more than some seconds.
const TOO_MANY: usize = 3_000_000;

/// What meaning says of one article. All by space, see [`super::encoders`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sense {
    /// Cosine with the nearest title or phrasing, 0 if none was compared.
    pub(crate) line: [f64; encoders::COUNT],
    /// Cosine with the title and the beginning of the body, 0 if that was not compared.
    pub(crate) lead: [f64; encoders::COUNT],
    /// Cosine with the nearest piece of the body, 0 if none was compared.
    pub(crate) body: [f64; encoders::COUNT],
    /// The classifier's share; `None` without one.
    pub(crate) share: [Option<f64>; encoders::COUNT],
}

impl Sense {
    /// By space: cosine with the nearest text of the article, 0 if none was compared.
    pub(crate) fn near(&self) -> [f64; encoders::COUNT] {
        std::array::from_fn(|space| self.line[space].max(self.lead[space]).max(self.body[space]))
    }

    fn see(&mut self, space: usize, kind: Kind, cosine: f32) {
        let nearest = match kind {
            Kind::Title | Kind::Phrasing => &mut self.line[space],
            Kind::Lead => &mut self.lead[space],
            Kind::Body => &mut self.body[space],
        };
        *nearest = nearest.max(f64::from(cosine));
    }
}

/// A question, encoded.
pub(super) struct Question {
    /// By space, where the space has an encoder for its language.
    pub(super) asked: [Option<Asked>; encoders::COUNT],
    /// Cosine with the nearest of what help desks are asked, whatever this base covers; 0 if that cannot be told.
    pub(super) elsewhere: f64,
    /// How familiar to help desks it is; 0 if that cannot be told.
    pub(super) familiarity: f64,
}

/// Encodes a question in the spaces in which anything is compared.
pub(super) fn encoded(text: &str, language: Language, compared: [bool; encoders::COUNT]) -> Question {
    let text = beginning(text);
    let (mut elsewhere, mut familiarity) = (0.0_f32, 0.0_f32);
    let asked = std::array::from_fn(|space| {
        if text.trim().is_empty() || !compared[space] {
            return None;
        }
        let heard = SPACES[space].asked(language, text)?;
        elsewhere = elsewhere.max(heard.elsewhere);
        familiarity += heard.familiarity;
        Some(heard.asked)
    });
    Question { asked, elsewhere: f64::from(elsewhere), familiarity: f64::from(familiarity) }
}

/// What meaning says of these articles of a segment, without the classifiers.
pub(super) fn senses(segment: &Segment, docs: &[u32], question: &Question) -> Vec<Sense> {
    /// Where so large a share of a segment is asked for, reading all of it is no slower.
    const SHARE: usize = 4;
    let mut senses = vec![Sense::default(); docs.len()];
    for (space, asked) in question.asked.iter().enumerate() {
        let Some(asked) = asked else { continue };
        let vectors = &segment.vectors[space];
        let all = if docs.len() * SHARE >= segment.articles.len() { cosines(vectors, asked) } else { Vec::new() };
        for (sense, &doc) in senses.iter_mut().zip(docs) {
            let rows = vectors.rows(doc as usize);
            let kinds = &vectors.kinds[rows.clone()];
            if all.is_empty() {
                let cosines = vectors.cosines(asked, rows);
                kinds.iter().zip(cosines).for_each(|(&kind, cosine)| sense.see(space, kind, cosine));
            } else {
                kinds.iter().zip(&all[rows]).for_each(|(&kind, &cosine)| sense.see(space, kind, cosine));
            }
        }
    }
    senses
}

fn cosines(vectors: &Vectors, asked: &Asked) -> Vec<f32> {
    vectors.cosines(asked, 0..vectors.len())
}

/// How familiar to help desks the titles and phrasings of a base are on average, told by some of them; 0 if that cannot be
/// told.
#[expect(clippy::cast_precision_loss, reason = "some hundred")]
pub(super) fn familiarity(shelf: &Shelf) -> f64 {
    /// So many are asked, spread over the base.
    const SOME: usize = 200;
    let lines = || {
        SPACES.iter().enumerate().flat_map(|(at, space)| {
            let vectors = shelf.parts.iter().map(move |part| &part.segment.vectors[at]);
            let lines = vectors.flat_map(|vectors| {
                let is_line = |row: &usize| matches!(vectors.kinds[*row], Kind::Title | Kind::Phrasing);
                (0..vectors.len()).filter(is_line).map(move |row| (vectors, row))
            });
            lines.filter(move |_| space.matters().is_some()).map(move |line| (space, line))
        })
    };
    let each = lines().count().div_ceil(SOME).max(1);
    let familiarities: Vec<f32> =
        lines().step_by(each).filter_map(|(space, (vectors, row))| space.familiarity(&vectors.stored(row))).collect();
    f64::from(familiarities.iter().sum::<f32>()) / familiarities.len().max(1) as f64
}

/// Tells articles apart by their vectors in one space.
pub(super) struct Classifier(Logistic);

impl Classifier {
    /// Whether so many rows of so many articles are worth training on. Those of an article are as many as its lines, or more.
    pub(super) fn is_worthwhile(articles: usize, rows: usize) -> bool {
        articles > 1 && rows >= ENOUGH * articles && rows * articles <= TOO_MANY
    }

    /// Learns from all articles; `classes` says which of them are one in several languages, of so many.
    pub(super) fn learn(vectors: &Vectors, classes: &[usize], count: usize) -> Option<Self> {
        let having = (0..classes.len()).filter(|&doc| !vectors.rows(doc).is_empty()).map(|doc| classes[doc]);
        let mut having: Vec<usize> = having.collect();
        having.sort_unstable();
        having.dedup();
        // Only titles and phrasings show how people ask; what bodies say is no reason to learn.
        let lines = vectors.kinds.iter().filter(|kind| matches!(kind, Kind::Title | Kind::Phrasing)).count();
        if lines < ENOUGH * having.len() || !Self::is_worthwhile(having.len(), vectors.len()) {
            return None;
        }
        let rows: Vec<f32> =
            (0..vectors.len()).flat_map(|row| vectors.stored(row).values().collect::<Vec<_>>()).collect();
        let owners: Vec<usize> =
            classes.iter().enumerate().flat_map(|(doc, &class)| vectors.rows(doc).map(move |_| class)).collect();
        Some(Self(Logistic::learn(&rows, &owners, count, vectors.dimensions)))
    }

    /// A classifier of so many classes that was learned before, and weighed this; `None` if that does not fit.
    pub(super) fn remembered(vectors: &Vectors, count: usize, weights: Vec<f32>) -> Option<Self> {
        Logistic::read(weights, count, vectors.dimensions).map(Self)
    }

    /// What to remember.
    pub(super) fn weights(&self) -> Vec<f32> {
        self.0.weights()
    }

    /// By class: its share.
    pub(super) fn shares(&self, asked: &Asked) -> Vec<f64> {
        self.0.shares(&asked.values().collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        search::{
            encoders::{Encoder, Space},
            shipped,
        },
        starter,
    };

    /// The texts of the starter base that an encoder is asked for.
    fn starter_texts() -> Vec<(Encoder, Vec<String>)> {
        let articles = starter::articles().unwrap();
        let texts = |space: &Space, language: Language| {
            let articles = articles.iter().filter(|article| article.language == language);
            articles.flat_map(|article| space.passages(article)).map(|(_, text)| text).collect()
        };
        SPACES
            .iter()
            .flat_map(|space| Language::ALL.map(|language| (space, language)))
            .filter_map(|(space, language)| Some((space.encoder(language)?, texts(space, language))))
            .collect()
    }

    #[test]
    fn the_starter_base_is_encoded_already() {
        for (encoder, texts) in starter_texts() {
            for text in texts {
                assert!(
                    shipped::vector(encoder.name(), &text).is_some(),
                    "{text:?} has no vector for {}: write them again, see shipped.rs",
                    encoder.name()
                );
            }
        }
    }

    #[test]
    #[ignore = "writes data/starter.vectors; see shipped.rs"]
    fn write_the_starter_vectors() {
        let mut file = Vec::new();
        for (encoder, texts) in starter_texts() {
            for text in texts {
                file.extend(shipped::record(encoder.name(), &text, &encoder.encode(&text)));
            }
        }
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/data/starter.vectors"), file).unwrap();
    }
}
