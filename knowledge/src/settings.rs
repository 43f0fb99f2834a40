//! When the desk answers, asks back, or admits that it does not know.

use serde::{Deserialize, Serialize};

use crate::Language;

/// The thresholds between the three conclusions. Probabilities are those of the calibration, 0..=1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MatchSettings {
    /// Share of all questions, 0..=1, that may be answered wrong. Lower: fewer answers, more questions back. What it takes
    /// in confidence was measured on the starter base; measure your own with `firstline kb eval`.
    pub wrong_at_most: f64,
    /// Probability that the base has the answer at all from which a few candidates are offered. Below, it is unknown.
    pub ambiguous_at: f64,
    /// What a candidate must reach of the best one's score, 0..=1, to be offered beside it.
    pub offer_within: f64,
    /// The language of a question that shows none, such as a lone product name.
    pub fallback_language: Language,
}

impl Default for MatchSettings {
    fn default() -> Self {
        Self { wrong_at_most: 0.03, ambiguous_at: 0.45, offer_within: 0.6, fallback_language: Language::En }
    }
}
