//! Exports to canonical records: JSON Lines, JSON arrays and CSV tables of articles, whoever wrote them.
//!
//! A [`FieldMap`] says which field is what. Each record becomes a text of its own, a JSON object under canonical names,
//! which [`parse`](crate::article::parse()) reads like any article; so what the store keeps of an export does not depend on
//! the exporter. Records are read one at a time, and none takes more than [`MAX_RECORD_BYTES`].
//!
//! ```text
//! bytes ─ sniff ──> ExportKind ─ records ──> Fields ─ FieldMap ──> Canonical ── text ─ parse ──> Article
//! ```

mod bytes;
pub(in crate::article) mod canonical;
mod elements;
mod field_map;
mod fields;
mod json;
mod lines;
mod name;
mod rows;
mod sniff;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead};
use std::ops::ControlFlow;

use super::Distinct;
use canonical::Canonical;
pub use field_map::{FieldMap, UnknownField};
use fields::Fields;
pub use name::Name;
pub use sniff::sniff;

/// A larger record is no article.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// A longer key is cut.
const LONGEST_KEY: usize = 120;

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportKind {
    /// One JSON object a line.
    JsonLines,
    /// JSON objects that may take several lines each.
    Json(Around),
    /// A table with a line of names.
    Csv {
        /// What stands between two cells: `,`, `;`, a tab or `|`.
        delimiter: u8,
    },
}

/// What stands around the objects that are records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// Nothing: there may be one or several.
    Nothing,
    /// `[…]`
    Array,
    /// `{"articles":[…]}`, other fields beside it.
    ArrayInObject,
}

/// One record of an export.
#[derive(Debug, PartialEq, Eq)]
pub struct Record {
    /// What tells it from the others of its export: its id, else its title as a slug, else its line; `a~2` for the second
    /// `a`.
    pub key: String,
    /// The line on which it begins, from 1.
    pub line: u64,
    /// The canonical text.
    pub content: Result<String, NotARecord>,
}

/// Why a part of an export is not stored as an article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotARecord {
    /// More than [`MAX_RECORD_BYTES`].
    #[error("larger than {} MiB", MAX_RECORD_BYTES >> 20)]
    TooLarge,
    /// A line that is another JSON value.
    #[error("no JSON object")]
    NotAnObject,
    /// No JSON.
    #[error("damaged JSON: {0}")]
    Json(String),
    /// The end of the file within a record.
    #[error("cut off")]
    CutOff,
    /// Neither a title nor any text.
    #[error("a record without title and text")]
    NoText,
}

/// What was in an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Records that are articles.
    pub articles: u64,
    /// Records that are none.
    pub skipped: u64,
    /// Objects of other lists, which are not records: the users beside the articles.
    pub passed_over: u64,
}

/// An export that could not be read to its end. What came before was visited.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The reader failed.
    #[error("cannot read on")]
    Read(#[from] io::Error),
    /// A table whose quotes do not close, or a cell of enormous size.
    #[error("the row at line {line} has no end within {} MiB: a quote is not closed", MAX_RECORD_BYTES >> 20)]
    EndlessRow {
        /// The line on which the row begins.
        line: u64,
    },
}

/// Visits the records of an export, which [`sniff`] calls `kind`, in their order until one visit breaks.
///
/// UTF-8, else Windows-1252 record by record; UTF-16 with a byte order mark. Linear in time; memory is that of a record.
pub fn records(
    kind: ExportKind,
    reader: impl BufRead,
    map: &FieldMap,
    visit: &mut dyn FnMut(Record) -> ControlFlow<()>,
) -> Result<Summary, ExportError> {
    let mut reader = bytes::utf8_or_bytes(reader)?;
    let mut records = Records { map, keys: Distinct::default(), summary: Summary::default(), visit };
    // Whether a visit broke does not matter here: what was seen is in the summary.
    let _flow = match kind {
        ExportKind::JsonLines => lines::read(&mut reader, &mut records)?,
        ExportKind::Json(around) => elements::read(&mut reader, around, &mut records)?,
        ExportKind::Csv { delimiter } => rows::read(&mut reader, delimiter, &mut records)?,
    };
    Ok(records.summary)
}

/// The visitor of an export's records, and what it has seen.
struct Records<'v> {
    map: &'v FieldMap,
    keys: Distinct,
    summary: Summary,
    visit: &'v mut dyn FnMut(Record) -> ControlFlow<()>,
}

impl Records<'_> {
    /// Hands on the record with these fields.
    fn give(&mut self, line: u64, fields: Result<Fields, NotARecord>) -> ControlFlow<()> {
        let canonical = fields.and_then(|fields| Canonical::from_fields(fields, self.map));
        match &canonical {
            Ok(_) => self.summary.articles += 1,
            Err(_) => self.summary.skipped += 1,
        }
        let key = canonical.as_ref().map_or_else(|_| String::new(), key_of);
        let key = self.keys.name(if key.is_empty() { line.to_string() } else { key });
        (self.visit)(Record { key, line, content: canonical.map(|canonical| canonical.to_json()) })
    }
}

/// The stated id, else the title as a slug; empty if there is neither.
fn key_of(canonical: &Canonical) -> String {
    let id = canonical.first(Name::Id);
    let key = if id.is_empty() {
        slug(canonical.first(Name::Title))
    } else {
        id.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    };
    bytes::cut(&key, LONGEST_KEY).trim_end_matches(['-', ' ']).to_owned()
}

/// `How mail waits (5.5)` as `how-mail-waits-5-5`.
fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}
