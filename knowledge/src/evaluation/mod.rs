//! How good the answers are, on questions whose answers are known.
//!
//! [`EvalSet`] reads articles and [`EvalQuery`] questions as such sets come; the caller asks, takes the time, and makes an
//! [`Outcome`] of each verdict; [`Report::of`] does the sums. Nothing here reads a file or a clock.

mod sets;

use std::cmp::Ordering;

use serde::Serialize;

pub use self::sets::{EvalQuery, EvalSet, EvalSetError};
use crate::{
    Conclusion, Verdict,
    search::calibration::{MOST_WRONG, answer_at},
};

/// What became of one question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Whether the base has an answer.
    pub answerable: bool,
    /// Place of the first right article in the ranking, from 1; `None` if it is not there.
    pub rank: Option<usize>,
    /// Whether a right article is among those offered.
    pub offered: bool,
    /// What was concluded.
    pub conclusion: Conclusion,
    /// How sure the verdict was that the base has the answer.
    pub covered: f64,
    /// How sure it was that the first candidate is the answer.
    pub first: f64,
    /// Milliseconds from the text to the verdict.
    pub milliseconds: f64,
}

impl Outcome {
    /// Compares a verdict with the names that were expected.
    pub fn new(set: &EvalSet, query: &EvalQuery, verdict: &Verdict, milliseconds: f64) -> Self {
        let right = |name: &str| query.expect.iter().any(|expected| expected == name);
        let rank = verdict.candidates.iter().position(|candidate| right(set.name(&candidate.id))).map(|at| at + 1);
        Self {
            answerable: !query.expect.is_empty(),
            offered: rank.is_some_and(|rank| rank <= verdict.offered),
            conclusion: verdict.conclusion,
            covered: verdict.covered,
            first: verdict.confidence,
            rank,
            milliseconds,
        }
    }
}

/// The setting that suits a set of questions: as much is answered as its target allows, and no more.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Fitting {
    /// [`crate::MatchSettings::wrong_at_most`] is to be this, in thousandths.
    pub wrong_at_most: f64,
    /// Answered with a right article then.
    pub answered_right: usize,
    /// Answered with a wrong one then.
    pub answered_wrong: usize,
}

impl Fitting {
    /// The highest setting with which no more than the share `target` of these questions would have been answered wrong. The
    /// calibration was measured on other questions: of these more or fewer may have an answer, and articles may be nearer to each
    /// other.
    #[expect(clippy::cast_precision_loss, reason = "counts of questions")]
    fn to(outcomes: &[Outcome], target: f64) -> Option<Self> {
        let at = |wrong_at_most: f64| {
            let answered = outcomes.iter().filter(|outcome| outcome.first >= answer_at(wrong_at_most));
            let (right, wrong): (Vec<&Outcome>, Vec<&Outcome>) = answered.partition(|outcome| outcome.rank == Some(1));
            Self { wrong_at_most, answered_right: right.len(), answered_wrong: wrong.len() }
        };
        let kept = |fitting: &Self| fitting.answered_wrong as f64 <= target * outcomes.len() as f64;
        let settings = (0..).map(|thousandths| f64::from(thousandths) / 1000.0);
        settings.take_while(|setting| *setting <= MOST_WRONG).map(at).take_while(kept).last()
    }
}

/// The figures of a whole set. Shares are 0..=1; "unanswerable" questions are those for which nothing should be answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Questions with an answer in the base.
    pub answerable: usize,
    /// Questions without one.
    pub unanswerable: usize,
    /// Share of the answerable ones whose right article came first.
    pub top1: f64,
    /// Share of the answerable ones whose right article was among the first three.
    pub top3: f64,
    /// Mean reciprocal rank over the answerable ones.
    pub mrr: f64,
    /// Answered with a right article.
    pub answered_right: usize,
    /// Answered with a wrong one, the unanswerable ones included: the harm done.
    pub answered_wrong: usize,
    /// Asked back, with a right article among those offered.
    pub clarified_right: usize,
    /// Answerable, asked back, and the right article was not offered.
    pub clarified_wrong: usize,
    /// Answerable, and concluded to be unknown.
    pub unknown: usize,
    /// Unanswerable, and concluded to be unknown.
    pub rejected: usize,
    /// Unanswerable, and asked back.
    pub clarified_unanswerable: usize,
    /// What would have kept to the target; `None` if nothing would, or nothing was asked.
    pub fitting: Option<Fitting>,
    /// How well confidence tells answerable from unanswerable: see [`auroc`].
    pub auroc: Option<f64>,
    /// Half of the questions took no longer, in milliseconds.
    pub p50_ms: f64,
    /// 99 of 100 questions took no longer, in milliseconds.
    pub p99_ms: f64,
}

impl Report {
    /// Adds up; of all questions the share `target` may be answered wrong.
    #[expect(clippy::cast_precision_loss, reason = "counts of questions")]
    pub fn of(outcomes: &[Outcome], target: f64) -> Self {
        let answerable: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.answerable).collect();
        let unanswerable: Vec<&Outcome> = outcomes.iter().filter(|outcome| !outcome.answerable).collect();
        let share = |count: f64| if answerable.is_empty() { 0.0 } else { count / answerable.len() as f64 };
        let within = |most: usize| {
            share(answerable.iter().filter(|outcome| outcome.rank.is_some_and(|rank| rank <= most)).count() as f64)
        };
        let count = |of: &[&Outcome], holds: fn(&Outcome) -> bool| of.iter().filter(|outcome| holds(outcome)).count();
        let ambiguous = |outcome: &Outcome| outcome.conclusion == Conclusion::Ambiguous;
        let answered = |outcome: &Outcome| outcome.conclusion == Conclusion::Answer;
        let unknown = |outcome: &Outcome| outcome.conclusion == Conclusion::Unknown;
        let answered_right = count(&answerable, |it| it.conclusion == Conclusion::Answer && it.rank == Some(1));
        let clarified_right = count(&answerable, |it| it.conclusion == Conclusion::Ambiguous && it.offered);
        let confidences = |of: &[&Outcome]| of.iter().map(|outcome| outcome.covered).collect::<Vec<_>>();
        let mut times: Vec<f64> = outcomes.iter().map(|outcome| outcome.milliseconds).collect();
        times.sort_by(f64::total_cmp);
        Self {
            answerable: answerable.len(),
            unanswerable: unanswerable.len(),
            top1: within(1),
            top3: within(3),
            mrr: share(answerable.iter().filter_map(|outcome| outcome.rank).map(|rank| 1.0 / rank as f64).sum()),
            answered_right,
            answered_wrong: count(&answerable, answered) + count(&unanswerable, answered) - answered_right,
            clarified_right,
            clarified_wrong: count(&answerable, ambiguous) - clarified_right,
            unknown: count(&answerable, unknown),
            rejected: count(&unanswerable, unknown),
            clarified_unanswerable: count(&unanswerable, ambiguous),
            fitting: if outcomes.is_empty() { None } else { Fitting::to(outcomes, target) },
            auroc: auroc(&confidences(&answerable), &confidences(&unanswerable)),
            p50_ms: quantile(&times, 50),
            p99_ms: quantile(&times, 99),
        }
    }
}

/// Area under the ROC curve: the probability that a value of `high` is above one of `low`, ties counting half (Mann and
/// Whitney 1947). 1: always told apart, 0.5: by chance. `None` if either is empty.
#[expect(clippy::cast_precision_loss, reason = "counts of questions")]
pub fn auroc(high: &[f64], low: &[f64]) -> Option<f64> {
    if high.is_empty() || low.is_empty() {
        return None;
    }
    let mut low = low.to_vec();
    low.sort_by(f64::total_cmp);
    let wins: f64 = high
        .iter()
        .map(|value| {
            let below = low.partition_point(|other| other.total_cmp(value) == Ordering::Less);
            let not_above = low.partition_point(|other| other.total_cmp(value) != Ordering::Greater);
            (below + not_above) as f64 / 2.0
        })
        .sum();
    Some(wins / (high.len() * low.len()) as f64)
}

/// The smallest of the sorted values that `percent` of them do not exceed; 0 without values.
fn quantile(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(rank: Option<usize>, offered: bool, conclusion: Conclusion, covered: f64) -> Outcome {
        Outcome { answerable: true, rank, offered, conclusion, covered, first: covered, milliseconds: 1.0 }
    }

    #[test]
    fn every_question_is_counted_once() {
        use Conclusion::{Ambiguous, Answer, Unknown};
        let no = |conclusion, confidence| Outcome { answerable: false, ..outcome(None, false, conclusion, confidence) };
        let outcomes = [
            outcome(Some(1), true, Answer, 0.9),
            outcome(Some(2), false, Answer, 0.8),
            outcome(Some(4), true, Ambiguous, 0.5),
            outcome(None, false, Ambiguous, 0.4),
            outcome(Some(1), false, Unknown, 0.3),
            no(Answer, 0.7),
            no(Ambiguous, 0.35),
            no(Unknown, 0.1),
        ];
        let report = Report::of(&outcomes, 0.03);
        assert_eq!((report.answerable, report.unanswerable), (5, 3));
        assert_eq!((report.answered_right, report.answered_wrong), (1, 2));
        assert_eq!((report.clarified_right, report.clarified_wrong, report.unknown), (1, 1, 1));
        assert_eq!((report.rejected, report.clarified_unanswerable), (1, 1));
        let close = |value: f64, expected: f64| assert!((value - expected).abs() < 1e-9, "{value} {expected}");
        close(report.top1, 0.4);
        close(report.top3, 0.6);
        close(report.mrr, (1.0 + 0.5 + 0.25 + 1.0) / 5.0);
        close(report.auroc.unwrap(), 11.0 / 15.0);
        assert_eq!(Report::of(&[], 0.03), Report::default());
    }

    #[test]
    fn the_setting_that_keeps_to_the_target() {
        let sure = |first: f64, rank| Outcome { first, ..outcome(rank, false, Conclusion::Answer, first) };
        let right = sure(0.97, Some(1));
        let fitting = |wrong: &[f64], target| {
            let wrong = wrong.iter().map(|&first| sure(first, None));
            Report::of(&wrong.chain([right; 8]).collect::<Vec<_>>(), target).fitting.unwrap()
        };
        let strictest = fitting(&[0.98, 0.95], 0.05);
        assert_eq!((strictest.answered_right, strictest.answered_wrong), (0, 0), "nobody is sure enough");
        let strict = fitting(&[0.95, 0.95], 0.05);
        assert_eq!((strict.answered_right, strict.answered_wrong), (8, 0));
        assert!(
            answer_at(strict.wrong_at_most) > 0.95 && answer_at(strict.wrong_at_most + 0.001) <= 0.95,
            "{strict:?}"
        );
        let lenient = fitting(&[0.6, 0.6], 0.2);
        assert_eq!((lenient.answered_right, lenient.answered_wrong), (8, 2));
        assert!((lenient.wrong_at_most - MOST_WRONG).abs() < 1e-9, "{lenient:?}");
    }

    #[test]
    fn area_under_the_curve() {
        let check = |high: &[f64], low: &[f64], expected| assert_eq!(auroc(high, low), expected, "{high:?} {low:?}");
        check(&[], &[1.0], None);
        check(&[2.0, 3.0], &[1.0], Some(1.0));
        check(&[1.0], &[1.0, 1.0], Some(0.5));
        check(&[1.0, 3.0], &[2.0], Some(0.5));
    }

    #[test]
    fn quantiles() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        let check = |sorted: &[f64], percent, expected: f64| {
            assert!((quantile(sorted, percent) - expected).abs() < 1e-9, "{percent}");
        };
        check(&values, 50, 50.0);
        check(&values, 99, 99.0);
        check(&[], 50, 0.0);
        check(&[7.0], 99, 7.0);
    }
}
