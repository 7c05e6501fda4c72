//! Warnings about items that work but probably not as meant: no cause shows them, no test expects them.
//!
//! Items with mistakes are skipped, and so are the items that refer to them.

use std::collections::HashSet;

use super::error;
use super::program::{Expectation, SymptomId};
use super::resolve::{Items, Remarks};

pub(super) fn lint(items: &Items) -> Remarks {
    let mut remarks = Remarks::new();
    unused_symptoms(items, &mut remarks);
    lonely_causes(items, &mut remarks);
    untested_symptoms(items, &mut remarks);
    remarks
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
            Expectation::Unconfirmed(_) => false,
            Expectation::TopCause(..) | Expectation::FirstResolution(_) => false,
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
