//! Exact posteriors of one block, by variable elimination.
//!
//! Quickscore (Heckerman 1989) sums over the subsets of the positive findings with alternating signs. Its terms are near 1
//! while the sum may be 1e-20 (a few rare causes seen at once), and then no compensated summation saves a digit. This is
//! the same sum over the same subsets, taken in an order in which nothing is ever subtracted: `weight[set]` is the chance
//! that exactly the findings in `set` have been brought about by the leaks and the causes looked at so far, and one cause
//! after the other is mixed in. The work is 2^findings × links, as Quickscore's, and the result has full relative accuracy.
//!
//! A cause that others lead to is a finding of theirs: it has a bit of its own above the findings' from the first of them on
//! until it has led to others itself ([`Step`]).

use super::elimination::{Step, order};
use super::model::{Belief, Block, BlockCause, BlockPosterior};

/// Bits of the largest table that [`solve`] needs, beside that of a single cause: what time and memory double with. See
/// [`EXACT_POSITIVES`](crate::infer::weights::EXACT_POSITIVES).
pub(crate) fn width(block: &Block) -> usize {
    block.leaks.len() + order(&block.causes).widest.saturating_sub(1)
}

/// The posterior of all causes of `block`: time n·log n for n causes and links, log n tables.
pub(crate) fn solve(block: &Block) -> BlockPosterior {
    let n_causes = block.causes.len();
    let mut solver = Solver { block, settled: vec![(0.0, 0.0); n_causes], beliefs: vec![None; n_causes] };
    let leaks = by_leaks(&block.leaks);
    let mut all_findings = vec![0.0; leaks.len()];
    all_findings.last_mut().into_iter().for_each(|value| *value = 1.0);
    let value = solver.believe(&order(&block.causes).steps, leaks.clone(), all_findings);
    let causes = solver.beliefs.into_iter().map(|belief| belief.expect("each cause is opened once")).collect();
    BlockPosterior { causes, ln_evidence: product(&leaks, &value).ln(), standard_error: None }
}

struct Solver<'a> {
    block: &'a Block,
    /// Weights of "it is there" and "it is not", of the causes gone through.
    settled: Vec<(f64, f64)>,
    beliefs: Vec<Option<Belief>>,
}

impl Solver<'_> {
    /// Notes the beliefs in the causes of `steps`, which go from `weight` to a table whose entries contribute `value` each per
    /// unit to the evidence; returns what the entries of `weight` contribute.
    ///
    /// The evidence is linear in each entry of each table on the way, so the products of weights and values are the weights of
    /// "it is there" and "it is not" where a cause is settled, and of "it arose by itself" where it is opened. Halving the
    /// steps saves keeping all the tables on the way.
    fn believe(&mut self, steps: &[Step], weight: Vec<f64>, value: Vec<f64>) -> Vec<f64> {
        match steps {
            [] => value,
            [step] => self.believe_one(step, weight, value),
            _ => {
                let (first, rest) = steps.split_at(steps.len() / 2);
                let between = first.iter().fold(weight.clone(), |weight, step| self.forward(step, weight));
                let value = self.believe(rest, between, value);
                self.believe(first, weight, value)
            }
        }
    }

    fn believe_one(&mut self, step: &Step, weight: Vec<f64>, value: Vec<f64>) -> Vec<f64> {
        match *step {
            Step::Open(cause) => {
                let before = self.backward(step, value.clone());
                let weight = self.forward(step, weight);
                let (by_itself, _) = split(&weight, &value, weight.len() / 2);
                let (present, absent) = self.settled[cause];
                self.beliefs[cause] = Some(Belief::from_weights(present, absent, by_itself));
                before
            }
            Step::Settle { cause, slot } => {
                let before = self.backward(step, value);
                self.settled[cause] = split(&weight, &before, self.bit(slot));
                before
            }
            Step::Lead { .. } | Step::Close { .. } => self.backward(step, value),
        }
    }

    /// The bit of the cause in `slot`.
    fn bit(&self, slot: usize) -> usize {
        1 << (self.block.leaks.len() + slot)
    }

    fn forward(&self, step: &Step, mut weight: Vec<f64>) -> Vec<f64> {
        match *step {
            Step::Open(cause) => {
                let BlockCause { arises, stays_away, .. } = self.block.causes[cause];
                let there: Vec<f64> = weight.iter().map(|w| w * arises).collect();
                weight.iter_mut().for_each(|w| *w *= stays_away);
                weight.extend(there);
            }
            Step::Lead { from, to, chance } => {
                let (from, to) = (self.bit(from), self.bit(to));
                for without in (0..weight.len()).filter(|entry| entry & from != 0 && entry & to == 0) {
                    weight[without | to] += weight[without] * chance;
                    weight[without] *= 1.0 - chance;
                }
            }
            Step::Settle { cause, slot } => {
                let BlockCause { fits, ref shows, .. } = self.block.causes[cause];
                let bit = self.bit(slot);
                for there in weight.chunks_exact_mut(2 * bit).map(|pair| &mut pair[bit..]) {
                    there.iter_mut().for_each(|w| *w *= fits);
                    shows.iter().for_each(|&(finding, chance)| bring_about(there, 1 << finding, chance));
                }
            }
            Step::Close { slot } => {
                let bit = self.bit(slot);
                let halves = weight.chunks_exact(2 * bit).map(|pair| pair.split_at(bit));
                return halves.flat_map(|(without, with)| without.iter().zip(with).map(|(a, b)| a + b)).collect();
            }
        }
        weight
    }

    /// From what the entries after `step` are worth to what those before it are: the transpose of [`forward`](Self::forward).
    fn backward(&self, step: &Step, mut value: Vec<f64>) -> Vec<f64> {
        match *step {
            Step::Open(cause) => {
                let BlockCause { arises, stays_away, .. } = self.block.causes[cause];
                let (without, with) = value.split_at(value.len() / 2);
                return without.iter().zip(with).map(|(a, b)| stays_away * a + arises * b).collect();
            }
            Step::Lead { from, to, chance } => {
                let (from, to) = (self.bit(from), self.bit(to));
                for without in (0..value.len()).filter(|entry| entry & from != 0 && entry & to == 0) {
                    value[without] = (1.0 - chance) * value[without] + chance * value[without | to];
                }
            }
            Step::Settle { cause, slot } => {
                let BlockCause { fits, ref shows, .. } = self.block.causes[cause];
                let bit = self.bit(slot);
                for there in value.chunks_exact_mut(2 * bit).map(|pair| &mut pair[bit..]) {
                    shows.iter().rev().for_each(|&(finding, chance)| value_before(there, 1 << finding, chance));
                    there.iter_mut().for_each(|v| *v *= fits);
                }
            }
            Step::Close { slot } => {
                let bit = self.bit(slot);
                return value.chunks_exact(bit).flat_map(|half| [half, half].concat()).collect();
            }
        }
        value
    }
}

/// The chance of each set of findings when no cause is there.
fn by_leaks(leaks: &[f64]) -> Vec<f64> {
    let mut weight = vec![1.0];
    for leak in leaks {
        let seen: Vec<f64> = weight.iter().map(|w| w * leak).collect();
        weight.iter_mut().for_each(|w| *w *= 1.0 - leak);
        weight.extend(seen);
    }
    weight
}

/// What `weight` becomes when a cause that is there for certain brings a finding about.
fn bring_about(weight: &mut [f64], finding: usize, chance: f64) {
    for pair in weight.chunks_exact_mut(2 * finding) {
        let (without, with) = pair.split_at_mut(finding);
        for (without, with) in without.iter_mut().zip(with) {
            *with += *without * chance;
            *without *= 1.0 - chance;
        }
    }
}

/// The transpose of [`bring_about`].
fn value_before(value: &mut [f64], finding: usize, chance: f64) {
    for pair in value.chunks_exact_mut(2 * finding) {
        let (without, with) = pair.split_at_mut(finding);
        for (without, with) in without.iter_mut().zip(with) {
            *without = (1.0 - chance) * *without + chance * *with;
        }
    }
}

/// Evidence from the entries that have `bit`, and from those that have not.
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
