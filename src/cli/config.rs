//! Where things are: the workspace, its articles, rules and store. Flags override the file, the file overrides defaults.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::Deserialize;

use crate::ingest::Inputs;

/// Name of the workspace file.
pub(super) const FILE: &str = "casebook.toml";

/// The entry of a list that stands for what is bundled in the binary.
const BOOK: &str = "book";

/// `casebook.toml`. Paths are relative to the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Files and folders of articles; `"book"` is the bundled ones. Without the list, the bundled ones alone.
    kb: Option<Vec<String>>,
    /// Rule files and folders, likewise.
    rules: Option<Vec<String>>,
    /// Folder of the store; default `.casebook`.
    store: Option<PathBuf>,
}

/// Where everything is, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Workspace {
    /// Files and folders of articles, absolute.
    pub(super) kb: Vec<PathBuf>,
    /// Whether the bundled articles are active.
    pub(super) kb_book: bool,
    /// Rule files and folders, absolute.
    pub(super) rules: Vec<PathBuf>,
    /// Whether the bundled rules are active.
    pub(super) rules_book: bool,
    /// Folder of the store.
    pub(super) store: PathBuf,
}

/// What is wrong with the workspace.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConfigError {
    #[error("there is no {FILE} in `{}`", dir.display())]
    NoFile { dir: PathBuf },
    #[error("cannot read `{}`", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("`{}` is not as it should be", path.display())]
    Parse { path: PathBuf, source: Box<toml::de::Error> },
    #[error("there is no place for a store: no home folder is known")]
    NoHome,
}

impl Workspace {
    /// The workspace in `given`, else the nearest one from `from` upwards, else the user's own store with the bundled book.
    pub(super) fn find(given: Option<&Path>, from: &Path) -> Result<Workspace, ConfigError> {
        if let Some(dir) = given {
            let dir = from.join(dir);
            return match dir.join(FILE).is_file() {
                true => Workspace::read(&dir),
                false => Err(ConfigError::NoFile { dir }),
            };
        }
        match from.ancestors().find(|dir| dir.join(FILE).is_file()) {
            Some(dir) => Workspace::read(dir),
            None => Workspace::of_user(),
        }
    }

    /// What belongs into the store.
    pub(super) fn inputs(&self) -> Inputs {
        self.inputs_with(Vec::new())
    }

    /// The same, and what is at these paths.
    pub(super) fn inputs_with(&self, more: Vec<PathBuf>) -> Inputs {
        let roots = self.kb.iter().cloned().chain(more);
        Inputs::new(roots, self.kb_book, super::now().as_millisecond())
    }

    fn read(dir: &Path) -> Result<Workspace, ConfigError> {
        let path = dir.join(FILE);
        let text = std::fs::read_to_string(&path).map_err(|source| ConfigError::Read { path: path.clone(), source })?;
        let file = toml::from_str(&text).map_err(|source| ConfigError::Parse { path, source: Box::new(source) })?;
        Ok(Workspace::resolve(dir, file))
    }

    fn resolve(dir: &Path, file: File) -> Workspace {
        let (kb, kb_book) = split(dir, file.kb);
        let (rules, rules_book) = split(dir, file.rules);
        let store = dir.join(file.store.unwrap_or_else(|| PathBuf::from(".casebook")));
        Workspace { kb, kb_book, rules, rules_book, store }
    }

    fn of_user() -> Result<Workspace, ConfigError> {
        let dirs = etcetera::choose_base_strategy().map_err(|_| ConfigError::NoHome)?;
        let store = dirs.data_dir().join("casebook");
        Ok(Workspace { kb: Vec::new(), kb_book: true, rules: Vec::new(), rules_book: true, store })
    }
}

/// The paths of a list, and whether the book is in it.
fn split(dir: &Path, list: Option<Vec<String>>) -> (Vec<PathBuf>, bool) {
    let Some(list) = list else { return (Vec::new(), true) };
    let book = list.iter().any(|entry| entry == BOOK);
    (list.iter().filter(|entry| *entry != BOOK).map(|entry| dir.join(entry)).collect(), book)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str) -> Workspace {
        Workspace::resolve(Path::new("/w"), toml::from_str(text).expect("a valid file"))
    }

    #[test]
    fn the_book_is_active_unless_a_list_is_named() {
        let bare = resolve("");
        assert_eq!((bare.kb_book, bare.rules_book, bare.store), (true, true, "/w/.casebook".into()));
        let own = resolve("kb = ['kb']\nrules = []\nstore = '/s'");
        assert_eq!((own.kb, own.kb_book, own.rules, own.rules_book), (vec!["/w/kb".into()], false, vec![], false));
        assert_eq!(own.store, PathBuf::from("/s"));
        let both = resolve("kb = ['runbooks', 'book']");
        assert_eq!((both.kb, both.kb_book, both.rules_book), (vec!["/w/runbooks".into()], true, true));
    }

    #[test]
    fn a_misspelt_key_is_an_error_at_its_place() {
        let error = toml::from_str::<File>("rule = []").expect_err("there is no such key");
        assert_eq!(error.message(), "unknown field `rule`, expected one of `kb`, `rules`, `store`");
    }
}
