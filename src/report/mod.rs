//! What the stages found, as text for people and as JSON for programs. Wording and colour live here and nowhere else.

mod fill;
pub mod json;
pub mod text;

use crate::article::Reference;
use crate::store::StoredArticle;

/// An article with its place in the reference graph: what `show` prints.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The article.
    pub stored: StoredArticle,
    /// Articles it refers to, and whether the store holds each.
    pub references: Vec<(Reference, bool)>,
    /// Ids of articles that refer to it, sorted.
    pub referenced_by: Vec<String>,
}
