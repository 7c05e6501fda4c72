//! What is looked for in which records: the patterns of a program, numbered, with the prefilter that finds them.

use std::cell::OnceCell;

use super::eval::shown;
use super::finding::Captures;
use super::prefilter::{Prefilter, unescaped_part};
use crate::log::Record;
use crate::pattern::Literal;
use crate::rule::program::{Matcher, Symptom};
use crate::rule::{Program, SymptomId};

/// The patterns of all symptoms that are read from records.
#[derive(Debug)]
pub(crate) struct Plan<'p> {
    program: &'p Program,
    /// In order of symptom, binding and alternative. A target is an index into this.
    targets: Vec<Target>,
    raw: Searches,
    /// For texts in which quotes and other signs may be escaped; built when such a source comes.
    escaped: OnceCell<Searches>,
}

/// Where a pattern stands in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Target {
    symptom: SymptomId,
    binding: usize,
    alternative: usize,
}

/// How targets are found in one kind of source.
#[derive(Debug)]
pub(crate) struct Searches {
    pub(crate) prefilter: Prefilter,
    /// Targets without a usable literal: each record is a candidate.
    pub(crate) everywhere: Vec<u32>,
}

impl<'p> Plan<'p> {
    pub(crate) fn new(program: &'p Program) -> Self {
        let targets: Vec<Target> = (0..).map(SymptomId).zip(&program.symptoms).flat_map(targets_of).collect();
        let raw = searches(program, &targets, |literal| Some(literal.clone()));
        Plan { program, targets, raw, escaped: OnceCell::new() }
    }

    /// How to search a source, whose texts may contain escapes if `has_escapes`.
    pub(crate) fn searches(&self, has_escapes: bool) -> &Searches {
        if has_escapes {
            self.escaped.get_or_init(|| searches(self.program, &self.targets, unescaped_part))
        } else {
            &self.raw
        }
    }

    /// The symptom that a target is a pattern of.
    pub(crate) fn symptom(&self, target: u32) -> SymptomId {
        self.targets[target as usize].symptom
    }

    /// The symptoms that `record` shows, of those that `fits` admits, when only `candidates` may match.
    pub(crate) fn shown<'a>(
        &'a self,
        record: &'a Record<'_>,
        candidates: &'a [u32],
        fits: impl Fn(SymptomId) -> bool + 'a,
    ) -> impl Iterator<Item = (SymptomId, Captures)> + 'a {
        candidates.chunk_by(|a, b| self.symptom(*a) == self.symptom(*b)).filter_map(move |group| {
            let id = self.symptom(*group.first()?);
            let may_match = |binding, alternative| {
                let wanted = Target { symptom: id, binding, alternative };
                group.iter().any(|target| self.targets[*target as usize] == wanted)
            };
            let captures = fits(id).then(|| shown(self.program.symptom(id), record, may_match))?;
            Some((id, captures?))
        })
    }
}

/// A symptom that is read from records; not one that is only asked, or read in the output of a command.
pub(crate) fn is_read_from_records(symptom: &Symptom) -> bool {
    symptom.probe.is_none() && !symptom.bindings.is_empty()
}

fn targets_of((symptom, definition): (SymptomId, &Symptom)) -> Vec<Target> {
    let bindings = if is_read_from_records(definition) { definition.bindings.as_slice() } else { &[] };
    let bindings = bindings.iter().enumerate();
    bindings
        .flat_map(|(binding, defined)| {
            (0..defined.alternatives.len()).map(move |alternative| Target { symptom, binding, alternative })
        })
        .collect()
}

fn searches(program: &Program, targets: &[Target], usable: impl Fn(&Literal) -> Option<Literal>) -> Searches {
    let usable_sets = |target: &Target| {
        let sets = required(program, *target).iter();
        sets.filter_map(|any_of| any_of.iter().map(&usable).collect::<Option<Vec<_>>>()).collect::<Vec<_>>()
    };
    let required: Vec<_> = targets.iter().map(usable_sets).collect();
    let everywhere = (0_u32..).zip(&required).filter(|(_, sets)| sets.is_empty()).map(|(target, _)| target).collect();
    Searches { prefilter: Prefilter::new(required), everywhere }
}

fn required(program: &Program, target: Target) -> &[Vec<Literal>] {
    let binding = &program.symptom(target.symptom).bindings[target.binding];
    match &binding.alternatives[target.alternative] {
        Matcher::Pattern(pattern) => pattern.required(),
        Matcher::Any => &[],
    }
}
