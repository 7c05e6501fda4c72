//! Whether a confidence keeps what it promises, and the weights that make it do so.

use crate::infer::{Confidence, Features, N_FEATURES};

use super::chance::mean;

/// The first article of one diagnosis: what its confidence is made of, and whether it is right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Top {
    /// As [`ArticleHit::features`](crate::infer::ArticleHit::features).
    pub features: Features,
    /// Whether it, or a near-copy of it, is one that the judge named.
    pub is_right: bool,
    /// How much it counts in a fit, > 0: real logs are fewer than made ones, and not worth less.
    pub weight: f64,
}

/// Bins of equal width that confidences are sorted into.
const BINS: usize = 10;

/// How a confidence and what came of it go together (Murphy 1973; Guo et al. 2017).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// Diagnoses with an article at all.
    pub n: usize,
    /// Mean of confidence, and share of those that are right.
    pub mean: f64,
    /// See [`Calibration::mean`].
    pub right: f64,
    /// Mean squared difference of confidence and outcome, 0–1, lower is better; about reliability − resolution + uncertainty.
    pub brier: f64,
    /// How far the outcomes of a bin are from what its confidences promise, squared; lower is better.
    pub reliability: f64,
    /// How far the outcomes of bins are from that of all, squared; higher is better.
    pub resolution: f64,
    /// What nobody can know beforehand: right × (1 − right).
    pub uncertainty: f64,
    /// Expected calibration error: as reliability, not squared, 0–1.
    pub ece: f64,
    /// Articles of confidence ≥ ½, and how many of them are wrong.
    pub sure: usize,
    /// See [`Calibration::sure`].
    pub sure_and_wrong: usize,
}

/// Whether confidences were deserved, and what fitting their weights anew would give.
#[derive(Debug, Clone, PartialEq)]
pub struct Confident {
    /// Of today's weights; `None` without any article.
    pub now: Option<Calibration>,
    /// Of weights fitted to the excerpts of other folds, if that was asked for.
    pub held_out: Option<Calibration>,
    /// Weights fitted to all excerpts, if that was asked for.
    pub fitted: Option<Confidence>,
}

/// What all judged excerpts together count for in a fit, over what all generated ones do: these are many and alike, those are
/// what people bring.
const JUDGED_WEIGHT: f64 = 0.25;

/// What each judged excerpt counts for in a fit beside generated ones, which count 1.
pub fn judged_weight(n_judged: usize, n_generated: usize) -> f64 {
    if n_judged == 0 || n_generated == 0 { 1.0 } else { JUDGED_WEIGHT * n_generated as f64 / n_judged as f64 }
}

/// Whether the confidences of tops were deserved, and where `fold_of` has the fold of each, whether those of fitted weights
/// would be.
pub fn confident(with: &Confidence, tops: &[Top], fold_of: Option<&[usize]>) -> Confident {
    let outcomes: Vec<(f64, bool)> = tops.iter().map(|top| (with.probability(&top.features), top.is_right)).collect();
    Confident {
        now: calibration(&outcomes),
        held_out: fold_of.and_then(|fold_of| calibration(&cross_fitted(tops, fold_of))),
        fitted: fold_of.map(|_| fit_confidence(tops)),
    }
}

/// How confidences, 0–1, go together with outcomes; `None` of none.
fn calibration(outcomes: &[(f64, bool)]) -> Option<Calibration> {
    if outcomes.is_empty() {
        return None;
    }
    let number = |is: bool| f64::from(u8::from(is));
    let all: Vec<[f64; 3]> =
        outcomes.iter().map(|&(p, is_right)| [p, number(is_right), (p - number(is_right)).powi(2)]).collect();
    let [of_all, right, brier] = mean(&all);
    let mut found = Calibration {
        n: outcomes.len(),
        mean: of_all,
        right,
        brier,
        reliability: 0.0,
        resolution: 0.0,
        uncertainty: right * (1.0 - right),
        ece: 0.0,
        sure: outcomes.iter().filter(|(p, _)| *p >= 0.5).count(),
        sure_and_wrong: outcomes.iter().filter(|(p, is_right)| *p >= 0.5 && !is_right).count(),
    };
    for bin in 0..BINS {
        let within: Vec<[f64; 3]> = all.iter().filter(|[p, ..]| bin_of(*p) == bin).copied().collect();
        if within.is_empty() {
            continue;
        }
        let share = within.len() as f64 / all.len() as f64;
        let [promised, came, _] = mean(&within);
        found.reliability += share * (promised - came).powi(2);
        found.resolution += share * (came - right).powi(2);
        found.ece += share * (promised - came).abs();
    }
    Some(found)
}

fn bin_of(p: f64) -> usize {
    ((p * BINS as f64) as usize).min(BINS - 1)
}

/// Keeps weights finite where a feature parts right from wrong without exception.
const RIDGE: f64 = 0.1;

/// Newton's method settles within some ten steps.
const STEPS: usize = 50;

/// The weights with which the confidences promise what came of them: logistic regression with a slight pull to 0, by
/// Newton's method. Half a dozen numbers from thousands of rows: some milliseconds.
fn fit_confidence(tops: &[Top]) -> Confidence {
    let mut weights = Features::default();
    for _ in 0..STEPS {
        let confidence = Confidence::from_weights(weights);
        let mut gradient = weights.map(|weight| -RIDGE * weight);
        let mut curvature = [Features::default(); N_FEATURES];
        for (index, row) in curvature.iter_mut().enumerate() {
            row[index] = RIDGE;
        }
        for Top { features, is_right, weight } in tops {
            let p = confidence.probability(features);
            let error = f64::from(u8::from(*is_right)) - p;
            for (row, &one) in features.iter().enumerate() {
                gradient[row] += weight * error * one;
                for (column, &other) in features.iter().enumerate() {
                    curvature[row][column] += weight * p * (1.0 - p) * one * other;
                }
            }
        }
        let step = solve(curvature, gradient);
        weights.iter_mut().zip(step).for_each(|(weight, step)| *weight += step);
        if step.iter().all(|step| step.abs() < 1e-10) {
            break;
        }
    }
    Confidence::from_weights(weights)
}

/// The solution of `matrix` · x = `right`, by Gauss–Jordan elimination; `matrix` is positive definite, so no pivot is 0.
fn solve(mut matrix: [Features; N_FEATURES], mut right: Features) -> Features {
    for pivot in 0..N_FEATURES {
        let scale = matrix[pivot][pivot];
        matrix[pivot].iter_mut().for_each(|value| *value /= scale);
        right[pivot] /= scale;
        let (pivot_row, pivot_right) = (matrix[pivot], right[pivot]);
        for row in (0..N_FEATURES).filter(|row| *row != pivot) {
            let factor = matrix[row][pivot];
            matrix[row].iter_mut().zip(pivot_row).for_each(|(value, of_pivot)| *value -= factor * of_pivot);
            right[row] -= factor * pivot_right;
        }
    }
    right
}

/// The confidence of each top when the weights are fitted to those of other folds; `fold_of` has the fold of each.
fn cross_fitted(tops: &[Top], fold_of: &[usize]) -> Vec<(f64, bool)> {
    let n_folds = fold_of.iter().max().map_or(0, |last| last + 1);
    let fitted: Vec<Confidence> = (0..n_folds)
        .map(|fold| {
            let others = tops.iter().zip(fold_of).filter(|(_, of)| **of != fold);
            fit_confidence(&others.map(|(top, _)| *top).collect::<Vec<_>>())
        })
        .collect();
    tops.iter().zip(fold_of).map(|(top, &fold)| (fitted[fold].probability(&top.features), top.is_right)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::chance::Random;
    use super::*;

    #[test]
    fn a_confidence_that_keeps_its_word_has_no_error() {
        let outcomes: Vec<(f64, bool)> =
            (0..100).map(|n| (0.25, n % 4 == 0)).chain((0..50).map(|_| (1.0, true))).collect();
        let found = calibration(&outcomes).expect("outcomes");
        assert_eq!((found.n, found.right, found.mean, found.ece, found.reliability), (150, 0.5, 0.5, 0.0, 0.0));
        assert_eq!((found.sure, found.sure_and_wrong), (50, 0));
        assert!((found.brier - (found.uncertainty - found.resolution)).abs() < 1e-12, "{found:?}");
        assert_eq!(found.uncertainty, 0.25);
        assert_eq!(calibration(&[]), None);
    }

    #[test]
    fn a_boast_costs_what_it_is_off_by() {
        let outcomes = [(0.95, true), (0.95, false), (0.05, false), (0.05, false)];
        let found = calibration(&outcomes).expect("outcomes");
        assert!((found.ece - (0.5 * 0.45 + 0.5 * 0.05)).abs() < 1e-12, "{found:?}");
        assert!((found.brier - (2.0 * 0.05_f64.powi(2) + 0.05_f64.powi(2) + 0.95_f64.powi(2)) / 4.0).abs() < 1e-12);
        assert_eq!((found.sure, found.sure_and_wrong), (2, 1));
    }

    fn tops(n: usize, weights: Features, seed: u64) -> Vec<Top> {
        let mut random = Random::new(seed);
        let mut share = || random.below(10_001) as f64 / 10_000.0;
        let top = |_| {
            let features = [1.0, share(), share(), share(), 2.0 * share() - 1.0];
            Top { features, is_right: share() < Confidence::from_weights(weights).probability(&features), weight: 1.0 }
        };
        (0..n).map(top).collect()
    }

    #[test]
    fn the_weights_that_made_the_outcomes_are_found_again() {
        let weights = [-2.0, 1.5, 3.0, 0.0, 2.0];
        let fitted = fit_confidence(&tops(20_000, weights, 1)).weights();
        assert!(fitted.iter().zip(weights).all(|(found, made)| (found - made).abs() < 0.25), "{fitted:?}");
        let other = tops(5_000, weights, 2);
        let outcomes: Vec<(f64, bool)> = other
            .iter()
            .map(|top| (Confidence::from_weights(fitted).probability(&top.features), top.is_right))
            .collect();
        assert!(calibration(&outcomes).expect("outcomes").ece < 0.03);
    }

    #[test]
    fn what_was_fitted_to_one_fold_is_not_measured_on_it() {
        // Within each fold outcomes follow a feature, to the contrary in the other.
        let top = |fold: usize, high: bool| Top {
            features: [1.0, f64::from(u8::from(high)), 0.0, 0.0, 0.0],
            is_right: high == (fold == 0),
            weight: 1.0,
        };
        let tops: Vec<Top> = (0..80).map(|n| top(n % 2, n % 4 < 2)).collect();
        let fold_of: Vec<usize> = (0..80).map(|n| n % 2).collect();
        assert!(cross_fitted(&tops, &fold_of).iter().all(|(p, is_right)| (*p > 0.5) != *is_right));
        assert_eq!(cross_fitted(&[], &[]), []);
    }
}
