//! Cuts the bytes of a source into records as they are read.
//!
//! Where a record begins and ends depends only on the bytes and the [`SourceFormat`], never on the portions in which
//! the bytes come. The memory holds about one portion and one record; a record has at most [`MAX_RECORD_LINES`] lines
//! and [`MAX_RECORD_BYTES`] bytes.

use std::io::{self, Read};
use std::sync::Arc;

use super::format::{Format, LOOK_AHEAD, OpenRecord, SourceFormat};
use super::record::Record;
use crate::source::SourceId;

/// The most lines of a record. A longer record is cut; the rest becomes further records.
pub const MAX_RECORD_LINES: usize = 500;

/// The most bytes of a record. A longer record is cut before the line that makes it too long; if that is its first
/// line, within the line.
pub const MAX_RECORD_BYTES: usize = 256 * 1024;

/// The bytes that were read last from a source, cut into records.
#[derive(Debug, Clone)]
pub(crate) struct RecordBuffer {
    format: Arc<SourceFormat>,
    /// The bytes of the last chunk, then those of the open record: the record of which more lines may follow.
    bytes: Vec<u8>,
    /// The number of bytes of the last chunk.
    given: usize,
    /// Whether no more bytes come.
    at_end: bool,
    /// The start of the open record.
    open: RecordStart,
    /// The starts of the records of the last chunk.
    starts: Vec<RecordStart>,
    n_cut: u64,
}

/// Where a record begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct RecordStart {
    /// Its offset in the bytes of the buffer.
    offset: usize,
    line: u64,
    /// Whether the record is the rest of one that was cut.
    is_remnant: bool,
}

/// Consecutive whole records.
#[derive(Clone, Copy)]
pub(crate) struct Chunk<'a> {
    /// The bytes of all records, one directly after the other.
    pub(crate) bytes: &'a [u8],
    starts: &'a [RecordStart],
    format: &'a SourceFormat,
}

impl RecordBuffer {
    pub(crate) fn new(format: SourceFormat) -> Self {
        RecordBuffer {
            format: Arc::new(format),
            bytes: Vec::new(),
            given: 0,
            at_end: false,
            open: RecordStart { offset: 0, line: 1, is_remnant: false },
            starts: Vec::new(),
            n_cut: 0,
        }
    }

    /// Returns the format of the source.
    pub(crate) fn format(&self) -> Format {
        self.format.format
    }

    /// Returns the number of records that were too long and were cut so far.
    pub(crate) fn n_cut(&self) -> u64 {
        self.n_cut
    }

    /// Returns the bytes after the last chunk: those of the open record.
    pub(crate) fn pending(&self) -> &[u8] {
        &self.bytes[self.given..]
    }

    /// Drops the last chunk and adds the next bytes of the source.
    pub(crate) fn append(&mut self, bytes: &[u8]) {
        self.drop_given();
        self.bytes.extend_from_slice(bytes);
    }

    /// Drops the last chunk and reads up to `limit` bytes of `input`. If fewer bytes come, or an error, the source has
    /// ended.
    pub(crate) fn append_from(&mut self, input: &mut dyn Read, limit: usize) -> io::Result<()> {
        self.drop_given();
        let read = input.take(limit as u64).read_to_end(&mut self.bytes);
        self.at_end = read.as_ref().map_or(true, |read| *read < limit);
        read.map(|_| ())
    }

    /// Notes that no more bytes come, so that the open record is complete.
    pub(crate) fn end(&mut self) {
        self.at_end = true;
    }

    /// Whether no more bytes come.
    pub(crate) fn is_at_end(&self) -> bool {
        self.at_end
    }

    /// Drops the last chunk and finds the records that are complete by now. Returns whether there are any.
    pub(crate) fn find_records(&mut self) -> bool {
        self.drop_given();
        self.find_borders();
        self.given > 0
    }

    /// Returns the records that `find_records` found last; `None` if it found none.
    pub(crate) fn chunk(&self) -> Option<Chunk<'_>> {
        (self.given > 0).then(|| Chunk { bytes: &self.bytes[..self.given], starts: &self.starts, format: &self.format })
    }

    fn drop_given(&mut self) {
        self.bytes.drain(..self.given);
        self.given = 0;
        self.open.offset = 0;
    }

    /// Finds where the records in the buffer end. A record is complete once the line after it, or the end of the
    /// source, has been seen.
    fn find_borders(&mut self) {
        let mut search = BorderSearch::new(std::mem::take(&mut self.starts), self.open);
        let mut needs_more = false;
        for newline in memchr::memchr_iter(b'\n', &self.bytes) {
            let next = newline + 1;
            search.bound_bytes(next);
            self.format.read_line(&mut search.state, &self.bytes[search.line.offset..next]);
            search.next_line(next);
            let rest = &self.bytes[next..];
            if rest.is_empty() || (rest.len() < LOOK_AHEAD && !self.at_end) {
                needs_more = true;
                break;
            }
            if !self.format.continues(search.state, rest) {
                search.close(false);
            } else if search.lines == MAX_RECORD_LINES {
                search.close(true);
            }
        }
        if !needs_more {
            search.bound_bytes(self.bytes.len());
        }
        if self.at_end && search.open.offset < self.bytes.len() {
            search.starts.push(search.open);
            search.open.offset = self.bytes.len();
        }
        self.given = search.open.offset;
        if self.given > 0 {
            self.open = search.open;
            self.n_cut += search.n_cut;
        }
        self.starts = search.starts;
    }
}

/// The search for the places where records end. It begins at the open record and depends on nothing before it.
struct BorderSearch {
    starts: Vec<RecordStart>,
    open: RecordStart,
    /// The number of complete lines in the open record.
    lines: usize,
    /// The line that is being read.
    line: RecordStart,
    /// The state of the open record that decides whether the next line belongs to it.
    state: OpenRecord,
    n_cut: u64,
}

impl BorderSearch {
    /// Begins a search at the record `open`. `starts` is emptied and reused for the records that are found.
    fn new(mut starts: Vec<RecordStart>, open: RecordStart) -> Self {
        starts.clear();
        BorderSearch { starts, open, lines: 0, line: open, state: OpenRecord::default(), n_cut: 0 }
    }

    /// Cuts the open record as often as needed, so that it has at most [`MAX_RECORD_BYTES`] if it extends to `end`, the
    /// end of the present line or of the buffer.
    fn bound_bytes(&mut self, end: usize) {
        while end - self.open.offset > MAX_RECORD_BYTES {
            if self.line.offset == self.open.offset {
                self.line.offset += MAX_RECORD_BYTES;
            }
            self.close(true);
        }
    }

    fn next_line(&mut self, offset: usize) {
        self.lines += 1;
        self.line = RecordStart { offset, line: self.line.line + 1, is_remnant: false };
    }

    /// Ends the open record before the present line, which opens the next record. `cut` says whether it ends only
    /// because it is too long.
    fn close(&mut self, cut: bool) {
        debug_assert!(self.line.offset > self.open.offset, "a record has at least one byte");
        self.n_cut += u64::from(cut && !self.open.is_remnant);
        self.starts.push(self.open);
        self.open = RecordStart { is_remnant: cut, ..self.line };
        self.lines = 0;
        self.state = OpenRecord::default();
    }
}

impl<'a> Chunk<'a> {
    /// The number of records.
    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether records begin with a stamp.
    pub(crate) fn is_stamped(&self) -> bool {
        self.format.is_stamped()
    }

    /// Whether texts may contain escapes (such as `\"`), so that the bytes of a message may differ from those in its
    /// record.
    pub(crate) fn has_escapes(&self) -> bool {
        self.format.has_escapes()
    }

    /// Returns the index of the record that contains the byte at offset `at`: record `from` or a later one.
    pub(crate) fn record_at(&self, at: usize, from: usize) -> usize {
        from + self.starts[from..].partition_point(|start| start.offset <= at).saturating_sub(1)
    }

    /// The offset after the last byte of record `index`.
    pub(crate) fn record_end(&self, index: usize) -> usize {
        self.starts.get(index + 1).map_or(self.bytes.len(), |next| next.offset)
    }

    /// The number of bytes of record `index`.
    pub(crate) fn record_len(&self, index: usize) -> usize {
        self.record_end(index) - self.starts[index].offset
    }

    /// Record `index` of this chunk.
    pub(crate) fn record(&self, index: usize, source: SourceId) -> Record<'a> {
        let start = self.starts[index];
        let bytes = &self.bytes[start.offset..self.record_end(index)];
        Record::new(source, start.line, bytes, if start.is_remnant { None } else { Some(self.format) })
    }
}
