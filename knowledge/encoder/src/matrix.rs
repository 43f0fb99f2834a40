//! Matrices at 8 bits and their product with activations.
//!
//! A matrix is stored as outputs x inputs, each row with its own scale. Activations are rounded to 15 bits, each row with a
//! scale of its own as well, so that everything within the product is whole numbers ([`crate::products`]): their sums are
//! exact in whatever order, and the width of the vectors does not change the result.

use crate::ModelError;
use crate::file::{Kind, ModelFile, Slice, f32s};
use crate::products;

/// A sum of so many products of 8 and 15 bits stays within 32.
const MAX_INPUTS: usize = 2048;

/// The largest rounded activation, and 1.5 * 2^23: adding and taking it away rounds to a whole number.
const LARGEST: f32 = 8191.0;
const ROUND: f32 = 12_582_912.0;

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
        for window in (0..rows).filter_map(|row| values.get(row * width..(row + length) * width)) {
            all.push(window);
        }
        all
    }

    #[expect(clippy::cast_possible_truncation, reason = "at most LARGEST")]
    fn push(&mut self, row: &[f32]) {
        let largest = row.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        let factor = if largest > 0.0 { LARGEST / largest } else { 0.0 };
        self.codes.extend(row.iter().map(|value| ((value * factor + ROUND) - ROUND) as i16));
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
    bias: Option<Vec<f32>>,
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
        let bias = Some(file.f32s(&format!("{name}.bias"), outputs)?);
        Ok(Self { bias, ..Self::read(file, name, outputs, inputs)? })
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
        Ok(Self { outputs, inputs, scales, codes, bias: None })
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
            products::all(&self.codes, &activations.codes, self.inputs, |output, row, sum| {
                let scale = self.scales[output] * activations.scales[row];
                out[row * self.outputs + output] = sum * scale + self.bias_of(output);
            });
        }
        out
    }

    #[inline]
    fn bias_of(&self, output: usize) -> f32 {
        self.bias.as_ref().map_or(0.0, |bias| bias[output])
    }
}
