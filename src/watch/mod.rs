//! Watches logs: follows files, finds the symptoms in what is added to them, and says which findings are new or have
//! grown.
//!
//! Counts are exact: each record counts once, whatever happens to the files and whenever the program is killed. The
//! [`State`] holds the place in each file and the findings before it, so both always belong together.
//!
//! A watch may run for weeks. Its pass is replaced every few hours (`PASS_TIME`) and after many rotations, because a
//! pass keeps a report on each source that ever was, and reads stamps without a year as times near its beginning.

mod merge;
mod news;
mod state;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::follow::{Event, FileId, Follower, Polled, StartAt};
use crate::log::Input;
use crate::matching::{Finding, Pass, Scan, ScanOptions};
use crate::rule::Program;
use crate::source::SourceId;

use merge::Names;
pub use news::{Change, News};
use news::{Key, Shown};
pub use state::{State, StateError};

/// A pass is replaced after this time.
const PASS_TIME: Duration = Duration::from_secs(6 * 3600);

/// A pass is replaced after this many files were opened in it.
const MAX_OPENED: usize = 64;

/// The first bytes of a file, from which its format is detected.
const HEAD_BYTES: usize = 64 * 1024;

/// Logs that are being watched.
pub struct Watch<'p> {
    program: &'p Program,
    options: ScanOptions,
    follower: Follower,
    pass: Pass<'p>,
    pass_began: Instant,
    files: BTreeMap<FileId, WatchedFile>,
    /// The names of the sources of the pass, in the order of their ids.
    sources: Vec<String>,
    /// The number of sources at the beginning of the pass.
    n_first_sources: usize,
    /// The sources and salient records of earlier passes.
    past: Scan,
    shown: HashMap<Key, Shown>,
    /// Whether there may be news that were not asked for.
    has_news: bool,
}

/// A file that is read at the moment.
struct WatchedFile {
    source: SourceId,
    log: Input,
}

/// Something to tell the user besides findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A log is read from this line on.
    Opened {
        /// Its name.
        name: String,
        /// The number of the line.
        line: u64,
    },
    /// Something cannot be read.
    Problem(String),
}

impl<'p> Watch<'p> {
    /// Begins to watch `logs`, which are files and folders, and continues where `state` ends.
    pub fn new(program: &'p Program, options: ScanOptions, logs: Vec<Input>, start: StartAt, state: State) -> Self {
        let (findings, names, shown) = state.findings(program);
        let mut pass = Pass::following(program, options.clone(), findings);
        names.open_in(&mut pass);
        let sources = names.into_names();
        Watch {
            program,
            options,
            follower: Follower::new(logs, start, state.files),
            pass,
            pass_began: Instant::now(),
            files: BTreeMap::new(),
            n_first_sources: sources.len(),
            sources,
            past: Scan::default(),
            shown,
            has_news: true,
        }
    }

    /// Reads what is new in the logs.
    pub fn poll(&mut self, now: Instant, time: Timestamp, notice: &mut dyn FnMut(Notice)) -> Polled {
        if now.saturating_duration_since(self.pass_began) >= PASS_TIME
            || self.sources.len() > self.n_first_sources + MAX_OPENED
        {
            self.replace_pass(now, time);
        }
        let Watch { follower, pass, files, sources, .. } = self;
        let polled = follower.poll(now, time, &mut |event| match event {
            Event::Opened { file, log, head, line } => {
                let source = pass.open_at(log, head, line);
                sources.push(log.name.clone());
                files.insert(file, WatchedFile { source, log: log.clone() });
                notice(Notice::Opened { name: log.name.clone(), line });
            }
            Event::Bytes { file, bytes } => {
                if let Some(file) = files.get(&file) {
                    pass.feed(file.source, bytes);
                }
            }
            Event::Closed { file } => {
                if let Some(file) = files.remove(&file) {
                    pass.close(file.source);
                }
            }
            Event::Problem(problem) => notice(Notice::Problem(problem)),
        });
        self.has_news |= polled.has_read;
        polled
    }

    /// Returns everything found so far, each log as one source. An open record counts as complete.
    pub fn scan(&self) -> Scan {
        let mut scan = self.past.clone();
        merge::add(&mut scan, self.pass.snapshot());
        scan
    }

    /// Returns the findings to show now: those that were never shown, and those that have grown since they were shown
    /// for the last time, at least `every` ago. They count as shown from then on.
    pub fn news(&mut self, now: Instant, every: Duration) -> Option<News> {
        if !self.has_news {
            return None;
        }
        let scan = self.scan();
        let (changes, has_more) = news::changes(self.program, &scan, &mut self.shown, now, every);
        self.has_news = has_more;
        (!changes.is_empty()).then_some(News { scan, changes })
    }

    /// Returns what has to be kept to continue after this point.
    pub fn state(&self) -> State {
        let unread = |file: FileId| {
            let Some(file) = self.files.get(&file) else { return (0, 0) };
            let pending = self.pass.pending(file.source);
            (pending.len() as u64, memchr::memchr_iter(b'\n', pending).count() as u64)
        };
        let files = self.follower.places(&unread);
        State::new(self.program, files, &self.pass.findings_so_far(), &self.sources, &self.shown)
    }

    /// Begins a new pass, which continues with the findings and the open records of the present one.
    fn replace_pass(&mut self, now: Instant, time: Timestamp) {
        let old = self.pass.snapshot();
        let findings = self.pass.single_findings_so_far();
        self.keep_past(old);
        let mut names = Names::default();
        self.files.values().for_each(|file| names.push(&file.log.name));
        let findings: Vec<Finding> = findings
            .into_iter()
            .map(|finding| names.rename(finding, |source| &self.sources[source.0 as usize]))
            .collect();
        self.options.now = time;
        let known = &self.sources;
        let mut rename = |source: SourceId| names.id(&known[source.0 as usize]);
        let mut pass = self.pass.continued(self.options.clone(), findings, &mut rename);
        for (id, file) in &mut self.files {
            let pending = self.pass.pending(file.source);
            // Without the head, the format is detected from the lines that follow.
            let head = self.follower.head(*id, pending.len() as u64, HEAD_BYTES).unwrap_or_default();
            file.source = pass.open_at(&file.log, &head, line_at(&self.follower, *id, pending));
            pass.feed(file.source, pending);
        }
        names.open_after(self.files.len(), &mut pass);
        (self.sources, self.pass, self.pass_began) = (names.into_names(), pass, now);
        self.n_first_sources = self.sources.len();
    }

    /// Keeps the sources and salient records of `old`, without the bytes that the next pass reads again.
    fn keep_past(&mut self, mut old: Scan) {
        old.findings.clear();
        for file in self.files.values() {
            let summary = &mut old.sources[file.source.0 as usize];
            (summary.records, summary.bytes) = self.pass.complete(file.source);
        }
        merge::add(&mut self.past, old);
    }
}

/// The number of the first line of `pending`, the last bytes that were returned from a file.
fn line_at(follower: &Follower, file: FileId, pending: &[u8]) -> u64 {
    follower.line(file) - memchr::memchr_iter(b'\n', pending).count() as u64
}
