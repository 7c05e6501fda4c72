//! URLs, with scheme and host in lower case and the rest as printed, without the punctuation of the sentence around
//! them.

use super::around::{ends_in_word, just_after};
use super::{FoundIdentifier, IdentifierKind};
use crate::source::Span;

/// The longest URL that is read, in bytes.
const LONGEST: usize = 2_000;

/// Beginnings of URLs, and the scheme that each means. The empty one is for URLs that begin with `www.`.
const BEGINNINGS: [(&str, &str); 4] =
    [("https://", "https://"), ("http://", "http://"), ("ftp://", "ftp://"), ("", "http://")];

/// The URL that begins at `at` with a scheme, or with `www.`, which means HTTP.
pub(super) fn at(text: &str, at: usize) -> Option<FoundIdentifier> {
    if ends_in_word(&text[..at]) || text[..at].ends_with(['.', '@', '-']) {
        return None;
    }
    let begins = |word: &str| text.get(at..at + word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let (beginning, scheme) = BEGINNINGS.iter().find(|(beginning, _)| begins(beginning))?;
    let start = at + beginning.len();
    let is_host = text[start..].starts_with(|c: char| c.is_alphanumeric() || c == '[');
    if !is_host || beginning.is_empty() && !begins("www.") {
        return None;
    }
    let rest = trim(run(just_after(text, start, LONGEST)));
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let path = if path == "/" { "" } else { path };
    (host.len() > "www".len() || !beginning.is_empty()).then(|| FoundIdentifier {
        kind: IdentifierKind::Url,
        value: format!("{scheme}{}{path}", host.to_ascii_lowercase()),
        span: Span::new(at, start + rest.len()),
    })
}

/// The characters at the beginning of `text` that a URL can contain.
fn run(text: &str) -> &str {
    let is_end = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '`' | '|' | '\\' | '^');
    &text[..text.find(is_end).unwrap_or(text.len())]
}

/// The URL without punctuation at its end, and without closing parentheses that are not opened.
fn trim(url: &str) -> &str {
    let mut n_unopened = url.matches(')').count().saturating_sub(url.matches('(').count());
    url.trim_end_matches(|c| {
        let closes_sentence = c == ')' && n_unopened > 0;
        n_unopened -= usize::from(closes_sentence);
        closes_sentence || ".,;:!?'*]}…”’".contains(c)
    })
}
