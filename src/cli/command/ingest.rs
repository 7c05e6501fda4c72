//! `casebook ingest`.

use std::process::ExitCode;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::args::Ingest;
use crate::cli::error::CommandError;
use crate::cli::{Outcome, Session};
use crate::ingest::{self, Inputs};
use crate::report::{json, text};
use crate::store::Store;

/// The exit code of bad input that did not stop the command.
const BAD_INPUT: u8 = 3;

pub(in crate::cli) fn run(session: &Session, args: &Ingest) -> Outcome {
    let start = Instant::now();
    let workspace = session.workspace()?;
    let mut store = Store::open_or_create(&workspace.store)?;
    let mut inputs = workspace.inputs();
    inputs.prune = args.prune;
    inputs.roots.extend(args.paths.iter().map(|path| session.here.join(path)));
    if args.paths.is_empty() {
        inputs.roots.extend(store.head().roots.iter().map(Into::into));
    }
    tidy(&mut inputs);
    if inputs.roots.is_empty() && !inputs.book {
        return Err(CommandError::usage("there is nothing to ingest")
            .hint("name files or folders, or list them under `kb` in casebook.toml"));
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
    let bad = report.unreadable_roots > 0 || (args.strict && !report.skipped.is_empty());
    Ok(if bad { ExitCode::from(BAD_INPUT) } else { ExitCode::SUCCESS })
}

/// The same root written in two ways counts once. A root that does not exist stays, to be reported.
fn tidy(inputs: &mut Inputs) {
    for root in &mut inputs.roots {
        if let Ok(real) = root.canonicalize() {
            *root = real;
        }
    }
    inputs.roots.sort_unstable();
    inputs.roots.dedup();
}

/// Shown on a terminal alone, which indicatif sees to.
fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {human_pos}/{human_len} files, {per_sec}, {eta} left");
    ProgressBar::new(0).with_style(style.expect("the template is a valid one"))
}
