//! `casebook search`.

mod pick;

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anstream::AutoStream;
use clap::{Args, ValueEnum};

use crate::cli::args::{Format, Output, limit};
use crate::cli::error::CommandError;
use crate::cli::meaning::find_meaning;
use crate::cli::{Context, Outcome, width};
use crate::diagnostic::did_you_mean;
use crate::query;
use crate::report::{csv, json, markdown, text};
use crate::store::{Index, SearchOptions, SearchResults as Found, WhyNot, search};

const SEARCH_SYNTAX: &str = r#"Words are searched in any order. Put the query in single quotes where it holds any of these:
  '"public folder" slow'               words that stand together
  'calendar -outlook -"free busy"'     words and phrases that must not occur; not to begin with
  'mail product:exchange version:5.5'  a product, and a version; a part of the name will do
  'queue kind:howto'                   bug, fix, prb, howto, info, or what titles begin with
  'disk section:cause'                 all words stand in the cause, symptoms, resolution …
  'code:E_OUTOFMEMORY'                 an error code in any spelling: 0x8007000e, -2147024882
  'event:9035 source:MSExchangeIMC'    an event and what logs it; or event:MSExchangeIMC/9035
  'crash file:store.exe'               a program, library or driver
  'id:Q169781'                         an article by its id or alias
  'mail since:2000-03 until:2001'      last modified within these years, months or days
  'restart in:runbooks'                a collection
  'mail -product:outlook'              a minus before a field leaves out what fulfils it
What does not read like one of these is text, and so is all of a pasted text of several lines."#;

#[derive(Debug, Args)]
#[command(after_help = SEARCH_SYNTAX)]
pub(in crate::cli) struct SearchArgs {
    /// Words in any order, or a pasted message; phrases, exclusions and filters as below
    #[arg(value_name = "QUERY", required_unless_present_any = ["more_like", "interactive"], allow_negative_numbers = true)]
    query: Vec<String>,

    /// Search this collection alone; may be repeated: `--in runbooks restart`. The word in:runbooks in the query means the
    /// same
    #[arg(long = "in", value_name = "NAME")]
    only: Vec<String>,

    /// Count all articles found by collection, product, kind and year: `--facets mail`
    #[arg(long)]
    facets: bool,

    /// Say of each hit where its score comes from, word by word: `--explain ndr on nt4`
    #[arg(long)]
    explain: bool,

    /// Say why this article is not among the hits, or where it stands: `--why-not Q169781 mail stays in queue`
    #[arg(long, value_name = "ID", conflicts_with = "more_like")]
    why_not: Option<String>,

    /// Find articles like this one, by the most telling words of its title and opening: `--more-like Q169781`; a query
    /// beside it restricts them and adds words: `--more-like Q169781 product:exchange`
    #[arg(long, value_name = "ID")]
    more_like: Option<String>,

    /// Go on at a prompt: read a hit by its number, turn the page, refine the query: `-i mail stays in queue`
    #[arg(long, short, conflicts_with_all = ["format", "why_not", "more_like"])]
    interactive: bool,

    /// Hits shown, at most; articles that say the same count as one: `--limit 3`
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = limit)]
    limit: usize,

    /// Rank with the weights in this file instead of the workspace's, such as one that `eval search --fit` wrote
    #[arg(long, value_name = "FILE")]
    ranking: Option<PathBuf>,

    /// Form of the answer: `--format csv mail stays in queue > hits.csv`
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: SearchFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SearchFormat {
    /// For reading
    Text,
    /// For programs; the schema is in docs/schema
    Json,
    /// One row a hit: id, title, score, product, version, date, section, snippet, source
    Csv,
    /// A list to paste into a ticket, each hit linked to its source
    Markdown,
}

pub(in crate::cli) fn run(context: &Context, args: &SearchArgs) -> Outcome {
    check_form(args)?;
    if args.interactive && !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(
            CommandError::usage("`--interactive` needs a terminal").hint("leave it out to get one page of hits")
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
    // Everything that can be wrong with the arguments alone is known by now.
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
    answer(context, args.format, &Answer { query: typed, found, why_not, took_ms })?;
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

fn answer(context: &Context, form: SearchFormat, answer: &Answer) -> Result<(), CommandError> {
    let Answer { query, found, why_not, took_ms } = answer;
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

/// Rows and lists of hits have no place for what is said about them.
fn check_form(args: &SearchArgs) -> Result<(), CommandError> {
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
