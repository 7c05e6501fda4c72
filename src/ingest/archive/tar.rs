//! Reads tar archives as a stream of 512-byte headers, each followed by content that is padded to a multiple of 512.
//!
//! The `tar` crate decodes the fields of a header. Its iterator over members is not used: it reads names and extended
//! headers of any length into memory, and it seeks over or ignores bytes that this reader wants to count.

use std::io::{self, Read};
use std::ops::ControlFlow;

use tar::{EntryType, Header, PaxExtensions};

use super::sniff::{BLOCK, has_valid_checksum};
use super::{Cause, Members, SkipReason, content_of, name};

/// Most bytes of a long name or extended header. No program writes longer ones.
const LONGEST_EXTENSION: u64 = 1 << 20;

/// Visits the members of `archive` up to its end mark. An archive without end mark was cut off, even if it ends between
/// two members.
pub(super) fn walk(archive: &mut dyn Read, members: &mut Members<'_>) -> Result<ControlFlow<()>, Cause> {
    let mut said = SaidBefore::default();
    while let Some(header) = next_header(archive)? {
        let size = header.entry_size()?;
        match header.entry_type() {
            EntryType::GNULongName => said.name = Some(read_extension(archive, size)?),
            EntryType::XHeader => said.read_pax(&read_extension(archive, size)?),
            EntryType::GNULongLink | EntryType::XGlobalHeader => skip(archive, padded(size)?)?,
            _ => {
                let flow = member(archive, &header, std::mem::take(&mut said), members)?;
                if flow.is_break() {
                    return Ok(flow);
                }
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// What extra headers say about the next member.
#[derive(Default)]
struct SaidBefore {
    name: Option<Vec<u8>>,
    size: Option<u64>,
    is_sparse: bool,
}

impl SaidBefore {
    /// Reads records such as `20 path=a/long/name`. Those after a malformed one are ignored.
    fn read_pax(&mut self, records: &[u8]) {
        for record in PaxExtensions::new(records).map_while(Result::ok) {
            match record.key_bytes() {
                b"path" => self.name = Some(record.value_bytes().to_vec()),
                b"size" => self.size = record.value().ok().and_then(|size| size.parse().ok()),
                key => self.is_sparse |= key.starts_with(b"GNU.sparse."),
            }
        }
    }
}

/// Reads the member that follows `header`, with its padding, and passes it to the visitor.
fn member(
    archive: &mut dyn Read,
    header: &Header,
    said: SaidBefore,
    members: &mut Members<'_>,
) -> Result<ControlFlow<()>, Cause> {
    let size = said.size.map_or_else(|| header.entry_size(), Ok)?;
    let space = padded(size)?;
    let kind = header.entry_type();
    if kind.is_gnu_sparse() {
        skip_sparse_maps(archive, header)?;
    }
    let name = name::decode(until_nul(said.name.as_deref().unwrap_or(&header.path_bytes())));
    // The oldest archives mark folders only by a `/` at the end of the name.
    let is_folder = kind.is_dir() || (kind.is_file() && name.ends_with('/'));
    let path = if is_folder { None } else { members.name(&name)? };
    let Some(path) = path else {
        skip(archive, space)?;
        return Ok(ControlFlow::Continue(()));
    };
    let content = match reason_to_skip(kind, said.is_sparse) {
        Some(reason) => Err(reason),
        None => content_of(archive.take(size), size)?,
    };
    let read = content.as_ref().map_or(0, |bytes| bytes.len() as u64);
    if content.is_ok() && read < size {
        return Err(Cause::CutOff);
    }
    skip(archive, space - read)?;
    Ok(members.give(path, content))
}

fn reason_to_skip(kind: EntryType, is_sparse: bool) -> Option<SkipReason> {
    match kind {
        EntryType::Regular | EntryType::Continuous if !is_sparse => None,
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => Some(SkipReason::Sparse),
        EntryType::Link | EntryType::Symlink => Some(SkipReason::Link),
        _ => Some(SkipReason::Special),
    }
}

/// The next header; `None` at the end mark, a block of zeros.
fn next_header(archive: &mut dyn Read) -> Result<Option<Header>, Cause> {
    let mut block = [0; BLOCK];
    archive.read_exact(&mut block)?;
    if block.iter().all(|&b| b == 0) {
        return Ok(None);
    }
    match has_valid_checksum(&block) {
        true => Ok(Some(Header::from_byte_slice(&block).clone())),
        false => Err(Cause::Damaged { reason: "a header has another checksum than it says".to_owned() }),
    }
}

/// Reads the content of an extra header, `size` bytes, and skips its padding.
fn read_extension(archive: &mut dyn Read, size: u64) -> Result<Vec<u8>, Cause> {
    if size > LONGEST_EXTENSION {
        return Err(Cause::Damaged { reason: format!("a header of {size} bytes") });
    }
    let mut extension = Vec::new();
    archive.take(size).read_to_end(&mut extension)?;
    skip(archive, padded(size)? - extension.len() as u64)?;
    Ok(extension)
}

/// Skips the blocks between the header of a sparse file and its content.
fn skip_sparse_maps(archive: &mut dyn Read, header: &Header) -> Result<(), Cause> {
    /// Index of the byte in such a block that says whether another one follows.
    const IS_EXTENDED_AT: usize = 504;
    let mut is_extended = header.as_gnu().is_some_and(|gnu| gnu.is_extended());
    while is_extended {
        let mut block = [0; BLOCK];
        archive.read_exact(&mut block)?;
        is_extended = block[IS_EXTENDED_AT] != 0;
    }
    Ok(())
}

/// Skips `amount` bytes. Fails if there are fewer.
fn skip(archive: &mut dyn Read, amount: u64) -> Result<(), Cause> {
    let skipped = io::copy(&mut archive.take(amount), &mut io::sink())?;
    if skipped < amount { Err(Cause::CutOff) } else { Ok(()) }
}

/// Returns `size` rounded up to whole blocks.
fn padded(size: u64) -> Result<u64, Cause> {
    let padded = size.checked_next_multiple_of(BLOCK as u64);
    padded.ok_or_else(|| Cause::Damaged { reason: format!("a member of {size} bytes") })
}

fn until_nul(name: &[u8]) -> &[u8] {
    memchr::memchr(0, name).map_or(name, |end| &name[..end])
}
