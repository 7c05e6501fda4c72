//! Reads zip archives by the directory at their end. If that is lost, reads from the start as far as possible.

use std::cell::Cell;
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::rc::Rc;

use jiff::Timestamp;
use jiff::civil;
use zip::read::{Config, ZipFileEntry, read_zipfile_from_stream};
use zip::result::ZipError;
// The stable reader keeps the whole directory in memory, and of two members with one name only the last.
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, DateTime, ZipReadOptions};

use super::archive::plausible;
use super::compression::Guarded;

/// A file in a zip archive. Links and folders are not passed on.
pub(super) struct ZipMember<'a> {
    pub(super) path: String,
    pub(super) modified: Option<Timestamp>,
    /// Its content; `None` if it is encrypted or packed by a method that is not supported.
    pub(super) bytes: Option<Box<dyn Read + 'a>>,
}

/// Whether `start` is the beginning of a zip archive, and not of a document or program that is packed as one, such as
/// `.docx` or `.jar`.
pub(super) fn is_zip(start: &[u8]) -> bool {
    let is_empty = start.starts_with(b"PK\x05\x06");
    is_empty || (start.starts_with(b"PK\x03\x04") && !is_packed_document(start))
}

/// Whether the first member of a zip archive is one that office documents, e-books and Java programs begin with.
pub(super) fn is_packed_document(start: &[u8]) -> bool {
    const NAME_AT: usize = 30;
    const FIRST_MEMBERS: [&[u8]; 4] = [b"[Content_Types].xml", b"_rels/", b"mimetype", b"META-INF/"];
    start.starts_with(b"PK\x03\x04")
        && FIRST_MEMBERS.iter().any(|name| start.get(NAME_AT..).is_some_and(|rest| rest.starts_with(name)))
}

/// Passes the files in the archive to `give`, in the order of the directory, until it fails. Damage to one file does not
/// affect the others.
pub(super) fn walk(file: impl Read + Seek, give: &mut dyn FnMut(ZipMember<'_>) -> io::Result<()>) -> io::Result<()> {
    let mut file = BufReader::new(file);
    let size = file.seek(SeekFrom::End(0))?;
    file.rewind()?;
    let error = match ZipIterable::try_new(&mut file, Config::default()) {
        Ok(archive) => return by_directory(archive, size, give),
        Err(error) => error,
    };
    file.rewind()?;
    from_start(file, give)?;
    Err(damaged(&error))
}

/// Passes on the files that the directory lists. Fails if they have more compressed bytes than the archive: then some
/// share their bytes, which lets a small archive expand to any size.
fn by_directory(
    mut archive: ZipIterable<impl Read + Seek>,
    size: u64,
    give: &mut dyn FnMut(ZipMember<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut compressed = 0_u64;
    let entries = archive.files().map_err(|error| damaged(&error))?;
    while let Some(entry) = entries.next() {
        let entry = entry.map_err(|error| damaged(&error))?;
        compressed = compressed.saturating_add(entry.compressed_size());
        if compressed > size {
            return Err(io::Error::new(ErrorKind::InvalidData, "files in the archive share their bytes"));
        }
        if !is_file(&entry) {
            continue;
        }
        let (path, modified, packed) = (name_of(&entry), modified(&entry), entry.compressed_size());
        if !can_unpack(&entry) {
            give(ZipMember { path, modified, bytes: None })?;
            continue;
        }
        let bytes: Box<dyn Read + '_> = match entry.with_reader(entries.reader_mut(), ZipReadOptions::new()) {
            Ok(file) => Box::new(Guarded::new(file, Rc::new(Cell::new(packed)))),
            Err(_) => {
                give(ZipMember { path, modified, bytes: None })?;
                continue;
            }
        };
        give(ZipMember { path, modified, bytes: Some(bytes) })?;
    }
    Ok(())
}

/// Passes on the files in the order of the archive, without the directory, up to the first that cannot be unpacked.
fn from_start(mut file: impl Read, give: &mut dyn FnMut(ZipMember<'_>) -> io::Result<()>) -> io::Result<()> {
    while let Ok(Some(file)) = read_zipfile_from_stream(&mut file) {
        let entry = file.entry();
        if !is_file(&entry) {
            continue;
        }
        if !can_unpack(&entry) {
            break;
        }
        let (path, modified) = (name_of(&entry), modified(&entry));
        let packed = Rc::new(Cell::new(entry.compressed_size()));
        drop(entry);
        give(ZipMember { path, modified, bytes: Some(Box::new(Guarded::new(file, packed))) })?;
    }
    Ok(())
}

fn is_file(entry: &ZipFileEntry<'_>) -> bool {
    /// The bits of a Unix mode that contain the file type, and their value for a regular file.
    const FILE_TYPE: u32 = 0o170_000;
    const REGULAR: u32 = 0o100_000;
    let file_type = entry.unix_mode().unwrap_or(0) & FILE_TYPE;
    !entry.is_dir() && !entry.is_symlink() && matches!(file_type, 0 | REGULAR)
}

/// Whether the content can be unpacked in bounded memory, which LZMA and XZ cannot be here.
fn can_unpack(entry: &ZipFileEntry<'_>) -> bool {
    use CompressionMethod as Method;
    !entry.encrypted()
        && matches!(
            entry.compression(),
            Method::Stored | Method::Deflated | Method::Deflate64 | Method::Bzip2 | Method::Zstd
        )
}

fn name_of(entry: &ZipFileEntry<'_>) -> String {
    entry.name().map_or_else(|_| String::from_utf8_lossy(entry.name_raw()).into_owned(), |name| name.into_owned())
}

/// Returns the modification time. Zip archives contain local times without a zone; as UTC they are right to a day,
/// which suffices for finding the year of a stamp.
fn modified(entry: &ZipFileEntry<'_>) -> Option<Timestamp> {
    let time: DateTime = entry.last_modified()?;
    let small = |number: u8| i8::try_from(number).ok();
    let date = civil::Date::new(i16::try_from(time.year()).ok()?, small(time.month())?, small(time.day())?).ok()?;
    let clock = civil::Time::new(small(time.hour())?, small(time.minute())?, small(time.second())?, 0).ok()?;
    let utc = date.to_datetime(clock).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    plausible(utc.timestamp())
}

fn damaged(error: &ZipError) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("the archive is damaged: {error}"))
}
