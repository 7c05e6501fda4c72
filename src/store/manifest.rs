//! The manifest: one entry for each file, kept as a column of the file's own document.
//!
//! The column is a sorted dictionary, so the entries of 57,000 files are read in one sequential pass. [`Manifest`] keeps them
//! as they were written and decodes an entry on demand, since most ingests look at few.

use std::borrow::Cow;
use std::ops::Range;

use crate::article::Layout;

/// What the manifest records of a file when it is ingested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry<'a> {
    /// Absolute path, or `book:…` for an article of the bundled book. The name of a member of an archive or export follows
    /// after [`MEMBER`].
    pub path: Cow<'a, str>,
    /// Name of its collection.
    pub collection: Cow<'a, str>,
    /// Its metadata in the file system; 0 for a member of another file.
    pub stat: FileStat,
    /// First eight bytes of the BLAKE3 hash of its content. 0 for a file of which not all was read.
    pub hash: u64,
    /// What the ingest found in the file.
    pub outcome: FileOutcome<'a>,
}

/// Separates the path of an archive or export from the name of a member: `kb.zip!/mail/queue.md`.
pub const MEMBER: &str = "!/";

/// A hash of the metadata of a file: size, modification time, change time and inode. A file with equal metadata is
/// unchanged, unless it was written within the resolution of the clock at the last ingest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStat(pub u64);

/// The result of ingesting a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileOutcome<'a> {
    /// Its article is in the store.
    Article {
        /// The article.
        name: ArticleName<'a>,
        /// The codes of the diagnostics that parsing reported, separated by commas, each as often as it occurred.
        codes: Cow<'a, str>,
    },
    /// Another file that was ingested before contains the same article.
    Duplicate {
        /// The article.
        name: ArticleName<'a>,
    },
    /// It contains no article.
    Skipped {
        /// Why there is none, as a text for the user.
        reason: Cow<'a, str>,
    },
    /// It contains other files or records, which have their own entries.
    Container {
        /// Whether it is an export, whose records depend on the field map.
        is_export: bool,
        /// What is damaged in it, as a text for the user; empty when nothing is.
        damage: Cow<'a, str>,
    },
}

/// The article that a file contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleName<'a> {
    /// Canonical id.
    pub id: Cow<'a, str>,
    /// The id that the text states or the path gives. It differs from `id` if another article has it.
    pub asked: Cow<'a, str>,
    /// The ids that the article had under other paths, separated by line feeds.
    pub former: Cow<'a, str>,
    /// The layout of articles as which its text was read.
    pub layout: Layout,
    /// Where the id comes from.
    pub named_by: NamedBy,
}

/// Where the id of an article comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedBy {
    /// From the text of the article. Files with the same id contain the same article.
    Text,
    /// From the path of the file. Files with the same id contain different articles.
    Path,
}

/// Separates the parts of an entry. No path, name or reason contains a NUL.
const SEPARATOR: char = '\0';

impl<'a> FileEntry<'a> {
    /// Returns the entry as one line. Lines sort by path, since no character sorts before the separator.
    pub(super) fn encode(&self) -> String {
        format!("{}{SEPARATOR}{}", self.path, self.encode_rest())
    }

    /// Returns all but the path as one line. [`FileEntry::decode_rest`] reads it.
    pub(crate) fn encode_rest(&self) -> String {
        let (tag, what, layout, codes) = match &self.outcome {
            FileOutcome::Article { name, codes } => (name.tag(["a", "A"]), &*name.id, name.layout.name(), &**codes),
            FileOutcome::Duplicate { name } => (name.tag(["d", "D"]), &*name.id, name.layout.name(), ""),
            FileOutcome::Skipped { reason } => ("s", &**reason, "", ""),
            FileOutcome::Container { is_export, damage } => (if *is_export { "e" } else { "c" }, &**damage, "", ""),
        };
        let (stat, hash) = (format!("{:x}", self.stat.0), format!("{:x}", self.hash));
        let mut parts = vec![&*self.collection, &stat, &hash, tag, what, layout, codes];
        // Most articles have the id that they ask for, and never had another.
        if let Some(name) = self.name().filter(|name| name.asked != name.id || !name.former.is_empty()) {
            parts.extend([&*name.asked, &*name.former]);
        }
        parts.join(&SEPARATOR.to_string())
    }

    fn decode(line: &'a str) -> Option<Self> {
        let (path, rest) = line.split_once(SEPARATOR)?;
        FileEntry::decode_rest(path, rest)
    }

    /// Reads what [`FileEntry::encode_rest`] returned for the entry of `path`.
    pub(crate) fn decode_rest(path: &'a str, rest: &'a str) -> Option<Self> {
        let mut parts = rest.split(SEPARATOR);
        let mut next = || parts.next();
        let collection = next()?;
        let stat = FileStat(u64::from_str_radix(next()?, 16).ok()?);
        let hash = u64::from_str_radix(next()?, 16).ok()?;
        let (tag, what, layout, codes) = (next()?, next()?, next()?, next()?);
        let (asked, former) = (next().unwrap_or(what), next().unwrap_or_default());
        let name = |named_by| {
            let layout = Layout::ALL.into_iter().find(|known| known.name() == layout)?;
            Some(ArticleName { id: what.into(), asked: asked.into(), former: former.into(), layout, named_by })
        };
        let outcome = match tag {
            "a" => FileOutcome::Article { name: name(NamedBy::Text)?, codes: codes.into() },
            "A" => FileOutcome::Article { name: name(NamedBy::Path)?, codes: codes.into() },
            "d" => FileOutcome::Duplicate { name: name(NamedBy::Text)? },
            "D" => FileOutcome::Duplicate { name: name(NamedBy::Path)? },
            "s" => FileOutcome::Skipped { reason: what.into() },
            "c" | "e" => FileOutcome::Container { is_export: tag == "e", damage: what.into() },
            _ => return None,
        };
        Some(FileEntry { path: path.into(), collection: collection.into(), stat, hash, outcome })
    }

    /// The id of the article that the store took from this file; `None` for a duplicate, and for a file without an
    /// article.
    pub fn held_id(&self) -> Option<&str> {
        match &self.outcome {
            FileOutcome::Article { name, .. } => Some(&name.id),
            FileOutcome::Duplicate { .. } | FileOutcome::Skipped { .. } | FileOutcome::Container { .. } => None,
        }
    }

    /// The article that this file contains, even if the store took it from another file.
    pub fn name(&self) -> Option<&ArticleName<'a>> {
        match &self.outcome {
            FileOutcome::Article { name, .. } | FileOutcome::Duplicate { name } => Some(name),
            FileOutcome::Skipped { .. } | FileOutcome::Container { .. } => None,
        }
    }

    /// Copies the texts of the entry, so that it does not borrow from the manifest.
    pub fn into_owned(self) -> FileEntry<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let owned_name = |name: ArticleName<'_>| ArticleName {
            id: owned(name.id),
            asked: owned(name.asked),
            former: owned(name.former),
            layout: name.layout,
            named_by: name.named_by,
        };
        FileEntry {
            path: owned(self.path),
            collection: owned(self.collection),
            stat: self.stat,
            hash: self.hash,
            outcome: match self.outcome {
                FileOutcome::Article { name, codes } => {
                    FileOutcome::Article { name: owned_name(name), codes: owned(codes) }
                }
                FileOutcome::Duplicate { name } => FileOutcome::Duplicate { name: owned_name(name) },
                FileOutcome::Skipped { reason } => FileOutcome::Skipped { reason: owned(reason) },
                FileOutcome::Container { is_export, damage } => {
                    FileOutcome::Container { is_export, damage: owned(damage) }
                }
            },
        }
    }
}

impl ArticleName<'_> {
    /// The name of an article with the id that it asks for and that never had another.
    pub fn new(id: String, layout: Layout, named_by: NamedBy) -> ArticleName<'static> {
        ArticleName { asked: id.clone().into(), id: id.into(), former: "".into(), layout, named_by }
    }

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
    /// The byte ranges of the entries in `lines`, in order.
    entries: Vec<Range<usize>>,
}

impl Manifest {
    /// Adds an entry as one line, as it is stored; ignores an invalid one. Call [`Manifest::sort`] after the last one.
    pub(super) fn push(&mut self, line: &[u8]) {
        let Ok(line) = std::str::from_utf8(line) else { return };
        if FileEntry::decode(line).is_some() {
            let start = self.lines.len();
            self.lines.push_str(line);
            self.entries.push(start..self.lines.len());
        }
    }

    /// Sorts the entries by path. Fast, since the index gives a few sorted runs of them.
    pub(super) fn sort(&mut self) {
        let lines = &self.lines;
        self.entries.sort_by(|a, b| lines[a.clone()].cmp(&lines[b.clone()]));
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = FileEntry<'_>> {
        (0..self.len()).map(|index| self.at(index))
    }

    /// The entry at `index`, in the order of paths.
    ///
    /// # Panics
    /// When `index` is not below [`Manifest::len`].
    pub fn at(&self, index: usize) -> FileEntry<'_> {
        FileEntry::decode(self.line(index)).expect("`push` keeps only entries that can be decoded")
    }

    /// The path of the entry at `index`.
    ///
    /// # Panics
    /// When `index` is not below [`Manifest::len`].
    pub fn path_at(&self, index: usize) -> &str {
        path_of(self.line(index))
    }

    /// The index of the entry with this path; `None` if there is none.
    pub fn find(&self, path: &str) -> Option<usize> {
        self.entries.binary_search_by(|place| path_of(&self.lines[place.clone()]).cmp(path)).ok()
    }

    /// The entry with this path; `None` if there is none.
    pub fn get(&self, path: &str) -> Option<FileEntry<'_>> {
        self.find(path).map(|index| self.at(index))
    }

    /// The indices of the entries whose path begins with `prefix`.
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

    fn entry(path: &str, outcome: FileOutcome<'static>) -> FileEntry<'static> {
        FileEntry { path: path.to_owned().into(), collection: "kb".into(), stat: FileStat(u64::MAX), hash: 7, outcome }
    }

    fn name(layout: Layout, named_by: NamedBy) -> ArticleName<'static> {
        ArticleName { id: "Q1".into(), asked: "Q1".into(), former: "".into(), layout, named_by }
    }

    fn skipped(path: &str) -> FileEntry<'static> {
        entry(path, FileOutcome::Skipped { reason: "binary file".into() })
    }

    #[track_caller]
    fn check(outcome: FileOutcome<'static>) {
        let entry = entry("/kb/a b.txt", outcome);
        assert_eq!(FileEntry::decode(&entry.encode()), Some(entry));
    }

    #[test]
    fn every_entry_survives_being_written_and_read() {
        for layout in Layout::ALL {
            for named_by in [NamedBy::Text, NamedBy::Path] {
                check(FileOutcome::Article { name: name(layout, named_by), codes: "A001,A001".into() });
                check(FileOutcome::Article { name: name(layout, named_by), codes: "".into() });
                check(FileOutcome::Duplicate { name: name(layout, named_by) });
            }
        }
        let name = || name(Layout::Markdown, NamedBy::Path);
        let displaced = ArticleName { asked: "kb/a".into(), ..name() };
        check(FileOutcome::Article { name: displaced, codes: "".into() });
        let renamed = ArticleName { former: "kb/b\nkb/c".into(), ..name() };
        check(FileOutcome::Article { name: renamed, codes: "A001".into() });
        check(FileOutcome::Skipped { reason: "binary file".into() });
        check(FileOutcome::Container { is_export: true, damage: "".into() });
        check(FileOutcome::Container { is_export: false, damage: "cut off".into() });
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
    fn entries_are_found_by_path_and_by_prefix() {
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
