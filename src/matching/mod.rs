//! Program and records to findings: literals first, over raw bytes; then one rule and one record at a time.

mod finding;

pub use finding::{
    Captures, Evidence, Finding, LineNo, MAX_EVIDENCE, MAX_EVIDENCE_BYTES, Salient, Scan, SourceSummary, Status,
};
