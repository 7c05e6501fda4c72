//! `casebook case`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::case::{Case, CaseFile, Closed, Note};
use crate::cli::args::Output;
use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context, now, rules, warn};
use crate::report::{json, text};
use crate::{session, workspace};

#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) enum CaseCommand {
    /// Print a case: its logs and answers, its last diagnosis, how it ended
    Show(CaseShowArgs),
    /// List the cases in a folder
    List(CaseListArgs),
    /// Close a case: record how the problem ended
    Close(CaseCloseArgs),
    /// Add a note to a case
    Note(CaseNoteArgs),
}

const EXAMPLES: &str = "\
Examples:
  casebook diagnose -i --case mail.toml mail.log     begin a case, and answer questions
  casebook diagnose --case mail.toml                 read its logs again
  casebook case show mail.toml
  casebook case note mail.toml the name server was moved on Monday
  casebook case close mail.toml --fixed-by correct_dns
  casebook case list cases/";

#[derive(Debug, Args)]
pub(in crate::cli) struct CaseShowArgs {
    /// The case file
    #[arg(value_name = "CASE.toml")]
    file: PathBuf,

    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct CaseListArgs {
    /// Folder with case files
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,

    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct CaseCloseArgs {
    /// The case file
    #[arg(value_name = "CASE.toml")]
    file: PathBuf,

    /// The resolution that fixed the problem
    #[arg(long, value_name = "RESOLUTION", required_unless_present = "unresolved", conflicts_with = "unresolved")]
    fixed_by: Option<String>,

    /// The problem was not fixed, or nobody kept working on it
    #[arg(long)]
    unresolved: bool,

    /// The cause, if the resolution fixes more than one
    #[arg(long, value_name = "CAUSE")]
    cause: Option<String>,

    /// A remark to keep with it
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    /// Close a case that is already closed, and replace its recorded ending
    #[arg(long)]
    again: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct CaseNoteArgs {
    /// The case file
    #[arg(value_name = "CASE.toml")]
    file: PathBuf,

    /// Text of the note
    #[arg(value_name = "TEXT", required = true)]
    text: Vec<String>,
}

pub(in crate::cli) fn run(context: &Context, args: &CaseCommand) -> CommandResult {
    match args {
        CaseCommand::Show(args) => show(context, args)?,
        CaseCommand::List(args) => list(context, args)?,
        CaseCommand::Close(args) => close(context, args)?,
        CaseCommand::Note(args) => note(context, args)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens the case at `path`, which must exist.
pub(super) fn open(context: &Context, path: &Path) -> Result<(CaseFile, Case), CommandError> {
    let (file, case) = CaseFile::open(&context.here, path)?;
    match case {
        Some(case) => Ok((file, case)),
        None => Err(CommandError::input(format!("there is no case `{}`", path.display()))
            .hint("begin one with `casebook diagnose --case FILE LOG`")),
    }
}

/// The id of a case: its file name without extension.
fn id(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn show(context: &Context, args: &CaseShowArgs) -> Result<(), CommandError> {
    let (_, case) = open(context, &args.file)?;
    let id = id(&args.file);
    context.answer(&args.output, |page| text::case(page, &id, &case), || json::case(&id, &case))
}

fn list(context: &Context, args: &CaseListArgs) -> Result<(), CommandError> {
    let mut cases: Vec<(String, Case)> = Vec::new();
    for path in files_in(context, &args.dir)? {
        match open(context, &path) {
            Ok((_, case)) => cases.push((id(&path), case)),
            Err(error) => warn(&error.in_a_line()),
        }
    }
    context.answer(&args.output, |page| text::cases(page, &cases), || json::cases(&cases))
}

/// The files in a folder that may be cases, sorted by name: all TOML files except `casebook.toml`.
pub(super) fn files_in(context: &Context, dir: &Path) -> Result<Vec<PathBuf>, CommandError> {
    let unreadable = |error| CommandError::input(format!("cannot read `{}`: {error}", dir.display()));
    let mut paths = Vec::new();
    let shown = if dir == Path::new(".") { Path::new("") } else { dir };
    for entry in std::fs::read_dir(context.here.join(dir)).map_err(unreadable)? {
        let path = shown.join(entry.map_err(unreadable)?.file_name());
        if path.extension() == Some(OsStr::new("toml")) && path.file_name() != Some(OsStr::new(workspace::FILE)) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn close(context: &Context, args: &CaseCloseArgs) -> Result<(), CommandError> {
    let (mut file, mut case) = open(context, &args.file)?;
    if let Some(before) = case.closed.as_ref().filter(|_| !args.again) {
        let how = before.fixed_by.as_ref().map_or_else(|| "unresolved".to_owned(), |name| format!("fixed by `{name}`"));
        let error = CommandError::input(format!("`{}` was closed at {:.0}, {how}", args.file.display(), before.at));
        return Err(error.hint("add `--again` to replace the recorded ending"));
    }
    let program = rules::program(context)?;
    let resolution = |name: &String| session::resolution(&program, name).map(|id| program.resolution(id).name.clone());
    let cause = |name: &String| session::cause(&program, name).map(|id| program.cause(id).name.clone());
    let closed = Closed {
        at: now(),
        fixed_by: args.fixed_by.as_ref().map(resolution).transpose()?,
        cause: args.cause.as_ref().map(cause).transpose()?,
        note: args.note.clone(),
        // The rules still contain what they have learnt from the case.
        learnt: case.closed.take().map(|before| before.learnt).unwrap_or_default(),
    };
    if closed.confirmed(&program).is_none() {
        warn("the cause is not certain, so `casebook rule learn` cannot count this case: name it with `--cause CAUSE`");
    }
    case.closed = Some(closed);
    Ok(file.save(&context.here, &case, now())?)
}

fn note(context: &Context, args: &CaseNoteArgs) -> Result<(), CommandError> {
    let (mut file, mut case) = open(context, &args.file)?;
    case.notes.push(Note { at: now(), text: args.text.join(" ") });
    Ok(file.save(&context.here, &case, now())?)
}
