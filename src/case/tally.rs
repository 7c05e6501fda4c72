//! Counts how often closed cases confirm the chances in rules.
//!
//! Priors are not counted: cases say nothing about the time in which nothing went wrong.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Answer, Case, SavedDiagnosis};
use super::unknown_names;
use crate::case::UnknownName;
use crate::rule::{ChanceRelation, Program, SymptomId};

/// A chance in a rule counts as much as this many cases: after ten cases, they count as much as the number that the
/// author of the rule wrote.
const STRENGTH: f64 = 10.0;

/// With fewer cases than this, no new chance is computed.
const MIN_CASES: u32 = 3;

/// How often something happened, and in how many cases this was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Cases in which it happened.
    pub yes: u32,
    /// Cases in which it is known whether it happened; at least `yes`.
    pub known: u32,
}

impl Count {
    fn add(&mut self, happened: bool) {
        self.yes += u32::from(happened);
        self.known += 1;
    }

    /// Returns the chance after these cases, if it was `chance` before: the mean of Beta(s·p + k, s·(1 − p) + n − k),
    /// where s is 10, p is `chance`, k is `yes` and n is `known`. `None` if there are too few cases.
    pub fn revised(self, chance: f64) -> Option<f64> {
        let (yes, known) = (f64::from(self.yes), f64::from(self.known));
        (self.known >= MIN_CASES).then(|| (STRENGTH * chance + yes) / (STRENGTH + known))
    }
}

/// Why a case is not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Uncounted {
    /// It is not closed.
    Open,
    /// Its cause is not certain.
    NoCause,
    /// It contains names that no rule has.
    UnknownNames(Vec<UnknownName>),
}

/// Counts all cases; their order does not matter. Chances that a case was counted for before are left out. Also returns the
/// cases that are not counted, by index, with the reason.
pub fn tally<'a>(
    program: &Program,
    cases: impl IntoIterator<Item = &'a Case>,
) -> (BTreeMap<ChanceRelation, Count>, BTreeMap<usize, Uncounted>) {
    let (mut counts, mut uncounted) = (BTreeMap::new(), BTreeMap::new());
    for (index, case) in cases.into_iter().enumerate() {
        if let Err(reason) = count(program, case, &mut counts) {
            uncounted.insert(index, reason);
        }
    }
    (counts, uncounted)
}

fn count(program: &Program, case: &Case, counts: &mut BTreeMap<ChanceRelation, Count>) -> Result<(), Uncounted> {
    let closed = case.closed.as_ref().ok_or(Uncounted::Open)?;
    let unknown = unknown_names(case, program);
    if !unknown.is_empty() {
        return Err(Uncounted::UnknownNames(unknown));
    }
    let cause = closed.confirmed(program).ok_or(Uncounted::NoCause)?;
    let mut add = |relation: ChanceRelation, happened| {
        if !closed.learnt.contains(&relation.words(program).join(" ")) {
            counts.entry(relation).or_default().add(happened);
        }
    };
    let known = KnownSymptoms::new(program, case);
    for &(symptom, _) in &program.cause(cause).shows {
        if let Some(seen) = known.is_seen(symptom) {
            add(ChanceRelation::Shows(cause, symptom), seen);
        }
    }
    let worked = closed.fixed_by.as_ref().and_then(|name| program.resolution_named(name));
    let failed = case.given.tried.iter().filter_map(|name| program.resolution_named(name));
    let failed: BTreeSet<_> = failed.filter(|id| worked != Some(*id)).collect();
    for (id, helped) in worked.map(|id| (id, true)).into_iter().chain(failed.into_iter().map(|id| (id, false))) {
        if program.resolution(id).resolves.iter().any(|(resolved, _)| *resolved == cause) {
            add(ChanceRelation::Resolves(id, cause), helped);
        }
    }
    Ok(())
}

/// The symptoms that a case says something about.
struct KnownSymptoms {
    answers: BTreeMap<SymptomId, bool>,
    seen: BTreeSet<SymptomId>,
    not_seen: BTreeSet<SymptomId>,
}

impl KnownSymptoms {
    fn new(program: &Program, case: &Case) -> KnownSymptoms {
        let id = |name: &String| program.symptom_named(name);
        let answers = case.given.answers.iter().filter_map(|(name, answer)| match answer {
            Answer::Yes => Some((id(name)?, true)),
            Answer::No => Some((id(name)?, false)),
            Answer::Unknown => None,
        });
        let found =
            |names: fn(&SavedDiagnosis) -> Vec<&String>| case.found.iter().flat_map(names).filter_map(id).collect();
        let mut known = KnownSymptoms {
            answers: answers.collect(),
            seen: found(|found| found.findings.iter().map(|finding| &finding.symptom).collect()),
            not_seen: found(|found| found.not_seen.iter().collect()),
        };
        if case.found.is_some() {
            // A probe whose symptom is not among the findings did not show it.
            known.not_seen.extend(case.given.probes.iter().filter_map(|probe| id(&probe.symptom)));
        }
        known
    }

    /// Whether the symptom was there; `None` if the case does not say. As in a diagnosis, an answer wins over the logs.
    fn is_seen(&self, symptom: SymptomId) -> Option<bool> {
        let shown = self.seen.contains(&symptom).then_some(true);
        let missed = || self.not_seen.contains(&symptom).then_some(false);
        self.answers.get(&symptom).copied().or(shown).or_else(missed)
    }
}
