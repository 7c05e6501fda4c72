//! Finds messages where a layout marks listings: the lines that a program printed about a failure are messages,
//! whatever the sentence before says; commands, settings and the words for pictures are none.

use super::logged::{is_for_programs, is_symbol, message_in};
use crate::article::lines::{just_before, lines};
use crate::source::Span;

/// The greatest length of a message in running text, in bytes.
const LONGEST: usize = 300;

/// Returns the messages in `text`. `found` are those that its sentences announce, in order; `listings` are the places
/// of the listings, in order.
pub(super) fn with_listings(text: &str, listings: &[Span], found: Vec<Span>) -> Vec<Span> {
    let within = |span: &Span| {
        let next = listings.partition_point(|listing| listing.end <= span.start);
        listings.get(next).is_some_and(|listing| listing.start < span.end).then_some(next)
    };
    let mut announced: Vec<Vec<Span>> = vec![Vec::new(); listings.len()];
    let mut kept = Vec::new();
    for span in found {
        match within(&span) {
            Some(listing) => announced[listing].push(span),
            None if is_aside(&text[span.start..span.end]) || is_in_picture(text, span) => {}
            None => kept.push(span),
        }
    }
    for (listing, announced) in listings.iter().zip(announced) {
        kept.extend(in_listing(text, *listing, announced));
    }
    kept.sort_unstable_by_key(|span| span.start);
    let n_before = kept.len();
    for span in in_running_text(text).filter(|span| within(span).is_none()) {
        let next = kept[..n_before].partition_point(|other| other.end <= span.start);
        let is_free = kept[..n_before].get(next).is_none_or(|other| other.start >= span.end);
        if is_free && kept[n_before..].last().is_none_or(|last| last.end <= span.start) {
            kept.push(span);
        }
    }
    kept.sort_unstable_by_key(|span| span.start);
    kept
}

/// Returns the messages in a listing: the lines that are from a log, otherwise what the sentence before announces.
fn in_listing(text: &str, listing: Span, announced: Vec<Span>) -> Vec<Span> {
    let printed = &text[listing.start..listing.end];
    let place = |line: super::TextLine<'_>| {
        let message = message_in(line.text)?;
        let start = listing.start + line.start;
        Some(Span::new(start + message.start, start + message.end))
    };
    let logged: Vec<Span> = lines(printed).filter_map(place).collect();
    if !logged.is_empty() {
        return logged;
    }
    let first = printed.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let is_quoted = first.trim_start().starts_with(['"', '\'', '[']);
    if !is_quoted && is_for_programs(first) { Vec::new() } else { announced }
}

/// Returns the messages in sentences that nothing announces, in order: a quotation that is a line of a log, and a symbol
/// with its explanation, `BELT_E_COLD: the belt is cold`.
fn in_running_text(text: &str) -> impl Iterator<Item = Span> {
    let mut found = Vec::new();
    for line in lines(text) {
        let mut pieces = line.text.split('"');
        let mut at = line.start + pieces.next().map_or(0, str::len);
        let mut is_quoted = true;
        for piece in pieces {
            at += 1;
            if is_quoted && message_in(piece).is_some_and(|place| place.start == 0 && place.end == piece.len()) {
                found.push(Span::new(at, at + piece.len()));
            }
            at += piece.len();
            is_quoted = !is_quoted;
        }
        found.extend(symbols(line.text).map(|(start, end)| Span::new(line.start + start, line.start + end)));
    }
    found.sort_unstable_by_key(|span| span.start);
    found.into_iter()
}

/// Returns the places of symbols with their explanations in a line.
fn symbols(line: &str) -> impl Iterator<Item = (usize, usize)> {
    line.match_indices(": ").filter_map(|(colon, _)| {
        let start = line[..colon].rfind([' ', '(', '"', '\'']).map_or(0, |at| at + 1);
        let after = &line[colon + 2..line.floor_char_boundary(colon + LONGEST)];
        let end = after.find(". ").unwrap_or_else(|| after.trim_end_matches(['.', '"', ')']).len());
        (is_symbol(&line[start..colon]) && after[..end].contains(' ')).then_some((start, colon + 2 + end))
    })
}

/// Whether an announced paragraph is no message: the words for a picture, which are in brackets, or a box with a note.
fn is_aside(message: &str) -> bool {
    const BOXES: [&str; 5] = ["NOTE: ", "TIP: ", "IMPORTANT: ", "WARNING: ", "CAUTION: "];
    let is_picture = message.starts_with('[') && message.ends_with(']');
    is_picture || BOXES.iter().any(|word| message.starts_with(word))
}

/// Whether a message is within the words for a picture.
fn is_in_picture(text: &str, span: Span) -> bool {
    let near = just_before(text, span.start, LONGEST);
    let line = &near[near.rfind('\n').map_or(0, |at| at + 1)..];
    line.rfind('[').is_some_and(|open| !line[open..].contains(']'))
}

#[cfg(test)]
mod tests {
    use crate::identifier::IdentifierKind;

    /// Compares the messages of a Markdown text.
    #[track_caller]
    fn check_markdown(text: &str, expect: &[&str]) {
        let article = crate::article::parse(&format!("# Belts\n\n{text}"), "belts").expect("an article");
        let messages = article.identifiers.iter().filter(|found| found.kind == IdentifierKind::Message);
        assert_eq!(messages.map(|found| found.value.as_str()).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn lines_of_logs_in_listings_are_messages_whatever_the_sentence_before_says() {
        check_markdown(
            "Look at the belt:\n\n```\n2026-11-28 05:13:49 INFO belt runs\n2026-11-28 05:13:50 ERROR belt stands still\n```\n\n\
             1. Or at this:\n\n   ```\n   parcel belt refused to start: no rollers\n   ```\n",
            &["belt runs", "belt stands still", "parcel belt refused to start: no rollers"],
        );
        check_markdown(
            "You get this error:\n\n```\nThe belt is too cold.\nOil it.\n```\n",
            &["The belt is too cold. Oil it."],
        );
        check_markdown(
            "You get this error:\n\n```\n\"Belt, or roller, is cold\"\n```\n",
            &["Belt, or roller, is cold"],
        );
    }

    #[test]
    fn commands_settings_and_words_for_pictures_are_no_messages() {
        check_markdown("To see the error:\n\n```sh\nbeltctl logs --all error belt\n```\n", &[]);
        check_markdown("The error is in these settings:\n\n```yaml\nbelt: cold\nrollers: three of four\n```\n", &[]);
        check_markdown("You get this error message:\n\n> ![The \"Belt is cold\" error message](a.png)\n", &[]);
        check_markdown("You get this error message:\n\n> [!NOTE]\n> Belts are cold in winter.\n", &[]);
        check_markdown("The error ![dialog: \"Belt is cold\"](a.png) appears.\n", &[]);
    }

    #[test]
    fn lines_of_logs_in_running_text_are_messages() {
        check_markdown("It prints ``FATAL: belt slots are reserved`` and goes.\n", &["FATAL: belt slots are reserved"]);
        check_markdown("It prints much. BELT_E_COLD: the belt is cold. Go on.\n", &["BELT_E_COLD: the belt is cold"]);
        check_markdown("Run `beltctl start` or say \"the belt runs well\".\n", &[]);
    }
}
