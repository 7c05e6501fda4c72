//! `casebook show`.

use std::process::ExitCode;

use clap::Args;

use crate::cli::args::{Output, limit};
use crate::cli::error::CommandError;
use crate::cli::{Context, Outcome};
use crate::pipeline;
use crate::report::{json, text};

#[derive(Debug, Args)]
pub(in crate::cli) struct ShowArgs {
    /// Id in any form: Q169781, KB169781, 169781, cb-disk-full
    #[arg(value_name = "ID")]
    id: String,

    /// Add the articles that have to do with it: near-copies, references both ways, the same codes
    #[arg(long)]
    related: bool,

    /// Add by what a log gives it away: messages with holes for what changes, events, codes and files, each with how rare it is
    #[arg(long)]
    signatures: bool,

    /// Related articles shown
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = limit, requires = "related")]
    limit: usize,

    #[command(flatten)]
    output: Output,
}

pub(in crate::cli) fn run(context: &Context, args: &ShowArgs) -> Outcome {
    let index = context.index()?;
    let Some(shown) = pipeline::show(&index, &args.id, args.related.then_some(args.limit), args.signatures)? else {
        let error = CommandError::input(format!("there is no article `{}` in this KB", args.id));
        return Err(error.hint("find it by its words with `casebook search`, or ingest it first"));
    };
    context.answer(&args.output, |page| text::show(page, &shown), || json::show(&shown))?;
    Ok(ExitCode::SUCCESS)
}
