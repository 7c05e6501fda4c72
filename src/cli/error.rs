//! Errors for the user. The category, the hint and the exit code of an error are decided only in this file.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::case::CaseError;
use crate::error::chain;
use crate::log::Format;
use crate::report::clean::in_lines;
use crate::semantic::SemanticError;
use crate::session::SessionError;
use crate::store::{RankingError, StoreError};
use crate::watch::StateError;
use crate::workspace::{RuleFileError, WorkspaceError};

/// An error that ends the command.
#[derive(Debug)]
pub(super) struct CommandError {
    category: Category,
    message: String,
    hint: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Category {
    /// The command line is wrong.
    Usage,
    /// A file, an article or a rule has a mistake.
    Input,
    /// The operating system refuses something, or the store is damaged.
    Failure,
    /// The reader of standard output has closed it. This is not reported as an error.
    BrokenPipe,
}

/// How to get a sound store again.
const REBUILD: &str = "build it again from the articles with `casebook ingest --rebuild`";

impl CommandError {
    /// The error of a command that ended because the index library found something that it does not expect.
    pub(super) fn damaged_store() -> Self {
        CommandError::failure("the store is damaged: the index cannot be read").hint(REBUILD)
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        CommandError { category: Category::Usage, message: message.into(), hint: None }
    }

    pub(super) fn input(message: impl Into<String>) -> Self {
        CommandError { category: Category::Input, message: message.into(), hint: None }
    }

    pub(super) fn failure(message: impl Into<String>) -> Self {
        CommandError { category: Category::Failure, message: message.into(), hint: None }
    }

    /// The error of a file that cannot be written or created, as `doing` says.
    pub(super) fn cannot(doing: &str, path: &Path, error: &io::Error) -> Self {
        CommandError::failure(format!("cannot {doing} `{}`: {}", path.display(), chain(error)))
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Prints the error as a warning, because the command continues. `how` says how it continues.
    pub(super) fn warn(&self, how: &str) {
        super::warn(&format!("{}; {how}", self.message));
        if let Some(hint) = &self.hint {
            help(hint);
        }
    }

    /// The message and the hint on one line.
    pub(super) fn in_a_line(&self) -> String {
        match &self.hint {
            Some(hint) => format!("{}; {hint}", self.message),
            None => self.message.clone(),
        }
    }

    /// Prints the error and returns the exit code.
    pub(super) fn report(&self) -> ExitCode {
        let style = anstyle::AnsiColor::Red.on_default().bold();
        if self.category != Category::BrokenPipe {
            super::to_stderr(&format!("{style}error{style:#}: {}", in_lines(&self.message)));
        }
        if let Some(hint) = &self.hint {
            help(hint);
        }
        ExitCode::from(match self.category {
            Category::BrokenPipe => 0,
            Category::Usage => 2,
            Category::Input => 3,
            Category::Failure => 4,
        })
    }
}

fn help(text: &str) {
    let style = anstyle::Style::new().bold();
    super::to_stderr(&format!("{style}help{style:#}: {}", in_lines(text)));
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        let hint = match &error {
            StoreError::Missing { .. } => Some("create it with `casebook ingest`".to_owned()),
            StoreError::OtherFormat { .. } => Some(REBUILD.to_owned()),
            StoreError::Busy { .. } => Some("wait until it ends, or stop it".to_owned()),
            StoreError::Io { source, .. } if crate::error::is_full(source) => {
                Some("free some space and run `casebook ingest` again: nothing committed before is lost".to_owned())
            }
            StoreError::Io { .. } => None,
            StoreError::Failed { .. } => Some("try again: nothing committed before is lost".to_owned()),
            StoreError::Damaged { .. } => Some(REBUILD.to_owned()),
        };
        CommandError { category: Category::Failure, message: chain(&error), hint }
    }
}

impl From<WorkspaceError> for CommandError {
    fn from(error: WorkspaceError) -> Self {
        let hint = match &error {
            WorkspaceError::NoFile { .. } => Some("create a workspace with `casebook init`".to_owned()),
            WorkspaceError::NoHome => Some("set HOME, or create a workspace with `casebook init`".to_owned()),
            WorkspaceError::Export { source, .. } => source.suggestion.map(|near| format!("did you mean `{near}`?")),
            WorkspaceError::Ranking { source: RankingError::Unknown { near, .. }, .. } => {
                near.as_ref().map(|near| format!("did you mean `{near}`?"))
            }
            WorkspaceError::Confidence { .. } => Some("`casebook config confidence` prints such a file".to_owned()),
            WorkspaceError::Ranking { .. }
            | WorkspaceError::Collection { .. }
            | WorkspaceError::Format { .. }
            | WorkspaceError::Read { .. }
            | WorkspaceError::Parse { .. } => None,
        };
        CommandError { category: Category::Input, message: chain(&error), hint }
    }
}

impl From<RuleFileError> for CommandError {
    fn from(error: RuleFileError) -> Self {
        CommandError::input(error.to_string())
    }
}

impl From<SessionError> for CommandError {
    fn from(error: SessionError) -> Self {
        let message = error.to_string();
        let (category, hint) = match error {
            SessionError::Case(error) => return error.into(),
            SessionError::Store(error) => return error.into(),
            SessionError::UnknownName { near, .. } => {
                (Category::Usage, near.map(|near| format!("did you mean `{near}`?")))
            }
            SessionError::NoProbe { name } => {
                (Category::Usage, Some(format!("answer it with `--answer {name}=yes` or `{name}=no`")))
            }
            SessionError::UnknownFormat { near: Some(near), .. } => {
                (Category::Usage, Some(format!("did you mean `{near}`?")))
            }
            SessionError::UnknownFormat { own, .. } => {
                let own: String = own.iter().map(|own| format!("{own}, ")).collect();
                (Category::Usage, Some(format!("the formats are {own}{}", format_names())))
            }
            SessionError::UnknownZone { near: Some(near), .. } => {
                (Category::Usage, Some(format!("did you mean `{near}`?")))
            }
            SessionError::UnknownZone { near: None, .. } => (
                Category::Usage,
                Some("write a name such as `Europe/Berlin`, an offset such as `+02:00`, or `local`".to_owned()),
            ),
            SessionError::NoTimes => {
                (Category::Input, Some("leave --last out, or see `casebook log FILE` for what was read".to_owned()))
            }
            SessionError::NotAVersion { .. } => (Category::Usage, Some("write it like `5.5` or `5.5 SP3`".to_owned())),
            SessionError::NoLog => (Category::Usage, Some("name a log, or `-` for standard input".to_owned())),
            SessionError::NothingRead | SessionError::Baseline(_) => (Category::Input, None),
        };
        CommandError { category, message, hint }
    }
}

impl From<StateError> for CommandError {
    fn from(error: StateError) -> Self {
        let (category, hint) = match &error {
            StateError::Busy { .. } => (Category::Failure, Some("stop it, or name another file")),
            StateError::Content { .. } => (Category::Input, Some("name another file; this file is not changed")),
            StateError::Read { .. } | StateError::Write { .. } => (Category::Failure, None),
        };
        CommandError { category, message: error.to_string(), hint: hint.map(str::to_owned) }
    }
}

/// The names of the log formats, for messages and help.
pub(super) fn format_names() -> String {
    let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    names.join(", ")
}

impl From<CaseError> for CommandError {
    fn from(error: CaseError) -> Self {
        let (category, hint) = match &error {
            CaseError::Read { .. } | CaseError::Write { .. } => (Category::Failure, None),
            CaseError::NoFolder { .. } => (Category::Input, Some("create the folder first, or name another file")),
            CaseError::Content { .. } => {
                (Category::Input, Some("fix that line, or name another file; this file is not changed"))
            }
            CaseError::Version { .. } => {
                (Category::Input, Some("use the casebook that wrote it, or name another file"))
            }
            CaseError::CutShort { .. } => (
                Category::Input,
                Some("copy the file again from its source, or name another file; this file is not changed"),
            ),
            CaseError::Changed { .. } => (Category::Failure, Some("run the command again: it reads the file again")),
        };
        CommandError { category, message: chain(&error), hint: hint.map(str::to_owned) }
    }
}

impl From<SemanticError> for CommandError {
    fn from(error: SemanticError) -> Self {
        let (category, hint) = match &error {
            SemanticError::Missing { .. } => {
                (Category::Input, Some("`casebook semantic use --help` lists the files of a model"))
            }
            SemanticError::Settings { .. } | SemanticError::Model { .. } => (Category::Input, None),
            SemanticError::Io { .. } | SemanticError::Encode { .. } => (Category::Failure, None),
            SemanticError::Damaged { .. } | SemanticError::Foreign { .. } => {
                (Category::Failure, Some("build them again with `casebook semantic build`"))
            }
            SemanticError::Busy { .. } => (Category::Failure, Some("wait until it ends, or stop it")),
        };
        CommandError { category, message: chain(&error), hint: hint.map(str::to_owned) }
    }
}

/// Converts errors of standard output. All other I/O errors have types of their own.
impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => {
                CommandError { category: Category::BrokenPipe, message: String::new(), hint: None }
            }
            _ => CommandError::failure(format!("cannot write the answer: {}", chain(&error))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_has_one_wording_in_every_command() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let state = StateError::Write { path: "x".into(), source: full() };
        for (error, expected) in [
            (CommandError::cannot("create", Path::new("x"), &full()), "cannot create `x`: the disk is full"),
            (CommandError::from(full()), "cannot write the answer: the disk is full"),
            (CommandError::from(state), "cannot write the state x: the disk is full"),
        ] {
            assert_eq!(error.message, expected);
        }
    }
}
