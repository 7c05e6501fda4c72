//! `casebook eval diagnose`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;

#[cfg(feature = "lab")]
use super::lab::DiagnoseLabArgs;
use super::{CommonEvalArgs, check_held, examples, load, read, resolve, save};
use crate::cli::args::positive;
use crate::cli::command::search::check_collections;
use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context, now};
use crate::eval::{self, EvalRun, Noise, Question, RankedHit, TopArticle};
use crate::infer::{ArticleReason, Confidence, Facts, RankedArticle};
use crate::log::Input;
use crate::matching::{self, ScanOptions};
use crate::pipeline;
use crate::report::{ConfidenceView, EvalView, json, text};
use crate::rule::Program;
use crate::store::{Index, SearchOptions, StoreError};

const EXAMPLES: &str = "\
Each line of FILE is one log excerpt:
  {\"id\": \"1\", \"log\": \"421 Unable to contact\\n...\", \"relevant\": [\"Q169781\"]}
Rules are not used: this measures the articles alone.

Examples:
  casebook eval diagnose excerpts.jsonl --misses                      diagnose each excerpt
  casebook eval diagnose excerpts.jsonl --noise logs/ --lines 200     hide each among 200 log lines
  casebook eval diagnose excerpts.jsonl --save before.json            save the results
  casebook eval diagnose excerpts.jsonl --against before.json         compare with the saved results";

const LAB_EXAMPLES: &str = "\
  casebook eval diagnose excerpts.jsonl --generated 500 --seed 7      test quoted messages, too
  casebook eval diagnose --generated 1000 --nothing 300 --noise logs/ --fit fitted.toml
                                    quoted messages, and logs that no article covers";

#[derive(Debug, Args)]
#[command(after_help = examples(EXAMPLES, LAB_EXAMPLES))]
pub(in crate::cli) struct EvalDiagnoseArgs {
    /// Log excerpts with their right articles, as JSON Lines
    #[cfg_attr(not(feature = "lab"), arg(value_name = "FILE", required = true))]
    #[cfg_attr(feature = "lab", arg(value_name = "FILE", required_unless_present_any = ["generated", "nothing"]))]
    files: Vec<PathBuf>,

    /// Hide each excerpt among lines of this log, or of the logs in this folder; may be repeated
    #[arg(long, value_name = "PATH")]
    noise: Vec<PathBuf>,

    /// Lines of the --noise logs added to each excerpt, in total
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = positive)]
    lines: usize,

    /// Seed of every random choice
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    #[cfg(feature = "lab")]
    #[command(flatten)]
    lab: DiagnoseLabArgs,

    #[command(flatten)]
    with: CommonEvalArgs,
}

/// The style that excerpts from files get if they state none.
const JUDGED: &str = "judged";

pub(super) fn diagnose(context: &Context, args: &EvalDiagnoseArgs) -> CommandResult {
    let mut sets = args.files.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    let earlier = args.with.against.as_deref().map(load).transpose()?;
    let noise = noise(args)?;
    let workspace = context.workspace()?;
    // Like `casebook diagnose`, without the sentence encoder.
    let options = workspace.search_options(args.with.ranking.as_deref())?;
    let index = context.index_of(&workspace)?;
    check_collections(&index, &args.with.only)?;
    let options = SearchOptions { only: args.with.only.clone(), ..options };
    let not_held = resolve(&index, sets.iter_mut().flat_map(|set| &mut set.questions))?;
    check_held(&not_held);
    let questions: Vec<Question> = sets.into_iter().flat_map(|set| set.questions).map(with_style).collect();
    #[cfg(feature = "lab")]
    let questions: Vec<Question> = [questions, args.lab.generated(&index, args.seed)?].concat();
    let questions = match &noise {
        Some(noise) => eval::hidden(&questions, noise, args.seed),
        None => questions,
    };
    #[cfg(feature = "lab")]
    args.lab.check()?;
    let mut diagnosed = Diagnosed { index: &index, options, confidence: workspace.confidence()?, tops: Vec::new() };
    let run = eval::run(&questions, |log| diagnosed.ask(log, args.with.limit))?;
    judge(&mut diagnosed.tops, &questions, &run);
    #[cfg(feature = "lab")]
    for log in args.lab.about_nothing(context, &index, noise.as_ref(), args.seed)? {
        diagnosed.ask(&log, 1)?;
    }
    if let Some(path) = &args.with.save {
        save(path, &run)?;
    }
    let tops: Vec<TopArticle> = diagnosed.tops.iter().flatten().copied().collect();
    let calibration = eval::calibrate(&diagnosed.confidence, &tops);
    let confidence = ConfidenceView::new(calibration.as_ref());
    #[cfg(feature = "lab")]
    let fitted = args.lab.fit(&diagnosed.tops, &questions, args.seed)?;
    #[cfg(feature = "lab")]
    let confidence = ConfidenceView { fitted: fitted.as_ref(), ..confidence };
    let summary = eval::summarize(&questions, &run);
    let comparison = earlier.map(|earlier| eval::compare(&questions, &earlier, &run));
    let view = EvalView {
        misses: args.with.misses,
        confidence: Some(confidence),
        ..EvalView::new(&summary, comparison.as_ref())
    };
    context.answer(&args.with.output, |page| text::eval(page, view), || json::eval(view, &not_held))?;
    Ok(ExitCode::SUCCESS)
}

/// Diagnoses logs without any rules, and collects the first article of each diagnosis.
struct Diagnosed<'a> {
    index: &'a Index,
    options: SearchOptions,
    confidence: Confidence,
    /// The first article for each log; `None` if there was no article.
    tops: Vec<Option<TopArticle>>,
}

impl Diagnosed<'_> {
    /// Diagnoses `log`. Returns the best articles, each with its near-copies, and the time taken in milliseconds.
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

/// The features that the confidence of an article is computed from. Whether the article is right is set later, by
/// [`judge`].
fn top(article: &RankedArticle) -> Option<TopArticle> {
    article.because.iter().find_map(|reason| match reason {
        ArticleReason::Search { features, .. } => Some(TopArticle { features: *features, is_right: false }),
        ArticleReason::Cause { .. } | ArticleReason::Resolution { .. } | ArticleReason::Signature { .. } => None,
    })
}

fn ranked(RankedArticle { id, score, near_copies, .. }: RankedArticle) -> RankedHit {
    RankedHit { id, score: score as f32, near_copies }
}

/// Sets for each first article whether it is right.
fn judge(tops: &mut [Option<TopArticle>], questions: &[Question], run: &EvalRun) {
    for ((top, question), answer) in tops.iter_mut().zip(questions).zip(&run.answers) {
        let Some(top) = top else { continue };
        top.is_right = eval::metrics::score(question, &answer.hits).rank == Some(1);
    }
}

fn with_style(question: Question) -> Question {
    Question { style: question.style.or_else(|| Some(JUDGED.to_owned())), ..question }
}

fn noise(args: &EvalDiagnoseArgs) -> Result<Option<Noise>, CommandError> {
    let mut logs = Vec::new();
    for path in &args.noise {
        for file in files(path)? {
            let bytes = crate::whole_file::read(&file).map_err(|error| cannot_read(&file, &error))?;
            logs.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    let noise = Noise::new(logs.iter().map(String::as_str), args.lines);
    match noise {
        None if !args.noise.is_empty() => Err(CommandError::input("the logs of --noise contain no line")),
        noise => Ok(noise),
    }
}

/// Returns the file, or the files of the folder sorted by name.
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
