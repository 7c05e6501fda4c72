//! `casebook diagnose`.

mod dialogue;
mod given;
mod line;

use std::cell::RefCell;
use std::io;
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::process::ExitCode;

use anstream::AutoStream;
use clap::{Args, ValueEnum};

use crate::case::{Answer, Given};
use crate::cli::args::{self, AmountArgs, Output, PartArgs, log_format_help, pair, toml_file};
use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context, now, rules, warn, width};
use crate::infer::{Diagnosis, Verdict};
use crate::log::Period;
use crate::pipeline;
use crate::redact::{self, Redactor};
use crate::report::{DiagnosisView, html, json, markdown, text};
use crate::rule::{Program, SymptomId};
use crate::session::{self, Knowledge, ReadLogs, SessionError, Start, Warning};
use crate::store::Index;
use crate::workspace::Workspace;

const EXAMPLES: &str = "\
Examples:
  casebook diagnose app.log db.log.gz                       diagnose two logs together
  journalctl -u nginx | casebook diagnose -                 a log from a pipe
  casebook diagnose app.log --last 2h                       only the last two hours in the log
  casebook diagnose app.log --since '2026-11-12 10:00' --zone Europe/Berlin
  casebook diagnose app.log --baseline yesterday.log        new messages matter more
  casebook diagnose -i --case mail.toml mail.log            ask questions, and save the case
  casebook diagnose --case mail.toml --answer outbound_queue_grows=yes
  casebook diagnose app.log --why disk_full                 explain the probability of a cause
  casebook diagnose --format html app.log > report.html
  casebook diagnose --format markdown app.log > ticket.md
  casebook diagnose --format json app.log | jq .causes
  casebook diagnose --fail-on known app.log";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct DiagnoseArgs {
    /// Log files or folders, plain or gzipped; `-` reads standard input, and so does no FILE in a pipe. With --case and no
    /// FILE, the logs of the case
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Save logs, answers and the diagnosis to this file (TOML). If the file exists, continue from it
    #[arg(long, value_name = "CASE.toml", value_parser = toml_file)]
    case: Option<PathBuf>,

    /// Continue with questions: asks what is most worth finding out, and shows what each answer changes
    #[arg(long, short, conflicts_with_all = ["format", "why", "why_not"])]
    interactive: bool,

    /// Read the log at PATH as the source NAME, which rules refer to as `on NAME`; may be repeated
    #[arg(long, value_name = "NAME=PATH", value_parser = pair)]
    source: Vec<(String, String)>,

    #[arg(long, value_name = "NAME", help = log_format_help())]
    log_format: Option<String>,

    #[command(flatten)]
    part: PartArgs,

    /// A log from normal operation, or a folder of them: its messages rank lower unless they are ten times as frequent; may
    /// be repeated
    #[arg(long, value_name = "PATH")]
    baseline: Vec<PathBuf>,

    /// Say whether a symptom is present: yes, no or unknown; may be repeated
    #[arg(long, value_name = "SYMPTOM=ANSWER", value_parser = symptom_answer)]
    answer: Vec<(String, Answer)>,

    /// A file with the output of the command that a symptom's probe names; may be repeated
    #[arg(long, value_name = "SYMPTOM=FILE", value_parser = pair)]
    probe: Vec<(String, String)>,

    /// The version of a product that is in use, such as exchange=5.5; may be repeated
    #[arg(long, value_name = "PRODUCT=VERSION", value_parser = pair)]
    product: Vec<(String, String)>,

    /// A resolution that was tried and did not help; may be repeated
    #[arg(long, value_name = "RESOLUTION")]
    tried: Vec<String>,

    /// Explain the probability of this cause: its prior, its evidence, its rivals
    #[arg(long, value_name = "CAUSE")]
    why: Option<String>,

    /// Explain why this symptom was not found: the records that come nearest, and what each of them lacks; may be repeated.
    /// Reads the logs once more, so a log from standard input is held in memory
    #[arg(long, value_name = "SYMPTOM")]
    why_not: Vec<String>,

    /// Replace hosts, addresses, users, mailboxes and secrets by pseudonyms such as `host-1`, for a report that others will
    /// read. Causes and numbers stay the same. Reads the logs once more. A case file is saved without pseudonyms
    #[arg(long, conflicts_with = "interactive")]
    redact: bool,

    /// Exit with code 1 if the verdict is Known (`known`), or if it is Likely or Known (`likely`)
    #[arg(long, value_name = "VERDICT")]
    fail_on: Option<FailOn>,

    #[command(flatten)]
    amount: AmountArgs,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: DiagnoseFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum DiagnoseFormat {
    /// Text for people
    Text,
    /// JSON for programs; docs/schema describes it
    Json,
    /// Markdown, for a ticket
    Markdown,
    /// One HTML page that contains the log lines, for a browser
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum FailOn {
    /// The verdict is likely or known
    Likely,
    /// The verdict is known
    Known,
}

pub(in crate::cli) fn run(context: &Context, args: &DiagnoseArgs) -> CommandResult {
    // The process ends with this command, so the many small parts of the program need not be freed one by one.
    let program = ManuallyDrop::new(rules::program(context)?);
    let redactor = args.redact.then(|| RefCell::new(Redactor::new()));
    let mut warn = |warning: Warning| match &redactor {
        Some(redactor) => warn(&redactor.borrow_mut().redact(&warning.to_string())),
        None => warn(&warning.to_string()),
    };
    let part = args.part.check(now())?;
    let given = given::from_args(context, &program, args)?;
    let Period { since, until } = part.period;
    let given = Given { zone: part.zone, since, until, ..given };
    let given = session::check_given(&program, given, &mut warn)?;
    // Checks all arguments before reading the logs, which can take long.
    let input = args.interactive.then(|| given::answers(&given)).transpose()?;
    let why = args.why.as_deref().map(|name| session::cause(&program, name)).transpose()?;
    let not_seen = args.why_not.iter().map(|name| symptom(&program, name)).collect::<Result<Vec<_>, _>>()?;
    let reasons = [
        (part.last.is_some(), "--last"),
        (args.interactive, "--interactive"),
        (!args.why_not.is_empty(), "--why-not"),
        (args.redact, "--redact"),
    ];
    let again = reasons.iter().find(|(holds, _)| *holds).map(|(_, option)| *option);
    let piped = given::piped(&given, again)?;
    let workspace = context.workspace()?;
    let (options, confidence) = (workspace.search_options(None)?, workspace.confidence()?);
    let (here, case) = (context.here.as_path(), args.case.as_deref());
    let (zones, last) = (workspace.zones.clone(), part.last);
    let start = Start { here, case, given, piped, baseline: &args.baseline, zones, last, now: now() };
    let logs = ReadLogs::read(&program, start, &mut warn)?;
    let index = index_or_book(context, &workspace)?;
    let mut session = logs.consult(Knowledge { index: &index, options: &options, confidence: &confidence })?;
    let mut diagnosis = session.diagnose()?;
    let why = why.map(|cause| session.explain(cause));
    let near = |symptom| session.why_not_seen(symptom, &diagnosis, now());
    let mut why_not = not_seen.into_iter().map(near).collect::<Result<Vec<_>, _>>()?;
    let saved = session.save(&diagnosis, now());
    let redacted = redactor.as_ref().map(|redactor| {
        let redactor = &mut *redactor.borrow_mut();
        session.teach(redactor, now())?;
        let shown = redact::redacted(redactor, &diagnosis);
        why_not.iter_mut().for_each(|one| *one = redact::redacted_not_seen(redactor, one));
        Ok::<Diagnosis, SessionError>(shown)
    });
    let redacted = redacted.transpose()?;
    let view = DiagnosisView {
        program: &program,
        diagnosis: redacted.as_ref().unwrap_or(&diagnosis),
        amount: args.amount.amount(),
        why: why.as_ref(),
        why_not: &why_not,
    };
    // A user whose case cannot be saved still wants the report.
    answer(context, args.format, view)?;
    saved?;
    if let Some(mut input) = input {
        let mut out = AutoStream::auto(io::stdout());
        diagnosis = dialogue::run(&mut session, diagnosis, args.amount.amount(), &mut *input, &mut out, width())?;
    }
    let reached = args.fail_on.is_some_and(|fail_on| is_reached(fail_on, &diagnosis));
    Ok(if reached { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Opens the workspace's store. If that fails, warns and returns an index of the bundled articles: rules need no store,
/// and a diagnosis without the user's own articles is better than none.
pub(super) fn index_or_book(context: &Context, workspace: &Workspace) -> Result<Index, CommandError> {
    match context.index_of(workspace) {
        Ok(index) => Ok(index),
        Err(error) => {
            error.warn("continuing with the bundled articles");
            Ok(pipeline::bundled_index(now().as_millisecond())?)
        }
    }
}

/// Finds the symptom that the value of `--why-not` names.
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

fn symptom_answer(text: &str) -> Result<(String, Answer), String> {
    let (name, answer) = pair(text)?;
    match answer.as_str() {
        "yes" => Ok((name, Answer::Yes)),
        "no" => Ok((name, Answer::No)),
        "unknown" => Ok((name, Answer::Unknown)),
        _ => Err("expected SYMPTOM=yes, SYMPTOM=no or SYMPTOM=unknown".to_owned()),
    }
}
