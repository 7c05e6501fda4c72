//! Rewrites what site generators add to Markdown into plain Markdown: boxes, tabs, shortcodes, components.
//!
//! Each has marks of its own for the same few things. A box becomes a paragraph that begins with `NOTE: `, a tab a line
//! with its name, and what only arranges the page is dropped. The text in boxes and tabs stays Markdown, so that a
//! block of code in them keeps its lines. Text is read line by line; code between fences is left alone.

mod announcement;
mod component;
mod directive;
mod fence;
mod tag;
mod template;

use std::borrow::Cow;

use self::announcement::announcement;
use self::fence::{Fence, without_marker};
use self::template::Replacement;
use crate::article::model::SectionKind;
use crate::article::section_name::kind_of_marked;

/// The indent of the text in a box or a tab of MkDocs, in columns.
const INDENT: usize = 4;

/// A tag may go on for this many lines.
const LONGEST_TAG: usize = 20;

/// The greatest length of the attributes of a link in bytes.
const LONGEST_ATTRIBUTES: usize = 200;

/// Returns `text` as plain Markdown.
pub(super) fn plain(text: &str) -> String {
    let mut rewrite = Rewriter { out: String::with_capacity(text.len() + text.len() / 16), ..Rewriter::default() };
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = rewrite.joined(line, &mut lines);
        rewrite.take(&line);
    }
    rewrite.finish()
}

#[derive(Default)]
struct Rewriter {
    out: String,
    fence: Option<Fence>,
    /// The columns at which the text of the open boxes and tabs of MkDocs begins, the outermost first, and whether the
    /// fence was opened in them.
    indents: Vec<usize>,
    fence_depth: usize,
    /// A word that announces a box whose text has not begun, with its margin.
    announced: Option<(String, &'static str)>,
    /// Whether the line before is not blank.
    is_in_paragraph: bool,
    /// Whether the paragraph began with a tag of HTML. Markdown in it is not read until a blank line.
    is_in_html: bool,
    /// The text that ends the comment around the line.
    comment: Option<&'static str>,
    /// Whether the page imports components.
    is_mdx: bool,
    /// Whether the lines belong to a statement of JavaScript.
    is_in_statement: bool,
}

impl Rewriter {
    /// Whether `line` ends within a tag.
    fn goes_on(&self, line: &str) -> bool {
        self.fence.is_none()
            && self.comment.is_none()
            && (template::is_open(line) || component::is_open(line.trim_start(), self.is_mdx))
    }

    /// Returns `line` with the lines after it, if a tag begins in it and ends in one of them. Takes these from `lines`.
    fn joined<'t>(&self, line: &'t str, lines: &mut std::str::Lines<'t>) -> Cow<'t, str> {
        let mut joined = Cow::Borrowed(line);
        let mut ahead = lines.clone();
        for _ in 0..LONGEST_TAG {
            if !self.goes_on(&joined) {
                *lines = ahead;
                return joined;
            }
            let Some(next) = ahead.next().filter(|next| !next.trim().is_empty()) else { break };
            joined = Cow::Owned(format!("{joined} {}", next.trim()));
        }
        Cow::Borrowed(line)
    }

    fn finish(mut self) -> String {
        self.settle_announced();
        self.out
    }

    fn take(&mut self, line: &str) {
        let line = self.dedented(line);
        let text = line.trim();
        if let Some(fence) = self.fence {
            if template::ends_code(text) {
                self.fence = None;
                return self.push(&fence.closing());
            }
            let is_closed = fence.is_closed_by(&line);
            if is_closed {
                self.fence = None;
            }
            if !is_closed || text.starts_with(['>', '`', '~']) {
                return self.push(&template::code_line(&line));
            }
        }
        if text.is_empty() {
            self.is_in_statement = false;
            return self.push_blank();
        }
        if self.is_within_comment(text) || self.is_statement(&line) {
            return;
        }
        let margin = &line[..line.len() - line.trim_start().len()];
        if let Some(fence) = Fence::opening(&line) {
            (self.fence, self.fence_depth) = (Some(fence), self.indents.len());
            self.settle_announced();
            if self.is_in_html {
                self.push_blank();
            }
            return self.push(&line);
        }
        if !self.take_construct(margin, text) {
            self.take_text(&line);
        }
    }

    /// Returns `line` without the indent of the boxes and tabs of MkDocs around it. Ends those that it is not in.
    fn dedented<'l>(&mut self, line: &'l str) -> Cow<'l, str> {
        if self.indents.is_empty() || line.trim().is_empty() {
            return Cow::Borrowed(line);
        }
        let column = columns(line);
        while self.indents.last().is_some_and(|&begin| column < begin) {
            self.indents.pop();
            if let Some(fence) = self.fence.take_if(|_| self.fence_depth > self.indents.len()) {
                self.push(&fence.closing());
            }
        }
        let left = column - INDENT * self.indents.len();
        Cow::Owned(format!("{}{}", " ".repeat(left), line.trim_start()))
    }

    /// Whether the line is within a comment of the site or of MDX, or is one.
    fn is_within_comment(&mut self, text: &str) -> bool {
        if let Some(end) = self.comment {
            if text.contains(end) {
                self.comment = None;
            }
            return true;
        }
        let opened = text.starts_with("{/*") && !text.contains("*/}");
        if opened {
            self.comment = Some("*/}");
        }
        opened || text.starts_with("{/*") && text.ends_with("*/}")
    }

    /// Whether the line is a statement of MDX, which imports or defines components.
    fn is_statement(&mut self, line: &str) -> bool {
        const DEFINITIONS: [&str; 5] =
            ["export const ", "export default ", "export let ", "export function ", "export async "];
        if self.is_in_statement {
            return true;
        }
        let names_file = line.contains(" from '") || line.contains(" from \"");
        let imports = line.starts_with("import '") || line.starts_with("import \"");
        let imports = imports || line.starts_with("import ") && (names_file || line.trim_end().ends_with('{'));
        let defines = DEFINITIONS.iter().any(|start| line.starts_with(start));
        let begins = !self.is_in_paragraph && (imports || defines);
        self.is_mdx |= begins;
        // A statement of several lines ends at a blank line.
        self.is_in_statement = begins && !line.trim_end().ends_with([';', '\'', '"']);
        begins
    }

    /// Takes a line that consists of a construct of a site. Returns `false` for other lines.
    fn take_construct(&mut self, margin: &str, text: &str) -> bool {
        if is_contents_mark(text) || is_attributes(text) {
            self.take_attributes(margin, text);
        } else if let Some(found) = mkdocs_block(text) {
            self.replace(margin, found);
            self.indents.push(columns(margin) + INDENT * (self.indents.len() + 1));
        } else if let Some(label) = tab_heading(text) {
            self.replace(margin, Replacement::Label(label.to_owned()));
        } else if let Some(found) = directive::line(text) {
            self.replace(margin, found);
        } else if component::element_at(text, self.is_mdx).is_some() {
            self.take_elements(margin, text);
        } else if let Some(found) = template::first_tag(text, 0).filter(|tag| tag.start == 0 && tag.end == text.len()) {
            self.replace(margin, found.replacement);
        } else {
            return false;
        }
        true
    }

    /// Takes a line that begins with elements that arrange the page.
    fn take_elements(&mut self, margin: &str, text: &str) {
        let mut rest = text;
        while let Some(found) = component::element_at(rest, self.is_mdx) {
            self.replace(margin, found.replacement);
            rest = found.rest.trim_start();
        }
        if !rest.is_empty() {
            self.take_text(&format!("{margin}{rest}"));
        }
    }

    /// Drops a line of attributes. One such as `{: .note }` makes a box of the next paragraph.
    fn take_attributes(&mut self, margin: &str, text: &str) {
        let kind = text.split(|c: char| !c.is_alphanumeric()).find_map(announcement);
        if let Some(kind) = kind.filter(|_| !self.is_in_paragraph) {
            self.announced = Some((margin.to_owned(), kind));
        }
    }

    fn replace(&mut self, margin: &str, replacement: Replacement) {
        match replacement {
            Replacement::Text(text) if text.is_empty() => self.push_blank(),
            Replacement::Text(text) => self.push(&format!("{margin}{text}")),
            Replacement::Box(kind, title) => {
                self.settle_announced();
                self.push_blank();
                if title.is_empty() {
                    self.announced = Some((margin.to_owned(), kind));
                } else {
                    self.push(&format!("{margin}{kind}: {title}"));
                    self.push_blank();
                }
            }
            Replacement::Label(label) => {
                self.settle_announced();
                self.push_blank();
                if !label.is_empty() {
                    self.push(&format!("{margin}{}", labelled(&label)));
                    self.push_blank();
                }
            }
            Replacement::Code(language) => {
                self.push(&format!("{margin}```{language}"));
                (self.fence, self.fence_depth) = (Fence::opening("```"), self.indents.len());
            }
            Replacement::CodeEnd => self.push(&format!("{margin}```")),
            Replacement::Comment => self.comment = Some("comment"),
            Replacement::CommentEnd => {}
        }
    }

    /// Takes a line of text, with plain text in place of the tags and marks in it.
    fn take_text(&mut self, line: &str) {
        let line = directive::within(line);
        let line = without_templates(&line);
        let line = directive::without_marks(&line);
        let line = without_attributes(&line);
        if line.trim().is_empty() {
            return self.push_blank();
        }
        match self.announced.take() {
            Some((margin, kind)) if continues_box(&line) => {
                let text = line.trim_start();
                self.push(&format!("{margin}{kind}: {text}"));
            }
            announced => {
                self.announced = announced;
                self.settle_announced();
                self.push(&line);
            }
        }
    }

    /// Puts the word that announces a box on a line of its own, because the box does not begin with a paragraph.
    fn settle_announced(&mut self) {
        if let Some((margin, kind)) = self.announced.take() {
            self.push(&format!("{margin}{kind}:"));
            self.push_blank();
        }
    }

    fn push(&mut self, line: &str) {
        if !self.is_in_paragraph {
            self.is_in_html = line.trim_start().starts_with('<');
        }
        self.is_in_paragraph = true;
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn push_blank(&mut self) {
        (self.is_in_paragraph, self.is_in_html) = (false, false);
        self.out.push('\n');
    }
}

/// Returns the line for the name of a part: in bold, which makes it a heading, if it is that of a section.
fn labelled(label: &str) -> String {
    if kind_of_marked(label) != SectionKind::Titled && !label.contains('*') {
        return format!("**{label}**");
    }
    let colon = if label.ends_with([':', '?', '.', '!']) { "" } else { ":" };
    format!("{label}{colon}")
}

/// Returns the column in which the text of a line begins.
fn columns(line: &str) -> usize {
    let mut column = 0;
    for b in line.bytes() {
        match b {
            b' ' => column += 1,
            b'\t' => column += INDENT - column % INDENT,
            _ => break,
        }
    }
    column
}

/// Whether a line of a box is a paragraph, which the announcing word may begin.
fn continues_box(line: &str) -> bool {
    let text = line.trim_start();
    without_marker(text) == text && !text.starts_with(['#', '>', '|', '<'])
}

/// Returns the box or tab of MkDocs that begins with this line: `!!! note "Title"`, `??? tip`, `=== "Shell"`.
fn mkdocs_block(text: &str) -> Option<Replacement> {
    let quoted = |text: &str| text.split('"').nth(1).unwrap_or_default().trim().to_owned();
    if let Some(rest) = text.strip_prefix("===") {
        let rest = rest.trim_start_matches(['!', '+']).trim();
        return (rest.starts_with('"') && rest.len() > 1).then(|| Replacement::Label(quoted(rest)));
    }
    let rest = text.strip_prefix("!!!").or_else(|| text.strip_prefix("???"))?;
    let rest = rest.trim_start_matches('+').trim_start();
    let kind = rest.split([' ', '"']).next().filter(|kind| !kind.is_empty())?;
    let other = rest[kind.len()..].split('"').next().unwrap_or_default();
    let is_name = kind.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    if !is_name || other.split_whitespace().count() > 2 {
        return None;
    }
    let title = quoted(rest);
    Some(match announcement(kind) {
        Some(word) => Replacement::Box(word, title),
        None if title.is_empty() => Replacement::Label(kind.to_owned()),
        None => Replacement::Label(title),
    })
}

/// Returns the name of a tab that a heading such as `# [Shell](#tab/sh)` begins.
fn tab_heading(text: &str) -> Option<&str> {
    let label = text.strip_prefix('#')?.trim_start_matches('#').trim().strip_prefix('[')?;
    let (label, address) = label.split_once("](#tab/")?;
    address.ends_with(')').then_some(label)
}

/// Whether a line is the mark at which a site prints a table of contents.
fn is_contents_mark(text: &str) -> bool {
    const MARKS: [&str; 9] =
        ["[[_TOC_]]", "[[TOC]]", "[TOC]", "{:toc}", "__TOC__", "* TOC", "- TOC", "1. TOC", "${toc}"];
    MARKS.iter().any(|mark| text.eq_ignore_ascii_case(mark))
}

/// Whether a line only gives attributes to the block beside it: `{: .note }`.
fn is_attributes(text: &str) -> bool {
    text.starts_with("{:") && text.ends_with('}')
}

/// Returns a line without the attributes after a link or a heading: `{:target="_blank"}`, `{ .button }`.
fn without_attributes(line: &str) -> Cow<'_, str> {
    const AFTER_LINK: [&str; 8] = [":", ".", "#", "target=", "data-", "width=", "align=", "loading="];
    let mut out = String::new();
    let mut copied = 0;
    for start in memchr::memchr_iter(b'{', line.as_bytes()).filter(|&start| start > 0) {
        let inside = &line[start + 1..line.floor_char_boundary(start + 1 + LONGEST_ATTRIBUTES)];
        let Some(len) = inside.find('}').filter(|_| start >= copied) else { continue };
        let (inside, end) = (inside[..len].trim_start(), start + 1 + len + 1);
        let is_after_link = line[..start].ends_with([')', '`', '*', '_']);
        let is_last = line[..start].ends_with(' ') && line[end..].trim_start().is_empty();
        if is_after_link && AFTER_LINK.iter().any(|begin| inside.starts_with(begin))
            || is_last && inside.starts_with(':')
        {
            out.push_str(line[copied..start].trim_end());
            copied = end;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(line);
    }
    out.push_str(&line[copied..]);
    Cow::Owned(out)
}

/// Returns a line with plain text in place of the templates in it.
fn without_templates(line: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    while let Some(found) = template::first_tag(line, copied) {
        out.push_str(&line[copied..found.start]);
        match found.replacement {
            Replacement::Text(text) | Replacement::Label(text) => out.push_str(&text),
            Replacement::Box(kind, title) if title.is_empty() => out.push_str(&format!("{kind}: ")),
            Replacement::Box(kind, title) => out.push_str(&format!("{kind}: {title} ")),
            Replacement::Code(_) | Replacement::CodeEnd => out.push('`'),
            Replacement::Comment | Replacement::CommentEnd => {}
        }
        copied = found.end;
    }
    if copied == 0 {
        return Cow::Borrowed(line);
    }
    out.push_str(&line[copied..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests;
