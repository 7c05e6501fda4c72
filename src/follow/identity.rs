//! How a file is recognised under another name, and how new content under the old name is noticed.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};

/// The bytes at the beginning of a file by which it is recognised.
pub(super) const FIRST_BYTES: usize = 1024;

/// The bytes before the reading position by which a file is recognised.
pub(super) const RECENT_BYTES: usize = 256;

/// Device and inode of a file. The system gives the inode of a removed file to a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileKey {
    device: u64,
    inode: u64,
}

impl FileKey {
    #[cfg(unix)]
    pub(super) fn of(meta: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        FileKey { device: meta.dev(), inode: meta.ino() }
    }

    /// Other systems do not say the inode, so the time of creation stands for it.
    #[cfg(not(unix))]
    pub(super) fn of(meta: &Metadata) -> Self {
        let created = meta.created().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        FileKey { device: 0, inode: created.map_or(0, |time| time.as_nanos() as u64) }
    }
}

/// The last change of a file's content, in nanoseconds since 1970.
pub(super) fn modified(meta: &Metadata) -> u64 {
    let time = meta.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    time.map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
}

/// Reads the bytes from `start` to `end`; fewer if the file ends before.
pub(super) fn bytes_at(mut file: &File, start: u64, end: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.take(end.saturating_sub(start)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The bytes of a file that were read already: how many, the first and the last of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ReadPart {
    pub(super) len: u64,
    /// At most [`FIRST_BYTES`].
    first: Vec<u8>,
    /// At most [`RECENT_BYTES`].
    recent: Vec<u8>,
}

impl ReadPart {
    /// Takes the first `len` bytes of `file` as read.
    pub(super) fn of(file: &File, len: u64) -> io::Result<Self> {
        let first = bytes_at(file, 0, len.min(FIRST_BYTES as u64))?;
        let recent = bytes_at(file, len.saturating_sub(RECENT_BYTES as u64), len)?;
        Ok(ReadPart { len, first, recent })
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.len += bytes.len() as u64;
        let missing = FIRST_BYTES - self.first.len();
        self.first.extend_from_slice(&bytes[..bytes.len().min(missing)]);
        self.recent.extend_from_slice(&bytes[bytes.len().saturating_sub(RECENT_BYTES)..]);
        self.recent.drain(..self.recent.len().saturating_sub(RECENT_BYTES));
    }

    pub(super) fn last(&self) -> Option<u8> {
        self.recent.last().copied()
    }

    /// Whether `file` begins with these bytes, as far as they are known.
    pub(super) fn begins(&self, file: &File) -> io::Result<bool> {
        let start = self.len - self.recent.len() as u64;
        Ok(self.shares_beginning(file)? && bytes_at(file, start, self.len)? == self.recent)
    }

    /// Whether the first bytes of `file` are these, as far as both have any.
    pub(super) fn shares_beginning(&self, file: &File) -> io::Result<bool> {
        let other = bytes_at(file, 0, self.first.len() as u64)?;
        let len = other.len().min(self.first.len());
        Ok(other[..len] == self.first[..len])
    }

    /// A hash of the bytes that are known, and how many they are.
    pub(super) fn hash(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.first);
        hasher.update(&self.recent);
        hasher.finalize().to_hex()[..32].to_owned()
    }
}

/// Whether `copy` is not empty and `file` begins with it, as far as they are compared.
pub(super) fn is_copied(file: &File, copy: &File) -> io::Result<bool> {
    let len = copy.metadata()?.len();
    let same = |start, end| Ok::<_, io::Error>(bytes_at(file, start, end)? == bytes_at(copy, start, end)?);
    Ok(len > 0 && same(0, len.min(FIRST_BYTES as u64))? && same(len.saturating_sub(RECENT_BYTES as u64), len)?)
}
