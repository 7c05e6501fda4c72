//! Checks that the files of the index are as they were written.
//!
//! The files never change, so the file `checksums` beside the index keeps a hash of each, with its size, time and inode.
//! Opening a store asks only for these and reads a file again if they differ. A look at all files finds what changed
//! without a new time: the rot of a disk. tantivy's own checksums cover files that are not listed yet.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::error::DataCorruption;
use tantivy::index::SegmentComponent;

use super::{INDEX_DIR, StoreError, store_error};

/// Name of the file beside the index.
const NAME: &str = "checksums";

/// The files of every segment.
const PARTS: [SegmentComponent; 6] = [
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::FastFields,
    SegmentComponent::FieldNorms,
    SegmentComponent::Terms,
    SegmentComponent::Store,
];

/// Which files are read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Those with another size, time or inode than when they were last read.
    Changed,
    All,
}

/// What is known of a file, as it is written on its line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    /// Size, time and inode.
    stat: String,
    hash: String,
}

/// Checks the files of the newest commit of the store at `path`, and remembers what it read.
pub(super) fn check(files: &tantivy::Index, path: &Path, extent: Extent) -> Result<(), StoreError> {
    let segments = files.searchable_segment_metas().map_err(|error| store_error(path, error))?;
    let known = read(&path.join(NAME));
    let mut now = BTreeMap::new();
    for segment in &segments {
        // The counts of a segment are in the list of segments, which has no checksum.
        let name = format!("{}#{}", segment.id().uuid_string(), segment.delete_opstamp().unwrap_or_default());
        let counts = format!("{} {}", segment.max_doc(), segment.num_deleted_docs());
        if known.get(&name).is_some_and(|known| known.hash != counts) {
            return Err(damaged(path, Path::new("meta.json"), "counts other documents than it did"));
        }
        now.insert(name, Known { stat: String::new(), hash: counts });
        let has_deletes = segment.delete_opstamp().is_some();
        for component in PARTS.into_iter().chain(has_deletes.then_some(SegmentComponent::Delete)) {
            let file = segment.relative_path(component);
            if let Some((name, file)) = check_file(files, path, &file, &known, extent)? {
                now.insert(name, file);
            }
        }
    }
    if now != known {
        write(&path.join(NAME), &now);
    }
    Ok(())
}

/// Checks a file of the index. `None` if there is no such file: not every segment has every file, and another process may have
/// removed it.
fn check_file(
    files: &tantivy::Index,
    path: &Path,
    file: &Path,
    known: &BTreeMap<String, Known>,
    extent: Extent,
) -> Result<Option<(String, Known)>, StoreError> {
    let full = path.join(INDEX_DIR).join(file);
    let Ok(metadata) = full.metadata() else { return Ok(None) };
    let (name, stat) = (file.to_string_lossy().into_owned(), stat_of(&metadata));
    let before = known.get(&name);
    if let Some(before) = before.filter(|before| extent == Extent::Changed && before.stat == stat) {
        return Ok(Some((name, before.clone())));
    }
    let bytes = std::fs::read(&full).map_err(|source| StoreError::Io { path: path.to_owned(), source })?;
    let hash = blake3::hash(&bytes).to_hex().to_string();
    let is_sound = match before {
        Some(before) => before.hash == hash,
        None => matches!(files.directory().validate_checksum(file), Ok(true)),
    };
    is_sound
        .then_some(Some((name, Known { stat, hash })))
        .ok_or_else(|| damaged(path, file, "is not as it was written"))
}

/// The error of a store whose `file` is not as it should be.
pub(super) fn damaged(path: &Path, file: &Path, what: &str) -> StoreError {
    let source = TantivyError::DataCorruption(DataCorruption::new(PathBuf::from(file), what.to_owned()));
    StoreError::Damaged { path: path.to_owned(), source }
}

#[cfg(unix)]
fn stat_of(metadata: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    format!("{} {}.{} {}", metadata.size(), metadata.ctime(), metadata.ctime_nsec(), metadata.ino())
}

#[cfg(not(unix))]
fn stat_of(metadata: &Metadata) -> String {
    format!("{} {:?}", metadata.len(), metadata.modified().ok())
}

/// Reads the list. A list that is missing or was changed is empty: all files are read then.
fn read(path: &Path) -> BTreeMap<String, Known> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let Some((lines, sum)) = text.rsplit_once("sum ") else { return BTreeMap::new() };
    if blake3::hash(lines.as_bytes()).to_hex().as_str() != sum.trim_end() {
        return BTreeMap::new();
    }
    let line = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        Some((parts.next()?, Known { stat: parts.next()?, hash: parts.next()? }))
    };
    lines.lines().filter_map(line).collect()
}

/// Writes the list as a whole. A store that cannot be written stays without it, and is read again the next time.
fn write(path: &Path, files: &BTreeMap<String, Known>) {
    let mut text = String::new();
    for (name, Known { stat, hash }) in files {
        writeln!(text, "{name}\t{stat}\t{hash}").expect("a String takes any text");
    }
    let sum = blake3::hash(text.as_bytes()).to_hex();
    writeln!(text, "sum {sum}").expect("a String takes any text");
    let new = path.with_extension(std::process::id().to_string());
    if std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, path)).is_err() {
        std::fs::remove_file(&new).ok();
    }
}
