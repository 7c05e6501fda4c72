//! Finds the symptoms that were looked for and not found. What their absence means is decided by inference, from the
//! times of the evidence.

use super::finding::Scan;
use crate::rule::{Program, SymptomId};

/// Returns the symptoms with `on` that no record shows, although a source that `on` names has records.
pub(crate) fn silent(program: &Program, scan: &Scan) -> Vec<SymptomId> {
    let seen = |symptom| scan.findings.iter().any(|finding| finding.symptom == symptom);
    let looked_for =
        |symptom| scan.sources.iter().any(|source| source.records > 0 && !source.not_looked_for.contains(&symptom));
    let digest = program.digest();
    let limited = digest.limited.iter().map(|(symptom, _)| *symptom);
    limited.filter(|id| digest.is_read[id.0 as usize] && !seen(*id) && looked_for(*id)).collect()
}
