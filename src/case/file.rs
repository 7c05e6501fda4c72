//! Case files: TOML, version 1. A file is written whole or not at all.
//!
//! The last table says when and by which casebook the file was written. Every file must have it, so that a file that was cut
//! short is never read as a shorter case.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::model::{Case, Closed, Given, Note, SavedDiagnosis, instant};
use crate::whole_file;

/// The only version of the format so far.
const VERSION: i64 = 1;

/// A case file, with its content when it was last read or written.
#[derive(Debug)]
pub struct CaseFile {
    /// The path as the user gave it.
    path: PathBuf,
    /// The path with links followed.
    target: PathBuf,
    /// The content; `None` while there is no file.
    held: Option<Vec<u8>>,
}

/// Why a case cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// The file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The folder of a new file does not exist.
    #[error("there is no folder for `{}`", path.display())]
    NoFolder {
        /// The file.
        path: PathBuf,
    },
    /// The file is not TOML, or contains something that a case does not have.
    #[error("`{}`, line {line}: {reason}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The mistake.
        reason: String,
    },
    /// Another version of casebook wrote the file.
    #[error("`{}`, line {line}: a case of version {version}; this casebook knows version {VERSION}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The line of the version, from 1.
        line: usize,
        /// Its version.
        version: i64,
    },
    /// The last table of every case is missing.
    #[error("`{}`, line {line}: the file ends before `[saved]`, the last table of every case", path.display())]
    CutShort {
        /// The file.
        path: PathBuf,
        /// Its last line, from 1.
        line: usize,
    },
    /// Another program changed the file since it was read.
    #[error("`{}` was changed since it was read; it is not written", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
}

/// The file, in the order of its tables.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    version: i64,
    #[serde(with = "instant")]
    opened: Timestamp,
    #[serde(default)]
    given: Given,
    #[serde(default, rename = "note", skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Note>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    found: Option<SavedDiagnosis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closed: Option<Closed>,
    saved: Option<Saved>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    #[serde(with = "instant")]
    at: Timestamp,
    by: String,
}

/// The part that is read first: it decides how the rest is read.
#[derive(Deserialize)]
struct Head {
    version: Option<toml::Spanned<i64>>,
    saved: Option<toml::Value>,
}

impl CaseFile {
    /// Opens the case file at `path`, which is relative to `here`. The case is `None` if there is no file.
    pub fn open(here: &Path, path: &Path) -> Result<(CaseFile, Option<Case>), CaseError> {
        let given = here.join(path);
        let target = given.canonicalize().unwrap_or(given);
        let mut file = CaseFile { path: path.to_owned(), target, held: None };
        match whole_file::read(&file.target) {
            Ok(bytes) => {
                let mut case = parse(path, &bytes)?;
                let folder = path.parent().unwrap_or(Path::new(""));
                case.map_paths(|log| if log.as_os_str() == "-" { log.clone() } else { folder.join(log) });
                file.held = Some(bytes);
                Ok((file, Some(case)))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => match file.target.parent().is_some_and(Path::is_dir) {
                true => Ok((file, None)),
                false => Err(CaseError::NoFolder { path: path.to_owned() }),
            },
            Err(source) => Err(CaseError::Read { path: path.to_owned(), source }),
        }
    }

    /// The path as the user gave it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes `case`, whose log paths are relative to `here`, unless the file has changed since it was read.
    ///
    /// Logs in the folder of the file or below it are written relative to the file, so that they can be moved together.
    pub fn save(&mut self, here: &Path, case: &Case, at: Timestamp) -> Result<(), CaseError> {
        let held = match whole_file::read(&self.target) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(source) => return Err(CaseError::Read { path: self.path.clone(), source }),
        };
        if held != self.held {
            return Err(CaseError::Changed { path: self.path.clone() });
        }
        let folder = here.join(&self.path).parent().map(Path::to_owned).unwrap_or_default();
        let mut case = case.clone();
        case.map_paths(|log| if log.as_os_str() == "-" { log.clone() } else { beside(&folder, &here.join(log)) });
        let text = print(case, at);
        replace(&self.target, text.as_bytes())
            .map_err(|source| CaseError::Write { path: self.path.clone(), source })?;
        self.held = Some(text.into_bytes());
        Ok(())
    }
}

/// Returns `path`, relative to `folder` if it lies inside. The result is UTF-8, because TOML requires that.
fn beside(folder: &Path, path: &Path) -> PathBuf {
    match path.strip_prefix(folder).unwrap_or(path).to_string_lossy() {
        itself if itself.is_empty() => PathBuf::from("."),
        name => PathBuf::from(name.into_owned()),
    }
}

/// Replaces the content of the file at `path`. Readers see either the old or the new content, even after a crash.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().ok_or(ErrorKind::InvalidFilename)?.to_owned();
    name.push(".new");
    let unfinished = path.with_file_name(name);
    let written = File::create(&unfinished).and_then(|mut file| {
        // Permissions stay the same.
        if let Ok(old) = fs::metadata(path) {
            file.set_permissions(old.permissions())?;
        }
        file.write_all(content)?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&unfinished, path)).inspect_err(|_| {
        // If this fails too, the first error is the one to report; the next attempt overwrites the file that is left.
        let _ = fs::remove_file(&unfinished);
    })
}

fn parse(path: &Path, bytes: &[u8]) -> Result<Case, CaseError> {
    let line_of = |at: usize| 1 + memchr::memchr_iter(b'\n', &bytes[..at.min(bytes.len())]).count();
    let content = |line, reason: String| CaseError::Content { path: path.to_owned(), line, reason };
    let text = str::from_utf8(bytes).map_err(|error| content(line_of(error.valid_up_to()), "not UTF-8".to_owned()))?;
    let mistake = |error: toml::de::Error| {
        let line = error.span().map_or(1, |span| line_of(span.start));
        content(line, error.message().replace('\n', "; "))
    };
    let head: Head = toml::from_str(text).map_err(mistake)?;
    match head.version {
        None => return Err(content(1, format!("not a case: it does not begin with `version = {VERSION}`"))),
        Some(version) if *version.get_ref() != VERSION => {
            let (line, version) = (line_of(version.span().start), version.into_inner());
            return Err(CaseError::Version { path: path.to_owned(), line, version });
        }
        Some(_) => {}
    }
    if head.saved.is_none() {
        return Err(CaseError::CutShort { path: path.to_owned(), line: line_of(text.trim_end().len()) });
    }
    let Content { version: _, opened, given, notes, found, closed, saved: _ } =
        toml::from_str(text).map_err(mistake)?;
    Ok(Case { opened, given, notes, found, closed })
}

fn print(case: Case, at: Timestamp) -> String {
    let Case { opened, given, notes, found, closed } = case;
    let saved = Some(Saved { at, by: format!("casebook {}", env!("CARGO_PKG_VERSION")) });
    let content = Content { version: VERSION, opened, given, notes, found, closed, saved };
    toml::to_string_pretty(&content).expect("TOML can express every case")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::case::{Answer, Log, Probe};

    const FULL: &str = include_str!("../../tests/cases/case/full.toml");

    fn instant(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    /// Returns the error message for a file `a.toml` that contains `text`.
    fn mistake(text: &str) -> String {
        parse(Path::new("a.toml"), text.as_bytes()).expect_err("no case").to_string()
    }

    #[test]
    fn a_case_is_written_as_it_was_read() {
        let case = parse(Path::new("a.toml"), FULL.as_bytes()).expect("a case");
        assert_eq!(print(case, instant("2026-11-22T18:00:00Z")), FULL);
    }

    #[test]
    fn the_example_of_the_docs_is_a_case() {
        let docs = include_str!("../../docs/cases.md");
        let example = docs.split("```\n").find(|block| block.starts_with("version = 1")).expect("an example");
        let case = parse(Path::new("a.toml"), example.as_bytes()).expect("a case");
        assert_eq!(case.closed.and_then(|closed| closed.fixed_by).as_deref(), Some("new_belt"));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let said = |from: &str, to: &str| mistake(&FULL.replacen(from, to, 1));
        assert_eq!(
            said("version = 1", "version = 2"),
            "`a.toml`, line 1: a case of version 2; this casebook knows version 1"
        );
        assert_eq!(said("version = 1", "# no"), "`a.toml`, line 1: not a case: it does not begin with `version = 1`");
        assert!(said("tried =", "tired =").starts_with("`a.toml`, line 6: unknown field `tired`, expected one of"));
        assert!(said("\"yes\"", "\"yess\"").starts_with("`a.toml`, line 9: unknown variant `yess`, expected one of"));
        assert!(said("= 0.82", "= 1.82").ends_with("a probability is between 0 and 1"));
        assert!(said("10:05:00Z", "10:05:00").contains("is not a time such as"));
        assert!(
            said("= \"known\"", "= \"known").starts_with("`a.toml`, line 3"),
            "{}",
            said("= \"known\"", "= \"known")
        );
        assert_eq!(mistake(""), "`a.toml`, line 1: not a case: it does not begin with `version = 1`");
    }

    #[test]
    fn a_file_that_was_cut_short_is_no_case() {
        for end in 0..FULL.trim_end().len() {
            if FULL.is_char_boundary(end) {
                assert!(parse(Path::new("a.toml"), &FULL.as_bytes()[..end]).is_err(), "{}", &FULL[..end]);
            }
        }
    }

    #[test]
    fn logs_move_with_their_case_and_a_foreign_change_is_not_written_over() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (here, path) = (folder.path(), Path::new("cases/a.toml"));
        fs::create_dir(here.join("cases")).expect("a new folder");
        let mut case = Case::opened(instant("2026-11-22T18:00:00Z"));
        let log = |path: PathBuf| Log { path, source: None };
        case.given.logs = vec![log("cases/x.log".into()), log("y.log".into()), log("-".into())];
        let (mut file, none) = CaseFile::open(here, path).expect("no file yet");
        assert_eq!(none, None);
        file.save(here, &case, case.opened).expect("a writable folder");
        let (mut other, held) = CaseFile::open(here, path).expect("a case");
        let logs: Vec<PathBuf> = held.expect("a case").given.logs.into_iter().map(|log| log.path).collect();
        assert_eq!(logs, [PathBuf::from("cases/x.log"), here.join("y.log"), "-".into()]);
        assert!(fs::read_to_string(here.join(path)).expect("a file").contains("path = \"x.log\""));
        case.given.answers.insert("s".to_owned(), Answer::No);
        other.save(here, &case, case.opened).expect("nobody else wrote");
        let refused = file.save(here, &Case::opened(case.opened), case.opened);
        assert!(matches!(refused, Err(CaseError::Changed { .. })), "{refused:?}");
        assert_eq!(fs::read_dir(here.join("cases")).expect("a folder").count(), 1);
    }

    proptest! {
        /// However a file is damaged, reading it gives a case that can be written and read again, or an error, but no
        /// panic.
        #[test]
        fn a_damaged_file_is_a_case_or_a_mistake(
            edits in prop::collection::vec((any::<prop::sample::Index>(), 0..20usize, "[\\[\\]=\"'a-z0-9.:TZ{}\n\u{0}é-]{0,12}"), 1..6),
        ) {
            let mut text: Vec<char> = FULL.chars().collect();
            for (at, len, new) in edits {
                let start = at.index(text.len() + 1);
                let end = text.len().min(start + len);
                text.splice(start..end, new.chars());
            }
            let text: String = text.into_iter().collect();
            if let Ok(case) = parse(Path::new("a.toml"), text.as_bytes()) {
                let again = print(case.clone(), case.opened);
                let reread = parse(Path::new("a.toml"), again.as_bytes()).expect("what was written can be read");
                prop_assert_eq!(print(reread, case.opened), again);
            }
        }

        #[test]
        fn any_output_of_a_probe_is_kept_as_it_was(output in any::<String>(), name in any::<String>()) {
            let mut case = Case::opened(Timestamp::UNIX_EPOCH);
            case.given.answers.insert(name.clone(), Answer::Unknown);
            case.given.probes.push(Probe { symptom: "s".to_owned(), name, output });
            let text = print(case.clone(), case.opened);
            prop_assert_eq!(parse(Path::new("a.toml"), text.as_bytes()).expect("a case"), case);
        }
    }
}
