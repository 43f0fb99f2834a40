//! Questions and verdicts.

use serde::{Deserialize, Serialize};

use crate::{
    ArticleId, Audience, Language, MatchSettings,
    search::calibration::{Certainty, answer_at},
};

/// A question to a [`crate::Library`].
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What the requester wrote. Only the first 4,000 characters are read, and of those the 48 most telling words.
    pub text: &'a str,
    /// The requester's language if it is known; `None` detects it.
    pub language: Option<Language>,
    /// Who asks: decides which articles may be found.
    pub audience: Audience,
    /// Articles that were tried already and are left out.
    pub not: &'a [ArticleId],
}

/// What the knowledge base concludes from a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Conclusion {
    /// The first candidate is the answer.
    Answer,
    /// One of the offered candidates is probably the answer; the requester can tell which.
    Ambiguous,
    /// The base does not have the answer.
    Unknown,
}

/// The conclusion and what led to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// What to do.
    pub conclusion: Conclusion,
    /// Probability that the first candidate is right, 0..=1; 0 without candidates.
    pub confidence: f64,
    /// Probability that the base has the answer at all, among the best four, 0..=1. Never below `confidence`.
    #[serde(default)]
    pub covered: f64,
    /// The best matches, best first, at most [`Verdict::MAX_CANDIDATES`]; one for each article id, in the question's
    /// language where the article exists in it. Not empty for [`Conclusion::Answer`] and [`Conclusion::Ambiguous`]; for
    /// [`Conclusion::Unknown`] they are only what came nearest.
    pub candidates: Vec<Candidate>,
    /// How many of the first candidates to offer: 1 for an answer, 0 for unknown, and for ambiguous 2 to
    /// [`Verdict::MAX_OFFERED`] (1 if nothing else matched at all).
    pub offered: usize,
    /// The language that was given or detected.
    pub language: Language,
    /// Words that were read as other words.
    pub corrections: Vec<Correction>,
}

/// An article that may be the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The article.
    pub id: ArticleId,
    /// Its title, in `language`.
    pub title: String,
    /// The language in which the article is there: the question's if it can be.
    pub language: Language,
    /// What it reached of the highest score that any article could reach, 0..=1. Orders candidates; not a probability.
    pub score: f64,
}

/// A word of the question that was read as a word of the base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// As the requester wrote it.
    pub from: String,
    /// As it was read: lower case, umlauts spelt out.
    pub to: String,
}

/// From where on is answered or asked back: probabilities, 0..=1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Thresholds {
    /// That the first candidate is right: from here it is the answer.
    pub answer_at: f64,
    /// The share of all questions that are answered wrong then, at most.
    pub wrong_at_most: f64,
    /// That the base has the answer at all: from here candidates are offered.
    pub ambiguous_at: f64,
}

impl Thresholds {
    pub(crate) fn of(settings: &MatchSettings) -> Self {
        let MatchSettings { wrong_at_most, ambiguous_at, .. } = *settings;
        Self { answer_at: answer_at(wrong_at_most), wrong_at_most, ambiguous_at }
    }
}

impl Verdict {
    /// Candidates that a verdict lists at most.
    pub const MAX_CANDIDATES: usize = 10;
    /// Candidates that are offered at most: more is a search page and not a question.
    pub const MAX_OFFERED: usize = 4;
}

/// Draws the conclusion from the scores of the candidates, best first, and how sure they are.
pub(crate) fn conclude(scores: &[f64], certainty: Certainty, settings: &MatchSettings) -> (Conclusion, usize) {
    let Some(&best) = scores.first() else { return (Conclusion::Unknown, 0) };
    if certainty.first >= answer_at(settings.wrong_at_most) {
        return (Conclusion::Answer, 1);
    }
    if certainty.covered < settings.ambiguous_at {
        return (Conclusion::Unknown, 0);
    }
    let near = scores.iter().take_while(|&&score| score >= settings.offer_within * best).count();
    (Conclusion::Ambiguous, near.clamp(2, Verdict::MAX_OFFERED).min(scores.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conclusions() {
        fn check(scores: &[f64], first: f64, covered: f64, expected: (Conclusion, usize)) {
            let settings = MatchSettings { ambiguous_at: 0.3, offer_within: 0.5, ..MatchSettings::default() };
            let first = if first > 0.6 { 0.99 } else { first };
            assert_eq!(
                conclude(scores, Certainty { covered, first }, &settings),
                expected,
                "{scores:?} {first} {covered}"
            );
        }
        check(&[], 0.0, 0.0, (Conclusion::Unknown, 0));
        check(&[0.9, 0.1], 0.7, 0.9, (Conclusion::Answer, 1));
        check(&[0.9, 0.8], 0.2, 0.2, (Conclusion::Unknown, 0));
        check(&[0.9, 0.8], 0.4, 0.8, (Conclusion::Ambiguous, 2));
        check(&[0.9, 0.1], 0.4, 0.8, (Conclusion::Ambiguous, 2));
        check(&[0.9], 0.4, 0.8, (Conclusion::Ambiguous, 1));
        check(&[0.9, 0.8, 0.7, 0.6, 0.5, 0.4], 0.2, 0.8, (Conclusion::Ambiguous, 4));
    }
}
