//! The plan of an ingest: which files to read, found by comparing the files on disk with the manifest.

use std::path::Path;

use super::inputs::Inputs;
use super::ledger::{Ledger, container_of};
use super::walk::{InputFile, Walk};
use crate::book;
use crate::store::{CommitInfo, FileEntry, FileOutcome, MEMBER, Manifest};

/// A modification time is trusted only if it is at least this much older than the last ingest. Longer than the clock
/// step of any file system.
const CLOCK_GRAIN_MS: i64 = 2_000;

/// The files to read and to remove. Making a plan also marks in the ledger which entries the inputs reach.
#[derive(Debug, Default)]
pub(super) struct IngestPlan<'w> {
    /// Files to read, sorted by name.
    pub(super) to_read: Vec<Job<'w>>,
    /// Paths in the manifest to remove: their files are gone or, when pruning, outside the inputs.
    pub(super) gone: Vec<String>,
    /// Number of files that need not be read, including members of archives and exports.
    pub(super) unchanged: u64,
}

/// A file to read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Job<'w> {
    pub(super) file: &'w InputFile,
    pub(super) reading: Reading,
}

/// What happens to a file whose content turns out to be unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Nothing: its entry stays.
    Changes,
    /// It is stored again, because something else about it has changed.
    Anew,
}

/// Decides which files to read and which are gone. Goes through the sorted files and the sorted manifest in parallel,
/// once.
pub(super) fn plan<'w>(inputs: &Inputs, walk: &'w Walk, head: &CommitInfo, ledger: &mut Ledger) -> IngestPlan<'w> {
    let mut plan = IngestPlan::default();
    let mut at = 0;
    for file in &walk.files {
        let name = file.name();
        at += absent(ledger, at, |path| path < &*name, inputs, walk, &mut plan);
        if ledger.before().len() == at || ledger.before().path_at(at) != name {
            plan.to_read.push(Job { file, reading: Reading::Changes });
            continue;
        }
        ledger.reach(at..at + 1);
        compare(file, at, inputs, head, ledger, &mut plan);
        at += 1;
    }
    absent(ledger, at, |_| true, inputs, walk, &mut plan);
    plan
}

/// Decides whether a file that is in the manifest must be read.
fn compare<'w>(
    file: &'w InputFile,
    place: usize,
    inputs: &Inputs,
    head: &CommitInfo,
    ledger: &mut Ledger,
    plan: &mut IngestPlan<'w>,
) {
    let entry = ledger.before().at(place);
    let is_container = matches!(entry.outcome, FileOutcome::Container { .. });
    let is_moved = entry.collection != file.root.collection;
    if is_moved || inputs.verify || !is_trusted(file, &entry, head) || may_be_read_otherwise(&entry, inputs, head) {
        let reading = if is_moved { Reading::Anew } else { Reading::Changes };
        plan.to_read.push(Job { file, reading });
    } else if !is_container {
        plan.unchanged += 1;
    }
    if is_container {
        let members = ledger.before().below(&format!("{}{MEMBER}", entry.path));
        if plan.to_read.last().is_none_or(|job| !std::ptr::eq(job.file, file)) {
            plan.unchanged += members.len() as u64;
        }
        ledger.reach(members);
    }
}

fn is_trusted(file: &InputFile, entry: &FileEntry<'_>, head: &CommitInfo) -> bool {
    let old_enough = file.modified_ms.saturating_add(CLOCK_GRAIN_MS) < head.started_ms;
    old_enough && entry.stat == file.stat
}

/// Whether the field map differs from that of the last ingest, and the file is one in which another map may find other
/// articles.
fn may_be_read_otherwise(entry: &FileEntry<'_>, inputs: &Inputs, head: &CommitInfo) -> bool {
    let depends = match &entry.outcome {
        FileOutcome::Container { is_export, .. } => *is_export,
        FileOutcome::Skipped { .. } => true,
        FileOutcome::Article { .. } | FileOutcome::Duplicate { .. } => false,
    };
    depends && inputs.fields.fingerprint() != head.fields
}

/// Handles the entries from place `at` on whose path `is_before` the next file, and returns how many they are. The walk
/// did not list them: they are gone, or outside these inputs, or inside another file.
fn absent(
    ledger: &Ledger,
    at: usize,
    is_before: impl Fn(&str) -> bool,
    inputs: &Inputs,
    walk: &Walk,
    plan: &mut IngestPlan<'_>,
) -> usize {
    let manifest = ledger.before();
    let len = (at..manifest.len()).take_while(|&place| is_before(manifest.path_at(place))).count();
    let gone = (at..at + len).map(|place| manifest.path_at(place)).filter(|path| is_gone(path, manifest, inputs, walk));
    plan.gone.extend(gone.map(str::to_owned));
    len
}

/// Whether the file at `path`, which the walk did not list, is gone. Unless pruning, only files below readable roots of
/// this run and articles of the bundled book can be gone. Members of an archive that still exists are checked when it
/// is read.
fn is_gone(path: &str, manifest: &Manifest, inputs: &Inputs, walk: &Walk) -> bool {
    let container = container_of(manifest, path);
    if container.is_some_and(|outer| walk.find(outer).is_some()) {
        return false;
    }
    let file = Path::new(container.unwrap_or(path));
    !walk.is_hidden(file) && (inputs.prune || inputs.reach(file) || path.starts_with(book::PREFIX))
}
