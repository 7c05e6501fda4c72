//! Lists the files of the inputs with the attributes that the file system keeps of each.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::hash::first_eight;
use super::inputs::{Inputs, Root};
use crate::article::{Place, without_suffix};
use crate::book;
use crate::store::FileStat;

/// A file that may hold one or more articles.
#[derive(Debug, Clone)]
pub(super) struct InputFile {
    /// Absolute path, or `book:…`.
    pub(super) path: PathBuf,
    pub(super) content: Content,
    pub(super) root: Arc<Root>,
    pub(super) stat: FileStat,
    pub(super) bytes: u64,
    /// When the content or the attributes last changed, in milliseconds since 1970.
    pub(super) modified_ms: i64,
}

impl InputFile {
    fn file(path: PathBuf, root: &Arc<Root>, metadata: &Metadata) -> Self {
        InputFile {
            stat: stat_of(metadata),
            bytes: metadata.len(),
            modified_ms: modified_ms(metadata),
            root: Arc::clone(root),
            content: Content::File,
            path,
        }
    }

    /// The file at `path`, below `root`, with its current attributes; `None` if there is no such file.
    pub(super) fn at(path: &str, root: &Arc<Root>) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        metadata.is_file().then(|| InputFile::file(PathBuf::from(path), root, &metadata))
    }

    /// The path as it is written in the manifest. Bytes that are not UTF-8 are escaped, so that no two files share a
    /// name.
    pub(super) fn name(&self) -> Cow<'_, str> {
        name_of(&self.path)
    }

    /// The place of an article in this file.
    pub(super) fn place(&self) -> Place {
        Place::new(&self.root.collection, name_below(&self.root.path, &self.path))
    }

    /// The place of an article in the member named `member` of this file.
    pub(super) fn place_of_member(&self, member: &str) -> Place {
        Place::new(&self.root.collection, below_container(&name_below(&self.root.path, &self.path), member))
    }
}

/// The path of a file below its root, with `/` between its parts; empty if the root is the file.
pub(super) fn name_below(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    name_of(below).replace(std::path::MAIN_SEPARATOR, "/")
}

/// The path of a member of a container whose path below its root is `outer`: a container counts as a folder.
pub(super) fn below_container(outer: &str, member: &str) -> String {
    format!("{}/{member}", without_suffix(outer))
}

/// Where the content of a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// On disk, at the path of the file.
    File,
    /// In the program itself: this text of the bundled book.
    Book(&'static str),
}

/// A path that could not be read. The store keeps the articles that were ingested from below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) path: PathBuf,
    pub(super) reason: String,
}

/// Everything that a walk finds below its roots.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Sorted by name.
    pub(super) files: Vec<InputFile>,
    pub(super) unreadable: Vec<Unreadable>,
    /// Links that lead out of the inputs. Nothing below them is kept.
    pub(super) outside: Vec<Unreadable>,
}

impl Walk {
    /// Lists the files of `inputs`. Hidden files and folders (`.git`, the store) are skipped. Links are followed where they stay
    /// within the inputs: a link in a folder of others must not bring in the files of the user.
    pub(super) fn new(inputs: &Inputs) -> Self {
        let mut walk = Walk::default();
        inputs.roots().iter().for_each(|root| walk.root(root, inputs.roots()));
        if inputs.book {
            walk.files.extend(book());
        }
        walk.files.sort_by(|a, b| a.name().cmp(&b.name()));
        walk
    }

    /// Adds the files below `root`. On all cores, because asking for the sizes and times of files takes ten times as
    /// long as listing them.
    fn root(&mut self, root: &Root, all: &[Root]) {
        let mut paths = Vec::new();
        if std::fs::metadata(&root.path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
            let reason = "is neither a file nor a folder".to_owned();
            self.unreadable.push(Unreadable { path: root.path.clone(), reason });
            return;
        }
        let outside = RefCell::new(Vec::new());
        for entry in entries(&root.path, all, &|path: &Path| outside.borrow_mut().push(path.to_owned())) {
            match entry {
                Ok(entry) if entry.file_type().is_file() => paths.push(entry.into_path()),
                Ok(_) => {}
                Err(error) => {
                    let path = error.path().unwrap_or(&root.path).to_owned();
                    self.unreadable.push(Unreadable { path, reason: reason_of(&error) });
                }
            }
        }
        let reason = "a link leads out of the folder; name what it leads to as an input to ingest it";
        let skipped = outside.into_inner().into_iter();
        self.outside.extend(skipped.map(|path| Unreadable { path, reason: reason.to_owned() }));
        let root = Arc::new(root.clone());
        let look = |path: PathBuf| match std::fs::metadata(&path) {
            Ok(metadata) => Ok(InputFile::file(path, &root, &metadata)),
            Err(error) => Err(Unreadable { path, reason: format!("cannot read: {error}") }),
        };
        let looked_at: Vec<Result<InputFile, Unreadable>> = paths.into_par_iter().map(look).collect();
        for found in looked_at {
            match found {
                Ok(file) => self.files.push(file),
                Err(unreadable) => self.unreadable.push(unreadable),
            }
        }
    }

    /// The listed file with this name.
    pub(super) fn find(&self, name: &str) -> Option<&InputFile> {
        let index = self.files.binary_search_by(|file| file.name().as_ref().cmp(name)).ok()?;
        Some(&self.files[index])
    }

    /// Whether `path` is below a path that could not be read.
    pub(super) fn is_hidden(&self, path: &Path) -> bool {
        self.unreadable.iter().any(|place| path.starts_with(&place.path))
    }
}

/// The visible files below `roots`. Lists folders only; does not ask for the attributes of files.
pub(super) fn paths<'a>(roots: impl Iterator<Item = &'a Path>) -> impl Iterator<Item = PathBuf> {
    let entries = roots.flat_map(|root| entries(root, &[], &|_| {}));
    entries.filter_map(Result::ok).filter(|entry| entry.file_type().is_file()).map(DirEntry::into_path)
}

/// The visible entries below `root`, without those below one of the `others`. Calls `outside` with the links that lead out
/// of all of them, which are left out.
fn entries<'a>(
    root: &'a Path,
    others: &'a [Root],
    outside: &'a dyn Fn(&Path),
) -> impl Iterator<Item = walkdir::Result<DirEntry>> + use<'a> {
    let nested: Vec<&Path> = others.iter().map(|other| &*other.path).filter(|path| *path != root).collect();
    let real: Vec<PathBuf> =
        std::iter::once(&root).chain(&nested).filter_map(|path| std::fs::canonicalize(path).ok()).collect();
    let leads_out = move |entry: &DirEntry| {
        let target = entry.path_is_symlink().then(|| std::fs::canonicalize(entry.path()).ok()).flatten();
        target.is_some_and(|target| !real.iter().any(|root| target.starts_with(root)))
    };
    let is_ours = move |entry: &DirEntry| {
        if entry.depth() == 0 {
            return true;
        }
        let is_ours = is_visible(entry) && !nested.contains(&entry.path());
        let leads_out = is_ours && leads_out(entry);
        if leads_out {
            outside(entry.path());
        }
        is_ours && !leads_out
    };
    WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter().filter_entry(is_ours)
}

/// The articles of the bundled book, as files. Their time is 0, so that they count as older than any ingest.
fn book() -> impl Iterator<Item = InputFile> {
    let root = Arc::new(Root::named(book::PREFIX, book::COLLECTION));
    book::articles().iter().copied().map(move |file| InputFile {
        path: PathBuf::from(format!("{}{}", book::PREFIX, file.path)),
        content: Content::Book(file.text),
        root: Arc::clone(&root),
        stat: FileStat(first_eight(blake3::Hasher::new().update(file.text.as_bytes()))),
        bytes: file.text.len() as u64,
        modified_ms: 0,
    })
}

pub(super) fn name_of(path: &Path) -> Cow<'_, str> {
    match path.to_str() {
        Some(path) => Cow::Borrowed(path),
        None => Cow::Owned(path.as_os_str().as_encoded_bytes().escape_ascii().to_string()),
    }
}

fn is_visible(entry: &DirEntry) -> bool {
    !entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn reason_of(error: &walkdir::Error) -> String {
    match error.io_error() {
        Some(error) => format!("cannot read: {error}"),
        None => "cannot read: a link leads back to a folder above it".to_owned(),
    }
}

/// The later of modification and change time, because a modification time can be set back.
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
    FileStat(first_eight(&hasher))
}
