//! The journal of systemd as `journalctl -o verbose` shows it: a line with the stamp, then an indented line for each field.

use super::header::Header;
use super::level::Level;
use super::spec::{Format, FormatSpec, LogFormat};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "journal_verbose",
    about: "the journal of systemd as `journalctl -o verbose` shows it",
    example: "Tue 2001-04-17 02:00:31.123456 UTC [s=6c7c;i=4a1;b=dd4c;m=1a2b;t=6436;x=9f8e]\n    PRIORITY=3\n    \
              SYSLOG_IDENTIFIER=app\n    MESSAGE=no space left on device",
    detect: |sample| sample.most_lines(JournalVerbose),
});

#[derive(Debug)]
struct JournalVerbose;

impl LogFormat for JournalVerbose {
    fn is_distinct(&self) -> bool {
        true
    }

    fn fits(&self, line: &[u8], rules: &StampRules) -> bool {
        stamp_at(line, 0, rules).is_some_and(|stamp| line[stamp.range.end..].trim_ascii_start().starts_with(b"[s="))
    }

    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let stamp = stamp_at(record, 0, rules).filter(|_| self.fits(record, rules))?;
        let priority = value(record, b"PRIORITY").and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
        Some(Header {
            stamp: Some(stamp),
            host: value(record, b"_HOSTNAME"),
            program: value(record, b"SYSLOG_IDENTIFIER").or_else(|| value(record, b"_COMM")),
            pid: value(record, b"_PID").or_else(|| value(record, b"SYSLOG_PID")),
            level: priority.map(|priority| Level::word_for_priority(priority).as_bytes()),
            message: value(record, b"MESSAGE").unwrap_or_default(),
            ..Header::default()
        })
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        value(record, name.as_bytes())
    }

    fn field_names(&self, record: &[u8]) -> Vec<String> {
        fields(record).map(|(name, _)| String::from_utf8_lossy(name).into_owned()).collect()
    }
}

/// Returns the fields of `record` with their values.
fn fields(record: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let lines = record.split(|byte| *byte == b'\n').skip(1).map(<[u8]>::trim_ascii);
    lines.filter_map(|line| {
        let (name, value) = line.split_at(memchr::memchr(b'=', line)?);
        let is_name = name.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_');
        is_name.then_some((name, &value[1..]))
    })
}

fn value<'a>(record: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    fields(record).find(|(found, _)| *found == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_read() {
        let record =
            b"Thu 2026-11-12 10:00:00.123456 CET [s=6c;i=4;b=d;m=1;t=6;x=9]\n    PRIORITY=3\n    _HOSTNAME=web1\n    \
            SYSLOG_IDENTIFIER=app\n    _PID=42\n    MESSAGE=no = disk\n";
        let header = JournalVerbose.header(record, &StampRules::default()).expect("a record");
        assert_eq!(header.stamp.map(|stamp| stamp.time.to_string()).as_deref(), Some("2026-11-12T09:00:00.123456Z"));
        let parts = [header.host, header.program, header.pid, header.level, Some(header.message)];
        assert_eq!(parts, ["web1", "app", "42", "err", "no = disk"].map(|part| Some(part.as_bytes())));
        assert_eq!(JournalVerbose.field(record, "PRIORITY"), Some(&b"3"[..]));
        let names = ["PRIORITY", "_HOSTNAME", "SYSLOG_IDENTIFIER", "_PID", "MESSAGE"];
        assert_eq!(JournalVerbose.field_names(record), names);
    }

    #[test]
    fn other_lines_are_left() {
        for line in ["Thu 2026-11-12 10:00:00 CET host app[1]: x", "2026-11-12 10:00:00 [x=1]", "[s=6c]", ""] {
            assert!(!JournalVerbose.fits(line.as_bytes(), &StampRules::default()), "{line}");
        }
    }
}
