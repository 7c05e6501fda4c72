//! `casebook diagnose`.

mod dialogue;
mod given;
mod reply;
mod work;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use anstream::AutoStream;
use clap::{Args, ValueEnum};

use crate::cli::args::{self, Output, limit, pair, toml_file};
use crate::cli::error::CommandError;
use crate::cli::{Outcome, Session, rules, width};
use crate::infer::{Diagnosis, Verdict};
use crate::log::Format as LogFormat;
use crate::report::{DiagnosisView, html, json, markdown, text};
use crate::rule::{Program, SymptomId};
use work::Work;

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
    answer: Vec<(String, Option<bool>)>,

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

pub(in crate::cli) fn run(session: &Session, args: &DiagnoseArgs) -> Outcome {
    let program = rules::program(session)?;
    let given = given::of_args(session, &program, args)?;
    // Known before a log of an hour is read.
    let input = args.interactive.then(|| given::answers(&given)).transpose()?;
    let asked = args.why.as_deref().map(|name| rules::cause(&program, name)).transpose()?;
    let missing: Vec<SymptomId> = args.why_not.iter().map(|name| missing(&program, name)).collect::<Result<_, _>>()?;
    let mut work = Work::open(session, &program, given, args)?;
    let why = asked.map(|cause| work.explain(cause));
    let mut diagnosis = work.diagnose()?;
    let why_not = missing.into_iter().map(|symptom| work.near(symptom, &diagnosis)).collect::<Result<Vec<_>, _>>()?;
    let saved = work.save(&diagnosis);
    let view = DiagnosisView {
        program: &program,
        diagnosis: &diagnosis,
        limit: args.limit,
        why: why.as_ref(),
        why_not: &why_not,
    };
    // Who cannot keep the answer still wants to see it.
    answer(session, args.format, view)?;
    saved?;
    if let Some(mut input) = input {
        let mut out = AutoStream::auto(io::stdout());
        diagnosis = dialogue::talk(&mut work, diagnosis, args.limit, &mut *input, &mut out, width())?;
    }
    let reached = args.fail_on.is_some_and(|fail_on| is_reached(fail_on, &diagnosis));
    Ok(if reached { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The symptom that `--why-not` calls `name`.
fn missing(program: &Program, name: &str) -> Result<SymptomId, CommandError> {
    if program.symptom_named(name).is_none() && program.cause_named(name).is_some() {
        return Err(CommandError::usage(format!("`{name}` is a cause, and --why-not is about symptoms"))
            .hint(format!("ask with --why {name}")));
    }
    rules::symptom(program, name)
}

fn is_reached(fail_on: FailOn, diagnosis: &Diagnosis) -> bool {
    match fail_on {
        FailOn::Likely => diagnosis.verdict != Verdict::Unknown,
        FailOn::Known => diagnosis.verdict == Verdict::Known,
    }
}

fn answer(session: &Session, form: DiagnoseFormat, view: DiagnosisView) -> Result<(), CommandError> {
    let page_or_json =
        |format| session.answer(&Output { format }, |page| text::diagnosis(page, view), || json::diagnose(view));
    match form {
        DiagnoseFormat::Text => page_or_json(args::Format::Text),
        DiagnoseFormat::Json => page_or_json(args::Format::Json),
        DiagnoseFormat::Markdown => session.write(|out| markdown::diagnosis(out, view)),
        DiagnoseFormat::Html => session.write(|out| html::diagnosis(out, view)),
    }
}

fn log_format_help() -> String {
    let names: Vec<&str> = LogFormat::ALL.iter().map(|format| format.name()).collect();
    format!("Take the logs to be of this format instead of detecting it: {}", names.join(", "))
}

fn symptom_answer(text: &str) -> Result<(String, Option<bool>), String> {
    let (name, answer) = pair(text)?;
    match answer.as_str() {
        "yes" => Ok((name, Some(true))),
        "no" => Ok((name, Some(false))),
        "unknown" => Ok((name, None)),
        _ => Err("expected SYMPTOM=yes, SYMPTOM=no or SYMPTOM=unknown".to_owned()),
    }
}
