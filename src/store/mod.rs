//! Articles in an index on disk, and finding them again: the only place that names tantivy.
//!
//! One tantivy commit holds everything: articles with their full text, references, identifiers, and the manifest of the
//! files they came from (a column of the same documents). A crash therefore leaves the old state or the new one.
//! Articles are stored as text and parsed again when shown, so that a better parser needs no new store.

mod attribute;
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
mod writer;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::{ReloadPolicy, Searcher, TantivyError};

pub use collection::{SearchOptions, Weights};
pub use facets::Facets;
pub use filter::UnmatchedFilter;
pub use index::{Index, StoredArticle};
pub use manifest::{ArticleName, Fate, FileEntry, FileStat, MEMBER, Manifest, NamedBy};
pub use ranking::{Ranking, RankingError};
pub use relations::{References, Related, Relation};
#[cfg(any(test, feature = "lab"))]
pub(crate) use sample::lot;
pub use search::{
    Evidence, Explained, Found, Group, Hit, Label, Like, Nothing, Origin, Outcome, Part, Printed, Ranked, Restriction,
    Sighting, Signature, Snippet, UnknownWord, WhyNot, Without,
};
#[cfg(any(test, feature = "lab"))]
pub(crate) use text::words;
pub use verify::verify;
pub use writer::Writer;

use directory::IndexDirectory;
use schema::Fields;

/// Version of what the index holds. Raise it with every change of the schema, the terms or the manifest.
const FORMAT: u32 = 3;

/// Folder of the index inside the store folder, which leaves room for caches beside it.
const INDEX_DIR: &str = "index";

/// An open store: it is created, written and reloaded here, and read through its [`Index`]. Cheap to open (some
/// milliseconds for 57,000 articles); readers go on during a write.
pub struct Store {
    files: tantivy::Index,
    /// Of the newest commit known; opening one means opening every file of the index.
    index: Index,
    path: PathBuf,
}

/// What every commit says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// When the ingest that made this commit began, in milliseconds since 1970: files that were modified later, or within
    /// the clock's grain, are compared by content next time.
    pub started_ms: i64,
    /// Files and folders that were ingested.
    pub roots: Vec<Root>,
    /// Fingerprint of the bundled book that is inside, if it is.
    pub book: Option<String>,
    /// Fingerprint of what the fields of exports were taken for.
    pub fields: String,
    /// Files in the manifest, the book's included.
    pub files: u64,
    /// Articles held.
    pub articles: u64,
}

/// A file or folder that was ingested.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Root {
    /// Absolute path.
    pub path: String,
    /// Name of the collection that its articles belong to.
    pub collection: String,
}

/// The form in which a commit carries its head.
#[derive(Serialize, Deserialize)]
struct Payload {
    format: u32,
    #[serde(flatten)]
    head: Head,
}

impl Default for Head {
    fn default() -> Self {
        Head { started_ms: i64::MIN, roots: Vec::new(), book: None, fields: String::new(), files: 0, articles: 0 }
    }
}

/// What can go wrong with a store. None of these lose what was committed before.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no store.
    #[error("there is no store at `{}`", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The store was made by another version of casebook.
    #[error("the store at `{}` has another format than this casebook reads", path.display())]
    OtherFormat {
        /// The store.
        path: PathBuf,
    },
    /// Another process writes to it.
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
        /// What the system said.
        source: std::io::Error,
    },
    /// Files of the index are missing or hold what they should not.
    #[error("the store at `{}` is damaged", path.display())]
    Damaged {
        /// The store.
        path: PathBuf,
        /// What tantivy said.
        source: TantivyError,
    },
    /// tantivy failed otherwise; what was committed before is still there.
    #[error("the store at `{}` failed", path.display())]
    Failed {
        /// The store.
        path: PathBuf,
        /// What tantivy said.
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
        Store::with_files(files, path)
    }

    /// Opens the store in `path`, making an empty one when there is none.
    pub fn open_or_create(path: &Path) -> Result<Store, StoreError> {
        match Store::open(path) {
            Err(StoreError::Missing { .. }) => {
                let dir = path.join(INDEX_DIR);
                std::fs::create_dir_all(&dir).map_err(|source| StoreError::Io { path: path.to_owned(), source })?;
                match tantivy::Index::builder().schema(Fields::schema()).create_in_dir(&dir) {
                    Ok(files) => Store::with_files(files, path),
                    // Another process was faster.
                    Err(TantivyError::IndexAlreadyExists) => Store::open(path),
                    Err(error) => Err(store_error(path, error)),
                }
            }
            other => other,
        }
    }

    /// Removes the store of another format at `path` if it holds nothing but bundled articles, which are built anew in no
    /// time. Whether it did.
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

    /// A store that lives as long as the process: for a machine where nothing can be written, and for tests.
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

    /// Looks at the newest commit from now on, after a write by this process or another. An [`Index`] that was taken
    /// before stays as it is.
    pub fn reload(&mut self) -> Result<(), StoreError> {
        self.index = newest_commit(&self.files, &self.path)?;
        Ok(())
    }

    /// The newest commit known, to be read and searched.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// What the newest commit says about itself.
    pub fn head(&self) -> &Head {
        self.index.head()
    }

    /// The folder of the store.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The newest commit: what it holds and what it says about itself. Another process may commit in between the two.
fn newest_commit(files: &tantivy::Index, path: &Path) -> Result<Index, StoreError> {
    let other_format = || StoreError::OtherFormat { path: path.to_owned() };
    let fields = Fields::of(&files.schema()).ok_or_else(other_format)?;
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

fn newest_head(files: &tantivy::Index, path: &Path) -> Result<Head, StoreError> {
    let meta = files.load_metas().map_err(|error| store_error(path, error))?;
    let Some(payload) = meta.payload else { return Ok(Head::default()) };
    match serde_json::from_str(&payload) {
        Ok(Payload { format: FORMAT, head }) => Ok(head),
        Ok(_) | Err(_) => Err(StoreError::OtherFormat { path: path.to_owned() }),
    }
}

/// Sorts tantivy's errors into those a user can act on.
fn store_error(path: &Path, error: TantivyError) -> StoreError {
    let path = path.to_owned();
    match error {
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

/// tantivy shares its I/O errors; the kind and the text are all that callers look at. A full disk is said in plain words,
/// since the text may be that of a wrapper.
fn unshared(error: &std::io::Error) -> std::io::Error {
    match error.kind() {
        std::io::ErrorKind::StorageFull => std::io::Error::from(std::io::ErrorKind::StorageFull),
        kind => std::io::Error::new(kind, error.to_string()),
    }
}
