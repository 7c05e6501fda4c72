//! `casebook search`.

use std::process::ExitCode;
use std::time::Instant;

use crate::cli::args::Search;
use crate::cli::{Outcome, Session};
use crate::report::{json, text};

pub(in crate::cli) fn run(session: &Session, args: &Search) -> Outcome {
    let query = args.query.join(" ");
    let store = session.store()?;
    let start = Instant::now();
    let found = store.search(&query, args.limit)?;
    let took_ms = start.elapsed().as_secs_f64() * 1000.0;
    session.answer(
        &args.output,
        |page| text::search(page, &query, &found),
        || json::search(&query, &found, took_ms),
    )?;
    Ok(ExitCode::SUCCESS)
}
