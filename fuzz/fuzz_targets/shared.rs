//! Checks that must hold for every article.

use casebook::article::{Article, Layout, decode, parse_file};

/// Reads `head` and `data` as an article of `layout`.
#[allow(dead_code)]
pub fn read(head: &str, layout: Layout, data: &[u8]) {
    read_file("", head, layout, data);
}

/// Reads `head` and `data` as an article of `layout`, in a file whose name tells the layout.
#[allow(dead_code)]
pub fn read_file(path: &str, head: &str, layout: Layout, data: &[u8]) {
    let bytes = [head.as_bytes(), data].concat();
    let Ok(text) = decode(&bytes) else { return };
    let Ok(article) = parse_file(&text, path, "fuzz/article") else { return };
    assert_eq!(article.layout, layout);
    check(&article, &text);
}

/// Checks that spans are within their texts, the id is not empty, and section numbers are in range.
pub fn check(article: &Article, text: &str) {
    assert!(!article.id.is_empty());
    for found in &article.identifiers {
        let section = &article.sections[found.section];
        assert!(section.text.get(found.span.start..found.span.end).is_some_and(|printed| !printed.is_empty()));
    }
    for procedure in &article.procedures {
        assert!(procedure.section < article.sections.len());
    }
    for diagnostic in &article.diagnostics {
        assert!(text.get(diagnostic.span().start..diagnostic.span().end).is_some());
    }
}
