//! Changes the store: puts and removes the documents of files, then commits all of it at once.

use std::path::Path;

use tantivy::merge_policy::LogMergePolicy;
use tantivy::{IndexWriter, TantivyDocument, Term};

use super::checksums::{self, Extent};
use super::manifest::{FileEntry, FileOutcome};
use super::{CommitInfo, INDEX_DIR, Payload, Store, StoreError};
use crate::article::Article;

/// The number of threads that build the index, and the bytes of memory that each may fill before it writes a segment.
/// Two threads at 75 MB keep the ingest of 57,000 articles below 400 MiB and in two segments. Each further segment
/// costs every search a look-up of all its words.
const THREADS: usize = 2;
const BYTES_PER_THREAD: usize = 75_000_000;

/// A segment is written again when a larger share of its documents was removed, since removed documents keep their
/// space. This happens when the second half of an archive replaces the articles of the first.
const MOST_REMOVED: f32 = 0.3;

/// The only writer of a store. Nothing is visible before [`Writer::commit`].
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
        // A writer that was killed may have left files whose names are needed again.
        writer.garbage_collect_files().wait().map_err(|error| self.index.error(error))?;
        self.reload()?;
        Ok(Writer { store: self, writer })
    }
}

impl Writer<'_> {
    /// The store as it was last committed.
    pub fn store(&self) -> &Store {
        self.store
    }

    /// Adds the document of a file from which the store takes an article. `raw` is the text that the article was parsed
    /// from, `path` the path of the file below the root of its collection.
    pub fn put_article(
        &mut self,
        entry: &FileEntry,
        article: &Article,
        raw: &str,
        path: &str,
    ) -> Result<(), StoreError> {
        self.add(self.store.index.fields.article_document(entry, article, raw, path))
    }

    /// Adds the document of a file from which the store takes no article.
    pub fn put_file(&mut self, entry: &FileEntry) -> Result<(), StoreError> {
        debug_assert!(!matches!(entry.outcome, FileOutcome::Article { .. }), "an article is put with its text");
        self.add(self.store.index.fields.file_document(entry))
    }

    fn add(&mut self, document: TantivyDocument) -> Result<(), StoreError> {
        let Err(error) = self.writer.add_document(document) else { return Ok(()) };
        // Adding fails if a thread that builds the index has ended. Preparing a commit returns its error, most likely a
        // full disk.
        let why = self.writer.prepare_commit().err().unwrap_or(error);
        Err(self.store.index.error(why))
    }

    /// Removes the document of a file. Call it before the same file is added again.
    pub fn remove(&mut self, path: &str) {
        self.writer.delete_term(Term::from_field_text(self.store.index.fields.path, path));
    }

    /// Makes all changes visible at once, and waits until the segments are merged.
    pub fn commit(mut self, head: CommitInfo) -> Result<(), StoreError> {
        let payload = serde_json::to_string(&Payload::new(head)).expect("numbers and strings have a JSON form");
        let mut commit = self.writer.prepare_commit().map_err(|error| self.store.index.error(error))?;
        commit.set_payload(&payload);
        commit.commit().map_err(|error| self.store.index.error(error))?;
        let merged = self.writer.wait_merging_threads();
        merged.map_err(|error| self.store.index.error(error))?;
        share_like_folder(&self.store.path.join(INDEX_DIR));
        if self.store.path.join(INDEX_DIR).exists() {
            checksums::check(&self.store.files, &self.store.path, Extent::Changed)?;
        }
        self.store.reload()
    }
}

/// Gives the files that list the segments the rights of the folder to read and write. tantivy creates them for their
/// owner alone.
#[cfg(unix)]
fn share_like_folder(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let Ok(folder) = dir.metadata() else { return };
    let mode = folder.permissions().mode() & 0o666;
    for name in ["meta.json", ".managed.json"] {
        // This process wrote the files, so it may set their mode. If that fails, the store stays private.
        std::fs::set_permissions(dir.join(name), std::fs::Permissions::from_mode(mode)).ok();
    }
}

#[cfg(not(unix))]
fn share_like_folder(_dir: &Path) {}
