//! What questions and articles mean: cosines of sentence vectors, which need no word in common.
//!
//! Which encoders there are is said in [`super::encoders`], which texts of an article they encode in [`super::passages`].
//! With enough phrasings, a classifier ([`super::svm`]) learns from the vectors as well.
//!
//! Encoding takes milliseconds, so vectors are shared within the process: a library that is built while its predecessor
//! lives encodes only what is new.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use super::{
    encoders::{self, Encoder, SPACES},
    grams::Row,
    learned::shares,
    passages::{Kind, beginning, passages},
    shipped,
    svm::Machines,
};
use crate::{Article, Language};

type Vector = Arc<[f32]>;

/// Texts for each article from which a classifier is trained.
const ENOUGH: usize = 4;
/// Articles times texts above which training would take more than some seconds.
const TOO_MANY: usize = 3_000_000;

/// The sentence vectors of all articles.
#[derive(Default)]
pub(super) struct Meaning {
    spaces: Vec<Space>,
}

/// What meaning says of one article. All by space, see [`super::encoders`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sense {
    /// Cosine with the nearest title or phrasing, 0 if none was compared.
    pub(crate) line: [f64; encoders::COUNT],
    /// Cosine with the nearest piece of the body, 0 if none was compared.
    pub(crate) body: [f64; encoders::COUNT],
    /// The classifier's share; `None` without one.
    pub(crate) share: [Option<f64>; encoders::COUNT],
}

impl Sense {
    /// By space: cosine with the nearest text of the article, 0 if none was compared.
    pub(crate) fn near(&self) -> [f64; encoders::COUNT] {
        std::array::from_fn(|space| self.line[space].max(self.body[space]))
    }

    fn see(&mut self, space: usize, kind: Kind, cosine: f64) {
        let nearest = if kind.is_line() { &mut self.line[space] } else { &mut self.body[space] };
        *nearest = nearest.max(cosine);
    }
}

/// What one space's encoders made of the articles.
struct Space {
    slot: usize,
    articles: Vec<(usize, Kind)>,
    vectors: Vec<Vector>,
    machines: Option<Machines>,
}

impl Meaning {
    /// Encodes the articles; `groups` says which of them are one in several languages.
    pub(super) fn build(articles: &[Article], groups: &[usize]) -> Self {
        Self { spaces: (0..encoders::COUNT).filter_map(|slot| Space::build(slot, articles, groups)).collect() }
    }

    /// What meaning says of each article.
    pub(super) fn ask(&self, text: &str, language: Language, groups: &[usize]) -> Vec<Sense> {
        let mut senses = vec![Sense::default(); groups.len()];
        let text = beginning(text);
        if text.trim().is_empty() {
            return senses;
        }
        for space in &self.spaces {
            if let Some(encoder) = SPACES[space.slot].encoder(language) {
                space.ask(&encoder.encode(text), groups, &mut senses);
            }
        }
        senses
    }
}

impl Space {
    fn build(slot: usize, articles: &[Article], groups: &[usize]) -> Option<Self> {
        let mut owners = Vec::new();
        let mut vectors = Vec::new();
        for (encoder, texts) in texts(slot, articles) {
            vectors.extend(encode(encoder, &texts.iter().map(|(_, _, text)| text.as_str()).collect::<Vec<_>>()));
            owners.extend(texts.into_iter().map(|(article, kind, _)| (article, kind)));
        }
        if vectors.is_empty() {
            return None;
        }
        let classes: Vec<usize> = owners.iter().map(|&(article, _)| groups[article]).collect();
        let mut distinct = classes.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let trains = distinct.len() > 1
            && vectors.len() >= ENOUGH * distinct.len()
            && vectors.len() * distinct.len() <= TOO_MANY;
        let machines = trains.then(|| {
            let rows: Vec<Row> = vectors.iter().map(|vector| (0..).zip(vector.iter().copied()).collect()).collect();
            Machines::learn(&rows, &classes, groups.len(), SPACES[slot].dimensions())
        });
        Some(Self { slot, articles: owners, vectors, machines })
    }

    fn ask(&self, question: &[f32], groups: &[usize], senses: &mut [Sense]) {
        let cosines: Vec<f32> = self
            .vectors
            .iter()
            .map(|vector| vector.iter().zip(question).map(|(left, right)| left * right).sum())
            .collect();
        for (&(article, kind), &cosine) in self.articles.iter().zip(&cosines) {
            senses[article].see(self.slot, kind, f64::from(cosine));
        }
        if let Some(machines) = &self.machines {
            let shares = shares(&machines.margins(&cosines));
            for (sense, &group) in senses.iter_mut().zip(groups) {
                sense.share[self.slot] = Some(shares[group]);
            }
        }
    }
}

/// A text to encode: of which article, as what.
type Text = (usize, Kind, String);

/// The texts of a space, each with its article, by the encoder that they are for.
fn texts(slot: usize, articles: &[Article]) -> Vec<(Encoder, Vec<Text>)> {
    let of = |language: Language| {
        let understood = articles.iter().enumerate().filter(move |(_, article)| article.language == language);
        understood.flat_map(|(at, article)| passages(article).into_iter().map(move |(kind, text)| (at, kind, text)))
    };
    Language::ALL
        .into_iter()
        .filter_map(|language| Some((SPACES[slot].encoder(language)?, of(language).collect())))
        .collect()
}

/// The vectors in use in this process, by encoder and text. Weak: they go with the last library that has them.
static SHARED: Mutex<Option<Shared>> = Mutex::new(None);

type Shared = HashMap<(&'static str, String), Weak<[f32]>>;

fn encode(encoder: Encoder, texts: &[&str]) -> Vec<Vector> {
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
        texts.iter().map(|text| found(text)).collect()
    };
    let missing: Vec<usize> = known.iter().enumerate().filter(|(_, it)| it.is_none()).map(|(at, _)| at).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let each = missing.len().div_ceil(threads).max(1);
    let make = |part: &[usize]| -> Vec<Vector> { part.iter().map(|&at| encoder.encode(texts[at]).into()).collect() };
    let fresh: Vec<Vector> = std::thread::scope(|scope| {
        let workers: Vec<_> = missing.chunks(each).map(|part| (part, scope.spawn(move || make(part)))).collect();
        // A worker that died is done over here: it would die here as well, with its message.
        workers.into_iter().flat_map(|(part, worker)| worker.join().unwrap_or_else(|_| make(part))).collect()
    });
    for (at, vector) in missing.into_iter().zip(fresh) {
        known[at] = Some(vector);
    }
    let vectors: Vec<Vector> = known.into_iter().flatten().collect();
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let shared = shared.get_or_insert_with(HashMap::new);
    for (text, vector) in texts.iter().zip(&vectors) {
        shared.insert(key(text), Arc::downgrade(vector));
    }
    vectors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::starter;

    /// The texts of the starter base, by the encoder that they are for.
    fn starter_texts() -> Vec<(Encoder, Vec<String>)> {
        let articles = starter::articles().unwrap();
        let texts = (0..encoders::COUNT).flat_map(|slot| texts(slot, &articles));
        texts.map(|(encoder, texts)| (encoder, texts.into_iter().map(|(_, _, text)| text).collect())).collect()
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

    #[test]
    fn a_vector_is_made_once() {
        for (encoder, _) in starter_texts() {
            let texts = ["a text that nobody else encodes"];
            let first = encode(encoder, &texts);
            assert!(Arc::ptr_eq(&first[0], &encode(encoder, &texts)[0]));
        }
    }
}
