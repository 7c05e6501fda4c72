//! `casebook status`.

use std::process::ExitCode;

use crate::cli::args::Output;
use crate::cli::{Outcome, Session};
use crate::pipeline;
use crate::report::{json, text};
use crate::store::Store;

pub(in crate::cli) fn run(session: &Session, args: &Output) -> Outcome {
    let workspace = session.workspace()?;
    let store = Store::open(&workspace.store)?;
    let overview = pipeline::overview(store.index())?;
    session.answer(
        args,
        |page| text::status(page, store.path(), &overview),
        || json::status(store.path(), &overview),
    )?;
    Ok(ExitCode::SUCCESS)
}
