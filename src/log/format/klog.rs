//! Logs of Kubernetes and other Go programs that use glog or klog.

use super::header::{Header, split_word};
use super::spec::{Format, FormatSpec, LogFormat};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "klog",
    about: "glog and klog, which Kubernetes and other Go programs use",
    example: "E0417 02:00:31.123456   12 disk.go:7] no space left on device",
    detect: |sample| sample.most_lines(Klog),
});

#[derive(Debug)]
struct Klog;

impl LogFormat for Klog {
    fn is_distinct(&self) -> bool {
        true
    }

    fn joins_lines(&self) -> bool {
        true
    }

    fn begins_record(&self, line: &[u8], _rules: &StampRules) -> bool {
        begins_record(line)
    }

    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        header(record, rules)
    }
}

/// Whether `line` begins with a level, a day and a time, as in `E0417 02:00:31`.
pub(super) fn begins_record(line: &[u8]) -> bool {
    let Some((level, rest)) = line.split_first() else { return false };
    let day = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_time = |text: &[u8]| matches!(text, [b' ', a, b, b':', ..] if a.is_ascii_digit() && b.is_ascii_digit());
    b"IWEF".contains(level) && (day == 4 || day == 8) && is_time(&rest[day..])
}

/// Parses a line of klog; `None` for any other. The program is the source file that the line names.
pub(super) fn header<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let record = record.trim_ascii();
    let (level, rest) = record.split_at_checked(1).filter(|(level, _)| b"IWEF".contains(&level[0]))?;
    let (month_day, rest) = rest.split_at_checked(4).filter(|(digits, _)| digits.iter().all(u8::is_ascii_digit))?;
    let (time, rest) = split_word(rest.strip_prefix(b" ")?)?;
    let (pid, rest) = split_word(rest).filter(|(pid, _)| pid.iter().all(u8::is_ascii_digit))?;
    let close = memchr::memchr(b']', rest)?;
    let (place, message) = (&rest[..close], rest[close + 1..].trim_ascii());
    let colon = memchr::memrchr(b':', place)?;
    // No other logger writes a stamp like this, so the table of shapes does not contain it.
    let stamp = stamp_at(&[&month_day[..2], b"-", &month_day[2..], b" ", time].concat(), 0, rules)?;
    Some(Header {
        stamp: Some(stamp),
        level: Some(level),
        pid: Some(pid),
        program: Some(&place[..colon]),
        message,
        ..Header::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read() {
        let rules = &StampRules::utc("2017-01-02T00:00:00Z".parse().expect("a valid instant"));
        let header = header(b"E0417 02:00:31.123456   12 disk.go:7] no space: /a[1]\n", rules).expect("a header");
        assert_eq!(
            header.stamp.as_ref().map(|stamp| stamp.time),
            Some("2016-04-17T02:00:31.123456Z".parse().expect("a valid instant"))
        );
        let parts = [header.level, header.pid, header.program, Some(header.message)];
        assert_eq!(parts, ["E", "12", "disk.go", "no space: /a[1]"].map(|part| Some(part.as_bytes())));
    }

    #[test]
    fn other_lines_are_left() {
        for line in
            ["E0417 02:00:31 12 no place", "X0417 02:00:31.1 12 a.go:7] x", "E1399 02:00:31.1 12 a.go:7] x", "", "E"]
        {
            assert_eq!(header(line.as_bytes(), &StampRules::default()), None, "{line}");
        }
    }
}
