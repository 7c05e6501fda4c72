//! Docker's logs: each line that a container prints is wrapped in a JSON object, in the member `log`.

use std::borrow::Cow;

use super::header::Header;
use super::spec::{Format, FormatSpec, LogFormat};
use super::wrapper::{WrappedLine, Wrapper};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "docker",
    about: "containers in Docker: each line that the container printed, in a JSON object with its stream and time",
    example: r#"{"log":"ERROR no space left on device\n","stream":"stderr","time":"2024-05-01T10:00:00.1Z"}"#,
    detect: |sample| sample.most_lines(Docker),
});

#[derive(Debug)]
struct Docker;

impl LogFormat for Docker {
    fn is_distinct(&self) -> bool {
        true
    }

    fn has_escapes(&self) -> bool {
        true
    }

    fn wrapper(&self) -> Option<Wrapper> {
        Some(Wrapper::Docker)
    }

    fn fits(&self, line: &[u8], _rules: &StampRules) -> bool {
        split(line).is_some_and(|line| !line.stream.is_empty())
    }
}

/// Splits a line such as `{"log":"text\n","stream":"stderr","time":"…"}`. Docker always writes the members in this
/// order. A text without a line end goes on in the next line. If `line` is cut inside the text, the stream is empty.
pub(super) fn split(line: &[u8]) -> Option<WrappedLine<'_>> {
    let text = value_of(line.strip_prefix(b"{")?, b"\"log\"")?;
    let end = string_end(text);
    let inside = &text[..end.unwrap_or(text.len())];
    let stream = end.and_then(|end| {
        let stream = value_of(text[end + 1..].strip_prefix(b",")?, b"\"stream\"")?;
        Some(&stream[..string_end(stream)?])
    });
    let is_partial = end.is_some() && !inside.ends_with(b"\\n");
    let text = unescaped(inside.strip_suffix(b"\\n").unwrap_or(inside), end.is_some());
    Some(WrappedLine { text, stream: stream.unwrap_or_default(), is_partial })
}

/// Returns the stamp that Docker wrote.
pub(super) fn outer_header<'a>(record: &'a [u8], rules: &StampRules) -> Header<'a> {
    let line = record.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let time = memchr::memmem::rfind(line, b"\"time\"").and_then(|at| value_of(&line[at..], b"\"time\""));
    Header { stamp: time.and_then(|time| stamp_at(time, 0, rules)), message: record.trim_ascii(), ..Header::default() }
}

/// Returns the text after the opening quote of the member `name`, which is at the beginning of `text`.
fn value_of<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let rest = text.trim_ascii_start().strip_prefix(name)?.trim_ascii_start();
    rest.strip_prefix(b":")?.trim_ascii_start().strip_prefix(b"\"")
}

/// Returns the offset of the quote that ends a JSON string; `text` begins after its opening quote.
fn string_end(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
}

/// Returns the text of a JSON string, given without its quotes. If it is not whole, an escape at its end may be cut.
fn unescaped(inside: &[u8], is_whole: bool) -> Cow<'_, [u8]> {
    let Some(last) = memchr::memrchr(b'\\', inside) else { return Cow::Borrowed(inside) };
    // The longest escape has six bytes, and two of these make one character.
    let near_end = last + 12 > inside.len();
    let cut = if is_whole || !near_end { inside.len() } else { first_of_run(inside, last) };
    let quoted = [b"\"", &inside[..cut], b"\""].concat();
    match serde_json::from_slice::<String>(&quoted) {
        Ok(text) => Cow::Owned(text.into_bytes()),
        // The text is not UTF-8. The escapes that are left in it do no harm.
        Err(_) => Cow::Borrowed(inside),
    }
}

/// Returns the offset of the first escape of the run of escapes that reaches `last`, the offset of a backslash.
fn first_of_run(inside: &[u8], last: usize) -> usize {
    let mut first = last;
    while let Some(before) = first.checked_sub(1).filter(|before| inside[*before] == b'\\') {
        first = before;
    }
    match first.checked_sub(6).filter(|before| inside[*before..].starts_with(b"\\u")) {
        Some(before) => before,
        None => first,
    }
}
