//! `casebook show`.

use std::process::ExitCode;

use clap::Args;

use crate::cli::args::{Output, limit};
use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context};
use crate::pipeline;
use crate::report::{json, text};

const EXAMPLES: &str = "\
Examples:
  casebook show Q169781
  casebook show 169781 --related
  casebook show cb-disk-full --signatures
  casebook show Q169781 --format json";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct ShowArgs {
    /// Id in any form: Q169781, KB169781, 169781, cb-disk-full
    #[arg(value_name = "ID")]
    id: String,

    /// List related articles: near-copies, references in both directions, articles with the same codes
    #[arg(long)]
    related: bool,

    /// Show the messages, events, codes and files that identify this article in a log, and how rare each is
    #[arg(long)]
    signatures: bool,

    /// Maximum number of related articles
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = limit, requires = "related")]
    limit: usize,

    #[command(flatten)]
    output: Output,
}

pub(in crate::cli) fn run(context: &Context, args: &ShowArgs) -> CommandResult {
    let index = context.index()?;
    let Some(shown) = pipeline::show(&index, &args.id, args.related.then_some(args.limit), args.signatures)? else {
        let error = CommandError::input(format!("there is no article `{}` in this KB", args.id));
        return Err(error.hint("search for its words with `casebook search`, or ingest it first"));
    };
    context.answer(&args.output, |page| text::show(page, &shown), || json::show(&shown))?;
    Ok(ExitCode::SUCCESS)
}
