//! Divides a program into components, in which `shows` and `leads to` connect all causes and symptoms, and selects
//! those with a positive finding.
//!
//! `against` does not connect. If its symptom is positive, it multiplies the prior odds of one cause by a constant. So
//! two components stay independent even if a cause of one names a symptom of the other after `against`.

use std::collections::{BTreeMap, BTreeSet};

use crate::rule::{CauseId, Program, ResolutionId, SymptomId};

use super::model::SymptomState;
use super::weights::CERTAINTY_MARGIN;
use super::whole::Parts;

/// Causes and symptoms that are connected. Both are ordered by name, so that no digit of a result depends on the order
/// in which the rules were read.
///
/// **Invariant:** every chance lies strictly between 0 and 1, by at least [`CERTAINTY_MARGIN`]: no evidence is
/// impossible.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Component {
    pub(crate) causes: Vec<ComponentCause>,
    /// Every symptom that one of them shows.
    pub(crate) symptoms: Vec<ComponentSymptom>,
}

impl Component {
    /// Returns the symptom that replaces `part`, if there is one.
    pub(crate) fn whole_of(&self, part: SymptomId) -> Option<SymptomId> {
        let observable = self.symptoms.iter().find(|observable| observable.parts.contains_key(&part));
        observable.map(|observable| observable.symptom)
    }
}

/// A cause within its component.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ComponentCause {
    pub(crate) cause: CauseId,
    /// P(the cause arises by itself).
    pub(crate) prior: f64,
    /// Symptoms with the factor by which each multiplies the prior odds when it is positive.
    pub(crate) against: Vec<(SymptomId, f64)>,
    /// P(no tried resolution helped | the cause arose by itself), > 0. A cause that another one led to comes back after
    /// its resolution, so a failed resolution says nothing about it.
    pub(crate) not_fixed: f64,
    /// Indices into [`Component::causes`] with the chance that this cause leads to each, ascending.
    pub(crate) leads_to: Vec<(usize, f64)>,
}

/// A symptom within its component.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ComponentSymptom {
    pub(crate) symptom: SymptomId,
    /// Chance of the symptom without any cause of the program.
    pub(crate) leak: f64,
    /// Indices into [`Component::causes`] with the chance that each shows the symptom, ascending; at least one.
    pub(crate) shown_by: Vec<(usize, f64)>,
    /// The present symptoms that are parts of it, each with the indices of the causes that show only parts.
    pub(crate) parts: BTreeMap<SymptomId, Vec<usize>>,
}

impl ComponentSymptom {
    /// Returns the part by which the cause with this index shows the symptom, if it shows only parts of it; of several, the first
    /// by name.
    pub(crate) fn part_for(&self, program: &Program, cause: usize) -> Option<SymptomId> {
        let shown = self.parts.iter().filter(|(_, causes)| causes.contains(&cause));
        shown.map(|(part, _)| *part).min_by_key(|part| &program.symptom(*part).name)
    }
}

/// Returns the components with at least one positive symptom, ordered by the name of their first cause. `out_of_range`
/// are causes that cannot apply; they belong to no component.
pub(crate) fn live_components(
    program: &Program,
    states: &[SymptomState],
    parts: &Parts,
    out_of_range: &BTreeSet<CauseId>,
    tried: &[ResolutionId],
) -> Vec<Component> {
    if !states.contains(&SymptomState::Present) {
        return Vec::new();
    }
    let digest = program.digest();
    let causes = || (0..program.causes.len()).filter(|&index| !out_of_range.contains(&cause_id(index)));
    let mut sets = DisjointSets::new(program.causes.len());
    let mut shown_first_by = vec![None; program.symptoms.len()];
    for cause in causes() {
        for symptom in digest.shows(cause_id(cause)) {
            let first = *shown_first_by[symptom.0 as usize].get_or_insert(cause);
            sets.join(first, cause);
        }
        for led_to in digest.leads_to(cause_id(cause)).filter(|led_to| !out_of_range.contains(led_to)) {
            sets.join(led_to.0 as usize, cause);
        }
    }
    let first = |symptom: &SymptomId| shown_first_by[symptom.0 as usize];
    for (part, whole) in parts.iter().filter_map(|(part, whole)| first(part).zip(first(whole))) {
        sets.join(part, whole);
    }
    let is_positive =
        |cause: usize| digest.shows(cause_id(cause)).any(|symptom| states[symptom.0 as usize] == SymptomState::Present);
    let live: BTreeSet<usize> = causes().filter(|&cause| is_positive(cause)).map(|cause| sets.root(cause)).collect();
    let mut members: BTreeMap<usize, Vec<CauseId>> = BTreeMap::new();
    for cause in causes() {
        let root = sets.root(cause);
        if live.contains(&root) {
            members.entry(root).or_default().push(cause_id(cause));
        }
    }
    let mut components: Vec<_> = members.into_values().map(|causes| component(program, causes, parts, tried)).collect();
    components.sort_by(|a, b| {
        let first = |component: &Component| &program.causes[component.causes[0].cause.0 as usize].name;
        first(a).cmp(first(b))
    });
    components
}

fn component(program: &Program, mut members: Vec<CauseId>, parts: &Parts, tried: &[ResolutionId]) -> Component {
    members.sort_by(|a, b| program.causes[a.0 as usize].name.cmp(&program.causes[b.0 as usize].name).then(a.cmp(b)));
    let place: BTreeMap<CauseId, usize> = members.iter().copied().zip(0..).collect();
    let causes: Vec<ComponentCause> = members.iter().map(|&cause| node(program, cause, &place, tried)).collect();
    let mut shown_by: BTreeMap<SymptomId, Vec<(usize, f64)>> = BTreeMap::new();
    for (local, &cause) in members.iter().enumerate() {
        for &(symptom, chance) in &program.causes[cause.0 as usize].shows {
            shown_by.entry(symptom).or_default().push((local, inside(chance)));
        }
    }
    let mut replaced = replaced(program, &mut shown_by, parts);
    let mut symptoms: Vec<_> = shown_by
        .into_iter()
        .map(|(symptom, shown_by)| {
            let (leak, parts) = (leak(program, symptom), replaced.remove(&symptom).unwrap_or_default());
            ComponentSymptom { symptom, leak, shown_by, parts }
        })
        .collect();
    symptoms.sort_by_key(|observable| &program.symptoms[observable.symptom.0 as usize].name);
    debug_assert!(symptoms.iter().all(|symptom| symptom.shown_by.is_sorted_by_key(|(cause, _)| *cause)));
    debug_assert!(
        causes.iter().all(|cause| is_inside(cause.prior) && cause.leads_to.iter().all(|link| is_inside(link.1)))
    );
    Component { causes, symptoms }
}

/// Replaces the parts of a symptom by the symptom: the same records show both, so they are one observation. A cause that shows
/// the whole keeps its chance for that. A cause that shows only parts explains the observation as well as it explains the parts:
/// its chance is such that its evidence weighs what that of the parts weighs, and is not greater than that of any of them.
/// Returns for each whole its parts with the causes that show only parts.
fn replaced(
    program: &Program,
    shown_by: &mut BTreeMap<SymptomId, Vec<(usize, f64)>>,
    parts: &Parts,
) -> BTreeMap<SymptomId, BTreeMap<SymptomId, Vec<usize>>> {
    let mut replaced: BTreeMap<SymptomId, BTreeMap<SymptomId, Vec<usize>>> = BTreeMap::new();
    let mut weights: BTreeMap<(SymptomId, usize), (f64, f64)> = BTreeMap::new();
    // In the order of names, so that no digit depends on the numbering of symptoms.
    let mut ordered: Vec<(&SymptomId, &SymptomId)> = parts.iter().collect();
    ordered.sort_by_key(|(part, _)| &program.symptoms[part.0 as usize].name);
    for (&part, &whole) in ordered {
        if !shown_by.contains_key(&whole) {
            continue;
        }
        let of_part = shown_by.remove(&part).unwrap_or_default();
        let is_of_whole = |cause: usize| shown_by[&whole].iter().any(|(other, _)| *other == cause);
        let others: Vec<(usize, f64)> = of_part.into_iter().filter(|(cause, _)| !is_of_whole(*cause)).collect();
        for &(cause, chance) in &others {
            let (weight, least) = weights.entry((whole, cause)).or_insert((1.0, 1.0));
            (*weight, *least) = (*weight * chance / leak(program, part), least.min(chance));
        }
        let causes = others.into_iter().map(|(cause, _)| cause).collect();
        replaced.entry(whole).or_default().insert(part, causes);
    }
    for ((whole, cause), (weight, least)) in weights {
        let chance = inside(least.min(weight * leak(program, whole)));
        let of_whole = shown_by.entry(whole).or_default();
        of_whole.insert(of_whole.partition_point(|(other, _)| *other < cause), (cause, chance));
    }
    replaced
}

fn leak(program: &Program, symptom: SymptomId) -> f64 {
    inside(program.symptoms[symptom.0 as usize].leak)
}

/// Returns `cause` as a cause of its component. `place` maps the id of each cause of the component to its index.
fn node(program: &Program, cause: CauseId, place: &BTreeMap<CauseId, usize>, tried: &[ResolutionId]) -> ComponentCause {
    let rule = &program.causes[cause.0 as usize];
    let mut against = rule.against.clone();
    // Multiplied in order of size, so that rounding does not depend on the numbering of symptoms and resolutions.
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
    ComponentCause { cause, prior: inside(rule.prior), against, not_fixed: failures.iter().product(), leads_to }
}

/// Returns `chance`, moved to a distance of at least [`CERTAINTY_MARGIN`] from 0 and 1.
pub(crate) fn inside(chance: f64) -> f64 {
    chance.clamp(CERTAINTY_MARGIN, 1.0 - CERTAINTY_MARGIN)
}

fn is_inside(chance: f64) -> bool {
    chance == inside(chance)
}

fn cause_id(index: usize) -> CauseId {
    CauseId(u32::try_from(index).expect("a program numbers its causes with u32"))
}

/// Disjoint sets of the numbers `0..len` (union–find with path halving, Tarjan & van Leeuwen 1984).
///
/// **Invariant:** `parent[n] <= n`, so the root of a set is its smallest member, whatever the order of the joins.
pub(crate) struct DisjointSets {
    parent: Vec<usize>,
}

impl DisjointSets {
    pub(crate) fn new(len: usize) -> Self {
        DisjointSets { parent: (0..len).collect() }
    }

    /// The smallest member of the set that `member` belongs to.
    pub(crate) fn root(&mut self, mut member: usize) -> usize {
        while self.parent[member] != member {
            debug_assert!(self.parent[member] < member);
            self.parent[member] = self.parent[self.parent[member]];
            member = self.parent[member];
        }
        member
    }

    pub(crate) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b)] = a.min(b);
    }
}
