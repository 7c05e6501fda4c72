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
use crate::cli::{Context, Outcome, warn, width};
use crate::diagnostic::Diagnostic;
use crate::eval::{self, Question, QuestionSet, Run, judged, own};
use crate::query;
use crate::report::text::{EvalView, Page};
use crate::report::{json, text};
use crate::store::{Index, SearchOptions, StoreError, search};
use crate::workspace::Workspace;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum EvalCommand {
    /// Ask judged questions: how often is a right article among the first?
    Search(EvalSearchArgs),
    /// Ask questions made of the articles: is an article found by what it says?
    #[command(name = "self")]
    Own(EvalSelfArgs),
    /// Diagnose judged log excerpts: how often is a right article first, and is the confidence deserved?
    Diagnose(diagnose::EvalDiagnoseArgs),
}

const SEARCH_EXAMPLES: &str = "\
Each line of FILE is one question; `style` may be left out:
  {\"id\": \"1\", \"query\": \"mail stays in the queue\", \"relevant\": [\"Q169781\"], \"style\": \"keywords\"}

Examples:
  casebook eval search judged.jsonl --misses              which questions are not answered first
  casebook eval search judged.jsonl --save before.json    keep what was found
  casebook eval search judged.jsonl --against before.json what changed since then, and is it luck?
  casebook eval search judged.jsonl --in runbooks --limit 50 --format json
  casebook eval search a.jsonl b.jsonl --fit fitted.toml  better weights, and what they are worth on other questions
  casebook eval search judged.jsonl --fit --folds 10      the same without writing them
  casebook eval search judged.jsonl --ranking fitted.toml --against before.json";

const SELF_EXAMPLES: &str = "\
Examples:
  casebook eval self                                      2000 articles by words of their symptoms
  casebook eval self --kind messages --misses             by messages that they quote, names and numbers changed
  casebook eval self --sample 200 --seed 7 --save before.json
  casebook eval self --sample 200 --seed 7 --against before.json --in runbooks --limit 50 --format json";

#[derive(Debug, Args)]
#[command(after_help = SEARCH_EXAMPLES)]
pub(in crate::cli) struct EvalSearchArgs {
    /// Judged questions, JSON Lines; those of several files are asked together
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Look for weights of the ranking that put the right articles higher, each FILE counting the same, and say what they
    /// are worth on questions that were held out; with OUT.toml, write them there. Takes minutes
    #[arg(long, value_name = "OUT.toml", num_args = 0..=1, value_parser = fit_file)]
    fit: Option<Option<PathBuf>>,

    /// With --fit: parts of the questions that are held out in turn; 1 for none
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = folds, requires = "fit")]
    folds: usize,

    #[command(flatten)]
    with: CommonEvalArgs,
}

#[derive(Debug, Args)]
#[command(after_help = SELF_EXAMPLES)]
pub(in crate::cli) struct EvalSelfArgs {
    /// Questions asked, each made of another article
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = positive)]
    sample: usize,

    /// Decides which articles are taken and what is asked about them
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// What the questions are made of
    #[arg(long, value_name = "KIND", default_value = "symptoms")]
    kind: QuestionKind,

    #[command(flatten)]
    with: CommonEvalArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum QuestionKind {
    /// Seven in ten of the words of the symptoms section, without those of the title
    Symptoms,
    /// A quoted message of at least five words, with other names, numbers and paths in it; any article that quotes the
    /// same message is right
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

/// What all kinds of questions have in common.
#[derive(Debug, Args)]
pub(in crate::cli) struct CommonEvalArgs {
    /// Keep what was found in a file, to compare with later
    #[arg(long, value_name = "RUN.json")]
    save: Option<PathBuf>,

    /// Compare with a run that was kept: what changed, and whether that is more than chance
    #[arg(long, value_name = "RUN.json")]
    against: Option<PathBuf>,

    /// List the questions without their article first; JSON has them always
    #[arg(long)]
    misses: bool,

    /// Search this collection alone; may be repeated
    #[arg(long = "in", value_name = "NAME")]
    only: Vec<String>,

    /// Hits looked at, at least the ten that are measured
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = eval_limit)]
    limit: usize,

    /// Rank with the weights in this file instead of the workspace's
    #[arg(long, value_name = "FILE")]
    ranking: Option<PathBuf>,

    #[command(flatten)]
    output: Output,
}

/// Bad lines that are drawn; the rest is counted.
const MAX_DRAWN: usize = 20;

/// Judged ids that are named when the store does not hold them; the rest is counted.
const MAX_NAMED: usize = 5;

pub(in crate::cli) fn run(context: &Context, args: &EvalCommand) -> Outcome {
    match args {
        EvalCommand::Search(args) => search(context, args),
        EvalCommand::Own(args) => own(context, args),
        EvalCommand::Diagnose(args) => diagnose::diagnose(context, args),
    }
}

/// What is asked.
struct Asked<'a> {
    questions: &'a [Question],
    /// Judged ids that the store does not hold.
    not_held: &'a [String],
    fit: Option<Fitting<'a>>,
}

fn search(context: &Context, args: &EvalSearchArgs) -> Outcome {
    let mut sets = args.files.iter().map(|path| read(path)).collect::<Result<Vec<QuestionSet>, _>>()?;
    let workspace = context.workspace()?;
    let options = search_options(&workspace, &args.with)?;
    let index = context.index_of(&workspace)?;
    let not_held = resolve(&index, sets.iter_mut().flat_map(|set| &mut set.questions))?;
    check_held(&not_held);
    let questions: Vec<Question> = sets.iter().flat_map(|set| set.questions.iter().cloned()).collect();
    let fit = args.fit.as_ref().map(|out| Fitting { sets: &sets, folds: args.folds, out: out.as_deref() });
    evaluate(context, &args.with, &index, options, Asked { questions: &questions, not_held: &not_held, fit })
}

/// Names judged articles that cannot be found.
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

fn own(context: &Context, args: &EvalSelfArgs) -> Outcome {
    let workspace = context.workspace()?;
    let options = search_options(&workspace, &args.with)?;
    let index = context.index_of(&workspace)?;
    let made = own::questions(&index, args.kind.into(), args.sample, args.seed)?;
    if made.questions.is_empty() {
        return Err(CommandError::input(format!("none of the {} articles gives a question", made.looked_at))
            .hint("only articles with a symptoms section, or with a quoted message of five words, do"));
    }
    evaluate(context, &args.with, &index, options, Asked { questions: &made.questions, not_held: &[], fit: None })
}

fn search_options(workspace: &Workspace, args: &CommonEvalArgs) -> Result<SearchOptions, CommandError> {
    let options = workspace.search_options(args.ranking.as_deref())?;
    Ok(SearchOptions { meaning: find_meaning(workspace), ..options })
}

/// Asks the questions, and says how the answers are.
fn evaluate(
    context: &Context,
    args: &CommonEvalArgs,
    index: &Index,
    options: SearchOptions,
    Asked { questions, not_held, fit }: Asked<'_>,
) -> Outcome {
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

/// The questions of a file. Bad lines are drawn on standard error and left out.
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
        return Err(CommandError::input(format!("`{name}` holds no question"))
            .hint(r#"write one a line: {"id": "1", "query": "mail stays in the queue", "relevant": ["Q169781"]}"#));
    }
    Ok(QuestionSet { name, questions })
}

fn draw(name: &str, text: &str, remarks: &[Diagnostic]) -> Result<(), CommandError> {
    let shown: Vec<&Diagnostic> = remarks.iter().take(MAX_DRAWN).collect();
    let mut out = AutoStream::auto(std::io::stderr());
    text::diagnostics(&mut Page::new(&mut out, width()), name, text, &shown)?;
    if !remarks.is_empty() {
        warn(&format!("{} lines of `{name}` are no questions and left out", remarks.len()));
    }
    Ok(())
}

/// Gives each judged article the id that it is held under, where the judge named it by an alias. The ids that the store
/// does not hold, sorted.
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
        CommandError::input(format!("`{name}` is no saved run: {error}")).hint("make one with `--save`")
    })
}

fn save(path: &Path, run: &Run) -> Result<(), CommandError> {
    let written = serde_json::to_vec(run).map_err(std::io::Error::from).and_then(|json| std::fs::write(path, json));
    written.map_err(|error| CommandError::failure(format!("cannot write `{}`: {error}", path.display())))
}

/// Fewer hits than the metrics look at would measure something else under the same name.
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

/// Each fold takes another fit, and questions are few.
const MAX_FOLDS: usize = 100;

fn folds(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n @ 1..=MAX_FOLDS) => Ok(n),
        _ => Err(format!("expected a number from 1 to {MAX_FOLDS}")),
    }
}
