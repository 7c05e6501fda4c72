//! Numbers the patterns of a program, and prepares the prefilters that find which of them may match.

use std::sync::OnceLock;

use super::eval::shown;
use super::finding::Captures;
use super::prefilter::{Prefilter, TargetLiterals, unescaped_part};
use crate::log::Record;
use crate::pattern::Literal;
use crate::rule::program::{Matcher, Symptom};
use crate::rule::{Program, SymptomId};

/// The patterns of all symptoms that are read from records.
#[derive(Debug)]
pub(crate) struct MatchPlan<'p> {
    program: &'p Program,
    /// The place of each pattern, in the order of symptom, binding and alternative. A target is an index into this
    /// list.
    targets: Vec<PatternPlace>,
    raw: TargetSearches,
    /// The searches in sources whose texts may contain escapes; built for the first such source.
    escaped: OnceLock<TargetSearches>,
}

/// The place of a pattern in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PatternPlace {
    symptom: SymptomId,
    binding: usize,
    alternative: usize,
}

/// The search for targets in one kind of source.
#[derive(Debug)]
pub(crate) struct TargetSearches {
    pub(crate) prefilter: Prefilter,
    /// Targets without a literal that can be searched for. Any record may match them.
    pub(crate) everywhere: Vec<u32>,
}

impl<'p> MatchPlan<'p> {
    pub(crate) fn new(program: &'p Program) -> Self {
        let targets: Vec<PatternPlace> = (0..).map(SymptomId).zip(&program.symptoms).flat_map(targets_of).collect();
        let raw = searches(program, &targets, false);
        MatchPlan { program, targets, raw, escaped: OnceLock::new() }
    }

    /// Returns the searches for a source. `has_escapes` says whether its texts may contain escapes.
    pub(crate) fn searches(&self, has_escapes: bool) -> &TargetSearches {
        if has_escapes {
            self.escaped.get_or_init(|| searches(self.program, &self.targets, true))
        } else {
            &self.raw
        }
    }

    /// Returns the symptom of a target.
    pub(crate) fn symptom(&self, target: u32) -> SymptomId {
        self.targets[target as usize].symptom
    }

    /// Returns the symptoms that `record` shows, with their captures. Only those symptoms are tried for which `is_read`
    /// is true, and only the targets in `candidates`.
    pub(crate) fn shown<'a>(
        &'a self,
        record: &'a Record<'_>,
        candidates: &'a [u32],
        is_read: impl Fn(SymptomId) -> bool + 'a,
    ) -> impl Iterator<Item = (SymptomId, Captures)> + 'a {
        candidates.chunk_by(|a, b| self.symptom(*a) == self.symptom(*b)).filter_map(move |group| {
            let id = self.symptom(*group.first()?);
            let may_match = |binding, alternative| {
                let wanted = PatternPlace { symptom: id, binding, alternative };
                group.iter().any(|target| self.targets[*target as usize] == wanted)
            };
            let captures = is_read(id).then(|| shown(self.program.symptom(id), record, may_match))?;
            Some((id, captures?))
        })
    }
}

/// Whether the symptom is read from records, and not only from answers or the output of a command.
pub(crate) fn is_read_from_records(symptom: &Symptom) -> bool {
    symptom.probe.is_none() && !symptom.bindings.is_empty()
}

fn targets_of((symptom, definition): (SymptomId, &Symptom)) -> Vec<PatternPlace> {
    let bindings = if is_read_from_records(definition) { definition.bindings.as_slice() } else { &[] };
    let bindings = bindings.iter().enumerate();
    bindings
        .flat_map(|(binding, defined)| {
            (0..defined.alternatives.len()).map(move |alternative| PatternPlace { symptom, binding, alternative })
        })
        .collect()
}

/// Prepares the search in sources that may or may not have escapes. In one with escapes, a word of a message is found by its
/// longest part that is never escaped.
fn searches(program: &Program, targets: &[PatternPlace], has_escapes: bool) -> TargetSearches {
    let usable = |literal: &Literal| if has_escapes { unescaped_part(literal) } else { Some(literal.clone()) };
    let literals_of = |target: &PatternPlace| {
        let Matcher::Pattern(pattern) = matcher(program, *target) else { return TargetLiterals::default() };
        let sets = pattern.required().iter();
        let sets = sets.filter_map(|any_of| any_of.iter().map(usable).collect::<Option<Vec<_>>>()).collect();
        let runs = if has_escapes { Vec::new() } else { pattern.runs().to_vec() };
        TargetLiterals { sets, runs }
    };
    let literals: Vec<_> = targets.iter().map(literals_of).collect();
    let is_everywhere = |literals: &TargetLiterals| literals.sets.is_empty() && literals.runs.is_empty();
    let everywhere = (0_u32..).zip(&literals).filter(|(_, literals)| is_everywhere(literals)).map(|(target, _)| target);
    TargetSearches { everywhere: everywhere.collect(), prefilter: Prefilter::new(literals) }
}

fn matcher(program: &Program, target: PatternPlace) -> &Matcher {
    &program.symptom(target.symptom).bindings[target.binding].alternatives[target.alternative]
}
