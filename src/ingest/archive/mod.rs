//! Reads archives without unpacking them to disk: `.tar`, `.tar.gz`, `.tar.zst`, `.zip`, and single files compressed by
//! gzip or zstd.
//!
//! Members come one at a time, in the order of the archive. What an archive says about itself is not trusted: names are
//! cleaned, a stated size never decides how much memory is allocated, and the total size of the expanded members is
//! limited by the size of the archive (see [`budget`]). An archive within an archive is not opened.

mod budget;
mod name;
mod sniff;
mod stream;
mod tar;
#[cfg(test)]
mod tests;
mod zip;

use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use crate::article::DistinctNames;
use budget::Budget;
pub(super) use sniff::sniff;

/// A larger file is no article: the largest article known, in an archive of 57,000, has 0.3 MB.
pub const MAX_FILE_BYTES: u64 = 16 << 20;

/// Most members an archive may have. There is a limit because each needs an entry in the manifest.
const MOST_MEMBERS: u64 = 4_000_000;

/// The format of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ArchiveKind {
    Zip,
    Tar,
    /// Holds a tar archive or a single file; which one shows when it is decompressed.
    Gzip,
    /// Likewise holds a tar archive or a single file.
    Zstd,
}

/// A file in an archive.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ArchiveMember {
    /// Relative, with `/` between its parts; no two members of an archive have the same path.
    pub(super) path: String,
    /// The content, at most [`MAX_FILE_BYTES`], or the reason why it is missing.
    pub(super) content: Result<Vec<u8>, SkipReason>,
}

/// Why a member has no content.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SkipReason {
    #[error("a link")]
    Link,
    #[error("neither file nor folder")]
    Special,
    #[error("a file with holes")]
    Sparse,
    #[error("larger than {} MiB", MAX_FILE_BYTES >> 20)]
    TooLarge,
    #[error("encrypted")]
    Encrypted,
    #[error("compressed by a method that is not supported: {method}")]
    Method { method: String },
    #[error("an archive within an archive")]
    Nested,
    #[error("damaged: {reason}")]
    Damaged { reason: String },
}

/// Counts of the members of an archive, or of the part of it that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Summary {
    /// Members passed to the visitor, including those without content.
    pub(super) members: u64,
    /// Files not passed to the visitor because a part of their path is hidden.
    pub(super) hidden: u64,
}

/// An archive that could not be read to its end.
#[derive(Debug, thiserror::Error)]
#[error("{cause}, after {} members", seen.members)]
pub(super) struct ArchiveError {
    /// The members visited before the error.
    pub(super) seen: Summary,
    pub(super) cause: Cause,
}

/// Why the reading of an archive ended early.
#[derive(Debug, thiserror::Error)]
pub(super) enum Cause {
    #[error("the archive is cut off")]
    CutOff,
    #[error("the archive expands to more than {} times its size, or to more than {} GiB", budget::RATIO, budget::MOST >> 30)]
    Bomb,
    #[error("members of the archive share their bytes")]
    Overlap,
    #[error("the archive has more than {MOST_MEMBERS} members")]
    TooManyMembers,
    #[error("the archive is damaged: {reason}")]
    Damaged { reason: String },
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::UnexpectedEof => Cause::CutOff,
            ErrorKind::QuotaExceeded => Cause::Bomb,
            _ => Cause::Damaged { reason: error.to_string() },
        }
    }
}

/// Passes the members of the archive `file`, of the kind that [`sniff`] found, to `visit` until it returns `Break`.
///
/// `name_hint` is the file name of the archive; the name of a single compressed file is derived from it. On an error,
/// the members before the damage were visited. Time is linear in the expanded size. Memory is that of one member, and
/// up to 128 MiB more for zstd archives with a long window.
pub(super) fn expand(
    kind: ArchiveKind,
    mut file: impl Read + Seek,
    name_hint: &str,
    visit: &mut dyn FnMut(ArchiveMember) -> ControlFlow<()>,
) -> Result<Summary, ArchiveError> {
    let mut members = Members { names: DistinctNames::default(), seen: Summary::default(), visit };
    match walk(kind, &mut file, name_hint, &mut members) {
        Ok(ControlFlow::Continue(()) | ControlFlow::Break(())) => Ok(members.seen),
        Err(cause) => Err(ArchiveError { seen: members.seen, cause }),
    }
}

fn walk(
    kind: ArchiveKind,
    mut file: impl Read + Seek,
    name_hint: &str,
    members: &mut Members<'_>,
) -> Result<ControlFlow<()>, Cause> {
    let size = file.seek(SeekFrom::End(0))?;
    file.rewind()?;
    let mut budget = Budget::for_archive(size);
    match kind {
        ArchiveKind::Zip => zip::walk(file, size, &mut budget, members),
        ArchiveKind::Tar => tar::walk(&mut BufReader::new(file), members),
        ArchiveKind::Gzip => stream::walk(stream::gzip(file), name_hint, &mut budget, members),
        ArchiveKind::Zstd => stream::walk(stream::zstd(file)?, name_hint, &mut budget, members),
    }
}

/// The visitor of an archive's members, and what it has seen.
struct Members<'v> {
    names: DistinctNames,
    seen: Summary,
    visit: &'v mut dyn FnMut(ArchiveMember) -> ControlFlow<()>,
}

impl Members<'_> {
    /// Makes the name for the member called `raw` harmless and distinct. Returns `None` if it is hidden, and counts it
    /// as such.
    fn name(&mut self, raw: &str) -> Result<Option<String>, Cause> {
        if self.seen.members + self.seen.hidden >= MOST_MEMBERS {
            return Err(Cause::TooManyMembers);
        }
        let name = name::clean(raw);
        if name::is_hidden(&name) {
            self.seen.hidden += 1;
            return Ok(None);
        }
        Ok(Some(self.names.name(name)))
    }

    /// Passes a member to the visitor. If its content is an archive, passes [`SkipReason::Nested`] instead of the
    /// content.
    fn give(&mut self, path: String, content: Result<Vec<u8>, SkipReason>) -> ControlFlow<()> {
        let content = content.and_then(|bytes| match sniff(&bytes) {
            Some(_) => Err(SkipReason::Nested),
            None => Ok(bytes),
        });
        self.seen.members += 1;
        (self.visit)(ArchiveMember { path, content })
    }
}

/// Reads the content of a file whose header states its size as `stated`. Returns `TooLarge` without reading much more
/// than the limit.
fn content_of(file: impl Read, stated: u64) -> io::Result<Result<Vec<u8>, SkipReason>> {
    /// Most articles fit. The buffer of a larger one has to grow, and a false size costs no more memory than this.
    const FIRST_ALLOCATION: u64 = 64 << 10;
    if stated > MAX_FILE_BYTES {
        return Ok(Err(SkipReason::TooLarge));
    }
    let mut bytes = Vec::with_capacity(stated.min(FIRST_ALLOCATION) as usize);
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(if bytes.len() as u64 > MAX_FILE_BYTES { Err(SkipReason::TooLarge) } else { Ok(bytes) })
}
