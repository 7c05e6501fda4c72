//! Article text to [`Article`]: which layout it is, and what it says.
//!
//! Works on `&str` alone: no files, no store. Parsing never fails as a whole; what is odd becomes a diagnostic of the article.

pub(crate) mod model;

pub use model::{Article, Identifier, Layout, Procedure, Product, Reference, Section, SectionKind, Step};

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
