//! Root and consequence among causes: which of them follows from which.

use std::collections::BTreeMap;

use crate::rule::{CauseId, Program};

use super::weights::{KNOWN, LIKELY};
use super::{RankedCause, RankedResolution};

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

/// The same resolutions in the same order, but those that are more of a follow-up than a solution behind the first one that mends
/// what theirs follows from. What cannot be taken back stays where it is.
pub(crate) fn after_roots(
    program: &Program,
    causes: &[RankedCause],
    resolutions: Vec<RankedResolution>,
) -> Vec<RankedResolution> {
    let mended = |ranked: &RankedResolution| {
        ranked.resolution.of(program).resolves.iter().map(|(cause, _)| *cause).collect::<Vec<_>>()
    };
    let follows = |of: &[CauseId], roots: &[CauseId]| {
        let linked = causes.iter().filter(|ranked| of.contains(&ranked.cause));
        linked.flat_map(|ranked| &ranked.follows).any(|root| roots.contains(root))
    };
    let all_mended: Vec<CauseId> = resolutions.iter().flat_map(mended).collect();
    let is_follow_up = |ranked: &RankedResolution| {
        ranked.follow_up > ranked.p_resolves
            && !ranked.resolution.of(program).irreversible
            && follows(&mended(ranked), &all_mended)
    };
    let (mut follow_ups, solutions): (Vec<RankedResolution>, Vec<RankedResolution>) =
        resolutions.into_iter().partition(is_follow_up);
    let mut ordered: Vec<RankedResolution> = Vec::new();
    for solution in solutions {
        let mut next = vec![solution];
        while let Some(done) = next.pop() {
            let roots = mended(&done);
            ordered.push(done);
            let then = follow_ups.extract_if(.., |follow_up| follows(&mended(follow_up), &roots));
            let then: Vec<RankedResolution> = then.collect();
            next.extend(then.into_iter().rev());
        }
    }
    ordered.extend(follow_ups);
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::testing::Book;
    use crate::matching::Captures;

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
}
