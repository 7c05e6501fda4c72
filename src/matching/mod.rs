//! Finds the symptoms of a program (compiled rules) in records. A prefilter searches the raw bytes for records that may
//! match; each of these is then matched with the patterns that it may match. Each match is an [`Occurrence`];
//! occurrences are grouped into findings.

#[cfg(test)]
mod cases;
mod clock;
mod compare;
mod elements;
mod eval;
mod fed_source;
mod finding;
mod grouping;
mod in_order;
mod mute;
mod names;
mod near;
mod not_seen;
mod occurrence;
mod over;
mod pass;
mod plan;
pub mod prefilter;
mod probe;
mod raw_tail;
mod silence;
mod source_pass;
#[cfg(test)]
mod tests;
mod timeline;
mod unmet;

pub use eval::holds_for;
pub use finding::{
    Captures, Evidence, Finding, FindingTiming, LineNo, MAX_EVIDENCE, MAX_EVIDENCE_BYTES, MAX_MESSAGE_BYTES, Remark,
    Salient, Scan, SourceSummary, Status, Unreadable,
};
#[cfg(feature = "report")]
pub(crate) use grouping::MAX_FINDINGS;
pub use near::{SearchedInputs, why_not_seen};
pub use not_seen::{
    MAX_NEAREST, NearMiss, NotSeen, Obstacle, SearchedSource, ShortFinding, TimedMiss, TriedPattern, header_words,
};
pub use occurrence::Occurrence;
pub use pass::{Pass, ScanOptions, scan};
pub use probe::add_probe;
#[cfg(feature = "report")]
pub(crate) use timeline::{MAX_EVENTS, MAX_KEYS};
pub use unmet::Unmet;
