//! Collectors that wrap each line that a program prints: CRI, Docker, and tools that show the logs of several containers
//! at once.

use std::borrow::Cow;

use super::cri;
use super::docker;
use super::header::Header;
use crate::log::timestamp::StampRules;

/// How a collector wraps lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapper {
    /// The container runtime interface of Kubernetes: stamp, stream and tag before the line.
    Cri,
    /// Docker's JSON: the line is the member `log`.
    Docker,
    /// The name of a container before the line: `web-1  | line` or `[pod/web-1/app] line`.
    Prefix,
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
            Wrapper::Prefix => split_prefix(line),
        }
    }

    /// Returns what the collector says about `record`, of which all lines are wrapped: the stamp, the host and the
    /// program.
    pub(super) fn header<'a>(self, record: &'a [u8], rules: &StampRules) -> Header<'a> {
        match self {
            Wrapper::Cri => cri::outer_header(record, rules),
            Wrapper::Docker => docker::outer_header(record, rules),
            Wrapper::Prefix => Header { program: split_prefix(record).map(|line| line.stream), ..Header::default() },
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

/// Splits a line such as `web-1  | text` (Compose) or `[pod/web-1/app] text` (kubectl).
fn split_prefix(line: &[u8]) -> Option<WrappedLine<'_>> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-/".contains(byte);
    if let Some(inside) = line.strip_prefix(b"[pod/") {
        let end = inside.iter().position(|byte| !is_name(byte))?;
        let text = inside[end..].strip_prefix(b"] ")?;
        return Some(prefixed(&inside[..end], text));
    }
    let end = line.iter().position(|byte| !is_name(byte)).filter(|end| *end > 0)?;
    let rest = line[end..].trim_ascii_start();
    let text = rest.strip_prefix(b"|")?;
    let is_spaced = rest.len() < line.len() - end && text.first().is_none_or(u8::is_ascii_whitespace);
    is_spaced.then(|| prefixed(&line[..end], text.strip_prefix(b" ").unwrap_or(text)))
}

fn prefixed<'a>(stream: &'a [u8], text: &'a [u8]) -> WrappedLine<'a> {
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
        check(Wrapper::Cri, "2024-05-01T10:00:00.1Z stderr P no\n", "stderr", "no", true);
        check(Wrapper::Cri, "2024-05-01T10:00:00.1Z stderr F \tat a.B\n", "stderr", "\tat a.B", false);
        check(Wrapper::Docker, r#"{"log":"\tat \"a\"\n","stream":"stderr","time":"x"}"#, "stderr", "\tat \"a\"", false);
        check(Wrapper::Docker, r#"{"log": "no", "stream": "stdout"}"#, "stdout", "no", true);
    }

    #[test]
    fn other_lines_are_left() {
        for line in ["a b | c", "a|b", "| a", "[pod/a b] c", ""] {
            assert_eq!(split(Wrapper::Prefix, line), None, "{line}");
        }
        assert_eq!(split(Wrapper::Docker, r#"{"msg":"x"}"#), None);
        assert_eq!(split(Wrapper::Cri, "2024-05-01T10:00:00.1Z stdin F x"), None);
    }

    #[test]
    fn the_lines_of_a_record_are_joined() {
        let record = "2024-05-01T10:00:00.1Z stderr P no \n2024-05-01T10:00:00.2Z stderr F disk\n2024-05-01T10:00:00.3Z stderr F \tat a\n";
        assert_eq!(Wrapper::Cri.text(record.as_bytes()).as_ref(), b"no disk\n\tat a");
    }
}
