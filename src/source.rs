//! Places in a text: byte ranges, and lines and columns.
//!
//! A [`Span`] is a byte range. A [`LineIndex`] turns its ends into line and column. Neither contains the text.

/// Identifies a text of a run: an index into the list of files that are loaded together (rule files, logs).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u32);

/// A byte range `start..end` of one text. Both ends are on character borders of that text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Makes the range `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "a span runs forward");
        Span { start, end }
    }

    /// Returns the range moved `by` bytes forward. For text that was parsed alone, `by` is the offset at which it
    /// begins.
    #[must_use]
    pub fn shifted(self, by: usize) -> Self {
        Span { start: self.start + by, end: self.end + by }
    }
}

/// Line and column of a byte offset, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineCol {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub col: usize,
}

/// The offsets at which the lines of one text begin. With them, the line of any offset is found by binary search.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Indexes `text` in one pass.
    pub fn new(text: &str) -> Self {
        let after_newlines = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        LineIndex { starts: std::iter::once(0).chain(after_newlines).collect() }
    }

    /// Returns the line and column of `offset` in `text`, which must be the text this index was made from. An offset
    /// past the end counts as the end.
    pub fn line_col(&self, text: &str, offset: usize) -> LineCol {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1];
        let col = text.get(start..offset).map_or(offset - start, |before| before.chars().count()) + 1;
        LineCol { line, col }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let text = "one\nzwölf x\n";
        let index = LineIndex::new(text);
        let x = text.find('x').expect("the text holds an x");
        assert_eq!(index.line_col(text, x), LineCol { line: 2, col: 7 });
        assert_eq!(index.line_col(text, 0), LineCol { line: 1, col: 1 });
        assert_eq!(index.line_col(text, 999), LineCol { line: 3, col: 1 });
    }
}
