//! The logger of Ruby, as Rails and other programs use it: `I, [2001-04-17T02:00:31.123456 #4242]  INFO -- : text`.

use super::header::Header;
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "ruby_logger",
    about: "the logger of Ruby, as Rails uses it",
    example: "F, [2001-04-17T02:00:31.123456 #4242] FATAL -- : no space left on device",
    detect: |sample| {
        let format = RubyLogger;
        let fits = sample.lines.iter().take(SEARCHED_LINES).any(|line| format.fits(line, sample.rules));
        Detected::new(format, fits)
    },
});

#[derive(Debug)]
struct RubyLogger;

/// The first record is searched for in this number of lines.
const SEARCHED_LINES: usize = 20;

impl LogFormat for RubyLogger {
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        if !begins(record) {
            return None;
        }
        let stamp = stamp_at(record, 4, rules)?;
        let rest = record[stamp.range.end..].trim_ascii_start().strip_prefix(b"#")?;
        let (pid, rest) = rest.split_at_checked(memchr::memchr(b']', rest)?)?;
        let rest = rest[1..].trim_ascii_start();
        let (level, rest) = rest.split_at_checked(memchr::memmem::find(rest, b" -- ")?)?;
        let rest = &rest[4..];
        let (program, message) = rest.split_at_checked(memchr::memchr(b':', rest)?)?;
        Some(Header {
            stamp: Some(stamp),
            pid: Some(pid),
            level: Some(level),
            program: Some(program).filter(|program| !program.is_empty()),
            message: message[1..].trim_ascii(),
            ..Header::default()
        })
    }

    /// A message extends to the next record: Rails writes the lines of a trace without indenting them.
    fn continues(&self, _open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        !begins(rest)
    }
}

/// Whether `text` begins with the letter of a level and a bracket.
fn begins(text: &[u8]) -> bool {
    matches!(text, [b'D' | b'I' | b'W' | b'E' | b'F' | b'A', b',', b' ', b'[', year, ..] if year.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(record: &str) -> Option<[String; 5]> {
        let header = RubyLogger.header(record.as_bytes(), &StampRules::default())?;
        let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
        let time = header.stamp.as_ref().map_or("-".to_owned(), |stamp| stamp.time.to_string());
        Some([time, text(header.level), text(header.pid), text(header.program), text(Some(header.message))])
    }

    #[test]
    fn records_are_read() {
        let rails = "F, [2001-04-17T02:00:31.123456 #4242] FATAL -- : [a]   \n[a] No::Route (x):\n";
        let expected = ["2001-04-17T02:00:31.123456Z", "FATAL", "4242", "-", "[a]   \n[a] No::Route (x):"];
        assert_eq!(read(rails), Some(expected.map(str::to_owned)));
        let named = "I, [2001-04-17T02:00:31 #1]  INFO -- jobs: started";
        assert_eq!(read(named), Some(["2001-04-17T02:00:31Z", "INFO", "1", "jobs", "started"].map(str::to_owned)));
    }

    #[test]
    fn other_lines_are_left() {
        for line in ["[abc] x", "I, [x", "I, [2001-04-17T02:00:31 #1", "I, [2001-04-17T02:00:31 #1] INFO: x", ""] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
