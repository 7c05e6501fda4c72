//! Turns the command-line arguments into the input of a session, and opens the stream that answers are read from.

use std::fs::File;
use std::io::{self, BufRead, BufReader};

use super::DiagnoseArgs;
use crate::case::{Given, Log, Probe};
use crate::cli::Context;
use crate::cli::args::{files_or_pipe, piped_in_memory};
use crate::cli::error::CommandError;
use crate::log::Input;
use crate::rule::Program;
use crate::session;
use crate::whole_file;

/// Reads the arguments. Every name and version is checked, in the order of the arguments, before any file is read: of two
/// spellings of one name, the later argument wins.
pub(super) fn from_args(context: &Context, program: &Program, args: &DiagnoseArgs) -> Result<Given, CommandError> {
    let symptom_name = |name: &str| session::symptom(program, name).map(|id| program.symptom(id).name.clone());
    let mut given = Given { log_format: args.log_format.clone(), logs: logs(args)?, ..Given::default() };
    for (product, version) in &args.product {
        session::check_version(product, version)?;
        given.products.insert(product.clone(), version.clone());
    }
    for (name, answer) in &args.answer {
        given.answers.insert(symptom_name(name)?, *answer);
    }
    for name in &args.tried {
        let id = session::resolution(program, name)?;
        given.tried.insert(program.resolution(id).name.clone());
    }
    for (name, _) in &args.probe {
        session::probed_symptom(program, name)?;
    }
    for (name, path) in &args.probe {
        let output = whole_file::read(&context.here.join(path))
            .map_err(|error| CommandError::input(format!("cannot read `{path}`: {error}")))?;
        let output = String::from_utf8_lossy(&output).into_owned();
        given.probes.push(Probe { symptom: symptom_name(name)?, name: path.clone(), output });
    }
    Ok(given)
}

fn logs(args: &DiagnoseArgs) -> Result<Vec<Log>, CommandError> {
    let files = files_or_pipe(&args.files, !args.source.is_empty() || args.case.is_some())?;
    let files = files.into_iter().map(|path| Log { path, source: None });
    let named = args.source.iter().map(|(name, path)| Log { path: path.into(), source: Some(name.clone()) });
    Ok(files.chain(named).collect())
}

/// Standard input, if `given` names it as a log; else `None`. Read into memory if it will be needed again, because of the
/// option `again`.
pub(super) fn piped(given: &Given, again: Option<&str>) -> Result<Option<Input>, CommandError> {
    if !given.logs.iter().any(Log::is_piped) {
        return Ok(None);
    }
    again.map_or_else(|| Ok(Input::stdin()), piped_in_memory).map(Some)
}

/// The file that is the terminal even when standard input is a log.
const TERMINAL: &str = if cfg!(windows) { "CONIN$" } else { "/dev/tty" };

/// The stream that answers are read from: standard input, or the terminal when standard input is a log.
pub(super) fn answers(given: &Given) -> Result<Box<dyn BufRead>, CommandError> {
    if !given.logs.iter().any(Log::is_piped) {
        return Ok(Box::new(io::stdin().lock()));
    }
    let terminal = File::open(TERMINAL).map_err(|_| {
        CommandError::usage("cannot read answers: standard input is the log, and there is no terminal")
            .hint("write the log to a file and name that file")
    })?;
    Ok(Box::new(BufReader::new(terminal)))
}
