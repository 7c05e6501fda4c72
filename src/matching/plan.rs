//! Numbers the patterns of a program, and prepares the prefilters that find which of them may match.

use std::sync::OnceLock;

use super::eval::{Shown, shown, shown_by_each};
use super::prefilter::{Prefilter, TargetLiterals};
use super::required::{SourceKind, required_literals};
use crate::log::Record;
use crate::rule::program::Symptom;
use crate::rule::{Program, SymptomId};

/// The patterns of all symptoms that are read from records.
#[derive(Debug)]
pub(crate) struct MatchPlan<'p> {
    program: &'p Program,
    /// The place of each pattern, in the order of symptom, binding and alternative. A target is an index into this
    /// list.
    targets: Vec<PatternPlace>,
    /// The searches in each kind of source; built for the first such source.
    searches: [OnceLock<TargetSearches>; 3],
    /// The same for long sources, built with a look at the first of them.
    in_long: [OnceLock<TargetSearches>; 3],
}

/// The bytes of a log that decide which parts of literals are rare in it. They take less than a millisecond, and a part of a
/// log that is shorter is read in less time.
const SAMPLE_BYTES: usize = 256 << 10;

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
        MatchPlan::looking_for(program, &|_| true)
    }

    /// Plans to look only for the symptoms for which `is_wanted` is true.
    pub(crate) fn looking_for(program: &'p Program, is_wanted: &dyn Fn(SymptomId) -> bool) -> Self {
        let symptoms = (0..).map(SymptomId).zip(&program.symptoms).filter(|(id, _)| is_wanted(*id));
        let targets: Vec<PatternPlace> = symptoms.flat_map(targets_of).collect();
        MatchPlan {
            program,
            targets,
            searches: [const { OnceLock::new() }; 3],
            in_long: [const { OnceLock::new() }; 3],
        }
    }

    /// Returns the searches for a part of a source of this kind.
    pub(crate) fn searches(&self, kind: SourceKind, bytes: &[u8]) -> &TargetSearches {
        let build = |sample| searches(self.program, &self.targets, kind, sample);
        match bytes.get(..SAMPLE_BYTES) {
            Some(sample) => self.in_long[kind as usize].get_or_init(|| build(Some(sample))),
            None => self.searches[kind as usize].get_or_init(|| build(None)),
        }
    }

    pub(crate) fn program(&self) -> &'p Program {
        self.program
    }

    /// Whether the symptom has conditions on time.
    pub(crate) fn is_timed(&self, symptom: SymptomId) -> bool {
        self.program.symptom(symptom).time.is_some()
    }

    /// Returns the symptom of a target.
    pub(crate) fn symptom(&self, target: u32) -> SymptomId {
        self.targets[target as usize].symptom
    }

    /// Returns the symptoms that `record` shows, with their bindings and captures. Only those symptoms are tried for which
    /// `is_read` is true, and only the targets in `candidates`.
    pub(crate) fn shown<'a>(
        &'a self,
        record: &'a Record<'_>,
        candidates: &'a [u32],
        is_read: impl Fn(SymptomId) -> bool + 'a,
    ) -> impl Iterator<Item = (SymptomId, Shown)> + 'a {
        candidates.chunk_by(|a, b| self.symptom(*a) == self.symptom(*b)).flat_map(move |group| {
            let id = group.first().map(|first| self.symptom(*first)).filter(|id| is_read(*id));
            let may_match = |symptom, binding, alternative| {
                let wanted = PatternPlace { symptom, binding, alternative };
                group.iter().any(|target| self.targets[*target as usize] == wanted)
            };
            let shown = id.map_or_else(Vec::new, |id| {
                let symptom = self.program.symptom(id);
                match symptom.time {
                    Some(_) => shown_by_each(symptom, record, |binding, at| may_match(id, binding, at)),
                    None => shown(symptom, record, |binding, at| may_match(id, binding, at)).into_iter().collect(),
                }
            });
            shown.into_iter().filter_map(move |shown| Some((id?, shown)))
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

fn searches(program: &Program, targets: &[PatternPlace], kind: SourceKind, sample: Option<&[u8]>) -> TargetSearches {
    let literals: Vec<_> = targets.iter().map(|target| required(program, *target, kind)).collect();
    let everywhere = (0_u32..).zip(&literals).filter(|(_, literals)| literals.is_empty()).map(|(target, _)| target);
    let prefilter = match sample {
        Some(sample) => Prefilter::for_log(&literals, sample),
        None => Prefilter::new(&literals),
    };
    TargetSearches { everywhere: everywhere.collect(), prefilter }
}

fn required(program: &Program, target: PatternPlace, kind: SourceKind) -> TargetLiterals<'_> {
    let binding = &program.symptom(target.symptom).bindings[target.binding];
    required_literals(&binding.alternatives[target.alternative], binding.filter.as_ref(), kind)
}
