//! Event ids of the Windows event log, with the source that logged them.

use super::{Found, IdentifierKind};
use crate::source::Span;

/// How far from an event its source is looked for, in bytes. A log entry's fields take some 200.
const REACH: usize = 500;

/// The event whose word `Event` stands at `at`: `Event ID: 9035`, `Event 9035`. Its source is the nearest `Source:` of the
/// same block of lines, after it or before it; one before byte `taken` belongs to an earlier event.
pub(super) fn at(text: &str, at: usize, taken: usize) -> Option<Found> {
    if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let word_end = at + "event".len();
    let after_word = text[word_end..].trim_start_matches(' ');
    let after_id = after_word.get(..2).filter(|id| id.eq_ignore_ascii_case("id")).map(|_| &after_word[2..]);
    let number = after_id.unwrap_or(after_word).trim_start_matches([' ', '\t', ':', '=', '(', '#', '[']);
    let n_digits = number.bytes().take_while(u8::is_ascii_digit).count();
    // Without `ID`, a short number is more likely to count something.
    let fits = if after_id.is_some() { 1..=10 } else { 3..=5 };
    let start = text.len() - number.len();
    let end = start + n_digits;
    if !fits.contains(&n_digits) || start == word_end || text[end..].starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let value = match source(text, at, end, taken) {
        Some(source) => format!("{source}/{}", &text[start..end]),
        None => text[start..end].to_owned(),
    };
    Some(Found { kind: IdentifierKind::Event, value, span: Span::new(at, end) })
}

/// The source named in the lines around an event at `start..end`, up to the next blank line or the next event.
fn source(text: &str, start: usize, end: usize, taken: usize) -> Option<String> {
    let after = within_reach(&text[end..]);
    let after = &after[..after.find("\n\n").unwrap_or(after.len())];
    let after = &after[..next_event(after).unwrap_or(after.len())];
    let from = (start.saturating_sub(REACH).max(taken.min(start))..start).find(|&at| text.is_char_boundary(at));
    let before = &text[from.unwrap_or(start)..start];
    let before = &before[before.rfind("\n\n").unwrap_or(0)..];
    let last_before = before.rfind("Source").map(|at| &before[at..]);
    after.find("Source").map(|at| &after[at..]).into_iter().chain(last_before).find_map(source_name)
}

fn within_reach(text: &str) -> &str {
    let end = (REACH..text.len()).find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(text.len())]
}

fn next_event(text: &str) -> Option<usize> {
    ["Event ID", "EVENT ID", "EventID"].iter().filter_map(|word| text.find(word)).min()
}

/// The name after `Source:`. It ends with the line, at a comma or parenthesis, at a wide gap, before the next `Label:`, and
/// before a word in lower case, since a name of several words is capitalised.
fn source_name(text: &str) -> Option<String> {
    let rest = text.strip_prefix("Source")?.trim_start_matches([' ', '\t']).strip_prefix([':', '='])?;
    let line = rest.lines().next()?.trim_start();
    let part = line.split([',', ';', '\t', '(', '"']).next()?;
    let part = part.split("  ").next()?;
    let mut words = part.split(' ');
    let first = words.next()?;
    let more = words.take_while(|word| !word.ends_with(':') && !word.starts_with(|c: char| c.is_lowercase()));
    let name = std::iter::once(first).chain(more).collect::<Vec<_>>().join(" ");
    let name = name.trim_end_matches(['.', ' ']);
    (!name.is_empty()).then(|| name.to_owned())
}
