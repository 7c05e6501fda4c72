//! Logs of containers in Kubernetes, and the lines that containers print.

use super::header::{Header, split_word};
use super::spec::{Format, FormatSpec, LogFormat};
use super::{dated, klog};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "cri",
    about: "containers in Kubernetes: stamp, stream and tag before the line that the container printed",
    example: "2016-10-06T00:17:09.669794202Z stdout F ERROR no space left on device",
    detect: |sample| sample.most_lines(Cri),
});

#[derive(Debug)]
struct Cri;

impl LogFormat for Cri {
    /// The stamp is that of the runtime; level, program, process id and message are those of the container.
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let record = record.trim_ascii();
        let stamp = stamp_at(record, 0, rules)?;
        let (stream, rest) = split_word(record[stamp.range.end..].strip_prefix(b" ")?)?;
        let (tags, line) = split_word(rest)?;
        let is_tag = tags == b"F" || tags == b"P" || tags.starts_with(b"F:") || tags.starts_with(b"P:");
        if !is_tag || !(stream == b"stdout" || stream == b"stderr") {
            return None;
        }
        Some(Header { stamp: Some(stamp), ..container_header(line, rules) })
    }
}

/// Parses a line that a container printed.
pub(super) fn container_header<'a>(line: &'a [u8], rules: &StampRules) -> Header<'a> {
    let line = line.trim_ascii();
    // A stamp later in the line is part of the message.
    let opened = line.iter().take_while(|byte| b"[(<".contains(byte)).count();
    let dated = || stamp_at(line, opened, rules).and_then(|_| dated::header(line, 0, rules));
    klog::header(line, rules).or_else(dated).unwrap_or_else(|| dated::without_stamp(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the level, program and message that are read if a container printed `printed` (`-` if missing).
    #[track_caller]
    fn check(printed: &str, expected: Option<[&str; 3]>) {
        let line = format!("2016-10-06T00:17:09.669794202Z {printed}");
        let parts = Cri.header(line.as_bytes(), &StampRules::default()).map(|header| {
            let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
            assert_eq!(header.stamp.map(|stamp| stamp.range), Some(0..30));
            [text(header.level), text(header.program), text(Some(header.message))]
        });
        assert_eq!(parts, expected.map(|parts| parts.map(str::to_owned)));
    }

    #[test]
    fn the_line_of_the_container_is_read() {
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
