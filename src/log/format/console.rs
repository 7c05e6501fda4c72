//! Messages of compilers, linkers and build tools: place in the source, severity, code and text.

use super::header::Header;
use super::spec::{Format, FormatSpec, LogFormat};
use crate::log::timestamp::StampRules;

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "console",
    about: "messages of compilers, linkers and build tools",
    example: "src/main.c:12:5: error: expected ';' before 'return'",
    detect: |sample| sample.most_lines(Console),
});

#[derive(Debug)]
struct Console;

/// Any source may contain messages of compilers, so `SourceFormat::parse` reads them in every format. This
/// implementation is only for the detection of the format.
impl LogFormat for Console {
    fn is_stamped(&self) -> bool {
        false
    }

    fn fits(&self, line: &[u8], _rules: &StampRules) -> bool {
        header(line).is_some()
    }
}

/// The words for the severity of a message, and the level of each.
const SEVERITIES: &[(&[u8], &[u8])] = &[
    (b"fatal error", b"fatal"),
    (b"internal compiler error", b"fatal"),
    (b"catastrophic error", b"fatal"),
    (b"error", b"error"),
    (b"command line error", b"error"),
    (b"warning", b"warning"),
    (b"command line warning", b"warning"),
    (b"note", b"info"),
    (b"remark", b"info"),
];

/// The severity is searched for in this number of bytes: a path and a line number come before it.
const SEARCHED_BYTES: usize = 300;

/// Parses a message of a compiler; `None` for any other record. All of the record is the message. Its gist leaves out
/// the place in the source file, which differs from user to user, but keeps the name of a tool or object file.
pub(super) fn header(record: &[u8]) -> Option<Header<'_>> {
    let message = record.trim_ascii();
    let line_end = memchr::memchr(b'\n', message).unwrap_or(message.len());
    let line = &message[..line_end.min(SEARCHED_BYTES)];
    let (start, level) = severity_after_place(line).or_else(|| make(line))?;
    let before = line[..start].trim_ascii_end();
    let place = before.strip_suffix(b":").unwrap_or(before).trim_ascii_end();
    let gist = is_place(place).then_some(&message[start..]);
    Some(Header { level: Some(level), message, gist, ..Header::default() })
}

/// Finds the severity in a line: at its beginning if a code follows, or else after a place or tool and a colon. Returns
/// its offset and its level.
fn severity_after_place(line: &[u8]) -> Option<(usize, &'static [u8])> {
    if let Some((level, has_code)) = severity(line) {
        return has_code.then_some((0, level));
    }
    memchr::memmem::find_iter(line, b": ").find_map(|colon| {
        let start = colon + 2;
        let (level, has_code) = severity(&line[start..])?;
        let place = line[..colon].trim_ascii_end();
        (is_place(place) || (has_code && is_tool(place))).then_some((start, level))
    })
}

/// Returns the level of the severity at the beginning of `text`, and whether a code follows it (`error C2065:`,
/// `error[E0308]:`). Without a code, a colon must follow.
fn severity(text: &[u8]) -> Option<(&'static [u8], bool)> {
    let (word, level) = SEVERITIES.iter().find(|(word, _)| text.starts_with(word))?;
    let rest = &text[word.len()..];
    let code = rest.strip_prefix(b" ").or_else(|| rest.strip_prefix(b"["));
    let has_code = code.is_some_and(|code| {
        let letters = code.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
        let digits = code[letters..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let behind = code.get(letters + digits);
        (1..=6).contains(&letters) && (2..=6).contains(&digits) && matches!(behind, Some(b':' | b']'))
    });
    (has_code || rest.starts_with(b":")).then_some((*level, has_code))
}

/// Whether `text` is a place in a source file, such as `file.c:12`, `file.c:12:5`, `file.cpp(12)` or `1>file.cs(12,5)`.
fn is_place(text: &[u8]) -> bool {
    let number = |byte: &u8| byte.is_ascii_digit() || b",:".contains(byte);
    let (inside, opener) = match text.strip_suffix(b")") {
        Some(inside) => (inside, b'('),
        None => (text, b':'),
    };
    let digits = inside.iter().rev().take_while(|byte| number(byte)).count();
    let name = &inside[..inside.len() - digits];
    match opener {
        b'(' => digits > 0 && name.len() > 1 && name.ends_with(b"("),
        _ => inside[inside.len() - digits..].starts_with(b":") && digits > 1 && !name.is_empty(),
    }
}

/// Whether `text` may be the name of a tool or an object file, such as `LINK` or `a.obj`: it is one word.
fn is_tool(text: &[u8]) -> bool {
    !text.is_empty() && !text.iter().any(u8::is_ascii_whitespace)
}

/// Finds the error in a line of `make`, such as `make: *** [all] Error 2`. Returns the offset of the stars, and the
/// level.
fn make(line: &[u8]) -> Option<(usize, &'static [u8])> {
    let stars = memchr::memmem::find(line, b": *** ")?;
    let tool = &line[..stars];
    let is_make = [&b"make"[..], b"gmake", b"mingw32-make"]
        .iter()
        .any(|name| tool.strip_prefix(*name).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"[")));
    is_make.then_some((stars + 2, b"error"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the level and the gist that `header` reads from `line` (`-` if missing).
    #[track_caller]
    fn check(line: &str, expected: Option<[&str; 2]>) {
        let parts = header(line.as_bytes()).map(|header| {
            let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
            [text(header.level), text(header.gist)]
        });
        assert_eq!(parts, expected.map(|parts| parts.map(str::to_owned)), "{line}");
    }

    #[test]
    fn compilers_and_linkers_are_read() {
        check(
            "C:\\src\\main.cpp(12) : error C2065: 'x' : undeclared",
            Some(["error", "error C2065: 'x' : undeclared"]),
        );
        check("1>a.cs(12,5): warning CS0168: unused", Some(["warning", "warning CS0168: unused"]));
        check("src/a.c:12:5: error: expected ';'", Some(["error", "error: expected ';'"]));
        check("src/a.c:12: note: declared here", Some(["info", "note: declared here"]));
        check("LINK : fatal error LNK1104: cannot open file 'a.lib'", Some(["fatal", "-"]));
        check("a.obj : error LNK2001: unresolved", Some(["error", "-"]));
        check("error[E0308]: mismatched types\n  --> src/a.rs:1:2", Some(["error", "-"]));
        check("make[1]: *** [all] Error 2", Some(["error", "-"]));
    }

    #[test]
    fn other_lines_are_left() {
        for line in [
            "error: it broke",
            "mail: error: it broke",
            "the program ended with: error 12",
            "rating: *** (three stars)",
            "x(y): error: z",
            "",
        ] {
            check(line, None);
        }
    }
}
