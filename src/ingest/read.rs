//! One file: whether its content changed, and what article it holds.

use std::fs::File;
use std::io::Read;

use super::walk::{Candidate, Content};
use crate::article::{self, Article};
use crate::store::FileEntry;

/// A larger file is no article: the largest of the archive of 57,000 has 0.3 MB.
pub const MAX_FILE_BYTES: u64 = 16 << 20;

/// What reading a file brought.
pub(super) enum Outcome {
    /// The same content as last time.
    Unchanged,
    /// It could not be read; what is held of it stays.
    Unreadable(String),
    /// New content without an article, and why.
    NoArticle { hash: u64, reason: String },
    /// New content with an article, and the text it was parsed from.
    Article { hash: u64, article: Box<Article>, text: String },
}

/// Reads `candidate` and parses it, unless its content is what `known` says. `force` parses it in any case.
pub(super) fn read(candidate: &Candidate, known: Option<&FileEntry>, force: bool) -> Outcome {
    if candidate.bytes > MAX_FILE_BYTES {
        let is_known = known.is_some_and(|entry| entry.stat == candidate.stat);
        return if is_known { Outcome::Unchanged } else { too_large() };
    }
    let bytes = match bytes_of(candidate) {
        Ok(bytes) => bytes,
        Err(error) => return Outcome::Unreadable(format!("cannot read: {error}")),
    };
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return too_large();
    }
    let hash = super::first_eight(blake3::Hasher::new().update(&bytes));
    if !force && known.is_some_and(|entry| entry.hash == hash) {
        return Outcome::Unchanged;
    }
    let parsed = article::decode(&bytes).and_then(|text| Ok((article::parse(&text, "")?, text)));
    match parsed {
        Ok((article, text)) => Outcome::Article { hash, article: Box::new(article), text: text.into_owned() },
        Err(reason) => Outcome::NoArticle { hash, reason: reason.to_string() },
    }
}

fn too_large() -> Outcome {
    Outcome::NoArticle { hash: 0, reason: format!("larger than {} MiB", MAX_FILE_BYTES >> 20) }
}

fn bytes_of(candidate: &Candidate) -> std::io::Result<Vec<u8>> {
    match candidate.content {
        Content::Book(text) => Ok(text.as_bytes().to_vec()),
        Content::File => {
            // The file may have grown since the walk: never read more than it takes to see that it is too large.
            let mut bytes = Vec::with_capacity(usize::try_from(candidate.bytes).unwrap_or(0) + 1);
            File::open(&candidate.path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        }
    }
}
