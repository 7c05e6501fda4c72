//! Logs in which a line contains only a stamp, and the lines after it the text, such as the alert log of Oracle.

use super::header::Header;
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord, Sample};
use crate::log::timestamp::{FoundStamp, StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "stamp_line",
    about: "a line with only a stamp, then lines of text, as in the alert log of Oracle",
    example: "2001-04-17T02:00:31.123456+01:00\nORA-00600: internal error code\n2001-04-17T02:00:32.000000+01:00\nopen",
    detect: |sample| Detected::new(StampLine { rules: sample.rules.clone() }, is_usual(sample)),
});

#[derive(Debug)]
struct StampLine {
    rules: StampRules,
}

impl LogFormat for StampLine {
    /// The message is the text after the stamp. An error of Oracle begins with `ORA-`.
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let stamp = alone(record, rules)?;
        let text = record[stamp.range.end..].trim_ascii();
        let is_error = text.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"ORA-"));
        let message = if text.is_empty() { record.trim_ascii() } else { text };
        Some(Header { stamp: Some(stamp), level: is_error.then_some(b"error"), message, ..Header::default() })
    }

    fn continues(&self, _open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        alone(rest, &self.rules).is_none()
    }
}

/// A stamp in a line of its own has at most this number of bytes.
const MAX_STAMP_BYTES: usize = 48;

/// Returns the stamp that is all of the first line of `text`.
fn alone(text: &[u8], rules: &StampRules) -> Option<FoundStamp> {
    let start = &text[..text.len().min(MAX_STAMP_BYTES)];
    let end = memchr::memchr(b'\n', start);
    let line = start[..end.unwrap_or(start.len())].trim_ascii_end();
    let is_whole = end.is_some() || text.len() < MAX_STAMP_BYTES;
    stamp_at(line, 0, rules).filter(|stamp| is_whole && stamp.range.end == line.len() && line.len() > 10)
}

/// Whether a sample begins with a stamp alone, or contains several, and at least one line in ten is one.
fn is_usual(sample: &Sample<'_>) -> bool {
    let is_stamp = |line: &[u8]| alone(line, sample.rules).is_some();
    let first = sample.lines.first().is_some_and(|line| is_stamp(line));
    let n_stamps = sample.lines.iter().filter(|line| is_stamp(line)).count();
    let has_text = n_stamps < sample.lines.len();
    has_text && n_stamps * 10 >= sample.lines.len() && (first || n_stamps > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(text: &str) -> bool {
        is_usual(&Sample::new(text.as_bytes(), &StampRules::default()))
    }

    #[test]
    fn the_text_after_a_stamp_is_the_message() {
        let format = StampLine { rules: StampRules::default() };
        let header = format.header(b"Tue Apr 17 02:00:31 2001\nORA-1: no\nmore\n", &StampRules::default());
        let header = header.expect("a record");
        assert_eq!(header.stamp.map(|stamp| stamp.time.to_string()).as_deref(), Some("2001-04-17T02:00:31Z"));
        assert_eq!((header.level, header.message), (Some(&b"error"[..]), &b"ORA-1: no\nmore"[..]));
        assert!(format.continues(OpenRecord::default(), b"2001-04-17 02:00:31 text", true));
        assert!(!format.continues(OpenRecord::default(), b"2001-04-17 02:00:31\r\ntext", true));
    }

    #[test]
    fn other_sources_do_not_fit() {
        assert!(fits("2001-04-17 02:00:31\nopen\n2001-04-17 02:00:32\nclosed"));
        assert!(!fits("2001-04-17 02:00:31\n2001-04-17 02:00:32"));
        assert!(!fits("2001-04-17 02:00:31 open\n2001-04-17 02:00:32 closed"));
        assert!(!fits("open\nopen\n2001-04-17 02:00:31\nopen"));
        assert!(!fits("1117838570\nopen"));
    }
}
