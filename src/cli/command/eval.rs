//! `casebook eval search` and `eval diagnose`; with the feature `lab`, also `eval self`.

#[cfg(feature = "lab")]
mod background;
mod diagnose;
#[cfg(feature = "lab")]
mod lab;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anstream::AutoStream;
use clap::{Args, Subcommand};

use super::search::check_collections;
use crate::cli::args::{MAX_LIMIT, Output, collection_name};
use crate::cli::error::CommandError;
use crate::cli::meaning::find_meaning;
use crate::cli::{CommandResult, Context, warn, width};
use crate::diagnostic::Diagnostic;
use crate::eval::{self, EvalRun, Question, QuestionSet, judged};
use crate::query;
use crate::report::number::counted;
use crate::report::text::Page;
use crate::report::{EvalView, json, text};
use crate::store::{Index, SearchOptions, StoreError, search};
use crate::workspace::Workspace;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum EvalCommand {
    /// Search with questions whose right articles are known, and count how often they come first
    Search(EvalSearchArgs),
    /// Count the words of documents, for the table of how surprising words are
    #[cfg(feature = "lab")]
    Background(background::EvalBackgroundArgs),
    /// Search with questions made from the articles themselves
    #[cfg(feature = "lab")]
    #[command(name = "self")]
    Generated(lab::EvalSelfArgs),
    /// Diagnose log excerpts whose right articles are known, and check the confidence
    Diagnose(diagnose::EvalDiagnoseArgs),
}

const SEARCH_EXAMPLES: &str = "\
Each line of FILE is one question; `style` is optional:
  {\"id\": \"1\", \"query\": \"mail stays in the queue\", \"relevant\": [\"Q169781\"], \"style\": \"keywords\"}

Examples:
  casebook eval search judged.jsonl --misses              list questions whose first hit is wrong
  casebook eval search judged.jsonl --save before.json    save the results
  casebook eval search judged.jsonl --against before.json what changed, and whether it may be chance
  casebook eval search judged.jsonl --in runbooks --limit 50 --format json
  casebook eval search judged.jsonl --ranking other.toml --against before.json";

/// The `after_help` text of a command: its examples and, with the feature `lab`, also those of the flags that need it.
fn examples(all: &str, lab: &str) -> String {
    if cfg!(feature = "lab") { format!("{all}\n{lab}") } else { all.to_owned() }
}

const SEARCH_LAB_EXAMPLES: &str = "\
  casebook eval search a.jsonl b.jsonl --fit fitted.toml  fit weights, test on other questions
  casebook eval search judged.jsonl --fit --folds 10      the same without writing them";

#[derive(Debug, Args)]
#[command(after_help = examples(SEARCH_EXAMPLES, SEARCH_LAB_EXAMPLES))]
pub(in crate::cli) struct EvalSearchArgs {
    /// Questions with their right articles, as JSON Lines
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[cfg(feature = "lab")]
    #[command(flatten)]
    lab: lab::SearchLabArgs,

    #[command(flatten)]
    with: CommonEvalArgs,
}

/// Arguments of all `eval` commands.
#[derive(Debug, Args)]
pub(in crate::cli) struct CommonEvalArgs {
    /// Save the results to this file, for --against
    #[arg(long, value_name = "RUN.json")]
    save: Option<PathBuf>,

    /// Compare with saved results: what changed, and whether that is more than chance
    #[arg(long, value_name = "RUN.json")]
    against: Option<PathBuf>,

    /// List the questions whose first hit is wrong; JSON always lists them
    #[arg(long)]
    misses: bool,

    /// Search only this collection; may be repeated
    #[arg(long = "in", value_name = "NAME", value_parser = collection_name)]
    only: Vec<String>,

    /// Hits to fetch per question, at least 10; the metrics use the first 10
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = eval_limit)]
    limit: usize,

    /// Rank with the weights in this file; `casebook config ranking` prints such a file
    #[arg(long, value_name = "FILE")]
    ranking: Option<PathBuf>,

    #[command(flatten)]
    output: Output,
}

/// At most this many bad lines of a file are shown. All are counted.
const MAX_DRAWN: usize = 20;

/// At most this many missing articles are named. All are counted.
const MAX_NAMED: usize = 5;

pub(in crate::cli) fn run(context: &Context, args: &EvalCommand) -> CommandResult {
    match args {
        EvalCommand::Search(args) => search(context, args),
        #[cfg(feature = "lab")]
        EvalCommand::Background(args) => background::background(context, args),
        #[cfg(feature = "lab")]
        EvalCommand::Generated(args) => lab::eval_self(context, args),
        EvalCommand::Diagnose(args) => diagnose::diagnose(context, args),
    }
}

/// The questions to ask, and what to do with them.
struct EvalInput<'a> {
    questions: &'a [Question],
    /// Ids of right articles that the store does not contain.
    not_held: &'a [String],
    #[cfg(feature = "lab")]
    fit: Option<lab::Fitting<'a>>,
}

fn search(context: &Context, args: &EvalSearchArgs) -> CommandResult {
    let mut sets = args.files.iter().map(|path| read(path)).collect::<Result<Vec<QuestionSet>, _>>()?;
    let workspace = context.workspace()?;
    let options = search_options(&workspace, &args.with)?;
    let index = context.index_of(&workspace)?;
    let not_held = resolve(&index, sets.iter_mut().flat_map(|set| &mut set.questions))?;
    check_held(&not_held);
    let questions: Vec<Question> = sets.iter().flat_map(|set| set.questions.iter().cloned()).collect();
    let input = EvalInput {
        questions: &questions,
        not_held: &not_held,
        #[cfg(feature = "lab")]
        fit: args.lab.fitting(&sets),
    };
    evaluate(context, &args.with, &index, options, input)
}

/// Warns that the store does not contain some of the right articles, so that no search can find them.
fn check_held(not_held: &[String]) {
    if !not_held.is_empty() {
        let named = &not_held[..not_held.len().min(MAX_NAMED)];
        let more = if not_held.len() > MAX_NAMED { ", …" } else { "" };
        warn(&format!(
            "{} not in the store and cannot be found: {}{more}",
            counted(not_held.len() as u64, "judged article is", "judged articles are"),
            named.join(", ")
        ));
    }
}

fn search_options(workspace: &Workspace, args: &CommonEvalArgs) -> Result<SearchOptions, CommandError> {
    let options = workspace.search_options(args.ranking.as_deref())?;
    Ok(SearchOptions { meaning: find_meaning(workspace), ..options })
}

/// Searches for each question, and reports how good the answers are.
fn evaluate(
    context: &Context,
    args: &CommonEvalArgs,
    index: &Index,
    options: SearchOptions,
    input: EvalInput<'_>,
) -> CommandResult {
    // Read before the run, so that a misspelt name does not cost all its time.
    let earlier = args.against.as_deref().map(load).transpose()?;
    check_collections(index, &args.only)?;
    let options = SearchOptions { limit: args.limit, only: args.only.clone(), ..options };
    let questions = input.questions;
    let run = eval::run(questions, |query| {
        let start = Instant::now();
        let found = search::find(index, &query::parse(query), &options)?;
        Ok::<_, StoreError>((eval::ranked(&found), start.elapsed().as_secs_f64() * 1000.0))
    })?;
    if let Some(path) = &args.save {
        save(path, &run)?;
    }
    #[cfg(feature = "lab")]
    let fit = input.fit.map(|fit| fit.run(index, &options)).transpose()?;
    let summary = eval::summarize(questions, &run);
    let comparison = earlier.map(|earlier| eval::compare(questions, &earlier, &run));
    let view = EvalView { misses: args.misses, ..EvalView::new(&summary, comparison.as_ref()) };
    #[cfg(feature = "lab")]
    let view = EvalView { fit: fit.as_ref(), ..view };
    context.answer(&args.output, |page| text::eval(page, view), || json::eval(view, input.not_held))?;
    Ok(ExitCode::SUCCESS)
}

/// Reads the questions of a file. Bad lines are reported on standard error and left out.
fn read(path: &Path) -> Result<QuestionSet, CommandError> {
    let name = path.display().to_string();
    let bytes =
        crate::whole_file::read(path).map_err(|error| CommandError::input(format!("cannot read `{name}`: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        CommandError::input(format!("`{name}` is not UTF-8 (byte {at})")).hint("save the file as UTF-8")
    })?;
    let (questions, remarks) = judged::read(&text);
    draw(&name, &text, &remarks)?;
    if questions.is_empty() {
        return Err(CommandError::input(format!("`{name}` contains no question")).hint(
            r#"write one question per line: {"id": "1", "query": "mail stays in the queue", "relevant": ["Q169781"]}"#,
        ));
    }
    Ok(QuestionSet { name, questions })
}

fn draw(name: &str, text: &str, remarks: &[Diagnostic]) -> Result<(), CommandError> {
    let shown: Vec<&Diagnostic> = remarks.iter().take(MAX_DRAWN).collect();
    let mut out = AutoStream::auto(std::io::stderr());
    text::diagnostics(&mut Page::new(&mut out, width()), name, text, &shown)?;
    if !remarks.is_empty() {
        let lines = counted(remarks.len() as u64, "line is not a question and is", "lines are not questions and are");
        warn(&format!("in `{name}`, {lines} left out"));
    }
    Ok(())
}

/// Replaces aliases among the ids of the right articles by canonical ids. Returns those that the store does not
/// contain, sorted.
fn resolve<'a>(index: &Index, questions: impl Iterator<Item = &'a mut Question>) -> Result<Vec<String>, CommandError> {
    let mut not_held = Vec::new();
    for question in questions {
        for id in &mut question.relevant {
            match index.title_of(id)? {
                Some((held, _)) => *id = held,
                None => not_held.push(id.clone()),
            }
        }
        question.relevant.sort_unstable();
        question.relevant.dedup();
    }
    not_held.sort_unstable();
    not_held.dedup();
    Ok(not_held)
}

fn load(path: &Path) -> Result<EvalRun, CommandError> {
    let name = path.display();
    let file = File::open(path).map_err(|error| CommandError::input(format!("cannot read `{name}`: {error}")))?;
    serde_json::from_reader(BufReader::new(file)).map_err(|error| {
        CommandError::input(format!("`{name}` is not a saved run: {error}")).hint("make one with `--save`")
    })
}

fn save(path: &Path, run: &EvalRun) -> Result<(), CommandError> {
    let written = serde_json::to_vec(run).map_err(std::io::Error::from).and_then(|json| std::fs::write(path, json));
    written.map_err(|error| CommandError::cannot("write", path, &error))
}

/// Minimum of `--limit`. The metrics use 10 hits; with fewer, their values could not be compared with those of other
/// runs.
const MIN_EVAL_LIMIT: usize = 10;

fn eval_limit(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(limit @ MIN_EVAL_LIMIT..=MAX_LIMIT) => Ok(limit),
        _ => Err(format!("expected a number from {MIN_EVAL_LIMIT} to {MAX_LIMIT}")),
    }
}
