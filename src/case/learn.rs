//! Turns counts into new chances that people may put into their rules.

use std::collections::BTreeMap;

use super::model::Case;
use super::tally::{Count, tally};
use crate::rule::{ChancePlace, ChanceRelation, Edit, Program, RuleText, chance_places, revised_chance};

/// A suggested change of a chance in a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The chance and its place in the rule file.
    pub place: ChancePlace,
    /// The chance in the rules, 0–1.
    pub before: f64,
    /// The suggested chance, not rounded.
    pub after: f64,
    /// The text to write in its place.
    pub text: String,
    /// The count that it is computed from.
    pub count: Count,
}

/// Suggests a new value for each chance of `program` (loaded from `files`) whose written number would change with
/// `counts`. Ordered by place in the files.
pub fn proposals(program: &Program, files: &[RuleText], counts: &BTreeMap<ChanceRelation, Count>) -> Vec<Proposal> {
    let proposal = |place: ChancePlace| {
        let count = *counts.get(&place.relation)?;
        let before = chance(program, place.relation)?;
        let after = count.revised(before)?;
        let text = revised_chance(&place.written, before, after)?;
        Some(Proposal { place, before, after, text, count })
    };
    chance_places(files, program).into_iter().filter_map(proposal).collect()
}

fn chance(program: &Program, relation: ChanceRelation) -> Option<f64> {
    match relation {
        ChanceRelation::Shows(cause, symptom) => {
            program.cause(cause).shows.iter().find(|(shown, _)| *shown == symptom).map(|(_, chance)| *chance)
        }
        ChanceRelation::Resolves(resolution, cause) => {
            let resolves = &program.resolution(resolution).resolves;
            resolves.iter().find(|(resolved, _)| *resolved == cause).map(|(_, chance)| *chance)
        }
    }
}

/// Marks in a case the chances in `learnt` that it was counted for, so that it is not counted twice. Returns whether there
/// are any.
pub fn mark_learnt(program: &Program, case: &mut Case, learnt: &[ChanceRelation]) -> bool {
    let (counts, _) = tally(program, [&*case]);
    let Some(closed) = &mut case.closed else { return false };
    let counted = learnt.iter().filter(|relation| counts.contains_key(relation));
    let before = closed.learnt.len();
    closed.learnt.extend(counted.map(|relation| relation.words(program).join(" ")));
    closed.learnt.len() > before
}

impl Proposal {
    /// The change to the file; `None` if the rule does not write the chance, so that there is no text to replace.
    pub fn edit(&self) -> Option<Edit> {
        Some(Edit { span: self.place.span?, text: self.text.clone() })
    }
}
