//! Reads files and passes what is new to the caller of a poll.

use std::fs::File;
use std::io;
use std::path::Path;

use super::file::{FileId, FollowedFile, OpenLine, Step};
use super::follower::{Event, Polled};
use crate::log::{HEAD_BYTES, Input};

/// The most bytes of a current file that one poll reads. The rest follows in the next poll, so that the caller can work
/// in between.
const POLL_BYTES: u64 = 4 << 20;

/// The state of one poll.
pub(super) struct Outlet<'a> {
    pub(super) emit: &'a mut dyn FnMut(Event<'_>),
    pub(super) next_id: &'a mut u64,
    pub(super) polled: Polled,
    pub(super) buffer: Vec<u8>,
}

/// Where reading a file stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drained {
    End,
    /// At the limit of one poll.
    Limit,
    /// Before new content under the same name.
    Replaced,
}

impl Outlet<'_> {
    pub(super) fn id(&mut self) -> FileId {
        *self.next_id += 1;
        FileId(*self.next_id)
    }

    pub(super) fn problem(&mut self, path: &Path, error: &io::Error) {
        (self.emit)(Event::Problem(format!("cannot follow {}: {error}", path.display())));
    }

    /// Announces a file and returns it.
    pub(super) fn open(&mut self, log: &Input, file: FollowedFile) -> io::Result<FollowedFile> {
        let head = file.head(0, HEAD_BYTES)?;
        (self.emit)(Event::Opened { file: file.id, log, head: &head, line: file.line });
        Ok(file)
    }

    /// Announces `file`, which is read from its beginning, and returns it.
    pub(super) fn open_new(&mut self, log: &Input, file: File) -> io::Result<FollowedFile> {
        let file = FollowedFile::at_start(self.id(), file)?;
        self.open(log, file)
    }

    pub(super) fn close(&mut self, file: &FollowedFile) {
        (self.emit)(Event::Closed { file: file.id });
    }

    /// Reads all whole lines of `file`, at most as many as one poll reads.
    pub(super) fn drain_some(&mut self, file: &mut FollowedFile) -> io::Result<Drained> {
        self.drain_up_to(file, OpenLine::Waits, POLL_BYTES)
    }

    /// Reads `file` to its end.
    pub(super) fn drain(&mut self, file: &mut FollowedFile, open_line: OpenLine) -> io::Result<Drained> {
        self.drain_up_to(file, open_line, u64::MAX)
    }

    /// Reads the rest of `old` in its copy. Returns the file that was read to its end.
    pub(super) fn read_rest(&mut self, old: &FollowedFile, copy: &File) -> io::Result<FollowedFile> {
        let mut copy = old.continued_in(copy.try_clone()?)?;
        self.drain(&mut copy, OpenLine::IsComplete)?;
        Ok(copy)
    }

    fn drain_up_to(&mut self, file: &mut FollowedFile, open_line: OpenLine, limit: u64) -> io::Result<Drained> {
        let start = file.read.len;
        loop {
            match file.read(&mut self.buffer, open_line)? {
                Step::End => return Ok(Drained::End),
                Step::Replaced => return Ok(Drained::Replaced),
                Step::Bytes(range) => {
                    self.polled.has_read = true;
                    if !range.is_empty() {
                        (self.emit)(Event::Bytes { file: file.id, bytes: &self.buffer[range] });
                    }
                }
            }
            if file.read.len - start >= limit {
                self.polled.has_more = true;
                return Ok(Drained::Limit);
            }
        }
    }
}
