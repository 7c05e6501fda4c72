//! One log: the file that its path leads to, and those that it led to before.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::file::{FileId, FollowedFile, OpenLine, is_stale};
use super::follower::Event;
use super::identity::{FileKey, ReadPart, is_copied, modified};
use super::outlet::{Drained, Outlet};
use super::place::{Role, SavedFile};
use super::rotated::{Kin, Sibling, siblings};
use crate::log::Input;

/// A file that its path no longer leads to is read for this long after its last line: of a program with several
/// processes, some write to the old file for a while.
const LINGER: Duration = Duration::from_secs(10);

/// The most such files of a log; beyond that, the oldest one is closed.
const MAX_LEFT: usize = 64;

/// The most finished files of a log that are remembered.
const MAX_FINISHED: usize = 64;

/// A file with other device and inode is recognised by its content only if this many bytes of it were read.
const MIN_CONTENT: u64 = 64;

/// The times of change of a file system lag behind the clock by at most this many nanoseconds.
const CLOCK_STEP: u64 = 10_000_000;

#[derive(Debug)]
pub(super) struct FollowedLog {
    pub(super) log: Input,
    pub(super) path: PathBuf,
    current: Option<FollowedFile>,
    /// The files that the path led to before, oldest first, each with the time of its last line.
    left: Vec<(FollowedFile, Instant)>,
    finished: VecDeque<SavedFile>,
    /// Without a file that is read, each rotated file that was changed after this time is new.
    after: Option<u64>,
    /// The error of the last poll, which is told once.
    pub(super) problem: Option<String>,
}

impl FollowedLog {
    pub(super) fn new(log: Input, path: PathBuf) -> Self {
        let (left, finished) = Default::default();
        FollowedLog { log, path, current: None, left, finished, after: None, problem: None }
    }

    /// Notes that no file of this log was there at the time `looked`. If its last file is lost, all that is newer than that
    /// file stays new.
    pub(super) fn expect_after(&mut self, looked: u64) {
        let looked = looked.saturating_sub(CLOCK_STEP);
        self.after = Some(self.after.map_or(looked, |lost| lost.min(looked)));
    }

    /// Whether none of its files is followed any more.
    pub(super) fn is_gone(&self) -> bool {
        self.current.is_none() && self.left.is_empty()
    }

    /// Begins to follow the file that the path leads to, if any, after its last line.
    pub(super) fn begin_at_end(&mut self, out: &mut Outlet<'_>) -> io::Result<()> {
        if let Ok(file) = File::open(&self.path) {
            let file = FollowedFile::at_end(out.id(), file)?;
            self.current = Some(out.open(&self.log, file)?);
        }
        Ok(())
    }

    /// Whether `file` is one of the files of this log, or a copy of one.
    pub(super) fn knows(&self, file: &File) -> io::Result<bool> {
        let meta = file.metadata()?;
        let key = FileKey::of(&meta);
        let is_own = self.files().any(|own| own.key == key);
        Ok(is_own || (meta.len() >= MIN_CONTENT && self.has_copied(file)?) || self.has_finished(file, key)?)
    }

    fn has_copied(&self, file: &File) -> io::Result<bool> {
        for own in self.files() {
            match is_copied(&own.file, file) {
                Ok(false) => {}
                Err(error) if is_stale(&error) => {}
                found => return found,
            }
        }
        Ok(false)
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &FollowedFile> {
        self.left.iter().map(|(file, _)| file).chain(&self.current)
    }

    /// Whether `file` begins with a finished file; with a short one only if its device and inode are `key`.
    fn has_finished(&self, file: &File, key: FileKey) -> io::Result<bool> {
        for finished in &self.finished {
            let may_be = finished.read >= MIN_CONTENT || finished.key == key;
            if may_be && ReadPart::of(file, finished.read)?.hash() == finished.hash {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Passes on what is new in all files of this log, oldest file first.
    pub(super) fn poll(&mut self, now: Instant, out: &mut Outlet<'_>) -> io::Result<()> {
        self.renew_handles(now, out)?;
        for (file, since) in &mut self.left {
            let before = file.modified;
            drain_if_there(file, OpenLine::Waits, out)?;
            // After a restart, lines are read again that are not new.
            if file.modified > before {
                *since = now;
            }
        }
        if self.read_current(now, out)? == Drained::Limit {
            return Ok(());
        }
        self.follow_path(now, out)?;
        self.retire(now, out)
    }

    /// Opens the files again whose handles have become stale, wherever they are by now. The names of a network file system may be seen
    /// late, so a file that is not found counts as left: it is looked for until it is finished.
    fn renew_handles(&mut self, now: Instant, out: &mut Outlet<'_>) -> io::Result<()> {
        for index in 0..self.left.len() {
            if let Some(found) = self.renewed(&self.left[index].0)? {
                self.left[index].0 = found;
            }
            self.tell_if_missed(index, out);
        }
        let Some(current) = self.current.as_ref().filter(|current| current.is_stale()) else { return Ok(()) };
        match self.renewed(current)? {
            Some(found) => self.current = Some(found),
            None => {
                self.after = Some(current.modified);
                self.left.extend(self.current.take().map(|file| (file, now)));
                self.tell_if_missed(self.left.len() - 1, out);
            }
        }
        Ok(())
    }

    /// Returns `file` with a new handle, at the place that was reached; `None` if its handle is sound, or if it is not found.
    fn renewed(&self, file: &FollowedFile) -> io::Result<Option<FollowedFile>> {
        if file.is_stale() { self.find(&file.place(0, 0), file.id) } else { Ok(None) }
    }

    fn tell_if_missed(&mut self, left: usize, out: &mut Outlet<'_>) {
        let file = &mut self.left[left].0;
        if !file.is_missed && file.is_stale() {
            file.is_missed = true;
            (out.emit)(Event::Problem(format!(
                "the handle of {} has become stale, and its file is not found: what was written to it after line {} is lost, \
                 unless it is seen again within {} s",
                self.log.name,
                file.line - 1,
                LINGER.as_secs()
            )));
        }
    }

    /// Reads what is new in the current file, and begins again each time that it was truncated.
    fn read_current(&mut self, now: Instant, out: &mut Outlet<'_>) -> io::Result<Drained> {
        loop {
            if let Some(current) = &mut self.current
                && current.may_have_been_truncated()
            {
                // From here on a truncation is noticed. The copies of earlier ones are there by now.
                current.look()?;
                self.read_between(now, out)?;
            }
            let Some(current) = &mut self.current else { return Ok(Drained::End) };
            match out.drain_some(current)? {
                Drained::Replaced => self.begin_again(now, out)?,
                drained => return Ok(drained),
            }
        }
    }

    /// Finds out where the path leads to by now.
    fn follow_path(&mut self, now: Instant, out: &mut Outlet<'_>) -> io::Result<()> {
        let Ok(meta) = fs::metadata(&self.path) else {
            let gone = self.current.take().map(|file| (file, now));
            self.left.extend(gone);
            return Ok(());
        };
        let key = FileKey::of(&meta);
        if self.current.as_ref().is_some_and(|current| current.key == key) || !meta.is_file() {
            return Ok(());
        }
        if let Some(index) = self.left.iter().position(|(file, _)| file.key == key) {
            let back = self.left.remove(index).0;
            let gone = self.current.replace(back).map(|file| (file, now));
            self.left.extend(gone);
            return Ok(());
        }
        // While the new file is empty, its writer may still write to the old one.
        if meta.len() == 0 && !self.is_gone() {
            return Ok(());
        }
        self.rotate(now, out)
    }

    /// Reads the rest of the old file, then all files between it and the one that the path leads to, and then that one.
    fn rotate(&mut self, now: Instant, out: &mut Outlet<'_>) -> io::Result<()> {
        let next = FollowedFile::at_start(out.id(), File::open(&self.path)?)?;
        if let Some(current) = self.current.take() {
            self.left.push((current, now));
        }
        for (left, _) in &mut self.left {
            drain_if_there(left, OpenLine::IsComplete, out)?;
        }
        let mut after = self.after.take();
        loop {
            let last = self.left.last().map(|(file, _)| file);
            let since = last.map(|last| last.modified).or(after.take());
            let mut between = self.between(last.map(|last| last.key), since, next.key)?;
            // The copy of a log that is not truncated yet has nothing of its own.
            between = without_copies(between, &next.file)?;
            if between.is_empty() {
                break;
            }
            // Reading takes time, in which the log may be rotated again.
            for file in between {
                self.read_whole(file.file, now, out)?;
            }
        }
        self.current = Some(out.open(&self.log, next)?);
        self.read_current(now, out).map(|_| ())
    }

    fn read_whole(&mut self, file: File, now: Instant, out: &mut Outlet<'_>) -> io::Result<()> {
        let mut file = out.open_new(&self.log, file)?;
        out.drain(&mut file, OpenLine::IsComplete)?;
        self.left.push((file, now));
        Ok(())
    }

    /// Reads the copies of a current file of which nothing was read before it was truncated.
    fn read_between(&mut self, now: Instant, out: &mut Outlet<'_>) -> io::Result<()> {
        let Some((key, since)) = self.current.as_ref().map(|current| (current.key, current.modified)) else {
            return Ok(());
        };
        for copy in self.between(None, Some(since), key)? {
            self.read_whole(copy.file, now, out)?;
        }
        Ok(())
    }

    /// Returns the rotated files that are newer than the file `last` or the time `since`, oldest first; none without a
    /// time. `current` is the file that the path leads to.
    fn between(&self, last: Option<FileKey>, since: Option<u64>, current: FileKey) -> io::Result<Vec<Sibling>> {
        let Some(since) = since else { return Ok(Vec::new()) };
        let mut all = siblings(&self.path)?;
        // If the file has been renamed by now, what is newer than itself comes later.
        all.truncate(all.iter().position(|sibling| sibling.key == current).unwrap_or(all.len()));
        let at = last.and_then(|last| all.iter().position(|sibling| sibling.key == last));
        let mut newer = Vec::new();
        for (index, sibling) in all.into_iter().enumerate() {
            let is_newer = at.map_or(sibling.modified > since, |at| index > at);
            let is_rotated = sibling.kin == Kin::Suffix && sibling.len > 0;
            if is_newer && is_rotated && !self.knows(&sibling.file)? && !self.has_copied(&sibling.file)? {
                newer.push(sibling);
            }
        }
        without_parts(newer)
    }

    /// Begins to read a truncated file from its beginning, after the rest of its copy, if there is one.
    fn begin_again(&mut self, now: Instant, out: &mut Outlet<'_>) -> io::Result<()> {
        let Some(old) = self.current.take() else { return Ok(()) };
        let file = old.file.try_clone()?;
        let next = FollowedFile::at_start(out.id(), old.file.try_clone()?)?;
        let mut rotated = siblings(&self.path)?;
        // If the file was renamed after it was truncated, what is newer than itself comes later.
        rotated.truncate(rotated.iter().position(|sibling| sibling.key == old.key).unwrap_or(rotated.len()));
        rotated.retain(|sibling| sibling.modified >= old.modified && sibling.len > 0);
        let copy = newest_copy(&rotated, &old)?;
        let known = old.read.clone();
        match copy {
            Some(index) => self.finish(&out.read_rest(&old, &rotated[index].file)?, out),
            None => self.finish(&old, out),
        }
        let newer = rotated.into_iter().skip(copy.map_or(0, |index| index + 1));
        let newer = newer.filter(|sibling| sibling.kin == Kin::Suffix).collect();
        // The next copy may be in progress.
        for sibling in without_copies(without_parts(newer)?, &file)? {
            // A file that begins in the same way is an incomplete copy.
            let is_part = known.len > 0 && known.shares_beginning(&sibling.file)?;
            if !is_part && !self.knows(&sibling.file)? {
                self.read_whole(sibling.file, now, out)?;
            }
        }
        self.current = Some(out.open(&self.log, next)?);
        Ok(())
    }

    /// Reads all files to their ends and closes them.
    pub(super) fn end(&mut self, out: &mut Outlet<'_>) -> io::Result<()> {
        let left = std::mem::take(&mut self.left).into_iter().map(|(file, _)| file);
        for mut file in left.chain(self.current.take()) {
            out.drain(&mut file, OpenLine::IsComplete)?;
            out.close(&file);
        }
        Ok(())
    }

    /// Closes the files that have been left long enough.
    fn retire(&mut self, now: Instant, out: &mut Outlet<'_>) -> io::Result<()> {
        let n_many = self.left.len().saturating_sub(MAX_LEFT);
        let is_over = |(index, (_, since)): (usize, &(FollowedFile, Instant))| {
            index < n_many || now.saturating_duration_since(*since) >= LINGER
        };
        let over: Vec<usize> =
            self.left.iter().enumerate().filter(|one| is_over(*one)).map(|(index, _)| index).collect();
        for index in over.into_iter().rev() {
            drain_if_there(&mut self.left[index].0, OpenLine::IsComplete, out)?;
            let (file, _) = self.left.remove(index);
            self.finish(&file, out);
        }
        Ok(())
    }

    fn finish(&mut self, file: &FollowedFile, out: &mut Outlet<'_>) {
        out.close(file);
        // Every file begins with nothing.
        if file.read.len == 0 {
            return;
        }
        let place = SavedFile { log: self.path.clone(), role: Role::Finished, ..file.place(0, 0) };
        self.finished.push_back(place);
        self.finished.drain(..self.finished.len().saturating_sub(MAX_FINISHED));
    }

    /// Returns the places reached. `unread` returns how many bytes and line ends of a file are to be returned again.
    pub(super) fn places(&self, unread: &dyn Fn(FileId) -> (u64, u64)) -> Vec<SavedFile> {
        let mut places: Vec<SavedFile> = self.finished.iter().cloned().collect();
        for file in self.files() {
            let is_current = self.current.as_ref().is_some_and(|current| current.id == file.id);
            let role = if is_current { Role::Current } else { Role::Left };
            let (bytes, lines) = unread(file.id);
            places.push(SavedFile { log: self.path.clone(), role, ..file.place(bytes, lines) });
        }
        places
    }

    /// Continues at the places that were saved for this log. A file that was left counts as left for as long as nothing was
    /// added to it before `time`, in nanoseconds since 1970: else it would never be finished by runs that read once and end.
    pub(super) fn resume(
        &mut self,
        saved: Vec<SavedFile>,
        now: Instant,
        time: u64,
        out: &mut Outlet<'_>,
    ) -> io::Result<()> {
        for place in saved {
            if place.role == Role::Finished {
                self.finished.push_back(place);
                continue;
            }
            match (self.find(&place, out.id())?, place.role) {
                (Some(file), Role::Current) => self.current = Some(out.open(&self.log, file)?),
                (Some(file), _) => {
                    let file = out.open(&self.log, file)?;
                    let unchanged = Duration::from_nanos(time.saturating_sub(file.modified));
                    let since = now.checked_sub(unchanged.min(LINGER)).unwrap_or(now);
                    self.left.push((file, since));
                }
                (None, Role::Current) => self.lose(&place, out),
                (None, _) => {}
            }
        }
        Ok(())
    }

    fn lose(&mut self, place: &SavedFile, out: &mut Outlet<'_>) {
        self.after = Some(place.modified);
        if place.read > 0 {
            let name = &self.log.name;
            (out.emit)(Event::Problem(format!(
                "{name} was replaced while nobody watched it, and its old content cannot be found: what it contained after \
                 line {} is lost",
                place.line - 1
            )));
        }
    }

    /// Finds the file of `place`, by device and inode, else by its content, and follows it as `id`.
    fn find(&self, place: &SavedFile, id: FileId) -> io::Result<Option<FollowedFile>> {
        let mut candidates = Vec::new();
        if let Ok(file) = File::open(&self.path) {
            let meta = file.metadata()?;
            candidates.push((FileKey::of(&meta), modified(&meta), file));
        }
        let rotated = siblings(&self.path).unwrap_or_default().into_iter();
        candidates.extend(rotated.map(|sibling| (sibling.key, sibling.modified, sibling.file)));
        candidates.retain(|(key, modified, _)| *key == place.key || (place.read > 0 && *modified >= place.modified));
        candidates.sort_by_key(|(key, modified, _)| (*key == place.key, *modified));
        for (_, _, file) in candidates.into_iter().rev() {
            if let Some(found) = FollowedFile::at_place(id, file, place)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// Reads `file` to its end, unless its handle is stale.
fn drain_if_there(file: &mut FollowedFile, open_line: OpenLine, out: &mut Outlet<'_>) -> io::Result<()> {
    match out.drain(file, open_line) {
        Err(error) if !is_stale(&error) => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Leaves out the files that a later one begins with: copies that were broken off.
fn without_parts(files: Vec<Sibling>) -> io::Result<Vec<Sibling>> {
    let mut whole: Vec<Sibling> = Vec::new();
    for file in files {
        if let Some(last) = whole.last()
            && is_copied(&file.file, &last.file)?
        {
            whole.pop();
        }
        whole.push(file);
    }
    Ok(whole)
}

/// Leaves out the files that `current` begins with: copies of it, whole or not.
fn without_copies(files: Vec<Sibling>, current: &File) -> io::Result<Vec<Sibling>> {
    let mut others = Vec::new();
    for sibling in files {
        if !is_copied(current, &sibling.file)? {
            others.push(sibling);
        }
    }
    Ok(others)
}

/// Returns the index of the newest of `rotated` that begins with the bytes that were read of `old`.
fn newest_copy(rotated: &[Sibling], old: &FollowedFile) -> io::Result<Option<usize>> {
    for (index, sibling) in rotated.iter().enumerate().rev() {
        if old.read.len > 0 && sibling.len >= old.read.len && old.read.begins(&sibling.file)? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}
