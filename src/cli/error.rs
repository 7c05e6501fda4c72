//! What went wrong, for the user: kind, hint and exit code are decided here and nowhere else.

use std::process::ExitCode;

use super::config::ConfigError;
use crate::case::CaseError;
use crate::report::clean::in_lines;
use crate::semantic::SemanticError;
use crate::store::{RankingError, StoreError};

/// An error that ends the command.
#[derive(Debug)]
pub(super) struct CommandError {
    kind: Kind,
    message: String,
    hint: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A name or value on the command line that means nothing.
    Usage,
    /// A file, an article or a rule is not as it should be.
    Input,
    /// The world: no permission, disk full, store damaged.
    Failure,
    /// The reader of standard output went away, which is its right.
    BrokenPipe,
}

impl CommandError {
    pub(super) fn usage(message: impl Into<String>) -> Self {
        CommandError { kind: Kind::Usage, message: message.into(), hint: None }
    }

    pub(super) fn input(message: impl Into<String>) -> Self {
        CommandError { kind: Kind::Input, message: message.into(), hint: None }
    }

    pub(super) fn failure(message: impl Into<String>) -> Self {
        CommandError { kind: Kind::Failure, message: message.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says on standard error that the command goes on in spite of it, and how.
    pub(super) fn warn(&self, how: &str) {
        super::warn(&format!("{}; {how}", self.message));
        if let Some(hint) = &self.hint {
            help(hint);
        }
    }

    /// What went wrong and how to mend it, for a command that goes on.
    pub(super) fn in_a_line(&self) -> String {
        match &self.hint {
            Some(hint) => format!("{}; {hint}", self.message),
            None => self.message.clone(),
        }
    }

    /// Says it on standard error and gives the exit code.
    pub(super) fn report(&self) -> ExitCode {
        let style = anstyle::AnsiColor::Red.on_default().bold();
        if self.kind != Kind::BrokenPipe {
            anstream::eprintln!("{style}error{style:#}: {}", in_lines(&self.message));
        }
        if let Some(hint) = &self.hint {
            help(hint);
        }
        ExitCode::from(match self.kind {
            Kind::BrokenPipe => 0,
            Kind::Usage => 2,
            Kind::Input => 3,
            Kind::Failure => 4,
        })
    }
}

fn help(text: &str) {
    let style = anstyle::Style::new().bold();
    anstream::eprintln!("{style}help{style:#}: {}", in_lines(text));
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        let hint = match &error {
            StoreError::Missing { .. } => Some("make one with `casebook ingest`".to_owned()),
            StoreError::OtherFormat { path } => {
                Some(format!("remove `{}` and run `casebook ingest` to build it anew", path.display()))
            }
            StoreError::Busy { .. } => Some("wait for it to end, or stop it".to_owned()),
            StoreError::Io { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
                Some("free space and run `casebook ingest` again: what was committed before is still there".to_owned())
            }
            StoreError::Io { .. } => None,
            StoreError::Failed { .. } => Some("try again: what was committed before is still there".to_owned()),
            StoreError::Damaged { path, .. } => {
                Some(format!("remove `{}` and run `casebook ingest` to build it anew", path.display()))
            }
        };
        CommandError { kind: Kind::Failure, message: chain(&error), hint }
    }
}

impl From<ConfigError> for CommandError {
    fn from(error: ConfigError) -> Self {
        let hint = match &error {
            ConfigError::NoFile { .. } => Some("make a workspace with `casebook init`".to_owned()),
            ConfigError::NoHome => Some("set HOME, or make a workspace with `casebook init`".to_owned()),
            ConfigError::Export { source, .. } => source.suggestion.map(|near| format!("did you mean `{near}`?")),
            ConfigError::Ranking { source: RankingError::Unknown { near, .. }, .. } => {
                near.as_ref().map(|near| format!("did you mean `{near}`?"))
            }
            ConfigError::Ranking { .. } => None,
            ConfigError::Confidence { .. } => {
                Some("it needs the five weights `intercept`, `held`, `lead`, `score` and `repeated`".to_owned())
            }
            ConfigError::Collection { .. } => None,
            ConfigError::Read { .. } | ConfigError::Parse { .. } => None,
            #[cfg(feature = "semantic")]
            ConfigError::NoWorkspace => Some("make a workspace with `casebook init`".to_owned()),
            #[cfg(feature = "semantic")]
            ConfigError::Write { .. } | ConfigError::Edit { .. } => None,
        };
        CommandError { kind: Kind::Input, message: chain(&error), hint }
    }
}

impl From<CaseError> for CommandError {
    fn from(error: CaseError) -> Self {
        let (kind, hint) = match &error {
            CaseError::Read { .. } | CaseError::Write { .. } => (Kind::Failure, None),
            CaseError::NoFolder { .. } => (Kind::Input, Some("make it first, or name another file")),
            CaseError::Content { .. } => {
                (Kind::Input, Some("mend that line, or name another file; this one is left as it is"))
            }
            CaseError::Version { .. } => (Kind::Input, Some("use the casebook that made it, or name another file")),
            CaseError::CutShort { .. } => {
                (Kind::Input, Some("fetch the file from where it was copied, or name another one; it is left as it is"))
            }
            CaseError::Changed { .. } => (Kind::Failure, Some("run the command again: it reads the file anew")),
        };
        CommandError { kind, message: chain(&error), hint: hint.map(str::to_owned) }
    }
}

impl From<SemanticError> for CommandError {
    fn from(error: SemanticError) -> Self {
        let (kind, hint) = match &error {
            SemanticError::Missing { .. } => (Kind::Input, Some("`casebook semantic use --help` says what a model is")),
            SemanticError::Settings { .. } | SemanticError::Model { .. } => (Kind::Input, None),
            SemanticError::Io { .. } | SemanticError::Encode { .. } => (Kind::Failure, None),
            SemanticError::Damaged { .. } | SemanticError::Foreign { .. } => {
                (Kind::Failure, Some("make them anew with `casebook semantic build`"))
            }
            SemanticError::Busy { .. } => (Kind::Failure, Some("wait for it to end, or stop it")),
        };
        CommandError { kind, message: chain(&error), hint: hint.map(str::to_owned) }
    }
}

/// Errors of standard output: everything else that can fail on I/O has its own error type.
impl From<std::io::Error> for CommandError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => {
                CommandError { kind: Kind::BrokenPipe, message: String::new(), hint: None }
            }
            _ => CommandError::failure(format!("cannot write the answer: {error}")),
        }
    }
}

/// The error and what led to it, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        message.push_str(": ");
        message.push_str(error.to_string().trim_end());
        source = error.source();
    }
    message
}
