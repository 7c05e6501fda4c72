//! Limits how much an archive may expand to.
//!
//! Articles compress about 11 times, the most repetitive logs some 200 times. Zeros compress 1,030 times with deflate
//! and 20,000 times with zstd. So an archive that expands more than [`RATIO`] times does not hold articles; but any
//! archive may expand to [`FREE`] bytes.

use std::io::{self, ErrorKind, Read};

/// Bytes that any archive may expand to.
const FREE: u64 = 64 << 20;

/// An archive may expand to this many times its own size, and [`FREE`] bytes more.
pub(super) const RATIO: u64 = 250;

/// Most bytes that a compressed archive may expand to, whatever its own size.
pub(super) const MOST: u64 = 16 << 30;

/// How many bytes an archive may still expand to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    left: u64,
}

impl Budget {
    /// The budget of an archive of `size` bytes. At least `size`, because an uncompressed archive expands to that.
    pub(super) fn for_archive(size: u64) -> Self {
        Budget { left: RATIO.saturating_mul(size).saturating_add(FREE).min(MOST).max(size) }
    }
}

/// A reader that deducts each byte read from a budget. It fails with `QuotaExceeded` when the budget is spent.
pub(super) struct Metered<'b, R> {
    inner: R,
    budget: &'b mut Budget,
}

impl<'b, R> Metered<'b, R> {
    pub(super) fn new(inner: R, budget: &'b mut Budget) -> Self {
        Metered { inner, budget }
    }
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        let left = self.budget.left.checked_sub(read as u64);
        self.budget.left = left.ok_or_else(|| io::Error::from(ErrorKind::QuotaExceeded))?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_grows_with_the_archive_within_bounds() {
        assert_eq!(Budget::for_archive(0).left, FREE);
        assert_eq!(Budget::for_archive(1 << 20).left, (64 + 250) << 20);
        assert_eq!(Budget::for_archive(1 << 30).left, MOST);
        assert_eq!(Budget::for_archive(20 << 30).left, 20 << 30, "an uncompressed archive is as large as it is");
    }

    #[test]
    fn reading_ends_when_the_budget_is_spent() {
        let mut budget = Budget { left: 5 };
        let mut read = Vec::new();
        let error = Metered::new(io::repeat(b'a'), &mut budget).read_to_end(&mut read).expect_err("it has no end");
        assert_eq!(error.kind(), ErrorKind::QuotaExceeded);
        assert_eq!(Metered::new(&b"abc"[..], &mut Budget { left: 3 }).read_to_end(&mut read).ok(), Some(3));
    }
}
