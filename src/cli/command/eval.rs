//! `casebook eval search`, `eval self` and `eval diagnose`.

mod diagnose;
mod fit;

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anstream::AutoStream;

use fit::Fitting;

use super::search::check_collections;
use crate::cli::args::{Eval, EvalSearch, EvalSelf, Evaluated};
use crate::cli::config::Workspace;
use crate::cli::error::CommandError;
use crate::cli::meaning::find_meaning;
use crate::cli::{Outcome, Session, warn, width};
use crate::diagnostic::Diagnostic;
use crate::eval::{self, Question, QuestionSet, Run, judged, own};
use crate::query;
use crate::report::text::{EvalView, Page};
use crate::report::{json, text};
use crate::store::{Index, SearchOptions, StoreError, search};

/// Bad lines that are drawn; the rest is counted.
const MAX_DRAWN: usize = 20;

/// Judged ids that are named when the store does not hold them; the rest is counted.
const MAX_NAMED: usize = 5;

pub(in crate::cli) fn run(session: &Session, args: &Eval) -> Outcome {
    match args {
        Eval::Search(args) => search(session, args),
        Eval::Own(args) => own(session, args),
        Eval::Diagnose(args) => diagnose::diagnose(session, args),
    }
}

/// What is asked.
struct Asked<'a> {
    questions: &'a [Question],
    /// Judged ids that the store does not hold.
    not_held: &'a [String],
    fit: Option<Fitting<'a>>,
}

fn search(session: &Session, args: &EvalSearch) -> Outcome {
    let mut sets = args.files.iter().map(|path| read(path)).collect::<Result<Vec<QuestionSet>, _>>()?;
    let workspace = session.workspace()?;
    let options = search_options(&workspace, &args.with)?;
    let index = session.index_of(&workspace)?;
    let not_held = resolve(&index, sets.iter_mut().flat_map(|set| &mut set.questions))?;
    check_held(&not_held);
    let questions: Vec<Question> = sets.iter().flat_map(|set| set.questions.iter().cloned()).collect();
    let fit = args.fit.as_ref().map(|out| Fitting { sets: &sets, folds: args.folds, out: out.as_deref() });
    evaluate(session, &args.with, &index, options, Asked { questions: &questions, not_held: &not_held, fit })
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

fn own(session: &Session, args: &EvalSelf) -> Outcome {
    let workspace = session.workspace()?;
    let options = search_options(&workspace, &args.with)?;
    let index = session.index_of(&workspace)?;
    let made = own::questions(&index, args.kind.into(), args.sample, args.seed)?;
    if made.questions.is_empty() {
        return Err(CommandError::input(format!("none of the {} articles gives a question", made.looked_at))
            .hint("only articles with a symptoms section, or with a quoted message of five words, do"));
    }
    evaluate(session, &args.with, &index, options, Asked { questions: &made.questions, not_held: &[], fit: None })
}

fn search_options(workspace: &Workspace, args: &Evaluated) -> Result<SearchOptions, CommandError> {
    let options = workspace.search_options(args.ranking.as_deref())?;
    Ok(SearchOptions { meaning: find_meaning(workspace), ..options })
}

/// Asks the questions, and says how the answers are.
fn evaluate(
    session: &Session,
    args: &Evaluated,
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
    session.answer(
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
