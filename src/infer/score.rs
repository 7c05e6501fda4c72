//! How much each finding weighs for each cause.

use std::cmp::Ordering;

use crate::rule::{CauseId, Program, SymptomId};

use super::component::Component;
use super::model::{Because, SymptomState};
use super::posterior::{Posterior, posterior};
use super::weights::INDIRECT_DECIBANS;

/// The evidence for and against each cause of `component`, in its order, strongest first.
///
/// A finding's weight is what taking it away changes, all other evidence staying, so findings that say the same weigh less
/// together than one by one. Findings that the cause does not itself name are listed where they weigh a deciban.
///
/// Where `now` is an estimate nothing is weighed: each weight would cost another sampling and be the difference of two
/// errors. Only what the cause names is listed then, what was seen first, then by name.
pub(crate) fn because(
    program: &Program,
    component: &Component,
    states: &[SymptomState],
    now: &Posterior,
) -> Vec<Vec<Because>> {
    let mut reasons = vec![Vec::new(); component.causes.len()];
    for symptom in known_symptoms(component, states) {
        let state = states[symptom.0 as usize];
        let weights = now.standard_error.is_none().then(|| weights(component, states, symptom, now));
        for (cause, reasons) in reasons.iter_mut().enumerate() {
            let decibans = weights.as_ref().map(|weights| weights[cause]);
            let weighs = decibans.is_some_and(|decibans| decibans.abs() >= INDIRECT_DECIBANS);
            if weighs || names(program, component.causes[cause].cause, symptom) {
                reasons.push(Because { symptom, state, decibans });
            }
        }
    }
    for reasons in &mut reasons {
        reasons.sort_by(|a, b| by_strength(program, a, b));
    }
    reasons
}

/// What taking the finding away changes for each cause of `component`, in decibans.
fn weights(component: &Component, states: &[SymptomState], finding: SymptomId, now: &Posterior) -> Vec<f64> {
    let mut states = states.to_vec();
    states[finding.0 as usize] = SymptomState::Unknown;
    let without = posterior(component, &states);
    let pairs = now.causes.iter().zip(&without.causes);
    pairs.map(|(now, without)| (now.ln_odds - without.ln_odds) * 10.0 / std::f64::consts::LN_10).collect()
}

/// Present and absent symptoms that bear on the component: those shown in it, and those that are `against` a cause of it.
/// An absent one of the latter kind says nothing.
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
