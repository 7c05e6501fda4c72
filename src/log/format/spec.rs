//! What every log format consists of: an implementation of [`LogFormat`], and a row in the table of formats.

use std::fmt;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::header::Header;
use super::json_object::Json;
use super::own;
use super::trace::{self, TraceState};
use super::wrapper::Wrapper;
use crate::log::timestamp::StampRules;
use crate::own_format::OwnFormat;

/// A kind of log, such as syslog: one of [`Format::ALL`], or one that the user describes.
#[derive(Clone)]
pub struct Format(FormatKind);

#[derive(Clone)]
enum FormatKind {
    BuiltIn(&'static FormatSpec),
    Own(Arc<OwnFormat>),
}

/// A row of the table of formats.
pub(super) struct FormatSpec {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) example: &'static str,
    /// Adapts the format to the source that the sample was taken from, and says whether it fits.
    pub(super) detect: fn(&Sample<'_>) -> Detected,
}

/// A format as one source uses it. Implementations hold what was found out about that source, such as its columns.
///
/// The default methods are for logs whose records begin with a stamp. A record is a line, with the lines after it that
/// are empty, indented or part of a stack trace.
pub(super) trait LogFormat: fmt::Debug + Send + Sync {
    /// Whether records begin with a stamp.
    fn is_stamped(&self) -> bool {
        true
    }

    /// Whether texts may contain escapes (such as `\"`), so that the bytes of a message may differ from those in its
    /// record.
    fn has_escapes(&self) -> bool {
        false
    }

    /// Whether a sampled line is a record of this format.
    fn fits(&self, line: &[u8], rules: &StampRules) -> bool {
        self.header(line, rules).is_some()
    }

    /// Whether the source contains JSON documents other than one record a line.
    fn has_documents(&self) -> bool {
        false
    }

    /// Parses the header and the message of `record`; `None` if the record is not written in this format. `rules` supply
    /// the parts that its stamp leaves out: zone, year or day.
    fn header<'a>(&self, _record: &'a [u8], _rules: &StampRules) -> Option<Header<'a>> {
        None
    }

    /// Parses `record` as a JSON object; `None` if it is none, or if this format is not JSON.
    fn json(&self, _record: &[u8], _rules: &StampRules) -> Option<Json> {
        None
    }

    /// Returns `json`, which is a record or in one, with the names that the format states for fields.
    fn with_names(&self, json: Json) -> Json {
        json
    }

    /// Returns how each line is wrapped, if the source was written by a collector that wraps the lines of programs.
    fn wrapper(&self) -> Option<Wrapper> {
        None
    }

    /// Whether few lines are enough to recognise the format, because no other text looks like them.
    fn is_distinct(&self) -> bool {
        false
    }

    /// Whether a line without a stamp belongs to the record before it.
    fn joins_lines(&self) -> bool {
        false
    }

    /// Whether `line`, which may be cut at its end, begins a record of this format.
    fn begins_record(&self, _line: &[u8], _rules: &StampRules) -> bool {
        false
    }

    /// Whether a record may begin with blanks, which align the words before its stamp.
    fn is_padded(&self) -> bool {
        false
    }

    /// Notes in `open` what `line`, a complete line of the record that is being read, says about whether the next line
    /// belongs to the record too.
    fn read_line(&self, open: &mut OpenRecord, line: &[u8]) {
        open.trace = open.trace.after(line);
    }

    /// Whether the line at the beginning of `rest`, which is not empty, belongs to the record that is being read. The
    /// answer may depend only on the first [`LOOK_AHEAD`](trace::LOOK_AHEAD) bytes of `rest`. `indent_continues` says
    /// whether indented lines belong to the record before them.
    fn continues(&self, open: OpenRecord, rest: &[u8], indent_continues: bool) -> bool {
        open.takes_line(rest, indent_continues, self.is_stamped())
    }

    /// Whether `line`, which is not in a record, is a heading: no record, but a line such as `#Fields: …` that says how
    /// the records after it are written.
    fn is_heading(&self, _line: &[u8]) -> bool {
        false
    }

    /// Returns the format of the records after the heading `line`; `None` if the heading changes nothing.
    fn after_heading(&self, _line: &[u8]) -> Option<Box<dyn LogFormat>> {
        None
    }

    /// Returns the field of `record` to which its source gives the name `name`.
    fn field<'a>(&self, _record: &'a [u8], _name: &str) -> Option<&'a [u8]> {
        None
    }

    /// Returns the names of the fields of `record` that [`field`](Self::field) finds.
    fn field_names(&self, _record: &[u8]) -> Vec<String> {
        Vec::new()
    }
}

/// The state of the open record that decides whether the next line belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::log) struct OpenRecord {
    /// Whether a quoted field is still open after these lines.
    pub(super) quoted: bool,
    pub(super) trace: TraceState,
    /// Whether its first line begins as records of a log do; `None` before that line was read.
    pub(super) is_stamped: Option<bool>,
    /// Whether a collector split its last line.
    pub(super) is_partial: bool,
    /// A number for the stream of its first line, in a source whose lines are wrapped.
    pub(super) stream: u64,
}

impl OpenRecord {
    /// Whether the line at the beginning of `rest` belongs to the record: it is empty, indented (if `indent_continues`)
    /// or part of a stack trace. `is_stamped` says whether records begin with a stamp.
    pub(super) fn takes_line(self, rest: &[u8], indent_continues: bool, is_stamped: bool) -> bool {
        match rest.first() {
            Some(b'\n' | b'\r') => true,
            Some(b' ' | b'\t') => indent_continues,
            Some(_) => self.trace.continues(rest, is_stamped),
            None => false,
        }
    }
}

/// The most lines of a source that are looked at to detect its format.
const SAMPLED_LINES: usize = 200;

/// The first lines of a source, from which its format is detected.
pub(super) struct Sample<'a> {
    /// The lines that are not empty and not indented more than the first one, without their indentation; at most
    /// [`SAMPLED_LINES`].
    pub(super) lines: Vec<&'a [u8]>,
    /// The beginning of the source, from which the lines are.
    pub(super) head: &'a [u8],
    pub(super) rules: &'a StampRules,
}

/// A format that was adapted to a source.
pub(super) struct Detected {
    pub(super) format: Box<dyn LogFormat>,
    /// Whether the sample is written in the format.
    pub(super) fits: bool,
    /// The number of sampled lines that are records of the format, if that was counted; otherwise 0.
    pub(super) n_fitting: usize,
}

impl Detected {
    pub(super) fn new(format: impl LogFormat + 'static, fits: bool) -> Self {
        Detected { format: Box::new(format), fits, n_fitting: 0 }
    }
}

impl<'a> Sample<'a> {
    pub(super) fn new(head: &'a [u8], rules: &'a StampRules) -> Self {
        let lines = || head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end).filter(|line| !line.is_empty());
        let indent = |line: &[u8]| line.len() - line.trim_ascii_start().len();
        let margin = lines().next().map_or(0, indent);
        let sampled = lines().filter(|line| indent(line) <= margin);
        Sample { lines: sampled.map(<[u8]>::trim_ascii_start).take(SAMPLED_LINES).collect(), head, rules }
    }

    /// Returns a format in which each line is a record. It fits if more than half of the lines do. If its records begin
    /// with a stamp, lines of stack traces are not counted.
    pub(super) fn most_lines(&self, format: impl LogFormat + 'static) -> Detected {
        let records = || self.lines.iter().filter(|line| !format.is_stamped() || !trace::is_part(line));
        let n_fitting = records().filter(|line| format.fits(line, self.rules)).count();
        let fits = n_fitting * 2 > records().count();
        Detected { n_fitting, ..Detected::new(format, fits) }
    }
}

impl Format {
    pub(super) const fn new(spec: &'static FormatSpec) -> Self {
        Format(FormatKind::BuiltIn(spec))
    }

    /// Returns the format that the user describes with `own`.
    pub fn own(own: Arc<OwnFormat>) -> Self {
        Format(FormatKind::Own(own))
    }

    /// The name used by `--log-format`, `on` and reports.
    pub fn name(&self) -> &str {
        match &self.0 {
            FormatKind::BuiltIn(spec) => spec.name,
            FormatKind::Own(own) => own.name(),
        }
    }

    /// A description of the format in one line.
    pub fn about(&self) -> &str {
        match &self.0 {
            FormatKind::BuiltIn(spec) => spec.about,
            FormatKind::Own(own) => own.about(),
        }
    }

    /// One record of the format, or the few lines by which it is recognised. Empty if the user describes the format.
    pub fn example(&self) -> &'static str {
        match &self.0 {
            FormatKind::BuiltIn(spec) => spec.example,
            FormatKind::Own(_) => "",
        }
    }

    /// The zone that the format states for times that name none.
    pub(crate) fn zone(&self) -> Option<&TimeZone> {
        match &self.0 {
            FormatKind::BuiltIn(_) => None,
            FormatKind::Own(own) => own.zone(),
        }
    }

    pub(super) fn detect(&self, sample: &Sample<'_>) -> Detected {
        match &self.0 {
            FormatKind::BuiltIn(spec) => (spec.detect)(sample),
            FormatKind::Own(own) => own::detect(own, sample),
        }
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Format {}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
