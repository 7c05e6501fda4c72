//! Finds the title that an article quotes when it mentions another article.
//!
//! In the archive most mentions are list entries with the id before the title. No title is better than a wrong one:
//! text that may be the rest of a sentence is not taken for a title.

use crate::article::lines::{TextLine, just_before, lines, with_single_blanks};
use crate::article::model::{Section, SectionKind};

/// A title may continue in the next line if the next word would pass this column. The archive wraps lines at column 79,
/// in some lists a few columns earlier.
const WRAP_COLUMN: usize = 75;

/// A longer title, in bytes, is not continued in the next line, and a title is searched in this many bytes around an
/// id. The longest in the archive has 143.
const LONGEST: usize = 160;

/// The id of a list entry is at most this many bytes after the start of its line: after blanks, a bullet or
/// `ARTICLE-ID :`.
pub(super) const MARGIN: usize = 40;

/// Marks of list items and borders of tables, which may precede an id.
const MARKS: [char; 4] = ['-', '*', '•', '|'];

/// Returns the title that is quoted with the id at bytes `start..end` of the text of `section`.
pub(super) fn quoted_title(section: &Section, start: usize, end: usize) -> Option<String> {
    let text = &section.text;
    let place = line_start(text, start).map(|line| (line, text[line..start].trim()));
    let title = match place {
        Some((line, "|")) => cell(&text[end..]).or_else(|| above(section, line, end)),
        Some((line, mark)) if is_mark(mark) || mark.is_empty() && starts_entry(text, line) => {
            entry(&text[line..], end - line, mark).or_else(|| above(section, line, end))
        }
        Some((line, label)) if is_id_label(label) => labelled(&text[end..]).or_else(|| above(section, line, end)),
        _ => None,
    };
    let title = title.or_else(|| quoted_before(text, start)).or_else(|| enclosed_after(&text[end..]));
    title.map(|title| title.trim_end_matches(',').to_owned()).filter(|title| is_title(title))
}

/// Returns the start of the line that contains byte `at`, if it is at most [`MARGIN`] bytes before `at`.
fn line_start(text: &str, at: usize) -> Option<usize> {
    let margin = just_before(text, at, MARGIN);
    let start = at - margin.rsplit('\n').next().unwrap_or(margin).len();
    (start == 0 || text[..start].ends_with('\n')).then_some(start)
}

fn is_mark(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|mark| MARKS.contains(&mark)) && chars.next().is_none()
}

/// Whether the text before an id is `ARTICLE-ID:`, `Article ID :` or a misprint of them such as `ARTICLE-ID: ID:`.
fn is_id_label(text: &str) -> bool {
    ["ARTICLE-ID", "ARTICLE ID"]
        .iter()
        .any(|label| text.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label)))
}

/// Whether the line at byte `start` may be an entry of a list: it begins a paragraph, or follows another entry or a
/// rule.
fn starts_entry(text: &str, start: usize) -> bool {
    /// The greatest number of lines of a list entry.
    const LINES: usize = 3;
    let Some(above) = text[..start].strip_suffix('\n') else {
        return start == 0;
    };
    let mut above = just_before(above, above.len(), LINES * 2 * WRAP_COLUMN).rsplit('\n').take(LINES);
    match above.next() {
        None | Some("") => true,
        Some(line) => is_rule(line) || is_entry(line) || above.take_while(|line| !line.is_empty()).any(is_entry),
    }
}

fn is_rule(line: &str) -> bool {
    line.bytes().all(|b| matches!(b, b'-' | b'=' | b'+' | b' '))
}

fn is_entry(line: &str) -> bool {
    let id = line.trim_start_matches(|c: char| c == ' ' || MARKS.contains(&c));
    id.strip_prefix('Q').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Returns the title after the id of a list entry. The entry is at the start of `text`, its id ends at byte `from`, and
/// `mark` is the bullet before the id, if any.
fn entry(text: &str, from: usize, mark: &str) -> Option<String> {
    let line = lines(text).next()?;
    let title = line.text[from..].trim_start_matches([':', '.', ',', ' ', '-', '\u{a0}']);
    unwrapped(text, line.text.len() - title.len(), line.indent() + mark.len())
}

/// Returns the text of the table cell after the one that contains the id. `after` is the text after the id.
fn cell(after: &str) -> Option<String> {
    let line = lines(after).next()?;
    let cell = line.text.trim_start().strip_prefix('|')?.split('|').next()?;
    Some(cell.trim().to_owned())
}

/// Returns the title after `TITLE :` in the line below an `ARTICLE-ID:`. `after` is the text after the id.
fn labelled(after: &str) -> Option<String> {
    let below = &after[lines(after).nth(1)?.start..];
    let line = lines(below).next()?;
    let label = ["TITLED", "TITLE"]
        .iter()
        .find(|label| line.content().get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label)))?;
    let title = line.content()[label.len()..].trim_start().strip_prefix(':')?.trim_start();
    unwrapped(below, line.text.len() - title.len(), line.indent())
}

/// Returns the title that begins at byte `from` of the first line of `text`, with the further lines of a wrapped title,
/// which are indented by at least `margin`. Returns `None` if it is blank.
fn unwrapped(text: &str, from: usize, margin: usize) -> Option<String> {
    let mut all = lines(text);
    let mut line = all.next()?;
    let mut title = without_page(line.text[from..].trim_end()).to_owned();
    if title.is_empty() {
        return None;
    }
    for below in all {
        if title.len() > LONGEST || !goes_on(line, below, margin) {
            break;
        }
        title.push(' ');
        title.push_str(below.content());
        line = below;
    }
    Some(title)
}

/// Returns the title without the page number that some lists print far to the right.
fn without_page(title: &str) -> &str {
    match title.rsplit_once("   ") {
        Some((before, page)) if page.trim_start().bytes().all(|b| b.is_ascii_digit()) => before.trim_end(),
        _ => title,
    }
}

/// Whether a title that reaches the end of `line` was wrapped and continues in the line `below`.
fn goes_on(line: TextLine<'_>, below: TextLine<'_>, margin: usize) -> bool {
    let next_word = below.content().split(' ').next().unwrap_or_default();
    let would_not_fit = line.text.len() + 1 + next_word.len() > WRAP_COLUMN;
    would_not_fit && !below.is_blank() && below.indent() >= margin && !is_entry(below.text) && !is_rule(below.text)
}

/// Returns the title above an id with nothing after it on its line: the heading of the section, or a single line that
/// ends in a colon.
fn above(section: &Section, line: usize, end: usize) -> Option<String> {
    let text = &section.text;
    if !lines(&text[end..]).next().is_none_or(|rest| rest.is_blank()) {
        return None;
    }
    let before = text[..line].strip_suffix("\n\n");
    let heading = match before {
        None if line == 0 && section.kind == SectionKind::Titled => &section.title,
        None => return None,
        Some(before) => {
            let paragraph = just_before(before, before.len(), LONGEST);
            let paragraph = paragraph.rsplit("\n\n").next().unwrap_or(paragraph);
            paragraph.strip_suffix(':').filter(|heading| !heading.contains('\n') && !announces(heading))?
        }
    };
    Some(heading.trim_end_matches(':').trim().to_owned())
}

/// Whether a line that ends in a colon announces a list of articles and is not a title.
fn announces(line: &str) -> bool {
    const WORDS: [&str; 4] = ["article", "nowledge", "following", "ee "];
    WORDS.iter().any(|word| line.contains(word))
}

/// Returns the title in `"Title" (Q123456)` or `[Title](Q123456)`. The id begins at byte `start`.
fn quoted_before(text: &str, start: usize) -> Option<String> {
    let near = just_before(text, start, LONGEST);
    let opened = near.strip_suffix('(')?;
    let inside = match opened.strip_suffix(']') {
        Some(link) => &link[link.rfind('[')? + 1..],
        None => {
            let quotation = opened.trim_end().strip_suffix('"')?;
            &quotation[quotation.rfind('"')? + 1..]
        }
    };
    on_one_line(inside)
}

/// Returns the title in `Q123456 (Title)` or `Q123456, "Title"`. `after` is the text after the id.
fn enclosed_after(after: &str) -> Option<String> {
    let rest = after.trim_start_matches([' ', '\n', ',', ':']);
    let within = &rest.as_bytes()[..rest.len().min(LONGEST + 2)];
    let end = match within.first()? {
        b'(' => memchr::memchr(b')', within),
        b'"' => (2..within.len()).find(|&at| within[at] == b'"' && !within[at - 1].is_ascii_whitespace()),
        _ => None,
    }?;
    on_one_line(&rest[1..end])
}

/// Joins the lines of `text` to one. Returns `None` if it contains the end of a paragraph.
fn on_one_line(text: &str) -> Option<String> {
    (!text.contains("\n\n")).then(|| with_single_blanks(text))
}

/// Whether a text may be a title: it has several words, does not begin like the rest of a sentence, and is not too
/// long.
fn is_title(text: &str) -> bool {
    text.len() <= 2 * LONGEST
        && text.contains(' ')
        && !text.starts_with(|c: char| c.is_lowercase() || matches!(c, '=' | '-' | '+' | '|' | '>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, text: &str, expect: &[Option<&str>]) {
        let section =
            Section { kind: SectionKind::Titled, title: head.into(), level: 2, text: text.to_owned(), listings: None };
        let ids = text.match_indices("Q1000").map(|(at, _)| quoted_title(&section, at, at + "Q10000".len()));
        assert_eq!(ids.collect::<Vec<_>>().iter().map(Option::as_deref).collect::<Vec<_>>(), expect, "{text}");
    }

    #[test]
    fn entries_may_have_marks_and_follow_each_other_directly() {
        check("", "- Q10000 One Two\n- Q10001: Three Four\n", &[Some("One Two"), Some("Three Four")]);
        check("", "ID      TITLE       PAGES\n------------\nQ10000 One Two          3\n", &[Some("One Two")]);
        check(
            "",
            "| Q10000 | One Two    | 3 |\n+--+\n| Q10001 | Three Four | 4 |\n",
            &[Some("One Two"), Some("Three Four")],
        );
    }

    #[test]
    fn an_entry_after_a_wrapped_one_is_an_entry() {
        let wrapped = "Q10000 A Title So Long That the Last Word of It Is in the Line That Comes\n   Below";
        check(
            "",
            &format!("   {wrapped}\n   Q10001 Two Words\n"),
            &[Some("A Title So Long That the Last Word of It Is in the Line That Comes Below"), Some("Two Words")],
        );
    }

    #[test]
    fn running_text_quotes_in_parentheses_or_quotation_marks() {
        check(
            "",
            "See Q10000 (One\nTwo) or Q10001, \"Three Four.\" or\nQ10002 Five Six.",
            &[Some("One Two"), Some("Three Four."), None],
        );
        check(
            "",
            "See \"One Two\" (Q10000) or [Three Four](Q10001) or (Q10002).",
            &[Some("One Two"), Some("Three Four"), None],
        );
        check("", "See Q10000 (one two) or Q10001 \"three\n\nFour Five\" or Q10002 (", &[None, None, None]);
    }

    #[test]
    fn a_label_is_followed_by_another() {
        check("", "   ARTICLE-ID: Q10000\n   TITLE     : One Two\n", &[Some("One Two")]);
        check("", "Article ID: Q10000\nTitled : One Two\n\nArticle ID: Q10001\nTitle\n", &[Some("One Two"), None]);
    }

    #[test]
    fn an_id_alone_on_its_line_has_the_title_above_it() {
        check("One Two:", "Q10000\n\nText.", &[Some("One Two")]);
        check("", "Text.\n\nOne Two:\n\nArticle ID: Q10000\n\nText.", &[Some("One Two")]);
        check("", "For more, see the following article:\n\n   Q10000\n\nText:\n   Q10001\n", &[None, None]);
    }
}
