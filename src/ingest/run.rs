//! One ingest: reads the files that the plan lists, and puts the articles that it finds into the store.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::commit::info_after;
use super::ids::{Claim, claim};
use super::inputs::Inputs;
use super::ledger::{Ledger, container_of};
use super::plan::{IngestPlan, Job, Reading, plan};
use super::read::{NamedArticle, ReadOutcome, read, read_again};
use super::report::{Counts, IngestReport, Progress, report};
use super::walk::{InputFile, Walk, below_container, name_below, name_of};
use crate::article::{self, Place};
use crate::book;
use crate::store::{
    ArticleName, CommitInfo, FileEntry, FileOutcome, FileStat, MEMBER, NamedBy, Store, StoreError, Writer, WriterMemory,
};

/// Most texts read and parsed at a time: enough to keep all cores busy, few enough for the memory.
pub(super) const BATCH_TEXTS: usize = 256;

/// From this many files with new times but unchanged content on, their new times are committed. With fewer, the commit
/// would cost more than reading them again at every ingest.
const MANY_TOUCHED: usize = 500;

/// How an ingest ended.
pub(super) enum Applied {
    /// All changes are committed.
    Done(IngestReport),
    /// Another process has committed since the run was planned.
    Overtaken,
}

/// Why a step of a run ended early.
pub(super) enum Stop {
    /// See [`Applied::Overtaken`].
    Overtaken,
    Failed(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Failed(error)
    }
}

/// Reads, parses and commits what changed since the newest commit of `store`.
pub(super) fn run(
    store: &mut Store,
    inputs: &Inputs,
    walk: &Walk,
    progress: &dyn Fn(Progress),
) -> Result<Applied, StoreError> {
    let head = store.head().clone();
    let mut ledger = Ledger::new(store.index().manifest()?);
    let plan = plan(inputs, walk, &head, &mut ledger);
    let began_empty = store.index().is_empty();
    let changes =
        Changes { store: Some(store), writer: None, memory: inputs.memory.writer, planned_for: &head, began_empty };
    let mut run = IngestRun {
        inputs,
        roots: known_roots(inputs, &head),
        ledger,
        changes,
        counts: Counts::default(),
        displaced: BTreeSet::new(),
        gone: HashMap::new(),
        progress,
        done: Progress::default(),
    };
    match run.apply(plan).and_then(|()| run.commit(walk)) {
        Ok(report) => Ok(Applied::Done(report)),
        Err(Stop::Overtaken) => Ok(Applied::Overtaken),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// The state of a run.
pub(super) struct IngestRun<'a> {
    pub(super) inputs: &'a Inputs,
    /// All roots, with their collections: those of this run and those ingested before.
    roots: Vec<(PathBuf, String)>,
    pub(super) ledger: Ledger,
    changes: Changes<'a>,
    pub(super) counts: Counts,
    /// Paths of files whose id went to a file of higher precedence. They are read again for another id.
    displaced: BTreeSet<String>,
    /// The ids of articles whose files are gone, by the hash of the file. A file of the same content is the same article
    /// under another path.
    gone: HashMap<u64, Vec<String>>,
    progress: &'a dyn Fn(Progress),
    done: Progress,
}

/// Where a text comes from.
#[derive(Debug, Clone)]
pub(super) struct TextOrigin {
    pub(super) path: String,
    pub(super) collection: String,
    pub(super) stat: FileStat,
}

impl<'a> IngestRun<'a> {
    fn apply(&mut self, plan: IngestPlan<'a>) -> Result<(), Stop> {
        self.counts.unchanged = plan.unchanged;
        for path in &plan.gone {
            self.remove_gone(path)?;
        }
        self.done.total_bytes = plan.to_read.iter().map(|job| job.file.bytes).sum();
        let mut touched = Vec::new();
        for batch in batches(&plan.to_read, self.inputs.memory.batch_bytes) {
            touched.extend(self.read_files(batch)?);
        }
        if self.changes.are_some() || touched.len() >= MANY_TOUCHED {
            self.renew(touched)?;
        }
        self.settle_ids()
    }

    /// Reads the files again that need an id or can have a better one. This may take an id from a third file, until each
    /// has its own.
    fn settle_ids(&mut self) -> Result<(), Stop> {
        loop {
            let mut unsettled = self.ledger.orphans();
            let displaced = std::mem::take(&mut self.displaced);
            let entries = displaced.iter().filter_map(|path| self.ledger.get(path));
            // Others were read since.
            let waiting = entries.filter(|entry| matches!(entry.outcome, FileOutcome::Duplicate { .. }));
            unsettled.extend(waiting.map(FileEntry::into_owned));
            if unsettled.is_empty() {
                return Ok(());
            }
            self.read_again(unsettled)?;
        }
    }

    /// Commits if anything changed, and returns the report.
    fn commit(self, walk: &Walk) -> Result<IngestReport, Stop> {
        let IngestRun { inputs, ledger, mut changes, counts, .. } = self;
        let mut head = info_after(changes.planned_for, inputs, walk);
        if (CommitInfo { started_ms: changes.planned_for.started_ms, ..head.clone() }) != *changes.planned_for {
            changes.writer()?;
        }
        if changes.are_some() {
            (head.files, head.articles) = ledger.counts();
        }
        changes.commit(head)?;
        Ok(report(inputs, walk, &ledger, counts))
    }

    /// Reads a batch on all cores and takes the results in order. Returns the entries of the files whose attributes
    /// changed but whose content did not, with the new attributes.
    fn read_files(&mut self, batch: &[Job<'a>]) -> Result<Vec<FileEntry<'static>>, Stop> {
        let (ledger, fields) = (&self.ledger, &self.inputs.fields);
        let read_one = |job: &Job<'_>| read(job.file, fields, known_hash(ledger, &job.file.name(), job.reading));
        let outcomes: Vec<ReadOutcome> = batch.par_iter().map(read_one).collect();
        let mut touched = Vec::new();
        for (job, outcome) in batch.iter().zip(outcomes) {
            let file = job.file;
            let bytes_before = self.done.bytes;
            match outcome {
                ReadOutcome::Container(container) => self.read_container(file, container, job.reading)?,
                outcome => {
                    self.leave_container(&file.name())?;
                    self.take(origin_of(file), outcome)?;
                }
            }
            self.advance(bytes_before + file.bytes);
            let now = self.ledger.get(&file.name()).filter(|entry| entry.stat != file.stat);
            touched.extend(now.map(|entry| FileEntry { stat: file.stat, ..entry.into_owned() }));
        }
        Ok(touched)
    }

    /// Reports that `bytes` of all bytes to read have been read.
    pub(super) fn advance(&mut self, bytes: u64) {
        self.done.bytes = bytes;
        (self.progress)(self.done);
    }

    /// Puts the outcome of reading a text into the store, and counts it as added, changed, unchanged or unreadable.
    pub(super) fn take(&mut self, origin: TextOrigin, outcome: ReadOutcome) -> Result<(), Stop> {
        self.done.texts += 1;
        let before = self.ledger.get(&origin.path).map(FileEntry::into_owned);
        let hash = match &outcome {
            ReadOutcome::Article { hash, .. } | ReadOutcome::NoArticle { hash, .. } => *hash,
            ReadOutcome::Unreadable(reason) => {
                self.counts.unreadable.push((origin.path, reason.clone()));
                return Ok(());
            }
            ReadOutcome::Same => {
                self.counts.unchanged += 1;
                return Ok(());
            }
            ReadOutcome::Container(_) => unreachable!("members are taken one by one"),
        };
        match &before {
            None => self.counts.added.push(hash),
            Some(entry) if entry.hash == hash => self.counts.unchanged += 1,
            Some(_) => self.counts.changed += 1,
        }
        self.put(origin, before.as_ref(), outcome)
    }

    /// Removes the entry of a file that cannot be read now, so that the next ingest treats it as new.
    pub(super) fn forget(&mut self, path: &str) -> Result<(), Stop> {
        self.remove(path)
    }

    pub(super) fn put(
        &mut self,
        origin: TextOrigin,
        before: Option<&FileEntry<'_>>,
        outcome: ReadOutcome,
    ) -> Result<(), Stop> {
        match outcome {
            ReadOutcome::NoArticle { hash, reason } => {
                let entry = entry_of(origin, hash, FileOutcome::Skipped { reason: reason.into() });
                match before == Some(&entry) {
                    true => Ok(()),
                    false => self.put_file(entry),
                }
            }
            ReadOutcome::Article { hash, named, text } => self.put_article(origin, hash, *named, &text),
            ReadOutcome::Unreadable(_) | ReadOutcome::Same | ReadOutcome::Container(_) => Ok(()),
        }
    }

    /// Puts the article, unless a file of higher precedence contains it: then this file becomes a duplicate.
    fn put_article(&mut self, origin: TextOrigin, hash: u64, mut named: NamedArticle, text: &str) -> Result<(), Stop> {
        let former = self.former_ids(&origin.path, hash);
        self.remove(&origin.path)?;
        let asked = named.article.id.clone();
        let (layout, named_by) = (named.article.layout, named.by);
        let name = |id: String, former: &[String]| ArticleName {
            id: id.into(),
            asked: asked.clone().into(),
            former: former.join("\n").into(),
            layout,
            named_by,
        };
        let id = match claim(&mut self.ledger, &origin.path, hash, &named) {
            Claim::Duplicate => {
                let outcome = FileOutcome::Duplicate { name: name(asked.clone(), &former) };
                return self.put_file(entry_of(origin, hash, outcome));
            }
            Claim::Free(id) => id,
            Claim::TakenOver { id, same } => {
                self.give_way(&same)?;
                id
            }
            Claim::Displaced { id, other } => {
                self.give_way(&other)?;
                self.displaced.insert(other);
                id
            }
        };
        let former: Vec<String> = former.into_iter().filter(|old| *old != id).collect();
        let article = &mut named.article;
        article.id.clone_from(&id);
        article::add_aliases(article, former.iter().map(String::as_str));
        let codes: Vec<&str> = article.diagnostics.iter().map(|found| found.code).collect();
        // An included file may change while this one does not, so its attributes are never trusted.
        let stat = if named.has_includes { FileStat(0) } else { origin.stat };
        let origin = TextOrigin { stat, ..origin };
        let outcome = FileOutcome::Article { name: name(id, &former), codes: codes.join(",").into() };
        let entry = entry_of(origin, hash, outcome);
        self.changes.writer()?.put_article(&entry, &named.article, text, named.place.path())?;
        self.ledger.put(&entry);
        Ok(())
    }

    /// The ids that the article of the file at `path` had before, if they came from paths: those that its entry lists,
    /// and those of a file of the same content that is gone.
    fn former_ids(&mut self, path: &str, hash: u64) -> Vec<String> {
        match self.ledger.get(path) {
            Some(entry) => entry.name().map_or_else(Vec::new, |name| name.former.lines().map(str::to_owned).collect()),
            None => self.gone.remove(&hash).unwrap_or_default(),
        }
    }

    /// Makes the holder of an article a duplicate of the file that now has precedence.
    fn give_way(&mut self, holder: &str) -> Result<(), Stop> {
        let Some(entry) = self.ledger.get(holder).map(FileEntry::into_owned) else { return Ok(()) };
        match entry.outcome {
            FileOutcome::Article { name, .. } => {
                self.put_file(FileEntry { outcome: FileOutcome::Duplicate { name }, ..entry })
            }
            FileOutcome::Duplicate { .. } | FileOutcome::Skipped { .. } | FileOutcome::Container { .. } => Ok(()),
        }
    }

    /// Puts an entry without an article. It replaces the entry that the file had, and the article if it held one.
    pub(super) fn put_file(&mut self, entry: FileEntry<'static>) -> Result<(), Stop> {
        self.remove(&entry.path)?;
        self.changes.writer()?.put_file(&entry)?;
        self.ledger.put(&entry);
        Ok(())
    }

    /// Removes what the file provided, even if the manifest does not list it: a document left in the index would be
    /// found for ever. An index that was empty has none, and every removal is remembered until the commit.
    fn remove(&mut self, path: &str) -> Result<(), Stop> {
        let is_new = self.changes.began_empty && self.ledger.get(path).is_none();
        let writer = self.changes.writer()?;
        if !is_new {
            writer.remove(path);
        }
        self.ledger.remove(path);
        Ok(())
    }

    /// Removes the entry of a file that is gone, and counts it.
    pub(super) fn remove_gone(&mut self, path: &str) -> Result<(), Stop> {
        if let Some(entry) =
            self.ledger.get(path).filter(|entry| !matches!(entry.outcome, FileOutcome::Container { .. }))
        {
            self.counts.removed.push(entry.hash);
            if let Some(name) = entry.name().filter(|_| entry.hash != 0) {
                let by_path = (name.named_by == NamedBy::Path).then_some(&*name.id);
                let ids = by_path.into_iter().chain(name.former.lines()).map(str::to_owned).collect();
                self.gone.insert(entry.hash, ids);
            }
        }
        self.remove(path)
    }

    /// The place of the article of an entry.
    pub(super) fn place_of(&self, entry: &FileEntry<'_>) -> Place {
        let outer = container_of(self.ledger.before(), &entry.path).unwrap_or(&entry.path);
        let is_above = |(root, collection): &&(PathBuf, String)| {
            *collection == *entry.collection && Path::new(outer).starts_with(root)
        };
        let root = self.roots.iter().filter(is_above).max_by_key(|(root, _)| root.as_os_str().len());
        let below = match root {
            Some((root, _)) => name_below(root, Path::new(outer)),
            None => outer.strip_prefix(book::PREFIX).unwrap_or(outer).to_owned(),
        };
        match entry.path.get(outer.len() + MEMBER.len()..) {
            Some(member) => Place::new(&entry.collection, below_container(&below, member)),
            None => Place::new(&entry.collection, below),
        }
    }

    /// Removes the members of a file that is no longer an archive or export.
    fn leave_container(&mut self, path: &str) -> Result<(), Stop> {
        let is_container = |entry: FileEntry<'_>| matches!(entry.outcome, FileOutcome::Container { .. });
        if !self.ledger.get(path).is_some_and(is_container) {
            return Ok(());
        }
        let before = self.ledger.before();
        let members: Vec<String> =
            before.below(&format!("{path}{MEMBER}")).map(|origin| before.path_at(origin).to_owned()).collect();
        members.iter().try_for_each(|member| self.remove_gone(member))
    }

    /// Puts these entries again: only their file attributes have changed.
    fn renew(&mut self, touched: Vec<FileEntry<'static>>) -> Result<(), Stop> {
        let (held, bare): (Vec<_>, Vec<_>) = touched.into_iter().partition(|entry| entry.held_id().is_some());
        bare.into_iter().try_for_each(|entry| self.put_file(entry))?;
        self.read_again(held)
    }

    /// Reads the articles of these entries again and puts them as if they were new.
    fn read_again(&mut self, entries: Vec<FileEntry<'static>>) -> Result<(), Stop> {
        let mut by_container: BTreeMap<String, Vec<FileEntry<'static>>> = BTreeMap::new();
        let mut files = Vec::new();
        for entry in entries {
            match container_of(self.ledger.before(), &entry.path) {
                Some(outer) => by_container.entry(outer.to_owned()).or_default().push(entry),
                None => files.push(entry),
            }
        }
        for batch in files.chunks(BATCH_TEXTS) {
            let placed: Vec<(&FileEntry<'_>, Place)> =
                batch.iter().map(|entry| (entry, self.place_of(entry))).collect();
            let outcomes: Vec<ReadOutcome> =
                placed.into_par_iter().map(|(entry, place)| read_again(entry, place)).collect();
            for (entry, outcome) in batch.iter().zip(outcomes) {
                match outcome {
                    ReadOutcome::Unreadable(_) | ReadOutcome::Container(_) => self.forget(&entry.path)?,
                    outcome => self.put(TextOrigin::from_entry(entry), None, outcome)?,
                }
            }
        }
        by_container.into_iter().try_for_each(|(outer, members)| self.read_members_again(&outer, members))
    }
}

impl TextOrigin {
    pub(super) fn from_entry(entry: &FileEntry<'_>) -> Self {
        TextOrigin { path: entry.path.to_string(), collection: entry.collection.to_string(), stat: entry.stat }
    }
}

/// All roots and their collections: those of `inputs` and those ingested before.
fn known_roots(inputs: &Inputs, head: &CommitInfo) -> Vec<(PathBuf, String)> {
    let now = inputs.roots().iter().map(|root| (PathBuf::from(&*name_of(&root.path)), root.collection.clone()));
    let before = head.roots.iter().map(|root| (PathBuf::from(&root.path), root.collection.clone()));
    now.chain(before).collect()
}

fn origin_of(file: &InputFile) -> TextOrigin {
    TextOrigin { path: file.name().into_owned(), collection: file.root.collection.clone(), stat: file.stat }
}

/// Content with this hash needs no parsing. `None` if it must be parsed in any case.
pub(super) fn known_hash(ledger: &Ledger, path: &str, reading: Reading) -> Option<u64> {
    match reading {
        Reading::Changes => ledger.get(path).map(|entry| entry.hash),
        Reading::Anew => None,
    }
}

/// The changes of a run. The writer is opened at the first change, so an ingest without changes takes no lock and
/// writes nothing.
struct Changes<'a> {
    store: Option<&'a mut Store>,
    writer: Option<Writer<'a>>,
    memory: WriterMemory,
    planned_for: &'a CommitInfo,
    /// Whether the index had no document before the run.
    began_empty: bool,
}

impl<'a> Changes<'a> {
    fn writer(&mut self) -> Result<&mut Writer<'a>, Stop> {
        if let Some(store) = self.store.take() {
            self.writer = Some(store.writer_within(self.memory)?);
        }
        let planned_for = self.planned_for;
        let current = self.writer.as_mut().filter(|writer| writer.store().head() == planned_for);
        current.ok_or(Stop::Overtaken)
    }

    fn are_some(&self) -> bool {
        self.writer.is_some()
    }

    fn commit(self, head: CommitInfo) -> Result<(), StoreError> {
        self.writer.map_or(Ok(()), |writer| writer.commit(head))
    }
}

/// Splits `jobs` into batches of at most [`BATCH_TEXTS`] files and `most_bytes`, except for single larger files.
fn batches<'j, 'w>(jobs: &'j [Job<'w>], most_bytes: u64) -> impl Iterator<Item = &'j [Job<'w>]> {
    let mut rest = jobs;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = rest.iter().take(BATCH_TEXTS).take_while(|job| {
            bytes += job.file.bytes;
            bytes <= most_bytes
        });
        let len = fits.count().max(1).min(rest.len());
        let (batch, after) = rest.split_at(len);
        rest = after;
        (!batch.is_empty()).then_some(batch)
    })
}

fn entry_of(origin: TextOrigin, hash: u64, outcome: FileOutcome<'static>) -> FileEntry<'static> {
    FileEntry { path: origin.path.into(), collection: origin.collection.into(), stat: origin.stat, hash, outcome }
}

/// Of several files with the same article, the one with the least precedence value holds it: files of the user before
/// the bundled book, then by path.
pub(super) fn precedence(path: &str) -> (bool, &str) {
    (path.starts_with(book::PREFIX), path)
}
