//! Exact posteriors of one block, by variable elimination over sets of findings.
//!
//! Quickscore (Heckerman 1989) computes P(all findings) as a sum over the subsets of the positive findings with
//! alternating signs. Its terms are near 1 while the sum may be 1e-20 (a few rare causes seen at once), and then even a
//! compensated sum has no correct digit. The sum here is over the same subsets, in an order that only adds positive
//! numbers: it takes the same time, 2^findings × links, and keeps full relative accuracy.
//!
//! A table has one entry for each set of open causes and findings ([`EliminationStep`] says when one is open). The bit of a
//! cause means "present", that of a finding "already brought about by its leak and the causes settled so far". `weight[set]` is
//! the probability of exactly `set` and of all findings closed so far, and `value[set]` is the probability that the remaining
//! steps turn `set` into all findings. **Invariant:** at each point of the order Σ weight[set] · value[set] is the same number,
//! the probability of all findings, up to the factors by which tables are scaled so that hundreds of findings do not underflow.
//! So the share of the entries with a cause's bit is the posterior of that cause (the differential approach, Darwiche 2003).

use super::elimination::{EliminationStep, order};
use super::model::{Belief, BlockCause, BlockPosterior, CauseBlock};

/// Returns the number of bits of the largest table that [`solve`] needs, minus the one bit that even a single cause
/// takes. Time and memory double with each; see [`EXACT_POSITIVES`](crate::infer::weights::EXACT_POSITIVES).
pub(crate) fn width(block: &CauseBlock) -> usize {
    order(block).widest.saturating_sub(1)
}

/// Returns the posterior of all causes of `block`. For n causes and links it makes n·log n passes over a table and
/// keeps log n tables.
pub(crate) fn solve(block: &CauseBlock) -> BlockPosterior {
    let n_causes = block.causes.len();
    let steps = order(block).steps;
    let mut solver = Solver { block, settled: vec![(0.0, 0.0); n_causes], beliefs: vec![None; n_causes] };
    solver.pass_back(&steps, vec![1.0], vec![1.0]);
    let causes = solver.beliefs.into_iter().map(|belief| belief.expect("each cause is opened once")).collect();
    BlockPosterior { causes, ln_evidence: ln_evidence(block, &steps), margin: None }
}

/// ln P(all findings of `block`), by one pass over `steps`.
pub(crate) fn ln_evidence(block: &CauseBlock, steps: &[EliminationStep]) -> f64 {
    let mut ln_scale = 0.0;
    let last = steps.iter().fold(vec![1.0], |weight, step| {
        let mut weight = forward(block, step, weight);
        ln_scale += scale(step, &mut weight);
        weight
    });
    ln_scale + last[0].ln()
}

/// Scales a table so that its largest entry is 1, if `step` is one that changes the sum of all entries. Returns ln of the factor
/// that was divided out.
pub(crate) fn scale(step: &EliminationStep, table: &mut [f64]) -> f64 {
    let most = table.iter().copied().fold(0.0, f64::max);
    if !matches!(step, EliminationStep::CloseFinding { .. } | EliminationStep::Settle { .. }) || most <= 0.0 {
        return 0.0;
    }
    table.iter_mut().for_each(|entry| *entry /= most);
    most.ln()
}

struct Solver<'a> {
    block: &'a CauseBlock,
    /// For each cause, the weights of "present" and "absent"; (0, 0) until its `Settle` step was passed.
    settled: Vec<(f64, f64)>,
    /// For each cause, the belief in it; `None` until its `Open` step was passed.
    beliefs: Vec<Option<Belief>>,
}

impl Solver<'_> {
    /// Goes back over `steps` and stores the belief in each cause that they open. `weight` belongs to the point before
    /// the steps, `value` to the point after them. Returns the value before them.
    ///
    /// Where a cause is settled, the products of weights and values add up to the weights of "present" and "absent";
    /// where it is opened, to that of "arose by itself". Each half of the steps is passed on its own, so that only log
    /// n tables are kept instead of one for each step.
    fn pass_back(&mut self, steps: &[EliminationStep], weight: Vec<f64>, value: Vec<f64>) -> Vec<f64> {
        match steps {
            [] => value,
            [step] => self.pass_back_one(step, weight, value),
            _ => {
                let (first, rest) = steps.split_at(steps.len() / 2);
                let between = first.iter().fold(weight.clone(), |weight, step| {
                    let mut weight = forward(self.block, step, weight);
                    scale(step, &mut weight);
                    weight
                });
                let value = self.pass_back(rest, between, value);
                self.pass_back(first, weight, value)
            }
        }
    }

    fn pass_back_one(&mut self, step: &EliminationStep, weight: Vec<f64>, value: Vec<f64>) -> Vec<f64> {
        debug_assert!(keeps_evidence(self.block, step, &weight, &value), "{step:?} changes P(all findings)");
        match *step {
            EliminationStep::Open(cause) => {
                let before = backward(self.block, step, value.clone());
                let weight = forward(self.block, step, weight);
                let (by_itself, otherwise) = split(&weight, &value, weight.len() / 2);
                let (present, absent) = self.settled[cause];
                // The tables may have been scaled since the cause was settled.
                let by_itself = by_itself / (by_itself + otherwise).max(f64::MIN_POSITIVE) * (present + absent);
                self.beliefs[cause] = Some(Belief::from_weights(present, absent, by_itself));
                before
            }
            EliminationStep::Settle { cause, slot } => {
                let mut before = backward(self.block, step, value);
                self.settled[cause] = split(&weight, &before, 1 << slot);
                scale(step, &mut before);
                before
            }
            EliminationStep::OpenFinding(_)
            | EliminationStep::Lead { .. }
            | EliminationStep::Close { .. }
            | EliminationStep::CloseFinding { .. } => {
                let mut before = backward(self.block, step, value);
                scale(step, &mut before);
                before
            }
        }
    }
}

/// Whether Σ weight · value is the same before and after `step`: the invariant of the module.
fn keeps_evidence(block: &CauseBlock, step: &EliminationStep, weight: &[f64], value: &[f64]) -> bool {
    let before = product(weight, &backward(block, step, value.to_vec()));
    let after = product(&forward(block, step, weight.to_vec()), value);
    (before - after).abs() <= 1e-9 * after + f64::MIN_POSITIVE
}

/// The weights after `step`, from those before it.
pub(crate) fn forward(block: &CauseBlock, step: &EliminationStep, mut weight: Vec<f64>) -> Vec<f64> {
    match *step {
        EliminationStep::Open(cause) => {
            let BlockCause { arises, stays_away, .. } = block.causes[cause];
            open(&mut weight, stays_away, arises);
        }
        EliminationStep::OpenFinding(finding) => open(&mut weight, 1.0 - block.leaks[finding], block.leaks[finding]),
        EliminationStep::Lead { from, to, chance } => {
            for_each_pair(&mut weight, (1 << from, 1 << to), |without, with| {
                *with += *without * chance;
                *without *= 1.0 - chance;
            })
        }
        EliminationStep::Settle { cause, slot } => fit(&mut weight, 1 << slot, block.causes[cause].fits),
        EliminationStep::Close { slot } => {
            let bit = 1 << slot;
            let halves = weight.chunks_exact(2 * bit).map(|pair| pair.split_at(bit));
            return halves.flat_map(|(without, with)| without.iter().zip(with).map(|(a, b)| a + b)).collect();
        }
        EliminationStep::CloseFinding { slot } => {
            let bit = 1 << slot;
            return weight.chunks_exact(2 * bit).flat_map(|pair| &pair[bit..]).copied().collect();
        }
    }
    weight
}

/// The values before `step`, from those after it: the transpose of [`forward`].
fn backward(block: &CauseBlock, step: &EliminationStep, mut value: Vec<f64>) -> Vec<f64> {
    match *step {
        EliminationStep::Open(cause) => {
            let BlockCause { arises, stays_away, .. } = block.causes[cause];
            before_open(&value, stays_away, arises)
        }
        EliminationStep::OpenFinding(finding) => before_open(&value, 1.0 - block.leaks[finding], block.leaks[finding]),
        EliminationStep::Lead { from, to, chance } => {
            for_each_pair(&mut value, (1 << from, 1 << to), |without, with| {
                *without = (1.0 - chance) * *without + chance * *with;
            });
            value
        }
        EliminationStep::Settle { cause, slot } => {
            fit(&mut value, 1 << slot, block.causes[cause].fits);
            value
        }
        EliminationStep::Close { slot } => {
            value.chunks_exact(1 << slot).flat_map(|half| [half, half].concat()).collect()
        }
        EliminationStep::CloseFinding { slot } => {
            let unseen = vec![0.0; 1 << slot];
            value.chunks_exact(1 << slot).flat_map(|half| [&unseen, half].concat()).collect()
        }
    }
}

/// Doubles a table for one more bit, with the weights of "not" and "there".
fn open(weight: &mut Vec<f64>, not: f64, there: f64) {
    let present: Vec<f64> = weight.iter().map(|w| w * there).collect();
    weight.iter_mut().for_each(|w| *w *= not);
    weight.extend(present);
}

/// The transpose of [`open`].
fn before_open(value: &[f64], not: f64, there: f64) -> Vec<f64> {
    let (without, with) = value.split_at(value.len() / 2);
    without.iter().zip(with).map(|(a, b)| not * a + there * b).collect()
}

/// Multiplies the entries with `bit` by `fits`.
fn fit(table: &mut [f64], bit: usize, fits: f64) {
    for present in table.chunks_exact_mut(2 * bit).map(|pair| &mut pair[bit..]) {
        present.iter_mut().for_each(|entry| *entry *= fits);
    }
}

/// Calls `update` with each pair of entries that have the bit `from` and differ in the bit `to`: first the one without it.
fn for_each_pair(table: &mut [f64], (from, to): (usize, usize), update: impl Fn(&mut f64, &mut f64)) {
    let (low, high) = (from.min(to), from.max(to));
    let both = |without: &mut [f64], with: &mut [f64]| {
        without.iter_mut().zip(with).for_each(|(without, with)| update(without, with));
    };
    for block in table.chunks_exact_mut(2 * high) {
        let (first, second) = block.split_at_mut(high);
        if to == high {
            let pairs = first.chunks_exact_mut(2 * low).zip(second.chunks_exact_mut(2 * low));
            pairs.for_each(|(first, second)| both(&mut first[low..], &mut second[low..]));
        } else {
            for pair in second.chunks_exact_mut(2 * low) {
                let (without, with) = pair.split_at_mut(low);
                both(without, with);
            }
        }
    }
}

/// Returns the sum of weight · value over the entries whose index contains `bit`, and over the others.
fn split(weight: &[f64], value: &[f64], bit: usize) -> (f64, f64) {
    let (mut with, mut without) = (0.0, 0.0);
    for (weight, value) in weight.chunks_exact(2 * bit).zip(value.chunks_exact(2 * bit)) {
        without += product(&weight[..bit], &value[..bit]);
        with += product(&weight[bit..], &value[bit..]);
    }
    (with, without)
}

fn product(weight: &[f64], value: &[f64]) -> f64 {
    weight.iter().zip(value).map(|(weight, value)| weight * value).sum()
}
