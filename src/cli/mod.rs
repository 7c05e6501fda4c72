//! The command line: arguments in, one call a stage, a report out. Files, terminal and clock are touched here.

mod args;
mod command;
mod config;
mod error;
mod meaning;
mod rules;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anstream::AutoStream;
use clap::Parser;

use crate::pipeline;
use crate::report::clean::on_one_line;
use crate::report::text::Page;
use crate::store::Index;
use args::{Cli, Color, Format, Output};
use config::Workspace;
use error::CommandError;

/// How a command ended when nothing went wrong.
type Outcome = Result<ExitCode, CommandError>;

/// Width of a report that does not go to a terminal.
const PIPE_WIDTH: usize = 100;

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    run_with(std::env::args_os())
}

fn run_with(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to standard output and are no error; clap knows which is which.
            let code = if error.use_stderr() { 2 } else { 0 };
            return error.print().map_or(ExitCode::FAILURE, |()| ExitCode::from(code));
        }
    };
    match cli.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    dispatch(&cli).unwrap_or_else(|error| error.report())
}

fn dispatch(cli: &Cli) -> Outcome {
    let here = std::env::current_dir()
        .map_err(|error| CommandError::failure(format!("the current folder cannot be used: {error}")))?;
    let session = Session { given: cli.workspace.clone(), here };
    command::run(&session, &cli.command)
}

/// Where a command runs, and how it answers.
struct Session {
    given: Option<PathBuf>,
    here: PathBuf,
}

impl Session {
    fn workspace(&self) -> Result<Workspace, CommandError> {
        Ok(Workspace::find(self.given.as_deref(), &self.here)?)
    }

    /// Opens the store and brings a small KB up to date. Says on standard error what could not be done.
    fn index(&self) -> Result<Index, CommandError> {
        self.index_of(&self.workspace()?)
    }

    /// The same, of a workspace that was found already.
    fn index_of(&self, workspace: &Workspace) -> Result<Index, CommandError> {
        let inputs = workspace.inputs();
        let mut opened = pipeline::open_store(&workspace.store, &inputs)?;
        opened.refresh(&inputs);
        for note in opened.notes {
            warn(&note);
        }
        Ok(opened.store.index().clone())
    }

    /// Writes the answer to standard output: `text` as a page, or `json` as one document.
    fn answer<T: serde::Serialize>(
        &self,
        output: &Output,
        text: impl FnOnce(&mut Page) -> io::Result<()>,
        json: impl FnOnce() -> T,
    ) -> Result<(), CommandError> {
        let mut out = io::BufWriter::new(AutoStream::auto(io::stdout()));
        match output.format {
            Format::Text => text(&mut Page::new(&mut out, width()))?,
            Format::Json => {
                serde_json::to_writer(&mut out, &json()).map_err(io::Error::from)?;
                writeln!(out)?;
            }
        }
        Ok(out.flush()?)
    }

    /// Writes an answer of another form to standard output.
    fn write(&self, report: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CommandError> {
        let mut out = io::BufWriter::new(io::stdout());
        report(&mut out)?;
        Ok(out.flush()?)
    }

    /// Writes a page to standard output.
    fn page(&self, text: impl FnOnce(&mut Page) -> io::Result<()>) -> Result<(), CommandError> {
        self.answer(&Output { format: Format::Text }, text, || ())
    }
}

/// Columns of the terminal, or of a report that goes elsewhere.
fn width() -> usize {
    match terminal_size::terminal_size_of(io::stdout()) {
        Some((terminal_size::Width(columns), _)) => usize::from(columns),
        None => PIPE_WIDTH,
    }
}

fn warn(text: &str) {
    let style = anstyle::AnsiColor::Yellow.on_default().bold();
    anstream::eprintln!("{style}warning{style:#}: {}", on_one_line(text));
}

fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
