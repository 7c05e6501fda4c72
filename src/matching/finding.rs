//! The result of a scan: the symptoms that records show, with evidence, and what inference needs to know about the
//! other symptoms.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::log::{Level, Period};
use crate::rule::SymptomId;
use crate::source::SourceId;
use crate::value::Value;

/// The line number of a record's first line, from 1.
pub type LineNo = u64;

/// Captures by name.
pub type Captures = BTreeMap<String, Value<'static>>;

/// A symptom that was observed.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The symptom.
    pub symptom: SymptomId,
    /// Whether it was seen in records or answered by the user.
    pub status: Status,
    /// The number of records that show it; 1 for an answer.
    pub count: u64,
    /// The values that the pattern captured and that are equal in all records of the finding.
    pub captures: Captures,
    /// The time of the earliest record; `None` if no record has a time.
    pub first: Option<Timestamp>,
    /// The time of the latest record; `None` if no record has a time.
    pub last: Option<Timestamp>,
    /// The first records that show it in order of source and line, at most [`MAX_EVIDENCE`]. For a symptom with conditions
    /// on time, they are in the order of time.
    pub evidence: Vec<Evidence>,
    /// What is known about its time, for a symptom with conditions on time.
    pub timing: FindingTiming,
}

impl Finding {
    /// Whether it was seen while `other` was, with equal values for all captures that both have.
    pub(crate) fn is_covered_by(&self, other: &Finding) -> bool {
        let mut both = self.captures.iter().filter_map(|(name, value)| Some((other.captures.get(name)?, value)));
        let is_while = match (self.first, self.last, other.first, other.last) {
            (Some(first), Some(last), Some(from), Some(to)) => first <= to && from <= last,
            _ => true,
        };
        is_while && both.all(|(value, other)| value == other)
    }
}

/// What is known about the time of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FindingTiming {
    /// Whether it is one of several times at which the symptom was seen with the same key.
    pub is_episode: bool,
    /// When a record said that it is over.
    pub ended: Option<Timestamp>,
    /// Whether it depends on times that are not known.
    pub is_assumed: bool,
    /// Whether it depends on the order of records whose stamps do not tell it.
    pub is_order_uncertain: bool,
}

/// The most records that a finding keeps as evidence.
pub const MAX_EVIDENCE: usize = 20;

/// The origin of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Seen in records.
    Confirmed,
    /// Seen in records, but they end too early to know whether something that must not follow did. No evidence.
    Unconfirmed,
    /// Answered by the user with yes or no.
    Answered(bool),
}

/// One record that shows a symptom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The source of the record.
    pub source: SourceId,
    /// Its first line.
    pub line: LineNo,
    /// The record as printed, lossy UTF-8, cut at [`MAX_EVIDENCE_BYTES`].
    pub text: String,
}

/// The most bytes of a record that evidence keeps. Most stack traces fit, whose telling line is often the last.
pub const MAX_EVIDENCE_BYTES: usize = 4096;

/// The most bytes of the message of a salient record. Searches compare no more.
pub const MAX_MESSAGE_BYTES: usize = 1024;

impl Evidence {
    pub(super) fn new(source: SourceId, line: LineNo, bytes: &[u8]) -> Self {
        Evidence { source, line, text: lossy_start(bytes, MAX_EVIDENCE_BYTES) }
    }
}

/// Returns the first bytes as text, at most `most`, in which U+FFFD replaces what is not UTF-8. A character that would be
/// cut in two is left out.
pub(super) fn lossy_start(bytes: &[u8], most: usize) -> String {
    let mut kept = &bytes[..bytes.len().min(most)];
    if kept.len() < bytes.len()
        && let Some(last) = kept.utf8_chunks().last()
        && !last.invalid().is_empty()
    {
        kept = &kept[..kept.len() - last.invalid().len()];
    }
    String::from_utf8_lossy(kept).into_owned()
}

/// The result of one pass over all sources.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// The symptoms that records show, sorted by symptom, then by first evidence.
    pub findings: Vec<Finding>,
    /// The symptoms with `on` that were looked for in a source of that name and not found.
    pub silent: Vec<SymptomId>,
    /// The sources, in the order of their ids.
    pub sources: Vec<SourceSummary>,
    /// The records that stand out, because they are rare, severe or new; the most salient first.
    pub salient: Vec<Salient>,
    /// The inputs that could not be read to their end.
    pub unreadable: Vec<Unreadable>,
    /// Assumptions that were made, and limits that were reached.
    pub remarks: Vec<Remark>,
}

/// An input that could not be read to its end. The part that was read counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its name, or its path as given.
    pub name: String,
    /// The reason, in one line that names the file.
    pub reason: String,
    /// Whether it is a folder or archive of which files were left out, such as those that are not text, and others were
    /// read.
    pub is_partial: bool,
}

/// An assumption that a scan made, or a limit that it reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// Only records of this period were taken.
    Period(Period),
    /// No record of the source has a time, so all of it was taken although only a period was asked for.
    TakenWhole(SourceId),
    /// The first stamp of the source has no zone and nobody stated one, so UTC was assumed.
    AssumedUtc(SourceId),
    /// The first stamp of the source has no year, so the latest possible one was assumed.
    AssumedYear(SourceId),
    /// This share of the lines of the source belongs to records without a time, although others have one. It is more
    /// than a fifth.
    LacksTimes {
        /// The source.
        source: SourceId,
        /// The share, in percent, rounded down.
        percent: u64,
    },
    /// Some records of the source that show a symptom have no stamp, so they were given the time of the record before.
    InheritedTime(SourceId),
    /// The symptom has too many different captures. This number of records with further captures was left out.
    Forgotten(SymptomId, u64),
    /// This number of records of the symptom have no time, although others have one. Conditions on time left them out.
    Untimed(SymptomId, u64),
    /// This number of records of the symptom came so late that conditions on time left them out.
    Late(SymptomId, u64),
    /// This number of records of the symptom lack a part of the key by which it is told apart. Conditions on time left them
    /// out.
    Keyless(SymptomId, u64),
    /// This number of records of the symptom are muted, for this reason.
    Muted(SymptomId, u64, String),
    /// This number of findings of the first symptom is hidden by findings of the second.
    Hidden(SymptomId, SymptomId, u64),
    /// This number of records showed the symptom in an earlier diagnosis of the case, in a log that cannot be read now.
    Kept(SymptomId, u64),
}

/// A source that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceSummary {
    /// Its name, or its path as given; `-` for standard input.
    pub name: String,
    /// The name of its format, detected or given.
    pub format: String,
    /// The number of records that were taken.
    pub records: u64,
    /// The number of records outside the period that was asked for.
    pub left_out: u64,
    /// Bytes of its records: decompressed, in UTF-8, and cleaned.
    pub bytes: u64,
    /// The earliest stamp of the sampled records and the last stamped record. The sample contains the first 10,000
    /// records, then a smaller and smaller share of them.
    pub first: Option<Timestamp>,
    /// The latest of the same stamps; not before `first`.
    pub last: Option<Timestamp>,
    /// The symptoms that are read from other sources than this one. Which programs a source contains is noted only in
    /// sampled records and in records with a literal of a pattern. So a rare program in a source of more than 10,000
    /// records may be missed; then the symptoms that are read from it are in this list.
    pub not_looked_for: Vec<SymptomId>,
    /// The number of records that were too long and were cut.
    pub cut: u64,
}

/// A record that stands out, with which to search the knowledge base.
#[derive(Debug, Clone, PartialEq)]
pub struct Salient {
    /// The source of the record.
    pub source: SourceId,
    /// Its first line.
    pub line: LineNo,
    /// Its time, or that of the last record before it with a stamp.
    pub time: Option<Timestamp>,
    /// Whether the time is from its own stamp.
    pub is_stamped: bool,
    /// Its message without stamp, host and program: lossy UTF-8, cut at [`MAX_MESSAGE_BYTES`].
    pub text: String,
    /// How much it stands out, > 0; only the order and the ratios are meaningful.
    pub weight: f64,
    /// The time of the latest record of its kind, as far as records were looked at.
    pub last: Option<Timestamp>,
    /// The number of records of its kind, as far as records were looked at.
    pub count: u64,
    /// Its level.
    pub level: Option<Level>,
    /// How severe its level and its words are, 0–2.
    pub severity: f64,
    /// Whether logs of normal operation do not contain it, or far less of it; `false` if none were given.
    pub is_new: bool,
    /// Whether logs of normal operation contain it as often; `false` if none were given.
    pub is_normal: bool,
}

impl Salient {
    /// A record without a time, seen once, of which nothing else is known. For tests.
    #[cfg(test)]
    pub(crate) fn new(line: LineNo, text: &str, weight: f64) -> Salient {
        Salient {
            source: SourceId(0),
            line,
            time: None,
            is_stamped: false,
            text: text.to_owned(),
            weight,
            last: None,
            count: 1,
            level: None,
            severity: 0.0,
            is_new: false,
            is_normal: false,
        }
    }

    /// Returns the time in its own stamp; `None` if it has none.
    pub fn own_time(&self) -> Option<Timestamp> {
        self.time.filter(|_| self.is_stamped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_not_cut_through_a_character() {
        let text = format!("{}é!", "x".repeat(MAX_EVIDENCE_BYTES - 1));
        assert_eq!(lossy_start(text.as_bytes(), MAX_EVIDENCE_BYTES), "x".repeat(MAX_EVIDENCE_BYTES - 1));
        assert_eq!(lossy_start(b"ab\xffc", 9), "ab\u{fffd}c");
    }
}
