//! Holes: their names, their kinds, and how much text each kind takes.

use serde::{Deserialize, Serialize};

use super::character::is_space;
use super::quantity;

/// A place in a pattern that takes text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hole {
    /// The name of the capture; `None` for `{_}` and `{..}`.
    pub name: Option<String>,
    /// The kind of text that it takes.
    pub kind: HoleKind,
}

/// The kind of text that a hole takes. docs/rule-language.md has the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HoleKind {
    /// One or more bytes up to a blank or the first character of the next literal.
    Word,
    /// A whole number that fits 64 bits.
    Int,
    /// A number; a fraction and an exponent are allowed.
    Num,
    /// Hexadecimal digits, `0x` allowed.
    Hex,
    /// 8-4-4-4-12 hexadecimal digits.
    Uuid,
    /// A span of time: `250ms`, `1h30m`.
    Dur,
    /// A size: `10MiB`, `1.5 GB`, or a number of bytes without a unit.
    Size,
    /// An IPv4 or IPv6 address.
    Ip,
    /// An email address: `user@host`.
    Email,
    /// A host name or IPv4 address.
    Host,
    /// A Unix or Windows path.
    Path,
    /// A URL: `scheme://…`.
    Url,
    /// A time stamp: a date, a time of day, or both.
    Time,
    /// Text between two equal quotes, without them.
    Quoted,
    /// `{..}`: the shortest stretch up to the next literal, line ends included.
    Stretch,
    /// Everything to the end of the line.
    Rest,
    /// A named group of a regex.
    Group,
}

/// The kinds that can follow the colon in `{name:kind}`.
const NAMED: &[(&str, HoleKind)] = &[
    ("int", HoleKind::Int),
    ("num", HoleKind::Num),
    ("hex", HoleKind::Hex),
    ("uuid", HoleKind::Uuid),
    ("dur", HoleKind::Dur),
    ("size", HoleKind::Size),
    ("ip", HoleKind::Ip),
    ("email", HoleKind::Email),
    ("host", HoleKind::Host),
    ("path", HoleKind::Path),
    ("url", HoleKind::Url),
    ("time", HoleKind::Time),
    ("quoted", HoleKind::Quoted),
    ("..", HoleKind::Stretch),
    ("rest", HoleKind::Rest),
];

impl HoleKind {
    /// The kind whose name is `name`.
    pub fn named(name: &str) -> Option<HoleKind> {
        NAMED.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// The name after the colon. `None` for a word, which has none, and for a group of a regex.
    pub fn name(self) -> Option<&'static str> {
        NAMED.iter().find(|(_, known)| *known == self).map(|(name, _)| *name)
    }

    /// Whether a hole of this kind takes all of `text`. Always `false` for word, quoted, stretch, rest and group, which
    /// do not depend on the text alone.
    pub(crate) fn takes(self, text: &[u8]) -> bool {
        match self {
            HoleKind::Path => path_run(text, 0).0 == text.len() && is_path(text),
            HoleKind::Url => path_run(text, 0).0 == text.len() && is_url(text),
            _ => typed_len(self, text) == Some(text.len()),
        }
    }

    /// Every name that can follow the colon.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMED.iter().map(|(name, _)| *name)
    }

    /// Whether the kind limits the values so that they cannot contain shell syntax or prose.
    pub fn is_typed(self) -> bool {
        !matches!(self, HoleKind::Word | HoleKind::Quoted | HoleKind::Stretch | HoleKind::Rest | HoleKind::Group)
    }
}

/// A typed hole looks at no more than this many bytes. A longer run is not a value of its type. This keeps matching
/// linear, however many digits or letters a hostile record contains. Paths and URLs have no such limit.
pub(super) const MAX_TYPED: usize = 320;

/// Length of the longest valid value of `kind` at the start of `text`; `None` if there is none, and for kinds that do
/// not depend on the text alone: word, path, URL, quoted, stretch, rest and group.
pub(super) fn typed_len(kind: HoleKind, text: &[u8]) -> Option<usize> {
    let window = &text[..text.len().min(MAX_TYPED)];
    let len = match kind {
        HoleKind::Int => quantity::int_len(window)?,
        HoleKind::Num => quantity::num_len(window)?,
        HoleKind::Dur => quantity::duration_prefix(window)?.1,
        HoleKind::Size => quantity::size_prefix(window)?.1,
        HoleKind::Hex => hex_len(window)?,
        HoleKind::Uuid => uuid_len(window)?,
        HoleKind::Ip => ip_len(window)?,
        HoleKind::Email => email_len(window)?,
        HoleKind::Host => host_len(window)?,
        HoleKind::Time => super::time::time_len(window)?,
        HoleKind::Word
        | HoleKind::Path
        | HoleKind::Url
        | HoleKind::Quoted
        | HoleKind::Stretch
        | HoleKind::Rest
        | HoleKind::Group => return None,
    };
    (len < MAX_TYPED).then_some(len)
}

fn run_len(text: &[u8], in_run: impl Fn(u8) -> bool) -> usize {
    text.iter().position(|&byte| !in_run(byte)).unwrap_or(text.len())
}

fn hex_len(text: &[u8]) -> Option<usize> {
    let prefix = if text.len() > 2 && text[0] == b'0' && matches!(text[1], b'x' | b'X') { 2 } else { 0 };
    let digits = run_len(&text[prefix..], |byte| byte.is_ascii_hexdigit());
    match (prefix, digits) {
        // `0x` alone is the digit 0.
        (2, 0) => Some(1),
        (_, 0) => None,
        _ => Some(prefix + digits),
    }
}

fn uuid_len(text: &[u8]) -> Option<usize> {
    const LEN: usize = 36;
    let candidate = text.get(..LEN)?;
    let fits = candidate.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    let ends = !text.get(LEN).is_some_and(u8::is_ascii_hexdigit);
    (fits && ends).then_some(LEN)
}

fn ip_len(text: &[u8]) -> Option<usize> {
    ipv4_len(text).or_else(|| ipv6_len(text))
}

fn ipv4_len(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    for octet in 0..4 {
        if octet > 0 {
            if text.get(at) != Some(&b'.') {
                return None;
            }
            at += 1;
        }
        let digits = run_len(&text[at..], |byte| byte.is_ascii_digit());
        let value = std::str::from_utf8(&text[at..at + digits]).ok()?;
        let canonical = digits == 1 || !value.starts_with('0');
        if digits > 3 || !canonical || value.parse::<u8>().is_err() {
            return None;
        }
        at += digits;
    }
    Some(at)
}

/// The longest text form of an IPv6 address, including one that ends with an IPv4 address, in bytes.
const MAX_IPV6: usize = 45;

fn ipv6_len(text: &[u8]) -> Option<usize> {
    let text = &text[..text.len().min(MAX_IPV6 + 1)];
    let run = run_len(text, |byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'));
    // A longer run is a hex dump, not an address. It would be slow to try each of its lengths at each of its bytes.
    if run > MAX_IPV6 || !text[..run.min(6)].contains(&b':') {
        return None;
    }
    let ends = |len: usize| !text.get(len).is_some_and(u8::is_ascii_hexdigit);
    (2..=run).rev().find(|&len| {
        let parsed = std::str::from_utf8(&text[..len]).ok().and_then(|text| text.parse::<std::net::Ipv6Addr>().ok());
        ends(len) && parsed.is_some()
    })
}

fn email_len(text: &[u8]) -> Option<usize> {
    let local = run_len(text, |byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&byte));
    if local == 0 || text.get(local) != Some(&b'@') {
        return None;
    }
    Some(local + 1 + host_len(&text[local + 1..])?)
}

/// Returns the length of the host name at the start of `text`: labels of letters, digits, `-` and `_`, joined by dots.
/// A dot or hyphen at the end is punctuation and not part of it.
fn host_len(text: &[u8]) -> Option<usize> {
    let in_label = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let mut len = 0;
    let mut at = 0;
    loop {
        let label = run_len(&text[at..], in_label);
        let trimmed = text[at..at + label].iter().rposition(|&byte| byte != b'-').map_or(0, |last| last + 1);
        if label == 0 || text[at] == b'-' || trimmed == 0 {
            break;
        }
        len = at + trimmed;
        if trimmed < label || text.get(at + label) != Some(&b'.') {
            break;
        }
        at += label + 1;
    }
    (len > 0 && len <= 253).then_some(len)
}

/// The run of bytes from `at` that can be a path or URL, up to a blank, a quote or an angle bracket. Returns the end of
/// the value, without punctuation at its end, and the end of the run.
pub(super) fn path_run(text: &[u8], at: usize) -> (usize, usize) {
    let run = run_len(&text[at..], |byte| !is_space(byte) && !matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'|'));
    let taken = &text[at..at + run];
    let last = taken.iter().rposition(|byte| !matches!(byte, b'.' | b',' | b';' | b':' | b'!' | b'?' | b')' | b']'));
    (at + last.map_or(0, |last| last + 1), at + run)
}

/// Whether a run that [`path_run`] found is a path.
pub(super) fn is_path(run: &[u8]) -> bool {
    let drive = run.len() > 2 && run[0].is_ascii_alphabetic() && run[1] == b':' && matches!(run[2], b'\\' | b'/');
    let separator = run.iter().take(MAX_TYPED).any(|byte| matches!(byte, b'/' | b'\\'));
    drive || separator
}

/// Whether a run that [`path_run`] found is a URL: `scheme://` and something after it.
pub(super) fn is_url(run: &[u8]) -> bool {
    let scheme = run_len(&run[..run.len().min(32)], |byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    run.first().is_some_and(u8::is_ascii_alphabetic) && run[scheme..].starts_with(b"://") && run.len() > scheme + 3
}

/// Returns where the closing quote is, if the byte at `at` is a quote and the same quote follows on its line.
pub(super) fn quoted_end(text: &[u8], at: usize) -> Option<usize> {
    let quote = *text.get(at).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
    let close = memchr::memchr2(quote, b'\n', &text[at + 1..])? + at + 1;
    (text[close] == quote).then_some(close)
}

/// Where the line at `at` ends. A carriage return before the line feed belongs to the line end.
pub(super) fn line_end(text: &[u8], at: usize) -> usize {
    let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |feed| at + feed);
    if end > at && text[end - 1] == b'\r' { end - 1 } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: HoleKind, text: &str, takes: Option<&str>) {
        assert_eq!(typed_len(kind, text.as_bytes()).map(|len| &text[..len]), takes);
    }

    #[test]
    fn a_typed_hole_takes_the_longest_valid_run() {
        check(HoleKind::Int, "-12ms", Some("-12"));
        check(HoleKind::Int, "99999999999999999999", None);
        check(HoleKind::Num, "1.5e3.", Some("1.5e3"));
        check(HoleKind::Hex, "0x80040e14:", Some("0x80040e14"));
        check(HoleKind::Hex, "xyz", None);
        check(HoleKind::Dur, "1h30m,", Some("1h30m"));
        check(HoleKind::Dur, "5 apples", None);
        check(HoleKind::Size, "1.5 GB left", Some("1.5 GB"));
        check(HoleKind::Size, "512 left", Some("512"));
        check(HoleKind::Host, "mail.corp.example. The", Some("mail.corp.example"));
        check(HoleKind::Email, "<bob@corp.example>", None);
        check(HoleKind::Email, "bob@corp.example>", Some("bob@corp.example"));
        check(HoleKind::Uuid, "6ba7b810-9dad-11d1-80b4-00c04fd430c8.", Some("6ba7b810-9dad-11d1-80b4-00c04fd430c8"));
    }

    #[test]
    fn an_address_is_never_cut_short() {
        check(HoleKind::Ip, "10.0.0.17:8080", Some("10.0.0.17"));
        check(HoleKind::Ip, "10.0.0.1234", None);
        check(HoleKind::Ip, "256.0.0.1", None);
        check(HoleKind::Ip, "fe80::1: refused", Some("fe80::1"));
        check(HoleKind::Ip, "fe80::12345", None);
        check(HoleKind::Ip, "::ffff:10.0.0.1.", Some("::ffff:10.0.0.1"));
    }

    #[test]
    fn a_run_beyond_the_bound_is_not_a_value() {
        check(HoleKind::Hex, &"a".repeat(MAX_TYPED - 1), Some(&"a".repeat(MAX_TYPED - 1)));
        check(HoleKind::Hex, &"a".repeat(MAX_TYPED), None);
    }

    #[test]
    fn every_kind_is_found_by_its_name() {
        for (name, kind) in NAMED {
            assert_eq!(HoleKind::named(name), Some(*kind));
        }
        assert_eq!(HoleKind::named("integer"), None);
    }
}
