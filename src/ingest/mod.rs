//! Puts the articles of files and folders into the store, and reports what is new, changed, gone or skipped.
//!
//! Unchanged files are not read: size, times and inode are compared first. The content is compared only if those
//! differ, or if the file was modified too shortly before the last ingest to trust them. All changes become visible in
//! one commit.

mod archive;
mod commit;
mod container;
mod hash;
mod ids;
mod included;
mod inputs;
mod ledger;
mod members;
mod memory;
mod plan;
mod read;
mod report;
mod run;
mod skipped;
mod walk;

use std::path::{Path, PathBuf};

use crate::article::Place;
use crate::store::{Store, StoreError};
pub use archive::MAX_FILE_BYTES;
use commit::book_of;
pub use inputs::{Inputs, Root};
pub use memory::Memory;
pub use report::{IngestReport, Namesake, Progress};
use run::Applied;
use walk::{Walk, name_of};

/// Brings the store up to date with `inputs`; writes nothing if nothing changed. The result does not depend on the
/// order of ingests: if several files hold one article, the store takes it from the first by path, and from files of the
/// user before the bundled book. If several articles ask for one id, the first by path gets it.
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

/// Counts the files below `roots`, and stops at `limit`.
pub fn count_files(roots: &[Root], limit: usize) -> usize {
    walk::paths(roots.iter().map(|root| &*root.path)).take(limit).count()
}

/// The visible files below `roots`, sorted within each root: those that an ingest would read.
pub fn files_below(roots: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    walk::paths(roots.iter().map(|root| &**root))
}

/// The place of an article in the file at `path`, if `root` is the root of its collection.
pub fn place_below(root: &Path, path: &Path) -> Place {
    let collection = Root::new(root).collection;
    Place::new(&collection, walk::name_below(root, path))
}

/// Whether the store is up to date with the bundled book: it holds the current one, or none if `inputs` do not include
/// it.
pub fn has_book(store: &Store, inputs: &Inputs) -> bool {
    store.head().book == book_of(inputs)
}

/// Passes the name and size of each member of the archive `bytes` to `visit`. For the fuzzer only: archives are not part of the
/// public interface.
#[cfg(fuzzing)]
pub fn fuzz_archive(bytes: &[u8], visit: &mut dyn FnMut(&str, Option<usize>)) {
    let Some(kind) = archive::sniff(bytes) else { return };
    let ended = archive::expand(kind, std::io::Cursor::new(bytes), "archive", &mut |member| {
        visit(&member.path, member.content.ok().map(|bytes| bytes.len()));
        std::ops::ControlFlow::Continue(())
    });
    drop(ended);
}
