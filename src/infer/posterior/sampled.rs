//! Estimates the posteriors of a block that is too wide to be solved exactly.
//!
//! As many findings as fit are treated exactly. The likelihood of each other finding is replaced by an upper bound that is a
//! product of one factor for each cause (Jaakkola & Jordan, *Variational probabilistic inference and the QMR-DT network*, 1999).
//! What results is a block that [`exact`](super::exact) can solve. Sets of causes are drawn from its exact posterior,
//! independently of each other, and each is weighted by likelihood / bound (self-normalised importance sampling; Owen, *Monte
//! Carlo theory*, 2013, chapter 9).
//!
//! **Invariant:** no weight is above 1. So no set of causes that was not drawn can matter much more than those that were, and the
//! error is known: the usual one of the mean, plus what a set that was never drawn can weigh. The random numbers have a fixed
//! seed: the same block gives the same estimates every time.

use super::elimination::{EliminationStep, order};
use super::exact;
use super::model::{Belief, BlockCause, BlockPosterior, CauseBlock};
use super::weighted::SplitMix;
use crate::infer::weights::{EXACT_POSITIVES, SAMPLES, SAMPLING_SEED};

/// How often the bounds are fitted to the posterior that results from them. They need not converge: any bound is valid.
const FITS: usize = 3;

/// The factor of a cause in the bounds is at most e to this power, so that no table overflows.
const MOST_TILT: f64 = 300.0;

/// Half the width of an interval that holds 95 % of a normal distribution, in standard deviations.
const STANDARD_ERRORS: f64 = 1.96;

/// What has this probability in all samples together, and never occurred, is less than this often expected with 95 % certainty:
/// the rule of three.
const NEVER_SEEN: f64 = 3.0;

/// Estimates the posterior of `block`. `None` if too many of its causes lead to one another. Takes about four times as long as
/// [`exact::solve`] of the widest block that it solves.
pub(crate) fn solve(block: &CauseBlock) -> Option<BlockPosterior> {
    solve_within(block, EXACT_POSITIVES, SAMPLES)
}

/// Does what [`solve`] does, with blocks of at most this `width` and with this number of samples.
pub(super) fn solve_within(block: &CauseBlock, width: usize, samples: usize) -> Option<BlockPosterior> {
    let links = Links::new(block);
    let mut bounds = Bounds::of_all(block, &links);
    bounds.keep_exact(block, &links, width)?;
    let mut easier = bounds.applied(block, &links);
    for _ in 0..FITS {
        let posterior = exact::solve(&easier.block);
        bounds.touch_at(&links, &posterior.causes.iter().map(|belief| belief.probability).collect::<Vec<_>>());
        easier = bounds.applied(block, &links);
    }
    let drawn = Drawn::from_posterior(&easier.block, samples);
    let weights = bounds.weights(&links, &drawn);
    let ln_evidence = easier.ln_evidence + (weights.iter().sum::<f64>() / samples as f64).ln();
    Some(estimate(&drawn, &weights, ln_evidence))
}

/// The weighted shares of the drawn sets with each cause, and how far they may be off.
fn estimate(drawn: &Drawn, weights: &[f64], ln_evidence: f64) -> BlockPosterior {
    let total: f64 = weights.iter().sum();
    let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
    let sum = |of: &[bool], power: i32| -> f64 {
        of.iter().zip(weights).filter(|(there, _)| **there).map(|(_, weight)| weight.powi(power)).sum()
    };
    let mut most_variance: f64 = 0.0;
    let mut causes = Vec::with_capacity(drawn.present.len());
    for (present, by_itself) in drawn.present.iter().zip(&drawn.by_itself) {
        let (with, with_squares) = (sum(present, 1), sum(present, 2));
        let p = with / total;
        // Σ w²(x − p)², where x is 1 with the cause and 0 without (Owen, 9.2).
        most_variance =
            most_variance.max(with_squares * (1.0 - p).powi(2) + (squares - with_squares).max(0.0) * p.powi(2));
        // Half a sample on each side, so that the odds of what was never drawn stay numbers.
        let half = 0.5 * total / weights.len() as f64;
        causes.push(Belief::from_weights(with + half, total - with + half, sum(by_itself, 1) + half));
    }
    let margin = (STANDARD_ERRORS * most_variance.sqrt() + NEVER_SEEN) / total;
    BlockPosterior { causes, ln_evidence, margin: Some(margin.min(1.0)) }
}

/// For each finding, −ln(1 − chance) of the causes that show it. With these the likelihood of a finding is 1 − e^−z, where z is
/// the sum over the leak and the causes that are present.
struct Links {
    leak: Vec<f64>,
    shown_by: Vec<Vec<(usize, f64)>>,
}

impl Links {
    fn new(block: &CauseBlock) -> Links {
        let strength = |chance: f64| -(-chance).ln_1p();
        let mut shown_by = vec![Vec::new(); block.leaks.len()];
        for (index, cause) in block.causes.iter().enumerate() {
            cause.shows.iter().for_each(|&(finding, chance)| shown_by[finding].push((index, strength(chance))));
        }
        Links { leak: block.leaks.iter().map(|leak| strength(*leak)).collect(), shown_by }
    }

    /// The expected z of a finding, if the causes are present with these probabilities.
    fn expected(&self, finding: usize, probabilities: &[f64]) -> f64 {
        let shown = self.shown_by[finding].iter().map(|&(cause, strength)| probabilities[cause] * strength);
        self.leak[finding] + shown.sum::<f64>()
    }
}

/// ln(1 − e^−z): the ln of the likelihood of a finding.
fn ln_seen(z: f64) -> f64 {
    (-(-z).exp_m1()).ln()
}

/// The derivative of [`ln_seen`].
fn slope(z: f64) -> f64 {
    1.0 / z.exp_m1()
}

/// The bounds of the findings: the tangent of [`ln_seen`], which lies above it everywhere.
struct Bounds {
    /// For each finding, the z at which its tangent touches; `None` for a finding that is treated exactly.
    touch: Vec<Option<f64>>,
}

impl Bounds {
    /// Bounds for all findings, fitted to the posterior of independent causes that they give.
    fn of_all(block: &CauseBlock, links: &Links) -> Bounds {
        /// How often the bounds are fitted.
        const SWEEPS: usize = 20;
        let half = vec![0.5; block.causes.len()];
        let mut bounds = Bounds { touch: vec![Some(0.0); block.leaks.len()] };
        bounds.touch_at(links, &half);
        for _ in 0..SWEEPS {
            let tilts = bounds.tilts(links, block.causes.len());
            bounds.touch_at(links, &independent(block, &tilts));
        }
        bounds
    }

    /// Drops the bounds of the findings where they are worst, so that a block of at most this `width` results. `None` if there is
    /// none, since too many causes are open at once.
    fn keep_exact(&mut self, block: &CauseBlock, links: &Links, width: usize) -> Option<()> {
        let probabilities = independent(block, &self.tilts(links, block.causes.len()));
        let gap = |finding: usize, z: f64| {
            // The second term of the Taylor series of the bound: its curvature times the variance of z.
            let spread = links.shown_by[finding].iter().map(|&(cause, strength)| {
                let p = probabilities[cause];
                p * (1.0 - p) * strength * strength
            });
            slope(z) * (1.0 + slope(z)) * spread.sum::<f64>()
        };
        let all: Vec<f64> = self.touch.iter().map(|touch| touch.expect("all findings have bounds")).collect();
        self.touch.fill(None);
        loop {
            let (left, names) = without_findings(block, &self.touch);
            let order = order(&left);
            let excess = order.widest.saturating_sub(1 + width);
            if excess == 0 {
                return Some(());
            }
            let mut there: Vec<usize> = order.findings_at_widest.iter().map(|&finding| names[finding]).collect();
            there.sort_by(|&a, &b| gap(a, all[a]).total_cmp(&gap(b, all[b])).then(a.cmp(&b)));
            if there.is_empty() {
                return None;
            }
            // Several at a time; the order may become a better one with the first of them.
            there.iter().take(excess.div_ceil(2)).for_each(|&finding| self.touch[finding] = Some(all[finding]));
        }
    }

    /// Moves the bounds half of the way to where they are best if the causes have these probabilities.
    fn touch_at(&mut self, links: &Links, probabilities: &[f64]) {
        for (finding, touch) in self.touch.iter_mut().enumerate() {
            if let Some(z) = touch {
                let best = links.expected(finding, probabilities);
                *z = if *z > 0.0 { (*z + best) / 2.0 } else { best };
            }
        }
        // A bound that touches further to the right is flatter.
        while self.tilts(links, probabilities.len()).into_iter().any(|tilt| tilt > MOST_TILT) {
            self.touch.iter_mut().flatten().for_each(|z| *z *= 1.5);
        }
    }

    /// For each cause, ln of its factor in the bounds.
    fn tilts(&self, links: &Links, n_causes: usize) -> Vec<f64> {
        let mut tilts = vec![0.0; n_causes];
        for (finding, z) in self.bounded() {
            links.shown_by[finding].iter().for_each(|&(cause, strength)| tilts[cause] += slope(z) * strength);
        }
        tilts
    }

    /// The findings that have a bound, and where it touches.
    fn bounded(&self) -> impl Iterator<Item = (usize, f64)> {
        self.touch.iter().enumerate().filter_map(|(finding, touch)| touch.map(|z| (finding, z)))
    }

    /// The block with the bounds instead of the findings that have one.
    fn applied(&self, block: &CauseBlock, links: &Links) -> Bounded {
        let (mut left, _) = without_findings(block, &self.touch);
        let constant = |(finding, z): (usize, f64)| ln_seen(z) + slope(z) * (links.leak[finding] - z);
        let mut ln_factor: f64 = self.bounded().map(constant).sum();
        let is_linked = linked(block);
        for ((cause, tilt), is_linked) in
            left.causes.iter_mut().zip(self.tilts(links, block.causes.len())).zip(is_linked)
        {
            if is_linked {
                cause.fits *= tilt.exp();
                continue;
            }
            let (present, absent) = (cause.arises * tilt.exp(), cause.stays_away);
            (cause.arises, cause.stays_away) = (present / (present + absent), absent / (present + absent));
            ln_factor += (present + absent).ln();
        }
        let ln_evidence = exact::ln_evidence(&left, &order(&left).steps) + ln_factor;
        Bounded { block: left, ln_evidence }
    }

    /// The weight of each drawn set: likelihood / bound.
    fn weights(&self, links: &Links, drawn: &Drawn) -> Vec<f64> {
        let mut ln_weights = vec![0.0; drawn.samples];
        for (finding, touch) in self.bounded() {
            let mut z = vec![links.leak[finding]; drawn.samples];
            for &(cause, strength) in &links.shown_by[finding] {
                let there = z.iter_mut().zip(&drawn.present[cause]).filter(|(_, present)| **present);
                there.for_each(|(z, _)| *z += strength);
            }
            for (ln_weight, z) in ln_weights.iter_mut().zip(z) {
                *ln_weight += ln_seen(z) - ln_seen(touch) - slope(touch) * (z - touch);
            }
        }
        // Rounding may bring a weight above 1, and must not bring all of them to 0.
        ln_weights.into_iter().map(|ln| ln.min(0.0).exp().max(f64::MIN_POSITIVE)).collect()
    }
}

/// A block that is easier than another one, with ln of an upper bound of P(all findings) of that one.
struct Bounded {
    block: CauseBlock,
    ln_evidence: f64,
}

/// The block without the findings that have a bound, and the former index of each finding that is left.
fn without_findings(block: &CauseBlock, touch: &[Option<f64>]) -> (CauseBlock, Vec<usize>) {
    let names: Vec<usize> = (0..touch.len()).filter(|&finding| touch[finding].is_none()).collect();
    let mut place = vec![None; touch.len()];
    names.iter().enumerate().for_each(|(index, &finding)| place[finding] = Some(index));
    let cause = |cause: &BlockCause| {
        let shows = cause.shows.iter().filter_map(|&(finding, chance)| Some((place[finding]?, chance)));
        BlockCause { shows: shows.collect(), ..cause.clone() }
    };
    let leaks = names.iter().map(|&finding| block.leaks[finding]).collect();
    (CauseBlock { causes: block.causes.iter().map(cause).collect(), leaks }, names)
}

/// Whether each cause leads to another, or another leads to it.
fn linked(block: &CauseBlock) -> Vec<bool> {
    let mut linked: Vec<bool> = block.causes.iter().map(|cause| !cause.leads_to.is_empty()).collect();
    block.causes.iter().flat_map(|cause| &cause.leads_to).for_each(|&(to, _)| linked[to] = true);
    linked
}

/// The probability of each cause with these factors, as if none led to another.
fn independent(block: &CauseBlock, tilts: &[f64]) -> Vec<f64> {
    let odds = |cause: &BlockCause, tilt: f64| {
        cause.arises / cause.stays_away.max(f64::MIN_POSITIVE) * cause.fits * tilt.exp()
    };
    block.causes.iter().zip(tilts).map(|(cause, tilt)| 1.0 - 1.0 / (1.0 + odds(cause, *tilt))).collect()
}

/// Sets of causes that were drawn from the posterior of a block.
struct Drawn {
    samples: usize,
    /// For each cause, whether it is in each set.
    present: Vec<Vec<bool>>,
    /// For each cause, whether it arose by itself in each set.
    by_itself: Vec<Vec<bool>>,
}

impl Drawn {
    /// Draws sets by going back over the steps of [`exact::solve`]: from all findings at the end to the entry of the table before
    /// each step, with the share that this entry has in the weight of the one after it.
    fn from_posterior(block: &CauseBlock, samples: usize) -> Drawn {
        let none = || vec![vec![false; samples]; block.causes.len()];
        let drawn = Drawn { samples, present: none(), by_itself: none() };
        let mut draw = Draw { block, random: SplitMix(SAMPLING_SEED), sets: vec![0; samples], drawn };
        draw.pass_back(&order(block).steps, vec![1.0]);
        draw.drawn
    }
}

struct Draw<'a> {
    block: &'a CauseBlock,
    random: SplitMix,
    /// For each sample, the entry of the table after the steps that are left.
    sets: Vec<usize>,
    drawn: Drawn,
}

impl Draw<'_> {
    /// Goes back over `steps`, as [`exact`](super::exact) does. `weight` belongs to the point before them.
    fn pass_back(&mut self, steps: &[EliminationStep], weight: Vec<f64>) {
        match steps {
            [] => {}
            [step] => self.undo(step, &weight),
            _ => {
                let (first, rest) = steps.split_at(steps.len() / 2);
                let between = first.iter().fold(weight.clone(), |weight, step| {
                    let mut weight = exact::forward(self.block, step, weight);
                    exact::scale(step, &mut weight);
                    weight
                });
                self.pass_back(rest, between);
                self.pass_back(first, weight);
            }
        }
    }

    /// Replaces the entry of each sample after `step` by one before it.
    fn undo(&mut self, step: &EliminationStep, weight: &[f64]) {
        for (sample, set) in self.sets.iter_mut().enumerate() {
            // Inserts a bit that is 0.
            let widened = |slot: usize| (*set >> slot) << (slot + 1) | *set & ((1 << slot) - 1);
            // Draws whether the bit is 1.
            let mut either = |without: f64, with: f64| self.random.unit() * (without + with) < with;
            match *step {
                EliminationStep::Open(cause) => {
                    self.drawn.by_itself[cause][sample] = *set & weight.len() != 0;
                    *set &= weight.len() - 1;
                }
                EliminationStep::OpenFinding(_) => *set &= weight.len() - 1,
                EliminationStep::Lead { from, to, chance } => {
                    let (from, to) = (1 << from, 1 << to);
                    if *set & from != 0 && *set & to != 0 && !either(weight[*set ^ to] * chance, weight[*set]) {
                        *set ^= to;
                    }
                }
                EliminationStep::Settle { cause, slot } => self.drawn.present[cause][sample] = *set & 1 << slot != 0,
                EliminationStep::Close { slot } => {
                    let without = widened(slot);
                    let is_there = either(weight[without], weight[without | 1 << slot]);
                    *set = if is_there { without | 1 << slot } else { without };
                }
                EliminationStep::CloseFinding { slot } => *set = widened(slot) | 1 << slot,
            }
        }
    }
}
