//! Waits until something may have changed, or the user ends the watch.
//!
//! File events of the operating system only shorten a wait. Whatever they miss, the next regular poll finds.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::cli::error::CommandError;

/// The shortest time between two polls, however fast the logs are written.
const SHORTEST: Duration = Duration::from_millis(50);

/// A signal ends the wait at the latest after this time.
const SIGNAL_CHECK: Duration = Duration::from_millis(100);

pub(super) struct Waiting {
    poll: Duration,
    is_ended: Arc<AtomicBool>,
    events: Receiver<()>,
    /// Sends events until it is dropped; `None` if the system has no such events.
    _watcher: Option<RecommendedWatcher>,
}

impl Waiting {
    /// Waits at most `poll`, shorter if something changes beside or below one of `paths`.
    pub(super) fn new(poll: Duration, paths: &[PathBuf]) -> Result<Self, CommandError> {
        let is_ended = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            // The second signal ends the process at once.
            signal_hook::flag::register_conditional_default(signal, Arc::clone(&is_ended))
                .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&is_ended)))
                .map_err(|error| CommandError::failure(format!("cannot wait for signals: {error}")))?;
        }
        let (sender, events) = channel();
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
                // The receiver is dropped only when the process ends, so an error does not matter.
                sender.send(()).ok();
            }
        });
        // Without events, polling alone finds everything.
        let watcher = watcher.ok().map(|mut watcher| {
            for path in paths {
                let (folder, mode) = match path.parent() {
                    Some(folder) if !path.is_dir() => (folder, RecursiveMode::NonRecursive),
                    _ => (path.as_path(), RecursiveMode::Recursive),
                };
                watcher.watch(folder, mode).ok();
            }
            watcher
        });
        Ok(Waiting { poll, is_ended, events, _watcher: watcher })
    }

    /// Whether the user has ended the watch.
    pub(super) fn is_ended(&self) -> bool {
        self.is_ended.load(Ordering::Relaxed)
    }

    pub(super) fn wait(&self) {
        let begin = Instant::now();
        while begin.elapsed() < self.poll && !self.is_ended() {
            let rest = self.poll.saturating_sub(begin.elapsed()).min(SIGNAL_CHECK);
            match self.events.recv_timeout(rest) {
                Ok(()) => {
                    std::thread::sleep(SHORTEST.min(self.poll).saturating_sub(begin.elapsed()));
                    while self.events.try_recv().is_ok() {}
                    return;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(rest),
            }
        }
    }
}
