//! Posteriors of a block with too many positive findings to be exact: seeded likelihood weighting (Shwe & Cooper 1991).
//!
//! The proposal is not the prior, under which rare causes would hardly ever be drawn, but starts from a mean-field guess at
//! the posterior, made better once by a pilot run. The same block gives the same numbers every time.

use super::elimination::{Step, order};
use super::model::{Belief, Block, BlockCause, BlockPosterior};
use crate::infer::weights::{CERTAINTY_MARGIN, PILOT_SAMPLES, PROPOSAL_MARGIN, SAMPLES, SAMPLING_SEED};

/// Estimates with their standard error; time grows with samples × links, whatever the number of findings.
pub(crate) fn solve(block: &Block) -> BlockPosterior {
    let mut random = SplitMix(SAMPLING_SEED);
    let order = effects_first(block);
    let (guess, seen) = mean_field(block, &order);
    let pilot = run(block, &order, &guess, &seen, PILOT_SAMPLES, &mut random);
    let proposal: Vec<f64> = pilot.probabilities().map(|p| p.clamp(PROPOSAL_MARGIN, 1.0 - PROPOSAL_MARGIN)).collect();
    let tally = run(block, &order, &proposal, &seen, SAMPLES, &mut random);
    let by_itself = tally.by_itself.iter().map(|by_itself| by_itself / tally.total);
    BlockPosterior {
        causes: tally
            .probabilities()
            .zip(by_itself)
            .map(|(p, by_itself)| Belief::from_weights(p, 1.0 - p, by_itself))
            .collect(),
        ln_evidence: tally.mean().ln() + seen.iter().map(|seen| seen.ln()).sum::<f64>(),
        standard_error: Some(tally.standard_error()),
    }
}

/// The causes, each before all that lead to it.
fn effects_first(block: &Block) -> Vec<usize> {
    let settled = order(&block.causes).steps.into_iter().rev();
    settled.filter_map(|step| if let Step::Settle { cause, .. } = step { Some(cause) } else { None }).collect()
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
    /// Σ weight × P(it arose by itself) over samples with the cause.
    by_itself: Vec<f64>,
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

/// Draws causes one after the other, effects first, each with the odds that the findings and its effects give it when the
/// causes before it are as drawn and those after it as likely as `guess`: so one drawn cause that explains everything keeps its
/// rivals from being drawn, and a drawn effect calls for what leads to it. `seen` scales the likelihood of each finding, so
/// that no weight underflows however many findings there are.
fn run(block: &Block, order: &[usize], guess: &[f64], seen: &[f64], samples: usize, random: &mut SplitMix) -> Tally {
    let causes = block.causes.len();
    let zeros = || vec![0.0; causes];
    // Not quite 0, so that shares of it stay numbers.
    let total = f64::MIN_POSITIVE;
    let mut tally =
        Tally { samples, total, total_squares: 0.0, with: zeros(), with_squares: zeros(), by_itself: zeros() };
    let as_guessed = Missing::as_guessed(block, guess);
    let mut missing = as_guessed.clone();
    let mut there = zeros();
    for _ in 0..samples {
        missing.clone_from(&as_guessed);
        there.fill(0.0);
        let mut weight = 1.0;
        for &index in order {
            let chance = missing.chance_given_the_others(block, index, guess[index], &there);
            if random.unit() < chance {
                there[index] = 1.0;
                weight *= block.causes[index].fits / chance;
                missing.add(&block.causes[index], 1.0);
            } else {
                weight /= 1.0 - chance;
            }
        }
        weight *= missing.findings.iter().zip(seen).map(|(missing, seen)| (1.0 - missing) / seen).product::<f64>();
        weight *= (0..causes).map(|cause| missing.chance_of(block, cause, there[cause])).product::<f64>();
        tally.total += weight;
        tally.total_squares += weight * weight;
        for index in (0..causes).filter(|&index| there[index] > 0.0) {
            tally.with[index] += weight;
            tally.with_squares[index] += weight * weight;
            tally.by_itself[index] += weight * block.causes[index].arises / missing.chance_of(block, index, 1.0);
        }
    }
    tally
}

/// How likely things are to be missing, given the causes.
#[derive(Clone)]
struct Missing {
    /// Chance of each finding to be missing.
    findings: Vec<f64>,
    /// Weight of each cause to be missing: it did not arise by itself and nothing led to it.
    causes: Vec<f64>,
}

impl Missing {
    /// When every cause is there as often as guessed.
    fn as_guessed(block: &Block, guess: &[f64]) -> Missing {
        let mut missing = Missing {
            findings: block.leaks.iter().map(|leak| 1.0 - leak).collect(),
            causes: block.causes.iter().map(|cause| cause.stays_away).collect(),
        };
        block.causes.iter().zip(guess).for_each(|(cause, guess)| missing.add(cause, *guess));
        missing
    }

    /// Takes into account that `cause` is there, with the chance `guess`.
    fn add(&mut self, cause: &BlockCause, guess: f64) {
        cause.shows.iter().for_each(|&(finding, chance)| self.findings[finding] *= 1.0 - guess * chance);
        cause.leads_to.iter().for_each(|&(to, chance)| self.causes[to] *= 1.0 - guess * chance);
    }

    /// Weight of the cause to be there (1), or not (0), as far as it arises by itself or by what leads to it.
    fn chance_of(&self, block: &Block, cause: usize, there: f64) -> f64 {
        let BlockCause { arises, stays_away, .. } = block.causes[cause];
        if there > 0.0 { arises + (stays_away - self.causes[cause]).max(0.0) } else { self.causes[cause] }
    }

    /// Takes the cause at `index`, which is in here with the chance `guess`, out, and returns its chance given what is left;
    /// `there` says how likely the causes are that it leads to.
    fn chance_given_the_others(&mut self, block: &Block, index: usize, guess: f64, there: &[f64]) -> f64 {
        let cause = &block.causes[index];
        let mut odds =
            cause.fits * self.chance_of(block, index, 1.0).max(f64::MIN_POSITIVE) / self.chance_of(block, index, 0.0);
        for &(finding, chance) in &cause.shows {
            let missing = &mut self.findings[finding];
            // Rounding may leave a trace of the causes that were divided out; the leak keeps it below 1.
            *missing = (*missing / (1.0 - guess * chance)).min(1.0 - CERTAINTY_MARGIN);
            odds *= (1.0 - *missing * (1.0 - chance)) / (1.0 - *missing);
        }
        for &(to, chance) in &cause.leads_to {
            self.causes[to] = (self.causes[to] / (1.0 - guess * chance)).min(block.causes[to].stays_away);
            let without = self.chance_of(block, to, 1.0);
            let with = without + self.causes[to] * chance;
            odds *= (with / without.max(f64::MIN_POSITIVE)).powf(there[to]) * (1.0 - chance).powf(1.0 - there[to]);
        }
        // In this form infinite odds are a chance of 1.
        (1.0 - 1.0 / (1.0 + odds)).clamp(PROPOSAL_MARGIN, 1.0 - PROPOSAL_MARGIN)
    }
}

/// A guess at the posterior: each cause in turn gets the odds that its findings and effects give it, the other causes being
/// there as often as guessed so far. Second, the chance of each finding under that guess.
fn mean_field(block: &Block, order: &[usize]) -> (Vec<f64>, Vec<f64>) {
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
