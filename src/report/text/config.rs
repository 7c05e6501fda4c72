//! Writes `casebook config`.

use std::io;

use super::{DIM, NAME, Page};
use crate::report::clean::on_one_line;
use crate::workspace::{FILE, Origin, Setting, SettingValue};

/// Prints a line for each setting: its name, its origin, its value.
pub fn config(page: &mut Page, settings: &[Setting]) -> io::Result<()> {
    let width = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let names = width(&mut settings.iter().map(|setting| setting.name.chars().count()));
    let origins = width(&mut settings.iter().map(|setting| origin(&setting.origin).chars().count()));
    for setting in settings {
        let name = on_one_line(&setting.name);
        let origin = origin(&setting.origin);
        page.line(format!(
            "{NAME}{name:names$}{NAME:#}  {DIM}{origin:origins$}{DIM:#}  {}",
            on_one_line(&value(&setting.value))
        ))?;
    }
    Ok(())
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Default => "default".to_owned(),
        Origin::File { line, .. } => format!("{FILE}:{line}"),
        Origin::Nearest => format!("nearest {FILE}"),
        Origin::Environment(name) | Origin::Flag(name) => (*name).to_owned(),
    }
}

fn value(value: &SettingValue) -> String {
    match value {
        SettingValue::Unset(meaning) => format!("({meaning})"),
        SettingValue::Text(text) => text.clone(),
        SettingValue::Number(number) => number.to_string(),
        SettingValue::List(list) if list.is_empty() => "(none)".to_owned(),
        SettingValue::List(list) => list.join(", "),
    }
}
