//! Files and folders into the store: what is new, changed, gone or no article, and why.
//!
//! Unchanged files are not read: size, times and inode are compared first, content only where those differ or are too
//! young to trust. Everything that changed becomes visible in one commit.

#[cfg_attr(not(test), expect(dead_code, reason = "the walk does not open archives yet"))]
mod archive;
mod read;
mod run;
mod walk;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::book;
use crate::store::{Head, Store, StoreError};
pub use read::MAX_FILE_BYTES;
use run::{Applied, Run};
use walk::Walk;

/// What to ingest.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Files and folders, each in one spelling and none below another: see [`Inputs::new`].
    roots: Vec<PathBuf>,
    /// Whether the bundled book is part of the store. `false` removes it.
    pub book: bool,
    /// The time now, in milliseconds since 1970.
    pub now_ms: i64,
    /// Forget what came from roots that are not among `roots`.
    pub prune: bool,
}

impl Inputs {
    /// The inputs at these absolute paths. The same place in two spellings counts once, and so does one within another. A
    /// path where nothing is stays, to be reported.
    pub fn new(roots: impl IntoIterator<Item = PathBuf>, book: bool, now_ms: i64) -> Self {
        let mut roots: Vec<PathBuf> = roots.into_iter().map(|root| root.canonicalize().unwrap_or(root)).collect();
        // A folder sorts before everything below it.
        roots.sort_unstable();
        roots.dedup_by(|root, above| walk::reaches(above, root));
        Inputs { roots, book, now_ms, prune: false }
    }

    /// The files and folders.
    pub fn roots(&self) -> &[PathBuf] {
        &self.roots
    }
}

/// How far an ingest has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Files dealt with.
    pub done: u64,
    /// Files there are.
    pub total: u64,
}

/// What an ingest did. The counts are over this run's inputs, the bundled book included when it is active.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IngestReport {
    /// Files seen.
    pub files: u64,
    /// Articles held.
    pub articles: u64,
    /// Files that are new.
    pub added: u64,
    /// Files with other content than before.
    pub changed: u64,
    /// Files that are gone.
    pub removed: u64,
    /// Files as they were.
    pub unchanged: u64,
    /// Files whose article another file gave already.
    pub duplicates: u64,
    /// Files and folders without an article, with the reason, by path.
    pub skipped: Vec<(String, String)>,
    /// Inputs that could not be read at all, with the reason; they are among the skipped as well.
    pub unreadable_roots: Vec<(String, String)>,
    /// Diagnostics of the articles by code.
    pub diagnostics: BTreeMap<String, u64>,
    /// Articles by layout.
    pub layouts: BTreeMap<&'static str, u64>,
}

/// Brings the store up to date with `inputs`. Nothing is written when nothing changed. The result does not depend on the
/// order of ingests: of several files with one article id, the first by path is held, and one's own come before the book.
pub fn ingest(store: &mut Store, inputs: &Inputs, progress: &dyn Fn(Progress)) -> Result<IngestReport, StoreError> {
    let walk = files_of(inputs);
    loop {
        let run = Run::new(store.manifest()?, store.head().clone(), inputs, &walk);
        match run.apply(store, progress)? {
            Applied::Done(report) => return Ok(report),
            // Another process committed between reading the manifest and taking the lock.
            Applied::Overtaken => store.reload()?,
        }
    }
}

/// Whether every root of `inputs` was ingested before.
pub fn knows_roots(store: &Store, inputs: &Inputs) -> bool {
    inputs.roots.iter().all(|root| store.head().roots.contains(&name_of(root)))
}

/// How many files there are below `roots`, counted no further than `limit`.
pub fn count_files(roots: &[PathBuf], limit: usize) -> usize {
    files_below(roots).take(limit).count()
}

/// The visible files below `roots`, in order: what an ingest would read.
pub fn files_below(roots: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    walk::paths(roots)
}

/// Whether the store holds the bundled book as `inputs` wants it: this one, or none.
pub fn has_book(store: &Store, inputs: &Inputs) -> bool {
    store.head().book == book_of(inputs)
}

fn files_of(inputs: &Inputs) -> Walk {
    let mut walk = Walk::default();
    inputs.roots.iter().for_each(|root| walk::walk(root, &mut walk));
    if inputs.book {
        walk::book(&mut walk);
    }
    walk
}

fn book_of(inputs: &Inputs) -> Option<String> {
    inputs.book.then(book::fingerprint)
}

/// The path as the manifest names it. Bytes that are not UTF-8 are escaped, so that no two files share a name.
fn name_of(path: &Path) -> String {
    match path.to_str() {
        Some(path) => path.to_owned(),
        None => path.as_os_str().as_encoded_bytes().escape_ascii().to_string(),
    }
}

/// The commit head after `inputs` were ingested on top of `before`. A root that was never seen is not remembered: it may
/// be misspelt.
fn head_after(before: &Head, inputs: &Inputs, walk: &Walk, files: usize, articles: usize) -> Head {
    let there = inputs.roots.iter().filter(|root| !walk.unreadable.iter().any(|place| place.path == **root));
    let mut roots: Vec<String> = there.map(|root| name_of(root)).collect();
    if !inputs.prune {
        roots.extend(before.roots.iter().cloned());
    }
    roots.sort_unstable();
    roots.dedup();
    Head { started_ms: inputs.now_ms, roots, book: book_of(inputs), files: files as u64, articles: articles as u64 }
}

fn first_eight(hasher: &blake3::Hasher) -> u64 {
    let hash = hasher.finalize();
    let (eight, _) = hash.as_bytes().split_first_chunk().expect("a BLAKE3 hash has 32 bytes");
    u64::from_le_bytes(*eight)
}
