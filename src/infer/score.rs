//! Computes the weight of evidence of each finding for each cause.

use std::cmp::Ordering;

use crate::rule::{CauseId, Program, SymptomId};

use super::component::Component;
use super::model::{Because, SymptomState};
use super::posterior::{Posterior, posterior, width};
use super::weights::{EXACT_POSITIVES, INDIRECT_DECIBANS, WEIGHED_CAUSES};

/// Returns the evidence for and against each cause, the causes in the order of `component`, the evidence strongest
/// first.
///
/// The weight of a finding is the change of ln odds when it alone is taken away (weight of evidence, Good 1950). So the
/// weights of two findings that say the same add up to less than both together. A finding that the cause does not name
/// is listed if it weighs at least one deciban.
///
/// If `now` is an estimate, nothing is weighed: a weight would need more sampling, and would mostly be the difference
/// of two errors. Then only the symptoms that the cause names are listed; those that were seen come first, ties by
/// name.
pub(crate) fn because(
    program: &Program,
    component: &Component,
    states: &[SymptomState],
    now: &Posterior,
) -> Vec<Vec<Because>> {
    let mut reasons = vec![Vec::new(); component.causes.len()];
    let is_cheap = component.causes.len() <= WEIGHED_CAUSES || width(component, states) <= EXACT_POSITIVES;
    let is_weighed = now.margin.is_none() && is_cheap;
    for symptom in known_symptoms(component, states) {
        let state = states[symptom.0 as usize];
        let weights = is_weighed.then(|| weights(component, states, symptom, now));
        let observable = component.symptoms.iter().find(|observable| observable.symptom == symptom);
        for (cause, reasons) in reasons.iter_mut().enumerate() {
            let decibans = weights.as_ref().map(|weights| weights[cause]);
            let weighs = decibans.is_some_and(|decibans| decibans.abs() >= INDIRECT_DECIBANS);
            match observable.and_then(|observable| observable.part_for(program, cause)) {
                Some(part) => reasons.push(Because { symptom: part, state, decibans }),
                None if weighs || names(program, component.causes[cause].cause, symptom) => {
                    reasons.push(Because { symptom, state, decibans });
                }
                None => {}
            }
        }
    }
    for reasons in &mut reasons {
        reasons.sort_by(|a, b| by_strength(program, a, b));
    }
    reasons
}

/// Returns the weight of the symptom `finding` for each cause of `component`, in decibans.
fn weights(component: &Component, states: &[SymptomState], finding: SymptomId, now: &Posterior) -> Vec<f64> {
    let mut states = states.to_vec();
    states[finding.0 as usize] = SymptomState::Unknown;
    let without = posterior(component, &states);
    let pairs = now.causes.iter().zip(&without.causes);
    pairs.map(|(now, without)| (now.ln_odds - without.ln_odds) * 10.0 / std::f64::consts::LN_10).collect()
}

/// The known symptoms that matter to the component: those that a cause of it shows, and the present ones that are
/// `against` a cause of it. An absent symptom is evidence only for the causes that show it.
fn known_symptoms(component: &Component, states: &[SymptomState]) -> Vec<SymptomId> {
    let shown = component.symptoms.iter().map(|observable| observable.symptom);
    let shown = shown.filter(|symptom| states[symptom.0 as usize] != SymptomState::Unknown);
    let against = component.causes.iter().flat_map(|node| &node.against).map(|(symptom, _)| *symptom);
    let against = against.filter(|symptom| states[symptom.0 as usize] == SymptomState::Present);
    let mut known: Vec<SymptomId> = shown.chain(against).collect();
    known.sort();
    known.dedup();
    known
}

fn names(program: &Program, cause: CauseId, symptom: SymptomId) -> bool {
    let rule = &program.causes[cause.0 as usize];
    rule.shows.iter().chain(&rule.against).any(|(named, _)| *named == symptom)
}

fn by_strength(program: &Program, a: &Because, b: &Because) -> Ordering {
    let name = |because: &Because| &program.symptoms[because.symptom.0 as usize].name;
    let strength = |because: &Because| because.decibans.map_or(0.0, f64::abs);
    let weighed = strength(b).total_cmp(&strength(a));
    let unweighed = if a.decibans.is_none() { a.state.cmp(&b.state) } else { Ordering::Equal };
    weighed.then(unweighed).then_with(|| name(a).cmp(name(b)))
}
