//! Computes posteriors as the specification of the rule language defines them: sums, over all sets of causes, the
//! product of the chances. Exponential in the number of causes. Shares no code with `casebook::infer` on purpose,
//! because it checks its results.

use std::collections::{BTreeMap, BTreeSet};

use casebook::rule::{Cause, CauseId, Program, Resolution, Symptom, SymptomId};

/// What is known: names of symptoms, resolutions and causes. All other symptoms are unknown.
#[derive(Default)]
pub(crate) struct Known<'a> {
    pub(crate) present: &'a [String],
    pub(crate) absent: &'a [String],
    /// Resolutions that did not help.
    pub(crate) tried: &'a [String],
    /// Causes that cannot be present, because the version in use is out of their range.
    pub(crate) not_applicable: &'a [String],
}

/// The posterior probabilities of a group of causes that are connected by common symptoms or by `leads to`.
pub(crate) struct Posterior {
    /// For each cause by name: the probability that it is present, given what is known.
    pub(crate) causes: BTreeMap<String, f64>,
    /// For each cause by name: the probability that it arose by itself and not from another cause, given what is known.
    pub(crate) by_itself: BTreeMap<String, f64>,
    /// The probability that none of these causes is present, given what is known.
    pub(crate) none: f64,
}

/// Computes the posterior of each group of causes of which a symptom is present.
pub(crate) fn enumerate(program: &Program, known: &Known<'_>) -> Vec<Posterior> {
    let groups = groups(program, known).into_iter();
    groups.filter_map(|group| Group::new(program, known, group)).map(|group| group.posterior(known)).collect()
}

/// The probability that a resolution helps: the sum, over the causes that it resolves, of P(cause by itself) × chance,
/// at most 1. A cause that is not in `by_itself` counts as 0.
pub(crate) fn p_resolves(program: &Program, resolution: &Resolution, by_itself: &BTreeMap<String, f64>) -> f64 {
    let each = resolution.resolves.iter().map(|&(cause, chance)| {
        let probability = by_itself.get(&program.cause(cause).name);
        probability.map_or(0.0, |probability| probability * chance)
    });
    each.sum::<f64>().min(1.0)
}

/// All causes that can be present, in groups that are connected by common symptoms or by `leads to`.
fn groups(program: &Program, known: &Known<'_>) -> Vec<BTreeSet<u32>> {
    let mut groups: Vec<BTreeSet<u32>> = Vec::new();
    for (id, cause) in (0..).zip(&program.causes) {
        if known.not_applicable.contains(&cause.name) {
            continue;
        }
        let leads = |from: &Cause, to: u32| from.leads_to.iter().any(|(led_to, _)| led_to.0 == to);
        let shares = |other: &u32| {
            let (other, other_cause) = (*other, program.cause(CauseId(*other)));
            shows(other_cause).any(|shown| shows(cause).any(|s| s == shown))
                || leads(cause, other)
                || leads(other_cause, id)
        };
        let (joined, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.iter().any(shares));
        groups = apart;
        groups.push(joined.into_iter().flatten().chain([id]).collect());
    }
    groups
}

fn shows(cause: &Cause) -> impl Iterator<Item = SymptomId> {
    cause.shows.iter().map(|(symptom, _)| *symptom)
}

/// A group of connected causes, and all symptoms that they show.
struct Group<'a> {
    program: &'a Program,
    causes: Vec<&'a Cause>,
    ids: Vec<CauseId>,
    symptoms: Vec<SymptomId>,
}

impl<'a> Group<'a> {
    /// Returns `None` if no symptom of the group is present.
    fn new(program: &'a Program, known: &Known<'_>, members: BTreeSet<u32>) -> Option<Self> {
        let ids: Vec<CauseId> = members.into_iter().map(CauseId).collect();
        let causes: Vec<&Cause> = ids.iter().map(|&id| program.cause(id)).collect();
        let symptoms: BTreeSet<SymptomId> = causes.iter().flat_map(|cause| shows(cause)).collect();
        let seen = |&id: &SymptomId| known.present.contains(&program.symptom(id).name);
        symptoms.iter().any(seen).then(|| Group { program, causes, ids, symptoms: symptoms.into_iter().collect() })
    }

    /// Computes the posterior by summing over all sets of causes that arise by themselves, and all sets of links by
    /// which causes lead to others.
    fn posterior(&self, known: &Known<'_>) -> Posterior {
        let links = self.links();
        let (mut all, mut none) = (0.0, 0.0);
        let (mut with, mut alone) = (vec![0.0; self.causes.len()], vec![0.0; self.causes.len()]);
        for arisen in subsets(self.causes.len()) {
            let arising = self.chance_to_arise(&arisen) * self.chance_that_tries_failed(&arisen, known);
            for fired in subsets(links.len()) {
                let (there, firing) = brought_about(&arisen, &links, &fired);
                let joint = arising
                    * firing
                    * self.chance_of_what_is_against(&there, known)
                    * self.chance_of_symptoms(&there, known);
                all += joint;
                there.iter().for_each(|&cause| with[cause] += joint);
                arisen.iter().for_each(|&cause| alone[cause] += joint);
                if there.is_empty() {
                    none += joint;
                }
            }
        }
        let named = |weights: Vec<f64>| {
            let names = self.causes.iter().map(|cause| cause.name.clone());
            names.zip(weights.into_iter().map(|weight| weight / all)).collect()
        };
        Posterior { causes: named(with), by_itself: named(alone), none: none / all }
    }

    /// All links in the group: which cause leads to which other, and with what chance. Causes are places in `ids`.
    fn links(&self) -> Vec<(usize, usize, f64)> {
        let place = |cause: CauseId| self.ids.iter().position(|&id| id == cause);
        let of =
            self.causes.iter().enumerate().flat_map(|(from, cause)| cause.leads_to.iter().map(move |to| (from, *to)));
        of.filter_map(|(from, (to, chance))| Some((from, place(to)?, chance))).collect()
    }

    fn chance_to_arise(&self, arisen: &[usize]) -> f64 {
        let each = self.causes.iter().enumerate();
        each.map(|(index, cause)| if arisen.contains(&index) { cause.prior } else { 1.0 - cause.prior }).product()
    }

    /// The product of the ratios of all present symptoms that are `against` a cause in `there`.
    fn chance_of_what_is_against(&self, there: &[usize], known: &Known<'_>) -> f64 {
        let against = there.iter().flat_map(|&cause| &self.causes[cause].against);
        let seen = against.filter(|(symptom, _)| known.present.contains(&self.symptom(*symptom).name));
        seen.map(|(_, ratio)| ratio).product()
    }

    /// The chance that all tried resolutions failed for each of the causes in `arisen` that they could have resolved.
    fn chance_that_tries_failed(&self, arisen: &[usize], known: &Known<'_>) -> f64 {
        let tried = self.program.resolutions.iter().filter(|resolution| known.tried.contains(&resolution.name));
        let chances = tried.flat_map(|resolution| &resolution.resolves);
        let of_these = chances.filter(|(cause, _)| arisen.iter().any(|&index| self.ids[index] == *cause));
        of_these.map(|(_, chance)| 1.0 - chance).product()
    }

    /// The chance of the known symptoms if the causes in `there` are present (noisy-OR with leak: a symptom is absent
    /// if neither its leak nor any present cause brings it about).
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

/// All subsets of the numbers `0..n`.
fn subsets(n: usize) -> impl Iterator<Item = Vec<usize>> {
    (0..1_u32 << n).map(move |set| (0..n).filter(|member| set >> member & 1 == 1).collect())
}

/// The causes that are present if those in `arisen` have arisen by themselves and exactly the links in `fired` take
/// effect; and the probability that exactly these links take effect.
fn brought_about(arisen: &[usize], links: &[(usize, usize, f64)], fired: &[usize]) -> (Vec<usize>, f64) {
    let mut there = arisen.to_vec();
    for _ in links {
        for &(from, to, _) in fired.iter().map(|&link| &links[link]) {
            if there.contains(&from) && !there.contains(&to) {
                there.push(to);
            }
        }
    }
    let each = links.iter().enumerate();
    let chances = each.map(|(link, (_, _, chance))| if fired.contains(&link) { *chance } else { 1.0 - chance });
    (there, chances.product())
}
