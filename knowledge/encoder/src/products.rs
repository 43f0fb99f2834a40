//! Products of 8-bit weights with 15-bit activations: where nearly all the time of an encoder goes.
//!
//! All sums are of whole numbers, so every form of the loop gives the same bits. The one for AVX2 multiplies and adds
//! sixteen pairs with each instruction (`vpmaddwd`) and keeps eight running sums in registers, those of four rows of
//! weights with two of activations; the other is left to the compiler.

#![expect(clippy::inline_always, reason = "what is not inlined keeps the narrow vectors")]

/// Rows of weights that are taken at once.
pub(crate) const OUTPUTS: usize = 4;
/// Rows of activations that are taken at once.
const ROWS: usize = 2;

/// Calls `place` with the first of so many rows of weights, with each row of activations and the sums of their products. The
/// rows of both have `inputs` values. Where weights run out, sums are left over.
pub(crate) fn all(weights: &[u8], activations: &[i16], inputs: usize, place: impl FnMut(usize, usize, [f32; OUTPUTS])) {
    let work = Work { weights, activations, inputs, place };
    #[cfg(all(feature = "simd", target_arch = "x86_64"))]
    if let (Some(simd), 0) = (pulp::x86::V3::try_new(), inputs % avx2::STEP) {
        return pulp::Simd::vectorize(simd, avx2::Wide { simd, work });
    }
    work.compute(portable);
}

struct Work<'a, P> {
    weights: &'a [u8],
    activations: &'a [i16],
    inputs: usize,
    place: P,
}

impl<P: FnMut(usize, usize, [f32; OUTPUTS])> Work<'_, P> {
    #[inline(always)]
    #[expect(clippy::cast_precision_loss, reason = "rounding a sum to 24 bits is meant")]
    fn compute(mut self, sums: impl Fn([&[u8]; OUTPUTS], [&[i16]; ROWS]) -> [[i32; OUTPUTS]; ROWS]) {
        let inputs = self.inputs;
        let (no_weights, no_row) = (vec![0; inputs], vec![0; inputs]);
        for (block, weights) in self.weights.chunks(OUTPUTS * inputs).enumerate() {
            let weights =
                std::array::from_fn(|row| weights.get(row * inputs..(row + 1) * inputs).unwrap_or(&no_weights));
            for (pair, rows) in self.activations.chunks(ROWS * inputs).enumerate() {
                let both = std::array::from_fn(|row| rows.get(row * inputs..(row + 1) * inputs).unwrap_or(&no_row));
                let sums = sums(weights, both);
                for (sums, row) in sums.into_iter().zip(ROWS * pair..ROWS * pair + rows.len() / inputs) {
                    (self.place)(OUTPUTS * block, row, sums.map(|sum| sum as f32));
                }
            }
        }
    }
}

#[inline(always)]
fn portable(weights: [&[u8]; OUTPUTS], rows: [&[i16]; ROWS]) -> [[i32; OUTPUTS]; ROWS] {
    let product = |weights: &[u8], row: &[i16]| -> i32 {
        weights.iter().zip(row).map(|(weight, value)| i32::from(weight.cast_signed()) * i32::from(*value)).sum()
    };
    rows.map(|row| weights.map(|weights| product(weights, row)))
}

#[cfg(all(feature = "simd", target_arch = "x86_64"))]
mod avx2 {
    use std::arch::x86_64::{__m128i, __m256i};

    use pulp::{WithSimd, cast, x86::V3};

    use super::{OUTPUTS, ROWS, Work};

    /// Values in a vector.
    pub(super) const STEP: usize = 16;

    pub(super) struct Wide<'a, P> {
        pub(super) simd: V3,
        pub(super) work: Work<'a, P>,
    }

    impl<P: FnMut(usize, usize, [f32; OUTPUTS])> WithSimd for Wide<'_, P> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, _: S) {
            let simd = self.simd;
            self.work.compute(
                #[inline(always)]
                |weights, rows| sums(simd, weights, rows),
            );
        }
    }

    #[inline(always)]
    fn sums(simd: V3, weights: [&[u8]; OUTPUTS], rows: [&[i16]; ROWS]) -> [[i32; OUTPUTS]; ROWS] {
        let avx2 = simd.avx2;
        let [first, second, third, fourth] = weights.map(|codes| codes.as_chunks::<STEP>().0);
        let [one, two] = rows.map(|values| values.as_chunks::<STEP>().0);
        let nothing: __m256i = cast([0_i16; STEP]);
        let mut sums = [[nothing; OUTPUTS]; ROWS];
        for (((((first, second), third), fourth), one), two) in
            first.iter().zip(second).zip(third).zip(fourth).zip(one).zip(two)
        {
            let rows: [__m256i; ROWS] = [cast(*one), cast(*two)];
            for (output, codes) in [first, second, third, fourth].into_iter().enumerate() {
                // Widening runs beside the multiplications, which are what the loop waits for.
                let weights = avx2._mm256_cvtepi8_epi16(cast(*codes));
                for (sums, row) in sums.iter_mut().zip(rows) {
                    sums[output] = avx2._mm256_add_epi32(sums[output], avx2._mm256_madd_epi16(weights, row));
                }
            }
        }
        sums.map(
            #[inline(always)]
            |[first, second, third, fourth]| {
                let pairs = avx2
                    ._mm256_hadd_epi32(avx2._mm256_hadd_epi32(first, second), avx2._mm256_hadd_epi32(third, fourth));
                let halves: [__m128i; 2] = cast(pairs);
                cast(simd.sse2._mm_add_epi32(halves[0], halves[1]))
            },
        )
    }
}
