//! Messages that begin with a level but have no stamp, as build tools and containers print them.

use super::header::Header;
use super::level_mark::LevelMark;
use super::spec::{Format, FormatSpec, LogFormat, OpenRecord};
use crate::log::timestamp::StampRules;

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "leveled",
    about: "a level at the beginning of each message and no stamp, as build tools and containers print",
    example: "[ERROR] Failed to execute goal: no space left on device",
    detect: |sample| sample.most_lines(Leveled),
});

#[derive(Debug)]
struct Leveled;

impl LogFormat for Leveled {
    fn is_stamped(&self) -> bool {
        false
    }

    fn header<'a>(&self, record: &'a [u8], _rules: &StampRules) -> Option<Header<'a>> {
        header(record)
    }

    /// A trace after a message belongs to it, as in a log with stamps.
    fn continues(&self, open: OpenRecord, rest: &[u8], indent_continues: bool) -> bool {
        open.takes_line(rest, indent_continues, true)
    }
}

/// Parses a record that begins with a level; `None` for any other. All of the record is the message.
pub(super) fn header(record: &[u8]) -> Option<Header<'_>> {
    let message = record.trim_ascii();
    let mark = LevelMark::at_start(message)?;
    Some(Header { level: Some(mark.level), program: mark.module, message, ..Header::default() })
}
