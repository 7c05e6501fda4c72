//! Exact posteriors of one block.
//!
//! Quickscore (Heckerman 1989) sums over the subsets of the positive findings with alternating signs. Its terms are near 1
//! while the sum may be 1e-20 (a few rare causes seen at once), and then no compensated summation saves a digit. This is
//! the same sum over the same subsets, taken in an order in which nothing is ever subtracted: `weight[set]` is the chance
//! that exactly the findings in `set` have been brought about by the leaks and the causes looked at so far, and one cause
//! after the other is mixed in. The work is 2^findings × links, as Quickscore's, and the result has full relative accuracy.

use super::posterior::{Belief, Block, BlockCause, BlockPosterior};

/// Time and memory double with each finding: see [`EXACT_POSITIVES`](super::weights::EXACT_POSITIVES).
pub(crate) fn solve(block: &Block) -> BlockPosterior {
    let mut causes = Vec::with_capacity(block.causes.len());
    let mut weight = by_leaks(&block.leaks);
    leave_one_out(&block.causes, weight.clone(), &mut causes);
    for cause in &block.causes {
        mix_in(cause, &mut weight);
    }
    BlockPosterior { causes, ln_evidence: all_findings(&weight).ln(), standard_error: None }
}

/// Pushes the belief in each of `causes`, in order; `weight` holds the leaks and all causes but these.
/// Halving gives every cause the mix of all others in n·log n mixing steps and log n tables.
fn leave_one_out(causes: &[BlockCause], mut weight: Vec<f64>, beliefs: &mut Vec<Belief>) {
    match causes {
        [] => {}
        [cause] => {
            let absent = cause.absent * all_findings(&weight);
            bring_about(cause, &mut weight);
            beliefs.push(Belief::from_weights(cause.present * all_findings(&weight), absent));
        }
        _ => {
            let (left, right) = causes.split_at(causes.len() / 2);
            let mut without_left = weight.clone();
            right.iter().for_each(|cause| mix_in(cause, &mut without_left));
            leave_one_out(left, without_left, beliefs);
            left.iter().for_each(|cause| mix_in(cause, &mut weight));
            leave_one_out(right, weight, beliefs);
        }
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

fn mix_in(cause: &BlockCause, weight: &mut [f64]) {
    if cause.shows.is_empty() {
        return;
    }
    let mut there = weight.to_vec();
    bring_about(cause, &mut there);
    for (weight, there) in weight.iter_mut().zip(there) {
        *weight = cause.absent * *weight + cause.present * there;
    }
}

/// What `weight` becomes when `cause` is there for certain.
fn bring_about(cause: &BlockCause, weight: &mut [f64]) {
    for &(finding, chance) in &cause.shows {
        let bit = 1 << finding;
        for pair in weight.chunks_exact_mut(2 * bit) {
            let (without, with) = pair.split_at_mut(bit);
            for (without, with) in without.iter_mut().zip(with) {
                *with += *without * chance;
                *without *= 1.0 - chance;
            }
        }
    }
}

fn all_findings(weight: &[f64]) -> f64 {
    weight.last().copied().unwrap_or(1.0)
}
