//! `casebook search`.

use std::process::ExitCode;
use std::time::Instant;

use crate::cli::args::Search;
use crate::cli::error::CommandError;
use crate::cli::{Outcome, Session};
use crate::diagnostic::did_you_mean;
use crate::report::{json, text};
use crate::store::{SearchOptions, Store};

pub(in crate::cli) fn run(session: &Session, args: &Search) -> Outcome {
    let query = args.query.join(" ");
    let workspace = session.workspace()?;
    let store = session.store_of(&workspace)?;
    let start = Instant::now();
    check_collections(&store, &args.only)?;
    let options = SearchOptions {
        limit: args.limit,
        only: args.only.clone(),
        weights: workspace.weights,
        facets: args.facets,
        explain: args.explain,
        ..SearchOptions::default()
    };
    let found = store.search(&query, &options)?;
    let took_ms = start.elapsed().as_secs_f64() * 1000.0;
    let why_not = args.why_not.as_ref().map(|id| store.why_not(&query, id, &found, &options)).transpose()?;
    session.answer(
        &args.output,
        |page| text::search(page, &query, &found, why_not.as_ref()),
        || json::search(&query, &found, why_not.as_ref(), took_ms),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// A misspelt collection would find nothing, and look as if there were nothing to find.
pub(super) fn check_collections(store: &Store, only: &[String]) -> Result<(), CommandError> {
    if only.is_empty() {
        return Ok(());
    }
    let collections = store.collections()?;
    let known: Vec<&str> = collections.iter().map(|(name, _)| name.as_str()).collect();
    let Some(name) = only.iter().find(|name| !known.contains(&name.as_str())) else { return Ok(()) };
    let error = CommandError::usage(format!("there is no collection `{name}`"));
    Err(match did_you_mean(name, known.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint(format!("known are {}", known.join(", "))),
    })
}
