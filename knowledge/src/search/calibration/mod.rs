//! From evidence to probabilities.
//!
//! Two logistic models, multiplied: is the answer among the best four at all (`coverage`), and if so, is it the first
//! (`lead`)? The first gates "unknown", the product is the confidence of a verdict. Features are the mass of the question
//! that the article and its title hold, what of it the base has never heard of, the score and how far it stands out, the
//! cosines with the nearest sentence and with the nearest matter of any help desk, how familiar the question is to help
//! desks (for both see [`super::matters`]), and the distance to the second and third. Signs are fixed: more evidence never
//! makes the desk less sure. There are four sets of weights, because scores are made of other things: by words alone; with
//! sentence encoders, of titles and bodies alone; with phrasings to learn from, in the base of a help desk, and in a base
//! about other things, where what help desks know says less.
//!
//! Two rules come before the models, because no sample can teach them: where only words are compared a question without any
//! content word is certain of nothing, and a question that is an article's title or phrasing word for word is [`EXACT`]. A
//! third limits them: among `n` articles that hold the question's words equally fully, the first is right with a probability
//! of at most `1/n`; with encoders only where titles hold all of the question, since meaning is a reason to prefer one.
//!
//! # How the constants were found
//!
//! By `fit.rs` on the starter base of November 2026 (70 articles in English and German, with some 11 phrasings each). Its
//! samples and the share of all questions that each kind is taken to be: the development half of `questions/`, answerable
//! (50 %) and not (20 %); held-out phrasings, each half asked of a base that has only the other half (15 %); the same with
//! two letters swapped in the longest word (5 %); near misses, phrasings asked of a base without their article (5 %);
//! off-topic questions of `data/off_topic.txt` (5 %). For words alone also the questions to its titles and bodies.
//!
//! Where there are phrasings, what tells whether the answer is there is fitted within each base: every base has a constant of its
//! own beside the common weights, since it is from its own like that a question is to be told, and how high scores get differs
//! from base to base. How much the sum so found counts is fitted over all bases together then. That raised the AUROC of nearly
//! every public set (Rasa's Helpdesk from 0.919 to 0.968, Sara from 0.906 to 0.921). Of titles and bodies alone there are too
//! few bases: fitted so, 14 of 280 English questions to GNOME's help were answered wrong instead of 9.
//!
//! Beside those, with phrasings: every second question, answerable (25 %, evenly by set) and not (10 %), of public sets:
//! of help desks Ask Ubuntu and Web Applications (Braun and others 2017); of other things CLINC150 (ten phrasings each; two
//! of its single domains, one also with ten), xSID in both languages, Rasa's Sara and Helpdesk, nlp.js's corpus50 and Braun's
//! Chatbot, some with ten phrasings each as well. What is about other things is fitted on these alone.
//!
//! The weights for titles and bodies alone were fitted together with the starter base and its phrasings on GNOME's help (295
//! pages in each language; every second of 400 questions written for it and of 160 it does not answer). Fitted without
//! those, and with a threshold 0.02 higher, they answered 12 of 280 questions wrong in English instead of 9.
//!
//! Whoever's questions are mixed differently should fit again; a test fails if the constants no longer suit the starter base.
//! The figures of the other half of `questions/`, which nothing was fitted on, are in `docs/articles.md`.
//!
//! Said and true by confidence, on what the constants were fitted on: with phrasings 0.06/0.04, 0.30/0.26, 0.51/0.61, 0.72/0.68,
//! 0.93/0.93; in bases about other things 0.09/0.08, 0.30/0.38, 0.49/0.49, 0.71/0.74, 0.94/0.93. AUROC of `covered` on the
//! starter base, held-out phrasings against off-topic 0.960, against near misses 0.803.
//! What the base nearly covers cannot be told from what it covers.

use super::{Evidence, Match};
use crate::Verdict;

/// How sure a ranking is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Certainty {
    /// Probability that the base has the answer among the best few.
    pub(crate) covered: f64,
    /// Probability that the first match is the answer.
    pub(crate) first: f64,
}

impl Certainty {
    /// Of nothing at all.
    const NONE: Self = Self { covered: 0.0, first: 0.0 };
}

/// Number of [`coverage_features`].
const COVERAGE: usize = 11;
/// Number of [`lead_features`].
const LEAD: usize = 5;
/// The place of the match that stands for what any question finds somewhere.
const CROWD: usize = 9;

/// The weights of both models.
struct Models {
    /// Of [`coverage_features`].
    coverage: [f64; COVERAGE],
    /// Of [`lead_features`].
    lead: [f64; LEAD],
}

/// Where sentences were compared by their meaning, and there were phrasings enough to learn from, in the base of a help desk.
static LEARNED: Models = Models {
    coverage: [-2.60, 6.00, 0.97, 0.00, 0.00, -1.24, 0.00, 9.02, 0.00, -6.29, 4.65],
    lead: [-0.78, 4.89, 3.73, 0.02, 0.00],
};
/// The same, in a base that is about other things: what is familiar to help desks says less there.
static ABROAD: Models = Models {
    coverage: [-4.34, 3.62, 0.32, 0.00, 0.00, -0.70, 0.90, 3.06, 1.84, 0.00, 0.02],
    lead: [-1.64, 4.44, 4.72, 0.00, 0.00],
};
/// Where sentences were compared, of titles and bodies alone: scores are made of other things there.
static PLAIN: Models = Models {
    coverage: [-2.90, 5.83, 0.56, 0.00, 0.00, -0.49, 0.00, 9.96, 2.27, -6.11, 5.73],
    lead: [-1.58, 8.58, 4.40, 0.00, 2.47],
};
/// Where only words were.
static WORDS: Models = Models {
    coverage: [-1.73, 6.87, 0.71, 0.00, 0.24, -1.32, 0.00, 0.00, 0.00, 0.00, 0.00],
    lead: [-0.80, 3.01, 0.06, 0.10, 2.69],
};

/// Confidence from which to answer for at most this share of all questions to be answered wrong, and that share. Measured
/// on the samples and raised by some hundredths, because nobody asks quite like the samples; between them a straight line. Who
/// allows none gets hardly an answer, not even to an article's own title ([`EXACT`]).
const WRONG: [(f64, f64); 6] = [(0.0, 0.99), (0.01, 0.94), (0.02, 0.91), (0.03, 0.82), (0.05, 0.71), (0.1, 0.54)];

/// From this share on more makes no difference.
pub(crate) const MOST_WRONG: f64 = WRONG[WRONG.len() - 1].0;

/// Probability that an article is right if its author gave the question as its title or phrasing. Not measured.
const EXACT: f64 = 0.98;

/// What is left of the certainty about a bare question: too little to offer anything, but enough to tell more from less.
const BARE: f64 = 0.4;

/// How sure the ranking is; certain of nothing if there is no evidence of a topic.
pub(crate) fn certainty(matches: &[Match]) -> Certainty {
    matches.first().map_or(Certainty::NONE, |best| certainty_by(models(best), matches))
}

fn certainty_by(models: &Models, matches: &[Match]) -> Certainty {
    let evident = |best: &&Match| best.evidence.mass > 0.0 || by_meaning(best);
    let Some(best) = matches.first().filter(evident) else { return Certainty::NONE };
    let alone = best.evidence.exact && !matches.get(1).is_some_and(|second| second.evidence.exact);
    let covered = match &best.evidence {
        evidence if evidence.exact => EXACT,
        _ if is_bare(best) => BARE * logistic(&models.coverage, &coverage_features(best, matches)),
        _ => logistic(&models.coverage, &coverage_features(best, matches)),
    };
    let lead =
        if alone { 1.0 } else { logistic(&models.lead, &lead_features(best, matches)).min(1.0 / peers(best, matches)) };
    Certainty { covered, first: covered * lead }
}

/// Confidence from which to answer so that at most the share `wrong` of all questions is answered wrong.
pub(crate) fn answer_at(wrong: f64) -> f64 {
    let after = WRONG.iter().position(|&(share, _)| wrong <= share);
    match after {
        Some(0) => WRONG[0].1,
        Some(at) => {
            let ((low, from), (high, to)) = (WRONG[at - 1], WRONG[at]);
            from + (to - from) * (wrong - low) / (high - low)
        }
        None => WRONG[WRONG.len() - 1].1,
    }
}

/// The models for what was compared.
fn models(best: &Match) -> &'static Models {
    match best {
        best if !by_meaning(best) => &WORDS,
        best if has_learned(best) && best.evidence.at_home => &LEARNED,
        best if has_learned(best) => &ABROAD,
        _ => &PLAIN,
    }
}

/// Whether the question has no content word at all, such as "geht nicht". In a base that learned from phrasings and is about
/// other things than a help desk's that says nothing: small talk may be what it is about.
fn is_bare(best: &Match) -> bool {
    best.evidence.mass <= 0.0 && (best.evidence.at_home || !has_learned(best))
}

fn by_meaning(best: &Match) -> bool {
    best.sense.near().iter().any(|&near| near > 0.0)
}

fn has_learned(best: &Match) -> bool {
    best.lesson.share.is_some() || best.sense.share.iter().any(Option::is_some)
}

/// What tells whether the base has the answer at all.
fn coverage_features(best: &Match, matches: &[Match]) -> [f64; COVERAGE] {
    let Evidence { mass, found, titled, unknown, elsewhere, familiar, .. } = best.evidence;
    let [topic, meant] = best.sense.near();
    let above = matches.get(CROWD).or(matches.last()).map_or(0.0, |other| best.score - other.score);
    [1.0, best.score, mass * found, mass * titled, titled, unknown, topic, meant, above, elsewhere, familiar]
}

/// What tells whether the first match is right, given that one of the best few is.
fn lead_features(best: &Match, matches: &[Match]) -> [f64; LEAD] {
    let lead = |at: usize| matches.get(at).map_or(1.0, |other| 1.0 - other.score / best.score);
    [1.0, lead(1), lead(2), best.evidence.titled, best.score]
}

/// How many articles, the first included, hold the question's words as fully as the first does, in the title and at all.
/// It leads them only by repeating the words more often, which is no reason to prefer it: `printer` names no problem.
/// Where meaning was compared as well that is a reason, unless the words of the titles are all the question has.
#[expect(clippy::cast_precision_loss, reason = "a number of articles")]
fn peers(best: &Match, matches: &[Match]) -> f64 {
    const ALL: f64 = 0.99;
    if by_meaning(best) && best.evidence.titled < ALL {
        return 1.0;
    }
    let as_fully = |other: &&Match| {
        other.evidence.titled >= best.evidence.titled - 1e-9 && other.evidence.found >= best.evidence.found - 1e-9
    };
    matches.iter().take(Verdict::MAX_CANDIDATES).filter(as_fully).count().max(1) as f64
}

fn logistic<const N: usize>(weights: &[f64; N], features: &[f64; N]) -> f64 {
    let sum: f64 = weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum();
    1.0 / (1.0 + (-sum).exp())
}

#[cfg(test)]
mod fit;
#[cfg(test)]
mod regression;
#[cfg(test)]
mod samples;
