//! The records that stand out, and why.

use crate::infer::is_severe;
use crate::matching::{Salient, SourceSummary};

/// A record is rare if at most one record in this many of its source is of its kind.
const RARE: u64 = 100;

/// A respect in which a record stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Striking {
    /// Logs of normal operation do not contain its kind, or far less of it.
    New,
    /// Its level or its words tell of trouble.
    Severe,
    /// There are few records of its kind in its source.
    Rare,
}

impl Striking {
    pub(in crate::report) fn name(self) -> &'static str {
        match self {
            Striking::New => "new",
            Striking::Severe => "severe",
            Striking::Rare => "rare",
        }
    }
}

/// Returns the respects in which a record of `source` stands out, at least one. A record that is neither new nor severe
/// was chosen because it is rarer than others, so it counts as rare.
pub(in crate::report) fn striking(record: &Salient, source: &SourceSummary) -> Vec<Striking> {
    let (new, severe) = (record.is_new, is_severe(record));
    let rare = record.count == 1 || record.count.saturating_mul(RARE) <= source.records || !(new || severe);
    let all = [(new, Striking::New), (severe, Striking::Severe), (rare, Striking::Rare)];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, striking)| striking).collect()
}
