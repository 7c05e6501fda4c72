//! Computes the posteriors of one component, a leaky noisy-OR network (Pearl 1988; Henrion 1989), exactly where that
//! does not take too long.
//!
//! Negative findings, `against` and failed resolutions become one factor for each cause; unknown symptoms have no
//! effect. What remains connects causes only through positive findings and `leads to`. So a component falls into
//! *blocks* that are independent given the evidence. Time and memory are exponential only in the positive findings and causes of
//! a block that are open at once while its causes are summed out one by one ([`elimination`]), or in its causes
//! ([`enumerated`]), whichever are few. Where neither are, the posterior is estimated ([`sampled`], or [`weighted`]).

mod elimination;
mod enumerated;
mod exact;
mod model;
mod sampled;
#[cfg(test)]
mod tests;
mod weighted;

use std::collections::{BTreeMap, BTreeSet};

use super::component::{Component, DisjointSets};
use super::model::SymptomState;
use super::weights::{ENUMERATED_CAUSES, EXACT_POSITIVES};
use crate::rule::SymptomId;

pub(crate) use model::Posterior;
use model::{Belief, BlockCause, BlockPosterior, CauseBlock};

/// Returns the posterior of `component`. `states` has the state of each symptom of the program, by id.
pub(crate) fn posterior(component: &Component, states: &[SymptomState]) -> Posterior {
    let folded = fold(component, states);
    let mut result = Posterior {
        causes: vec![Belief { probability: 0.0, ln_odds: 0.0, by_itself: 0.0 }; component.causes.len()],
        none: 1.0,
        ln_evidence: folded.ln_scale,
        margin: None,
    };
    for (members, block) in blocks(component, states, folded.causes) {
        let solved = solve(&block);
        for (&cause, belief) in members.iter().zip(&solved.causes) {
            result.causes[cause] = *belief;
            if !folded.led_to.contains(&cause) {
                // Where nothing leads to a cause, both are the same number; rounding must not make them differ.
                result.causes[cause].by_itself = belief.probability;
            }
        }
        let all_away = block.causes.iter().map(|cause| cause.stays_away);
        let ln_leaks_alone: f64 = all_away.chain(block.leaks.iter().copied()).map(f64::ln).sum();
        result.none *= (ln_leaks_alone - solved.ln_evidence).exp().min(1.0);
        result.ln_evidence += solved.ln_evidence;
        result.margin = match (result.margin, solved.margin) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
    }
    result
}

/// Returns the width of the widest block of `component`: the most causes and positive findings that are open at once, minus 1.
/// The posterior is exact up to a width of [`EXACT_POSITIVES`].
pub(crate) fn width(component: &Component, states: &[SymptomState]) -> usize {
    let folded = fold(component, states);
    blocks(component, states, folded.causes).iter().map(|(_, block)| exact::width(block)).max().unwrap_or(0)
}

fn solve(block: &CauseBlock) -> BlockPosterior {
    if exact::width(block) <= EXACT_POSITIVES {
        exact::solve(block)
    } else if block.causes.len() <= ENUMERATED_CAUSES {
        enumerated::solve(block)
    } else {
        sampled::solve(block).unwrap_or_else(|| weighted::solve(block))
    }
}

/// The causes of a component, with all evidence except the positive findings included in their weights.
struct Folded {
    /// In the order of the component, without `shows` and `leads_to`.
    causes: Vec<BlockCause>,
    /// Indices of the causes that another one leads to.
    led_to: BTreeSet<usize>,
    /// ln of the factors that were divided out of the weights of all causes.
    ln_scale: f64,
}

/// Turns everything except positive findings into factors. An absent symptom has the likelihood (1 − leak) · Π (1 −
/// chance) over the causes that are present: one factor for each cause.
fn fold(component: &Component, states: &[SymptomState]) -> Folded {
    let state = |symptom: SymptomId| states[symptom.0 as usize];
    let mut fits: Vec<f64> = component
        .causes
        .iter()
        .map(|node| {
            let against = node.against.iter().filter(|(symptom, _)| state(*symptom) == SymptomState::Present);
            against.map(|(_, ratio)| ratio).product()
        })
        .collect();
    let mut ln_scale = 0.0;
    for observable in component.symptoms.iter().filter(|o| state(o.symptom) == SymptomState::Absent) {
        ln_scale += (1.0 - observable.leak).ln();
        for &(cause, chance) in &observable.shown_by {
            fits[cause] *= 1.0 - chance;
        }
    }
    let led_to: BTreeSet<usize> = component.causes.iter().flat_map(|node| &node.leads_to).map(|(to, _)| *to).collect();
    let mut causes = Vec::with_capacity(fits.len());
    for (index, (node, fits)) in component.causes.iter().zip(fits).enumerate() {
        let is_alone = node.leads_to.is_empty() && !led_to.contains(&index);
        // A cause that another one may lead to can be present without having arisen by itself, so its factor is applied
        // only when it is settled.
        let (now, later) = if is_alone { (fits, 1.0) } else { (1.0, fits) };
        let (arises, stays_away) = (node.prior * node.not_fixed * now, 1.0 - node.prior);
        let sum = arises + stays_away;
        ln_scale += sum.ln();
        causes.push(BlockCause {
            arises: arises / sum,
            stays_away: stays_away / sum,
            fits: later,
            shows: Vec::new(),
            leads_to: Vec::new(),
        });
    }
    Folded { causes, led_to, ln_scale }
}

/// Divides `causes` into blocks. Returns each block with the indices of its causes in the component. A cause without a
/// positive finding and without `leads to` is a block of its own.
fn blocks(component: &Component, states: &[SymptomState], causes: Vec<BlockCause>) -> Vec<(Vec<usize>, CauseBlock)> {
    let positives: Vec<_> = component
        .symptoms
        .iter()
        .filter(|observable| states[observable.symptom.0 as usize] == SymptomState::Present)
        .collect();
    let mut sets = DisjointSets::new(causes.len());
    for observable in &positives {
        for pair in observable.shown_by.windows(2) {
            sets.join(pair[0].0, pair[1].0);
        }
    }
    for (cause, node) in component.causes.iter().enumerate() {
        node.leads_to.iter().for_each(|(to, _)| sets.join(cause, *to));
    }
    let mut blocks: BTreeMap<usize, (Vec<usize>, CauseBlock)> = BTreeMap::new();
    let mut place = Vec::with_capacity(causes.len());
    for (index, cause) in causes.into_iter().enumerate() {
        let empty = || (Vec::new(), CauseBlock { causes: Vec::new(), leaks: Vec::new() });
        let (members, block) = blocks.entry(sets.root(index)).or_insert_with(empty);
        place.push(members.len());
        members.push(index);
        block.causes.push(cause);
    }
    for (members, block) in blocks.values_mut() {
        for (&member, cause) in members.iter().zip(&mut block.causes) {
            let leads_to = component.causes[member].leads_to.iter();
            cause.leads_to = leads_to.map(|&(to, chance)| (place[to], chance)).collect();
        }
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
