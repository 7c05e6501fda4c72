//! Reads an input to its end, one chunk of whole records at a time.

use std::io::{Cursor, Read};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::format::{Format, SourceFormat, choose_own};
use super::input::{Failing, InputError, OpenedInput};
use super::record_buffer::{Chunk, OwnedChunk, RecordBuffer};
use super::timestamp::StampRules;
use super::years::year_starts;
use super::zone::ZoneOrigin;
use crate::own_format::OwnFormats;

/// The number of bytes at the beginning of a source from which its format is detected.
pub(crate) const HEAD_BYTES: usize = 64 * 1024;

/// How to read a source.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// Bytes to read at a time; affects speed and memory only.
    pub chunk_bytes: usize,
    /// The format that the user stated; `None` to detect it.
    pub format: Option<Format>,
    /// The current time. In sources without a file time, it decides the year of stamps that contain none.
    pub now: Timestamp,
    /// The zone of stamps that name none.
    pub zone: TimeZone,
    /// The origin of that zone. A format of the user replaces a zone that is assumed.
    pub zone_origin: ZoneOrigin,
    /// The formats that the user describes.
    pub own_formats: OwnFormats,
}

impl ReadOptions {
    /// Returns the default options; `now` is the current time.
    pub fn at(now: Timestamp) -> Self {
        let (zone, zone_origin) = (TimeZone::UTC, ZoneOrigin::Assumed);
        ReadOptions { chunk_bytes: 1 << 20, format: None, now, zone, zone_origin, own_formats: OwnFormats::default() }
    }

    /// Returns the format of a source with the names `names` that begins with `head` and was last changed at `modified`,
    /// if that is known.
    pub(crate) fn detect(&self, head: &[u8], modified: Option<Timestamp>, names: &[String]) -> SourceFormat {
        let mut rules = self.stamp_rules(modified);
        let own = || choose_own(&self.own_formats, names, head, &rules).map(|own| Format::own(Arc::clone(own)));
        let given = self.format.clone().or_else(own);
        if let Some(zone) = given.as_ref().and_then(Format::zone).filter(|_| self.zone_origin == ZoneOrigin::Assumed) {
            rules.zone = zone.clone();
        }
        SourceFormat::detect(head, rules, given)
    }

    /// Returns how to read the stamps of a source that was last changed at `modified`, if that is known.
    fn stamp_rules(&self, modified: Option<Timestamp>) -> StampRules {
        StampRules { zone: self.zone.clone(), ..StampRules::utc(modified.unwrap_or(self.now)) }
    }
}

/// A text that is being read.
pub(crate) struct Reader<'a> {
    name: String,
    input: Box<dyn Read + 'a>,
    chunk_bytes: usize,
    records: RecordBuffer,
}

impl<'a> Reader<'a> {
    /// Begins to read a text, and detects its format.
    pub(crate) fn new(opened: OpenedInput<'a>, options: &ReadOptions) -> Reader<'a> {
        let mut reader = opened.reader;
        let mut head = Vec::new();
        let read = reader.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head);
        let format = options.detect(&head, opened.modified, &opened.names);
        let rest: Box<dyn Read + 'a> = match read {
            Ok(_) => reader,
            Err(error) => Box::new(Failing(Some(error))),
        };
        let input = Box::new(Cursor::new(head).chain(rest));
        let (name, chunk_bytes) = (opened.name, options.chunk_bytes.max(1));
        // If the file cannot be read again, all stamps are read as of the latest year, as in a stream.
        let years = opened.text_file.filter(|_| format.is_yearless()).and_then(|path| year_starts(&path).ok());
        let mut records = RecordBuffer::new(format);
        records.set_years(&years.unwrap_or_default());
        Reader { name, input, chunk_bytes, records }
    }

    /// Opens an input that is one text.
    #[cfg(test)]
    pub(crate) fn open(input: super::input::Input, options: &ReadOptions) -> Result<Reader<'static>, InputError> {
        let mut result = None;
        input.visit(&mut |opened| {
            result = Some(opened.map_err(|failed| failed.error).map(|mut opened| {
                let mut text = Vec::new();
                let error = opened.reader.read_to_end(&mut text).err();
                let reader = Box::new(Cursor::new(text).chain(Failing(error)));
                Reader::new(
                    OpenedInput {
                        name: opened.name,
                        names: opened.names,
                        reader,
                        modified: opened.modified,
                        path: opened.path,
                        text_file: opened.text_file,
                    },
                    options,
                )
            }));
        });
        result.expect("an input has a text or an error")
    }

    pub(crate) fn format(&self) -> Format {
        self.records.format()
    }

    /// Returns the number of records that were too long and were cut so far.
    pub(crate) fn n_cut(&self) -> u64 {
        self.records.n_cut()
    }

    /// Returns the next records, at least one; `None` at the end of the input. After an error, the next call returns
    /// the records before the error.
    pub(crate) fn next_chunk(&mut self) -> Result<Option<Chunk<'_>>, InputError> {
        self.find_chunk()?;
        Ok(self.records.chunk())
    }

    /// Returns the next records like [`next_chunk`](Self::next_chunk), apart from the reader. The memory of `used`, a chunk that is
    /// not needed any more, is used again.
    pub(crate) fn detach_next(&mut self, used: Option<OwnedChunk>) -> Result<Option<OwnedChunk>, InputError> {
        self.find_chunk()?;
        Ok(self.records.detach_chunk(used))
    }

    /// Whether the input has ended, so that the records that were returned last are the last ones.
    pub(crate) fn is_at_end(&self) -> bool {
        self.records.is_at_end()
    }

    fn find_chunk(&mut self) -> Result<(), InputError> {
        loop {
            if !self.records.is_at_end() {
                let read = self.records.append_from(&mut self.input, self.chunk_bytes);
                read.map_err(|source| InputError::Read { name: self.name.clone(), source })?;
            }
            if self.records.find_records() || self.records.is_at_end() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::log::Input;
    use crate::log::format::FieldStep;
    use crate::log::record_buffer::{MAX_RECORD_BYTES, MAX_RECORD_LINES};
    use crate::source::SourceId;

    fn read(text: &[u8], chunk_bytes: usize) -> (Vec<(u64, Vec<u8>)>, u64) {
        read_as(None, text, chunk_bytes)
    }

    fn read_as(format: Option<Format>, text: &[u8], chunk_bytes: usize) -> (Vec<(u64, Vec<u8>)>, u64) {
        let options = ReadOptions { chunk_bytes, format, ..ReadOptions::at(Timestamp::UNIX_EPOCH) };
        let mut reader = Reader::open(Input::bytes("x", text), &options).expect("bytes can be opened");
        let mut records = Vec::new();
        while let Some(chunk) = reader.next_chunk().expect("bytes can be read") {
            records.extend((0..chunk.len()).map(|index| {
                let record = chunk.record(index, SourceId(0));
                (record.line, record.bytes.to_vec())
            }));
        }
        (records, reader.n_cut())
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
    fn the_years_of_a_file_follow_from_the_order_of_its_lines() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        let text = "Dec 30 10:00:00 h a[1]: x\nJan  2 10:00:00 h a[1]: x\n  more\nDec 30 10:00:00 h a[1]: x\nJan  2 10:00:00 h a[1]: x\n";
        std::fs::write(file.path(), text).expect("a writable file");
        let modified = std::fs::metadata(file.path()).and_then(|data| data.modified()).expect("a file time");
        let year = Timestamp::try_from(modified).expect("a valid instant").to_zoned(TimeZone::UTC).year();
        for chunk_bytes in [7, 1 << 20] {
            let options = ReadOptions { chunk_bytes, ..ReadOptions::at(Timestamp::UNIX_EPOCH) };
            let mut years = Vec::new();
            Input::path(file.path()).visit(&mut |opened| {
                let mut reader = Reader::new(opened.unwrap_or_else(|failed| panic!("{}", failed.error)), &options);
                while let Some(chunk) = reader.next_chunk().expect("a readable file") {
                    let times = (0..chunk.len()).map(|index| chunk.record(index, SourceId(0)).time());
                    years.extend(times.map(|time| time.map(|time| time.to_zoned(TimeZone::UTC).year())));
                }
            });
            // Before the third of January the last line is of the year before.
            let last = years.last().copied().flatten().expect("a year");
            assert!(last == year || last == year - 1);
            assert_eq!(years, [last - 2, last - 1, last - 1, last].map(Some));
        }
    }

    #[test]
    fn an_empty_source_has_no_record() {
        check("", &[]);
    }

    #[test]
    fn headings_are_in_no_record_and_say_how_the_rows_after_them_are_written() {
        let text = "#Version: 1\n#Fields: date time a b\n2016-01-01 10:00:00 1 2\n#Fields: date time b\n\n\
                    2016-01-01 11:00:00 3\n#Fields: date time a b\n2016-01-01 12:00:00 4 5\n#Date: x";
        check(
            text,
            &[(3, "2016-01-01 10:00:00 1 2\n"), (6, "2016-01-01 11:00:00 3\n"), (8, "2016-01-01 12:00:00 4 5\n")],
        );
        let options = ReadOptions { chunk_bytes: 7, ..ReadOptions::at(Timestamp::UNIX_EPOCH) };
        let mut reader = Reader::open(Input::bytes("x", text), &options).expect("bytes can be opened");
        let mut found = Vec::new();
        while let Some(chunk) = reader.next_chunk().expect("bytes can be read") {
            found.extend((0..chunk.len()).map(|index| {
                let record = chunk.record(index, SourceId(0));
                record.field(&[FieldStep::Name("b")]).map(|value| value.to_string())
            }));
        }
        assert_eq!(found, [Some("2".to_owned()), Some("3".to_owned()), Some("5".to_owned())]);
    }

    #[test]
    fn a_source_of_headings_alone_has_no_record() {
        check("#Fields: a b\n#Date: x\n", &[]);
        let many = format!("#Fields: date time x\n{}2016-01-01 10:00:00 1\n", "#\n".repeat(MAX_RECORD_LINES));
        let (records, cut) = read(many.as_bytes(), 100);
        assert_eq!(
            records.iter().map(|(line, bytes)| (*line, bytes.len())).collect::<Vec<_>>(),
            [(1, 1019), (502, 22)]
        );
        assert_eq!(cut, 0);
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
        let options = ReadOptions { chunk_bytes: 100, ..ReadOptions::at(Timestamp::UNIX_EPOCH) };
        let error = Reader::open(Input::bytes("x", *b"MZ\0\0"), &options).err().map(|error| error.to_string());
        assert_eq!(error, Some("x is not a text file".to_owned()));
    }

    /// Lines that affect whether the next line belongs to the same record, and lines that belong to the record before
    /// them.
    const LINES: [&str; 27] = [
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
        "#Fields: date time x\n",
        "#Fields: date time x y\n",
        "# HELP a b\n",
        "/usr/sbin/some/very/long/path/to/a/server/example-db, Version: 8.0.36 (Example). started with:\n",
        "                                                            <Event xmlns='x'>\n",
        "# Time: 2001-04-17T02:00:31.5Z\n",
        "[ 04-17 02:00:31.123  1702: 2395 E/Runtime ]\n",
        "  Warning  BackOff  10s (x5 over 4m)   kubelet  Back-off\n",
        "a,time,b\n",
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
            let whole = read_as(Some(format.clone()), text.as_bytes(), 1 << 20);
            prop_assert_eq!(read_as(Some(format.clone()), text.as_bytes(), chunk_bytes), whole.clone());
            let bytes: Vec<u8> = whole.0.into_iter().flat_map(|(_, bytes)| bytes).collect();
            if format.name() == "plain" {
                prop_assert_eq!(bytes, text.into_bytes());
            }
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
