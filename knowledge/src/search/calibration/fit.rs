//! Where the constants of the calibration come from, and the test that they still hold.
//!
//! `cargo test --release -p firstline-knowledge --all-features fit_the_constants -- --ignored --nocapture` prints new ones.
//! Other bases, with phrasings and without, have a say where `FIRSTLINE_SETS` names a folder of them, laid out as `signals.rs`
//! reads it.

#![expect(clippy::cast_precision_loss, reason = "counts of samples")]

use std::collections::BTreeSet;

use super::{
    COVERAGE, Certainty, LEAD, Models, certainty, certainty_by, coverage_features, has_learned, is_bare, lead_features,
    regression::{auroc, fit, fit_within},
    samples::{KINDS, Kind, Sample, other_samples, plain_samples, samples, weigh},
};
use crate::{
    Article, Language,
    search::{Match, Search},
};

/// The direction in which each feature may speak; 0: either. More evidence must never make the desk less sure, in bases
/// that look different from the one fitted on.
const COVERAGE_SIGNS: [f64; COVERAGE] = [0.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0, -1.0, 1.0];
const LEAD_SIGNS: [f64; LEAD] = [0.0, 1.0, 1.0, 1.0, 1.0];

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
