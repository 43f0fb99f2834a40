//! Everything that is known of the words of one language: what depends on the base as a whole.

use std::sync::Arc;

use super::{
    bm25::Statistics,
    grams::Weights,
    learned::Classifier,
    lexicon::{self, Lexicon, Uses},
    shelf::Shelf,
    svm::Machines,
    view::View,
};
use crate::Language;

/// The words of one language.
#[derive(Clone)]
pub(super) struct Tongue {
    pub(super) language: Language,
    /// Number of live articles.
    pub(super) articles: usize,
    pub(super) lexicon: Arc<Lexicon>,
    /// By part of the shelf.
    pub(super) views: Vec<Arc<View>>,
    pub(super) statistics: Statistics,
    /// By part of the shelf.
    pub(super) chars: Vec<Arc<Weights>>,
    /// Learned from the first part.
    pub(super) classifier: Option<Arc<Classifier>>,
    /// By doc: its class; `None` for articles of the other language and those that were not learned.
    pub(super) classes: Arc<Vec<Option<u32>>>,
}

/// What classifiers know already.
pub(super) enum Training {
    /// Nothing: they learn.
    Learn,
    /// These machines, if they fit.
    Remember(Option<Machines>),
}

/// Both languages, each on a processor of its own, in the order of [`Language`].
pub(super) fn settled(shelf: &Shelf, training: [Training; 2]) -> [Tongue; 2] {
    let [english, german] = training;
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| Tongue::settled(shelf, Language::En, &english));
        let german = Tongue::settled(shelf, Language::De, &german);
        // A worker that died is done over here: it would die here as well, with its message.
        [worker.join().unwrap_or_else(|_| Tongue::settled(shelf, Language::En, &english)), german]
    })
}

impl Tongue {
    /// Reads all articles of the language anew.
    fn settled(shelf: &Shelf, language: Language, training: &Training) -> Self {
        let mut uses = Uses::new();
        for part in &shelf.parts {
            lexicon::add_uses(&mut uses, &part.segment, &part.live, language);
        }
        let lexicon = Lexicon::of(language, uses);
        let views: Vec<Arc<View>> = shelf
            .parts
            .iter()
            .map(|part| Arc::new(View::build(&part.segment, &part.live, language, &lexicon)))
            .collect();
        let lines: Vec<_> = (0..shelf.parts.len())
            .map(|part| (&shelf.parts[part].segment.chars, lines(shelf, part, language)))
            .collect();
        let chars: Vec<Arc<Weights>> = Weights::of(&lines).into_iter().map(Arc::new).collect();
        let docs: Vec<usize> = shelf.docs().filter(|&doc| shelf.article(doc).language == language).collect();
        let (classifier, classes) =
            if shelf.is_merged() { learned(shelf, &docs, &chars, training) } else { (None, vec![]) };
        Self {
            language,
            articles: docs.len(),
            statistics: Statistics::of(&views, docs.len()),
            lexicon: Arc::new(lexicon),
            views,
            chars,
            classifier: classifier.map(Arc::new),
            classes: Arc::new(classes),
        }
    }

    /// Reads the articles of the shelf's second part only: `new` is `old` after an update.
    pub(super) fn updated(&self, old: &Shelf, new: &Shelf) -> Self {
        let [base, delta] = &new.parts[..] else {
            return Self::settled(new, self.language, &Training::Remember(None));
        };
        let mut uses = Uses::new();
        lexicon::add_uses(&mut uses, &delta.segment, &delta.live, self.language);
        let lexicon = self.lexicon.with(uses);
        let view = View::build(&delta.segment, &delta.live, self.language, &lexicon);
        let chars = self.chars[0].like(&base.segment.chars, &delta.segment.chars, &lines(new, 1, self.language));
        let views = vec![Arc::clone(&self.views[0]), Arc::new(view)];
        let articles = new.docs().filter(|&doc| new.article(doc).language == self.language).count();
        let mut classes = vec![None; new.len()];
        for doc in new.docs() {
            let article = new.article(doc);
            let class = |doc: usize| self.classes.get(doc).copied().flatten();
            if article.language == self.language {
                classes[doc] = old.find(&article.id, article.language).and_then(class);
            }
        }
        Self {
            language: self.language,
            articles,
            statistics: Statistics::of(&views, articles),
            lexicon: Arc::new(lexicon),
            views,
            chars: vec![Arc::clone(&self.chars[0]), Arc::new(chars)],
            classifier: self.classifier.clone(),
            classes: Arc::new(classes),
        }
    }
}

/// The lines of the live articles of a part that are in the language.
fn lines(shelf: &Shelf, part: usize, language: Language) -> Vec<usize> {
    let part = &shelf.parts[part];
    let docs = part.segment.articles.iter().enumerate();
    let live = docs.filter(|&(doc, article)| part.live[doc] && article.language == language);
    live.flat_map(|(doc, _)| part.segment.lines(doc)).collect()
}

/// A classifier of these docs, and their classes.
#[expect(clippy::cast_possible_truncation, reason = "fewer articles than u32 counts")]
fn learned(
    shelf: &Shelf,
    docs: &[usize],
    chars: &[Arc<Weights>],
    training: &Training,
) -> (Option<Classifier>, Vec<Option<u32>>) {
    let segment = &shelf.parts[0].segment;
    let classifier = match training {
        Training::Learn => Classifier::learn(segment, docs, &chars[0]),
        Training::Remember(machines) => {
            machines.as_ref().and_then(|machines| Classifier::remembered(segment, docs, machines.clone()))
        }
    };
    let mut classes = vec![None; shelf.len()];
    for (class, &doc) in docs.iter().enumerate() {
        classes[doc] = Some(class as u32);
    }
    (classifier, classes)
}
