//! Changes the store: puts and removes the documents of files, then commits all of it at once.

use std::path::Path;
use std::sync::Arc;

use tantivy::indexer::IndexWriterOptions;
use tantivy::merge_policy::LogMergePolicy;
use tantivy::{IndexWriter, TantivyDocument, Term};

use super::checksums::{self, Extent};
use super::manifest::{FileEntry, FileOutcome};
use super::waiting::{Room, WaitingDocument};
use super::{CommitInfo, INDEX_DIR, Payload, Store, StoreError};
use crate::article::Article;

/// The memory of a writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriterMemory {
    /// The number of threads that build the index.
    threads: usize,
    /// The bytes that each may fill before it writes a segment.
    bytes_per_thread: usize,
    /// The bytes of documents that may wait for a thread.
    waiting_bytes: usize,
}

/// The fewest bytes for a thread that tantivy accepts.
const LEAST_BYTES_PER_THREAD: usize = 15_000_000;

impl Default for WriterMemory {
    /// Two threads at 75 MB keep the ingest of 57,000 articles below 400 MiB and in two segments. Each further segment costs every
    /// search a look-up of all its words.
    fn default() -> Self {
        WriterMemory { threads: 2, bytes_per_thread: 75_000_000, waiting_bytes: 32_000_000 }
    }
}

impl WriterMemory {
    /// Shares `bytes`. Uses more if they are too few for one thread.
    pub(crate) fn limited_to(bytes: usize) -> Self {
        let most = WriterMemory::default();
        let threads = if bytes / 3 >= LEAST_BYTES_PER_THREAD { most.threads } else { 1 };
        let waiting_bytes = (bytes / 5).min(most.waiting_bytes);
        let per_thread = (bytes - waiting_bytes) / threads;
        let bytes_per_thread = per_thread.clamp(LEAST_BYTES_PER_THREAD, most.bytes_per_thread);
        WriterMemory { threads, bytes_per_thread, waiting_bytes }
    }

    /// All its bytes.
    #[cfg(test)]
    pub(crate) fn bytes(self) -> usize {
        self.threads * self.bytes_per_thread + self.waiting_bytes
    }
}

/// About the bytes of a document without the text of an article: its entry, its terms, and what tantivy adds.
const BARE_BYTES: usize = 2_000;

/// A segment is written again when a larger share of its documents was removed, since removed documents keep their
/// space. This happens when the second half of an archive replaces the articles of the first.
const MOST_REMOVED: f32 = 0.3;

/// The only writer of a store. Nothing is visible before [`Writer::commit`].
pub struct Writer<'a> {
    store: &'a mut Store,
    writer: IndexWriter<WaitingDocument>,
    room: Arc<Room>,
}

impl Store {
    /// Locks the store for writing. Fails with [`StoreError::Busy`] while another process writes.
    pub fn writer(&mut self) -> Result<Writer<'_>, StoreError> {
        self.writer_within(WriterMemory::default())
    }

    /// Does what [`writer`](Store::writer) does, with other bounds of its memory.
    pub fn writer_within(&mut self, memory: WriterMemory) -> Result<Writer<'_>, StoreError> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(memory.threads)
            .memory_budget_per_thread(memory.bytes_per_thread)
            .num_merge_threads(memory.threads)
            .build();
        let writer: IndexWriter<WaitingDocument> =
            self.files.writer_with_options(options).map_err(|error| self.index.error(error))?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(MOST_REMOVED);
        writer.set_merge_policy(Box::new(policy));
        // A writer that was killed may have left files whose names are needed again.
        writer.garbage_collect_files().wait().map_err(|error| self.index.error(error))?;
        self.reload()?;
        Ok(Writer { store: self, writer, room: Room::new(memory.waiting_bytes) })
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
        let document = self.store.index.fields.article_document(entry, article, raw, path);
        // It has the text, and the texts of the sections.
        self.add(document, 2 * raw.len() + BARE_BYTES)
    }

    /// Adds the document of a file from which the store takes no article.
    pub fn put_file(&mut self, entry: &FileEntry) -> Result<(), StoreError> {
        debug_assert!(!matches!(entry.outcome, FileOutcome::Article { .. }), "an article is put with its text");
        self.add(self.store.index.fields.file_document(entry), BARE_BYTES)
    }

    fn add(&mut self, document: TantivyDocument, bytes: usize) -> Result<(), StoreError> {
        let Err(error) = self.writer.add_document(self.room.take(document, bytes)) else { return Ok(()) };
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
