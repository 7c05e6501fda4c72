//! Writes an article as a Markdown file with front matter, which is read as the same article again.
//!
//! Text of a section follows the conventions of `layout::sections`: steps `1. …`, bullets `- …`, code and quotations are
//! indented. Code and quotations become fenced code, because both are indented by the same three blanks.

use std::fmt::Write as _;

use super::full_title;
use super::model::{Article, Section, SectionKind};

/// The indent of code in blanks, relative to the text around it.
const CODE_INDENT: usize = 3;

/// Returns the Markdown file of an article. `link_to` returns the address of the article with an id that the text mentions;
/// `None` if it should stay plain text.
pub fn markdown_file(article: &Article, link_to: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = front_matter(article);
    for section in &article.sections {
        out.push('\n');
        write_section(&mut out, section, link_to);
    }
    out
}

fn front_matter(article: &Article) -> String {
    let mut out = format!("---\nid: {}\ntitle: {}\n", quoted(&article.id), quoted(&full_title(article)));
    let products = article.products.iter().map(|product| match product.versions[..] {
        [] => product.name.clone(),
        _ => format!("{}, version {}", product.name, product.versions.join(", ")),
    });
    write_list(&mut out, "products", products);
    write_list(&mut out, "os", article.os.iter().cloned());
    write_list(&mut out, "keywords", article.keywords.iter().cloned());
    write_list(&mut out, "aliases", article.aliases.iter().cloned());
    if let Some(state) = article.state.unless_published() {
        writeln!(out, "state: {state}").expect("a string takes all");
    }
    if let Some(day) = article.modified {
        writeln!(out, "modified: {day}").expect("a string takes all");
    }
    out + "---\n"
}

fn write_list(out: &mut String, name: &str, values: impl Iterator<Item = String>) {
    let values: Vec<String> = values.map(|value| format!("  - {}\n", quoted(&value))).collect();
    if !values.is_empty() {
        write!(out, "{name}:\n{}", values.concat()).expect("a string takes all");
    }
}

/// Returns a value as YAML in double quotes.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " "))
}

fn write_section(out: &mut String, section: &Section, link_to: &dyn Fn(&str) -> Option<String>) {
    if section.kind == SectionKind::QueryWords {
        writeln!(out, "{}: {}", section.title, section.text.replace('\n', " ")).expect("a string takes all");
        return;
    }
    if !section.title.is_empty() {
        // The title of the article is in the front matter, so the sections begin with the second level.
        let marks = "#".repeat(usize::from(section.level).clamp(1, 5) + 1);
        writeln!(out, "{marks} {}\n", escaped(&section.title, &|_| None)).expect("a string takes all");
    }
    let mut writer =
        BodyWriter { out, columns: vec![0], code: None, last: Last::Blank, fence: fence_for(&section.text), link_to };
    section.text.lines().for_each(|line| writer.line(line));
    writer.close_code();
}

/// Returns more backticks than are next to each other in `text`.
fn fence_for(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat((longest + 1).max(3))
}

/// The kind of the last line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Blank,
    Item,
    Text,
}

struct BodyWriter<'o> {
    out: &'o mut String,
    /// The columns at which the texts of the open list items begin; 0 is that of the section.
    columns: Vec<usize>,
    /// The column of the open fence, and the blank lines that wait for more code.
    code: Option<(usize, usize)>,
    last: Last,
    fence: String,
    link_to: &'o dyn Fn(&str) -> Option<String>,
}

impl BodyWriter<'_> {
    fn line(&mut self, line: &str) {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        if content.is_empty() {
            match &mut self.code {
                Some((_, n_blank)) => *n_blank += 1,
                None => self.blank(),
            }
            return;
        }
        if self.continue_code(line, indent) {
            return;
        }
        while self.column() > indent {
            self.columns.pop();
        }
        let column = self.column();
        if let Some(width) = marker_width(content).filter(|_| indent < column + CODE_INDENT) {
            self.item(content, column, width);
        } else if indent >= column + CODE_INDENT {
            self.blank();
            self.push(column, &self.fence.clone());
            self.code = Some((column, 0));
            self.push(0, &line[CODE_INDENT..]);
        } else {
            self.text(content, column);
        }
    }

    fn column(&self) -> usize {
        self.columns.last().copied().unwrap_or(0)
    }

    fn continue_code(&mut self, line: &str, indent: usize) -> bool {
        let Some((column, n_blank)) = self.code else { return false };
        if indent < column + CODE_INDENT {
            self.close_code();
            return false;
        }
        self.out.push_str(&"\n".repeat(n_blank));
        self.push(0, &line[CODE_INDENT..]);
        self.code = Some((column, 0));
        true
    }

    fn close_code(&mut self) {
        if let Some((column, _)) = self.code.take() {
            self.push(column, &self.fence.clone());
            self.blank();
        }
    }

    fn blank(&mut self) {
        if self.last != Last::Blank {
            self.out.push('\n');
            self.last = Last::Blank;
        }
    }

    fn push(&mut self, column: usize, text: &str) {
        self.out.extend(std::iter::repeat_n(' ', column));
        self.out.push_str(text);
        self.out.push('\n');
        self.last = Last::Text;
    }

    fn item(&mut self, content: &str, column: usize, width: usize) {
        if self.last == Last::Text {
            self.blank();
        }
        let (marker, text) = content.split_at(width);
        self.push(column, &format!("{marker}{}", escaped(text, self.link_to)));
        self.columns.push(column + width);
        self.last = Last::Item;
    }

    fn text(&mut self, content: &str, column: usize) {
        if self.last != Last::Blank {
            // The line above ends in a line break.
            self.out.truncate(self.out.trim_end_matches('\n').len());
            self.out.push_str("\\\n");
        }
        self.push(column, &escaped(content, self.link_to));
    }
}

/// Returns the length of `- ` or `12. ` at the start of a line, with the blank.
fn marker_width(content: &str) -> Option<usize> {
    let n_digits = content.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let rest = if n_digits == 0 { content.strip_prefix('-')? } else { content[n_digits..].strip_prefix('.')? };
    let is_marker = n_digits < 4 && rest.starts_with(' ') && !rest.trim().is_empty();
    is_marker.then_some(content.len() - rest.len() + 1)
}

/// Returns text in which nothing is a mark of Markdown. Addresses and the ids of known articles become links.
fn escaped(text: &str, link_to: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while !rest.is_empty() {
        let starts_word =
            !text[..text.len() - rest.len()].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/'));
        if starts_word && let Some((link, len)) = link_at(rest, link_to) {
            out.push_str(&link);
            rest = &rest[len..];
            continue;
        }
        let c = rest.chars().next().expect("the rest is not empty");
        let is_mark =
            matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '{' | '}' | '$');
        let begins_block = rest.len() == text.len() && matches!(c, '-' | '+' | '=' | ':' | '!' | '@' | '"');
        if is_mark || begins_block {
            out.push('\\');
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    // A number at the start of a line would begin a list.
    let n_digits = out.bytes().take_while(u8::is_ascii_digit).count();
    if n_digits > 0 && out[n_digits..].starts_with(['.', ')']) {
        out.insert(n_digits, '\\');
    }
    out
}

/// Returns the link at the start of `text` and the length of what it replaces: an address, or the id of a known article.
fn link_at(text: &str, link_to: &dyn Fn(&str) -> Option<String>) -> Option<(String, usize)> {
    const LONGEST_ID: usize = 80;
    if text.starts_with("http://") || text.starts_with("https://") {
        let len =
            text.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '\\')).unwrap_or(text.len());
        let url = text[..len].trim_end_matches(['.', ',', ';', ':', ')', '!', '?', '\'']);
        return (url.len() > "https://".len()).then(|| (format!("<{url}>"), url.len()));
    }
    if !text.starts_with(['Q', 'K']) && !text.starts_with("cb-") {
        return None;
    }
    let len = text.bytes().take(LONGEST_ID).take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
    let id = text[..len].trim_end_matches('-');
    link_to(id).map(|address| (format!("[{id}]({address})"), id.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::parse_file;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let text = text.to_owned();
        let section = Section {
            kind: SectionKind::Cause,
            title: "Cause".to_owned(),
            level: 1,
            text: text.clone(),
            listings: None,
        };
        let mut out = String::new();
        write_section(&mut out, &section, &|id| (id == "Q100100").then(|| "../a.md#Q100100".to_owned()));
        let body = out.strip_prefix("## Cause\n\n").expect("the heading");
        assert_eq!(body, expect);
        let again = parse_file(&format!("# Belts\n\n{out}"), "it.md", "it").expect("an article");
        let found: Vec<(SectionKind, &str)> = again.sections.iter().map(|s| (s.kind, s.text.as_str())).collect();
        assert_eq!(found, [(SectionKind::Cause, text.as_str())]);
    }

    #[test]
    fn paragraphs_keep_their_lines_and_marks_are_escaped() {
        check("One *two* _x_\n# three\n\n1990. was", "One \\*two\\* \\_x\\_\\\n\\# three\n\n1990\\. was\n");
        check(
            "See https://acme.example/a_b, or Q100100 (Q100200).",
            "See <https://acme.example/a_b>, or [Q100100](../a.md#Q100100) (Q100200).\n",
        );
    }

    #[test]
    fn lists_and_code_are_nested() {
        check(
            "1. Stop:\n\n      belt stop\n\n      belt wait\n\n   Then wait.\n\n2. Go:\n   - now\n   - here",
            "1. Stop:\n\n   ```\n   belt stop\n\n   belt wait\n   ```\n\n   Then wait.\n\n2. Go:\n   - now\n   - here\n",
        );
        check("Run:\n\n   belt `go`\n     now", "Run:\n\n```\nbelt `go`\n  now\n```\n\n");
    }
}
