//! `casebook rule explain`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::texts;
use crate::cli::args::Output;
use crate::cli::{CommandResult, Context};
use crate::report::{ExplainView, ExplainedItem, json, text};
use crate::rule::{self, RuleText};
use crate::session;
use crate::source::LineIndex;

const EXAMPLES: &str = "\
Examples:
  casebook rule explain disk_full              a rule or cause with its symptoms
  casebook rule explain ssh_guessing rules/    a symptom of these rule files
  casebook rule explain storage.disk_full --format json";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct RuleExplainArgs {
    /// Name of a rule, symptom, cause or resolution, or pack.name
    #[arg(value_name = "NAME")]
    name: String,

    /// Rule files and folders; `-` is the standard input. Default: those of the workspace, else the bundled rules
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    output: Output,
}

pub(in crate::cli) fn run(context: &Context, args: &RuleExplainArgs) -> CommandResult {
    let files = texts(context, &args.paths)?;
    let (program, _) = rule::load_without_tests(&files);
    let named = |name: &str| {
        let cause = program.cause_named(name).map(ExplainedItem::Cause);
        let symptom = || program.symptom_named(name).map(ExplainedItem::Symptom);
        cause.or_else(symptom).or_else(|| program.resolution_named(name).map(ExplainedItem::Resolution))
    };
    let item = match named(&args.name) {
        Some(item) => item,
        // The most frequent kind says what was meant.
        None => ExplainedItem::Symptom(session::symptom(&program, &args.name)?),
    };
    let full = program.full_name(match item {
        ExplainedItem::Symptom(id) => rule::ItemId::Symptom(id),
        ExplainedItem::Cause(id) => rule::ItemId::Cause(id),
        ExplainedItem::Resolution(id) => rule::ItemId::Resolution(id),
    });
    let (pack, name) = full.and_then(|full| full.split_once('.')).unwrap_or(("", args.name.as_str()));
    let place =
        rule::item_place(&files, pack, name).map(|(source, span)| line_of(&files[source.0 as usize], span.start));
    let view = ExplainView { program: &program, item, pack: pack.to_owned(), place };
    context.answer(&args.output, |page| text::rule_explain(page, &view), || json::rule_explain(&view))?;
    Ok(ExitCode::SUCCESS)
}

/// The path of the file, and the line of an offset.
fn line_of(file: &RuleText, offset: usize) -> (String, usize) {
    (file.path.clone(), LineIndex::new(&file.text).line_col(&file.text, offset).line)
}
