//! Exports to canonical records: JSON Lines, JSON arrays and CSV tables of articles, whoever wrote them.
//!
//! A [`FieldMap`] says which field is what. Each record becomes a text of its own, a JSON object under canonical names,
//! which [`parse`](crate::article::parse()) reads like any article; so what the store keeps of an export does not depend on
//! the exporter. RecordVisitor are read one at a time, and none takes more than [`MAX_RECORD_BYTES`].
//!
//! ```text
//! bytes ─ sniff ──> ExportKind ─ records ──> RecordFields ─ FieldMap ──> CanonicalRecord ── text ─ parse ──> Article
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
pub use name::CanonicalName;
pub use record::{ExportError, ExportKind, ExportRecord, ExportSummary, JsonShape, MAX_RECORD_BYTES, NotARecord};
pub use sniff::sniff;
use visitor::RecordVisitor;

/// Visits the records of an export, which [`sniff`] calls `kind`, in their order until one visit breaks.
///
/// UTF-8, else Windows-1252 record by record; UTF-16 with a byte order mark. Linear in time; memory is that of a record.
pub fn records(
    kind: ExportKind,
    reader: impl BufRead,
    map: &FieldMap,
    visit: &mut dyn FnMut(ExportRecord) -> ControlFlow<()>,
) -> Result<ExportSummary, ExportError> {
    let mut reader = bytes::utf8_or_bytes(reader)?;
    let mut records = RecordVisitor::new(map, visit);
    // Whether a visit broke does not matter here: what was seen is in the summary.
    let _flow = match kind {
        ExportKind::JsonLines => lines::read(&mut reader, &mut records)?,
        ExportKind::Json(around) => elements::read(&mut reader, around, &mut records)?,
        ExportKind::Csv { delimiter } => rows::read(&mut reader, delimiter, &mut records)?,
    };
    Ok(records.summary)
}
