//! Which file gave what: one entry a file, kept as a column of the file's own document.
//!
//! The column is a sorted dictionary, so reading the entries of 57,000 files is one sequential pass.

use crate::article::Layout;

/// What is known of one file, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Absolute path, or `book:…` for an article of the bundled book.
    pub path: String,
    /// Name of the collection it belongs to.
    pub collection: String,
    /// What the file system said of it.
    pub stat: FileStat,
    /// First eight bytes of the BLAKE3 hash of its content: two versions of a file agree by chance once in 2^64.
    pub hash: u64,
    /// What became of it.
    pub fate: Fate,
}

/// What the file system says of a file without reading it, folded to one number: size, modification time, change time and
/// inode. Equal means unchanged, except for files written within the clock's grain of the last ingest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStat(pub u64);

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Its article is held.
    Article {
        /// Canonical id.
        id: String,
        /// Layout it was read as.
        layout: Layout,
        /// Codes of its diagnostics, each as often as it occurred.
        diagnostics: Vec<String>,
    },
    /// Another file gave the article with this id already.
    Duplicate {
        /// Canonical id.
        id: String,
        /// Layout it was read as.
        layout: Layout,
    },
    /// It holds no article.
    Skipped {
        /// Why, for the user.
        reason: String,
    },
}

/// No path, name or reason holds a NUL.
const SEPARATOR: char = '\0';

impl FileEntry {
    pub(super) fn encode(&self) -> String {
        let (tag, name, layout, codes) = match &self.fate {
            Fate::Article { id, layout, diagnostics } => ("a", id.as_str(), layout.name(), diagnostics.join(",")),
            Fate::Duplicate { id, layout } => ("d", id.as_str(), layout.name(), String::new()),
            Fate::Skipped { reason } => ("s", reason.as_str(), "", String::new()),
        };
        let (stat, hash) = (format!("{:x}", self.stat.0), format!("{:x}", self.hash));
        [&self.path, &self.collection, &stat, &hash, tag, name, layout, &codes].join(&SEPARATOR.to_string())
    }

    pub(super) fn decode(line: &str) -> Option<FileEntry> {
        let mut parts = line.split(SEPARATOR);
        let mut next = || parts.next();
        let (path, collection) = (next()?.to_owned(), next()?.to_owned());
        let stat = FileStat(u64::from_str_radix(next()?, 16).ok()?);
        let hash = u64::from_str_radix(next()?, 16).ok()?;
        let (tag, name, layout, codes) = (next()?, next()?.to_owned(), next()?, next()?);
        let layout = || Layout::ALL.into_iter().find(|known| known.name() == layout);
        let fate = match tag {
            "a" => {
                let diagnostics = codes.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect();
                Fate::Article { id: name, layout: layout()?, diagnostics }
            }
            "d" => Fate::Duplicate { id: name, layout: layout()? },
            "s" => Fate::Skipped { reason: name },
            _ => return None,
        };
        Some(FileEntry { path, collection, stat, hash, fate })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(fate: Fate) {
        let entry =
            FileEntry { path: "/kb/a b.txt".into(), collection: "kb".into(), stat: FileStat(u64::MAX), hash: 7, fate };
        assert_eq!(FileEntry::decode(&entry.encode()), Some(entry));
    }

    #[test]
    fn every_fate_survives_being_written_and_read() {
        check(Fate::Article { id: "Q1".into(), layout: Layout::Page, diagnostics: vec!["A001".into(), "A001".into()] });
        check(Fate::Article { id: "Q1".into(), layout: Layout::Document, diagnostics: vec![] });
        check(Fate::Duplicate { id: "Q1".into(), layout: Layout::WebText });
        check(Fate::Skipped { reason: "binary file".into() });
    }

    #[test]
    fn an_entry_of_another_shape_is_not_read() {
        assert_eq!(FileEntry::decode("/kb/a.txt\0kb\0zz"), None);
    }
}
