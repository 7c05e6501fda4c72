//! Reads exports of articles from any program: JSON Lines, JSON arrays and CSV tables.
//!
//! A [`FieldMap`] maps the fields to canonical names. Each record becomes a canonical record, a JSON object with these
//! names, which [`parse`](crate::article::parse()) reads like any article. So the text in the store does not depend on
//! the exporter. Records are read one at a time, and none has more than [`MAX_RECORD_BYTES`].
//!
//! ```text
//! bytes ─ sniff ──> ExportKind ─ records ──> fields ─ FieldMap ──> canonical record ─ parse ──> Article
//! ```

mod bytes;
pub(in crate::article) mod canonical;
mod elements;
mod field_map;
mod fields;
mod json;
mod lines;
mod name;
mod record;
mod rows;
mod sniff;
#[cfg(test)]
mod tests;
mod visitor;

use std::io::BufRead;
use std::ops::ControlFlow;

pub use field_map::{FieldMap, UnknownField};
pub(in crate::article) use name::CanonicalName;
pub use record::{ExportError, ExportKind, ExportRecord, JsonShape, MAX_RECORD_BYTES, NotARecord};
pub use sniff::sniff;
use visitor::RecordVisitor;

/// Calls `visit` with each record of an export in order, until it returns `Break`. `kind` is the result of [`sniff()`].
/// Returns `Break` if `visit` has.
///
/// A record that is not valid UTF-8 is decoded as Windows-1252; a file with a byte order mark may be UTF-16. Takes
/// linear time and the memory of one record.
pub fn records(
    kind: ExportKind,
    reader: impl BufRead,
    map: &FieldMap,
    visit: &mut dyn FnMut(ExportRecord) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, ExportError> {
    let mut reader = bytes::utf8_or_bytes(reader)?;
    let mut records = RecordVisitor::new(map, visit);
    match kind {
        ExportKind::JsonLines => Ok(lines::read(&mut reader, &mut records)?),
        ExportKind::Json(shape) => Ok(elements::read(&mut reader, shape, &mut records)?),
        ExportKind::Csv { delimiter } => rows::read(&mut reader, delimiter, &mut records),
    }
}
