//! Matrices at 8 bits and their product with activations.
//!
//! A matrix is stored as outputs x inputs, each row with its own scale. The product takes up to sixteen rows of
//! activations at once, laid out so that their values for one input lie side by side: every step is then one weight
//! times sixteen neighbours, which the compiler turns into vector code without being told ([`outer_product`]). On the
//! machine it was written on this was the fastest of nine safe forms, faster than whole numbers with `pmaddwd`. Every
//! sum runs over the inputs from first to last, so the width of the vectors does not change the result.

#![expect(clippy::inline_always, reason = "what is not inlined keeps the narrow vectors: half the speed")]

use crate::ModelError;
use crate::file::{Kind, ModelFile, Slice, f32s};
use crate::math::dot;

const MAX_INPUTS: usize = 2048;

/// Rows of numbers below each other; a row may overlap the next one (see [`Activations::windows`]).
pub(crate) struct Activations<'a> {
    values: &'a [f32],
    stride: usize,
    width: usize,
    rows: usize,
}

impl<'a> Activations<'a> {
    pub(crate) fn rows(values: &'a [f32], width: usize) -> Self {
        Self::windows(values, width, 1)
    }

    /// One row for every run of `length` neighbouring rows of `values`, laid end to end.
    pub(crate) fn windows(values: &'a [f32], width: usize, length: usize) -> Self {
        let rows = (values.len() / width.max(1) + 1).saturating_sub(length);
        Self { values, stride: width, width: width * length, rows }
    }

    fn row(&self, row: usize) -> &'a [f32] {
        self.values.get(row * self.stride..row * self.stride + self.width).unwrap_or_default()
    }

    /// `N` rows from `first` on, column by column; rows past the last one are zero.
    #[inline(always)]
    fn columns<const N: usize>(&self, first: usize) -> Vec<[f32; N]> {
        let mut columns = vec![[0.0; N]; self.width];
        for number in 0..N.min(self.rows - first) {
            for (column, value) in columns.iter_mut().zip(self.row(first + number)) {
                column[number] = *value;
            }
        }
        columns
    }
}

/// Two rows of weights times `N` rows of activations.
#[inline(always)]
fn outer_product<const N: usize>(weights: [&[f32]; 2], columns: &[[f32; N]]) -> [[f32; N]; 2] {
    let (mut first, mut second) = ([0.0_f32; N], [0.0_f32; N]);
    for ((one, two), column) in weights[0].iter().zip(weights[1]).zip(columns) {
        for (sum, value) in first.iter_mut().zip(column) {
            *sum += one * value;
        }
        for (sum, value) in second.iter_mut().zip(column) {
            *sum += two * value;
        }
    }
    [first, second]
}

#[inline(always)]
fn unpack(codes: &[u8], weights: &mut [f32]) {
    for (weight, code) in weights.iter_mut().zip(codes) {
        *weight = f32::from(code.cast_signed());
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
    pub(crate) fn apply(&self, activations: &Activations<'_>) -> Vec<f32> {
        let mut out = vec![0.0; activations.rows * self.outputs];
        if activations.width == self.inputs {
            Product { matrix: self, activations, out: &mut out }.compute();
        }
        out
    }

    #[inline(always)]
    fn apply_to(&self, activations: &Activations<'_>, out: &mut [f32]) {
        if activations.rows == 1 {
            return self.apply_to_one(activations.row(0), out);
        }
        let mut first = 0;
        while first < activations.rows {
            first += match activations.rows - first {
                ..=4 => self.apply_to_some::<4>(activations, first, out),
                5..=8 => self.apply_to_some::<8>(activations, first, out),
                _ => self.apply_to_some::<16>(activations, first, out),
            };
        }
    }

    #[inline(always)]
    fn apply_to_one(&self, row: &[f32], out: &mut [f32]) {
        let mut weights = vec![0.0; self.inputs];
        for (output, (codes, place)) in self.codes.chunks_exact(self.inputs).zip(out).enumerate() {
            unpack(codes, &mut weights);
            *place = dot(&weights, row) * self.scales[output] + self.bias_of(output);
        }
    }

    /// Computes the outputs of `N` rows from `first` on (fewer at the end) and returns `N`.
    #[inline(always)]
    fn apply_to_some<const N: usize>(&self, activations: &Activations<'_>, first: usize, out: &mut [f32]) -> usize {
        let columns = activations.columns::<N>(first);
        let (mut one, mut two) = (vec![0.0; self.inputs], vec![0.0; self.inputs]);
        for (pair, codes) in self.codes.chunks(2 * self.inputs).enumerate() {
            let (codes_of_one, codes_of_two) = codes.split_at(self.inputs);
            unpack(codes_of_one, &mut one);
            unpack(codes_of_two, &mut two);
            let sums = outer_product([&one, &two], &columns);
            for (output, sums) in (2 * pair..self.outputs).zip(sums) {
                let (scale, bias) = (self.scales[output], self.bias_of(output));
                let places = out.iter_mut().skip(first * self.outputs + output).step_by(self.outputs);
                for (place, sum) in places.zip(sums) {
                    *place = sum * scale + bias;
                }
            }
        }
        N
    }

    #[inline(always)]
    fn bias_of(&self, output: usize) -> f32 {
        self.bias.as_ref().map_or(0.0, |bias| bias[output])
    }
}

/// A product that is about to be computed.
struct Product<'a> {
    matrix: &'a Matrix,
    activations: &'a Activations<'a>,
    out: &'a mut [f32],
}

/// Compiled once for every width of vectors; at run time the widest that the processor has is taken.
#[cfg(feature = "simd")]
impl pulp::WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.matrix.apply_to(self.activations, self.out);
    }
}

impl Product<'_> {
    #[cfg(feature = "simd")]
    fn compute(self) {
        pulp::Arch::new().dispatch(self);
    }

    /// With the vectors that the program was compiled for.
    #[cfg(not(feature = "simd"))]
    fn compute(self) {
        self.matrix.apply_to(self.activations, self.out);
    }
}
