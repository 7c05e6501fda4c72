//! Stack traces of Java, Python, .NET, Go, Rust and JavaScript: recognises the lines of a trace, and removes its
//! frames.

use super::header::Header;

/// The number of bytes after a line end that decide whether the next line belongs to the same record.
pub(in crate::log) const LOOK_AHEAD: usize = 200;

/// Lines that begin like this belong to the record before them, although they are not indented.
const CONTINUATIONS: &[&[u8]] = &[
    b"Caused by:",
    b"--- End of ",
    b"---> ",
    b"goroutine ",
    b"[signal ",
    b"stack backtrace:",
    b"note: run with `RUST_BACKTRACE",
    b"note: Some details are omitted",
];

/// Beginnings of the lines that Python writes between two traces, to say that the first error led to the second.
const CHAINS: [&[u8]; 2] = [b"During handling of the above", b"The above exception was the"];

const PYTHON: &[u8] = b"Traceback (most recent call last)";
const RUST: &[u8] = b"thread '";
const GO: &[u8] = b"goroutine ";

/// The part of a stack trace with which the lines read so far of a record end. An indented or empty line does not
/// change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum TraceState {
    /// No trace, or a trace whose next line can be recognised by its own beginning.
    #[default]
    Outside,
    /// The frames of a Python trace; the error follows.
    PythonFrames,
    /// A line of [`CHAINS`], between two Python traces; the second trace follows.
    PythonChain,
    /// The error at the end of a Python trace; a line of [`CHAINS`] may follow.
    PythonError,
    /// The calls of a goroutine.
    Goroutine,
    /// The first line of a Rust panic; its message follows.
    RustPanic,
    /// A frame is drawn around the message, and is open.
    Framed,
}

/// The lines of a frame that is drawn around a message, as Terraform and Julia do: how the first one begins, and how the
/// others begin.
const FRAME_TOPS: [&[u8]; 2] = ["╷".as_bytes(), "┌".as_bytes()];
const FRAME_SIDES: [&[u8]; 4] = ["│".as_bytes(), "├".as_bytes(), "╵".as_bytes(), "└".as_bytes()];

impl TraceState {
    /// Returns the state after `line`, the next line of the record.
    pub(super) fn after(self, line: &[u8]) -> TraceState {
        match line.first() {
            Some(b'T') if line.starts_with(PYTHON) => TraceState::PythonFrames,
            Some(b'D' | b'T') if starts_with_any(line, &CHAINS) => TraceState::PythonChain,
            Some(b'g') if line.starts_with(GO) => TraceState::Goroutine,
            Some(b't') if line.starts_with(RUST) && line.trim_ascii_end().ends_with(b":") => TraceState::RustPanic,
            None | Some(b' ' | b'\t' | b'\r' | b'\n') => self,
            Some(0xE2) if starts_with_any(line, &FRAME_TOPS) => TraceState::Framed,
            Some(0xE2) if self == TraceState::Framed && starts_with_any(line, &FRAME_SIDES[..2]) => self,
            Some(_) => match self {
                TraceState::PythonFrames => TraceState::PythonError,
                TraceState::Goroutine => TraceState::Goroutine,
                TraceState::Outside
                | TraceState::PythonChain
                | TraceState::PythonError
                | TraceState::RustPanic
                | TraceState::Framed => TraceState::Outside,
            },
        }
    }

    /// Whether the line at the beginning of `rest`, which is neither indented nor empty, belongs to the record that is
    /// being read. If records begin with a stamp (`is_stamped`), the first line of a Python trace belongs to it too.
    pub(super) fn continues(self, rest: &[u8], is_stamped: bool) -> bool {
        let inside = match self {
            TraceState::Outside => false,
            TraceState::PythonFrames => is_error(rest),
            TraceState::PythonChain => rest.starts_with(PYTHON),
            TraceState::PythonError => starts_with_any(rest, &CHAINS),
            // The path of a Go package begins with a lower-case letter; hardly any stamp does.
            TraceState::Goroutine => rest[0].is_ascii_lowercase(),
            TraceState::RustPanic => true,
            TraceState::Framed => starts_with_any(rest, &FRAME_SIDES),
        };
        // The first byte rules out most lines.
        let is_known = || b"C-g[sn".contains(&rest[0]) && starts_with_any(rest, CONTINUATIONS);
        inside || is_known() || (is_stamped && rest.starts_with(PYTHON))
    }
}

fn starts_with_any(text: &[u8], starts: &[&[u8]]) -> bool {
    starts.iter().any(|start| text.starts_with(start))
}

/// Whether `text` begins with the name of an error, such as `ValueError` or `a.b.Failed`, before a colon or the end of
/// the line.
fn is_error(text: &[u8]) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.".contains(byte);
    let start = &text[..text.len().min(LOOK_AHEAD)];
    let end = start.iter().position(|byte| !is_name(byte));
    text[0].is_ascii_alphabetic() && end.is_none_or(|end| b":\r\n".contains(&start[end]))
}

/// Ways in which the first line of a trace may begin, besides the name of an error.
const BEGINNINGS: &[&[u8]] = &[
    PYTHON,
    b"Exception in thread ",
    b"Unhandled exception",
    b"Unhandled Exception",
    b"Uncaught ",
    b"panic: ",
    b"fatal error: ",
    b"Caused by: ",
];

/// Beginnings of what a program prints when it dies. It is no part of the message before it.
const CRASHES: [&[u8]; 9] = [
    b"panic: ",
    b"fatal error: ",
    b"Fatal Python error: ",
    b"Exception in thread ",
    b"Unhandled exception",
    b"Unhandled Exception",
    b"terminate called ",
    b"Segmentation fault",
    b"*** stack smashing detected ***",
];

/// Whether the line begins the last words of a program that died.
pub(super) fn is_crash(line: &[u8]) -> bool {
    is_panic(line) || starts_with_any(line, &CRASHES)
}

/// Whether the line is part of a trace, or indented as the lines that continue a record are.
pub(in crate::log) fn is_trace_or_indented(line: &[u8]) -> bool {
    line.first().is_some_and(u8::is_ascii_whitespace) || is_part(line)
}

/// Whether the line is part of a trace and begins no record of a log. Such lines do not count when the format of a source
/// is detected.
pub(super) fn is_part(line: &[u8]) -> bool {
    starts_with_any(line, CONTINUATIONS)
        || starts_with_any(line, BEGINNINGS)
        || starts_with_any(line, &CHAINS)
        || is_frame(line)
        || is_named_error(line)
}

/// Parses a record that is a trace; `None` for any other.
pub(super) fn header(record: &[u8]) -> Option<Header<'_>> {
    let record = record.trim_ascii();
    let line_end = memchr::memchr(b'\n', record)?;
    let (first, rest) = record.split_at(line_end);
    let begins = starts_with_any(first, BEGINNINGS) || is_panic(first) || is_named_error(first);
    let has_frames = || rest.split(|byte| *byte == b'\n').any(|line| is_frame(line.trim_ascii_start()));
    (begins && (is_panic(first) || has_frames())).then(|| Header {
        level: Some(b"error"),
        message: record,
        ..Header::default()
    })
}

fn is_panic(line: &[u8]) -> bool {
    line.starts_with(RUST) && memchr::memmem::find(line, b" panicked at ").is_some()
}

/// Whether the line begins with the name of an exception, as in `java.lang.IllegalStateException: empty pool` or
/// `TypeError: x is undefined`.
fn is_named_error(line: &[u8]) -> bool {
    const ENDINGS: [&[u8]; 3] = [b"Exception", b"Error", b"Throwable"];
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.$".contains(byte);
    let end = line.iter().position(|byte| !is_name(byte)).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    ENDINGS.iter().any(|ending| name.ends_with(ending)) && rest.first().is_none_or(|byte| b":\r".contains(byte))
}

/// Whether the line, given without its indentation, is a frame of a trace, or says how many frames were left out
/// (`... 3 more`).
pub(super) fn is_frame(line: &[u8]) -> bool {
    line.starts_with(b"at ") && memchr::memchr3(b'(', b':', b'.', line).is_some()
        || line.starts_with(b"File \"")
        || (line.starts_with(b"... ") && line.trim_ascii_end().ends_with(b" more"))
        || (line.starts_with(b"/") && memchr::memmem::find(line, b".go:").is_some())
}

/// Returns the text of a trace without its frames, and without the source lines that Python indents below them. `None`
/// if `text` has no frames, or nothing else.
pub(in crate::log) fn without_frames(text: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr(b'\n', text)?;
    let mut kept = Vec::new();
    let (mut depth, mut has_frames) = (usize::MAX, false);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let bare = line.trim_ascii_start();
        let indent = line.len() - bare.len();
        if is_frame(bare) {
            has_frames = true;
            depth = if bare.starts_with(b"File \"") { indent } else { usize::MAX };
        } else if indent <= depth || bare.is_empty() {
            depth = usize::MAX;
            kept.extend_from_slice(line);
        }
    }
    has_frames.then(|| kept.trim_ascii().to_vec()).filter(|kept| !kept.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_text(trace: &str, expected: Option<&str>) {
        let text = without_frames(trace.as_bytes()).map(|text| String::from_utf8_lossy(&text).into_owned());
        assert_eq!(text.as_deref(), expected);
    }

    #[test]
    fn frames_are_left_out_of_the_text_of_a_trace() {
        check_text(
            "java.lang.IllegalStateException: empty\n\tat a.B.c(B.java:1)\n\t... 3 more\nCaused by: java.io.IOException\n",
            Some("java.lang.IllegalStateException: empty\nCaused by: java.io.IOException"),
        );
        check_text(
            "Traceback (most recent call last):\n  File \"a.py\", line 3, in <module>\n    run()\nValueError: no\n",
            Some("Traceback (most recent call last):\nValueError: no"),
        );
        check_text("System.X: no\n   at A.B() in a.cs:line 3\n", Some("System.X: no"));
        check_text("two lines\n  without frames\n", None);
        check_text("meet me\nat noon\n", None);
        check_text("one line", None);
    }

    #[test]
    fn every_line_that_continues_is_known_by_its_first_byte() {
        for line in CONTINUATIONS {
            assert!(TraceState::Outside.continues(line, false), "{line:?}");
        }
        assert!(!TraceState::Outside.continues(b"C\n", true) && !TraceState::Outside.continues(PYTHON, false));
    }

    #[test]
    fn a_trace_is_an_error() {
        let level = |text: &'static str| header(text.as_bytes()).and_then(|header| header.level);
        assert_eq!(level("TypeError: x is undefined\n    at f (/a.js:1:2)\n"), Some(&b"error"[..]));
        assert_eq!(level("thread 'main' panicked at src/a.rs:1:2:\nno\n"), Some(&b"error"[..]));
        assert_eq!(level("panic: no\n\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:3\n"), Some(&b"error"[..]));
        assert_eq!(level("panic: no\n"), None);
        assert_eq!(level("TypeError: x\n  and more\n"), None);
        assert_eq!(level("words\n  at a.B(x)\n"), None);
    }

    #[test]
    fn lines_that_begin_a_record_are_not_part_of_a_trace() {
        for line in ["at noon", "File closed", "Error: x", "2024-01-01 10:00:00 a", "goroutines: 3"] {
            assert_eq!(is_part(line.as_bytes()), line == "Error: x", "{line}");
        }
    }
}
