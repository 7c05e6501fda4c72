//! Computes the order in which to try resolutions, and the expected cost of the whole plan.
//!
//! Order of repairs by P / cost: Kadane & Simon 1977. Expected cost of repair: Heckerman, Breese & Rommelse 1995.

use std::collections::HashSet;

use crate::rule::{CauseId, Program, ResolutionId};

use super::component::inside;
use super::model::RankedResolution;
use super::weights::{ESCALATION, IRREVERSIBLE_WAITS_FOR, LEADS_IF_CHEAP, LEADS_IF_LIKELY};

/// A resolution, with only the numbers that the order depends on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Repair {
    pub(crate) resolution: ResolutionId,
    /// Its cost and the price of its risk, in seconds, at least 1.
    pub(crate) price: f64,
    pub(crate) irreversible: bool,
    /// Indices into the `causes` given to [`repairs`], ascending, each with the chance that the resolution resolves
    /// that cause.
    pub(crate) resolves: Vec<(usize, f64)>,
}

impl Repair {
    /// Returns P(it resolves the problem), at most 1. `probabilities` has, for each cause, the probability that it
    /// arose by itself: a consequence of another cause comes back after its resolution.
    pub(crate) fn p_resolves(&self, probabilities: &[f64]) -> f64 {
        self.resolves.iter().map(|&(cause, chance)| probabilities[cause] * chance).sum::<f64>().min(1.0)
    }
}

/// Returns the resolutions of any of `causes` that were not tried yet, ordered by name.
pub(crate) fn repairs(program: &Program, causes: &[CauseId], tried: &[ResolutionId]) -> Vec<Repair> {
    let wanted: HashSet<CauseId> = causes.iter().copied().collect();
    let resolves_any = |id: &ResolutionId| program.digest().resolves(*id).any(|cause| wanted.contains(&cause));
    let ids = (0..).map(ResolutionId).take(program.resolutions.len());
    let ids = ids.filter(|id| resolves_any(id) && !tried.contains(id));
    let mut repairs: Vec<Repair> = ids
        .map(|resolution| {
            let rule = program.resolution(resolution);
            let place = |cause: CauseId| causes.iter().position(|&listed| listed == cause);
            let resolves = rule.resolves.iter().filter_map(|&(cause, chance)| Some((place(cause)?, inside(chance))));
            // In the order of the causes, so that rounding does not depend on that of the statements.
            let mut resolves: Vec<(usize, f64)> = resolves.collect();
            resolves.sort_by_key(|&(cause, _)| cause);
            Repair {
                resolution,
                price: (rule.cost + rule.risk.price()).as_secs_f64().max(1.0),
                irreversible: rule.irreversible,
                resolves,
            }
        })
        .filter(|repair| !repair.resolves.is_empty())
        .collect();
    repairs.sort_by_key(|repair| &program.resolutions[repair.resolution.0 as usize].name);
    repairs
}

/// The numbers that the order of repairs depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RepairValue {
    /// P(it resolves the problem), 0–1.
    pub(crate) p_resolves: f64,
    /// As [`Repair::price`].
    pub(crate) price: f64,
    pub(crate) irreversible: bool,
}

/// Returns `repairs` in the order to try them. `probabilities` as in [`Repair::p_resolves`].
pub(crate) fn plan<'a>(repairs: &'a [Repair], probabilities: &[f64]) -> Vec<&'a Repair> {
    in_order(repairs.iter().collect(), |repair| RepairValue {
        p_resolves: repair.p_resolves(probabilities),
        price: repair.price,
        irreversible: repair.irreversible,
    })
}

/// Returns `items` in the order to try them: by P / price, highest first, but an irreversible one after every
/// reversible one whose P is at least a quarter of its own ([`IRREVERSIBLE_WAITS_FOR`]). Equal ones stay in the order
/// given.
pub(crate) fn in_order<T>(items: Vec<T>, value: impl Fn(&T) -> RepairValue) -> Vec<T> {
    let mut by_value: Vec<(T, RepairValue)> =
        items.into_iter().map(|item| (value(&item), item)).map(|(w, i)| (i, w)).collect();
    by_value.sort_by(|(_, a), (_, b)| (b.p_resolves / b.price).total_cmp(&(a.p_resolves / a.price)));
    let mut ahead: Vec<RepairValue> = by_value.iter().rev().map(|(_, value)| *value).collect();
    let mut plan: Vec<T> = Vec::with_capacity(by_value.len());
    let mut waiting: Vec<(T, RepairValue)> = Vec::new();
    for (item, value) in by_value {
        ahead.pop();
        if value.irreversible {
            waiting.push((item, value))
        } else {
            plan.push(item)
        }
        let waits = |waiting: &RepairValue| {
            ahead
                .iter()
                .any(|later| !later.irreversible && later.p_resolves >= IRREVERSIBLE_WAITS_FOR * waiting.p_resolves)
        };
        let released = waiting.extract_if(.., |(_, value)| !waits(value));
        plan.extend(released.map(|(item, _)| item));
    }
    plan
}

/// Moves one of `items`, which are [in order](in_order), to the front: the one that is most likely to help. One that is at
/// least half as likely and takes at most half of its price goes before it. An irreversible one that is first stays.
pub(crate) fn led<T>(mut items: Vec<T>, value: impl Fn(&T) -> RepairValue) -> Vec<T> {
    let values: Vec<RepairValue> = items.iter().map(value).collect();
    let reversible = || values.iter().enumerate().filter(|(_, value)| !value.irreversible);
    if values.first().is_none_or(|first| first.irreversible) {
        return items;
    }
    let likelier = |best: (usize, RepairValue), (at, value): (usize, &RepairValue)| {
        if value.p_resolves > best.1.p_resolves { (at, *value) } else { best }
    };
    let (best, most) = reversible().fold((0, values[0]), likelier);
    let is_quick = |value: &RepairValue| {
        value.p_resolves >= LEADS_IF_LIKELY * most.p_resolves && value.price <= LEADS_IF_CHEAP * most.price
    };
    let leader = reversible().find(|(_, value)| is_quick(value)).map_or(best, |(at, _)| at);
    items[..=leader].rotate_right(1);
    items
}

/// The value of a resolution for its place in the order.
pub(crate) fn value_of(program: &Program, ranked: &RankedResolution) -> RepairValue {
    let resolution = ranked.resolution.as_rule(program);
    RepairValue {
        p_resolves: ranked.p_resolves,
        price: (resolution.cost + resolution.risk.price()).as_secs_f64().max(1.0),
        irreversible: resolution.irreversible,
    }
}

/// Returns the resolutions of a cause that is certain, in the order to try them, each with the chance that it helps.
pub fn resolutions_of(program: &Program, cause: CauseId) -> Vec<(ResolutionId, f64)> {
    let repairs = repairs(program, &[cause], &[]);
    let value = |repair: &&Repair| RepairValue {
        p_resolves: repair.p_resolves(&[1.0]),
        price: repair.price,
        irreversible: repair.irreversible,
    };
    let ordered = led(in_order(repairs.iter().collect(), value), value);
    let chance = |id: ResolutionId| {
        let resolves = &program.resolution(id).resolves;
        resolves.iter().find(|(of, _)| *of == cause).map_or(0.0, |(_, chance)| *chance)
    };
    ordered.into_iter().map(|repair| (repair.resolution, chance(repair.resolution))).collect()
}

/// Returns the seconds that following `plan` is expected to take, including escalation: `Σ Cᵢ · R(i) + C_escalate ·
/// R(end)`, where R(i) is the probability that nothing before i helped.
///
/// Two refinements are added to this formula. Two resolutions of one cause do not resolve it twice. And the plan ends
/// early where it is cheaper to escalate at once than to go on.
pub(crate) fn expected_cost(plan: &[&Repair], probabilities: &[f64]) -> f64 {
    let escalation = ESCALATION.as_secs_f64();
    let mut not_resolved = vec![1.0; probabilities.len()];
    let (mut spent, mut left) = (0.0, 1.0);
    let mut cheapest = escalation;
    for repair in plan {
        spent += repair.price * left;
        for &(cause, chance) in &repair.resolves {
            not_resolved[cause] *= 1.0 - chance;
        }
        let resolved: f64 = probabilities.iter().zip(&not_resolved).map(|(p, not)| p * (1.0 - not)).sum();
        left = (1.0 - resolved).max(0.0);
        debug_assert!((0.0..=1.0).contains(&left), "P(nothing helped so far) is {left}");
        cheapest = f64::min(cheapest, spent + escalation * left);
    }
    cheapest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn repair(id: u32, minutes: f64, resolves: &[(usize, f64)]) -> Repair {
        Repair { resolution: ResolutionId(id), price: 60.0 * minutes, irreversible: false, resolves: resolves.to_vec() }
    }

    fn order(repairs: &[Repair], probabilities: &[f64]) -> Vec<u32> {
        plan(repairs, probabilities).iter().map(|repair| repair.resolution.0).collect()
    }

    #[test]
    fn the_better_chance_per_minute_goes_first() {
        // .72 / 60 min, .09 / 15 min, .045 / 3 min
        let repairs = [repair(0, 15.0, &[(1, 0.9)]), repair(1, 60.0, &[(0, 0.9)]), repair(2, 3.0, &[(1, 0.45)])];
        assert_eq!(order(&repairs, &[0.8, 0.1]), [2, 1, 0]);
    }

    #[test]
    fn an_irreversible_one_waits_for_all_that_are_a_quarter_as_likely() {
        let chances = [(0, 0.8), (1, 0.2), (2, 0.1)].map(|(cause, p)| (cause, p, [(cause, 1.0)]));
        let mut repairs = chances.map(|(id, _, resolves)| repair(id as u32, 1.0 + 100.0 * id as f64, &resolves));
        let probabilities = chances.map(|(_, p, _)| p);
        assert_eq!(order(&repairs, &probabilities), [0, 1, 2]);
        repairs[0].irreversible = true;
        assert_eq!(order(&repairs, &probabilities), [1, 0, 2]);
        assert_eq!(order(&repairs, &[0.9, 0.2, 0.1]), [0, 1, 2]);
    }

    #[test]
    fn the_likeliest_leads_unless_another_is_much_quicker() {
        let order = |values: &[(f64, f64, bool)]| -> Vec<usize> {
            let value = |&at: &usize| {
                let (p_resolves, price, irreversible) = values[at];
                RepairValue { p_resolves, price, irreversible }
            };
            led((0..values.len()).collect(), value)
        };
        let is_reversible = false;
        assert_eq!(order(&[(0.1, 1.0, is_reversible), (0.3, 9.0, false), (0.8, 60.0, false)]), [2, 0, 1]);
        assert_eq!(order(&[(0.1, 1.0, is_reversible), (0.4, 30.0, false), (0.8, 60.0, false)]), [1, 0, 2]);
        assert_eq!(order(&[(0.1, 1.0, is_reversible), (0.4, 31.0, false), (0.8, 60.0, false)]), [2, 0, 1]);
        assert_eq!(order(&[(0.3, 1.0, is_reversible), (0.8, 9.0, true), (0.4, 60.0, false)]), [0, 1, 2]);
        assert_eq!(order(&[(0.8, 1.0, true), (0.2, 9.0, false)]), [0, 1]);
        assert_eq!(order(&[]), [] as [usize; 0]);
    }

    #[test]
    fn two_resolutions_of_one_cause_do_not_resolve_it_twice() {
        let repairs = [repair(0, 10.0, &[(0, 0.9)]), repair(1, 20.0, &[(0, 0.9)])];
        let cost = expected_cost(&plan(&repairs, &[0.8]), &[0.8]);
        // 10 min, then 20 min unless the first helped (.72), then 4 h unless one did (.8 · .99).
        assert!((cost - 60.0 * (10.0 + 20.0 * 0.28 + 240.0 * (1.0 - 0.792))).abs() < 1e-9, "{cost}");
    }

    #[test]
    fn a_repair_that_helps_less_than_it_costs_is_not_in_the_plan() {
        let repairs = [repair(0, 30.0, &[(0, 0.1)])];
        assert_eq!(expected_cost(&plan(&repairs, &[0.5]), &[0.5]), ESCALATION.as_secs_f64());
    }

    /// Computes the plain sum Σ Cᵢ(1 − Σ_{j<i} pⱼ) + C_escalate(1 − Σ p) for an order that ends in escalation.
    fn cost_by_formula(order: &[&Repair], probabilities: &[f64]) -> f64 {
        let mut left = 1.0;
        let mut cost = 0.0;
        for repair in order {
            cost += repair.price * left;
            left -= repair.p_resolves(probabilities);
        }
        cost + ESCALATION.as_secs_f64() * left
    }

    /// Returns the lowest cost of any order of any subset of `repairs` that begins with `chosen`.
    fn cheapest(chosen: &mut Vec<usize>, repairs: &[Repair], probabilities: &[f64]) -> f64 {
        let order: Vec<&Repair> = chosen.iter().map(|&index| &repairs[index]).collect();
        let mut best = cost_by_formula(&order, probabilities);
        for index in 0..repairs.len() {
            if !chosen.contains(&index) {
                chosen.push(index);
                best = best.min(cheapest(chosen, repairs, probabilities));
                chosen.pop();
            }
        }
        best
    }

    proptest! {
        #[test]
        fn with_a_resolution_for_each_cause_no_order_is_cheaper(
            items in prop::collection::vec((0.0..0.2, 0.01..=1.0, 1.0..300.0), 1..6),
        ) {
            let probabilities: Vec<f64> = items.iter().map(|(p, _, _)| *p).collect();
            let repairs: Vec<Repair> = items
                .iter()
                .enumerate()
                .map(|(index, &(_, chance, minutes))| repair(index as u32, minutes, &[(index, chance)]))
                .collect();
            let planned = expected_cost(&plan(&repairs, &probabilities), &probabilities);
            let best = cheapest(&mut Vec::new(), &repairs, &probabilities);
            prop_assert!((planned - best).abs() < 1e-6, "{planned} {best}");
        }
    }
}
