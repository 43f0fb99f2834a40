//! The forward pass of all-MiniLM-L6-v2: six layers of a BERT encoder and the mean of its outputs.
//!
//! Vaswani et al. 2017 (attention), Devlin et al. 2019 (BERT), Wang et al. 2020 (MiniLM), Reimers and Gurevych 2019
//! (mean pooling, unit length).

use crate::ModelError;
use crate::file::ModelFile;
use crate::math::{add_scaled, count, gelu, layer_norm, softmax, to_unit_length};
use crate::matrix::{Activations, Matrix};
use crate::wide::widely;
use crate::wordpiece::{END, START, Umlauts, WordPiece};

const WIDTH: usize = 384;
const WIDE: usize = 1536;
const LAYERS: usize = 6;
const HEADS: usize = 12;
const HEAD: usize = WIDTH / HEADS;
const EPSILON: f32 = 1e-12;

#[derive(Debug)]
pub(crate) struct MiniLm {
    tokenizer: WordPiece,
    words: Matrix,
    positions: Matrix,
    norm: Norm,
    layers: Vec<Layer>,
}

#[derive(Debug)]
struct Layer {
    /// Queries, keys and values in one product.
    attend: Matrix,
    merge: Matrix,
    merge_norm: Norm,
    widen: Matrix,
    narrow: Matrix,
    narrow_norm: Norm,
}

#[derive(Debug)]
struct Norm {
    gain: Vec<f32>,
    shift: Vec<f32>,
}

impl Norm {
    fn read(file: &ModelFile, name: &str) -> Result<Self, ModelError> {
        let part = |part: &str| file.f32s(&format!("{name}.{part}"), WIDTH);
        Ok(Self { gain: part("gain")?, shift: part("shift")? })
    }

    fn apply(&self, rows: &mut [f32]) {
        widely(
            #[inline(always)]
            || {
                for row in rows.chunks_exact_mut(WIDTH) {
                    layer_norm(row, &self.gain, &self.shift, EPSILON);
                }
            },
        );
    }
}

impl MiniLm {
    pub(crate) const DIMENSIONS: usize = WIDTH;

    pub(crate) fn read(file: &ModelFile, umlauts: Umlauts) -> Result<Self, ModelError> {
        let tokenizer = WordPiece::read(file, umlauts)?;
        let positions = Matrix::read_any(file, "positions")?;
        if positions.inputs != WIDTH || positions.outputs < 3 {
            return Err(ModelError::Section("positions".into()));
        }
        Ok(Self {
            words: Matrix::read(file, "words", tokenizer.size(), WIDTH)?,
            tokenizer,
            positions,
            norm: Norm::read(file, "embedding")?,
            layers: (0..LAYERS).map(|number| Layer::read(file, number)).collect::<Result<_, _>>()?,
        })
    }

    pub(crate) fn encode(&self, text: &str) -> Vec<f32> {
        let tokens = self.tokenizer.tokens(text, self.positions.outputs - 2);
        let mut mean = vec![0.0; WIDTH];
        if tokens.is_empty() {
            return mean;
        }
        let rows: Vec<usize> = [START].into_iter().chain(tokens).chain([END]).collect();
        let mut state = vec![0.0; rows.len() * WIDTH];
        for (position, (row, place)) in rows.iter().zip(state.chunks_exact_mut(WIDTH)).enumerate() {
            self.words.add_row_to(*row, place);
            self.positions.add_row_to(position, place);
        }
        self.norm.apply(&mut state);
        for layer in &self.layers {
            layer.apply(&mut state);
        }
        for row in state.chunks_exact(WIDTH) {
            add_scaled(&mut mean, 1.0 / count(&rows), row);
        }
        to_unit_length(&mut mean);
        mean
    }
}

impl Layer {
    fn read(file: &ModelFile, number: usize) -> Result<Self, ModelError> {
        let matrix =
            |name: &str, outputs, inputs| Matrix::read_biased(file, &format!("{number}.{name}"), outputs, inputs);
        Ok(Self {
            attend: matrix("attend", 3 * WIDTH, WIDTH)?,
            merge: matrix("merge", WIDTH, WIDTH)?,
            merge_norm: Norm::read(file, &format!("{number}.merge"))?,
            widen: matrix("widen", WIDE, WIDTH)?,
            narrow: matrix("narrow", WIDTH, WIDE)?,
            narrow_norm: Norm::read(file, &format!("{number}.narrow"))?,
        })
    }

    fn apply(&self, state: &mut [f32]) {
        let rows = self.attend.apply(&Activations::rows(state, WIDTH));
        let mixed = widely(
            #[inline(always)]
            || attention(&rows),
        );
        add_scaled(state, 1.0, &self.merge.apply(&Activations::rows(&mixed, WIDTH)));
        self.merge_norm.apply(state);
        let mut wide = self.widen.apply(&Activations::rows(state, WIDTH));
        widely(
            #[inline(always)]
            || gelu(&mut wide),
        );
        add_scaled(state, 1.0, &self.narrow.apply(&Activations::rows(&wide, WIDE)));
        self.narrow_norm.apply(state);
    }
}

/// `softmax(q k^T / sqrt(HEAD)) v` for every head. Each row holds a token's queries, keys and values.
#[inline(always)]
#[expect(clippy::inline_always, reason = "what is not inlined keeps the narrow vectors")]
fn attention(rows: &[f32]) -> Vec<f32> {
    let tokens = rows.len() / (3 * WIDTH);
    let mut mixed = vec![0.0; tokens * WIDTH];
    let mut scores = vec![0.0; tokens];
    // By dimension of the head, then by token: so the scores of all tokens are added up side by side.
    let mut keys = vec![0.0; HEAD * tokens];
    let scale = 1.0 / count(&[(); HEAD]).sqrt();
    for head in 0..HEADS {
        // A length that the compiler knows makes vector code.
        let part = |row: usize, which: usize| -> &[f32; HEAD] {
            rows[(row * 3 + which) * WIDTH + head * HEAD..].first_chunk().unwrap_or(&[0.0; HEAD])
        };
        for token in 0..tokens {
            for (dimension, value) in part(token, 1).iter().enumerate() {
                keys[dimension * tokens + token] = *value;
            }
        }
        for token in 0..tokens {
            scores.fill(0.0);
            for (value, keys) in part(token, 0).iter().zip(keys.chunks_exact(tokens)) {
                add_scaled(&mut scores, value * scale, keys);
            }
            softmax(&mut scores);
            let mut mix = [0.0; HEAD];
            for (other, score) in scores.iter().enumerate() {
                add_scaled(&mut mix, *score, part(other, 2));
            }
            mixed[token * WIDTH + head * HEAD..][..HEAD].copy_from_slice(&mix);
        }
    }
    mixed
}
