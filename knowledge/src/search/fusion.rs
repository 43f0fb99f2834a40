//! What the signals say, added up.
//!
//! A weighted sum of scores, divided by the weights of the signals that there are, so that it is a share of what could be
//! reached whether or not an article has phrasings and a body and the program encoders. Sums of scores did far better than
//! sums of ranks on every set that was tried. The weights were chosen, coarsely, by `questions/weigh.py`, on public sets, on
//! questions over GNOME's help and on the development half of `questions/`.

use super::{Lesson, Sense, encoders::COUNT};

/// What the signals of one article count.
struct Weights {
    /// Of the words found in its fields.
    words: f64,
    /// Of the cosine of characters with the nearest title or phrasing.
    chars: f64,
    /// Of the classifier of words and characters.
    share: f64,
    /// By space: of the cosine with the nearest title or phrasing.
    line: [f64; COUNT],
    /// By space: of the cosine with the beginning.
    lead: [f64; COUNT],
    /// By space: of the cosine with the nearest piece of the body.
    body: [f64; COUNT],
    /// By space: of the classifier of sentence vectors.
    learned: [f64; COUNT],
}

/// Where there were phrasings enough to learn from: they show how people ask.
const LEARNED: Weights = Weights {
    words: 0.4,
    chars: 0.4,
    share: 1.0,
    line: [0.7, 0.8],
    lead: [0.2, 1.0],
    body: [0.0, 0.3],
    learned: [0.3, 0.6],
};

/// Where titles and bodies are all there is: the title is short, what the article says first tells most.
const UNLEARNED: Weights = Weights {
    words: 0.3,
    chars: 0.05,
    share: 0.0,
    line: [0.0, 0.1],
    lead: [0.0, 1.0],
    body: [0.0, 0.4],
    learned: [0.0, 0.0],
};

/// The score of an article, 0..=1.
pub(super) fn fused(words: f64, lesson: Lesson, sense: Sense) -> f64 {
    let learned = lesson.share.is_some() || sense.share.iter().any(Option::is_some);
    let weights = if learned { &LEARNED } else { &UNLEARNED };
    let seen = |cosine: f64| (cosine > 0.0).then_some(cosine);
    let always = [(weights.words, Some(words)), (weights.chars, Some(lesson.near)), (weights.share, lesson.share)];
    let meant = (0..COUNT).flat_map(|space| {
        [
            (weights.line[space], seen(sense.line[space])),
            (weights.lead[space], seen(sense.lead[space])),
            (weights.body[space], seen(sense.body[space])),
            (weights.learned[space], sense.share[space]),
        ]
    });
    let signals = always.into_iter().chain(meant).filter_map(|(weight, signal)| Some((weight, signal?)));
    let (sum, weights) =
        signals.fold((0.0, 0.0), |(sum, weights), (weight, signal)| (sum + weight * signal, weights + weight));
    if weights > 0.0 { (sum / weights).clamp(0.0, 1.0) } else { 0.0 }
}
