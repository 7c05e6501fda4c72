//! One record that shows a symptom.

use jiff::Timestamp;

use super::finding::{Captures, LineNo};
use crate::log::Record;
use crate::rule::SymptomId;
use crate::source::SourceId;

/// A symptom matched by one record. Occurrences with equal captures become one [`Finding`](super::Finding).
#[derive(Debug, Clone, PartialEq)]
pub struct Occurrence<'r> {
    /// The symptom.
    pub symptom: SymptomId,
    /// The values that the pattern captured; an IPv4 address in IPv6 notation is an IPv4 address.
    pub captures: Captures,
    /// The time of the record, or of the last record before it with a stamp; `None` where there is neither.
    pub time: Option<Timestamp>,
    /// The source of the record.
    pub source: SourceId,
    /// The first line of the record.
    pub line: LineNo,
    /// The bytes of the record, without the line end. Borrowed, since most occurrences are only counted.
    pub text: &'r [u8],
}

impl<'r> Occurrence<'r> {
    pub(super) fn new(
        symptom: SymptomId,
        captures: Captures,
        record: &Record<'r>,
        time: Option<Timestamp>,
    ) -> Occurrence<'r> {
        let text = record.bytes.trim_ascii_end();
        let captures = with_plain_addresses(captures);
        Occurrence { symptom, captures, time, source: record.source, line: record.line, text }
    }
}

/// Returns the captures with addresses in the form in which they are compared and printed.
pub(super) fn with_plain_addresses(captures: Captures) -> Captures {
    captures.into_iter().map(|(name, value)| (name, value.with_plain_addresses())).collect()
}
