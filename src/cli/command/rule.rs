//! `casebook rule`.

mod fix;
mod learn;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context, rules};
use crate::pipeline;
use crate::report::number::counted;
use crate::report::text;
use crate::rule::{self, RuleText};
use crate::workspace::rule_files_at;

const EXAMPLES: &str = "\
Examples:
  casebook rule check                    the rules of the workspace
  casebook rule check rules/mail.rules
  casebook rule fix rules/               the remedies, as a diff
  casebook rule test rules/
  casebook rule learn cases/             new probabilities from closed cases, as a diff";

#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) enum RuleCommand {
    /// Report errors and warnings in rule files
    Check(RulePathsArgs),
    /// Apply the remedies of mistakes in rule files, as a diff
    Fix(fix::RuleFixArgs),
    /// Run the tests in rule files
    Test(RulePathsArgs),
    /// Suggest new probabilities for rules from closed cases, as a diff
    Learn(learn::RuleLearnArgs),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct RulePathsArgs {
    /// Rule files and folders. Default: those of the workspace, else the bundled rules
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(in crate::cli) fn run(context: &Context, args: &RuleCommand) -> CommandResult {
    match args {
        RuleCommand::Check(args) => check(context, &args.paths),
        RuleCommand::Fix(args) => fix::run(context, args),
        RuleCommand::Test(args) => test(context, &args.paths),
        RuleCommand::Learn(args) => learn::run(context, args),
    }
}

fn texts(context: &Context, paths: &[PathBuf]) -> Result<Vec<RuleText>, CommandError> {
    if paths.is_empty() { Ok(rules::read_active(&context.workspace()?)?.texts()) } else { Ok(rule_files_at(paths)?) }
}

/// Writes `text` into the file that `before` was read from. A write that fails leaves the old file whole.
fn replace_file(before: &RuleText, text: &str) -> Result<(), CommandError> {
    let path = Path::new(&before.path);
    let failed =
        |reason: &dyn std::fmt::Display| CommandError::failure(format!("cannot write `{}`: {reason}", before.path));
    let target = path.canonicalize().map_err(|error| failed(&error))?;
    let now = crate::whole_file::read(&target).map_err(|error| failed(&error))?;
    if now != before.text.as_bytes() {
        return Err(failed(&"another program changed it"));
    }
    crate::case::replace(&target, text.as_bytes()).map_err(|error| failed(&error))
}

fn check(context: &Context, paths: &[PathBuf]) -> CommandResult {
    let files = texts(context, paths)?;
    // Without a store, everything except links to articles is checked.
    let index = context.index().ok();
    let known = |id: &str| index.as_ref().is_none_or(|index| pipeline::knows(index, id));
    let (program, found) = rule::load(&files, Some(&known));
    let (errors, warnings) = rules::count(&found);
    let formats = match program.formats.iter().count() {
        0 => String::new(),
        n => format!(", {}", counted(n as u64, "format", "formats")),
    };
    context.page(|page| {
        rules::draw(page, &files, &found)?;
        page.note(&format!(
            "{}: {}, {}, {}, {}{formats}; {}, {}",
            counted(files.len() as u64, "file", "files"),
            counted(program.symptoms.len() as u64, "symptom", "symptoms"),
            counted(program.causes.len() as u64, "cause", "causes"),
            counted(program.resolutions.len() as u64, "resolution", "resolutions"),
            counted(program.tests.len() as u64, "test", "tests"),
            counted(errors as u64, "error", "errors"),
            counted(warnings as u64, "warning", "warnings")
        ))
    })?;
    Ok(if errors > 0 { ExitCode::from(3) } else { ExitCode::SUCCESS })
}

fn test(context: &Context, paths: &[PathBuf]) -> CommandResult {
    let files = texts(context, paths)?;
    let (program, mut found) = rule::load(&files, None);
    found.retain(|(_, diagnostic)| diagnostic.severity == crate::diagnostic::Severity::Error);
    let outcomes = pipeline::run_tests(&program, &files);
    context.page(|page| {
        rules::draw(page, &files, &found)?;
        text::tests(page, &outcomes)
    })?;
    let failed = outcomes.iter().any(|outcome| !outcome.failures.is_empty());
    Ok(match (found.is_empty(), failed) {
        (false, _) => ExitCode::from(3),
        (true, true) => ExitCode::from(1),
        (true, false) => ExitCode::SUCCESS,
    })
}
