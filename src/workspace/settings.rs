//! Lists every setting of a workspace, with its value and where the value comes from.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;

use super::file::{Collection, File, LogSelector, LogSources};
use super::format::FormatTable;
use super::{BOOK, FILE, Workspace, WorkspaceError, read_file};
use crate::source::LineIndex;

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Its name, with the table it belongs to: `search.ranking`.
    pub name: String,
    /// Its value; paths are absolute.
    pub value: SettingValue,
    /// Where the value comes from.
    pub origin: Origin,
}

/// The value of a [`Setting`].
#[derive(Debug, Clone, PartialEq)]
pub enum SettingValue {
    /// Not set; the text says what casebook does then.
    Unset(&'static str),
    /// One value.
    Text(String),
    /// A list.
    List(Vec<String>),
    /// A number.
    Number(f32),
}

/// Where the value of a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A line of a workspace file, from 1.
    File {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
    },
    /// The nearest workspace file, from the current folder upwards.
    Nearest,
    /// An environment variable.
    Environment(&'static str),
    /// A flag of the command line.
    Flag(&'static str),
}

impl Workspace {
    /// The settings of this workspace, in the order of the documentation. The workspace file is read again.
    pub fn settings(&self) -> Result<Vec<Setting>, WorkspaceError> {
        let Some(dir) = &self.dir else {
            let file = toml::from_str("").expect("an empty workspace file sets nothing");
            return Ok(settings(Path::new(""), "", file, &self.store));
        };
        let (text, file) = read_file(&dir.join(FILE))?;
        Ok(settings(dir, &text, file, &self.store))
    }
}

fn settings(dir: &Path, text: &str, file: File, store: &Path) -> Vec<Setting> {
    let lines = LineIndex::new(text);
    let origin =
        |span: Range<usize>| Origin::File { path: dir.join(FILE), line: lines.line_col(text, span.start).line };
    let path = |path: &Path| SettingValue::Text(dir.join(path).display().to_string());
    let list = |name: &str, value: Option<Spanned<Vec<String>>>| {
        let entry = |entry: &String| if entry == BOOK { entry.clone() } else { dir.join(entry).display().to_string() };
        match value {
            Some(value) => {
                setting(name, SettingValue::List(value.as_ref().iter().map(entry).collect()), origin(value.span()))
            }
            None => setting(name, SettingValue::List(vec![BOOK.to_owned()]), Origin::Default),
        }
    };
    let file_or = |name: &str, value: Option<Spanned<PathBuf>>, unset: &'static str| match value {
        Some(value) => setting(name, path(value.as_ref()), origin(value.span())),
        None => setting(name, SettingValue::Unset(unset), Origin::Default),
    };
    let mut all = vec![list("kb", file.kb), list("rules", file.rules)];
    all.push(match file.store {
        Some(value) => setting("store", path(value.as_ref()), origin(value.span())),
        None => setting("store", SettingValue::Text(store.display().to_string()), Origin::Default),
    });
    for collection in file.collection {
        let from = origin(collection.span());
        let Collection { name, path: at, weight } = collection.into_inner();
        all.push(setting(&format!("collection.{name}.path"), path(&at), from.clone()));
        all.push(match weight {
            Some(weight) => setting(&format!("collection.{name}.weight"), SettingValue::Number(weight), from),
            None => setting(&format!("collection.{name}.weight"), SettingValue::Number(1.0), Origin::Default),
        });
    }
    all.push(file_or("search.ranking", file.search.ranking, "the shipped ranking"));
    all.push(file_or("diagnosis.confidence", file.diagnosis.confidence, "the shipped confidence"));
    for (name, fields) in file.export {
        let from = origin(fields.span());
        all.push(setting(&format!("export.{name}"), SettingValue::List(fields.into_inner().into_vec()), from));
    }
    for sources in file.log {
        let from = origin(sources.span());
        let LogSources { of: LogSelector::Path(of) | LogSelector::Name(of), zone } = sources.into_inner();
        all.push(setting(&format!("log.{of}.zone"), SettingValue::Text(zone.name), from));
    }
    for table in file.format {
        let from = origin(table.span());
        let FormatTable { format, written } = table.into_inner();
        for (name, mut values) in written {
            let is_list = matches!(name, "match" | "on" | "files");
            let value = match values.pop() {
                Some(only) if !is_list => SettingValue::Text(only),
                last => SettingValue::List(values.into_iter().chain(last).collect()),
            };
            all.push(setting(&format!("format.{}.{name}", format.name()), value, from.clone()));
        }
    }
    let model = file.semantic.map(|semantic| semantic.model);
    all.push(file_or("semantic.model", model, "no model: search by words alone"));
    all
}

fn setting(name: &str, value: SettingValue, origin: Origin) -> Setting {
    Setting { name: name.to_owned(), value, origin }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the settings of a file in `/w`, each as one line of text.
    fn listed(text: &str) -> Vec<String> {
        let file = toml::from_str(text).expect("a valid file");
        let line = |setting: Setting| {
            let origin = match setting.origin {
                Origin::File { line, .. } => format!("line {line}"),
                other => format!("{other:?}"),
            };
            format!("{} {origin} {:?}", setting.name, setting.value)
        };
        settings(Path::new("/w"), text, file, Path::new("/w/.casebook")).into_iter().map(line).collect()
    }

    #[test]
    fn an_empty_file_sets_nothing() {
        let expected = [
            r#"kb Default List(["book"])"#,
            r#"rules Default List(["book"])"#,
            r#"store Default Text("/w/.casebook")"#,
            r#"search.ranking Default Unset("the shipped ranking")"#,
            r#"diagnosis.confidence Default Unset("the shipped confidence")"#,
            r#"semantic.model Default Unset("no model: search by words alone")"#,
        ];
        assert_eq!(listed(""), expected);
    }

    #[test]
    fn each_setting_has_the_line_that_sets_it() {
        let text = "# ours\nkb = ['kb', 'book']\nstore = '/s'\n\n[[collection]]\nname = 'old'\npath = 'archive'\nweight = 0.5\n\n\
                    [search]\nranking = 'r.toml'\n[export]\ntitle = ['name', 'subject']\nid = 'key'\n[[log]]\nname = 'db'\nzone = 'UTC'\n[semantic]\nmodel = 'm'\n";
        let expected = [
            r#"kb line 2 List(["/w/kb", "book"])"#,
            r#"rules Default List(["book"])"#,
            r#"store line 3 Text("/s")"#,
            r#"collection.old.path line 5 Text("/w/archive")"#,
            r#"collection.old.weight line 5 Number(0.5)"#,
            r#"search.ranking line 11 Text("/w/r.toml")"#,
            r#"diagnosis.confidence Default Unset("the shipped confidence")"#,
            r#"export.id line 14 List(["key"])"#,
            r#"export.title line 13 List(["name", "subject"])"#,
            r#"log.db.zone line 15 Text("UTC")"#,
            r#"semantic.model line 19 Text("/w/m")"#,
        ];
        assert_eq!(listed(text), expected);
    }
}
