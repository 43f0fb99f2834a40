//! Linear support vector machines, one for each class against the rest.
//!
//! Solved in the dual by coordinate descent: Hsieh, Chang, Lin, Keerthi, Sundararajan (2008), "A Dual Coordinate Descent
//! Method for Large-scale Linear SVM", algorithm 3 (with shrinking), squared hinge loss, `C = 1`, the constant a feature of
//! value 1. Rows are visited in an order that a fixed seed shuffles, so the same rows give the same machine.
//!
//! The solution is kept as the rows that support it and not as weights: those are few, where features times classes are
//! many; and the cosines with all rows are at hand anyway.

use super::{cores::on_all_cores, grams::Row};

fn square(row: &Row) -> f32 {
    row.iter().map(|(_, value)| value * value).sum()
}

fn product(row: &Row, weights: &[f32]) -> f32 {
    row.iter().map(|&(id, value)| weights[id as usize] * value).sum()
}

fn add_to(weights: &mut [f32], row: &Row, step: f32) {
    for &(id, value) in row {
        weights[id as usize] += step * value;
    }
}

/// Weight of errors against simplicity.
const C: f32 = 1.0;
/// Most visits to all rows.
const MOST_PASSES: usize = 40;
/// Violation of the optimum that is good enough.
const TOLERANCE: f32 = 0.05;

/// What one row contributes to the margin of a class, times the row's product with the question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Support {
    pub(super) row: u32,
    pub(super) class: u32,
    pub(super) weight: f32,
}

/// One machine for each class.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Machines {
    pub(super) supports: Vec<Support>,
    /// By class.
    pub(super) constants: Vec<f32>,
}

impl Machines {
    /// Learns to tell the classes apart: `classes[i]` is that of `rows[i]`. `features` is one more than the largest id.
    pub(super) fn learn(rows: &[Row], classes: &[usize], count: usize, features: usize) -> Self {
        let squares: Vec<f32> = rows.iter().map(|row| 1.0 + square(row)).collect();
        let all: Vec<usize> = (0..count).collect();
        let learned = on_all_cores(&all, 1, |some| -> Vec<(Vec<Support>, f32)> {
            let mut solver = Solver::new(rows, &squares, features);
            some.iter().map(|&class| solver.solve(class, classes)).collect()
        });
        let learned: Vec<(Vec<Support>, f32)> = learned.into_iter().flatten().collect();
        let constants = learned.iter().map(|&(_, constant)| constant).collect();
        let mut supports: Vec<Support> = learned.into_iter().flat_map(|(supports, _)| supports).collect();
        supports.sort_by_key(|support| (support.row, support.class));
        Self { supports, constants }
    }

    /// The same machines, for rows that have other numbers: the new one, by the old.
    #[expect(clippy::cast_possible_truncation, reason = "fewer rows than u32 counts")]
    pub(super) fn of_rows(mut self, rows: &[usize]) -> Self {
        for support in &mut self.supports {
            support.row = rows[support.row as usize] as u32;
        }
        self
    }

    /// Whether they are for so many classes and no more than so many rows.
    pub(super) fn fits(&self, rows: usize, classes: usize) -> bool {
        let known = |support: &Support| (support.row as usize) < rows && (support.class as usize) < classes;
        self.constants.len() == classes && self.supports.iter().all(known)
    }

    /// The margin of each class: above 0 if its machine says yes. `products` are those of the question with each row.
    pub(super) fn margins(&self, products: &[f32]) -> Vec<f32> {
        let mut margins = self.constants.clone();
        for support in &self.supports {
            margins[support.class as usize] += support.weight * products[support.row as usize];
        }
        margins
    }
}

/// The memory of one thread.
struct Solver<'a> {
    rows: &'a [Row],
    squares: &'a [f32],
    weights: Vec<f32>,
    alphas: Vec<f32>,
    active: Vec<u32>,
}

impl<'a> Solver<'a> {
    fn new(rows: &'a [Row], squares: &'a [f32], features: usize) -> Self {
        Self { rows, squares, weights: vec![0.0; features], alphas: vec![0.0; rows.len()], active: Vec::new() }
    }

    #[expect(clippy::cast_possible_truncation, reason = "fewer rows than u32 counts")]
    fn solve(&mut self, class: usize, classes: &[usize]) -> (Vec<Support>, f32) {
        self.weights.fill(0.0);
        self.alphas.fill(0.0);
        let mut constant = 0.0;
        self.active = (0..self.rows.len() as u32).collect();
        let mut seed = 0x9e37_79b9_7f4a_7c15 ^ class as u64;
        // Rows with a gradient above this cannot become supports soon, and are left out.
        let mut bound = f32::INFINITY;
        for _ in 0..MOST_PASSES {
            shuffle(&mut self.active, &mut seed);
            let (mut highest, mut lowest) = (f32::NEG_INFINITY, f32::INFINITY);
            let mut at = 0;
            while at < self.active.len() {
                let row = self.active[at] as usize;
                let sign = if classes[row] == class { 1.0 } else { -1.0 };
                let features = &self.rows[row];
                let product = product(features, &self.weights) + constant;
                let alpha = self.alphas[row];
                let gradient = sign * product - 1.0 + alpha / (2.0 * C);
                if alpha <= 0.0 && gradient > bound {
                    self.active.swap_remove(at);
                    continue;
                }
                let projected = if alpha <= 0.0 { gradient.min(0.0) } else { gradient };
                highest = highest.max(projected);
                lowest = lowest.min(projected);
                if projected.abs() > 1e-6 {
                    let next = (alpha - gradient / (self.squares[row] + 1.0 / (2.0 * C))).max(0.0);
                    let step = (next - alpha) * sign;
                    self.alphas[row] = next;
                    constant += step;
                    add_to(&mut self.weights, features, step);
                }
                at += 1;
            }
            if highest - lowest <= TOLERANCE {
                if self.active.len() == self.rows.len() {
                    break;
                }
                // The rest looks fine without those left out: look at all of them once more.
                self.active = (0..self.rows.len() as u32).collect();
                bound = f32::INFINITY;
            } else {
                bound = if highest <= 0.0 { f32::INFINITY } else { highest };
            }
        }
        let sign = |row: usize| if classes[row] == class { 1.0 } else { -1.0 };
        let supports = self.alphas.iter().enumerate().filter(|&(_, &alpha)| alpha > 0.0).map(|(row, &alpha)| Support {
            row: row as u32,
            class: class as u32,
            weight: alpha * sign(row),
        });
        (supports.collect(), constant)
    }
}

/// Fisher and Yates, with the generator xorshift64 (Marsaglia 2003).
#[expect(clippy::cast_possible_truncation, reason = "only the low bits are wanted")]
fn shuffle(items: &mut [u32], seed: &mut u64) {
    for last in (1..items.len()).rev() {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        items.swap(last, *seed as usize % (last + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_told_apart() {
        let rows: Vec<Row> =
            vec![vec![(0, 1.0)], vec![(0, 0.8), (2, 0.6)], vec![(1, 1.0)], vec![(1, 0.8), (2, 0.6)], vec![(3, 1.0)]];
        let classes = [0, 0, 1, 1, 2];
        let machines = Machines::learn(&rows, &classes, 3, 4);
        let product = |left: &Row, right: &Row| -> f32 {
            left.iter()
                .flat_map(|(id, value)| {
                    right.iter().filter(move |(other, _)| other == id).map(move |(_, other)| value * other)
                })
                .sum()
        };
        for (row, &class) in rows.iter().zip(&classes) {
            let products: Vec<f32> = rows.iter().map(|other| product(row, other)).collect();
            let margins = machines.margins(&products);
            let best = (0..3).max_by(|&left, &right| margins[left].total_cmp(&margins[right]));
            assert_eq!(best, Some(class), "{margins:?}");
        }
    }
}
