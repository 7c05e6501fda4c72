//! Changing the store: documents of files put and removed, then one commit for all of it.

use std::path::Path;

use tantivy::merge_policy::LogMergePolicy;
use tantivy::{IndexWriter, TantivyDocument, Term};

use super::manifest::{Fate, FileEntry};
use super::{FORMAT, Head, INDEX_DIR, Payload, Store, StoreError};
use crate::article::Article;

/// Threads that build the index, and the memory that each may fill before it writes a segment. Two threads at 75 MB keep
/// the whole ingest of 57,000 articles below 400 MiB, in two segments: each one more costs every search a look-up of all
/// its words.
const THREADS: usize = 2;
const BYTES_PER_THREAD: usize = 75_000_000;

/// A segment of which a larger part was removed is written anew: what is removed still takes its room, as when the second
/// half of an archive takes over the articles of the first.
const MOST_REMOVED: f32 = 0.3;

/// The one writer of a store. Nothing is visible, and nothing counts, before [`Writer::commit`].
pub struct Writer<'a> {
    store: &'a mut Store,
    writer: IndexWriter,
}

impl Store {
    /// Locks the store for writing. Fails with [`StoreError::Busy`] while another process writes.
    pub fn writer(&mut self) -> Result<Writer<'_>, StoreError> {
        let writer = self
            .files
            .writer_with_num_threads(THREADS, THREADS * BYTES_PER_THREAD)
            .map_err(|error| self.index.error(error))?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(MOST_REMOVED);
        writer.set_merge_policy(Box::new(policy));
        // What a writer that was killed has left behind would stand in the way of files of the same name.
        writer.garbage_collect_files().wait().map_err(|error| self.index.error(error))?;
        self.reload()?;
        Ok(Writer { store: self, writer })
    }
}

impl Writer<'_> {
    /// The store that is written to, as it was last committed.
    pub fn store(&self) -> &Store {
        self.store
    }

    /// Puts the document of a file whose [`Fate`] is an article. `raw` is the text that the article was parsed from.
    pub fn put_article(&mut self, entry: &FileEntry, article: &Article, raw: &str) -> Result<(), StoreError> {
        self.add(self.store.index.fields.article_document(entry, article, raw))
    }

    /// Puts the document of a file that gives no article of its own.
    pub fn put_file(&mut self, entry: &FileEntry) -> Result<(), StoreError> {
        debug_assert!(!matches!(entry.fate, Fate::Article { .. }), "an article is put with its text");
        self.add(self.store.index.fields.file_document(entry))
    }

    fn add(&mut self, document: TantivyDocument) -> Result<(), StoreError> {
        let Err(error) = self.writer.add_document(document) else { return Ok(()) };
        // A thread that builds the index has died. Waiting for it brings out why: a full disk, most likely.
        let why = self.writer.prepare_commit().err().unwrap_or(error);
        Err(self.store.index.error(why))
    }

    /// Removes what a file gave. Comes before the same file is put anew.
    pub fn remove(&mut self, path: &str) {
        self.writer.delete_term(Term::from_field_text(self.store.index.fields.path, path));
    }

    /// Makes everything since the last commit visible at once, and waits until the segments are merged.
    pub fn commit(mut self, head: Head) -> Result<(), StoreError> {
        let payload =
            serde_json::to_string(&Payload { format: FORMAT, head }).expect("numbers and strings have a JSON form");
        let mut commit = self.writer.prepare_commit().map_err(|error| self.store.index.error(error))?;
        commit.set_payload(&payload);
        commit.commit().map_err(|error| self.store.index.error(error))?;
        let merged = self.writer.wait_merging_threads();
        merged.map_err(|error| self.store.index.error(error))?;
        share_like_folder(&self.store.path.join(INDEX_DIR));
        self.store.reload()
    }
}

/// tantivy writes the files that name the segments for their owner alone. Whoever may read the folder may read them.
#[cfg(unix)]
fn share_like_folder(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let Ok(folder) = dir.metadata() else { return };
    let mode = folder.permissions().mode() & 0o666;
    for name in ["meta.json", ".managed.json"] {
        // Whoever wrote the file may set its mode; should that fail, the store is as private as it was.
        std::fs::set_permissions(dir.join(name), std::fs::Permissions::from_mode(mode)).ok();
    }
}

#[cfg(not(unix))]
fn share_like_folder(_dir: &Path) {}
