//! Logs of supercomputers: their collectors write `- 1131566461 2005.11.09 dn228 ` before a line of syslog or a message
//! of the machine itself. The first word is `-` or the name of an alert.

use super::header::{Header, ProgramTag, split_word};
use super::level::Level;
use super::spec::{Format, FormatSpec, LogFormat};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "cluster",
    about: "lines that a supercomputer's collector gathered: alert, epoch, date and node first",
    example: "- 1117838570 2005.06.03 R02 2005-06-03-15.42.50.675872 R02 RAS KERNEL INFO parity error corrected",
    detect: |sample| sample.most_lines(Cluster),
});

/// The level of a message of the machine is among this number of words at its beginning: `RAS KERNEL INFO`.
const WORDS_BEFORE_LEVEL: usize = 3;

#[derive(Debug)]
struct Cluster;

impl LogFormat for Cluster {
    /// All of the record is the message, because the alert at its beginning belongs to it.
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let message = record.trim_ascii();
        let (_, rest) = split_word(message)?;
        let (epoch, rest) =
            split_word(rest).filter(|(epoch, _)| epoch.len() == 10 && epoch.iter().all(u8::is_ascii_digit))?;
        let (_, rest) = split_word(rest).filter(|(date, _)| is_dotted_date(date))?;
        let (host, rest) = split_word(rest)?;
        let header = Header { stamp: stamp_at(epoch, 0, rules), host: Some(host), message, ..Header::default() };
        // The line repeats the instant and the host; both are skipped.
        let text = stamp_at(rest, 0, rules).map_or(rest, |stamp| rest[stamp.range.end..].trim_ascii_start());
        let text = split_word(text).map_or(text, |(_, text)| text);
        Some(match ProgramTag::split(text) {
            Some(tag) => Header { program: Some(tag.program), pid: tag.pid, gist: Some(tag.rest), ..header },
            None => machine_header(text, header),
        })
    }
}

/// Adds to `header` the program, the level and the gist of a message of the machine, such as `RAS KERNEL INFO message`.
fn machine_header<'a>(text: &'a [u8], header: Header<'a>) -> Header<'a> {
    let mut rest = text;
    let mut before = None;
    for _ in 0..WORDS_BEFORE_LEVEL {
        let Some((word, after)) = split_word(rest).filter(|(word, _)| word.iter().all(u8::is_ascii_uppercase)) else {
            break;
        };
        if before.is_some() && Level::by_word(word).is_some() {
            return Header { level: Some(word), program: before, gist: Some(after), ..header };
        }
        (before, rest) = (Some(word), after);
    }
    Header { gist: Some(text), ..header }
}

/// Whether `word` is a date in the form `2005.11.09`.
fn is_dotted_date(word: &[u8]) -> bool {
    word.len() == 10
        && word.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'.',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks what `header` reads from `line`: host, program, process id, level and gist (`-` if missing).
    #[track_caller]
    fn check(line: &str, expected: Option<[&str; 5]>) {
        let parts = Cluster.header(line.as_bytes(), &StampRules::default()).map(|header| {
            let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
            assert_eq!((header.message, header.stamp.is_some()), (line.as_bytes(), true));
            [header.host, header.program, header.pid, header.level, header.gist].map(text)
        });
        assert_eq!(parts, expected.map(|parts| parts.map(str::to_owned)));
    }

    #[test]
    fn both_kinds_are_read() {
        check(
            "- 1131566461 2005.11.09 dn1 Nov 9 12:01:01 dn1/dn1 crond(pam_unix)[29]: session closed",
            Some(["dn1", "crond(pam_unix)", "29", "-", "session closed"]),
        );
        check(
            "KERNDTLB 1117838570 2005.06.03 R02 2005-06-03-15.42.50.675872 R02 RAS KERNEL FATAL data TLB error",
            Some(["R02", "KERNEL", "-", "FATAL", "data TLB error"]),
        );
        check(
            "- 1117838570 2005.06.03 R02 2005-06-03-15.42.50.675872 R02 just words",
            Some(["R02", "-", "-", "-", "just words"]),
        );
    }

    #[test]
    fn other_lines_are_left() {
        check("- 1117838570 2005-06-03 R02 x", None);
        check("- 111783857 2005.06.03 R02 x", None);
        check("- 1117838570 2005.06.03", None);
        check("", None);
    }
}
