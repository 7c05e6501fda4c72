//! Posteriors by the definition in the specification of the rule language, and nothing but it: every set of causes, the
//! product of its chances. Exponential in the causes, and on purpose not a line of it is shared with `casebook::infer`.

use std::collections::{BTreeMap, BTreeSet};

use casebook::rule::{Cause, CauseId, Program, Resolution, Symptom, SymptomId};

/// What is known, by name. Every other symptom is unknown.
#[derive(Default)]
pub(crate) struct Known<'a> {
    pub(crate) present: &'a [String],
    pub(crate) absent: &'a [String],
    /// Resolutions that did not help.
    pub(crate) tried: &'a [String],
    /// Causes that cannot be there, since the version is out of their range.
    pub(crate) not_applicable: &'a [String],
}

/// What follows for the causes that share symptoms with one another.
pub(crate) struct Posterior {
    /// P(cause | what is known), by name.
    pub(crate) causes: BTreeMap<String, f64>,
    /// P(none of these | what is known).
    pub(crate) none: f64,
}

/// One posterior for each group of causes that has a present symptom.
pub(crate) fn enumerate(program: &Program, known: &Known<'_>) -> Vec<Posterior> {
    let groups = groups(program, known).into_iter();
    groups.filter_map(|group| Group::of(program, known, group)).map(|group| group.posterior(known)).collect()
}

/// P(resolves), in no order that means anything: Σ P(cause) × chance, at most 1. Of causes that are not in `causes`
/// nothing is known, so they count nothing.
pub(crate) fn p_resolves(program: &Program, resolution: &Resolution, causes: &BTreeMap<String, f64>) -> f64 {
    let each = resolution.resolves.iter().map(|&(cause, chance)| {
        let probability = causes.get(&program.cause(cause).name);
        probability.map_or(0.0, |probability| probability * chance)
    });
    each.sum::<f64>().min(1.0)
}

/// The causes that can be there, in groups that are joined by symptoms which two of them show.
fn groups(program: &Program, known: &Known<'_>) -> Vec<BTreeSet<u32>> {
    let mut groups: Vec<BTreeSet<u32>> = Vec::new();
    for (id, cause) in (0..).zip(&program.causes) {
        if known.not_applicable.contains(&cause.name) {
            continue;
        }
        let shares = |other: &u32| shows(program.cause(CauseId(*other))).any(|shown| shows(cause).any(|s| s == shown));
        let (joined, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.iter().any(shares));
        groups = apart;
        groups.push(joined.into_iter().flatten().chain([id]).collect());
    }
    groups
}

fn shows(cause: &Cause) -> impl Iterator<Item = SymptomId> {
    cause.shows.iter().map(|(symptom, _)| *symptom)
}

/// Causes that share symptoms, with the symptoms that one of them shows.
struct Group<'a> {
    program: &'a Program,
    causes: Vec<&'a Cause>,
    ids: Vec<CauseId>,
    symptoms: Vec<SymptomId>,
}

impl<'a> Group<'a> {
    /// `None` where no symptom of the group is present.
    fn of(program: &'a Program, known: &Known<'_>, members: BTreeSet<u32>) -> Option<Self> {
        let ids: Vec<CauseId> = members.into_iter().map(CauseId).collect();
        let causes: Vec<&Cause> = ids.iter().map(|&id| program.cause(id)).collect();
        let symptoms: BTreeSet<SymptomId> = causes.iter().flat_map(|cause| shows(cause)).collect();
        let seen = |&id: &SymptomId| known.present.contains(&program.symptom(id).name);
        symptoms.iter().any(seen).then(|| Group { program, causes, ids, symptoms: symptoms.into_iter().collect() })
    }

    fn posterior(&self, known: &Known<'_>) -> Posterior {
        let (mut all, mut none) = (0.0, 0.0);
        let mut with = vec![0.0; self.causes.len()];
        for set in 0..1_u32 << self.causes.len() {
            let there: Vec<usize> = (0..self.causes.len()).filter(|cause| set >> cause & 1 == 1).collect();
            let joint = self.chance_of_set(&there, known)
                * self.chance_that_tries_failed(&there, known)
                * self.chance_of_symptoms(&there, known);
            all += joint;
            there.iter().for_each(|&cause| with[cause] += joint);
            if there.is_empty() {
                none += joint;
            }
        }
        let names = self.causes.iter().map(|cause| cause.name.clone());
        Posterior { causes: names.zip(with.iter().map(|with| with / all)).collect(), none: none / all }
    }

    /// Each cause is there or not by its prior, whose odds every present symptom that is `against` it multiplies.
    fn chance_of_set(&self, there: &[usize], known: &Known<'_>) -> f64 {
        let each = self.causes.iter().enumerate().map(|(index, cause)| {
            let mut odds = cause.prior / (1.0 - cause.prior);
            for (symptom, ratio) in &cause.against {
                if known.present.contains(&self.symptom(*symptom).name) {
                    odds *= ratio;
                }
            }
            let prior = odds / (1.0 + odds);
            if there.contains(&index) { prior } else { 1.0 - prior }
        });
        each.product()
    }

    /// Each resolution that was tried has failed for each of the causes that it might have resolved.
    fn chance_that_tries_failed(&self, there: &[usize], known: &Known<'_>) -> f64 {
        let tried = self.program.resolutions.iter().filter(|resolution| known.tried.contains(&resolution.name));
        let chances = tried.flat_map(|resolution| &resolution.resolves);
        let of_there = chances.filter(|(cause, _)| there.iter().any(|&index| self.ids[index] == *cause));
        of_there.map(|(_, chance)| 1.0 - chance).product()
    }

    /// Noisy-OR with leak: a symptom is missing when neither its leak nor any of the causes that are there brings it about.
    fn chance_of_symptoms(&self, there: &[usize], known: &Known<'_>) -> f64 {
        let each = self.symptoms.iter().map(|&id| {
            let symptom = self.symptom(id);
            let shown = there.iter().flat_map(|&index| &self.causes[index].shows).filter(|(shown, _)| *shown == id);
            let missing: f64 = (1.0 - symptom.leak) * shown.map(|(_, chance)| 1.0 - chance).product::<f64>();
            if known.present.contains(&symptom.name) {
                1.0 - missing
            } else if known.absent.contains(&symptom.name) {
                missing
            } else {
                1.0
            }
        });
        each.product()
    }

    fn symptom(&self, id: SymptomId) -> &Symptom {
        self.program.symptom(id)
    }
}
