//! What can go wrong with a model or with its vectors.

use std::path::PathBuf;

/// An error about a model directory or a file of vectors. None of these lose anything: vectors can be built anew.
#[derive(Debug, thiserror::Error)]
pub enum SemanticError {
    /// The directory lacks a file.
    #[error("there is no {what} in `{}`", dir.display())]
    Missing {
        /// The model directory.
        dir: PathBuf,
        /// The file, or the files one of which is needed.
        what: &'static str,
    },
    /// A file cannot be read or written.
    #[error("cannot use `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A settings file or a vocabulary of the model is not as it should be.
    #[error("`{}` is not as it should be: {reason}", path.display())]
    Settings {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The network cannot be loaded, or is no sentence encoder.
    #[error("`{}` is no model that can be used: {reason}", path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The network failed on a text.
    #[error("the model cannot encode a text: {reason}")]
    Encode {
        /// What the runtime said.
        reason: String,
    },
    /// The file of vectors is cut off or holds what it should not.
    #[error("the vectors in `{}` are damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The file of vectors was made with another model or by another version.
    #[error("the vectors in `{}` are not those of this model", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Another process builds the vectors.
    #[error("another process is building vectors in `{}`", dir.display())]
    Busy {
        /// The folder of the vectors.
        dir: PathBuf,
    },
}
