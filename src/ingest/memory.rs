//! Shares the memory of an ingest: how many bytes of texts are read at a time, how many wait for the index, and how many the
//! index collects before it writes.

use crate::store::WriterMemory;

/// What an ingest takes besides its shares: the program, the stacks of its threads, its tables, and the merging of segments.
const BASE_BYTES: u64 = 48 << 20;

/// A text that is read takes this many times its bytes until it is in the index: decoded, as an article, as a document.
const COPIES: u64 = 8;

/// How an ingest uses memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// The share of the writer of the store.
    pub(super) writer: WriterMemory,
    /// Most bytes of texts read at a time. A single text may be larger.
    pub(super) batch_bytes: u64,
}

impl Default for Memory {
    /// As much as makes an ingest fast.
    fn default() -> Self {
        Memory { writer: WriterMemory::default(), batch_bytes: 8 << 20 }
    }
}

impl Memory {
    /// The least that an ingest can be limited to, in bytes.
    pub const LEAST: u64 = 80 << 20;

    /// Shares `bytes` of memory; `None` if they are fewer than [`Memory::LEAST`].
    pub fn limited_to(bytes: u64) -> Option<Memory> {
        let shared = bytes.checked_sub(BASE_BYTES).filter(|_| bytes >= Memory::LEAST)?;
        let most = Memory::default();
        let batch_bytes = (shared / 4 / COPIES).min(most.batch_bytes);
        let writer = WriterMemory::limited_to(usize::try_from(shared / 4 * 3).unwrap_or(usize::MAX));
        Some(Memory { writer, batch_bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_shared_and_never_gives_more_than_no_limit() {
        assert_eq!(Memory::limited_to(Memory::LEAST - 1), None);
        assert_eq!(Memory::limited_to(u64::MAX), Some(Memory::default()));
        for mib in (80..1_000).step_by(20) {
            let memory = Memory::limited_to(mib << 20).expect("enough");
            assert!(memory.batch_bytes > 0 && memory.batch_bytes <= Memory::default().batch_bytes);
            let used = memory.writer.bytes() as u64 + COPIES * memory.batch_bytes;
            assert!(used + BASE_BYTES <= mib << 20, "{used} of {mib} MiB");
        }
    }
}
