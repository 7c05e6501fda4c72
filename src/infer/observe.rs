//! Determines the state of every symptom from the logs and from the user's answers.

use jiff::Timestamp;

use crate::matching::{Captures, Finding, FindingTiming, Scan, SourceSummary, Status};
use crate::rule::{CauseId, Program, SymptomId};

use super::component::Component;
use super::model::{Because, SymptomState, TimeSpan};

/// Combines findings and answers. Returns the findings with the answers among them, ordered by symptom, and the state
/// of every symptom, by id.
///
/// A finding that is over, as records say, or that is not certain yet, is listed, but its symptom does not count as present.
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
    let is_present = |finding: &&Finding| finding.status == Status::Confirmed && !finding.says_over();
    for finding in findings.iter().filter(is_present) {
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
        timing: FindingTiming::default(),
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

/// Returns the captures of one instance of a problem that shows `symptoms`, to fill a title or a step. Of several
/// findings of the first symptom, the one with the highest count is the instance; a later symptom adds the captures of
/// its finding with the highest count that says nothing else. So two services with two ports are never mixed.
pub(crate) fn captures(findings: &[Finding], symptoms: impl IntoIterator<Item = SymptomId>) -> Captures {
    let mut captures = Captures::new();
    for symptom in symptoms {
        let fits = |finding: &&Finding| {
            let mut known = finding.captures.iter().filter_map(|(name, value)| Some((captures.get(name)?, value)));
            finding.symptom == symptom && known.all(|(known, value)| known == value)
        };
        // `max_by_key` would return the last of equals.
        let most_frequent =
            findings.iter().filter(fits).reduce(|best, next| if next.count > best.count { next } else { best });
        for (name, value) in most_frequent.into_iter().flat_map(|finding| &finding.captures) {
            captures.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    captures
}

/// Returns those symptoms that `cause` shows and that are present, in the order of `because`.
pub(crate) fn present<'f>(
    program: &'f Program,
    cause: CauseId,
    because: &'f [Because],
) -> impl Iterator<Item = SymptomId> + 'f {
    let shows = &program.cause(cause).shows;
    let present = because.iter().filter(|because| because.state == SymptomState::Present);
    present.map(|because| because.symptom).filter(|symptom| shows.iter().any(|(shown, _)| shown == symptom))
}

/// Returns the findings in records that show `cause`.
pub(crate) fn shown_by<'f>(
    program: &'f Program,
    findings: &'f [Finding],
    cause: CauseId,
    because: &'f [Because],
) -> impl Iterator<Item = &'f Finding> {
    let is_present = move |symptom| present(program, cause, because).any(|present| present == symptom);
    findings.iter().filter(move |finding| finding.status == Status::Confirmed && is_present(finding.symptom))
}

/// Returns the times of the first and the last of `findings`; `None` if none has a time.
pub(crate) fn span(findings: &[&Finding]) -> Option<TimeSpan> {
    let first = findings.iter().filter_map(|finding| finding.first).min()?;
    Some((first, findings.iter().filter_map(|finding| finding.last).max()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infer::testing::{Book, seen};

    #[test]
    fn captures_are_those_of_one_instance() {
        let [refused, slow, other] = [SymptomId(0), SymptomId(1), SymptomId(2)];
        let findings = [
            seen(refused, 2, 1, &[("port", 80)]),
            seen(refused, 9, 2, &[("port", 5432)]),
            seen(slow, 7, 3, &[("port", 80), ("pid", 7)]),
            seen(slow, 1, 4, &[("port", 5432), ("pid", 8)]),
            seen(other, 1, 5, &[("port", 80), ("unit", 3)]),
        ];
        let of = |symptoms: &[SymptomId]| {
            let found = captures(&findings, symptoms.iter().copied()).into_iter();
            found.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>()
        };
        assert_eq!(of(&[refused, slow, other]), ["pid 8", "port 5432"]);
        assert_eq!(of(&[slow, refused, other]), ["pid 7", "port 80", "unit 3"]);
        assert_eq!(of(&[]), Vec::<String>::new());
    }

    #[test]
    fn a_symptom_that_its_records_call_over_is_not_present() {
        let mut book = Book::default();
        let jams = book.symptom("jams", 0.001);
        let state = |texts: &[&str], answers: &[(SymptomId, bool)]| {
            let mut finding = seen(jams, texts.len() as u64, 1, &[]);
            let evidence = finding.evidence.remove(0);
            let quoted =
                texts.iter().map(|text| crate::matching::Evidence { text: text.to_string(), ..evidence.clone() });
            finding.evidence = quoted.collect();
            let (findings, states) = observe(&book.program, vec![finding], answers);
            (findings.len(), states[0])
        };
        assert_eq!(state(&["[RESOLVED] it jams"], &[]), (1, SymptomState::Unknown));
        assert_eq!(state(&["[RESOLVED] it jams", "it jams"], &[]), (1, SymptomState::Present));
        // The user knows better.
        assert_eq!(state(&["[RESOLVED] it jams"], &[(jams, true)]), (2, SymptomState::Present));
    }
}
