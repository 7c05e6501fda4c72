//! All files that are followed: those that the user named, and those in folders.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::Timestamp;

use super::file::FileId;
use super::followed_log::FollowedLog;
use super::outlet::Outlet;
use super::place::{SavedFile, SavedFiles};
use super::rotated::{Kin, is_compressed, kin};
use crate::log::{Input, InputKind, may_be_log};

/// Follows files and folders.
#[derive(Debug)]
pub struct Follower {
    roots: Vec<Input>,
    start: StartAt,
    logs: Vec<FollowedLog>,
    saved: SavedFiles,
    /// The files that nothing can be read from, for which that was said already.
    refused: HashSet<PathBuf>,
    next_id: u64,
    is_first_poll: bool,
    /// When the files were looked at for the last time, in nanoseconds since 1970; `None` if they never were.
    looked: Option<u64>,
    /// The time of the present poll.
    time: u64,
}

/// Where to begin in a file that exists when following begins. Files that appear later are read from their beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartAt {
    /// At the beginning.
    Beginning,
    /// After the last line.
    End,
}

/// What a poll found.
#[derive(Debug)]
pub enum Event<'a> {
    /// A file is read from here on.
    Opened {
        /// The file.
        file: FileId,
        /// The log that it belongs to, with the path at which it appeared.
        log: &'a Input,
        /// The bytes before the first ones that are returned, as far as they are within the first 64 KiB.
        head: &'a [u8],
        /// The number of the first line that is returned.
        line: u64,
    },
    /// The next bytes of a file, which are whole lines.
    Bytes {
        /// The file.
        file: FileId,
        /// At least one byte.
        bytes: &'a [u8],
    },
    /// Nothing more comes from a file.
    Closed {
        /// The file.
        file: FileId,
    },
    /// Something cannot be read. Following continues.
    Problem(String),
}

/// The result of a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Polled {
    /// Whether there was anything new.
    pub has_read: bool,
    /// Whether there is more already.
    pub has_more: bool,
}

impl Follower {
    /// Begins to follow `roots`, which are files and folders, present or not. Continues at the places in `saved`.
    pub fn new(roots: Vec<Input>, start: StartAt, saved: SavedFiles) -> Self {
        let looked = (!saved.roots.is_empty()).then_some(saved.looked);
        let (logs, refused) = Default::default();
        Follower { roots, start, logs, saved, refused, next_id: 0, is_first_poll: true, looked, time: 0 }
    }

    /// Passes on what is new since the last poll. The lines of a log come in the order in which they were written.
    ///
    /// `time` is compared with the times at which files were changed, and `now` with earlier values of `now`.
    pub fn poll(&mut self, now: Instant, time: Timestamp, emit: &mut dyn FnMut(Event<'_>)) -> Polled {
        self.time = nanoseconds(time);
        let mut next_id = self.next_id;
        let mut out = Outlet { emit, next_id: &mut next_id, polled: Polled::default(), buffer: Vec::new() };
        for index in 0..self.roots.len() {
            let root = self.roots[index].clone();
            let InputKind::Path(path) = root.kind.clone() else { continue };
            if path.is_dir() {
                self.find_in_folder(&root, &path, now, &mut out);
            } else {
                self.add_named(root, path, now, &mut out);
            }
        }
        self.find_saved(now, &mut out);
        for log in &mut self.logs {
            let problem = log.poll(now, &mut out).err();
            let told = std::mem::replace(&mut log.problem, problem.as_ref().map(io::Error::to_string));
            if let Some(error) = problem.filter(|_| told != log.problem) {
                out.problem(&log.path, &error);
            }
        }
        let named: Vec<PathBuf> = self.root_paths();
        self.logs.retain(|log| !log.is_gone() || named.contains(&log.path));
        self.is_first_poll = false;
        let polled = out.polled;
        self.next_id = next_id;
        self.looked = Some(self.time);
        polled
    }

    /// Returns the places that were reached. `unread` returns how many bytes and line ends at the end of what was
    /// returned from a file are to be returned again, because the caller has not finished with them.
    pub fn places(&self, unread: &dyn Fn(FileId) -> (u64, u64)) -> SavedFiles {
        if self.is_first_poll {
            return self.saved.clone();
        }
        let files = self.logs.iter().flat_map(|log| log.places(unread)).collect();
        SavedFiles { roots: self.root_paths(), looked: self.looked.unwrap_or(0), files }
    }

    /// Returns the first bytes of a file, at most `limit`, without the last `unread` bytes that were returned from it.
    pub fn head(&self, file: FileId, unread: u64, limit: usize) -> io::Result<Vec<u8>> {
        let mut files = self.logs.iter().flat_map(FollowedLog::files);
        files.find(|followed| followed.id == file).map_or(Ok(Vec::new()), |followed| followed.head(unread, limit))
    }

    /// Returns the number of the line that is read next in a file; 1 for a file that is not followed.
    pub fn line(&self, file: FileId) -> u64 {
        let mut files = self.logs.iter().flat_map(FollowedLog::files);
        files.find(|followed| followed.id == file).map_or(1, |followed| followed.line)
    }

    fn root_paths(&self) -> Vec<PathBuf> {
        let path = |root: &Input| match &root.kind {
            InputKind::Path(path) => Some(path.clone()),
            InputKind::Stdin | InputKind::Bytes(_) => None,
        };
        self.roots.iter().filter_map(path).collect()
    }

    fn has(&self, path: &Path) -> bool {
        self.logs.iter().any(|log| log.path == path)
    }

    /// Takes up a file that the user named.
    fn add_named(&mut self, log: Input, path: PathBuf, now: Instant, out: &mut Outlet<'_>) {
        if self.has(&path) || self.refused.contains(&path) {
            return;
        }
        if is_compressed(&path) {
            let name = &log.name;
            let reason = format!("{name} is compressed, so nothing is added to it: read it with `casebook diagnose`");
            (out.emit)(Event::Problem(reason));
            self.refused.insert(path);
            return;
        }
        self.add(&path.clone(), log, path, now, out);
    }

    /// Takes up the new files in a folder, except compressed files and rotated logs.
    fn find_in_folder(&mut self, root: &Input, folder: &Path, now: Instant, out: &mut Outlet<'_>) {
        let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(may_be_log);
        for path in entries.filter_map(|entry| Some(entry.ok()?.into_path())) {
            if self.has(&path) || is_compressed(&path) || !path.is_file() {
                continue;
            }
            match self.is_rotated(&path) {
                Ok(true) => {}
                Ok(false) => {
                    self.end_rotated(&path, out);
                    self.add(folder, member(root, folder, &path), path, now, out);
                }
                Err(error) => {
                    if self.refused.insert(path.clone()) {
                        out.problem(&path, &error);
                    }
                }
            }
        }
    }

    /// Ends logs that turn out to be rotated files of `log`, which was not there before.
    fn end_rotated(&mut self, log: &Path, out: &mut Outlet<'_>) {
        let named = self.root_paths();
        let is_rotated = |other: &mut FollowedLog| {
            let is_beside = other.path.parent() == log.parent() && !named.contains(&other.path);
            is_beside && kin(&file_name(log), &file_name(&other.path)) == Some(Kin::Suffix)
        };
        for mut rotated in self.logs.extract_if(.., is_rotated) {
            if let Err(error) = rotated.end(out) {
                out.problem(&rotated.path, &error);
            }
        }
    }

    /// Takes up the logs of folders that have no file at the moment. Forgets the places of all others.
    fn find_saved(&mut self, now: Instant, out: &mut Outlet<'_>) {
        for root in self.roots.clone() {
            let InputKind::Path(folder) = &root.kind else { continue };
            let below = |saved: &&SavedFile| saved.log.starts_with(folder);
            let missing: BTreeSet<PathBuf> =
                self.saved.files.iter().filter(below).map(|saved| saved.log.clone()).collect();
            for path in missing {
                let beside = |log: &&FollowedLog| log.path.parent() == path.parent();
                let is_kin = |log: &FollowedLog| kin(&file_name(&log.path), &file_name(&path)) == Some(Kin::Suffix);
                if self.logs.iter().filter(beside).any(is_kin) {
                    continue;
                }
                self.add(folder, member(&root, folder, &path), path, now, out);
            }
        }
        self.saved.files.clear();
    }

    /// Whether the file belongs to a log that is followed already, under its present name or another one.
    fn is_rotated(&self, path: &Path) -> io::Result<bool> {
        let beside = |log: &&FollowedLog| log.path.parent() == path.parent();
        if self.logs.iter().filter(beside).any(|log| kin(&file_name(&log.path), &file_name(path)) == Some(Kin::Suffix))
        {
            return Ok(true);
        }
        let file = File::open(path)?;
        for log in &self.logs {
            if log.knows(&file)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes up a log that was found below `root`.
    fn add(&mut self, root: &Path, log: Input, path: PathBuf, now: Instant, out: &mut Outlet<'_>) {
        let (saved, others): (Vec<SavedFile>, _) =
            std::mem::take(&mut self.saved.files).into_iter().partition(|saved| saved.log == path);
        self.saved.files = others;
        let is_new = !self.is_first_poll || self.saved.roots.iter().any(|known| known == root);
        let mut log = FollowedLog::new(log, path);
        let is_missing = !log.path.exists();
        let begun = match self.start {
            _ if !saved.is_empty() => log.resume(saved, now, self.time, out),
            StartAt::End if !is_new && !is_missing => log.begin_at_end(out),
            StartAt::Beginning | StartAt::End => Ok(()),
        };
        // A log that is not there yet may be rotated before it is seen.
        if log.is_gone() && (is_new || is_missing) {
            log.expect_after(self.looked.unwrap_or(self.time));
        }
        if let Err(error) = begun {
            out.problem(&log.path, &error);
        }
        self.logs.push(log);
    }
}

/// Returns the input for the file at `path`, which is in `folder`, the folder of `root`.
fn member(root: &Input, folder: &Path, path: &Path) -> Input {
    let name = match path.strip_prefix(folder) {
        Ok(below) if !root.is_named => Path::new(&root.name).join(below).display().to_string(),
        _ => root.name.clone(),
    };
    Input { name, kind: InputKind::Path(path.to_owned()), is_named: root.is_named }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn nanoseconds(time: Timestamp) -> u64 {
    u64::try_from(time.as_nanosecond()).unwrap_or(0)
}
