//! Argument types that several commands share. The arguments of a single command are in its file.

use std::convert::Infallible;
use std::io::{self, IsTerminal, Read};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::error::{CommandError, format_names};
use crate::log::{Input, Period, instant, span, zone_name};
use crate::normal_form::composed;
use crate::pattern::quantity::duration_prefix;
use crate::report::Amount;
use crate::session;

#[derive(Debug, Args)]
pub(super) struct Output {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: Format,
}

/// How many entries of each list a diagnosis shows.
#[derive(Debug, Args)]
pub(super) struct AmountArgs {
    /// Show at most N entries of each list, likely or not. Without this, only the few that matter
    #[arg(long, value_name = "N", value_parser = limit)]
    limit: Option<usize>,

    /// Show every entry of each list
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

impl AmountArgs {
    pub(super) fn amount(&self) -> Amount {
        match self.limit {
            Some(limit) => Amount::AtMost(limit),
            None if self.all => Amount::All,
            None => Amount::Brief,
        }
    }
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

/// Returns the name of a collection in the spelling of the store.
pub(super) fn collection_name(text: &str) -> Result<String, Infallible> {
    Ok(composed(text).into_owned())
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
pub(super) fn wait_time(text: &str) -> Result<Duration, String> {
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

/// Which part of the logs to read, and the zone of times that name none.
#[derive(Debug, Args)]
pub(super) struct PartArgs {
    /// Read only records from this time on: `2026-11-12 10:00`, `10:00` (today), `yesterday`, `2h ago` or `-2h`, or RFC 3339. A
    /// time without a zone is in --zone, else in UTC
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    since: Option<String>,

    /// Read only records up to this time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    until: Option<String>,

    /// Read only the last part of the logs, such as `2h` or `1 day`, up to the latest time in any of them. Reads the logs twice
    #[arg(long, value_name = "SPAN", allow_hyphen_values = true, conflicts_with_all = ["since", "until"])]
    last: Option<String>,

    /// The zone of times in logs that name none: `Europe/Berlin`, `+02:00`, or `local` for that of this computer
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true)]
    zone: Option<String>,
}

/// The part of the logs that [`PartArgs`] ask for.
pub(super) struct Part {
    /// The ends that are known before the logs are read.
    pub(super) period: Period,
    /// How far the part reaches back from the latest time in the logs.
    pub(super) last: Option<Span>,
    /// The name of the zone.
    pub(super) zone: Option<String>,
}

impl PartArgs {
    /// Checks the arguments at the time `now`.
    pub(super) fn check(&self, now: Timestamp) -> Result<Part, CommandError> {
        let name = self.zone.as_deref().map(|name| stated_zone(name, now));
        let zone = name.as_deref().map(session::zone).transpose()?.unwrap_or(TimeZone::UTC);
        let time = |option: &str, text: &Option<String>| {
            let Some(text) = text else { return Ok(None) };
            instant(text, now, &zone).map(Some).ok_or_else(|| not_a_time(option, text))
        };
        let period = Period { since: time("--since", &self.since)?, until: time("--until", &self.until)? };
        if let Period { since: Some(since), until: Some(until) } = period
            && since > until
        {
            let message = format!("--since is {since}, which is after --until, {until}");
            return Err(CommandError::usage(message).hint("exchange the two"));
        }
        let last = self.last.as_deref().map(|text| span(text).ok_or_else(|| not_a_span(text))).transpose()?;
        Ok(Part { period, last, zone: name })
    }
}

/// Returns the name of the zone that the user states; `local` is that of this computer.
pub(super) fn stated_zone(name: &str, now: Timestamp) -> String {
    match name {
        "local" => zone_name(&TimeZone::system(), now),
        name => name.to_owned(),
    }
}

/// The help on `--log-format`.
pub(super) fn log_format_help() -> String {
    format!(
        "Read the logs in this format instead of detecting it: one of casebook.toml or the rules, or {}",
        format_names()
    )
}

fn not_a_time(option: &str, text: &str) -> CommandError {
    CommandError::usage(format!("`{text}`, the value of {option}, is not a time"))
        .hint("write `2026-11-12 10:00`, `10:00`, `yesterday`, `2h ago`, `-2h` or `2026-11-12T10:00:00+01:00`")
}

fn not_a_span(text: &str) -> CommandError {
    CommandError::usage(format!("`{text}`, the value of --last, is not a span of time"))
        .hint("write `2h`, `90min` or `1 day`; for the time before now, use `--since -2h`")
}

/// The most bytes of standard input that are held in memory because the logs are read twice.
const MAX_PIPED_BYTES: u64 = 1 << 30;

/// Returns `files`; or standard input, if there are none, `has_others` is false, and something is piped in.
pub(super) fn files_or_pipe(files: &[PathBuf], has_others: bool) -> Result<Vec<PathBuf>, CommandError> {
    if !files.is_empty() || has_others {
        return Ok(files.to_vec());
    }
    if io::stdin().is_terminal() {
        let hint = "name a file or folder, or pipe a log in, as in `journalctl -u nginx | casebook diagnose`";
        return Err(CommandError::usage("no log is given").hint(hint));
    }
    Ok(vec![PathBuf::from("-")])
}

/// Standard input for logs that are read twice: all of it in memory.
pub(super) fn piped_in_memory(option: &str) -> Result<Input, CommandError> {
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(MAX_PIPED_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| CommandError::input(format!("cannot read standard input: {error}")))?;
    if bytes.len() as u64 > MAX_PIPED_BYTES {
        let message = format!("{option} reads the log twice, and standard input is too long to hold in memory");
        return Err(CommandError::input(message).hint("use --since, or write the log to a file and name that file"));
    }
    Ok(Input::bytes("-", bytes))
}
