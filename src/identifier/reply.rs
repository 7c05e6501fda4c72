//! Error replies of text protocols (three digits at the beginning of a line and the words after them), and HTTP
//! statuses.

use super::around::{ends_in_word, is_word_char, just_after};
use super::{FoundIdentifier, IdentifierKind};
use crate::source::Span;

/// Protocols that are known by a number and the beginning of the words after it.
const BY_WORDS: [(&str, u16, &str); 25] = [
    ("ftp", 421, "Service not available"),
    ("ftp", 425, "Can"),
    ("ftp", 426, "Connection closed"),
    ("ftp", 530, "Login"),
    ("ftp", 530, "Not logged"),
    ("ftp", 530, "User"),
    ("ftp", 550, "No such file"),
    ("http", 400, "Bad Request"),
    ("http", 401, "Unauthorized"),
    ("http", 401, "Access"),
    ("http", 403, "Forbidden"),
    ("http", 403, "Access"),
    ("http", 404, "Not Found"),
    ("http", 404, "Object"),
    ("http", 405, "Method"),
    ("http", 407, "Proxy"),
    ("http", 408, "Request"),
    ("http", 413, "Request"),
    ("http", 429, "Too Many"),
    ("http", 500, "Internal"),
    ("http", 500, "Server"),
    ("http", 501, "Not Implemented"),
    ("http", 502, "Bad Gateway"),
    ("http", 503, "Service Unavailable"),
    ("http", 504, "Gateway"),
];

/// Error replies by the protocol that most likely sent them. Other replies identify no problem. If several protocols
/// share a number, it is SMTP's unless the words after it say otherwise.
const BY_NUMBER: [(&str, &[u16]); 2] = [
    ("smtp", &[421, 432, 450, 451, 452, 454, 455, 500, 501, 502, 503, 504, 521, 530, 535, 550, 551, 552, 553, 554]),
    ("nntp", &[411, 412, 420, 423, 430, 435, 436, 437, 440, 441, 480]),
];

/// How many bytes of a line are read.
const REACH: usize = 80;

/// The error reply with which the line or message at `start` begins, and the enhanced status of SMTP after it. Blanks
/// and the `<<<` of a transcript may come before the digits. After the digits come a blank or `-` and a word that is
/// not in lower case, as a word of wrapped text would be.
pub(super) fn at(text: &str, start: usize) -> [Option<FoundIdentifier>; 2] {
    let near = just_after(text, start, REACH);
    let line = near.trim_start_matches([' ', '\t']);
    let line = line.strip_prefix("<<<").map_or(line, |rest| rest.trim_start_matches(' '));
    let start = start + near.len() - line.len();
    let Some(refusal) = refusal(line, start) else { return [None, None] };
    let enhanced = (refusal.value.starts_with("smtp")).then(|| enhanced(&line[4..], start + 4)).flatten();
    [Some(refusal), enhanced]
}

fn refusal(line: &str, start: usize) -> Option<FoundIdentifier> {
    if !matches!(line.as_bytes(), [b'4' | b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..]) {
        return None;
    }
    let said = line[4..].split('\n').next()?;
    if !said.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '<' | '[')) {
        return None;
    }
    let number: u16 = line[..3].parse().ok()?;
    let by_words = BY_WORDS.iter().find(|(_, known, words)| *known == number && said.starts_with(words));
    let by_number = || BY_NUMBER.iter().find(|(_, known)| known.contains(&number)).map(|(protocol, _)| *protocol);
    let protocol = by_words.map(|(protocol, ..)| *protocol).or_else(by_number)?;
    Some(reply(format!("{protocol} {number}"), start, start + 3))
}

/// The enhanced status (RFC 3463) directly after the number: `5.7.1`.
fn enhanced(said: &str, start: usize) -> Option<FoundIdentifier> {
    let is_part = |c: char| c.is_ascii_digit() || c == '.';
    let status = &said[..said.find(|c| !is_part(c)).unwrap_or(said.len())];
    let mut parts = status.split('.');
    let class = parts.next().filter(|class| matches!(*class, "4" | "5"))?;
    let numbers = parts.clone().filter(|part| (1..=3).contains(&part.len())).count();
    (numbers == 2 && parts.count() == 2 && !class.is_empty())
        .then(|| reply(format!("smtp {status}"), start, start + status.len()))
}

/// The status after `HTTP`: `HTTP/1.1 403`, `HTTP 500`, `HTTP Error 403.4`. `at` is where the name begins.
pub(super) fn http(text: &str, at: usize) -> Option<FoundIdentifier> {
    const WORDS: [&str; 5] = ["error", "status", "response", "code", "-"];
    if ends_in_word(&text[..at]) {
        return None;
    }
    let near = just_after(text, at, REACH);
    let mut rest = &near["http".len()..];
    if let Some(version) = rest.strip_prefix('/') {
        rest = version.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    }
    rest = rest.strip_prefix(' ')?;
    while let Some(after) = WORDS.iter().find_map(|word| {
        rest.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word)).map(|start| &rest[start.len()..])
    }) {
        rest = after.trim_start_matches([' ', ':', '"']);
    }
    let number = &rest[..rest.bytes().take_while(u8::is_ascii_digit).count()];
    let after = &rest[number.len()..];
    let n_sub = after.strip_prefix('.').map_or(0, |sub| sub.bytes().take_while(u8::is_ascii_digit).count());
    let status = &rest[..number.len() + if n_sub > 0 { n_sub + 1 } else { 0 }];
    let start = at + near.len() - rest.len();
    let is_refusal = number.len() == 3 && number.starts_with(['4', '5']) && n_sub <= 3;
    let ends = !rest[status.len()..].starts_with(is_word_char);
    (is_refusal && ends).then(|| reply(format!("http {status}"), start, start + status.len()))
}

fn reply(value: String, start: usize, end: usize) -> FoundIdentifier {
    FoundIdentifier { kind: IdentifierKind::Reply, value, span: Span::new(start, end) }
}
