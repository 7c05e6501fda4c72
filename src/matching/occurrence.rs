//! One record that shows a symptom.

use jiff::Timestamp;

use super::eval::Shown;
use super::finding::{Captures, LineNo};
use crate::log::Record;
use crate::rule::SymptomId;
use crate::source::SourceId;

/// A symptom matched by one record. Occurrences with equal keys become one [`Finding`](super::Finding).
#[derive(Debug, Clone, PartialEq)]
pub struct Occurrence<'r> {
    /// The symptom.
    pub symptom: SymptomId,
    /// The index of the binding that matches.
    pub binding: usize,
    /// Whether the record is on the wrong side of a limit, for a symptom that must last.
    pub is_counter: bool,
    /// The values that the pattern captured, and the fields that the symptom needs; an IPv4 address in IPv6 notation is an
    /// IPv4 address.
    pub captures: Captures,
    /// The time of the record, or of the last record before it with a stamp; `None` where there is neither.
    pub time: Option<Timestamp>,
    /// The source of the record.
    pub source: SourceId,
    /// The first line of the record.
    pub line: LineNo,
    /// The bytes of the record, without the line end. Borrowed, since most occurrences are only counted.
    pub text: &'r [u8],
    /// The index of the mute that leaves it out of the report.
    pub muted: Option<usize>,
}

impl<'r> Occurrence<'r> {
    pub(super) fn new(
        symptom: SymptomId,
        shown: Shown,
        record: &Record<'r>,
        time: Option<Timestamp>,
    ) -> Occurrence<'r> {
        let Shown { binding, is_counter, captures } = shown;
        let text = record.bytes.trim_ascii_end();
        let captures = with_plain_addresses(captures);
        let (source, line) = (record.source, record.line);
        Occurrence { symptom, binding, is_counter, captures, time, source, line, text, muted: None }
    }
}

/// Returns the captures with addresses in the form in which they are compared and printed.
pub(super) fn with_plain_addresses(captures: Captures) -> Captures {
    captures.into_iter().map(|(name, value)| (name, value.with_plain_addresses())).collect()
}
