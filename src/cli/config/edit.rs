//! The one setting that a command writes: which sentence encoder is used. All else in the file stays as it is.

use std::fs;
use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, TomlError, value};

use super::{ConfigError, FILE, Workspace};

impl Workspace {
    /// Makes `model` the sentence encoder of this workspace, or none; kept relative where it is within the workspace.
    /// `model` is absolute, without links.
    pub(in crate::cli) fn set_model(&self, model: Option<&str>) -> Result<(), ConfigError> {
        let dir = self.dir.as_deref().ok_or(ConfigError::NoWorkspace)?;
        let path = dir.join(FILE);
        let here = dir.canonicalize().map_err(|source| ConfigError::Read { path: path.clone(), source })?;
        let within = |model: &'_ str| Path::new(model).strip_prefix(&here).ok()?.to_str().map(str::to_owned);
        let model = model.map(|model| within(model).unwrap_or_else(|| model.to_owned()));
        let text = fs::read_to_string(&path).map_err(|source| ConfigError::Read { path: path.clone(), source })?;
        match with_model(&text, model.as_deref()) {
            Ok(text) => fs::write(&path, text).map_err(|source| ConfigError::Write { path, source }),
            Err(source) => Err(ConfigError::Edit { path, source: Box::new(source) }),
        }
    }
}

/// The text of a workspace file with this model, or without any.
fn with_model(text: &str, model: Option<&str>) -> Result<String, TomlError> {
    let mut file: DocumentMut = text.parse()?;
    match model {
        None => drop(file.remove("semantic")),
        Some(model) => {
            let table = file.entry("semantic").or_insert_with(|| Item::Table(Table::new()));
            table["model"] = value(model);
        }
    }
    Ok(file.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, model: Option<&str>, after: &str) {
        assert_eq!(with_model(before, model).expect("a valid file"), after);
    }

    #[test]
    fn a_model_is_added_replaced_and_removed() {
        let bare = "# ours\nkb = ['kb']   # articles\n";
        let first = "# ours\nkb = ['kb']   # articles\n\n[semantic]\nmodel = \"models/a\"\n";
        check(bare, Some("models/a"), first);
        check(first, Some("/m/b \"2\""), "# ours\nkb = ['kb']   # articles\n\n[semantic]\nmodel = '/m/b \"2\"'\n");
        check(first, None, bare);
        check(bare, None, bare);
    }

    #[test]
    fn tables_around_it_stay() {
        let text = "[semantic]\n# the small one\nmodel = 'a'\n\n[[collection]]\nname = 'old'\npath = 'x'\n";
        check(text, Some("b"), &text.replace("'a'", "\"b\""));
        check("semantic = { model = 'a' }\n", Some("b"), "semantic = { model = \"b\" }\n");
        check("", Some("b"), "[semantic]\nmodel = \"b\"\n");
    }
}
