//! Replies of text protocols: three digits at the beginning of a line and what they say.

use super::{Found, IdentifierKind};
use crate::source::Span;

/// Refusals by the protocol that most likely sent them. Positive replies identify no problem.
/// Where protocols share a number, SMTP has it unless the words after it are HTTP's.
const SMTP: [u16; 20] =
    [421, 432, 450, 451, 452, 454, 455, 500, 501, 502, 503, 504, 521, 530, 535, 550, 551, 552, 553, 554];
const NNTP: [u16; 11] = [411, 412, 420, 423, 430, 435, 436, 437, 440, 441, 480];
const HTTP: [(u16, &str); 17] = [
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (403, "Forbidden"),
    (403, "Access"),
    (404, "Not Found"),
    (404, "Object"),
    (405, "Method"),
    (407, "Proxy"),
    (408, "Request"),
    (413, "Request"),
    (429, "Too Many"),
    (500, "Internal"),
    (500, "Server"),
    (501, "Not Implemented"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
    (504, "Gateway"),
];

/// The refusals in `text`, one a line at most. Before the digits may stand blanks and the `<<<` of a transcript; after them
/// stands a blank or `-` and then a word that is no lower-case one, as it would be in wrapped running text.
pub(super) fn find(text: &str) -> impl Iterator<Item = Found> {
    let line_starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
    line_starts.filter_map(|start| on_line(text, start))
}

fn on_line(text: &str, line_start: usize) -> Option<Found> {
    let line = text[line_start..].trim_start_matches([' ', '\t']);
    let line = line.strip_prefix("<<<").map_or(line, |rest| rest.trim_start_matches(' '));
    if !matches!(line.as_bytes(), [b'4' | b'5', b'0'..=b'9', b'0'..=b'9', b' ' | b'-', ..]) {
        return None;
    }
    let said = line[4..].split('\n').next()?;
    if !said.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '<' | '[')) {
        return None;
    }
    let number: u16 = line[..3].parse().ok()?;
    let start = text.len() - line.len();
    let value = format!("{} {number}", protocol(number, said)?);
    Some(Found { kind: IdentifierKind::Reply, value, span: Span::new(start, start + 3) })
}

fn protocol(number: u16, said: &str) -> Option<&'static str> {
    if HTTP.iter().any(|(known, words)| *known == number && said.starts_with(words)) {
        Some("http")
    } else if SMTP.contains(&number) {
        Some("smtp")
    } else if NNTP.contains(&number) {
        Some("nntp")
    } else {
        None
    }
}
