//! Collectors that wrap each line that a program prints: CRI, Docker, and tools that show the logs of several containers
//! at once.

use std::borrow::Cow;

use super::cri;
use super::docker;
use super::header::Header;
use super::trace;
use crate::log::timestamp::{StampRules, stamp_at};

/// How a collector wraps lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapper {
    /// The container runtime interface of Kubernetes: stamp, stream and tag before the line.
    Cri,
    /// Docker's JSON: the line is the member `log`.
    Docker,
    /// The name of a container before the line: `web-1  | line` or `[pod/web-1/app] line`.
    Prefix,
    /// The same, with a stamp after the name.
    PrefixAndStamp,
    /// A stamp before each line, also before those that continue a record.
    Stamp,
}

/// A line that a program printed, as its collector wrapped it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WrappedLine<'a> {
    /// What the program printed, without the line end. If only the first bytes of the line are given, the first bytes.
    pub(super) text: Cow<'a, [u8]>,
    /// The container or the stream from which the line comes. Lines of one record come from the same one.
    pub(super) stream: &'a [u8],
    /// Whether the collector split a long line, so that the text goes on in the next line.
    pub(super) is_partial: bool,
}

impl Wrapper {
    /// Splits off what the collector added to `line`. `line` may be cut at its end. `None` if it is not wrapped.
    pub(super) fn split(self, line: &[u8]) -> Option<WrappedLine<'_>> {
        match self {
            Wrapper::Cri => cri::split(line),
            Wrapper::Docker => docker::split(line),
            Wrapper::Prefix => split_prefix(line).map(|(name, text)| printed(name, text)),
            Wrapper::PrefixAndStamp => {
                split_prefix(line).and_then(|(name, text)| Some(printed(name, text_after_stamp(text)?)))
            }
            Wrapper::Stamp => text_after_stamp(line).map(|text| printed(b"", text)),
        }
    }

    /// Returns what the collector says about `record`, of which all lines are wrapped: the stamp, the host and the
    /// program.
    pub(super) fn header<'a>(self, record: &'a [u8], rules: &StampRules) -> Header<'a> {
        match self {
            Wrapper::Cri => cri::outer_header(record, rules),
            Wrapper::Docker => docker::outer_header(record, rules),
            Wrapper::Prefix => Header { program: split_prefix(record).map(|(name, _)| name), ..Header::default() },
            Wrapper::PrefixAndStamp => split_prefix(record).map_or_else(Header::default, |(name, text)| Header {
                program: Some(name),
                stamp: stamp_at(record, record.len() - text.len(), rules),
                ..Header::default()
            }),
            Wrapper::Stamp => Header { stamp: stamp_at(record, 0, rules), ..Header::default() },
        }
    }

    /// Returns what the program printed: the lines of `record` without what the collector added.
    pub(super) fn text(self, record: &[u8]) -> Cow<'_, [u8]> {
        let mut lines = record.split_inclusive(|byte| *byte == b'\n');
        let first = lines.next().and_then(|line| self.split(line));
        let (Some(first), rest) = (first, lines.clone()) else { return Cow::Borrowed(record) };
        if rest.clone().next().is_none() {
            return first.text;
        }
        let mut text = first.text.into_owned();
        let mut is_partial = first.is_partial;
        for line in rest {
            if !is_partial {
                text.push(b'\n');
            }
            match self.split(line) {
                Some(wrapped) => {
                    is_partial = wrapped.is_partial;
                    text.extend_from_slice(&wrapped.text);
                }
                None => text.extend_from_slice(line.trim_ascii_end()),
            }
        }
        Cow::Owned(text)
    }
}

/// Splits a line such as `web-1  | text` (Compose) or `[pod/web-1/app] text` (kubectl) into the name and the text.
fn split_prefix(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-/".contains(byte);
    if let Some(inside) = line.strip_prefix(b"[pod/") {
        let end = inside.iter().position(|byte| !is_name(byte))?;
        let text = inside[end..].strip_prefix(b"] ")?;
        return Some((&inside[..end], text));
    }
    let end = line.iter().position(|byte| !is_name(byte)).filter(|end| *end > 0)?;
    let rest = line[end..].trim_ascii_start();
    let text = rest.strip_prefix(b"|")?;
    let is_spaced = rest.len() < line.len() - end && text.first().is_none_or(u8::is_ascii_whitespace);
    // A number is a column of a table.
    let is_named = is_spaced && line[..end].iter().any(u8::is_ascii_alphabetic);
    is_named.then(|| (&line[..end], text.strip_prefix(b" ").unwrap_or(text)))
}

/// Returns the text after a stamp of RFC 3339 and one blank; `None` if `line` begins with none.
fn text_after_stamp(line: &[u8]) -> Option<&[u8]> {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00";
    let is_digit_or = |byte: &u8, shape: &u8| if *shape == b'0' { byte.is_ascii_digit() } else { byte == shape };
    let rest = line.get(SHAPE.len()..)?;
    let fraction = rest.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let zone = match rest.get(fraction)? {
        b'Z' => 1,
        b'+' | b'-' => 6,
        _ => return None,
    };
    let text = rest.get(fraction + zone..)?;
    let fits = line.iter().zip(SHAPE).all(|(byte, shape)| is_digit_or(byte, shape));
    let text = if text.trim_ascii().is_empty() { text.trim_ascii() } else { text.strip_prefix(b" ")? };
    fits.then_some(text)
}

/// Whether the stamps of `lines` are those of a tool that stamps each line, whatever a program printed: all lines have one,
/// and what follows is in some line a frame of a trace, or in most lines begins with a stamp of its own.
pub(super) fn is_stamped_by_tool(wrapper: Wrapper, lines: &[&[u8]], rules: &StampRules) -> bool {
    let is_frame =
        |text: &[u8]| text.starts_with(b"\t") || (text.starts_with(b" ") && trace::is_frame(text.trim_ascii_start()));
    let Some(texts) = lines.iter().map(|line| wrapper.split(line)).collect::<Option<Vec<_>>>() else { return false };
    let n_stamped = texts.iter().filter(|line| stamp_at(&line.text, 0, rules).is_some()).count();
    n_stamped * 2 > texts.len() || texts.iter().any(|line| is_frame(&line.text))
}

fn printed<'a>(stream: &'a [u8], text: &'a [u8]) -> WrappedLine<'a> {
    WrappedLine { text: Cow::Borrowed(text.trim_ascii_end()), stream, is_partial: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the stream and the text of `line`, and whether it is partial.
    fn split(wrapper: Wrapper, line: &str) -> Option<(String, String, bool)> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        wrapper.split(line.as_bytes()).map(|line| (text(line.stream), text(&line.text), line.is_partial))
    }

    #[track_caller]
    fn check(wrapper: Wrapper, line: &str, stream: &str, text: &str, is_partial: bool) {
        assert_eq!(split(wrapper, line), Some((stream.to_owned(), text.to_owned(), is_partial)));
    }

    #[test]
    fn each_collector_is_unwrapped() {
        check(Wrapper::Prefix, "web-1  | no disk\n", "web-1", "no disk", false);
        check(Wrapper::Prefix, "web-1  |   indented\n", "web-1", "  indented", false);
        check(Wrapper::Prefix, "web-1  |\n", "web-1", "", false);
        check(Wrapper::Prefix, "[pod/web-1/app] no disk\n", "web-1/app", "no disk", false);
        check(
            Wrapper::PrefixAndStamp,
            "[pod/web-1/app] 2024-05-01T10:00:00.1Z no disk\n",
            "web-1/app",
            "no disk",
            false,
        );
        check(Wrapper::Stamp, "2024-05-01T10:00:00.123456Z \tat a.B\n", "", "\tat a.B", false);
        check(Wrapper::Stamp, "2024-05-01T10:00:00+02:00\n", "", "", false);
        check(Wrapper::Cri, "2024-05-01T10:00:00.1Z stderr P no\n", "stderr", "no", true);
        check(Wrapper::Cri, "2024-05-01T10:00:00.1Z stderr F \tat a.B\n", "stderr", "\tat a.B", false);
        check(Wrapper::Docker, r#"{"log":"\tat \"a\"\n","stream":"stderr","time":"x"}"#, "stderr", "\tat \"a\"", false);
        check(Wrapper::Docker, r#"{"log": "no", "stream": "stdout"}"#, "stdout", "no", true);
    }

    #[test]
    fn other_lines_are_left() {
        for line in ["a b | c", "a|b", "| a", "[pod/a b] c", "12 | c", ""] {
            assert_eq!(split(Wrapper::Prefix, line), None, "{line}");
        }
        for line in ["2024-05-01 10:00:00Z a", "2024-05-01T10:00:00 a", "2024-05-01T10:00:00Zulu", "2024-05-01T10", ""]
        {
            assert_eq!(split(Wrapper::Stamp, line), None, "{line}");
        }
        assert_eq!(split(Wrapper::Docker, r#"{"msg":"x"}"#), None);
        assert_eq!(split(Wrapper::Cri, "2024-05-01T10:00:00.1Z stdin F x"), None);
    }

    #[test]
    fn stamps_of_a_tool_are_told_from_those_of_a_program() {
        let by_tool = |lines: &[&str]| {
            let lines: Vec<_> = lines.iter().map(|line| line.as_bytes()).collect();
            is_stamped_by_tool(Wrapper::Stamp, &lines, &StampRules::default())
        };
        assert!(by_tool(&["2024-05-01T10:00:00Z a", "2024-05-01T10:00:00Z \tat a.B(C.java:1)"]));
        assert!(by_tool(&["2024-05-01T10:00:00Z 2024-05-01 10:00:00,123 INFO a"]));
        assert!(!by_tool(&["2024-05-01T10:00:00Z a", "2024-05-01T10:00:00Z b"]));
        assert!(!by_tool(&[
            "2024-05-01T10:00:00Z order 7",
            "2024-05-01T10:00:00Z 1714557600 x",
            "2024-05-01T10:00:00Z y"
        ]));
        assert!(!by_tool(&["2024-05-01T10:00:00Z panic: no disk", "2024-05-01T10:00:00Z 148 ERROR [main] a.B: x"]));
        assert!(!by_tool(&["2024-05-01T10:00:00Z   Killing  a", "2024-05-01T10:00:00Z   Started  b"]));
        assert!(!by_tool(&["2024-05-01T10:00:00Z a", "\tat a.B(C.java:1)"]));
        assert!(!by_tool(&[]));
    }

    #[test]
    fn the_lines_of_a_record_are_joined() {
        let record = "2024-05-01T10:00:00.1Z stderr P no \n2024-05-01T10:00:00.2Z stderr F disk\n2024-05-01T10:00:00.3Z stderr F \tat a\n";
        assert_eq!(Wrapper::Cri.text(record.as_bytes()).as_ref(), b"no disk\n\tat a");
    }
}
