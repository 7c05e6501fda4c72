//! Detects the layout of a text from its content, and from the name of its file if the content does not tell. The file
//! of each layout decides whether a text looks like that layout.

use super::export::canonical::MARK;
use super::file_name::FileName;
use super::layout::{asciidoc, document, html, markdown, page, restructured, web_text};
use super::model::Layout;

/// The number of bytes at the start of a text that are examined. The longest front matter and header in the archive of
/// Microsoft articles have 700 bytes.
const HEAD: usize = 4096;

/// Returns the layout of `text`, or `None` if it is not an article. Examines only the first 4 KiB; line ends must be
/// `\n`.
pub fn detect(text: &str) -> Option<Layout> {
    detect_in(text, FileName::default())
}

/// Returns the layout of `text`, which is in the file `name`. A file that is named like Markdown, AsciiDoc or
/// reStructuredText is that if it is nothing else: a page of notes or a list of links has no marks that tell.
pub(super) fn detect_in(text: &str, name: FileName<'_>) -> Option<Layout> {
    if text.starts_with(MARK) {
        return Some(Layout::Export);
    }
    let end = (HEAD..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    let head = &text[..end];
    let first = head.lines().find(|line| !line.trim().is_empty())?;
    if document::is_first_line(first) {
        Some(Layout::Document)
    } else if page::is_page(first, head) {
        Some(Layout::Page)
    } else if web_text::is_web_text(first, head) {
        Some(Layout::WebText)
    } else if html::is_page(head) {
        Some(Layout::Html)
    } else if let Some(layout) = layout_of_manual(head, name) {
        Some(layout)
    } else if markdown::is_markdown(head.trim_start_matches('\n')) {
        Some(Layout::Markdown)
    } else if html::is_fragment(head) {
        // Many Markdown files begin with a picture in HTML.
        Some(if markdown::has_marks(head) { Layout::Markdown } else { Layout::Html })
    } else {
        match name.layout() {
            None => asciidoc::is_underlined(head).then_some(Layout::AsciiDoc),
            named => named,
        }
    }
}

/// Tells AsciiDoc and reStructuredText apart, which share some marks. The name of the file decides, if it tells.
fn layout_of_manual(head: &str, name: FileName<'_>) -> Option<Layout> {
    match (asciidoc::signs(head), restructured::signs(head)) {
        _ if name.layout().is_some() => name.layout().filter(|layout| *layout != Layout::Markdown),
        (None, None) => None,
        (asciidoc, restructured) if asciidoc > restructured => Some(Layout::AsciiDoc),
        _ => Some(Layout::ReStructuredText),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_layout_is_known_by_its_first_lines() {
        assert_eq!(detect("\n\nDOCUMENT:Q1234  16-MAR-1999  [mail]\nTITLE   :t\n"), Some(Layout::Document));
        assert_eq!(detect("---\nlayout: page\ntitle: t\n---\n\n\tArticle: Q1234\n"), Some(Layout::Page));
        assert_eq!(detect("---\nlayout: page\nid: cb-x\n---\n"), Some(Layout::Page));
        assert_eq!(detect("Mail stays (305394)\n\nSYMPTOMS\n\nIt stays.\n"), Some(Layout::WebText));
        assert_eq!(detect("\n<!DOCTYPE html>\n<title>t</title>"), Some(Layout::Html));
        assert_eq!(detect("<h1>Mail stays</h1>\n<p>It stays.</p>"), Some(Layout::Html));
        assert_eq!(detect("<div>\n<h1>Mail stays</h1>\n</div>\n\nSee [there](x).\n"), Some(Layout::Markdown));
        assert_eq!(detect("---\ntitle: a runbook\nid: cb-x\n---\n# Steps\n"), Some(Layout::Markdown));
        assert_eq!(detect("\n# Mail stays\n\nIt stays.\n"), Some(Layout::Markdown));
        assert_eq!(detect("<p align=center><img src=x></p>\n\n# Mail stays\n\nIt stays.\n"), Some(Layout::Markdown));
        assert_eq!(
            detect("Mail stays (cb-mail-isa)\nThis article was previously published under Q1"),
            Some(Layout::WebText)
        );
        assert_eq!(detect(r#"{"casebook":"export","title":"t"}"#), Some(Layout::Export));
        assert_eq!(detect("= Mail stays\n\nIt stays.\n"), Some(Layout::AsciiDoc));
        assert_eq!(detect("Mail stays\n==========\n\n.. note:: It stays.\n"), Some(Layout::ReStructuredText));
        assert_eq!(detect("Mail stays\n==========\n\nIt really stays in the queue.\n"), Some(Layout::Markdown));
    }

    #[test]
    fn a_markdown_file_needs_no_marks() {
        let text = "Rough notes on the belt\n\nIt creaks.\n";
        assert_eq!(detect(text), None);
        for (path, expect) in [
            ("kb/belt.md", Some(Layout::Markdown)),
            ("kb/belt.adoc", Some(Layout::AsciiDoc)),
            ("kb/belt.rst", Some(Layout::ReStructuredText)),
            ("kb/belt.txt", None),
            ("kb.md/belt", None),
        ] {
            assert_eq!(detect_in(text, FileName::of(path)), expect, "{path}");
        }
        let page = "<h1>Belt creaks</h1>\n<p>It creaks.</p>";
        assert_eq!(detect_in(page, FileName::of("belt.md")), Some(Layout::Html));
    }

    #[test]
    fn other_texts_are_no_articles() {
        for text in [
            "",
            "DOCUMENT:\nTITLE   :t\n",
            "---\nlayout: page\ntitle: no id\n---\n",
            "We sold many bolts (305394)\n\nThe end.\n",
            "Mail stays (30539x)\n\nSYMPTOMS\n",
            "---\nlayout: page\ntitle: no id\n---\n\n",
            r#"{"casebook":1,"title":"t","text":"It stays."}"#,
            "The quick brown fox jumps over the lazy dog.\n",
        ] {
            assert_eq!(detect(text), None, "{text:?}");
        }
    }
}
