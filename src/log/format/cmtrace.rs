//! Logs of Configuration Manager and other products that write for the viewer CMTrace.
//!
//! The zone is written as the minutes to add to a local time to get UTC: `10:00:00.123+060` is 11:00 in UTC.

use memchr::memmem;

use super::header::Header;
use super::spec::{Format, FormatSpec, LogFormat, OpenRecord};
use crate::log::timestamp::{FoundStamp, StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "cmtrace",
    about: "logs of Configuration Manager and Intune, which CMTrace shows",
    example: r#"<![LOG[No disk]LOG]!><time="02:00:31.123+000" date="04-17-2001" component="Exec" type="3" thread="1">"#,
    detect: |sample| sample.most_lines(CmTrace),
});

#[derive(Debug)]
struct CmTrace;

impl LogFormat for CmTrace {
    /// The first line of a text of several lines is enough.
    fn fits(&self, line: &[u8], rules: &StampRules) -> bool {
        line.starts_with(OPEN) || line.starts_with(b"<time=\"") || self.header(line, rules).is_some()
    }

    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        marked(record, rules).or_else(|| simple(record, rules))
    }

    fn read_line(&self, open: &mut OpenRecord, line: &[u8]) {
        let is_open = open.quoted || line.starts_with(OPEN);
        open.quoted = is_open && memmem::find(line, CLOSE).is_none();
    }

    fn continues(&self, open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        let is_empty = rest.first().is_some_and(|byte| b"\r\n".contains(byte));
        is_empty || (open.quoted && !rest.starts_with(OPEN))
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        attribute(&record[memmem::rfind(record, CLOSE)?..], name)
    }
}

const OPEN: &[u8] = b"<![LOG[";
const CLOSE: &[u8] = b"]LOG]!>";

/// Parses a record in the form `<![LOG[text]LOG]!><time="…" date="…" component="…" type="3" thread="…" …>`.
fn marked<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let text = record.strip_prefix(OPEN)?;
    let end = memmem::rfind(text, CLOSE)?;
    let known = |name: &str| attribute(&text[end..], name).filter(|value| !value.is_empty());
    Some(Header {
        stamp: stamp(known("date")?, known("time")?, rules),
        program: known("component"),
        pid: known("thread"),
        level: known("type").and_then(level),
        message: text[..end].trim_ascii(),
        ..Header::default()
    })
}

/// Parses a record in the form `text  $$<component><04-17-2001 02:00:31.123+000><thread=1234 (0x4D2)>`.
fn simple<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let at = memmem::rfind(record, b"$$<")?;
    let mut parts = record[at + 3..].split(|byte| *byte == b'>').map(|part| part.strip_prefix(b"<").unwrap_or(part));
    let (program, time, thread) = (parts.next()?, parts.next()?, parts.next()?);
    let (date, time) = time.split_at_checked(11)?;
    let thread = thread.strip_prefix(b"thread=")?.split(u8::is_ascii_whitespace).next();
    let stamp = Some(stamp(date.trim_ascii_end(), time, rules)?);
    let message = record[..at].trim_ascii();
    Some(Header { stamp, program: Some(program), pid: thread, message, ..Header::default() })
}

/// Returns the value of the attribute `name` in `text`, such as ` type="3"`.
fn attribute<'a>(text: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let found = memmem::find_iter(text, name.as_bytes()).find_map(|at| {
        let is_name = at > 0 && b" <".contains(&text[at - 1]);
        text[at + name.len()..].strip_prefix(b"=\"").filter(|_| is_name)
    })?;
    found.split(|byte| *byte == b'"').next()
}

/// Reads a date such as `04-17-2001` and a time such as `02:00:31.123+060`. The sign of the zone is turned around,
/// because stamps elsewhere contain what was added to UTC.
fn stamp(date: &[u8], time: &[u8], rules: &StampRules) -> Option<FoundStamp> {
    let [month @ .., b'-', y1, y2, y3, y4] = date else { return None };
    let (month, day) = month.split_at_checked(month.iter().position(|byte| *byte == b'-')?)?;
    let (time, zone) = match time.iter().rposition(|byte| b"+-".contains(byte)) {
        Some(at) => (&time[..at], zone(&time[at..])?),
        None => (time, String::new()),
    };
    let two = |digits: &[u8]| format!("{:0>2}", String::from_utf8_lossy(digits));
    let date = format!("{}-{}-{}", String::from_utf8_lossy(&[*y1, *y2, *y3, *y4]), two(month), two(&day[1..]));
    let text = format!("{date}T{}{zone}", String::from_utf8_lossy(time));
    stamp_at(text.as_bytes(), 0, rules)
}

/// Returns the minutes `+060` as the zone `-01:00`.
fn zone(minutes: &[u8]) -> Option<String> {
    let count: u16 = std::str::from_utf8(&minutes[1..]).ok()?.parse().ok()?;
    let sign = if minutes[0] == b'+' { '-' } else { '+' };
    (count < 24 * 60).then(|| format!("{sign}{:02}:{:02}", count / 60, count % 60))
}

/// Returns the word for the type of a record.
fn level(number: &[u8]) -> Option<&'static [u8]> {
    match number {
        b"1" => Some(b"info"),
        b"2" => Some(b"warning"),
        b"3" => Some(b"error"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks time, level, program and message (`-` if missing).
    #[track_caller]
    fn check(record: &str, expected: Option<[&str; 4]>) {
        let parts = CmTrace.header(record.as_bytes(), &StampRules::default()).map(|header| {
            let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
            let time = header.stamp.as_ref().map_or("-".to_owned(), |stamp| stamp.time.to_string());
            [time, text(header.level), text(header.program), text(Some(header.message))]
        });
        assert_eq!(parts, expected.map(|parts| parts.map(str::to_owned)), "{record}");
    }

    #[test]
    fn minutes_are_added_to_the_local_time() {
        check(
            "<![LOG[No\ndisk]LOG]!><time=\"10:00:00.123+060\" date=\"4-7-2001\" component=\"Exec\" context=\"\" type=\"3\">",
            Some(["2001-04-07T11:00:00.123Z", "error", "Exec", "No\ndisk"]),
        );
        check(
            "<![LOG[ok]LOG]!><time=\"10:00:00.123-120\" date=\"04-17-2001\" component=\"\" type=\"1\">",
            Some(["2001-04-17T08:00:00.123Z", "info", "-", "ok"]),
        );
        check(
            "No disk  $$<Exec><04-17-2001 10:00:00.123+000><thread=1234 (0x4D2)>",
            Some(["2001-04-17T10:00:00.123Z", "-", "Exec", "No disk"]),
        );
    }

    #[test]
    fn other_records_are_left() {
        check("<![LOG[never closed", None);
        check("<![LOG[a]LOG]!><time=\"x\">", None);
        check("costs $$<a>", None);
        check("", None);
    }

    #[test]
    fn a_text_ends_with_its_mark_or_before_the_next_record() {
        let after = |line: &str| {
            let mut open = OpenRecord::default();
            CmTrace.read_line(&mut open, line.as_bytes());
            open
        };
        assert!(CmTrace.continues(after("<![LOG[a"), b"b]LOG]!>", true));
        assert!(!CmTrace.continues(after("<![LOG[a"), b"<![LOG[b", true));
        assert!(!CmTrace.continues(after("<![LOG[a]LOG]!><time=\"\">"), b"b", true));
    }
}
