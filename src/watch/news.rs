//! Finds out which findings are new or have grown.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::matching::{Finding, Scan, Status};
use crate::rule::{Program, SymptomId};

/// What tells a finding from others: its symptom, its key, and when it began if it can be one of several with that key.
pub(super) type Key = (SymptomId, Vec<u8>);

pub(super) fn key(program: &Program, finding: &Finding) -> Key {
    (finding.symptom, finding.key(program.symptom(finding.symptom)))
}

/// How a finding was shown for the last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) count: u64,
    /// `None` if that was before this run.
    pub(super) at: Option<Instant>,
}

/// Findings to show, with all that was found.
#[derive(Debug)]
pub struct News {
    /// Everything found so far.
    pub scan: Scan,
    /// The findings to show, in the order of the scan; at least one.
    pub changes: Vec<Change>,
}

/// A finding that is new or has grown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The index of the finding in the scan.
    pub finding: usize,
    /// The number of records since it was shown for the last time.
    pub added: u64,
    /// Whether it was never shown before.
    pub is_first: bool,
}

/// Returns the findings to show now, and whether others are to be shown later. What is not certain yet is not shown.
pub(super) fn changes(
    program: &Program,
    scan: &Scan,
    shown: &mut HashMap<Key, Shown>,
    now: Instant,
    every: Duration,
) -> (Vec<Change>, bool) {
    let mut changes = Vec::new();
    let mut has_more = false;
    let certain = scan.findings.iter().enumerate().filter(|(_, finding)| finding.status != Status::Unconfirmed);
    for (index, finding) in certain {
        let entry = shown.entry(key(program, finding)).or_insert(Shown { count: 0, at: None });
        if finding.count <= entry.count {
            continue;
        }
        if entry.at.is_some_and(|at| now.saturating_duration_since(at) < every) {
            has_more = true;
            continue;
        }
        changes.push(Change { finding: index, added: finding.count - entry.count, is_first: entry.count == 0 });
        *entry = Shown { count: finding.count, at: Some(now) };
    }
    (changes, has_more)
}
