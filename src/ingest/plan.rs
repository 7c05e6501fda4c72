//! What an ingest has to look at: the files there are, compared with the manifest.

use std::path::Path;

use super::inputs::Inputs;
use super::ledger::{Ledger, container_of};
use super::walk::{Candidate, Walk};
use crate::book;
use crate::store::{CommitInfo, FileEntry, FileOutcome, MEMBER, Manifest};

/// A modification time this much older than the last ingest can be trusted: coarser than any file system's clock.
const CLOCK_GRAIN_MS: i64 = 2_000;

/// What to do. The ledger knows by now which of its entries the inputs reach.
#[derive(Debug, Default)]
pub(super) struct Plan<'w> {
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
    pub(super) candidate: &'w Candidate,
    pub(super) reading: Reading,
}

/// What is done about a file whose content is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Nothing.
    Changes,
    /// It is put anew: what else is known of it has changed.
    Anew,
}

/// Walks both sorted lists in step.
pub(super) fn plan<'w>(inputs: &Inputs, walk: &'w Walk, head: &CommitInfo, ledger: &mut Ledger) -> Plan<'w> {
    let mut plan = Plan::default();
    let mut at = 0;
    for candidate in &walk.files {
        let name = candidate.name();
        at += absent(ledger, at, |path| path < &*name, inputs, walk, &mut plan);
        if ledger.before().len() == at || ledger.before().path_at(at) != name {
            plan.to_read.push(Job { candidate, reading: Reading::Changes });
            continue;
        }
        ledger.reach(at..at + 1);
        compare(candidate, at, inputs, head, ledger, &mut plan);
        at += 1;
    }
    absent(ledger, at, |_| true, inputs, walk, &mut plan);
    plan
}

/// A file that the manifest knows: is there reason to read it?
fn compare<'w>(
    candidate: &'w Candidate,
    place: usize,
    inputs: &Inputs,
    head: &CommitInfo,
    ledger: &mut Ledger,
    plan: &mut Plan<'w>,
) {
    let entry = ledger.before().at(place);
    let is_container = matches!(entry.outcome, FileOutcome::Container { .. });
    let is_moved = entry.collection != candidate.root.collection;
    if is_moved || inputs.verify || !is_trusted(candidate, &entry, head) || may_be_read_otherwise(&entry, inputs, head)
    {
        let reading = if is_moved { Reading::Anew } else { Reading::Changes };
        plan.to_read.push(Job { candidate, reading });
    } else if !is_container {
        plan.unchanged += 1;
    }
    if is_container {
        let members = ledger.before().below(&format!("{}{MEMBER}", entry.path));
        if plan.to_read.last().is_none_or(|job| !std::ptr::eq(job.candidate, candidate)) {
            plan.unchanged += members.len() as u64;
        }
        ledger.reach(members);
    }
}

fn is_trusted(candidate: &Candidate, entry: &FileEntry<'_>, head: &CommitInfo) -> bool {
    let old_enough = candidate.modified_ms.saturating_add(CLOCK_GRAIN_MS) < head.started_ms;
    old_enough && entry.stat == candidate.stat
}

/// Whether another field map may make articles of it.
fn may_be_read_otherwise(entry: &FileEntry<'_>, inputs: &Inputs, head: &CommitInfo) -> bool {
    let depends = match &entry.outcome {
        FileOutcome::Container { is_export, .. } => *is_export,
        FileOutcome::Skipped { .. } => true,
        FileOutcome::Article { .. } | FileOutcome::Duplicate { .. } => false,
    };
    depends && inputs.fields.fingerprint() != head.fields
}

/// Goes over the entries from `at` on whose path `is_before` the next file, and returns how many: their files are gone,
/// or were never in these inputs, or are inside another file.
fn absent(
    ledger: &Ledger,
    at: usize,
    is_before: impl Fn(&str) -> bool,
    inputs: &Inputs,
    walk: &Walk,
    plan: &mut Plan<'_>,
) -> usize {
    let manifest = ledger.before();
    let len = (at..manifest.len()).take_while(|&place| is_before(manifest.path_at(place))).count();
    let gone = (at..at + len).map(|place| manifest.path_at(place)).filter(|path| is_gone(path, manifest, inputs, walk));
    plan.gone.extend(gone.map(str::to_owned));
    len
}

/// Only what is below roots of this run that could be looked at counts as gone, unless pruning. What is inside an archive
/// that is still there is decided when that is read.
fn is_gone(path: &str, manifest: &Manifest, inputs: &Inputs, walk: &Walk) -> bool {
    let container = container_of(manifest, path);
    if container.is_some_and(|outer| walk.find(outer).is_some()) {
        return false;
    }
    let file = Path::new(container.unwrap_or(path));
    !walk.is_hidden(file) && (inputs.prune || inputs.reach(file) || path.starts_with(book::PREFIX))
}
