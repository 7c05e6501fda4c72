//! The reasons why an input, or a part of it, could not be read.

use std::io;

/// The reason why an input, or the rest of it, could not be read.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The file or folder is missing or may not be read.
    #[error("cannot open {path}: {source}")]
    Open {
        /// Its path as given.
        path: String,
        /// The error that the operating system returned.
        source: io::Error,
    },
    /// Reading failed after it began, for example because of a damaged archive or a disk error.
    #[error("cannot read {name} to its end: {source}")]
    Read {
        /// Name of the input.
        name: String,
        /// The error of the system or the decompressor.
        source: io::Error,
    },
    /// The input is compressed or packed in a format that is not supported.
    #[error("{name} is packed in a format that is not supported; try `{unpack} {name} | casebook diagnose -`")]
    Packed {
        /// Name of the input.
        name: String,
        /// The command that writes its content to standard output.
        unpack: &'static str,
    },
    /// The input is a file of the systemd journal.
    #[error("{name} is a journal file; try `journalctl --file {name} -o json | casebook diagnose -`")]
    Journal {
        /// Name of the input.
        name: String,
    },
    /// The input is a Windows event log, and casebook was built without the feature `evtx`.
    #[error(
        "{name} is a Windows event log, which this build of casebook does not read; build it with the feature `evtx`, or \
         try `wevtutil qe {name} /lf:true /f:text > events.txt`"
    )]
    EventLog {
        /// Name of the input.
        name: String,
    },
    /// The beginning of the input shows that it is not text.
    #[error("{name} is not a text file")]
    Binary {
        /// Name of the input.
        name: String,
    },
    /// Some files of a folder or an archive are not text.
    #[error("{name}: {n} of {of} files {} not text", if *.n == 1 { "is" } else { "are" })]
    NotText {
        /// Name of the folder or archive.
        name: String,
        /// The number of files that are not text.
        n: u64,
        /// The number of all files.
        of: u64,
    },
    /// Some files of an archive are encrypted, or packed in a way that is not supported.
    #[error("{name}: {n} of {of} files cannot be unpacked here; unpack {name}, and give the folder with its files")]
    Locked {
        /// Name of the archive.
        name: String,
        /// The number of these files.
        n: u64,
        /// The number of all files.
        of: u64,
    },
}

impl InputError {
    /// Whether the error is only about files that were left out, and others of the same folder or archive were read.
    pub(crate) fn is_partial(&self) -> bool {
        matches!(self, InputError::NotText { n, of, .. } | InputError::Locked { n, of, .. } if n < of)
    }
}
