//! One file that is being read: where the reading is, and the next whole lines.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use super::identity::{FIRST_BYTES, FileKey, ReadPart, bytes_at, modified};
use super::place::{Role, SavedFile};

/// Identifies a part of a file that is read from one place to its end. A file that is truncated gets a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u64);

/// The most bytes that are read at a time.
pub(super) const PORTION: u64 = 1 << 20;

/// A line without an end is returned once it is this long.
const MAX_OPEN_LINE: usize = 256 * 1024;

/// What happens with a last line that has no line end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OpenLine {
    /// It stays in the file until its line end is there.
    Waits,
    /// Nobody will write its rest.
    IsComplete,
}

/// The result of one read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// These bytes of the buffer are new; they may be none.
    Bytes(Range<usize>),
    /// There is nothing new.
    End,
    /// The file has other content than before.
    Replaced,
}

#[derive(Debug)]
pub(super) struct FollowedFile {
    pub(super) id: FileId,
    pub(super) file: File,
    pub(super) key: FileKey,
    pub(super) read: ReadPart,
    /// The number of the line at the reading position.
    pub(super) line: u64,
    /// The last change that was seen.
    pub(super) modified: u64,
    /// The beginning of the last line, which is not whole yet.
    open_line: Vec<u8>,
    gap: Gap,
    /// Whether it was said that its handle is stale and that it is not found again.
    pub(super) is_missed: bool,
}

/// The last bytes that were left out: a byte order mark, or NUL bytes before a line. A writer that does not append
/// leaves such a hole when its file is truncated.
#[derive(Debug, Clone, Copy, Default)]
struct Gap {
    /// The position after it.
    end: u64,
    len: u64,
}

impl FollowedFile {
    /// Begins to read `file` at its beginning.
    pub(super) fn at_start(id: FileId, file: File) -> io::Result<Self> {
        let key = FileKey::of(&file.metadata()?);
        let meta = file.metadata()?;
        // So that a truncation before the first read is noticed.
        let open_line = bytes_at(&file, 0, FIRST_BYTES as u64)?;
        let (read, gap) = Default::default();
        let modified = modified(&meta);
        Ok(FollowedFile { id, file, key, read, line: 1, modified, open_line, gap, is_missed: false })
    }

    /// Begins to read `file` after its last line end. Reads it once, to count its lines.
    pub(super) fn at_end(id: FileId, file: File) -> io::Result<Self> {
        let (len, lines) = count_lines(&file)?;
        let read = ReadPart::of(&file, len)?;
        Ok(FollowedFile { read, line: 1 + lines, open_line: Vec::new(), ..FollowedFile::at_start(id, file)? })
    }

    /// Continues to read `file` at the place `saved`; `None` if it does not begin with the bytes that were read.
    pub(super) fn at_place(id: FileId, file: File, saved: &SavedFile) -> io::Result<Option<Self>> {
        if file.metadata()?.len() < saved.read || ReadPart::of(&file, saved.read)?.hash() != saved.hash {
            return Ok(None);
        }
        let read = ReadPart::of(&file, saved.at)?;
        let at_start = FollowedFile::at_start(id, file)?;
        let open_line = Vec::new();
        Ok(Some(FollowedFile { read, line: saved.line, modified: saved.modified, open_line, ..at_start }))
    }

    /// Continues in `copy`, which begins with the bytes that were read.
    pub(super) fn continued_in(&self, copy: File) -> io::Result<Self> {
        let at_start = FollowedFile::at_start(self.id, copy)?;
        let (read, open_line) = (self.read.clone(), Vec::new());
        Ok(FollowedFile { read, line: self.line, gap: self.gap, open_line, modified: 0, ..at_start })
    }

    /// Reads the next whole lines into `buffer`.
    pub(super) fn read(&mut self, buffer: &mut Vec<u8>, open_line: OpenLine) -> io::Result<Step> {
        let meta = self.file.metadata()?;
        if meta.len() < self.read.len {
            return Ok(Step::Replaced);
        }
        let seen = modified(&meta);
        if meta.len() == self.read.len && seen == self.modified {
            return Ok(Step::End);
        }
        *buffer = bytes_at(&self.file, self.read.len, self.read.len + PORTION)?;
        // After the bytes were read, so that a truncation before or during the read is noticed.
        if !buffer.starts_with(&self.open_line) || !self.read.begins(&self.file)? {
            return Ok(Step::Replaced);
        }
        self.modified = seen;
        let step = self.take(buffer, open_line);
        let taken = if let Step::Bytes(range) = &step { range.end } else { 0 };
        let rest = &buffer[taken..];
        self.open_line.clear();
        self.open_line.extend_from_slice(&rest[..rest.len().min(MAX_OPEN_LINE)]);
        Ok(step)
    }

    /// Whether its handle is stale. On a network file system this happens when another computer removes the file, or replaces it, or
    /// when the server is started again.
    pub(super) fn is_stale(&self) -> bool {
        self.file.metadata().is_err_and(|error| is_stale(&error))
    }

    /// Whether the file has changed, but nothing that was read of it could show that it was truncated.
    pub(super) fn may_have_been_truncated(&self) -> bool {
        let changed = |meta: Metadata| modified(&meta) != self.modified;
        let is_known = self.modified > 0;
        is_known && self.read.len == 0 && self.open_line.is_empty() && self.file.metadata().is_ok_and(changed)
    }

    /// Notes the next bytes without reading them, so that a truncation is noticed from now on.
    pub(super) fn look(&mut self) -> io::Result<()> {
        self.open_line = bytes_at(&self.file, self.read.len, self.read.len + FIRST_BYTES as u64)?;
        Ok(())
    }

    /// Takes the whole lines of `buffer`, which follows what was read, as read.
    fn take(&mut self, buffer: &[u8], open_line: OpenLine) -> Step {
        let start = if self.is_in_line() { 0 } else { left_out(buffer, self.read.len == 0) };
        let is_last = (buffer.len() as u64) < PORTION;
        let end = match memchr::memrchr(b'\n', &buffer[start..]) {
            _ if is_last && open_line == OpenLine::IsComplete => buffer.len(),
            Some(newline) => start + newline + 1,
            None if buffer.len() - start >= MAX_OPEN_LINE => buffer.len(),
            None => start,
        };
        if end == 0 {
            return Step::End;
        }
        self.note_gap(start as u64);
        self.line += memchr::memchr_iter(b'\n', &buffer[start..end]).count() as u64;
        self.read.add(&buffer[..end]);
        Step::Bytes(start..end)
    }

    fn is_in_line(&self) -> bool {
        self.read.last().is_some_and(|byte| byte != b'\n' && byte != 0)
    }

    fn note_gap(&mut self, len: u64) {
        if len == 0 {
            return;
        }
        let before = if self.gap.end == self.read.len { self.gap.len } else { 0 };
        self.gap = Gap { end: self.read.len + len, len: before + len };
    }

    /// Returns up to `limit` of the bytes that were read first, except the last `unread` bytes, and without what is left
    /// out at the beginning.
    pub(super) fn head(&self, unread: u64, limit: usize) -> io::Result<Vec<u8>> {
        let mut head = bytes_at(&self.file, 0, self.read.len.saturating_sub(unread).min(limit as u64))?;
        head.drain(..left_out(&head, true));
        Ok(head)
    }

    /// Returns the place before the last `bytes` of those that were returned, which contain `lines` line ends.
    pub(super) fn place(&self, bytes: u64, lines: u64) -> SavedFile {
        let end = self.read.len.saturating_sub(bytes);
        SavedFile {
            log: Default::default(),
            role: Role::Current,
            key: self.key,
            read: self.read.len,
            hash: self.read.hash(),
            at: if end < self.gap.end { end.saturating_sub(self.gap.len) } else { end },
            line: self.line - lines,
            modified: self.modified,
        }
    }
}

pub(super) fn is_stale(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::StaleNetworkFileHandle
}

/// The number of bytes at the beginning of `bytes` that belong to no line: NUL bytes, and a byte order mark at the
/// start of the file.
fn left_out(bytes: &[u8], is_start: bool) -> usize {
    let mark = if is_start && bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    mark + bytes[mark..].iter().take_while(|byte| **byte == 0).count()
}

/// Returns the position after the last line end of the file, and the number of line ends.
fn count_lines(mut file: &File) -> io::Result<(u64, u64)> {
    file.seek(SeekFrom::Start(0))?;
    let (mut at, mut end, mut lines) = (0, 0, 0);
    let mut block = vec![0; PORTION as usize];
    loop {
        let len = match file.read(&mut block) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if len == 0 {
            return Ok((end, lines));
        }
        if let Some(newline) = memchr::memrchr(b'\n', &block[..len]) {
            end = at + newline as u64 + 1;
            lines += memchr::memchr_iter(b'\n', &block[..len]).count() as u64;
        }
        at += len as u64;
    }
}
