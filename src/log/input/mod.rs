//! Inputs: files, folders, archives, standard input, or bytes in memory, plain or compressed, in UTF-8 or UTF-16.
//!
//! [`Input::visit`] passes on each text of an input, cleaned. Only this folder of the module `log` reads from the disk.

mod archive;
mod clean_text;
mod compression;
mod encoding;
mod error;
#[cfg(feature = "evtx")]
mod event_log;
mod failing;
mod journal_export;
mod peek;
mod spool;
mod tar;
#[cfg(test)]
mod tests;
mod zip;

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use archive::{FileCounts, Origin, Stream, Visit};
pub use error::InputError;
pub(in crate::log) use failing::Failing;

/// An input to read: a file, a folder, standard input, or bytes in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The name that the user gave it, or else its path as given; `-` for standard input. The `on` of a symptom may
    /// refer to the input by this name.
    pub name: String,
    /// The origin of its bytes.
    pub kind: InputKind,
    /// Whether the user chose the name (`--source NAME=PATH`), so that all files of a folder have it. Otherwise the name is
    /// the path as given.
    pub is_named: bool,
}

/// The origin of the bytes of an [`Input`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputKind {
    /// A file, which may be an archive, or a folder with files.
    Path(PathBuf),
    /// Standard input.
    Stdin,
    /// These bytes, such as a pasted log or the lines of a rule's test.
    Bytes(Vec<u8>),
}

/// Whether `entry` of a folder may be a log, or a folder with logs: it is not hidden, and no rule file or settings of
/// casebook. A file that the user names is read, whatever its name.
pub(crate) fn may_be_log(entry: &walkdir::DirEntry) -> bool {
    let name = entry.file_name().as_encoded_bytes();
    entry.depth() == 0 || !(name.starts_with(b".") || name.ends_with(b".rules") || name == b"casebook.toml")
}

impl Input {
    /// Returns the input for a file or folder; its name is its path.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Input::path_in(Path::new(""), path)
    }

    /// Returns the input for the file or folder `path`, which is relative to `folder`. Its name is `path`, without
    /// `folder`.
    pub fn path_in(folder: &Path, path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let kind = InputKind::Path(folder.join(&path));
        Input { name: path.display().to_string(), kind, is_named: false }
    }

    /// Returns the input for a file or folder to which the user gave a name (`--source NAME=PATH`).
    pub fn named(name: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        Input { name: name.into(), kind: InputKind::Path(path.into()), is_named: true }
    }

    /// Returns the input for standard input, named `-`.
    pub fn stdin() -> Self {
        Input { name: "-".to_owned(), kind: InputKind::Stdin, is_named: false }
    }

    /// Returns an input for bytes in memory.
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Input { name: name.into(), kind: InputKind::Bytes(bytes.into()), is_named: false }
    }

    /// Passes each text of the input to `visit`, and an error for each part that cannot be read: the text of a file;
    /// the texts of the files in a folder and its subfolders, sorted by name, or in an archive, in its order. Hidden
    /// files and folders, whose names begin with a dot, are left out; so are rule files and `casebook.toml`. If the user gave
    /// the folder or archive a name, its texts have that name; otherwise they are named by their paths.
    pub(crate) fn visit(self, visit: &mut dyn FnMut(Result<OpenedInput<'_>, FailedInput>)) {
        let mut visit = Visit::new(visit);
        match &self.kind {
            InputKind::Path(folder) if folder.is_dir() => self.visit_folder(folder, &mut visit),
            _ => match self.stream() {
                Ok(stream) => visit.stream(stream),
                Err(failed) => visit.fail(&failed.name, failed.error),
            },
        }
    }

    fn visit_folder(&self, folder: &Path, visit: &mut Visit<'_>) {
        let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(may_be_log);
        let mut counts = FileCounts::default();
        for entry in files {
            match entry {
                Ok(entry) if !entry.file_type().is_file() => {}
                Ok(entry) => match self.member(folder, entry.into_path()).stream() {
                    Ok(stream) => visit.file_of(&mut counts, stream),
                    Err(failed) => visit.fail(&failed.name, failed.error),
                },
                Err(error) => visit.fail(&self.name, walk_error(folder, error)),
            }
        }
        visit.report(&self.name, &counts);
    }

    /// Returns the input for the file at `path`, which is in the folder of this input.
    fn member(&self, folder: &Path, path: PathBuf) -> Input {
        let name = match path.strip_prefix(folder) {
            Ok(below) if !self.is_named => Path::new(&self.name).join(below).display().to_string(),
            _ => self.name.clone(),
        };
        Input { name, kind: InputKind::Path(path), is_named: self.is_named }
    }

    /// Returns the names by which `on` may refer to the input: its own name and, for a file, the file name and each
    /// part of it that ends before a dot (`sshd` and `sshd.log` of `sshd.log.1`).
    pub(crate) fn names(&self) -> Vec<String> {
        self.origin(None).names()
    }

    fn origin(&self, modified: Option<Timestamp>) -> Origin {
        let file_name = match &self.kind {
            InputKind::Path(path) => path.file_name().map(|file| file.to_string_lossy().into_owned()),
            // Bytes that are named like a file are treated as that file.
            InputKind::Bytes(_) => self.name.rsplit('/').next().filter(|name| name.contains('.')).map(str::to_owned),
            InputKind::Stdin => None,
        };
        let path = self.file().map(Path::to_owned);
        Origin { name: self.name.clone(), file_name, is_named: self.is_named, modified, path, text_file: None }
    }

    /// Returns the path of the file or folder; `None` for another input.
    pub(crate) fn file(&self) -> Option<&Path> {
        match &self.kind {
            InputKind::Path(path) => Some(path),
            InputKind::Stdin | InputKind::Bytes(_) => None,
        }
    }

    /// Opens the input, which is not a folder.
    fn stream(self) -> Result<Stream<'static>, FailedInput> {
        let origin = self.origin(None);
        let (bytes, file, modified): (Box<dyn Read>, _, _) = match self.kind {
            InputKind::Stdin => (Box::new(io::stdin()), None, None),
            InputKind::Bytes(bytes) => (Box::new(Cursor::new(bytes)), None, None),
            InputKind::Path(path) => {
                let shown = if self.is_named { path.display().to_string() } else { self.name.clone() };
                let failed = |source| FailedInput {
                    name: self.name.clone(),
                    error: InputError::Open { path: shown.clone(), source },
                };
                let file = File::open(&path).map_err(failed)?;
                let data = file.metadata().map_err(failed)?;
                let modified = data.modified().map_err(failed)?;
                (Box::new(file), data.is_file().then_some(path), Timestamp::try_from(modified).ok())
            }
        };
        Ok(Stream { origin: Origin { modified, ..origin }, bytes, file })
    }
}

/// A text of an input.
pub(crate) struct OpenedInput<'a> {
    /// The name of the input, or of the file in it.
    pub(crate) name: String,
    /// The names by which `on` may refer to it.
    pub(crate) names: Vec<String>,
    /// Returns its text: decompressed, in UTF-8, and cleaned.
    pub(crate) reader: Box<dyn Read + 'a>,
    /// The modification time of the file; `None` for an input that is not a file.
    pub(crate) modified: Option<Timestamp>,
    /// The path of the file; for a file in an archive, that of the archive and then its own. `None` for an input that is
    /// not a file.
    pub(crate) path: Option<PathBuf>,
    /// The regular file that contains the text, not compressed; `None` if there is none.
    pub(crate) text_file: Option<PathBuf>,
}

/// A part of an input that could not be read.
#[derive(Debug)]
pub(crate) struct FailedInput {
    /// The name of the input, or of the file in it.
    pub(crate) name: String,
    pub(crate) error: InputError,
}

fn walk_error(folder: &Path, error: walkdir::Error) -> InputError {
    let path = error.path().unwrap_or(folder).display().to_string();
    let source = error.into_io_error().unwrap_or_else(|| io::Error::other("folders form a loop"));
    InputError::Open { path, source }
}
