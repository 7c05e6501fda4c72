//! Keeps compiled rules in a file, so that rules that did not change are not parsed again.
//!
//! The file is only a copy: one that is missing, stale, damaged or cannot be written costs time and nothing else. Each set of
//! rules has a file of its own, so workspaces with different rules do not overwrite those of each other.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::book;
use crate::diagnostic::{Diagnostic, Severity};
use crate::rule::{self, Program, ProgramKey, RuleText};
use crate::source::SourceId;
use crate::whole_file;
use crate::workspace::RuleFiles;

/// The name of the folder with the files, in the user's folder for caches.
const FOLDER: &str = "rules";

/// The most files that are kept; the newest remain.
const MAX_FILES: usize = 16;

/// Fewer bytes of rules are parsed as fast as they are read.
const MIN_BYTES: usize = 64 << 10;

/// Loads rules to be used and not to be tested, as [`rule::load_without_tests`] does, and returns their errors, not the
/// warnings. Rules that were loaded before and did not change are read from a file below `cache`, the user's folder for caches.
/// Rules without errors are kept there.
pub fn load(files: &RuleFiles, cache: Option<&Path>) -> (Program, Vec<(SourceId, Diagnostic)>) {
    let n_bytes: usize = files.own.iter().map(|file| file.text.len()).sum();
    let is_worthwhile = files.book || n_bytes >= MIN_BYTES;
    let Some((folder, build)) = cache.filter(|_| is_worthwhile).zip(build_identity(files.book)) else {
        return with_errors(&files.texts());
    };
    let folder = folder.join(FOLDER);
    let key = ProgramKey::new(&files.own, &build);
    let path = folder.join(key.name());
    if let Some(program) = whole_file::read(&path).ok().and_then(|bytes| rule::read_saved(bytes, key)) {
        return (program, Vec::new());
    }
    let (program, found) = with_errors(&files.texts());
    if found.is_empty()
        && let Some(bytes) = rule::saved(&program, key)
    {
        let _ = keep(&folder, &path, &bytes);
    }
    (program, found)
}

fn with_errors(files: &[RuleText]) -> (Program, Vec<(SourceId, Diagnostic)>) {
    let (program, mut found) = rule::load_without_tests(files);
    found.retain(|(_, diagnostic)| diagnostic.severity == Severity::Error);
    (program, found)
}

/// Writes the file at once, so that another process reads all of it or nothing. Then removes the oldest files.
fn keep(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let unfinished = path.with_extension(std::process::id().to_string());
    let written = fs::write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.push((entry.metadata()?.modified()?, entry.path()));
    }
    files.sort_unstable();
    let n_old = files.len().saturating_sub(MAX_FILES);
    files.iter().take(n_old).try_for_each(|(_, path)| fs::remove_file(path))?;
    written
}

/// Returns what differs between builds of this program: the version, the size and time of the program file, and the bundled
/// rules if they are active.
fn build_identity(with_book: bool) -> Option<Vec<u8>> {
    let program: Metadata = fs::metadata(std::env::current_exe().ok()?).ok()?;
    let changed = program.modified().unwrap_or(SystemTime::UNIX_EPOCH).duration_since(UNIX_EPOCH).ok()?;
    let book = if with_book { book::RULES_HASH } else { "" };
    Some(format!("{} {} {} {book}", env!("CARGO_PKG_VERSION"), program.len(), changed.as_nanos()).into_bytes())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// Returns rules that are large enough to be kept.
    fn files(title: &str) -> RuleFiles {
        let text = (0..800).map(|n| format!("cause c{n} \"{title} number {n} {}\" {{ prior rare }}\n", "-".repeat(60)));
        let own = vec![RuleText { path: "a.rules".to_owned(), text: text.collect() }];
        RuleFiles { own, ..RuleFiles::default() }
    }

    fn first_title(program: &Program) -> String {
        format!("{:?}", program.causes[0].title)
    }

    fn kept(cache: &Path) -> Vec<PathBuf> {
        let Ok(folder) = fs::read_dir(cache.join(FOLDER)) else { return Vec::new() };
        folder.map(|entry| entry.expect("a file").path()).collect()
    }

    #[test]
    fn rules_are_kept_and_changed_ones_are_loaded_again() {
        let cache = tempfile::tempdir().expect("a temporary folder");
        let (loaded, _) = load(&files("old"), Some(cache.path()));
        assert_eq!(kept(cache.path()).len(), 1);
        let (read, _) = load(&files("old"), Some(cache.path()));
        assert_eq!((first_title(&read), read.causes.len()), (first_title(&loaded), 800));
        let (changed, _) = load(&files("new"), Some(cache.path()));
        assert!(first_title(&changed).contains("new number 0"));
        assert_eq!(kept(cache.path()).len(), 2);
    }

    #[test]
    fn a_damaged_file_is_replaced() {
        let cache = tempfile::tempdir().expect("a temporary folder");
        load(&files("old"), Some(cache.path()));
        let [path] = &kept(cache.path())[..] else { panic!("one file") };
        let whole = fs::read(path).expect("the rules are kept");
        let mut bytes = whole.clone();
        *bytes.last_mut().expect("a byte") ^= 1;
        fs::write(path, &bytes).expect("a writable folder");
        let (program, _) = load(&files("old"), Some(cache.path()));
        assert_eq!(program.causes.len(), 800);
        assert_eq!(fs::read(path).expect("the rules are kept"), whole);
    }

    #[test]
    fn the_oldest_files_are_removed() {
        let cache = tempfile::tempdir().expect("a temporary folder");
        for number in 0..=MAX_FILES {
            load(&files(&number.to_string()), Some(cache.path()));
        }
        assert_eq!(kept(cache.path()).len(), MAX_FILES);
    }

    #[test]
    fn nothing_is_kept_of_few_rules_or_mistakes_or_where_nothing_can_be_written() {
        let cache = tempfile::tempdir().expect("a temporary folder");
        let mut few = files("few");
        few.own[0].text.clear();
        load(&few, Some(cache.path()));
        let mut wrong = files("wrong");
        wrong.own[0].text.push_str("cause");
        assert_eq!(load(&wrong, Some(cache.path())).1.len(), 1);
        assert_eq!(kept(cache.path()), [] as [PathBuf; 0]);
        fs::write(cache.path().join(FOLDER), "a file").expect("a writable folder");
        assert_eq!(load(&files("no folder"), Some(cache.path())).0.causes.len(), 800);
        assert_eq!(load(&files("no cache"), None).0.causes.len(), 800);
    }
}
