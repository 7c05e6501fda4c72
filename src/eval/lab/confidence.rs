//! Fits the weights of the confidence in an article to outcomes, by logistic regression.

use crate::eval::calibration::{Calibration, TopArticle, calibration};
use crate::infer::{Confidence, Features, N_FEATURES};

/// The weight of all judged excerpts together in a fit, divided by that of all generated ones. The generated ones are
/// many and alike; the judged ones are like those that people diagnose.
const JUDGED_WEIGHT: f64 = 0.25;

/// The strength of the ridge penalty, which pulls each weight to 0, in units of one excerpt. It keeps the weights
/// finite if a feature separates right from wrong articles without exception.
const RIDGE: f64 = 0.1;

/// The most steps of Newton's method, which converges within about ten.
const MAX_STEPS: usize = 50;

/// The first article of one diagnosis, as an example to fit to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitExample {
    /// The article.
    pub top: TopArticle,
    /// Its weight in the fit, > 0.
    pub weight: f64,
    /// The fold that it is held out with, from 0.
    pub fold: usize,
}

/// Fitted weights of the confidence, and their calibration.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedConfidence {
    /// The weights fitted to all examples.
    pub weights: Confidence,
    /// The calibration with each example measured by weights fitted without its fold; `None` without examples.
    pub held_out: Option<Calibration>,
}

/// Returns the weight of each judged excerpt in a fit, if a generated one has the weight 1.
pub fn judged_weight(n_judged: usize, n_generated: usize) -> f64 {
    if n_judged == 0 || n_generated == 0 { 1.0 } else { JUDGED_WEIGHT * n_generated as f64 / n_judged as f64 }
}

/// Fits the weights of the confidence to `examples`, and measures them by cross-validation.
pub fn fit_confidence(examples: &[FitExample]) -> FittedConfidence {
    FittedConfidence { weights: fit_weights(examples), held_out: calibration(&cross_fitted(examples)) }
}

/// Finds the weights with the highest penalised likelihood, by Newton's method. Takes milliseconds for thousands of
/// examples.
fn fit_weights(examples: &[FitExample]) -> Confidence {
    let mut weights = Features::default();
    for _ in 0..MAX_STEPS {
        let confidence = Confidence::from_weights(weights);
        let mut gradient = weights.map(|weight| -RIDGE * weight);
        let mut curvature = [Features::default(); N_FEATURES];
        for (index, row) in curvature.iter_mut().enumerate() {
            row[index] = RIDGE;
        }
        for FitExample { top: TopArticle { features, is_right }, weight, .. } in examples {
            let p = confidence.logistic(features);
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

/// Returns the solution x of `matrix` · x = `right`, by Gauss–Jordan elimination. `matrix` is positive definite, so no
/// pivot is 0.
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

/// Returns for each example its confidence, by weights fitted without its fold, and whether its article is right.
fn cross_fitted(examples: &[FitExample]) -> Vec<(f64, bool)> {
    let n_folds = examples.iter().map(|example| example.fold + 1).max().unwrap_or(0);
    let without_fold = |fold: usize| {
        let others = examples.iter().filter(|example| example.fold != fold);
        fit_weights(&others.copied().collect::<Vec<_>>())
    };
    let fitted: Vec<Confidence> = (0..n_folds).map(without_fold).collect();
    let measured = |FitExample { top, fold, .. }: &FitExample| (fitted[*fold].probability(&top.features), top.is_right);
    examples.iter().map(measured).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::calibration::calibrate;
    use crate::eval::random::Random;

    fn example(features: Features, is_right: bool, fold: usize) -> FitExample {
        FitExample { top: TopArticle { features, is_right }, weight: 1.0, fold }
    }

    fn examples(n: usize, weights: Features, seed: u64) -> Vec<FitExample> {
        let mut random = Random::new(seed);
        let mut share = || random.below(10_001) as f64 / 10_000.0;
        let random_example = |_| {
            // Each repeats a message.
            let features = [1.0, share(), share(), 2.0 * share() - 1.0, 1.0 + share(), share(), share(), share()];
            example(features, share() < Confidence::from_weights(weights).probability(&features), 0)
        };
        (0..n).map(random_example).collect()
    }

    #[test]
    fn the_weights_that_made_the_outcomes_are_found_again() {
        let weights = [-5.0, 1.5, 3.0, 2.0, 2.0, 0.0, 1.0, -1.0];
        let fitted = fit_weights(&examples(20_000, weights, 1));
        let is_near = |(found, made): (&f64, f64)| (found - made).abs() < 0.25;
        assert!(fitted.weights().iter().zip(weights).all(is_near), "{fitted:?}");
        let others: Vec<TopArticle> = examples(5_000, weights, 2).iter().map(|example| example.top).collect();
        assert!(calibrate(&fitted, &others).expect("outcomes").ece < 0.03);
    }

    #[test]
    fn what_was_fitted_to_one_fold_is_not_measured_on_it() {
        // In one fold the articles with the feature are right, in the other those without it.
        let in_fold = |fold: usize, high: bool| {
            let high_words = f64::from(u8::from(high));
            example([1.0, high_words, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0], high == (fold == 0), fold)
        };
        let examples: Vec<FitExample> = (0..80).map(|n| in_fold(n % 2, n % 4 < 2)).collect();
        assert!(cross_fitted(&examples).iter().all(|(p, is_right)| (*p > 0.5) != *is_right));
        assert_eq!(fit_confidence(&[]).held_out, None);
    }
}
