//! Logs of supercomputers as their collectors write them: `- 1131566461 2005.11.09 dn228 ` before a line of syslog or a
//! message of the machine itself. The first word is `-` or the name of an alert.

use jiff::Timestamp;

use super::Level;
use super::header::{Header, Tagged, split_word};
use crate::log::timestamp::stamp_at;

/// Words of the machine before the level: `RAS KERNEL INFO`.
const WORDS_BEFORE_LEVEL: usize = 3;

/// What stands before the message. All of the record is the message, as the alert is nowhere else.
pub(super) fn header(record: &[u8], newest: Timestamp) -> Option<Header<'_>> {
    let message = record.trim_ascii();
    let (_, rest) = split_word(message)?;
    let (epoch, rest) =
        split_word(rest).filter(|(epoch, _)| epoch.len() == 10 && epoch.iter().all(u8::is_ascii_digit))?;
    let (_, rest) = split_word(rest).filter(|(date, _)| is_dotted_date(date))?;
    let (host, rest) = split_word(rest)?;
    let header = Header { stamp: stamp_at(epoch, 0, newest), host: Some(host), message, ..Header::default() };
    // The same instant again, and the same host.
    let said = stamp_at(rest, 0, newest).map_or(rest, |stamp| rest[stamp.range.end..].trim_ascii_start());
    let said = split_word(said).map_or(said, |(_, said)| said);
    Some(match Tagged::split(said) {
        Some(tagged) => Header { program: Some(tagged.program), pid: tagged.pid, gist: Some(tagged.rest), ..header },
        None => machine(said, header),
    })
}

/// `RAS KERNEL INFO message`
fn machine<'a>(said: &'a [u8], header: Header<'a>) -> Header<'a> {
    let mut rest = said;
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
    Header { gist: Some(said), ..header }
}

/// `2005.11.09`
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

    /// Host, program, process id, level and gist.
    #[track_caller]
    fn check(line: &str, expected: Option<[&str; 5]>) {
        let parts = header(line.as_bytes(), Timestamp::UNIX_EPOCH).map(|header| {
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
