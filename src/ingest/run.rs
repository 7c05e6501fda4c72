//! One ingest: the manifest before, the files now, and the changes that lead from one to the other.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use rayon::prelude::*;

use super::read::{Outcome, read};
use super::walk::{Candidate, Walk};
use super::{IngestReport, Inputs, Progress, head_after, name_of};
use crate::article::Article;
use crate::book;
use crate::store::{Fate, FileEntry, Head, Store, StoreError, Writer};

/// Files read and parsed at a time: enough to keep all cores busy, few enough to hold.
const BATCH_FILES: usize = 256;

/// Bytes of files read at a time, but for a single larger file.
const BATCH_BYTES: u64 = 8 << 20;

/// A modification time this much older than the last ingest can be trusted: coarser than any file system's clock.
const CLOCK_GRAIN_MS: i64 = 2_000;

/// Files with new times and old content are read again by every ingest, until so many of them make a commit worth while.
const MANY_TOUCHED: usize = 500;

/// How an ingest ended.
pub(super) enum Applied {
    /// All changes are committed.
    Done(IngestReport),
    /// The store is no longer the one that the run was planned for.
    Overtaken,
}

/// Why a step of a run ended early.
enum Stop {
    /// As [`Applied::Overtaken`].
    Overtaken,
    Failed(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Failed(error)
    }
}

/// Whether a batch is of files that may have changed, or of files to be put again although they have not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Changes,
    Again,
}

/// What to do, and the manifest as it will be.
pub(super) struct Run<'a> {
    inputs: &'a Inputs,
    walk: &'a Walk,
    head: Head,
    manifest: BTreeMap<String, FileEntry>,
    /// Paths that hold an article, by its id.
    holders: HashMap<String, String>,
    to_read: Vec<&'a Candidate>,
    gone: Vec<String>,
    report: IngestReport,
}

impl<'a> Run<'a> {
    pub(super) fn new(entries: Vec<FileEntry>, head: Head, inputs: &'a Inputs, walk: &'a Walk) -> Self {
        let manifest: BTreeMap<String, FileEntry> =
            entries.into_iter().map(|entry| (entry.path.clone(), entry)).collect();
        let holders = manifest.values().filter_map(|entry| Some((held_id(entry)?.to_owned(), entry.path.clone())));
        let to_read = walk.files.iter().filter(|candidate| !is_trusted(candidate, &manifest, &head)).collect();
        Run {
            holders: holders.collect(),
            gone: gone(&manifest, inputs, walk),
            to_read,
            manifest,
            head,
            inputs,
            walk,
            report: IngestReport::default(),
        }
    }

    /// Reads, parses and commits what changed.
    pub(super) fn apply(self, store: &mut Store, progress: &dyn Fn(Progress)) -> Result<Applied, StoreError> {
        match self.try_apply(store, progress) {
            Ok(report) => Ok(Applied::Done(report)),
            Err(Stop::Overtaken) => Ok(Applied::Overtaken),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    fn try_apply(mut self, store: &mut Store, progress: &dyn Fn(Progress)) -> Result<IngestReport, Stop> {
        let planned_for = self.head.clone();
        let mut changes = Changes { store: Some(store), writer: None, planned_for: &planned_for };
        for path in std::mem::take(&mut self.gone) {
            self.remove(&path, changes.writer()?);
            self.report.removed += 1;
        }
        let to_read = std::mem::take(&mut self.to_read);
        let total = self.walk.files.len() as u64;
        let mut done = total - to_read.len() as u64;
        self.report.unchanged = done;
        let mut touched = Vec::new();
        for batch in batches(&to_read) {
            let unchanged = self.read_batch(batch, Reading::Changes, &mut changes)?;
            self.report.unchanged += unchanged.len() as u64;
            touched.extend(unchanged.into_iter().filter(|candidate| self.has_new_stat(candidate)));
            done += batch.len() as u64;
            progress(Progress { done, total });
        }
        if changes.is_some() || touched.len() >= MANY_TOUCHED {
            self.read_again(&touched, &mut changes)?;
        }
        let orphans = self.orphans();
        self.read_again(&orphans.iter().collect::<Vec<_>>(), &mut changes)?;
        let head = head_after(&self.head, self.inputs, self.walk, self.manifest.len(), self.holders.len());
        if (&head.roots, &head.book) != (&self.head.roots, &self.head.book) {
            changes.writer()?;
        }
        changes.commit(head)?;
        Ok(self.finished_report())
    }

    fn read_again(&mut self, files: &[&Candidate], changes: &mut Changes) -> Result<(), Stop> {
        for batch in batches(files) {
            self.read_batch(batch, Reading::Again, changes)?;
        }
        Ok(())
    }

    /// Reads a batch on all cores and takes it over in order. Returns the files whose content is as it was.
    fn read_batch<'c>(
        &mut self,
        batch: &[&'c Candidate],
        reading: Reading,
        changes: &mut Changes,
    ) -> Result<Vec<&'c Candidate>, Stop> {
        let manifest = &self.manifest;
        let read_one = |candidate: &&Candidate| {
            read(candidate, manifest.get(&name_of(&candidate.path)), reading == Reading::Again)
        };
        let outcomes: Vec<Outcome> = batch.par_iter().map(read_one).collect();
        let mut unchanged = Vec::new();
        for (candidate, outcome) in batch.iter().zip(outcomes) {
            let path = name_of(&candidate.path);
            let (hash, parsed) = match outcome {
                Outcome::Unchanged => {
                    unchanged.push(*candidate);
                    continue;
                }
                Outcome::Unreadable(reason) => {
                    self.report.skipped.push((path, reason));
                    continue;
                }
                Outcome::NoArticle { hash, reason } => (hash, Err(reason)),
                Outcome::Article { hash, article, text } => (hash, Ok((article, text))),
            };
            if reading == Reading::Changes {
                self.count_change(&path);
            }
            let writer = changes.writer()?;
            self.remove(&path, writer);
            match parsed {
                Err(reason) => self.put_file(candidate, hash, Fate::Skipped { reason }, writer)?,
                Ok((article, text)) => self.put_article(candidate, hash, &article, &text, writer)?,
            }
        }
        Ok(unchanged)
    }

    fn count_change(&mut self, path: &str) {
        match self.manifest.contains_key(path) {
            true => self.report.changed += 1,
            false => self.report.added += 1,
        }
    }

    /// Holds the article, unless a file that comes first has the same one. A holder that comes later gives way.
    fn put_article(
        &mut self,
        candidate: &Candidate,
        hash: u64,
        article: &Article,
        text: &str,
        writer: &mut Writer,
    ) -> Result<(), StoreError> {
        let path = name_of(&candidate.path);
        let (id, layout) = (article.id.clone(), article.layout);
        if let Some(holder) = self.holders.get(&id).cloned() {
            if precedence(&holder) < precedence(&path) {
                return self.put_file(candidate, hash, Fate::Duplicate { id, layout }, writer);
            }
            self.give_way(&holder, writer)?;
        }
        let diagnostics = article.diagnostics.iter().map(|found| found.code.to_owned()).collect();
        let entry = entry_of(candidate, hash, Fate::Article { id: id.clone(), layout, diagnostics });
        writer.put_article(&entry, article, text)?;
        self.holders.insert(id, path.clone());
        self.manifest.insert(path, entry);
        Ok(())
    }

    /// Makes the holder of an article the duplicate of one that comes first.
    fn give_way(&mut self, holder: &str, writer: &mut Writer) -> Result<(), StoreError> {
        let Some(FileEntry { fate: Fate::Article { id, layout, .. }, .. }) = self.manifest.get(holder) else {
            return Ok(());
        };
        let fate = Fate::Duplicate { id: id.clone(), layout: *layout };
        let entry = FileEntry { fate, ..self.manifest[holder].clone() };
        self.remove(holder, writer);
        writer.put_file(&entry)?;
        self.manifest.insert(holder.to_owned(), entry);
        Ok(())
    }

    fn put_file(
        &mut self,
        candidate: &Candidate,
        hash: u64,
        fate: Fate,
        writer: &mut Writer,
    ) -> Result<(), StoreError> {
        let entry = entry_of(candidate, hash, fate);
        writer.put_file(&entry)?;
        self.manifest.insert(entry.path.clone(), entry);
        Ok(())
    }

    /// Removes what the file gave, in any state of the manifest: a document too many would be found for ever.
    fn remove(&mut self, path: &str, writer: &mut Writer) {
        writer.remove(path);
        if let Some(id) = self.manifest.remove(path).as_ref().and_then(held_id) {
            self.holders.remove(id);
        }
    }

    fn has_new_stat(&self, candidate: &Candidate) -> bool {
        self.manifest.get(&name_of(&candidate.path)).is_some_and(|entry| entry.stat != candidate.stat)
    }

    /// Files whose article another file gave, which that file no longer does; also such as this run did not look at.
    fn orphans(&self) -> Vec<Candidate> {
        let orphaned = self.manifest.values().filter(|entry| match &entry.fate {
            Fate::Duplicate { id, .. } => !self.holders.contains_key(id),
            Fate::Article { .. } | Fate::Skipped { .. } => false,
        });
        let walked = |path: &str| self.walk.files.iter().find(|candidate| name_of(&candidate.path) == path).cloned();
        orphaned
            .filter_map(|entry| walked(&entry.path).or_else(|| Candidate::seen_before(&entry.path, &entry.collection)))
            .collect()
    }

    fn finished_report(mut self) -> IngestReport {
        let report = &mut self.report;
        report.files = self.walk.files.len() as u64;
        for place in &self.walk.unreadable {
            let skipped = (name_of(&place.path), place.reason.clone());
            if self.inputs.roots.contains(&place.path) {
                report.unreadable_roots.push(skipped.clone());
            }
            report.skipped.push(skipped);
        }
        for candidate in &self.walk.files {
            let Some(entry) = self.manifest.get(&name_of(&candidate.path)) else { continue };
            match &entry.fate {
                Fate::Article { layout, diagnostics, .. } => {
                    report.articles += 1;
                    *report.layouts.entry(layout.name()).or_default() += 1;
                    for code in diagnostics {
                        *report.diagnostics.entry(code.clone()).or_default() += 1;
                    }
                }
                Fate::Duplicate { .. } => report.duplicates += 1,
                Fate::Skipped { reason } => report.skipped.push((entry.path.clone(), reason.clone())),
            }
        }
        report.skipped.sort_unstable();
        self.report
    }
}

/// The writer, taken when the first change is found: an ingest without changes takes no lock and writes nothing.
struct Changes<'s, 'h> {
    store: Option<&'s mut Store>,
    writer: Option<Writer<'s>>,
    planned_for: &'h Head,
}

impl<'s> Changes<'s, '_> {
    fn writer(&mut self) -> Result<&mut Writer<'s>, Stop> {
        if let Some(store) = self.store.take() {
            self.writer = Some(store.writer()?);
        }
        let planned_for = self.planned_for;
        let current = self.writer.as_mut().filter(|writer| writer.store().head() == planned_for);
        current.ok_or(Stop::Overtaken)
    }

    fn is_some(&self) -> bool {
        self.writer.is_some()
    }

    fn commit(self, head: Head) -> Result<(), StoreError> {
        self.writer.map_or(Ok(()), |writer| writer.commit(head))
    }
}

/// Cuts `files` into batches of bounded number and size.
fn batches<'f, 'c>(files: &'f [&'c Candidate]) -> impl Iterator<Item = &'f [&'c Candidate]> {
    let mut rest = files;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = rest.iter().take(BATCH_FILES).take_while(|candidate| {
            bytes += candidate.bytes;
            bytes <= BATCH_BYTES
        });
        let len = fits.count().max(1).min(rest.len());
        let (batch, after) = rest.split_at(len);
        rest = after;
        (!batch.is_empty()).then_some(batch)
    })
}

fn entry_of(candidate: &Candidate, hash: u64, fate: Fate) -> FileEntry {
    FileEntry {
        path: name_of(&candidate.path),
        collection: candidate.collection.clone(),
        stat: candidate.stat,
        hash,
        fate,
    }
}

fn held_id(entry: &FileEntry) -> Option<&str> {
    match &entry.fate {
        Fate::Article { id, .. } => Some(id),
        Fate::Duplicate { .. } | Fate::Skipped { .. } => None,
    }
}

/// Of several files with one article, the least of these holds it: one's own before the book, then by path.
fn precedence(path: &str) -> (bool, &str) {
    (path.starts_with(book::PREFIX), path)
}

fn is_trusted(candidate: &Candidate, manifest: &BTreeMap<String, FileEntry>, head: &Head) -> bool {
    let old_enough = candidate.modified_ms.saturating_add(CLOCK_GRAIN_MS) < head.started_ms;
    old_enough && manifest.get(&name_of(&candidate.path)).is_some_and(|entry| entry.stat == candidate.stat)
}

/// Paths of the manifest that are no longer there: only below roots of this run that could be looked at, unless pruning.
fn gone(manifest: &BTreeMap<String, FileEntry>, inputs: &Inputs, walk: &Walk) -> Vec<String> {
    let seen: HashSet<String> = walk.files.iter().map(|candidate| name_of(&candidate.path)).collect();
    let hidden = |path: &Path| walk.unreadable.iter().any(|place| path.starts_with(&place.path));
    let is_gone = |path: &str| {
        let file = Path::new(path);
        let ours = inputs.roots.iter().any(|root| file.starts_with(root));
        !seen.contains(path) && !hidden(file) && (ours || inputs.prune || path.starts_with(book::PREFIX))
    };
    manifest.keys().filter(|path| is_gone(path)).cloned().collect()
}
