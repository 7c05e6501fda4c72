//! A template: the records of a source that differ only in words with digits.

use std::cmp::Ordering;

use jiff::Timestamp;

use crate::log::{Level, Record};

/// Bytes kept of the example of each template.
pub(super) const EXAMPLE_BYTES: usize = 1024;

/// Records of one template. Its example is the earliest; among equally early ones, the one whose gist sorts first. So the
/// order of stamped lines does not matter.
#[derive(Debug, Clone)]
pub(super) struct Template {
    /// Position of the example among the records of its source, from 0.
    pub(super) ordinal: u64,
    pub(super) line: u64,
    /// The time of the example, or of the last record before it with a stamp.
    pub(super) time: Option<Timestamp>,
    /// The gist of the example, cut at [`EXAMPLE_BYTES`].
    pub(super) message: Vec<u8>,
    /// The kind of its stamp; `None` if it is not written like most records of its source.
    pub(super) form: Option<u8>,
    pub(super) level: Option<Level>,
    pub(super) count: u64,
}

impl Template {
    pub(super) fn new(record: &Record<'_>, ordinal: u64, time: Option<Timestamp>) -> Self {
        let message = record.gist();
        let kept = message.len().min(EXAMPLE_BYTES);
        let form = record.is_usual().then(|| record.stamp().map_or(u8::MAX, |stamp| stamp.form.kind()));
        let level = record.level();
        Template { ordinal, line: record.line, time, message: message[..kept].to_vec(), form, level, count: 1 }
    }

    /// Whether a record of this time replaces the example.
    pub(super) fn is_later_than(&self, time: Timestamp, record: &Record<'_>) -> bool {
        match self.time {
            Some(own) if own == time => record.gist()[..] < self.message[..],
            own => own.is_some_and(|own| own > time),
        }
    }

    /// Orders by time. At the same time, records without a stamp keep the order of their source, and others are ordered by
    /// gist.
    pub(super) fn in_order(a: &Template, b: &Template) -> Ordering {
        let key = |template: &Template| (template.time, template.form.is_none().then_some(template.ordinal));
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message)).then(a.ordinal.cmp(&b.ordinal))
    }
}
