//! `casebook ingest --format json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::ingest::{self, IngestReport};
use crate::store::References;

/// `casebook ingest --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Ingest {
    /// Files seen.
    files: u64,
    /// Articles held by this run's inputs.
    articles: u64,
    added: u64,
    changed: u64,
    removed: u64,
    /// Files with a new name; neither added nor removed.
    renamed: u64,
    unchanged: u64,
    /// Files with an article that another file contains, too.
    duplicates: u64,
    /// Articles that have a longer id than they ask for, because another article has that one.
    namesakes: Vec<Namesake>,
    /// Documents first, licences and pictures last.
    skipped: Vec<Skipped>,
    /// Diagnostics of the articles by code.
    diagnostics: BTreeMap<String, u64>,
    /// Articles by layout.
    layouts: BTreeMap<String, u64>,
    /// References between articles, counted once for each article and the one it refers to.
    references: u64,
    /// References to articles that are not in the KB.
    dead_references: u64,
    took_ms: f64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Namesake {
    path: String,
    /// The id that the text states or the path gives.
    asked: String,
    /// The id that the article has.
    id: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Skipped {
    path: String,
    reason: String,
}

/// The answer of `ingest`.
pub fn ingest(report: &IngestReport, references: &References, took_ms: f64) -> Ingest {
    let namesake = |found: &ingest::Namesake| Namesake {
        path: found.path.clone(),
        asked: found.asked.clone(),
        id: found.id.clone(),
    };
    let skipped = |(path, reason): &(String, String)| Skipped { path: path.clone(), reason: reason.clone() };
    Ingest {
        files: report.files,
        articles: report.articles,
        added: report.added,
        changed: report.changed,
        removed: report.removed,
        renamed: report.renamed,
        unchanged: report.unchanged,
        duplicates: report.duplicates,
        namesakes: report.namesakes.iter().map(namesake).collect(),
        skipped: report.skipped.iter().map(skipped).collect(),
        diagnostics: report.diagnostics.clone(),
        layouts: report.layouts.iter().map(|(&layout, &count)| (layout.to_owned(), count)).collect(),
        references: references.total,
        dead_references: references.dead,
        took_ms,
    }
}
