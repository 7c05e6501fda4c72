//! `casebook watch --format json`: one object on each line.

use schemars::JsonSchema;
use serde::Serialize;

use super::diagnose::{Diagnose, Finding, Wire, diagnose};
use crate::report::{ChangedFinding, DiagnosisView, WatchView};

/// The most records of a finding, the latest ones.
const MAX_RECORDS: usize = 3;

/// One line of `casebook watch --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum WatchLine {
    /// A finding that is new or has grown.
    Finding(Box<WatchedFinding>),
    /// Everything that was found, when the watch ends.
    Summary {
        /// As `casebook diagnose` prints it.
        diagnosis: Box<Diagnose>,
    },
}

/// A finding that is new or has grown.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WatchedFinding {
    /// When it was printed, RFC 3339.
    at: String,
    /// The finding as `diagnose` prints it, with the latest records as evidence. Its count is that of all records so far.
    finding: Finding,
    /// Number of records since it was printed for the last time.
    added: u64,
    /// Whether it was never printed before.
    is_first: bool,
    /// The cause that it is evidence for, if one is likely.
    cause: Option<LikelyCause>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LikelyCause {
    cause: String,
    title: String,
    /// Posterior, 0–1.
    probability: f64,
}

/// The line for one finding.
pub fn watch_finding(view: WatchView, change: &ChangedFinding) -> WatchLine {
    let wire = Wire { program: view.program, diagnosis: view.diagnosis };
    let mut finding = change.finding.clone();
    finding.evidence.drain(..finding.evidence.len().saturating_sub(MAX_RECORDS));
    let cause = view.cause(&finding).map(|cause| LikelyCause {
        cause: view.program.cause(cause.cause).name.clone(),
        title: view.cause_title(cause),
        probability: cause.probability,
    });
    WatchLine::Finding(Box::new(WatchedFinding {
        at: format!("{:.0}", view.at),
        finding: wire.finding(&finding),
        added: change.added,
        is_first: change.is_first,
        cause,
    }))
}

/// The last line.
pub fn watch_summary(view: DiagnosisView) -> WatchLine {
    WatchLine::Summary { diagnosis: Box::new(diagnose(view)) }
}
