//! One text: whether it changed, and what article it holds.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::container::{Container, sniff};
use super::walk::{Candidate, Content};
use crate::article::export::FieldMap;
use crate::article::{self, Article};
use crate::book;
use crate::store::{FileEntry, NamedBy};

/// A larger file is no article: the largest of the archive of 57,000 has 0.3 MB.
pub const MAX_FILE_BYTES: u64 = 16 << 20;

/// What reading brought.
pub(super) enum Outcome {
    /// It could not be read; what is held of it stays.
    Unreadable(String),
    /// The same content as last time.
    Same,
    /// It holds other files or records.
    Container(Container),
    /// Content without an article, and why.
    NoArticle { hash: u64, reason: String },
    /// An article, and the text it was parsed from.
    Article { hash: u64, named: Box<Named>, text: String },
}

/// An article, and where its id comes from.
pub(super) struct Named {
    pub(super) article: Article,
    pub(super) by: NamedBy,
}

/// Reads `candidate`. Content whose hash is `same` is not looked into.
pub(super) fn read(candidate: &Candidate, fields: &FieldMap, same: Option<u64>) -> Outcome {
    let bytes = match bytes_of(&candidate.path, candidate.content, candidate.bytes) {
        Ok(bytes) => bytes,
        Err(error) => return Outcome::Unreadable(format!("cannot read: {error}")),
    };
    if let Some(container) = sniff(&bytes, fields) {
        return Outcome::Container(container);
    }
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Outcome::NoArticle { hash: 0, reason: too_large() };
    }
    parse(&bytes, || candidate.slug(), same)
}

/// Reads the file of an entry that names an article again, whether it changed or not.
pub(super) fn read_again(entry: &FileEntry<'_>) -> Outcome {
    let content = match book::text_at(&entry.path) {
        Some(text) => Content::Book(text),
        None => Content::File,
    };
    match bytes_of(Path::new(&*entry.path), content, 0) {
        Ok(bytes) => parse(&bytes, || entry.name().map_or_else(String::new, |name| name.id.to_string()), None),
        Err(error) => Outcome::Unreadable(format!("cannot read: {error}")),
    }
}

/// Parses the content of a file, or of a member of one. `slug` names the article if the text does not.
pub(super) fn parse(bytes: &[u8], slug: impl FnOnce() -> String, same: Option<u64>) -> Outcome {
    let hash = super::first_eight(blake3::Hasher::new().update(bytes));
    if same == Some(hash) {
        return Outcome::Same;
    }
    let parsed = article::decode(bytes).and_then(|text| {
        let slug = slug();
        let article = article::parse(&text, &slug)?;
        let by = if article.id == slug { NamedBy::Path } else { NamedBy::Text };
        Ok((Named { article, by }, text))
    });
    match parsed {
        Ok((named, text)) => Outcome::Article { hash, named: Box::new(named), text: text.into_owned() },
        Err(reason) => Outcome::NoArticle { hash, reason: reason.to_string() },
    }
}

/// Why a text of more than [`MAX_FILE_BYTES`] is left out.
pub(super) fn too_large() -> String {
    format!("larger than {} MiB", MAX_FILE_BYTES >> 20)
}

/// The content, or as much of it as shows that it is too large.
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
