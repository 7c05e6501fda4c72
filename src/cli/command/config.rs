//! `casebook config`.

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::cli::args::Output;
use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context};
use crate::infer::Confidence;
use crate::report::{json, text};
use crate::store::Ranking;
use crate::workspace::{Origin, Setting, SettingValue};

const EXAMPLES: &str = "\
Examples:
  casebook config                             every setting, where it comes from, and its value
  casebook config --format json
  casebook config ranking                     the weights of the search
  casebook config confidence                  the weights of the confidence
  casebook config ranking --shipped > my-ranking.toml     a copy of the shipped weights, to change

To use a changed file, name it in casebook.toml: `[search] ranking` or `[diagnosis] confidence`.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct ConfigArgs {
    #[command(flatten)]
    output: Output,

    #[command(subcommand)]
    file: Option<WeightFile>,
}

#[derive(Debug, Subcommand)]
enum WeightFile {
    /// Print the file with the weights that rank articles
    #[command(after_help = "Example:\n  casebook config ranking --shipped > my-ranking.toml")]
    Ranking(WeightArgs),
    /// Print the weights file that the confidence of articles is computed with
    #[command(after_help = "Example:\n  casebook config confidence --shipped > my-confidence.toml")]
    Confidence(WeightArgs),
}

#[derive(Debug, Args)]
struct WeightArgs {
    /// Print the shipped file, even if casebook.toml names another one
    #[arg(long)]
    shipped: bool,
}

pub(in crate::cli) fn run(context: &Context, args: &ConfigArgs) -> CommandResult {
    match &args.file {
        None => {
            let settings = settings(context)?;
            context.answer(&args.output, |page| text::config(page, &settings), || json::config(&settings))?;
        }
        Some(WeightFile::Ranking(args)) => {
            let named = if args.shipped { None } else { context.workspace()?.ranking };
            print(context, named.as_deref(), Ranking::SHIPPED)?;
        }
        Some(WeightFile::Confidence(args)) => {
            let named = if args.shipped { None } else { context.workspace()?.confidence };
            print(context, named.as_deref(), Confidence::SHIPPED)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The settings from the command line, then those of the workspace.
fn settings(context: &Context) -> Result<Vec<Setting>, CommandError> {
    let workspace = context.workspace()?;
    let dir = workspace.dir.as_ref().map(|dir| dir.display().to_string());
    let value = dir.map_or(SettingValue::Unset("none: the store of this user"), SettingValue::Text);
    let origin = match context.workspace_origin.clone() {
        Origin::Default if workspace.dir.is_some() => Origin::Nearest,
        origin => origin,
    };
    let mut settings = vec![Setting { name: "workspace".to_owned(), value, origin }, context.color.clone()];
    settings.extend(workspace.settings()?);
    Ok(settings)
}

/// Prints the file at `named`; without one, the text that casebook ships.
fn print(context: &Context, named: Option<&Path>, shipped: &str) -> Result<(), CommandError> {
    let text = match named {
        None => shipped.to_owned(),
        Some(path) => crate::whole_file::read_text(path)
            .map_err(|error| CommandError::input(format!("cannot read `{}`: {error}", path.display())))?,
    };
    context.write(|out| out.write_all(text.as_bytes()))
}
