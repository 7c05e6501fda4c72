//! `casebook rule`.

mod explain;
mod fix;
mod learn;
mod test;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context, rules};
use crate::pipeline;
use crate::report::number::counted;
use crate::rule::RuleText;
use crate::workspace::rule_files_at;

const EXAMPLES: &str = "\
Examples:
  casebook rule check                    the rules of the workspace
  casebook rule check rules/mail.rules
  casebook rule fix rules/               the remedies, as a diff
  casebook rule explain disk_full        what a rule means, in words
  casebook rule test rules/ --filter pump    the tests whose title contains `pump`
  casebook rule check rules/ --deny warnings    for continuous integration
  casebook rule learn cases/             new probabilities from closed cases, as a diff";

#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) enum RuleCommand {
    /// Report errors and warnings in rule files
    Check(RuleCheckArgs),
    /// Apply the remedies of mistakes in rule files, as a diff
    Fix(fix::RuleFixArgs),
    /// Explain in words what a rule means
    Explain(explain::RuleExplainArgs),
    /// Run the tests in rule files
    Test(test::RuleTestArgs),
    /// Suggest new probabilities for rules from closed cases, as a diff
    Learn(learn::RuleLearnArgs),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct RulePathsArgs {
    /// Rule files and folders; `-` is the standard input. Default: those of the workspace, else the bundled rules
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct RuleCheckArgs {
    #[command(flatten)]
    paths: RulePathsArgs,

    #[command(flatten)]
    deny: DenyArgs,
}

/// What counts as an error beside errors.
#[derive(Debug, Args)]
struct DenyArgs {
    /// Exit with 3 if there are warnings, as if they were errors
    #[arg(long, value_name = "WHAT")]
    deny: Option<Denied>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Denied {
    Warnings,
}

impl DenyArgs {
    /// The exit code for rules with this many errors and warnings; `None` if they count as sound.
    fn exit_code(&self, errors: usize, warnings: usize) -> Option<ExitCode> {
        (errors > 0 || (self.deny.is_some() && warnings > 0)).then(|| ExitCode::from(3))
    }
}

pub(in crate::cli) fn run(context: &Context, args: &RuleCommand) -> CommandResult {
    match args {
        RuleCommand::Check(args) => check(context, args),
        RuleCommand::Fix(args) => fix::run(context, args),
        RuleCommand::Explain(args) => explain::run(context, args),
        RuleCommand::Test(args) => test::run(context, args),
        RuleCommand::Learn(args) => learn::run(context, args),
    }
}

fn texts(context: &Context, paths: &[PathBuf]) -> Result<Vec<RuleText>, CommandError> {
    if paths.is_empty() {
        return Ok(rules::read_active(&context.workspace()?)?.texts());
    }
    let is_input = |path: &PathBuf| path.as_os_str() == "-";
    let named: Vec<PathBuf> = paths.iter().filter(|path| !is_input(path)).cloned().collect();
    let mut files = rule_files_at(&named)?;
    if named.len() < paths.len() {
        let text = crate::whole_file::read_from(std::io::stdin().lock())
            .map_err(|error| CommandError::input(format!("cannot read the standard input: {error}")))?;
        files.push(RuleText { path: "stdin".to_owned(), text: String::from_utf8_lossy(&text).into_owned() });
    }
    Ok(files)
}

/// Writes `text` into the file that `before` was read from. A write that fails leaves the old file whole.
fn replace_file(before: &RuleText, text: &str) -> Result<(), CommandError> {
    let path = Path::new(&before.path);
    let failed = |error| CommandError::cannot("write", path, &error);
    let target = path.canonicalize().map_err(failed)?;
    let now = crate::whole_file::read(&target).map_err(failed)?;
    if now != before.text.as_bytes() {
        return Err(CommandError::failure(format!("cannot write `{}`: another program changed it", before.path)));
    }
    crate::case::replace(&target, text.as_bytes()).map_err(failed)
}

fn check(context: &Context, args: &RuleCheckArgs) -> CommandResult {
    let files = texts(context, &args.paths.paths)?;
    // Without a store, everything except links to articles is checked.
    let index = context.index().ok();
    let known = |id: &str| index.as_ref().is_none_or(|index| pipeline::knows(index, id));
    let (program, found) = pipeline::checked_rules(&files, Some(&known));
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
    Ok(args.deny.exit_code(errors, warnings).unwrap_or(ExitCode::SUCCESS))
}
