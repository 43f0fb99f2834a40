//! The inner loops over vectors, written so that the compiler makes vector code of them. They fill slices, since growing a
//! vector is a call that keeps the narrow vectors.

#![expect(clippy::inline_always, reason = "what is not inlined keeps the narrow vectors")]

/// The products of `question` with each row of `rows`, which are as long.
pub(super) fn dots(question: &[i16], rows: &[i8], out: &mut Vec<i32>) {
    out.resize(rows.len() / question.len().max(1), 0);
    wide::dispatch(Dots { question, rows, out });
}

/// The number of bits in which `question` and each row of `rows` differ; rows are as long as the question.
pub(super) fn distances(question: &[u64], rows: &[u64], out: &mut Vec<u16>) {
    out.resize(rows.len() / question.len().max(1), 0);
    wide::dispatch(Distances { question, rows, out });
}

/// A bit for each value of each row, whether it is above 0, from the lowest bit on; a row begins with a word of its own.
pub(super) fn signs(rows: &[i8], length: usize) -> Vec<u64> {
    let words = length.div_ceil(64);
    let mut out = vec![0; rows.len() / length * words];
    wide::dispatch(Signs { rows, length, words, out: &mut out });
    out
}

struct Signs<'a> {
    rows: &'a [i8],
    length: usize,
    /// Of a row.
    words: usize,
    out: &'a mut [u64],
}

impl Signs<'_> {
    #[inline(always)]
    fn compute(self) {
        for (out, row) in self.out.chunks_exact_mut(self.words).zip(self.rows.chunks_exact(self.length)) {
            for (out, values) in out.iter_mut().zip(row.chunks(64)) {
                // Adding up what lies apart is vector code, where setting bit after bit is not.
                let bit = |(at, &value): (usize, &i8)| u64::from(value > 0) << at;
                *out = values.iter().enumerate().map(bit).sum();
            }
        }
    }
}

struct Dots<'a> {
    question: &'a [i16],
    rows: &'a [i8],
    out: &'a mut [i32],
}

impl Dots<'_> {
    #[inline(always)]
    fn compute(self) {
        for (out, row) in self.out.iter_mut().zip(self.rows.chunks_exact(self.question.len().max(1))) {
            *out = row.iter().zip(self.question).map(|(left, right)| i32::from(*left) * i32::from(*right)).sum();
        }
    }
}

struct Distances<'a> {
    question: &'a [u64],
    rows: &'a [u64],
    out: &'a mut [u16],
}

impl Distances<'_> {
    #[inline(always)]
    fn compute(self) {
        match self.question.len() {
            6 => self.compute_for::<6>(),
            8 => self.compute_for::<8>(),
            12 => self.compute_for::<12>(),
            length => {
                for (out, row) in self.out.iter_mut().zip(self.rows.chunks_exact(length.max(1))) {
                    *out = bits(row.iter().zip(self.question));
                }
            }
        }
    }

    #[inline(always)]
    fn compute_for<const N: usize>(self) {
        let (rows, _) = self.rows.as_chunks::<N>();
        let Some(question) = self.question.first_chunk::<N>() else { return };
        for (out, row) in self.out.iter_mut().zip(rows) {
            *out = bits(row.iter().zip(question));
        }
    }
}

#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "vectors have fewer than 2^16 dimensions")]
fn bits<'a>(pairs: impl Iterator<Item = (&'a u64, &'a u64)>) -> u16 {
    pairs.map(|(left, right)| (left ^ right).count_ones()).sum::<u32>() as u16
}

/// Compiled once for every width of vectors; at run time the widest that the processor has is taken.
#[cfg(feature = "encoder")]
mod wide {
    use pulp::{Simd, WithSimd};

    use super::{Distances, Dots, Signs};

    impl WithSimd for Dots<'_> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) {
            #[cfg(target_arch = "x86_64")]
            if let Some(simd) = pulp::x86::V3::try_new() {
                return avx2::compute(simd, self);
            }
            self.compute();
        }
    }

    impl WithSimd for Distances<'_> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) {
            self.compute();
        }
    }

    impl WithSimd for Signs<'_> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: Simd>(self, _: S) {
            self.compute();
        }
    }

    pub(super) fn dispatch(work: impl WithSimd<Output = ()>) {
        pulp::Arch::new().dispatch(work);
    }

    /// Sixteen products with each instruction (`vpmaddwd`), and four rows at once, so that the loop does not wait for one
    /// row to come from memory after the other.
    #[cfg(target_arch = "x86_64")]
    mod avx2 {
        use std::arch::x86_64::{__m128i, __m256i};

        use pulp::{cast, x86::V3};

        use super::Dots;

        /// Rows that are taken at once.
        const ROWS: usize = 4;
        /// Values in a vector.
        const STEP: usize = 16;

        #[inline(always)]
        pub(super) fn compute(simd: V3, Dots { question, rows, out }: Dots<'_>) {
            let length = question.len();
            let (values, rest) = question.as_chunks::<STEP>();
            let (blocks, last) = out.as_chunks_mut::<ROWS>();
            if length == 0 || !rest.is_empty() {
                return Dots { question, rows, out }.compute();
            }
            let (of_blocks, of_last) = rows.split_at(blocks.len() * ROWS * length);
            for (sums, rows) in blocks.iter_mut().zip(of_blocks.chunks_exact(ROWS * length)) {
                *sums = products(simd, values, std::array::from_fn(|row| &rows[row * length..(row + 1) * length]));
            }
            Dots { question, rows: of_last, out: last }.compute();
        }

        #[inline(always)]
        fn products(simd: V3, question: &[[i16; STEP]], rows: [&[i8]; ROWS]) -> [i32; ROWS] {
            let avx2 = simd.avx2;
            let [first, second, third, fourth] = rows.map(|row| row.as_chunks::<STEP>().0);
            let nothing: __m256i = cast([0_i16; STEP]);
            let mut sums = [nothing; ROWS];
            for ((((values, first), second), third), fourth) in
                question.iter().zip(first).zip(second).zip(third).zip(fourth)
            {
                let values: __m256i = cast(*values);
                for (sum, codes) in sums.iter_mut().zip([first, second, third, fourth]) {
                    let codes = avx2._mm256_cvtepi8_epi16(cast(*codes));
                    *sum = avx2._mm256_add_epi32(*sum, avx2._mm256_madd_epi16(codes, values));
                }
            }
            let [first, second, third, fourth] = sums;
            let pairs =
                avx2._mm256_hadd_epi32(avx2._mm256_hadd_epi32(first, second), avx2._mm256_hadd_epi32(third, fourth));
            let halves: [__m128i; 2] = cast(pairs);
            cast(simd.sse2._mm_add_epi32(halves[0], halves[1]))
        }
    }
}

#[cfg(not(feature = "encoder"))]
mod wide {
    use super::{Distances, Dots, Signs};

    pub(super) trait Work {
        fn run(self);
    }

    impl Work for Dots<'_> {
        fn run(self) {
            self.compute();
        }
    }

    impl Work for Distances<'_> {
        fn run(self) {
            self.compute();
        }
    }

    impl Work for Signs<'_> {
        fn run(self) {
            self.compute();
        }
    }

    pub(super) fn dispatch(work: impl Work) {
        work.run();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_distances_and_signs() {
        let mut products = Vec::new();
        dots(&[2, -3, 1000], &[1, 1, 1, -128, 127, 0], &mut products);
        assert_eq!(products, [999, -637]);
        let question: Vec<i16> = (0..32).map(|at| 500 - 37 * at).collect();
        let rows: Vec<i8> = (0..7 * 32).map(|at: i32| i8::try_from(at * 89 % 255 - 127).unwrap()).collect();
        let sum =
            |row: &[i8]| row.iter().zip(&question).map(|(left, right)| i32::from(*left) * i32::from(*right)).sum();
        let expected: Vec<i32> = rows.chunks(32).map(sum).collect();
        products.clear();
        dots(&question, &rows, &mut products);
        assert_eq!(products, expected);
        assert_eq!(signs(&[3, 0, -3, 5, -1, 1], 3), [0b001, 0b101]);
        let row: Vec<i8> = (0..70).map(|at| if at % 3 == 0 { 7 } else { -7 }).collect();
        assert_eq!(signs(&row, 70), [0x9249_2492_4924_9249, 0b10_0100]);
        for length in [1, 6, 8, 12] {
            let mut bits = Vec::new();
            let rows: Vec<u64> = [vec![0; length], vec![u64::MAX; length]].concat();
            distances(&vec![0b1011; length], &rows, &mut bits);
            let length = u16::try_from(length).unwrap();
            assert_eq!(bits, [3 * length, 61 * length]);
        }
    }
}
