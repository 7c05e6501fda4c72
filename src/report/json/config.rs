//! `casebook config --format json`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::workspace::{Origin, Setting, SettingValue};

/// `casebook config --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Config {
    /// Every setting, in the order of the documentation.
    settings: Vec<ConfigSetting>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ConfigSetting {
    /// Its name, with the table it belongs to: `search.ranking`.
    name: String,
    /// Its value: a text, a number or a list of texts; null when it is not set.
    value: Option<Value>,
    /// Where the value comes from: `default`, `file`, `nearest`, `environment` or `flag`.
    origin: &'static str,
    /// The file, the environment variable or the flag that sets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// The line of the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
enum Value {
    Text(String),
    Number(f32),
    List(Vec<String>),
}

/// The answer of `config`.
pub fn config(settings: &[Setting]) -> Config {
    Config { settings: settings.iter().map(setting).collect() }
}

fn setting(setting: &Setting) -> ConfigSetting {
    let (origin, from, line) = match &setting.origin {
        Origin::Default => ("default", None, None),
        Origin::File { path, line } => ("file", Some(path.display().to_string()), Some(*line)),
        Origin::Nearest => ("nearest", None, None),
        Origin::Environment(name) => ("environment", Some((*name).to_owned()), None),
        Origin::Flag(name) => ("flag", Some((*name).to_owned()), None),
    };
    let value = match &setting.value {
        SettingValue::Unset(_) => None,
        SettingValue::Text(text) => Some(Value::Text(text.clone())),
        SettingValue::Number(number) => Some(Value::Number(*number)),
        SettingValue::List(list) => Some(Value::List(list.clone())),
    };
    ConfigSetting { name: setting.name.clone(), value, origin, from, line }
}
