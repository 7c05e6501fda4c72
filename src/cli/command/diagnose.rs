//! `casebook diagnose`.

use std::path::Path;
use std::process::ExitCode;

use crate::cli::args::{self, Diagnose, DiagnoseFormat, FailOn, Output};
use crate::cli::error::CommandError;
use crate::cli::{Outcome, Session, now, rules, warn};
use crate::diagnostic::did_you_mean;
use crate::infer::{self, Facts, Verdict};
use crate::log::{Format, Input};
use crate::matching::{self, Scan, ScanOptions};
use crate::pipeline;
use crate::product::{self, Release};
use crate::report::{DiagnosisView, html, json, markdown, text};
use crate::rule::{self, CauseId, Program, SymptomId};

pub(in crate::cli) fn run(session: &Session, args: &Diagnose) -> Outcome {
    let program = program(session)?;
    let mut facts = facts(&program, args)?;
    let asked = args.why.as_deref().map(|name| cause(&program, name)).transpose()?;
    let mut scan = scan(session, &program, args)?;
    probes(session, &program, args, &mut scan, &mut facts)?;
    let why = asked.map(|cause| infer::explain(&program, &scan, &facts, cause));
    let workspace = session.workspace()?;
    let (options, confidence) = (workspace.search_options(None)?, workspace.confidence()?);
    let store = match session.store_of(&workspace) {
        Ok(store) => store,
        Err(error) => {
            // Rules need no store: at night, a diagnosis without one's own articles is better than none.
            error.warn("going on with the bundled articles");
            pipeline::bundled_store(now().as_millisecond())?
        }
    };
    let diagnosis = pipeline::diagnose(&program, &store, scan, &facts, &options, &confidence)?;
    let view = DiagnosisView { program: &program, diagnosis: &diagnosis, limit: args.limit, why: why.as_ref() };
    answer(session, args.format, view)?;
    let reached = match args.fail_on {
        None => false,
        Some(FailOn::Likely) => diagnosis.verdict != Verdict::Unknown,
        Some(FailOn::Known) => diagnosis.verdict == Verdict::Known,
    };
    Ok(if reached { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn answer(session: &Session, form: DiagnoseFormat, view: DiagnosisView) -> Result<(), CommandError> {
    let DiagnosisView { program, diagnosis, limit, why } = view;
    let page_or_json = |format| {
        session.answer(
            &Output { format },
            |page| text::diagnosis(page, view),
            || json::diagnose(program, diagnosis, limit, why),
        )
    };
    match form {
        DiagnoseFormat::Text => page_or_json(args::Format::Text),
        DiagnoseFormat::Json => page_or_json(args::Format::Json),
        DiagnoseFormat::Markdown => session.write(|out| markdown::diagnosis(out, view)),
        DiagnoseFormat::Html => session.write(|out| html::diagnosis(out, view)),
    }
}

/// The workspace's rules. Rules with mistakes are left out and said to be; the others still work.
fn program(session: &Session) -> Result<Program, CommandError> {
    let files = rules::of_workspace(&session.workspace()?)?;
    let (program, found) = rule::load(&files, None);
    let (errors, _) = rules::count(&found);
    if errors > 0 {
        warn(&format!(
            "{errors} mistakes in the rules, which are left out where they stand: see `casebook rule check`"
        ));
    }
    Ok(program)
}

fn facts(program: &Program, args: &Diagnose) -> Result<Facts, CommandError> {
    let stated = args.product.iter().flat_map(|(name, version)| Release::stated(name, version));
    let mut facts = Facts { products: stated.collect(), ..Facts::default() };
    args.product.iter().try_for_each(|(name, version)| check_product(program, name, version))?;
    for (name, answer) in &args.answer {
        let symptom = symptom(program, name)?;
        facts.answers.extend(answer.map(|answer| (symptom, answer)));
    }
    for name in &args.tried {
        facts.tried.push(program.resolution_named(name).ok_or_else(|| {
            unknown("resolution", name, program.resolutions.iter().map(|resolution| resolution.name.as_str()))
        })?);
    }
    Ok(facts)
}

fn cause(program: &Program, name: &str) -> Result<CauseId, CommandError> {
    let known = || program.causes.iter().map(|cause| cause.name.as_str());
    program.cause_named(name).ok_or_else(|| unknown("cause", name, known()))
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> CommandError {
    let error = CommandError::usage(format!("no rule has a {what} called `{name}`"));
    match did_you_mean(name, known) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error,
    }
}

fn scan(session: &Session, program: &Program, args: &Diagnose) -> Result<Scan, CommandError> {
    let mut options = ScanOptions::at(now());
    if let Some(name) = &args.log_format {
        let format = Format::by_name(name);
        options.format = Some(format.ok_or_else(|| unknown_format(name))?);
    }
    let scan = matching::scan(program, inputs(session, args), &options);
    for unreadable in &scan.unreadable {
        warn(&unreadable.reason);
    }
    if scan.sources.is_empty() {
        return Err(CommandError::input("none of the logs could be read"));
    }
    Ok(scan)
}

/// Reads the output of the probes. One that does not show its symptom is as good as the answer no.
fn probes(
    session: &Session,
    program: &Program,
    args: &Diagnose,
    scan: &mut Scan,
    facts: &mut Facts,
) -> Result<(), CommandError> {
    for (name, path) in &args.probe {
        let id = symptom(program, name)?;
        if program.symptom(id).probe.is_none() {
            let error = CommandError::usage(format!("the symptom `{name}` has no probe"));
            return Err(error.hint(format!("answer it with `--answer {name}=yes` or `{name}=no`")));
        }
        let output = std::fs::read(session.here.join(path))
            .map_err(|error| CommandError::input(format!("cannot read `{path}`: {error}")))?;
        if !matching::add_probe(program, scan, id, path, &output) {
            facts.answers.push((id, false));
        }
    }
    Ok(())
}

fn symptom(program: &Program, name: &str) -> Result<SymptomId, CommandError> {
    let known = || program.symptoms.iter().map(|symptom| symptom.name.as_str());
    program.symptom_named(name).ok_or_else(|| unknown("symptom", name, known()))
}

/// A version has a number in it, or is the name of a release that has; a product that no rule asks for may be misspelt, or belong to rules of tomorrow.
fn check_product(program: &Program, name: &str, version: &str) -> Result<(), CommandError> {
    let is_version = |release: &Release| {
        release.version().is_some_and(|version| version.to_string().contains(|c: char| c.is_ascii_digit()))
    };
    if !Release::stated(name, version).iter().any(is_version) {
        return Err(
            CommandError::usage(format!("`{version}` is no version of `{name}`")).hint("such as `5.5` or `5.5 SP3`")
        );
    }
    let known = || program.causes.iter().flat_map(|cause| &cause.applies).map(|applies| applies.product.as_str());
    if !known().any(|product| product::same(product, name)) {
        let near = did_you_mean(name, known()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        warn(&format!("no rule asks for the version of `{name}`{near}"));
    }
    Ok(())
}

fn unknown_format(name: &str) -> CommandError {
    let known: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    CommandError::usage(format!("there is no log format `{name}`")).hint(format!("known are {}", known.join(", ")))
}

fn inputs(session: &Session, args: &Diagnose) -> Vec<Input> {
    let named = args.source.iter().map(|(name, path)| match path.as_str() {
        "-" => Input { name: name.clone(), ..Input::stdin() },
        path => Input::named(name, session.here.join(path)),
    });
    let files = args.files.iter().map(|path| match path == Path::new("-") {
        true => Input::stdin(),
        false => Input::path(path),
    });
    files.chain(named).collect()
}
