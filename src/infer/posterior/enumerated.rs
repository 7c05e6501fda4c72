//! Exact posteriors of one block with few causes, by going through all sets of causes.
//!
//! [`exact`](super::exact) is exponential in the findings. Here the number of findings hardly counts, but the time doubles
//! with each cause. Only positive numbers are added, so the result is accurate however unlikely the findings are.

use super::elimination::{EliminationStep, order};
use super::model::{Belief, BlockCause, BlockPosterior, CauseBlock};

/// Returns the posterior of all causes of `block`.
pub(crate) fn solve(block: &CauseBlock) -> BlockPosterior {
    let n_causes = block.causes.len();
    // P(finding) if all causes are present: the most it can be. Shares of it do not underflow.
    let mut most: Vec<f64> = block.leaks.iter().map(|leak| 1.0 - leak).collect();
    block.causes.iter().for_each(|cause| hide(&mut most, cause));
    most.iter_mut().for_each(|hidden| *hidden = 1.0 - *hidden);
    let mut walk = Walk {
        block,
        order: roots_first(block),
        most,
        with: vec![0.0; n_causes],
        without: vec![0.0; n_causes],
        by_itself: vec![0.0; n_causes],
        not_led: vec![1.0; n_causes],
    };
    let total = walk.visit(0, 1.0, block.leaks.iter().map(|leak| 1.0 - leak).collect());
    let beliefs = walk.with.iter().zip(&walk.without).zip(&walk.by_itself);
    BlockPosterior {
        causes: beliefs.map(|((with, without), by)| Belief::from_weights(*with, *without, *by)).collect(),
        ln_evidence: total.ln() + walk.most.iter().map(|most| most.ln()).sum::<f64>(),
        margin: None,
    }
}

/// The indices of the causes, each before all causes that it leads to.
fn roots_first(block: &CauseBlock) -> Vec<usize> {
    let steps = order(block).steps.into_iter();
    steps.filter_map(|step| if let EliminationStep::Settle { cause, .. } = step { Some(cause) } else { None }).collect()
}

/// Multiplies P(finding is not shown) by the factors of a cause that is present.
fn hide(hidden: &mut [f64], cause: &BlockCause) {
    for &(finding, chance) in &cause.shows {
        hidden[finding] *= 1.0 - chance;
    }
}

/// A walk over the tree of all sets of causes.
struct Walk<'a> {
    block: &'a CauseBlock,
    order: Vec<usize>,
    most: Vec<f64>,
    /// For each cause, the sum of the weights of all sets with it, without it, and in which it arose by itself.
    with: Vec<f64>,
    without: Vec<f64>,
    by_itself: Vec<f64>,
    /// For each cause, P(no cause that is present leads to it).
    not_led: Vec<f64>,
}

impl Walk<'_> {
    /// Returns the sum of the weights of all sets of the causes from `depth` on, given those before. `before` is the
    /// weight of those, and `hidden` P(each finding is not shown) by them.
    fn visit(&mut self, depth: usize, before: f64, hidden: Vec<f64>) -> f64 {
        let Some(&index) = self.order.get(depth) else {
            return hidden.iter().zip(&self.most).map(|(hidden, most)| (1.0 - hidden) / most).product();
        };
        let block = self.block;
        let cause = &block.causes[index];
        let not_led = self.not_led[index];
        let absent = cause.stays_away * not_led;
        let present = (cause.arises + cause.stays_away * (1.0 - not_led)) * cause.fits;
        let mut shown = hidden.clone();
        hide(&mut shown, cause);
        let without = absent * self.visit(depth + 1, before * absent, hidden);
        let led_before: Vec<f64> = cause.leads_to.iter().map(|(to, _)| self.not_led[*to]).collect();
        cause.leads_to.iter().for_each(|(to, chance)| self.not_led[*to] *= 1.0 - chance);
        let rest = self.visit(depth + 1, before * present, shown);
        cause.leads_to.iter().zip(led_before).for_each(|((to, _), led)| self.not_led[*to] = led);
        self.with[index] += before * present * rest;
        self.without[index] += before * without;
        self.by_itself[index] += before * cause.arises * cause.fits * rest;
        without + present * rest
    }
}
