//! A match and its captures, and the literals that a record must contain for a pattern to match.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::rarity::common_bytes;

/// Bytes that a record must contain for a pattern to match, at least three.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Literal {
    /// The bytes, in lower case if case is ignored.
    pub bytes: Vec<u8>,
    /// Whether ASCII letters match in either case. If so, all bytes are ASCII.
    pub ignore_case: bool,
    /// Which of the first 64 bytes belong to words that are common in logs: bit 0 for the first byte.
    pub(crate) common: u64,
}

impl Literal {
    /// Makes a literal. `bytes` are in lower case if case is ignored.
    pub fn new(bytes: Vec<u8>, ignore_case: bool) -> Literal {
        let common = common_bytes(&bytes[..bytes.len().min(64)]);
        Literal { bytes, ignore_case, common }
    }
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
