//! The manifest that the store will hold after the run: the manifest before the run, and the changes that the run
//! makes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use crate::store::{FileEntry, FileOutcome, Manifest};

/// The manifest before a run and the entries that the run has put and removed since.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    before: Manifest,
    /// For each entry of `before`, whether this run's inputs reach it.
    in_scope: Vec<bool>,
    /// By path: the new entry, or `None` if the run removed the entry.
    changed: BTreeMap<Arc<str>, Option<EncodedEntry>>,
    /// For each article id, the path of the file that holds it. Computed when the first change needs it, because most
    /// ingests change nothing.
    holders: Option<Holders>,
    /// Ids whose holder was removed and that no other file holds.
    vacated: BTreeSet<String>,
}

type Holders = HashMap<Box<str>, Arc<str>>;

/// An entry without its path ([`FileEntry::encode_rest`]). A run of many small records keeps one for each, and as text it takes
/// half of the memory.
type EncodedEntry = Box<str>;

fn decoded<'a>(path: &'a str, entry: &'a EncodedEntry) -> FileEntry<'a> {
    FileEntry::decode_rest(path, entry).expect("the ledger encoded it")
}

impl Ledger {
    pub(super) fn new(before: Manifest) -> Self {
        Ledger { in_scope: vec![false; before.len()], before, ..Ledger::default() }
    }

    /// The manifest before the run.
    pub(super) fn before(&self) -> &Manifest {
        &self.before
    }

    /// Marks entries of the manifest before the run as reached by the inputs.
    pub(super) fn reach(&mut self, places: Range<usize>) {
        self.in_scope[places].fill(true);
    }

    /// The entry of `path`, with the changes of this run.
    pub(super) fn get(&self, path: &str) -> Option<FileEntry<'_>> {
        match self.changed.get_key_value(path) {
            Some((path, entry)) => entry.as_ref().map(|entry| decoded(path, entry)),
            None => self.before.get(path),
        }
    }

    /// The path of the file that holds the article `id`.
    pub(super) fn holder(&mut self, id: &str) -> Option<&str> {
        self.holders().get(id).map(|path| &**path)
    }

    pub(super) fn put(&mut self, entry: &FileEntry<'_>) {
        let path: Arc<str> = entry.path.as_ref().into();
        if let Some(id) = entry.held_id() {
            self.vacated.remove(id);
            self.holders().insert(id.into(), Arc::clone(&path));
        }
        self.changed.insert(path, Some(entry.encode_rest().into()));
    }

    /// Removes the entry of `path`, of whatever kind it is.
    pub(super) fn remove(&mut self, path: &str) {
        let held = self.get(path).and_then(|entry| entry.held_id().map(str::to_owned));
        if let Some(id) = held {
            self.holders().remove(&*id);
            self.vacated.insert(id);
        }
        match self.before.find(path) {
            Some(_) => self.changed.insert(path.into(), None),
            None => self.changed.remove(path),
        };
    }

    /// Returns all entries with the changes of this run, first those that are as before the run. With each comes
    /// whether the inputs reach it.
    pub(super) fn entries(&self) -> impl Iterator<Item = (FileEntry<'_>, bool)> {
        let kept = (0..self.before.len()).filter(|&index| !self.changed.contains_key(self.before.path_at(index)));
        let kept = kept.map(|index| (self.before.at(index), self.in_scope[index]));
        let put = self.changed.iter().filter_map(|(path, entry)| Some(decoded(path, entry.as_ref()?)));
        // An entry that was not there before the run was found below the inputs.
        let reached = |path: &str| self.before.find(path).is_none_or(|index| self.in_scope[index]);
        kept.chain(put.map(move |entry| {
            let is_reached = reached(&entry.path);
            (entry, is_reached)
        }))
    }

    /// How many files (containers not counted) and how many articles there are now.
    pub(super) fn counts(&self) -> (u64, u64) {
        let (mut files, mut articles) = (0, 0);
        for (entry, _) in self.entries() {
            files += u64::from(!matches!(entry.outcome, FileOutcome::Container { .. }));
            articles += u64::from(entry.held_id().is_some());
        }
        (files, articles)
    }

    /// Entries of files that can have a better id now, because the file that had it no longer does: duplicates of its
    /// article, and articles that asked for its id. Also those of files that the inputs do not reach.
    pub(super) fn orphans(&self) -> Vec<FileEntry<'static>> {
        if self.vacated.is_empty() {
            return Vec::new();
        }
        let is_orphan = |entry: &FileEntry<'_>| match &entry.outcome {
            FileOutcome::Duplicate { name } => self.vacated.contains(&*name.id),
            FileOutcome::Article { name, .. } => name.asked != name.id && self.vacated.contains(&*name.asked),
            FileOutcome::Skipped { .. } | FileOutcome::Container { .. } => false,
        };
        self.entries().map(|(entry, _)| entry).filter(is_orphan).map(FileEntry::into_owned).collect()
    }

    fn holders(&mut self) -> &mut Holders {
        if self.holders.is_none() {
            let held = |(entry, _): (FileEntry<'_>, bool)| Some((entry.held_id()?.into(), entry.path.as_ref().into()));
            self.holders = Some(self.entries().filter_map(held).collect());
        }
        self.holders.get_or_insert_default()
    }
}

/// The path of the archive or export that contains the entry at `path`, if one does.
pub(super) fn container_of<'p>(manifest: &Manifest, path: &'p str) -> Option<&'p str> {
    let is_container =
        |outer: &&str| manifest.get(outer).is_some_and(|entry| matches!(entry.outcome, FileOutcome::Container { .. }));
    path.match_indices(crate::store::MEMBER).map(|(at, _)| &path[..at]).find(is_container)
}
