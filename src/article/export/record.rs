//! The records of an export and how it is written: the types that all its readers share.

use std::io;

/// A larger record is no article.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportKind {
    /// One JSON object a line.
    JsonLines,
    /// JSON objects that may take several lines each.
    Json(JsonShape),
    /// A table with a line of names.
    Csv {
        /// What stands between two cells: `,`, `;`, a tab or `|`.
        delimiter: u8,
    },
}

/// Where the objects are that are records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonShape {
    /// One or several, one after the other.
    Objects,
    /// In an array: `[…]`.
    Array,
    /// In an array that is a field of an object: `{"articles":[…]}`. Other fields may be beside it.
    ArrayInObject,
}

/// One record of an export.
#[derive(Debug, PartialEq, Eq)]
pub struct ExportRecord {
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
pub struct ExportSummary {
    /// RecordVisitor that are articles.
    pub articles: u64,
    /// RecordVisitor that are none.
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
