//! The bytes of a fed source, as they came, that belong to no complete record. A caller that ends can continue there.
//!
//! Cleaning changes the bytes of a line but not the number of lines, so lines are counted from the end to find the place
//! in the raw bytes that belongs to a place in the text.

use crate::log::TextCleaner;

/// The most bytes that are kept. An open record has at most 256 KiB of text; only a record that consists nearly
/// completely of what cleaning removes is longer, and its beginning is given up.
const MAX_RAW_BYTES: usize = 4 << 20;

#[derive(Debug, Clone, Default)]
pub(super) struct RawTail {
    bytes: Vec<u8>,
    /// Whether a complete record ends within the line with which the open text begins.
    in_line: bool,
}

impl RawTail {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Drops what belongs to complete records. `given` is the text of those found last, and `open` the text after it, to
    /// which `cleaner` will add what it holds back.
    pub(super) fn keep_open(&mut self, given: &[u8], open: &[u8], cleaner: &TextCleaner) {
        if let Some(last) = given.last() {
            self.in_line = *last != b'\n';
        }
        let start = if self.in_line { self.start_in_line(open, cleaner) } else { self.start_of_line(open, cleaner) };
        self.bytes.drain(..start);
        self.bound(cleaner);
    }

    /// Drops the beginning if there are too many bytes: whole lines, if possible.
    pub(super) fn bound(&mut self, cleaner: &TextCleaner) {
        let Some(excess) = self.bytes.len().checked_sub(MAX_RAW_BYTES).filter(|excess| *excess > 0) else { return };
        let line = line_ends(&self.bytes[excess..], cleaner).last();
        self.bytes.drain(..excess + line.unwrap_or(0));
    }

    /// Returns the place of `open`, which begins with a line.
    fn start_of_line(&self, open: &[u8], cleaner: &TextCleaner) -> usize {
        line_ends(&self.bytes, cleaner).nth(n_lines(open)).unwrap_or(0)
    }

    /// Returns the place of `open`, which begins within a line. If the rest of this line is not the same as before it was
    /// cleaned, its place is not known. Then it is that after the line, so that no record of the line counts twice.
    fn start_in_line(&self, open: &[u8], cleaner: &TextCleaner) -> usize {
        let (line, end) = match memchr::memchr(b'\n', open) {
            Some(newline) => {
                let end = line_ends(&self.bytes, cleaner).nth(n_lines(open) - 1);
                (&open[..=newline], end.unwrap_or(0))
            }
            None => (open, self.bytes.len().saturating_sub(cleaner.n_held())),
        };
        if self.bytes[..end].ends_with(line) { end - line.len() } else { end }
    }
}

fn n_lines(text: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', text).count()
}

/// Returns the places after the line ends of raw bytes, last one first.
fn line_ends<'b>(bytes: &'b [u8], cleaner: &TextCleaner) -> impl Iterator<Item = usize> + 'b {
    let cr_only = cleaner.is_cr_only();
    let is_end = move |at: &usize| match bytes[*at] {
        b'\n' => true,
        _ => cr_only && bytes.get(at + 1) != Some(&b'\n'),
    };
    memchr::memrchr2_iter(b'\n', if cr_only { b'\r' } else { b'\n' }, bytes).filter(is_end).map(|at| at + 1)
}
