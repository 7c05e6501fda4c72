//! Keeps findings whose log cannot be read again.

use std::path::PathBuf;

use super::model::{SavedDiagnosis, SavedFinding};
use crate::matching::{self, Captures, Remark, Scan, Status};
use crate::rule::{Program, SymptomId};
use crate::value::Value;

/// Whether the finding comes from a log in `gone`.
pub(super) fn is_kept(finding: &SavedFinding, gone: &[PathBuf]) -> bool {
    finding.logs.iter().any(|log| gone.contains(log))
}

/// Adds to `scan` the findings of `before` from logs that are `gone` now, with a remark for each. A symptom that no rule has
/// any more is left out. If other logs show the same finding again, the larger count and the longer time win: the case does
/// not record how much of a finding came from which log.
pub fn keep(program: &Program, scan: &mut Scan, before: &SavedDiagnosis, gone: &[PathBuf]) {
    for old in before.findings.iter().filter(|finding| is_kept(finding, gone)) {
        let Some(symptom) = program.symptom_named(&old.symptom) else { continue };
        let same = |new: &&mut matching::Finding| new.symptom == symptom && is_same(program, new, old);
        match scan.findings.iter_mut().find(same) {
            Some(new) => {
                new.count = new.count.max(old.count);
                new.first = new.first.into_iter().chain(old.first).min();
                new.last = new.last.into_iter().chain(old.last).max();
            }
            None => scan.findings.push(kept_finding(symptom, old)),
        }
        scan.silent.retain(|silent| *silent != symptom);
        scan.remarks.push(Remark::Kept(symptom, old.count));
    }
}

fn kept_finding(symptom: SymptomId, old: &SavedFinding) -> matching::Finding {
    let text = |text: &String| Value::Text(text.clone().into_bytes().into());
    matching::Finding {
        symptom,
        status: Status::Confirmed,
        count: old.count,
        captures: old.captures.iter().map(|(name, value)| (name.clone(), text(value))).collect::<Captures>(),
        first: old.first,
        last: old.last,
        evidence: Vec::new(),
        timing: matching::FindingTiming::default(),
    }
}

/// Whether a finding is one that was found before: it has the same key, and began at the same time if it is one of several
/// with that key.
fn is_same(program: &Program, new: &matching::Finding, old: &SavedFinding) -> bool {
    let key = new.key_captures(program.symptom(new.symptom));
    let mut key = key.iter().map(|(name, value)| old.captures.get(name) == Some(&value.to_string()));
    key.all(|is_same| is_same) && (!new.timing.is_episode || new.first == old.first)
}
