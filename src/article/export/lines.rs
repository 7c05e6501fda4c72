//! Reads JSON Lines: one object per line, so that a damaged line does not affect the others.

use std::io::{self, BufRead};
use std::ops::ControlFlow;

use super::json;
use super::record::{MAX_RECORD_BYTES, NotARecord};
use super::visitor::RecordVisitor;
use crate::article::decode::utf8_or_windows;

/// Passes the JSON object on each line that is not blank to `records`. Returns `Break` if its visitor does.
pub(super) fn read(reader: &mut dyn BufRead, records: &mut RecordVisitor<'_>) -> io::Result<ControlFlow<()>> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let is_whole = read_line(reader, &mut line)?;
        if line.is_empty() {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let fields = match is_whole {
            true => json::fields(&utf8_or_windows(&line)),
            false => Err(NotARecord::TooLarge),
        };
        if records.visit(number, fields).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Reads a line, but no more bytes than a record may have, and skips the rest. Returns whether all of it was read.
fn read_line(mut reader: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    let limit = MAX_RECORD_BYTES as u64 + 1;
    let read = io::Read::take(&mut reader, limit).read_until(b'\n', line)?;
    let is_cut = read as u64 == limit && line.last() != Some(&b'\n');
    if is_cut {
        reader.skip_until(b'\n')?;
    }
    Ok(!is_cut)
}
