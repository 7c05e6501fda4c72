//! Warnings about items that work but probably not as meant: no cause shows them, no test expects them.
//!
//! Items with mistakes are skipped, and so are the items that refer to them.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::error;
use super::program::{Cause, Expectation, Matcher, Symptom, SymptomId};
use super::resolve::{Items, Remarks, Resolved};
use crate::source::{SourceId, Span};

pub(super) fn lint(items: &Items) -> Remarks {
    let mut remarks = Remarks::new();
    unused_symptoms(items, &mut remarks);
    lonely_causes(items, &mut remarks);
    untested_symptoms(items, &mut remarks);
    tests(items, &mut remarks);
    same_causes(items, &mut remarks);
    same_symptoms(items, &mut remarks);
    let resolutions =
        items.resolutions.iter().filter(|named| named.item.as_ref().is_some_and(|item| item.resolves.is_empty()));
    remarks.extend(resolutions.map(|named| (named.source, error::resolves_nothing(named.name.span, &named.name.node))));
    remarks.extend(items.unused.iter().map(|(source, name)| (*source, error::unused_define(name.span, &name.node))));
    remarks
}

/// Warns of tests that expect nothing, and of tests of one file with the same title.
fn tests(items: &Items, remarks: &mut Remarks) {
    for test in items.tests.iter().flatten().filter(|test| test.expectations.is_empty()) {
        remarks.push((test.at.0, error::test_expects_nothing(test.at.1)));
    }
    let mut titles: HashMap<(SourceId, &str), Span> = HashMap::new();
    for (title, source, span) in &items.titles {
        match titles.entry((*source, title.as_str())) {
            Entry::Occupied(first) => remarks.push((*source, error::same_title(*span, *first.get()))),
            Entry::Vacant(free) => {
                free.insert(*span);
            }
        }
    }
}

/// Warns of causes that no evidence can tell apart: everything that is said about them is the same.
fn same_causes(items: &Items, remarks: &mut Remarks) {
    let mut seen: HashMap<Vec<(u32, u64)>, &Resolved<Cause>> = HashMap::new();
    let causes = || items.causes.iter().filter_map(|named| named.item.as_ref());
    let led_to: HashSet<u32> = causes().flat_map(|cause| &cause.leads_to).map(|(cause, _)| cause.0).collect();
    for (index, named) in (0..).zip(&items.causes) {
        let Some(cause) = &named.item else { continue };
        let is_linked = !cause.leads_to.is_empty() || led_to.contains(&index);
        if cause.shows.is_empty() || !cause.applies.is_empty() || is_linked {
            continue;
        }
        let mut key: Vec<(u32, u64)> = vec![(u32::MAX, cause.prior.to_bits())];
        let parts = cause.shows.iter().chain(&cause.against);
        key.extend(parts.map(|(symptom, chance)| (symptom.0, chance.to_bits())));
        key.sort_unstable();
        match seen.entry(key) {
            Entry::Occupied(first) => {
                let first = first.get();
                let place = (first.source == named.source).then_some(first.name.span);
                let names = [first.name.node.as_str(), named.name.node.as_str()];
                remarks.push((named.source, error::same_causes(named.name.span, place, names)));
            }
            Entry::Vacant(free) => {
                free.insert(named);
            }
        }
    }
}

/// Warns of symptoms that are seen in the same records: one pattern, the same sources, no condition.
fn same_symptoms(items: &Items, remarks: &mut Remarks) {
    let mut seen: HashMap<(Vec<String>, &[String]), &Resolved<Symptom>> = HashMap::new();
    for named in &items.symptoms {
        let Some(symptom) = &named.item else { continue };
        let [binding] = symptom.bindings.as_slice() else { continue };
        let patterns = binding.alternatives.iter().map(|alternative| match alternative {
            Matcher::Pattern(pattern) => Some(pattern.written()),
            Matcher::Any => None,
        });
        let is_plain =
            binding.filter.is_none() && symptom.filter.is_none() && symptom.time.is_none() && symptom.probe.is_none();
        let Some(mut patterns) = patterns.collect::<Option<Vec<String>>>().filter(|all| is_plain && !all.is_empty())
        else {
            continue;
        };
        patterns.sort_unstable();
        match seen.entry((patterns, symptom.on.as_slice())) {
            Entry::Occupied(first) => {
                let first = first.get();
                let place = (first.source == named.source).then_some(first.name.span);
                let names = [named.name.node.as_str(), first.name.node.as_str()];
                remarks.push((named.source, error::same_symptoms(named.name.span, place, names)));
            }
            Entry::Vacant(free) => {
                free.insert(named);
            }
        }
    }
}

fn unused_symptoms(items: &Items, remarks: &mut Remarks) {
    // A cause with a mistake may be the only one that shows a symptom, so nothing is reported.
    if items.causes.iter().any(|cause| cause.item.is_none()) {
        return;
    }
    let causes = items.causes.iter().filter_map(|cause| cause.item.as_ref());
    let mut used: HashSet<SymptomId> =
        causes.flat_map(|cause| cause.shows.iter().chain(&cause.against)).map(|(symptom, _)| *symptom).collect();
    let symptoms = items.symptoms.iter().filter_map(|symptom| symptom.item.as_ref());
    used.extend(symptoms.flat_map(|symptom| &symptom.bindings).filter_map(|binding| binding.symptom));
    for (index, symptom) in (0..).zip(&items.symptoms) {
        if symptom.item.is_some() && !used.contains(&SymptomId(index)) {
            remarks.push((symptom.source, error::symptom_unused(symptom.name.span, &symptom.name.node)));
        }
    }
}

fn lonely_causes(items: &Items, remarks: &mut Remarks) {
    let any_broken = items.resolutions.iter().any(|resolution| resolution.item.is_none());
    let resolutions = items.resolutions.iter().filter_map(|resolution| resolution.item.as_ref());
    let resolved: HashSet<u32> =
        resolutions.flat_map(|resolution| &resolution.resolves).map(|(cause, _)| cause.0).collect();
    for (index, named) in (0..).zip(&items.causes) {
        let Some(cause) = &named.item else { continue };
        if cause.shows.is_empty() && cause.leads_to.is_empty() {
            remarks.push((named.source, error::cause_shows_nothing(named.name.span, &named.name.node)));
        }
        if !any_broken && !resolved.contains(&index) {
            remarks.push((named.source, error::cause_unresolved(named.name.span, &named.name.node)));
        }
    }
}

/// Warns of each symptom that is read from records and lacks a test that expects it, or one that expects not to see it.
/// Does nothing if a test has mistakes.
fn untested_symptoms(items: &Items, remarks: &mut Remarks) {
    if items.tests.iter().any(Option::is_none) {
        return;
    }
    let (mut seen, mut silent) = (HashSet::new(), HashSet::new());
    for (expectation, _) in items.tests.iter().flatten().flat_map(|test| &test.expectations) {
        match expectation {
            Expectation::Symptom { symptom, .. } => seen.insert(*symptom),
            Expectation::NoSymptom(symptom) => silent.insert(*symptom),
            Expectation::TopCause(..)
            | Expectation::Cause { .. }
            | Expectation::NoCause(_)
            | Expectation::Unknown
            | Expectation::Unconfirmed(_)
            | Expectation::FirstResolution(_) => false,
        };
    }
    for (index, named) in (0..).zip(&items.symptoms) {
        let from_records = |symptom: &super::program::Symptom| !symptom.bindings.is_empty() && symptom.probe.is_none();
        if !named.item.as_ref().is_some_and(from_records) {
            continue;
        }
        if !seen.contains(&SymptomId(index)) {
            remarks.push((named.source, error::no_test(named.name.span, &named.name.node)));
        }
        if !silent.contains(&SymptomId(index)) {
            remarks.push((named.source, error::no_negative_test(named.name.span, &named.name.node)));
        }
    }
}
