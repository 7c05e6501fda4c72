//! Logs of containers in Kubernetes, and the lines that containers print.

use std::borrow::Cow;

use super::header::Header;
use super::spec::{Format, FormatSpec, LogFormat};
use super::wrapper::{WrappedLine, Wrapper};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "cri",
    about: "containers in Kubernetes: stamp, stream and tag before the line that the container printed",
    example: "2016-10-06T00:17:09.669794202Z stdout F ERROR no space left on device",
    detect: |sample| sample.most_lines(Cri),
});

#[derive(Debug)]
pub(super) struct Cri;

impl LogFormat for Cri {
    fn is_distinct(&self) -> bool {
        true
    }

    fn wrapper(&self) -> Option<Wrapper> {
        Some(Wrapper::Cri)
    }

    fn fits(&self, line: &[u8], rules: &StampRules) -> bool {
        split(line).is_some() && stamp_at(line, 0, rules).is_some()
    }
}

/// Splits a line such as `2016-10-06T00:17:09.669794202Z stdout F text`. The tag `P` says that the text goes on in the
/// next line.
pub(super) fn split(line: &[u8]) -> Option<WrappedLine<'_>> {
    if !line.first()?.is_ascii_digit() {
        return None;
    }
    let (_, rest) = line.split_at(memchr::memchr(b' ', line)?);
    let rest = &rest[1..];
    let (stream, rest) = rest.split_at_checked(6).filter(|(stream, _)| *stream == b"stdout" || *stream == b"stderr")?;
    let rest = rest.strip_prefix(b" ")?;
    let end = memchr::memchr2(b' ', b'\n', rest).unwrap_or(rest.len());
    let (tags, text) = rest.split_at(end);
    let is_partial = tags == b"P" || tags.starts_with(b"P:");
    if !is_partial && tags != b"F" && !tags.starts_with(b"F:") {
        return None;
    }
    let text = text.strip_prefix(b" ").unwrap_or(text);
    // A part of a line may end with blanks that belong to it.
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let text = if is_partial { text } else { text.trim_ascii_end() };
    Some(WrappedLine { text: Cow::Borrowed(text), stream, is_partial })
}

/// Returns the stamp that the runtime wrote.
pub(super) fn outer_header<'a>(record: &'a [u8], rules: &StampRules) -> Header<'a> {
    Header { stamp: stamp_at(record, 0, rules), message: record.trim_ascii(), ..Header::default() }
}
