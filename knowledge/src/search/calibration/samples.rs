//! Questions whose answers are known, and what the search finds for them.

#![expect(clippy::cast_precision_loss, reason = "counts of samples")]

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Article, ArticleId, Verdict,
    evaluation::{EvalQuery, EvalSet},
    search::{Match, Request, Search},
    starter,
};

/// One question whose answer is known.
pub(super) struct Sample {
    pub(super) text: String,
    pub(super) matches: Vec<Match>,
    /// Rank of the right article, from 0; `None` if it is not there.
    pub(super) right: Option<usize>,
    /// What the sample counts: its kind's share of all questions, spread over the bases and their questions.
    pub(super) weight: f64,
    pub(super) kind: Kind,
    /// Name of the base.
    pub(super) base: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    HeldOut,
    Misspelt,
    NearMiss,
    OffTopic,
    Realistic,
    Unanswerable,
    /// Of a base that is not ours.
    Other,
    /// The same, without an answer in it.
    OtherUnanswerable,
}

pub(super) const KINDS: [Kind; 8] = [
    Kind::HeldOut,
    Kind::Misspelt,
    Kind::NearMiss,
    Kind::OffTopic,
    Kind::Realistic,
    Kind::Unanswerable,
    Kind::Other,
    Kind::OtherUnanswerable,
];

impl Kind {
    /// The assumed share of all questions.
    const fn share(self) -> f64 {
        match self {
            Self::HeldOut => 0.15,
            Self::Misspelt | Self::NearMiss | Self::OffTopic => 0.05,
            Self::Realistic => 0.5,
            Self::Unanswerable => 0.2,
            // Other bases come beside ours, which is a whole of its own.
            Self::Other => 0.25,
            Self::OtherUnanswerable => 0.1,
        }
    }
}

impl Sample {
    pub(super) fn covered(&self) -> bool {
        self.right.is_some_and(|rank| rank < Verdict::MAX_OFFERED)
    }
}

fn ask(articles: &[Article], search: &Search, text: &str, right: Option<&ArticleId>, kind: Kind) -> Sample {
    let matches = search.rank(&Request { text, language: None, allowed: &|_| true }).matches;
    let right = right.and_then(|id| matches.iter().position(|found| articles[found.article].id == *id));
    Sample { text: text.to_owned(), matches, right, weight: 0.0, kind, base: String::new() }
}

/// The development half of `questions/`: the lines with even numbers. The others are left for the figures that count.
fn questions() -> Vec<EvalQuery> {
    let read = |text: &str| EvalQuery::read(text).unwrap().into_iter().skip(1).step_by(2);
    let files = [
        include_str!("../../../questions/en.jsonl"),
        include_str!("../../../questions/de.jsonl"),
        include_str!("../../../questions/en_unanswerable.jsonl"),
        include_str!("../../../questions/de_unanswerable.jsonl"),
    ];
    files.into_iter().flat_map(read).collect()
}

/// Every so many phrasings of the starter base are asked: encoding them takes its time.
const EVERY: usize = 3;

pub(super) fn samples(build: fn(&[Article]) -> Search) -> Vec<Sample> {
    let all = starter::articles().unwrap();
    let mut samples = Vec::new();
    for half in 0..2 {
        let mut kept = all.clone();
        for article in &mut kept {
            let mut position = 0;
            article.phrasings.retain(|_| (position % 2 == half, position += 1).0);
        }
        let search = build(&kept);
        for article in &all {
            for text in article.phrasings.iter().skip(1 - half).step_by(2 * EVERY) {
                samples.push(ask(&kept, &search, text, Some(&article.id), Kind::HeldOut));
            }
            for text in article.phrasings.iter().skip(3 - half).step_by(4 * EVERY) {
                samples.push(ask(&kept, &search, &misspelt(text), Some(&article.id), Kind::Misspelt));
            }
        }
    }
    let ids: BTreeSet<&ArticleId> = all.iter().map(|article| &article.id).collect();
    for fifth in 0..5 {
        let left_out: BTreeSet<&ArticleId> = ids.iter().copied().skip(fifth).step_by(5).collect();
        let kept: Vec<Article> = all.iter().filter(|article| !left_out.contains(&article.id)).cloned().collect();
        let search = build(&kept);
        for article in all.iter().filter(|article| left_out.contains(&article.id)) {
            for text in article.phrasings.iter().step_by(2 * EVERY) {
                samples.push(ask(&kept, &search, text, None, Kind::NearMiss));
            }
        }
    }
    samples.extend(questions_to(&all, build));
    weigh(&mut samples);
    samples
}

/// The questions of `questions/`, and what is none of any help desk's business, to the starter base or to a part of it.
fn questions_to(articles: &[Article], build: fn(&[Article]) -> Search) -> Vec<Sample> {
    let search = build(articles);
    let mut samples = Vec::new();
    for query in questions() {
        let right: Vec<ArticleId> = query.expect.iter().map(|id| id.parse().unwrap()).collect();
        let kind = if right.is_empty() { Kind::Unanswerable } else { Kind::Realistic };
        samples.push(ask(articles, &search, &query.text, right.first(), kind));
    }
    for text in include_str!("../../../data/off_topic.txt").lines().filter(|line| !line.starts_with('#')) {
        samples.push(ask(articles, &search, text, None, Kind::OffTopic));
    }
    samples
}

/// The titles and bodies of the starter base alone.
pub(super) fn plain_samples(build: fn(&[Article]) -> Search) -> Vec<Sample> {
    let mut articles = starter::articles().unwrap();
    for article in &mut articles {
        article.phrasings.clear();
    }
    let mut samples = questions_to(&articles, build);
    weigh(&mut samples);
    samples
}

/// Every second question to each of the bases below the folder that the environment names; none without one.
pub(super) fn other_samples(build: fn(&[Article]) -> Search) -> Vec<Sample> {
    let Some(folder) = std::env::var_os("FIRSTLINE_SETS") else { return Vec::new() };
    let mut samples = Vec::new();
    for set in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(articles) = std::fs::read_to_string(set.join("articles.jsonl")) else { continue };
        let articles = EvalSet::read(&articles).unwrap();
        let search = build(articles.articles());
        let queries = EvalQuery::read(&std::fs::read_to_string(set.join("queries.jsonl")).unwrap()).unwrap();
        for query in queries.iter().skip(1).step_by(2) {
            let mut sample = ask(articles.articles(), &search, &query.text, None, Kind::OtherUnanswerable);
            if !query.expect.is_empty() {
                let is_right = |name: &str| query.expect.iter().any(|expected| expected == name);
                let right = |found: &Match| is_right(articles.name(&search.article(found.article).id));
                sample.kind = Kind::Other;
                sample.right = sample.matches.iter().position(right);
            }
            sample.base = set.display().to_string();
            samples.push(sample);
        }
    }
    samples
}

/// Spreads the share of each kind evenly over the bases there are of it, and over their questions.
pub(super) fn weigh(samples: &mut [Sample]) {
    let mut counts: BTreeMap<Kind, BTreeMap<String, usize>> = BTreeMap::new();
    for sample in samples.iter() {
        *counts.entry(sample.kind).or_default().entry(sample.base.clone()).or_default() += 1;
    }
    for sample in samples {
        let bases = &counts[&sample.kind];
        sample.weight = sample.kind.share() / (bases.len() * bases[&sample.base]) as f64;
    }
}

/// The text with two letters swapped in its longest word.
fn misspelt(text: &str) -> String {
    let Some(longest) = text.split_whitespace().max_by_key(|word| word.chars().count()) else { return text.to_owned() };
    let mut letters: Vec<char> = longest.chars().collect();
    let middle = letters.len() / 2;
    if letters.len() >= 4 {
        letters.swap(middle, middle - 1);
    }
    text.replacen(longest, &letters.into_iter().collect::<String>(), 1)
}
