//! `casebook rule`.

mod learn;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::cli::error::CommandError;
use crate::cli::{Context, Outcome, rules};
use crate::pipeline;
use crate::report::text;
use crate::rule::{self, RuleText};
use crate::workspace::rule_files_at;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum RuleCommand {
    /// Report every mistake in rule files, and what looks like one
    Check(RulePathsArgs),
    /// Run the tests that stand beside the rules
    Test(RulePathsArgs),
    /// Say which chances in the workspace's rules closed cases would have otherwise, as a diff to review
    Learn(learn::RuleLearnArgs),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct RulePathsArgs {
    /// Rule files and folders; without any, those of the workspace, else the bundled ones
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(in crate::cli) fn run(context: &Context, args: &RuleCommand) -> Outcome {
    match args {
        RuleCommand::Check(args) => check(context, &args.paths),
        RuleCommand::Test(args) => test(context, &args.paths),
        RuleCommand::Learn(args) => learn::run(context, args),
    }
}

fn texts(context: &Context, paths: &[PathBuf]) -> Result<Vec<RuleText>, CommandError> {
    if paths.is_empty() { rules::read_active(&context.workspace()?) } else { Ok(rule_files_at(paths)?) }
}

fn check(context: &Context, paths: &[PathBuf]) -> Outcome {
    let files = texts(context, paths)?;
    // Without a store the links to articles cannot be checked; everything else can.
    let index = context.index().ok();
    let known = |id: &str| index.as_ref().is_none_or(|index| pipeline::knows(index, id));
    let (program, found) = rule::load(&files, Some(&known));
    let (errors, warnings) = rules::count(&found);
    context.page(|page| {
        rules::draw(page, &files, &found)?;
        page.note(&format!(
            "{} files: {} symptoms, {} causes, {} resolutions, {} tests; {errors} errors, {warnings} warnings",
            files.len(),
            program.symptoms.len(),
            program.causes.len(),
            program.resolutions.len(),
            program.tests.len()
        ))
    })?;
    Ok(if errors > 0 { ExitCode::from(3) } else { ExitCode::SUCCESS })
}

fn test(context: &Context, paths: &[PathBuf]) -> Outcome {
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
