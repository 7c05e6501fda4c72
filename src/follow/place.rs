//! The places that were reached in files, in a form that can be kept on disk.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::identity::FileKey;

/// All places of a follower.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SavedFiles {
    /// The files and folders that were followed. A file that is not in `files` although its root is here is new.
    pub(super) roots: Vec<PathBuf>,
    /// When they were looked at for the last time, in nanoseconds since 1970.
    pub(super) looked: u64,
    pub(super) files: Vec<SavedFile>,
}

/// The place that was reached in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedFile {
    /// The path of the log that the file belongs to. The file itself may have another one by now.
    pub(super) log: PathBuf,
    pub(super) role: Role,
    pub(super) key: FileKey,
    /// The number of bytes that were read.
    pub(super) read: u64,
    /// The hash of the first and the last of them.
    pub(super) hash: String,
    /// Where to continue: at most `read`.
    pub(super) at: u64,
    /// The number of the line there.
    pub(super) line: u64,
    /// The last change of the file, in nanoseconds since 1970.
    pub(super) modified: u64,
}

/// The relation of a file to the path of its log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Role {
    /// The path leads to it.
    Current,
    /// The path led to it, and it may still be written to.
    Left,
    /// It was read to its end and closed.
    Finished,
}
