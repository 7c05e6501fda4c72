//! Why no record shows a symptom, as data: what was looked at, and what comes nearest.

use super::finding::{Captures, Evidence};
use super::unmet::Unmet;
use crate::pattern::PatternMiss;
use crate::rule::SymptomId;

/// Kept of records that come near one pattern, each for a reason of its own, and of findings that do not stand.
pub const MAX_NEAREST: usize = 3;

/// Why a symptom was not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct NotSeen {
    /// Which.
    pub symptom: SymptomId,
    /// What was read, in order; a [`SourceId`](crate::source::SourceId) of the evidence below is an index into it. Of a symptom with a probe, what
    /// the probe printed.
    pub sources: Vec<Looked>,
    /// How far each pattern got, in the order of the rule.
    pub patterns: Vec<Tried>,
    /// Findings whose condition on the finding is false, the most frequent first.
    pub short: Vec<Short>,
    /// How many such findings there are.
    pub n_short: u64,
}

/// A source, and what of it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// What the user called it, or its path as given.
    pub name: String,
    /// All names that `on` may call it by, each once.
    pub names: Vec<String>,
    /// Programs that wrote records of it, which are names too; the first few, and only where the symptom has an `on`.
    pub programs: Vec<String>,
    /// Records in it.
    pub records: u64,
    /// Those that the symptom is read from.
    pub read: u64,
}

/// One pattern, and the records that come near to showing the symptom by it.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// Index into the symptom's bindings.
    pub binding: usize,
    /// Index into the binding's alternatives.
    pub alternative: usize,
    /// Records that it matches, of those that the symptom is read from.
    pub matched: u64,
    /// Records that it matches among those that the symptom is not read from, and the first of them.
    pub elsewhere: Option<(u64, Evidence)>,
    /// Records that come near, matched or not.
    pub near: u64,
    /// The nearest of them, best first.
    pub nearest: Vec<Nearest>,
    /// Its words that no record holds; of a regex, the literals of which it requires one.
    pub unheard: Vec<String>,
}

/// A record that comes near, standing for all that fail as it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    /// The first of them.
    pub at: Evidence,
    /// How many there are.
    pub records: u64,
    /// What keeps them from showing the symptom.
    pub because: Obstacle,
    /// The fields that it has, where one that a condition asks for is missing.
    pub fields: Vec<String>,
}

/// What keeps a record from showing a symptom.
#[derive(Debug, Clone, PartialEq)]
pub enum Obstacle {
    /// The pattern does not match.
    Pattern(PatternMiss),
    /// The pattern matches, and these comparisons do not hold.
    Where(Vec<Unmet>),
}

/// A finding whose condition on the finding is false.
#[derive(Debug, Clone, PartialEq)]
pub struct Short {
    /// Its captures, which tell it from others.
    pub captures: Captures,
    /// Records that show it.
    pub count: u64,
    /// The first of them.
    pub at: Option<Evidence>,
    /// What does not hold.
    pub unmet: Vec<Unmet>,
}

impl NotSeen {
    /// Of a symptom that was not looked for again.
    pub fn nothing_read(symptom: SymptomId) -> Self {
        NotSeen { symptom, sources: Vec::new(), patterns: Vec::new(), short: Vec::new(), n_short: 0 }
    }
}

impl Obstacle {
    /// Greater is nearer: the pattern matches and few comparisons do not hold, fewer of them for want of a value; then
    /// how much of the pattern is there.
    pub(super) fn nearness(&self) -> (usize, usize) {
        match self {
            Obstacle::Where(unmet) => {
                let absent = unmet.iter().filter(|unmet| unmet.missing().is_some()).count();
                (1, usize::MAX - 2 * unmet.len() - absent)
            }
            Obstacle::Pattern(miss) => (0, miss.nearness),
        }
    }

    /// Whether the record lacks what a condition asks for.
    pub(super) fn misses_a_field(&self) -> bool {
        matches!(self, Obstacle::Where(unmet) if unmet.iter().any(|unmet| unmet.missing().is_some()))
    }

    /// Whether the same keeps both records from showing the symptom.
    pub(super) fn is_like(&self, other: &Obstacle) -> bool {
        match (self, other) {
            (Obstacle::Where(these), Obstacle::Where(those)) => these == those,
            (Obstacle::Pattern(this), Obstacle::Pattern(that)) => this.is_like(that),
            _ => false,
        }
    }
}
