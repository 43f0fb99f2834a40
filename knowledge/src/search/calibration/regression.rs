//! Logistic regression, plain and within groups, and how well a score tells.

#![expect(clippy::cast_precision_loss, reason = "counts of samples")]

/// What a question is fitted by: features, whether it is so, what it counts, and its base.
pub(super) type Labelled<const N: usize> = ([f64; N], bool, f64, usize);

/// Logistic regression by Newton's method would be quicker; gradient descent is shorter.
pub(super) fn fit<const N: usize>(rows: &[Labelled<N>], signs: [f64; N]) -> [f64; N] {
    const STEPS: usize = 30_000;
    const RATE: f64 = 0.5;
    const RIDGE: f64 = 1e-4;
    let mut shares = vec![0.0; rows.iter().map(|(.., base)| base + 1).max().unwrap_or(0)];
    let all: f64 = rows.iter().map(|(_, _, weight, _)| weight).sum();
    for (.., weight, base) in rows {
        shares[*base] += weight / all;
    }
    let mut weights = [0.0; N];
    let mut constants = vec![0.0; shares.len()];
    for _ in 0..STEPS {
        let mut gradient = weights.map(|weight| RIDGE * weight);
        let mut of_constants = vec![0.0; shares.len()];
        for (features, label, weight, base) in rows {
            let sum: f64 = weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum();
            let error = 1.0 / (1.0 + (-sum - constants[*base]).exp()) - f64::from(u8::from(*label));
            for (slope, feature) in gradient.iter_mut().zip(features) {
                *slope += error * feature * weight / all;
            }
            of_constants[*base] += error * weight / all;
        }
        for (weight, slope) in weights.iter_mut().zip(gradient) {
            *weight -= RATE * slope;
        }
        for (weight, sign) in weights.iter_mut().zip(signs) {
            if *weight * sign < 0.0 {
                *weight = 0.0;
            }
        }
        // As the features have it; a base with a small share would take as many steps more.
        for ((constant, slope), share) in constants.iter_mut().zip(of_constants).zip(&shares) {
            *constant -= RATE * slope / share;
        }
    }
    weights[0] += constants.iter().zip(&shares).map(|(constant, share)| constant * share).sum::<f64>();
    weights
}

/// Weights that tell within each base; then how much their sum counts, over all bases.
pub(super) fn fit_within<const N: usize>(rows: &[Labelled<N>], signs: [f64; N]) -> [f64; N] {
    let mut weights = fit(rows, signs);
    weights[0] = 0.0;
    let sum =
        |features: &[f64; N]| -> f64 { weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum() };
    // Around 0 and of the size of other features, or the steps would be too large.
    let mean = rows.iter().map(|(features, ..)| sum(features)).sum::<f64>() / rows.len() as f64;
    let size = rows.iter().map(|(features, ..)| (sum(features) - mean).abs()).sum::<f64>() / rows.len() as f64;
    let sums: Vec<Labelled<2>> = rows
        .iter()
        .map(|&(features, label, weight, _)| ([1.0, (sum(&features) - mean) / size], label, weight, 0))
        .collect();
    let [constant, scale] = fit(&sums, [0.0, 1.0]);
    weights = weights.map(|weight| weight * scale / size);
    weights[0] = constant - scale * mean / size;
    weights
}

/// Probability that a sample that is `yes` scores above one that is not.
pub(super) fn auroc(scores: &[(f64, bool)]) -> f64 {
    let (yes, no): (Vec<_>, Vec<_>) = scores.iter().partition(|(_, label)| *label);
    let wins = yes.iter().map(|(high, _)| no.iter().filter(|(low, _)| low < high).count()).sum::<usize>();
    wins as f64 / (yes.len() * no.len()) as f64
}
