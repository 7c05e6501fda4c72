//! Logs of Kubernetes and other Go programs that use glog or klog.

use super::header::{Header, is_number, split_word};
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
    b"IWEF".contains(level) && matches!(day, 4 | 6 | 8) && is_time(&rest[day..])
}

/// Parses a line of klog; `None` for any other. The program is the source file that the line names.
pub(super) fn header<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let record = record.trim_ascii();
    let (level, rest) = record.split_at_checked(1).filter(|(level, _)| b"IWEF".contains(&level[0]))?;
    let (day, rest) = split_word(rest).filter(|(day, _)| is_number(day) && matches!(day.len(), 4 | 6 | 8))?;
    let (year, month_day) = day.split_at(day.len() - 4);
    let (time, rest) = split_word(rest)?;
    let (pid, rest) = split_word(rest).filter(|(pid, _)| pid.iter().all(u8::is_ascii_digit))?;
    let (place, message) = place_and_message(rest)?;
    let colon = memchr::memrchr(b':', place)?;
    // No other logger writes a stamp like this, so the table of shapes does not contain it.
    let century: &[u8] = if year.len() == 2 { b"20" } else { b"" };
    let year_dash: [&[u8]; 3] = if year.is_empty() { [b"", b"", b""] } else { [century, year, b"-"] };
    let stamp =
        stamp_at(&[&year_dash.concat(), &month_day[..2], b"-", &month_day[2..], b" ", time].concat(), 0, rules)?;
    Some(Header {
        stamp: Some(stamp),
        level: Some(level),
        pid: Some(pid),
        program: Some(&place[..colon]),
        message,
        ..Header::default()
    })
}

/// Splits off the source file with its line. A bracket ends it, or blanks where a layout leaves the bracket out.
fn place_and_message(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (place, message) = split_word(text)?;
    let is_place = |place: &[u8]| memchr::memrchr(b':', place).is_some_and(|colon| is_number(&place[colon + 1..]));
    if is_place(place) {
        return Some((place, message));
    }
    let close = memchr::memchr(b']', text)?;
    Some((&text[..close], text[close + 1..].trim_ascii()))
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
    fn a_layout_may_leave_the_bracket_out() {
        let header =
            header(b"E20160417 02:00:31.123456 12 disk.cc:7 slow [a]", &StampRules::default()).expect("a header");
        let parts = [header.level, header.pid, header.program, Some(header.message)];
        assert_eq!(parts, ["E", "12", "disk.cc", "slow [a]"].map(|part| Some(part.as_bytes())));
    }

    #[test]
    fn a_year_may_come_first() {
        let header =
            header(b"W20160417 02:00:31.123456   12 disk.cc:7] slow", &StampRules::default()).expect("a header");
        let time = header.stamp.as_ref().map(|stamp| stamp.time.to_string());
        assert_eq!((header.level, time.as_deref()), (Some(&b"W"[..]), Some("2016-04-17T02:00:31.123456Z")));
        let short =
            self::header(b"E160417 02:00:31.1 12 a/b.go:7  [n1] 3  no", &StampRules::default()).expect("a header");
        let time = short.stamp.as_ref().map(|stamp| stamp.time.to_string());
        assert_eq!((short.program, time.as_deref()), (Some(&b"a/b.go"[..]), Some("2016-04-17T02:00:31.1Z")));
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
