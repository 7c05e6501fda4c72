//! Everything casebook says about the text of an article: one constructor per mistake. docs/diagnostics.md explains each
//! code.

use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// Why a text is not stored as an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum NotAnArticle {
    /// Nothing, or blanks alone.
    #[error("empty file")]
    Empty,
    /// NUL bytes or another sign of a binary file.
    #[error("binary file")]
    Binary,
    /// Text, but of no layout casebook knows.
    #[error("no known article layout")]
    UnknownLayout,
}

/// The end of the text was reached before the footer.
pub(super) fn cut_off(end: Span) -> Diagnostic {
    Diagnostic::warning("A001", end, "the article ends before its footer")
        .help("the file may have been cut off; what was there has been read")
}

/// The title is missing or blank.
pub(super) fn no_title(at: Span) -> Diagnostic {
    Diagnostic::warning("A002", at, "the article has no title").help("its id stands in for it")
}

/// A date in none of the known spellings, or of a day that never was.
pub(super) fn unreadable_date(at: Span, date: &str) -> Diagnostic {
    Diagnostic::warning("A003", at, format!("`{date}` is no date"))
        .help("write `16-MAR-1999`, `3/16/1999` or `1999-03-16`")
}

/// Neither an "applies to" block nor a product line, in a layout that has a place for them.
pub(super) fn no_product(at: Span) -> Diagnostic {
    Diagnostic::warning("A004", at, "the article does not say which products it applies to")
}

/// Heads and footer, but no text.
pub(super) fn no_text(at: Span) -> Diagnostic {
    Diagnostic::warning("A005", at, "the article has no text")
}

/// A reference to an article that the KB does not hold; said by `check` alone.
pub(super) fn dead_link(at: Span, id: &str) -> Diagnostic {
    Diagnostic::warning("A101", at, format!("the article `{id}` does not exist"))
        .help("correct the id, or add the article")
}

/// A section that readers look for; said by `check` alone.
pub(super) fn missing_section(at: Span, what: &str) -> Diagnostic {
    Diagnostic::warning("A102", at, format!("there is no section that says {what}"))
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::explained_and_made;

    #[test]
    fn the_docs_explain_these_codes_and_no_others() {
        let [explained, made] = explained_and_made('A', include_str!("error.rs"));
        assert_eq!((explained.len(), explained), (7, made));
    }
}
