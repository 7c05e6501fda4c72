//! A template: the records of a source that differ only in words with digits.

use std::cmp::Ordering;

use jiff::Timestamp;

use crate::log::{Level, Record};

/// The most bytes that are kept of the example of a template.
pub(super) const EXAMPLE_BYTES: usize = 1024;

/// The records of one template. One of them is the example: the earliest and, among equally early ones, the one whose
/// gist sorts first. So the order of stamped lines does not matter.
#[derive(Debug, Clone)]
pub(super) struct Template {
    /// Position of the example among the records of its source, from 0.
    pub(super) ordinal: u64,
    pub(super) line: u64,
    /// The time of the example, or of the last record before it with a stamp.
    pub(super) time: Option<Timestamp>,
    /// The gist of the example, cut at [`EXAMPLE_BYTES`].
    pub(super) message: Vec<u8>,
    /// The kind of stamp of the example, 255 for none; `None` if the example is not written like most records of its
    /// source.
    pub(super) form: Option<u8>,
    /// Whether the time of the example is that of its own stamp.
    pub(super) is_stamped: bool,
    /// Whether the example has a stamp, which need not be known to its format.
    pub(super) is_dated: bool,
    pub(super) level: Option<Level>,
    pub(super) count: u64,
    /// The latest time of its records, as known so far.
    pub(super) last: Option<Timestamp>,
}

/// Returns the part of the gist of an example that is kept and compared.
pub(super) fn kept_part(gist: &[u8]) -> &[u8] {
    &gist[..gist.len().min(EXAMPLE_BYTES)]
}

impl Template {
    pub(super) fn new(record: &Record<'_>, ordinal: u64, time: Option<Timestamp>) -> Self {
        let (gist, dated) = (record.gist(), record.end_of_later_stamp());
        let message = dated.map_or(&gist[..], |end| record.bytes[end..].trim_ascii());
        let form = record.is_usual().then(|| record.stamp().map_or(u8::MAX, |stamp| stamp.form.kind()));
        let (level, is_stamped) = (record.level(), record.stamp().is_some());
        Template {
            ordinal,
            line: record.line,
            time,
            message: kept_part(message).to_vec(),
            form,
            is_stamped,
            is_dated: is_stamped || dated.is_some(),
            level,
            count: 1,
            last: time,
        }
    }

    /// Whether `record`, which has the time `time`, replaces the example: it is earlier or, at the same time, its gist
    /// sorts first.
    pub(super) fn is_later_than(&self, time: Timestamp, record: &Record<'_>) -> bool {
        match self.time {
            Some(own) if own == time => record.gist()[..] < self.message[..],
            own => own.is_some_and(|own| own > time),
        }
    }

    /// Orders templates by the times of their examples. At the same time, examples that are not written like most
    /// records of their source keep their order in it, and others are ordered by gist.
    pub(super) fn in_order(a: &Template, b: &Template) -> Ordering {
        let key = |template: &Template| (template.time, template.form.is_none().then_some(template.ordinal));
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message)).then(a.ordinal.cmp(&b.ordinal))
    }
}
