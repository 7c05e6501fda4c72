//! Reads one file or member: whether its content changed, and which article it holds.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::archive::MAX_FILE_BYTES;
use super::container::{Container, sniff};
use super::hash::first_eight;
use super::included::Included;
use super::walk::{Content, InputFile};
use crate::article::export::FieldMap;
use crate::article::{self, Article, Place, ReadIncluded};
use crate::book;
use crate::store::{FileEntry, NamedBy};

/// The outcome of reading a file or member.
pub(super) enum ReadOutcome {
    /// It could not be read; the store keeps what it has.
    Unreadable(String),
    /// The same content as last time.
    Same,
    /// It holds other files or records: an archive or export.
    Container(Container),
    /// Content without an article, with the reason.
    NoArticle { hash: u64, reason: String },
    /// An article, and the text it was parsed from.
    Article { hash: u64, named: Box<NamedArticle>, text: String },
}

/// An article with its place, and where its id comes from.
pub(super) struct NamedArticle {
    pub(super) article: Article,
    pub(super) place: Place,
    pub(super) by: NamedBy,
    /// Whether its text contains texts of other files.
    pub(super) has_includes: bool,
}

/// Reads `file`. If the hash of its content is `same`, returns `Same` without parsing it.
pub(super) fn read(file: &InputFile, fields: &FieldMap, same: Option<u64>) -> ReadOutcome {
    let bytes = match bytes_of(&file.path, file.content, file.bytes) {
        Ok(bytes) => bytes,
        Err(error) => return ReadOutcome::Unreadable(format!("cannot read: {error}")),
    };
    if let Some(container) = sniff(&bytes, fields) {
        return ReadOutcome::Container(container);
    }
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return ReadOutcome::NoArticle { hash: 0, reason: too_large() };
    }
    let included = Included::new(&file.path, &file.root.path);
    let outcome = parse(&bytes, &file.name(), &|target| included.text(target), || file.place(), same);
    match included.into_error() {
        Some(error) => ReadOutcome::Unreadable(format!("cannot read a file that it includes: {error}")),
        None => outcome,
    }
}

/// Reads the file of an entry with an article, which is at `place`, again and parses it, even if it did not change.
pub(super) fn read_again(entry: &FileEntry<'_>, place: Place) -> ReadOutcome {
    let content = match book::text_at(&entry.path) {
        Some(text) => Content::Book(text),
        None => Content::File,
    };
    match bytes_of(Path::new(&*entry.path), content, 0) {
        Ok(bytes) => {
            let path = Path::new(&*entry.path);
            let included = Included::new(path, path.parent().unwrap_or(path));
            // The next ingest reads it again, so a text that is missing now comes then.
            parse(&bytes, &entry.path, &|target| included.text(target), || place, None)
        }
        Err(error) => ReadOutcome::Unreadable(format!("cannot read: {error}")),
    }
}

/// Parses the content of the file or member at `path`, with the texts of the files that it includes. If its hash is `same`,
/// returns `Same` instead. `place` tells where its article is.
pub(super) fn parse(
    bytes: &[u8],
    path: &str,
    included: &ReadIncluded<'_>,
    place: impl FnOnce() -> Place,
    same: Option<u64>,
) -> ReadOutcome {
    let mut hash = first_eight(blake3::Hasher::new().update(bytes));
    if same == Some(hash) {
        return ReadOutcome::Same;
    }
    let decoded = article::decode(bytes).map(|text| {
        let whole = match article::with_includes(&text, path, included) {
            Cow::Owned(whole) => Some(whole),
            Cow::Borrowed(_) => None,
        };
        let has_includes = whole.is_some();
        (whole.map_or(text, Cow::Owned), has_includes)
    });
    if let Ok((whole, true)) = &decoded {
        hash = first_eight(blake3::Hasher::new().update(whole.as_bytes()));
        if same == Some(hash) {
            return ReadOutcome::Same;
        }
    }
    let parsed = decoded.and_then(|(text, has_includes)| {
        let place = place();
        let slug = place.slug();
        let mut article = article::parse_file(&text, path, &slug)?;
        if article.layout.has_links() {
            article::locate(&mut article, &text, &place);
        }
        let by = if article.id == slug { NamedBy::Path } else { NamedBy::Text };
        Ok((NamedArticle { article, place, by, has_includes }, text))
    });
    match parsed {
        Ok((named, text)) => ReadOutcome::Article { hash, named: Box::new(named), text: text.into_owned() },
        Err(reason) => ReadOutcome::NoArticle { hash, reason: reason.to_string() },
    }
}

/// The reason for skipping a text of more than [`MAX_FILE_BYTES`].
pub(super) fn too_large() -> String {
    format!("larger than {} MiB", MAX_FILE_BYTES >> 20)
}

/// Reads the content. Of a file that is too large, reads only one byte more than [`MAX_FILE_BYTES`].
fn bytes_of(path: &Path, content: Content, expected: u64) -> std::io::Result<Vec<u8>> {
    match content {
        Content::Book(text) => Ok(text.as_bytes().to_vec()),
        Content::File => {
            // The file may have grown since the walk.
            let expected = expected.min(MAX_FILE_BYTES) + 1;
            let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
            File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        }
    }
}
