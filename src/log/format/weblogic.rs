//! Logs of WebLogic: fields between angle brackets, the last of which is a message of any number of lines.

use memchr::memmem;

use super::header::Header;
use super::level::Level;
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "weblogic",
    about: "logs of WebLogic: fields between angle brackets",
    example: "####<Apr 17, 2001 2:00:31,123 AM CET> <Error> <HTTP> <host1> <Admin> <1117838570123> <BEA-101017> <No.>",
    detect: |sample| Detected::new(WebLogic, sample.lines.iter().take(SEARCHED_LINES).any(|line| is_record(line))),
});

#[derive(Debug)]
struct WebLogic;

/// The first record is searched for in this number of lines; the server prints text before it.
const SEARCHED_LINES: usize = 50;

impl LogFormat for WebLogic {
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        if !begins(record) {
            return None;
        }
        let parts: Vec<&[u8]> = parts(record).collect();
        let (message, fields) = parts.split_last()?;
        let level = fields.get(1).filter(|word| Level::by_word(word).is_some())?;
        let instant = fields.iter().find(|field| field.len() == 13 && field.iter().all(u8::is_ascii_digit));
        let written = stamp_at(fields[0], 0, rules);
        let stamp = match written {
            Some(stamp) if stamp.zoned() => Some(stamp),
            _ => instant.and_then(|field| stamp_at(field, 0, rules)).or(written),
        };
        let is_server_log = record.starts_with(SERVER);
        Some(Header {
            stamp,
            level: Some(level),
            program: fields.get(2).copied(),
            host: fields.get(3).copied().filter(|host| is_server_log && !host.is_empty()),
            event_id: fields.iter().copied().rfind(|field| field.starts_with(b"BEA-")),
            message: message.trim_ascii(),
            ..Header::default()
        })
    }

    fn continues(&self, _open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        !begins(rest)
    }
}

/// The mark before a record in a file of a server. Records on a terminal have none.
const SERVER: &[u8] = b"####<";

/// Whether `text` begins with the mark of a record, or with a month in a bracket.
fn begins(text: &[u8]) -> bool {
    match text {
        [b'#', ..] => text.starts_with(SERVER),
        [b'<', a, b, c, b' ', day, ..] => {
            [a, b, c].iter().all(|byte| byte.is_ascii_alphabetic()) && day.is_ascii_digit()
        }
        _ => false,
    }
}

/// Whether `line` is the first line of a record: its second field is a level.
fn is_record(line: &[u8]) -> bool {
    begins(line) && parts(line).nth(1).is_some_and(|word| Level::by_word(word).is_some())
}

/// Splits a record at the brackets between its fields.
fn parts(record: &[u8]) -> impl Iterator<Item = &[u8]> {
    let record = record.trim_ascii();
    let record = record.strip_prefix(SERVER).or_else(|| record.strip_prefix(b"<")).unwrap_or(record);
    let mut rest = Some(record.strip_suffix(b">").unwrap_or(record));
    std::iter::from_fn(move || {
        let text = rest?;
        let end = memmem::find(text, b"> <");
        rest = end.map(|end| &text[end + 3..]);
        Some(end.map_or(text, |end| &text[..end]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_a_message_of_several_lines_are_read() {
        let record =
            b"####<Apr 17, 2001 2:00:31,123 AM CET> <Error> <HTTP> <host1> <Admin> <t> <<x>> <> <> <987469231123> \
            <BEA-101017> <No room\n\tat a.B\n> \n";
        let header = WebLogic.header(record, &StampRules::default()).expect("a record");
        assert_eq!(header.stamp.map(|stamp| stamp.time.as_millisecond()), Some(987_469_231_123));
        let parts = [header.level, header.program, header.host, header.event_id, Some(header.message)];
        assert_eq!(
            parts,
            ["Error", "HTTP", "host1", "BEA-101017", "No room\n\tat a.B"].map(|part| Some(part.as_bytes()))
        );
    }

    #[test]
    fn a_record_on_a_terminal_is_read() {
        let record = b"<Apr 17, 2001 2:00:31 AM CET> <Notice> <Server> <BEA-000365> <Running.>";
        let header = WebLogic.header(record, &StampRules::default()).expect("a record");
        assert_eq!((header.level, header.host, header.message), (Some(&b"Notice"[..]), None, &b"Running."[..]));
    }

    #[test]
    fn other_lines_are_left() {
        for line in ["####<x", "<html lang>", "####<a> <b> <c>", "<Apr 17 is> <no> <level>", ""] {
            assert_eq!(WebLogic.header(line.as_bytes(), &StampRules::default()), None, "{line}");
        }
    }
}
