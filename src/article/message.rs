//! Error messages in the text of a section: quoted ones in sentences about messages, and indented ones below a line that
//! announces them.

use super::lines::{Line, just_before, lines};
use crate::source::Span;

/// What is in every sentence that announces a message: an error, a message, an event. Without first letters, for case.
const ANNOUNCING: [&str; 4] = ["rror", "RROR", "essage", "vent"];

/// Fields of an event log entry that are no part of its message.
const EVENT_FIELDS: [&str; 11] = [
    "Event ID",
    "EVENT ID",
    "Event Type:",
    "Event Source:",
    "Event Category:",
    "Source:",
    "Type:",
    "Category:",
    "User:",
    "Computer:",
    "Date:",
];

/// Fields of an event log entry that hold its message.
const EVENT_TEXTS: [&str; 2] = ["Description:", "Text:"];

/// How far before a message its announcement may begin, in bytes: about two lines.
const REACH: usize = 160;

/// How far after a quotation its announcement may end, in bytes: `the "…" error message`.
const REACH_AFTER: usize = 20;

/// Bytes of a message. Longer texts are listings or dialogs; shorter ones single words.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=600;

/// The places of messages in `text`, in order, not overlapping.
pub(super) fn find(text: &str) -> Vec<Span> {
    let mut found = indented(text);
    let n_indented = found.len();
    for span in quoted(text) {
        let n_before = found[..n_indented].partition_point(|other| other.end <= span.start);
        let is_within = found[..n_indented].get(n_before).is_some_and(|other| other.start < span.end);
        if !is_within {
            found.push(span);
        }
    }
    found.sort_unstable_by_key(|span| span.start);
    found
}

/// The canonical form of a message: its text with every run of blanks and line ends as one blank.
pub(super) fn canonical(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Paragraphs set off by indent, below a sentence that ends in a colon and announces a message.
fn indented(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut is_announced = false;
    let mut margin = 0;
    let mut open: Option<Span> = None;
    for line in lines(text) {
        let indent = line.indent();
        if line.is_blank() {
            found.extend(open.take());
        } else if is_announced && indent > margin {
            if starts_field(line.content()) {
                found.extend(open.take());
            }
            open = message_part(line).map(|part| Span::new(open.map_or(part.start, |span| span.start), part.end));
        } else {
            found.extend(open.take());
            margin = indent;
            is_announced = line.text.ends_with(':') && announces(sentence_before(text, line.end()));
        }
    }
    found.extend(open);
    found.retain(|span| is_message(&text[span.start..span.end]));
    found
}

/// The part of an indented line that belongs to a message: nothing of an event's fields but what its description says.
fn message_part(line: Line<'_>) -> Option<Span> {
    let content = line.content();
    let is_field = EVENT_FIELDS.iter().any(|field| content.starts_with(field));
    let label = EVENT_TEXTS.iter().find(|label| content.starts_with(**label)).map_or(0, |label| label.len());
    let text = content[label..].trim_start();
    (!is_field && !text.is_empty()).then(|| Span::new(line.end() - text.len(), line.end()))
}

fn starts_field(content: &str) -> bool {
    EVENT_FIELDS.iter().chain(&EVENT_TEXTS).any(|field| content.starts_with(field))
}

/// Texts between quotation marks, within one paragraph, in a sentence that announces a message.
fn quoted(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut opening: Option<usize> = None;
    for at in memchr::memchr_iter(b'"', text.as_bytes()) {
        let Some(start) = opening.take().filter(|&start| !text[start..at].contains("\n\n")) else {
            opening = Some(at + 1);
            continue;
        };
        let is_announced = || announces(sentence_before(text, start)) || announces(just_after(text, at));
        if is_message(&text[start..at]) && is_announced() {
            found.push(Span::new(start, at));
        }
    }
    found
}

fn is_message(text: &str) -> bool {
    LENGTH.contains(&text.len()) && text.trim().contains([' ', '\n']) && !text.starts_with("- ")
}

/// The sentence that ends or is interrupted at byte `at`, as far back as an announcement is looked for.
fn sentence_before(text: &str, at: usize) -> &str {
    let near = just_before(text, at, REACH);
    let start = ["\n\n", ". ", ".\n"].iter().filter_map(|end| near.rfind(end)).max();
    &near[start.unwrap_or(0)..]
}

fn just_after(text: &str, at: usize) -> &str {
    let end = (at + REACH_AFTER..text.len()).find(|&end| text.is_char_boundary(end));
    &text[at..end.unwrap_or(text.len())]
}

fn announces(text: &str) -> bool {
    ANNOUNCING.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let found: Vec<_> = find(text).into_iter().map(|span| canonical(&text[span.start..span.end])).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn an_announced_indented_paragraph_is_a_message() {
        check(
            "The queue shows this\nerror message:\n\n   421 Unable to contact\n   the host\n\n   Second one here\n\nThen it ends:\n\n   not a message\n",
            &["421 Unable to contact the host", "Second one here"],
        );
    }

    #[test]
    fn an_event_gives_its_description_alone() {
        check(
            "This event is logged:\n\n   Event ID: 42\n   Source: Mail\n   Description: The queue\n   is full.\n   Type: Error\n",
            &["The queue is full."],
        );
    }

    #[test]
    fn a_quotation_is_a_message_if_its_sentence_says_so() {
        check(
            "You see the error \"Out of\nmemory\" or the \"Disk is full\" message. Click the \"Send all mail\" option.",
            &["Out of memory", "Disk is full"],
        );
        check("Click \"Send all mail\" and \"Read all mail\" there.", &[]);
    }

    #[test]
    fn an_odd_quotation_mark_does_not_reach_into_the_next_paragraph() {
        check("A 5.25\" disk gives an error.\n\nThe message \"Disk is full\" appears.", &["Disk is full"]);
    }

    #[test]
    fn words_and_listings_are_no_messages() {
        check("The error \"E42\" appears.", &[]);
        check(&format!("An error:\n\n   {}\n", "word ".repeat(200)), &[]);
    }
}
