//! `casebook ingest --watch`: waits until something changes below the inputs, and ingests it.
//!
//! File events of the operating system only start an ingest, which finds out by itself what changed. So an unnecessary
//! event only costs the time to list the folders, and a change without an event is found by the next regular ingest.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::{IngestArgs, answer, with_progress};
use crate::cli::error::CommandError;
use crate::cli::{Context, now, warn};
use crate::ingest::{IngestReport, Inputs, Root};
use crate::store::Store;

/// An ingest starts when nothing has changed for this long, because editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(200);

/// An ingest starts at the latest this long after the first change, even if changes never pause.
const PATIENCE: Duration = Duration::from_secs(5);

/// An ingest starts at least this often, because some file systems (such as those on a network) send no events.
const SWEEP: Duration = Duration::from_secs(60);

/// Receives file events of the operating system until it is dropped.
pub(super) struct Watch {
    _watcher: RecommendedWatcher,
    events: Receiver<()>,
}

/// Starts to watch for changes below `inputs`. Must be called before the first ingest, or a change in between would be
/// missed.
pub(super) fn start(store: &Store, inputs: &Inputs) -> Result<Watch, CommandError> {
    let (sender, events) = channel();
    let store_path = store.path().to_owned();
    let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if event.is_ok_and(|event| is_change(&event, &store_path)) {
            // The receiver is dropped only when the process ends, so an error does not matter.
            sender.send(()).ok();
        }
    });
    let mut watcher = watcher.map_err(|error| CommandError::failure(format!("cannot watch: {error}")))?;
    for root in inputs.roots() {
        if let Err(error) = add(&mut watcher, root) {
            let (path, seconds) = (root.path.display(), SWEEP.as_secs());
            warn(&format!("cannot watch `{path}`: {error}; casebook looks at it every {seconds} s"));
        }
    }
    Ok(Watch { _watcher: watcher, events })
}

/// Ingests `inputs` whenever they change, and prints the result of each ingest that changed the store. Returns only if
/// printing fails. Other errors are printed as warnings, and the next change starts another ingest.
pub(super) fn run(
    context: &Context,
    args: &IngestArgs,
    store: &mut Store,
    mut inputs: Inputs,
    watch: &Watch,
) -> Result<(), CommandError> {
    (inputs.prune, inputs.verify) = (false, false);
    loop {
        wait(&watch.events);
        let start = Instant::now();
        inputs.now_ms = now().as_millisecond();
        match with_progress(store, &inputs) {
            Ok(report) if has_changes(&report) => answer(context, args, store, &report, start)?,
            Ok(_) => {}
            Err(error) => CommandError::from(error).warn("casebook tries again at the next change"),
        }
    }
}

/// Watches a root. For a file, watches its folder, because editors replace the file.
fn add(watcher: &mut RecommendedWatcher, root: &Root) -> notify::Result<()> {
    match root.path.parent() {
        Some(folder) if !root.path.is_dir() => watcher.watch(folder, RecursiveMode::NonRecursive),
        _ => watcher.watch(&root.path, RecursiveMode::Recursive),
    }
}

/// Whether the event may mean a change of an input. Reading a file does not, nor does writing the store.
fn is_change(event: &Event, store: &Path) -> bool {
    let is_own = !event.paths.is_empty() && event.paths.iter().all(|path| path.starts_with(store));
    !matches!(event.kind, EventKind::Access(_)) && !is_own
}

/// Waits for an event and for the pause after it ([`QUIET`], at most [`PATIENCE`]), or until [`SWEEP`] has passed
/// without an event.
fn wait(events: &Receiver<()>) {
    if events.recv_timeout(SWEEP).is_err() {
        return;
    }
    let first = Instant::now();
    while first.elapsed() < PATIENCE {
        match events.recv_timeout(QUIET) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn has_changes(report: &IngestReport) -> bool {
    report.added + report.changed + report.removed + report.renamed > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{AccessKind, ModifyKind};

    #[test]
    fn reading_and_the_store_itself_wake_nobody() {
        let event = |kind, path: &str| Event::new(kind).add_path(path.into());
        let store = Path::new("/w/.casebook");
        let modify = EventKind::Modify(ModifyKind::Any);
        assert!(is_change(&event(modify, "/w/kb/a.md"), store));
        assert!(!is_change(&event(modify, "/w/.casebook/index/meta.json"), store));
        assert!(!is_change(&event(EventKind::Access(AccessKind::Any), "/w/kb/a.md"), store));
        assert!(is_change(&Event::new(modify), store));
    }
}
