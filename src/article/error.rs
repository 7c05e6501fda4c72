//! The reasons why a text is not an article, and the diagnostics for mistakes in the text of an article: one function
//! per diagnostic. docs/diagnostics.md explains each code.

use super::foreign::ForeignFormat;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// Why a text is not stored as an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum NotAnArticle {
    /// The file is empty or contains only white space.
    #[error("empty file")]
    Empty,
    /// The file contains NUL bytes or many other control characters.
    #[error("binary file")]
    Binary,
    /// A file contains no text, but only front matter, attributes or comments, such as the start page of a folder.
    #[error("no text, only front matter or comments")]
    NoText,
    /// A Markdown file is a part of other pages: it is in a folder for such parts and has no title.
    #[error("a part that other pages include")]
    Fragment,
    /// The file is a document of another program. The message says how to convert it.
    #[error("{0}")]
    Foreign(ForeignFormat),
    /// The file is text, but in none of the layouts that casebook knows.
    #[error("no known article layout")]
    UnknownLayout,
}

pub(super) fn cut_off(end: Span) -> Diagnostic {
    Diagnostic::warning("A001", end, "the article ends before its footer")
        .help("the file may be cut off; the text up to here is used")
}

pub(super) fn no_title(at: Span) -> Diagnostic {
    Diagnostic::warning("A002", at, "the article has no title").help("its id is shown instead")
}

/// Reports a date in none of the known spellings, or of a day that does not exist.
pub(super) fn unreadable_date(at: Span, date: &str) -> Diagnostic {
    Diagnostic::warning("A003", at, format!("`{date}` is not a date"))
        .help("write `16-MAR-1999`, `3/16/1999` or `1999-03-16`")
}

/// Reports an article without an "applies to" block and without a product line, in a layout that has them.
pub(super) fn no_product(at: Span) -> Diagnostic {
    Diagnostic::warning("A004", at, "the article does not say which products it applies to")
}

pub(super) fn no_text(at: Span) -> Diagnostic {
    Diagnostic::warning("A005", at, "the article has no text")
}

/// Reports a reference to an article that does not exist. Only `check` calls this.
pub(super) fn dead_link(at: Span, id: &str) -> Diagnostic {
    Diagnostic::warning("A101", at, format!("the article `{id}` does not exist"))
        .help("correct the id, or add the article")
}

/// Reports a link to a file that does not exist. Only `check_links` calls this.
pub(super) fn dead_file(at: Span, target: &str) -> Diagnostic {
    Diagnostic::warning("A103", at, format!("the file `{target}` does not exist"))
        .help("correct the link, or add the file")
}

/// Reports a link to a heading that does not exist in the file at `path`, which is empty for the link's own file. Only
/// `check_links` calls this.
pub(super) fn dead_anchor(at: Span, anchor: &str, path: &str) -> Diagnostic {
    let file = if path.is_empty() { "this file".to_owned() } else { format!("`{path}`") };
    Diagnostic::warning("A104", at, format!("{file} has no heading `{anchor}`"))
}

/// Reports that no section tells `what`, which readers look for. Only `check` calls this.
pub(super) fn missing_section(at: Span, what: &str) -> Diagnostic {
    Diagnostic::warning("A102", at, format!("no section says {what}"))
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::explained_and_made;

    #[test]
    fn the_docs_explain_these_codes_and_no_others() {
        let [explained, made] = explained_and_made('A', include_str!("error.rs"));
        assert_eq!((explained.len(), explained), (9, made));
    }
}
