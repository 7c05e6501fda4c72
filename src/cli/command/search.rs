//! `casebook search`.

mod pick;

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anstream::AutoStream;
use clap::{Args, ValueEnum};

use crate::cli::args::{Format, Output, collection_name, limit};
use crate::cli::error::CommandError;
use crate::cli::meaning::find_meaning;
use crate::cli::{CommandResult, Context, width};
use crate::diagnostic::did_you_mean;
use crate::query;
use crate::report::{csv, json, markdown, text};
use crate::store::{Index, SearchOptions, SearchResults, WhyNot, search};

const SEARCH_SYNTAX: &str = r#"Words may come in any order. Put a query that contains one of these in single quotes:
  '"public folder" slow'               a phrase: words next to each other
  'calendar -outlook -"free busy"'     words and phrases that must not occur; not as first word
  'mail product:exchange version:5.5'  a product and a version; part of the name is enough
  'queue kind:howto'                   bug, fix, prb, howto, info, or another prefix of titles
  'disk section:cause'                 all words must be in this section: cause, symptoms …
  'code:E_OUTOFMEMORY'                 an error code in any spelling: 0x8007000e, -2147024882
  'event:9035 source:MSExchangeIMC'    an event and its source; or event:MSExchangeIMC/9035
  'crash file:store.exe'               a program, library or driver
  'id:Q169781'                         an article by its id or alias
  'mail since:2000-03 until:2001'      last changed between these years, months or days
  'restart in:runbooks'                a collection
  'restart -state:retired'             without retired articles; also state:draft
  'mail -product:outlook'              a minus before a filter leaves out the articles that match it
Everything else is searched as words. In pasted text of several lines, nothing is a filter.

Examples:
  casebook search mail stays in the queue
  casebook search 421 Unable to contact destination SMTP daemon
  casebook search -i mail queue                   read hits by number, turn pages, refine the query
  casebook search --in runbooks restart           search one collection
  casebook search --facets mail                   count hits by collection, product, kind and year
  casebook search --explain ndr on nt4            explain the score of each hit
  casebook search --why-not Q169781 mail queue    explain why this article is not found
  casebook search --more-like Q169781 product:exchange
  casebook search --format csv mail queue > hits.csv"#;

#[derive(Debug, Args)]
#[command(after_help = SEARCH_SYNTAX)]
pub(in crate::cli) struct SearchArgs {
    /// Words in any order, or a pasted message; phrases, exclusions and filters are described below
    #[arg(value_name = "QUERY", required_unless_present_any = ["more_like", "interactive"], allow_negative_numbers = true)]
    query: Vec<String>,

    /// Search only this collection; may be repeated. `in:NAME` in the query means the same
    #[arg(long = "in", value_name = "NAME", value_parser = collection_name)]
    only: Vec<String>,

    /// Count all hits by collection, product, kind and year
    #[arg(long)]
    facets: bool,

    /// Explain the score of each hit, word by word
    #[arg(long)]
    explain: bool,

    /// Explain why this article is not among the hits or, if it is, its rank
    #[arg(long, value_name = "ID", conflicts_with = "more_like")]
    why_not: Option<String>,

    /// Find articles like this one, by the rarest words of its title and opening. A QUERY adds words and filters
    #[arg(long, value_name = "ID")]
    more_like: Option<String>,

    /// Continue at a prompt: read a hit by its number, turn the page, refine the query
    #[arg(long, short, conflicts_with_all = ["format", "why_not", "more_like"])]
    interactive: bool,

    /// Maximum number of hits; near-copies of an article count as one hit
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = limit)]
    limit: usize,

    /// Rank with the weights in this file; `casebook config ranking` prints such a file
    #[arg(long, value_name = "FILE")]
    ranking: Option<PathBuf>,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: SearchFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SearchFormat {
    /// Text for people
    Text,
    /// JSON for programs; docs/schema describes it
    Json,
    /// One row per hit: id, title, score, product, version, date, section, snippet, source
    Csv,
    /// A list for a ticket, each hit linked to its source
    Markdown,
}

pub(in crate::cli) fn run(context: &Context, args: &SearchArgs) -> CommandResult {
    check_form(args)?;
    if args.interactive && !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(
            CommandError::usage("`--interactive` needs a terminal").hint("leave it out to print one page of hits")
        );
    }
    let typed = args.query.join(" ");
    let query = query::parse(&typed);
    let workspace = context.workspace()?;
    let options = SearchOptions {
        limit: args.limit,
        only: args.only.clone(),
        facets: args.facets,
        explain: args.explain,
        meaning: find_meaning(&workspace),
        ..workspace.search_options(args.ranking.as_deref())?
    };
    // All mistakes that the arguments alone can show have been reported by now.
    let index = context.index_of(&workspace)?;
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
    answer(context, args.format, &SearchAnswer { query: typed, found, why_not, took_ms })?;
    Ok(ExitCode::SUCCESS)
}

fn interactive(index: &Index, query: &str, options: &SearchOptions) -> CommandResult {
    let mut out = AutoStream::auto(io::stdout());
    pick::pick(index, query, options, &mut io::stdin().lock(), &mut out, width())?;
    Ok(ExitCode::SUCCESS)
}

struct SearchAnswer {
    query: String,
    found: SearchResults,
    why_not: Option<WhyNot>,
    took_ms: f64,
}

fn answer(context: &Context, form: SearchFormat, answer: &SearchAnswer) -> Result<(), CommandError> {
    let SearchAnswer { query, found, why_not, took_ms } = answer;
    let page_or_json = |format| {
        context.answer(
            &Output { format },
            |page| text::search(page, query, found, why_not.as_ref()),
            || json::search(query, found, why_not.as_ref(), *took_ms),
        )
    };
    match form {
        SearchFormat::Text => page_or_json(Format::Text),
        SearchFormat::Json => page_or_json(Format::Json),
        SearchFormat::Csv => context.write(|out| csv::search(out, found)),
        SearchFormat::Markdown => context.write(|out| markdown::search(out, query, found)),
    }
}

/// Fails if a flag was given that the chosen format cannot show: CSV and Markdown show no explanations and no facets.
fn check_form(args: &SearchArgs) -> Result<(), CommandError> {
    let asked = [("--explain", args.explain), ("--why-not", args.why_not.is_some()), ("--facets", args.facets)];
    let Some((flag, _)) = asked.iter().find(|(_, is_asked)| *is_asked) else { return Ok(()) };
    match args.format {
        SearchFormat::Text | SearchFormat::Json => Ok(()),
        SearchFormat::Csv | SearchFormat::Markdown => {
            Err(CommandError::usage(format!("`{flag}` does not work with this format"))
                .hint("leave out `--format`, or use `--format json`"))
        }
    }
}

fn not_held(id: &str) -> CommandError {
    let error = CommandError::input(format!("there is no article `{id}` in this KB"));
    error.hint("search for its words with `casebook search`, or ingest it first")
}

/// Fails if a collection does not exist. A search in it would find nothing and not say why.
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
        None => error.hint(format!("the collections are {}", known.join(", "))),
    })
}
