//! The unified log of macOS, as `log show` prints it in its default and its compact style.

use super::header::{Header, split_word};
use super::spec::{Format, FormatSpec, LogFormat};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "unified_log",
    about: "the unified log of macOS, as `log show` prints it",
    example: "2001-04-17 02:00:31.123456+0200 0x1a2b     Error       0x0                  123    0    kernel: no disk",
    detect: |sample| sample.most_lines(UnifiedLog),
});

#[derive(Debug)]
struct UnifiedLog;

impl LogFormat for UnifiedLog {
    fn fits(&self, line: &[u8], rules: &StampRules) -> bool {
        line.starts_with(b"Timestamp  ") || self.header(line, rules).is_some()
    }

    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let record = record.trim_ascii_end();
        let stamp = stamp_at(record, 0, rules)?;
        let rest = record[stamp.range.end..].trim_ascii_start();
        let header = usual(rest).or_else(|| compact(rest))?;
        Some(Header { stamp: Some(stamp), ..header })
    }
}

/// The types of messages in the default and in the compact style, and the level of each.
const TYPES: [(&[u8], &[u8], &[u8]); 6] = [
    (b"Default", b"Df", b"info"),
    (b"Info", b"I", b"info"),
    (b"Debug", b"Db", b"debug"),
    (b"Error", b"E", b"error"),
    (b"Fault", b"F", b"fatal"),
    (b"Activity", b"A", b"info"),
];

/// The longest name of a process, with the colon after it.
const MAX_NAME_BYTES: usize = 64;

/// Parses the columns of the default style: thread, type, activity, process id, time to live; then process and message.
fn usual(text: &[u8]) -> Option<Header<'_>> {
    let (thread, rest) = split_word(text).filter(|(thread, _)| thread.starts_with(b"0x"))?;
    let (kind, rest) = split_word(rest)?;
    let (activity, rest) = split_word(rest)?;
    let (pid, rest) = split_word(rest)?;
    let (ttl, rest) = split_word(rest)?;
    let level = TYPES.iter().find(|(word, ..)| kind == *word).map(|(_, _, level)| *level)?;
    let are_numbers = [pid, ttl].iter().all(|word| word.iter().all(u8::is_ascii_digit));
    if !are_numbers || !activity.starts_with(b"0x") || thread.len() < 3 {
        return None;
    }
    // The name of a process may contain blanks.
    let colon = memchr::memmem::find(&rest[..rest.len().min(MAX_NAME_BYTES)], b": ");
    let (program, message) = colon.map_or((None, rest), |at| (Some(&rest[..at]), rest[at + 2..].trim_ascii_start()));
    Some(Header { program, pid: Some(pid), level: Some(level), message, ..Header::default() })
}

/// Parses the columns of the compact style: type, process with its id and thread, and message.
fn compact(text: &[u8]) -> Option<Header<'_>> {
    let (kind, rest) = split_word(text)?;
    let level = TYPES.iter().find(|(_, word, _)| kind == *word).map(|(.., level)| *level)?;
    let bracket = memchr::memchr(b'[', rest)?;
    let (program, rest) = rest.split_at(bracket);
    let end = memchr::memchr(b']', rest)?;
    let colon = memchr::memchr(b':', &rest[..end])?;
    let (pid, thread) = (&rest[1..colon], &rest[colon + 1..end]);
    let is_process = !pid.is_empty() && pid.iter().all(u8::is_ascii_digit) && thread.iter().all(u8::is_ascii_hexdigit);
    is_process.then(|| Header {
        program: Some(program),
        pid: Some(pid),
        level: Some(level),
        message: rest[end + 1..].trim_ascii_start(),
        ..Header::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(record: &str) -> Option<[String; 5]> {
        let header = UnifiedLog.header(record.as_bytes(), &StampRules::default())?;
        let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
        let time = header.stamp.as_ref().map_or("-".to_owned(), |stamp| stamp.time.to_string());
        Some([time, text(header.level), text(header.program), text(header.pid), text(Some(header.message))])
    }

    #[test]
    fn both_styles_are_read() {
        let expected = ["2001-04-17T00:00:31.123456Z", "fatal", "app", "123", "(lib) [a:b] bad"];
        let line = "2001-04-17 02:00:31.123456+0200 0x1a2b     Fault       0x0     123    0    app: (lib) [a:b] bad";
        assert_eq!(read(line), Some(expected.map(str::to_owned)));
        let line = "2001-04-17 02:00:31.123 E  My App[7:1a2b] (Sandbox) deny(1) read";
        let expected = ["2001-04-17T02:00:31.123Z", "error", "My App", "7", "(Sandbox) deny(1) read"];
        assert_eq!(read(line), Some(expected.map(str::to_owned)));
        assert_eq!(read(&line.replace(" E  ", " Df ")).map(|parts| parts[1].clone()).as_deref(), Some("info"));
    }

    #[test]
    fn other_lines_are_left() {
        for line in [
            "Timestamp                       Thread     Type        Activity             PID    TTL",
            "2001-04-17 02:00:31.123 E no process",
            "2001-04-17 02:00:31.123 E ActivityManager[x:1]: y",
            "2001-04-17 02:00:31.123 0x1a2b Odd 0x0 1 0 a: b",
            "2001-04-17 02:00:31.123 INFO a[1]: b",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
