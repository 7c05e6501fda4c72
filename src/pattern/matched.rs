//! A match and its captures, and the literals that a record must contain for a pattern to match.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Bytes that a record must contain for a pattern to match, at least three.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Literal {
    /// The bytes, in lower case if case is ignored.
    pub bytes: Vec<u8>,
    /// Whether ASCII letters match in either case. If so, all bytes are ASCII.
    pub ignore_case: bool,
}

/// A match of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Byte range in the text.
    pub range: Range<usize>,
    /// The captures in order of the holes. A group of a regex that did not take part is missing.
    pub captures: Vec<Capture>,
}

/// The text that one hole took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// Index into [`Pattern::holes`](super::Pattern::holes).
    pub hole: usize,
    /// Byte range in the text; without the quotes for a quoted hole.
    pub range: Range<usize>,
}
