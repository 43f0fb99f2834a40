//! The two inner loops over vectors, written so that the compiler makes vector code of them.

#![expect(clippy::inline_always, reason = "what is not inlined keeps the narrow vectors")]

/// The products of `question` with each row of `rows`, which are as long.
pub(super) fn dots(question: &[i16], rows: &[i8], out: &mut Vec<i32>) {
    dispatch(Dots { question, rows, out });
}

/// The number of bits in which `question` and each row of `rows` differ; rows are as long as the question.
pub(super) fn distances(question: &[u64], rows: &[u64], out: &mut Vec<u16>) {
    dispatch(Distances { question, rows, out });
}

struct Dots<'a> {
    question: &'a [i16],
    rows: &'a [i8],
    out: &'a mut Vec<i32>,
}

impl Dots<'_> {
    #[inline(always)]
    fn compute(self) {
        let products = self.rows.chunks_exact(self.question.len().max(1)).map(|row| {
            let terms = row.iter().zip(self.question).map(|(left, right)| i32::from(*left) * i32::from(*right));
            terms.sum::<i32>()
        });
        self.out.extend(products);
    }
}

struct Distances<'a> {
    question: &'a [u64],
    rows: &'a [u64],
    out: &'a mut Vec<u16>,
}

impl Distances<'_> {
    #[inline(always)]
    fn compute(self) {
        match self.question.len() {
            6 => self.compute_for::<6>(),
            8 => self.compute_for::<8>(),
            12 => self.compute_for::<12>(),
            length => {
                let rows = self.rows.chunks_exact(length.max(1));
                self.out.extend(rows.map(|row| bits(row.iter().zip(self.question))));
            }
        }
    }

    #[inline(always)]
    fn compute_for<const N: usize>(self) {
        let (rows, _) = self.rows.as_chunks::<N>();
        let Some(question) = self.question.first_chunk::<N>() else { return };
        self.out.extend(rows.iter().map(|row| bits(row.iter().zip(question))));
    }
}

#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "vectors have fewer than 2^16 dimensions")]
fn bits<'a>(pairs: impl Iterator<Item = (&'a u64, &'a u64)>) -> u16 {
    pairs.map(|(left, right)| (left ^ right).count_ones()).sum::<u32>() as u16
}

#[cfg(feature = "encoder")]
mod wide {
    /// Compiled once for every width of vectors; at run time the widest that the processor has is taken.
    impl pulp::WithSimd for super::Dots<'_> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, _: S) {
            self.compute();
        }
    }

    impl pulp::WithSimd for super::Distances<'_> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, _: S) {
            self.compute();
        }
    }

    pub(super) fn dispatch(work: impl pulp::WithSimd<Output = ()>) {
        pulp::Arch::new().dispatch(work);
    }
}

#[cfg(feature = "encoder")]
use wide::dispatch;

#[cfg(not(feature = "encoder"))]
trait Work {
    fn run(self);
}

#[cfg(not(feature = "encoder"))]
impl Work for Dots<'_> {
    fn run(self) {
        self.compute();
    }
}

#[cfg(not(feature = "encoder"))]
impl Work for Distances<'_> {
    fn run(self) {
        self.compute();
    }
}

#[cfg(not(feature = "encoder"))]
fn dispatch(work: impl Work) {
    work.run();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_distances() {
        let mut products = Vec::new();
        dots(&[2, -3, 1000], &[1, 1, 1, -128, 127, 0], &mut products);
        assert_eq!(products, [999, -637]);
        for length in [1, 6, 8, 12] {
            let mut bits = Vec::new();
            let rows: Vec<u64> = [vec![0; length], vec![u64::MAX; length]].concat();
            distances(&vec![0b1011; length], &rows, &mut bits);
            let length = u16::try_from(length).unwrap();
            assert_eq!(bits, [3 * length, 61 * length]);
        }
    }
}
