//! The questions that every log format answers, and the row it has in the table of formats.

use std::fmt;

use jiff::Timestamp;

use super::header::Header;
use super::json_object::Json;
use super::trace::{self, TraceState};

/// A kind of log, such as syslog. [`Format::ALL`] lists all of them.
#[derive(Clone, Copy)]
pub struct Format(&'static FormatSpec);

/// A row of the table of formats.
pub(super) struct FormatSpec {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) example: &'static str,
    /// Fits the format to the source that the sample was taken from.
    pub(super) detect: fn(&Sample<'_>) -> Detected,
}

/// A format as one source uses it. Implementations hold what was found out about that source, such as its columns.
///
/// The default methods read lines that begin with a stamp; each line is a record, with the lines after it that are
/// empty, indented or part of a stack trace.
pub(super) trait LogFormat: fmt::Debug + Send + Sync {
    /// Whether records begin with a stamp.
    fn is_stamped(&self) -> bool {
        true
    }

    /// Whether texts may contain escapes, so that a message is not found byte by byte in its record.
    fn has_escapes(&self) -> bool {
        false
    }

    /// Whether a sampled line is a record of this format.
    fn fits(&self, line: &[u8], newest: Timestamp) -> bool {
        self.header(line, newest).is_some()
    }

    /// Parses what comes before the message of `record`, and the message; `None` if the record is not written in this
    /// format. No stamp without a year is read as later than `newest`, give or take a day.
    fn header<'a>(&self, _record: &'a [u8], _newest: Timestamp) -> Option<Header<'a>> {
        None
    }

    /// Parses `record` as a JSON object.
    fn json(&self, _record: &[u8], _newest: Timestamp) -> Option<Json> {
        None
    }

    /// The field `name` of the line of text inside a JSON record, for records that wrap a line.
    fn wrapped_field<'j>(&self, _json: &'j Json, _name: &str) -> Option<&'j [u8]> {
        None
    }

    /// Notes what `line`, which is whole and belongs to the open record, tells about the line after it.
    fn read_line(&self, open: &mut OpenRecord, line: &[u8]) {
        open.trace = open.trace.after(line);
    }

    /// Whether the line at the beginning of `rest` belongs to the open record. The answer may depend on the first
    /// [`LOOK_AHEAD`](trace::LOOK_AHEAD) bytes of `rest` only, which is not empty.
    fn continues(&self, open: OpenRecord, rest: &[u8], indent_continues: bool) -> bool {
        open.takes_line(rest, indent_continues, self.is_stamped())
    }

    /// A field of `record` under the name that its source gives it.
    fn field<'a>(&self, _record: &'a [u8], _name: &str) -> Option<&'a [u8]> {
        None
    }

    /// The names by which [`field`](Self::field) knows the fields of `record`.
    fn field_names(&self, _record: &[u8]) -> Vec<String> {
        Vec::new()
    }
}

/// The state of the open record that decides whether the next line belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::log) struct OpenRecord {
    /// A quoted field is not closed yet.
    pub(super) quoted: bool,
    pub(super) trace: TraceState,
}

impl OpenRecord {
    /// Whether the line is empty, indented or part of a stack trace. `is_stamped` says whether records begin with a
    /// stamp.
    pub(super) fn takes_line(self, rest: &[u8], indent_continues: bool, is_stamped: bool) -> bool {
        match rest.first() {
            Some(b'\n' | b'\r') => true,
            Some(b' ' | b'\t') => indent_continues,
            Some(_) => self.trace.continues(rest, is_stamped),
            None => false,
        }
    }
}

/// Lines that are looked at to find the format.
const SAMPLED_LINES: usize = 200;

/// The first lines of a source.
pub(super) struct Sample<'a> {
    /// Lines that are neither empty nor indented; if every line is indented, all of them without their margin.
    pub(super) lines: Vec<&'a [u8]>,
    pub(super) newest: Timestamp,
}

/// A format that was fitted to a source.
pub(super) struct Detected {
    pub(super) format: Box<dyn LogFormat>,
    /// Whether the sample is written in the format.
    pub(super) fits: bool,
}

impl Detected {
    pub(super) fn new(format: impl LogFormat + 'static, fits: bool) -> Self {
        Detected { format: Box::new(format), fits }
    }
}

impl<'a> Sample<'a> {
    pub(super) fn new(head: &'a [u8], newest: Timestamp) -> Self {
        let lines = || head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end).filter(|line| !line.is_empty());
        let has_margin = lines().all(|line| line[0].is_ascii_whitespace());
        let sampled = lines().filter(|line| has_margin || !line[0].is_ascii_whitespace());
        Sample { lines: sampled.map(<[u8]>::trim_ascii_start).take(SAMPLED_LINES).collect(), newest }
    }

    /// A format in which each line is a record: it fits if most lines do. Lines of stack traces do not count where
    /// records begin with a stamp.
    pub(super) fn most_lines(&self, format: impl LogFormat + 'static) -> Detected {
        let records = || self.lines.iter().filter(|line| !format.is_stamped() || !trace::is_part(line));
        let fitting = records().filter(|line| format.fits(line, self.newest)).count();
        let fits = fitting * 2 > records().count();
        Detected::new(format, fits)
    }
}

impl Format {
    pub(super) const fn new(spec: &'static FormatSpec) -> Self {
        Format(spec)
    }

    /// The name used by `--log-format`, `on` and reports.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// A description of the format in one line.
    pub fn about(self) -> &'static str {
        self.0.about
    }

    /// One record of the format, or the few lines by which it is recognised.
    pub fn example(self) -> &'static str {
        self.0.example
    }

    pub(super) fn detect(self, sample: &Sample<'_>) -> Detected {
        (self.0.detect)(sample)
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for Format {}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}
