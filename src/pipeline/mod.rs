//! Strings the stages together, once, for every front end. What it decides itself is when a store is brought up to date,
//! and what is served where none can be had.

mod rule_tests;

use std::path::Path;
use std::sync::Arc;

use crate::article::{self, Article, Reference};
use crate::book;
use crate::infer::{self, Diagnosis, Facts, QueryHit};
use crate::ingest::{self, Inputs, Root};
use crate::matching::Scan;
use crate::rule::Program;
use crate::store::{Store, StoreError, StoredArticle};

pub use rule_tests::{Failure, TestOutcome, run_tests};

/// A KB of at most this many files is brought up to date by every search: looking at them takes a few milliseconds.
const SMALL_KB: usize = 1_000;

/// Articles asked of the store for each salient record.
const HITS_PER_QUERY: usize = 20;

/// A store that is ready to be read.
pub struct OpenedStore {
    /// The store.
    pub store: Store,
    /// What could not be done on the way, for the user.
    pub notes: Vec<String>,
}

/// Opens the store at `path` for reading and brings it up to date with `inputs` where that is a matter of milliseconds:
/// a small KB, and the bundled book. A large KB is left to `ingest`. Where nothing can be written, what can be read is
/// served with a note: the store as it is, or the bundled book in memory.
pub fn open_store(path: &Path, inputs: &Inputs) -> Result<OpenedStore, StoreError> {
    let mut notes = Vec::new();
    let small = ingest::count_files(inputs.roots(), SMALL_KB + 1) <= SMALL_KB;
    let store = match Store::open(path) {
        Ok(store) => store,
        Err(StoreError::Missing { path }) if !small => return Err(StoreError::Missing { path }),
        Err(StoreError::Missing { .. }) => match Store::open_or_create(path) {
            Ok(store) => store,
            Err(error) => {
                notes.push(format!("{}; what is bundled and small is read into memory instead", in_full(&error)));
                Store::in_memory()
            }
        },
        Err(StoreError::OtherFormat { .. }) if Store::remove_if_bundled(path) => Store::open_or_create(path)?,
        Err(error) => return Err(error),
    };
    let mut opened = OpenedStore { store, notes };
    opened.refresh(inputs, small);
    Ok(opened)
}

/// The bundled book alone, in memory: what a diagnosis can go on with when the store cannot be read.
pub fn bundled_store(now_ms: i64) -> Result<Store, StoreError> {
    let mut store = Store::in_memory();
    ingest::ingest(&mut store, &Inputs::new([], true, now_ms), &|_| {})?;
    Ok(store)
}

impl OpenedStore {
    fn refresh(&mut self, inputs: &Inputs, small: bool) {
        let head = self.store.head();
        let small = small && head.files <= SMALL_KB as u64;
        if !small && !ingest::knows_roots(&self.store, inputs) {
            self.notes
                .push("the workspace names articles that were not ingested yet: run `casebook ingest`".to_owned());
        }
        if !small && ingest::has_book(&self.store, inputs) {
            return;
        }
        // What was ingested from elsewhere is refreshed too, unless all is too much.
        let remembered = head.roots.iter().map(|root| Root::remembered(&root.path, &root.collection));
        let roots: Vec<Root> =
            if small { inputs.roots().iter().cloned().chain(remembered).collect() } else { Vec::new() };
        let mut refreshed = Inputs::new(roots, inputs.book, inputs.now_ms);
        refreshed.fields = Arc::clone(&inputs.fields);
        let inputs = refreshed;
        match ingest::ingest(&mut self.store, &inputs, &|_| {}) {
            Ok(report) => {
                self.notes.extend(report.unreadable_roots.iter().map(|(path, reason)| format!("{path}: {reason}")))
            }
            Err(error) => self.notes.push(format!("{}; articles may be out of date", in_full(&error))),
        }
    }
}

/// The error and what led to it, on one line.
fn in_full(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

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

/// An article with its place in the reference graph. An article of the bundled book is found even when the store does not
/// hold it, since bundled rules name it.
pub fn show(store: &Store, name: &str) -> Result<Option<Shown>, StoreError> {
    let Some(stored) = store.get(name)?.or_else(|| book::article(name)) else { return Ok(None) };
    let article = &stored.article;
    let mut references = Vec::with_capacity(article.references.len());
    for reference in &article.references {
        references.push((reference.clone(), store.title_of(&reference.id)?.is_some()));
    }
    let names: Vec<&str> = std::iter::once(&article.id).chain(&article.aliases).map(String::as_str).collect();
    let mut referenced_by = store.referenced_by(&names)?;
    referenced_by.retain(|id| *id != article.id);
    Ok(Some(Shown { references, referenced_by, stored }))
}

/// Whether the store or the bundled book holds an article by this name.
pub fn knows(store: &Store, name: &str) -> bool {
    // A store that cannot be read makes no link dead.
    store.title_of(name).map_or(true, |found| found.is_some()) || book::article(name).is_some()
}

/// From what was found in logs and what the user said to a diagnosis, the KB searched on the way.
pub fn diagnose(program: &Program, store: &Store, scan: Scan, facts: &Facts) -> Result<Diagnosis, StoreError> {
    let queries = infer::queries(&scan);
    let mut hits = Vec::with_capacity(queries.len());
    for query in &queries {
        let ranked = store.rank(&query.text, HITS_PER_QUERY)?;
        let hit = |ranked: crate::store::Ranked| QueryHit {
            id: ranked.id,
            title: ranked.title,
            score: f64::from(ranked.score),
        };
        hits.push(ranked.into_iter().map(hit).collect());
    }
    let hits = infer::fuse_hits(&queries, &hits);
    let titles = |name: &str| {
        // A failing look-up costs a title, not the diagnosis.
        let held = store.title_of(name).ok().flatten();
        held.or_else(|| {
            book::article(name).map(|stored| (stored.article.id.clone(), article::full_title(&stored.article)))
        })
    };
    Ok(infer::diagnose(program, scan, facts, &hits, &titles))
}

/// Remarks about articles that are to link to one another: each with its index in `articles`.
pub fn check_articles(articles: &[(String, Article)]) -> Vec<(usize, crate::diagnostic::Diagnostic)> {
    let names: std::collections::HashSet<&str> = articles
        .iter()
        .flat_map(|(_, article)| std::iter::once(&article.id).chain(&article.aliases))
        .map(String::as_str)
        .collect();
    let remarks = |(index, (text, article)): (usize, &(String, Article))| {
        let found = article::check(text, article, &|id| names.contains(id));
        found.into_iter().map(move |diagnostic| (index, diagnostic)).collect::<Vec<_>>()
    };
    articles.iter().enumerate().flat_map(remarks).collect()
}
