//! Multinomial logistic regression: tells classes apart by vectors of some hundred dimensions.
//!
//! Minimised is the mean cross entropy of the softmax and, against overfitting, the square of the weights over `2 C` times the
//! number of rows; the constant is a feature of value 1 that is not held against it. By L-BFGS (Liu and Nocedal 1989, "On the
//! limited memory BFGS method for large scale optimization"; Nocedal and Wright 2006, algorithm 7.5), a step being halved until it
//! descends enough (Armijo). Rows are summed up in the same parts whatever the number of processors, so the same rows give the
//! same weights.

use std::collections::VecDeque;

use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut2, Axis, linalg::general_mat_mul};

use super::cores::on_all_cores;

/// Weight of errors against simplicity: with vectors of length 1 and ten phrasings for each article 15 and 100 did as well.
const C: f32 = 30.0;
/// Parts of the rows, each summed up by one thread.
const PARTS: usize = 8;
/// Rows whose products are computed at a time.
const BLOCK: usize = 256;
/// Steps that say how the slope turns.
const MEMORY: usize = 10;
/// Most steps.
const MOST_STEPS: usize = 100;
/// Largest part of the slope that is good enough.
const TOLERANCE: f32 = 1e-4;
/// Share of the descent that the slope promises with which a step is content.
const ENOUGH: f64 = 1e-4;
/// Steps shorter than this share of the promised one lead nowhere: what is left is noise of 32 bits.
const SHORTEST: f32 = 1e-6;

/// What each class weighs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Logistic {
    /// By class: the weights of the dimensions, then the constant.
    weights: Array2<f32>,
}

impl Logistic {
    /// Learns to tell the classes apart: `classes[i]`, less than `count`, is that of the `i`th of the `rows`, which are of so many
    /// dimensions, one after the other.
    pub(super) fn learn(rows: &[f32], classes: &[usize], count: usize, dimensions: usize) -> Self {
        let mut features = Array2::ones((classes.len(), dimensions + 1));
        for (mut features, row) in features.axis_iter_mut(Axis(0)).zip(rows.chunks_exact(dimensions.max(1))) {
            features.iter_mut().zip(row).for_each(|(feature, value)| *feature = *value);
        }
        Self { weights: descended(&Problem { rows: features, classes }, Array2::zeros((count, dimensions + 1))) }
    }

    /// From weights that were read from somewhere; `None` if they are not for so many classes and dimensions.
    pub(super) fn read(weights: Vec<f32>, count: usize, dimensions: usize) -> Option<Self> {
        let finite = weights.iter().all(|weight| weight.is_finite());
        let weights = Array2::from_shape_vec((count, dimensions.checked_add(1)?), weights).ok()?;
        finite.then_some(Self { weights })
    }

    /// What [`Logistic::read`] wants.
    pub(super) fn weights(&self) -> Vec<f32> {
        self.weights.iter().copied().collect()
    }

    /// By class: how probable it is. Together they are 1.
    pub(super) fn shares(&self, vector: &[f32]) -> Vec<f64> {
        let margin = |weights: ArrayView1<'_, f32>| -> f32 {
            weights.iter().zip(vector.iter().chain([&1.0])).map(|(weight, value)| weight * value).sum()
        };
        let mut margins: Vec<f32> = self.weights.axis_iter(Axis(0)).map(margin).collect();
        softmax(&mut margins);
        margins.into_iter().map(f64::from).collect()
    }
}

/// Turns margins into shares of 1. The logarithm of the sum of their powers of e.
fn softmax(margins: &mut [f32]) -> f32 {
    let highest = margins.iter().copied().fold(f32::MIN, f32::max);
    for margin in &mut *margins {
        *margin = (*margin - highest).exp();
    }
    let sum: f32 = margins.iter().sum();
    for margin in margins {
        *margin /= sum;
    }
    highest + sum.ln()
}

/// What is to be told apart.
struct Problem<'a> {
    /// With the constant as the last feature.
    rows: Array2<f32>,
    classes: &'a [usize],
}

impl Problem<'_> {
    /// What is minimised, and its slope, with these weights.
    #[expect(clippy::cast_precision_loss, reason = "far fewer rows than 24 bits count")]
    fn at(&self, weights: &Array2<f32>) -> (f64, Array2<f32>) {
        let each = self.classes.len().div_ceil(PARTS).max(1);
        let parts: Vec<_> = self.rows.axis_chunks_iter(Axis(0), each).zip(self.classes.chunks(each)).collect();
        let sums = on_all_cores(&parts, 1, |parts| {
            parts.iter().map(|(rows, classes)| Self::sums(weights, rows, classes)).collect::<Vec<_>>()
        });
        let mut slope = Array2::zeros(weights.raw_dim());
        let mut loss = 0.0;
        for (part, sum) in sums.into_iter().flatten() {
            loss += part;
            slope += &sum;
        }
        let count = self.classes.len().max(1) as f32;
        let dimensions = weights.ncols() - 1;
        let (held, _) = weights.view().split_at(Axis(1), dimensions);
        slope /= count;
        slope.view_mut().split_at(Axis(1), dimensions).0.scaled_add(1.0 / (C * count), &held);
        let simplicity: f64 = held.iter().map(|&weight| f64::from(weight * weight)).sum();
        ((loss + simplicity / f64::from(2.0 * C)) / f64::from(count), slope)
    }

    /// Of some rows: the sums of their losses and of their slopes.
    fn sums(weights: &Array2<f32>, rows: &ArrayView2<'_, f32>, classes: &[usize]) -> (f64, Array2<f32>) {
        let mut slope = Array2::zeros(weights.raw_dim());
        let mut loss = 0.0;
        for (rows, classes) in rows.axis_chunks_iter(Axis(0), BLOCK).zip(classes.chunks(BLOCK)) {
            // Made here, so that the margins of a row lie beside each other.
            let mut shares = Array2::zeros((classes.len(), weights.nrows()));
            general_mat_mul(1.0, &rows, &weights.t(), 0.0, &mut shares);
            loss += Self::residuals(shares.view_mut(), classes);
            general_mat_mul(1.0, &shares.t(), &rows, 1.0, &mut slope);
        }
        (loss, slope)
    }

    /// Turns margins into shares less what is right, and says how wrong they are.
    fn residuals(mut margins: ArrayViewMut2<'_, f32>, classes: &[usize]) -> f64 {
        let mut loss = 0.0;
        for (mut margins, &class) in margins.axis_iter_mut(Axis(0)).zip(classes) {
            let Some(margins) = margins.as_slice_mut() else { continue };
            let right = margins[class];
            loss += f64::from(softmax(margins) - right);
            margins[class] -= 1.0;
        }
        loss
    }
}

/// A step that was taken.
struct Step {
    moved: Array2<f32>,
    /// How the slope turned by it.
    turned: Array2<f32>,
    /// One over their product.
    inverse: f32,
}

/// Goes down from these weights as far as it goes.
fn descended(problem: &Problem<'_>, mut weights: Array2<f32>) -> Array2<f32> {
    let (mut value, mut slope) = problem.at(&weights);
    let mut steps: VecDeque<Step> = VecDeque::new();
    for _ in 0..MOST_STEPS {
        if slope.iter().all(|part| part.abs() <= TOLERANCE) {
            break;
        }
        let way = downhill(&slope, &steps);
        let promised = f64::from(product(&way, &slope));
        let mut length = 1.0;
        let (next, (lower, turned)) = loop {
            let next = &weights + &(&way * length);
            let there = problem.at(&next);
            if there.0 <= value + ENOUGH * f64::from(length) * promised {
                break (next, there);
            }
            length /= 2.0;
            if length < SHORTEST {
                return weights;
            }
        };
        let (moved, turn) = (&next - &weights, &turned - &slope);
        let along = product(&moved, &turn);
        if along > f32::MIN_POSITIVE {
            steps.push_back(Step { moved, turned: turn, inverse: 1.0 / along });
        }
        if steps.len() > MEMORY {
            steps.pop_front();
        }
        (weights, value, slope) = (next, lower, turned);
    }
    weights
}

/// Where it goes down, as far as these steps tell how the slope turns.
fn downhill(slope: &Array2<f32>, steps: &VecDeque<Step>) -> Array2<f32> {
    let mut way = -slope;
    let mut shares = Vec::with_capacity(steps.len());
    for step in steps.iter().rev() {
        let share = step.inverse * product(&step.moved, &way);
        way.scaled_add(-share, &step.turned);
        shares.push(share);
    }
    // Without any step the slope says nothing of how far to go: then a length of 1.
    way *= steps.back().map_or_else(
        || 1.0 / product(slope, slope).sqrt().max(f32::MIN_POSITIVE),
        |step| 1.0 / (step.inverse * product(&step.turned, &step.turned)),
    );
    for (step, share) in steps.iter().zip(shares.into_iter().rev()) {
        let other = step.inverse * product(&step.turned, &way);
        way.scaled_add(share - other, &step.moved);
    }
    way
}

#[expect(clippy::cast_possible_truncation, reason = "a sum of numbers of 32 bits needs no more")]
fn product(left: &Array2<f32>, right: &Array2<f32>) -> f32 {
    left.iter().zip(right).map(|(left, right)| f64::from(left * right)).sum::<f64>() as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three classes of points around the corners of a triangle.
    fn points() -> (Vec<f32>, Vec<usize>) {
        let corners = [(1.0, 0.0), (-0.5, 0.87), (-0.5, -0.87)];
        let near = [(0.1, 0.0), (-0.1, 0.1), (0.0, -0.1), (0.05, 0.1)];
        let of = |class: usize| near.map(|(x, y)| (class, corners[class].0 + x, corners[class].1 + y));
        let points: Vec<(usize, f32, f32)> = (0..3).flat_map(of).collect();
        (points.iter().flat_map(|&(_, x, y)| [x, y]).collect(), points.iter().map(|&(class, ..)| class).collect())
    }

    fn problem<'a>(rows: &[f32], classes: &'a [usize]) -> Problem<'a> {
        let rows = rows.chunks(2).flat_map(|point| [point[0], point[1], 1.0]).collect();
        Problem { rows: Array2::from_shape_vec((classes.len(), 3), rows).unwrap(), classes }
    }

    #[test]
    fn classes_are_told_apart() {
        let (rows, classes) = points();
        let learned = Logistic::learn(&rows, &classes, 3, 2);
        for (point, &class) in rows.chunks(2).zip(&classes) {
            let shares = learned.shares(point);
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-6 && shares[class] > 0.8, "{shares:?}");
        }
        let between = learned.shares(&[0.0, 0.0]);
        assert!(between.iter().all(|share| (share - 1.0 / 3.0).abs() < 0.1), "{between:?}");
    }

    #[test]
    fn the_slope_is_that_of_the_loss() {
        const APART: f32 = 1e-2;
        let (rows, classes) = points();
        let problem = problem(&rows, &classes);
        let weights = Array2::from_shape_fn((3, 3), |(class, at)| if class == at { 0.7 } else { -0.2 });
        let (_, slope) = problem.at(&weights);
        for (at, part) in slope.indexed_iter() {
            let moved = |by: f32| {
                let mut weights = weights.clone();
                weights[at] += by;
                problem.at(&weights).0
            };
            let measured = (moved(APART) - moved(-APART)) / f64::from(2.0 * APART);
            assert!((measured - f64::from(*part)).abs() < 1e-3, "{at:?}: {measured} {part}");
        }
    }

    #[test]
    fn nothing_is_lower_nearby() {
        let (rows, classes) = points();
        let problem = problem(&rows, &classes);
        let weights = Logistic::learn(&rows, &classes, 3, 2).weights;
        let (lowest, slope) = problem.at(&weights);
        assert!(slope.iter().all(|part| part.abs() < 1e-3), "{slope}");
        for at in 0..9 {
            let mut other = weights.clone();
            other[(at / 3, at % 3)] += 0.1;
            assert!(problem.at(&other).0 >= lowest);
        }
    }

    #[test]
    fn weights_that_do_not_fit_are_not_read() {
        let (rows, classes) = points();
        let learned = Logistic::learn(&rows, &classes, 3, 2);
        assert_eq!(Logistic::read(learned.weights(), 3, 2), Some(learned.clone()));
        assert_eq!(Logistic::read(learned.weights(), 2, 2), None);
        assert_eq!(Logistic::read(vec![f32::NAN; 9], 3, 2), None);
    }
}
