//! Logs of Android in the forms in which a letter for the level comes before the tag: `logcat -v brief`, `tag`,
//! `process`, `thread`, `time` and `long`, and those of Android Studio. (The form `threadtime` is read as `dated`.)

use super::header::Header;
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord, Sample};
use crate::log::timestamp::{FoundStamp, StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "logcat",
    about: "logs of Android: logcat in its forms with `E/Tag`, and Android Studio",
    example: "04-17 02:00:31.123 E/AndroidRuntime( 1702): FATAL EXCEPTION: main",
    detect,
});

#[derive(Debug)]
struct Logcat {
    /// Whether records are in the form `long`, in which the text follows in lines of its own.
    is_long: bool,
}

fn detect(sample: &Sample<'_>) -> Detected {
    let format = |is_long| Logcat { is_long };
    let is_long = sample.lines.iter().find(|line| !line.starts_with(BUFFER)).is_some_and(|line| is_long_header(line));
    if is_long { Detected::new(format(true), true) } else { sample.most_lines(format(false)) }
}

/// The line that says which buffer the next records come from.
const BUFFER: &[u8] = b"--------- beginning of ";

impl LogFormat for Logcat {
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let record = record.trim_ascii_end();
        if self.is_long {
            return long(record, rules);
        }
        let stamp = stamp_at(record, 0, rules);
        let rest = stamp.as_ref().map_or(record, |stamp| record[stamp.range.end..].trim_ascii_start());
        let header = tagged(rest).or_else(|| untagged(rest)).or_else(|| studio(rest, stamp.as_ref()))?;
        Some(Header { stamp, ..header })
    }

    fn continues(&self, open: OpenRecord, rest: &[u8], indent_continues: bool) -> bool {
        if self.is_long { !is_long_header(rest) } else { open.takes_line(rest, indent_continues, true) }
    }
}

/// Returns the level for a letter: `A` is an assertion that failed.
fn level(letter: u8) -> Option<&'static [u8]> {
    match letter {
        b'V' => Some(b"verbose"),
        b'D' => Some(b"debug"),
        b'I' => Some(b"info"),
        b'W' => Some(b"warning"),
        b'E' => Some(b"error"),
        b'F' | b'A' => Some(b"fatal"),
        _ => None,
    }
}

/// Splits `E/Tag` into its level and the text from the tag on.
fn level_and_tag(text: &[u8]) -> Option<(&'static [u8], &[u8])> {
    match text {
        [letter, b'/', tag @ ..] => level(*letter).map(|level| (level, tag)),
        _ => None,
    }
}

/// Parses `E/Tag( 1702): text` or `E/Tag: text`.
fn tagged(text: &[u8]) -> Option<Header<'_>> {
    let (level, tag) = level_and_tag(text)?;
    let colon = memchr::memmem::find(tag, b": ").or_else(|| tag.ends_with(b":").then(|| tag.len() - 1))?;
    let (name, message) = (&tag[..colon], tag[colon + 1..].trim_ascii_start());
    let ids = name.strip_suffix(b")").and_then(|name| memchr::memrchr(b'(', name).map(|at| name.split_at(at)));
    let (name, pid) = ids.map_or((name, None), |(name, ids)| (name, process(&ids[1..])));
    let program = Some(name.trim_ascii()).filter(|name| !name.is_empty() && !name.contains(&b'/'))?;
    Some(Header { program: Some(program), pid, level: Some(level), message, ..Header::default() })
}

/// Parses `E( 1702) text  (Tag)` or `E( 1702: 2395) text`.
fn untagged(text: &[u8]) -> Option<Header<'_>> {
    let [letter, b'(', rest @ ..] = text else { return None };
    let level = level(*letter)?;
    let (inside, rest) = rest.split_at(memchr::memchr(b')', rest)?);
    let pid = Some(process(inside)?);
    let rest = rest[1..].trim_ascii();
    let tag = rest.strip_suffix(b")").and_then(|inside| {
        let at = memchr::memmem::rfind(inside, b"  (")?;
        Some((&inside[at + 3..], rest[..at].trim_ascii_end()))
    });
    let (program, message) = tag.map_or((None, rest), |(tag, message)| (Some(tag), message));
    Some(Header { program, pid, level: Some(level), message, ..Header::default() })
}

/// Parses what Android Studio writes after the stamp: `1702-2395  Tag  com.example.app  E  text`, or in older versions
/// `1702-2395/com.example.app E/Tag: text`.
fn studio<'a>(text: &'a [u8], stamp: Option<&FoundStamp>) -> Option<Header<'a>> {
    stamp?;
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let n_pid = digits(text);
    let thread = text[n_pid..].strip_prefix(b"-").filter(|_| n_pid > 0)?;
    let rest = &thread[digits(thread)..];
    let pid = Some(&text[..n_pid]);
    if let Some(package) = rest.strip_prefix(b"/") {
        let blank = memchr::memchr(b' ', package)?;
        return tagged(package[blank..].trim_ascii_start()).map(|header| Header { pid, ..header });
    }
    let (tag, columns) = column(rest.trim_ascii_start())?;
    let (_package, columns) = column(columns)?;
    let [letter, b' ', message @ ..] = columns else { return None };
    let level = Some(level(*letter)?);
    Some(Header { program: Some(tag), pid, level, message: message.trim_ascii_start(), ..Header::default() })
}

/// Splits `text` at its first two blanks.
fn column(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memmem::find(text, b"  ")?;
    Some((&text[..end], text[end..].trim_ascii_start()))
}

/// Returns the process in ` 1702` or ` 1702: 2395`.
fn process(ids: &[u8]) -> Option<&[u8]> {
    let pid = ids.split(|byte| *byte == b':').next()?.trim_ascii();
    (!pid.is_empty() && pid.iter().all(u8::is_ascii_digit)).then_some(pid)
}

/// Whether `text` begins with a line such as `[ 04-17 02:00:31.123  1702: 2395 E/Tag ]`. Only its beginning is looked at.
fn is_long_header(text: &[u8]) -> bool {
    let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    let has_day = |at: usize| digit(at) && digit(at + 1) && text.get(at + 2) == Some(&b'-') && digit(at + 3);
    let start = &text[..text.len().min(64)];
    let is_stamped = text.starts_with(b"[ ") && (has_day(2) || has_day(7));
    is_stamped && memchr::memchr_iter(b'/', start).any(|slash| level(text[slash - 1]).is_some())
}

/// Parses a record whose first line is `[ 04-17 02:00:31.123  1702: 2395 E/Tag ]`.
fn long<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let end = memchr::memchr(b'\n', record).unwrap_or(record.len());
    let (first, text) = record.split_at(end);
    let inside = first.trim_ascii_end().strip_prefix(b"[ ")?.strip_suffix(b"]")?;
    let stamp = stamp_at(inside, 0, rules)?;
    let rest = inside[stamp.range.end..].trim_ascii();
    let slash = memchr::memchr(b'/', rest)?;
    let (level, tag) = level_and_tag(rest.get(slash.checked_sub(1)?..)?)?;
    Some(Header {
        stamp: Some(stamp),
        program: Some(tag.trim_ascii()),
        pid: process(&rest[..slash - 1]),
        level: Some(level),
        message: text.trim_ascii(),
        ..Header::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks time, level, program, process and message (`-` if missing).
    #[track_caller]
    fn check(record: &str, expected: Option<[&str; 5]>) {
        let rules = StampRules::utc("2001-06-01T00:00:00Z".parse().expect("a valid instant"));
        let format = Logcat { is_long: is_long_header(record.as_bytes()) };
        let parts = format.header(record.as_bytes(), &rules).map(|header| {
            let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
            let time = header.stamp.as_ref().map_or("-".to_owned(), |stamp| stamp.time.to_string());
            [time, text(header.level), text(header.program), text(header.pid), text(Some(header.message))]
        });
        assert_eq!(parts, expected.map(|parts| parts.map(str::to_owned)), "{record}");
    }

    #[test]
    fn all_forms_are_read() {
        let time = "2001-04-17T02:00:31.123Z";
        check("D/Window( 1702): a: b", Some(["-", "debug", "Window", "1702", "a: b"]));
        check("W/Window: a", Some(["-", "warning", "Window", "-", "a"]));
        check("E( 1702) a b  (Window)", Some(["-", "error", "Window", "1702", "a b"]));
        check("I( 1702: 2395) a", Some(["-", "info", "-", "1702", "a"]));
        check("04-17 02:00:31.123 A/libc  (  12): a", Some([time, "fatal", "libc", "12", "a"]));
        check("[ 04-17 02:00:31.123  1702: 2395 E/Run ]\na\nb\n\n", Some([time, "error", "Run", "1702", "a\nb"]));
        check(
            "2001-04-17 02:00:31.123  1702-2395  Run   com.example   E  no disk",
            Some([time, "error", "Run", "1702", "no disk"]),
        );
        check("2001-04-17 02:00:31.123 1702-2395/com.example E/Run: a", Some([time, "error", "Run", "1702", "a"]));
    }

    #[test]
    fn other_lines_are_left() {
        for line in [
            "--------- beginning of main",
            "X/Tag: a",
            "D/dir/file: no",
            "E(x) a",
            "1702-2395  Run  com.example  E  a",
            "2001-04-17 02:00:31.123  1702-2395  Run  com.example  x",
            "[ 04-17 is a day ]",
            "",
        ] {
            check(line, None);
        }
    }
}
