//! Where the constants of the calibration come from, and the test that they still hold.
//!
//! `cargo test --release -p firstline-knowledge --all-features fit_the_constants -- --ignored --nocapture` prints new ones.
//! Other bases, with phrasings and without, have a say where `FIRSTLINE_SETS` names a folder of them, laid out as `signals.rs`
//! reads it.

#![expect(clippy::cast_precision_loss, reason = "counts of samples")]

use std::collections::{BTreeMap, BTreeSet};

use super::{
    COVERAGE, Certainty, LEAD, Models, certainty, certainty_by, coverage_features, has_learned, is_bare, lead_features,
};
use crate::{
    Article, ArticleId, Language, Verdict,
    evaluation::{EvalQuery, EvalSet},
    search::{Match, Request, Search},
    starter,
};

/// One question whose answer is known.
struct Sample {
    text: String,
    matches: Vec<Match>,
    /// Rank of the right article, from 0; `None` if it is not there.
    right: Option<usize>,
    /// What the sample counts: its kind's share of all questions, spread over the bases and their questions.
    weight: f64,
    kind: Kind,
    /// Name of the base.
    base: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
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

const KINDS: [Kind; 8] = [
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
    fn covered(&self) -> bool {
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

fn samples(build: fn(&[Article]) -> Search) -> Vec<Sample> {
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
fn plain_samples(build: fn(&[Article]) -> Search) -> Vec<Sample> {
    let mut articles = starter::articles().unwrap();
    for article in &mut articles {
        article.phrasings.clear();
    }
    let mut samples = questions_to(&articles, build);
    weigh(&mut samples);
    samples
}

/// Every second question to each of the bases below the folder that the environment names; none without one.
fn other_samples(build: fn(&[Article]) -> Search) -> Vec<Sample> {
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
fn weigh(samples: &mut [Sample]) {
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

/// The direction in which each feature may speak; 0: either. More evidence must never make the desk less sure, in bases
/// that look different from the one fitted on.
const COVERAGE_SIGNS: [f64; COVERAGE] = [0.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0, -1.0, 1.0];
const LEAD_SIGNS: [f64; LEAD] = [0.0, 1.0, 1.0, 1.0, 1.0];

/// What a question is fitted by: features, whether it is so, what it counts, and its base.
type Labelled<const N: usize> = ([f64; N], bool, f64, usize);

/// Logistic regression by Newton's method would be quicker; gradient descent is shorter.
fn fit<const N: usize>(rows: &[Labelled<N>], signs: [f64; N]) -> [f64; N] {
    const STEPS: usize = 30_000;
    const RATE: f64 = 0.5;
    const RIDGE: f64 = 1e-4;
    let mut shares = vec![0.0; rows.iter().map(|(.., base)| base + 1).max().unwrap_or(0)];
    let all: f64 = rows.iter().map(|(_, _, weight, _)| weight).sum();
    for (.., weight, base) in rows {
        shares[*base] += weight / all;
    }
    let mut weights = [0.0; N];
    let mut constants = vec![0.0; shares.len()];
    for _ in 0..STEPS {
        let mut gradient = weights.map(|weight| RIDGE * weight);
        let mut of_constants = vec![0.0; shares.len()];
        for (features, label, weight, base) in rows {
            let sum: f64 = weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum();
            let error = 1.0 / (1.0 + (-sum - constants[*base]).exp()) - f64::from(u8::from(*label));
            for (slope, feature) in gradient.iter_mut().zip(features) {
                *slope += error * feature * weight / all;
            }
            of_constants[*base] += error * weight / all;
        }
        for (weight, slope) in weights.iter_mut().zip(gradient) {
            *weight -= RATE * slope;
        }
        for (weight, sign) in weights.iter_mut().zip(signs) {
            if *weight * sign < 0.0 {
                *weight = 0.0;
            }
        }
        // As the features have it; a base with a small share would take as many steps more.
        for ((constant, slope), share) in constants.iter_mut().zip(of_constants).zip(&shares) {
            *constant -= RATE * slope / share;
        }
    }
    weights[0] += constants.iter().zip(&shares).map(|(constant, share)| constant * share).sum::<f64>();
    weights
}

/// Weights that tell within each base; then how much their sum counts, over all bases.
fn fit_within<const N: usize>(rows: &[Labelled<N>], signs: [f64; N]) -> [f64; N] {
    let mut weights = fit(rows, signs);
    weights[0] = 0.0;
    let sum =
        |features: &[f64; N]| -> f64 { weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum() };
    // Around 0 and of the size of other features, or the steps would be too large.
    let mean = rows.iter().map(|(features, ..)| sum(features)).sum::<f64>() / rows.len() as f64;
    let size = rows.iter().map(|(features, ..)| (sum(features) - mean).abs()).sum::<f64>() / rows.len() as f64;
    let sums: Vec<Labelled<2>> = rows
        .iter()
        .map(|&(features, label, weight, _)| ([1.0, (sum(&features) - mean) / size], label, weight, 0))
        .collect();
    let [constant, scale] = fit(&sums, [0.0, 1.0]);
    weights = weights.map(|weight| weight * scale / size);
    weights[0] = constant - scale * mean / size;
    weights
}

/// Probability that a sample that is `yes` scores above one that is not.
fn auroc(scores: &[(f64, bool)]) -> f64 {
    let (yes, no): (Vec<_>, Vec<_>) = scores.iter().partition(|(_, label)| *label);
    let wins = yes.iter().map(|(high, _)| no.iter().filter(|(low, _)| low < high).count()).sum::<usize>();
    wins as f64 / (yes.len() * no.len()) as f64
}

/// The best match of a sample, if the models are asked about it.
fn best(sample: &Sample) -> Option<&Match> {
    sample.matches.first().filter(|best| !is_bare(best) && !best.evidence.exact)
}

#[test]
#[ignore = "prints new constants; see the module's documentation"]
#[expect(clippy::print_stdout, reason = "its purpose")]
fn fit_the_constants() {
    let mut plain = Vec::new();
    let (mut learned, mut abroad) = (Vec::new(), Vec::new());
    for sample in other_samples(with_meaning) {
        match sample.matches.first() {
            Some(best) if has_learned(best) && best.evidence.at_home => learned.push(sample),
            Some(best) if has_learned(best) => abroad.push(sample),
            _ => plain.push(sample),
        }
    }
    for others in [&mut learned, &mut abroad, &mut plain] {
        weigh(others);
    }
    learned.extend(samples(with_meaning));
    plain.extend(plain_samples(with_meaning));
    let words = samples(without_meaning).into_iter().chain(plain_samples(without_meaning)).collect();
    let each = [("LEARNED", learned, true), ("ABROAD", abroad, true), ("PLAIN", plain, false), ("WORDS", words, false)];
    for (name, samples, within) in each {
        println!("{name}");
        fit_to(&samples, within);
    }
}

fn with_meaning(articles: &[Article]) -> Search {
    Search::build(articles, Language::En)
}

fn without_meaning(articles: &[Article]) -> Search {
    Search::build_by_words(articles, Language::En)
}

#[expect(clippy::print_stdout, reason = "its purpose")]
fn fit_to(samples: &[Sample], within: bool) {
    let names: BTreeSet<&str> = samples.iter().map(|sample| sample.base.as_str()).collect();
    let base = |sample: &Sample| if within { names.range(..sample.base.as_str()).count() } else { 0 };
    let evident = || samples.iter().filter_map(|sample| Some((sample, best(sample)?)));
    let coverage: Vec<_> = evident()
        .map(|(sample, best)| (coverage_features(best, &sample.matches), sample.covered(), sample.weight, base(sample)))
        .collect();
    let coverage = if within { fit_within(&coverage, COVERAGE_SIGNS) } else { fit(&coverage, COVERAGE_SIGNS) };
    println!("coverage: {coverage:.2?},");
    let lead: Vec<_> = evident()
        .filter(|(sample, _)| sample.covered())
        .map(|(sample, best)| (lead_features(best, &sample.matches), sample.right == Some(0), sample.weight, 0))
        .collect();
    let lead = fit(&lead, LEAD_SIGNS);
    println!("lead: {lead:.2?},");
    report(samples, &Models { coverage, lead });
}

#[expect(clippy::print_stdout, reason = "its purpose")]
fn report(samples: &[Sample], models: &Models) {
    let certainty = |sample: &Sample| certainty_by(models, &sample.matches);
    for kind in KINDS {
        let of: Vec<&Sample> = samples.iter().filter(|sample| sample.kind == kind).collect();
        let share =
            |holds: &dyn Fn(&Sample) -> bool| of.iter().filter(|sample| holds(sample)).count() as f64 / of.len() as f64;
        println!(
            "{kind:?}: {} questions, right first {:.3}, among four {:.3}, mean covered {:.3}, mean first {:.3}",
            of.len(),
            share(&|sample| sample.right == Some(0)),
            share(&Sample::covered),
            of.iter().map(|sample| certainty(sample).covered).sum::<f64>() / of.len() as f64,
            of.iter().map(|sample| certainty(sample).first).sum::<f64>() / of.len() as f64,
        );
        for threshold in [0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8] {
            println!(
                "  at {threshold}: covered {:.3}; answered {:.3}, wrongly {:.3}",
                share(&|sample| certainty(sample).covered >= threshold),
                share(&|sample| certainty(sample).first >= threshold),
                share(&|sample| certainty(sample).first >= threshold && sample.right != Some(0)),
            );
        }
    }
    for share in [0.01, 0.02, 0.03, 0.05, 0.10] {
        println!("({share}, {:.2}),", answer_from(samples, share, certainty));
    }
    for (low, kept) in bins(samples, certainty) {
        println!("confidence {low:.1}..: said {:.3}, was {:.3}, share {:.3}", kept.said, kept.was, kept.weight);
    }
    let scores = |kind: Kind, score: &dyn Fn(&Sample) -> f64| -> f64 {
        let of = samples.iter().filter(|sample| sample.kind == kind || sample.kind == Kind::HeldOut);
        auroc(&of.map(|sample| (score(sample), sample.kind == Kind::HeldOut)).collect::<Vec<_>>())
    };
    let covered = |sample: &Sample| certainty(sample).covered;
    println!(
        "AUROC covered: off-topic {:.3}, near miss {:.3}",
        scores(Kind::OffTopic, &covered),
        scores(Kind::NearMiss, &covered)
    );
    for sample in samples.iter().filter(|sample| sample.kind == Kind::OffTopic && covered(sample) >= 0.3) {
        println!("{:.2} {:.2} {:?}", covered(sample), certainty(sample).first, sample.text);
    }
}

/// The lowest confidence from which at most this share of all samples is answered wrong.
fn answer_from(samples: &[Sample], share: f64, certainty: impl Fn(&Sample) -> Certainty) -> f64 {
    let all: f64 = samples.iter().map(|sample| sample.weight).sum();
    let mut wrong: Vec<(f64, f64)> = samples
        .iter()
        .filter(|sample| sample.right != Some(0))
        .map(|sample| (certainty(sample).first, sample.weight / all))
        .collect();
    wrong.sort_by(|left, right| right.0.total_cmp(&left.0));
    let mut sum = 0.0;
    let over = wrong.iter().find(|(_, weight)| {
        sum += weight;
        sum > share
    });
    over.map_or(0.0, |&(confidence, _)| confidence + 0.005)
}

/// What was said and what was true, for one range of confidence.
#[derive(Default)]
struct Bin {
    said: f64,
    was: f64,
    weight: f64,
}

fn bins(samples: &[Sample], certainty: impl Fn(&Sample) -> Certainty) -> Vec<(f64, Bin)> {
    (0..5)
        .map(|bin| f64::from(bin) / 5.0)
        .map(|low| {
            let mut bin = Bin::default();
            for sample in samples {
                let first = certainty(sample).first;
                if first >= low && (first < low + 0.2 || low > 0.7) {
                    bin.said += sample.weight * first;
                    bin.was += sample.weight * f64::from(u8::from(sample.right == Some(0)));
                    bin.weight += sample.weight;
                }
            }
            bin.said /= bin.weight;
            bin.was /= bin.weight;
            (low, bin)
        })
        .collect()
}

#[test]
fn confidence_is_honest() {
    let samples = samples(with_meaning);
    for (low, bin) in
        bins(&samples, |sample| certainty(&sample.matches)).into_iter().filter(|(_, bin)| bin.weight > 0.02)
    {
        assert!((bin.said - bin.was).abs() < 0.1, "from {low}: said {:.2}, was {:.2}: fit again", bin.said, bin.was);
    }
}
