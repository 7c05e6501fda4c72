//! Which file gave what: one entry a file, kept as a column of the file's own document.
//!
//! The column is a sorted dictionary, so reading the entries of 57,000 files is one sequential pass. [`Manifest`] keeps
//! them as they were written and takes an entry apart when it is asked for, since most ingests look at few.

use std::borrow::Cow;
use std::ops::Range;

use crate::article::Layout;

/// What is known of one file, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry<'a> {
    /// Absolute path, or `book:…` for an article of the bundled book. What is inside an archive or an export follows
    /// behind [`MEMBER`].
    pub path: Cow<'a, str>,
    /// Name of the collection it belongs to.
    pub collection: Cow<'a, str>,
    /// What the file system said of it; 0 for what is inside another file.
    pub stat: FileStat,
    /// First eight bytes of the BLAKE3 hash of its content: two versions of a file agree by chance once in 2^64. 0 for
    /// what was not read as a whole.
    pub hash: u64,
    /// What became of it.
    pub fate: Fate<'a>,
}

/// What stands between the path of an archive or export and the name of what is inside: `kb.zip!/mail/queue.md`.
pub const MEMBER: &str = "!/";

/// What the file system says of a file without reading it, folded to one number: size, modification time, change time and
/// inode. Equal means unchanged, except for files written within the clock's grain of the last ingest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStat(pub u64);

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate<'a> {
    /// Its article is held.
    Article {
        /// The article.
        name: ArticleName<'a>,
        /// Codes of its diagnostics with commas between them, each as often as it occurred.
        codes: Cow<'a, str>,
    },
    /// Another file gave the same article already.
    Duplicate {
        /// The article.
        name: ArticleName<'a>,
    },
    /// It holds no article.
    Skipped {
        /// Why, for the user.
        reason: Cow<'a, str>,
    },
    /// It holds other files or records, which have entries of their own.
    Container {
        /// Whether these are records of an export, which depend on the field map.
        is_export: bool,
        /// What was wrong with it, for the user; empty when nothing was.
        damage: Cow<'a, str>,
    },
}

/// Which article a file gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleName<'a> {
    /// Canonical id.
    pub id: Cow<'a, str>,
    /// Layout it was read as.
    pub layout: Layout,
    /// Where the id comes from.
    pub named_by: NamedBy,
}

/// Where the id of an article comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedBy {
    /// The text says it. Files with the same id hold the same article.
    Text,
    /// The place of the file says it. Files with the same id are namesakes.
    Path,
}

/// No path, name or reason holds a NUL.
const SEPARATOR: char = '\0';

impl<'a> FileEntry<'a> {
    /// The entry as one line. Lines sort by path, since nothing sorts before the separator.
    pub(super) fn encode(&self) -> String {
        let (tag, what, layout, codes) = match &self.fate {
            Fate::Article { name, codes } => (name.tag(["a", "A"]), &*name.id, name.layout.name(), &**codes),
            Fate::Duplicate { name } => (name.tag(["d", "D"]), &*name.id, name.layout.name(), ""),
            Fate::Skipped { reason } => ("s", &**reason, "", ""),
            Fate::Container { is_export, damage } => (if *is_export { "e" } else { "c" }, &**damage, "", ""),
        };
        let (stat, hash) = (format!("{:x}", self.stat.0), format!("{:x}", self.hash));
        [&*self.path, &self.collection, &stat, &hash, tag, what, layout, codes].join(&SEPARATOR.to_string())
    }

    fn decode(line: &'a str) -> Option<Self> {
        let mut parts = line.split(SEPARATOR);
        let mut next = || parts.next();
        let (path, collection) = (next()?, next()?);
        let stat = FileStat(u64::from_str_radix(next()?, 16).ok()?);
        let hash = u64::from_str_radix(next()?, 16).ok()?;
        let (tag, what, layout, codes) = (next()?, next()?, next()?, next()?);
        let name = |named_by| {
            let layout = Layout::ALL.into_iter().find(|known| known.name() == layout)?;
            Some(ArticleName { id: what.into(), layout, named_by })
        };
        let fate = match tag {
            "a" => Fate::Article { name: name(NamedBy::Text)?, codes: codes.into() },
            "A" => Fate::Article { name: name(NamedBy::Path)?, codes: codes.into() },
            "d" => Fate::Duplicate { name: name(NamedBy::Text)? },
            "D" => Fate::Duplicate { name: name(NamedBy::Path)? },
            "s" => Fate::Skipped { reason: what.into() },
            "c" | "e" => Fate::Container { is_export: tag == "e", damage: what.into() },
            _ => return None,
        };
        Some(FileEntry { path: path.into(), collection: collection.into(), stat, hash, fate })
    }

    /// The id of the article that is held by this file.
    pub fn held_id(&self) -> Option<&str> {
        match &self.fate {
            Fate::Article { name, .. } => Some(&name.id),
            Fate::Duplicate { .. } | Fate::Skipped { .. } | Fate::Container { .. } => None,
        }
    }

    /// The article that this file gives, held or not.
    pub fn name(&self) -> Option<&ArticleName<'a>> {
        match &self.fate {
            Fate::Article { name, .. } | Fate::Duplicate { name } => Some(name),
            Fate::Skipped { .. } | Fate::Container { .. } => None,
        }
    }

    /// The same entry, independent of the manifest it was read from.
    pub fn into_owned(self) -> FileEntry<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let owned_name = |name: ArticleName<'_>| ArticleName {
            id: Cow::Owned(name.id.into_owned()),
            layout: name.layout,
            named_by: name.named_by,
        };
        FileEntry {
            path: owned(self.path),
            collection: owned(self.collection),
            stat: self.stat,
            hash: self.hash,
            fate: match self.fate {
                Fate::Article { name, codes } => Fate::Article { name: owned_name(name), codes: owned(codes) },
                Fate::Duplicate { name } => Fate::Duplicate { name: owned_name(name) },
                Fate::Skipped { reason } => Fate::Skipped { reason: owned(reason) },
                Fate::Container { is_export, damage } => Fate::Container { is_export, damage: owned(damage) },
            },
        }
    }
}

impl ArticleName<'_> {
    fn tag(&self, [by_text, by_path]: [&'static str; 2]) -> &'static str {
        match self.named_by {
            NamedBy::Text => by_text,
            NamedBy::Path => by_path,
        }
    }
}

/// The entries of all files, sorted by path.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    lines: String,
    /// Places of the entries in `lines`, in order.
    entries: Vec<Range<usize>>,
}

impl Manifest {
    /// Adds an entry as it was written; [`Manifest::sort`] comes after the last one. What is none is passed over.
    pub(super) fn push(&mut self, line: &[u8]) {
        let Ok(line) = std::str::from_utf8(line) else { return };
        if FileEntry::decode(line).is_some() {
            let start = self.lines.len();
            self.lines.push_str(line);
            self.entries.push(start..self.lines.len());
        }
    }

    /// Puts the entries in order. Cheap where they come in a few sorted runs, as they do from the index.
    pub(super) fn sort(&mut self) {
        let lines = &self.lines;
        self.entries.sort_by(|a, b| lines[a.clone()].cmp(&lines[b.clone()]));
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries in order of path.
    pub fn iter(&self) -> impl Iterator<Item = FileEntry<'_>> {
        (0..self.len()).map(|index| self.at(index))
    }

    /// The entry at a place in order.
    ///
    /// # Panics
    /// When `index` is not below [`Manifest::len`].
    pub fn at(&self, index: usize) -> FileEntry<'_> {
        FileEntry::decode(self.line(index)).expect("`push` takes what can be read alone")
    }

    /// The path of the entry at a place in order.
    ///
    /// # Panics
    /// As [`Manifest::at`].
    pub fn path_at(&self, index: usize) -> &str {
        path_of(self.line(index))
    }

    /// The place of the entry with this path.
    pub fn find(&self, path: &str) -> Option<usize> {
        self.entries.binary_search_by(|place| path_of(&self.lines[place.clone()]).cmp(path)).ok()
    }

    /// The entry with this path.
    pub fn get(&self, path: &str) -> Option<FileEntry<'_>> {
        self.find(path).map(|index| self.at(index))
    }

    /// The places of the entries whose path begins with `prefix`.
    pub fn below(&self, prefix: &str) -> Range<usize> {
        let path = |place: &Range<usize>| path_of(&self.lines[place.clone()]);
        let start = self.entries.partition_point(|place| path(place) < prefix);
        let len = self.entries[start..].partition_point(|place| path(place).starts_with(prefix));
        start..start + len
    }

    fn line(&self, index: usize) -> &str {
        &self.lines[self.entries[index].clone()]
    }
}

fn path_of(line: &str) -> &str {
    let end = memchr::memchr(SEPARATOR as u8, line.as_bytes()).unwrap_or(line.len());
    &line[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, fate: Fate<'static>) -> FileEntry<'static> {
        FileEntry { path: path.to_owned().into(), collection: "kb".into(), stat: FileStat(u64::MAX), hash: 7, fate }
    }

    fn name(layout: Layout, named_by: NamedBy) -> ArticleName<'static> {
        ArticleName { id: "Q1".into(), layout, named_by }
    }

    fn skipped(path: &str) -> FileEntry<'static> {
        entry(path, Fate::Skipped { reason: "binary file".into() })
    }

    #[track_caller]
    fn check(fate: Fate<'static>) {
        let entry = entry("/kb/a b.txt", fate);
        assert_eq!(FileEntry::decode(&entry.encode()), Some(entry));
    }

    #[test]
    fn every_fate_survives_being_written_and_read() {
        for layout in Layout::ALL {
            for named_by in [NamedBy::Text, NamedBy::Path] {
                check(Fate::Article { name: name(layout, named_by), codes: "A001,A001".into() });
                check(Fate::Article { name: name(layout, named_by), codes: "".into() });
                check(Fate::Duplicate { name: name(layout, named_by) });
            }
        }
        check(Fate::Skipped { reason: "binary file".into() });
        check(Fate::Container { is_export: true, damage: "".into() });
        check(Fate::Container { is_export: false, damage: "cut off".into() });
    }

    #[test]
    fn an_entry_of_another_shape_is_not_read() {
        assert_eq!(FileEntry::decode("/kb/a.txt\0kb\0zz"), None);
        let mut manifest = Manifest::default();
        manifest.push(b"/kb/a.txt\0kb\0zz");
        manifest.push(b"\xff");
        assert!(manifest.is_empty());
    }

    #[test]
    fn entries_are_found_by_path_and_by_what_their_paths_begin_with() {
        let mut manifest = Manifest::default();
        for path in ["/b.zip!/y", "/b.zip", "/b.zip 2", "/a", "/b.zip!/x"] {
            manifest.push(skipped(path).encode().as_bytes());
        }
        manifest.sort();
        let paths: Vec<String> = manifest.iter().map(|entry| entry.path.into_owned()).collect();
        assert_eq!(paths, ["/a", "/b.zip", "/b.zip 2", "/b.zip!/x", "/b.zip!/y"]);
        assert_eq!(manifest.below("/b.zip!/"), 3..5);
        assert_eq!(manifest.below("/c"), 5..5);
        assert_eq!(manifest.get("/b.zip"), Some(skipped("/b.zip")));
        assert_eq!(manifest.get("/b.zip!/"), None);
        assert_eq!(manifest.path_at(2), "/b.zip 2");
    }
}
