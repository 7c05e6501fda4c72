//! Determines which causes follow from other causes, and orders causes and resolutions accordingly.

use std::collections::{BTreeMap, BTreeSet};

use crate::rule::{CauseId, Program};

use super::model::{RankedCause, RankedResolution, TimeSpan};
use super::weights::{CONSEQUENCE_WITHIN, LED_TO_WITHIN, PLAUSIBLE, ROOT_FIRST};

/// Whether something that was seen in the span `consequence` may follow from something that was seen in the span
/// `root`: it begins after the root, and while the root goes on or soon after.
pub(crate) fn begins_in_time(root: TimeSpan, consequence: TimeSpan) -> bool {
    root.0 < consequence.0 && consequence.0.duration_since(root.1) <= CONSEQUENCE_WITHIN
}

/// Whether times do not rule out that `consequence` follows from `root`, as a rule says that it can. A log may show the
/// consequence a little earlier than the root, for example because the root is noticed by a check. Without times,
/// nothing is ruled out.
pub(crate) fn is_possible_in_time(root: Option<TimeSpan>, consequence: Option<TimeSpan>) -> bool {
    let (Some(root), Some(consequence)) = (root, consequence) else { return true };
    root.0.duration_since(consequence.0) <= CONSEQUENCE_WITHIN && consequence.0.duration_since(root.1) <= LED_TO_WITHIN
}

/// Sets [`RankedCause::follows`] of each cause that more probably follows from another than arose by itself: the likely
/// causes that lead to it, as far as the times allow it. `causes` are ordered by probability; `span` gives the times of
/// the records that show a cause.
pub(crate) fn set_follows(
    program: &Program,
    causes: &mut [RankedCause],
    span: impl Fn(&RankedCause) -> Option<TimeSpan>,
) {
    let spans: BTreeMap<CauseId, TimeSpan> =
        causes.iter().filter_map(|ranked| Some((ranked.cause, span(ranked)?))).collect();
    let mut led_to_by: BTreeMap<CauseId, Vec<CauseId>> = BTreeMap::new();
    for likely in causes.iter().filter(|ranked| ranked.probability >= PLAUSIBLE) {
        for (led_to, _) in &program.cause(likely.cause).leads_to {
            led_to_by.entry(*led_to).or_default().push(likely.cause);
        }
    }
    for ranked in causes.iter_mut().filter(|ranked| ranked.by_itself < ranked.probability / 2.0) {
        ranked.follows = led_to_by.remove(&ranked.cause).unwrap_or_default();
        let own = spans.get(&ranked.cause).copied();
        ranked.follows.retain(|root| is_possible_in_time(spans.get(root).copied(), own));
    }
}

/// Returns `causes` in the same order, except that a cause of at least the probability [`ROOT_FIRST`] comes before
/// those that follow from it.
pub(crate) fn roots_first(causes: Vec<RankedCause>) -> Vec<RankedCause> {
    let place: BTreeMap<CauseId, usize> = causes.iter().zip(0..).map(|(ranked, at)| (ranked.cause, at)).collect();
    let mut waiting: Vec<Option<RankedCause>> = causes.into_iter().map(Some).collect();
    let mut ordered = Vec::with_capacity(waiting.len());
    for at in 0..waiting.len() {
        let mut next = vec![at];
        while let Some(&top) = next.last() {
            let root = waiting[top].iter().flat_map(|ranked| &ranked.follows).map(|root| place[root]);
            let mut likely =
                root.filter(|&root| waiting[root].as_ref().is_some_and(|root| root.probability >= ROOT_FIRST));
            match likely.next() {
                Some(root) => next.push(root),
                None => {
                    ordered.extend(waiting[top].take());
                    next.pop();
                }
            }
        }
    }
    ordered
}

/// Returns `resolutions` in the same order, except that a follow-up comes after all resolutions of its roots. A
/// follow-up is a resolution that more probably resolves a consequence of another cause than a cause that arose by
/// itself; its roots are those other causes. If several follow-ups may come next, the one with the highest `follow_up`
/// per price comes first. An irreversible resolution keeps its place.
pub(crate) fn after_roots(
    program: &Program,
    causes: &[RankedCause],
    resolutions: Vec<RankedResolution>,
) -> Vec<RankedResolution> {
    let waits_for = waits_for(program, causes, &resolutions);
    let value = |at: &usize| {
        let (ranked, rule) = (&resolutions[*at], resolutions[*at].resolution.as_rule(program));
        ranked.follow_up / (rule.cost + rule.risk.price()).as_secs_f64().max(1.0)
    };
    let n = resolutions.len();
    let (mut order, mut is_placed) = (Vec::with_capacity(n), vec![false; n]);
    // Resolutions that wait for one another come last.
    for first in (0..n).filter(|&at| waits_for[at].is_empty()).chain(0..n) {
        let mut next = vec![first];
        while let Some(at) = next.pop().filter(|&at| !is_placed[at]) {
            is_placed[at] = true;
            order.push(at);
            let waits =
                |&other: &usize| waits_for[other].contains(&at) && waits_for[other].iter().all(|&w| is_placed[w]);
            let mut released: Vec<usize> = (0..n).filter(|&other| !is_placed[other]).filter(waits).collect();
            released.sort_by(|a, b| value(a).total_cmp(&value(b)).then(b.cmp(a)));
            next.extend(released);
        }
    }
    let mut resolutions: Vec<Option<RankedResolution>> = resolutions.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| resolutions[at].take()).collect()
}

/// Returns for each resolution the indices of those that it has to come after: for a follow-up, those that resolve one
/// of its roots; for any other, none.
fn waits_for(program: &Program, causes: &[RankedCause], resolutions: &[RankedResolution]) -> Vec<Vec<usize>> {
    let resolved: Vec<BTreeSet<CauseId>> = resolutions
        .iter()
        .map(|ranked| ranked.resolution.as_rule(program).resolves.iter().map(|(cause, _)| *cause).collect())
        .collect();
    let others = |at: usize| {
        let rule = resolutions[at].resolution.as_rule(program);
        if resolutions[at].follow_up <= resolutions[at].p_resolves || rule.irreversible {
            return Vec::new();
        }
        let own = causes.iter().filter(|ranked| resolved[at].contains(&ranked.cause));
        let roots: BTreeSet<CauseId> = own.flat_map(|ranked| ranked.follows.iter().copied()).collect();
        if !roots.is_disjoint(&resolved[at]) {
            // It resolves a root as well.
            return Vec::new();
        }
        (0..resolutions.len()).filter(|&other| !roots.is_disjoint(&resolved[other])).collect()
    };
    (0..resolutions.len()).map(others).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::infer::Proposed;
    use crate::infer::testing::Book;
    use crate::matching::Captures;
    use crate::rule::program::Risk;

    /// Ranks the causes `0..`, given with `probability`, `by_itself` and the causes that each leads to. Returns each
    /// with the causes that it follows from.
    fn ordered(causes: &[(f64, f64, &[u32])]) -> Vec<(u32, Vec<u32>)> {
        ordered_with_times(causes, &[])
    }

    /// Returns the same for causes that were seen in these spans, in seconds.
    fn ordered_with_times(causes: &[(f64, f64, &[u32])], spans: &[(i64, i64)]) -> Vec<(u32, Vec<u32>)> {
        let mut book = Book::default();
        for (index, (_, _, leads_to)) in causes.iter().enumerate() {
            let id = book.cause(&format!("cause_{index}"), 0.1, &[]);
            leads_to.iter().for_each(|to| book.leads_to(id, CauseId(*to), 0.5));
        }
        let ranked = |(index, &(probability, by_itself, _)): (u32, &(f64, f64, &[u32]))| RankedCause {
            cause: CauseId(index),
            probability,
            by_itself,
            follows: Vec::new(),
            captures: Captures::new(),
            articles: Vec::new(),
            because: Vec::new(),
        };
        let mut ranked: Vec<RankedCause> = (0..).zip(causes).map(ranked).collect();
        ranked.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        set_follows(&book.program, &mut ranked, |ranked| {
            spans.get(ranked.cause.0 as usize).map(|&(first, last)| (at(first), at(last)))
        });
        let name = |cause: &CauseId| cause.0;
        roots_first(ranked).iter().map(|r| (r.cause.0, r.follows.iter().map(name).collect())).collect()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    #[test]
    fn a_cause_follows_only_from_one_that_was_seen_in_its_time() {
        let follows = |root: (i64, i64), consequence: (i64, i64)| {
            let causes: [(f64, f64, &[u32]); 2] = [(0.8, 0.8, &[1]), (0.9, 0.1, &[])];
            ordered_with_times(&causes, &[root, consequence]) == [(0, vec![]), (1, vec![0])]
        };
        let day = 24 * 60 * 60;
        let found = [
            follows((0, 9), (10, 20)),
            follows((0, 9), (600, 700)),
            // While the root goes on.
            follows((0, day), (day / 2, day)),
            // The root was noticed a minute late.
            follows((60, 70), (0, 100)),
            // A renewal that fails leads to an expired certificate hours later.
            follows((0, 9), (day / 2, day / 2)),
            follows((0, 9), (2 * day, 2 * day)),
            follows((day, day), (0, 9)),
        ];
        assert_eq!(found, [true, true, true, true, true, false, false]);
    }

    #[test]
    fn a_name_links_only_what_begins_later_and_soon() {
        let links = |root: (i64, i64), consequence: i64| {
            begins_in_time((at(root.0), at(root.1)), (at(consequence), at(consequence + 5)))
        };
        assert_eq!([links((10, 20), 11), links((10, 20), 620)], [true, true]);
        assert_eq!([links((10, 20), 10), links((10, 20), 9), links((10, 20), 621)], [false, false, false]);
    }

    #[test]
    fn a_likely_root_comes_before_its_consequence() {
        let root_and_more =
            |root: f64, by_itself: f64| ordered(&[(root, root, &[1]), (0.95, by_itself, &[]), (0.3, 0.3, &[])]);
        assert_eq!(root_and_more(0.8, 0.1), [(0, vec![]), (1, vec![0]), (2, vec![])]);
        // The root is only plausible, or not even that; or the other cause arose by itself.
        assert_eq!(root_and_more(0.6, 0.1), [(1, vec![0]), (0, vec![]), (2, vec![])]);
        assert_eq!(root_and_more(0.35, 0.1), [(1, vec![]), (0, vec![]), (2, vec![])]);
        assert_eq!(root_and_more(0.8, 0.6), [(1, vec![]), (0, vec![]), (2, vec![])]);
    }

    #[test]
    fn roots_of_roots_come_first() {
        let causes: [(f64, f64, &[u32]); 4] =
            [(0.80, 0.8, &[1, 3]), (0.85, 0.0, &[2]), (0.90, 0.0, &[]), (0.95, 0.0, &[2])];
        assert_eq!(ordered(&causes), [(0, vec![]), (3, vec![0]), (1, vec![0]), (2, vec![3, 1])]);
    }

    /// Returns the order of the resolutions `0..`, given in the order of the plan, each with the causes that it
    /// resolves, `p_resolves` and `follow_up`. `follows` has, for each of the causes `0..`, the causes that it follows
    /// from.
    fn planned(follows: &[&[u32]], resolutions: &[(&[u32], f64, f64)]) -> Vec<usize> {
        let mut book = Book::default();
        let mut causes = Vec::new();
        for (index, follows) in follows.iter().enumerate() {
            let cause = book.cause(&format!("cause_{index}"), 0.1, &[]);
            causes.push(RankedCause {
                cause,
                probability: 0.9,
                by_itself: 0.9,
                follows: follows.iter().map(|id| CauseId(*id)).collect(),
                captures: Captures::new(),
                articles: Vec::new(),
                because: Vec::new(),
            });
        }
        let mut ranked = Vec::new();
        for (index, (resolves, p_resolves, follow_up)) in resolutions.iter().enumerate() {
            let resolves: Vec<(CauseId, f64)> = resolves.iter().map(|id| (CauseId(*id), 0.9)).collect();
            let id = book.resolution(&index.to_string(), &resolves, 15, Risk::Low);
            ranked.push(RankedResolution {
                resolution: Proposed::Rule(id),
                p_resolves: *p_resolves,
                follow_up: *follow_up,
                captures: Captures::new(),
                articles: Vec::new(),
            });
        }
        let name = |ranked: &RankedResolution| ranked.resolution.as_rule(&book.program).name.parse().expect("a number");
        after_roots(&book.program, &causes, ranked).iter().map(name).collect()
    }

    #[test]
    fn a_follow_up_comes_after_the_last_that_resolves_its_root() {
        // Cause 2 follows from 0 and 1; the first resolution resolves it, the third and fourth resolve the roots.
        let follows: [&[u32]; 4] = [&[], &[], &[0, 1], &[]];
        let plan =
            |own: f64| planned(&follows, &[(&[2], own, 0.5), (&[3], 0.4, 0.0), (&[0], 0.3, 0.0), (&[1], 0.2, 0.0)]);
        assert_eq!(plan(0.1), [1, 2, 3, 0]);
        // More of a solution than a follow-up.
        assert_eq!(plan(0.6), [0, 1, 2, 3]);
    }

    #[test]
    fn a_resolution_of_root_and_consequence_waits_for_nothing() {
        let plan = |both: &[u32]| planned(&[&[], &[0], &[]], &[(both, 0.4, 0.5), (&[2], 0.1, 0.0), (&[0], 0.1, 0.0)]);
        assert_eq!(plan(&[0, 1]), [0, 1, 2]);
        assert_eq!(plan(&[1]), [1, 2, 0]);
    }

    #[test]
    fn follow_ups_come_by_help_for_their_price_and_their_own_follow_ups_after_them() {
        // 1 and 2 follow from 0, and 3 from 1.
        let follows: [&[u32]; 4] = [&[], &[0], &[0], &[1]];
        let plan = [(&[1][..], 0.1, 0.3), (&[3], 0.1, 0.9), (&[2], 0.1, 0.5), (&[0], 0.4, 0.0)];
        assert_eq!(planned(&follows, &plan), [3, 2, 0, 1]);
    }
}
