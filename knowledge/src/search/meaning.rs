//! What questions and articles mean: cosines of sentence vectors, which need no word in common.
//!
//! Two encoders, where the program has them: one for German and English in one space, and a sharper one that counts only
//! between English and English. A vector stands for a title, a phrasing, or the beginning of a body. With enough
//! phrasings, a classifier ([`super::svm`]) learns from the vectors as well.
//!
//! Encoding takes milliseconds, so vectors are shared within the process: a library that is built while its predecessor
//! lives encodes only what is new. [`LIMITS`] bounds what is encoded of a large base; titles come first.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use super::{grams::Row, learned::shares, shipped, svm::Machines};
use crate::{Article, Language};

type Vector = Arc<[f32]>;

/// Texts of a base that are encoded at most, in the order of [`Space::ENCODERS`].
const LIMITS: [usize; 2] = [12_000, 4_000];
/// Bytes of a question or body that are encoded.
const MAX_BYTES: usize = 400;
/// Texts for each article from which a classifier is trained.
const ENOUGH: usize = 4;
/// Articles times texts above which training would take more than some seconds.
const TOO_MANY: usize = 3_000_000;

/// The sentence vectors of all articles.
#[derive(Default)]
pub(super) struct Meaning {
    spaces: Vec<Space>,
}

/// What meaning says of one article.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sense {
    /// By encoder: cosine with the nearest text of the article, 0 if none was compared.
    pub(crate) near: [f64; 2],
    /// By encoder: the classifier's share; `None` without one.
    pub(crate) share: [Option<f64>; 2],
}

/// One encoder and what it made of the articles.
struct Space {
    encoder: Encoder,
    /// The only language it understands.
    only: Option<Language>,
    slot: usize,
    articles: Vec<usize>,
    vectors: Vec<Vector>,
    machines: Option<Machines>,
}

impl Meaning {
    /// Encodes the articles; `groups` says which of them are one in several languages.
    pub(super) fn build(articles: &[Article], groups: &[usize]) -> Self {
        let spaces = encoders()
            .into_iter()
            .enumerate()
            .filter_map(|(slot, (encoder, only))| Some(Space::build(encoder?, only, slot, articles, groups)));
        Self { spaces: spaces.collect() }
    }

    /// What meaning says of each article.
    pub(super) fn ask(&self, text: &str, language: Language, groups: &[usize]) -> Vec<Sense> {
        let mut senses = vec![Sense::default(); groups.len()];
        let text = beginning(text);
        if text.trim().is_empty() {
            return senses;
        }
        for space in &self.spaces {
            if space.only.is_none_or(|only| only == language) {
                space.ask(text, groups, &mut senses);
            }
        }
        senses
    }
}

type Encoder = &'static firstline_encoder::Encoder;

/// The encoders that the program was built with, and the only language that each understands.
fn encoders() -> [(Option<Encoder>, Option<Language>); 2] {
    [(firstline_encoder::use_multilingual(), None), (firstline_encoder::minilm(), Some(Language::En))]
}

impl Space {
    fn build(encoder: Encoder, only: Option<Language>, slot: usize, articles: &[Article], groups: &[usize]) -> Self {
        let texts = texts(articles, LIMITS[slot], only);
        let vectors = vectors(encoder, &texts);
        let owners: Vec<usize> = texts.into_iter().map(|(article, _)| article).collect();
        let classes: Vec<usize> = owners.iter().map(|&article| groups[article]).collect();
        let mut distinct = classes.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let trains = distinct.len() > 1
            && vectors.len() >= ENOUGH * distinct.len()
            && vectors.len() * distinct.len() <= TOO_MANY;
        let machines = trains.then(|| {
            let rows: Vec<Row> = vectors.iter().map(|vector| (0..).zip(vector.iter().copied()).collect()).collect();
            Machines::learn(&rows, &classes, groups.len(), encoder.dimensions())
        });
        Self { encoder, only, slot, articles: owners, vectors, machines }
    }

    fn ask(&self, text: &str, groups: &[usize], senses: &mut [Sense]) {
        let question = self.encoder.encode(text);
        let cosines: Vec<f32> = self
            .vectors
            .iter()
            .map(|vector| vector.iter().zip(&question).map(|(left, right)| left * right).sum())
            .collect();
        for (&article, &cosine) in self.articles.iter().zip(&cosines) {
            let near = &mut senses[article].near[self.slot];
            *near = near.max(f64::from(cosine));
        }
        if let Some(machines) = &self.machines {
            let shares = shares(&machines.margins(&cosines));
            for (sense, &group) in senses.iter_mut().zip(groups) {
                sense.share[self.slot] = Some(shares[group]);
            }
        }
    }
}

/// The texts to encode, each with its article: all titles, then all beginnings of bodies, then the phrasings, the first of
/// every article before the second of any, until there are `most`.
fn texts(articles: &[Article], most: usize, only: Option<Language>) -> Vec<(usize, String)> {
    let understood: Vec<(usize, &Article)> =
        articles.iter().enumerate().filter(|(_, article)| only.is_none_or(|only| only == article.language)).collect();
    let titles = understood.iter().map(|&(at, article)| (at, article.title.clone()));
    let bodies = understood
        .iter()
        .filter(|(_, article)| !article.body.trim().is_empty())
        .map(|&(at, article)| (at, beginning(&format!("{}. {}", article.title, article.body)).to_owned()));
    let rounds = understood.iter().map(|(_, article)| article.phrasings.len()).max().unwrap_or(0);
    let phrasings = (0..rounds).flat_map(|round| {
        understood
            .iter()
            .filter_map(move |&(at, article)| Some((at, beginning(article.phrasings.get(round)?).to_owned())))
    });
    titles.chain(bodies).chain(phrasings).filter(|(_, text)| !text.trim().is_empty()).take(most).collect()
}

/// At most [`MAX_BYTES`], whole characters.
fn beginning(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MAX_BYTES)).unwrap_or_default()
}

/// The vectors in use in this process, by encoder and text. Weak: they go with the last library that has them.
static SHARED: Mutex<Option<Shared>> = Mutex::new(None);

type Shared = HashMap<(&'static str, String), Weak<[f32]>>;

fn vectors(encoder: Encoder, texts: &[(usize, String)]) -> Vec<Vector> {
    let name = encoder.name();
    let key = |text: &str| (name, text.to_owned());
    let mut known: Vec<Option<Vector>> = {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let shared = shared.get_or_insert_with(HashMap::new);
        shared.retain(|_, vector| vector.strong_count() > 0);
        let found = |text: &str| {
            let vector = shared.get(&key(text)).and_then(Weak::upgrade);
            vector.or_else(|| shipped::vector(name, text).map(Arc::from))
        };
        texts.iter().map(|(_, text)| found(text)).collect()
    };
    let missing: Vec<usize> = known.iter().enumerate().filter(|(_, it)| it.is_none()).map(|(at, _)| at).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let each = missing.len().div_ceil(threads).max(1);
    let encode =
        |part: &[usize]| -> Vec<Vector> { part.iter().map(|&at| encoder.encode(&texts[at].1).into()).collect() };
    let made: Vec<Vector> = std::thread::scope(|scope| {
        let workers: Vec<_> = missing.chunks(each).map(|part| (part, scope.spawn(move || encode(part)))).collect();
        // A worker that died is done over here: it would die here as well, with its message.
        workers.into_iter().flat_map(|(part, worker)| worker.join().unwrap_or_else(|_| encode(part))).collect()
    });
    for (at, vector) in missing.into_iter().zip(made) {
        known[at] = Some(vector);
    }
    let vectors: Vec<Vector> = known.into_iter().flatten().collect();
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let shared = shared.get_or_insert_with(HashMap::new);
    for ((_, text), vector) in texts.iter().zip(&vectors) {
        shared.insert(key(text), Arc::downgrade(vector));
    }
    vectors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::starter;

    /// The encoders that are there, each with the texts it has of the starter base.
    fn starter_texts() -> Vec<(Encoder, Vec<(usize, String)>)> {
        let articles = starter::articles().unwrap();
        let texts = |(slot, (encoder, only)): (usize, (Option<Encoder>, _))| {
            Some((encoder?, texts(&articles, LIMITS[slot], only)))
        };
        encoders().into_iter().enumerate().filter_map(texts).collect()
    }

    #[test]
    fn the_starter_base_is_encoded_already() {
        for (encoder, texts) in starter_texts() {
            for (_, text) in texts {
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
            for (_, text) in texts {
                file.extend(shipped::record(encoder.name(), &text, &encoder.encode(&text)));
            }
        }
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/data/starter.vectors"), file).unwrap();
    }

    #[test]
    fn a_vector_is_made_once() {
        for (encoder, _) in starter_texts() {
            let texts = [(0, "a text that nobody else encodes".to_owned())];
            let first = vectors(encoder, &texts);
            assert!(Arc::ptr_eq(&first[0], &vectors(encoder, &texts)[0]));
        }
    }
}
