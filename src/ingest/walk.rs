//! Which files there are: folders walked in order of name, with what the file system says of each file.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::book;
use crate::store::FileStat;

/// A file that may hold an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Absolute path, or `book:…`.
    pub(super) path: PathBuf,
    pub(super) content: Content,
    pub(super) collection: String,
    pub(super) stat: FileStat,
    pub(super) bytes: u64,
    /// When the file or what is said of it was last changed, in milliseconds since 1970.
    pub(super) modified_ms: i64,
}

impl Candidate {
    fn file(path: PathBuf, collection: &str, metadata: &Metadata) -> Self {
        Candidate {
            stat: stat_of(metadata),
            bytes: metadata.len(),
            modified_ms: modified_ms(metadata),
            collection: collection.to_owned(),
            content: Content::File,
            path,
        }
    }

    /// The file at `path`, which an earlier ingest saw; `None` when it is no longer there.
    pub(super) fn seen_before(path: &str, collection: &str) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        metadata.is_file().then(|| Candidate::file(PathBuf::from(path), collection, &metadata))
    }
}

/// Where the content of a candidate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// On disk.
    File,
    /// In the binary.
    Book(&'static str),
}

/// What could not be looked at. What was ingested from below such a place is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) path: PathBuf,
    pub(super) reason: String,
}

/// Everything below some roots.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) files: Vec<Candidate>,
    pub(super) unreadable: Vec<Unreadable>,
}

/// Walks `root`, which is a folder or a file. Hidden files and folders (`.git`, the store) are passed over, links are
/// followed. Files come in order of path, so that of two files with one article the same one wins each time.
pub(super) fn walk(root: &Path, walk: &mut Walk) {
    let collection = collection_of(root);
    for entry in entries(root) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(root).to_owned();
                walk.unreadable.push(Unreadable { path, reason: reason_of(&error) });
                continue;
            }
        };
        if !entry.file_type().is_file() {
            continue;
        }
        match entry.metadata() {
            Ok(metadata) => walk.files.push(Candidate::file(entry.into_path(), &collection, &metadata)),
            Err(error) => walk.unreadable.push(Unreadable { reason: reason_of(&error), path: entry.into_path() }),
        }
    }
}

/// The visible files below `roots`, in no time but that of listing folders.
pub(super) fn paths(roots: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    let entries = roots.iter().flat_map(|root| entries(root));
    entries.filter_map(Result::ok).filter(|entry| entry.file_type().is_file()).map(DirEntry::into_path)
}

fn entries(root: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter().filter_entry(is_visible)
}

/// The articles of the bundled book, as if they were files older than any ingest.
pub(super) fn book(walk: &mut Walk) {
    walk.files.extend(book::articles().into_iter().map(|file| Candidate {
        path: PathBuf::from(format!("{}{}", book::PREFIX, file.path)),
        content: Content::Book(file.text),
        collection: book::COLLECTION.to_owned(),
        stat: FileStat(super::first_eight(blake3::Hasher::new().update(file.text.as_bytes()))),
        bytes: file.text.len() as u64,
        modified_ms: 0,
    }));
}

/// Whether walking `root` comes by `path`: it is below, and not within a hidden folder.
pub(super) fn reaches(root: &Path, path: &Path) -> bool {
    let is_hidden = |part: &std::ffi::OsStr| part.as_encoded_bytes().starts_with(b".");
    path.strip_prefix(root).is_ok_and(|below| !below.iter().any(is_hidden))
}

/// The name of a collection is that of its root until collections are configured.
fn collection_of(root: &Path) -> String {
    root.file_stem().map_or_else(|| "kb".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn is_visible(entry: &DirEntry) -> bool {
    entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn reason_of(error: &walkdir::Error) -> String {
    match error.io_error() {
        Some(error) => format!("cannot read: {error}"),
        None => "cannot read: a link leads back to a folder above it".to_owned(),
    }
}

/// The later of modification and change: a modification time can be set back.
#[cfg(unix)]
fn modified_ms(metadata: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    metadata.mtime().max(metadata.ctime()).saturating_mul(1_000)
}

#[cfg(not(unix))]
fn modified_ms(metadata: &Metadata) -> i64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(i64::MAX)
}

#[cfg(unix)]
fn stat_of(metadata: &Metadata) -> FileStat {
    use std::os::unix::fs::MetadataExt;
    let (size, inode) = (metadata.size(), metadata.ino());
    let times = [metadata.mtime(), metadata.mtime_nsec(), metadata.ctime(), metadata.ctime_nsec()];
    fold(&[size.to_le_bytes(), inode.to_le_bytes()], &times)
}

#[cfg(not(unix))]
fn stat_of(metadata: &Metadata) -> FileStat {
    fold(&[metadata.len().to_le_bytes()], &[modified_ms(metadata)])
}

fn fold(sizes: &[[u8; 8]], times: &[i64]) -> FileStat {
    let mut hasher = blake3::Hasher::new();
    for size in sizes {
        hasher.update(size);
    }
    for time in times {
        hasher.update(&time.to_le_bytes());
    }
    FileStat(super::first_eight(&hasher))
}
