//! The part of a program that one set of findings bears on: causes and symptoms joined by `shows` and `leads to`.
//!
//! `against` joins nothing. It acts only when its symptom is positive, and then as a constant factor on the prior odds of
//! one cause, so components that share neither stay independent of one another whatever `against` says between them.

use std::collections::{BTreeMap, BTreeSet};

use crate::rule::{CauseId, Program, ResolutionId, SymptomId};

use super::model::SymptomState;
use super::weights::CERTAINTY_MARGIN;

/// Causes and symptoms that may explain one another, each ordered by name, so that the numbers do not depend on the
/// order in which rules were read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Component {
    /// The causes.
    pub(crate) causes: Vec<Node>,
    /// Every symptom that one of them shows.
    pub(crate) symptoms: Vec<Observable>,
}

/// A cause within its component.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Which.
    pub(crate) cause: CauseId,
    /// P(cause), strictly between 0 and 1.
    pub(crate) prior: f64,
    /// What the prior odds are multiplied by when a symptom is positive.
    pub(crate) against: Vec<(SymptomId, f64)>,
    /// P(no tried resolution helped | the cause arose by itself), > 0. What mends a cause that another one brings about again
    /// helps as little when it is there, so that a failure tells nothing of it.
    pub(crate) not_mended: f64,
    /// Indices into [`Component::causes`] with the chance that this one brings each about, strictly between 0 and 1.
    pub(crate) leads_to: Vec<(usize, f64)>,
}

/// A symptom within its component.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Observable {
    /// Which.
    pub(crate) symptom: SymptomId,
    /// Chance to see it without any of our causes, strictly between 0 and 1.
    pub(crate) leak: f64,
    /// Indices into [`Component::causes`] with the chance that each brings it about, strictly between 0 and 1.
    pub(crate) shown_by: Vec<(usize, f64)>,
}

/// The components that hold at least one positive symptom, ordered by the name of their first cause.
/// `out_of_range` are causes that cannot apply: they are not there.
pub(crate) fn live_components(
    program: &Program,
    states: &[SymptomState],
    out_of_range: &BTreeSet<CauseId>,
    tried: &[ResolutionId],
) -> Vec<Component> {
    let causes = || (0..program.causes.len()).filter(|&index| !out_of_range.contains(&cause_id(index)));
    let mut sets = DisjointSets::new(program.causes.len());
    let mut shown_first_by = vec![None; program.symptoms.len()];
    for cause in causes() {
        for &(symptom, _) in &program.causes[cause].shows {
            let first = *shown_first_by[symptom.0 as usize].get_or_insert(cause);
            sets.join(first, cause);
        }
        for &(led_to, _) in program.causes[cause].leads_to.iter().filter(|(led_to, _)| !out_of_range.contains(led_to)) {
            sets.join(led_to.0 as usize, cause);
        }
    }
    let is_positive = |cause: usize| {
        program.causes[cause].shows.iter().any(|&(symptom, _)| states[symptom.0 as usize] == SymptomState::Present)
    };
    let live: BTreeSet<usize> = causes().filter(|&cause| is_positive(cause)).map(|cause| sets.root(cause)).collect();
    let mut members: BTreeMap<usize, Vec<CauseId>> = BTreeMap::new();
    for cause in causes() {
        let root = sets.root(cause);
        if live.contains(&root) {
            members.entry(root).or_default().push(cause_id(cause));
        }
    }
    let mut components: Vec<_> = members.into_values().map(|causes| component(program, causes, tried)).collect();
    components.sort_by(|a, b| {
        let first = |component: &Component| &program.causes[component.causes[0].cause.0 as usize].name;
        first(a).cmp(first(b))
    });
    components
}

fn component(program: &Program, mut members: Vec<CauseId>, tried: &[ResolutionId]) -> Component {
    members.sort_by(|a, b| program.causes[a.0 as usize].name.cmp(&program.causes[b.0 as usize].name).then(a.cmp(b)));
    let place: BTreeMap<CauseId, usize> = members.iter().copied().zip(0..).collect();
    let causes = members.iter().map(|&cause| node(program, cause, &place, tried)).collect();
    let mut shown_by: BTreeMap<SymptomId, Vec<(usize, f64)>> = BTreeMap::new();
    for (local, &cause) in members.iter().enumerate() {
        for &(symptom, chance) in &program.causes[cause.0 as usize].shows {
            shown_by.entry(symptom).or_default().push((local, inside(chance)));
        }
    }
    let mut symptoms: Vec<_> = shown_by
        .into_iter()
        .map(|(symptom, shown_by)| {
            let leak = inside(program.symptoms[symptom.0 as usize].leak);
            Observable { symptom, leak, shown_by }
        })
        .collect();
    symptoms.sort_by_key(|observable| &program.symptoms[observable.symptom.0 as usize].name);
    Component { causes, symptoms }
}

/// `place` says where the causes of the component stand; others are not there.
fn node(program: &Program, cause: CauseId, place: &BTreeMap<CauseId, usize>, tried: &[ResolutionId]) -> Node {
    let rule = &program.causes[cause.0 as usize];
    let mut against = rule.against.clone();
    // By size, so that rounding does not depend on how symptoms and resolutions are numbered.
    against.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let tried: BTreeSet<ResolutionId> = tried.iter().copied().collect();
    let mut failures: Vec<f64> = tried
        .iter()
        .flat_map(|resolution| &program.resolutions[resolution.0 as usize].resolves)
        .filter(|(resolved, _)| *resolved == cause)
        .map(|&(_, chance)| 1.0 - inside(chance))
        .collect();
    failures.sort_by(f64::total_cmp);
    let leads_to = rule.leads_to.iter().filter_map(|&(cause, chance)| Some((*place.get(&cause)?, inside(chance))));
    let mut leads_to: Vec<(usize, f64)> = leads_to.collect();
    leads_to.sort_by_key(|&(cause, _)| cause);
    Node { cause, prior: inside(rule.prior), against, not_mended: failures.iter().product(), leads_to }
}

/// `chance`, kept off 0 and 1.
pub(crate) fn inside(chance: f64) -> f64 {
    chance.clamp(CERTAINTY_MARGIN, 1.0 - CERTAINTY_MARGIN)
}

fn cause_id(index: usize) -> CauseId {
    CauseId(u32::try_from(index).expect("a program numbers its causes with u32"))
}

/// Disjoint sets of `0..len`; the root of a set is its smallest member.
pub(crate) struct DisjointSets {
    parent: Vec<usize>,
}

impl DisjointSets {
    pub(crate) fn new(len: usize) -> Self {
        DisjointSets { parent: (0..len).collect() }
    }

    pub(crate) fn root(&mut self, mut of: usize) -> usize {
        while self.parent[of] != of {
            self.parent[of] = self.parent[self.parent[of]];
            of = self.parent[of];
        }
        of
    }

    pub(crate) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b)] = a.min(b);
    }
}
