//! One ingest: the manifest before, the files now, and the changes that lead from one to the other.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::read::{Outcome, read};
use super::walk::{Candidate, Walk};
use super::{IngestReport, Inputs, Progress, head_after, name_of};
use crate::book;
use crate::store::{Fate, FileEntry, Head, Store, StoreError, Writer};

/// Files read and parsed at a time: enough to keep all cores busy, few enough to hold.
const BATCH: usize = 256;

/// A modification time this much older than the last ingest can be trusted: coarser than any file system's clock.
const CLOCK_GRAIN_MS: i64 = 2_000;

/// How an ingest ended.
pub(super) enum Applied {
    /// All changes are committed.
    Done(IngestReport),
    /// The store is no longer the one that the run was planned for.
    Overtaken,
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
    pub(super) fn apply(mut self, store: &mut Store, progress: &dyn Fn(Progress)) -> Result<Applied, StoreError> {
        let planned_for = self.head.clone();
        let mut changes = Changes { store: Some(store), writer: None, planned_for: &planned_for };
        for path in std::mem::take(&mut self.gone) {
            let Some(writer) = changes.writer()? else { return Ok(Applied::Overtaken) };
            self.forget(&path, writer);
        }
        let total = self.walk.files.len() as u64;
        let mut done = total - self.to_read.len() as u64;
        self.report.unchanged = done;
        for batch in std::mem::take(&mut self.to_read).chunks(BATCH) {
            if !self.read_batch(batch, false, &mut changes)? {
                return Ok(Applied::Overtaken);
            }
            done += batch.len() as u64;
            progress(Progress { done, total });
        }
        let orphans = self.orphans();
        for batch in orphans.chunks(BATCH) {
            if !self.read_batch(batch, true, &mut changes)? {
                return Ok(Applied::Overtaken);
            }
        }
        let head = head_after(&self.head, self.inputs, self.manifest.len(), self.holders.len());
        if changes.is_none() && !same_inputs(&head, &self.head) && changes.writer()?.is_none() {
            return Ok(Applied::Overtaken);
        }
        changes.commit(head)?;
        Ok(Applied::Done(self.finished_report()))
    }

    /// Reads a batch on all cores and takes it over in order. `false` when the store was changed by someone else.
    fn read_batch(&mut self, batch: &[&Candidate], force: bool, changes: &mut Changes) -> Result<bool, StoreError> {
        let manifest = &self.manifest;
        let outcomes: Vec<Outcome> =
            batch.par_iter().map(|candidate| read(candidate, manifest.get(&name_of(&candidate.path)), force)).collect();
        for (candidate, outcome) in batch.iter().zip(outcomes) {
            let path = name_of(&candidate.path);
            match outcome {
                Outcome::Unchanged => self.report.unchanged += 1,
                Outcome::Unreadable(reason) => self.report.skipped.push((path, reason)),
                Outcome::NoArticle { .. } | Outcome::Article { .. } => {
                    let Some(writer) = changes.writer()? else { return Ok(false) };
                    if !force {
                        self.count_change(&path);
                    }
                    self.put(candidate, path, outcome, writer)?;
                }
            }
        }
        Ok(true)
    }

    fn count_change(&mut self, path: &str) {
        match self.manifest.contains_key(path) {
            true => self.report.changed += 1,
            false => self.report.added += 1,
        }
    }

    fn put(
        &mut self,
        candidate: &Candidate,
        path: String,
        outcome: Outcome,
        writer: &mut Writer,
    ) -> Result<(), StoreError> {
        if self.manifest.contains_key(&path) {
            self.remove(&path, writer);
        }
        let entry = |hash, fate| FileEntry {
            path: path.clone(),
            collection: candidate.collection.clone(),
            stat: candidate.stat,
            hash,
            fate,
        };
        let entry = match outcome {
            Outcome::Unchanged | Outcome::Unreadable(_) => return Ok(()),
            Outcome::NoArticle { hash, reason } => entry(hash, Fate::Skipped { reason }),
            Outcome::Article { hash, article, text } => {
                let (id, layout) = (article.id.clone(), article.layout);
                if self.holders.contains_key(&id) {
                    entry(hash, Fate::Duplicate { id, layout })
                } else {
                    self.holders.insert(id.clone(), path.clone());
                    let diagnostics = article.diagnostics.iter().map(|found| found.code.to_owned()).collect();
                    let entry = entry(hash, Fate::Article { id, layout, diagnostics });
                    writer.put_article(&entry, &article, &text)?;
                    self.manifest.insert(path, entry);
                    return Ok(());
                }
            }
        };
        writer.put_file(&entry)?;
        self.manifest.insert(path, entry);
        Ok(())
    }

    fn forget(&mut self, path: &str, writer: &mut Writer) {
        self.remove(path, writer);
        self.report.removed += 1;
    }

    fn remove(&mut self, path: &str, writer: &mut Writer) {
        writer.remove(path);
        if let Some(id) = self.manifest.remove(path).as_ref().and_then(held_id) {
            self.holders.remove(id);
        }
    }

    /// Files whose article another file gave, which that file no longer does.
    fn orphans(&self) -> Vec<&'a Candidate> {
        let orphan =
            |candidate: &&Candidate| match self.manifest.get(&name_of(&candidate.path)).map(|entry| &entry.fate) {
                Some(Fate::Duplicate { id, .. }) => !self.holders.contains_key(id),
                Some(Fate::Article { .. } | Fate::Skipped { .. }) | None => false,
            };
        self.walk.files.iter().filter(orphan).collect()
    }

    fn finished_report(mut self) -> IngestReport {
        let report = &mut self.report;
        report.files = self.walk.files.len() as u64;
        for place in &self.walk.unreadable {
            report.unreadable_roots += u64::from(self.inputs.roots.contains(&place.path));
            report.skipped.push((name_of(&place.path), place.reason.clone()));
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
    /// `None` when the store is no longer the one that was planned for.
    fn writer(&mut self) -> Result<Option<&mut Writer<'s>>, StoreError> {
        if let Some(store) = self.store.take() {
            self.writer = Some(store.writer()?);
        }
        let planned_for = self.planned_for;
        Ok(self.writer.as_mut().filter(|writer| writer.store().head() == planned_for))
    }

    fn is_none(&self) -> bool {
        self.writer.is_none()
    }

    fn commit(self, head: Head) -> Result<(), StoreError> {
        self.writer.map_or(Ok(()), |writer| writer.commit(head))
    }
}

fn held_id(entry: &FileEntry) -> Option<&str> {
    match &entry.fate {
        Fate::Article { id, .. } => Some(id),
        Fate::Duplicate { .. } | Fate::Skipped { .. } => None,
    }
}

fn is_trusted(candidate: &Candidate, manifest: &BTreeMap<String, FileEntry>, head: &Head) -> bool {
    let old_enough = candidate.modified_ms.saturating_add(CLOCK_GRAIN_MS) < head.started_ms;
    old_enough && manifest.get(&name_of(&candidate.path)).is_some_and(|entry| entry.stat == candidate.stat)
}

/// Paths of the manifest that are no longer there: only below roots of this run that could be looked at, unless pruning.
fn gone(manifest: &BTreeMap<String, FileEntry>, inputs: &Inputs, walk: &Walk) -> Vec<String> {
    let seen: HashSet<String> = walk.files.iter().map(|candidate| name_of(&candidate.path)).collect();
    let hidden = |path: &std::path::Path| walk.unreadable.iter().any(|place| path.starts_with(&place.path));
    let is_gone = |path: &str| {
        let file = std::path::Path::new(path);
        let ours = inputs.roots.iter().any(|root| file.starts_with(root));
        !seen.contains(path) && !hidden(file) && (ours || inputs.prune || path.starts_with(book::PREFIX))
    };
    manifest.keys().filter(|path| is_gone(path)).cloned().collect()
}

/// Whether two heads come from the same roots and book, so that there is no need to write the second.
fn same_inputs(a: &Head, b: &Head) -> bool {
    (&a.roots, &a.book) == (&b.roots, &b.book)
}
