//! What the command line gives to a diagnosis, names checked, and where the answers of a dialogue come from.

use std::fs::File;
use std::io::{self, BufRead, BufReader};

use super::DiagnoseArgs;
use crate::case::{Answer, Given, Log, Probe};
use crate::cli::error::CommandError;
use crate::cli::{Session, rules, warn};
use crate::diagnostic::did_you_mean;
use crate::log::Format;
use crate::product::{self, Release};
use crate::rule::Program;

/// What the arguments say.
pub(super) fn of_args(session: &Session, program: &Program, args: &DiagnoseArgs) -> Result<Given, CommandError> {
    let mut given = Given { log_format: args.log_format.clone(), logs: logs(args), ..Given::default() };
    for (name, version) in &args.product {
        check_product(program, name, version)?;
        given.products.insert(name.clone(), version.clone());
    }
    for (name, answer) in &args.answer {
        let answer = match answer {
            Some(true) => Answer::Yes,
            Some(false) => Answer::No,
            None => Answer::Unknown,
        };
        let symptom = program.symptom(rules::symptom(program, name)?);
        given.answers.insert(symptom.name.clone(), answer);
    }
    for name in &args.tried {
        let resolution = program.resolution(rules::resolution(program, name)?);
        given.tried.insert(resolution.name.clone());
    }
    for (name, path) in &args.probe {
        given.probes.push(probe(session, program, name, path)?);
    }
    if let Some(name) = &args.log_format {
        log_format(name)?;
    }
    Ok(given)
}

fn logs(args: &DiagnoseArgs) -> Vec<Log> {
    let files = args.files.iter().map(|path| Log { path: path.clone(), source: None });
    let named = args.source.iter().map(|(name, path)| Log { path: path.into(), source: Some(name.clone()) });
    files.chain(named).collect()
}

fn probe(session: &Session, program: &Program, name: &str, path: &str) -> Result<Probe, CommandError> {
    let symptom = program.symptom(rules::symptom(program, name)?);
    if symptom.probe.is_none() {
        let error = CommandError::usage(format!("the symptom `{name}` has no probe"));
        return Err(error.hint(format!("answer it with `--answer {name}=yes` or `{name}=no`")));
    }
    let output = std::fs::read(session.here.join(path))
        .map_err(|error| CommandError::input(format!("cannot read `{path}`: {error}")))?;
    let output = String::from_utf8_lossy(&output).into_owned();
    Ok(Probe { symptom: symptom.name.clone(), name: path.to_owned(), output })
}

/// The format that the user calls `name`.
pub(super) fn log_format(name: &str) -> Result<Format, CommandError> {
    Format::by_name(name).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        let error = CommandError::usage(format!("there is no log format `{name}`"));
        error.hint(format!("known are {}", known.join(", ")))
    })
}

/// Whether `version` is one: it has a number in it, or is the name of a release that has.
pub(super) fn is_version(product: &str, version: &str) -> bool {
    let has_number = |release: &Release| {
        release.version().is_some_and(|version| version.to_string().contains(|c: char| c.is_ascii_digit()))
    };
    Release::stated(product, version).iter().any(has_number)
}

/// A product that no rule asks for may be misspelt, or belong to rules of tomorrow.
fn check_product(program: &Program, name: &str, version: &str) -> Result<(), CommandError> {
    if !is_version(name, version) {
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

/// The terminal itself, whatever standard input is.
const TERMINAL: &str = if cfg!(windows) { "CONIN$" } else { "/dev/tty" };

/// Where the answers of a dialogue come from: standard input, or the terminal where that holds a log.
pub(super) fn answers(given: &Given) -> Result<Box<dyn BufRead>, CommandError> {
    if !given.logs.iter().any(Log::is_piped) {
        return Ok(Box::new(io::stdin().lock()));
    }
    let terminal = File::open(TERMINAL).map_err(|_| {
        CommandError::usage("answers cannot be read: standard input holds the log, and there is no terminal")
            .hint("write the log to a file and name that")
    })?;
    Ok(Box::new(BufReader::new(terminal)))
}
