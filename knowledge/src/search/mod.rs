//! Matching: which articles a question is about, and how sure that is.
//!
//! This is the seam for better matching. The library hands in a [`Request`] and gets a [`Ranking`]; nothing outside this
//! module knows how articles are compared. What is compared:
//!
//! - words, misspellings corrected, by field: [`scoring`], [`lexicon`]
//! - characters and, with enough phrasings, what was learned from them: [`learned`]
//! - meaning: [`meaning`]; which encoders, and of which texts: [`encoders`], [`passages`]
//!
//! [`fusion`] makes one score of it all, and [`calibration`] probabilities; after a change of signals both must be fitted
//! again (how, is described there). Each language has its own words, because stems, stop words and word frequencies
//! differ. A question is read once per language and asked in all of them: product names and shared meanings find articles
//! of the other language, at a discount.
//!
//! Growing bases: [`segment`]s hold what takes time to make and depends on its articles alone, the [`shelf`] says which
//! there are, and a [`tongue`] what depends on the base as a whole. [`Search::updated`] makes new articles ready and leaves
//! everything else as it is; [`Search::settled`] catches up with the statistics and the training, and then the search is
//! what [`Search::of`] would have made of the same articles.

mod bags;
mod bm25;
pub(crate) mod calibration;
mod candidates;
mod cores;
mod encoders;
mod explain;
mod fusion;
mod grams;
#[cfg(test)]
mod growth;
mod kernels;
mod learned;
mod lexicon;
mod logistic;
mod matters;
mod meaning;
mod passages;
mod query;
mod rank;
mod scoring;
mod segment;
mod shelf;
mod shipped;
#[cfg(test)]
mod signals;
pub(crate) mod snapshot;
mod strangers;
mod svm;
mod tongue;
mod vector_file;
mod vectors;
mod view;

use std::sync::Arc;

pub(crate) use self::meaning::Sense;
use self::{
    encoders::Spaces,
    learned::Lesson,
    segment::Tell,
    shelf::Shelf,
    tongue::{Tongue, Training},
};
use crate::{Article, ArticleId, Audience, Correction, Language};

/// So many articles are encoded while whoever brings them waits: half a minute at most. What comes in greater crowds is found by its
/// words, until [`Search::read_on`] has come to it.
const AT_ONCE: usize = 200;

/// Where words only are compared.
const NO_SPACES: Spaces = [false; encoders::COUNT];

/// The searchable form of all articles. Articles are named by their *doc*, see [`shelf`].
pub(crate) struct Search {
    shelf: Shelf,
    /// In the order of [`Language`].
    tongues: [Tongue; 2],
    /// By space.
    senses: [Option<Arc<meaning::Classifier>>; encoders::COUNT],
    /// By doc: its class in `senses`.
    sense_classes: Arc<Vec<Option<u32>>>,
    /// How familiar to help desks its titles and phrasings are on average; 0 if that cannot be told.
    familiarity: f64,
    /// Whether all that depends on the base as a whole is up to date.
    settled: bool,
    /// Those in which it was compared when it settled. None if it compares words only.
    spaces: Spaces,
    /// Whether meanings are to be compared when it settles the next time.
    with_meaning: bool,
    fallback: Language,
}

/// A question to the search.
pub(crate) struct Request<'a> {
    pub(crate) text: &'a str,
    pub(crate) language: Option<Language>,
    /// Whether the article at this doc may be found.
    pub(crate) allowed: &'a dyn Fn(usize) -> bool,
}

/// What the search found.
pub(crate) struct Ranking {
    pub(crate) language: Language,
    pub(crate) corrections: Vec<Correction>,
    /// Best first; one for each article id, the best of its language versions.
    pub(crate) matches: Vec<Match>,
}

/// One article that has something in common with the question.
#[derive(Clone, Debug)]
pub(crate) struct Match {
    /// Its doc; in a search that was just built, its place among the articles.
    pub(crate) article: usize,
    /// 0..=1: what was reached of the highest score that any article could reach.
    pub(crate) score: f64,
    pub(crate) evidence: Evidence,
    /// Share of what the words of the question could reach in its fields, 0..=1.
    pub(crate) words: f64,
    /// What was learned from titles and phrasings.
    pub(crate) lesson: Lesson,
    /// What it means makes of it.
    pub(crate) sense: Sense,
}

/// What speaks for a match, apart from its rank. "Mass" is a sum of IDF over content words; a word the base does not know
/// counts as its rarest, scaled down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Evidence {
    /// The question's mass, in units of the rarest word.
    pub(crate) mass: f64,
    /// Share of it that the article holds anywhere.
    pub(crate) found: f64,
    /// Share of it that the article's title holds.
    pub(crate) titled: f64,
    /// Share of it that the base does not know at all.
    pub(crate) unknown: f64,
    /// Cosine of the question with the title of what any help desk is asked about, see [`matters`]; 0 if that cannot be told.
    pub(crate) elsewhere: f64,
    /// How familiar to help desks the question is, less what the base's own titles and phrasings are on average: in a base
    /// on cars a car is no stranger. 0 if that cannot be told.
    pub(crate) familiar: f64,
    /// Whether the base is a help desk's, as its own titles and phrasings tell.
    pub(crate) at_home: bool,
    /// The question is the title or a phrasing of the article, word for word.
    pub(crate) exact: bool,
}

impl Search {
    /// A search of these articles, whose ids must be distinct within a language. Docs are places among them.
    #[cfg(test)]
    pub(crate) fn build(articles: &[Article], fallback: Language) -> Self {
        Self::of(articles.iter().cloned().map(Arc::new).collect(), fallback, true, &|_| ())
    }

    /// A search that compares words only, as where the program has no encoder.
    #[cfg(test)]
    pub(crate) fn build_by_words(articles: &[Article], fallback: Language) -> Self {
        Self::of(articles.iter().cloned().map(Arc::new).collect(), fallback, false, &|_| ())
    }

    /// A search of these articles, whose ids must be distinct within a language. `tell` is told which share of them is encoded,
    /// which takes longest.
    pub(crate) fn of(articles: Vec<Arc<Article>>, fallback: Language, with_meaning: bool, tell: Tell<'_>) -> Self {
        Self::learned(Shelf::build(articles, NO_SPACES), fallback, with_meaning, tell)
    }

    /// [`Search::of`], but without delay: a crowd of articles is found by its words only, until the search settles.
    pub(crate) fn at_once(articles: Vec<Arc<Article>>, fallback: Language) -> Self {
        if articles.len() <= AT_ONCE {
            return Self::of(articles, fallback, true, &|_| ());
        }
        let by_words = Self::of(articles, fallback, false, &|_| ());
        let settled = encoders::heard(by_words.shelf.is_worth_learning()) == NO_SPACES;
        Self { settled, with_meaning: true, ..by_words }
    }

    fn learned(shelf: Shelf, fallback: Language, with_meaning: bool, tell: Tell<'_>) -> Self {
        let spaces = if with_meaning { encoders::heard(shelf.is_worth_learning()) } else { NO_SPACES };
        let shelf = shelf.compared_in(spaces, usize::MAX, tell);
        let tongues = tongue::settled(&shelf, [Training::Learn, Training::Learn]);
        let (groups, count) = (groups(&shelf), shelf.group_count);
        let senses = std::array::from_fn(|space| {
            let vectors = &shelf.parts[0].segment.vectors[space];
            let classifier = shelf.is_merged().then(|| meaning::Classifier::learn(vectors, &groups, count));
            classifier.flatten().map(Arc::new)
        });
        Self { with_meaning, ..Self::assembled(shelf, tongues, senses, spaces, fallback) }
    }

    fn assembled(
        shelf: Shelf,
        tongues: [Tongue; 2],
        senses: [Option<Arc<meaning::Classifier>>; encoders::COUNT],
        spaces: Spaces,
        fallback: Language,
    ) -> Self {
        let sense_classes = Arc::new(shelf.groups.iter().map(|&group| Some(group)).collect());
        let familiarity = meaning::familiarity(&shelf);
        Self { shelf, tongues, senses, sense_classes, familiarity, settled: true, spaces, with_meaning: true, fallback }
    }

    /// The search after a change: with these articles put in, or in place of others of the same id and language, and those
    /// taken out. Only they are read, and encoded unless they are a crowd. `None` if that changes nothing.
    pub(crate) fn updated(&self, changed: Vec<Arc<Article>>, retired: &[(ArticleId, Language)]) -> Option<Self> {
        let spaces = if changed.len() <= AT_ONCE { self.spaces } else { NO_SPACES };
        let new = self.shelf.updated(changed, retired, spaces)?;
        let mut classes = vec![None; new.len()];
        for doc in new.docs() {
            let id = &new.article(doc).id;
            let mut versions = Language::ALL.into_iter().filter_map(|language| self.shelf.find(id, language));
            classes[doc] = versions.find_map(|doc| self.sense_classes.get(doc).copied().flatten());
        }
        Some(Self {
            tongues: std::array::from_fn(|at| self.tongues[at].updated(&self.shelf, &new)),
            senses: self.senses.clone(),
            sense_classes: Arc::new(classes),
            familiarity: self.familiarity,
            shelf: new,
            settled: false,
            spaces: self.spaces,
            with_meaning: self.with_meaning,
            fallback: self.fallback,
        })
    }

    /// The search with `most` more of its articles encoded, for the time when it settles. `None` if all are.
    pub(crate) fn read_on(&self, most: usize) -> Option<Self> {
        let wanted = self.wanted();
        if self.shelf.unread(wanted) == 0 {
            return None;
        }
        // What is compared now stays.
        let spaces = std::array::from_fn(|space| wanted[space] || self.spaces[space]);
        Some(Self {
            shelf: self.shelf.clone().compared_in(spaces, most, &|_| ()),
            tongues: self.tongues.clone(),
            senses: self.senses.clone(),
            sense_classes: Arc::clone(&self.sense_classes),
            ..*self
        })
    }

    /// How much of what is to be encoded before it settles is, 0..=1.
    #[expect(clippy::cast_precision_loss, reason = "numbers of articles")]
    pub(crate) fn share_read(&self) -> f64 {
        let wanted = self.wanted();
        let all = self.shelf.docs().len() * wanted.iter().filter(|wanted| **wanted).count();
        1.0 - self.shelf.unread(wanted) as f64 / all.max(1) as f64
    }

    /// The spaces in which it will be compared when it settles.
    fn wanted(&self) -> Spaces {
        if self.with_meaning { encoders::heard(self.shelf.is_worth_learning()) } else { NO_SPACES }
    }

    /// The search with everything up to date. Takes its time: what was read and encoded stays, but all is weighed and
    /// learned anew. What is not encoded yet is, too: do that before, with [`Search::read_on`].
    pub(crate) fn settled(&self) -> Self {
        Self::learned(self.shelf.settled(), self.fallback, self.with_meaning, &|_| ())
    }

    /// Whether [`Search::settled`] would change nothing.
    pub(crate) fn is_settled(&self) -> bool {
        self.settled
    }

    /// The article at a doc.
    pub(crate) fn article(&self, doc: usize) -> &Article {
        self.shelf.article(doc)
    }

    /// Who may see the article at a doc.
    pub(crate) fn audience(&self, doc: usize) -> Audience {
        let (part, place) = self.shelf.place(doc);
        part.segment.audiences[place]
    }

    /// The doc of this id and language.
    pub(crate) fn find(&self, id: &ArticleId, language: Language) -> Option<usize> {
        self.shelf.find(id, language)
    }

    /// All docs, by id and language.
    pub(crate) fn docs(&self) -> impl ExactSizeIterator<Item = usize> {
        self.shelf.docs()
    }
}

/// By doc.
fn groups(shelf: &Shelf) -> Vec<usize> {
    shelf.groups.iter().map(|&group| group as usize).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::starter;

    fn vectors(search: &Search) -> Vec<bool> {
        let of = |part: &shelf::Part| part.segment.vectors.iter().map(|vectors| vectors.len() > 0).collect();
        search.shelf.parts.iter().map(of).next().unwrap()
    }

    #[test]
    fn what_only_a_classifier_needs_is_made_for_bases_that_have_one() {
        let articles: Vec<Article> = starter::articles().unwrap().into_iter().take(4).collect();
        let bare: Vec<Article> =
            articles.iter().map(|article| Article { phrasings: Vec::new(), ..article.clone() }).collect();
        let search = Search::build(&bare, Language::En);
        assert_eq!((search.has_learned(), vectors(&search)), (false, vec![false, true]));
        let taught = search.updated(articles.iter().cloned().map(Arc::new).collect(), &[]).unwrap().settled();
        assert_eq!((taught.has_learned(), vectors(&taught)), (true, vec![true, true]));
        let mut file = Vec::new();
        taught.write(&mut file).unwrap();
        let bare: Vec<Arc<Article>> = bare.into_iter().map(Arc::new).collect();
        let forgot = Search::read(&*file, bare, Language::En).unwrap_or_else(|error| panic!("{error}")).settled();
        assert_eq!((forgot.has_learned(), vectors(&forgot)), (false, vec![false, true]));
    }
}
