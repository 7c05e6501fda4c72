//! What matching found: symptoms seen, with the evidence, and everything inference needs to know about what was not seen.

use std::collections::BTreeMap;

use jiff::Timestamp;

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
    /// Which.
    pub symptom: SymptomId,
    /// How it came to be known.
    pub status: Status,
    /// How many records show it; 1 for an answer.
    pub count: u64,
    /// Captures that all of its records share; records with equal captures are one finding.
    pub captures: Captures,
    /// Time of the earliest record, where it has one.
    pub first: Option<Timestamp>,
    /// Time of the latest record.
    pub last: Option<Timestamp>,
    /// The first records that show it, at most [`MAX_EVIDENCE`]; `count` says how many there were.
    pub evidence: Vec<Evidence>,
}

/// Evidence kept per finding.
pub const MAX_EVIDENCE: usize = 20;

/// How a finding came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Seen in records.
    Confirmed,
    /// Said by the user, yes or no.
    Answered(bool),
}

/// One record that shows a symptom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The source it stands in.
    pub source: SourceId,
    /// Its first line.
    pub line: LineNo,
    /// The record as printed, lossy UTF-8, cut at [`MAX_EVIDENCE_BYTES`].
    pub text: String,
}

/// A record's text is cut here when it becomes evidence.
pub const MAX_EVIDENCE_BYTES: usize = 1024;

/// Everything one pass over all sources brought to light.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// Symptoms seen, ordered by symptom, then first evidence.
    pub findings: Vec<Finding>,
    /// Symptoms with `on` that were looked for in a source that fits and were not seen.
    pub silent: Vec<SymptomId>,
    /// What the sources were.
    pub sources: Vec<SourceSummary>,
    /// The records worth searching the KB for: rare, severe, new; most salient first.
    pub salient: Vec<Salient>,
    /// Inputs that could not be read, or not to their end.
    pub unreadable: Vec<Unreadable>,
    /// What had to be assumed or left out.
    pub remarks: Vec<Remark>,
}

/// An input that could not be read, or not to its end; what was read of it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What the user called it, or its path as given.
    pub name: String,
    /// Why, in one line that names the file.
    pub reason: String,
}

/// What had to be assumed or left out in a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// The first stamp of the source says no zone, so UTC was assumed.
    AssumedUtc(SourceId),
    /// The first stamp of the source says no year, so the latest that fits was assumed.
    AssumedYear(SourceId),
    /// Records of the source that show a symptom say no time, so that of the record before was taken for theirs.
    InheritedTime(SourceId),
    /// The symptom was seen with too many different captures; so many records of further ones were left out.
    Forgotten(SymptomId, u64),
    /// The symptom was seen so often when the case was diagnosed before, in a log that cannot be read now.
    Kept(SymptomId, u64),
}

/// One source, after it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceSummary {
    /// What the user called it, or its path as given; `-` for standard input.
    pub name: String,
    /// Detected or given format.
    pub format: &'static str,
    /// Records in it.
    pub records: u64,
    /// Bytes after decompression.
    pub bytes: u64,
    /// The earliest stamp among those looked at, whatever the order of the records: the last one, and those of a sample
    /// that holds the first 10,000 records and ever fewer after them.
    pub first: Option<Timestamp>,
    /// The latest stamp among those looked at; not before `first`.
    pub last: Option<Timestamp>,
    /// Symptoms that are read from other sources than this one. A program was seen if it wrote a record of the sample or
    /// one that holds a literal of a pattern; a rarer one in a source of more than 10,000 records may be missed, and then
    /// the symptoms that are read on it are here though records of it went by and showed nothing.
    pub not_looked_for: Vec<SymptomId>,
    /// Records that were longer than the bound and were cut.
    pub cut: u64,
}

/// A record that stands out, for the search of the KB.
#[derive(Debug, Clone, PartialEq)]
pub struct Salient {
    /// The source it stands in.
    pub source: SourceId,
    /// Its first line.
    pub line: LineNo,
    /// When it was written, or the record before it that says so.
    pub time: Option<Timestamp>,
    /// Whether it says so itself.
    pub is_stamped: bool,
    /// Its message (without stamp, host, program), lossy UTF-8, cut at [`MAX_EVIDENCE_BYTES`].
    pub text: String,
    /// How much it stands out, > 0; only the order and the ratios mean something.
    pub weight: f64,
}

impl Salient {
    /// When it was written, if it says so itself.
    pub fn own_time(&self) -> Option<Timestamp> {
        self.time.filter(|_| self.is_stamped)
    }
}
