//! How the starter base does on questions nobody put into its phrasings: the held-out half of `questions/` (the lines
//! with odd numbers). The floors are a few points under what was measured (`docs/articles.md`); a change that falls
//! below them made the answers worse.
#![cfg(feature = "encoder")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use firstline_knowledge::{
    Audience, Library, MatchSettings, Question,
    evaluation::{EvalQuery, EvalSet, Outcome, Report},
    starter,
};

/// What a language must reach.
struct Floor {
    top1: f64,
    top3: f64,
    auroc: f64,
    answered_wrong: f64,
}

/// Of every so many questions, from the first on.
fn report(files: [&str; 2], every: usize) -> Report {
    let articles = starter::articles().unwrap();
    let library = Library::build(articles.clone(), &MatchSettings::default());
    let set = EvalSet::of(articles);
    let ask = |query: EvalQuery| {
        let question = Question { text: &query.text, language: None, audience: Audience::Everyone, not: &[] };
        Outcome::new(&set, &query, &library.ask_listing(&question, 10), 0.0)
    };
    let read = |text: &str| EvalQuery::read(text).unwrap().into_iter().step_by(every);
    Report::of(&files.into_iter().flat_map(read).map(ask).collect::<Vec<_>>(), 0.03)
}

#[expect(clippy::cast_precision_loss, reason = "counts of questions")]
fn check(files: [&str; 2], floor: &Floor) {
    let report = report(files, 2);
    let all = report.answerable + report.unanswerable;
    let wrong = report.answered_wrong as f64 / all as f64;
    assert!(report.top1 >= floor.top1, "top-1 {:.3}", report.top1);
    assert!(report.top3 >= floor.top3, "top-3 {:.3}", report.top3);
    assert!(report.auroc.unwrap() >= floor.auroc, "AUROC {:?}", report.auroc);
    assert!(wrong <= floor.answered_wrong, "answered wrong {wrong:.3}");
}

#[test]
fn english_questions() {
    check(
        [include_str!("../questions/en.jsonl"), include_str!("../questions/en_unanswerable.jsonl")],
        &Floor { top1: 0.81, top3: 0.93, auroc: 0.94, answered_wrong: 0.03 },
    );
}

#[test]
fn german_questions() {
    check(
        [include_str!("../questions/de.jsonl"), include_str!("../questions/de_unanswerable.jsonl")],
        // The promise of 3 % is for all questions; of the German ones a few more are answered wrong.
        &Floor { top1: 0.73, top3: 0.89, auroc: 0.93, answered_wrong: 0.045 },
    );
}

/// None of these is for a help desk, though many sound like it: a car that does not start, a controller that drifts.
#[test]
fn what_no_help_desk_is_for_is_left_alone() {
    let report = report([include_str!("../questions/offtopic.jsonl"), ""], 1);
    assert_eq!(report.answerable, 0);
    assert!(report.answered_wrong <= 3, "answered {} of {}", report.answered_wrong, report.unanswerable);
    assert!(report.rejected * 4 >= report.unanswerable * 3, "rejected {} of {}", report.rejected, report.unanswerable);
}
