//! Which articles are looked at closely.
//!
//! In a base of up to [`EXHAUSTIVE`] articles all of them, so that nothing is lost. In a larger one the best by words and
//! the nearest by meaning, [`MOST`] of each, and whoever has the question word for word. Which are nearest is asked of the
//! sketches of all vectors and then, since those are rough, of the vectors of several times as many.

use super::{
    Request,
    meaning::{self, Question},
    rank::Reading,
    scoring::scores,
    shelf::{Part, Shelf},
};
use crate::Language;

/// Articles up to which all are candidates.
const EXHAUSTIVE: usize = 2_000;
/// Candidates of each kind: words, and each space of vectors, in each part and language.
const MOST: usize = 200;

/// How many are taken by sketch of so many articles: the more there are, the more seem nearer than the one that is nearest.
/// `growth.rs` prints how often the nearest by vector is among so many: nine times of ten at 10,000 articles, eight at 100,000.
fn sketched(articles: usize) -> usize {
    MOST * (articles / 4_000).clamp(4, 8)
}

/// Articles of one part in one language.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    /// Numbers within the part, ascending.
    pub(super) docs: Vec<u32>,
    /// The weighted sum of what each gains by words.
    pub(super) scores: Vec<f64>,
}

/// By reading and part.
pub(super) fn of(
    shelf: &Shelf,
    readings: &[Reading<'_>],
    question: &Question,
    request: &Request<'_>,
) -> Vec<Vec<Candidates>> {
    let exhaustive = shelf.docs().len() <= EXHAUSTIVE;
    let mut near: Vec<[Vec<u32>; 2]> = shelf.parts.iter().map(|_| Default::default()).collect();
    if !exhaustive {
        for (part, near) in shelf.parts.iter().zip(&mut near) {
            *near = nearest(part, question, request);
        }
    }
    readings
        .iter()
        .map(|reading| {
            let language = reading.tongue.language;
            shelf
                .parts
                .iter()
                .enumerate()
                .map(|(at, part)| {
                    let scores = scores(reading.to(at), part.segment.articles.len());
                    let docs = if exhaustive {
                        (0..part.live.len())
                            .filter(|&doc| is_possible(part, doc, language, request))
                            .map(number)
                            .collect()
                    } else {
                        let mut docs: Vec<u32> = best(part, language, &scores, request).collect();
                        docs.extend(&near[at][language as usize]);
                        let exact = reading.to(at).view.exact(&reading.words);
                        docs.extend(exact.filter(|&doc| is_possible(part, doc as usize, language, request)));
                        docs.sort_unstable();
                        docs.dedup();
                        docs
                    };
                    Candidates { scores: docs.iter().map(|&doc| scores[doc as usize]).collect(), docs }
                })
                .collect()
        })
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "fewer articles than u32 counts")]
fn number(doc: usize) -> u32 {
    doc as u32
}

fn is_possible(part: &Part, doc: usize, language: Language, request: &Request<'_>) -> bool {
    part.live[doc] && part.segment.languages[doc] == language && (request.allowed)(part.offset + doc)
}

/// The articles that score highest by words.
fn best(part: &Part, language: Language, scores: &[f64], request: &Request<'_>) -> impl Iterator<Item = u32> {
    let positive = scores.iter().enumerate().filter(|&(_, &score)| score > 0.0);
    let possible = positive.filter(|&(doc, _)| is_possible(part, doc, language, request));
    most(possible.map(|(doc, &score)| (score, number(doc))).collect())
}

/// The [`MOST`] that score highest.
fn most(mut found: Vec<(f64, u32)>) -> impl Iterator<Item = u32> {
    if found.len() > MOST {
        found.select_nth_unstable_by(MOST, |left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
        found.truncate(MOST);
    }
    found.into_iter().map(|(_, doc)| doc)
}

/// By language: the articles that are nearest in any space.
fn nearest(part: &Part, question: &Question, request: &Request<'_>) -> [Vec<u32>; 2] {
    let mut near: [Vec<u32>; 2] = Default::default();
    let enough = sketched(part.live.len());
    for (space, (vectors, asked)) in part.segment.vectors.iter().zip(&question.asked).enumerate() {
        let Some(asked) = asked else { continue };
        let distances = vectors.distances(asked);
        for (language, near) in Language::ALL.into_iter().zip(&mut near) {
            let possible = |doc: usize| is_possible(part, doc, language, request);
            let of_possible = distances.iter().enumerate().filter(|&(doc, _)| possible(doc)).map(|(_, &it)| it);
            let Some(limit) = limit(of_possible, enough) else { continue };
            let within = distances.iter().enumerate().filter(|&(doc, &it)| it <= limit && possible(doc));
            let within: Vec<u32> = within.map(|(doc, _)| number(doc)).take(2 * enough).collect();
            let senses = meaning::senses(&part.segment, &within, question);
            near.extend(most(senses.iter().map(|sense| sense.near()[space]).zip(within).collect()));
        }
    }
    near
}

/// The distance within which there are `most`, or all.
fn limit(distances: impl Iterator<Item = u16>, most: usize) -> Option<u16> {
    let mut counts: Vec<usize> = Vec::new();
    for distance in distances.filter(|&distance| distance < u16::MAX) {
        let distance = usize::from(distance);
        if counts.len() <= distance {
            counts.resize(distance + 1, 0);
        }
        counts[distance] += 1;
    }
    let mut sum = 0;
    let enough = counts.iter().position(|count| {
        sum += count;
        sum >= most
    });
    u16::try_from(enough.unwrap_or(counts.len().checked_sub(1)?)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_takes_in_enough() {
        assert_eq!(limit([].into_iter(), 200), None);
        assert_eq!(limit([u16::MAX].into_iter(), 200), None);
        assert_eq!(limit([7, 3, u16::MAX].into_iter(), 200), Some(7));
        assert_eq!(limit((0..1000).map(|at| at / 10), 200), Some(19));
    }
}
