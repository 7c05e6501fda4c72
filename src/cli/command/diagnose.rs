//! `casebook diagnose`.

mod dialogue;
mod given;
mod line;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use anstream::AutoStream;
use clap::{Args, ValueEnum};

use crate::case::Answer;
use crate::cli::args::{self, Output, limit, pair, toml_file};
use crate::cli::error::{CommandError, format_names};
use crate::cli::{Context, Outcome, now, rules, warn, width};
use crate::infer::{Diagnosis, Verdict};
use crate::pipeline;
use crate::report::{DiagnosisView, html, json, markdown, text};
use crate::rule::{Program, SymptomId};
use crate::session::{self, Knowledge, Session, Start, Warning};
use crate::store::Index;
use crate::workspace::Workspace;

#[derive(Debug, Args)]
pub(in crate::cli) struct DiagnoseArgs {
    /// Log files, gzipped or not; `-` reads what is piped in or pasted. With --case, those of the case if none is named
    #[arg(value_name = "FILE", required_unless_present_any = ["source", "case"])]
    files: Vec<PathBuf>,

    /// Keep what was given and what came of it in this file (TOML), and go on from there if it exists:
    /// `--case mail.toml mail.log`, and later `--case mail.toml --answer outbound_queue_grows=yes`
    #[arg(long, value_name = "CASE.toml", value_parser = toml_file)]
    case: Option<PathBuf>,

    /// Go on at a prompt: asks what is worth finding out, and says after each answer what it changes
    #[arg(long, short, conflicts_with_all = ["format", "why", "why_not"])]
    interactive: bool,

    /// Read PATH as the source called NAME, which the `on` of rules can ask for; may be repeated
    #[arg(long, value_name = "NAME=PATH", value_parser = pair)]
    source: Vec<(String, String)>,

    #[arg(long, value_name = "NAME", help = log_format_help())]
    log_format: Option<String>,

    /// A log of ordinary times, or a folder of them: what is in it is searched for after what is new, unless it comes ten
    /// times as often; may be repeated
    #[arg(long, value_name = "PATH")]
    baseline: Vec<PathBuf>,

    /// Answer the question of a symptom: yes, no or unknown; may be repeated
    #[arg(long, value_name = "SYMPTOM=ANSWER", value_parser = symptom_answer)]
    answer: Vec<(String, Answer)>,

    /// Give the output of a symptom's probe; may be repeated
    #[arg(long, value_name = "SYMPTOM=FILE", value_parser = pair)]
    probe: Vec<(String, String)>,

    /// Say which version of a product runs, such as exchange=5.5; may be repeated
    #[arg(long, value_name = "PRODUCT=VERSION", value_parser = pair)]
    product: Vec<(String, String)>,

    /// Say that a resolution was tried and did not help; may be repeated
    #[arg(long, value_name = "RESOLUTION")]
    tried: Vec<String>,

    /// Add where the probability of this cause comes from: prior, evidence, rivals
    #[arg(long, value_name = "CAUSE")]
    why: Option<String>,

    /// Add why this symptom was not seen: which records come nearest, and what keeps each from showing it; may be repeated.
    /// The logs are read once more for it, and what is piped in is kept in memory for that
    #[arg(long, value_name = "SYMPTOM")]
    why_not: Vec<String>,

    /// Exit with 1 when the verdict is at least this sure
    #[arg(long, value_name = "VERDICT")]
    fail_on: Option<FailOn>,

    /// Entries of each list
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = limit)]
    limit: usize,

    /// Form of the answer: `--format html app.log > report.html`
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: DiagnoseFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum DiagnoseFormat {
    /// For reading: `casebook diagnose app.log`
    Text,
    /// For programs; the schema is in docs/schema: `casebook diagnose --format json app.log | jq .causes`
    Json,
    /// To paste into a ticket: `casebook diagnose --format markdown app.log > ticket.md`
    Markdown,
    /// One page with the log lines, for a browser: `casebook diagnose --format html app.log > report.html`
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FailOn {
    Likely,
    Known,
}

pub(in crate::cli) fn run(context: &Context, args: &DiagnoseArgs) -> Outcome {
    let program = rules::program(context)?;
    let mut warn = |warning: Warning| warn(&warning.to_string());
    let given = session::check_given(&program, given::from_args(context, args)?, &mut warn)?;
    // Mistakes in arguments are found before the logs are read, which can take long.
    let input = args.interactive.then(|| given::answers(&given)).transpose()?;
    let why = args.why.as_deref().map(|name| session::cause(&program, name)).transpose()?;
    let not_seen = args.why_not.iter().map(|name| symptom(&program, name)).collect::<Result<Vec<_>, _>>()?;
    let piped = given::piped(&given, args.interactive || !args.why_not.is_empty())?;
    let workspace = context.workspace()?;
    let (options, confidence) = (workspace.search_options(None)?, workspace.confidence()?);
    let index = index_or_book(context, &workspace)?;
    let knowledge = Knowledge { program: &program, index: &index, options: &options, confidence: &confidence };
    let (here, case) = (context.here.as_path(), args.case.as_deref());
    let start = Start { here, case, given, piped, baseline: &args.baseline, now: now() };
    let mut session = Session::open(knowledge, start, &mut warn)?;
    let mut diagnosis = session.diagnose()?;
    let why = why.map(|cause| session.explain(cause));
    let near = |symptom| session.near(symptom, &diagnosis, now());
    let why_not = not_seen.into_iter().map(near).collect::<Result<Vec<_>, _>>()?;
    let saved = session.save(&diagnosis, now());
    let view = DiagnosisView {
        program: &program,
        diagnosis: &diagnosis,
        limit: args.limit,
        why: why.as_ref(),
        why_not: &why_not,
    };
    // A user whose case cannot be saved still wants the report.
    answer(context, args.format, view)?;
    saved?;
    if let Some(mut input) = input {
        let mut out = AutoStream::auto(io::stdout());
        diagnosis = dialogue::run(&mut session, diagnosis, args.limit, &mut *input, &mut out, width())?;
    }
    let reached = args.fail_on.is_some_and(|fail_on| is_reached(fail_on, &diagnosis));
    Ok(if reached { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The workspace's store, or the bundled articles where it cannot be opened: rules need no store, and at night a diagnosis
/// without one's own articles is better than none.
fn index_or_book(context: &Context, workspace: &Workspace) -> Result<Index, CommandError> {
    match context.index_of(workspace) {
        Ok(index) => Ok(index),
        Err(error) => {
            error.warn("continuing with the bundled articles");
            Ok(pipeline::bundled_index(now().as_millisecond())?)
        }
    }
}

/// The symptom that `--why-not` calls `name`.
fn symptom(program: &Program, name: &str) -> Result<SymptomId, CommandError> {
    if program.symptom_named(name).is_none() && program.cause_named(name).is_some() {
        return Err(CommandError::usage(format!("`{name}` is a cause, and --why-not takes symptoms"))
            .hint(format!("use --why {name}")));
    }
    Ok(session::symptom(program, name)?)
}

fn is_reached(fail_on: FailOn, diagnosis: &Diagnosis) -> bool {
    match fail_on {
        FailOn::Likely => diagnosis.verdict != Verdict::Unknown,
        FailOn::Known => diagnosis.verdict == Verdict::Known,
    }
}

fn answer(context: &Context, form: DiagnoseFormat, view: DiagnosisView) -> Result<(), CommandError> {
    let page_or_json =
        |format| context.answer(&Output { format }, |page| text::diagnosis(page, view), || json::diagnose(view));
    match form {
        DiagnoseFormat::Text => page_or_json(args::Format::Text),
        DiagnoseFormat::Json => page_or_json(args::Format::Json),
        DiagnoseFormat::Markdown => context.write(|out| markdown::diagnosis(out, view)),
        DiagnoseFormat::Html => context.write(|out| html::diagnosis(out, view)),
    }
}

fn log_format_help() -> String {
    format!("Read the logs in this format instead of detecting it: {}", format_names())
}

fn symptom_answer(text: &str) -> Result<(String, Answer), String> {
    let (name, answer) = pair(text)?;
    match answer.as_str() {
        "yes" => Ok((name, Answer::Yes)),
        "no" => Ok((name, Answer::No)),
        "unknown" => Ok((name, Answer::Unknown)),
        _ => Err("expected SYMPTOM=yes, SYMPTOM=no or SYMPTOM=unknown".to_owned()),
    }
}
