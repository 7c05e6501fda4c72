//! Root and consequence among causes: which of them follows from which.

use std::collections::{BTreeMap, BTreeSet};

use crate::rule::{CauseId, Program};

use super::model::{RankedCause, RankedResolution};
use super::weights::{KNOWN, LIKELY};

/// Notes for each cause the likely ones that it follows from. `causes` are ordered by probability.
pub(crate) fn link(program: &Program, causes: &mut [RankedCause]) {
    let mut led_to_by: BTreeMap<CauseId, Vec<CauseId>> = BTreeMap::new();
    for likely in causes.iter().filter(|ranked| ranked.probability >= LIKELY) {
        for (led_to, _) in &program.cause(likely.cause).leads_to {
            led_to_by.entry(*led_to).or_default().push(likely.cause);
        }
    }
    for ranked in causes.iter_mut().filter(|ranked| ranked.by_itself < ranked.probability / 2.0) {
        ranked.follows = led_to_by.remove(&ranked.cause).unwrap_or_default();
    }
}

/// The same causes in the same order, but those that are known to be there, before what follows from them.
pub(crate) fn roots_first(causes: Vec<RankedCause>) -> Vec<RankedCause> {
    let place: BTreeMap<CauseId, usize> = causes.iter().zip(0..).map(|(ranked, at)| (ranked.cause, at)).collect();
    let mut waiting: Vec<Option<RankedCause>> = causes.into_iter().map(Some).collect();
    let mut ordered = Vec::with_capacity(waiting.len());
    for at in 0..waiting.len() {
        let mut next = vec![at];
        while let Some(&top) = next.last() {
            let root = waiting[top].iter().flat_map(|ranked| &ranked.follows).map(|root| place[root]);
            let mut known = root.filter(|&root| waiting[root].as_ref().is_some_and(|root| root.probability >= KNOWN));
            match known.next() {
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

/// The same resolutions in the same order, but those that are more of a follow-up than a solution: each stands behind the last
/// one that mends what theirs follows from, and of several the one that helps most for its price stands first. What cannot be
/// taken back stays where it is.
pub(crate) fn after_roots(
    program: &Program,
    causes: &[RankedCause],
    resolutions: Vec<RankedResolution>,
) -> Vec<RankedResolution> {
    let waits_for = waits_for(program, causes, &resolutions);
    let value = |at: &usize| {
        let (ranked, rule) = (&resolutions[*at], resolutions[*at].resolution.of(program));
        ranked.follow_up / (rule.cost + rule.risk.price()).as_secs_f64().max(1.0)
    };
    let n = resolutions.len();
    let (mut order, mut is_placed) = (Vec::with_capacity(n), vec![false; n]);
    // Last of all what waits for one another, if anything does.
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

/// For each resolution that is a follow-up, the others that mend what its causes follow from; nothing for a solution.
fn waits_for(program: &Program, causes: &[RankedCause], resolutions: &[RankedResolution]) -> Vec<Vec<usize>> {
    let mended: Vec<BTreeSet<CauseId>> = resolutions
        .iter()
        .map(|ranked| ranked.resolution.of(program).resolves.iter().map(|(cause, _)| *cause).collect())
        .collect();
    let others = |at: usize| {
        let rule = resolutions[at].resolution.of(program);
        if resolutions[at].follow_up <= resolutions[at].p_resolves || rule.irreversible {
            return Vec::new();
        }
        let own = causes.iter().filter(|ranked| mended[at].contains(&ranked.cause));
        let roots: BTreeSet<CauseId> = own.flat_map(|ranked| ranked.follows.iter().copied()).collect();
        if !roots.is_disjoint(&mended[at]) {
            // It mends a root as well.
            return Vec::new();
        }
        (0..resolutions.len()).filter(|&other| !roots.is_disjoint(&mended[other])).collect()
    };
    (0..resolutions.len()).map(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::Proposed;
    use crate::infer::testing::Book;
    use crate::matching::Captures;
    use crate::rule::program::Risk;

    /// The causes `0..`, each with its probability, how much of it is by itself, and what it leads to.
    fn ordered(causes: &[(f64, f64, &[u32])]) -> Vec<(u32, Vec<u32>)> {
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
        link(&book.program, &mut ranked);
        let name = |cause: &CauseId| cause.0;
        roots_first(ranked).iter().map(|r| (r.cause.0, r.follows.iter().map(name).collect())).collect()
    }

    #[test]
    fn a_known_root_stands_before_what_follows_from_it() {
        let root_and_more =
            |root: f64, by_itself: f64| ordered(&[(root, root, &[1]), (0.95, by_itself, &[]), (0.3, 0.3, &[])]);
        assert_eq!(root_and_more(0.8, 0.1), [(0, vec![]), (1, vec![0]), (2, vec![])]);
        // The root is but likely, or unlikely; or the other is there by itself.
        assert_eq!(root_and_more(0.6, 0.1), [(1, vec![0]), (0, vec![]), (2, vec![])]);
        assert_eq!(root_and_more(0.35, 0.1), [(1, vec![]), (0, vec![]), (2, vec![])]);
        assert_eq!(root_and_more(0.8, 0.6), [(1, vec![]), (0, vec![]), (2, vec![])]);
    }

    #[test]
    fn roots_of_roots_stand_first() {
        let causes: [(f64, f64, &[u32]); 4] =
            [(0.80, 0.8, &[1, 3]), (0.85, 0.0, &[2]), (0.90, 0.0, &[]), (0.95, 0.0, &[2])];
        assert_eq!(ordered(&causes), [(0, vec![]), (3, vec![0]), (1, vec![0]), (2, vec![3, 1])]);
    }

    /// The order of resolutions `0..`, given in order of the plan, each with what it mends, what it promises and what it promises
    /// as a follow-up. Causes `0..` follow from those named.
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
        for (index, (mends, p_resolves, follow_up)) in resolutions.iter().enumerate() {
            let mends: Vec<(CauseId, f64)> = mends.iter().map(|id| (CauseId(*id), 0.9)).collect();
            let id = book.resolution(&index.to_string(), &mends, 15, Risk::Low);
            ranked.push(RankedResolution {
                resolution: Proposed::Rule(id),
                p_resolves: *p_resolves,
                follow_up: *follow_up,
                captures: Captures::new(),
                articles: Vec::new(),
            });
        }
        let name = |ranked: &RankedResolution| ranked.resolution.of(&book.program).name.parse().expect("a number");
        after_roots(&book.program, &causes, ranked).iter().map(name).collect()
    }

    #[test]
    fn a_follow_up_stands_behind_the_last_that_mends_a_root_of_its_own() {
        // Cause 2 follows from 0 and 1; the first resolution mends it, the third and fourth mend the roots.
        let follows: [&[u32]; 4] = [&[], &[], &[0, 1], &[]];
        let plan =
            |own: f64| planned(&follows, &[(&[2], own, 0.5), (&[3], 0.4, 0.0), (&[0], 0.3, 0.0), (&[1], 0.2, 0.0)]);
        assert_eq!(plan(0.1), [1, 2, 3, 0]);
        // More of a solution than a follow-up.
        assert_eq!(plan(0.6), [0, 1, 2, 3]);
    }

    #[test]
    fn what_mends_root_and_consequence_waits_for_nothing() {
        let plan = |both: &[u32]| planned(&[&[], &[0], &[]], &[(both, 0.4, 0.5), (&[2], 0.1, 0.0), (&[0], 0.1, 0.0)]);
        assert_eq!(plan(&[0, 1]), [0, 1, 2]);
        assert_eq!(plan(&[1]), [1, 2, 0]);
    }

    #[test]
    fn follow_ups_stand_by_what_they_help_for_their_price_and_theirs_behind_them() {
        // 1 and 2 follow from 0, and 3 from 1.
        let follows: [&[u32]; 4] = [&[], &[0], &[0], &[1]];
        let plan = [(&[1][..], 0.1, 0.3), (&[3], 0.1, 0.9), (&[2], 0.1, 0.5), (&[0], 0.4, 0.0)];
        assert_eq!(planned(&follows, &plan), [3, 2, 0, 1]);
    }
}
