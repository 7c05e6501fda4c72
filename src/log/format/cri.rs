//! Logs of containers as Kubernetes keeps them: `2016-10-06T00:17:09.669794202Z stdout F message`.

use jiff::Timestamp;

use super::header::{Header, split_word};
use super::{dated, klog};
use crate::log::timestamp::stamp_at;

/// What the runtime says, and of level, program and process id what the container does.
pub(super) fn header(record: &[u8], newest: Timestamp) -> Option<Header<'_>> {
    let record = record.trim_ascii();
    let stamp = stamp_at(record, 0, newest)?;
    let (stream, rest) = split_word(record[stamp.range.end..].strip_prefix(b" ")?)?;
    let (tags, said) = split_word(rest)?;
    let is_tag = tags == b"F" || tags == b"P" || tags.starts_with(b"F:") || tags.starts_with(b"P:");
    if !is_tag || !(stream == b"stdout" || stream == b"stderr") {
        return None;
    }
    Some(Header { stamp: Some(stamp), ..said_by_container(said, newest) })
}

/// What stands before the message in a line that a container wrote.
pub(super) fn said_by_container(line: &[u8], newest: Timestamp) -> Header<'_> {
    let line = line.trim_ascii();
    // A stamp later in the line is one of those it tells of.
    let opened = line.iter().take_while(|byte| b"[(<".contains(byte)).count();
    let dated = || stamp_at(line, opened, newest).and_then(|_| dated::header(line, 0, newest));
    klog::header(line, newest).or_else(dated).unwrap_or_else(|| dated::without_stamp(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Level, program and message.
    #[track_caller]
    fn check(said: &str, expected: Option<[&str; 3]>) {
        let line = format!("2016-10-06T00:17:09.669794202Z {said}");
        let parts = header(line.as_bytes(), Timestamp::UNIX_EPOCH).map(|header| {
            let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
            assert_eq!(header.stamp.map(|stamp| stamp.range), Some(0..30));
            [text(header.level), text(header.program), text(Some(header.message))]
        });
        assert_eq!(parts, expected.map(|parts| parts.map(str::to_owned)));
    }

    #[test]
    fn what_the_container_says_is_read() {
        check("stdout F ERROR no disk", Some(["ERROR", "-", "no disk"]));
        check("stderr P E1006 00:17:09.1 12 disk.go:7] no disk", Some(["E", "disk.go", "no disk"]));
        check("stderr F 2016-10-06 00:17:09 WARN  no disk", Some(["WARN", "-", "no disk"]));
        check("stdout F ", Some(["-", "-", ""]));
    }

    #[test]
    fn other_lines_are_left() {
        check("stdout X no", None);
        check("host F no", None);
        check("stdout", None);
    }
}
