//! Visits the texts of an input: the text of a file, the files of a folder, and the members of an archive.
//!
//! Archives are read as streams: of a tar archive nothing is written to the disk. What an archive states about itself is
//! not trusted: names are only shown, the sizes of all texts and the number of members are limited.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use jiff::Timestamp;

use super::clean_text::CleanText;
use super::compression::{self, Decompressed};
use super::encoding::as_utf8;
use super::error::InputError;
use super::peek::Peeked;
use super::spool::spool;
use super::{FailedInput, OpenedInput, journal_export, tar, zip};

/// The most members of an archive that are read.
const MAX_MEMBERS: u64 = 20_000;

/// The most bytes of text of an archive that are read.
const MAX_TEXT_BYTES: u64 = 16 << 30;

/// The most archives around a text: an archive, and one within it.
const MAX_DEPTH: usize = 2;

/// The most bytes of the path of a member that are shown.
const MAX_PATH_BYTES: usize = 1024;

/// The function that receives the texts of an input, and the errors.
pub(super) type Visitor<'v> = &'v mut dyn FnMut(Result<OpenedInput<'_>, FailedInput>);

/// Bytes to read, and the origin of them.
pub(super) struct Stream<'a> {
    pub(super) origin: Origin,
    pub(super) bytes: Box<dyn Read + 'a>,
    /// The regular file that contains the bytes, if there is one.
    pub(super) file: Option<PathBuf>,
}

/// The names and the time of a stream.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) name: String,
    /// The name of the file without its folder; `None` for an input that is not a file.
    pub(super) file_name: Option<String>,
    /// Whether the user chose the name, so that the members of an archive have it too.
    pub(super) is_named: bool,
    pub(super) modified: Option<Timestamp>,
    /// The path of the file, after that of its archive; `None` for an input that is not a file.
    pub(super) path: Option<PathBuf>,
    /// The regular file that contains the text, not compressed; `None` if there is none.
    pub(super) text_file: Option<PathBuf>,
}

/// The result of visiting a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Visited {
    /// A text, an archive, or an error that was passed on.
    Done,
    NotText,
    /// A file of the systemd journal in its own format.
    Journal,
}

/// The files of a folder or archive, counted.
#[derive(Debug, Default)]
pub(super) struct FileCounts {
    all: u64,
    not_text: u64,
    locked: u64,
    has_journal: bool,
}

/// A visit of one input.
pub(super) struct Visit<'v> {
    visitor: Visitor<'v>,
    /// The number of archives around the present stream.
    depth: usize,
    budget: Rc<Budget>,
}

/// The rest of what may be read of an archive, with those within it.
#[derive(Debug)]
struct Budget {
    members: Cell<u64>,
    text_bytes: Cell<u64>,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { members: Cell::new(MAX_MEMBERS), text_bytes: Cell::new(MAX_TEXT_BYTES) }
    }
}

impl<'v> Visit<'v> {
    pub(super) fn new(visitor: Visitor<'v>) -> Self {
        Visit { visitor, depth: 0, budget: Rc::default() }
    }

    /// Visits a stream that the user named.
    pub(super) fn stream(&mut self, stream: Stream<'_>) {
        let name = stream.origin.name.clone();
        match self.content(stream) {
            Visited::Done => {}
            Visited::NotText => self.fail(&name, InputError::Binary { name: name.clone() }),
            Visited::Journal => self.fail(&name, InputError::Journal { name: name.clone() }),
        }
    }

    /// Visits a file in a folder.
    pub(super) fn file_of(&mut self, counts: &mut FileCounts, stream: Stream<'_>) {
        self.budget = Rc::default();
        self.counted(counts, stream);
    }

    /// Reports the files of a folder or archive that were left out.
    pub(super) fn report(&mut self, name: &str, counts: &FileCounts) {
        let (name, of) = (name.to_owned(), counts.all);
        if counts.not_text > 0 {
            self.fail(&name.clone(), InputError::NotText { name: name.clone(), n: counts.not_text, of });
        }
        if counts.locked > 0 {
            self.fail(&name.clone(), InputError::Locked { name, n: counts.locked, of });
        }
    }

    pub(super) fn fail(&mut self, name: &str, error: InputError) {
        (self.visitor)(Err(FailedInput { name: name.to_owned(), error }));
    }

    /// Visits a stream of a folder or archive, and counts it.
    fn counted(&mut self, counts: &mut FileCounts, stream: Stream<'_>) {
        counts.all += 1;
        let name = stream.origin.name.clone();
        match self.content(stream) {
            Visited::Done => {}
            // One message tells what to do with journals; the others are counted.
            Visited::Journal if !counts.has_journal => {
                counts.has_journal = true;
                self.fail(&name, InputError::Journal { name: name.clone() });
            }
            Visited::NotText | Visited::Journal => counts.not_text += 1,
        }
    }

    fn content(&mut self, stream: Stream<'_>) -> Visited {
        let Stream { origin, bytes, file } = stream;
        let Decompressed { bytes, was_compressed } = compression::decompressed(bytes);
        let file = file.filter(|_| !was_compressed);
        let start = bytes.start();
        if let Some(unpack) = compression::unsupported(start) {
            let name = origin.name;
            self.fail(&name, InputError::Packed { name: name.clone(), unpack });
            return Visited::Done;
        }
        match start {
            _ if tar::is_tar(start) => self.archive(&origin, |visit, counts| visit.tar(&origin, counts, bytes)),
            _ if zip::is_zip(start) => {
                self.archive(&origin, |visit, counts| visit.zip(&origin, counts, file.as_deref(), bytes))
            }
            _ if zip::is_packed_document(start) => Visited::NotText,
            _ if start.starts_with(b"ElfFile\0") => self.event_log(origin, file.as_deref(), bytes),
            _ if start.starts_with(b"LPKSHHRH") => Visited::Journal,
            _ => self.text(Origin { text_file: file, ..origin }, bytes),
        }
    }

    fn text(&mut self, origin: Origin, bytes: Peeked<Box<dyn Read + '_>>) -> Visited {
        let is_export = journal_export::is_journal_export(bytes.start());
        let bytes = as_utf8(bytes);
        if is_export {
            return self.open(origin, journal_export::JournalExport::new(bytes));
        }
        self.open(origin, bytes)
    }

    /// Passes on a text, unless its beginning shows that it is none.
    fn open(&mut self, origin: Origin, text: impl Read) -> Visited {
        let Some(text) = CleanText::open(text) else { return Visited::NotText };
        let reader: Box<dyn Read + '_> = match self.depth {
            0 => Box::new(text),
            _ => Box::new(Limited { text, budget: Rc::clone(&self.budget) }),
        };
        (self.visitor)(Ok(OpenedInput {
            names: origin.names(),
            name: origin.name,
            reader,
            modified: origin.modified,
            path: origin.path,
            text_file: origin.text_file,
        }));
        Visited::Done
    }

    #[cfg(feature = "evtx")]
    fn event_log(&mut self, origin: Origin, file: Option<&Path>, bytes: impl Read) -> Visited {
        let opened = match file {
            Some(path) => File::open(path).and_then(|file| self.events(&origin, file, None)),
            None => spool(bytes).and_then(|spooled| self.events(&origin, spooled.file, spooled.error)),
        };
        opened.unwrap_or_else(|source| self.fail_to_read(&origin, source))
    }

    /// Passes on the events in `file`, and then `error`.
    #[cfg(feature = "evtx")]
    fn events(&mut self, origin: &Origin, file: impl Read + io::Seek, error: Option<io::Error>) -> io::Result<Visited> {
        let events = super::event_log::EventLog::open(file)?;
        Ok(self.open(origin.clone(), events.chain(super::failing::Failing(error))))
    }

    #[cfg(not(feature = "evtx"))]
    fn event_log(&mut self, origin: Origin, _file: Option<&Path>, _bytes: impl Read) -> Visited {
        let name = origin.name;
        self.fail(&name, InputError::EventLog { name: name.clone() });
        Visited::Done
    }

    fn fail_to_read(&mut self, origin: &Origin, source: io::Error) -> Visited {
        self.fail(&origin.name, InputError::Read { name: origin.name.clone(), source });
        Visited::Done
    }

    /// Visits an archive: `walk` passes its members to [`member`](Self::member).
    fn archive(&mut self, origin: &Origin, walk: impl FnOnce(&mut Self, &mut FileCounts) -> io::Result<()>) -> Visited {
        if self.depth == MAX_DEPTH {
            return Visited::NotText;
        }
        let mut counts = FileCounts::default();
        self.depth += 1;
        let walked = walk(self, &mut counts);
        self.depth -= 1;
        if let Err(source) = walked {
            self.fail_to_read(origin, source);
        }
        self.report(&origin.name, &counts);
        Visited::Done
    }

    fn tar(&mut self, origin: &Origin, counts: &mut FileCounts, bytes: impl Read) -> io::Result<()> {
        tar::walk(bytes, &mut |member| {
            self.member(origin, counts, &member.path, member.modified, Some(Box::new(member.bytes)))
        })
    }

    fn zip(
        &mut self,
        origin: &Origin,
        counts: &mut FileCounts,
        file: Option<&Path>,
        bytes: impl Read,
    ) -> io::Result<()> {
        let mut give =
            |member: zip::ZipMember<'_>| self.member(origin, counts, &member.path, member.modified, member.bytes);
        match file {
            Some(path) => zip::walk(File::open(path)?, &mut give),
            None => {
                let spooled = spool(bytes)?;
                let walked = zip::walk(spooled.file, &mut give);
                spooled.error.map_or(walked, Err)
            }
        }
    }

    /// Visits a member of the archive from `origin`. `bytes` is its content; `None` if it cannot be unpacked. Fails if the
    /// budget is spent.
    fn member(
        &mut self,
        origin: &Origin,
        counts: &mut FileCounts,
        path: &str,
        modified: Option<Timestamp>,
        bytes: Option<Box<dyn Read + '_>>,
    ) -> io::Result<()> {
        let Some(path) = shown_path(path) else { return Ok(()) };
        let budget = Rc::clone(&self.budget);
        let members = budget.members.get();
        if members == 0 {
            return Err(io::Error::other(format!("it has more than {MAX_MEMBERS} files")));
        }
        budget.members.set(members - 1);
        match bytes {
            Some(bytes) => {
                self.counted(counts, Stream { origin: origin.member(&path, modified), bytes, file: None });
            }
            None => {
                counts.all += 1;
                counts.locked += 1;
            }
        }
        if budget.text_bytes.get() == 0 { Err(too_much_text()) } else { Ok(()) }
    }
}

impl Origin {
    /// Returns the origin of a member of the archive or folder from this origin. `path` is its path there.
    fn member(&self, path: &str, modified: Option<Timestamp>) -> Origin {
        Origin {
            name: if self.is_named { self.name.clone() } else { format!("{}/{path}", self.name) },
            file_name: path.rsplit('/').next().map(str::to_owned),
            is_named: self.is_named,
            modified: modified.or(self.modified),
            path: self.path.as_ref().map(|archive| archive.join(path)),
            text_file: None,
        }
    }

    /// Returns the names by which `on` may refer to the stream: its own name and, for a file, the file name and each
    /// part of it that ends before a dot (`sshd` and `sshd.log` of `sshd.log.1`).
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = vec![self.name.clone()];
        if let Some(file) = &self.file_name {
            names
                .extend(file.match_indices('.').map(|(dot, _)| file[..dot].to_owned()).filter(|stem| !stem.is_empty()));
            names.push(file.clone());
        }
        names
    }
}

/// Returns the path of a member as it is shown: relative, without control characters, and of limited length. `None` if
/// it is hidden: a part of it begins with a dot.
fn shown_path(path: &str) -> Option<String> {
    let parts = path.split(['/', '\\']).filter(|part| !matches!(*part, "" | "."));
    let mut shown = String::new();
    for part in parts {
        if part.starts_with('.') && part != ".." {
            return None;
        }
        if !shown.is_empty() {
            shown.push('/');
        }
        shown.extend(part.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }));
    }
    while shown.len() > MAX_PATH_BYTES {
        shown.pop();
    }
    (!shown.is_empty()).then_some(shown)
}

/// Returns the modification time that an archive states for a file, unless it is a placeholder: archives that are built
/// reproducibly state the beginning of 1970 or 1980.
pub(super) fn plausible(modified: Timestamp) -> Option<Timestamp> {
    const YEAR_1990: i64 = 631_152_000;
    (modified.as_second() >= YEAR_1990).then_some(modified)
}

/// A text whose bytes count against the budget of its archive.
struct Limited<R> {
    text: R,
    budget: Rc<Budget>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let left = self.budget.text_bytes.get();
        let len = usize::try_from(left).map_or(target.len(), |left| left.min(target.len()));
        let read = self.text.read(&mut target[..len])?;
        self.budget.text_bytes.set(left - read as u64);
        Ok(read)
    }
}

fn too_much_text() -> io::Error {
    io::Error::other(format!("it contains more than {} GiB of text", MAX_TEXT_BYTES >> 30))
}
