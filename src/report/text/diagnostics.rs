//! Draws diagnostics of rules and articles below the lines that they are about.

use std::io;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::Page;
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::clean::{is_acted_on, on_one_line};

/// The most diagnostics that are drawn of one text. Nobody mends more at a time, and each one is drawn from the whole text.
const MOST_DRAWN: usize = 100;

/// Draws the first diagnostics of one text, and says how many more there are. `path` is shown as its name.
pub fn diagnostics(page: &mut Page, path: &str, text: &str, diagnostics: &[&Diagnostic]) -> io::Result<()> {
    let renderer = Renderer::styled().term_width(page.width);
    if diagnostics.is_empty() {
        return Ok(());
    }
    let (path, text) = (&on_one_line(path), &in_place(text));
    for diagnostic in diagnostics.iter().take(MOST_DRAWN) {
        let group = group(path, text, diagnostic);
        let mut groups = vec![group];
        if let Some(help) = &diagnostic.help {
            groups[0] = std::mem::replace(&mut groups[0], Group::with_title(Level::HELP.primary_title("")))
                .element(Level::HELP.message(wrapped(help, page.width)));
        }
        page.line(renderer.render(&groups))?;
        page.blank()?;
    }
    match diagnostics.len().saturating_sub(MOST_DRAWN) {
        0 => Ok(()),
        more => page.line(format!("and {more} more in {path}")),
    }
}

/// What stands before a line of advice.
const HELP_INDENT: usize = 14;

/// Breaks advice into lines that fit a page of this width.
fn wrapped(help: &str, width: usize) -> String {
    textwrap::fill(&on_one_line(help), textwrap::Options::new(width.saturating_sub(HELP_INDENT)).break_words(false))
}

fn group<'a>(path: &'a str, text: &'a str, diagnostic: &'a Diagnostic) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let annotations = diagnostic.labels.iter().enumerate().map(|(index, label)| {
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        kind.span(label.span.start..label.span.end).label(on_one_line(&label.text))
    });
    level
        .primary_title(on_one_line(&diagnostic.title))
        .id(diagnostic.code)
        .element(Snippet::source(text).path(path).annotations(annotations))
}

/// Replaces the characters of `text` that a terminal acts on. The text keeps its length in bytes, so spans into it stay
/// valid.
fn in_place(text: &str) -> String {
    let shown = text.chars().map(|c| match c.len_utf8() {
        _ if matches!(c, '\n' | '\r' | '\t') || !is_acted_on(c) => c,
        1 => '?',
        2 => '·',
        _ => char::REPLACEMENT_CHARACTER,
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_many_mistakes_is_not_drawn_for_each() {
        let text = "x ".repeat(20_000);
        let at = |n: usize| crate::source::Span::new(2 * n, 2 * n + 1);
        let found: Vec<Diagnostic> = (0..20_000).map(|n| Diagnostic::error("R001", at(n), "a mistake")).collect();
        let mut out = Vec::new();
        let mut page = Page::new(&mut out, 80);
        diagnostics(&mut page, "a.rules", &text, &found.iter().collect::<Vec<_>>()).expect("a Vec takes all");
        let drawn = String::from_utf8(out).expect("UTF-8");
        assert!(drawn.len() < 100 * 1_000, "{} bytes", drawn.len());
        assert!(drawn.ends_with("and 19900 more in a.rules\n"), "{}", &drawn[drawn.len() - 200..]);
    }

    #[test]
    fn nothing_moves_in_a_text_that_is_cleaned_in_place() {
        let text = "a\u{1b}\t\u{9b}\r\n\u{202e}b";
        assert_eq!(in_place(text), "a?\t·\r\n\u{fffd}b");
        assert_eq!(in_place(text).len(), text.len());
    }
}
