//! The inputs of an ingest: files and folders ("roots"), each with the collection that its articles belong to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::memory::Memory;
use crate::article::export::FieldMap;
use crate::normal_form::composed;

/// A file or folder, and the name of the collection that its articles belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Absolute path.
    pub path: PathBuf,
    /// Name of the collection.
    pub collection: String,
    /// Whether the user chose that name. A root that the user did not name joins the root that contains it, if any.
    is_named: bool,
}

impl Root {
    /// Creates a root at `path` whose collection is named after the file or folder.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().map_or_else(|| "kb".to_owned(), |name| name.to_string_lossy().into_owned());
        // `kb.tar.zst` is the collection `kb`, and `.kb` is `.kb`.
        let end = name.char_indices().skip(1).find(|(_, c)| *c == '.').map_or(name.len(), |(dot, _)| dot);
        Root { collection: composed(&name[..end]).into_owned(), path, is_named: false }
    }

    /// Recreates a root that was ingested before as `collection`. It counts as named by the user if `collection` is not
    /// the name that [`Root::new`] derives from `path`.
    pub fn remembered(path: impl Into<PathBuf>, collection: impl Into<String>) -> Self {
        let (made_up, collection): (Root, String) = (Root::new(path), collection.into());
        Root { is_named: made_up.collection != collection, collection, ..made_up }
    }

    /// Creates a root at `path` whose collection the user named `collection`.
    pub fn named(path: impl Into<PathBuf>, collection: impl Into<String>) -> Self {
        Root { path: path.into(), collection: composed(&collection.into()).into_owned(), is_named: true }
    }
}

/// The inputs of an ingest and its options.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Sorted by path, each path once. A root below another is kept only if the user named its collection.
    roots: Vec<Root>,
    /// Whether the bundled book is part of the store. `false` removes it.
    pub book: bool,
    /// The time now, in milliseconds since 1970.
    pub now_ms: i64,
    /// Forget the articles of roots that are not among `roots`.
    pub prune: bool,
    /// Compare all files by content, also those that look unchanged.
    pub verify: bool,
    /// The meaning of the fields of exports.
    pub fields: Arc<FieldMap>,
    /// How much memory may be used.
    pub memory: Memory,
}

impl Inputs {
    /// Creates the inputs from roots with absolute paths. Two spellings of one path count once; of several names that
    /// the user chose for it, the first counts. A path within another root is dropped unless the user named its
    /// collection. A path where nothing exists is kept, so that it is reported.
    pub fn new(roots: impl IntoIterator<Item = Root>, book: bool, now_ms: i64) -> Self {
        let canonical = |root: Root| Root { path: root.path.canonicalize().unwrap_or(root.path), ..root };
        let mut roots: Vec<Root> = roots.into_iter().map(canonical).collect();
        // A folder sorts before everything below it, and a name that the user chose before one that was derived. The
        // sort is stable, so of two chosen names the first stays first.
        roots.sort_by(|a, b| (&a.path, !a.is_named).cmp(&(&b.path, !b.is_named)));
        roots.dedup_by(|root, above| root.path == above.path);
        let mut kept: Vec<Root> = Vec::with_capacity(roots.len());
        for root in roots {
            let is_within = kept.iter().any(|above| reaches(&above.path, &root.path));
            if root.is_named || !is_within {
                kept.push(root);
            }
        }
        Inputs { roots: kept, book, now_ms, ..Inputs::default() }
    }

    /// The files and folders to ingest.
    pub fn roots(&self) -> &[Root] {
        &self.roots
    }

    /// Whether `path` is one of the roots or below one.
    pub(super) fn reach(&self, path: &Path) -> bool {
        self.roots.iter().any(|root| path.starts_with(&root.path))
    }
}

/// Whether a walk of `root` visits `path`: it is `root` or below it, and no part of it below `root` is hidden.
fn reaches(root: &Path, path: &Path) -> bool {
    let is_hidden = |part: &std::ffi::OsStr| part.as_encoded_bytes().starts_with(b".");
    path.strip_prefix(root).is_ok_and(|below| !below.iter().any(is_hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collections(roots: impl IntoIterator<Item = Root>) -> Vec<(String, String)> {
        let inputs = Inputs::new(roots, false, 0);
        inputs.roots().iter().map(|root| (root.path.display().to_string(), root.collection.clone())).collect()
    }

    fn pair(path: &str, collection: &str) -> (String, String) {
        (path.to_owned(), collection.to_owned())
    }

    #[test]
    fn a_collection_is_named_after_its_root_unless_the_user_names_it() {
        for (path, name) in
            [("/x/kb", "kb"), ("/x/kb.tar.zst", "kb"), ("/x/.kb", ".kb"), ("/", "kb"), ("/x/u\u{308}ber", "über")]
        {
            assert_eq!(Root::new(path).collection, name, "{path}");
        }
        assert_eq!(collections([Root::new("/x/kb"), Root::named("/x/kb", "mail")]), [pair("/x/kb", "mail")]);
        let named = |name: &str| Root::named("/x/kb", name);
        assert_eq!(collections([named("new"), named("a")]), [pair("/x/kb", "new")]);
    }

    #[test]
    fn a_root_below_another_joins_it_unless_it_has_a_name_of_its_own() {
        assert_eq!(collections([Root::new("/x/kb/a"), Root::new("/x/kb")]), [pair("/x/kb", "kb")]);
        assert_eq!(
            collections([Root::named("/x/kb/a", "mail"), Root::new("/x/kb"), Root::new("/x/kb/a/b")]),
            [pair("/x/kb", "kb"), pair("/x/kb/a", "mail")]
        );
    }
}
