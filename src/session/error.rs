//! Errors that end a session, and warnings that do not.

use std::fmt;

use super::NameKind;
use crate::case::{CaseError, UnknownName};
use crate::log::InputError;
use crate::store::StoreError;

/// Why a session cannot begin or continue.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// No rule has this name.
    #[error("no rule has a {kind} called `{name}`")]
    UnknownName {
        /// The kind of thing that was looked up.
        kind: NameKind,
        /// The name as the user wrote it.
        name: String,
        /// A similar name that exists.
        near: Option<String>,
    },
    /// The output of a probe was given for a symptom without one.
    #[error("the symptom `{name}` has no probe")]
    NoProbe {
        /// The symptom.
        name: String,
    },
    /// No log format has this name.
    #[error("there is no log format `{name}`")]
    UnknownFormat {
        /// The name as the user wrote it.
        name: String,
        /// A similar name that exists.
        near: Option<String>,
        /// The formats that the user describes.
        own: Vec<String>,
    },
    /// No zone has this name.
    #[error("there is no zone `{name}`")]
    UnknownZone {
        /// The name as the user wrote it.
        name: String,
        /// A similar name that exists.
        near: Option<String>,
    },
    /// The last part of the logs was asked for, and no record has a time.
    #[error("no record of these logs has a time, so they have no last part")]
    NoTimes,
    /// The text contains no version number and names no release.
    #[error("`{version}` is not a version of `{product}`")]
    NotAVersion {
        /// The product.
        product: String,
        /// The text.
        version: String,
    },
    /// Neither the user nor the case names a log.
    #[error("there is no log to read")]
    NoLog,
    /// No log could be read, and the case holds no findings.
    #[error("none of the logs could be read")]
    NothingRead,
    /// A log from normal operation cannot be read.
    #[error("cannot read the baseline")]
    Baseline(#[source] InputError),
    /// The case file cannot be read.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Something that the user should know and that does not stop the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The case names a symptom, a cause or a resolution that no rule has.
    UnknownName(UnknownName),
    /// The case is closed already.
    Closed,
    /// A log of the case is not read because the user named others. Contains its name.
    LogReplaced(String),
    /// A log, or a file in it, cannot be read. Contains the reason.
    Unreadable(String),
    /// The findings of a log that cannot be read again are kept.
    FindingsKept,
    /// No rule asks for the version of this product.
    UnusedProduct {
        /// The product as the user wrote it.
        name: String,
        /// A similar product that a rule asks for.
        near: Option<String>,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::UnknownName(unknown) => {
                let (kind, name) = match unknown {
                    UnknownName::Symptom(name) => (NameKind::Symptom, name),
                    UnknownName::Cause(name) => (NameKind::Cause, name),
                    UnknownName::Resolution(name) => (NameKind::Resolution, name),
                };
                write!(f, "the case names the {kind} `{name}`, which no rule has: it stays in the case and is not used")
            }
            Warning::Closed => f.write_str("the case is closed and stays closed"),
            Warning::LogReplaced(name) => {
                write!(f, "`{name}`, a log of the case, is not read because you named other logs")
            }
            Warning::Unreadable(reason) => f.write_str(reason),
            Warning::FindingsKept => {
                f.write_str("the symptoms that this log showed last time are kept, but not the articles found for it")
            }
            Warning::UnusedProduct { name, near } => {
                write!(f, "no rule asks for the version of `{name}`")?;
                near.iter().try_for_each(|near| write!(f, "; did you mean `{near}`?"))
            }
        }
    }
}
