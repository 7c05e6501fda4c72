//! The command line: parses arguments, calls one function for each stage, and prints a report. No other module uses the
//! terminal, the clock or the environment.

mod args;
mod command;
mod command_line;
mod error;
mod meaning;
mod rules;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::AutoStream;
use clap::{ArgMatches, CommandFactory, FromArgMatches};
use etcetera::BaseStrategy;

use crate::pipeline;
use crate::report::clean::on_one_line;
use crate::report::text::Page;
use crate::store::Index;
use crate::workspace::{Origin, Setting, Workspace};
use args::{Format, Output};
use command_line::{Cli, Color};
use error::CommandError;

/// The exit code of a command, or the error that ended it.
type CommandResult = Result<ExitCode, CommandError>;

/// Width in columns of a report that is not written to a terminal.
const PIPE_WIDTH: usize = 100;

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    run_with(std::env::args_os())
}

fn run_with(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let matches = Cli::command().try_get_matches_from(args);
    let (cli, matches) = match matches.and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches))) {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version are printed on standard output and are no error; clap knows which is which.
            let code = if error.use_stderr() { 2 } else { 0 };
            return match error.print() {
                Err(failed) if code == 0 => CommandError::from(failed).report(),
                Ok(()) | Err(_) => ExitCode::from(code),
            };
        }
    };
    match cli.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    without_index_panics(|| dispatch(cli, &matches)).unwrap_or_else(|error| error.report())
}

/// Whether the last panic began in the index library.
static IN_INDEX: AtomicBool = AtomicBool::new(false);

/// Runs a command. A panic inside the index library becomes an error: the library trusts the bytes of its files, so only
/// a damaged store makes it panic.
fn without_index_panics(command: impl FnOnce() -> CommandResult) -> CommandResult {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let is_index =
            panic.location().is_some_and(|place| INDEX_CRATES.iter().any(|name| place.file().contains(name)));
        // Threads of the library that follow a panic with another one do not count as a panic of ours.
        if IN_INDEX.fetch_or(is_index, Ordering::SeqCst) || is_index {
            return;
        }
        before(panic);
    }));
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(command)) {
        Ok(result) => result,
        Err(_) if IN_INDEX.load(Ordering::SeqCst) => Err(CommandError::damaged_store()),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Parts of the paths of the sources of the index library.
const INDEX_CRATES: [&str; 3] = ["/tantivy", "/ownedbytes", "/lz4_flex"];

fn dispatch(cli: Cli, matches: &ArgMatches) -> CommandResult {
    let here = std::env::current_dir()
        .map_err(|error| CommandError::failure(format!("cannot use the current folder: {error}")))?;
    let workspace_origin = command_line::workspace_origin(matches);
    let color = command_line::color_setting(cli.color, matches);
    let definition = Cli::command;
    command::run(&Context { given: cli.workspace, here, workspace_origin, color, definition }, &cli.command)
}

/// What a command depends on besides its arguments.
struct Context {
    /// The folder that `--workspace` or the environment variable names; `None` if neither does.
    given: Option<PathBuf>,
    /// The current folder.
    here: PathBuf,
    /// Where `given` comes from.
    workspace_origin: Origin,
    color: Setting,
    /// Defines the command line, which completions and man pages are made from.
    definition: fn() -> clap::Command,
}

impl Context {
    fn workspace(&self) -> Result<Workspace, CommandError> {
        Ok(Workspace::find(self.given.as_deref(), &self.here, user_store())?)
    }

    /// Opens the store of the workspace, and updates it if the KB is small. Prints warnings about what could not be
    /// done.
    fn index(&self) -> Result<Index, CommandError> {
        self.index_of(&self.workspace()?)
    }

    /// Does what [`index`](Self::index) does, for a workspace that has been found already.
    fn index_of(&self, workspace: &Workspace) -> Result<Index, CommandError> {
        let inputs = workspace.inputs(Vec::new(), now());
        let mut opened = pipeline::open_store(&workspace.store, &inputs)?;
        opened.refresh(&inputs);
        for note in opened.notes {
            warn(&note);
        }
        Ok(opened.store.index().clone())
    }

    /// Prints an answer in the chosen format: `text` writes it as a page, `json` returns it as one document.
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

    /// Prints an answer in a format other than text and JSON, without wrapping or colour.
    fn write(&self, report: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CommandError> {
        let mut out = io::BufWriter::new(io::stdout());
        report(&mut out)?;
        Ok(out.flush()?)
    }

    /// Prints a page.
    fn page(&self, text: impl FnOnce(&mut Page) -> io::Result<()>) -> Result<(), CommandError> {
        self.answer(&Output { format: Format::Text }, text, || ())
    }
}

/// Width of the terminal in columns; [`PIPE_WIDTH`] if standard output is not a terminal.
fn width() -> usize {
    match terminal_size::terminal_size_of(io::stdout()) {
        Some((terminal_size::Width(columns), _)) => usize::from(columns),
        None => PIPE_WIDTH,
    }
}

/// The folder of the store that is used without a workspace; `None` if the user's home folder is not known.
fn user_store() -> Option<PathBuf> {
    etcetera::choose_base_strategy().ok().map(|dirs| dirs.data_dir().join("casebook"))
}

/// The folder for files that can be made again; `None` if the user's home folder is not known.
fn user_cache() -> Option<PathBuf> {
    etcetera::choose_base_strategy().ok().map(|dirs| dirs.cache_dir().join("casebook"))
}

fn warn(text: &str) {
    let style = anstyle::AnsiColor::Yellow.on_default().bold();
    to_stderr(&format!("{style}warning{style:#}: {}", on_one_line(text)));
}

/// Writes a line to standard error. If that cannot be written, nobody can be told; the exit code stays the same.
fn to_stderr(line: &str) {
    writeln!(anstream::stderr(), "{line}").ok();
}

fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
