//! Logs of web servers: the common and the combined log format, also with the virtual host first.

use super::header::Header;
use super::level::Level;
use super::spec::{Format, FormatSpec, LogFormat};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "access",
    about: "requests to a web server, in the common or the combined log format",
    example: r#"192.0.2.1 - bob [04/Nov/2000:03:13:20 +0100] "GET /x HTTP/1.0" 404 12"#,
    detect: |sample| sample.most_lines(Access),
});

/// The stamp begins within this number of bytes: an address, two names and maybe a host come before it.
const SEARCHED_BYTES: usize = 200;

#[derive(Debug)]
struct Access;

impl LogFormat for Access {
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        header(record, rules)
    }
}

/// Parses a line of an access log; `None` for any other. All of the record is the message; the gist is the text after
/// the stamp.
pub(super) fn header<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let message = record.trim_ascii();
    let bracket = memchr::memchr(b'[', &message[..message.len().min(SEARCHED_BYTES)])?;
    let stamp = stamp_at(message, bracket + 1, rules)?;
    let gist = message[stamp.range.end..].strip_prefix(b"] ")?;
    let reply = match &gist[request_len(gist)?..] {
        [b' ', status @ ..] if status.len() >= 3 && status[..3].iter().all(u8::is_ascii_digit) => &status[..3],
        _ => return None,
    };
    Some(Header {
        stamp: Some(stamp),
        reply: Some(reply),
        level: Level::word_for_reply(reply),
        message,
        gist: Some(gist),
        ..Header::default()
    })
}

/// Returns the length in bytes of the quoted request at the beginning of `text`, including the quotes; `None` if there
/// is none. Inside the request, quotes and backslashes are escaped.
fn request_len(text: &[u8]) -> Option<usize> {
    let inside = text.strip_prefix(b"\"")?;
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'"', b'\\', &inside[at..])?;
        if inside[at] == b'"' {
            return Some(at + 2);
        }
        at = (at + 2).min(inside.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the HTTP status, level and gist that are read from `line` (`-` if missing).
    #[track_caller]
    fn check(line: &str, expected: Option<[&str; 3]>) {
        let parts = Access.header(line.as_bytes(), &StampRules::default()).map(|header| {
            let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
            [text(header.reply), text(header.level), text(header.gist)]
        });
        assert_eq!(parts, expected.map(|parts| parts.map(str::to_owned)));
    }

    #[test]
    fn requests_are_read() {
        let stamp = "- - [04/Nov/2000:03:13:20 +0000]";
        check(&format!("::1 {stamp} \"GET / HTTP/1.0\" 200 5"), Some(["200", "-", "\"GET / HTTP/1.0\" 200 5"]));
        check(
            &format!("www.example:80 192.0.2.1 {stamp} \"GET /\\\"x HTTP/1.0\" 503 - \"-\" \"agent\""),
            Some(["503", "error", "\"GET /\\\"x HTTP/1.0\" 503 - \"-\" \"agent\""]),
        );
        check(&format!("::1 {stamp} \"-\" 408 -"), Some(["408", "warning", "\"-\" 408 -"]));
    }

    #[test]
    fn other_lines_are_left() {
        check("[04/Nov/2000:03:13:20 +0000] [error] no request", None);
        check("::1 - - [04/Nov/2000:03:13:20 +0000] \"GET / HTTP/1.0", None);
        check("::1 - - [04/Nov/2000:03:13:20 +0000] \"GET \\", None);
        check("::1 - - [04/Nov/2000:03:13:20 +0000] \"GET /\" ok", None);
        check("", None);
    }
}
