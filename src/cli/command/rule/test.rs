//! `casebook rule test`.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::{DenyArgs, RulePathsArgs, texts};
use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context, rules};
use crate::diagnostic::Severity;
use crate::pipeline;
use crate::report::{json, junit, text};
use crate::rule::{self, RuleText, Test};
use crate::source::LineIndex;

const EXAMPLES: &str = "\
Examples:
  casebook rule test rules/
  casebook rule test rules/ --filter pump      the tests whose title contains `pump`
  casebook rule test rules/ --format junit > tests.xml
  casebook rule test - < draft.rules
  casebook rule test rules/ --mutate           what the tests would not notice

It exits with 1 if a test fails, and with 3 if the rules have mistakes.
Tests that a mistake leaves out are listed.

With --mutate, each rule is changed in small ways: a pattern never matches, any text may stand
for a word, a condition is left out, a limit is moved. A change that no test notices is printed
with a test that would.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct RuleTestArgs {
    #[command(flatten)]
    paths: RulePathsArgs,

    /// Run only the tests whose title contains TEXT, ignoring case
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,

    /// Change the rules one by one and print the changes that no test notices
    #[arg(long, conflicts_with = "filter")]
    mutate: bool,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TestFormat,

    #[command(flatten)]
    deny: DenyArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum TestFormat {
    Text,
    Json,
    Junit,
}

pub(in crate::cli) fn run(context: &Context, args: &RuleTestArgs) -> CommandResult {
    let files = texts(context, &args.paths.paths)?;
    let (program, mut found) = rule::load(&files, None);
    let (errors, warnings) = rules::count(&found);
    if args.deny.deny.is_none() {
        found.retain(|(_, diagnostic)| diagnostic.severity == Severity::Error);
    }
    if args.mutate {
        if let Some(code) = args.deny.exit_code(errors, warnings) {
            context.page(|page| rules::draw(page, &files, &found))?;
            return Ok(code);
        }
        return mutate(context, args, &files);
    }
    let wanted = args.filter.as_ref().map(|filter| filter.to_lowercase());
    let is_chosen = |title: &str| wanted.as_ref().is_none_or(|wanted| title.to_lowercase().contains(wanted));
    let outcomes = pipeline::run_chosen_tests(&program, &files, &|test: &Test| is_chosen(&test.title));
    let left_out = program.left_out_tests.iter().filter(|(title, ..)| is_chosen(title)).map(|(title, source, span)| {
        let file = &files[source.0 as usize];
        let line = LineIndex::new(&file.text).line_col(&file.text, span.start).line;
        (title.clone(), format!("{}:{line}", file.path))
    });
    let left_out: Vec<(String, String)> = left_out.collect();
    if let Some(filter) = args.filter.as_ref().filter(|_| outcomes.is_empty() && left_out.is_empty()) {
        let wrong = CommandError::input(format!("no test has `{filter}` in its title"));
        return Err(wrong.hint("`casebook rule test` lists the titles"));
    }
    match args.format {
        TestFormat::Text => context.page(|page| {
            rules::draw(page, &files, &found)?;
            text::tests(page, &outcomes, &left_out)
        })?,
        TestFormat::Json => context.write(|out| {
            serde_json::to_writer(&mut *out, &json::rule_tests(&outcomes, &left_out)).map_err(std::io::Error::from)?;
            writeln!(out)
        })?,
        TestFormat::Junit => context.write(|out| junit::tests(out, &outcomes, &left_out))?,
    }
    let failed = outcomes.iter().any(|outcome| !outcome.failures.is_empty());
    let code = if failed { ExitCode::from(1) } else { ExitCode::SUCCESS };
    Ok(args.deny.exit_code(errors, warnings).unwrap_or(code))
}

fn mutate(context: &Context, args: &RuleTestArgs, files: &[RuleText]) -> CommandResult {
    let is_json = match args.format {
        TestFormat::Text => false,
        TestFormat::Json => true,
        TestFormat::Junit => {
            return Err(CommandError::usage("`--mutate` has no format `junit`").hint("write `--format json`"));
        }
    };
    let report = pipeline::mutation_report(files);
    match is_json {
        false => context.page(|page| text::mutation(page, &report))?,
        true => context.write(|out| {
            serde_json::to_writer(&mut *out, &json::rule_mutation(&report)).map_err(std::io::Error::from)?;
            writeln!(out)
        })?,
    }
    Ok(if report.failing > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
