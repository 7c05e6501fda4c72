//! A stream of bytes cut into records, a chunk of whole records at a time.
//!
//! Borders depend on the bytes and the [`SourceFormat`] alone, never on the size of the chunks. Memory is bounded by one chunk
//! and one record, and a record by [`MAX_RECORD_LINES`] and [`MAX_RECORD_BYTES`].

use std::io::{self, Cursor, Read};

use jiff::Timestamp;

use super::format::{Format, LOOK_AHEAD, OpenRecord, SourceFormat};
use super::input::{Input, InputError};
use super::record::Record;
use crate::source::SourceId;

/// A record of more lines is cut; what is left makes further records.
pub const MAX_RECORD_LINES: usize = 500;

/// A record of more bytes is cut, before the line that makes it too long if it has several.
pub const MAX_RECORD_BYTES: usize = 256 * 1024;

/// The format of a source is told from so much of its beginning.
const HEAD_BYTES: u64 = 64 * 1024;

/// How to read a source.
#[derive(Debug, Clone, Copy)]
pub struct ReadOptions {
    /// Bytes to read at a time; affects speed and memory only.
    pub chunk_bytes: usize,
    /// The format, where the user says it.
    pub format: Option<Format>,
    /// The present, for stamps without a year in sources that have no file time.
    pub now: Timestamp,
}

/// A source being read.
pub(crate) struct Reader {
    format: SourceFormat,
    name: String,
    input: Box<dyn Read>,
    chunk_bytes: usize,
    /// Begins with the record that was open at the end of the last chunk, once `given` bytes are dropped.
    buffer: Vec<u8>,
    given: usize,
    at_end: bool,
    open: Border,
    borders: Vec<Border>,
    cut: u64,
}

/// Where a record begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Border {
    /// Offset in the chunk.
    start: usize,
    /// Line it stands in.
    line: u64,
    /// It is what was left of a record that was cut.
    remnant: bool,
}

/// Whole records that stand one after another.
#[derive(Clone, Copy)]
pub(crate) struct Chunk<'a> {
    /// The records' bytes, without gaps.
    pub(crate) bytes: &'a [u8],
    borders: &'a [Border],
    format: &'a SourceFormat,
}

impl Reader {
    /// Opens `input` and finds out its format.
    pub(crate) fn open(input: Input, options: &ReadOptions) -> Result<Reader, InputError> {
        let name = input.name.clone();
        let mut opened = input.open()?;
        let mut head = Vec::new();
        let read = opened.reader.by_ref().take(HEAD_BYTES).read_to_end(&mut head);
        if memchr::memchr(0, &head).is_some() {
            return Err(InputError::Binary { name });
        }
        let format = SourceFormat::detect(&head, opened.modified.unwrap_or(options.now), options.format);
        let input: Box<dyn Read> = match read {
            Ok(_) => Box::new(Cursor::new(head).chain(opened.reader)),
            Err(error) => Box::new(Cursor::new(head).chain(Failing(Some(error)))),
        };
        Ok(Reader {
            format,
            name,
            input,
            chunk_bytes: options.chunk_bytes.max(1),
            buffer: Vec::new(),
            given: 0,
            at_end: false,
            open: Border { start: 0, line: 1, remnant: false },
            borders: Vec::new(),
            cut: 0,
        })
    }

    /// How the source is written.
    pub(crate) fn format(&self) -> Format {
        self.format.format
    }

    /// Records cut so far.
    pub(crate) fn cut(&self) -> u64 {
        self.cut
    }

    /// The next records, at least one; `None` at the end. After an error, what was read before it comes as one more chunk.
    pub(crate) fn next_chunk(&mut self) -> Result<Option<Chunk<'_>>, InputError> {
        self.buffer.drain(..self.given);
        self.given = 0;
        self.open.start = 0;
        while self.given == 0 && !(self.at_end && self.buffer.is_empty()) {
            if !self.at_end
                && let Err(source) = self.fill()
            {
                self.at_end = true;
                return Err(InputError::Read { name: self.name.clone(), source });
            }
            self.cut_records();
        }
        if self.given == 0 {
            return Ok(None);
        }
        Ok(Some(Chunk { bytes: &self.buffer[..self.given], borders: &self.borders, format: &self.format }))
    }

    fn fill(&mut self) -> io::Result<()> {
        let read = self.input.by_ref().take(self.chunk_bytes as u64).read_to_end(&mut self.buffer)?;
        self.at_end = read < self.chunk_bytes;
        Ok(())
    }

    /// Finds the borders in the buffer. A record is whole once the line after it, or the end, is seen.
    fn cut_records(&mut self) {
        let mut cutting = Cutting {
            borders: std::mem::take(&mut self.borders),
            open: self.open,
            lines: 0,
            line: self.open,
            cut: 0,
            state: OpenRecord::default(),
        };
        cutting.borders.clear();
        let mut cut_off = false;
        for newline in memchr::memchr_iter(b'\n', &self.buffer) {
            let next = newline + 1;
            cutting.bound_bytes(next);
            self.format.read_line(&mut cutting.state, &self.buffer[cutting.line.start..next]);
            cutting.next_line(next);
            let rest = &self.buffer[next..];
            if rest.is_empty() || (rest.len() < LOOK_AHEAD && !self.at_end) {
                cut_off = true;
                break;
            }
            if !self.format.continues(cutting.state, rest) {
                cutting.close(false);
            } else if cutting.lines == MAX_RECORD_LINES {
                cutting.close(true);
            }
        }
        if !cut_off {
            cutting.bound_bytes(self.buffer.len());
        }
        if self.at_end && cutting.open.start < self.buffer.len() {
            cutting.borders.push(cutting.open);
            cutting.open.start = self.buffer.len();
        }
        self.given = cutting.open.start;
        if self.given > 0 {
            self.open = cutting.open;
            self.cut += cutting.cut;
        }
        self.borders = cutting.borders;
    }
}

/// The state of finding borders: everything follows from the start of the open record on.
struct Cutting {
    borders: Vec<Border>,
    open: Border,
    /// Whole lines in the open record.
    lines: usize,
    /// The line that is being read.
    line: Border,
    /// What the open record tells about the lines after it.
    state: OpenRecord,
    cut: u64,
}

impl Cutting {
    /// Cuts the open record until it may reach to `end`, which ends the present line or what is there of it.
    fn bound_bytes(&mut self, end: usize) {
        while end - self.open.start > MAX_RECORD_BYTES {
            if self.line.start == self.open.start {
                self.line.start += MAX_RECORD_BYTES;
            }
            self.close(true);
        }
    }

    fn next_line(&mut self, start: usize) {
        self.lines += 1;
        self.line = Border { start, line: self.line.line + 1, remnant: false };
    }

    /// Ends the open record before the present line, which opens the next one.
    fn close(&mut self, cut: bool) {
        self.cut += u64::from(cut && !self.open.remnant);
        self.borders.push(self.open);
        self.open = Border { remnant: cut, ..self.line };
        self.lines = 0;
        self.state = OpenRecord::default();
    }
}

impl<'a> Chunk<'a> {
    /// How many records it holds.
    pub(crate) fn len(&self) -> usize {
        self.borders.len()
    }

    /// Whether records begin with a stamp.
    pub(crate) fn is_stamped(&self) -> bool {
        self.format.is_stamped()
    }

    /// Whether texts may contain escapes, so that a message is not found byte by byte in its record.
    pub(crate) fn has_escapes(&self) -> bool {
        self.format.has_escapes()
    }

    /// Index of the record that byte `at` belongs to; it is `from` or a later one.
    pub(crate) fn record_at(&self, at: usize, from: usize) -> usize {
        from + self.borders[from..].partition_point(|border| border.start <= at).saturating_sub(1)
    }

    /// One past the last byte of record `index`.
    pub(crate) fn record_end(&self, index: usize) -> usize {
        self.borders.get(index + 1).map_or(self.bytes.len(), |next| next.start)
    }

    /// Bytes of record `index`.
    pub(crate) fn record_len(&self, index: usize) -> usize {
        self.record_end(index) - self.borders[index].start
    }

    /// Record `index` of this chunk.
    pub(crate) fn record(&self, index: usize, source: SourceId) -> Record<'a> {
        let border = self.borders[index];
        let bytes = &self.bytes[border.start..self.record_end(index)];
        Record::new(source, border.line, bytes, if border.remnant { None } else { Some(self.format) })
    }
}

/// Gives the error that reading ended with, once.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &[u8], chunk_bytes: usize) -> (Vec<(u64, Vec<u8>)>, u64) {
        read_as(None, text, chunk_bytes)
    }

    fn read_as(format: Option<Format>, text: &[u8], chunk_bytes: usize) -> (Vec<(u64, Vec<u8>)>, u64) {
        let options = ReadOptions { chunk_bytes, format, now: Timestamp::UNIX_EPOCH };
        let mut reader = Reader::open(Input::bytes("x", text), &options).expect("bytes can be opened");
        let mut records = Vec::new();
        while let Some(chunk) = reader.next_chunk().expect("bytes can be read") {
            records.extend((0..chunk.len()).map(|index| {
                let record = chunk.record(index, SourceId(0));
                (record.line, record.bytes.to_vec())
            }));
        }
        (records, reader.cut())
    }

    #[track_caller]
    fn check(text: &str, expected: &[(u64, &str)]) {
        let (records, _) = read(text.as_bytes(), 1 << 20);
        let records: Vec<_> = records.iter().map(|(line, bytes)| (*line, String::from_utf8_lossy(bytes))).collect();
        let expected: Vec<_> = expected.iter().map(|(line, text)| (*line, (*text).into())).collect();
        assert_eq!(records, expected);
    }

    #[test]
    fn an_indented_or_empty_line_belongs_to_the_record_before() {
        check(
            "one\n  more\n\tmore\n\ntwo\r\n\r\nthree",
            &[(1, "one\n  more\n\tmore\n\n"), (5, "two\r\n\r\n"), (7, "three")],
        );
    }

    #[test]
    fn an_indented_excerpt_is_read_line_by_line() {
        check("  one\n  two\n", &[(1, "  one\n"), (2, "  two\n")]);
    }

    #[test]
    fn nothing_gives_no_record() {
        check("", &[]);
    }

    #[test]
    fn too_many_lines_are_cut_and_nothing_is_lost() {
        let text = format!("head\n{}last\n", " more\n".repeat(1200));
        let (records, cut) = read(text.as_bytes(), 100);
        assert_eq!(records.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 501, 1001, 1202]);
        assert_eq!(cut, 1);
        assert_eq!(records.into_iter().flat_map(|(_, bytes)| bytes).collect::<Vec<_>>(), text.into_bytes());
    }

    #[test]
    fn a_line_that_is_too_long_is_cut_and_the_lines_after_it_keep_their_numbers() {
        let text = format!("one\n{}\ntwo\n more\n", "x".repeat(2 * MAX_RECORD_BYTES + 10));
        let (records, cut) = read(text.as_bytes(), 1000);
        let shape: Vec<_> = records.iter().map(|(line, bytes)| (*line, bytes.len())).collect();
        assert_eq!(shape, [(1, 4), (2, MAX_RECORD_BYTES), (2, MAX_RECORD_BYTES), (2, 11), (3, 10)]);
        assert_eq!(cut, 1);
    }

    #[test]
    fn a_long_line_leaves_the_record_it_would_belong_to() {
        let text = format!("one\n {}\n", "x".repeat(MAX_RECORD_BYTES - 2));
        let (records, cut) = read(text.as_bytes(), 4096);
        assert_eq!(
            records.iter().map(|(line, bytes)| (*line, bytes.len())).collect::<Vec<_>>(),
            [(1, 4), (2, MAX_RECORD_BYTES)]
        );
        assert_eq!(cut, 1);
    }

    #[test]
    fn a_binary_file_is_refused() {
        let options = ReadOptions { chunk_bytes: 100, format: None, now: Timestamp::UNIX_EPOCH };
        let error = Reader::open(Input::bytes("x", *b"MZ\0\0"), &options).err().map(|error| error.to_string());
        assert_eq!(error, Some("x is not a text file".to_owned()));
    }

    /// Lines that tell something about the line after them, or belong to the one before.
    const LINES: [&str; 18] = [
        "Traceback (most recent call last):\n",
        "  File \"a.py\", line 3\n",
        "ValueError: no\n",
        "During handling of the above exception, another exception occurred:\n",
        "goroutine 1 [running]:\n",
        "main.main()\n",
        "thread 'main' panicked at a.rs:1:2:\n",
        "Caused by: x\r\n",
        "\n",
        "\r\n",
        "\t... 3 more\n",
        "4/17/2001,2:00:31 AM,Disk,Error,None,7,N/A,HOST1,\"open\n",
        "closed\"\n",
        "4/17/2001,\n",
        "Event Type:\tError\n",
        "{\"msg\":\"a\"}\n",
        "2016-01-01 10:00:00 a\n",
        "no line end",
    ];

    proptest! {
        #[test]
        fn borders_do_not_depend_on_the_chunk_size(
            text in "([a-c ]{0,6}\r?\n|\t|Event Type:\nDate:\nTime:\n){0,30}[a-c ]{0,4}", chunk_bytes in 1_usize..40,
        ) {
            prop_assert_eq!(read(text.as_bytes(), chunk_bytes), read(text.as_bytes(), 1 << 20));
        }

        #[test]
        fn borders_of_no_format_depend_on_the_chunk_size(
            lines in prop::collection::vec(prop::sample::select(LINES.to_vec()), 0..30),
            format in prop::sample::select(Format::ALL.to_vec()),
            chunk_bytes in 1_usize..200,
        ) {
            let text = lines.concat();
            let whole = read_as(Some(format), text.as_bytes(), 1 << 20);
            prop_assert_eq!(read_as(Some(format), text.as_bytes(), chunk_bytes), whole.clone());
            let bytes: Vec<u8> = whole.0.into_iter().flat_map(|(_, bytes)| bytes).collect();
            prop_assert_eq!(bytes, text.into_bytes());
        }

        #[test]
        fn line_numbers_are_those_of_counting(text in "([a-c ]{0,6}\r?\n|\t){0,30}[a-c ]{0,4}") {
            let (records, _) = read(text.as_bytes(), 16);
            let mut before = 0;
            for (line, bytes) in records {
                prop_assert_eq!(line, 1 + before);
                before += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
            }
            prop_assert_eq!(before, text.matches('\n').count() as u64);
        }
    }
}
