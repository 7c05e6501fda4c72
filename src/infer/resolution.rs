//! What to do, in which order, and what the whole plan is expected to cost.
//!
//! Order of repairs by P / cost: Kadane & Simon 1977; expected cost of repair: Heckerman, Breese & Rommelse 1995.

use crate::rule::{CauseId, Program, ResolutionId};

use super::component::inside;
use super::weights::{ESCALATION, IRREVERSIBLE_WAITS_FOR, price_of_risk};

/// A resolution, reduced to what the order depends on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Repair {
    /// Which.
    pub(crate) resolution: ResolutionId,
    /// Its cost and the price of its risk, in seconds, at least 1.
    pub(crate) price: f64,
    /// Cannot be taken back.
    pub(crate) irreversible: bool,
    /// Indices into the causes it was made for, with the chance that it mends each.
    pub(crate) mends: Vec<(usize, f64)>,
}

impl Repair {
    /// P(it mends the problem), capped at 1; `probabilities` are of the causes it was made for.
    pub(crate) fn chance(&self, probabilities: &[f64]) -> f64 {
        self.mends.iter().map(|&(cause, chance)| probabilities[cause] * chance).sum::<f64>().min(1.0)
    }
}

/// The resolutions of any of `causes`, ordered by name, without those that were tried.
pub(crate) fn repairs(program: &Program, causes: &[CauseId], tried: &[ResolutionId]) -> Vec<Repair> {
    let ids = (0..).map(ResolutionId).zip(&program.resolutions).filter(|(id, _)| !tried.contains(id));
    let mut repairs: Vec<Repair> = ids
        .map(|(resolution, rule)| {
            let place = |cause: CauseId| causes.iter().position(|&listed| listed == cause);
            let mends = rule.resolves.iter().filter_map(|&(cause, chance)| Some((place(cause)?, inside(chance))));
            Repair {
                resolution,
                price: (rule.cost + price_of_risk(rule.risk)).as_secs_f64().max(1.0),
                irreversible: rule.irreversible,
                mends: mends.collect(),
            }
        })
        .filter(|repair| !repair.mends.is_empty())
        .collect();
    repairs.sort_by_key(|repair| &program.resolutions[repair.resolution.0 as usize].name);
    repairs
}

/// The order to try `repairs` in: by chance per price, but an irreversible one after every reversible one whose chance
/// is at least a quarter of its own. Equals stay in the order given.
pub(crate) fn plan<'a>(repairs: &'a [Repair], probabilities: &[f64]) -> Vec<&'a Repair> {
    let mut by_value: Vec<(&Repair, f64)> = repairs.iter().map(|repair| (repair, repair.chance(probabilities))).collect();
    by_value.sort_by(|(a, a_chance), (b, b_chance)| (b_chance / b.price).total_cmp(&(a_chance / a.price)));
    let mut plan: Vec<&Repair> = Vec::with_capacity(by_value.len());
    let mut waiting: Vec<(&Repair, f64)> = Vec::new();
    for (index, &(repair, chance)) in by_value.iter().enumerate() {
        if repair.irreversible { waiting.push((repair, chance)) } else { plan.push(repair) }
        let ahead = |chance: f64| {
            by_value[index + 1..]
                .iter()
                .any(|(later, p)| !later.irreversible && *p >= IRREVERSIBLE_WAITS_FOR * chance)
        };
        waiting.retain(|&(repair, chance)| {
            let waits = ahead(chance);
            if !waits {
                plan.push(repair);
            }
            waits
        });
    }
    plan
}

/// Seconds that following `plan` is expected to take, escalation included:
/// `Σ Cᵢ · R(i) + C_escalate · R(end)`, where R(i) is the chance that nothing before i helped.
///
/// Two refinements of LANGUAGE §6, which coincide with it where each cause has one resolution. R(i) counts what two
/// resolutions of the same cause mend together once, not twice. And the plan is broken off where going on costs more
/// than handing the problem on at once.
pub(crate) fn expected_cost(plan: &[&Repair], probabilities: &[f64]) -> f64 {
    let escalation = ESCALATION.as_secs_f64();
    let mut not_mended = vec![1.0; probabilities.len()];
    let (mut spent, mut left) = (0.0, 1.0);
    let mut cheapest = escalation;
    for repair in plan {
        spent += repair.price * left;
        for &(cause, chance) in &repair.mends {
            not_mended[cause] *= 1.0 - chance;
        }
        let mended: f64 = probabilities.iter().zip(&not_mended).map(|(p, not)| p * (1.0 - not)).sum();
        left = (1.0 - mended).max(0.0);
        cheapest = f64::min(cheapest, spent + escalation * left);
    }
    cheapest
}
