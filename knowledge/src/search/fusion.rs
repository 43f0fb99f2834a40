//! What the signals say, added up.
//!
//! A weighted sum of scores, divided by the weights of the signals that there are, so that it is a share of what could be
//! reached whether or not an article has phrasings and the program encoders. Sums of scores did far better than sums of
//! ranks on every set that was tried. The weights were chosen, coarsely, on public sets and on the development half of
//! `questions/`.

use super::{Lesson, Sense};

/// Of the words found in the fields of an article.
const WORDS: f64 = 1.0;
/// Of the cosine of characters with the nearest title or phrasing, beside a classifier that has learned from them.
const CHARS: f64 = 0.3;
/// The same without a classifier.
const CHARS_ALONE: f64 = 0.15;
/// Of the classifier of words and characters.
const SHARE: f64 = 0.7;
/// By encoder: of the classifier of sentence vectors.
const SENSE_SHARE: [f64; 2] = [1.0, 1.5];
/// By encoder: of the cosine with the nearest sentence.
const SENSE_NEAR: [f64; 2] = [0.7, 1.0];

/// The score of an article, 0..=1.
pub(super) fn fused(words: f64, lesson: Lesson, sense: Sense) -> f64 {
    let chars = if lesson.share.is_some() { CHARS } else { CHARS_ALONE };
    let always = [(WORDS, Some(words)), (chars, Some(lesson.near)), (SHARE, lesson.share)];
    let shares = SENSE_SHARE.into_iter().zip(sense.share);
    let near = SENSE_NEAR.into_iter().zip(sense.near().map(|near| (near > 0.0).then_some(near)));
    let (sum, weights) = always
        .into_iter()
        .chain(shares)
        .chain(near)
        .filter_map(|(weight, signal)| Some((weight, signal?)))
        .fold((0.0, 0.0), |(sum, weights), (weight, signal)| (sum + weight * signal, weights + weight));
    (sum / weights).clamp(0.0, 1.0)
}
