//! Texts as bags of n-grams, and the cosine of a question with every text of the base.
//!
//! Two kinds of n-grams, each with its own TF-IDF weights: one and two neighbouring words, and two to five neighbouring
//! characters inside a word (with its borders), which still match where a word is misspelt, inflected or part of a
//! compound. Weights are those of Salton and Buckley (1988), "Term-weighting approaches in automatic text retrieval":
//!
//! ```text
//! (1 + ln tf) * (1 + ln((1 + N) / (1 + df))),   scaled to length 1
//! ```

use std::collections::HashMap;

use crate::text::Token;

/// Words of a text whose n-grams count: the rest of a longer one is not read.
const MAX_WORDS: usize = 64;
/// Lengths of the n-grams of characters.
const CHARS: std::ops::RangeInclusive<usize> = 2..=5;

/// Weighted features, by id.
pub(super) type Row = Vec<(u32, f32)>;

/// The n-grams of one kind of all texts.
#[derive(Default)]
pub(super) struct Grams {
    ids: HashMap<u64, u32>,
    idf: Vec<f32>,
    rows: Vec<Row>,
    /// By feature: the rows that have it.
    postings: Vec<Row>,
}

impl Grams {
    /// Counts and weighs the features of all texts.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "numbers of texts and features")]
    pub(super) fn new(texts: &[Vec<u64>]) -> Self {
        let mut grams = Self::default();
        let mut having: Vec<u32> = Vec::new();
        let mut rows: Vec<Row> = Vec::with_capacity(texts.len());
        for text in texts {
            let mut row: Row = Vec::new();
            for (gram, count) in counts(text) {
                let next = grams.ids.len() as u32;
                let id = *grams.ids.entry(gram).or_insert(next);
                if id == next {
                    having.push(0);
                }
                having[id as usize] += 1;
                row.push((id, 1.0 + count.ln()));
            }
            rows.push(row);
        }
        let all = 1.0 + texts.len() as f32;
        grams.idf = having.iter().map(|&having| 1.0 + (all / (1.0 + having as f32)).ln()).collect();
        grams.postings = vec![Row::new(); having.len()];
        for (position, row) in rows.iter_mut().enumerate() {
            grams.weigh(row);
            row.sort_unstable_by_key(|&(id, _)| id);
            for &(id, weight) in row.iter() {
                grams.postings[id as usize].push((position as u32, weight));
            }
        }
        grams.rows = rows;
        grams
    }

    /// The weighted features of each text.
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Number of distinct features.
    pub(super) fn features(&self) -> usize {
        self.idf.len()
    }

    /// The cosine of a text with each row.
    pub(super) fn cosines(&self, text: &[u64]) -> Vec<f32> {
        let mut cosines = vec![0.0; self.rows.len()];
        let mut row: Row = Vec::new();
        let mut unknown = 0.0;
        for (gram, count) in counts(text) {
            let weight = 1.0 + count.ln();
            match self.ids.get(&gram) {
                Some(&id) => row.push((id, weight)),
                None => unknown += (weight * self.rarest()).powi(2),
            }
        }
        for (id, weight) in &mut row {
            *weight *= self.idf[*id as usize];
        }
        let length = (row.iter().map(|(_, weight)| weight * weight).sum::<f32>() + unknown).sqrt();
        for (id, weight) in row {
            let weight = weight / length;
            for &(position, there) in &self.postings[id as usize] {
                cosines[position as usize] += weight * there;
            }
        }
        cosines
    }

    /// IDF of a feature that no text has: what the question says that the base does not, it holds against every text.
    #[expect(clippy::cast_precision_loss, reason = "a number of texts")]
    fn rarest(&self) -> f32 {
        1.0 + (1.0 + self.rows.len() as f32).ln()
    }

    fn weigh(&self, row: &mut Row) {
        for (id, weight) in row.iter_mut() {
            *weight *= self.idf[*id as usize];
        }
        let length = row.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        for (_, weight) in row.iter_mut() {
            *weight /= length;
        }
    }
}

/// Each n-gram and how often it is there, in the order of the n-grams.
fn counts(text: &[u64]) -> Vec<(u64, f32)> {
    let mut sorted = text.to_vec();
    sorted.sort_unstable();
    let mut counts: Vec<(u64, f32)> = Vec::new();
    for gram in sorted {
        match counts.last_mut() {
            Some((last, count)) if *last == gram => *count += 1.0,
            _ => counts.push((gram, 1.0)),
        }
    }
    counts
}

/// The words of a text and its pairs of neighbouring words.
pub(super) fn of_words(tokens: &[Token]) -> Vec<u64> {
    let tokens = &tokens[..tokens.len().min(MAX_WORDS)];
    let single = tokens.iter().map(|token| hash(token.folded.bytes()));
    let pairs = tokens
        .windows(2)
        .map(|pair| hash(pair[0].folded.bytes().chain(std::iter::once(b' ')).chain(pair[1].folded.bytes())));
    single.chain(pairs).collect()
}

/// The n-grams of characters of a text.
pub(super) fn of_chars(tokens: &[Token]) -> Vec<u64> {
    let mut grams = Vec::new();
    for token in tokens.iter().take(MAX_WORDS) {
        let word: Vec<char> = std::iter::once(' ').chain(token.folded.chars()).chain([' ']).collect();
        for length in CHARS {
            for gram in word.windows(length) {
                grams.push(hash(gram.iter().flat_map(|&letter| u32::from(letter).to_le_bytes())));
            }
        }
    }
    grams
}

/// FNV-1a, 64 bits: the same on every machine and in every release.
pub(super) fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokens;

    #[test]
    fn the_same_text_has_cosine_one_and_a_misspelt_one_is_near() {
        let texts = ["my printer is broken", "vpn does not connect", "reset my password"];
        let grams = Grams::new(&texts.map(|text| of_chars(&tokens(text))));
        let cosines = grams.cosines(&of_chars(&tokens("vpn does not connect")));
        assert!((cosines[1] - 1.0).abs() < 1e-5 && cosines[0] < 0.2, "{cosines:?}");
        let cosines = grams.cosines(&of_chars(&tokens("my pritner is brokn")));
        assert!(cosines[0] > 0.4 && cosines[1] < 0.1, "{cosines:?}");
        assert!(grams.cosines(&[]).iter().all(|cosine| cosine.abs() < f32::EPSILON));
    }
}
