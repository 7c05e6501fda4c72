//! Coordinate ascent: changes one weight at a time, a step up or down, and keeps the change only for a clear gain.
//!
//! Rank metrics are step functions of the weights, flat nearly everywhere, so there is no gradient to follow. Steps are
//! coarse at first and then finer. Weights easily fit few questions by chance. So a weight changes only for a gain of
//! at least [`FitOptions::epsilon`], and goes back to its start if later changes made its own needless.

/// A weight that may be fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// Its name in the ranking file.
    pub name: String,
    /// Its value at the start.
    pub value: f64,
    /// The least value that it may have.
    pub low: f64,
    /// The greatest value that it may have.
    pub high: f64,
    /// How far it moves in one step.
    pub step: WeightStep,
}

/// How far a weight moves in one step, at the finest scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WeightStep {
    /// Multiplied or divided by this number, > 1. For weights above 0 whose order of magnitude matters.
    Times(f64),
    /// This number, > 0, added or subtracted.
    Plus(f64),
}

impl WeightStep {
    /// `value` after `steps` steps; a negative number goes down.
    fn moved(self, value: f64, steps: i32) -> f64 {
        match self {
            WeightStep::Times(factor) => value * factor.powi(steps),
            WeightStep::Plus(amount) => value + amount * f64::from(steps),
        }
    }
}

/// How to look for better weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitOptions {
    /// A change is kept only if it raises the objective by at least this much.
    pub epsilon: f64,
    /// The objective is computed at most this often; the best weights up to then are the result.
    pub max_evaluations: usize,
}

impl Default for FitOptions {
    /// When one question in 50 moves from the second place to the first, MRR gains .01. Gains below a fifth of that
    /// count as noise.
    fn default() -> Self {
        FitOptions { epsilon: 0.002, max_evaluations: 2_000 }
    }
}

/// The result of a fit.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightFit {
    /// The fitted weights, in the order given.
    pub weights: Vec<f64>,
    /// The objective at the start.
    pub start: f64,
    /// The objective with the fitted weights; never less than at the start.
    pub value: f64,
    /// The changes that were kept, in order.
    pub trace: Vec<WeightChange>,
    /// How often the objective was computed.
    pub evaluations: usize,
}

/// A change of one weight that was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightChange {
    /// Index of the weight.
    pub weight: usize,
    /// Its value before.
    pub from: f64,
    /// Its value after.
    pub to: f64,
    /// The objective after.
    pub value: f64,
}

/// The number of steps taken at once, coarse to fine.
const SCALES: [i32; 3] = [4, 2, 1];

/// Looks for weights with a higher `objective`, beginning at `start`. A weight without effect keeps its value. An
/// objective of NaN counts as worse than any number.
pub fn fit_weights(start: &[Weight], objective: &mut dyn FnMut(&[f64]) -> f64, options: &FitOptions) -> WeightFit {
    let weights: Vec<f64> = start.iter().map(|weight| weight.value).collect();
    let value = objective(&weights);
    let mut ascent = Ascent {
        start,
        objective,
        options,
        fit: WeightFit { weights, start: value, value, trace: Vec::new(), evaluations: 1 },
    };
    for scale in SCALES {
        while ascent.sweep(scale) {}
    }
    ascent.take_back();
    ascent.fit
}

struct Ascent<'a> {
    start: &'a [Weight],
    objective: &'a mut dyn FnMut(&[f64]) -> f64,
    options: &'a FitOptions,
    fit: WeightFit,
}

impl Ascent<'_> {
    /// Moves each weight in turn, `scale` steps at a time, as long as that gains enough. Returns whether any was moved.
    fn sweep(&mut self, scale: i32) -> bool {
        let before = self.fit.trace.len();
        for weight in 0..self.start.len() {
            let up = self.tried(weight, scale);
            let down = self.tried(weight, -scale);
            let (steps, best) = if better(down, up) { (-scale, down) } else { (scale, up) };
            let mut next = best;
            while let Some((to, value)) = next.filter(|(_, value)| value - self.fit.value >= self.options.epsilon) {
                self.keep(weight, to, value);
                next = self.tried(weight, steps);
            }
        }
        self.fit.trace.len() > before
    }

    /// Puts each weight back to its start if that does not lower the objective.
    fn take_back(&mut self) {
        for (index, weight) in self.start.iter().enumerate() {
            let is_moved = self.fit.weights[index] != weight.value;
            if let Some(value) =
                is_moved.then(|| self.at(index, weight.value)).flatten().filter(|v| *v >= self.fit.value)
            {
                self.keep(index, weight.value, value);
            }
        }
    }

    /// Returns the value of a weight after `steps` steps, and the objective there. `None` if it cannot move, or the
    /// objective may not be computed again.
    fn tried(&mut self, weight: usize, steps: i32) -> Option<(f64, f64)> {
        let Weight { step, low, high, .. } = self.start[weight];
        let from = self.fit.weights[weight];
        let to = step.moved(from, steps).max(low).min(high);
        if to == from || to.is_nan() {
            return None;
        }
        Some((to, self.at(weight, to)?))
    }

    /// Returns the objective with one weight set to `value`; `None` if it was computed [`FitOptions::max_evaluations`]
    /// times.
    fn at(&mut self, weight: usize, value: f64) -> Option<f64> {
        if self.fit.evaluations >= self.options.max_evaluations {
            return None;
        }
        self.fit.evaluations += 1;
        let kept = std::mem::replace(&mut self.fit.weights[weight], value);
        let found = (self.objective)(&self.fit.weights);
        self.fit.weights[weight] = kept;
        Some(found)
    }

    fn keep(&mut self, weight: usize, to: f64, value: f64) {
        let from = std::mem::replace(&mut self.fit.weights[weight], to);
        self.fit.value = value;
        self.fit.trace.push(WeightChange { weight, from, to, value });
    }
}

/// Whether the first change has a higher objective than the second.
fn better(one: Option<(f64, f64)>, other: Option<(f64, f64)>) -> bool {
    match (one, other) {
        (Some((_, one)), Some((_, other))) => one > other || other.is_nan(),
        (one, _) => one.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(name: &str, value: f64, step: WeightStep) -> Weight {
        Weight { name: name.to_owned(), value, low: 0.01, high: 100.0, step }
    }

    fn two() -> [Weight; 2] {
        [weight("a", 1.0, WeightStep::Plus(0.25)), weight("b", 1.0, WeightStep::Times(2.0))]
    }

    #[test]
    fn the_top_of_a_quadratic_is_found_to_one_step() {
        let mut hill = |at: &[f64]| -(at[0] - 3.1).powi(2) - (at[1].log2() - 4.0).powi(2);
        let found = fit_weights(&two(), &mut hill, &FitOptions::default());
        assert_eq!(found.weights, [3.0, 16.0]);
        assert!((found.start + 20.41).abs() < 1e-9 && (found.value + 0.01).abs() < 1e-9, "{found:?}");
        assert_eq!(found.trace.last().map(|change| change.value), Some(found.value));
    }

    #[test]
    fn nothing_moves_on_a_plateau_or_for_less_than_epsilon() {
        for objective in [|_: &[f64]| 0.5, |at: &[f64]| at[0] * 1e-4, |_: &[f64]| f64::NAN] {
            let found = fit_weights(&two(), &mut { objective }, &FitOptions::default());
            assert_eq!((found.weights, found.trace), (vec![1.0, 1.0], vec![]));
        }
    }

    #[test]
    fn a_gap_as_wide_as_the_coarse_step_is_crossed() {
        let mut ledge = |at: &[f64]| if at[0] >= 2.0 { 1.0 } else { 0.0 };
        assert_eq!(fit_weights(&two(), &mut ledge, &FitOptions::default()).weights, [2.0, 1.0]);
    }

    #[test]
    fn a_change_that_later_ones_made_needless_is_taken_back() {
        // The first weight helps only while the second has not moved.
        let mut either = |at: &[f64]| {
            if at[1] > 1.0 {
                1.0
            } else if at[0] > 1.0 {
                0.5
            } else {
                0.0
            }
        };
        let found = fit_weights(&two(), &mut either, &FitOptions::default());
        assert_eq!((found.weights, found.value), (vec![1.0, 16.0], 1.0));
        assert_eq!(found.trace.len(), 3);
    }

    #[test]
    fn weights_stay_within_their_bounds() {
        let mut slope = |at: &[f64]| at[0] - at[1];
        let found = fit_weights(&two(), &mut slope, &FitOptions::default());
        assert_eq!(found.weights, [100.0, 0.01]);
    }

    #[test]
    fn the_objective_is_computed_no_more_often_than_allowed() {
        let mut asked = 0;
        let mut slope = |at: &[f64]| {
            asked += 1;
            at[0]
        };
        let options = FitOptions { max_evaluations: 7, ..FitOptions::default() };
        let found = fit_weights(&two(), &mut slope, &options);
        assert_eq!((found.evaluations, asked), (7, 7));
        assert!(found.value > found.start);
    }
}
