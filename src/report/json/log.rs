//! `casebook log --format json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::diagnose::{Period, json_value, period};
use crate::log::{self, FormatChoice, Survey, Surveys, ZoneOrigin};

/// `casebook log --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Log {
    sources: Vec<LogSource>,
    /// The inputs that could not be read to their end.
    unreadable: Vec<Unreadable>,
    /// The part of the logs that was read (`--since`, `--until`, `--last`); null for all.
    period: Option<Period>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Unreadable {
    name: String,
    reason: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LogSource {
    name: String,
    format: String,
    /// Whether `--log-format` states the format.
    format_stated: bool,
    /// How many of the first records are in the format; null if it was stated.
    format_fits: Option<FormatFits>,
    records: u64,
    /// Records outside the period. The numbers below, except `bytes` and `cut`, are not about them.
    left_out: u64,
    lines: u64,
    bytes: u64,
    /// Records with a time, with a level and with a program.
    with_time: u64,
    with_level: u64,
    with_program: u64,
    /// Lines of records without a time.
    lines_without_time: u64,
    /// The earliest time, RFC 3339.
    first: Option<String>,
    last: Option<String>,
    zone: LogZone,
    /// The years that were assumed; null if each time names its year.
    years: Option<LogYears>,
    /// The first date whose day and month could be exchanged; null if there is none.
    day_and_month: Option<DayAndMonth>,
    /// Records of several lines.
    several_lines: u64,
    /// Records that were too long and were cut.
    cut: u64,
    /// The record with the most lines; null if there is no record.
    longest: Option<LongestRecord>,
    /// Lines that are in no form.
    unread_lines: u64,
    /// These lines, the first 10,000, with `--unread`.
    unread: Vec<LogLine>,
    /// The records that `--records` asks for.
    listed: Vec<LogRecord>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FormatFits {
    fitting: u64,
    looked_at: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LogZone {
    /// The zone of times that name none.
    name: String,
    /// `stated` (`--zone`), `configured` (casebook.toml), `format` (a format that the user describes) or `assumed`.
    origin: &'static str,
    /// Stamps that name no zone.
    stamps_without_zone: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LogYears {
    first: i16,
    last: i16,
    /// `file`: from the time of its last change. `now`: from the present time.
    origin: &'static str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct DayAndMonth {
    /// The date as it was read.
    read_as: String,
    /// Whether the day comes first.
    day_first: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LongestRecord {
    line: u64,
    lines: u64,
    bytes: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LogLine {
    line: u64,
    text: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LogRecord {
    /// Its first line, from 1.
    line: u64,
    time: Option<String>,
    /// `trace`, `debug`, `info`, `notice`, `warning`, `error`, `critical` or `fatal`.
    level: Option<String>,
    program: Option<String>,
    host: Option<String>,
    pid: Option<String>,
    message: String,
    /// All fields, as the `where` of a rule names them.
    fields: BTreeMap<String, Json>,
}

/// The answer of `log`.
pub fn log(surveys: &Surveys, asked: log::Period) -> Log {
    let unreadable = surveys.unreadable.iter();
    Log {
        sources: surveys.sources.iter().map(source).collect(),
        unreadable: unreadable
            .map(|(name, reason)| Unreadable { name: name.clone(), reason: reason.clone() })
            .collect(),
        period: period(asked),
    }
}

fn source(survey: &Survey) -> LogSource {
    let stamps = &survey.stamps;
    LogSource {
        name: survey.name.clone(),
        format: survey.format.name().to_owned(),
        format_stated: survey.choice == FormatChoice::Stated,
        format_fits: match survey.choice {
            FormatChoice::Stated => None,
            FormatChoice::Detected { fitting, looked_at } => Some(FormatFits { fitting, looked_at }),
        },
        records: survey.records,
        left_out: survey.left_out,
        lines: survey.lines,
        bytes: survey.bytes,
        with_time: survey.timed,
        with_level: survey.levelled,
        with_program: survey.programmed,
        lines_without_time: survey.untimed_lines,
        first: survey.first.map(|time| time.to_string()),
        last: survey.last.map(|time| time.to_string()),
        zone: zone(stamps),
        years: stamps.years.map(|(first, last)| LogYears {
            first,
            last,
            origin: if stamps.years_from_file { "file" } else { "now" },
        }),
        day_and_month: stamps.day_month.map(|(date, day_first)| DayAndMonth { read_as: date.to_string(), day_first }),
        several_lines: survey.several_lines,
        cut: survey.cut,
        longest: survey.longest.map(|longest| LongestRecord {
            line: longest.line,
            lines: longest.lines,
            bytes: longest.bytes,
        }),
        unread_lines: survey.unread_lines,
        unread: survey.unread.iter().map(|unread| LogLine { line: unread.line, text: unread.text.clone() }).collect(),
        listed: survey.listed.iter().map(record).collect(),
    }
}

fn zone(stamps: &log::StampSurvey) -> LogZone {
    let origin = match stamps.origin {
        ZoneOrigin::Stated => "stated",
        ZoneOrigin::Configured => "configured",
        ZoneOrigin::Format => "format",
        ZoneOrigin::Assumed => "assumed",
    };
    LogZone { name: stamps.zone.clone(), origin, stamps_without_zone: stamps.zoneless }
}

fn record(record: &log::ListedRecord) -> LogRecord {
    LogRecord {
        line: record.line,
        time: record.time.map(|time| time.to_string()),
        level: record.level.map(|level| level.name().to_owned()),
        program: record.text("program"),
        host: record.text("host"),
        pid: record.text("pid"),
        message: record.message.clone(),
        fields: record.fields.iter().map(|(name, value)| (name.clone(), json_value(value))).collect(),
    }
}
