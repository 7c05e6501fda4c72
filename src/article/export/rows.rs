//! Reads CSV tables: a row with the names of the columns, then one row per record.

use std::io::{BufRead, Read};
use std::ops::ControlFlow;

use csv::{ByteRecord, ReaderBuilder, Terminator};

use super::bytes;
use super::fields::{EXPORTED, RecordFields};
use super::record::{ExportError, MAX_RECORD_BYTES};
use super::visitor::RecordVisitor;
use crate::article::decode::{utf8_or_windows, windows};

/// Visits the rows below the first. A cell whose column has no name is a field such as `column 4`; columns count from
/// 1. Missing cells are empty.
pub(super) fn read(
    reader: &mut dyn BufRead,
    delimiter: u8,
    records: &mut RecordVisitor<'_>,
) -> Result<ControlFlow<()>, ExportError> {
    // The last row too must have a line end, so that lines can be counted.
    let rows = reader.chain(&b"\n"[..]);
    let mut rows = builder(delimiter).from_reader(LimitedReader { inner: rows, left: 0 });
    let mut row = ByteRecord::new();
    let Some(_) = read_row(&mut rows, &mut row)? else { return Ok(ControlFlow::Continue(())) };
    let names: Vec<String> = row.iter().take(EXPORTED.fields).map(column_name).collect();
    while let Some(line) = read_row(&mut rows, &mut row)? {
        let fields = fields_of(&row, &names);
        if fields.iter().all(|field| field.values.is_empty()) {
            continue;
        }
        if records.visit(line, Ok(fields)).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn fields_of(row: &ByteRecord, names: &[String]) -> RecordFields {
    let mut fields = RecordFields::new(EXPORTED);
    let is_utf8 = std::str::from_utf8(row.as_slice()).is_ok();
    for (index, cell) in row.iter().enumerate() {
        let cell = if is_utf8 { utf8_or_windows(cell) } else { windows(cell) };
        match names.get(index).filter(|name| !name.is_empty()) {
            Some(name) => fields.push(name, &cell),
            None => fields.push(&format!("column {}", index + 1), &cell),
        }
    }
    fields
}

/// Returns the settings of the CSV reader. A `\r` before the end of a row is part of the last cell, and is trimmed with
/// its blanks.
pub(super) fn builder(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter).terminator(Terminator::Any(b'\n'));
    builder
}

/// Returns the name of a column. A long name is cut, because it would cost its length in every row.
fn column_name(cell: &[u8]) -> String {
    bytes::cut(&utf8_or_windows(cell), EXPORTED.path).trim().to_owned()
}

/// Reads a row and returns the line on which it begins, or `None` at the end.
fn read_row<R: Read>(
    rows: &mut csv::Reader<LimitedReader<R>>,
    row: &mut ByteRecord,
) -> Result<Option<u64>, ExportError> {
    rows.get_mut().left = MAX_RECORD_BYTES;
    let is_there = rows.read_byte_record(row).map_err(|error| match error.into_kind() {
        csv::ErrorKind::Io(error) => ExportError::Read(error),
        // A table that is read as bytes, with rows of any length, has no other errors.
        kind => ExportError::Read(std::io::Error::other(format!("{kind:?}"))),
    })?;
    let has_end = rows.get_ref().left > 0;
    // The reader skips blank lines before the row, so only the line of its end is known.
    let lines = memchr::memchr_iter(b'\n', row.as_slice()).count() as u64 + u64::from(has_end);
    let line = rows.position().line().saturating_sub(lines);
    if !has_end {
        return Err(ExportError::EndlessRow { line });
    }
    Ok(is_there.then_some(line))
}

/// A reader that ends after `left` bytes. Without this limit, a row whose quote is never closed would continue to the
/// end of the file.
struct LimitedReader<R> {
    inner: R,
    left: usize,
}

impl<R: Read> Read for LimitedReader<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let len = into.len().min(self.left);
        let read = self.inner.read(&mut into[..len])?;
        self.left -= read;
        Ok(read)
    }
}
