//! Finds error messages in the text of a section: quoted ones in a sentence about a message, and indented ones below a
//! line that announces a message.

mod listing;
mod logged;

use super::lines::{TextLine, just_before, lines};
use super::model::Section;
use crate::source::Span;

pub(crate) use self::logged::message_in;

/// Every sentence that announces a message contains one of these: `error`, `message` or `event` without its first
/// letter, which may be upper-case.
const ANNOUNCING: [&str; 4] = ["rror", "RROR", "essage", "vent"];

/// An announcement without a colon ends in one of these.
const ENDINGS: [&str; 4] = ["error", "error message", "message", "messages"];

/// If the last word before a colon is one of these, the sentence announces something other than a message.
const OTHERWISE: [&str; 14] = [
    "option",
    "options",
    "command",
    "commands",
    "step",
    "steps",
    "syntax",
    "key",
    "subkey",
    "value",
    "address",
    "article",
    "articles",
    "procedure",
];

/// If one of these is between `error` or `message` and a quotation, a button or a title is quoted, not a message. The
/// first letter may be left out, because it may be upper-case.
const NAMING: [&str; 13] = [
    "lick", "elect ", "electing", "hoose", "hoosing", "named", "called", "type ", "titled", "article", "see ", "topic",
    "earch",
];

/// If one of these follows a quotation, the quotation is the name of a thing, not a message.
const NAMED: [&str; 21] = [
    "check box",
    "checkbox",
    "option",
    "button",
    "tab",
    "dialog",
    "menu",
    "command",
    "folder",
    "key",
    "field",
    "box",
    "section",
    "setting",
    "page",
    "icon",
    "topic",
    "article",
    "chapter",
    "driver",
    "permission",
];

/// A text with one of these is program code, not a message.
const CODE: [&str; 8] = [");", "/*", "*/", "</", "End Sub", "End If", "#include", "\" & "];

/// Names of the fields of an event log entry that do not contain its message, in lower case.
const EVENT_FIELDS: [&str; 14] = [
    "event id",
    "eventid",
    "event type",
    "event source",
    "event category",
    "event",
    "source",
    "src",
    "type",
    "category",
    "user",
    "computer",
    "date",
    "time",
];

/// Names of the fields of an event log entry that contain its message, in lower case.
const EVENT_TEXTS: [&str; 2] = ["description", "text"];

/// An announcement is searched in this many bytes before a message: about two lines.
const REACH: usize = 160;

/// An announcement is searched in this many bytes before a message in single quotes. They are few, because apostrophes
/// look like single quotes and are frequent.
const REACH_SINGLE: usize = 16;

/// An announcement is searched in this many bytes after a quotation: `the "…" error message`.
const REACH_AFTER: usize = 20;

/// The length of a message in bytes. Longer texts are listings or dialogs, shorter ones single words.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=600;

/// Returns the spans of the messages in the text of `section`, in order and without overlaps.
pub(super) fn find(section: &Section) -> Vec<Span> {
    let found = announced(&section.text);
    match &section.listings {
        Some(listings) => listing::with_listings(&section.text, listings, found),
        None => found,
    }
}

/// Returns the messages that the sentences of a text announce.
fn announced(text: &str) -> Vec<Span> {
    let mut found = indented(text);
    for quoted in [quoted(text), single_quoted(text)] {
        let n_before = found.len();
        for span in quoted {
            let next = found[..n_before].partition_point(|other| other.end <= span.start);
            let is_within = found[..n_before].get(next).is_some_and(|other| other.start < span.end);
            if !is_within {
                found.push(span);
            }
        }
        found.sort_unstable_by_key(|span| span.start);
    }
    found
}

/// What is known about the last paragraph that may announce a message, while the lines below it are read.
#[derive(Debug, Default)]
struct Announcement {
    is_made: bool,
    /// The indent of the announcing paragraph, in blanks. A message has a larger one.
    margin: usize,
    /// The indent of the second and further lines of that paragraph. In a list item it is larger than `margin`, and the
    /// message and the other paragraphs of the item may both have it.
    hanging: usize,
    /// Whether a paragraph of the message has already ended.
    has_one: bool,
}

impl Announcement {
    /// Whether a line with this indent belongs to a message. `goes_on` tells whether the line above it is not blank.
    fn covers(&self, indent: usize, goes_on: bool) -> bool {
        let is_of_item = self.hanging > self.margin && indent <= self.hanging;
        self.is_made && indent > self.margin && (goes_on || !self.has_one || !is_of_item)
    }
}

/// Finds messages in indented paragraphs below a sentence that announces a message, in most cases with a colon at its
/// end.
fn indented(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut said = Announcement::default();
    let mut open: Option<Span> = None;
    let mut above: Option<TextLine<'_>> = None;
    for line in lines(text) {
        let indent = line.indent();
        if line.is_blank() {
            match (open.take(), above) {
                (Some(last), _) => {
                    found.push(last);
                    said.has_one = true;
                }
                (None, Some(above)) => said.is_made |= ends_announcing(text, above),
                (None, None) => {}
            }
        } else if said.covers(indent, above.is_some()) {
            if starts_field(line.content()) {
                found.extend(open.take());
            }
            open = message_part(line).map(|part| Span::new(open.map_or(part.start, |span| span.start), part.end));
        } else {
            found.extend(open.take());
            if above.is_none() || indent < said.margin || indent > said.hanging {
                said.margin = indent;
                said.hanging = indent + item_len(line.content());
            }
            said.is_made = ends_in_colon(line) && announces(sentence_before(text, line.end()));
            said.has_one = false;
        }
        above = (!line.is_blank()).then_some(line);
    }
    found.extend(open);
    found.iter_mut().for_each(|span| *span = unquoted(text, *span));
    found.retain(|span| is_message(&text[span.start..span.end]) || is_symbol(&text[span.start..span.end]));
    found
}

/// Whether a line ends in a colon and the word before it is not in [`OTHERWISE`].
fn ends_in_colon(line: TextLine<'_>) -> bool {
    line.text.strip_suffix(':').is_some_and(|said| {
        let last = said.rsplit(' ').next().unwrap_or_default();
        !OTHERWISE.contains(&last)
    })
}

/// Whether a paragraph, whose last line is `last_line`, ends like `… the following error`, without a colon.
fn ends_announcing(text: &str, last_line: TextLine<'_>) -> bool {
    let ends = ENDINGS.iter().any(|ending| last_line.text.ends_with(ending));
    ends && sentence_before(text, last_line.end()).contains("following")
}

/// Returns the length in bytes of the number or bullet of a list item, including the blanks after it; 0 if `content` is
/// no list item.
fn item_len(content: &str) -> usize {
    let (marker, _) = content.split_once(' ').unwrap_or_default();
    let is_number = marker.len() < 4 && marker.starts_with(char::is_alphanumeric) && marker.ends_with(['.', ')']);
    match is_number || matches!(marker, "-" | "*" | "•") {
        true => content.len() - content[marker.len()..].trim_start().len(),
        false => 0,
    }
}

/// Returns the part of an indented line that belongs to a message. Of the fields of an event log entry, only the
/// description does.
fn message_part(line: TextLine<'_>) -> Option<Span> {
    let content = line.content();
    let text = field(content, &EVENT_TEXTS).unwrap_or(content);
    (field(content, &EVENT_FIELDS).is_none() && !text.is_empty())
        .then(|| Span::new(line.end() - text.len(), line.end()))
}

fn starts_field(content: &str) -> bool {
    field(content, &EVENT_FIELDS).or_else(|| field(content, &EVENT_TEXTS)).is_some()
}

/// Returns the value of the field at the start of a line, if the name of the field is one of `names`: `x` in
/// `Source: x` or `Type   : x`, `9` in `Event ID 9`.
fn field<'t>(content: &'t str, names: &[&str]) -> Option<&'t str> {
    names.iter().find_map(|name| {
        let rest = content.get(name.len()..).filter(|_| content[..name.len()].eq_ignore_ascii_case(name))?;
        let rest = rest.trim_start();
        let value =
            rest.strip_prefix(':').or_else(|| rest.starts_with(|c: char| c.is_ascii_digit()).then_some(rest))?;
        Some(value.trim_start())
    })
}

/// Returns `span` without the quotation marks at its ends. If it contains an even number of marks, they are left out
/// only if both ends have one.
fn unquoted(text: &str, span: Span) -> Span {
    let printed = &text[span.start..span.end];
    let is_quoted = printed.starts_with('"') && printed.ends_with('"');
    if !is_quoted && printed.matches('"').count().is_multiple_of(2) {
        return span;
    }
    let start = span.end - printed.trim_start_matches('"').len();
    Span::new(start, start + text[start..span.end].trim_end_matches('"').len())
}

/// Finds messages in double quotation marks. The sentence must announce a message, and both marks must be in one
/// paragraph.
fn quoted(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut opening: Option<usize> = None;
    for at in memchr::memchr_iter(b'"', text.as_bytes()) {
        let Some(start) = opening.take().filter(|&start| !text[start..at].contains("\n\n")) else {
            opening = Some(at + 1);
            continue;
        };
        let is_announced = || announces_quoted(sentence_before(text, start)) || announces(just_after(text, at));
        // The cheap checks come first, because articles contain many quotations.
        if is_text(&text[start..at])
            && is_announced()
            && !names(just_after(text, at + 1))
            && is_message(&text[start..at])
        {
            found.push(Span::new(start, start + text[start..at].trim_end_matches(',').len()));
        }
    }
    found
}

/// Finds messages in single quotation marks. They must directly follow an announcement, and both marks must be in one
/// paragraph.
fn single_quoted(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut opening: Option<usize> = None;
    for at in memchr::memchr_iter(b'\'', text.as_bytes()) {
        if text[..at].ends_with([' ', '\n']) {
            let before = just_before(text, at, REACH_SINGLE);
            let is_sentence = text[at + 1..].starts_with(char::is_uppercase);
            opening = (is_sentence && announces_quoted(before)).then_some(at + 1);
        } else if let Some(start) = opening.filter(|_| !text[at + 1..].starts_with(char::is_alphanumeric)) {
            opening = None;
            if is_message(&text[start..at]) && !text[start..at].contains("\n\n") {
                found.push(Span::new(start, at));
            }
        }
    }
    found
}

/// Whether a text has the length of a message and more than one word.
fn is_text(text: &str) -> bool {
    LENGTH.contains(&text.len()) && text.trim().contains([' ', '\n'])
}

fn is_message(text: &str) -> bool {
    let assigns = || text.split_once(" = ").is_some_and(|(name, _)| !name.contains(char::is_whitespace));
    is_text(text)
        && text.bytes().filter(u8::is_ascii_alphabetic).take(4).count() == 4
        && !["- ", "' ", "//"].iter().any(|sign| text.starts_with(sign))
        && !is_reference(text)
        && !assigns()
        && !CODE.iter().any(|code| text.contains(code))
}

/// Whether a text is an entry in a list of articles, such as `Q150314 Title`.
fn is_reference(text: &str) -> bool {
    text.strip_prefix('Q').is_some_and(|rest| rest.bytes().take(5).filter(u8::is_ascii_digit).count() == 5)
}

/// Whether a single word is a message, such as `EcBufferTooSmall`: it has capitals or `_` after its first letter.
fn is_symbol(text: &str) -> bool {
    let inner = text.char_indices().any(|(at, c)| at > 0 && c.is_uppercase() || c == '_');
    let has_lower = text.contains(char::is_lowercase) || text.contains('_');
    LENGTH.contains(&text.len()) && inner && has_lower && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Returns the part of a sentence that is before byte `at`, at most [`REACH`] bytes.
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

/// Whether the text before a quotation announces a message, and no [`NAMING`] word follows the announcement.
fn announces_quoted(before: &str) -> bool {
    let last = ANNOUNCING.iter().filter_map(|word| before.rfind(word)).max();
    last.is_some_and(|at| !NAMING.iter().any(|word| before[at..].contains(word)))
}

/// Whether the words after a quotation show that it is the name of a thing and not a message.
fn names(after: &str) -> bool {
    let after = after.trim_start();
    NAMED.iter().any(|word| after.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::lines::with_single_blanks;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let found: Vec<_> =
            announced(text).into_iter().map(|span| with_single_blanks(&text[span.start..span.end])).collect();
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
    fn fields_are_told_by_their_colon_or_number() {
        check(
            "These are logged:\n\n   Source : Mail\n   EventID: 9405\n   Description : \"The queue is full.\"\n",
            &["The queue is full."],
        );
        check("An event:\n\n   Type mismatch in line 3\n\n   Event 42 is logged\n", &["Type mismatch in line 3"]);
        check("Articles on errors:\n\n   Q150314 About Full Queues\n", &[]);
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

    #[test]
    fn a_step_announces_one_paragraph_of_its_own_indent() {
        check(
            "1. Start it. You get the\n   following error message:\n\n   The disk is full.\n\n   Click OK.\n\n2. Go on there.\n",
            &["The disk is full."],
        );
        check(
            "1. You get this error message:\n\n      The disk is full.\n\n      Try again later.\n\n   Click OK.\n",
            &["The disk is full.", "Try again later."],
        );
    }

    #[test]
    fn a_colon_may_be_missing_and_a_symbol_is_enough() {
        check("You get the following error\n\n   The disk is full\n\nThen", &["The disk is full"]);
        check("This error\n\n   is of no interest\n\nThen", &[]);
        check(
            "It fails with this error:\n\n   EcBufferTooSmall\n\n   STATUS_BAD_DISK\n\n   Something\n",
            &["EcBufferTooSmall", "STATUS_BAD_DISK"],
        );
    }

    #[test]
    fn single_quotes_need_their_announcement_before_them() {
        check("It's the message 'The disk isn't full' there.", &["The disk isn't full"]);
        check("An error in the user's 'My Own Disk' folder. See 'The disk is full' there.", &[]);
    }

    #[test]
    fn a_sentence_may_announce_something_else() {
        check("To send the message, use the following options:\n\n   mail -v -d <drive>\n", &[]);
        check("The error is set in this key:\n\n   Software and More\n", &[]);
    }

    #[test]
    fn buttons_titles_and_code_are_no_messages() {
        check("If the error appears, click \"Send all mail\" or select the \"Read all mail\" one.", &[]);
        check("The error appears if the \"Hold bad mail\" check box is on.", &[]);
        check("The error code:\n\n   This.Value = This.List(1, 2)\n\n   . . . . . .\n\n   if (x) f();\n", &[]);
    }
}
