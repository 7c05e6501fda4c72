//! Gives random access to the bytes of a stream.

use std::io::{self, Read, Seek};

use tempfile::SpooledTempFile;

use super::failing::KeepingError;

/// Fewer bytes than this stay in memory; more are written to a temporary file without a name.
const MEMORY_BYTES: usize = 16 << 20;

/// The most bytes that are written.
const MAX_BYTES: u64 = 4 << 30;

/// The bytes of a stream as a file.
pub(super) struct Spooled {
    pub(super) file: SpooledTempFile,
    /// The error at which reading the stream ended; the bytes before it are in the file.
    pub(super) error: Option<io::Error>,
}

/// Reads `input` to its end.
pub(super) fn spool(input: impl Read) -> io::Result<Spooled> {
    let mut input = KeepingError { input, error: None };
    let mut file = SpooledTempFile::new(MEMORY_BYTES);
    let len = io::copy(&mut input.by_ref().take(MAX_BYTES + 1), &mut file)?;
    if len > MAX_BYTES {
        return Err(io::Error::other("it is larger than 4 GiB; write it to a file, and name that file"));
    }
    file.rewind()?;
    Ok(Spooled { file, error: input.error })
}
