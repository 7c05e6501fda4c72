//! Exact posteriors of one block, by variable elimination over sets of findings.
//!
//! Quickscore (Heckerman 1989) computes P(all findings) as a sum over the subsets of the positive findings with
//! alternating signs. Its terms are near 1 while the sum may be 1e-20 (a few rare causes seen at once), and then even a
//! compensated sum has no correct digit. The sum here is over the same subsets, in an order that only adds positive
//! numbers: it takes the same time, 2^findings × links, and keeps full relative accuracy.
//!
//! A table has one entry for each set of findings and open causes. A finding is a low bit: "already brought about by
//! the leaks and the causes settled so far". An open cause is a bit above those: "present" ([`EliminationStep`] says
//! when it is open). `weight[set]` is the probability of exactly `set` after the steps so far, and `value[set]` is the
//! probability that the remaining steps turn `set` into all findings. **Invariant:** at each point of the order Σ
//! weight[set] · value[set] is the same number, the probability of all findings. So the share of the entries with a
//! cause's bit is the posterior of that cause (the differential approach, Darwiche 2003).

use super::elimination::{EliminationStep, order};
use super::model::{Belief, BlockCause, BlockPosterior, CauseBlock};

/// Returns the number of bits of the largest table that [`solve`] needs, minus the one bit that even a single cause
/// takes. Time and memory double with each; see [`EXACT_POSITIVES`](crate::infer::weights::EXACT_POSITIVES).
pub(crate) fn width(block: &CauseBlock) -> usize {
    block.leaks.len() + order(&block.causes).widest.saturating_sub(1)
}

/// Returns the posterior of all causes of `block`. For n causes and links it makes n·log n passes over a table and
/// keeps log n tables.
pub(crate) fn solve(block: &CauseBlock) -> BlockPosterior {
    let n_causes = block.causes.len();
    let mut solver = Solver { block, settled: vec![(0.0, 0.0); n_causes], beliefs: vec![None; n_causes] };
    let leaks = by_leaks(&block.leaks);
    let mut all_findings = vec![0.0; leaks.len()];
    all_findings.last_mut().into_iter().for_each(|value| *value = 1.0);
    let value = solver.pass_back(&order(&block.causes).steps, leaks.clone(), all_findings);
    let causes = solver.beliefs.into_iter().map(|belief| belief.expect("each cause is opened once")).collect();
    BlockPosterior { causes, ln_evidence: product(&leaks, &value).ln(), standard_error: None }
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
                let between = first.iter().fold(weight.clone(), |weight, step| self.forward(step, weight));
                let value = self.pass_back(rest, between, value);
                self.pass_back(first, weight, value)
            }
        }
    }

    fn pass_back_one(&mut self, step: &EliminationStep, weight: Vec<f64>, value: Vec<f64>) -> Vec<f64> {
        debug_assert!(self.keeps_evidence(step, &weight, &value), "{step:?} changes P(all findings)");
        match *step {
            EliminationStep::Open(cause) => {
                let before = self.backward(step, value.clone());
                let weight = self.forward(step, weight);
                let (by_itself, _) = split(&weight, &value, weight.len() / 2);
                let (present, absent) = self.settled[cause];
                self.beliefs[cause] = Some(Belief::from_weights(present, absent, by_itself));
                before
            }
            EliminationStep::Settle { cause, slot } => {
                let before = self.backward(step, value);
                self.settled[cause] = split(&weight, &before, self.bit(slot));
                before
            }
            EliminationStep::Lead { .. } | EliminationStep::Close { .. } => self.backward(step, value),
        }
    }

    /// Whether Σ weight · value is the same before and after `step`: the invariant of the module.
    fn keeps_evidence(&self, step: &EliminationStep, weight: &[f64], value: &[f64]) -> bool {
        let before = product(weight, &self.backward(step, value.to_vec()));
        let after = product(&self.forward(step, weight.to_vec()), value);
        (before - after).abs() <= 1e-9 * after + f64::MIN_POSITIVE
    }

    /// Returns the bit, as a power of two, that says in a table index whether the open cause in `slot` is present. The
    /// bits of the findings come below it.
    fn bit(&self, slot: usize) -> usize {
        1 << (self.block.leaks.len() + slot)
    }

    /// The weights after `step`, from those before it.
    fn forward(&self, step: &EliminationStep, mut weight: Vec<f64>) -> Vec<f64> {
        match *step {
            EliminationStep::Open(cause) => {
                let BlockCause { arises, stays_away, .. } = self.block.causes[cause];
                let present: Vec<f64> = weight.iter().map(|w| w * arises).collect();
                weight.iter_mut().for_each(|w| *w *= stays_away);
                weight.extend(present);
            }
            EliminationStep::Lead { from, to, chance } => {
                let (from, to) = (self.bit(from), self.bit(to));
                for without in (0..weight.len()).filter(|entry| entry & from != 0 && entry & to == 0) {
                    weight[without | to] += weight[without] * chance;
                    weight[without] *= 1.0 - chance;
                }
            }
            EliminationStep::Settle { cause, slot } => {
                let BlockCause { fits, ref shows, .. } = self.block.causes[cause];
                let bit = self.bit(slot);
                for present in weight.chunks_exact_mut(2 * bit).map(|pair| &mut pair[bit..]) {
                    present.iter_mut().for_each(|w| *w *= fits);
                    shows.iter().for_each(|&(finding, chance)| bring_about(present, 1 << finding, chance));
                }
            }
            EliminationStep::Close { slot } => {
                let bit = self.bit(slot);
                let halves = weight.chunks_exact(2 * bit).map(|pair| pair.split_at(bit));
                return halves.flat_map(|(without, with)| without.iter().zip(with).map(|(a, b)| a + b)).collect();
            }
        }
        weight
    }

    /// The values before `step`, from those after it: the transpose of [`forward`](Self::forward).
    fn backward(&self, step: &EliminationStep, mut value: Vec<f64>) -> Vec<f64> {
        match *step {
            EliminationStep::Open(cause) => {
                let BlockCause { arises, stays_away, .. } = self.block.causes[cause];
                let (without, with) = value.split_at(value.len() / 2);
                return without.iter().zip(with).map(|(a, b)| stays_away * a + arises * b).collect();
            }
            EliminationStep::Lead { from, to, chance } => {
                let (from, to) = (self.bit(from), self.bit(to));
                for without in (0..value.len()).filter(|entry| entry & from != 0 && entry & to == 0) {
                    value[without] = (1.0 - chance) * value[without] + chance * value[without | to];
                }
            }
            EliminationStep::Settle { cause, slot } => {
                let BlockCause { fits, ref shows, .. } = self.block.causes[cause];
                let bit = self.bit(slot);
                for present in value.chunks_exact_mut(2 * bit).map(|pair| &mut pair[bit..]) {
                    shows.iter().rev().for_each(|&(finding, chance)| value_before(present, 1 << finding, chance));
                    present.iter_mut().for_each(|v| *v *= fits);
                }
            }
            EliminationStep::Close { slot } => {
                let bit = self.bit(slot);
                return value.chunks_exact(bit).flat_map(|half| [half, half].concat()).collect();
            }
        }
        value
    }
}

/// Returns the probability of each set of findings when no cause is present, indexed by the set.
fn by_leaks(leaks: &[f64]) -> Vec<f64> {
    let mut weight = vec![1.0];
    for leak in leaks {
        let seen: Vec<f64> = weight.iter().map(|w| w * leak).collect();
        weight.iter_mut().for_each(|w| *w *= 1.0 - leak);
        weight.extend(seen);
    }
    weight
}

/// Updates `weight` for a cause that is present and shows a finding with the probability `chance`. `finding` is the bit
/// of the finding. The sum of all weights stays the same.
fn bring_about(weight: &mut [f64], finding: usize, chance: f64) {
    for pair in weight.chunks_exact_mut(2 * finding) {
        let (without, with) = pair.split_at_mut(finding);
        for (without, with) in without.iter_mut().zip(with) {
            *with += *without * chance;
            *without *= 1.0 - chance;
        }
    }
}

/// The transpose of [`bring_about`]: computes the values before that step from those after it.
fn value_before(value: &mut [f64], finding: usize, chance: f64) {
    for pair in value.chunks_exact_mut(2 * finding) {
        let (without, with) = pair.split_at_mut(finding);
        for (without, with) in without.iter_mut().zip(with) {
            *without = (1.0 - chance) * *without + chance * *with;
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
