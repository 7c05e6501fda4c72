//! Program and records to findings: literals first, over raw bytes; then one rule and one record at a time.

#[cfg(test)]
mod cases;
mod compare;
mod eval;
mod finding;
mod grouping;
mod names;
mod near;
mod not_seen;
mod plan;
mod prefilter;
mod probe;
mod scan;
mod silence;
#[cfg(test)]
mod tests;
mod unmet;

pub use eval::holds_for;
pub use finding::{
    Captures, Evidence, Finding, LineNo, MAX_EVIDENCE, MAX_EVIDENCE_BYTES, Remark, Salient, Scan, SourceSummary,
    Status, Unreadable,
};
pub use near::{Looking, near};
pub use not_seen::{Looked, MAX_NEAREST, Nearest, NotSeen, Obstacle, Short, Tried};
pub use probe::add_probe;
pub use scan::{ScanOptions, scan};
pub use unmet::Unmet;
