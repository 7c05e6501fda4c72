//! Inputs: files (plain or gzip, UTF-8 or UTF-16), folders, standard input, or bytes in memory.
//!
//! Only this file of the module `log` reads from the disk.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;
use jiff::Timestamp;

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
    /// The beginning of the input contains a NUL byte, so it is not text.
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
        let failed = |source| InputError::Read { name: name.clone(), source };
        let (start, raw) = peek(raw, 6).map_err(failed)?;
        if let Some((_, tool)) = OTHER_COMPRESSIONS.iter().find(|(magic, _)| start.starts_with(magic)) {
            return Err(InputError::Compressed { name, tool });
        }
        let reader = decompressed(raw).and_then(as_utf8).map_err(failed)?;
        Ok(Opened { reader, modified })
    }
}

/// An opened input. `reader` returns its bytes, decompressed and with UTF-16 converted to UTF-8.
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

/// Reads the first bytes of `input`, at most `len`. Returns them, and a reader that returns all bytes of `input`,
/// including these.
fn peek(mut input: Box<dyn Read>, len: u64) -> io::Result<(Vec<u8>, Box<dyn Read>)> {
    let mut start = Vec::new();
    input.by_ref().take(len).read_to_end(&mut start)?;
    let again = Cursor::new(start.clone()).chain(input);
    Ok((start, Box::new(again)))
}

fn decompressed(input: Box<dyn Read>) -> io::Result<Box<dyn Read>> {
    const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];
    let (start, input) = peek(input, 2)?;
    if start == GZIP_MAGIC { Ok(Box::new(MultiGzDecoder::new(BufReader::new(input)))) } else { Ok(input) }
}

/// Removes a byte order mark at the beginning of `input`. If it is the mark of UTF-16, converts the rest to UTF-8.
fn as_utf8(input: Box<dyn Read>) -> io::Result<Box<dyn Read>> {
    let (start, mut input) = peek(input, 3)?;
    let (mark, recoded) = match start.as_slice() {
        [0xef, 0xbb, 0xbf] => (3, None),
        [0xff, 0xfe, ..] => (2, Some(UTF_16LE)),
        [0xfe, 0xff, ..] => (2, Some(UTF_16BE)),
        _ => return Ok(input),
    };
    input.read_exact(&mut [0; 3][..mark])?;
    Ok(match recoded {
        None => input,
        Some(encoding) => Box::new(Recoded {
            input,
            decoder: encoding.new_decoder_without_bom_handling(),
            pending: Vec::new(),
            ready: Cursor::new(Vec::new()),
            finished: false,
        }),
    })
}

/// A reader that converts UTF-16 to UTF-8.
struct Recoded {
    input: Box<dyn Read>,
    decoder: Decoder,
    /// Bytes read but not yet decoded.
    pending: Vec<u8>,
    ready: Cursor<Vec<u8>>,
    /// Whether the decoder has returned everything, so that it must not be called again.
    finished: bool,
}

impl Read for Recoded {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        const BLOCK_BYTES: usize = 16 * 1024;
        loop {
            let len = self.ready.read(target)?;
            if len > 0 || target.is_empty() || self.finished {
                return Ok(len);
            }
            let last = self.input.by_ref().take(BLOCK_BYTES as u64).read_to_end(&mut self.pending)? == 0;
            let mut text = vec![0; BLOCK_BYTES * 2];
            let (result, read, written, _) = self.decoder.decode_to_utf8(&self.pending, &mut text, last);
            self.pending.drain(..read);
            self.finished = last && result == CoderResult::InputEmpty;
            text.truncate(written);
            self.ready = Cursor::new(text);
        }
    }
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
