//! Which layout a text is written in, judged by its content alone.

mod html;
mod markdown;

pub(super) use self::html::has_tags as has_html_tags;
pub(super) use self::markdown::has_marks as has_markdown_marks;

use super::export::canonical::MARK;
use super::model::Layout;

/// How much of a text is looked at. The longest front matter and header of the archive take 700 bytes.
const HEAD: usize = 4096;

/// The layout of `text`, or `None` if it is no article. Looks at the first few lines only; line ends must be `\n`.
pub fn detect(text: &str) -> Option<Layout> {
    if text.starts_with(MARK) {
        return Some(Layout::Export);
    }
    let end = (HEAD..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    let head = &text[..end];
    let first = head.lines().find(|line| !line.trim().is_empty())?;
    if is_document_line(first) {
        Some(Layout::Document)
    } else if first.trim_end() == "---" && is_page(head) {
        Some(Layout::Page)
    } else if ends_in_id(first) && has_web_text_sign(head) {
        Some(Layout::WebText)
    } else if html::is_page(head) {
        Some(Layout::Html)
    } else if markdown::is_markdown(head.trim_start_matches('\n')) {
        Some(Layout::Markdown)
    } else if html::is_part(head) {
        // Many a Markdown file begins with a picture in HTML.
        Some(if markdown::has_marks(head) { Layout::Markdown } else { Layout::Html })
    } else {
        None
    }
}

/// `DOCUMENT:` and an id.
fn is_document_line(line: &str) -> bool {
    line.strip_prefix("DOCUMENT:").is_some_and(|rest| !rest.trim().is_empty())
}

/// Front matter alone does not make a page: Markdown of any kind may have it.
fn is_page(head: &str) -> bool {
    let names_itself = |line: &str| ["Article:", "id:"].iter().any(|name| field(line, name).is_some());
    let is_page_layout = |line: &str| field(line, "layout:") == Some("page");
    let has_header_line = |line: &str| field(line, "Article:").is_some();
    head.lines().any(names_itself) && head.lines().any(|line| is_page_layout(line) || has_header_line(line))
}

/// The value of a `name: value` line, indented by a tab or not; `None` also if it is blank.
fn field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let value = line.strip_prefix('\t').unwrap_or(line).strip_prefix(name)?.trim();
    (!value.is_empty()).then_some(value)
}

/// `(305394)` or `(cb-mail-isa)` after a title.
fn ends_in_id(line: &str) -> bool {
    let Some((title, id)) = line.trim_end().strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) else {
        return false;
    };
    let is_number = (3..=7).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit());
    let is_ours = id.strip_prefix("cb-").is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    });
    !title.trim().is_empty() && (is_number || is_ours)
}

/// A number in parentheses ends many a first line; an article has one of these lines as well.
fn has_web_text_sign(head: &str) -> bool {
    const SIGNS: [&str; 4] = [
        "The information in this article applies to",
        "This article was previously published under",
        "Modification Type:",
        "Last Reviewed:",
    ];
    const HEADS: [&str; 4] = ["SYMPTOMS", "SUMMARY", "CAUSE", "MORE INFORMATION"];
    head.lines().any(|line| SIGNS.iter().any(|sign| line.starts_with(sign)) || HEADS.contains(&line.trim_end()))
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
