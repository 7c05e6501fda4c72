//! `casebook status`.

use std::process::ExitCode;

use crate::cli::args::Output;
use crate::cli::{CommandResult, Context};
use crate::pipeline;
use crate::report::{json, text};
use crate::store::Store;

pub(in crate::cli) fn run(context: &Context, args: &Output) -> CommandResult {
    let workspace = context.workspace()?;
    let store = Store::open(&workspace.store)?;
    store.verify()?;
    let overview = pipeline::overview(store.index())?;
    context.answer(
        args,
        |page| text::status(page, store.path(), &overview),
        || json::status(store.path(), &overview),
    )?;
    Ok(ExitCode::SUCCESS)
}
