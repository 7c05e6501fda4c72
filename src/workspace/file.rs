//! `casebook.toml` as it is written. Paths are relative to the file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

/// The whole file. Each setting keeps its place in the text, for [`super::settings`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Files and folders of articles; `"book"` means the bundled ones. Without the list, the bundled ones alone.
    pub(super) kb: Option<Spanned<Vec<String>>>,
    /// Rule files and folders; `"book"` means the bundled rules. Without the list, the bundled ones alone.
    pub(super) rules: Option<Spanned<Vec<String>>>,
    /// Folder of the store; default `.casebook`.
    pub(super) store: Option<Spanned<PathBuf>>,
    /// The collections: files or folders of articles, each with a name.
    #[serde(default)]
    pub(super) collection: Vec<Spanned<Collection>>,
    #[serde(default)]
    pub(super) search: Search,
    /// How to read articles from JSON and CSV exports: for each of casebook's names of fields, the names in the export.
    #[serde(default)]
    pub(super) export: BTreeMap<String, Spanned<OneOrMany>>,
    pub(super) semantic: Option<Semantic>,
    #[serde(default)]
    pub(super) diagnosis: Diagnosis,
}

/// The table `[search]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    /// File with weights of the ranking; those that it does not name are the shipped ones.
    pub(super) ranking: Option<Spanned<PathBuf>>,
}

/// The table `[diagnosis]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Diagnosis {
    /// File with all weights of the confidence in articles.
    pub(super) confidence: Option<Spanned<PathBuf>>,
}

/// The table `[semantic]`, which `casebook semantic use` writes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Semantic {
    /// Folder of the sentence encoder.
    pub(super) model: Spanned<PathBuf>,
}

/// One table `[[collection]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Collection {
    /// Name, for `in:NAME` and in results.
    pub(super) name: String,
    /// File or folder.
    pub(super) path: PathBuf,
    /// The factor that the scores of its articles are multiplied by; default 1.
    pub(super) weight: Option<f32>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        }
    }
}
