//! `casebook diagnose`.

mod dialogue;
mod given;
mod reply;
mod work;

use std::io;
use std::process::ExitCode;

use anstream::AutoStream;

use crate::cli::args::{self, Diagnose, DiagnoseFormat, FailOn, Output};
use crate::cli::error::CommandError;
use crate::cli::{Outcome, Session, rules, width};
use crate::infer::{Diagnosis, Verdict};
use crate::report::{DiagnosisView, html, json, markdown, text};
use crate::rule::{Program, SymptomId};
use work::Work;

pub(in crate::cli) fn run(session: &Session, args: &Diagnose) -> Outcome {
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
