//! What is around rules that were copied from elsewhere: code fences, line numbers, marks of a diff or a mail, HTML entities,
//! conflict marks, and `\` at the end of lines.
//!
//! The text is read on as if it were not there, and keeps its length in bytes.

use super::outline::{self, Token, TokenKind};
use super::signs::Signs;
use crate::diagnostic::Diagnostic;
use crate::rule::error;
use crate::source::Span;

/// Entities of HTML and the signs that they stand for.
const ENTITIES: &[(&str, &str)] = &[
    ("&amp;&amp;", "and"),
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#39;", "'"),
    ("&apos;", "'"),
    ("&gt;", ">"),
    ("&lt;", "<"),
    ("&nbsp;", " "),
    ("&amp;", "&"),
];

/// What a line has that does not belong to rules.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Fence,
    Number,
    Plus,
    Quote,
    Continued,
}

impl Mark {
    const ALL: [Mark; 5] = [Mark::Fence, Mark::Number, Mark::Plus, Mark::Quote, Mark::Continued];

    fn title(self) -> &'static str {
        match self {
            Mark::Fence => "a code fence is Markdown, not a part of a rule",
            Mark::Number => "line numbers are no part of a rule",
            Mark::Plus => "`+` at the start of a line belongs to a diff, not to a rule",
            Mark::Quote => "`>` at the start of a line belongs to a mail, not to a rule",
            Mark::Continued => "a `\\` at the end of a line has no meaning, because line breaks have none",
        }
    }
}

/// Reports a file that cannot be read because of what it contains besides rules.
pub(super) fn unreadable(text: &str, tokens: &[Token]) -> Option<Diagnostic> {
    let line =
        |mark: &str| text.match_indices(mark).map(|(at, _)| at).find(|at| *at == 0 || text[..*at].ends_with('\n'));
    if let (Some(start), Some(_)) = (line("<<<<<<< "), line(">>>>>>> ")) {
        return Some(error::merge_conflict(Span::new(start, start + 7)));
    }
    let is_entity = |window: &[Token]| {
        let [mark, name, end] = window else { return false };
        let word = &text[name.span.start..name.span.end];
        text[mark.span.start..].starts_with('&')
            && mark.kind == TokenKind::Other
            && text[end.span.start..].starts_with(';')
            && end.span.start == name.span.end
            && matches!(word, "quot" | "gt" | "lt" | "amp" | "apos" | "nbsp")
    };
    memchr::memchr(b'&', text.as_bytes())?;
    let first = tokens.windows(3).find(|window| is_entity(window))?[0].span.start;
    let mut wrong: Option<Diagnostic> = None;
    let mut at = first;
    while let Some(found) = text[at..].find('&').map(|found| at + found) {
        let entity = ENTITIES.iter().find(|(entity, _)| text[found..].starts_with(entity));
        at = found + entity.map_or(1, |(entity, _)| entity.len());
        if let Some((entity, sign)) = entity {
            let span = Span::new(found, found + entity.len());
            wrong = Some(wrong.unwrap_or_else(|| error::html_entity(span, entity, sign)).replace(span, *sign));
        }
    }
    wrong
}

/// Finds marks at the edges of lines. `None` if there are none.
pub(super) fn pasted(text: &str) -> Option<Signs> {
    let is_marked = |line: &str| {
        let line = line.trim_ascii();
        line.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '`' | '+' | '>')) || line.ends_with('\\')
    };
    if !text.lines().any(is_marked) {
        return None;
    }
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        lines.push((start, line.trim_end_matches(['\n', '\r'])));
        start += line.len();
    }
    let mut found: Vec<(Mark, Span)> = Vec::new();
    for (index, (start, line)) in lines.iter().enumerate() {
        let number = |line: &str| {
            let digits = line.trim_start().find(|c: char| !c.is_ascii_digit())?;
            line.trim_start()[..digits].parse::<u64>().ok()
        };
        let near =
            |by: isize| index.checked_add_signed(by).and_then(|at| lines.get(at)).and_then(|(_, line)| number(line));
        found.extend(mark(line, near(-1), number(line), near(1)).map(|(mark, span)| (mark, span.shifted(*start))));
    }
    if found.is_empty() {
        return None;
    }
    let mut masked = text.as_bytes().to_vec();
    for (_, span) in &found {
        masked[span.start..span.end].fill(b' ');
    }
    let of_kind = |kind: Mark| {
        let mut places = found.iter().filter(|(mark, _)| *mark == kind).map(|(_, span)| *span);
        let first = places.next()?;
        let wrong = error::foreign_sign(first, kind.title(), "remove it").replace(first, "");
        Some(places.fold(wrong, |wrong, span| wrong.replace(span, "")))
    };
    let diagnostics = Mark::ALL.into_iter().filter_map(of_kind).collect();
    // Whole characters are overwritten with blanks.
    Some(Signs { text: String::from_utf8(masked).ok()?, diagnostics })
}

/// The mark that a line has, with its place. The numbers are those that the line and its neighbours begin with.
fn mark(line: &str, before: Option<u64>, own: Option<u64>, after: Option<u64>) -> Option<(Mark, Span)> {
    let indent = line.len() - line.trim_start().len();
    let rest = line.trim_start();
    if rest.starts_with("```") {
        return Some((Mark::Fence, Span::new(indent, line.len())));
    }
    if let Some(own) = own {
        let is_next = own > 0 && before == Some(own - 1) || after == own.checked_add(1);
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let behind = rest[digits..].trim_start_matches([':', '|', '.']);
        let gap = rest.len() - behind.len();
        let is_rule = behind.is_empty() || behind.starts_with([' ', '\t']);
        return (is_next && is_rule && begins_rule(behind)).then(|| (Mark::Number, Span::new(indent, indent + gap)));
    }
    let sign = [("+", Mark::Plus), (">", Mark::Quote)].into_iter().find(|(sign, _)| line.starts_with(sign));
    if let Some((_, mark)) = sign.filter(|_| begins_rule(&line[1..])) {
        return Some((mark, Span::new(0, 1)));
    }
    let is_continued = line.trim_end().ends_with('\\') && !line.contains('#');
    let end = line.trim_end().len();
    is_continued.then(|| (Mark::Continued, Span::new(end - 1, end)))
}

/// Whether the rest of a line may be of a rule: empty, a brace, or a word.
fn begins_rule(rest: &str) -> bool {
    let rest = rest.trim_start();
    let word = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(rest, |end| &rest[..end]);
    let is_item = outline::item_words().any(|item| item == word);
    rest.is_empty() || rest.starts_with(['}', '#', '"', '{', ')']) || is_item || super::begins_some_statement(word)
}
