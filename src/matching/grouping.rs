//! Records with equal captures are one finding: the count, the time span and the first few records of each.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use jiff::Timestamp;

use super::eval::stands;
use super::finding::{Captures, Evidence, Finding, MAX_EVIDENCE, MAX_EVIDENCE_BYTES, Remark, Status};
use crate::log::Record;
use crate::rule::{Program, SymptomId};
use crate::value::Value;

/// Findings kept per symptom; records of further ones are counted and left out.
pub(crate) const MAX_FINDINGS: usize = 10_000;

/// The findings of a scan while it goes on.
#[derive(Debug, Default)]
pub(crate) struct Grouping {
    symptoms: BTreeMap<SymptomId, HashMap<Vec<u8>, Finding>>,
    forgotten: BTreeMap<SymptomId, u64>,
}

impl Grouping {
    /// Notes that `record`, written at `time`, shows the symptom. Records must come in order of source and line.
    pub(crate) fn add(&mut self, symptom: SymptomId, captures: Captures, record: &Record<'_>, time: Option<Timestamp>) {
        let findings = self.symptoms.entry(symptom).or_default();
        let key = key(&captures);
        if let Some(finding) = findings.get_mut(&key) {
            finding.take(record, time);
        } else if findings.len() < MAX_FINDINGS {
            let mut finding = empty_finding(symptom, captures);
            finding.take(record, time);
            findings.insert(key, finding);
        } else {
            *self.forgotten.entry(symptom).or_default() += 1;
        }
    }

    /// The findings that stand as a whole, by symptom and first evidence, and what was left out.
    pub(crate) fn finish(self, program: &Program) -> (Vec<Finding>, Vec<Remark>) {
        let (mut findings, remarks) = self.ungated();
        findings.retain(|finding| stands(program.symptom(finding.symptom), finding));
        (findings, remarks)
    }

    /// All findings, those too that do not stand as a whole.
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

/// A finding that no record shows yet.
pub(crate) fn empty_finding(symptom: SymptomId, captures: Captures) -> Finding {
    Finding { symptom, status: Status::Confirmed, count: 0, captures, first: None, last: None, evidence: Vec::new() }
}

impl Finding {
    fn take(&mut self, record: &Record<'_>, time: Option<Timestamp>) {
        self.count += 1;
        if let Some(time) = time {
            self.first = Some(self.first.map_or(time, |first| first.min(time)));
            self.last = Some(self.last.map_or(time, |last| last.max(time)));
        }
        if self.evidence.len() < MAX_EVIDENCE {
            let text = lossy_start(record.bytes.trim_ascii_end());
            self.evidence.push(Evidence { source: record.source, line: record.line, text });
        }
    }
}

/// Text of at most [`MAX_EVIDENCE_BYTES`]; a character that would be cut through is left out.
pub(crate) fn lossy_start(bytes: &[u8]) -> String {
    let mut kept = &bytes[..bytes.len().min(MAX_EVIDENCE_BYTES)];
    if kept.len() < bytes.len()
        && let Some(last) = kept.utf8_chunks().last()
        && !last.invalid().is_empty()
    {
        kept = &kept[..kept.len() - last.invalid().len()];
    }
    String::from_utf8_lossy(kept).into_owned()
}

/// Equal for equal captures and for no others.
fn key(captures: &Captures) -> Vec<u8> {
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
    fn keys_tell_captures_apart() {
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

    #[test]
    fn evidence_is_not_cut_through_a_character() {
        let text = format!("{}é!", "x".repeat(MAX_EVIDENCE_BYTES - 1));
        assert_eq!(lossy_start(text.as_bytes()), "x".repeat(MAX_EVIDENCE_BYTES - 1));
        assert_eq!(lossy_start(b"ab\xffc"), "ab\u{fffd}c");
    }
}
