//! Decides whether a text is AsciiDoc.

use super::attributes::attribute_line;
use super::block_style::{BlockStyle, attribute_list};
use super::line::{self, Fence};
use crate::article::layout::front_matter;

/// Returns how much speaks for AsciiDoc in `head`, the start of a text: its headings and the marks that only AsciiDoc has.
/// `None` if that is too little, or if there are more marks of other languages.
pub(in crate::article) fn signs(head: &str) -> Option<usize> {
    let body = front_matter::split(head).map_or(head, |(_, body)| body);
    let mut found = Signs::default();
    let mut lines = body.lines().map(str::trim_end).peekable();
    let mut above = "";
    let mut is_header = true;
    while let Some(line) = lines.next() {
        if line::underline(above, line).is_some() {
            found.n_underlined += 1;
        } else if line::fence(line) == Some(Fence::Verbatim) {
            // Other languages have lines of `-` and of three backticks, too.
            let is_block = lines.by_ref().any(|inner| inner == line);
            found.n_marks += usize::from(is_block && line.starts_with("...."));
        } else {
            found.add(line, lines.peek().copied().unwrap_or_default(), is_header);
        }
        is_header &= line.is_empty() || line.starts_with("//") || line.starts_with([':', '[', '=']);
        above = line;
    }
    found.sum()
}

/// Whether `head` begins with an underlined title and has another underlined heading. Such a text may be of any language
/// that underlines headings.
pub(in crate::article) fn is_underlined(head: &str) -> bool {
    let body = front_matter::split(head).map_or(head, |(_, body)| body);
    let mut lines = body.lines().map(str::trim_end).skip_while(|line| line.is_empty());
    let (Some(title), Some(below)) = (lines.next(), lines.next()) else { return false };
    let mut above = below;
    let mut is_head = |line| line::underline(std::mem::replace(&mut above, line), line).is_some();
    line::underline(title, below).is_some() && lines.any(&mut is_head)
}

/// The number of lines of each kind.
#[derive(Debug, Default)]
struct Signs {
    n_heads: usize,
    /// Headings that Markdown and reStructuredText have, too.
    n_underlined: usize,
    n_marks: usize,
    n_foreign: usize,
}

impl Signs {
    fn add(&mut self, line: &str, next: &str, is_header: bool) {
        let is_setting =
            is_header && attribute_line(line).is_some_and(|set| set.value != Some("") || set.name == "toc");
        if line.starts_with("= ") || (line.starts_with("==") && line::heading(line).is_some()) {
            // MediaWiki closes its headings.
            if line.ends_with('=') { self.n_foreign += 1 } else { self.n_heads += 1 }
        } else if line::fence(line) == Some(Fence::Table('|'))
            || is_mark(line)
            || is_setting
            || line == "+"
            || (line.ends_with("::") && next.starts_with([' ', '\t']) && line::term(line).is_some())
        {
            self.n_marks += 1;
        } else if is_foreign(line) {
            self.n_foreign += 1;
        }
    }

    fn sum(&self) -> Option<usize> {
        let n_own = self.n_heads + self.n_marks;
        let is_enough = self.n_heads > 0 || n_own + self.n_underlined.min(1) >= 2;
        // A mark of AsciiDoc counts as much as a directive of reStructuredText.
        (is_enough && n_own > self.n_foreign).then_some(2 * n_own)
    }
}

/// Whether a line has a mark that only AsciiDoc has.
fn is_mark(line: &str) -> bool {
    if let Some(list) = attribute_list(line) {
        let mut style = BlockStyle::default();
        style.add(list);
        let is_named = matches!(style.name, "verse" | "quote" | "discrete" | "horizontal" | "abstract" | "qanda");
        let is_anchor = ["[", "#", "id=", "role=", ".lead"].iter().any(|start| list.starts_with(start));
        return is_named || is_anchor || style.is_code() || style.admonition().is_some() || style.columns.is_some();
    }
    let is_macro = line::block_macro(line).is_some_and(|(name, ..)| {
        matches!(name, "include" | "image" | "toc" | "ifdef" | "ifndef" | "ifeval" | "endif" | "video")
    });
    is_macro || has_link(line)
}

/// Whether a line has a link, `xref:target[label]` or the like, or a cross-reference, `<<anchor>>`.
fn has_link(line: &str) -> bool {
    let is_target = |rest: &str| rest.find('[').is_some_and(|at| at > 0 && !rest[..at].contains(' '));
    let names = ["xref:", "link:", "linkgit:"];
    let has_macro = names.iter().any(|name| line.split_once(name).is_some_and(|(_, rest)| is_target(rest)));
    let reference = line.split_once("<<").and_then(|(_, rest)| rest.split_once(">>"));
    has_macro || reference.is_some_and(|(inner, _)| inner.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// Whether a line is one of reStructuredText, Markdown, MediaWiki or a program.
fn is_foreign(line: &str) -> bool {
    let is_directive = line.starts_with(".. _") || line.starts_with(".. ") && line.contains("::");
    let is_markdown = line.starts_with("# ") || line.contains("](");
    let is_wiki = line.starts_with("{{") || line.contains("[[Category:");
    is_directive || is_markdown || is_wiki || line.ends_with([';', '{'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asciidoc_is_known_by_headings_or_by_its_marks() {
        for text in [
            "= The belt stops\n\nIt stops.\n",
            ":belt: 7\n[id=\"stops\"]\n= The belt stops\n\nIt stops.\n",
            "// a comment\n:_content-type: PROCEDURE\n\nOil the belt.\n\n[NOTE]\n====\nSlowly.\n====\n",
            "Oil it:\n\n[source,bash]\n----\noil belt\n----\n\nSee xref:other.adoc[more].\n",
            "---\ntitle: x\n---\n== Symptoms\n\nIt stops.\n",
            "belt(1)\n=======\n\n[verse]\nbelt -n\n\n-n::\n\tDo nothing.\n",
        ] {
            assert!(signs(text).is_some(), "{text:?}");
        }
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "== Symptoms ==\nThe '''ramp''' is icy.\n\n== Fix ==\n",
            "Title\n=====\n\n.. note::\n\n   Slowly.\n",
            "# Title\n\nSee [this](x) and `a`.\n",
            "if a == b {\n== c\n}\n",
            "[section]\nbelt = 7\n[other]\ncrane = 8\n",
            "Dear all,\n\n[the canteen is shut]\n",
        ] {
            assert_eq!(signs(text), None, "{text:?}");
        }
    }
}
