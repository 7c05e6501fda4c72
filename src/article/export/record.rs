//! The types that all readers of exports share: the format of an export, its records, its errors.

use std::io;

/// The greatest size of a record in bytes: 16 MiB. A larger one is not an article.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportKind {
    /// One JSON object per line.
    JsonLines,
    /// JSON objects that may have several lines each.
    Json(JsonShape),
    /// A table whose first line contains the names of the columns.
    Csv {
        /// The separator of cells: `,`, `;`, a tab or `|`.
        delimiter: u8,
    },
}

/// How the JSON objects that are records are arranged in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonShape {
    /// One object, or several one after the other.
    Objects,
    /// Objects in an array: `[…]`.
    Array,
    /// Objects in an array that is a field of an object: `{"articles":[…]}`. Other fields may be beside it.
    ArrayInObject,
}

/// One record of an export.
#[derive(Debug, PartialEq, Eq)]
pub struct ExportRecord {
    /// A key that no other record of the export has: the record's id, otherwise its title as a slug, otherwise its line
    /// number. The second `a` gets the key `a~2`.
    pub key: String,
    /// The line of the file on which the record begins, from 1.
    pub line: u64,
    /// The text of the canonical record, or the reason why there is none.
    pub content: Result<String, NotARecord>,
}

/// Why a record of an export is not an article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotARecord {
    /// It has more than [`MAX_RECORD_BYTES`].
    #[error("larger than {} MiB", MAX_RECORD_BYTES >> 20)]
    TooLarge,
    /// The record does not begin with `{`, so it is another JSON value.
    #[error("not a JSON object")]
    NotAnObject,
    /// The text is not valid JSON.
    #[error("damaged JSON: {0}")]
    Json(String),
    /// The file ends within the record.
    #[error("cut off")]
    CutOff,
    /// It has neither a title nor any text.
    #[error("a record without title and text")]
    NoText,
}

/// An export that could not be read to its end. The records before the error were visited.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The reader failed.
    #[error("cannot read the rest")]
    Read(#[from] io::Error),
    /// A quote in a table is not closed, or a cell is enormous.
    #[error("the row at line {line} has no end within {} MiB: a quote is not closed", MAX_RECORD_BYTES >> 20)]
    EndlessRow {
        /// The line on which the row begins.
        line: u64,
    },
}
