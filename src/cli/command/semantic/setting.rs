//! Writes the folder of the sentence encoder into `casebook.toml`. The rest of the file stays unchanged.

use std::error::Error;
use std::fs;
use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, TomlError, value};

use crate::cli::error::CommandError;
use crate::workspace::{FILE, Workspace};

/// Makes the folder `model` the sentence encoder of the workspace; `None` removes the setting. `model` is an absolute
/// path without links; if it is inside the workspace, it is written relative to it.
pub(super) fn set_model(workspace: &Workspace, model: Option<&str>) -> Result<(), CommandError> {
    let no_workspace = || CommandError::input(format!("there is no {FILE} to write the model into"));
    let dir = workspace.dir.as_deref();
    let dir = dir.ok_or_else(|| no_workspace().hint("create a workspace with `casebook init`"))?;
    let path = dir.join(FILE);
    let failed =
        |verb: &str, error: &dyn Error| CommandError::input(format!("cannot {verb} `{}`: {error}", path.display()));
    let here = dir.canonicalize().map_err(|error| failed("read", &error))?;
    let within = |model: &'_ str| Path::new(model).strip_prefix(&here).ok()?.to_str().map(str::to_owned);
    let model = model.map(|model| within(model).unwrap_or_else(|| model.to_owned()));
    let text = fs::read_to_string(&path).map_err(|error| failed("read", &error))?;
    let text = with_model(&text, model.as_deref()).map_err(|error| failed("change", &error))?;
    fs::write(&path, text).map_err(|error| failed("change", &error))
}

/// Returns `text`, a workspace file, with this model or, for `None`, without any.
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
