//! Keeps compiled rules in a file, so that rules that did not change are not parsed again.
//!
//! The file is only a copy: one that is missing, stale, damaged or cannot be written costs time and nothing else.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::diagnostic::Diagnostic;
use crate::rule::{self, Program, ProgramKey, RuleText};
use crate::source::SourceId;
use crate::whole_file;

/// The name of the file, in the folder of the store.
const FILE: &str = "rules";

/// Fewer bytes of rules are parsed as fast as they are read.
const MIN_BYTES: usize = 64 << 10;

/// Loads rules to be used and not to be tested, as [`rule::load_without_tests`] does. Those that were loaded before and did not
/// change are read from a file in the folder `store`. Rules without mistakes are kept there, if the folder exists.
pub fn load(files: &[RuleText], store: &Path) -> (Program, Vec<(SourceId, Diagnostic)>) {
    let build = build_identity().filter(|_| files.iter().map(|file| file.text.len()).sum::<usize>() >= MIN_BYTES);
    let Some(build) = build else { return rule::load_without_tests(files) };
    let (path, key) = (store.join(FILE), ProgramKey::new(files, &build));
    if let Some(program) = whole_file::read(&path).ok().and_then(|bytes| rule::read_saved(&bytes, key)) {
        return (program, Vec::new());
    }
    let (program, found) = rule::load_without_tests(files);
    if found.is_empty()
        && store.is_dir()
        && let Some(bytes) = rule::saved(&program, key)
    {
        let _ = keep(&path, &bytes);
    }
    (program, found)
}

/// Writes the file at once, so that another process reads the old one or the new one.
fn keep(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let unfinished = path.with_extension(std::process::id().to_string());
    let written = fs::write(&unfinished, bytes).and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// Returns what differs between builds of this program: the version, and the size and time of the program file.
fn build_identity() -> Option<Vec<u8>> {
    let program = fs::metadata(std::env::current_exe().ok()?).ok()?;
    let changed = program.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("{} {} {}", env!("CARGO_PKG_VERSION"), program.len(), changed.as_nanos()).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns rules that are large enough to be kept.
    fn files(title: &str) -> Vec<RuleText> {
        let text = (0..800).map(|n| format!("cause c{n} \"{title} number {n} {}\" {{ prior rare }}\n", "-".repeat(60)));
        vec![RuleText { path: "a.rules".to_owned(), text: text.collect() }]
    }

    fn first_title(program: &Program) -> String {
        format!("{:?}", program.causes[0].title)
    }

    #[test]
    fn rules_are_kept_and_changed_ones_are_loaded_again() {
        let store = tempfile::tempdir().expect("a temporary folder");
        let kept = store.path().join(FILE);
        let (loaded, _) = load(&files("old"), store.path());
        let bytes = fs::read(&kept).expect("the rules are kept");
        let (read, _) = load(&files("old"), store.path());
        assert_eq!((first_title(&read), read.causes.len()), (first_title(&loaded), 800));
        let (changed, _) = load(&files("new"), store.path());
        assert!(first_title(&changed).contains("new number 0"));
        assert_ne!(fs::read(&kept).expect("the rules are kept"), bytes);
        assert_eq!(fs::read_dir(store.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_damaged_file_is_replaced() {
        let store = tempfile::tempdir().expect("a temporary folder");
        let kept = store.path().join(FILE);
        load(&files("old"), store.path());
        let mut bytes = fs::read(&kept).expect("the rules are kept");
        let whole = bytes.clone();
        *bytes.last_mut().expect("a byte") ^= 1;
        fs::write(&kept, &bytes).expect("a writable folder");
        let (program, _) = load(&files("old"), store.path());
        assert_eq!(program.causes.len(), 800);
        assert_eq!(fs::read(&kept).expect("the rules are kept"), whole);
    }

    #[test]
    fn nothing_is_kept_of_few_rules_or_mistakes_or_without_a_store() {
        let store = tempfile::tempdir().expect("a temporary folder");
        let mut few = files("few");
        few[0].text.truncate(0);
        load(&few, store.path());
        let mut wrong = files("wrong");
        wrong[0].text.push_str("cause");
        assert_eq!(load(&wrong, store.path()).1.len(), 1);
        assert_eq!(fs::read_dir(store.path()).expect("a folder").count(), 0);
        let missing = store.path().join("missing");
        load(&files("no store"), &missing);
        assert!(!missing.exists());
    }
}
