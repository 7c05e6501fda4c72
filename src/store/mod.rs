//! Keeps articles in an index on disk and finds them again. No other module names tantivy.
//!
//! [`Store`] opens, creates and commits. [`Index`] is what one commit holds, ready to be read; it never changes. [`search`]
//! finds, explains and weighs articles of an index, [`relations`] tells how they relate to one another.
//!
//! One tantivy commit holds everything: articles with their full text, references and identifiers, and the manifest of the
//! files they came from (a column of the same documents). A crash therefore leaves the old state or the new one.
//! Articles are stored as text and parsed again when shown, so a better parser needs no new store.
//!
//! ```
//! use casebook::query;
//! use casebook::store::{SearchOptions, Store, search};
//!
//! let store = Store::in_memory();
//! let results = search::find(store.index(), &query::parse("mail stays in queue"), &SearchOptions::default())?;
//! assert!(results.hits.is_empty());
//! # Ok::<(), casebook::store::StoreError>(())
//! ```

mod attribute;
mod checksums;
mod collection;
mod directory;
mod facets;
mod filter;
mod index;
mod manifest;
mod near_value;
mod passages;
mod ranking;
pub mod relations;
mod sample;
mod schema;
pub mod search;
mod text;
mod verify;
mod waiting;
mod writer;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::{ReloadPolicy, Searcher, TantivyError};

pub use collection::{CollectionWeights, SearchOptions};
pub use facets::Facets;
pub use filter::UnmatchedFilter;
pub use index::{Index, StoredArticle};
pub use manifest::{ArticleName, FileEntry, FileOutcome, FileStat, MEMBER, Manifest, NamedBy};
pub use ranking::{Ranking, RankingError};
pub use relations::{References, Related, Relation};
#[cfg(any(test, feature = "lab"))]
pub(crate) use sample::shuffle_key;
#[cfg(feature = "lab")]
pub(crate) use search::codes;
pub use search::{
    ArticleEvidence, ArticleSignature, EmptyResult, Hit, HitIds, LogRecords, RankedId, Restriction, ScoreExplanation,
    ScoreLabel, ScorePart, SearchResults, SeenSignature, SharedInformation, SimilarTo, Snippet, UnknownWord, WhyNot,
    WhyNotReason, WithoutRestriction, WordOrigin,
};
#[cfg(any(test, feature = "lab"))]
pub(crate) use text::words;
pub use verify::verify;
pub use writer::{Writer, WriterMemory};

use checksums::Extent;
use directory::IndexDirectory;
use schema::Fields;

/// Version of the content of the index. Increase it with every change of the schema, the terms or the manifest.
const FORMAT: u32 = 6;

/// Name of the index folder inside the store folder. The store folder may contain caches beside it.
const INDEX_DIR: &str = "index";

/// An open store: it is created, written and reloaded here, and read through its [`Index`]. Cheap to open (some
/// milliseconds for 57,000 articles); readers go on during a write.
pub struct Store {
    files: tantivy::Index,
    /// The newest commit known. Kept open, since opening one opens every file of the index.
    index: Index,
    path: PathBuf,
}

/// The description that is stored with each commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitInfo {
    /// When the ingest that made this commit began, in milliseconds since 1970. The next ingest compares files by content
    /// that were modified later, or within the resolution of the clock.
    pub started_ms: i64,
    /// Files and folders that were ingested.
    pub roots: Vec<Root>,
    /// Fingerprint of the bundled book; `None` when the store does not hold it.
    pub book: Option<String>,
    /// Fingerprint of the field map by which exports were read.
    pub fields: String,
    /// Number of files in the manifest, those of the book included.
    pub files: u64,
    /// Number of articles.
    pub articles: u64,
}

/// A file or folder that was ingested.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Root {
    /// Absolute path.
    pub path: String,
    /// Name of the collection of its articles.
    pub collection: String,
}

/// What a commit stores as JSON: its description, with the version of the format.
#[derive(Serialize, Deserialize)]
struct Payload {
    format: u32,
    /// A hash of the description; `None` in stores of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sum: Option<String>,
    #[serde(flatten)]
    head: CommitInfo,
}

impl Payload {
    fn new(head: CommitInfo) -> Self {
        Payload { format: FORMAT, sum: Some(sum_of(&head)), head }
    }
}

fn sum_of(head: &CommitInfo) -> String {
    let text = serde_json::to_string(head).expect("numbers and strings have a JSON form");
    blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
}

impl Default for CommitInfo {
    fn default() -> Self {
        CommitInfo { started_ms: i64::MIN, roots: Vec::new(), book: None, fields: String::new(), files: 0, articles: 0 }
    }
}

/// An error of a store. No error loses what was committed before.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no store.
    #[error("there is no store at `{}`", path.display())]
    Missing {
        /// The folder that was expected to hold it.
        path: PathBuf,
    },
    /// The store was made by another version of casebook.
    #[error("the store at `{}` was written by another version of casebook", path.display())]
    OtherFormat {
        /// The store.
        path: PathBuf,
    },
    /// Another process is writing to it.
    #[error("another process is writing to the store at `{}`", path.display())]
    Busy {
        /// The store.
        path: PathBuf,
    },
    /// Reading or writing failed: disk full, no permission.
    #[error("cannot use the store at `{}`", path.display())]
    Io {
        /// The store.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// Files of the index are missing, or their content is invalid.
    #[error("the store at `{}` is damaged", path.display())]
    Damaged {
        /// The store.
        path: PathBuf,
        /// The error of tantivy.
        source: TantivyError,
    },
    /// tantivy failed in another way.
    #[error("the store at `{}` failed", path.display())]
    Failed {
        /// The store.
        path: PathBuf,
        /// The error of tantivy.
        source: TantivyError,
    },
}

impl Store {
    /// Opens the store in `path`. Fails with [`StoreError::Missing`] when there is none.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        let dir = path.join(INDEX_DIR);
        if !dir.join("meta.json").exists() {
            return Err(StoreError::Missing { path: path.to_owned() });
        }
        let folder = MmapDirectory::open(&dir).map_err(|error| store_error(path, error.into()))?;
        let files = tantivy::Index::open(IndexDirectory(folder)).map_err(|error| store_error(path, error))?;
        // A store of another format is told apart first, since its files may have other checksums.
        newest_head(&files, path)?;
        checksums::check(&files, path, Extent::Changed)?;
        Store::with_files(files, path)
    }

    /// Opens the store in `path`. Creates an empty one when there is none.
    pub fn open_or_create(path: &Path) -> Result<Store, StoreError> {
        match Store::open(path) {
            Err(StoreError::Missing { .. }) => {
                let dir = path.join(INDEX_DIR);
                std::fs::create_dir_all(&dir).map_err(|source| StoreError::Io { path: path.to_owned(), source })?;
                match tantivy::Index::builder().schema(Fields::schema()).create_in_dir(&dir) {
                    Ok(files) => Store::with_files(files, path),
                    // Another process has created the store in the meantime.
                    Err(TantivyError::IndexAlreadyExists) => Store::open(path),
                    Err(error) => Err(store_error(path, error)),
                }
            }
            other => other,
        }
    }

    /// Reads every file of the index and compares it with its checksum. Takes a second for some GB.
    pub fn verify(&self) -> Result<(), StoreError> {
        checksums::check(&self.files, &self.path, Extent::All)
    }

    /// Removes the index of the store at `path`, whatever its state. Returns the roots that were ingested into it, as far as they
    /// can still be read.
    pub fn clear(path: &Path) -> Result<Vec<Root>, StoreError> {
        let dir = path.join(INDEX_DIR);
        let meta = std::fs::read(dir.join("meta.json")).unwrap_or_default();
        let payload = serde_json::from_slice::<serde_json::Value>(&meta).unwrap_or_default();
        let payload = payload["payload"].as_str().and_then(|text| serde_json::from_str::<Payload>(text).ok());
        match std::fs::remove_dir_all(&dir) {
            Err(source) if source.kind() != ErrorKind::NotFound => {
                Err(StoreError::Io { path: path.to_owned(), source })
            }
            Ok(()) | Err(_) => Ok(payload.map_or_else(Vec::new, |payload| payload.head.roots)),
        }
    }

    /// Removes the store at `path`, which has another format, if it holds only bundled articles: they are built again
    /// within milliseconds. Returns whether it did.
    pub fn remove_if_bundled(path: &Path) -> bool {
        let dir = path.join(INDEX_DIR);
        let text_at = |value: &serde_json::Value, key: &str| value[key].as_str().map(str::to_owned);
        let head = std::fs::read_to_string(dir.join("meta.json"))
            .ok()
            .and_then(|meta| text_at(&serde_json::from_str(&meta).ok()?, "payload"))
            .and_then(|payload| serde_json::from_str::<serde_json::Value>(&payload).ok());
        let is_bundled = head.is_some_and(|head| head["roots"].as_array().is_some_and(Vec::is_empty));
        is_bundled && std::fs::remove_dir_all(dir).is_ok()
    }

    /// Creates a store in memory: for a machine where nothing can be written, and for tests.
    pub fn in_memory() -> Store {
        let path = PathBuf::from("(in memory)");
        let files = tantivy::Index::builder().schema(Fields::schema()).create_in_ram();
        let files = files.expect("a new index in memory has no file to fail on");
        Store::with_files(files, &path).expect("a new index has today's format")
    }

    fn with_files(files: tantivy::Index, path: &Path) -> Result<Store, StoreError> {
        text::register(&files);
        Ok(Store { index: newest_commit(&files, path)?, files, path: path.to_owned() })
    }

    /// Switches to the newest commit, written by this process or another. An [`Index`] that was taken before does not
    /// change.
    pub fn reload(&mut self) -> Result<(), StoreError> {
        self.index = newest_commit(&self.files, &self.path)?;
        Ok(())
    }

    /// The newest commit known, ready to be read and searched. Clone it to keep it.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The description of the newest commit known.
    pub fn head(&self) -> &CommitInfo {
        self.index.head()
    }

    /// The folder of the store.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Opens the newest commit. Reads its description before and after, since another process may commit in between.
fn newest_commit(files: &tantivy::Index, path: &Path) -> Result<Index, StoreError> {
    let other_format = || StoreError::OtherFormat { path: path.to_owned() };
    let fields = Fields::from_schema(&files.schema()).ok_or_else(other_format)?;
    loop {
        let head = newest_head(files, path)?;
        let searcher = newest_searcher(files).map_err(|error| store_error(path, error))?;
        if newest_head(files, path)? == head {
            return Ok(Index::new(searcher, fields, head, path));
        }
    }
}

fn newest_searcher(files: &tantivy::Index) -> tantivy::Result<Searcher> {
    let reader = files.reader_builder().reload_policy(ReloadPolicy::Manual).num_warming_threads(0).try_into()?;
    Ok(reader.searcher())
}

fn newest_head(files: &tantivy::Index, path: &Path) -> Result<CommitInfo, StoreError> {
    let meta = files.load_metas().map_err(|error| store_error(path, error))?;
    let Some(payload) = meta.payload else { return Ok(CommitInfo::default()) };
    match serde_json::from_str(&payload) {
        Ok(Payload { format: FORMAT, sum, head }) if sum.as_ref().is_none_or(|sum| *sum == sum_of(&head)) => Ok(head),
        Ok(Payload { format: FORMAT, .. }) => {
            Err(checksums::damaged(path, Path::new("meta.json"), "does not describe what was committed"))
        }
        Ok(_) | Err(_) => Err(StoreError::OtherFormat { path: path.to_owned() }),
    }
}

/// Maps the errors of tantivy to those that a user can act on.
fn store_error(path: &Path, error: TantivyError) -> StoreError {
    let path = path.to_owned();
    match error {
        // What cannot be unpacked, or ends too soon.
        TantivyError::IoError(ref source)
            if matches!(source.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof) =>
        {
            StoreError::Damaged { path, source: error }
        }
        TantivyError::LockFailure(LockError::LockBusy, _) => StoreError::Busy { path },
        TantivyError::LockFailure(LockError::IoError(source), _) | TantivyError::IoError(source) => {
            StoreError::Io { path, source: unshared(&source) }
        }
        TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. }) => {
            StoreError::Io { path, source: unshared(&io_error) }
        }
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
        | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. }) => {
            StoreError::Io { path, source: unshared(&io_error) }
        }
        TantivyError::IncompatibleIndex(_)
        | TantivyError::OpenReadError(OpenReadError::IncompatibleIndex(_))
        | TantivyError::SchemaError(_) => StoreError::OtherFormat { path },
        TantivyError::DataCorruption(_)
        | TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_))
        | TantivyError::DeserializeError(_) => StoreError::Damaged { path, source: error },
        source => StoreError::Failed { path, source },
    }
}

/// Copies the kind and the text of an I/O error of tantivy, which cannot be taken because it is shared.
fn unshared(error: &std::io::Error) -> std::io::Error {
    std::io::Error::new(error.kind(), error.to_string())
}
