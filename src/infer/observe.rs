//! Determines the state of every symptom from the logs and from the user's answers.

use jiff::Timestamp;

use crate::matching::{Captures, Finding, Scan, SourceSummary, Status};
use crate::rule::{Program, SymptomId};

use super::component::Component;
use super::model::SymptomState;

/// Combines findings and answers. Returns the findings with the answers among them, ordered by symptom, and the state
/// of every symptom, by id.
///
/// An answer wins over the log: a "no" to a symptom in the log means that it is over, or known to be harmless. The
/// finding stays listed beside the answer. Of two answers the later one counts. An answer that only repeats what was
/// seen adds no finding.
pub(crate) fn observe(
    program: &Program,
    seen: Vec<Finding>,
    answers: &[(SymptomId, bool)],
) -> (Vec<Finding>, Vec<SymptomState>) {
    let mut states = vec![SymptomState::Unknown; program.symptoms.len()];
    let mut findings = seen;
    for finding in findings.iter().filter(|finding| finding.status == Status::Confirmed) {
        states[finding.symptom.0 as usize] = SymptomState::Present;
    }
    for finding in &findings {
        if let Status::Answered(yes) = finding.status {
            states[finding.symptom.0 as usize] = answered(yes);
        }
    }
    for (index, &(symptom, yes)) in answers.iter().enumerate() {
        let is_last = answers[index + 1..].iter().all(|(later, _)| *later != symptom);
        if is_last && states[symptom.0 as usize] != answered(yes) {
            states[symptom.0 as usize] = answered(yes);
            findings.push(answer(symptom, yes));
        }
    }
    findings.sort_by_key(|finding| {
        (finding.symptom, finding.evidence.first().map(|evidence| (evidence.source, evidence.line)))
    });
    (findings, states)
}

fn answered(yes: bool) -> SymptomState {
    if yes { SymptomState::Present } else { SymptomState::Absent }
}

fn answer(symptom: SymptomId, yes: bool) -> Finding {
    Finding {
        symptom,
        status: Status::Answered(yes),
        count: 1,
        captures: Captures::new(),
        first: None,
        last: None,
        evidence: Vec::new(),
    }
}

/// Marks those symptoms of `component` as absent that were looked for and not found, if a source in which they were
/// looked for covers the problem: it has records, and they overlap in time with the component's positive findings. A
/// source or a finding without times counts as overlapping, because the user supplied both together.
pub(crate) fn mark_absent(component: &Component, scan: &Scan, findings: &[Finding], states: &mut [SymptomState]) {
    let span = positive_span(component, findings, states);
    for observable in &component.symptoms {
        let symptom = observable.symptom;
        let state = &mut states[symptom.0 as usize];
        if *state == SymptomState::Unknown && scan.silent.contains(&symptom) {
            let mut fitting = scan.sources.iter().filter(|source| !source.not_looked_for.contains(&symptom));
            if scan.sources.is_empty() || fitting.any(|source| overlaps(source, span)) {
                *state = SymptomState::Absent;
            }
        }
    }
}

fn positive_span(
    component: &Component,
    findings: &[Finding],
    states: &[SymptomState],
) -> Option<(Timestamp, Timestamp)> {
    let is_positive = |symptom: SymptomId| {
        states[symptom.0 as usize] == SymptomState::Present
            && component.symptoms.iter().any(|observable| observable.symptom == symptom)
    };
    let positive = || findings.iter().filter(|finding| is_positive(finding.symptom));
    Some((positive().filter_map(|finding| finding.first).min()?, positive().filter_map(|finding| finding.last).max()?))
}

fn overlaps(source: &SourceSummary, span: Option<(Timestamp, Timestamp)>) -> bool {
    let (Some(first), Some(last), Some((from, to))) = (source.first, source.last, span) else {
        return source.records > 0;
    };
    first <= to && from <= last
}

/// Returns the captures of the findings of `symptoms`, to fill a title or a step. If several symptoms have a capture of
/// the same name, the first symptom wins. Of several findings of one symptom, the one with the highest count is used.
pub(crate) fn captures(findings: &[Finding], symptoms: impl IntoIterator<Item = SymptomId>) -> Captures {
    let mut captures = Captures::new();
    for symptom in symptoms {
        let of_symptom = findings.iter().filter(|finding| finding.symptom == symptom);
        // `max_by_key` would return the last of equals.
        let most_frequent = of_symptom.reduce(|best, next| if next.count > best.count { next } else { best });
        for (name, value) in most_frequent.into_iter().flat_map(|finding| &finding.captures) {
            captures.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    captures
}
