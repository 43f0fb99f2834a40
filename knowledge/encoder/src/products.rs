//! Products of 8-bit weights with 15-bit activations: where nearly all the time of an encoder goes.
//!
//! All sums are of whole numbers, so every form of the loop gives the same bits. The one for AVX2 multiplies and adds
//! sixteen pairs with each instruction (`vpmaddwd`) and keeps eight running sums in registers, those of two rows of
//! weights with four of activations; the other is left to the compiler.

#![expect(clippy::inline_always, reason = "what is not inlined keeps the narrow vectors")]

/// Rows of activations that are taken at once.
const ROWS: usize = 4;

/// Calls `place` with each row of weights, each row of activations and the sum of their products. The rows of both have
/// `inputs` values.
pub(crate) fn all(weights: &[u8], activations: &[i16], inputs: usize, place: impl FnMut(usize, usize, f32)) {
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

impl<P: FnMut(usize, usize, f32)> Work<'_, P> {
    #[inline(always)]
    #[expect(clippy::cast_precision_loss, reason = "rounding a sum to 24 bits is meant")]
    fn compute(mut self, sums: impl Fn([&[i16]; 2], [&[i16]; ROWS]) -> [[i32; ROWS]; 2]) {
        let inputs = self.inputs;
        let nothing = vec![0; inputs];
        let (mut one, mut two) = (vec![0; inputs], vec![0; inputs]);
        for (pair, codes) in self.weights.chunks(2 * inputs).enumerate() {
            let (codes_of_one, codes_of_two) = codes.split_at(inputs);
            unpack(codes_of_one, &mut one);
            unpack(codes_of_two, &mut two);
            for (block, rows) in self.activations.chunks(ROWS * inputs).enumerate() {
                let row = |row: usize| rows.get(row * inputs..(row + 1) * inputs).unwrap_or(&nothing);
                let sums = sums([&one, &two], std::array::from_fn(row));
                for (sums, output) in sums.iter().zip(2 * pair..2 * pair + codes.len() / inputs) {
                    for (sum, row) in sums.iter().zip(ROWS * block..ROWS * block + rows.len() / inputs) {
                        (self.place)(output, row, *sum as f32);
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn unpack(codes: &[u8], weights: &mut [i16]) {
    for (weight, code) in weights.iter_mut().zip(codes) {
        *weight = i16::from(code.cast_signed());
    }
}

#[inline(always)]
fn portable(weights: [&[i16]; 2], rows: [&[i16]; ROWS]) -> [[i32; ROWS]; 2] {
    let product = |left: &[i16], right: &[i16]| -> i32 {
        left.iter().zip(right).map(|(left, right)| i32::from(*left) * i32::from(*right)).sum()
    };
    weights.map(|weights| rows.map(|row| product(weights, row)))
}

#[cfg(all(feature = "simd", target_arch = "x86_64"))]
mod avx2 {
    use std::arch::x86_64::{__m128i, __m256i};

    use pulp::{WithSimd, cast, x86::V3};

    use super::{ROWS, Work};

    /// Values in a vector.
    pub(super) const STEP: usize = 16;

    pub(super) struct Wide<'a, P> {
        pub(super) simd: V3,
        pub(super) work: Work<'a, P>,
    }

    impl<P: FnMut(usize, usize, f32)> WithSimd for Wide<'_, P> {
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
    fn sums(simd: V3, weights: [&[i16]; 2], rows: [&[i16]; ROWS]) -> [[i32; ROWS]; 2] {
        let avx2 = simd.avx2;
        let [one, two] = weights.map(|values| values.as_chunks::<STEP>().0);
        let [first, second, third, fourth] = rows.map(|values| values.as_chunks::<STEP>().0);
        let nothing: __m256i = cast([0_i16; STEP]);
        let mut sums = [[nothing; ROWS]; 2];
        for (((((one, two), first), second), third), fourth) in
            one.iter().zip(two).zip(first).zip(second).zip(third).zip(fourth)
        {
            let weights: [__m256i; 2] = [cast(*one), cast(*two)];
            let rows: [__m256i; ROWS] = [cast(*first), cast(*second), cast(*third), cast(*fourth)];
            for (sums, weight) in sums.iter_mut().zip(weights) {
                for (sum, row) in sums.iter_mut().zip(rows) {
                    *sum = avx2._mm256_add_epi32(*sum, avx2._mm256_madd_epi16(weight, row));
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
