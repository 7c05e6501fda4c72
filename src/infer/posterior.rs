//! Posteriors of one component: leaky noisy-OR, exact wherever that can be afforded.
//!
//! Negative findings, `against` and failed resolutions fold into one factor per cause; unknown symptoms drop out. What is
//! left couples causes only through positive findings, so a component falls into *blocks* that are independent given the
//! evidence, and only the number of positive findings of a block is exponential.

use std::collections::BTreeMap;

use super::SymptomState;
use super::component::{Component, DisjointSets};
use super::exact;
use super::sampled;
use super::weights::EXACT_POSITIVES;

/// What the evidence says about the causes of one component.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Posterior {
    /// One for each cause of the component, in its order.
    pub(crate) causes: Vec<Belief>,
    /// P(no cause of the component | evidence).
    pub(crate) none: f64,
    /// ln P(evidence). The factors of `against` and of failed resolutions count as likelihoods.
    pub(crate) ln_evidence: f64,
    /// Largest standard error of a cause's probability, where a block was too large to be exact.
    pub(crate) standard_error: Option<f64>,
}

/// Probability and odds of one cause, each computed without subtracting from 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Belief {
    /// 0–1.
    pub(crate) probability: f64,
    /// ln(P / (1 − P)).
    pub(crate) ln_odds: f64,
}

impl Belief {
    /// From the weights of "it is there" and "it is not", on any common scale.
    pub(crate) fn from_weights(present: f64, absent: f64) -> Self {
        // A weight can underflow where hundreds of findings speak against a cause; its odds stay finite.
        let (present, absent) = (present.max(f64::MIN_POSITIVE), absent.max(f64::MIN_POSITIVE));
        Belief { probability: present / (present + absent), ln_odds: present.ln() - absent.ln() }
    }
}

/// Causes that positive findings couple, with those findings as bits `0..leaks.len()`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Block {
    /// The causes.
    pub(crate) causes: Vec<BlockCause>,
    /// Leak of each positive finding.
    pub(crate) leaks: Vec<f64>,
}

/// A cause of a block.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BlockCause {
    /// P(it is there), everything but the block's positive findings taken into account.
    pub(crate) present: f64,
    /// One minus [`present`](BlockCause::present), without the rounding.
    pub(crate) absent: f64,
    /// The block's findings that it shows, with the chance of each.
    pub(crate) shows: Vec<(usize, f64)>,
}

/// What a block says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BlockPosterior {
    /// One for each cause of the block, in its order.
    pub(crate) causes: Vec<Belief>,
    /// ln P(all findings of the block).
    pub(crate) ln_evidence: f64,
    /// As [`Posterior::standard_error`].
    pub(crate) standard_error: Option<f64>,
}

/// The posterior of `component` when `states` (by symptom id) is known.
pub(crate) fn posterior(component: &Component, states: &[SymptomState]) -> Posterior {
    let folded = fold(component, states);
    let mut result = Posterior {
        causes: vec![Belief { probability: 0.0, ln_odds: 0.0 }; component.causes.len()],
        none: 1.0,
        ln_evidence: folded.ln_scale,
        standard_error: None,
    };
    for (members, block) in blocks(component, states, &folded.odds) {
        let solved = solve(&block);
        for (&cause, belief) in members.iter().zip(&solved.causes) {
            result.causes[cause] = *belief;
        }
        let all_absent = block.causes.iter().map(|cause| cause.absent);
        let ln_leaks_alone: f64 = all_absent.chain(block.leaks.iter().copied()).map(f64::ln).sum();
        result.none *= (ln_leaks_alone - solved.ln_evidence).exp().min(1.0);
        result.ln_evidence += solved.ln_evidence;
        result.standard_error = match (result.standard_error, solved.standard_error) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
    }
    result
}

/// Positive findings of the largest block of `component`: what an exact posterior is exponential in.
pub(crate) fn largest_block(component: &Component, states: &[SymptomState]) -> usize {
    let folded = fold(component, states);
    blocks(component, states, &folded.odds).iter().map(|(_, block)| block.leaks.len()).max().unwrap_or(0)
}

fn solve(block: &Block) -> BlockPosterior {
    if block.leaks.len() <= EXACT_POSITIVES { exact::solve(block) } else { sampled::solve(block) }
}

/// Everything but the positive findings.
struct Folded {
    /// Weights of "there" and "not there" of each cause; they add up to 1.
    odds: Vec<(f64, f64)>,
    /// ln of what was divided out.
    ln_scale: f64,
}

fn fold(component: &Component, states: &[SymptomState]) -> Folded {
    let state = |symptom: crate::rule::SymptomId| states[symptom.0 as usize];
    let mut odds: Vec<(f64, f64)> = component
        .causes
        .iter()
        .map(|node| {
            let against = node.against.iter().filter(|(symptom, _)| state(*symptom) == SymptomState::Present);
            let factor: f64 = against.map(|(_, ratio)| ratio).product();
            (node.prior * factor * node.not_mended, 1.0 - node.prior)
        })
        .collect();
    let mut ln_scale = 0.0;
    for observable in component.symptoms.iter().filter(|o| state(o.symptom) == SymptomState::Absent) {
        ln_scale += (1.0 - observable.leak).ln();
        for &(cause, chance) in &observable.shown_by {
            odds[cause].0 *= 1.0 - chance;
        }
    }
    for (present, absent) in &mut odds {
        let sum = *present + *absent;
        ln_scale += sum.ln();
        *present /= sum;
        *absent /= sum;
    }
    Folded { odds, ln_scale }
}

/// The blocks, each with the component's indices of its causes. A cause without a positive finding is one by itself.
fn blocks(component: &Component, states: &[SymptomState], odds: &[(f64, f64)]) -> Vec<(Vec<usize>, Block)> {
    let positives: Vec<_> = component
        .symptoms
        .iter()
        .filter(|observable| states[observable.symptom.0 as usize] == SymptomState::Present)
        .collect();
    let mut sets = DisjointSets::new(component.causes.len());
    for observable in &positives {
        for pair in observable.shown_by.windows(2) {
            sets.join(pair[0].0, pair[1].0);
        }
    }
    let mut blocks: BTreeMap<usize, (Vec<usize>, Block)> = BTreeMap::new();
    let mut place = Vec::with_capacity(odds.len());
    for (cause, &(present, absent)) in odds.iter().enumerate() {
        let empty = || (Vec::new(), Block { causes: Vec::new(), leaks: Vec::new() });
        let (members, block) = blocks.entry(sets.root(cause)).or_insert_with(empty);
        place.push(members.len());
        members.push(cause);
        block.causes.push(BlockCause { present, absent, shows: Vec::new() });
    }
    for observable in positives {
        let root = sets.root(observable.shown_by[0].0);
        let (_, block) = blocks.get_mut(&root).expect("every root was entered above");
        for &(cause, chance) in &observable.shown_by {
            block.causes[place[cause]].shows.push((block.leaks.len(), chance));
        }
        block.leaks.push(observable.leak);
    }
    blocks.into_values().collect()
}

#[cfg(test)]
mod tests;
