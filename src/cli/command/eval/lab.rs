//! The commands and flags of the feature `lab`: `eval self`, `--fit`, `--generated`, `--nothing`.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::{CommonEvalArgs, EvalInput, evaluate, search_options};
use crate::cli::args::{positive, toml_file};
use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context};
use crate::eval::lab::{self, FitExample, FitReport, FittedConfidence, Objective};
use crate::eval::{Noise, Question, QuestionSet, Random, TopArticle};
use crate::report;
use crate::report::number::counted;
use crate::store::{Index, SearchOptions};
use crate::workspace::Workspace;

/// The elapsed time is redrawn at this interval, because trying one set of weights can take a second.
const TICK: Duration = Duration::from_millis(200);

const SELF_EXAMPLES: &str = "\
Examples:
  casebook eval self                                      search 2000 articles by their symptoms
  casebook eval self --kind messages --misses             by changed messages they quote
  casebook eval self --sample 200 --seed 7 --save before.json
  casebook eval self --sample 200 --seed 7 --against before.json --in runbooks --limit 50";

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
    /// Seven in ten of the words of the symptoms section, without those of the title
    Symptoms,
    /// A quoted message of at least five words, with other names, numbers and paths; every article that quotes the same
    /// message is right
    Messages,
}

impl From<QuestionKind> for lab::QuestionKind {
    fn from(kind: QuestionKind) -> Self {
        match kind {
            QuestionKind::Symptoms => lab::QuestionKind::Symptoms,
            QuestionKind::Messages => lab::QuestionKind::Messages,
        }
    }
}

/// Flags of `eval search`.
#[derive(Debug, Args)]
pub(in crate::cli) struct SearchLabArgs {
    /// Fit the weights of the ranking to the questions, each FILE counting the same, and test them on questions that were
    /// held out. Writes the weights to OUT.toml if given. Takes minutes
    #[arg(long, value_name = "OUT.toml", num_args = 0..=1, value_parser = fit_file)]
    fit: Option<Option<PathBuf>>,

    /// With --fit: number of parts that are held out in turn; 1 to hold out nothing
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = folds, requires = "fit")]
    folds: usize,
}

impl SearchLabArgs {
    /// What to fit to the questions in `sets`; `None` without `--fit`.
    pub(super) fn fitting<'a>(&'a self, sets: &'a [QuestionSet]) -> Option<Fitting<'a>> {
        self.fit.as_ref().map(|out| Fitting { sets, folds: self.folds, out: out.as_deref() })
    }
}

/// Flags of `eval diagnose`.
#[derive(Debug, Args)]
pub(in crate::cli) struct DiagnoseLabArgs {
    /// Also test N messages quoted in articles, with names, numbers and paths changed
    #[arg(long, value_name = "N", value_parser = positive)]
    generated: Option<usize>,

    /// Also diagnose N excerpts of the --noise logs that no article covers
    #[arg(long, value_name = "N", value_parser = positive, requires = "noise")]
    nothing: Option<usize>,

    /// Also diagnose N messages quoted in the articles of this workspace, which the articles here do not quote
    #[arg(long, value_name = "DIR")]
    foreign: Option<PathBuf>,

    /// The number of messages of --foreign
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = positive, requires = "foreign")]
    n_foreign: usize,

    /// Fit the weights of the confidence, and test them on excerpts that were held out. Writes the weights to OUT.toml if
    /// given, for `[diagnosis] confidence` in casebook.toml
    #[arg(long, value_name = "OUT.toml", num_args = 0..=1, value_parser = fit_file)]
    fit: Option<Option<PathBuf>>,

    /// With --fit: number of parts that are held out in turn
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = folds, requires = "fit")]
    folds: usize,
}

/// The style of generated excerpts, as reports show it.
const GENERATED: &str = "generated";

impl DiagnoseLabArgs {
    /// Fails if the fitted weights could not be written.
    pub(super) fn check(&self) -> Result<(), CommandError> {
        if let Some(Some(path)) = &self.fit { check_room_for(path) } else { Ok(()) }
    }

    /// Generates the excerpts that `--generated` asks for.
    pub(super) fn generated(&self, index: &Index, seed: u64) -> Result<Vec<Question>, CommandError> {
        let Some(n) = self.generated else { return Ok(Vec::new()) };
        let generated = lab::generate_questions(index, lab::QuestionKind::Messages, n, seed)?;
        let style = Some(GENERATED.to_owned());
        Ok(generated.questions.into_iter().map(|question| Question { style: style.clone(), ..question }).collect())
    }

    /// Makes the logs that `--nothing` and `--foreign` ask for.
    pub(super) fn about_nothing(
        &self,
        context: &Context,
        index: &Index,
        noise: Option<&Noise>,
        seed: u64,
    ) -> Result<Vec<String>, CommandError> {
        let mut random = Random::new(!seed);
        let mut logs: Vec<String> =
            (0..self.nothing.unwrap_or(0)).filter_map(|_| noise.map(|noise| noise.alone(&mut random))).collect();
        if let Some(dir) = &self.foreign {
            let other = context.index_of(&Workspace::find(Some(dir), Path::new(""), None)?)?;
            let messages = lab::foreign_messages(index, &other, self.n_foreign, seed)?;
            logs.extend(messages.into_iter().map(|message| match noise {
                Some(noise) => noise.hide(&message, &mut random),
                None => message,
            }));
        }
        Ok(logs)
    }

    /// With `--fit`, fits the weights of the confidence, and writes them if a file is named. `tops` are the first
    /// articles for the questions, in their order, then those for logs that no article covers; `None` for a log without
    /// an article.
    pub(super) fn fit(
        &self,
        tops: &[Option<TopArticle>],
        questions: &[Question],
        seed: u64,
    ) -> Result<Option<FittedConfidence>, CommandError> {
        let Some(out) = &self.fit else { return Ok(None) };
        let fitted = lab::fit_confidence(&self.fit_examples(tops, questions, seed));
        if let Some(path) = out {
            let text = toml::to_string(&fitted.weights).expect("a struct of numbers has a TOML form");
            std::fs::write(path, text).map_err(|error| cannot_write(path, &error))?;
        }
        Ok(Some(fitted))
    }

    fn fit_examples(&self, tops: &[Option<TopArticle>], questions: &[Question], seed: u64) -> Vec<FitExample> {
        let is_generated = |question: &Question| question.style.as_deref() == Some(GENERATED);
        let n_generated = questions.iter().filter(|question| is_generated(question)).count();
        let of_judged = lab::judged_weight(questions.len() - n_generated, n_generated);
        let weights = questions.iter().map(|question| if is_generated(question) { 1.0 } else { of_judged });
        let folds = lab::folds(&[questions], self.folds, seed);
        // A log that no article covers shares no right article with other logs, so it may be in any fold.
        let about_nothing = (0..tops.len() - questions.len()).map(|index| (1.0, index % self.folds));
        let examples = tops.iter().zip(weights.zip(folds).chain(about_nothing));
        examples.filter_map(|(top, (weight, fold))| Some(FitExample { top: (*top)?, weight, fold })).collect()
    }
}

/// Runs `eval self`: searches for questions that are generated from the articles.
pub(super) fn eval_self(context: &Context, args: &EvalSelfArgs) -> CommandResult {
    let workspace = context.workspace()?;
    let options = search_options(&workspace, &args.with)?;
    let index = context.index_of(&workspace)?;
    let generated = lab::generate_questions(&index, args.kind.into(), args.sample, args.seed)?;
    if generated.questions.is_empty() {
        return Err(CommandError::input(format!(
            "no question can be made from the {}",
            counted(generated.looked_at as u64, "article", "articles")
        ))
        .hint("a question needs a symptoms section, or a quoted message of five words"));
    }
    let input = EvalInput { questions: &generated.questions, not_held: &[], fit: None };
    evaluate(context, &args.with, &index, options, input)
}

/// The questions to fit weights to, and the file to write them to.
pub(super) struct Fitting<'a> {
    pub(super) sets: &'a [QuestionSet],
    /// See [`Objective::folds`].
    pub(super) folds: usize,
    /// The file to write the weights to; `None` to only report them.
    pub(super) out: Option<&'a Path>,
}

impl Fitting<'_> {
    /// Fits the weights of `options.ranking`. Shows the progress on a terminal.
    pub(super) fn run(&self, index: &Index, options: &SearchOptions) -> Result<FitReport, CommandError> {
        if let Some(path) = self.out {
            check_room_for(path)?;
        }
        let style = ProgressStyle::with_template("{spinner} {pos} sets of weights tried, {elapsed}");
        let bar = ProgressBar::new_spinner().with_style(style.expect("the template is a valid one"));
        bar.enable_steady_tick(TICK);
        let objective = Objective { folds: self.folds, ..Objective::default() };
        let fitted = lab::fit_ranking(index, self.sets, options, &objective, &|| bar.inc(1));
        bar.finish_and_clear();
        let fitted = fitted?;
        if let Some(path) = self.out {
            let files: Vec<String> = self.sets.iter().map(|set| set.name.clone()).collect();
            let ranking = lab::fitted(&options.ranking, &fitted);
            let written = std::fs::write(path, report::ranking_file(&ranking, &fitted, &files));
            written.map_err(|error| cannot_write(path, &error))?;
        }
        Ok(fitted)
    }
}

/// Fails if no file can be written at `path`. Checked before the fit, so that a misspelt name does not cost all its
/// time.
fn check_room_for(path: &Path) -> Result<(), CommandError> {
    has_room_for(path).map_err(|error| cannot_write(path, &error))
}

/// Checks that a file can be written at `path`, without writing one.
fn has_room_for(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.metadata()?.is_dir() { Ok(()) } else { Err(ErrorKind::NotADirectory.into()) }
}

pub(super) fn cannot_write(path: &Path, error: &io::Error) -> CommandError {
    CommandError::cannot("write", path, error)
}

fn fit_file(text: &str) -> Result<PathBuf, String> {
    toml_file(text).map_err(|error| format!("{error}; files of questions come before --fit"))
}

/// Maximum number of folds. Each fold takes another fit, and there are few questions.
const MAX_FOLDS: usize = 100;

fn folds(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n @ 1..=MAX_FOLDS) => Ok(n),
        _ => Err(format!("expected a number from 1 to {MAX_FOLDS}")),
    }
}
