//! `casebook status --format json`.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use crate::store::Head;

/// `casebook status --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Status {
    /// Folder of the store.
    store: String,
    /// Articles held, the bundled ones included.
    articles: u64,
    /// Files they were read from, those without an article included.
    files: u64,
    /// Files and folders that were ingested.
    roots: Vec<String>,
    /// Whether the bundled articles are held.
    book: bool,
    /// Files by layout, or by why they gave no article.
    layouts: BTreeMap<String, u64>,
}

/// The answer of `status`.
pub fn status(store: &Path, head: &Head, layouts: &BTreeMap<&str, u64>) -> Status {
    Status {
        store: store.display().to_string(),
        articles: head.articles,
        files: head.files,
        roots: head.roots.iter().map(|root| root.path.clone()).collect(),
        book: head.book.is_some(),
        layouts: layouts.iter().map(|(&layout, &count)| (layout.to_owned(), count)).collect(),
    }
}
