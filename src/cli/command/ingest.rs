//! `casebook ingest`.

mod free_memory;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::args::Output;
use crate::cli::error::CommandError;
use crate::cli::{CommandResult, Context, now};
use crate::ingest::{self, IngestReport, Inputs, Memory, Root};
use crate::pattern::quantity::size_prefix;
use crate::report::{json, text};
use crate::store::{self, Store, StoreError, relations};
use crate::workspace::Workspace;

const EXAMPLES: &str = "\
Examples:
  casebook ingest                              all articles known so far
  casebook ingest ~/kb-archive runbooks.zip
  casebook ingest --collection runbooks ~/notes
  casebook ingest --watch                      keep the store up to date while files change
  casebook ingest --prune                      remove articles from other paths than casebook.toml's";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct IngestArgs {
    /// Files, folders and archives (tar, tar.gz, tar.zst, zip). Default: those of the workspace and those ingested before
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Name of the collection for these paths. Default: the name of each file or folder
    #[arg(long, value_name = "NAME", requires = "paths")]
    collection: Option<String>,

    /// Remove from the store every article that does not come from these paths
    #[arg(long)]
    prune: bool,

    /// Compare every file by content, even if its size and times are unchanged, and check the store for damage
    #[arg(long)]
    verify: bool,

    /// Throw the store away and build it again from the articles: the remedy for a damaged store
    #[arg(long)]
    rebuild: bool,

    /// Use about this much memory at most, such as `200M`: for the index while it is built, and for the texts that are read at a
    /// time. A very large text, the window of a zstd archive, and the list of a very large KB need more
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    memory: Option<Memory>,

    /// Watch these paths and ingest every change, until interrupted
    #[arg(long)]
    watch: bool,

    /// Exit with code 3 if any file was skipped
    #[arg(long)]
    strict: bool,

    #[command(flatten)]
    output: Output,
}

/// The exit code if some input was bad but the command finished.
const BAD_INPUT: u8 = 3;

pub(in crate::cli) fn run(context: &Context, args: &IngestArgs) -> CommandResult {
    let start = Instant::now();
    let memory = args.memory.map_or_else(fitting_memory, Ok)?;
    let workspace = context.workspace()?;
    let before = if args.rebuild { Store::clear(&workspace.store)? } else { Vec::new() };
    let mut store = Store::open_or_create(&workspace.store)?;
    if args.verify {
        store.verify()?;
    }
    let known = if args.rebuild { before } else { store.head().roots.clone() };
    let mut inputs = inputs(context, args, &workspace, &known)?;
    inputs.memory = memory;
    let watch = args.watch.then(|| watch::start(&store, &inputs)).transpose()?;
    let report = with_progress(&mut store, &inputs)?;
    answer(context, args, &store, &report, start)?;
    if let Some(watch) = watch {
        watch::run(context, args, &mut store, inputs, &watch)?;
    }
    let bad = !report.unreadable_roots.is_empty() || (args.strict && !report.skipped.is_empty());
    Ok(if bad { ExitCode::from(BAD_INPUT) } else { ExitCode::SUCCESS })
}

/// Prints the result of an ingest that began at `start`, and the references between all articles of the store.
fn answer(
    context: &Context,
    args: &IngestArgs,
    store: &Store,
    report: &IngestReport,
    start: Instant,
) -> Result<(), CommandError> {
    let references = relations::references(store.index())?;
    let seconds = start.elapsed().as_secs_f64();
    context.answer(
        &args.output,
        |page| text::ingest(page, report, &references, seconds),
        || json::ingest(report, &references, seconds * 1000.0),
    )
}

/// Returns how an ingest uses the memory that is left. Fails if that is too little.
fn fitting_memory() -> Result<Memory, CommandError> {
    let Some(bytes) = free_memory::free_memory() else { return Ok(Memory::default()) };
    Memory::limited_to(bytes).ok_or_else(|| {
        let least = Memory::LEAST >> 20;
        let error =
            CommandError::failure(format!("an ingest needs {least} MiB of memory, and {} are left", bytes >> 20));
        error.hint(format!("let the process use more, or try `--memory {least}M`"))
    })
}

fn memory(text: &str) -> Result<Memory, String> {
    let bytes = match size_prefix(text.as_bytes()) {
        Some((bytes, len)) if len == text.len() => bytes,
        Some(_) | None => return Err("expected a size such as `200M` or `1G`".to_owned()),
    };
    Memory::limited_to(bytes).ok_or_else(|| format!("an ingest needs at least {}M", Memory::LEAST >> 20))
}

fn inputs(
    context: &Context,
    args: &IngestArgs,
    workspace: &Workspace,
    known: &[store::Root],
) -> Result<Inputs, CommandError> {
    let here = |path: &PathBuf| context.here.join(path);
    let mut roots: Vec<Root> = match &args.collection {
        Some(name) => args.paths.iter().map(|path| Root::named(here(path), name)).collect(),
        None => args.paths.iter().map(|path| Root::new(here(path))).collect(),
    };
    // With `--prune` and without paths, only the inputs of the workspace are kept.
    if roots.is_empty() && !args.prune {
        roots.extend(known.iter().map(|root| Root::remembered(&root.path, &root.collection)));
    }
    let mut inputs = workspace.inputs(roots, now());
    (inputs.prune, inputs.verify) = (args.prune, args.verify);
    if inputs.roots().is_empty() && !inputs.book {
        let error = CommandError::usage("there is nothing to ingest");
        return Err(error.hint("name files or folders, or list them under `kb` in casebook.toml"));
    }
    Ok(inputs)
}

/// Ingests with a progress bar, which appears only on a terminal.
fn with_progress(store: &mut Store, inputs: &Inputs) -> Result<IngestReport, StoreError> {
    let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes}, {msg} articles and files, {eta} left");
    let bar = ProgressBar::new(0).with_style(style.expect("the template is a valid one"));
    let report = ingest::ingest(store, inputs, &|progress| {
        bar.set_length(progress.total_bytes);
        bar.set_position(progress.bytes);
        let rate = progress.texts as f64 / bar.elapsed().as_secs_f64().max(0.001);
        bar.set_message(format!("{} ({rate:.0}/s)", progress.texts));
    });
    bar.finish_and_clear();
    report
}
