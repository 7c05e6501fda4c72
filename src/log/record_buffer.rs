//! Cuts the bytes of a source into records as they are read.
//!
//! Where a record begins and ends depends only on the bytes and the [`SourceFormat`], never on the portions in which
//! the bytes come. The memory holds about one portion and one record; a record has at most [`MAX_RECORD_LINES`] lines
//! and [`MAX_RECORD_BYTES`] bytes.
//!
//! Headings (lines that only say how the records after them are written) are in no record. Headings that no record
//! follows are left out as well.

use std::io::{self, Read};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::format::{Format, LOOK_AHEAD, OpenRecord, SourceFormat};
use super::heading::{FormatIndex, Formats};
use super::json_document::{JsonDocuments, Piece};
use super::record::Record;
use super::years::YearStart;
use crate::source::SourceId;

/// The most lines of a record. A longer record is cut; the rest becomes further records.
pub const MAX_RECORD_LINES: usize = 500;

/// The most bytes of a record. A longer record is cut before the line that makes it too long; if that is its first
/// line, within the line.
pub const MAX_RECORD_BYTES: usize = 256 * 1024;

/// A year of a source begins at least this long before the next one, because its month has gone forward and back.
const MIN_YEAR: SignedDuration = SignedDuration::from_hours(150 * 24);

/// The bytes that were read last from a source, cut into records.
#[derive(Debug, Clone)]
pub(crate) struct RecordBuffer {
    formats: Arc<Formats>,
    /// The bytes of the last chunk, then those of the open record: the record of which more lines may follow.
    bytes: Vec<u8>,
    /// The number of bytes of the last chunk.
    given: usize,
    /// The number of bytes after the last chunk that belong to no record.
    skipped: usize,
    /// Whether no more bytes come.
    at_end: bool,
    /// The start of the open record.
    open: LineStart,
    /// The places of the records of the last chunk.
    places: Vec<RecordPlace>,
    /// The numbers of the lines with which years begin, all but the first, and the format of each.
    years: Vec<(u64, FormatIndex)>,
    /// In a source of JSON documents, the JSON text of the resource that each record is about, if its document gives one.
    resources: Vec<Option<Arc<[u8]>>>,
    /// The documents of a source that is more than one JSON object a line; `None` for other sources.
    documents: Option<JsonDocuments>,
    n_cut: u64,
}

/// Where a record begins and ends.
#[derive(Debug, Clone, Copy)]
struct RecordPlace {
    /// The offset in the bytes of the buffer at which the headings before the record begin, or the record itself.
    offset: usize,
    /// The first line of the record.
    text: LineStart,
    /// The offset after its last byte.
    end: usize,
}

/// Where a line begins.
#[derive(Debug, Clone, Copy)]
struct LineStart {
    /// Its offset in the bytes of the buffer.
    offset: usize,
    line: u64,
    format: FormatIndex,
    /// Whether it is the rest of a record that was cut.
    is_remnant: bool,
}

/// A chunk that can be kept while the source is read on, and passed to another thread.
#[derive(Debug)]
pub(crate) struct OwnedChunk {
    bytes: Vec<u8>,
    places: Vec<RecordPlace>,
    resources: Vec<Option<Arc<[u8]>>>,
    formats: Arc<Formats>,
}

impl OwnedChunk {
    pub(crate) fn chunk(&self) -> Chunk<'_> {
        Chunk { bytes: &self.bytes, places: &self.places, resources: &self.resources, formats: &self.formats }
    }
}

/// Consecutive whole records.
#[derive(Clone, Copy)]
pub(crate) struct Chunk<'a> {
    /// The bytes of all records, one after the other. Between those of a JSON document, there are bytes that belong to
    /// no record.
    pub(crate) bytes: &'a [u8],
    places: &'a [RecordPlace],
    resources: &'a [Option<Arc<[u8]>>],
    formats: &'a Formats,
}

impl RecordBuffer {
    pub(crate) fn new(format: SourceFormat) -> Self {
        RecordBuffer {
            documents: format.has_documents().then(JsonDocuments::default),
            formats: Arc::new(Formats::new(format)),
            bytes: Vec::new(),
            given: 0,
            skipped: 0,
            at_end: false,
            open: LineStart { offset: 0, line: 1, format: FormatIndex::default(), is_remnant: false },
            places: Vec::new(),
            years: Vec::new(),
            resources: Vec::new(),
            n_cut: 0,
        }
    }

    /// Says where the years of the source begin, all but the first. Its stamps contain no year.
    pub(super) fn set_years(&mut self, starts: &[YearStart]) {
        let mut latest: Option<Timestamp> = None;
        for start in starts.iter().rev() {
            let format = latest.map_or(FormatIndex::default(), |latest| self.formats.add_year(latest));
            self.years.push((start.line, format));
            let detected = self.formats.detected();
            let beginning = latest.and_then(|latest| latest.checked_sub(MIN_YEAR).ok());
            latest = match beginning {
                None => detected.time_at_start(&start.text),
                Some(limit) => detected.before(limit).time_at_start(&start.text),
            };
        }
        self.years.reverse();
        if let Some(latest) = latest {
            self.open.format = self.formats.add_year(latest);
        }
    }

    /// Returns the format of the source.
    pub(crate) fn format(&self) -> Format {
        self.formats.detected().format.clone()
    }

    /// Returns the number of records that were too long and were cut so far.
    pub(crate) fn n_cut(&self) -> u64 {
        self.n_cut
    }

    /// Returns the bytes that are used up since `append` or `find_records` was called last: those of the last chunk, or
    /// of text that belongs to no record.
    pub(crate) fn given(&self) -> &[u8] {
        &self.bytes[..self.given]
    }

    /// Returns the bytes after those: the open record.
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
        if self.documents.is_some() {
            self.find_document_borders();
        } else {
            self.find_borders();
        }
        !self.places.is_empty()
    }

    /// Returns the records that `find_records` found last; `None` if it found none.
    pub(crate) fn chunk(&self) -> Option<Chunk<'_>> {
        let bytes = &self.bytes[..self.given];
        (!self.places.is_empty()).then_some(Chunk {
            bytes,
            places: &self.places,
            resources: &self.resources,
            formats: &self.formats,
        })
    }

    /// Returns the records that `find_records` found last, apart from the buffer; `None` if it found none. The memory of `used`,
    /// a chunk that is not needed any more, is used again.
    pub(crate) fn detach_chunk(&mut self, used: Option<OwnedChunk>) -> Option<OwnedChunk> {
        if self.places.is_empty() {
            return None;
        }
        let (mut bytes, mut places) = used.map_or_else(Default::default, |used| (used.bytes, used.places));
        bytes.clear();
        bytes.extend_from_slice(&self.bytes[self.given + self.skipped..]);
        places.clear();
        std::mem::swap(&mut self.bytes, &mut bytes);
        std::mem::swap(&mut self.places, &mut places);
        bytes.truncate(self.given);
        (self.given, self.skipped, self.open.offset) = (0, 0, 0);
        let (resources, formats) = (std::mem::take(&mut self.resources), Arc::clone(&self.formats));
        Some(OwnedChunk { bytes, places, resources, formats })
    }

    fn drop_given(&mut self) {
        self.bytes.drain(..self.given + self.skipped);
        (self.given, self.skipped) = (0, 0);
        self.open.offset = 0;
        self.places.clear();
        self.resources.clear();
    }

    /// Finds where the records in the buffer end. A record is complete once the line after it, or the end of the
    /// source, has been seen.
    fn find_borders(&mut self) {
        let mut search = BorderSearch::new(std::mem::take(&mut self.places), self.open);
        let mut needs_more = false;
        for newline in memchr::memchr_iter(b'\n', &self.bytes) {
            let next = newline + 1;
            search.bound_bytes(next);
            // An empty line in no record belongs to the next one.
            let is_record =
                search.text.is_some() || !self.bytes[search.line.offset..next].trim_ascii_start().is_empty();
            if is_record && self.formats.detected().surely_begins_record(&self.bytes[next..]) {
                search.end_with_line(next, &self.years);
                continue;
            }
            search.read_line(&mut self.formats, &self.bytes[search.line.offset..next]);
            search.next_line(next, &self.years);
            let rest = &self.bytes[next..];
            if rest.is_empty() || (rest.len() < LOOK_AHEAD && !self.at_end) {
                needs_more = true;
                break;
            }
            if !search.continues(&self.formats, rest) {
                search.close(false);
            } else if search.lines == MAX_RECORD_LINES {
                search.close(true);
            }
        }
        if !needs_more {
            search.bound_bytes(self.bytes.len());
        }
        if self.at_end {
            search.end(&mut self.formats, &self.bytes);
        }
        self.given = search.open.offset;
        self.skipped = if self.at_end { self.bytes.len() - self.given } else { 0 };
        if self.given > 0 {
            self.open = search.open;
            self.n_cut += search.n_cut;
        }
        self.places = search.places;
    }

    /// Finds the records in JSON documents, and those in the lines between documents.
    fn find_document_borders(&mut self) {
        let Some(mut documents) = self.documents.take() else { return };
        let (mut places, mut start) = (std::mem::take(&mut self.places), self.open);
        while start.offset < self.bytes.len() {
            let rest = &self.bytes[start.offset..];
            let piece = if start.is_remnant { Piece::Line } else { documents.next_piece(rest, self.at_end) };
            let (len, is_remnant, is_cut) = match piece {
                Piece::NeedsMore => break,
                Piece::Gap(len) => {
                    start = start.after(&rest[..len], false);
                    continue;
                }
                Piece::Record { len, is_rest, is_cut } => (len, is_rest, is_cut),
                Piece::Line => match self.lines_of_record(rest) {
                    Some((len, is_cut)) => (len, start.is_remnant, is_cut),
                    None => break,
                },
            };
            let text = LineStart { is_remnant, ..start };
            let end = start.offset + len;
            places.push(RecordPlace { offset: start.offset, text, end });
            self.resources.push(documents.resource());
            self.n_cut += u64::from(is_cut && !is_remnant);
            start = start.after(&rest[..len], is_cut && piece == Piece::Line);
        }
        (self.given, self.open, self.places, self.documents) = (start.offset, start, places, Some(documents));
    }

    /// Returns the length of the record with whose line `rest` begins, and whether it ends only because it is too long;
    /// `None` if that is not known yet.
    fn lines_of_record(&self, rest: &[u8]) -> Option<(usize, bool)> {
        let (mut state, mut end, mut lines) = (OpenRecord::default(), 0, 0);
        let cut = |end: usize| Some((if end == 0 { MAX_RECORD_BYTES } else { end }, true));
        loop {
            let newline = memchr::memchr(b'\n', &rest[end..]);
            let next = newline.map_or(rest.len(), |newline| end + newline + 1);
            if next > MAX_RECORD_BYTES {
                return cut(end);
            }
            if newline.is_none() {
                return self.at_end.then_some((next, false));
            }
            self.formats.detected().read_line(&mut state, &rest[end..next]);
            (end, lines) = (next, lines + 1);
            let following = &rest[end..];
            if following.is_empty() || (following.len() < LOOK_AHEAD && !self.at_end) {
                return (self.at_end && following.is_empty()).then_some((end, false));
            }
            if !self.formats.detected().continues(state, following) {
                return Some((end, false));
            }
            if lines == MAX_RECORD_LINES {
                return Some((end, true));
            }
        }
    }
}

impl LineStart {
    /// Returns the start of what follows the text `passed`, which begins here.
    fn after(self, passed: &[u8], is_remnant: bool) -> LineStart {
        let newlines = memchr::memchr_iter(b'\n', passed).count() as u64;
        LineStart { offset: self.offset + passed.len(), line: self.line + newlines, is_remnant, ..self }
    }
}

/// The search for the places where records end. It begins at the open record and depends on nothing before it.
struct BorderSearch {
    places: Vec<RecordPlace>,
    /// The first line of the open record or of the headings before it.
    open: LineStart,
    /// The first line of the open record that is no heading; `None` if there is none so far.
    text: Option<LineStart>,
    /// The number of complete lines in the open record.
    lines: usize,
    /// The line that is being read.
    line: LineStart,
    /// The state of the open record that decides whether the next line belongs to it.
    state: OpenRecord,
    n_cut: u64,
}

impl BorderSearch {
    /// Begins a search at the record `open`. `places` is emptied and reused for the records that are found.
    fn new(mut places: Vec<RecordPlace>, open: LineStart) -> Self {
        places.clear();
        let text = Some(open).filter(|open| open.is_remnant);
        BorderSearch { places, open, text, lines: 0, line: open, state: OpenRecord::default(), n_cut: 0 }
    }

    /// Reads `line`, the text of the present line.
    fn read_line(&mut self, formats: &mut Arc<Formats>, line: &[u8]) {
        if self.text.is_none() && formats.at(self.line.format).is_heading(line) {
            self.line.format = formats.after_heading(self.line.format, line);
            return;
        }
        let text = *self.text.get_or_insert(self.line);
        formats.at(text.format).read_line(&mut self.state, line);
    }

    /// Ends the open record with the present line, which ends at `offset`. The next line begins a record, whatever the
    /// present line says.
    fn end_with_line(&mut self, offset: usize, years: &[(u64, FormatIndex)]) {
        self.text.get_or_insert(self.line);
        self.next_line(offset, years);
        self.close(false);
    }

    /// Whether the line at the beginning of `rest` belongs to the open record.
    fn continues(&self, formats: &Formats, rest: &[u8]) -> bool {
        self.text.is_none_or(|text| formats.at(text.format).continues(self.state, rest))
    }

    /// Ends the last record at the end of the source, which is the end of `bytes`. The last line may have no line end.
    fn end(&mut self, formats: &mut Arc<Formats>, bytes: &[u8]) {
        let last = &bytes[self.line.offset..];
        if !last.is_empty() {
            self.read_line(formats, last);
        }
        if let Some(text) = self.text.filter(|text| text.offset < bytes.len()) {
            self.places.push(RecordPlace { offset: self.open.offset, text, end: bytes.len() });
            self.open.offset = bytes.len();
        }
    }

    /// Cuts the open record as often as needed, so that it has at most [`MAX_RECORD_BYTES`] if it extends to `end`, the
    /// end of the present line or of the buffer.
    fn bound_bytes(&mut self, end: usize) {
        while end - self.open.offset > MAX_RECORD_BYTES {
            if self.line.offset == self.open.offset {
                self.text = self.text.or(Some(self.line));
                self.line.offset += MAX_RECORD_BYTES;
            }
            self.close(true);
        }
    }

    fn next_line(&mut self, offset: usize, years: &[(u64, FormatIndex)]) {
        self.lines += 1;
        self.line = LineStart { offset, line: self.line.line + 1, is_remnant: false, ..self.line };
        if let Some((_, format)) = years.iter().find(|(line, _)| *line == self.line.line) {
            self.line.format = *format;
        }
    }

    /// Ends the open record before the present line, which opens the next record. `too_long` says whether it ends only
    /// because it is too long. Too many headings become a record, which is not cut.
    fn close(&mut self, too_long: bool) {
        debug_assert!(self.line.offset > self.open.offset, "a record has at least one byte");
        let is_cut = too_long && self.text.is_some();
        self.n_cut += u64::from(is_cut && !self.open.is_remnant);
        let text = self.text.unwrap_or(self.open);
        self.places.push(RecordPlace { offset: self.open.offset, text, end: self.line.offset });
        self.open = LineStart { is_remnant: is_cut, ..self.line };
        self.text = Some(self.open).filter(|open| open.is_remnant);
        self.lines = 0;
        self.state = OpenRecord::default();
    }
}

impl<'a> Chunk<'a> {
    /// The number of records.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// The number of bytes of its records, with the headings before them. What is between the records of a JSON document is not
    /// counted, since it may be in no chunk.
    pub(crate) fn n_bytes(&self) -> u64 {
        self.places.iter().map(|place| (place.end - place.offset) as u64).sum()
    }

    /// Whether records begin with a stamp.
    pub(crate) fn is_stamped(&self) -> bool {
        self.formats.detected().is_stamped()
    }

    /// Whether texts may contain escapes (such as `\"`), so that the bytes of a message may differ from those in its
    /// record.
    pub(crate) fn has_escapes(&self) -> bool {
        self.formats.detected().has_escapes()
    }

    /// Whether its records may be about a resource that is written elsewhere, so that not all their values are in their bytes.
    pub(crate) fn has_resources(&self) -> bool {
        !self.resources.is_empty()
    }

    /// Returns the index of the record that contains the byte at offset `at`: record `from` or a later one. If no record
    /// contains the byte, it is the last record before it, if that is not before `from`.
    pub(crate) fn record_at(&self, at: usize, from: usize) -> usize {
        from + self.places[from..].partition_point(|place| place.offset <= at).saturating_sub(1)
    }

    /// The offset after the last byte of record `index`.
    pub(crate) fn record_end(&self, index: usize) -> usize {
        self.places[index].end
    }

    /// The number of bytes of record `index`, without the headings before it.
    pub(crate) fn record_len(&self, index: usize) -> usize {
        self.record_end(index) - self.places[index].text.offset
    }

    /// Record `index` of this chunk.
    pub(crate) fn record(&self, index: usize, source: SourceId) -> Record<'a> {
        let RecordPlace { text, end, .. } = self.places[index];
        let bytes = &self.bytes[text.offset..end];
        let format = self.formats.at(text.format);
        let record = Record::new(source, text.line, bytes, if text.is_remnant { None } else { Some(format) });
        record.about(self.resources.get(index).and_then(Option::as_deref))
    }
}
