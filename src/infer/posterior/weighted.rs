//! Estimates the posteriors of a block in which too many causes lead to one another for [`sampled`](super::sampled), by
//! self-normalised importance sampling (likelihood weighting, Shwe & Cooper 1991; Owen, *Monte Carlo theory*, 2013, chapter 9).
//!
//! Drawing from the prior would hardly ever give a rare cause. So causes are drawn from a mean-field guess at the
//! posterior (Jaakkola & Jordan 1999), which a pilot run improves once. The random numbers have a fixed seed: the same
//! block gives the same estimates every time.
//!
//! **Invariant:** the weight of a sample is P(causes, findings) / P(drawing these causes), up to one constant factor.
//! So each sum of weights over samples with some property, divided by the sum over all, estimates the probability of
//! that property.

use super::elimination::{EliminationStep, order};
use super::model::{Belief, BlockCause, BlockPosterior, CauseBlock};
use crate::infer::weights::{CERTAINTY_MARGIN, PILOT_SAMPLES, PROPOSAL_MARGIN, SAMPLES, SAMPLING_SEED};

/// Estimates the posterior of `block`. Takes time proportional to samples × links, whatever
/// the number of findings.
pub(crate) fn solve(block: &CauseBlock) -> BlockPosterior {
    let mut random = SplitMix(SAMPLING_SEED);
    let order = effects_first(block);
    let (guess, seen) = mean_field(block, &order);
    let pilot = draw(block, &order, &guess, &seen, PILOT_SAMPLES, &mut random);
    let proposal: Vec<f64> = pilot.probabilities().map(|p| p.clamp(PROPOSAL_MARGIN, 1.0 - PROPOSAL_MARGIN)).collect();
    let tally = draw(block, &order, &proposal, &seen, SAMPLES, &mut random);
    let by_itself = tally.by_itself.iter().map(|by_itself| by_itself / tally.total);
    BlockPosterior {
        causes: tally
            .probabilities()
            .zip(by_itself)
            .map(|(p, by_itself)| Belief::from_weights(p, 1.0 - p, by_itself))
            .collect(),
        ln_evidence: tally.mean().ln() + seen.iter().map(|seen| seen.ln()).sum::<f64>(),
        // The weights of samples have no bound here, so the error is known badly: three standard errors instead of two.
        margin: Some((3.0 * tally.standard_error()).min(1.0)),
    }
}

/// Returns the indices of the causes, each after all causes that it leads to.
fn effects_first(block: &CauseBlock) -> Vec<usize> {
    let settled = order(block).steps.into_iter().rev();
    settled
        .filter_map(|step| if let EliminationStep::Settle { cause, .. } = step { Some(cause) } else { None })
        .collect()
}

/// Sums of weights over the samples of one run.
struct Tally {
    /// Number of samples.
    samples: usize,
    /// Σ weight.
    total: f64,
    /// Σ weight².
    total_squares: f64,
    /// Σ weight over samples with the cause.
    with: Vec<f64>,
    /// Σ weight² over samples with the cause.
    with_squares: Vec<f64>,
    /// Σ weight × P(the cause arose by itself) over samples with the cause.
    by_itself: Vec<f64>,
}

impl Tally {
    /// P(cause), 0–1, of each cause.
    fn probabilities(&self) -> impl Iterator<Item = f64> {
        self.with.iter().map(|with| (with / self.total).min(1.0))
    }

    /// Mean weight of a sample: estimates P(all findings), up to the constant factor.
    fn mean(&self) -> f64 {
        self.total / self.samples as f64
    }

    /// The largest standard error of a cause: √Σ w²(x − p)² / Σ w, where x is 1 with the cause and 0 without (Owen,
    /// 9.2).
    fn standard_error(&self) -> f64 {
        let variance = self.probabilities().zip(&self.with_squares).map(|(p, &with)| {
            let without = (self.total_squares - with).max(0.0);
            with * (1.0 - p).powi(2) + without * p.powi(2)
        });
        variance.fold(0.0, f64::max).sqrt() / self.total
    }
}

/// Draws `samples` sets of causes, one cause after the other, effects first. The odds of drawing a cause follow from
/// the findings and its effects: the causes before it count as drawn or not drawn, those after it as present with their
/// probability in `guess`. So a drawn cause that explains everything makes its rivals unlikely, and a drawn effect
/// makes the causes that lead to it likely.
///
/// The likelihood of each finding is divided by the one in `seen`, so that no weight underflows however many findings
/// there are.
fn draw(
    block: &CauseBlock,
    order: &[usize],
    guess: &[f64],
    seen: &[f64],
    samples: usize,
    random: &mut SplitMix,
) -> Tally {
    let causes = block.causes.len();
    let zeros = || vec![0.0; causes];
    // Not quite 0, so that shares of it stay numbers.
    let total = f64::MIN_POSITIVE;
    let mut tally =
        Tally { samples, total, total_squares: 0.0, with: zeros(), with_squares: zeros(), by_itself: zeros() };
    let as_guessed = Missing::as_guessed(block, guess);
    let mut missing = as_guessed.clone();
    let mut present = zeros();
    for _ in 0..samples {
        missing.clone_from(&as_guessed);
        present.fill(0.0);
        let mut weight = 1.0;
        for &index in order {
            let chance = missing.chance_given_the_others(block, index, guess[index], &present);
            debug_assert!(0.0 < chance && chance < 1.0, "every set of causes can be drawn");
            if random.unit() < chance {
                present[index] = 1.0;
                weight *= block.causes[index].fits / chance;
                missing.add(&block.causes[index], 1.0);
            } else {
                weight /= 1.0 - chance;
            }
        }
        weight *= missing.findings.iter().zip(seen).map(|(missing, seen)| (1.0 - missing) / seen).product::<f64>();
        weight *= (0..causes).map(|cause| missing.weight_of(block, cause, present[cause])).product::<f64>();
        tally.total += weight;
        tally.total_squares += weight * weight;
        for index in (0..causes).filter(|&index| present[index] > 0.0) {
            tally.with[index] += weight;
            tally.with_squares[index] += weight * weight;
            tally.by_itself[index] += weight * block.causes[index].arises / missing.weight_of(block, index, 1.0);
        }
    }
    tally
}

/// How likely each finding and each cause is to be missing, given the causes that were added.
///
/// **Invariant:** `findings[f]` is (1 − leak) · Π (1 − guess · chance) over the added causes that show f, and
/// `causes[c]` is `stays_away` · Π (1 − guess · chance) over the added causes that lead to c. Adding multiplies by a
/// factor, and taking out divides by the same one.
#[derive(Clone)]
struct Missing {
    findings: Vec<f64>,
    causes: Vec<f64>,
}

impl Missing {
    /// Starts with every cause added, each with its probability in `guess`.
    fn as_guessed(block: &CauseBlock, guess: &[f64]) -> Missing {
        let mut missing = Missing {
            findings: block.leaks.iter().map(|leak| 1.0 - leak).collect(),
            causes: block.causes.iter().map(|cause| cause.stays_away).collect(),
        };
        block.causes.iter().zip(guess).for_each(|(cause, guess)| missing.add(cause, *guess));
        missing
    }

    /// Adds a cause that is present with the probability `guess`.
    fn add(&mut self, cause: &BlockCause, guess: f64) {
        cause.shows.iter().for_each(|&(finding, chance)| self.findings[finding] *= 1.0 - guess * chance);
        cause.leads_to.iter().for_each(|&(to, chance)| self.causes[to] *= 1.0 - guess * chance);
    }

    /// Weight of the cause being present (`present` is 1) or absent (0), given the causes that lead to it.
    fn weight_of(&self, block: &CauseBlock, cause: usize, present: f64) -> f64 {
        let BlockCause { arises, stays_away, .. } = block.causes[cause];
        if present > 0.0 { arises + (stays_away - self.causes[cause]).max(0.0) } else { self.causes[cause] }
    }

    /// Takes out the cause at `index`, which was added with the probability `guess`, and returns its probability given
    /// the causes that are left. `present` has the probability of each cause that it leads to.
    fn chance_given_the_others(&mut self, block: &CauseBlock, index: usize, guess: f64, present: &[f64]) -> f64 {
        let cause = &block.causes[index];
        let mut odds =
            cause.fits * self.weight_of(block, index, 1.0).max(f64::MIN_POSITIVE) / self.weight_of(block, index, 0.0);
        for &(finding, chance) in &cause.shows {
            let missing = &mut self.findings[finding];
            debug_assert!(guess * chance < 1.0, "the factor of a cause can be divided out");
            // Rounding may leave a trace of the causes that were divided out; without it the leak keeps this below 1.
            *missing = (*missing / (1.0 - guess * chance)).min(1.0 - CERTAINTY_MARGIN);
            odds *= (1.0 - *missing * (1.0 - chance)) / (1.0 - *missing);
        }
        for &(to, chance) in &cause.leads_to {
            self.causes[to] = (self.causes[to] / (1.0 - guess * chance)).min(block.causes[to].stays_away);
            let without = self.weight_of(block, to, 1.0);
            let with = without + self.causes[to] * chance;
            odds *= (with / without.max(f64::MIN_POSITIVE)).powf(present[to]) * (1.0 - chance).powf(1.0 - present[to]);
        }
        // In this form infinite odds give the probability 1.
        (1.0 - 1.0 / (1.0 + odds)).clamp(PROPOSAL_MARGIN, 1.0 - PROPOSAL_MARGIN)
    }
}

/// Returns a guess at the posterior of each cause, and the probability of each finding under that guess. Each cause in
/// turn gets the odds that its findings and effects give it, with the other causes as likely as guessed so far.
fn mean_field(block: &CauseBlock, order: &[usize]) -> (Vec<f64>, Vec<f64>) {
    /// How often each guess is improved. The guess only decides how samples are drawn, so it need not converge.
    const SWEEPS: usize = 10;
    let prior = block.causes.iter().map(|cause| cause.arises);
    let mut guess: Vec<f64> = prior.map(|p| p.clamp(PROPOSAL_MARGIN, 1.0 - PROPOSAL_MARGIN)).collect();
    let mut missing = Missing::as_guessed(block, &guess);
    for _ in 0..SWEEPS {
        for &index in order {
            guess[index] = missing.chance_given_the_others(block, index, guess[index], &guess);
            missing.add(&block.causes[index], guess[index]);
        }
    }
    (guess, missing.findings.iter().map(|missing| 1.0 - missing).collect())
}

/// SplitMix64 (Steele, Lea & Flood 2014): small, fast, and the same on every machine.
pub(super) struct SplitMix(pub(super) u64);

impl SplitMix {
    /// Uniform in 0–1, 1 excluded.
    pub(super) fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}
