//! Converts the export format of the systemd journal to lines of JSON, as `journalctl -o json` writes them.
//!
//! An entry is a group of fields, and an empty line ends it. A field is `NAME=value`, or, if the value may contain line
//! ends, `NAME`, the length of the value as eight bytes, and the value.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use crate::log::clean::clean_message;

/// The most bytes of a value that are kept, and of all values of an entry. Longer values become `null`.
const MAX_VALUE_BYTES: usize = 128 * 1024;

/// Whether a stream that begins with `start` is in the export format: it begins with an address field.
pub(super) fn is_journal_export(start: &[u8]) -> bool {
    let Some(end) = memchr::memchr(b'=', start) else { return false };
    matches!(&start[..end], b"__CURSOR" | b"__REALTIME_TIMESTAMP" | b"__MONOTONIC_TIMESTAMP")
}

/// A reader of one line of JSON for each entry.
pub(super) struct JournalExport<R> {
    input: BufReader<R>,
    /// The object for the entry that is being read, without its end; empty if it has no fields yet.
    entry: Vec<u8>,
    /// Lines that are complete; the first `given` bytes were returned.
    ready: Vec<u8>,
    given: usize,
    error: Option<io::Error>,
    ended: bool,
}

impl<R: Read> JournalExport<R> {
    pub(super) fn new(input: R) -> Self {
        let input = BufReader::with_capacity(64 * 1024, input);
        JournalExport { input, entry: Vec::new(), ready: Vec::new(), given: 0, error: None, ended: false }
    }

    /// Reads one field or the end of an entry.
    fn read_field(&mut self) -> io::Result<()> {
        let mut line = Vec::new();
        let end = read_until_line_end(&mut self.input, &mut line)?;
        if line.is_empty() {
            self.ended = end == LineEnd::Input;
            self.end_entry();
            return Ok(());
        }
        match memchr::memchr(b'=', &line) {
            Some(at) => self.add(&line[..at], (end != LineEnd::TooLong).then_some(&line[at + 1..])),
            None => {
                let value = self.read_binary()?;
                self.add(&line, value.as_deref());
            }
        }
        Ok(())
    }

    /// Reads a value with its length before it. Returns `None` if it is too long to be kept.
    fn read_binary(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut len = [0; 8];
        self.input.read_exact(&mut len)?;
        let len = u64::from_le_bytes(len);
        let mut value = Vec::new();
        let kept = len.min(MAX_VALUE_BYTES as u64);
        self.input.by_ref().take(kept).read_to_end(&mut value)?;
        let skipped = io::copy(&mut self.input.by_ref().take(len - kept), &mut io::sink())?;
        if (value.len() as u64) < kept || skipped < len - kept {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "the last entry is cut off"));
        }
        self.input.read_exact(&mut [0])?;
        Ok((kept == len).then_some(value))
    }

    /// Adds a field to the entry.
    fn add(&mut self, name: &[u8], value: Option<&[u8]>) {
        self.entry.push(if self.entry.is_empty() { b'{' } else { b',' });
        push_json(&mut self.entry, name);
        self.entry.push(b':');
        match value.filter(|value| value.len() + self.entry.len() <= MAX_VALUE_BYTES) {
            Some(value) => push_json(&mut self.entry, &clean_message(value)),
            None => self.entry.extend_from_slice(b"null"),
        }
        if self.entry.len() > 2 * MAX_VALUE_BYTES {
            // Names alone have made the entry too long, so this is no journal. Its parts become entries.
            self.end_entry();
        }
    }

    fn end_entry(&mut self) {
        if !self.entry.is_empty() {
            self.ready.append(&mut self.entry);
            self.ready.extend_from_slice(b"}\n");
        }
    }
}

impl<R: Read> Read for JournalExport<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            if self.ended {
                return self.error.take().map_or(Ok(0), Err);
            }
            self.ready.clear();
            self.given = 0;
            if let Err(error) = self.read_field() {
                self.error = Some(error);
                self.ended = true;
                self.end_entry();
            }
        }
        let len = (&self.ready[self.given..]).read(target)?;
        self.given += len;
        Ok(len)
    }
}

/// The reason why a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineEnd {
    Line,
    Input,
    /// The line is longer than [`MAX_VALUE_BYTES`], and the rest of it was skipped.
    TooLong,
}

/// Reads a line without its line end.
fn read_until_line_end(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<LineEnd> {
    let mut is_too_long = false;
    loop {
        let block = match input.fill_buf() {
            Ok(block) => block,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if block.is_empty() {
            return Ok(if is_too_long { LineEnd::TooLong } else { LineEnd::Input });
        }
        let newline = memchr::memchr(b'\n', block);
        let text = &block[..newline.unwrap_or(block.len())];
        let fits = text.len().min(MAX_VALUE_BYTES - line.len());
        line.extend_from_slice(&text[..fits]);
        is_too_long |= fits < text.len();
        let used = newline.map_or(block.len(), |newline| newline + 1);
        input.consume(used);
        if newline.is_some() {
            return Ok(if is_too_long { LineEnd::TooLong } else { LineEnd::Line });
        }
    }
}

/// Appends `text` as a JSON string.
fn push_json(out: &mut Vec<u8>, text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    serde_json::to_writer(out, &*text).expect("a string can be written to memory");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Converts `export`. Returns the lines, and the error.
    fn converted(export: &[u8]) -> (String, Option<String>) {
        let mut lines = Vec::new();
        let error = JournalExport::new(export).read_to_end(&mut lines).err();
        (String::from_utf8(lines).expect("JSON is UTF-8"), error.map(|error| error.to_string()))
    }

    #[test]
    fn an_entry_becomes_a_line_of_json() {
        let export = b"__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1700000000000000\nMESSAGE\n\x0d\0\0\0\0\0\0\0one\n\x1b[1m\"two\"\nPRIORITY=3\n\n\
            __CURSOR=s=1;i=3\nMESSAGE=a=b\n";
        let lines = "{\"__CURSOR\":\"s=1;i=2\",\"__REALTIME_TIMESTAMP\":\"1700000000000000\",\"MESSAGE\":\"one\\n\\\"two\\\"\",\
            \"PRIORITY\":\"3\"}\n{\"__CURSOR\":\"s=1;i=3\",\"MESSAGE\":\"a=b\"}\n";
        assert!(is_journal_export(export));
        assert_eq!(converted(export), (lines.to_owned(), None));
        assert_eq!(converted(b""), (String::new(), None));
    }

    #[test]
    fn an_entry_that_is_cut_off_is_read_and_reported() {
        let export = b"__CURSOR=a\nPRIORITY=3\nMESSAGE\n\x09\0\0\0\0\0\0\0one";
        let error = Some("the last entry is cut off".to_owned());
        assert_eq!(converted(export), ("{\"__CURSOR\":\"a\",\"PRIORITY\":\"3\"}\n".to_owned(), error));
    }

    #[test]
    fn a_long_value_is_left_out() {
        let long = "x".repeat(MAX_VALUE_BYTES + 1);
        let mut export = format!("__CURSOR=a\nCOREDUMP={long}\nDUMP\n").into_bytes();
        export.extend((long.len() as u64).to_le_bytes());
        export.extend(format!("{long}\nMESSAGE=m\n").bytes());
        let line = "{\"__CURSOR\":\"a\",\"COREDUMP\":null,\"DUMP\":null,\"MESSAGE\":\"m\"}\n";
        assert_eq!(converted(&export), (line.to_owned(), None));
    }

    #[test]
    fn other_texts_are_no_journal_export() {
        for start in ["", "__CURSOR", "MESSAGE=x\n", "a=b __CURSOR=c\n", "{\"__CURSOR\":\"x=\"}"] {
            assert!(!is_journal_export(start.as_bytes()), "{start}");
        }
    }
}
