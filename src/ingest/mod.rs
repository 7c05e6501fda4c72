//! Files and folders into the store: what is new, changed, gone or no article, and why.
//!
//! Unchanged files are not read: size, times and inode are compared first, content only where those differ or are too
//! young to trust. Everything that changed becomes visible in one commit.

mod archive;
mod container;
mod inputs;
mod ledger;
mod members;
mod plan;
mod read;
mod report;
mod run;
mod slug;
mod walk;

use std::path::PathBuf;

use crate::book;
use crate::store::{self, CommitInfo, Store, StoreError};
pub use inputs::{Inputs, Root};
pub use read::MAX_FILE_BYTES;
pub use report::IngestReport;
use run::Applied;
use walk::{Walk, name_of};

/// How far an ingest has come with the files that it has to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Files and members of files dealt with.
    pub texts: u64,
    /// Bytes of files read.
    pub bytes: u64,
    /// Bytes of all files to read.
    pub total_bytes: u64,
}

/// Brings the store up to date with `inputs`. Nothing is written when nothing changed. The result does not depend on the
/// order of ingests: of several files with one article id, the first by path is held, and one's own come before the book.
pub fn ingest(store: &mut Store, inputs: &Inputs, progress: &dyn Fn(Progress)) -> Result<IngestReport, StoreError> {
    let walk = Walk::new(inputs);
    loop {
        match run::run(store, inputs, &walk, progress)? {
            Applied::Done(report) => return Ok(report),
            // Another process committed between reading the manifest and taking the lock.
            Applied::Overtaken => store.reload()?,
        }
    }
}

/// Whether every root of `inputs` was ingested before.
pub fn knows_roots(store: &Store, inputs: &Inputs) -> bool {
    let known = |root: &Root| store.head().roots.iter().any(|known| *known.path == *name_of(&root.path));
    inputs.roots().iter().all(known)
}

/// How many files there are below `roots`, counted no further than `limit`.
pub fn count_files(roots: &[Root], limit: usize) -> usize {
    walk::paths(roots.iter().map(|root| &*root.path)).take(limit).count()
}

/// The visible files below `roots`, in order: what an ingest would read.
pub fn files_below(roots: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    walk::paths(roots.iter().map(|root| &**root))
}

/// Whether the store holds the bundled book as `inputs` wants it: this one, or none.
pub fn has_book(store: &Store, inputs: &Inputs) -> bool {
    store.head().book == book_of(inputs)
}

fn book_of(inputs: &Inputs) -> Option<String> {
    inputs.book.then(book::fingerprint)
}

/// The commit head after `inputs` were ingested on top of `before`. A root that was never seen is not remembered: it may
/// be misspelt.
fn head_after(before: &CommitInfo, inputs: &Inputs, walk: &Walk) -> CommitInfo {
    let there = inputs.roots().iter().filter(|root| !walk.unreadable.iter().any(|place| place.path == root.path));
    let mut roots: Vec<store::Root> = there.map(remembered).collect();
    if !inputs.prune {
        let others =
            before.roots.iter().filter(|old| !inputs.roots().iter().any(|root| name_of(&root.path) == old.path));
        roots.extend(others.cloned());
    }
    roots.sort_unstable();
    let (book, fields) = (book_of(inputs), inputs.fields.fingerprint().to_owned());
    CommitInfo { started_ms: inputs.now_ms, roots, book, fields, files: before.files, articles: before.articles }
}

fn remembered(root: &Root) -> store::Root {
    store::Root { path: name_of(&root.path).into_owned(), collection: root.collection.clone() }
}

fn first_eight(hasher: &blake3::Hasher) -> u64 {
    let hash = hasher.finalize();
    let (eight, _) = hash.as_bytes().split_first_chunk().expect("a BLAKE3 hash has 32 bytes");
    u64::from_le_bytes(*eight)
}

/// Gives the name and size of each member of the archive `bytes` to `visit`, for the fuzzer: archives are no matter of the
/// library's users.
#[cfg(fuzzing)]
pub fn fuzz_archive(bytes: &[u8], visit: &mut dyn FnMut(&str, Option<usize>)) {
    let Some(kind) = archive::sniff(bytes) else { return };
    let ended = archive::expand(kind, std::io::Cursor::new(bytes), "archive", &mut |member| {
        visit(&member.path, member.content.ok().map(|bytes| bytes.len()));
        std::ops::ControlFlow::Continue(())
    });
    drop(ended);
}
