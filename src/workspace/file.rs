//! `casebook.toml` as it is written. Paths are relative to the file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;

use super::format::FormatTable;
use crate::log::zone_named;

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
    /// How to read logs that do not say it themselves.
    #[serde(default)]
    pub(super) log: Vec<Spanned<LogSources>>,
    /// Log formats.
    #[serde(default)]
    pub(super) format: Vec<Spanned<FormatTable>>,
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

/// One table `[[log]]`: sources, and how to read them.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "WrittenLogSources")]
pub(super) struct LogSources {
    pub(super) of: LogSelector,
    /// The zone of stamps that name none.
    pub(super) zone: Zone,
}

/// The sources of a table `[[log]]`.
#[derive(Debug, Clone)]
pub(super) enum LogSelector {
    /// `path`: files and folders; `*` stands for any text.
    Path(String),
    /// `name`: a name that `on` accepts for them.
    Name(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLogSources {
    path: Option<String>,
    name: Option<String>,
    zone: Zone,
}

impl TryFrom<WrittenLogSources> for LogSources {
    type Error = &'static str;

    fn try_from(written: WrittenLogSources) -> Result<Self, Self::Error> {
        let of = match (written.path, written.name) {
            (Some(path), None) => LogSelector::Path(path),
            (None, Some(name)) => LogSelector::Name(name),
            _ => return Err("a table `[[log]]` needs either `path` or `name`, to say which logs it is about"),
        };
        Ok(LogSources { of, zone: written.zone })
    }
}

/// A zone, and its name as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Zone {
    pub(super) name: String,
    pub(super) zone: TimeZone,
}

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        match zone_named(&name) {
            Ok(zone) => Ok(Zone { name, zone }),
            Err(Some(near)) => Err(format!("there is no zone `{name}`; did you mean `{near}`?")),
            Err(None) => Err(format!(
                "there is no zone `{name}`; write a name such as `Europe/Berlin`, or an offset such as `+02:00`"
            )),
        }
    }
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
