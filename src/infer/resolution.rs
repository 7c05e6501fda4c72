//! What to do, in which order, and what the whole plan is expected to cost.
//!
//! Order of repairs by P / cost: Kadane & Simon 1977; expected cost of repair: Heckerman, Breese & Rommelse 1995.

use crate::rule::{CauseId, Program, ResolutionId};

use super::component::inside;
use super::weights::{ESCALATION, IRREVERSIBLE_WAITS_FOR};

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
    /// P(it mends the problem), capped at 1; `probabilities` are of the causes it was made for to be there by themselves: what
    /// another cause leads to comes back once it is mended.
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
            // In the order of the causes, so that rounding does not depend on that of the statements.
            let mut mends: Vec<(usize, f64)> = mends.collect();
            mends.sort_by_key(|&(cause, _)| cause);
            Repair {
                resolution,
                price: (rule.cost + rule.risk.price()).as_secs_f64().max(1.0),
                irreversible: rule.irreversible,
                mends,
            }
        })
        .filter(|repair| !repair.mends.is_empty())
        .collect();
    repairs.sort_by_key(|repair| &program.resolutions[repair.resolution.0 as usize].name);
    repairs
}

/// What the order of things to do depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Worth {
    /// P(it mends the problem), 0–1.
    pub(crate) chance: f64,
    /// As [`Repair::price`].
    pub(crate) price: f64,
    /// Cannot be taken back.
    pub(crate) irreversible: bool,
}

/// The order to try `repairs` in.
pub(crate) fn plan<'a>(repairs: &'a [Repair], probabilities: &[f64]) -> Vec<&'a Repair> {
    in_order(repairs.iter().collect(), |repair| Worth {
        chance: repair.chance(probabilities),
        price: repair.price,
        irreversible: repair.irreversible,
    })
}

/// The order to try things in: by chance per price, but an irreversible one after every reversible one whose chance is at
/// least a quarter of its own. Equals stay in the order given.
pub(crate) fn in_order<T>(items: Vec<T>, worth: impl Fn(&T) -> Worth) -> Vec<T> {
    let mut by_value: Vec<(T, Worth)> =
        items.into_iter().map(|item| (worth(&item), item)).map(|(w, i)| (i, w)).collect();
    by_value.sort_by(|(_, a), (_, b)| (b.chance / b.price).total_cmp(&(a.chance / a.price)));
    let mut ahead: Vec<Worth> = by_value.iter().rev().map(|(_, worth)| *worth).collect();
    let mut plan: Vec<T> = Vec::with_capacity(by_value.len());
    let mut waiting: Vec<(T, Worth)> = Vec::new();
    for (item, worth) in by_value {
        ahead.pop();
        if worth.irreversible {
            waiting.push((item, worth))
        } else {
            plan.push(item)
        }
        let waits = |waiting: &Worth| {
            ahead.iter().any(|later| !later.irreversible && later.chance >= IRREVERSIBLE_WAITS_FOR * waiting.chance)
        };
        let released = waiting.extract_if(.., |(_, worth)| !waits(worth));
        plan.extend(released.map(|(item, _)| item));
    }
    plan
}

/// Seconds that following `plan` is expected to take, escalation included:
/// `Σ Cᵢ · R(i) + C_escalate · R(end)`, where R(i) is the chance that nothing before i helped.
///
/// Two refinements of the plain sum, which coincide with it where each cause has one resolution. R(i) counts what two
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn repair(id: u32, minutes: f64, mends: &[(usize, f64)]) -> Repair {
        Repair { resolution: ResolutionId(id), price: 60.0 * minutes, irreversible: false, mends: mends.to_vec() }
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
        let mut repairs = chances.map(|(id, _, mends)| repair(id as u32, 1.0 + 100.0 * id as f64, &mends));
        let probabilities = chances.map(|(_, p, _)| p);
        assert_eq!(order(&repairs, &probabilities), [0, 1, 2]);
        repairs[0].irreversible = true;
        assert_eq!(order(&repairs, &probabilities), [1, 0, 2]);
        assert_eq!(order(&repairs, &[0.9, 0.2, 0.1]), [0, 1, 2]);
    }

    #[test]
    fn two_resolutions_of_one_cause_do_not_mend_it_twice() {
        let repairs = [repair(0, 10.0, &[(0, 0.9)]), repair(1, 20.0, &[(0, 0.9)])];
        let cost = expected_cost(&plan(&repairs, &[0.8]), &[0.8]);
        // 10 min, then 20 min unless the first helped (.72), then 4 h unless one did (.8 · .99).
        assert!((cost - 60.0 * (10.0 + 20.0 * 0.28 + 240.0 * (1.0 - 0.792))).abs() < 1e-9, "{cost}");
    }

    #[test]
    fn what_helps_less_than_it_costs_is_not_in_the_plan() {
        let repairs = [repair(0, 30.0, &[(0, 0.1)])];
        assert_eq!(expected_cost(&plan(&repairs, &[0.5]), &[0.5]), ESCALATION.as_secs_f64());
    }

    /// The plain sum Σ Cᵢ(1 − Σ_{j<i} pⱼ) + C_escalate(1 − Σ p), literally, for an order that ends in escalation.
    fn cost_by_formula(order: &[&Repair], probabilities: &[f64]) -> f64 {
        let mut left = 1.0;
        let mut cost = 0.0;
        for repair in order {
            cost += repair.price * left;
            left -= repair.chance(probabilities);
        }
        cost + ESCALATION.as_secs_f64() * left
    }

    /// Cheapest over every order of every subset.
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
