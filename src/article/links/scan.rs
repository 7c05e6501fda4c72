//! Finds links in the text of a file, as they are written. Reads the text a second time instead of taking the links from
//! the layout, because the layout drops what is not shown: addresses, shortcodes, definitions.
//!
//! Takes linear time. Code is skipped. What looks like a link in an odd place (a comment) counts as one.

use crate::article::lines::lines;
use crate::article::model::Layout;
use crate::source::Span;

/// How a link names its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::article) enum LinkForm {
    /// By an address or a path, relative or from the root of the site.
    Address,
    /// By the name of a page, with or without folders: `[[Queue stuck]]`.
    Wiki,
    /// By the path of a page that may be below any folder: Hugo's `ref`, Jekyll's `link`.
    Page,
}

/// A link as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::article) struct WrittenLink<'t> {
    pub(in crate::article) form: LinkForm,
    pub(in crate::article) target: &'t str,
    /// The text that readers see; empty if it is not known or too long to be a title.
    pub(in crate::article) label: &'t str,
    /// The place of the target in the text.
    pub(in crate::article) span: Span,
}

/// A longer target is no address but text after a bracket that is never closed.
const LONGEST: usize = 500;

/// A longer label is no title.
const LONGEST_LABEL: usize = 120;

/// Returns the links in `text`, in order. Articles of the old archive have none.
pub(in crate::article) fn find(text: &str, layout: Layout) -> Vec<WrittenLink<'_>> {
    let mut scan = LinkScan { text, found: Vec::new(), open: Vec::new() };
    match layout {
        Layout::Document | Layout::Page | Layout::WebText => {}
        Layout::Html | Layout::Export => scan.attributes(0, text.len()),
        Layout::Markdown => scan.markdown(),
        Layout::AsciiDoc => ["xref:", "link:"].iter().for_each(|mark| scan.macros(mark, '[')),
        Layout::ReStructuredText => scan.macros(":doc:`", '`'),
    }
    scan.found.sort_by_key(|link| link.span.start);
    scan.found
}

struct LinkScan<'t> {
    text: &'t str,
    found: Vec<WrittenLink<'t>>,
    /// The places of the brackets in this paragraph that are not closed yet.
    open: Vec<usize>,
}

impl<'t> LinkScan<'t> {
    /// Reads the links that begin with `mark`, whose target ends before `end`: `xref:belt.adoc[Belt]`, `:doc:`/belts/stop``. Of
    /// `Belt </belts/stop>`, the target is in the brackets.
    fn macros(&mut self, mark: &str, end: char) {
        for (at, _) in self.text.match_indices(mark) {
            let start = at + mark.len();
            let Some(len) = self.text[start..].find([end, '\n']).filter(|len| *len <= LONGEST) else { continue };
            let written = &self.text[start..start + len];
            let (label, target) = match written.strip_suffix('>').and_then(|rest| rest.split_once('<')) {
                Some((label, target)) => (label.trim(), target),
                None => ("", written),
            };
            if self.text[start + len..].starts_with(end) && !target.is_empty() && !target.contains(char::is_whitespace)
            {
                let start = start + written.find(target).unwrap_or(0);
                let span = Span::new(start, start + target.len());
                self.found.push(WrittenLink { form: LinkForm::Address, target, label, span });
            }
        }
    }

    /// Reads Markdown: code in a fence or by its indent is skipped, everything else is read line by line.
    fn markdown(&mut self) {
        let mut fence: Option<&str> = None;
        let mut indented = IndentedCode::default();
        for line in lines(self.text) {
            let content = line.text.trim_start();
            let is_indented_code = indented.takes(line.text);
            let marks = &content[..content.len() - content.trim_start_matches(['`', '~']).len()];
            let is_fence = marks.len() >= 3 && marks.bytes().all(|b| b == marks.as_bytes()[0]);
            match fence {
                Some(open) if is_fence && marks.starts_with(open) && content.len() == marks.len() => fence = None,
                Some(_) => {}
                None if is_fence && !content[marks.len()..].contains('`') => fence = Some(marks),
                None if content.is_empty() => self.open.clear(),
                None if is_indented_code => {}
                None => self.line(line.start, line.end()),
            }
        }
    }

    /// Reads a line of Markdown.
    fn line(&mut self, start: usize, end: usize) {
        self.attributes(start, end);
        if self.definition(start, end) {
            return;
        }
        let mut at = start;
        while at < end {
            let rest = &self.text[at..end];
            at += match rest.as_bytes()[0] {
                b'`' => code_len(rest),
                b'\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
                b'[' if rest.starts_with("[[") => self.wiki(at, end),
                b'[' => {
                    self.open.push(at);
                    1
                }
                b']' => {
                    let open = self.open.pop().filter(|_| rest.starts_with("]("));
                    open.map_or(1, |open| self.inline(open, at, end))
                }
                b'{' => self.template(at, end),
                _ => rest.find(['`', '\\', '[', ']', '{']).unwrap_or(rest.len()),
            };
        }
    }

    /// Reads `[name]: address`, and returns whether the line is one.
    fn definition(&mut self, start: usize, end: usize) -> bool {
        let line = &self.text[start..end];
        let content = line.trim_start();
        let rest = content.strip_prefix('[').filter(|rest| !rest.starts_with('^'));
        let Some((label, after)) = rest.and_then(|rest| rest.split_once("]:")) else { return false };
        if label.contains(['[', ']']) || line.len() - content.len() > 3 {
            return false;
        }
        let target = first_word(after);
        // `[Note]: oil it` is text.
        if target.contains(['/', '.', '#']) {
            self.add(LinkForm::Address, label, target);
        }
        true
    }

    /// Reads `(address "title")` after the `]` at `close` and the `[` at `open`. Returns the number of bytes read.
    fn inline(&mut self, open: usize, close: usize, end: usize) -> usize {
        let rest = self.near(close + 2, end);
        let is_picture = self.text[..open].ends_with('!');
        let label = &self.text[open + 1..close];
        let address = rest.trim_start();
        if let Some((_, path)) = address.strip_prefix("{{").and_then(|rest| rest.split_once("}}")) {
            // `{{ site.baseurl }}/mail/queue`. A shortcode without a path after it is read as a template.
            let target = first_word(path);
            if target.starts_with('/') {
                self.add(LinkForm::Address, label, target);
            }
            return 2;
        }
        if address.starts_with("{%") {
            return 2;
        }
        let target = match address.strip_prefix('<') {
            Some(inner) => inner.split(['>', '\n']).next().unwrap_or_default(),
            None => balanced(address),
        };
        if !is_picture {
            self.add(LinkForm::Address, label, target);
        }
        2
    }

    /// Reads `[[Page]]`, `[[Page|text]]` or `[[text|Page]]`. Returns the number of bytes read.
    fn wiki(&mut self, at: usize, end: usize) -> usize {
        let inner = self.near(at + 2, end);
        // In a shell, `[[ -f x ]]` is a test; `[[text](address)]` is a link in brackets; `_TOC_` is a macro.
        let page = inner.split_once("]]").filter(|(inner, after)| {
            inner.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.'))
                && !inner.contains(['[', ']', '$', '"', '{'])
                && !after.starts_with(['(', '['])
        });
        let Some((inner, _)) = page else {
            self.open.push(at);
            return 1;
        };
        self.add(LinkForm::Wiki, "", inner);
        inner.len() + 4
    }

    /// Reads `{{< ref "page" >}}` or `{% link page %}`. Returns the number of bytes read.
    fn template(&mut self, at: usize, end: usize) -> usize {
        let rest = self.near(at, end);
        let inner = if let Some(inner) = rest.strip_prefix("{{") {
            inner.split_once("}}").map(|(inner, _)| inner.trim_matches(['<', '>', '%', ' ']))
        } else if let Some(inner) = rest.strip_prefix("{%") {
            inner.split_once("%}").map(|(inner, _)| inner.trim())
        } else {
            None
        };
        let Some((name, value)) = inner.and_then(|inner| inner.split_once(' ')) else { return 1 };
        if matches!(name, "ref" | "relref" | "link" | "post_url") {
            let value = value.trim().trim_start_matches("path=").trim_start_matches(['"', '\'', '`']);
            let page = value.split(['"', '\'', '`', ' ']).next().unwrap_or_default();
            self.add(LinkForm::Page, "", page);
        }
        // The second brace does not begin another one.
        2
    }

    /// Reads the addresses in attributes of HTML and MDX. In the text of an export, a backslash precedes each quote.
    fn attributes(&mut self, start: usize, end: usize) {
        let text = &self.text[start..end];
        for name in ["href=", "to="] {
            for (at, _) in text.match_indices(name) {
                if !text[..at].ends_with([' ', '\n', '\t']) {
                    continue;
                }
                let value = text[at + name.len()..].trim_start_matches('\\');
                let Some(quote) = value.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else { continue };
                let target = value[1..].split([quote, '\\', '\n', '<', '>']).next().unwrap_or_default();
                self.add(LinkForm::Address, "", target);
            }
        }
    }

    /// The text from `start` on, but not far: a link that is never closed must not cost the rest of the line.
    fn near(&self, start: usize, end: usize) -> &'t str {
        let last = end.min(start + LONGEST);
        let last = (last..end).find(|&at| self.text.is_char_boundary(at)).unwrap_or(end);
        &self.text[start..last]
    }

    /// Adds a link to `target`, which is a part of the text.
    fn add(&mut self, form: LinkForm, label: &'t str, target: &'t str) {
        if target.is_empty() || target.len() > LONGEST {
            return;
        }
        let start = target.as_ptr() as usize - self.text.as_ptr() as usize;
        let is_title = label.len() <= LONGEST_LABEL && !label.contains(['[', ']', '\n', '`', '*']);
        let label = if is_title { label.trim() } else { "" };
        self.found.push(WrittenLink { form, target, label, span: Span::new(start, start + target.len()) });
    }
}

/// Tells which lines of Markdown are code by their indent of four columns: those after an empty line, unless the line before that
/// is of a block whose content is indented.
#[derive(Default)]
struct IndentedCode {
    is_in_block: bool,
    may_begin: bool,
}

impl IndentedCode {
    /// Whether the next line is code. Not if it may belong to a list, a box (`!!! note`, `??? tip`), a tab (`=== "Linux"`), a
    /// definition (`: text`) or a footnote (`[^1]: text`).
    fn takes(&mut self, line: &str) -> bool {
        let content = line.trim_start();
        let is_indented = line.starts_with("    ") || line.starts_with('\t');
        if content.is_empty() {
            self.may_begin = true;
            return false;
        }
        if is_indented {
            return self.may_begin && !self.is_in_block;
        }
        let after_digits = content.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_numbered = after_digits.len() < content.len() && after_digits.starts_with(['.', ')']);
        self.is_in_block = is_numbered || content.starts_with(['-', '*', '+', '!', '?', '=', ':', '[']);
        self.may_begin = false;
        false
    }
}

/// Returns the length of a stretch of code at the start of `line`, with its marks; that of the marks if it has no end.
fn code_len(line: &str) -> usize {
    let n_marks = line.len() - line.trim_start_matches('`').len();
    let mut at = n_marks;
    while let Some(from) = line[at..].find('`') {
        let marks = line[at + from..].len() - line[at + from..].trim_start_matches('`').len();
        at += from + marks;
        if marks == n_marks {
            return at;
        }
    }
    n_marks
}

/// Returns the address at the start of `text`, which ends at a blank or at a parenthesis that closes none of its own.
fn balanced(text: &str) -> &str {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return &text[..at],
            ')' => depth -= 1,
            c if c.is_whitespace() => return &text[..at],
            _ => {}
        }
    }
    text
}

/// Returns the first word of `text`, without angle brackets around it.
fn first_word(text: &str) -> &str {
    let word = text.split_whitespace().next().unwrap_or_default();
    word.trim_end_matches(')').trim_start_matches('<').trim_end_matches('>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(layout: Layout, text: &str, expect: &[(LinkForm, &str, &str)]) {
        let links = find(text, layout);
        let found: Vec<_> = links.iter().map(|link| (link.form, link.label, link.target)).collect();
        assert_eq!(found, expect);
        for link in &links {
            assert_eq!(&text[link.span.start..link.span.end], link.target);
        }
    }

    #[test]
    fn links_of_asciidoc_and_restructured_text_are_found() {
        let targets = |text: &str, layout: Layout| -> Vec<String> {
            find(text, layout)
                .iter()
                .map(|link| format!("{}|{}", link.label, &text[link.span.start..link.span.end]))
                .collect()
        };
        let adoc = "See xref:../belt.adoc#stop[Belt] and link:/saws/oil[oil], not xref: alone or xref:no end.";
        assert_eq!(targets(adoc, Layout::AsciiDoc), ["|../belt.adoc#stop", "|/saws/oil"]);
        let rst = "See :doc:`/belts/stop` and :doc:`the saw <../saw>`, not :doc:`open.";
        assert_eq!(targets(rst, Layout::ReStructuredText), ["|/belts/stop", "the saw|../saw"]);
    }

    #[test]
    fn links_of_markdown_are_found_in_every_form() {
        check(
            Layout::Markdown,
            "See [the\nbelt](belt.md \"t\"), [a (b)](<a b.md>), ![p](p.png) and [![p](p.png)](c.md).\n\n\
             [oil]: ../oil.md#now\n[^1]: note.md\n[Note]: oil it\n\n\
             [[Oil pump]] [[the gate|Gate]] [[_TOC_]] [[text](x.md)]\n\
             [y]({{< relref \"y\" >}}) {{% ref \"/z.md\" %}} {{< note \"n\" >}} [w]({% link kb/w.md %})\n\
             [v]({{ site.baseurl }}/kb/v/) <a href=\"u.html\">u</a> <Link to='/t'>t</Link> x(href=) [e](f_(g).md)\n",
            &[
                (LinkForm::Address, "", "belt.md"),
                (LinkForm::Address, "a (b)", "a b.md"),
                (LinkForm::Address, "", "c.md"),
                (LinkForm::Address, "oil", "../oil.md#now"),
                (LinkForm::Wiki, "", "Oil pump"),
                (LinkForm::Wiki, "", "the gate|Gate"),
                (LinkForm::Address, "text", "x.md"),
                (LinkForm::Page, "", "y"),
                (LinkForm::Page, "", "/z.md"),
                (LinkForm::Page, "", "kb/w.md"),
                (LinkForm::Address, "v", "/kb/v/"),
                (LinkForm::Address, "", "u.html"),
                (LinkForm::Address, "", "/t"),
                (LinkForm::Address, "e", "f_(g).md"),
            ],
        );
    }

    #[test]
    fn code_has_no_links() {
        let text = "`[a](a.md)` ``[b](b.md) ` `` \\[c](c.md)\n\n```sh\n[d](d.md)\n[[ -f e ]]\n```\n\n~~~\n```\n[f](f.md)\n~~~\n[[ -f g ]]\n";
        check(Layout::Markdown, text, &[]);
        check(Layout::Markdown, "Text\n\n    [[a]]\n    [b](b.md)\n\n\t[c](c.md)\n", &[]);
        check(Layout::Markdown, "- Item\n\n    [a](a.md)\n", &[(LinkForm::Address, "a", "a.md")]);
        check(Layout::Markdown, "!!! note\n\n    [a](a.md)\n", &[(LinkForm::Address, "a", "a.md")]);
        check(Layout::Markdown, "Text\n    [a](a.md)\n", &[(LinkForm::Address, "a", "a.md")]);
    }

    #[test]
    fn attributes_of_html_are_read_in_exports_too() {
        check(Layout::Html, "<a class=x href='a.html'>a</a>", &[(LinkForm::Address, "", "a.html")]);
        check(
            Layout::Export,
            r#"{"casebook":"export","body":"<a href=\"kb.do?x=1\">a</a>"}"#,
            &[(LinkForm::Address, "", "kb.do?x=1")],
        );
        check(Layout::Document, "[a](a.md) <a href='a.html'>", &[]);
    }

    #[test]
    fn links_that_are_never_closed_take_linear_time() {
        for piece in ["x", "[](", "](", "](a", "[[a", "{{< ref ", "]({{", "`` ` ", "[a]: ", " href=\""] {
            let start = std::time::Instant::now();
            find(&piece.repeat(20_000), Layout::Markdown);
            assert!(start.elapsed().as_secs() < 20, "{piece}");
        }
    }
}
