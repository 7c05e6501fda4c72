//! Finds the files that articles include.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use crate::article;

/// The greatest size of an included file in bytes.
const LARGEST: u64 = 1 << 20;

/// Reads the files that the article in the file `includer` includes, and notes an error: without such a text the article would be
/// another one.
pub(super) struct Included<'a> {
    includer: &'a Path,
    root: &'a Path,
    error: RefCell<Option<io::Error>>,
}

impl<'a> Included<'a> {
    /// `root` is the file or folder that nothing outside of is read.
    pub(super) fn new(includer: &'a Path, root: &'a Path) -> Self {
        Included { includer, root, error: RefCell::default() }
    }

    /// Returns the text of the file at `target`; `None` if there is no such text file, or if it cannot be read.
    pub(super) fn text(&self, target: &str) -> Option<String> {
        read_file(self.includer, self.root, target).unwrap_or_else(|error| {
            self.error.replace(Some(error));
            None
        })
    }

    /// Returns the last error.
    pub(super) fn into_error(self) -> Option<io::Error> {
        self.error.into_inner()
    }
}

/// Returns the text of the file at `target`, a path that the file `includer` names: below the folder of that file, or below
/// a folder around it, since many sites name files from their root. Nothing outside of `root` is read, whatever the path or
/// a link says. `None` if there is no such text file; an error if it is there and cannot be read.
fn read_file(includer: &Path, root: &Path, target: &str) -> io::Result<Option<String>> {
    let Some(found) = find(includer, root, target) else { return Ok(None) };
    let mut bytes = Vec::new();
    File::open(found)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    let is_whole = bytes.len() as u64 <= LARGEST;
    Ok(article::decode(&bytes).ok().filter(|_| is_whole).map(std::borrow::Cow::into_owned))
}

fn find(includer: &Path, root: &Path, target: &str) -> Option<PathBuf> {
    let root = if root.is_dir() { root } else { root.parent()? };
    let root = root.canonicalize().ok()?;
    let target = Path::new(target.trim_start_matches('/'));
    let folders = includer
        .parent()?
        .ancestors()
        .take_while(|folder| folder.canonicalize().is_ok_and(|folder| folder.starts_with(&root)));
    folders
        .map(|folder| plain(&folder.join(target)))
        .find_map(|path| path.canonicalize().ok().filter(|path| path.starts_with(&root) && path.is_file()))
}

/// Returns the path without `.` and `..`, so that folders that do not exist do not matter.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_around_the_article_are_found_and_none_outside_the_root() {
        let dir = tempfile::tempdir().expect("a folder");
        for (path, text) in [("kb/belts/a.adoc", "a"), ("kb/parts/oil.adoc", "oil"), ("secret.txt", "secret")] {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
            std::fs::write(path, text).expect("a new file");
        }
        let root = dir.path().join("kb");
        let read = |target: &str| read_file(&root.join("belts/a.adoc"), &root, target).expect("a readable file");
        for target in ["../parts/oil.adoc", "parts/oil.adoc", "/parts/oil.adoc", "gone/../../parts/oil.adoc"] {
            assert_eq!(read(target).as_deref(), Some("oil"), "{target}");
        }
        for target in ["../../secret.txt", "secret.txt", "gone.adoc", "", "parts"] {
            assert_eq!(read(target), None, "{target}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_link_does_not_lead_outside_the_root() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(dir.path().join("kb")).expect("a new folder");
        std::fs::write(dir.path().join("secret.txt"), "secret").expect("a new file");
        std::os::unix::fs::symlink(dir.path().join("secret.txt"), dir.path().join("kb/x.txt")).expect("a new link");
        let found = read_file(&dir.path().join("kb/a.adoc"), &dir.path().join("kb"), "x.txt");
        assert_eq!(found.expect("nothing is read"), None);
    }
}
