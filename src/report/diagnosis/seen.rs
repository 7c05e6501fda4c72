//! The section of findings, with the records that show them.

use super::{BRIEF_FINDINGS, DiagnosisView, unless_empty};
use crate::matching::{Finding, Status};
use crate::report::document::{Anchor, Block, Item, Mark, QuotedRecord, QuotedRecords, Section};
use crate::report::number::thousands;
use crate::rule::SymptomSeverity;

/// At most this many records of a finding are shown as text; of the others, only the lines are named.
const MAX_RECORDS: usize = 2;

impl<'a> DiagnosisView<'a> {
    pub(super) fn seen(self) -> Option<Section<'a>> {
        let findings = &self.diagnosis.findings;
        let shown = self.top(findings, BRIEF_FINDINGS);
        let items = (1..).zip(shown).map(|(number, one)| self.finding(number, one)).collect();
        let notes = self.more(findings.len() - shown.len(), "more finding", "more findings").into_iter().collect();
        unless_empty(Section { notes, ..Section::new("seen", "Seen", items) })
    }

    fn finding(self, number: usize, finding: &'a Finding) -> Item<'a> {
        let symptom = self.program.symptom(finding.symptom);
        let title = self.finding_title(finding);
        let count = format!("×{}", thousands(finding.count));
        let (is_seen, fact, badge) = match finding.status {
            Status::Confirmed => (true, count, severity(symptom.severity)),
            Status::Unconfirmed => (false, format!("{count}, not confirmed: the log ends too early"), None),
            Status::Answered(true) => (true, "answered yes".to_owned(), None),
            Status::Answered(false) => (false, "answered no".to_owned(), None),
        };
        let record = |evidence: &'a crate::matching::Evidence| QuotedRecord {
            at: (evidence.source, evidence.line),
            text: evidence.text.trim_end(),
            shows: Some((symptom, finding)),
        };
        let records: Vec<QuotedRecord> = finding.evidence.iter().map(record).collect();
        let is_cut = finding.count > records.len() as u64;
        let records = QuotedRecords { n_shown: records.len().min(MAX_RECORDS), is_cut, records };
        Item {
            anchor: Some(Anchor { id: format!("finding-{number}"), label: title.clone() }),
            is_name: true,
            facts: std::iter::once(fact).chain(timing_facts(finding)).collect(),
            badge,
            parts: if finding.evidence.is_empty() { Vec::new() } else { vec![Block::Records(records)] },
            ..Item::new(Mark::Seen(is_seen), title)
        }
    }
}

/// What has to be said about the time of a finding.
fn timing_facts(finding: &Finding) -> impl Iterator<Item = String> {
    let timing = finding.timing;
    let ended = timing.ended.map(|time| format!("over since {time:.0}"));
    let assumed = timing.is_assumed.then(|| "as far as the log goes back and has times".to_owned());
    let order = timing.is_order_uncertain.then(|| "order not certain".to_owned());
    ended.into_iter().chain(assumed).chain(order)
}

/// The word for the severity of a symptom; `None` if it is medium.
fn severity(severity: SymptomSeverity) -> Option<&'static str> {
    match severity {
        SymptomSeverity::Low => Some("low"),
        SymptomSeverity::Medium => None,
        SymptomSeverity::High => Some("high"),
        SymptomSeverity::Critical => Some("critical"),
    }
}
