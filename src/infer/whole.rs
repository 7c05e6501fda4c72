//! Which symptoms are parts of others that were seen too, so that both are one observation.
//!
//! A symptom that matches others (`match symptom`, names in `when`) is seen in the same records as they are. To count both
//! would count these records twice.

use std::collections::{BTreeMap, BTreeSet};

use crate::matching::{Finding, Status};
use crate::rule::{CauseId, Program, SymptomId};

use super::model::SymptomState;

/// The present symptoms that are parts of a present one, each with that one: the one that is part of no other. Only a symptom
/// of which all findings belong to the whole is among them.
pub(crate) type Parts = BTreeMap<SymptomId, SymptomId>;

/// Returns the symptoms that are parts of others. A whole must be shown by a cause that is not `out_of_range`; if it is evidence
/// for nothing, its parts are.
pub(crate) fn parts(
    program: &Program,
    findings: &[Finding],
    states: &[SymptomState],
    out_of_range: &BTreeSet<CauseId>,
) -> Parts {
    let is_present = |symptom: SymptomId| states[symptom.0 as usize] == SymptomState::Present;
    let digest = program.digest();
    let causes = || (0..).map(CauseId).take(program.causes.len()).filter(|cause| !out_of_range.contains(cause));
    let is_shown = |symptom: SymptomId| causes().any(|cause| digest.shows(cause).any(|shown| shown == symptom));
    let mut found = Parts::new();
    // Only the items of what was seen are looked at, since others need not have been read.
    for whole in (0..).map(SymptomId).take(states.len()).filter(|symptom| is_present(*symptom)) {
        let definition = program.symptom(whole);
        let matched = definition.bindings.iter().filter_map(|binding| binding.symptom).filter(|part| is_present(*part));
        let mut matched: Vec<SymptomId> = matched.collect();
        // Most symptoms match no other, and the rest costs more.
        if matched.is_empty() || !is_shown(whole) {
            continue;
        }
        matched.retain(|part| belongs(findings, *part, whole));
        for part in matched {
            let known = found.entry(part).or_insert(whole);
            // Whichever is first by name, so that the order of rules does not matter.
            if definition.name < program.symptom(*known).name {
                *known = whole;
            }
        }
    }
    let direct = found.clone();
    for whole in found.values_mut() {
        // Rules are not circular, so this ends.
        while let Some(larger) = direct.get(whole) {
            *whole = *larger;
        }
    }
    found
}

/// Whether each finding of `part` that counts was seen while one of `whole` was, with equal values for all captures that both
/// have.
fn belongs(findings: &[Finding], part: SymptomId, whole: SymptomId) -> bool {
    let counts = |finding: &&Finding| finding.status == Status::Confirmed && !finding.says_over();
    let of = |symptom: SymptomId| findings.iter().filter(move |finding| finding.symptom == symptom).filter(counts);
    let (of_part, of_whole): (Vec<&Finding>, Vec<&Finding>) = (of(part).collect(), of(whole).collect());
    // Both are in order of time or place, so the whole of a finding is near that of the one before.
    let mut near = 0;
    let mut is_covered = |finding: &Finding| {
        let from_near = (near..of_whole.len()).chain(0..near.min(of_whole.len()));
        let found = from_near.into_iter().find(|&at| finding.is_covered_by(of_whole[at]));
        near = found.unwrap_or(near);
        found.is_some()
    };
    // An answer alone is no record of the whole.
    !of_part.is_empty() && of_part.iter().all(|finding| is_covered(finding))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::testing::{Book, seen};
    use crate::infer::{Facts, Searched, diagnose};
    use crate::matching::{FindingTiming, Scan};
    use crate::rule::program::Binding;

    /// Makes `whole` a symptom that matches `part`.
    fn matches(book: &mut Book, whole: SymptomId, part: SymptomId) {
        let binding = Binding { name: "part".into(), alternatives: Vec::new(), filter: None, symptom: Some(part) };
        book.program.symptoms[whole.0 as usize].bindings.push(binding);
    }

    /// A part, a whole, and causes that show one of them, the other, or both, each with a prior of 1/200.
    fn book(whole_leak: f64) -> (Book, [SymptomId; 2], [CauseId; 3]) {
        let mut book = Book::default();
        let (part, whole) = (book.symptom("failed", 0.001), book.symptom("guessing", whole_leak));
        matches(&mut book, whole, part);
        let causes = [
            book.cause("shows_part", 0.005, &[(part, 0.9)]),
            book.cause("shows_whole", 0.005, &[(whole, 0.9)]),
            book.cause("shows_both", 0.005, &[(part, 0.9), (whole, 0.9)]),
        ];
        (book, [part, whole], causes)
    }

    fn probabilities(book: &Book, causes: &[CauseId], findings: Vec<Finding>) -> Vec<f64> {
        let scan = Scan { findings, ..Scan::default() };
        let diagnosis = diagnose(&book.program, scan, &Facts::default(), &Searched::default(), &|_| None);
        let of = |cause: &CauseId| diagnosis.causes.iter().find(|ranked| ranked.cause == *cause);
        causes
            .iter()
            .map(|cause| of(cause).map_or(f64::NAN, |ranked| (ranked.probability * 1e4).round() / 1e4))
            .collect()
    }

    /// P(one of n equal causes is present), given one observation that each of them shows with .9 and that is otherwise seen in
    /// 1 of 1000 cases.
    fn one_of(n: u32) -> f64 {
        let with = |k: u32| {
            let binomial = [1.0, f64::from(n), f64::from(n * (n - 1) / 2), f64::from(n * (n - 1) * (n.max(2) - 2) / 6)];
            let prior = 0.005_f64.powi(k as i32) * 0.995_f64.powi((n - k) as i32);
            (binomial[k as usize] * prior) * (1.0 - 0.999 * 0.1_f64.powi(k as i32))
        };
        let all: f64 = (0..=n).map(with).sum();
        let present: f64 = (1..=n).map(|k| with(k) * f64::from(k) / f64::from(n)).sum();
        (present / all * 1e4).round() / 1e4
    }

    #[test]
    fn a_whole_and_its_part_are_one_observation() {
        let (book, [part, whole], causes) = book(0.001);
        let both = || vec![seen(part, 5, 1, &[("ip", 1)]), seen(whole, 5, 1, &[("ip", 1)])];
        // Three rivals explain it equally well; none of them is present twice as surely because it was seen twice.
        assert_eq!(probabilities(&book, &causes, both()), [one_of(3); 3]);
        // As if the part were not known.
        let whole_alone = probabilities(&book, &causes[1..], vec![seen(whole, 5, 1, &[])]);
        assert_eq!(whole_alone, [one_of(2); 2]);
    }

    #[test]
    fn a_whole_that_is_rarer_than_its_part_speaks_for_those_who_show_it() {
        let (book, [part, whole], causes) = book(0.000_01);
        let found = probabilities(&book, &causes, vec![seen(part, 5, 1, &[]), seen(whole, 5, 1, &[])]);
        assert!(found[0] < 0.02 && found[1] > 0.45 && found[1] == found[2], "{found:?}");
    }

    #[test]
    fn a_part_that_was_seen_apart_counts_for_itself() {
        let (book, [part, whole], causes) = book(0.001);
        let apart =
            vec![seen(part, 1, 9, &[("ip", 2)]), seen(part, 5, 1, &[("ip", 1)]), seen(whole, 5, 1, &[("ip", 1)])];
        let found = probabilities(&book, &causes, apart);
        // Only the one that shows both explains both.
        assert!(found[2] > 0.9 && found[0] < 0.05, "{found:?}");
    }

    #[test]
    fn a_whole_that_nothing_shows_replaces_nothing() {
        let mut book = Book::default();
        let (part, whole) = (book.symptom("failed", 0.001), book.symptom("guessing", 0.001));
        matches(&mut book, whole, part);
        let cause = book.cause("shows_part", 0.005, &[(part, 0.9)]);
        let found = probabilities(&book, &[cause], vec![seen(part, 1, 1, &[]), seen(whole, 1, 1, &[])]);
        assert_eq!(found, [one_of(1)]);
    }

    #[test]
    fn parts_of_parts_belong_to_the_largest() {
        let mut book = Book::default();
        let [a, b, c] = ["a", "b", "c"].map(|name| book.symptom(name, 0.001));
        matches(&mut book, c, b);
        matches(&mut book, b, a);
        book.cause("x", 0.01, &[(a, 0.9), (b, 0.9), (c, 0.9)]);
        let findings: Vec<Finding> = [a, b, c].map(|symptom| seen(symptom, 1, 1, &[])).to_vec();
        let states = vec![SymptomState::Present; 3];
        let found = parts(&book.program, &findings, &states, &BTreeSet::new());
        assert_eq!(found, Parts::from([(a, c), (b, c)]));
        let unconfirmed =
            Finding { timing: FindingTiming::default(), status: Status::Unconfirmed, ..findings[1].clone() };
        let states = [SymptomState::Present, SymptomState::Unknown, SymptomState::Present];
        let found =
            parts(&book.program, &[findings[0].clone(), unconfirmed, findings[2].clone()], &states, &BTreeSet::new());
        assert_eq!(found, Parts::new());
    }
}
