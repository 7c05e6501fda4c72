//! Argument types that several commands share. The arguments of a single command are in its file.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::pattern::quantity::duration_prefix;

#[derive(Debug, Args)]
pub(super) struct Output {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Text for people
    Text,
    /// JSON for programs; docs/schema describes it
    Json,
}

/// Maximum of `--limit`: more entries than anybody reads. There is a maximum because tantivy allocates room for all
/// entries at once.
pub(super) const MAX_LIMIT: usize = 10_000;

pub(super) fn limit(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(limit @ 1..=MAX_LIMIT) => Ok(limit),
        _ => Err(format!("expected a number from 1 to {MAX_LIMIT}")),
    }
}

/// Parses the path of a TOML file to write. Refuses other names, because a mistyped argument could overwrite a log or a
/// file of questions.
pub(super) fn toml_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.extension() {
        Some(extension) if extension == "toml" => Ok(path),
        _ => Err("expected a name that ends in `.toml`".to_owned()),
    }
}

pub(super) fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err("expected a number above 0".to_owned()),
    }
}

/// Parses a span of time as rules write it: `500ms`, `1m30s`.
pub(super) fn span(text: &str) -> Result<Duration, String> {
    match duration_prefix(text.as_bytes()) {
        Some((span, len)) if len == text.len() && !span.is_zero() => Ok(span),
        _ => Err("expected a time such as `500ms`, `30s` or `5m`".to_owned()),
    }
}

pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected two parts with `=` between them".to_owned()),
    }
}
