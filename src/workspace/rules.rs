//! Reads rule files: those of a workspace, those that a user names, and the bundled ones.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::Workspace;
use crate::book;
use crate::rule::{RuleText, list_paths};

/// Why rules cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RuleFileError {
    /// A folder cannot be listed.
    #[error("cannot read `{}`: {}", path_of(.0), reason_of(.0))]
    List(walkdir::Error),
    /// A file cannot be read.
    #[error("cannot read `{path}`: {source}")]
    Read {
        /// Its path.
        path: String,
        /// The error of the system.
        source: std::io::Error,
    },
    /// A folder contains no rule file.
    #[error("there are no rule files (*.rules) in `{}`", path.display())]
    Empty {
        /// Its path.
        path: PathBuf,
    },
}

fn path_of(error: &walkdir::Error) -> std::path::Display<'_> {
    error.path().unwrap_or(Path::new("")).display()
}

/// The error of the system, without the path that walkdir puts before it.
fn reason_of(error: &walkdir::Error) -> String {
    error.io_error().map_or_else(|| error.to_string(), ToString::to_string)
}

/// The rules that are active in a workspace.
#[derive(Debug, Default)]
pub struct RuleFiles {
    /// Whether the bundled rules are active.
    pub book: bool,
    /// The other rule files.
    pub own: Vec<RuleText>,
    /// Paths that `casebook.toml` lists and that do not exist.
    pub missing: Vec<PathBuf>,
}

impl RuleFiles {
    /// Returns the texts of all rule files, the bundled ones first.
    pub fn texts(&self) -> Vec<RuleText> {
        let bundled = if self.book { bundled() } else { Vec::new() };
        bundled.into_iter().chain(self.own.iter().cloned()).collect()
    }
}

impl Workspace {
    /// Reads the rules that are active in this workspace. A listed path that does not exist is no error: a user may have
    /// removed a folder that `casebook init` made.
    pub fn rule_files(&self) -> Result<RuleFiles, RuleFileError> {
        let mut files = RuleFiles { book: self.rules_book, ..RuleFiles::default() };
        for path in &self.rules {
            match path.exists() {
                true => read(path, &mut files.own)?,
                false => files.missing.push(path.clone()),
            }
        }
        Ok(files)
    }
}

/// Reads the rule files at `paths`. Folders are searched for `*.rules`.
pub fn rule_files_at(paths: &[PathBuf]) -> Result<Vec<RuleText>, RuleFileError> {
    let mut texts = Vec::new();
    for path in paths {
        let before = texts.len();
        read(path, &mut texts)?;
        if texts.len() == before {
            return Err(RuleFileError::Empty { path: path.clone() });
        }
    }
    Ok(texts)
}

fn bundled() -> Vec<RuleText> {
    let texts = book::rules().into_iter();
    texts.map(|file| RuleText { path: format!("{}{}", book::PREFIX, file.path), text: file.text.to_owned() }).collect()
}

fn read(root: &Path, texts: &mut Vec<RuleText>) -> Result<(), RuleFileError> {
    let is_rules = |path: &Path| path.extension().is_some_and(|extension| extension == "rules");
    for entry in WalkDir::new(root).follow_links(true).sort_by_file_name() {
        let entry = entry.map_err(RuleFileError::List)?;
        // The extension decides in a folder only: a file that the user names is a rule file.
        if !entry.file_type().is_file() || (entry.depth() > 0 && !is_rules(entry.path())) {
            continue;
        }
        let path = entry.path().display().to_string();
        // What is not UTF-8 becomes replacement characters, which `rule::load` reports with their place.
        match crate::whole_file::read(entry.path()) {
            Ok(bytes) => {
                let text = String::from_utf8(bytes);
                let text = text.unwrap_or_else(|wrong| String::from_utf8_lossy(wrong.as_bytes()).into_owned());
                let file = RuleText { path, text };
                let lists = list_paths(&file);
                texts.push(file);
                lists.into_iter().for_each(|path| read_list(path, texts));
            }
            Err(source) => return Err(RuleFileError::Read { path, source }),
        }
    }
    Ok(())
}

/// Reads a list that a rule file uses, once. One that cannot be read is left out, and `rule::load` reports it at its name.
fn read_list(path: String, texts: &mut Vec<RuleText>) {
    let is_known = texts.iter().any(|known| known.path == path);
    if let Some(bytes) = (!is_known).then(|| crate::whole_file::read(Path::new(&path)).ok()).flatten() {
        texts.push(RuleText { path, text: String::from_utf8_lossy(&bytes).into_owned() });
    }
}
