//! The articles of one language, ready to be searched.
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

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{
    Evidence, Match, Sense,
    bm25::{Field, TermId},
    fusion::fused,
    learned::Learned,
    query::Slot,
    scoring::Found,
};
use crate::{
    Article, Language,
    text::{Analyzer, Compounds, Speller, Token, Word, tokens, words},
};

const NEAREST: f64 = 1.0;
const NEAR: f64 = 0.3;
const TOGETHER: f64 = 0.5;
const TITLE: f64 = 0.3;
const STEPS: f64 = 0.6;
const BODY: f64 = 1.0;
const ALL_WEIGHTS: f64 = NEAREST + NEAR + TOGETHER + TITLE + STEPS + BODY;

/// Cosine from which an article has something in common with a question although it has none of its words.
const RELATED: f64 = 0.3;

/// What a part of a compound counts in a text, against a word.
const PART_COUNT: f64 = 0.5;
/// What a word without topic counts in a text.
const STOP_COUNT: f64 = 0.5;

/// The searchable articles of one language.
pub(super) struct Index {
    language: Language,
    analyzer: Analyzer,
    speller: Speller,
    /// The words of the articles as they are written there.
    surfaces: HashSet<String>,
    /// Errors in the articles and what was meant.
    slips: HashMap<String, String>,
    terms: HashMap<String, TermId>,
    positions: Vec<usize>,
    /// The articles that have a title or phrasing of this [`wording`].
    exact: HashMap<String, Vec<usize>>,
    phrasings: Field,
    together: Field,
    title: Field,
    steps: Field,
    body: Field,
    learned: Learned,
}

impl Index {
    /// Builds the index of `articles`, given with their positions in the library.
    pub(super) fn build(language: Language, articles: &[(usize, &Article)]) -> Self {
        let mut uses = uses(articles);
        let speller = Speller::new(language, &uses);
        let once = uses.iter().filter(|&(_, &uses)| uses == 1).map(|(word, _)| word);
        let slips: HashMap<String, String> =
            once.filter_map(|word| Some((word.clone(), speller.slip(word)?.to_owned()))).collect();
        uses.retain(|word, _| !slips.contains_key(word));
        let content = uses.keys().filter(|word| !words::is_stop(language, word)).cloned();
        let compounds = match language {
            Language::De => Compounds::new(content),
            Language::En => Compounds::default(),
        };
        let mut index = Self {
            language,
            analyzer: Analyzer::new(language, compounds),
            speller: Speller::new(language, &uses),
            surfaces: uses.into_keys().collect(),
            slips,
            terms: HashMap::new(),
            positions: articles.iter().map(|&(position, _)| position).collect(),
            exact: HashMap::new(),
            phrasings: Field::default(),
            together: Field::default(),
            title: Field::default(),
            steps: Field::default(),
            body: Field::default(),
            learned: Learned::default(),
        };
        let mut lines = Vec::new();
        for (local, (_, article)) in articles.iter().enumerate() {
            index.add(local, article);
            for line in article.phrasings.iter().chain([&article.title]) {
                lines.push((local, index.tokens(line)));
            }
        }
        index.learned = Learned::new(&lines, articles.len());
        let (terms, count) = (index.terms.len(), articles.len());
        for field in [&mut index.phrasings, &mut index.together, &mut index.title, &mut index.steps, &mut index.body] {
            field.finish(terms, count);
        }
        index
    }

    fn add(&mut self, article: usize, text: &Article) {
        for line in text.phrasings.iter().chain([&text.title]) {
            let words = self.words(line);
            let articles = self.exact.entry(wording(words.iter().map(|word| word.term.as_str()))).or_default();
            if articles.last() != Some(&article) {
                articles.push(article);
            }
        }
        let title = self.counts(&text.title);
        self.phrasings.add(article, &title);
        self.title.add(article, &title);
        let mut together = title;
        for phrasing in &text.phrasings {
            let phrasing = self.counts(phrasing);
            self.phrasings.add(article, &phrasing);
            together.extend(phrasing);
        }
        self.together.add(article, &together);
        let steps: Vec<_> = text.steps.iter().flat_map(|step| self.counts(step)).collect();
        self.steps.add(article, &steps);
        let body: Vec<_> = paragraphs(&text.body).flat_map(|paragraph| self.counts(paragraph)).collect();
        self.body.add(article, &body);
    }

    fn words(&self, text: &str) -> Vec<Word> {
        self.analyzer.words(&self.tokens(text), self.language)
    }

    /// The words of an article's text as they are written, its errors corrected.
    fn tokens(&self, text: &str) -> Vec<Token> {
        let mut tokens = tokens(text);
        for token in &mut tokens {
            if let Some(meant) = self.slips.get(&token.folded) {
                token.folded.clone_from(meant);
            }
        }
        tokens
    }

    fn counts(&mut self, text: &str) -> Vec<(TermId, f64)> {
        let mut counts = Vec::new();
        for Word { term, parts, stop, .. } in self.words(text) {
            counts.push((self.id_or_new(term), if stop { STOP_COUNT } else { 1.0 }));
            for part in parts {
                counts.push((self.id_or_new(part), PART_COUNT));
            }
        }
        counts
    }

    fn id_or_new(&mut self, term: String) -> TermId {
        let next = self.terms.len();
        *self.terms.entry(term).or_insert(next)
    }

    /// Whether the base uses this very word in this language.
    pub(super) fn knows_word(&self, folded: &str) -> bool {
        self.surfaces.contains(folded)
    }

    /// Whether the word, another form of it, or all parts of it are words of the base.
    pub(super) fn knows(&self, token: &Token) -> bool {
        let known = |word: &Word| self.terms.contains_key(&word.term) || word.parts.len() > 1;
        self.knows_word(&token.folded)
            || self.analyzer.words(std::slice::from_ref(token), self.language).iter().any(known)
    }

    /// Corrects into the words of this index.
    pub(super) fn speller(&self) -> &Speller {
        &self.speller
    }

    /// The articles that share a word with a question, in no particular order. Those that share only words without topic
    /// have no [`Evidence`].
    pub(super) fn search(
        &self,
        tokens: &[Token],
        asked: Language,
        allowed: &dyn Fn(usize) -> bool,
        senses: &[Sense],
    ) -> Vec<Match> {
        let words = self.analyzer.words(tokens, asked);
        let slots = Slot::of(&words, |term| self.terms.get(term).copied(), &self.phrasings);
        let content = || slots.iter().filter(|slot| slot.content);
        let mass: f64 = content().map(|slot| slot.mass(&self.phrasings)).sum();
        let reachable: f64 = slots.iter().map(|slot| slot.weight * slot.mass(&self.phrasings)).sum();
        let unknown: f64 = content().filter(|slot| !slot.is_known()).map(|slot| slot.mass(&self.phrasings)).sum();
        let exact =
            self.exact.get(&wording(words.iter().map(|word| word.term.as_str()))).map_or(&[][..], Vec::as_slice);
        let mut found = Found::new(self.positions.len(), slots.len());
        found.add_phrasings(&self.phrasings, &slots, |phrasings| {
            NEAREST * phrasings.nearest() + NEAR * phrasings.mean()
        });
        found.add(&self.together, &slots, TOGETHER);
        let titled = found.add(&self.title, &slots, TITLE);
        found.add(&self.steps, &slots, STEPS);
        found.add(&self.body, &slots, BODY);
        let evidence = |article: usize| Evidence {
            mass: mass / self.phrasings.idf(None),
            found: found.held(article, &slots, &self.phrasings) / mass,
            titled: titled[article] / mass,
            unknown: unknown / mass,
            exact: exact.contains(&article),
        };
        let lessons = self.learned.ask(tokens);
        (0..self.positions.len())
            .filter(|&article| {
                let near = senses[self.positions[article]].near().into_iter().fold(lessons[article].near, f64::max);
                (found.score(article) > 0.0 || near >= RELATED) && allowed(self.positions[article])
            })
            .map(|article| {
                let reached = found.score(article) / (ALL_WEIGHTS * reachable);
                let words = if reached.is_finite() { reached.min(1.0) } else { 0.0 };
                let exact = exact.contains(&article);
                Match {
                    article: self.positions[article],
                    score: if exact { 1.0 } else { fused(words, lessons[article], senses[self.positions[article]]) },
                    evidence: if mass > 0.0 { evidence(article) } else { Evidence::default() },
                    sense: senses[self.positions[article]],
                }
            })
            .collect()
    }
}

/// The terms of a text whatever their order; equal for texts that say the same in the same words.
fn wording<'w>(terms: impl Iterator<Item = &'w str>) -> String {
    terms.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
}

/// How often the articles use each word.
fn uses(articles: &[(usize, &Article)]) -> HashMap<String, u32> {
    let mut uses = HashMap::new();
    for (_, article) in articles {
        let lines = article.phrasings.iter().chain(&article.steps).map(String::as_str);
        for line in lines.chain([article.title.as_str()]).chain(paragraphs(&article.body)) {
            for token in tokens(line) {
                for word in token.parts.iter().chain([&token.folded]) {
                    *uses.entry(word.clone()).or_default() += 1;
                }
            }
        }
    }
    uses
}

/// Pieces of a body that are short enough to be read whole.
fn paragraphs(body: &str) -> impl Iterator<Item = &str> {
    body.split('\n').filter(|line| !line.trim().is_empty())
}
