//! Reads zip archives by the directory at their end. If that is lost, reads from the start as far as possible.

use std::io::{BufReader, ErrorKind, Read, Seek};
use std::ops::ControlFlow;

use zip::read::{Config, ZipFile, ZipFileEntry, read_zipfile_from_stream};
use zip::result::ZipError;
// The stable reader keeps the whole directory in memory, and of two members with one name only the last.
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, ZipReadOptions};

use super::budget::{Budget, Metered};
use super::{Cause, Members, SkipReason, content_of, name};

/// The bits of a Unix mode that hold the file type, and their value for a regular file.
const FILE_TYPE: u32 = 0o170_000;
const PLAIN_FILE: u32 = 0o100_000;

/// Visits the members of `file`, an archive of `size` bytes, in the order of its directory.
pub(super) fn walk(
    file: impl Read + Seek,
    size: u64,
    budget: &mut Budget,
    members: &mut Members<'_>,
) -> Result<ControlFlow<()>, Cause> {
    let mut file = BufReader::new(file);
    let error = match ZipIterable::try_new(&mut file, Config::default()) {
        Ok(archive) => return by_directory(archive, size, budget, members),
        Err(error) => error,
    };
    file.rewind()?;
    match from_start(file, budget, members)? {
        ControlFlow::Break(()) => Ok(ControlFlow::Break(())),
        ControlFlow::Continue(()) => Err(damaged(error)),
    }
}

/// Visits the members that the directory lists. Fails if they have more compressed bytes than the archive: then some
/// share their bytes, which lets a small archive expand to any size although no member compresses well.
fn by_directory(
    mut archive: ZipIterable<impl Read + Seek>,
    size: u64,
    budget: &mut Budget,
    members: &mut Members<'_>,
) -> Result<ControlFlow<()>, Cause> {
    let mut compressed = 0u64;
    let entries = archive.files().map_err(damaged)?;
    while let Some(entry) = entries.next() {
        let entry = entry.map_err(damaged)?;
        if entry.is_dir() {
            continue;
        }
        let Some(path) = members.name(&name_of(&entry))? else { continue };
        compressed = compressed.saturating_add(entry.compressed_size());
        if compressed > size {
            return Err(Cause::Overlap);
        }
        let content = match reason_to_skip(&entry) {
            Some(reason) => Err(reason),
            None => match entry.with_reader(entries.reader_mut(), ZipReadOptions::new()) {
                Ok(file) => read(file, budget)?,
                Err(error) => Err(SkipReason::Damaged { reason: error.to_string() }),
            },
        };
        if members.give(path, content).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Visits the members in the order of the file, without the directory: those whose own header states their size, up to
/// the first damaged one.
fn from_start(mut file: impl Read, budget: &mut Budget, members: &mut Members<'_>) -> Result<ControlFlow<()>, Cause> {
    while let Ok(Some(file)) = read_zipfile_from_stream(&mut file) {
        if file.is_dir() {
            continue;
        }
        let Some(path) = members.name(&name_of(&file.entry()))? else { continue };
        let content = match reason_to_skip(&file.entry()) {
            Some(reason) => Err(reason),
            None => read(file, budget)?,
        };
        if matches!(content, Err(SkipReason::Damaged { .. })) {
            break;
        }
        if members.give(path, content).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn name_of(entry: &ZipFileEntry<'_>) -> String {
    entry.name().map_or_else(|_| name::decode(entry.name_raw()), |name| name.into_owned())
}

fn reason_to_skip(entry: &ZipFileEntry<'_>) -> Option<SkipReason> {
    let file_type = entry.unix_mode().unwrap_or(0) & FILE_TYPE;
    if entry.is_symlink() {
        return Some(SkipReason::Link);
    }
    if !matches!(file_type, 0 | PLAIN_FILE) {
        return Some(SkipReason::Special);
    }
    if entry.encrypted() {
        return Some(SkipReason::Encrypted);
    }
    match entry.compression() {
        CompressionMethod::Stored | CompressionMethod::Deflated => None,
        method => Some(SkipReason::Method { method: method.to_string() }),
    }
}

/// Reads the content of a member. Damage to one member does not affect the others.
fn read(file: ZipFile<'_, impl Read>, budget: &mut Budget) -> Result<Result<Vec<u8>, SkipReason>, Cause> {
    let stated = file.size();
    match content_of(Metered::new(file, budget), stated) {
        Ok(content) => Ok(content),
        Err(error) if error.kind() == ErrorKind::QuotaExceeded => Err(error.into()),
        Err(error) => Ok(Err(SkipReason::Damaged { reason: error.to_string() })),
    }
}

fn damaged(error: ZipError) -> Cause {
    Cause::Damaged { reason: error.to_string() }
}
