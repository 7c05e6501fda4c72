//! What a rule means as compiled, for `casebook rule explain`.

use crate::pattern::{HoleKind, Pattern};
use crate::rule::{CauseId, Program, ResolutionId, SymptomId};

/// An item to explain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExplainedItem {
    /// A symptom.
    Symptom(SymptomId),
    /// A cause, with its symptoms and resolutions. A `rule` is one.
    Cause(CauseId),
    /// A resolution.
    Resolution(ResolutionId),
}

/// An item, and where it is written.
#[derive(Debug)]
pub struct ExplainView<'a> {
    /// The rules.
    pub program: &'a Program,
    /// The item.
    pub item: ExplainedItem,
    /// The name of its pack.
    pub pack: String,
    /// The path of its file, and its line from 1.
    pub place: Option<(String, usize)>,
}

/// The kind of value that a hole takes, in a word.
pub(super) fn type_word(kind: HoleKind) -> &'static str {
    match kind {
        HoleKind::Stretch => "text of any length",
        HoleKind::Rest => "rest of the line",
        other => other.name().unwrap_or("text"),
    }
}

/// The literals without which a pattern cannot match: one of each set.
pub(super) fn required_literals(pattern: &Pattern) -> Vec<Vec<String>> {
    let text = |literal: &crate::pattern::Literal| String::from_utf8_lossy(&literal.bytes).into_owned();
    let mut sets: Vec<Vec<String>> =
        pattern.required().iter().map(|any_of| any_of.iter().map(text).collect()).collect();
    // A literal of several words says more than its words.
    let runs: Vec<String> = pattern.runs().iter().map(text).collect();
    sets.retain(|any_of| !any_of.iter().all(|word| runs.iter().any(|run| run.contains(word.as_str()))));
    sets.extend(runs.into_iter().map(|run| vec![run]));
    sets
}
