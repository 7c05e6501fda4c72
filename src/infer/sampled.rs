//! Posteriors of a block with too many positive findings to be exact: seeded likelihood weighting (Shwe & Cooper 1991).
//!
//! The proposal is not the prior, under which rare causes would hardly ever be drawn, but starts from a mean-field guess at
//! the posterior, made better once by a pilot run. The same block gives the same numbers every time.

use super::posterior::{Belief, Block, BlockCause, BlockPosterior};
use super::weights::{CERTAINTY_MARGIN, PILOT_SAMPLES, PROPOSAL_MARGIN, SAMPLES, SAMPLING_SEED};

/// Estimates with their standard error; time grows with samples × links, whatever the number of findings.
pub(crate) fn solve(block: &Block) -> BlockPosterior {
    let mut random = SplitMix(SAMPLING_SEED);
    let (guess, seen) = mean_field(block);
    let pilot = run(block, &guess, &seen, PILOT_SAMPLES, &mut random);
    let proposal: Vec<f64> = pilot.probabilities().map(|p| p.clamp(PROPOSAL_MARGIN, 1.0 - PROPOSAL_MARGIN)).collect();
    let tally = run(block, &proposal, &seen, SAMPLES, &mut random);
    BlockPosterior {
        causes: tally.probabilities().map(|p| Belief::from_weights(p, 1.0 - p)).collect(),
        ln_evidence: tally.mean().ln() + seen.iter().map(|seen| seen.ln()).sum::<f64>(),
        standard_error: Some(tally.standard_error()),
    }
}

/// Weighted counts over samples.
struct Tally {
    samples: usize,
    /// Σ weight.
    total: f64,
    /// Σ weight².
    total_squares: f64,
    /// Σ weight over samples with the cause.
    with: Vec<f64>,
    /// Σ weight² over samples with the cause.
    with_squares: Vec<f64>,
}

impl Tally {
    fn probabilities(&self) -> impl Iterator<Item = f64> {
        self.with.iter().map(|with| (with / self.total).min(1.0))
    }

    fn mean(&self) -> f64 {
        self.total / self.samples as f64
    }

    /// The largest over the causes: √Σ w²(x − p)² / Σ w, where x is 1 with the cause and 0 without.
    fn standard_error(&self) -> f64 {
        let variance = self.probabilities().zip(&self.with_squares).map(|(p, &with)| {
            let without = (self.total_squares - with).max(0.0);
            with * (1.0 - p).powi(2) + without * p.powi(2)
        });
        variance.fold(0.0, f64::max).sqrt() / self.total
    }
}

/// Draws causes one after the other, each with the odds that the findings give it when the causes before it are as drawn
/// and those after it as likely as `guess`: so one drawn cause that explains everything keeps its rivals from being drawn.
/// `seen` scales the likelihood of each finding, so that no weight underflows however many findings there are.
fn run(block: &Block, guess: &[f64], seen: &[f64], samples: usize, random: &mut SplitMix) -> Tally {
    let causes = block.causes.len();
    // Not quite 0, so that shares of it stay numbers.
    let total = f64::MIN_POSITIVE;
    let mut tally =
        Tally { samples, total, total_squares: 0.0, with: vec![0.0; causes], with_squares: vec![0.0; causes] };
    let as_guessed = unseen_as_guessed(block, guess);
    let mut unseen = as_guessed.clone();
    let mut there = Vec::with_capacity(causes);
    for _ in 0..samples {
        there.clear();
        unseen.copy_from_slice(&as_guessed);
        let mut weight = 1.0;
        for (index, (cause, &guess)) in block.causes.iter().zip(guess).enumerate() {
            let chance = chance_given_the_others(cause, guess, &mut unseen);
            if random.unit() < chance {
                there.push(index);
                weight *= cause.present / chance;
                cause.shows.iter().for_each(|&(finding, chance)| unseen[finding] *= 1.0 - chance);
            } else {
                weight *= cause.absent / (1.0 - chance);
            }
        }
        weight *= unseen.iter().zip(seen).map(|(unseen, seen)| (1.0 - unseen) / seen).product::<f64>();
        tally.total += weight;
        tally.total_squares += weight * weight;
        for &index in &there {
            tally.with[index] += weight;
            tally.with_squares[index] += weight * weight;
        }
    }
    tally
}

/// The chance of each finding to be missing when every cause is there as often as guessed.
fn unseen_as_guessed(block: &Block, guess: &[f64]) -> Vec<f64> {
    let mut unseen: Vec<f64> = block.leaks.iter().map(|leak| 1.0 - leak).collect();
    for (cause, guess) in block.causes.iter().zip(guess) {
        cause.shows.iter().for_each(|&(finding, chance)| unseen[finding] *= 1.0 - guess * chance);
    }
    unseen
}

/// Takes `cause`, which is in `unseen` with the chance `guess`, out of it, and returns its chance given what is left.
fn chance_given_the_others(cause: &BlockCause, guess: f64, unseen: &mut [f64]) -> f64 {
    let mut odds = cause.present.max(f64::MIN_POSITIVE) / cause.absent;
    for &(finding, chance) in &cause.shows {
        let unseen = &mut unseen[finding];
        // Rounding may leave a trace of the causes that were divided out; the leak keeps it below 1.
        *unseen = (*unseen / (1.0 - guess * chance)).min(1.0 - CERTAINTY_MARGIN);
        odds *= (1.0 - *unseen * (1.0 - chance)) / (1.0 - *unseen);
    }
    // In this form infinite odds are a chance of 1.
    (1.0 - 1.0 / (1.0 + odds)).clamp(PROPOSAL_MARGIN, 1.0 - PROPOSAL_MARGIN)
}

/// A guess at the posterior: each cause in turn gets the odds that its findings give it, the other causes being there as
/// often as guessed so far. Second, the chance of each finding under that guess.
fn mean_field(block: &Block) -> (Vec<f64>, Vec<f64>) {
    const SWEEPS: usize = 10;
    let prior = block.causes.iter().map(|cause| cause.present);
    let mut guess: Vec<f64> = prior.map(|p| p.clamp(PROPOSAL_MARGIN, 1.0 - PROPOSAL_MARGIN)).collect();
    let mut unseen = unseen_as_guessed(block, &guess);
    for _ in 0..SWEEPS {
        for (cause, guess) in block.causes.iter().zip(&mut guess) {
            *guess = chance_given_the_others(cause, *guess, &mut unseen);
            cause.shows.iter().for_each(|&(finding, chance)| unseen[finding] *= 1.0 - *guess * chance);
        }
    }
    (guess, unseen.iter().map(|unseen| 1.0 - unseen).collect())
}

/// SplitMix64 (Steele, Lea & Flood 2014): small, fast, and the same on every machine.
struct SplitMix(u64);

impl SplitMix {
    /// Uniform in 0–1, 1 excluded.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}
