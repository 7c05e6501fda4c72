//! The options and the result of a survey.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::log::format::{Format, Level};
use crate::log::period::Period;
use crate::log::reader::ReadOptions;
use crate::log::zone::{SourceZones, ZoneOrigin};
use crate::value::Value;

/// The most lines of a source in no form that are kept. Further ones are only counted.
pub const MAX_UNREAD_LINES: usize = 10_000;

/// How to survey inputs.
#[derive(Debug, Clone)]
pub struct SurveyOptions {
    /// How to read each input, except its zone.
    pub reading: ReadOptions,
    /// The zones of stamps that name none.
    pub zones: SourceZones,
    /// The part of the inputs to survey.
    pub period: Period,
    /// Which records to list.
    pub listed: Listed,
    /// Whether to keep the lines that are in no form.
    pub keeps_unread: bool,
}

/// The records that a survey lists, of each source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// The first ones, at most this number.
    First(usize),
    /// The last ones, at most this number.
    Last(usize),
}

/// The result of a survey.
#[derive(Debug, Default)]
pub struct Surveys {
    /// The sources, in the order of the inputs.
    pub sources: Vec<Survey>,
    /// The inputs that could not be read to their end: name and reason.
    pub unreadable: Vec<(String, String)>,
}

/// What was found out about one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// Its name, or its path as given.
    pub name: String,
    /// Its format.
    pub format: Format,
    /// Why it has this format.
    pub choice: FormatChoice,
    /// The number of records in the period.
    pub records: u64,
    /// The number of records outside the period; nothing below is about them.
    pub left_out: u64,
    /// The number of lines.
    pub lines: u64,
    /// Bytes of its records after decompression.
    pub bytes: u64,
    /// The number of records that have a time.
    pub timed: u64,
    /// The number of records that have a level.
    pub levelled: u64,
    /// The number of records that have a program.
    pub programmed: u64,
    /// The number of lines of records without a time.
    pub untimed_lines: u64,
    /// The earliest time.
    pub first: Option<Timestamp>,
    /// The latest time.
    pub last: Option<Timestamp>,
    /// What was assumed about stamps.
    pub stamps: StampSurvey,
    /// The number of records that have several lines.
    pub several_lines: u64,
    /// The number of records, of the whole source, that were too long and were cut.
    pub cut: u64,
    /// The longest record, by its lines; `None` if there is no record.
    pub longest: Option<Longest>,
    /// The number of lines that are in no form.
    pub unread_lines: u64,
    /// The first lines that are in no form, if they were asked for; at most [`MAX_UNREAD_LINES`].
    pub unread: Vec<UnreadLine>,
    /// The records that were asked for.
    pub listed: Vec<ListedRecord>,
}

/// Why a source is read in a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatChoice {
    /// The user stated the format.
    Stated,
    /// It was detected: `fitting` of the first `looked_at` records are written in it.
    Detected {
        /// The number of records in the format.
        fitting: u64,
        /// The number of records looked at.
        looked_at: u64,
    },
}

/// What was assumed about the stamps of a source.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StampSurvey {
    /// The zone in which stamps without one are read.
    pub zone: String,
    /// The origin of that zone.
    pub origin: ZoneOrigin,
    /// The number of stamps without a zone.
    pub zoneless: u64,
    /// The first and the last year that was assumed; `None` if all stamps contain their year.
    pub years: Option<(i16, i16)>,
    /// Whether the years were assumed from the modification time of the file; otherwise from the present time.
    pub years_from_file: bool,
    /// The date of the first stamp in which day and month could be exchanged, as it was read, and whether the day comes
    /// first; `None` if there is no such stamp.
    pub day_month: Option<(Date, bool)>,
}

/// The longest record of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Longest {
    /// The number of its first line.
    pub line: u64,
    /// The number of its lines.
    pub lines: u64,
    /// Its length.
    pub bytes: u64,
}

/// A line that is in no form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadLine {
    /// Its number.
    pub line: u64,
    /// Its beginning, lossy UTF-8.
    pub text: String,
}

/// The parsed fields of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedRecord {
    /// The number of its first line.
    pub line: u64,
    /// Its own time.
    pub time: Option<Timestamp>,
    /// Its level.
    pub level: Option<Level>,
    /// The message: lossy UTF-8.
    pub message: String,
    /// All its fields by name, in the order of the record, `message` among them.
    pub fields: Vec<(String, Value<'static>)>,
}

impl ListedRecord {
    /// Returns the value of the field `name` as text.
    pub fn text(&self, name: &str) -> Option<String> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.to_string())
    }
}

impl Survey {
    /// Whether more than a fifth of the lines belong to records without a time, although others have one.
    pub fn lacks_times(&self) -> bool {
        self.timed > 0 && self.untimed_lines * 5 > self.lines
    }
}
