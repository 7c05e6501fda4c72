//! Groups occurrences into findings: those of a symptom with equal captures are one finding, with a count, a time span
//! and the first records.
//!
//! A finding is a symptom and what its pattern captured: the same message about two ports, devices or databases is two
//! findings, and they may have two causes. Values are equal if they print the same: numbers and addresses are compared
//! as such, and `::ffff:192.0.2.7` is `192.0.2.7`; text is compared byte for byte. So `DB3.example` and `db3.example.`
//! are two findings: the values are put into commands, where they have to be as the program wrote them. A rule that
//! wants one finding captures less. The parts of a record that a pattern does not name do not divide findings.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use super::eval::meets_count_condition;
use super::finding::{Captures, Evidence, Finding, MAX_EVIDENCE, Remark, Status};
use super::occurrence::Occurrence;
use crate::rule::{Program, SymptomId};
use crate::value::Value;

/// The most findings of a symptom that are kept. Occurrences of further findings are only counted.
pub(crate) const MAX_FINDINGS: usize = 10_000;

/// Which records of a finding are kept as evidence, if there are more than [`MAX_EVIDENCE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Kept {
    /// The first ones in the order of source and line.
    #[default]
    First,
    /// The ones that came last, in the order in which they came.
    Latest,
}

/// The findings so far of a pass that has not ended.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grouping {
    kept: Kept,
    symptoms: BTreeMap<SymptomId, HashMap<Vec<u8>, Finding>>,
    forgotten: BTreeMap<SymptomId, u64>,
}

impl Grouping {
    /// Begins with `findings`, and keeps the latest records of each finding.
    pub(crate) fn following(findings: Vec<Finding>) -> Self {
        let mut grouping = Grouping { kept: Kept::Latest, ..Grouping::default() };
        for finding in findings {
            grouping.symptoms.entry(finding.symptom).or_default().insert(key(&finding.captures), finding);
        }
        grouping
    }

    /// Adds an occurrence. The order of occurrences matters only for a symptom with more than [`MAX_FINDINGS`]
    /// findings, of which the first are kept.
    pub(crate) fn add(&mut self, occurrence: Occurrence<'_>) {
        let findings = self.symptoms.entry(occurrence.symptom).or_default();
        let key = key(&occurrence.captures);
        if let Some(finding) = findings.get_mut(&key) {
            finding.add(&occurrence, self.kept);
        } else if findings.len() < MAX_FINDINGS {
            let mut finding = empty_finding(occurrence.symptom, Captures::new());
            finding.add(&occurrence, self.kept);
            findings.insert(key, Finding { captures: occurrence.captures, ..finding });
        } else {
            *self.forgotten.entry(occurrence.symptom).or_default() += 1;
        }
    }

    /// Returns the findings that meet the condition on the count of their symptom, sorted by symptom and first
    /// evidence; and remarks on symptoms of which findings were left out.
    pub(crate) fn finish(self, program: &Program) -> (Vec<Finding>, Vec<Remark>) {
        let (mut findings, remarks) = self.ungated();
        findings.retain(|finding| meets_count_condition(program.symptom(finding.symptom), finding));
        (findings, remarks)
    }

    /// Returns the same as `finish`, with the findings that do not meet the condition on the count.
    pub(crate) fn ungated(self) -> (Vec<Finding>, Vec<Remark>) {
        let mut findings: Vec<Finding> = self.symptoms.into_values().flat_map(HashMap::into_values).collect();
        findings.sort_by_key(|finding| {
            let first = finding.evidence.first().map(|evidence| (evidence.source, evidence.line));
            (finding.symptom, first)
        });
        let remarks = self.forgotten.into_iter().map(|(symptom, records)| Remark::Forgotten(symptom, records));
        (findings, remarks.collect())
    }
}

/// Returns a finding that no record shows yet: its count is 0.
pub(crate) fn empty_finding(symptom: SymptomId, captures: Captures) -> Finding {
    Finding { symptom, status: Status::Confirmed, count: 0, captures, first: None, last: None, evidence: Vec::new() }
}

impl Finding {
    fn add(&mut self, occurrence: &Occurrence<'_>, kept: Kept) {
        self.count += 1;
        if let Some(time) = occurrence.time {
            self.first = Some(self.first.map_or(time, |first| first.min(time)));
            self.last = Some(self.last.map_or(time, |last| last.max(time)));
        }
        match kept {
            Kept::First => self.keep_first(occurrence),
            Kept::Latest => self.keep_latest(occurrence),
        }
    }

    fn keep_latest(&mut self, occurrence: &Occurrence<'_>) {
        if self.evidence.len() == MAX_EVIDENCE {
            self.evidence.remove(0);
        }
        self.evidence.push(Evidence::new(occurrence.source, occurrence.line, occurrence.text));
    }

    /// Keeps the occurrence as evidence if it is one of the first [`MAX_EVIDENCE`], in the order of source and line.
    fn keep_first(&mut self, occurrence: &Occurrence<'_>) {
        let place = (occurrence.source, occurrence.line);
        let is_before = |kept: &Evidence| (kept.source, kept.line) <= place;
        if self.evidence.len() == MAX_EVIDENCE {
            if self.evidence.last().is_some_and(is_before) {
                return;
            }
            self.evidence.pop();
        }
        let at = self.evidence.partition_point(is_before);
        self.evidence.insert(at, Evidence::new(occurrence.source, occurrence.line, occurrence.text));
        debug_assert!(self.evidence.is_sorted_by_key(|evidence| (evidence.source, evidence.line)));
    }
}

/// Returns bytes that are equal for equal captures and different for all others.
pub(crate) fn key(captures: &Captures) -> Vec<u8> {
    let mut key = Vec::new();
    for (name, value) in captures {
        push_bytes(&mut key, name.as_bytes());
        push_value(&mut key, value);
    }
    key
}

fn push_bytes(key: &mut Vec<u8>, bytes: &[u8]) {
    key.extend_from_slice(&bytes.len().to_le_bytes());
    key.extend_from_slice(bytes);
}

fn push_value(key: &mut Vec<u8>, value: &Value<'_>) {
    let mut push = |kind: u8, bytes: &[u8]| {
        key.push(kind);
        push_bytes(key, bytes);
    };
    match value {
        Value::Text(text) => push(b't', text),
        Value::Int(n) => push(b'i', &n.to_le_bytes()),
        Value::Num(n) => push(b'n', &n.to_le_bytes()),
        Value::Bool(b) => push(b'b', &[u8::from(*b)]),
        Value::Duration(d) => push(b'd', &d.as_nanos().to_le_bytes()),
        Value::Size(n) => push(b's', &n.to_le_bytes()),
        Value::Ip(IpAddr::V4(ip)) => push(b'4', &ip.octets()),
        Value::Ip(IpAddr::V6(ip)) => push(b'6', &ip.octets()),
        Value::Time(t) => push(b'z', &t.as_nanosecond().to_le_bytes()),
        Value::List(values) => {
            let mut inner = Vec::new();
            values.iter().for_each(|value| push_value(&mut inner, value));
            push(b'l', &inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_captures_have_different_keys() {
        let captures = |pairs: &[(&str, Value<'static>)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<Captures>()
        };
        let text = |text: &'static str| Value::Text(text.as_bytes().into());
        let keys = [
            captures(&[]),
            captures(&[("a", text("1"))]),
            captures(&[("a", Value::Int(1))]),
            captures(&[("a", Value::Size(1))]),
            captures(&[("a", Value::Ip([192, 0, 2, 7].into()))]),
            captures(&[("a", Value::Ip([192, 0, 2, 8].into()))]),
            captures(&[("a", Value::Ip(IpAddr::from([0xc0, 0, 2, 7, 0, 0, 0, 0])))]),
            captures(&[("a", text("1")), ("b", text(""))]),
            captures(&[("a", text("")), ("b", text("1"))]),
            captures(&[("a", Value::List(vec![text("1"), text("2")]))]),
            captures(&[("a", Value::List(vec![text("12")]))]),
        ]
        .map(|captures| key(&captures));
        let distinct: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
    }
}
