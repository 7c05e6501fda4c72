//! The plan of an ingest: which files to read, found by comparing the files on disk with the manifest.

use std::path::Path;

use super::inputs::Inputs;
use super::ledger::{Ledger, container_of};
use super::walk::{InputFile, Walk};
use crate::book;
use crate::store::{CommitInfo, FileEntry, FileOutcome, MEMBER, Manifest};

/// A modification time this much older than the last ingest can be trusted: coarser than any file system's clock.
const CLOCK_GRAIN_MS: i64 = 2_000;

/// The plan of a run. When it is made, the ledger knows which of its entries the inputs reach.
#[derive(Debug, Default)]
pub(super) struct IngestPlan<'w> {
    /// Files to read, sorted by name.
    pub(super) to_read: Vec<Job<'w>>,
    /// Paths of the manifest that are no longer there.
    pub(super) gone: Vec<String>,
    /// Files, those inside others included, that need no reading.
    pub(super) unchanged: u64,
}

/// A file to read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Job<'w> {
    pub(super) file: &'w InputFile,
    pub(super) reading: Reading,
}

/// How a file is treated whose content is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// It is left as it is.
    Changes,
    /// It is put again: something else about it has changed.
    Anew,
}

/// Compares the sorted files with the sorted manifest, both from the beginning to the end.
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

/// Whether another field map may find articles in it.
fn may_be_read_otherwise(entry: &FileEntry<'_>, inputs: &Inputs, head: &CommitInfo) -> bool {
    let depends = match &entry.outcome {
        FileOutcome::Container { is_export, .. } => *is_export,
        FileOutcome::Skipped { .. } => true,
        FileOutcome::Article { .. } | FileOutcome::Duplicate { .. } => false,
    };
    depends && inputs.fields.fingerprint() != head.fields
}

/// Handles the entries from `at` on whose path `is_before` the next file, and returns their number. Their files are gone,
/// or do not belong to these inputs, or are inside another file.
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

/// Unless pruning, only files below readable roots of this run count as gone. Members of an archive that still exists are
/// checked when it is read.
fn is_gone(path: &str, manifest: &Manifest, inputs: &Inputs, walk: &Walk) -> bool {
    let container = container_of(manifest, path);
    if container.is_some_and(|outer| walk.find(outer).is_some()) {
        return false;
    }
    let file = Path::new(container.unwrap_or(path));
    !walk.is_hidden(file) && (inputs.prune || inputs.reach(file) || path.starts_with(book::PREFIX))
}
