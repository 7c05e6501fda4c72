//! What a watch prints about a finding.

use jiff::Timestamp;

use super::diagnosis::plain;
use crate::infer::{Diagnosis, LIKELY, RankedCause, SymptomState};
use crate::matching::Finding;
use crate::rule::Program;

/// Findings to show, and what they mean together with everything else that was found.
#[derive(Clone, Copy)]
pub struct WatchView<'a> {
    /// The rules that were used.
    pub program: &'a Program,
    /// What everything found so far means.
    pub diagnosis: &'a Diagnosis,
    /// The current time.
    pub at: Timestamp,
}

/// A finding that is new or has grown.
#[derive(Debug, Clone)]
pub struct ChangedFinding {
    /// The finding, with its latest records.
    pub finding: Finding,
    /// The number of records since it was shown for the last time.
    pub added: u64,
    /// Whether it was never shown before.
    pub is_first: bool,
}

impl<'a> WatchView<'a> {
    /// The most probable cause that `finding` is evidence for; `None` if none is likely.
    pub(super) fn cause(self, finding: &Finding) -> Option<&'a RankedCause> {
        let supports = |cause: &&RankedCause| {
            cause.because.iter().any(|one| one.symptom == finding.symptom && one.state == SymptomState::Present)
        };
        let likely = self.diagnosis.causes.iter().filter(|cause| cause.probability >= LIKELY).filter(supports);
        likely.max_by(|a, b| a.probability.total_cmp(&b.probability))
    }

    #[cfg(feature = "cli")]
    pub(super) fn title(self, finding: &Finding) -> String {
        plain(&self.program.symptom(finding.symptom).title, &finding.captures, Some(finding.count))
    }

    pub(super) fn cause_title(self, cause: &RankedCause) -> String {
        plain(&self.program.cause(cause.cause).title, &cause.captures, None)
    }
}
