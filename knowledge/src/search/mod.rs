//! Matching: which articles a question is about, and how sure that is.
//!
//! This is the seam for better matching. The library hands in a [`Request`] and gets a [`Ranking`]; nothing outside this
//! module knows that words are compared. A sentence encoder or a learned ranker is another term of the sum that makes
//! [`Match::score`] and other features in [`Evidence`], from which [`calibration`] makes probabilities; after such a change
//! the calibration must be fitted again (how, is described there).
//!
//! Each language has its own [`index`], because stems, stop words and word frequencies differ. A question is read once
//! per language and asked in all of them: product names and shared meanings find articles of the other language, at a
//! discount.

mod bm25;
pub(crate) mod calibration;
mod encoders;
mod fusion;
mod grams;
mod index;
mod learned;
mod meaning;
mod passages;
mod query;
mod scoring;
mod shipped;
mod svm;

use std::collections::{BTreeMap, HashMap};

pub(crate) use self::meaning::Sense;
use self::{index::Index, learned::Lesson, meaning::Meaning};
use crate::{
    Article, Correction, Language, language,
    text::{MAX_CHARS, Token, tokens},
};

/// What a match in a language other than the question's counts.
const OTHER_LANGUAGE: f64 = 0.9;

/// Share of the question's words that only one language of the base knows, above which they tell its language.
const TELLING: f64 = 0.5;

/// The searchable form of all articles.
pub(crate) struct Search {
    indexes: BTreeMap<Language, Index>,
    /// By article: the first position with the same id, which stands for all its languages.
    groups: Vec<usize>,
    meaning: Meaning,
    fallback: Language,
}

/// A question to the search.
pub(crate) struct Request<'a> {
    pub(crate) text: &'a str,
    pub(crate) language: Option<Language>,
    /// Whether the article at this position may be found.
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
    /// Position among the articles the search was built from.
    pub(crate) article: usize,
    /// 0..=1: what was reached of the highest score that any article could reach.
    pub(crate) score: f64,
    pub(crate) evidence: Evidence,
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
    /// The question is the title or a phrasing of the article, word for word.
    pub(crate) exact: bool,
}

impl Search {
    pub(crate) fn build(articles: &[Article], fallback: Language) -> Self {
        Self { meaning: Meaning::build(articles, &groups(articles)), ..Self::build_by_words(articles, fallback) }
    }

    /// A search that compares words only, as where the program has no encoder.
    pub(crate) fn build_by_words(articles: &[Article], fallback: Language) -> Self {
        let mut by_language: BTreeMap<Language, Vec<(usize, &Article)>> = BTreeMap::new();
        for (position, article) in articles.iter().enumerate() {
            by_language.entry(article.language).or_default().push((position, article));
        }
        let indexes =
            by_language.into_iter().map(|(language, articles)| (language, Index::build(language, &articles))).collect();
        Self { indexes, groups: groups(articles), meaning: Meaning::default(), fallback }
    }

    /// Finds the articles that may be about the question.
    pub(crate) fn rank(&self, request: &Request<'_>) -> Ranking {
        let tokens = tokens(request.text);
        let language = request
            .language
            .or_else(|| language::detect(request.text, &tokens))
            .or_else(|| self.language_of(&tokens))
            .unwrap_or(self.fallback);
        let mut readings = Vec::with_capacity(self.indexes.len());
        let mut corrections = Vec::new();
        for (&indexed, index) in &self.indexes {
            let (tokens, corrected) = self.corrected(&tokens, index);
            if indexed == language || self.indexes.len() == 1 {
                corrections = corrected;
            }
            readings.push((indexed, index, tokens));
        }
        let senses = self.meaning.ask(&respelt(request.text, &corrections), language, &self.groups);
        let mut best: BTreeMap<usize, Match> = BTreeMap::new();
        for (indexed, index, tokens) in readings {
            for mut found in index.search(&tokens, language, request.allowed, &senses) {
                if indexed != language {
                    found.score *= OTHER_LANGUAGE;
                }
                let group = self.groups[found.article];
                if best.get(&group).is_none_or(|other| other.score < found.score) {
                    best.insert(group, found);
                }
            }
        }
        let mut matches: Vec<Match> = best.into_values().collect();
        matches.sort_by(|left, right| right.score.total_cmp(&left.score).then(left.article.cmp(&right.article)));
        Ranking { language, corrections, matches }
    }

    /// The language of the base's words that the question uses, if most of them belong to one.
    fn language_of(&self, tokens: &[Token]) -> Option<Language> {
        let mut known: HashMap<Language, usize> = HashMap::new();
        for token in tokens {
            let mut knowing = self.indexes.iter().filter(|(_, index)| index.knows_word(&token.folded));
            if let (Some((&language, _)), None) = (knowing.next(), knowing.next()) {
                *known.entry(language).or_default() += 1;
            }
        }
        let (language, count) = known.into_iter().max_by_key(|&(language, count)| (count, language))?;
        #[expect(clippy::cast_precision_loss, reason = "counts of words in one question")]
        let share = count as f64 / tokens.len() as f64;
        (share > TELLING).then_some(language)
    }

    /// The question as the index would spell it, and the words that this changed.
    fn corrected(&self, tokens: &[Token], index: &Index) -> (Vec<Token>, Vec<Correction>) {
        /// Words looked up in one question: a long text full of unknown words is a log, not a slip of the finger.
        const MOST: usize = 24;
        let mut corrections = Vec::new();
        let mut asked = 0;
        let tokens = tokens
            .iter()
            .map(|token| {
                if asked >= MOST || self.indexes.values().any(|index| index.knows(token)) {
                    return token.clone();
                }
                asked += 1;
                let Some(meant) = index.speller().correct(token) else { return token.clone() };
                if !meant.inflection {
                    corrections.push(Correction { from: token.written.clone(), to: meant.word.to_owned() });
                }
                Token { folded: meant.word.to_owned(), ..token.clone() }
            })
            .collect();
        (tokens, corrections)
    }
}

/// By article: the first position with the same id.
fn groups(articles: &[Article]) -> Vec<usize> {
    let mut first = HashMap::new();
    articles.iter().enumerate().map(|(position, article)| *first.entry(&article.id).or_insert(position)).collect()
}

/// The text with its corrected words.
fn respelt(text: &str, corrections: &[Correction]) -> String {
    let mut text: String = text.chars().take(MAX_CHARS).collect();
    for Correction { from, to } in corrections {
        text = text.replacen(from, to, 1);
    }
    text
}
