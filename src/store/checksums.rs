//! Checks that the files of the index are as they were written.
//!
//! The files never change, so the file `checksums` beside the index keeps a hash of each, with its size, time and inode.
//! Opening a store reads a file again if these differ, and all files of a small store. A look at all files finds what changed
//! without a new time: the rot of a disk. tantivy's own checksums cover files that are not listed yet. What is read of an
//! article is checked again each time ([`Fields::sum_of`](super::schema::Fields::sum_of)).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tantivy::TantivyError;
use tantivy::error::DataCorruption;
use tantivy::index::{SegmentComponent, SegmentMeta};

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

/// A store of at most this many bytes is read whole whenever it is opened, which takes less than 2 ms.
const READ_ALWAYS: u64 = 4 << 20;

/// A file that changed less than this ago is read again the next time: a clock that ticks slowly gives a change right after the
/// look the same time.
const RECENT: Duration = Duration::from_millis(50);

/// Which files are read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Those with another size, time or inode than when they were last read; all files of a small store.
    Changed,
    All,
}

/// What is known of a file, as it is written on its line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    /// Size, time and inode; empty for a file that had just been changed.
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
    }
    let found = files_of(&segments, path);
    let size: u64 = found.iter().map(|(_, metadata)| metadata.len()).sum();
    let extent = if size <= READ_ALWAYS { Extent::All } else { extent };
    for (file, metadata) in found {
        let name = file.to_string_lossy().into_owned();
        if let Some(checked) = check_file(files, path, (&file, &metadata), known.get(&name), extent)? {
            now.insert(name, checked);
        }
    }
    if now != known {
        write(&path.join(NAME), &now);
    }
    Ok(())
}

/// The files of `segments` that are there. Not every segment has every file, and another process may have removed one.
fn files_of(segments: &[SegmentMeta], path: &Path) -> Vec<(PathBuf, Metadata)> {
    let names = segments.iter().flat_map(|segment| {
        let deletes = segment.delete_opstamp().map(|_| SegmentComponent::Delete);
        PARTS.into_iter().chain(deletes).map(|component| segment.relative_path(component))
    });
    names.filter_map(|name| Some((name.clone(), path.join(INDEX_DIR).join(name).metadata().ok()?))).collect()
}

/// Checks a file of the index, if it is not known or `extent` asks for it, and returns what is known of it then. `None` if another
/// process removed it in the meantime.
fn check_file(
    files: &tantivy::Index,
    path: &Path,
    (file, metadata): (&Path, &Metadata),
    known: Option<&Known>,
    extent: Extent,
) -> Result<Option<Known>, StoreError> {
    let stat = stat_of(metadata);
    if let Some(known) = known.filter(|known| extent == Extent::Changed && !stat.is_empty() && known.stat == stat) {
        return Ok(Some(known.clone()));
    }
    let bytes = match std::fs::read(path.join(INDEX_DIR).join(file)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(StoreError::Io { path: path.to_owned(), source }),
    };
    let hash = blake3::hash(&bytes).to_hex().to_string();
    let is_sound = match known {
        Some(known) => known.hash == hash,
        None => matches!(files.directory().validate_checksum(file), Ok(true)),
    };
    is_sound.then_some(Some(Known { stat, hash })).ok_or_else(|| damaged(path, file, "is not as it was written"))
}

/// The error of a store whose `file` is not as it should be.
pub(super) fn damaged(path: &Path, file: &Path, what: &str) -> StoreError {
    let source = TantivyError::DataCorruption(DataCorruption::new(PathBuf::from(file), what.to_owned()));
    StoreError::Damaged { path: path.to_owned(), source }
}

/// Size, time and inode of a file; empty if it was changed a moment ago.
fn stat_of(metadata: &Metadata) -> String {
    let (text, changed) = stat_and_time(metadata);
    let now = SystemTime::now();
    let is_recent = changed.is_some_and(|changed| match now.duration_since(changed) {
        Ok(age) => age < RECENT,
        // A clock of another machine may be ahead by any time.
        Err(ahead) => ahead.duration() < RECENT,
    });
    if is_recent { String::new() } else { text }
}

#[cfg(unix)]
fn stat_and_time(metadata: &Metadata) -> (String, Option<SystemTime>) {
    use std::os::unix::fs::MetadataExt;
    let (seconds, nanoseconds) = (metadata.ctime(), metadata.ctime_nsec());
    let text = format!("{} {seconds}.{nanoseconds} {}", metadata.size(), metadata.ino());
    let since_1970 = u64::try_from(seconds).ok().zip(u32::try_from(nanoseconds).ok());
    (text, since_1970.map(|(seconds, nanoseconds)| SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds)))
}

#[cfg(not(unix))]
fn stat_and_time(metadata: &Metadata) -> (String, Option<SystemTime>) {
    let modified = metadata.modified().ok();
    (format!("{} {modified:?}", metadata.len()), modified)
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
