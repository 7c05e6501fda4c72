//! A workspace: the folder with a `casebook.toml`, and everything that this file sets. Flags override the file, the file
//! overrides the defaults.
//!
//! This module reads `casebook.toml`, the files that it names and rule files. It reads neither the environment nor the clock:
//! the caller passes the current folder, the folder of the user's own store and the time.

mod file;
mod format;
mod rules;
mod settings;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use toml::Spanned;

use crate::article::export::{FieldMap, UnknownField};
use crate::book;
use crate::infer::Confidence;
use crate::ingest::{Inputs, Root};
use crate::log::{SourceSelector, SourceZone};
use crate::normal_form::composed;
use crate::own_format::OwnFormats;
use crate::store::{Ranking, RankingError, SearchOptions};
use crate::whole_file;

pub use rules::{RuleFileError, RuleFiles, rule_files_at};
pub use settings::{Origin, Setting, SettingValue};

use file::{Collection, File, LogSelector, LogSources};
use format::FormatTable;

/// Name of the workspace file.
pub const FILE: &str = "casebook.toml";

/// The entry of a list that means the bundled articles or rules.
const BOOK: &str = "book";

/// The settings of a workspace, with absolute paths.
#[derive(Debug, Clone, PartialEq)]
pub struct Workspace {
    /// Files and folders of articles.
    pub kb: Vec<Root>,
    /// Whether the bundled articles are active.
    pub kb_book: bool,
    /// Rule files and folders.
    pub rules: Vec<PathBuf>,
    /// Whether the bundled rules are active.
    pub rules_book: bool,
    /// Folder of the store.
    pub store: PathBuf,
    /// The factor that the scores of a collection are multiplied by, by name of the collection; 1 for one that is not
    /// listed.
    pub weights: BTreeMap<String, f32>,
    /// File with weights of the ranking; `None` for the shipped ones.
    pub ranking: Option<PathBuf>,
    /// File with weights of the confidence; `None` for the shipped ones.
    pub confidence: Option<PathBuf>,
    /// The names that fields have in JSON and CSV exports of articles.
    pub fields: Arc<FieldMap>,
    /// The zones of logs whose stamps name none.
    pub zones: Vec<SourceZone>,
    /// The log formats that casebook.toml describes.
    pub formats: OwnFormats,
    /// Folder of the sentence encoder, if one is configured.
    pub model: Option<PathBuf>,
    /// The folder that contains `casebook.toml`; `None` if there is no such file and the user's own store is used.
    pub dir: Option<PathBuf>,
}

/// Why a workspace cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// The folder that the user named contains no workspace file.
    #[error("there is no {FILE} in `{}`", dir.display())]
    NoFile {
        /// The folder.
        dir: PathBuf,
    },
    /// A file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// Its path.
        path: PathBuf,
        /// The error of the system.
        source: std::io::Error,
    },
    /// A file is not TOML, or contains a setting that does not exist.
    #[error("`{}` has a mistake", path.display())]
    Parse {
        /// Its path.
        path: PathBuf,
        /// The mistake and its place.
        source: Box<toml::de::Error>,
    },
    /// A collection cannot have this name or weight.
    #[error("collection {name:?} in `{}`: {reason}", path.display())]
    Collection {
        /// The workspace file.
        path: PathBuf,
        /// The name.
        name: String,
        /// The mistake.
        reason: &'static str,
    },
    /// Two tables `[[format]]` have the same name.
    #[error("two formats in `{}` are called {name:?}: give one of them another name", path.display())]
    Format {
        /// The workspace file.
        path: PathBuf,
        /// The name.
        name: String,
    },
    /// `[export]` names a field that does not exist.
    #[error("`[export]` in `{}` has a mistake", path.display())]
    Export {
        /// The workspace file.
        path: PathBuf,
        /// The mistake.
        source: UnknownField,
    },
    /// A ranking file has a mistake.
    #[error("the ranking in `{}` has a mistake", path.display())]
    Ranking {
        /// Its path.
        path: PathBuf,
        /// The mistake.
        source: RankingError,
    },
    /// A weight in a confidence file is infinite or not a number.
    #[error("`{}` contains a weight of the confidence that is not finite", path.display())]
    Confidence {
        /// Its path.
        path: PathBuf,
    },
    /// There is no workspace, and no folder for the user's own store.
    #[error("there is no folder for the store: your home folder is not known")]
    NoHome,
}

impl Workspace {
    /// Finds the workspace in the folder `given`, else the nearest one from `here` upwards, else the user's own store at
    /// `user_store` with the bundled articles and rules.
    pub fn find(given: Option<&Path>, here: &Path, user_store: Option<PathBuf>) -> Result<Workspace, WorkspaceError> {
        if let Some(dir) = given {
            let dir = here.join(dir);
            return match dir.join(FILE).is_file() {
                true => Workspace::read(&dir),
                false => Err(WorkspaceError::NoFile { dir }),
            };
        }
        match here.ancestors().find(|dir| dir.join(FILE).is_file()) {
            Some(dir) => Workspace::read(dir),
            None => Ok(Workspace::bundled(user_store.ok_or(WorkspaceError::NoHome)?)),
        }
    }

    /// Returns the inputs of an ingest at the time `now`: the articles of the workspace and those at the paths `more`.
    pub fn inputs(&self, more: Vec<Root>, now: Timestamp) -> Inputs {
        let roots = self.kb.iter().cloned().chain(more);
        let mut inputs = Inputs::new(roots, self.kb_book, now.as_millisecond());
        inputs.fields = Arc::clone(&self.fields);
        inputs
    }

    /// Returns the options of a search, with the ranking weights in the file `ranking` if one is given, else with those
    /// of the workspace.
    pub fn search_options(&self, ranking: Option<&Path>) -> Result<SearchOptions, WorkspaceError> {
        let ranking = ranking.or(self.ranking.as_deref()).map(read_ranking).transpose()?.unwrap_or_default();
        Ok(SearchOptions { weights: self.weights.clone(), ranking, ..SearchOptions::default() })
    }

    /// Returns the weights of the confidence: those of the workspace if it names a file, else the shipped ones.
    pub fn confidence(&self) -> Result<Confidence, WorkspaceError> {
        let Some(path) = self.confidence.clone() else { return Ok(Confidence::default()) };
        let text = match whole_file::read_text(&path) {
            Ok(text) => text,
            Err(source) => return Err(WorkspaceError::Read { path, source }),
        };
        match toml::from_str::<Confidence>(&text) {
            Ok(confidence) if confidence.weights().iter().all(|weight| weight.is_finite()) => Ok(confidence),
            Ok(_) => Err(WorkspaceError::Confidence { path }),
            Err(source) => Err(WorkspaceError::Parse { path, source: Box::new(source) }),
        }
    }

    fn read(dir: &Path) -> Result<Workspace, WorkspaceError> {
        let (_, file) = read_file(&dir.join(FILE))?;
        Workspace::resolve(dir, file)
    }

    fn resolve(dir: &Path, file: File) -> Result<Workspace, WorkspaceError> {
        let (kb, kb_book) = split(dir, file.kb.map(Spanned::into_inner));
        let (rules, rules_book) = split(dir, file.rules.map(Spanned::into_inner));
        let store = dir.join(file.store.map_or_else(|| PathBuf::from(".casebook"), Spanned::into_inner));
        let mut kb: Vec<Root> = kb.into_iter().map(Root::new).collect();
        let mut weights = BTreeMap::new();
        for mut collection in file.collection.into_iter().map(Spanned::into_inner) {
            collection.name = composed(&collection.name).into_owned();
            check(&collection, dir)?;
            weights.extend(collection.weight.map(|weight| (collection.name.clone(), weight)));
            kb.push(Root::named(dir.join(collection.path), collection.name));
        }
        let names = file.export.into_iter().map(|(name, names)| (name, names.into_inner().into_vec()));
        let fields = FieldMap::new(&names.collect())
            .map_err(|source| WorkspaceError::Export { path: dir.join(FILE), source })?;
        let zones = file.log.into_iter().map(|sources| source_zone(dir, sources.into_inner())).collect();
        let formats = own_formats(dir, file.format)?;
        let in_dir = |path: Spanned<PathBuf>| dir.join(path.into_inner());
        let model = file.semantic.map(|semantic| in_dir(semantic.model));
        let ranking = file.search.ranking.map(in_dir);
        let confidence = file.diagnosis.confidence.map(in_dir);
        let (fields, dir) = (Arc::new(fields), Some(dir.to_owned()));
        Ok(Workspace {
            kb,
            kb_book,
            rules,
            rules_book,
            store,
            weights,
            ranking,
            confidence,
            fields,
            zones,
            formats,
            model,
            dir,
        })
    }

    /// Returns the settings without a workspace file: the bundled articles and rules alone, with the store in the
    /// folder `store`.
    fn bundled(store: PathBuf) -> Workspace {
        Workspace {
            kb: Vec::new(),
            kb_book: true,
            rules: Vec::new(),
            rules_book: true,
            store,
            weights: BTreeMap::new(),
            ranking: None,
            confidence: None,
            fields: Arc::default(),
            zones: Vec::new(),
            formats: OwnFormats::default(),
            model: None,
            dir: None,
        }
    }
}

/// Returns the formats of the tables `[[format]]`, which must have different names.
fn own_formats(dir: &Path, tables: Vec<Spanned<FormatTable>>) -> Result<OwnFormats, WorkspaceError> {
    let formats: Vec<_> = tables.into_iter().map(|table| table.into_inner().format).collect();
    let mut names = BTreeSet::new();
    match formats.iter().find(|format| !names.insert(format.name())) {
        Some(twice) => Err(WorkspaceError::Format { path: dir.join(FILE), name: twice.name().to_owned() }),
        None => Ok(formats.into_iter().collect()),
    }
}

fn source_zone(dir: &Path, sources: LogSources) -> SourceZone {
    let of = match sources.of {
        LogSelector::Path(path) => SourceSelector::path(dir, &path),
        LogSelector::Name(name) => SourceSelector::Name(name),
    };
    SourceZone { of, zone: sources.zone.zone }
}

/// Reads the workspace file at `path`. Returns its text and its settings.
fn read_file(path: &Path) -> Result<(String, File), WorkspaceError> {
    let text = whole_file::read_text(path).map_err(|source| WorkspaceError::Read { path: path.to_owned(), source })?;
    match toml::from_str(&text) {
        Ok(file) => Ok((text, file)),
        Err(source) => Err(WorkspaceError::Parse { path: path.to_owned(), source: Box::new(source) }),
    }
}

fn read_ranking(path: &Path) -> Result<Ranking, WorkspaceError> {
    let path = path.to_owned();
    match whole_file::read_text(&path) {
        Ok(text) => Ranking::from_toml(&text).map_err(|source| WorkspaceError::Ranking { path, source }),
        Err(source) => Err(WorkspaceError::Read { path, source }),
    }
}

/// Checks that the name can be written in `in:NAME` and is not that of the bundled articles, and that the weight is
/// finite and above 0.
fn check(collection: &Collection, dir: &Path) -> Result<(), WorkspaceError> {
    let wrong =
        |reason| Err(WorkspaceError::Collection { path: dir.join(FILE), name: collection.name.clone(), reason });
    let is_name_char = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if collection.name.is_empty() || !collection.name.chars().all(is_name_char) {
        return wrong("a name consists of letters, digits, `-`, `_` and `.`");
    }
    if collection.name == book::COLLECTION {
        return wrong("the bundled articles have this name");
    }
    match collection.weight {
        Some(weight) if !(weight.is_finite() && weight > 0.0) => wrong("a weight is a number above 0"),
        _ => Ok(()),
    }
}

/// Returns the paths in a list, joined to `dir`, and whether the list contains `book`. Without a list, only the book is
/// used.
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

    fn try_resolve(text: &str) -> Result<Workspace, WorkspaceError> {
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
                "collection \"my runbooks\" in `/w/casebook.toml`: a name consists of letters, digits, `-`, `_` and `.`",
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
    fn logs_have_zones_by_path_or_name() {
        let entry = |of| SourceZone { of, zone: crate::log::zone_named("Europe/Berlin").expect("a known zone") };
        let text =
            "[[log]]\npath = '../logs/*.log'\nzone = 'Europe/Berlin'\n[[log]]\nname = 'db'\nzone = 'Europe/Berlin'";
        let expected =
            [SourceSelector::Path("/logs/*.log".to_owned()), SourceSelector::Name("db".to_owned())].map(entry);
        assert_eq!(resolve(text).zones, expected);
        assert_eq!(resolve("").zones, []);
    }

    #[test]
    fn a_mistake_in_a_log_is_an_error_at_its_place() {
        let mistake = |text: &str| {
            let error = toml::from_str::<File>(text).expect_err("a mistake");
            (error.message().to_owned(), error.span().map(|span| text[span].to_owned()))
        };
        let (message, at) = mistake("[[log]]\npath = 'a'\nzone = 'Europe/Berln'");
        assert_eq!(message, "there is no zone `Europe/Berln`; did you mean `Europe/Berlin`?");
        assert_eq!(at.as_deref(), Some("'Europe/Berln'"));
        let (message, _) = mistake("[[log]]\nzone = 'nowhere at all'\npath = 'a'");
        assert_eq!(
            message,
            "there is no zone `nowhere at all`; write a name such as `Europe/Berlin`, or an offset such as `+02:00`"
        );
        for text in ["[[log]]\nzone = 'UTC'", "[[log]]\nzone = 'UTC'\npath = 'a'\nname = 'b'"] {
            let (message, at) = mistake(text);
            assert_eq!(message, "a table `[[log]]` needs either `path` or `name`, to say which logs it is about");
            assert!(at.is_some(), "{text}");
        }
        assert_eq!(mistake("[[log]]\npath = 'a'").0, "missing field `zone`");
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
            "unknown field `rule`, expected one of `kb`, `rules`, `store`, `collection`, `search`, `export`, `log`, `format`, `semantic`, `diagnosis`"
        );
    }
}
