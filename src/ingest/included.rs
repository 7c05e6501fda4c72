//! Finds the files that articles include.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use crate::article;

/// The greatest size of an included file in bytes.
const LARGEST: u64 = 1 << 20;

/// Returns the text of the file at `target`, a path that the file `includer` names: below the folder of that file, or below
/// a folder around it, since many sites name files from their root. Nothing outside of `root` is read, whatever the path or
/// a link says. `None` if there is no such text file.
pub(super) fn read_included(includer: &Path, root: &Path, target: &str) -> Option<String> {
    let root = if root.is_dir() { root } else { root.parent()? };
    let root = root.canonicalize().ok()?;
    let target = Path::new(target.trim_start_matches('/'));
    let folders = includer
        .parent()?
        .ancestors()
        .take_while(|folder| folder.canonicalize().is_ok_and(|folder| folder.starts_with(&root)));
    let found = folders
        .map(|folder| plain(&folder.join(target)))
        .find_map(|path| path.canonicalize().ok().filter(|path| path.starts_with(&root) && path.is_file()))?;
    let mut bytes = Vec::new();
    File::open(found).ok()?.take(LARGEST + 1).read_to_end(&mut bytes).ok()?;
    let is_whole = bytes.len() as u64 <= LARGEST;
    article::decode(&bytes).ok().filter(|_| is_whole).map(std::borrow::Cow::into_owned)
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
        let read = |target: &str| read_included(&root.join("belts/a.adoc"), &root, target);
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
        assert_eq!(read_included(&dir.path().join("kb/a.adoc"), &dir.path().join("kb"), "x.txt"), None);
    }
}
