//! Logs of web servers, proxies and load balancers: a line for each request.

use super::columns::is_reply;
use super::header::{Header, split_word};
use super::level::Level;
use super::spec::{Format, FormatSpec, LogFormat};
use crate::log::timestamp::{FoundStamp, StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "access",
    about: "requests to web servers (common and combined format), proxies and load balancers",
    example: r#"192.0.2.1 - bob [04/Nov/2000:03:13:20 +0100] "GET /x HTTP/1.0" 404 12"#,
    detect: |sample| sample.most_lines(Access),
});

#[derive(Debug)]
struct Access;

impl LogFormat for Access {
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        header(record, rules)
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        fields(record).into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    fn field_names(&self, record: &[u8]) -> Vec<String> {
        fields(record).into_iter().map(|(name, _)| name.to_owned()).collect()
    }
}

/// Returns the fields of a line of a web server or of Squid that have a value. Names of fields: `client`, `user`, `method`,
/// `path`, `protocol`, `bytes`, `referer`, `agent`.
fn fields(record: &[u8]) -> Vec<(&'static str, &[u8])> {
    let line = record.trim_ascii();
    let found = common_fields(line).or_else(|| squid_fields(line)).unwrap_or_default();
    found.into_iter().filter(|(_, value)| !value.is_empty() && *value != b"-").collect()
}

/// Reads the common and the combined format: `client - user [stamp] "method path protocol" status bytes "referer" "agent"`.
fn common_fields(line: &[u8]) -> Option<Vec<(&'static str, &[u8])>> {
    let bracket = memchr::memmem::find(&line[..line.len().min(SEARCHED_BYTES)], b" [")? + 1;
    // The name of a virtual host may come before the client.
    let dash = memchr::memmem::find(&line[..bracket], b" - ")?;
    let client = line[..dash].rsplit(u8::is_ascii_whitespace).next()?;
    let user = line[dash + 3..bracket].trim_ascii();
    let quote = bracket + memchr::memmem::find(&line[bracket..], b"] \"")? + 2;
    let end = quote + request_len(&line[quote..])?;
    let mut request = line[quote + 1..end - 1].splitn(3, |byte| *byte == b' ');
    let (_, after_status) = split_word(line[end..].trim_ascii_start())?;
    let (bytes, mut quoted) = split_word(after_status).unwrap_or_default();
    let mut fields = vec![("client", client), ("user", user), ("bytes", bytes)];
    fields.extend(["method", "path", "protocol"].into_iter().filter_map(|name| Some((name, request.next()?))));
    for name in ["referer", "agent"] {
        let Some(len) = request_len(quoted) else { break };
        fields.push((name, &quoted[1..len - 1]));
        quoted = quoted[len..].trim_ascii_start();
    }
    Some(fields)
}

/// Reads Squid's own format: `stamp duration client result/status bytes method url user …`.
fn squid_fields(line: &[u8]) -> Option<Vec<(&'static str, &[u8])>> {
    let words: Vec<&[u8]> = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).take(8).collect();
    let [_, _, client, result, bytes, method, path, user] = words[..] else { return None };
    memchr::memchr(b'/', result)?;
    Some(vec![("client", client), ("bytes", bytes), ("method", method), ("path", path), ("user", user)])
}

/// Parses a line of an access log; `None` for any other. All of the record is the message; the gist is the text after
/// the stamp.
pub(super) fn header<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    let message = record.trim_ascii();
    let request = bracketed(message, rules).or_else(|| proxied(message, rules)).or_else(|| balanced(message, rules))?;
    Some(Header {
        gist: Some(&message[request.gist..]),
        stamp: Some(request.stamp),
        reply: Some(request.reply),
        level: Level::word_for_reply(request.reply),
        message,
        ..Header::default()
    })
}

/// Whether `line`, which may be cut at its end, begins as the lines of web servers do: an address, two names, and a stamp in
/// brackets.
pub(super) fn begins_record(line: &[u8], rules: &StampRules) -> bool {
    let is_address = |byte: &u8| byte.is_ascii_hexdigit() || b".:".contains(byte);
    let mut words = line.splitn(4, |byte| *byte == b' ');
    let client = words.next().filter(|client| client.len() > 2 && client.iter().all(is_address));
    let [Some(_), Some(_), Some(_), Some(rest)] = [client, words.next(), words.next(), words.next()] else {
        return false;
    };
    rest.starts_with(b"[") && stamp_at(rest, 1, rules).is_some()
}

/// What a line says about a request.
struct Request<'a> {
    stamp: FoundStamp,
    /// The status of the answer.
    reply: &'a [u8],
    /// The offset of the text after the stamp.
    gist: usize,
}

/// The stamp begins within this number of bytes: an address, two names and maybe a host come before it.
const SEARCHED_BYTES: usize = 200;

/// The request begins within this number of bytes after the stamp.
const REQUEST_BYTES: usize = 300;

/// Reads a line with a stamp in brackets, then the quoted request and the status, as web servers, Envoy, Django and S3
/// write it; or with the words of HAProxy after the stamp.
fn bracketed<'a>(line: &'a [u8], rules: &StampRules) -> Option<Request<'a>> {
    let start = &line[..line.len().min(SEARCHED_BYTES)];
    let stamp = memchr::memchr_iter(b'[', start).find_map(|bracket| stamp_at(line, bracket + 1, rules))?;
    let gist = stamp.range.end + 2;
    let rest = line[stamp.range.end..].strip_prefix(b"] ")?;
    let reply = status_after_request(rest).or_else(|| haproxy_status(rest))?;
    Some(Request { stamp, reply, gist })
}

/// Reads a line of Squid: `1117838570.123 345 192.0.2.1 TCP_MISS/503 1234 GET http://…`.
fn proxied<'a>(line: &'a [u8], rules: &StampRules) -> Option<Request<'a>> {
    let (time, rest) = split_word(line)?;
    let (duration, rest) = split_word(rest)?;
    let (_client, rest) = split_word(rest)?;
    let (result, _) = split_word(rest)?;
    let slash = memchr::memchr(b'/', result)?;
    let is_result = result[..slash].iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_') && slash > 0;
    let is_epoch = time.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    if !is_epoch || !duration.iter().all(u8::is_ascii_digit) || !is_result || !is_status(&result[slash + 1..]) {
        return None;
    }
    let gist = line.len() - line[time.len()..].trim_ascii_start().len();
    Some(Request { stamp: stamp_at(line, 0, rules)?, reply: &result[slash + 1..], gist })
}

/// The first words of the lines of an application load balancer.
const PROTOCOLS: [&[u8]; 6] = [b"http", b"https", b"h2", b"grpcs", b"ws", b"wss"];

/// Reads a line of a load balancer of AWS: maybe a protocol, the stamp, the balancer, client, target, three durations
/// and the status. Without an answer the status is `-`.
fn balanced<'a>(line: &'a [u8], rules: &StampRules) -> Option<Request<'a>> {
    let (first, after) = split_word(line)?;
    let start = if PROTOCOLS.contains(&first) { line.len() - after.len() } else { 0 };
    // The first byte rules out most lines before their stamp is read.
    let stamp = line.get(start).filter(|byte| byte.is_ascii_digit()).and_then(|_| stamp_at(line, start, rules))?;
    let mut words = line[stamp.range.end..].strip_prefix(b" ")?.split(|byte| *byte == b' ');
    let [_balancer, client, target] = [words.next()?, words.next()?, words.next()?];
    let is_place = |word: &[u8]| word == b"-" || memchr::memchr(b':', word).is_some();
    let is_duration = |word: &[u8]| {
        let digits = word.strip_prefix(b"-").unwrap_or(word);
        !digits.is_empty() && digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
    };
    let has_durations = [words.next()?, words.next()?, words.next()?].into_iter().all(is_duration);
    let reply = words.next().filter(|word| is_status(word))?;
    let gist = stamp.range.end + 1;
    (is_place(client) && is_place(target) && has_durations).then_some(Request { stamp, reply, gist })
}

/// Whether `word` is the status of an answer. Proxies write `000` if there was none.
fn is_status(word: &[u8]) -> bool {
    is_reply(word) || word == b"000"
}

/// Adds to `header` the status of the HTTP request in its message, if there is one, as HAProxy and web servers write it
/// to a syslog. The status decides the level if there is no other.
pub(super) fn add_status(header: &mut Header<'_>) {
    // Most messages contain no quote, and no request.
    let start = &header.message[..header.message.len().min(REQUEST_BYTES)];
    if memchr::memchr(b'"', start).is_none() || header.reply.is_some() {
        return;
    }
    if let Some(reply) = status(header.message) {
        header.reply = Some(reply);
        header.level = header.level.or_else(|| Level::word_for_reply(reply));
    }
}

/// Returns the status of an HTTP request in the text of a message; `None` if it contains none.
fn status(text: &[u8]) -> Option<&[u8]> {
    let after_stamp = memchr::memmem::find(&text[..text.len().min(SEARCHED_BYTES)], b"] ");
    let of_proxy = after_stamp.and_then(|at| haproxy_status(&text[at + 2..]));
    of_proxy.or_else(|| status_after_request(text).filter(|_| memchr::memmem::find(text, b" HTTP/").is_some()))
}

/// Returns the status after the first quoted text. If other words come before it, it is a request.
fn status_after_request(text: &[u8]) -> Option<&[u8]> {
    let quote = memchr::memchr(b'"', &text[..text.len().min(REQUEST_BYTES)])?;
    let rest = &text[quote..];
    let (request, behind) = rest.split_at(request_len(rest)?);
    if quote > 0 && memchr::memmem::find(request, b" HTTP/").is_none() && request != b"\"-\"" {
        return None;
    }
    let behind = behind.strip_prefix(b" ")?;
    let status = behind.get(..3)?;
    let ends = behind.get(3).is_none_or(u8::is_ascii_whitespace);
    (ends && status.iter().all(u8::is_ascii_digit)).then_some(status)
}

/// Returns the status in the words that HAProxy writes after its stamp: `http-in static/srv1 10/0/30/69/109 503 2750`.
fn haproxy_status(text: &[u8]) -> Option<&[u8]> {
    let mut words = text.splitn(5, |byte| *byte == b' ');
    let [_frontend, backend, timers, status] = [words.next()?, words.next()?, words.next()?, words.next()?];
    let is_timers = timers.iter().all(|byte| byte.is_ascii_digit() || b"/+-".contains(byte));
    let n_timers = timers.split(|byte| *byte == b'/').count();
    (memchr::memchr(b'/', backend).is_some() && is_timers && n_timers >= 4 && is_status(status)).then_some(status)
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

    /// Returns the fields of `line`, as `name=value`.
    fn named(line: &str) -> Vec<String> {
        let text = |(name, value): (&str, &[u8])| format!("{name}={}", String::from_utf8_lossy(value));
        fields(line.as_bytes()).into_iter().map(text).collect()
    }

    #[test]
    fn the_parts_of_a_request_are_fields() {
        let line = r#"192.0.2.1 - bob [04/Nov/2000:03:13:20 +0100] "GET /x?a=\"b HTTP/1.0" 404 12 "http://a/" "curl/8 (x)" "-""#;
        let expected = [
            "client=192.0.2.1",
            "user=bob",
            "bytes=12",
            "method=GET",
            r#"path=/x?a=\"b"#,
            "protocol=HTTP/1.0",
            "referer=http://a/",
            "agent=curl/8 (x)",
        ];
        assert_eq!(named(line), expected);
        let line = r#"shop.example:443 192.0.2.1 - - [04/Nov/2000:03:13:20 +0100] "GET / HTTP/1.0" 200 9"#;
        assert_eq!(named(line), ["client=192.0.2.1", "bytes=9", "method=GET", "path=/", "protocol=HTTP/1.0"]);
        let line = r#"192.0.2.1 - - [04/Nov/2000:03:13:20 +0100] "-" 408 -"#;
        assert_eq!(named(line), ["client=192.0.2.1"]);
        let line = "1117838570.123 345 192.0.2.1 TCP_MISS/503 1234 GET http://a/ - NONE/- text/html";
        assert_eq!(named(line), ["client=192.0.2.1", "bytes=1234", "method=GET", "path=http://a/"]);
        for line in ["", "a b c", "192.0.2.1 - - [x", "a b c d e f g h"] {
            assert_eq!(named(line), [] as [&str; 0], "{line}");
        }
    }

    #[test]
    fn the_beginning_of_a_line_is_recognised() {
        let begins = |line: &str| begins_record(line.as_bytes(), &StampRules::default());
        assert!(begins(r#"192.0.2.1 - bob [04/Nov/2000:03:13:20 +0100] "GET /x HTTP/1.0" 404 12"#));
        assert!(begins("2001:db8::1 - - [04/Nov/2000:03:13:20 +0100] \"GET"));
        for line in
            ["a word - [04/Nov/2000:03:13:20 +0100]", "192.0.2.1 - - [x]", "192.0.2.1 is - [04", "192.0.2.1", ""]
        {
            assert!(!begins(line), "{line}");
        }
    }

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
    fn requests_to_frameworks_proxies_and_storage_are_read() {
        check("[04/Nov/2000 03:13:20] \"GET /x HTTP/1.1\" 500 9", Some(["500", "error", "\"GET /x HTTP/1.1\" 500 9"]));
        check(
            "[2000-11-04T03:13:20.123Z] \"GET /x HTTP/1.1\" 503 UF 0 91",
            Some(["503", "error", "\"GET /x HTTP/1.1\" 503 UF 0 91"]),
        );
        check(
            "79a5 bucket [04/Nov/2000:03:13:20 +0000] 192.0.2.3 79a5 3E57 REST.GET.OBJECT k \"GET /k HTTP/1.1\" 404 -",
            Some(["404", "warning", "192.0.2.3 79a5 3E57 REST.GET.OBJECT k \"GET /k HTTP/1.1\" 404 -"]),
        );
        check(
            "192.0.2.1:333 [04/Nov/2000:03:13:20.655] web app/srv1 10/0/30/69/109 503 27 \"GET / HTTP/1.1\"",
            Some(["503", "error", "web app/srv1 10/0/30/69/109 503 27 \"GET / HTTP/1.1\""]),
        );
        check("973307600.123    345 192.0.2.1 TCP_MISS/503 1234 GET http://x/", None);
        check(
            "1117838570    345 192.0.2.1 TCP_MISS/503 1234 GET http://x/",
            Some(["503", "error", "345 192.0.2.1 TCP_MISS/503 1234 GET http://x/"]),
        );
        check(
            "2000-11-04T03:13:20.123Z lb 192.0.2.1:2817 - -1 -1 -1 503 0 0 0 \"GET http://x:80/ HTTP/1.1\"",
            Some(["503", "error", "lb 192.0.2.1:2817 - -1 -1 -1 503 0 0 0 \"GET http://x:80/ HTTP/1.1\""]),
        );
        check(
            "h2 2000-11-04T03:13:20.123Z app/lb/1 192.0.2.1:2817 192.0.2.9:80 0.0 0.1 0.0 200 200 0 5 \"GET / HTTP/2\"",
            Some(["200", "-", "app/lb/1 192.0.2.1:2817 192.0.2.9:80 0.0 0.1 0.0 200 200 0 5 \"GET / HTTP/2\""]),
        );
    }

    #[test]
    fn the_status_in_a_message_is_found() {
        let status = |text: &'static str| super::status(text.as_bytes()).map(String::from_utf8_lossy);
        let proxy = "192.0.2.1:333 [04/Nov/2000:03:13:20.655] web app/srv1 10/0/30/69/109 502 27 \"GET / HTTP/1.1\"";
        assert_eq!(status(proxy).as_deref(), Some("502"));
        assert_eq!(status("192.0.2.1:5000 - \"GET / HTTP/1.1\" 500 Internal Error").as_deref(), Some("500"));
        assert_eq!(status("moved \"a\" 500 times"), None);
        assert_eq!(status("Server app/srv1 is DOWN"), None);
    }

    #[test]
    fn other_lines_are_left() {
        check("[04/Nov/2000:03:13:20 +0000] copied \"a b\" 200 times", None);
        check("2000-11-04T03:13:20.123Z app a:1 b:2 1 2 x 500", None);
        check("2000-11-04T03:13:20.123Z INFO a:1 - 1 2 3 started", None);
        check("1117838570 345 192.0.2.1 miss/503 1234 GET", None);
        check("[04/Nov/2000:03:13:20 +0000] [error] no request", None);
        check("::1 - - [04/Nov/2000:03:13:20 +0000] \"GET / HTTP/1.0", None);
        check("::1 - - [04/Nov/2000:03:13:20 +0000] \"GET \\", None);
        check("::1 - - [04/Nov/2000:03:13:20 +0000] \"GET /\" ok", None);
        check("", None);
    }
}
