//! Turns the arguments into the input of a session, and opens the stream that answers are read from.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use super::DiagnoseArgs;
use crate::case::{Given, Log, Probe};
use crate::cli::Context;
use crate::cli::error::CommandError;
use crate::log::Input;

/// Reads the arguments, with names as the user wrote them.
pub(super) fn from_args(context: &Context, args: &DiagnoseArgs) -> Result<Given, CommandError> {
    let probe = |(symptom, path): &(String, String)| {
        let output = std::fs::read(context.here.join(path))
            .map_err(|error| CommandError::input(format!("cannot read `{path}`: {error}")))?;
        let output = String::from_utf8_lossy(&output).into_owned();
        Ok::<_, CommandError>(Probe { symptom: symptom.clone(), name: path.clone(), output })
    };
    let files = args.files.iter().map(|path| Log { path: path.clone(), source: None });
    let named = args.source.iter().map(|(name, path)| Log { path: path.into(), source: Some(name.clone()) });
    Ok(Given {
        log_format: args.log_format.clone(),
        tried: args.tried.iter().cloned().collect(),
        answers: args.answer.iter().cloned().collect(),
        products: args.product.iter().cloned().collect(),
        logs: files.chain(named).collect(),
        probes: args.probe.iter().map(probe).collect::<Result<_, _>>()?,
    })
}

/// Standard input, if `given` names it as a log. Kept in memory where it may be read `again`.
pub(super) fn piped(given: &Given, again: bool) -> Result<Option<Input>, CommandError> {
    if !given.logs.iter().any(Log::is_piped) {
        return Ok(None);
    }
    if !again {
        return Ok(Some(Input::stdin()));
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| CommandError::input(format!("cannot read standard input: {error}")))?;
    Ok(Some(Input::bytes("-", bytes)))
}

/// The terminal itself, even when standard input is a log.
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
