//! Rule files of a workspace, of the command line or of the bundled book, as texts.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::config::{FILE, Workspace};
use super::error::CommandError;
use super::warn;
use crate::book;
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::text::{self, Page};
use crate::rule::RuleText;
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
