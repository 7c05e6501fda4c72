//! `casebook show`.

use std::process::ExitCode;

use crate::cli::args::Show;
use crate::cli::error::CommandError;
use crate::cli::{Outcome, Session};
use crate::pipeline;
use crate::report::{json, text};

pub(in crate::cli) fn run(session: &Session, args: &Show) -> Outcome {
    let index = session.index()?;
    let Some(shown) = pipeline::show(&index, &args.id, args.related.then_some(args.limit), args.signatures)? else {
        let error = CommandError::input(format!("there is no article `{}` in this KB", args.id));
        return Err(error.hint("find it by its words with `casebook search`, or ingest it first"));
    };
    session.answer(&args.output, |page| text::show(page, &shown), || json::show(&shown))?;
    Ok(ExitCode::SUCCESS)
}
