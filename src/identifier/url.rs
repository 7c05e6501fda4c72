//! URLs: scheme and host in lower case, the rest as printed, without the punctuation of the sentence around.

use super::around::{ends_in_word, just_after};
use super::{Found, IdentifierKind};
use crate::source::Span;

/// Bytes of the longest URL that is read.
const LONGEST: usize = 2_000;

/// The URL that begins at `at` with a scheme or `www.`, which then is taken for HTTP.
pub(super) fn at(text: &str, at: usize) -> Option<Found> {
    if ends_in_word(&text[..at]) || text[..at].ends_with(['.', '@', '-']) {
        return None;
    }
    let printed = trim(run(just_after(text, at, LONGEST)));
    let (scheme, rest) = match printed.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|b| b.is_ascii_alphabetic()) => (scheme, rest),
        _ => ("http", printed.get(.."www.".len()).filter(|www| www.eq_ignore_ascii_case("www.")).map(|_| printed)?),
    };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let path = if path == "/" { "" } else { path };
    let is_host = host.starts_with(|c: char| c.is_alphanumeric() || c == '[') && host.len() > 1;
    is_host.then(|| Found {
        kind: IdentifierKind::Url,
        value: format!("{}://{}{path}", scheme.to_ascii_lowercase(), host.to_ascii_lowercase()),
        span: Span::new(at, at + printed.len()),
    })
}

/// What a URL may hold from the beginning of `text`.
fn run(text: &str) -> &str {
    let is_end = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '`' | '|' | '\\' | '^');
    &text[..text.find(is_end).unwrap_or(text.len())]
}

/// Without the punctuation at its end, and without closing parentheses that nothing opens.
fn trim(url: &str) -> &str {
    let mut n_unopened = url.matches(')').count().saturating_sub(url.matches('(').count());
    url.trim_end_matches(|c| {
        let closes_sentence = c == ')' && n_unopened > 0;
        n_unopened -= usize::from(closes_sentence);
        closes_sentence || ".,;:!?'*]}…”’".contains(c)
    })
}
