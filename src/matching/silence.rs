//! Symptoms that would have been seen: not seen is negative only where somebody looked (LANGUAGE §4.7).

use jiff::Timestamp;

use super::finding::{Scan, SourceSummary};
use super::plan::is_read_from_records;
use crate::rule::{Program, SymptomId};
use crate::source::SourceId;

/// The symptoms with `on` that were not seen though a source was read that fits and is not known to lie at another
/// time than what was seen.
pub(crate) fn silent(program: &Program, scan: &Scan) -> Vec<SymptomId> {
    let seen = |symptom| scan.findings.iter().any(|finding| finding.symptom == symptom);
    let looked_for = |symptom| {
        let sources = (0..).map(SourceId).zip(&scan.sources);
        sources.into_iter().any(|(id, source)| !source.not_looked_for.contains(&symptom) && tells(scan, id, source))
    };
    (0..)
        .map(SymptomId)
        .zip(&program.symptoms)
        .filter(|(id, symptom)| {
            !symptom.on.is_empty() && is_read_from_records(symptom) && !seen(*id) && looked_for(*id)
        })
        .map(|(id, _)| id)
        .collect()
}

/// Whether silence of the source says something: it has records, and shows symptoms itself or overlaps them in time.
fn tells(scan: &Scan, id: SourceId, source: &SourceSummary) -> bool {
    let shows = || scan.findings.iter().flat_map(|finding| &finding.evidence).any(|evidence| evidence.source == id);
    source.records > 0 && (overlaps(source.first.zip(source.last), time_span(scan)) || shows())
}

/// Whether two spans have an instant in common; one that is not known is taken to be of the same occasion.
fn overlaps(a: Option<(Timestamp, Timestamp)>, b: Option<(Timestamp, Timestamp)>) -> bool {
    a.zip(b).is_none_or(|((a_first, a_last), (b_first, b_last))| a_first <= b_last && b_first <= a_last)
}

/// From the first to the last record that shows a symptom.
fn time_span(scan: &Scan) -> Option<(Timestamp, Timestamp)> {
    let first = scan.findings.iter().filter_map(|finding| finding.first).min()?;
    let last = scan.findings.iter().filter_map(|finding| finding.last).max()?;
    Some((first, last))
}
