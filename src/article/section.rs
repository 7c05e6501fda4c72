//! Splits the text of a body into sections at its headings.

use super::draft::HeadStyle;
use super::lines::{TextLine, lines};
use super::model::{Section, SectionKind};
use super::section_name::kind_of;

/// Headings that have a colon instead of an underline. The oldest articles have only these.
const COLON_HEADS: [&str; 6] = ["Question:", "Questions:", "Response:", "Answer:", "Problem:", "Solution:"];

/// The headings of "query words", words that people search for. These follow on the same line.
const QUERY_WORDS: [&str; 2] = ["Additional query words:", "Additional reference words:"];

/// The greatest length of an upper-case heading in bytes. A longer line is a sentence in capitals.
const LONGEST_BARE_HEAD: usize = 60;

/// Returns the sections of `body` in order. The text before the first heading is a section of kind `Body`. It is left
/// out if it is blank, and so is a section of query words without words.
pub(super) fn split(body: &str, heads: HeadStyle) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut open = OpenSection { head: 0, kind: SectionKind::Body, title: "", level: 1, text: 0 };
    for next in find_heads(body, heads) {
        sections.extend(open.close(body, next.head));
        open = next;
    }
    sections.extend(open.close(body, body.len()));
    sections
}

/// A section whose end has not been reached.
#[derive(Clone, Copy)]
struct OpenSection<'a> {
    /// The byte offset in the body at which the heading begins.
    head: usize,
    kind: SectionKind,
    title: &'a str,
    level: u8,
    /// The byte offset in the body at which the text below the heading begins.
    text: usize,
}

impl OpenSection<'_> {
    fn close(self, body: &str, end: usize) -> Option<Section> {
        let text = body[self.text..end].trim_start_matches('\n').trim_end();
        let may_be_left_out = matches!(self.kind, SectionKind::Body | SectionKind::QueryWords);
        let section = || Section {
            kind: self.kind,
            title: self.title.to_owned(),
            level: self.level,
            text: text.to_owned(),
            listings: None,
        };
        (!(text.is_empty() && may_be_left_out)).then(section)
    }
}

/// Finds the headings in `body`. Returns the sections that they begin, in order.
fn find_heads(body: &str, heads: HeadStyle) -> Vec<OpenSection<'_>> {
    let mut found = Vec::new();
    let blank = TextLine { text: "", start: 0 };
    let (mut before, mut previous) = (blank, blank);
    let mut all = lines(body).peekable();
    while let Some(line) = all.next() {
        let mut next_is_blank = || all.peek().is_none_or(|next| next.is_blank());
        let head = match line.text.as_bytes().first() {
            None | Some(b' ') => None,
            Some(b'=' | b'-') if before.is_blank() => underlined(previous, line),
            Some(b'A') if QUERY_WORDS.iter().any(|words| line.text.starts_with(words)) => Some(query_words(line)),
            Some(b'A'..=b'Z') if previous.is_blank() => {
                let bare = heads == HeadStyle::UpperCase && is_bare_head(line.text);
                ((bare || COLON_HEADS.contains(&line.text)) && next_is_blank()).then(|| bare_head(line))
            }
            Some(_) => None,
        };
        // A heading may follow another one without a blank line between them.
        (before, previous) = if head.is_some() { (blank, blank) } else { (previous, line) };
        found.extend(head);
    }
    found
}

/// Returns the section that begins with the heading `head`, if `underline` consists of `=` or `-` and is about as long.
/// The heads of tables (several runs of dashes, or one below several columns) and the rules around a footer are no
/// headings.
fn underlined<'a>(head: TextLine<'a>, underline: TextLine<'a>) -> Option<OpenSection<'a>> {
    let mark = underline.text.as_bytes()[0];
    let is_rule = underline.text.bytes().all(|b| b == mark);
    let title = head.text;
    let fits = title.chars().count().abs_diff(underline.text.len()) <= 1;
    let is_title = title.starts_with(|c: char| !c.is_whitespace() && !matches!(c, '-' | '='));
    let is_table = mark == b'-' && title.contains("  ");
    let level = if mark == b'=' { 1 } else { 2 };
    let open = || OpenSection { head: head.start, kind: kind_of(title), title, level, text: underline.end() };
    (is_rule && fits && is_title && !is_table).then(open)
}

fn query_words(line: TextLine<'_>) -> OpenSection<'_> {
    let title = line.text.split(':').next().unwrap_or(line.text);
    let words = line.text[title.len() + 1..].trim_start_matches(' ');
    OpenSection { head: line.start, kind: SectionKind::QueryWords, title, level: 1, text: line.end() - words.len() }
}

/// Splits a paragraph such as `Additional query words: mx queue` into heading and words. Returns `None` for other
/// paragraphs.
pub(super) fn as_query_words(paragraph: &str) -> Option<(&str, &str)> {
    let head = QUERY_WORDS.iter().find(|words| paragraph.starts_with(**words))?;
    Some((head.trim_end_matches(':'), paragraph[head.len()..].trim()))
}

fn bare_head(line: TextLine<'_>) -> OpenSection<'_> {
    let title = line.text.trim_end_matches(':');
    OpenSection { head: line.start, kind: kind_of(title), title, level: 1, text: line.end() }
}

/// Whether a line looks like a heading without underline: it is short and has only upper-case words and numbers.
pub(super) fn is_bare_head(line: &str) -> bool {
    let is_head_char = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b" /-&,".contains(&b);
    line.len() <= LONGEST_BARE_HEAD
        && line.bytes().all(is_head_char)
        && line.bytes().filter(u8::is_ascii_uppercase).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(heads: HeadStyle, body: &str, expect: &[(SectionKind, &str, u8, &str)]) {
        let sections = split(body, heads);
        let found: Vec<_> = sections.iter().map(|s| (s.kind, s.title.as_str(), s.level, s.text.as_str())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn underlined_heads_of_two_levels() {
        check(
            HeadStyle::Underlined,
            "\nIntro.\n\nSYMPTOMS\n========\n\n   One.\n\nTwo.\n\nSteps to Try\n------------\n\n1. Go.\n",
            &[
                (SectionKind::Body, "", 1, "Intro."),
                (SectionKind::Symptoms, "SYMPTOMS", 1, "   One.\n\nTwo."),
                (SectionKind::Titled, "Steps to Try", 2, "1. Go."),
            ],
        );
    }

    #[test]
    fn tables_and_rules_are_no_heads() {
        let body = "File  Date\n----------\nA     B\n\nType\n----  ----\n\n- item\n------\n\nA line above a rule\n=====\n\ntext\nabove\n-----";
        check(HeadStyle::Underlined, body, &[(SectionKind::Body, "", 1, body)]);
    }

    #[test]
    fn a_head_may_follow_a_head_and_have_no_text() {
        check(
            HeadStyle::Underlined,
            "CAUSE\n=====\nWork around:\n------------\nx\n",
            &[(SectionKind::Cause, "CAUSE", 1, ""), (SectionKind::Workaround, "Work around:", 2, "x")],
        );
    }

    #[test]
    fn query_words_are_a_section_unless_there_are_none() {
        check(
            HeadStyle::Underlined,
            "text\n\nAdditional query words: mx queue\n421\n",
            &[
                (SectionKind::Body, "", 1, "text"),
                (SectionKind::QueryWords, "Additional query words", 1, "mx queue\n421"),
            ],
        );
        check(HeadStyle::Underlined, "text\n\nAdditional query words:\n\n", &[(SectionKind::Body, "", 1, "text")]);
    }

    #[test]
    fn question_and_response_are_heads_without_underline() {
        check(
            HeadStyle::Underlined,
            "Question:\n\nWhy?\n\nResponse:\n\nBecause.\nQuestion: none\n",
            &[
                (SectionKind::Symptoms, "Question", 1, "Why?"),
                (SectionKind::Resolution, "Response", 1, "Because.\nQuestion: none"),
            ],
        );
    }

    #[test]
    fn bare_heads_count_only_where_the_layout_has_them() {
        let body = "SYMPTOMS\n\nIt stops.\n\nSMTP AND DNS\n\nNo.\n\nTHIS IS NOT!\n\nSTOP\nhere\n";
        check(
            HeadStyle::UpperCase,
            body,
            &[
                (SectionKind::Symptoms, "SYMPTOMS", 1, "It stops."),
                (SectionKind::Titled, "SMTP AND DNS", 1, "No.\n\nTHIS IS NOT!\n\nSTOP\nhere"),
            ],
        );
        check(HeadStyle::Underlined, body, &[(SectionKind::Body, "", 1, body.trim_end())]);
    }
}
