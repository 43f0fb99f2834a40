//! The functions that the models need, written so that the compiler makes vector code of them and so that every
//! machine computes the same bits: only additions, multiplications, divisions and square roots, in a fixed order.

#![expect(clippy::inline_always, reason = "what is not inlined keeps the narrow vectors, see `wide`")]

use std::f32::consts::{LOG2_E, SQRT_2};

/// Partial sums that run side by side; a single running sum would forbid vector code.
const LANES: usize = 16;

/// Sum of `f(x)`.
#[inline(always)]
fn sum_of(values: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [0.0_f32; LANES];
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += f(*value);
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().map(|value| f(*value)).sum::<f32>()
}

/// `target += factor * values`.
#[inline(always)]
pub(crate) fn add_scaled(target: &mut [f32], factor: f32, values: &[f32]) {
    for (target, value) in target.iter_mut().zip(values) {
        *target += factor * value;
    }
}

/// The nearest whole number to `x`, which is within 2^22 of zero, and the same as an integer of 32 bits in two's complement.
///
/// Adding 1.5 * 2^23 leaves no bits for a fraction, and the whole number in the lowest ones. A conversion by `as` has to look
/// after numbers that do not fit, for which the compiler gives up its vectors.
#[inline(always)]
pub(crate) fn rounded(x: f32) -> (f32, u32) {
    const ROUND: f32 = 12_582_912.0;
    let moved = x + ROUND;
    (moved - ROUND, moved.to_bits().wrapping_sub(ROUND.to_bits()))
}

/// e to the power of `x`, relative error below 3e-7; 0 below -87 and the value at 88 above it.
///
/// `e^x = 2^k * e^r` with `k` the nearest whole number to `x / ln 2`, and the Taylor polynomial of degree 7 for
/// `|r| <= ln 2 / 2`. `ln 2` is split in two (Cody and Waite 1980) so that `r` keeps its last bits.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    let clamped = x.clamp(-87.0, 88.0);
    let (k, bits) = rounded(clamped * LOG2_E);
    let r = (clamped - k * 0.693_359_4) - k * -2.121_944_4e-4;
    let p = 1.0 / 5040.0;
    let p = p * r + 1.0 / 720.0;
    let p = p * r + 1.0 / 120.0;
    let p = p * r + 1.0 / 24.0;
    let p = p * r + 1.0 / 6.0;
    let p = p * r + 0.5;
    let p = p * r + 1.0;
    let p = p * r + 1.0;
    let power = f32::from_bits(bits.wrapping_add(127) << 23);
    if x < -87.0 { 0.0 } else { p * power }
}

/// Hyperbolic tangent: `1 - 2 / (e^2x + 1)`.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    1.0 - 2.0 / (exp(2.0 * x.clamp(-20.0, 20.0)) + 1.0)
}

/// The error function with an absolute error below 5e-7: Abramowitz and Stegun 1964, formula 7.1.26.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let magnitude = x.abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * magnitude);
    let p = 1.061_405_4;
    let p = p * t - 1.453_152_1;
    let p = p * t + 1.421_413_8;
    let p = p * t - 0.284_496_72;
    let p = p * t + 0.254_829_6;
    (1.0 - p * t * exp(-magnitude * magnitude)).copysign(x)
}

/// `x * P(X <= x)` for a standard normal `X` (Hendrycks and Gimpel 2016, the exact form that BERT uses).
#[inline(always)]
pub(crate) fn gelu(values: &mut [f32]) {
    for value in values {
        *value = 0.5 * *value * (1.0 + erf(*value / SQRT_2));
    }
}

/// Ba, Kiros and Hinton 2016: to mean 0 and variance 1, then `gain` and `shift` per column.
#[inline(always)]
pub(crate) fn layer_norm(row: &mut [f32], gain: &[f32], shift: &[f32], epsilon: f32) {
    let mean = sum_of(row, |value| value) / count(row);
    let variance = sum_of(row, |value| (value - mean) * (value - mean)) / count(row);
    let factor = 1.0 / (variance + epsilon).sqrt();
    for ((value, gain), shift) in row.iter_mut().zip(gain).zip(shift) {
        *value = (*value - mean) * factor * gain + shift;
    }
}

/// Turns scores into shares that sum to 1. The largest score is taken away first, so that nothing overflows.
#[inline(always)]
pub(crate) fn softmax(scores: &mut [f32]) {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for score in scores.iter_mut() {
        *score = exp(*score - largest);
    }
    let total = sum_of(scores, |score| score);
    for score in scores {
        *score /= total;
    }
}

/// To length 1; a vector without direction becomes zero.
#[inline(always)]
pub(crate) fn to_unit_length(vector: &mut [f32]) {
    let length = sum_of(vector, |value| value * value).sqrt();
    let factor = if length.is_finite() && length > 1e-12 { 1.0 / length } else { 0.0 };
    for value in vector {
        *value = if factor > 0.0 { *value * factor } else { 0.0 };
    }
}

/// How many values a row has; rows are far shorter than 2^24, so the conversion is exact.
#[expect(clippy::cast_precision_loss, reason = "rows are shorter than 2^24")]
pub(crate) fn count<T>(row: &[T]) -> f32 {
    row.len() as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_approximations_are_as_good_as_their_documentation_says() {
        for step in -20_000..=20_000_i16 {
            let x = f32::from(step) / 1000.0;
            let exact = f64::from(x).exp();
            assert!(((f64::from(exp(x)) - exact) / exact).abs() < 3e-7, "exp({x})");
            assert!((f64::from(tanh(x)) - f64::from(x).tanh()).abs() < 5e-7, "tanh({x})");
        }
        for (x, exact) in [(0.0, 0.0), (0.5, 0.520_499_9), (-1.0, -0.842_700_8), (2.0, 0.995_322_3), (6.0, 1.0)] {
            assert!((erf(x) - exact).abs() < 5e-7, "erf({x})");
        }
        assert!((exp(-200.0), exp(0.0)) == (0.0, 1.0));
        assert!(exp(1e30).is_finite());
    }

    #[test]
    fn a_vector_without_direction_becomes_zero() {
        for mut vector in [vec![0.0; 5], vec![f32::NAN; 5], vec![f32::INFINITY; 5]] {
            to_unit_length(&mut vector);
            assert_eq!(vector, [0.0; 5]);
        }
    }
}
