//! Inputs: files (plain or gzip, UTF-8 or UTF-16), folders, standard input, or bytes in memory.
//!
//! Only this folder of the module `log` reads from the disk.

mod clean_text;
mod encoding;
mod peek;

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;

use clean_text::CleanText;
use encoding::as_utf8;
use peek::peek;

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
    /// A file, or a folder with files.
    Path(PathBuf),
    /// Standard input.
    Stdin,
    /// These bytes, such as a pasted log or the lines of a rule's test.
    Bytes(Vec<u8>),
}

/// The reason why an input, or the rest of it, could not be read.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The file or folder is missing or may not be read.
    #[error("cannot open {path}: {source}")]
    Open {
        /// Its path as given.
        path: String,
        /// The error that the operating system returned.
        source: io::Error,
    },
    /// Reading failed after it began, for example because of a damaged archive or a disk error.
    #[error("cannot read {name} to its end: {source}")]
    Read {
        /// Name of the input.
        name: String,
        /// The error of the system or the decompressor.
        source: io::Error,
    },
    /// The input is compressed in a format that is not supported.
    #[error("{name} is compressed with {tool}, which is not supported; try `{tool} -dc {name} | casebook diagnose -`")]
    Compressed {
        /// Name of the input.
        name: String,
        /// The program that decompresses it.
        tool: &'static str,
    },
    /// The beginning of the input shows that it is not text.
    #[error("{name} is not a text file")]
    Binary {
        /// Name of the input.
        name: String,
    },
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

    /// Returns the files in a folder and its subfolders, sorted by name; hidden files and folders, whose names begin
    /// with a dot, are left out. For any other input, returns the input itself. If the user gave the folder a name, its
    /// files get that name; otherwise they are named by their paths.
    pub fn members(self) -> Vec<Result<Input, InputError>> {
        let InputKind::Path(folder) = &self.kind else { return vec![Ok(self)] };
        if !folder.is_dir() {
            return vec![Ok(self)];
        }
        let is_visible =
            |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
        let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_visible);
        files
            .filter(|entry| entry.as_ref().map_or(true, |entry| entry.file_type().is_file()))
            .map(|entry| match entry {
                Ok(entry) => Ok(self.member(folder, entry.into_path())),
                Err(error) => Err(walk_error(folder, error)),
            })
            .collect()
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
        let mut names = vec![self.name.clone()];
        if let InputKind::Path(path) = &self.kind
            && let Some(file) = path.file_name()
        {
            let file = file.to_string_lossy();
            names
                .extend(file.match_indices('.').map(|(dot, _)| file[..dot].to_owned()).filter(|stem| !stem.is_empty()));
            names.push(file.into_owned());
        }
        names
    }

    /// Opens the input. Its bytes are decompressed if they are gzip, and converted to UTF-8 if they are UTF-16.
    pub(crate) fn open(self) -> Result<Opened, InputError> {
        let name = self.name;
        let (raw, modified): (Box<dyn Read>, _) = match self.kind {
            InputKind::Stdin => (Box::new(io::stdin()), None),
            InputKind::Bytes(bytes) => (Box::new(Cursor::new(bytes)), None),
            InputKind::Path(path) => {
                let shown = if self.is_named { path.display().to_string() } else { name.clone() };
                let failed = |source| InputError::Open { path: shown.clone(), source };
                let file = File::open(&path).map_err(failed)?;
                let modified = file.metadata().and_then(|data| data.modified()).map_err(failed)?;
                (Box::new(file), Timestamp::try_from(modified).ok())
            }
        };
        let raw = peek(raw, 6);
        if let Some((_, tool)) = OTHER_COMPRESSIONS.iter().find(|(magic, _)| raw.start().starts_with(magic)) {
            return Err(InputError::Compressed { name, tool });
        }
        let text = as_utf8(decompressed(Box::new(raw)));
        match CleanText::open(text) {
            Some(text) => Ok(Opened { reader: Box::new(text), modified }),
            None => Err(InputError::Binary { name }),
        }
    }
}

/// An opened input. `reader` returns its text: decompressed, in UTF-8, and cleaned.
pub(crate) struct Opened {
    pub(crate) reader: Box<dyn Read>,
    /// The modification time of the file; `None` for an input that is not a file.
    pub(crate) modified: Option<Timestamp>,
}

/// Formats of compression that are not supported: the first bytes of such a file, and the program that decompresses it.
const OTHER_COMPRESSIONS: &[(&[u8], &str)] =
    &[(b"\xfd7zXZ\0", "xz"), (b"BZh", "bzip2"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"\x04\x22\x4d\x18", "lz4")];

fn walk_error(folder: &Path, error: walkdir::Error) -> InputError {
    let path = error.path().unwrap_or(folder).display().to_string();
    let source = error.into_io_error().unwrap_or_else(|| io::Error::other("folders form a loop"));
    InputError::Open { path, source }
}

fn decompressed(input: Box<dyn Read>) -> Box<dyn Read> {
    const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];
    let input = peek(input, 2);
    if input.start() == GZIP_MAGIC { Box::new(MultiGzDecoder::new(BufReader::new(input))) } else { Box::new(input) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[track_caller]
    fn check(bytes: impl Into<Vec<u8>>, text: &str) {
        let mut opened = Input::bytes("x", bytes).open().expect("bytes can be opened");
        let mut read = String::new();
        opened.reader.read_to_string(&mut read).expect("readable as text");
        assert_eq!(read, text);
    }

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).expect("writing to memory");
        encoder.finish().expect("writing to memory")
    }

    #[test]
    fn plain_gzip_and_utf_16_read_alike() {
        check("zwölf\n", "zwölf\n");
        check("", "");
        check("\u{feff}zwölf\n", "zwölf\n");
        check([gzip("one\n"), gzip("two\n")].concat(), "one\ntwo\n");
        let utf_16: Vec<u8> = "\u{feff}zwölf\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(utf_16.clone(), "zwölf\n");
        check(utf_16[..utf_16.len() - 1].to_vec(), "zwölf\u{fffd}");
        let long = "ä".repeat(50_000);
        check(format!("\u{feff}{long}").encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>(), &long);
    }

    #[test]
    fn a_damaged_archive_is_read_up_to_the_damage() {
        let whole = gzip(&"line\n".repeat(1000));
        let mut opened = Input::bytes("x", &whole[..whole.len() - 9]).open().expect("the start is sound");
        assert!(opened.reader.read_to_end(&mut Vec::new()).is_err());
    }

    #[test]
    fn the_error_for_a_missing_file_names_its_path() {
        let error = Input::path("no/such.log").open().err().expect("there is no such file");
        assert!(error.to_string().starts_with("cannot open no/such.log: "), "{error}");
    }

    #[test]
    fn a_file_is_known_by_its_name_up_to_each_dot() {
        assert_eq!(Input::named("web", "logs/sshd.log.1").names(), ["web", "sshd", "sshd.log", "sshd.log.1"]);
        assert_eq!(Input::stdin().names(), ["-"]);
    }

    #[test]
    fn the_members_of_a_folder_are_its_files() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["b.log", "a.log"] {
            std::fs::write(folder.path().join(name), "x").expect("a writable folder");
        }
        let members: Vec<_> =
            Input::path(folder.path()).members().into_iter().map(|member| member.map(|m| m.name).ok()).collect();
        let path = |name: &str| Some(folder.path().join(name).display().to_string());
        assert_eq!(members, [path("a.log"), path("b.log")]);
    }
}
