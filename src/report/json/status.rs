//! `casebook status --format json`.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use crate::pipeline::Overview;

/// `casebook status --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Status {
    /// Folder of the store.
    store: String,
    /// Number of articles, including the bundled ones.
    articles: u64,
    /// Number of files read, including those without an article.
    files: u64,
    /// Files and folders that were ingested.
    roots: Vec<String>,
    /// Whether the bundled articles are included.
    book: bool,
    /// Files by layout, or by the reason why they contain no article.
    layouts: BTreeMap<String, u64>,
    /// Articles by collection.
    collections: BTreeMap<String, u64>,
    references: References,
}

/// References between articles.
#[derive(Debug, Serialize, JsonSchema)]
struct References {
    /// References to other articles.
    total: u64,
    /// References to an article that is not in the KB.
    dead: u64,
    /// The missing articles with the most references.
    missing: Vec<MissingArticle>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct MissingArticle {
    id: String,
    /// Articles that refer to it.
    cited_by: u64,
}

/// Missing articles listed; the rest is in the counts.
const MAX_MISSING: usize = 10;

/// The answer of `status`.
pub fn status(store: &Path, overview: &Overview) -> Status {
    let Overview { head, layouts, collections, references } = overview;
    Status {
        store: store.display().to_string(),
        articles: head.articles,
        files: head.files,
        roots: head.roots.iter().map(|root| root.path.clone()).collect(),
        book: head.book.is_some(),
        layouts: layouts.iter().map(|(&layout, &count)| (layout.to_owned(), count)).collect(),
        collections: collections.iter().cloned().collect(),
        references: References {
            total: references.total,
            dead: references.dead,
            missing: references.missing.iter().take(MAX_MISSING).map(missing).collect(),
        },
    }
}

fn missing((id, cited_by): &(String, u64)) -> MissingArticle {
    MissingArticle { id: id.clone(), cited_by: *cited_by }
}
