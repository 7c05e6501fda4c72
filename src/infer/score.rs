//! How much each finding weighs for each cause.

use std::cmp::Ordering;

use crate::rule::{CauseId, Program, SymptomId};

use super::component::Component;
use super::posterior::{Posterior, posterior};
use super::weights::INDIRECT_DECIBANS;
use super::{Because, SymptomState};

/// The evidence for and against each cause of `component`, in its order, strongest first.
///
/// A finding's weight is what taking it away changes, all other evidence staying, so findings that say the same weigh less
/// together than one by one. Findings that the cause does not itself name are listed where they weigh a deciban.
pub(crate) fn because(
    program: &Program,
    component: &Component,
    states: &[SymptomState],
    now: &Posterior,
) -> Vec<Vec<Because>> {
    let mut reasons = vec![Vec::new(); component.causes.len()];
    for symptom in known_symptoms(component, states) {
        let state = states[symptom.0 as usize];
        let mut states = states.to_vec();
        states[symptom.0 as usize] = SymptomState::Unknown;
        let without = posterior(component, &states);
        for (cause, reasons) in reasons.iter_mut().enumerate() {
            let ln_ratio = now.causes[cause].ln_odds - without.causes[cause].ln_odds;
            let decibans = ln_ratio * 10.0 / std::f64::consts::LN_10;
            if names(program, component.causes[cause].cause, symptom) || decibans.abs() >= INDIRECT_DECIBANS {
                reasons.push(Because { symptom, state, decibans });
            }
        }
    }
    for reasons in &mut reasons {
        reasons.sort_by(|a, b| by_strength(program, a, b));
    }
    reasons
}

/// Present and absent symptoms that bear on the component: those shown in it, and those that are `against` a cause of it.
/// An absent one of the latter kind says nothing (LANGUAGE §5).
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
    b.decibans.abs().total_cmp(&a.decibans.abs()).then_with(|| name(a).cmp(name(b)))
}
