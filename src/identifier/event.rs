//! Event ids of the Windows event log, with the source that logged them.

use super::around::{ends_in_word, is_word_char, just_after, just_before};
use super::{FoundIdentifier, IdentifierKind};
use crate::source::Span;

/// How far from an event its source is searched for, in bytes. The fields of a log entry take about 200.
const REACH: usize = 500;

/// Labels of the field that contains the source.
const LABELS: [&str; 3] = ["Source", "SOURCE", "Src"];

/// The event whose word `Event` is at `at`: `Event ID: 9035`, `Event 9035`. Its source is the nearest `Source:` in the
/// same block of lines, after the event or before it, or the name after `from`. Text before byte `taken` belongs to an
/// earlier event.
pub(super) fn at(text: &str, at: usize, taken: usize) -> Option<FoundIdentifier> {
    if ends_in_word(&text[..at]) {
        return None;
    }
    let near = just_after(text, at, REACH);
    let after_word = near["event".len()..].trim_start_matches(' ');
    let after_id = ["ids", "id", "number"].iter().find_map(|id| strip_ignoring_case(after_word, id));
    let number = after_id.unwrap_or(after_word).trim_start_matches([' ', '\t', ':', '=', '(', '#', '[']);
    let n_digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let (number, after) = number.split_at(n_digits);
    let end = at + near.len() - after.len();
    // Without `ID`, a short number is usually a count, unless it is a field of a log entry.
    let is_field = after_word.starts_with(':');
    let fits = if after_id.is_some() {
        1..=10
    } else if is_field {
        1..=5
    } else {
        3..=5
    };
    let is_joined = end - n_digits == at + "event".len();
    if !fits.contains(&n_digits) || is_joined || after.starts_with(is_word_char) {
        return None;
    }
    let source = source(text, at, end, taken).or_else(|| sender(after));
    if after_id.is_none() && n_digits < 3 && source.is_none() {
        return None;
    }
    let value = match source {
        Some(source) => format!("{source}/{number}"),
        None => number.to_owned(),
    };
    Some(FoundIdentifier { kind: IdentifierKind::Event, value, span: Span::new(at, end) })
}

fn strip_ignoring_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    text.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix)).map(|start| &text[start.len()..])
}

/// The source in the lines around an event at `start..end`, up to the next blank line or the next event.
fn source(text: &str, start: usize, end: usize, taken: usize) -> Option<String> {
    let after = just_after(text, end, REACH);
    let after = &after[..after.find("\n\n").unwrap_or(after.len())];
    let after = &after[..next_event(after).unwrap_or(after.len())];
    let before = just_before(text, start, REACH.min(start.saturating_sub(taken)));
    let before = &before[before.rfind("\n\n").unwrap_or(0)..];
    let first_after = LABELS.iter().filter_map(|label| after.find(label)).min().map(|at| &after[at..]);
    let last_before = LABELS.iter().filter_map(|label| before.rfind(label)).max().map(|at| &before[at..]);
    first_after.into_iter().chain(last_before).find_map(source_name)
}

/// The source in `Event 9035 from MSExchangeIMC`. It is one word with at least two capitals, unlike the names of logs.
fn sender(after: &str) -> Option<String> {
    let name = [" from source ", " from "].iter().find_map(|words| after.strip_prefix(words))?;
    let name = &name[..name.find(|c: char| !is_word_char(c)).unwrap_or(name.len())];
    let has_capitals = name.starts_with(char::is_uppercase) && name.chars().skip(1).any(char::is_uppercase);
    has_capitals.then(|| name.to_owned())
}

fn next_event(text: &str) -> Option<usize> {
    ["Event ID", "EVENT ID", "EventID"].iter().filter_map(|word| text.find(word)).min()
}

/// The name after `Source:`. It ends with the line, at a comma or parenthesis, at two spaces, before the next `Label:`,
/// and before a lower-case word, because names of several words are capitalised.
fn source_name(text: &str) -> Option<String> {
    let label = LABELS.iter().find(|label| text.starts_with(**label))?;
    let rest = text[label.len()..].trim_start_matches([' ', '\t']).strip_prefix([':', '=', '('])?;
    let line = rest.lines().next()?.trim_start();
    let part = line.split([',', ';', '\t', '(', ')', '"']).next()?;
    let part = part.split("  ").next()?;
    let mut words = part.split(' ');
    let first = words.next()?;
    let more = words.take_while(|word| !word.ends_with(':') && !word.starts_with(|c: char| c.is_lowercase()));
    let name = std::iter::once(first).chain(more).collect::<Vec<_>>().join(" ");
    let name = name.trim_end_matches(['.', ' ']);
    (!name.is_empty()).then(|| name.to_owned())
}
