//! Matrices at 8 bits and their product with activations.
//!
//! A matrix is stored as outputs x inputs, each row with its own scale. Activations are rounded to 15 bits, each row with a
//! scale of its own as well, so that everything within the product is whole numbers ([`crate::products`]): their sums are
//! exact in whatever order, and the width of the vectors does not change the result.

use crate::ModelError;
use crate::file::{Kind, ModelFile, Slice, f32s};
use crate::math::rounded;
use crate::products::{self, OUTPUTS};
use crate::wide::widely;

/// A sum of so many products of 8 and 15 bits stays within 32.
const MAX_INPUTS: usize = 2048;

/// The largest rounded activation.
const LARGEST: f32 = 8191.0;

/// Rows of numbers below each other.
pub(crate) struct Activations {
    codes: Vec<i16>,
    scales: Vec<f32>,
    width: usize,
}

impl Activations {
    pub(crate) fn rows(values: &[f32], width: usize) -> Self {
        Self::windows(values, width, 1)
    }

    /// One row for every run of `length` neighbouring rows of `values`, laid end to end.
    pub(crate) fn windows(values: &[f32], width: usize, length: usize) -> Self {
        let rows = (values.len() / width.max(1) + 1).saturating_sub(length);
        let mut all =
            Self { codes: Vec::with_capacity(rows * width * length), scales: Vec::new(), width: width * length };
        widely(
            #[inline(always)]
            || {
                for window in (0..rows).filter_map(|row| values.get(row * width..(row + length) * width)) {
                    all.push(window);
                }
            },
        );
        all
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "what is not inlined keeps the narrow vectors, see `wide`")]
    #[expect(clippy::cast_possible_truncation, reason = "at most LARGEST")]
    fn push(&mut self, row: &[f32]) {
        let largest = row.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        let factor = if largest > 0.0 { LARGEST / largest } else { 0.0 };
        self.codes.extend(row.iter().map(|value| rounded(value * factor).1 as i16));
        self.scales.push(largest / LARGEST);
    }
}

/// A linear layer's weights, and its bias if it has one.
#[derive(Debug)]
pub(crate) struct Matrix {
    pub(crate) outputs: usize,
    pub(crate) inputs: usize,
    scales: Vec<f32>,
    codes: Slice,
    /// Zero without a bias.
    biases: Vec<f32>,
}

impl Matrix {
    /// The matrix of this name, which must have this shape.
    pub(crate) fn read(file: &ModelFile, name: &str, outputs: usize, inputs: usize) -> Result<Self, ModelError> {
        let matrix = Self::read_any(file, name)?;
        if matrix.outputs == outputs && matrix.inputs == inputs {
            Ok(matrix)
        } else {
            Err(ModelError::Section(name.into()))
        }
    }

    /// As [`Matrix::read`], with the bias `{name}.bias`.
    pub(crate) fn read_biased(file: &ModelFile, name: &str, outputs: usize, inputs: usize) -> Result<Self, ModelError> {
        let biases = file.f32s(&format!("{name}.bias"), outputs)?;
        Ok(Self { biases, ..Self::read(file, name, outputs, inputs)? })
    }

    /// The matrix of this name in the shape that the file says.
    pub(crate) fn read_any(file: &ModelFile, name: &str) -> Result<Self, ModelError> {
        let section = file.section(name, Kind::I8)?;
        let (outputs, inputs) = (section.rows, section.columns);
        let (scales, codes) = section.data.split_at(outputs.saturating_mul(4));
        let scales = f32s(&scales);
        let right = inputs <= MAX_INPUTS
            && inputs > 0
            && scales.len() == outputs
            && codes.len() == outputs * inputs
            && scales.iter().all(|scale| scale.is_finite());
        if !right {
            return Err(ModelError::Section(name.into()));
        }
        Ok(Self { outputs, inputs, scales, codes, biases: vec![0.0; outputs] })
    }

    /// One row as numbers: an entry of an embedding table. A row that is not there is zero.
    pub(crate) fn add_row_to(&self, row: usize, target: &mut [f32]) {
        let start = row.saturating_mul(self.inputs);
        let codes = self.codes.get(start..start.saturating_add(self.inputs)).unwrap_or_default();
        let scale = self.scales.get(row).copied().unwrap_or_default();
        for (target, code) in target.iter_mut().zip(codes) {
            *target += f32::from(code.cast_signed()) * scale;
        }
    }

    /// `activations * matrix^T + bias`, a row of outputs for every row of activations.
    pub(crate) fn apply(&self, activations: &Activations) -> Vec<f32> {
        let mut out = vec![0.0; activations.scales.len() * self.outputs];
        if activations.width == self.inputs {
            products::all(
                &self.codes,
                &activations.codes,
                self.inputs,
                #[inline(always)]
                |output, row, sums| {
                    let factor = activations.scales[row];
                    let place = &mut out[row * self.outputs..(row + 1) * self.outputs][output..];
                    let (scales, biases) = (&self.scales[output..], &self.biases[output..]);
                    // A length that the compiler knows makes vector code.
                    if let (Some(place), Some(scales), Some(biases)) = (
                        place.first_chunk_mut::<OUTPUTS>(),
                        scales.first_chunk::<OUTPUTS>(),
                        biases.first_chunk::<OUTPUTS>(),
                    ) {
                        scaled(place, sums, scales, factor, biases);
                    } else {
                        scaled(place, sums, scales, factor, biases);
                    }
                },
            );
        }
        out
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "what is not inlined keeps the narrow vectors, see `wide`")]
fn scaled(place: &mut [f32], sums: [f32; OUTPUTS], scales: &[f32], factor: f32, biases: &[f32]) {
    for (((place, sum), scale), bias) in place.iter_mut().zip(sums).zip(scales).zip(biases) {
        *place = sum * (scale * factor) + bias;
    }
}
