//! The report of an ingest. It is computed from the entries after the run, so it does not depend on the order of the
//! work.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use super::inputs::Inputs;
use super::ledger::Ledger;
use super::skipped;
use super::walk::{Walk, name_of};
use crate::book;
use crate::store::{FileEntry, FileOutcome};

/// How far an ingest is with the files that it has to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Files and members processed.
    pub texts: u64,
    /// Bytes of files read.
    pub bytes: u64,
    /// Bytes of all files to read.
    pub total_bytes: u64,
}

/// The result of an ingest. Files outside this run's inputs do not count; the bundled book counts if the inputs include
/// it. Members of archives and exports count as files, the archives and exports themselves do not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IngestReport {
    /// Files seen.
    pub files: u64,
    /// Articles held.
    pub articles: u64,
    /// Files that were not there before.
    pub added: u64,
    /// Files whose content differs from before.
    pub changed: u64,
    /// Files that are gone.
    pub removed: u64,
    /// Files that moved: their content is that of a file that is gone. They count neither as added nor as removed.
    pub renamed: u64,
    /// Files with the same content as before.
    pub unchanged: u64,
    /// Files whose article the store holds from another file.
    pub duplicates: u64,
    /// Articles that have a longer id than they ask for, because another article has that one; sorted by path.
    pub namesakes: Vec<Namesake>,
    /// Paths of files and folders that gave no article, and the reason. Documents come first, then other files, then
    /// licences and pictures; sorted by path within each.
    pub skipped: Vec<(String, String)>,
    /// Inputs that could not be read at all, and the reason. They are also in `skipped`.
    pub unreadable_roots: Vec<(String, String)>,
    /// Number of diagnostics of the articles, by code.
    pub diagnostics: BTreeMap<String, u64>,
    /// Number of articles, by layout.
    pub layouts: BTreeMap<&'static str, u64>,
}

/// An article that asks for the id of another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Namesake {
    /// The path of its file.
    pub path: String,
    /// The id that its text states or its path gives.
    pub asked: String,
    /// The id that it has.
    pub id: String,
}

/// The changes of a run, counted as they are found.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) unchanged: u64,
    pub(super) changed: u64,
    /// Hashes of the contents that are new (`added`) or gone (`removed`). A hash in both is a renamed file.
    pub(super) added: Vec<u64>,
    pub(super) removed: Vec<u64>,
    /// Files that could not be read, with the reason.
    pub(super) unreadable: Vec<(String, String)>,
}

/// Makes the report on a run that left the entries in `ledger`.
pub(super) fn report(inputs: &Inputs, walk: &Walk, ledger: &Ledger, counts: Counts) -> IngestReport {
    let renamed = in_both(&counts.added, &counts.removed);
    let mut report = IngestReport {
        added: counts.added.len() as u64 - renamed,
        changed: counts.changed,
        removed: counts.removed.len() as u64 - renamed,
        renamed,
        unchanged: counts.unchanged,
        // Files that were read in an earlier run have an entry, and entries are counted below.
        files: counts.unreadable.iter().filter(|(path, _)| ledger.get(path).is_none()).count() as u64,
        skipped: counts.unreadable,
        ..IngestReport::default()
    };
    for place in &walk.unreadable {
        let skipped = (name_of(&place.path).into_owned(), place.reason.clone());
        if inputs.roots().iter().any(|root| root.path == place.path) {
            report.unreadable_roots.push(skipped.clone());
        }
        report.skipped.push(skipped);
    }
    report.skipped.extend(walk.outside.iter().map(|link| (name_of(&link.path).into_owned(), link.reason.clone())));
    // Articles below a place that cannot be read now are still held.
    let is_held = |entry: &FileEntry<'_>| walk.is_hidden(Path::new(&*entry.path));
    let reached = ledger.entries().filter(|(entry, is_reached)| *is_reached || is_held(entry));
    reached.for_each(|(entry, _)| count(&mut report, &entry));
    report.skipped.extend(hidden(ledger));
    report.skipped.sort_by_cached_key(|(path, reason)| (skipped::rank(path), path.clone(), reason.clone()));
    report.skipped.dedup();
    report.namesakes.sort_unstable();
    report
}

/// The files whose article is not read because another file, with other content, has its id: a number of Microsoft's or
/// an id of the bundled book. Within the old archive that is usual, since it holds each article twice, and so is an
/// article of the user instead of one of the book.
fn hidden(ledger: &Ledger) -> Vec<(String, String)> {
    let entries = || ledger.entries().filter(|(entry, _)| !entry.path.starts_with(book::PREFIX));
    let is_hidden = |entry: &FileEntry<'_>| match &entry.outcome {
        FileOutcome::Duplicate { name } => name.layout.has_links(),
        FileOutcome::Article { .. } | FileOutcome::Skipped { .. } | FileOutcome::Container { .. } => false,
    };
    let duplicates: Vec<FileEntry<'_>> =
        entries().filter(|(entry, is_reached)| *is_reached && is_hidden(entry)).map(|(entry, _)| entry).collect();
    let wanted: HashSet<&str> = duplicates.iter().filter_map(|entry| Some(&*entry.name()?.id)).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let held = entries().filter_map(|(entry, _)| {
        let id = entry.held_id().filter(|id| wanted.contains(id))?.to_owned();
        Some((id, (entry.path.to_string(), entry.hash)))
    });
    let held: HashMap<String, (String, u64)> = held.collect();
    let reason = |entry: &FileEntry<'_>| {
        let id = &*entry.name()?.id;
        let (holder, _) = held.get(id).filter(|(_, hash)| *hash != entry.hash)?;
        Some((entry.path.to_string(), format!("{holder} has the id `{id}` as well: give one of them another")))
    };
    duplicates.iter().filter_map(reason).collect()
}

fn count(report: &mut IngestReport, entry: &FileEntry<'_>) {
    let mut skip = |reason: String| report.skipped.push((entry.path.to_string(), reason));
    match &entry.outcome {
        FileOutcome::Article { name, codes } => {
            report.articles += 1;
            if name.asked != name.id {
                let [path, asked, id] = [&entry.path, &name.asked, &name.id].map(ToString::to_string);
                report.namesakes.push(Namesake { path, asked, id });
            }
            *report.layouts.entry(name.layout.name()).or_default() += 1;
            for code in codes.split(',').filter(|code| !code.is_empty()) {
                *report.diagnostics.entry(code.to_owned()).or_default() += 1;
            }
        }
        FileOutcome::Duplicate { .. } => report.duplicates += 1,
        FileOutcome::Skipped { reason } => skip(reason.to_string()),
        FileOutcome::Container { damage, .. } if !damage.is_empty() => skip(damage.to_string()),
        FileOutcome::Container { .. } => {}
    }
    report.files += u64::from(!matches!(entry.outcome, FileOutcome::Container { .. }));
}

/// How many elements of `a` can be paired with an equal element of `b`, each used once. Zeros are not paired.
fn in_both(a: &[u64], b: &[u64]) -> u64 {
    let mut left: HashMap<u64, u64> = HashMap::new();
    for hash in b {
        *left.entry(*hash).or_default() += 1;
    }
    // Files that were not read as a whole have no hash.
    left.remove(&0);
    let mut pairs = 0;
    for hash in a {
        if let Some(n) = left.get_mut(hash).filter(|n| **n > 0) {
            *n -= 1;
            pairs += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rename_pairs_one_new_file_with_one_that_is_gone() {
        assert_eq!(in_both(&[1, 1, 2, 0], &[1, 3, 2, 0]), 2);
        assert_eq!(in_both(&[1], &[]), 0);
    }
}
