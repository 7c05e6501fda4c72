//! Rule files of a workspace, of the command line or of the bundled book, as texts.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::config::{FILE, Workspace};
use super::error::CommandError;
use super::{Session, warn};
use crate::book;
use crate::diagnostic::{Diagnostic, Severity, did_you_mean};
use crate::report::text::{self, Page};
use crate::rule::{self, CauseId, Program, ResolutionId, RuleText, SymptomId};
use crate::source::SourceId;

/// The rules that are active in a workspace.
pub(super) fn of_workspace(workspace: &Workspace) -> Result<Vec<RuleText>, CommandError> {
    let mut texts = if workspace.rules_book { bundled() } else { Vec::new() };
    for path in &workspace.rules {
        // A folder that `casebook init` made may have been removed again: worth a word, and no reason to stop.
        if path.exists() {
            read(path, &mut texts)?;
        } else {
            warn(&format!("`{}` does not exist, though {FILE} lists it under `rules`", path.display()));
        }
    }
    Ok(texts)
}

/// The program of a workspace's rules. Rules with mistakes are left out and said to be; the others still work.
pub(super) fn program(session: &Session) -> Result<Program, CommandError> {
    let files = of_workspace(&session.workspace()?)?;
    let (program, found) = rule::load(&files, None);
    let (errors, _) = count(&found);
    if errors > 0 {
        warn(&format!(
            "{errors} mistakes in the rules, which are left out where they stand: see `casebook rule check`"
        ));
    }
    Ok(program)
}

/// The symptom that the user calls `name`.
pub(super) fn symptom(program: &Program, name: &str) -> Result<SymptomId, CommandError> {
    let known = program.symptoms.iter().map(|symptom| symptom.name.as_str());
    program.symptom_named(name).ok_or_else(|| unknown("symptom", name, known))
}

/// The cause that the user calls `name`.
pub(super) fn cause(program: &Program, name: &str) -> Result<CauseId, CommandError> {
    let known = program.causes.iter().map(|cause| cause.name.as_str());
    program.cause_named(name).ok_or_else(|| unknown("cause", name, known))
}

/// The resolution that the user calls `name`.
pub(super) fn resolution(program: &Program, name: &str) -> Result<ResolutionId, CommandError> {
    let known = program.resolutions.iter().map(|resolution| resolution.name.as_str());
    program.resolution_named(name).ok_or_else(|| unknown("resolution", name, known))
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> CommandError {
    let error = CommandError::usage(format!("no rule has a {what} called `{name}`"));
    match did_you_mean(name, known) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error,
    }
}

/// The rule files at `paths`, folders searched for `*.rules`.
pub(super) fn of_paths(paths: &[PathBuf]) -> Result<Vec<RuleText>, CommandError> {
    let mut texts = Vec::new();
    for path in paths {
        let before = texts.len();
        read(path, &mut texts)?;
        if texts.len() == before {
            return Err(CommandError::input(format!("there are no rule files (*.rules) in `{}`", path.display())));
        }
    }
    Ok(texts)
}

fn bundled() -> Vec<RuleText> {
    let texts = book::rules().into_iter();
    texts.map(|file| RuleText { path: format!("{}{}", book::PREFIX, file.path), text: file.text.to_owned() }).collect()
}

fn read(root: &Path, texts: &mut Vec<RuleText>) -> Result<(), CommandError> {
    let is_rules = |path: &Path| path.extension().is_some_and(|extension| extension == "rules");
    for entry in WalkDir::new(root).follow_links(true).sort_by_file_name() {
        let entry = entry.map_err(|error| CommandError::input(format!("cannot read rules: {error}")))?;
        // A file that was named is taken for what the user says it is; in a folder the ending decides.
        if !entry.file_type().is_file() || (entry.depth() > 0 && !is_rules(entry.path())) {
            continue;
        }
        let path = entry.path().display().to_string();
        let bytes = std::fs::read(entry.path())
            .map_err(|error| CommandError::input(format!("cannot read `{path}`: {error}")))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            CommandError::input(format!("`{path}` is not UTF-8 (byte {at})")).hint("save the file as UTF-8")
        })?;
        texts.push(RuleText { path, text });
    }
    Ok(())
}

/// Draws diagnostics grouped by file, in order of place.
pub(super) fn draw(page: &mut Page, files: &[RuleText], found: &[(SourceId, Diagnostic)]) -> std::io::Result<()> {
    for (index, file) in files.iter().enumerate() {
        let of_file = found.iter().filter(|(source, _)| source.0 as usize == index).map(|(_, diagnostic)| diagnostic);
        let mut of_file: Vec<&Diagnostic> = of_file.collect();
        of_file.sort_by_key(|diagnostic| diagnostic.span());
        text::diagnostics(page, &file.path, &file.text, &of_file)?;
    }
    Ok(())
}

/// How many diagnostics are errors, and how many warnings.
pub(super) fn count(found: &[(SourceId, Diagnostic)]) -> (usize, usize) {
    let errors = found.iter().filter(|(_, diagnostic)| diagnostic.severity == Severity::Error).count();
    (errors, found.len() - errors)
}
