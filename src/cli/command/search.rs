//! `casebook search`.

mod pick;

use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::time::Instant;

use anstream::AutoStream;

use crate::cli::args::{Format, Output, Search, SearchFormat};
use crate::cli::error::CommandError;
use crate::cli::meaning::find_meaning;
use crate::cli::{Outcome, Session, width};
use crate::diagnostic::did_you_mean;
use crate::query;
use crate::report::{csv, json, markdown, text};
use crate::store::{Index, SearchOptions, SearchResults as Found, WhyNot, search};

pub(in crate::cli) fn run(session: &Session, args: &Search) -> Outcome {
    check_form(args)?;
    if args.interactive && !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(
            CommandError::usage("`--interactive` needs a terminal").hint("leave it out to get one page of hits")
        );
    }
    let typed = args.query.join(" ");
    let query = query::parse(&typed);
    let workspace = session.workspace()?;
    let options = SearchOptions {
        limit: args.limit,
        only: args.only.clone(),
        facets: args.facets,
        explain: args.explain,
        meaning: find_meaning(&workspace),
        ..workspace.search_options(args.ranking.as_deref())?
    };
    // Everything that can be wrong with the arguments alone is known by now.
    let index = session.index_of(&workspace)?;
    let start = Instant::now();
    check_collections(&index, &args.only)?;
    if args.interactive {
        return interactive(&index, &typed, &options);
    }
    let found = match &args.more_like {
        Some(id) => search::more_like(&index, id, &query, &options)?.ok_or_else(|| not_held(id))?,
        None => search::find(&index, &query, &options)?,
    };
    let took_ms = start.elapsed().as_secs_f64() * 1000.0;
    let why_not = args.why_not.as_ref().map(|id| search::why_not(&index, &query, id, &found, &options)).transpose()?;
    answer(session, args.format, &Answer { query: typed, found, why_not, took_ms })?;
    Ok(ExitCode::SUCCESS)
}

fn interactive(index: &Index, query: &str, options: &SearchOptions) -> Outcome {
    let mut out = AutoStream::auto(io::stdout());
    pick::pick(index, query, options, &mut io::stdin().lock(), &mut out, width())?;
    Ok(ExitCode::SUCCESS)
}

struct Answer {
    query: String,
    found: Found,
    why_not: Option<WhyNot>,
    took_ms: f64,
}

fn answer(session: &Session, form: SearchFormat, answer: &Answer) -> Result<(), CommandError> {
    let Answer { query, found, why_not, took_ms } = answer;
    let page_or_json = |format| {
        session.answer(
            &Output { format },
            |page| text::search(page, query, found, why_not.as_ref()),
            || json::search(query, found, why_not.as_ref(), *took_ms),
        )
    };
    match form {
        SearchFormat::Text => page_or_json(Format::Text),
        SearchFormat::Json => page_or_json(Format::Json),
        SearchFormat::Csv => session.write(|out| csv::search(out, found)),
        SearchFormat::Markdown => session.write(|out| markdown::search(out, query, found)),
    }
}

/// Rows and lists of hits have no place for what is said about them.
fn check_form(args: &Search) -> Result<(), CommandError> {
    let asked = [("--explain", args.explain), ("--why-not", args.why_not.is_some()), ("--facets", args.facets)];
    let Some((flag, _)) = asked.iter().find(|(_, is_asked)| *is_asked) else { return Ok(()) };
    match args.format {
        SearchFormat::Text | SearchFormat::Json => Ok(()),
        SearchFormat::Csv | SearchFormat::Markdown => {
            Err(CommandError::usage(format!("`{flag}` has no place in this form"))
                .hint("leave out `--format`, or use json"))
        }
    }
}

fn not_held(id: &str) -> CommandError {
    let error = CommandError::input(format!("there is no article `{id}` in this KB"));
    error.hint("find it by its words with `casebook search`, or ingest it first")
}

/// A misspelt collection would find nothing, and look as if there were nothing to find.
pub(super) fn check_collections(index: &Index, only: &[String]) -> Result<(), CommandError> {
    if only.is_empty() {
        return Ok(());
    }
    let collections = index.collections()?;
    let known: Vec<&str> = collections.iter().map(|(name, _)| name.as_str()).collect();
    let Some(name) = only.iter().find(|name| !known.contains(&name.as_str())) else { return Ok(()) };
    let error = CommandError::usage(format!("there is no collection `{name}`"));
    Err(match did_you_mean(name, known.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint(format!("known are {}", known.join(", "))),
    })
}
