//! `casebook eval search`, `eval self` and `eval diagnose`.

mod diagnose;
mod fit;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anstream::AutoStream;
use clap::{Args, Subcommand, ValueEnum};

use fit::Fitting;

use super::search::check_collections;
use crate::cli::args::{MAX_LIMIT, Output, positive, toml_file};
use crate::cli::error::CommandError;
use crate::cli::meaning::find_meaning;
use crate::cli::{CommandResult, Context, warn, width};
use crate::diagnostic::Diagnostic;
use crate::eval::{self, Question, QuestionSet, Run, judged, own};
use crate::query;
use crate::report::number::counted;
use crate::report::text::{EvalView, Page};
use crate::report::{json, text};
use crate::store::{Index, SearchOptions, StoreError, search};
use crate::workspace::Workspace;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum EvalCommand {
    /// Search with questions whose right articles are known, and count how often they come first
    Search(EvalSearchArgs),
    /// Search with questions made from the articles themselves
    #[command(name = "self")]
    Own(EvalSelfArgs),
    /// Diagnose log excerpts whose right articles are known, and check the confidence
    Diagnose(diagnose::EvalDiagnoseArgs),
}

const SEARCH_EXAMPLES: &str = "\
Each line of FILE is one question; `style` is optional:
  {\"id\": \"1\", \"query\": \"mail stays in the queue\", \"relevant\": [\"Q169781\"], \"style\": \"keywords\"}

Examples:
  casebook eval search judged.jsonl --misses              list questions not answered first
  casebook eval search judged.jsonl --save before.json    save the results
  casebook eval search judged.jsonl --against before.json what changed since, and whether by chance
  casebook eval search judged.jsonl --in runbooks --limit 50 --format json
  casebook eval search a.jsonl b.jsonl --fit fitted.toml  fit weights, test on other questions
  casebook eval search judged.jsonl --fit --folds 10      the same without writing them
  casebook eval search judged.jsonl --ranking fitted.toml --against before.json";

const SELF_EXAMPLES: &str = "\
Examples:
  casebook eval self                                      search 2000 articles by words of their symptoms
  casebook eval self --kind messages --misses             by changed messages they quote
  casebook eval self --sample 200 --seed 7 --save before.json
  casebook eval self --sample 200 --seed 7 --against before.json --in runbooks --limit 50 --format json";

#[derive(Debug, Args)]
#[command(after_help = SEARCH_EXAMPLES)]
pub(in crate::cli) struct EvalSearchArgs {
    /// Questions with their right articles, as JSON Lines
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Fit the weights of the ranking to the questions, each FILE counting the same, and test them on questions that were
    /// held out. Writes the weights to OUT.toml if given. Takes minutes
    #[arg(long, value_name = "OUT.toml", num_args = 0..=1, value_parser = fit_file)]
    fit: Option<Option<PathBuf>>,

    /// With --fit: number of parts that are held out in turn; 1 to hold out nothing
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = folds, requires = "fit")]
    folds: usize,

    #[command(flatten)]
    with: CommonEvalArgs,
}

#[derive(Debug, Args)]
#[command(after_help = SELF_EXAMPLES)]
pub(in crate::cli) struct EvalSelfArgs {
    /// Number of questions, each made from another article
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = positive)]
    sample: usize,

    /// Seed of the random choice of articles and words
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// What the questions are made from
    #[arg(long, value_name = "KIND", default_value = "symptoms")]
    kind: QuestionKind,

    #[command(flatten)]
    with: CommonEvalArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum QuestionKind {
    /// Seven of ten words of the symptoms section, without the words of the title
    Symptoms,
    /// A quoted message of at least five words, with names, numbers and paths changed; every article that quotes this
    /// message is right
    Messages,
}

impl From<QuestionKind> for own::Kind {
    fn from(kind: QuestionKind) -> Self {
        match kind {
            QuestionKind::Symptoms => own::Kind::Symptoms,
            QuestionKind::Messages => own::Kind::Messages,
        }
    }
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

    /// List the questions without a right article in first place; JSON always lists them
    #[arg(long)]
    misses: bool,

    /// Search only this collection; may be repeated
    #[arg(long = "in", value_name = "NAME")]
    only: Vec<String>,

    /// Hits per question; at least 10, which are measured
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = eval_limit)]
    limit: usize,

    /// Rank with the weights in this file; `casebook config ranking` prints such a file
    #[arg(long, value_name = "FILE")]
    ranking: Option<PathBuf>,

    #[command(flatten)]
    output: Output,
}

/// Most bad lines that are drawn; the rest is counted.
const MAX_DRAWN: usize = 20;

/// Most missing judged ids that are named; the rest is counted.
const MAX_NAMED: usize = 5;

pub(in crate::cli) fn run(context: &Context, args: &EvalCommand) -> CommandResult {
    match args {
        EvalCommand::Search(args) => search(context, args),
        EvalCommand::Own(args) => own(context, args),
        EvalCommand::Diagnose(args) => diagnose::diagnose(context, args),
    }
}

struct EvalInput<'a> {
    questions: &'a [Question],
    /// Judged ids that the store does not contain.
    not_held: &'a [String],
    fit: Option<Fitting<'a>>,
}

fn search(context: &Context, args: &EvalSearchArgs) -> CommandResult {
    let mut sets = args.files.iter().map(|path| read(path)).collect::<Result<Vec<QuestionSet>, _>>()?;
    let workspace = context.workspace()?;
    let options = search_options(&workspace, &args.with)?;
    let index = context.index_of(&workspace)?;
    let not_held = resolve(&index, sets.iter_mut().flat_map(|set| &mut set.questions))?;
    check_held(&not_held);
    let questions: Vec<Question> = sets.iter().flat_map(|set| set.questions.iter().cloned()).collect();
    let fit = args.fit.as_ref().map(|out| Fitting { sets: &sets, folds: args.folds, out: out.as_deref() });
    evaluate(context, &args.with, &index, options, EvalInput { questions: &questions, not_held: &not_held, fit })
}

/// Warns about judged articles that the store does not contain.
fn check_held(not_held: &[String]) {
    if !not_held.is_empty() {
        let named = &not_held[..not_held.len().min(MAX_NAMED)];
        let more = if not_held.len() > MAX_NAMED { ", …" } else { "" };
        warn(&format!(
            "{} judged articles are not in the store and cannot be found: {}{more}",
            not_held.len(),
            named.join(", ")
        ));
    }
}

fn own(context: &Context, args: &EvalSelfArgs) -> CommandResult {
    let workspace = context.workspace()?;
    let options = search_options(&workspace, &args.with)?;
    let index = context.index_of(&workspace)?;
    let made = own::questions(&index, args.kind.into(), args.sample, args.seed)?;
    if made.questions.is_empty() {
        return Err(CommandError::input(format!(
            "no question can be made from the {}",
            counted(made.looked_at as u64, "article", "articles")
        ))
        .hint("a question needs a symptoms section, or a quoted message of five words"));
    }
    evaluate(context, &args.with, &index, options, EvalInput { questions: &made.questions, not_held: &[], fit: None })
}

fn search_options(workspace: &Workspace, args: &CommonEvalArgs) -> Result<SearchOptions, CommandError> {
    let options = workspace.search_options(args.ranking.as_deref())?;
    Ok(SearchOptions { meaning: find_meaning(workspace), ..options })
}

/// Searches with every question and prints the quality of the hits.
fn evaluate(
    context: &Context,
    args: &CommonEvalArgs,
    index: &Index,
    options: SearchOptions,
    EvalInput { questions, not_held, fit }: EvalInput<'_>,
) -> CommandResult {
    // Read first: a misspelt name should not cost the whole run.
    let earlier = args.against.as_deref().map(load).transpose()?;
    check_collections(index, &args.only)?;
    let options = SearchOptions { limit: args.limit, only: args.only.clone(), ..options };
    let run = eval::run(questions, |query| {
        let start = Instant::now();
        let found = search::find(index, &query::parse(query), &options)?;
        Ok::<_, StoreError>((eval::ranked(&found), start.elapsed().as_secs_f64() * 1000.0))
    })?;
    if let Some(path) = &args.save {
        save(path, &run)?;
    }
    let tuned = fit.map(|fit| fit.run(index, &options)).transpose()?;
    let summary = eval::summarize(questions, &run);
    let comparison = earlier.map(|earlier| eval::compare(questions, &earlier, &run));
    let (comparison, tuned) = (comparison.as_ref(), tuned.as_ref());
    context.answer(
        &args.output,
        |page| {
            text::eval(page, EvalView { summary: &summary, comparison, tuned, confident: None, misses: args.misses })
        },
        || json::eval(&summary, comparison, tuned, None, not_held),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Reads the questions of a file. Bad lines are printed on standard error and left out.
fn read(path: &Path) -> Result<QuestionSet, CommandError> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| CommandError::input(format!("cannot read `{name}`: {error}")))?;
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
        warn(&format!("{} lines of `{name}` are not questions and are left out", remarks.len()));
    }
    Ok(())
}

/// Replaces each alias among the judged ids by the id of the article. Returns the ids that the store does not contain, sorted.
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

fn load(path: &Path) -> Result<Run, CommandError> {
    let name = path.display();
    let file = File::open(path).map_err(|error| CommandError::input(format!("cannot read `{name}`: {error}")))?;
    serde_json::from_reader(BufReader::new(file)).map_err(|error| {
        CommandError::input(format!("`{name}` is not a saved run: {error}")).hint("save one with `--save`")
    })
}

fn save(path: &Path, run: &Run) -> Result<(), CommandError> {
    let written = serde_json::to_vec(run).map_err(std::io::Error::from).and_then(|json| std::fs::write(path, json));
    written.map_err(|error| CommandError::failure(format!("cannot write `{}`: {error}", path.display())))
}

/// The metrics look at this many hits.
const MIN_EVAL_LIMIT: usize = 10;

fn eval_limit(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(limit @ MIN_EVAL_LIMIT..=MAX_LIMIT) => Ok(limit),
        _ => Err(format!("expected a number from {MIN_EVAL_LIMIT} to {MAX_LIMIT}")),
    }
}

/// Parses the path that `--fit` writes to. Any other name could be a file of questions, which would be overwritten.
fn fit_file(text: &str) -> Result<PathBuf, String> {
    toml_file(text).map_err(|error| format!("{error}; files of questions come before --fit"))
}

/// Each part takes another fit.
const MAX_FOLDS: usize = 100;

fn folds(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n @ 1..=MAX_FOLDS) => Ok(n),
        _ => Err(format!("expected a number from 1 to {MAX_FOLDS}")),
    }
}
