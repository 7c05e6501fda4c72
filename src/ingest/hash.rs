//! Short hashes of contents and file attributes.

/// The first eight bytes of a BLAKE3 hash.
pub(super) fn first_eight(hasher: &blake3::Hasher) -> u64 {
    let hash = hasher.finalize();
    let (eight, _) = hash.as_bytes().split_first_chunk().expect("a BLAKE3 hash has 32 bytes");
    u64::from_le_bytes(*eight)
}
