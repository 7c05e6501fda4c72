//! What closed cases say about the chances in rules, as counts.
//!
//! Priors are not counted: the cases that people keep are no sample of all the time in which nothing went wrong.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Answer, Case, SavedDiagnosis};
use super::unknown_names;
use crate::case::UnknownName;
use crate::rule::{Program, Relation, SymptomId};

/// What a chance in a rule is worth in cases: as much as if it had been seen in so many. Ten cases of one's own weigh as much
/// as the author's word.
const STRENGTH: f64 = 10.0;

/// Fewer cases say nothing.
const MIN_CASES: u32 = 3;

/// How often something happened, and in how many cases it was known whether it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// It did.
    pub yes: u32,
    /// It was known; at least `yes`.
    pub known: u32,
}

impl Count {
    fn add(&mut self, happened: bool) {
        self.yes += u32::from(happened);
        self.known += 1;
    }

    /// The chance after these cases, where it was `chance` before: the mean of Beta(s·p + k, s·(1 − p) + n − k). `None` where
    /// there are too few cases.
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
    /// What was wrong is not certain.
    NoCause,
    /// It names what the rules do not have.
    UnknownNames(Vec<UnknownName>),
}

/// What all cases together say, in whatever order they come, but for what was learnt from each before; and why those do not count that do not, by index.
pub fn tally<'a>(
    program: &Program,
    cases: impl IntoIterator<Item = &'a Case>,
) -> (BTreeMap<Relation, Count>, BTreeMap<usize, Uncounted>) {
    let (mut counts, mut uncounted) = (BTreeMap::new(), BTreeMap::new());
    for (index, case) in cases.into_iter().enumerate() {
        if let Err(reason) = count(program, case, &mut counts) {
            uncounted.insert(index, reason);
        }
    }
    (counts, uncounted)
}

fn count(program: &Program, case: &Case, counts: &mut BTreeMap<Relation, Count>) -> Result<(), Uncounted> {
    let closed = case.closed.as_ref().ok_or(Uncounted::Open)?;
    let unknown = unknown_names(case, program);
    if !unknown.is_empty() {
        return Err(Uncounted::UnknownNames(unknown));
    }
    let cause = closed.confirmed(program).ok_or(Uncounted::NoCause)?;
    let mut add = |relation: Relation, happened| {
        if !closed.learnt.contains(&relation.words(program).join(" ")) {
            counts.entry(relation).or_default().add(happened);
        }
    };
    let known = KnownSymptoms::new(program, case);
    for &(symptom, _) in &program.cause(cause).shows {
        if let Some(seen) = known.is_seen(symptom) {
            add(Relation::Shows(cause, symptom), seen);
        }
    }
    let worked = closed.fixed_by.as_ref().and_then(|name| program.resolution_named(name));
    let failed = case.given.tried.iter().filter_map(|name| program.resolution_named(name));
    let failed: BTreeSet<_> = failed.filter(|id| worked != Some(*id)).collect();
    for (id, helped) in worked.map(|id| (id, true)).into_iter().chain(failed.into_iter().map(|id| (id, false))) {
        if program.resolution(id).resolves.iter().any(|(resolved, _)| *resolved == cause) {
            add(Relation::Resolves(id, cause), helped);
        }
    }
    Ok(())
}

/// What a case knows of symptoms.
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
            // A probe that was read and is not among the findings did not show its symptom.
            known.not_seen.extend(case.given.probes.iter().filter_map(|probe| id(&probe.symptom)));
        }
        known
    }

    /// As in a diagnosis, an answer wins over what logs show.
    fn is_seen(&self, symptom: SymptomId) -> Option<bool> {
        let shown = self.seen.contains(&symptom).then_some(true);
        let missed = || self.not_seen.contains(&symptom).then_some(false);
        self.answers.get(&symptom).copied().or(shown).or_else(missed)
    }
}
