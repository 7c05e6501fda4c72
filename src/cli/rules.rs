//! Reads the rules that a command works with, and shows their diagnostics.

use std::io;

use super::error::CommandError;
use super::{Context, warn};
use crate::diagnostic::{Diagnostic, Severity};
use crate::own_format::OwnFormats;
use crate::report::number::counted;
use crate::report::text::{self, Page};
use crate::rule::{self, Program, RuleText};
use crate::rule_cache;
use crate::source::SourceId;
use crate::workspace::{FILE, RuleFiles, Workspace};

/// Reads the rules that are active in a workspace. Warns of each listed path that does not exist.
pub(super) fn read_active(workspace: &Workspace) -> Result<RuleFiles, CommandError> {
    let files = workspace.rule_files()?;
    for path in &files.missing {
        warn(&format!("`{}` does not exist, but {FILE} lists it under `rules`", path.display()));
    }
    Ok(files)
}

/// Loads the active rules without their tests. Rules with mistakes are left out, with a warning. Also returns the number of
/// mistakes.
pub(super) fn load(files: &RuleFiles) -> (Program, usize) {
    let (program, found) = rule_cache::load(files, super::user_cache().as_deref());
    let errors = warn_of_mistakes(&found);
    (program, errors)
}

/// Warns if rules have mistakes, and returns how many.
fn warn_of_mistakes(found: &[(SourceId, Diagnostic)]) -> usize {
    let (errors, _) = count(found);
    if errors > 0 {
        let mistakes = counted(errors as u64, "mistake", "mistakes");
        warn(&format!("the rules have {mistakes}; rules with mistakes are not used: run `casebook rule check`"));
    }
    errors
}

/// Loads the rules of the workspace, with the log formats of its settings.
pub(super) fn program(context: &Context) -> Result<Program, CommandError> {
    let workspace = context.workspace()?;
    let (mut program, _) = load(&read_active(&workspace)?);
    program.formats = workspace.formats.and(&program.formats);
    Ok(program)
}

/// Returns the log formats that the workspace describes, in its settings and in its own rules.
pub(super) fn formats(context: &Context) -> Result<OwnFormats, CommandError> {
    let workspace = context.workspace()?;
    // The bundled rules describe none, and it takes long to load them.
    let own_rules = Workspace { rules_book: false, ..workspace.clone() };
    let (program, found) = rule::load_without_tests(&read_active(&own_rules)?.own);
    warn_of_mistakes(&found);
    Ok(workspace.formats.and(&program.formats))
}

/// Draws diagnostics file by file, in the order of their positions.
pub(super) fn draw(page: &mut Page, files: &[RuleText], found: &[(SourceId, Diagnostic)]) -> io::Result<()> {
    for (index, file) in files.iter().enumerate() {
        let in_file = found.iter().filter(|(source, _)| source.0 as usize == index).map(|(_, diagnostic)| diagnostic);
        let mut in_file: Vec<&Diagnostic> = in_file.collect();
        in_file.sort_by_key(|diagnostic| diagnostic.span());
        text::diagnostics(page, &file.path, &file.text, &in_file)?;
    }
    Ok(())
}

/// Returns the number of errors and the number of warnings.
pub(super) fn count(found: &[(SourceId, Diagnostic)]) -> (usize, usize) {
    let errors = found.iter().filter(|(_, diagnostic)| diagnostic.severity == Severity::Error).count();
    (errors, found.len() - errors)
}
