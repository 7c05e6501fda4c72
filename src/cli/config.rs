//! Where things are: the workspace, its articles, rules and store. Flags override the file, the file overrides defaults.

#[cfg(feature = "semantic")]
mod edit;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use etcetera::BaseStrategy;
use serde::Deserialize;

use crate::article::export::{FieldMap, UnknownField};
use crate::book;
use crate::infer::Confidence;
use crate::ingest::{Inputs, Root};
use crate::store::{Ranking, RankingError, SearchOptions};

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
    /// Articles as a collection with a name of its own.
    #[serde(default)]
    collection: Vec<Collection>,
    /// How to search.
    #[serde(default)]
    search: Search,
    /// What the fields of JSON and CSV exports mean: for each of casebook's names, the names in the export.
    #[serde(default)]
    export: BTreeMap<String, OneOrMany>,
    /// Search by meaning.
    semantic: Option<Semantic>,
    /// How sure to be.
    #[serde(default)]
    diagnosis: Diagnosis,
}

/// `[diagnosis]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Diagnosis {
    /// File with weights of the confidence in articles, all of them.
    confidence: Option<PathBuf>,
}

/// `[semantic]`, which `casebook semantic use` writes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Semantic {
    /// Folder of the sentence encoder.
    model: PathBuf,
}

/// `[search]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    /// File with weights of the ranking; those that it does not name are the shipped ones.
    ranking: Option<PathBuf>,
}

/// One `[[collection]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Collection {
    /// Name, for `in:NAME` and in results.
    name: String,
    /// File or folder.
    path: PathBuf,
    /// What its scores are multiplied by; default 1.
    weight: Option<f32>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// Where everything is, resolved.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Workspace {
    /// Files and folders of articles, absolute.
    pub(super) kb: Vec<Root>,
    /// Whether the bundled articles are active.
    pub(super) kb_book: bool,
    /// Rule files and folders, absolute.
    pub(super) rules: Vec<PathBuf>,
    /// Whether the bundled rules are active.
    pub(super) rules_book: bool,
    /// Folder of the store.
    pub(super) store: PathBuf,
    /// What the scores of a collection are multiplied by, where that is not 1.
    pub(super) weights: BTreeMap<String, f32>,
    /// File with weights of the ranking, absolute; the shipped ones without.
    pub(super) ranking: Option<PathBuf>,
    /// File with weights of the confidence, absolute; the shipped ones without.
    pub(super) confidence: Option<PathBuf>,
    /// What the fields of exports mean.
    pub(super) fields: Arc<FieldMap>,
    /// Folder of the sentence encoder, if there is one.
    pub(super) model: Option<PathBuf>,
    /// The folder of the workspace file; `None` for the user's own store.
    pub(super) dir: Option<PathBuf>,
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
    #[error("collection {name:?} in `{}`: {reason}", path.display())]
    Collection { path: PathBuf, name: String, reason: &'static str },
    #[error("the field map of exports in `{}` is not as it should be", path.display())]
    Export { path: PathBuf, source: UnknownField },
    #[cfg(feature = "semantic")]
    #[error("there is no {FILE} to write the model into")]
    NoWorkspace,
    #[cfg(feature = "semantic")]
    #[error("cannot change `{}`", path.display())]
    Write { path: PathBuf, source: std::io::Error },
    #[cfg(feature = "semantic")]
    #[error("cannot change `{}`", path.display())]
    Edit { path: PathBuf, source: Box<toml_edit::TomlError> },
    #[error("the ranking in `{}` is not as it should be", path.display())]
    Ranking { path: PathBuf, source: RankingError },
    #[error("a weight of the confidence in `{}` is not finite", path.display())]
    Confidence { path: PathBuf },
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
    pub(super) fn inputs_with(&self, more: Vec<Root>) -> Inputs {
        let roots = self.kb.iter().cloned().chain(more);
        let mut inputs = Inputs::new(roots, self.kb_book, super::now().as_millisecond());
        inputs.fields = Arc::clone(&self.fields);
        inputs
    }

    /// How to search, with the weights in the file `ranking` if one is given, else with the workspace's.
    pub(super) fn search_options(&self, ranking: Option<&Path>) -> Result<SearchOptions, ConfigError> {
        let ranking = ranking.or(self.ranking.as_deref()).map(read_ranking).transpose()?.unwrap_or_default();
        Ok(SearchOptions { weights: self.weights.clone(), ranking, ..SearchOptions::default() })
    }

    /// How sure to be of articles: the workspace's weights, or the shipped ones.
    pub(super) fn confidence(&self) -> Result<Confidence, ConfigError> {
        let Some(path) = self.confidence.clone() else { return Ok(Confidence::default()) };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(source) => return Err(ConfigError::Read { path, source }),
        };
        match toml::from_str::<Confidence>(&text) {
            Ok(confidence) if confidence.weights().iter().all(|weight| weight.is_finite()) => Ok(confidence),
            Ok(_) => Err(ConfigError::Confidence { path }),
            Err(source) => Err(ConfigError::Parse { path, source: Box::new(source) }),
        }
    }

    fn read(dir: &Path) -> Result<Workspace, ConfigError> {
        let path = dir.join(FILE);
        let text = std::fs::read_to_string(&path).map_err(|source| ConfigError::Read { path: path.clone(), source })?;
        let file = toml::from_str(&text).map_err(|source| ConfigError::Parse { path, source: Box::new(source) })?;
        Workspace::resolve(dir, file)
    }

    fn resolve(dir: &Path, file: File) -> Result<Workspace, ConfigError> {
        let (kb, kb_book) = split(dir, file.kb);
        let (rules, rules_book) = split(dir, file.rules);
        let store = dir.join(file.store.unwrap_or_else(|| PathBuf::from(".casebook")));
        let mut kb: Vec<Root> = kb.into_iter().map(Root::new).collect();
        let mut weights = BTreeMap::new();
        for collection in file.collection {
            check(&collection, dir)?;
            weights.extend(collection.weight.map(|weight| (collection.name.clone(), weight)));
            kb.push(Root::named(dir.join(collection.path), collection.name));
        }
        let names = file.export.into_iter().map(|(name, names)| match names {
            OneOrMany::One(one) => (name, vec![one]),
            OneOrMany::Many(many) => (name, many),
        });
        let fields =
            FieldMap::new(&names.collect()).map_err(|source| ConfigError::Export { path: dir.join(FILE), source })?;
        let model = file.semantic.map(|semantic| dir.join(semantic.model));
        let ranking = file.search.ranking.map(|path| dir.join(path));
        let confidence = file.diagnosis.confidence.map(|path| dir.join(path));
        let (fields, dir) = (Arc::new(fields), Some(dir.to_owned()));
        Ok(Workspace { kb, kb_book, rules, rules_book, store, weights, ranking, confidence, fields, model, dir })
    }

    fn of_user() -> Result<Workspace, ConfigError> {
        let dirs = etcetera::choose_base_strategy().map_err(|_| ConfigError::NoHome)?;
        let store = dirs.data_dir().join("casebook");
        Ok(Workspace {
            kb: Vec::new(),
            kb_book: true,
            rules: Vec::new(),
            rules_book: true,
            store,
            weights: BTreeMap::new(),
            ranking: None,
            confidence: None,
            fields: Arc::default(),
            model: None,
            dir: None,
        })
    }
}

fn read_ranking(path: &Path) -> Result<Ranking, ConfigError> {
    let path = path.to_owned();
    match std::fs::read_to_string(&path) {
        Ok(text) => Ranking::from_toml(&text).map_err(|source| ConfigError::Ranking { path, source }),
        Err(source) => Err(ConfigError::Read { path, source }),
    }
}

/// A name has to fit into `in:NAME`, and a weight has to leave scores in order.
fn check(collection: &Collection, dir: &Path) -> Result<(), ConfigError> {
    let wrong = |reason| Err(ConfigError::Collection { path: dir.join(FILE), name: collection.name.clone(), reason });
    let is_name_char = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if collection.name.is_empty() || !collection.name.chars().all(is_name_char) {
        return wrong("a name is made of letters, digits, `-`, `_` and `.`");
    }
    if collection.name == book::COLLECTION {
        return wrong("the bundled articles have this name");
    }
    match collection.weight {
        Some(weight) if !(weight.is_finite() && weight > 0.0) => wrong("a weight is a number above 0"),
        _ => Ok(()),
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
        try_resolve(text).expect("a valid workspace")
    }

    fn try_resolve(text: &str) -> Result<Workspace, ConfigError> {
        Workspace::resolve(Path::new("/w"), toml::from_str(text).expect("a valid file"))
    }

    #[test]
    fn the_book_is_active_unless_a_list_is_named() {
        let bare = resolve("");
        assert_eq!((bare.kb_book, bare.rules_book, bare.store), (true, true, "/w/.casebook".into()));
        let own = resolve("kb = ['kb']\nrules = []\nstore = '/s'");
        assert_eq!((own.kb, own.kb_book, own.rules, own.rules_book), (vec![Root::new("/w/kb")], false, vec![], false));
        assert_eq!(own.store, PathBuf::from("/s"));
        let both = resolve("kb = ['runbooks', 'book']");
        assert_eq!((both.kb, both.kb_book, both.rules_book), (vec![Root::new("/w/runbooks")], true, true));
    }

    #[test]
    fn collections_have_names_paths_and_weights() {
        let text = "kb = []\n[[collection]]\nname = 'old'\npath = 'archive'\nweight = 0.5\n[[collection]]\nname = 'runbooks'\npath = '/r'";
        let workspace = resolve(text);
        assert_eq!(workspace.kb, [Root::named("/w/archive", "old"), Root::named("/r", "runbooks")]);
        assert_eq!(workspace.weights, BTreeMap::from([("old".to_owned(), 0.5)]));
    }

    #[test]
    fn the_ranking_lies_beside_the_workspace_file_and_is_read_when_it_is_asked_for() {
        let workspace = resolve("[search]\nranking = 'fitted.toml'");
        assert_eq!(workspace.ranking, Some("/w/fitted.toml".into()));
        let error = workspace.search_options(None).expect_err("there is no such file");
        assert_eq!(error.to_string(), "cannot read `/w/fitted.toml`");
        let shipped = resolve("").search_options(None).expect("nothing to read");
        assert_eq!(shipped.ranking, Ranking::default());
    }

    #[test]
    fn a_collection_that_cannot_be_is_an_error_that_says_why() {
        for (collection, expected) in [
            (
                "name = 'my runbooks'",
                "collection \"my runbooks\" in `/w/casebook.toml`: a name is made of letters, digits, `-`, `_` and `.`",
            ),
            ("name = 'book'", "collection \"book\" in `/w/casebook.toml`: the bundled articles have this name"),
            ("name = 'a'\nweight = 0.0", "collection \"a\" in `/w/casebook.toml`: a weight is a number above 0"),
            ("name = 'a'\nweight = nan", "collection \"a\" in `/w/casebook.toml`: a weight is a number above 0"),
        ] {
            let error = try_resolve(&format!("[[collection]]\npath = 'x'\n{collection}")).expect_err(collection);
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn the_model_is_relative_to_the_workspace() {
        assert_eq!(resolve("").model, None);
        assert_eq!(resolve("[semantic]\nmodel = 'models/a'").model, Some(PathBuf::from("/w/models/a")));
        assert_eq!(resolve("[semantic]\nmodel = '/models/a'").model, Some(PathBuf::from("/models/a")));
    }

    #[test]
    fn a_misspelt_key_is_an_error_at_its_place() {
        let error = toml::from_str::<File>("rule = []").expect_err("there is no such key");
        assert_eq!(
            error.message(),
            "unknown field `rule`, expected one of `kb`, `rules`, `store`, `collection`, `search`, `export`, `semantic`, `diagnosis`"
        );
    }
}
