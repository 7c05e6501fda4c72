//! Errors of a model and of its vectors.

use std::path::PathBuf;

/// An error of a model directory or of a file of vectors. No data is lost: vectors can be built again.
#[derive(Debug, thiserror::Error)]
pub enum SemanticError {
    /// The directory lacks a file.
    #[error("there is no {what} in `{}`", dir.display())]
    Missing {
        /// The model directory.
        dir: PathBuf,
        /// The name of the missing file, or of the files of which one is needed.
        what: &'static str,
    },
    /// A file cannot be read or written.
    #[error("cannot use `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// A settings file or a vocabulary of the model is invalid.
    #[error("`{}` is not valid: {reason}", path.display())]
    Settings {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// The network cannot be loaded, or is not a sentence encoder.
    #[error("the model `{}` cannot be used: {reason}", path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// The network failed on a text.
    #[error("the model cannot encode a text: {reason}")]
    Encode {
        /// The error of the runtime.
        reason: String,
    },
    /// The file of vectors is truncated, or its content is invalid.
    #[error("the vectors in `{}` are damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The file of vectors was made with another model or by another version.
    #[error("the vectors in `{}` belong to another model", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Another process is building the vectors.
    #[error("another process is building vectors in `{}`", dir.display())]
    Busy {
        /// The folder of the vectors.
        dir: PathBuf,
    },
}
