//! Reads tar archives as a stream of 512-byte headers, each followed by content that is padded to a multiple of 512.
//!
//! The `tar` crate decodes the fields of a header. Its iterator over members is not used: it reads long names of any
//! size into memory.

use std::io::{self, ErrorKind, Read};

use jiff::Timestamp;
use tar::{EntryType, Header, PaxExtensions};

use super::archive::plausible;
use super::failing::KeepingError;

/// Bytes of a block.
const BLOCK: usize = 512;

/// The most bytes of a long name or extended header. No program writes longer ones.
const MAX_EXTENSION_BYTES: u64 = 1 << 20;

/// A file in a tar archive. Links, folders and devices are not passed on.
pub(super) struct TarMember<'a> {
    pub(super) path: String,
    pub(super) modified: Option<Timestamp>,
    /// Its content, without the holes of a sparse file.
    pub(super) bytes: &'a mut dyn Read,
}

/// Whether `start` is the header of a tar archive: the checksum in it is right, which it practically never is in text.
pub(super) fn is_tar(start: &[u8]) -> bool {
    start.first_chunk::<BLOCK>().is_some_and(has_valid_checksum)
}

fn has_valid_checksum(block: &[u8; BLOCK]) -> bool {
    let sum: u32 = block[..148].iter().chain(&block[156..]).map(|&byte| u32::from(byte)).sum();
    sum > 0 && Header::from_byte_slice(block).cksum().is_ok_and(|stated| stated == sum + 8 * u32::from(b' '))
}

/// Passes the files in the archive to `give`, in their order, until it fails. A file that is damaged has fewer bytes;
/// then the error follows.
pub(super) fn walk(archive: impl Read, give: &mut dyn FnMut(TarMember<'_>) -> io::Result<()>) -> io::Result<()> {
    let mut archive = KeepingError { input: archive, error: None };
    let mut said = SaidBefore::default();
    while let Some(header) = next_header(&mut archive)? {
        let size = header.entry_size()?;
        match header.entry_type() {
            EntryType::GNULongName => said.name = Some(read_extension(&mut archive, size)?),
            EntryType::XHeader => said.read_pax(&read_extension(&mut archive, size)?),
            EntryType::GNULongLink | EntryType::XGlobalHeader => archive.skip(padded(size)?)?,
            _ => member(&mut archive, &header, std::mem::take(&mut said), give)?,
        }
    }
    Ok(())
}

impl<R: Read> KeepingError<R> {
    /// Skips `amount` bytes. Fails if there are fewer.
    fn skip(&mut self, amount: u64) -> io::Result<()> {
        let skipped = io::copy(&mut self.by_ref().take(amount), &mut io::sink())?;
        if skipped < amount { Err(self.cut_off()) } else { Ok(()) }
    }

    /// Reads a block; `None` at the end of the stream.
    fn block(&mut self) -> io::Result<Option<[u8; BLOCK]>> {
        let mut bytes = Vec::with_capacity(BLOCK);
        self.by_ref().take(BLOCK as u64).read_to_end(&mut bytes)?;
        match bytes.first_chunk() {
            Some(block) => Ok(Some(*block)),
            None if bytes.is_empty() && self.error.is_none() => Ok(None),
            None => Err(self.cut_off()),
        }
    }

    fn cut_off(&mut self) -> io::Error {
        self.error.take().unwrap_or_else(|| io::Error::new(ErrorKind::UnexpectedEof, "the archive is cut off"))
    }
}

/// The facts that extra headers state about the next member.
#[derive(Default)]
struct SaidBefore {
    name: Option<Vec<u8>>,
    size: Option<u64>,
    modified: Option<i64>,
    /// Whether the content begins with a map of a sparse file.
    has_map: bool,
}

impl SaidBefore {
    /// Reads records such as `20 path=a/long/name`. Those after a malformed one are ignored.
    fn read_pax(&mut self, records: &[u8]) {
        for record in PaxExtensions::new(records).map_while(Result::ok) {
            let value = record.value().ok();
            match record.key_bytes() {
                b"path" if !self.has_map => self.name = Some(record.value_bytes().to_vec()),
                b"GNU.sparse.name" => self.name = Some(record.value_bytes().to_vec()),
                b"GNU.sparse.major" => self.has_map = record.value_bytes() == b"1",
                b"size" => self.size = value.and_then(|size| size.parse().ok()),
                b"mtime" => {
                    self.modified = value.and_then(|time| time.split('.').next()).and_then(|time| time.parse().ok());
                }
                _ => {}
            }
        }
    }
}

/// Passes on the member that follows `header`, and skips what is left of it and its padding.
fn member<R: Read>(
    archive: &mut KeepingError<R>,
    header: &Header,
    said: SaidBefore,
    give: &mut dyn FnMut(TarMember<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let size = said.size.map_or_else(|| header.entry_size(), Ok)?;
    let space = padded(size)?;
    let kind = header.entry_type();
    if kind.is_gnu_sparse() {
        skip_sparse_maps(archive, header)?;
    }
    let name = said.name.unwrap_or_else(|| header.path_bytes().into_owned());
    let name = memchr::memchr(0, &name).map_or(name.as_slice(), |end| &name[..end]);
    // The oldest archives mark folders only by a `/` at the end of the name. The bytes of a sparse file are those of the
    // file without its holes, which is the text of a log with holes.
    let is_file = (kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse()) && !name.ends_with(b"/");
    if !is_file {
        return archive.skip(space);
    }
    let seconds = said.modified.or_else(|| header.mtime().ok().and_then(|time| i64::try_from(time).ok()));
    let modified = seconds.and_then(|time| Timestamp::from_second(time).ok()).and_then(plausible);
    let path = String::from_utf8_lossy(name).into_owned();
    let mut content = archive.by_ref().take(size);
    if said.has_map {
        skip_pax_map(&mut content)?;
    }
    give(TarMember { path, modified, bytes: &mut content })?;
    let read = size - content.limit();
    archive.skip(space - read)
}

/// Returns the next header; `None` at the end mark, a block of zeros, or at the end of the stream.
fn next_header<R: Read>(archive: &mut KeepingError<R>) -> io::Result<Option<Header>> {
    let Some(block) = archive.block()? else { return Ok(None) };
    if block.iter().all(|byte| *byte == 0) {
        return Ok(None);
    }
    match has_valid_checksum(&block) {
        true => Ok(Some(Header::from_byte_slice(&block).clone())),
        false => Err(damaged("the archive is damaged: a header has another checksum than it states")),
    }
}

/// Reads the content of an extra header, `size` bytes, and skips its padding.
fn read_extension<R: Read>(archive: &mut KeepingError<R>, size: u64) -> io::Result<Vec<u8>> {
    if size > MAX_EXTENSION_BYTES {
        return Err(damaged("the archive is damaged: a header is too long"));
    }
    let mut extension = Vec::new();
    archive.by_ref().take(size).read_to_end(&mut extension)?;
    archive.skip(padded(size)? - extension.len() as u64)?;
    Ok(extension)
}

/// Skips the blocks between the header of a sparse file and its content.
fn skip_sparse_maps<R: Read>(archive: &mut KeepingError<R>, header: &Header) -> io::Result<()> {
    /// The index of the byte in such a block that says whether another one follows.
    const IS_EXTENDED_AT: usize = 504;
    let mut is_extended = header.as_gnu().is_some_and(|gnu| gnu.is_extended());
    while is_extended {
        let block = archive.block()?.ok_or_else(|| archive.cut_off())?;
        is_extended = block[IS_EXTENDED_AT] != 0;
    }
    Ok(())
}

/// Skips the map at the beginning of the content of a sparse file: the number of its entries, and two numbers for each,
/// on lines of their own, padded to whole blocks.
fn skip_pax_map(content: &mut impl Read) -> io::Result<()> {
    let (mut lines, mut number, mut block) = (None, 0_u64, [0; BLOCK]);
    while lines != Some(0) {
        content.read_exact(&mut block)?;
        for byte in block {
            match (byte, &mut lines) {
                (b'0'..=b'9', None) => number = number.saturating_mul(10).saturating_add(u64::from(byte - b'0')),
                (b'\n', None) => lines = Some(number.saturating_mul(2)),
                (b'\n', Some(left)) => *left = left.saturating_sub(1),
                _ => {}
            }
        }
    }
    Ok(())
}

/// Returns `size` rounded up to whole blocks.
fn padded(size: u64) -> io::Result<u64> {
    size.checked_next_multiple_of(BLOCK as u64).ok_or_else(|| damaged("the archive is damaged: a file is too long"))
}

fn damaged(reason: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, reason)
}
