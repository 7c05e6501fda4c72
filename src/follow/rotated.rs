//! Finds the files that a log was renamed or copied to.

use std::cmp::Reverse;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::identity::{FileKey, modified};

/// Ends of the names of compressed files, which are never followed.
const COMPRESSED: [&str; 9] = [".gz", ".bz2", ".xz", ".zst", ".zip", ".lz4", ".Z", ".7z", ".tgz"];

pub(super) fn is_compressed(path: &Path) -> bool {
    path.file_name().is_some_and(|name| COMPRESSED.iter().any(|end| name.to_string_lossy().ends_with(end)))
}

/// How the name of a file is made from the name of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kin {
    /// `app.log.1`, `app.log-20261112`, `app.log.old`. Such a file is a rotated log.
    Suffix,
    /// `app-1.log`, `app.2026-11-12.log`. Such a file may be a rotated log or another one.
    Infix,
}

/// Says how `name` is made from `log`; `None` if it is not.
pub(super) fn kin(log: &str, name: &str) -> Option<Kin> {
    if let Some(suffix) = name.strip_prefix(log) {
        return is_addition(suffix).then_some(Kin::Suffix);
    }
    let (stem, extension) = log.rsplit_once('.')?;
    let infix = name.strip_prefix(stem)?.strip_suffix(extension)?.strip_suffix('.')?;
    is_addition(infix).then_some(Kin::Infix)
}

/// Whether a rotation adds such text to a name: a number or a date, `old`, `bak` or `prev`.
fn is_addition(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['.', '-', '_']) else { return false };
    matches!(rest, "old" | "bak" | "prev") || rest.contains(|c: char| c.is_ascii_digit())
}

/// A file beside a log, with a name made from that of the log.
#[derive(Debug)]
pub(super) struct Sibling {
    pub(super) path: PathBuf,
    pub(super) kin: Kin,
    pub(super) file: File,
    pub(super) key: FileKey,
    pub(super) len: u64,
    pub(super) modified: u64,
}

impl Sibling {
    /// The order in which rotated files were written. Most rotations give the smaller number to the newer file; numbers
    /// matter only within the resolution of the clock of the file system.
    pub(super) fn order(&self) -> (u64, Reverse<u64>, &Path) {
        let name = self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let digits = name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        (self.modified, Reverse(name[digits..].parse().unwrap_or(0)), &self.path)
    }
}

/// A folder is listed at most this often for one answer.
const MAX_LISTINGS: usize = 20;

/// Returns the files beside `log` that it may have been renamed or copied to, oldest first, without the log itself and
/// compressed files. Files that cannot be opened are left out.
pub(super) fn siblings(log: &Path) -> io::Result<Vec<Sibling>> {
    // The rotated files of a symbolic link are beside the file that it leads to.
    let target = fs::canonicalize(log).unwrap_or_else(|_| log.to_owned());
    let (Some(folder), Some(name)) = (target.parent(), target.file_name()) else { return Ok(Vec::new()) };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let name = name.to_string_lossy();
    let mut found = list(folder, &name)?;
    // While files are renamed, a listing can miss one. So two listings have to agree.
    for _ in 1..MAX_LISTINGS {
        let again = list(folder, &name)?;
        let same = |(a, b): (&Sibling, &Sibling)| a.key == b.key && a.path == b.path;
        if again.len() == found.len() && again.iter().zip(&found).all(same) {
            return Ok(again);
        }
        found = again;
    }
    Ok(found)
}

fn list(folder: &Path, log: &str) -> io::Result<Vec<Sibling>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let kin = path.file_name().and_then(|other| kin(log, &other.to_string_lossy()));
        if let Some(kin) = kin
            && !is_compressed(&path)
        {
            found.extend(open(path, kin));
        }
    }
    found.sort_by(|a, b| a.order().cmp(&b.order()));
    Ok(found)
}

fn open(path: PathBuf, kin: Kin) -> Option<Sibling> {
    let file = File::open(&path).ok()?;
    let meta = file.metadata().ok().filter(|meta| meta.is_file())?;
    Some(Sibling { path, kin, key: FileKey::of(&meta), len: meta.len(), modified: modified(&meta), file })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotated_files_are_named_after_their_log() {
        let kinds = ["app.log.1", "app.log-20261112", "app.log.old", "app-2.log", "app.2026-11-12.log"];
        let expected = [Kin::Suffix, Kin::Suffix, Kin::Suffix, Kin::Infix, Kin::Infix];
        assert_eq!(kinds.map(|name| kin("app.log", name)), expected.map(Some));
        let others = ["app.log", "app.log.json", "apple.log", "app.logs.1", "app.json", "other.log.1", "app-web.log"];
        assert_eq!(others.map(|name| kin("app.log", name)), [None; 7]);
        assert!(is_compressed(Path::new("/var/log/app.log.2.gz")));
        assert!(!is_compressed(Path::new("/var/log/app.log.2")));
    }
}
