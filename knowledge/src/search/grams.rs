//! Texts as bags of n-grams, and the cosine of a question with every text of the base.
//!
//! Two kinds of n-grams, each with its own TF-IDF weights: one and two neighbouring words, and two to five neighbouring
//! characters inside a word (with its borders), which still match where a word is misspelt, inflected or part of a
//! compound. Weights are those of Salton and Buckley (1988), "Term-weighting approaches in automatic text retrieval":
//!
//! ```text
//! (1 + ln tf) * (1 + ln((1 + N) / (1 + df))),   scaled to length 1
//! ```

use super::bags::Bags;
use crate::text::Token;

/// Words of a text whose n-grams count: the rest of a longer one is not read.
const MAX_WORDS: usize = 64;
/// Lengths of the n-grams of characters.
const CHARS: std::ops::RangeInclusive<usize> = 2..=5;

/// Weighted features, by id.
pub(super) type Row = Vec<(u32, f32)>;

/// What the n-grams of one kind of a segment weigh in the base as it is now, in one language.
#[derive(Debug)]
pub(super) struct Weights {
    /// By n-gram of the segment.
    idf: Vec<f32>,
    /// By row: what scales it to length 1; 0 for rows of the other language and empty ones.
    scales: Vec<f32>,
    /// IDF of an n-gram that no text has: what a question says that the base does not, it holds against every text.
    rarest: f32,
}

/// A question, weighed against one segment.
pub(super) struct Asked {
    /// A bit for each n-gram of the segment: whether the question has it. Most are asked for in vain, and so many bits stay
    /// near to the processor.
    has: Vec<u64>,
    /// By n-gram of the segment: what it weighs in the question, times what it weighs in a row that has it once.
    weights: Vec<f32>,
}

impl Weights {
    /// Of segments that are the whole base: of each its bags and which of its rows count.
    pub(super) fn of(segments: &[(&Bags<u64>, Vec<usize>)]) -> Vec<Self> {
        let having: Vec<Vec<u32>> = segments.iter().map(|(bags, rows)| having(bags, rows)).collect();
        let all = segments.iter().map(|(_, rows)| rows.len()).sum();
        let mut sums = having.clone();
        for (here, (bags, _)) in segments.iter().enumerate() {
            for (there, (others, _)) in segments.iter().enumerate().filter(|&(there, _)| there != here) {
                for (id, other) in shared(&bags.keys, &others.keys) {
                    sums[here][id] += having[there][other];
                }
            }
        }
        let weighed = segments.iter().zip(sums);
        weighed
            .map(|((bags, rows), having)| {
                Self::new(bags, rows, having.iter().map(|&it| idf(it, all)).collect(), idf(0, all))
            })
            .collect()
    }

    /// Of a segment that came later: as its n-grams weigh in the base before, and those that are new there as if one text
    /// had them.
    pub(super) fn like(&self, base: &Bags<u64>, bags: &Bags<u64>, rows: &[usize]) -> Self {
        let new = self.rarest - std::f32::consts::LN_2;
        let mut idf = vec![new; bags.keys.len()];
        for (id, other) in shared(&bags.keys, &base.keys) {
            idf[id] = self.idf[other].min(new);
        }
        Self::new(bags, rows, idf, self.rarest)
    }

    fn new(bags: &Bags<u64>, rows: &[usize], idf: Vec<f32>, rarest: f32) -> Self {
        let mut scales = vec![0.0; bags.len()];
        for &row in rows {
            let length = bags.row(row).map(|(id, count)| (times(count) * idf[id as usize]).powi(2)).sum::<f32>().sqrt();
            scales[row] = if length > 0.0 { 1.0 / length } else { 0.0 };
        }
        Self { idf, scales, rarest }
    }

    /// The weighted features of a row, of length 1.
    pub(super) fn row(&self, bags: &Bags<u64>, row: usize) -> Row {
        let scale = self.scales[row];
        bags.row(row).map(|(id, count)| (id, times(count) * self.idf[id as usize] * scale)).collect()
    }

    /// The cosine of a question with a row.
    pub(super) fn cosine(&self, bags: &Bags<u64>, asked: &Asked, row: usize) -> f32 {
        let shared = bags.row(row).filter(|&(id, _)| asked.has(id));
        let products = shared.map(|(id, count)| asked.weights[id as usize] * times(count));
        products.sum::<f32>() * self.scales[row]
    }
}

impl Asked {
    /// Weighs the n-grams of a question; one for each segment.
    pub(super) fn new(text: &[u64], segments: &[(&Bags<u64>, &Weights)]) -> Vec<Self> {
        let mut asked: Vec<Self> = segments.iter().map(|(bags, _)| Self::nothing(bags.keys.len())).collect();
        let rarest = segments.first().map_or(1.0, |(_, weights)| weights.rarest);
        let mut square = 0.0;
        let mut places = Vec::new();
        for (gram, count) in counts(text) {
            let mut idf = None;
            for (at, (bags, weights)) in segments.iter().enumerate() {
                if let Some(id) = bags.id(&gram) {
                    places.push((at, id as usize));
                    let here = weights.idf[id as usize];
                    asked[at].set(id, count * *idf.get_or_insert(here) * here);
                }
            }
            square += (count * idf.unwrap_or(rarest)).powi(2);
        }
        let length = square.sqrt();
        for (at, id) in places {
            asked[at].weights[id] /= length;
        }
        asked
    }

    fn nothing(keys: usize) -> Self {
        Self { has: vec![0; keys.div_ceil(64)], weights: vec![0.0; keys] }
    }

    fn set(&mut self, id: u32, weight: f32) {
        self.has[id as usize / 64] |= 1 << (id % 64);
        self.weights[id as usize] = weight;
    }

    fn has(&self, id: u32) -> bool {
        self.has[id as usize / 64] >> (id % 64) & 1 == 1
    }
}

/// By n-gram: how many of the rows have it.
fn having(bags: &Bags<u64>, rows: &[usize]) -> Vec<u32> {
    let mut having = vec![0; bags.keys.len()];
    for &row in rows {
        for (id, _) in bags.row(row) {
            having[id as usize] += 1;
        }
    }
    having
}

/// The places of what two sorted lists have in common.
fn shared<'a>(left: &'a [u64], right: &'a [u64]) -> impl Iterator<Item = (usize, usize)> + 'a {
    let mut at = 0;
    left.iter().enumerate().filter_map(move |(place, key)| {
        at += right[at..].partition_point(|other| other < key);
        (right.get(at) == Some(key)).then_some((place, at))
    })
}

#[expect(clippy::cast_precision_loss, reason = "numbers of texts")]
fn idf(having: u32, all: usize) -> f32 {
    1.0 + ((1.0 + all as f32) / (1.0 + having as f32)).ln()
}

/// What an n-gram counts that is there so often.
fn times(count: u8) -> f32 {
    if count == 1 { 1.0 } else { 1.0 + f32::from(count).ln() }
}

/// Each n-gram of a question and what it counts, in the order of the n-grams.
fn counts(text: &[u64]) -> Vec<(u64, f32)> {
    let mut sorted = text.to_vec();
    sorted.sort_unstable();
    let same = sorted.chunk_by(|left, right| left == right);
    same.map(|same| (same[0], times(u8::try_from(same.len()).unwrap_or(u8::MAX)))).collect()
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
        let bags = Bags::of(texts.map(|text| of_chars(&tokens(text))));
        let weights = Weights::of(&[(&bags, vec![0, 1, 2])]).remove(0);
        let cosines = |text: &str| {
            let asked = Asked::new(&of_chars(&tokens(text)), &[(&bags, &weights)]).remove(0);
            [0, 1, 2].map(|row| weights.cosine(&bags, &asked, row))
        };
        let [first, second, _] = cosines("vpn does not connect");
        assert!((second - 1.0).abs() < 1e-5 && first < 0.2, "{first} {second}");
        let [first, second, _] = cosines("my pritner is brokn");
        assert!(first > 0.4 && second < 0.1, "{first} {second}");
        assert!(cosines("").iter().all(|cosine| cosine.abs() < f32::EPSILON));
    }

    #[test]
    fn segments_weigh_as_one() {
        let texts = ["my printer is broken", "vpn does not connect", "reset my password"];
        let of = |texts: &[&str]| Bags::of(texts.iter().map(|text| of_chars(&tokens(text))));
        let (all, left, right) = (of(&texts), of(&texts[..2]), of(&texts[2..]));
        let one = Weights::of(&[(&all, vec![0, 1, 2])]).remove(0);
        let two = Weights::of(&[(&left, vec![0, 1]), (&right, vec![0])]);
        let question = of_chars(&tokens("my password is broken"));
        let whole = Asked::new(&question, &[(&all, &one)]);
        let parts = Asked::new(&question, &[(&left, &two[0]), (&right, &two[1])]);
        let expected = [0, 1, 2].map(|row| one.cosine(&all, &whole[0], row));
        let found = [
            two[0].cosine(&left, &parts[0], 0),
            two[0].cosine(&left, &parts[0], 1),
            two[1].cosine(&right, &parts[1], 0),
        ];
        assert!(expected.iter().zip(found).all(|(left, right)| (left - right).abs() < 1e-6), "{expected:?} {found:?}");
    }
}
