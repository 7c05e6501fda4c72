//! `casebook eval diagnose`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;

use super::fit::{cannot_write, check_room_for};
use super::{CommonEvalArgs, check_held, fit_file, folds, load, read, resolve, save};
use crate::cli::args::positive;
use crate::cli::command::search::check_collections;
use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context, now};
use crate::eval::{self, Confident, Noise, Question, RankedHit, Run, Top, own};
use crate::infer::{ArticleReason, Confidence, Facts, RankedArticle};
use crate::log::Input;
use crate::matching::{self, ScanOptions};
use crate::pipeline;
use crate::report::text::EvalView;
use crate::report::{json, text};
use crate::rule::Program;
use crate::store::{Index, SearchOptions, StoreError};

const EXAMPLES: &str = "\
Each line of FILE is one log excerpt:
  {\"id\": \"1\", \"log\": \"421 Unable to contact\\n...\", \"relevant\": [\"Q169781\"]}
Rules are not used: this measures the articles alone.

Examples:
  casebook eval diagnose excerpts.jsonl --misses                      diagnose each excerpt
  casebook eval diagnose excerpts.jsonl --noise logs/ --lines 200     hide each among 200 log lines
  casebook eval diagnose --generated 1000 --nothing 300 --noise logs/ --fit fitted.toml
                                    quoted messages, and logs that no article covers
  casebook eval diagnose excerpts.jsonl --generated 500 --seed 7 --save before.json
  casebook eval diagnose excerpts.jsonl --generated 500 --seed 7 --against before.json";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct EvalDiagnoseArgs {
    /// Log excerpts with their right articles, as JSON Lines
    #[arg(value_name = "FILE", required_unless_present_any = ["generated", "nothing"])]
    files: Vec<PathBuf>,

    /// Also test N messages quoted in articles, with names, numbers and paths changed
    #[arg(long, value_name = "N", value_parser = positive)]
    generated: Option<usize>,

    /// Also diagnose N excerpts of the --noise logs that no article covers
    #[arg(long, value_name = "N", value_parser = positive, requires = "noise")]
    nothing: Option<usize>,

    /// Hide each excerpt among lines of this log, or of the logs in this folder; may be repeated
    #[arg(long, value_name = "PATH")]
    noise: Vec<PathBuf>,

    /// Number of lines around each excerpt
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = positive)]
    lines: usize,

    /// Seed of the random choice of messages and lines
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Fit the weights of the confidence, and test them on excerpts that were held out. Writes the weights to OUT.toml if
    /// given, for `[diagnosis] confidence` in casebook.toml
    #[arg(long, value_name = "OUT.toml", num_args = 0..=1, value_parser = fit_file)]
    fit: Option<Option<PathBuf>>,

    /// With --fit: number of parts that are held out in turn
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = folds, requires = "fit")]
    folds: usize,

    #[command(flatten)]
    with: CommonEvalArgs,
}

/// The groups of excerpts made from messages, and of judged excerpts.
const GENERATED: &str = "generated";
const JUDGED: &str = "judged";

pub(super) fn diagnose(context: &Context, args: &EvalDiagnoseArgs) -> CommandResult {
    let mut sets = args.files.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    let earlier = args.with.against.as_deref().map(load).transpose()?;
    let noise = noise(args)?;
    let workspace = context.workspace()?;
    // As `casebook diagnose` does, which asks no encoder.
    let options = workspace.search_options(args.with.ranking.as_deref())?;
    let index = context.index_of(&workspace)?;
    check_collections(&index, &args.with.only)?;
    let options = SearchOptions { only: args.with.only.clone(), ..options };
    let not_held = resolve(&index, sets.iter_mut().flat_map(|set| &mut set.questions))?;
    check_held(&not_held);
    let questions = questions(&index, args, sets.into_iter().flat_map(|set| set.questions), noise.as_ref())?;
    let about_nothing = about_nothing(args, noise.as_ref());
    if let Some(Some(path)) = &args.fit {
        check_room_for(path)?;
    }
    let mut diagnosed = Diagnosed { index: &index, options, confidence: workspace.confidence()?, tops: Vec::new() };
    let run = eval::run(&questions, |log| diagnosed.ask(log, args.with.limit))?;
    judge(&mut diagnosed.tops, &questions, &run);
    for log in &about_nothing {
        diagnosed.ask(log, 1)?;
    }
    if let Some(path) = &args.with.save {
        save(path, &run)?;
    }
    let confident = confident(args, &diagnosed, &questions);
    if let (Some(Some(path)), Some(fitted)) = (&args.fit, &confident.fitted) {
        let written = std::fs::write(path, toml::to_string(fitted).expect("a struct of numbers has a TOML form"));
        written.map_err(|error| cannot_write(path, &error))?;
    }
    let summary = eval::summarize(&questions, &run);
    let comparison = earlier.map(|earlier| eval::compare(&questions, &earlier, &run));
    let (comparison, confident) = (comparison.as_ref(), Some(&confident));
    let view = EvalView { summary: &summary, comparison, tuned: None, confident, misses: args.with.misses };
    context.answer(
        &args.with.output,
        |page| text::eval(page, view),
        || json::eval(&summary, comparison, None, confident, &not_held),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Diagnoses logs without rules, and keeps the features of each confidence.
struct Diagnosed<'a> {
    index: &'a Index,
    options: SearchOptions,
    confidence: Confidence,
    /// One per log; `None` if no article was found.
    tops: Vec<Option<Top>>,
}

impl Diagnosed<'_> {
    /// The best articles, each with its near-copies, and the time in milliseconds.
    fn ask(&mut self, log: &str, limit: usize) -> Result<(Vec<RankedHit>, f64), StoreError> {
        let start = Instant::now();
        let program = Program::default();
        let scan = matching::scan(&program, vec![Input::bytes("log", log)], &ScanOptions::at(now()));
        let facts = Facts::default();
        let diagnosis = pipeline::diagnose(&program, self.index, scan, &facts, &self.options, &self.confidence)?;
        let took_ms = start.elapsed().as_secs_f64() * 1000.0;
        self.tops.push(diagnosis.articles.first().and_then(top));
        Ok((diagnosis.articles.into_iter().take(limit).map(ranked).collect(), took_ms))
    }
}

/// The features of the confidence in an article; `judge` says whether the article is right.
fn top(article: &RankedArticle) -> Option<Top> {
    article.because.iter().find_map(|reason| match reason {
        ArticleReason::Search { features, .. } => Some(Top { features: *features, is_right: false, weight: 1.0 }),
        ArticleReason::Cause { .. } | ArticleReason::Resolution { .. } | ArticleReason::Signature { .. } => None,
    })
}

fn ranked(RankedArticle { id, score, near_copies, .. }: RankedArticle) -> RankedHit {
    RankedHit { id, score: score as f32, near_copies }
}

/// Marks each top article as right or wrong, and sets the weight of judged excerpts.
fn judge(tops: &mut [Option<Top>], questions: &[Question], run: &Run) {
    let is_generated = |question: &Question| question.style.as_deref() == Some(GENERATED);
    let n_generated = questions.iter().filter(|question| is_generated(question)).count();
    let of_judged = eval::judged_weight(questions.len() - n_generated, n_generated);
    for ((top, question), answer) in tops.iter_mut().zip(questions).zip(&run.answers) {
        let Some(top) = top else { continue };
        top.is_right = eval::metrics::score(question, &answer.hits).rank == Some(1);
        top.weight = if is_generated(question) { 1.0 } else { of_judged };
    }
}

/// The judged and the generated excerpts, hidden among the noise if there is any.
fn questions(
    index: &Index,
    args: &EvalDiagnoseArgs,
    judged: impl Iterator<Item = Question>,
    noise: Option<&Noise>,
) -> Result<Vec<Question>, CommandError> {
    let named = |name: &str, question: Question| Question {
        style: question.style.clone().or_else(|| Some(name.to_owned())),
        ..question
    };
    let mut questions: Vec<Question> = judged.map(|question| named(JUDGED, question)).collect();
    if let Some(n) = args.generated {
        let made = own::questions(index, own::Kind::Messages, n, args.seed)?;
        questions.extend(made.questions.into_iter().map(|question| named(GENERATED, question)));
    }
    Ok(match noise {
        Some(noise) => eval::hidden(&questions, noise, args.seed),
        None => questions,
    })
}

fn about_nothing(args: &EvalDiagnoseArgs, noise: Option<&Noise>) -> Vec<String> {
    let mut random = eval::chance::Random::new(!args.seed);
    let logs = (0..args.nothing.unwrap_or(0)).filter_map(|_| noise.map(|noise| noise.alone(&mut random)));
    logs.collect()
}

fn noise(args: &EvalDiagnoseArgs) -> Result<Option<Noise>, CommandError> {
    let mut logs = Vec::new();
    for path in &args.noise {
        for file in files(path)? {
            let bytes = std::fs::read(&file).map_err(|error| cannot_read(&file, &error))?;
            logs.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    let noise = Noise::new(logs.iter().map(String::as_str), args.lines);
    match noise {
        None if !args.noise.is_empty() => Err(CommandError::input("the logs of --noise contain no line")),
        noise => Ok(noise),
    }
}

/// The file, or the files of the folder by name.
fn files(path: &Path) -> Result<Vec<PathBuf>, CommandError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = std::fs::read_dir(path).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let entries = entries.map_err(|error| cannot_read(path, &error))?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}

fn cannot_read(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::input(format!("cannot read `{}`: {error}", path.display()))
}

/// How well the confidence predicts right articles, and with --fit, how well fitted weights do.
fn confident(args: &EvalDiagnoseArgs, diagnosed: &Diagnosed<'_>, questions: &[Question]) -> Confident {
    let folds = eval::folds(&[questions], args.folds, args.seed);
    // A log about nothing has no article in common with any other.
    let of_nothing = (0..diagnosed.tops.len() - questions.len()).map(|index| index % args.folds);
    let fold_of = folds.iter().copied().chain(of_nothing);
    let with_top = diagnosed.tops.iter().zip(fold_of).filter_map(|(top, fold)| Some(((*top)?, fold)));
    let (tops, fold_of): (Vec<Top>, Vec<usize>) = with_top.unzip();
    eval::confident(&diagnosed.confidence, &tops, args.fit.is_some().then_some(&fold_of))
}
