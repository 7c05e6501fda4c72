//! `casebook ingest`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::args::Ingest;
use crate::cli::error::CommandError;
use crate::cli::{Outcome, Session};
use crate::ingest;
use crate::report::{json, text};
use crate::store::Store;

/// The exit code of bad input that did not stop the command.
const BAD_INPUT: u8 = 3;

pub(in crate::cli) fn run(session: &Session, args: &Ingest) -> Outcome {
    let start = Instant::now();
    let workspace = session.workspace()?;
    let mut store = Store::open_or_create(&workspace.store)?;
    let mut paths: Vec<PathBuf> = args.paths.iter().map(|path| session.here.join(path)).collect();
    // Pruning without paths forgets what the workspace does not name.
    if paths.is_empty() && !args.prune {
        paths.extend(store.head().roots.iter().map(Into::into));
    }
    let mut inputs = workspace.inputs_with(paths);
    inputs.prune = args.prune;
    if inputs.roots().is_empty() && !inputs.book {
        let error = CommandError::usage("there is nothing to ingest");
        return Err(error.hint("name files or folders, or list them under `kb` in casebook.toml"));
    }
    let bar = progress_bar();
    let report = ingest::ingest(&mut store, &inputs, &|progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    })?;
    bar.finish_and_clear();
    let seconds = start.elapsed().as_secs_f64();
    session.answer(
        &args.output,
        |page| text::ingest(page, &report, seconds),
        || json::ingest(&report, seconds * 1000.0),
    )?;
    let bad = !report.unreadable_roots.is_empty() || (args.strict && !report.skipped.is_empty());
    Ok(if bad { ExitCode::from(BAD_INPUT) } else { ExitCode::SUCCESS })
}

/// Shown on a terminal alone, which indicatif sees to.
fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {human_pos}/{human_len} files, {per_sec}, {eta} left");
    ProgressBar::new(0).with_style(style.expect("the template is a valid one"))
}
