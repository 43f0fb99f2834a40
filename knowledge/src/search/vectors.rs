//! The vectors of a segment in one space: a byte for each dimension, and a sketch.
//!
//! A vector is stored as whole numbers of -127..=127 times a scale of its own, which moves a cosine by less than 0.005. A
//! *sketch* is the signs of the dimensions: vectors at a small angle differ in few of them (Charikar 2002, "Similarity
//! estimation techniques from rounding algorithms"). The sketches of a base are an eighth of the size of its
//! vectors; whoever comes out nearest is then compared by vector.

use super::{kernels, passages::Kind};

/// What a question's largest dimension becomes: the sum of 2048 products with bytes stays within 32 bits.
const FINEST: f32 = 8191.0;

/// The vectors of the passages of each article.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Vectors {
    pub(super) dimensions: usize,
    /// By article: its first row; one more for the end of the last.
    pub(super) starts: Vec<u32>,
    pub(super) kinds: Vec<Kind>,
    pub(super) scales: Vec<f32>,
    pub(super) codes: Vec<i8>,
    sketches: Vec<u64>,
}

/// A vector as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stored {
    pub(super) scale: f32,
    pub(super) codes: Vec<i8>,
}

impl Stored {
    /// Rounds a vector.
    #[expect(clippy::cast_possible_truncation, reason = "scaled to fit")]
    pub(super) fn of(vector: &[f32]) -> Self {
        let largest = vector.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        Self { scale, codes: vector.iter().map(|value| (value / scale).round() as i8).collect() }
    }

    /// The vector, as it was rounded.
    pub(super) fn values(&self) -> impl Iterator<Item = f32> {
        self.codes.iter().map(|&code| f32::from(code) * self.scale)
    }
}

/// A question's vector, ready to be compared.
pub(super) struct Asked {
    values: Vec<i16>,
    scale: f32,
    sketch: Vec<u64>,
}

impl Asked {
    #[expect(clippy::cast_possible_truncation, reason = "scaled to fit")]
    pub(super) fn new(vector: &[f32]) -> Self {
        let largest = vector.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        let scale = if largest > 0.0 { largest / FINEST } else { 1.0 };
        let values = vector.iter().map(|value| (value / scale).round() as i16).collect();
        let signs: Vec<i8> = vector.iter().map(|&value| i8::from(value > 0.0)).collect();
        Self { values, scale, sketch: kernels::signs(&signs, signs.len().max(1)) }
    }

    /// The vector, as it was rounded.
    pub(super) fn values(&self) -> impl Iterator<Item = f32> {
        self.values.iter().map(|&value| f32::from(value) * self.scale)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "fewer rows than u32 counts")]
impl Vectors {
    /// No articles yet.
    pub(super) fn new(dimensions: usize) -> Self {
        Self { dimensions, starts: vec![0], ..Self::default() }
    }

    /// From arrays that were read from somewhere; `None` if they do not fit together.
    pub(super) fn read(
        dimensions: usize,
        starts: Vec<u32>,
        kinds: Vec<Kind>,
        scales: Vec<f32>,
        codes: Vec<i8>,
    ) -> Option<Self> {
        let rows = kinds.len();
        let sound = starts.first() == Some(&0)
            && starts.is_sorted()
            && starts.last().is_some_and(|&end| end as usize == rows)
            && scales.len() == rows
            && codes.len() == rows.checked_mul(dimensions)?
            && scales.iter().all(|scale| scale.is_finite());
        let mut vectors = Self { dimensions, starts, kinds, scales, codes, sketches: Vec::new() };
        vectors.sketches = match dimensions {
            0 => Vec::new(),
            _ => kernels::signs(&vectors.codes, dimensions),
        };
        sound.then_some(vectors)
    }

    /// Adds the next article.
    pub(super) fn push(&mut self, passages: &[(Kind, Stored)]) {
        for (kind, Stored { scale, codes }) in passages {
            self.kinds.push(*kind);
            self.scales.push(*scale);
            self.sketches.extend(kernels::signs(codes, codes.len().max(1)));
            self.codes.extend(codes);
        }
        self.starts.push(self.kinds.len() as u32);
    }

    /// Adds the next article, which is one of `other`.
    pub(super) fn push_from(&mut self, other: &Self, article: usize) {
        let rows = other.rows(article);
        let each = self.sketch_length();
        self.kinds.extend_from_slice(&other.kinds[rows.clone()]);
        self.scales.extend_from_slice(&other.scales[rows.clone()]);
        self.sketches.extend_from_slice(&other.sketches[rows.start * each..rows.end * each]);
        self.codes.extend_from_slice(&other.codes[rows.start * self.dimensions..rows.end * self.dimensions]);
        self.starts.push(self.kinds.len() as u32);
    }

    /// The same without the room that was kept for more: after the last article.
    pub(super) fn fitted(mut self) -> Self {
        self.starts.shrink_to_fit();
        self.kinds.shrink_to_fit();
        self.scales.shrink_to_fit();
        self.codes.shrink_to_fit();
        self.sketches.shrink_to_fit();
        self
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    /// The rows of an article.
    pub(super) fn rows(&self, article: usize) -> std::ops::Range<usize> {
        self.starts[article] as usize..self.starts[article + 1] as usize
    }

    /// A row as it is stored.
    pub(super) fn stored(&self, row: usize) -> Stored {
        Stored { scale: self.scales[row], codes: self.codes[row * self.dimensions..][..self.dimensions].to_vec() }
    }

    /// The question's cosines with these rows.
    #[expect(clippy::cast_precision_loss, reason = "a cosine needs no more than 24 bits")]
    pub(super) fn cosines(&self, asked: &Asked, rows: std::ops::Range<usize>) -> Vec<f32> {
        if asked.values.len() != self.dimensions {
            return vec![0.0; rows.len()];
        }
        let mut products = Vec::with_capacity(rows.len());
        kernels::dots(
            &asked.values,
            &self.codes[rows.start * self.dimensions..rows.end * self.dimensions],
            &mut products,
        );
        let scales = &self.scales[rows];
        products.iter().zip(scales).map(|(&product, scale)| product as f32 * scale * asked.scale).collect()
    }

    /// By article: in how many bits the nearest of its sketches differs from the question's; `u16::MAX` without any.
    pub(super) fn distances(&self, asked: &Asked) -> Vec<u16> {
        let mut distances = Vec::with_capacity(self.len());
        if asked.sketch.len() == self.sketch_length() {
            kernels::distances(&asked.sketch, &self.sketches, &mut distances);
        }
        distances.resize(self.len(), u16::MAX);
        let of = |range: &[u32]| distances[range[0] as usize..range[1] as usize].iter().min().copied();
        self.starts.windows(2).map(|range| of(range).unwrap_or(u16::MAX)).collect()
    }

    fn sketch_length(&self) -> usize {
        self.dimensions.div_ceil(64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(values: &[f32]) -> Vec<f32> {
        let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
        values.iter().map(|value| value / length).collect()
    }

    #[test]
    fn stored_vectors_keep_their_cosines() {
        let vector = |seed: u32| -> Vec<f32> {
            unit(
                &(0..384_u32)
                    .map(|at| f32::from(u16::try_from((at * 2_654_435 + seed * 97) % 1001).unwrap()) - 500.0)
                    .collect::<Vec<_>>(),
            )
        };
        let mut vectors = Vectors::new(384);
        vectors.push(&[(Kind::Title, Stored::of(&vector(1))), (Kind::Body, Stored::of(&vector(2)))]);
        vectors.push(&[]);
        vectors.push(&[(Kind::Title, Stored::of(&vector(3)))]);
        let asked = Asked::new(&vector(2));
        for (row, cosine) in (1..).zip(vectors.cosines(&asked, 0..3)) {
            let exact: f32 = vector(row).iter().zip(vector(2)).map(|(left, right)| left * right).sum();
            assert!((cosine - exact).abs() < 0.005, "{row}: {cosine} {exact}");
        }
        let distances = vectors.distances(&asked);
        assert_eq!((distances[0], distances[1]), (0, u16::MAX));
        assert!(distances[2] > 0 && distances[2] < 385);
        let mut other = Vectors::new(384);
        other.push_from(&vectors, 2);
        assert_eq!(other.stored(0), vectors.stored(2));
        let Vectors { starts, kinds, scales, codes, .. } = vectors.clone();
        assert_eq!(Vectors::read(384, starts.clone(), kinds.clone(), scales.clone(), codes.clone()), Some(vectors));
        assert_eq!(Vectors::read(383, starts, kinds, scales, codes), None);
    }
}
