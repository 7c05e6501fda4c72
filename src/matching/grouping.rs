//! Groups occurrences into findings: those of a symptom with equal keys are one finding, with a count, a time span and the
//! first records.
//!
//! A key is what the rule says after `by`, or else the captures that the title names: the same message about two ports,
//! devices or databases is two findings if the title tells them apart, and they may have two causes. Values are equal if
//! they print the same: addresses are compared as such, and `::ffff:192.0.2.7` is `192.0.2.7`; text is compared byte for
//! byte. So `DB3.example` and `db3.example.` are two findings: the values are put into commands, where they have to be as the
//! program wrote them. A finding has the other captures too, as long as all of its records agree on them: a value that only
//! some of them have would be wrong for the others.

use std::collections::{BTreeMap, HashMap};

use super::compare::printed;
use super::eval::meets_count_condition;
use super::finding::{Captures, Evidence, Finding, FindingTiming, MAX_EVIDENCE, Remark, Status};
use super::occurrence::Occurrence;
use crate::rule::{FindingKey, Program, Symptom, SymptomId};
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
    symptoms: BTreeMap<SymptomId, HashMap<Vec<u8>, Group>>,
    forgotten: BTreeMap<SymptomId, u64>,
}

/// A finding that can still grow.
#[derive(Debug, Clone)]
struct Group {
    finding: Finding,
    /// The captures on which its records do not agree.
    varied: Vec<String>,
    /// Whether records from before are part of it, so that nothing is known about captures that it does not have.
    is_continued: bool,
}

impl Grouping {
    /// Begins with `findings`, and keeps the latest records of each finding.
    pub(crate) fn following(program: &Program, findings: Vec<Finding>) -> Self {
        let mut grouping = Grouping { kept: Kept::Latest, ..Grouping::default() };
        for finding in findings {
            let key = finding.key(program.symptom(finding.symptom));
            let of_symptom = grouping.symptoms.entry(finding.symptom).or_default();
            of_symptom.insert(key, Group { finding, varied: Vec::new(), is_continued: true });
        }
        grouping
    }

    /// Adds an occurrence of `symptom`. The order of occurrences matters only for a symptom with more than [`MAX_FINDINGS`]
    /// findings, of which the first are kept.
    pub(crate) fn add(&mut self, symptom: &Symptom, mut occurrence: Occurrence<'_>) {
        let findings = self.symptoms.entry(occurrence.symptom).or_default();
        rename_keys(&symptom.keys, occurrence.binding, &mut occurrence.captures);
        let key = key_of(&symptom.keys, &occurrence.captures);
        if let Some(group) = findings.get_mut(&key) {
            group.add(&symptom.keys, &occurrence, self.kept);
        } else if findings.len() < MAX_FINDINGS {
            let mut finding = empty_finding(occurrence.symptom, Captures::new());
            finding.add(&occurrence, self.kept);
            let finding = Finding { captures: occurrence.captures, ..finding };
            findings.insert(key, Group { finding, varied: Vec::new(), is_continued: false });
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
        let groups = self.symptoms.into_values().flat_map(HashMap::into_values);
        let mut findings: Vec<Finding> = groups.map(|group| group.finding).collect();
        sort(&mut findings);
        let remarks = self.forgotten.into_iter().map(|(symptom, records)| Remark::Forgotten(symptom, records));
        (findings, remarks.collect())
    }
}

/// Sorts findings by symptom and first evidence.
pub(super) fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| {
        let first = finding.evidence.first().map(|evidence| (evidence.source, evidence.line));
        (finding.symptom, first, finding.first)
    });
}

/// Adds each key under its own name, if the records of a binding call it by another.
pub(super) fn rename_keys(keys: &[FindingKey], binding: usize, captures: &mut Captures) {
    for key in keys {
        if let Some(of) = key.of.get(binding).and_then(Option::as_ref)
            && *of != key.name
            && let Some(value) = captures.get(of)
        {
            let value = value.clone();
            captures.insert(key.name.clone(), value);
        }
    }
}

/// Returns bytes that are equal for captures with equal keys.
pub(super) fn key_of(keys: &[FindingKey], captures: &Captures) -> Vec<u8> {
    let mut bytes = Vec::new();
    for key in keys {
        push_printed(&mut bytes, captures.get(&key.name));
    }
    bytes
}

/// Adds the printed value, so that no two lists of values give the same bytes.
pub(super) fn push_printed(bytes: &mut Vec<u8>, value: Option<&Value<'_>>) {
    match value {
        Some(value) => {
            bytes.push(1);
            push_bytes(bytes, &printed(value));
        }
        None => bytes.push(0),
    }
}

impl Group {
    fn add(&mut self, keys: &[FindingKey], occurrence: &Occurrence<'_>, kept: Kept) {
        self.finding.add(occurrence, kept);
        let is_key = |name: &String| keys.iter().any(|key| key.name == *name);
        for (name, value) in &occurrence.captures {
            if is_key(name) || self.varied.contains(name) {
                continue;
            }
            match self.finding.captures.get(name) {
                Some(known) if known == value => {}
                Some(_) => {
                    self.finding.captures.remove(name);
                    self.varied.push(name.clone());
                }
                None if self.is_continued => {}
                None => {
                    self.finding.captures.insert(name.clone(), value.clone());
                }
            }
        }
    }
}

/// Returns a finding that no record shows yet: its count is 0.
pub(crate) fn empty_finding(symptom: SymptomId, captures: Captures) -> Finding {
    let timing = FindingTiming::default();
    let (first, last, evidence) = (None, None, Vec::new());
    Finding { symptom, status: Status::Confirmed, count: 0, captures, first, last, evidence, timing }
}

impl Finding {
    /// Returns bytes that tell it from other findings of `symptom`: its key, and when it began if it can be one of several
    /// with that key.
    pub(crate) fn key(&self, symptom: &Symptom) -> Vec<u8> {
        let mut key = key_of(&symptom.keys, &self.captures);
        if let Some(first) = self.first.filter(|_| self.timing.is_episode) {
            push_bytes(&mut key, &first.as_nanosecond().to_le_bytes());
        }
        key
    }

    /// Returns the captures by which it is told from other findings of `symptom`.
    pub(crate) fn key_captures(&self, symptom: &Symptom) -> Captures {
        let is_key = |name: &String| symptom.keys.iter().any(|key| key.name == *name);
        self.captures
            .iter()
            .filter(|(name, _)| is_key(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

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

fn push_bytes(key: &mut Vec<u8>, bytes: &[u8]) {
    key.extend_from_slice(&bytes.len().to_le_bytes());
    key.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_values_have_different_keys() {
        let text = |text: &'static str| Value::Text(text.as_bytes().into());
        let keys = |names: &[&str]| -> Vec<FindingKey> {
            names.iter().map(|name| FindingKey { name: (*name).to_owned(), of: Vec::new() }).collect()
        };
        let key = |pairs: &[(&str, Value<'static>)]| {
            let captures = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            key_of(&keys(&["a", "b"]), &captures)
        };
        let different = [
            key(&[]),
            key(&[("a", text("1"))]),
            key(&[("b", text("1"))]),
            key(&[("a", text(""))]),
            key(&[("a", text("1")), ("b", text(""))]),
            key(&[("a", text("")), ("b", text("1"))]),
            key(&[("a", text("12"))]),
        ];
        let distinct: std::collections::BTreeSet<_> = different.iter().collect();
        assert_eq!(distinct.len(), different.len());
        // Two records may tell the same address in two forms.
        assert_eq!(key(&[("a", text("192.0.2.7"))]), key(&[("a", Value::Ip([192, 0, 2, 7].into()))]));
        assert_eq!(key(&[("a", text("1")), ("c", text("2"))]), key(&[("a", Value::Int(1))]));
    }
}
