//! Log formats that users describe: in `format` items of rules, and in `[[format]]` tables of casebook.toml.
//!
//! This is the description alone, shared by rules, settings and logs. [`log`](crate::log) reads records with it.

use std::fmt;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::diagnostic::did_you_mean;
use crate::pattern::wildcard::is_like;
use crate::pattern::{Pattern, PatternError};

/// The names of the formats that casebook knows. No other format can have one of these names. A test of
/// [`Format`](crate::log::Format) keeps the list complete.
pub(crate) const BUILT_IN: &[&str] = &[
    "access",
    "apt_history",
    "cef",
    "cluster",
    "cmtrace",
    "console",
    "containers",
    "cri",
    "dated",
    "describe",
    "docker",
    "event_export",
    "event_table",
    "event_xml",
    "flow_log",
    "journal_verbose",
    "json",
    "klog",
    "leveled",
    "logcat",
    "logfmt",
    "logger_xml",
    "metrics",
    "ossec_alert",
    "plain",
    "postgres_csv",
    "ruby_logger",
    "setupapi",
    "slow_query",
    "stamp_line",
    "stamped_lines",
    "syslog",
    "table",
    "transcript",
    "unified_log",
    "w3c",
    "weblogic",
    "windows_event",
    "windows_update",
    "zeek",
];

/// A field of records that has the same name in every format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownField {
    /// The time.
    Time,
    /// The level, as written.
    Level,
    /// The program, unit or logger.
    Program,
    /// The host.
    Host,
    /// The process id.
    Pid,
    /// The number of the event.
    EventId,
    /// The status of a reply.
    Reply,
    /// The message.
    Message,
}

/// Each field with its name in rules and, in order of preference, the names that holes usually have for it.
const KNOWN_FIELDS: [(KnownField, &str, &[&str]); 8] = [
    (KnownField::Time, "time", &["time", "timestamp"]),
    (KnownField::Level, "level", &["level", "severity"]),
    (KnownField::Program, "program", &["program", "logger", "service", "unit"]),
    (KnownField::Host, "host", &["host"]),
    (KnownField::Pid, "pid", &["pid"]),
    (KnownField::EventId, "event_id", &["event_id"]),
    (KnownField::Reply, "reply", &["reply", "status"]),
    (KnownField::Message, "message", &["message", "msg"]),
];

impl KnownField {
    /// All fields.
    pub(crate) const ALL: [KnownField; 8] = [
        KnownField::Time,
        KnownField::Level,
        KnownField::Program,
        KnownField::Host,
        KnownField::Pid,
        KnownField::EventId,
        KnownField::Reply,
        KnownField::Message,
    ];

    fn row(self) -> (&'static str, &'static [&'static str]) {
        let (_, name, usual) = KNOWN_FIELDS[self as usize];
        (name, usual)
    }

    /// The word in the rule language and in casebook.toml.
    pub(crate) fn word(self) -> &'static str {
        self.row().0
    }

    /// Returns the field that `word` means.
    pub(crate) fn by_word(word: &str) -> Option<KnownField> {
        KnownField::ALL.into_iter().find(|field| field.word() == word)
    }

    /// The name of the field in a condition: `event.id`.
    pub(crate) fn path(self) -> &'static str {
        if self == KnownField::EventId { "event.id" } else { self.word() }
    }
}

/// The names that a format states for fields. They are looked for before the usual names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StatedNames([Option<String>; 8]);

impl StatedNames {
    /// The name that is stated for `field`.
    pub(crate) fn get(&self, field: KnownField) -> Option<&str> {
        self.0[field as usize].as_deref()
    }

    /// States the name of `field`.
    pub(crate) fn set(&mut self, field: KnownField, name: String) {
        self.0[field as usize] = Some(name);
    }

    /// Whether no name is stated.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// Returns the names under which `field` is looked for: the stated one, then the usual ones.
    pub(crate) fn of(&self, field: KnownField) -> impl Iterator<Item = &str> {
        self.get(field).into_iter().chain(field.row().1.iter().copied())
    }
}

/// A pattern of a whole record.
#[derive(Debug)]
pub(crate) struct RecordPattern {
    /// The pattern as written.
    pub(crate) whole: Pattern,
    /// The parts before and after the hole of the time, if that hole is in a text and has no other kind. Any stamp can be
    /// in its place, also one with blanks.
    pub(crate) around_time: Option<(Option<Pattern>, Option<Pattern>)>,
    /// The name of the hole of the time.
    pub(crate) time: Option<String>,
}

impl RecordPattern {
    fn new(whole: Pattern, names: &StatedNames) -> Self {
        let has = |name: &&str| whole.holes().iter().any(|hole| hole.name.as_deref() == Some(*name));
        let time = names.of(KnownField::Time).find(has).map(str::to_owned);
        let around_time = time.as_deref().and_then(|time| whole.around(time));
        RecordPattern { whole, around_time, time }
    }
}

/// The parts of the description of a format.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct FormatParts {
    /// Its name.
    pub name: String,
    /// A title or description; may be empty.
    pub about: String,
    /// A line that begins with one of these patterns begins a record. If there are none, each line begins one, except
    /// indented and empty lines and those of stack traces.
    pub starts_with: Vec<Pattern>,
    /// Patterns of a whole record, in the order in which they are tried.
    pub matches: Vec<Pattern>,
    /// Whether a record, or its message, can be a JSON object.
    pub json: bool,
    /// Whether a record, or its message, can consist of pairs `key=value`.
    pub logfmt: bool,
    /// The names of holes and members that have a meaning.
    pub names: StatedNames,
    /// The zone of times that name none.
    #[serde(with = "by_name")]
    pub zone: Option<TimeZone>,
    /// Names of sources in this format.
    pub on: Vec<String>,
    /// Names of files in this format, with `*` and `?`.
    pub files: Vec<String>,
}

/// Writes and reads a zone by its name.
mod by_name {
    use super::{Deserialize, Deserializer, Serialize, Serializer, TimeZone};

    #[derive(Serialize, Deserialize)]
    struct NamedZone(#[serde(with = "jiff::fmt::serde::tz::required")] TimeZone);

    pub(super) fn serialize<S: Serializer>(zone: &Option<TimeZone>, to: S) -> Result<S::Ok, S::Error> {
        zone.clone().map(NamedZone).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<TimeZone>, D::Error> {
        Ok(Option::<NamedZone>::deserialize(from)?.map(|NamedZone(zone)| zone))
    }
}

/// Why a description is no format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FormatMistake {
    /// A built-in format has the name.
    BuiltIn,
    /// There is neither a pattern of records, nor `json`, nor `logfmt`.
    ReadsNothing,
    /// The pattern of records with this index has no hole with a name.
    NoHoles(usize),
    /// The pattern with this index, with which records start, matches the empty text.
    EmptyStart(usize),
    /// The name that is stated for this field is that of no hole; a hole with a similar name may exist.
    UnknownHole(KnownField, Option<String>),
}

/// A log format that a user describes.
#[derive(Debug)]
pub struct OwnFormat {
    parts: FormatParts,
    patterns: Vec<RecordPattern>,
}

/// Texts that every pattern that can match the empty text matches with no byte.
const PROBES: [&[u8]; 5] = [b"", b"a", b"0", b" ", b"-"];

impl OwnFormat {
    /// Checks `parts`. Returns all mistakes in them if there are any.
    pub(crate) fn new(mut parts: FormatParts) -> Result<OwnFormat, Vec<FormatMistake>> {
        let mistakes = mistakes(&parts);
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let patterns = std::mem::take(&mut parts.matches);
        Ok(OwnFormat::of(parts, patterns))
    }

    fn of(parts: FormatParts, patterns: Vec<Pattern>) -> OwnFormat {
        let patterns = patterns.into_iter().map(|pattern| RecordPattern::new(pattern, &parts.names)).collect();
        OwnFormat { parts, patterns }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.parts.name
    }

    /// Gives it another name.
    pub(crate) fn rename(&mut self, name: String) {
        self.parts.name = name;
    }

    /// Its description in one line.
    pub fn about(&self) -> &str {
        if self.parts.about.is_empty() { "described by the user" } else { &self.parts.about }
    }

    /// The zone of times that name none.
    pub fn zone(&self) -> Option<&TimeZone> {
        self.parts.zone.as_ref()
    }

    pub(crate) fn starts_with(&self) -> &[Pattern] {
        &self.parts.starts_with
    }

    pub(crate) fn patterns(&self) -> &[RecordPattern] {
        &self.patterns
    }

    pub(crate) fn json(&self) -> bool {
        self.parts.json
    }

    pub(crate) fn logfmt(&self) -> bool {
        self.parts.logfmt
    }

    pub(crate) fn names(&self) -> &StatedNames {
        &self.parts.names
    }

    /// Whether the description says which sources are in this format.
    pub(crate) fn names_sources(&self) -> bool {
        !(self.parts.on.is_empty() && self.parts.files.is_empty())
    }

    /// Whether the description names a source that has the names `names`.
    pub(crate) fn is_for(&self, names: &[String]) -> bool {
        let by_name = |name: &String| self.parts.on.iter().any(|on| on.eq_ignore_ascii_case(name));
        let by_file = |name: &String| self.parts.files.iter().any(|files| is_file(name, files));
        names.iter().any(|name| by_name(name) || by_file(name))
    }
}

/// Whether `name`, a path or the name of a file, or the end of the path is like `wildcard`.
fn is_file(name: &str, wildcard: &str) -> bool {
    let name = name.replace('\\', "/");
    let ends = name.match_indices('/').map(|(at, _)| &name[at + 1..]);
    let depth = |path: &str| path.matches('/').count();
    // A `*` does not reach over the folders of a path, so the part of the path has as many of them as the wildcard.
    let mut parts = std::iter::once(name.as_str()).chain(ends);
    parts.any(|part| depth(part) == depth(wildcard) && is_like(part.as_bytes(), wildcard.as_bytes()))
}

fn mistakes(parts: &FormatParts) -> Vec<FormatMistake> {
    let mut mistakes = Vec::new();
    if BUILT_IN.contains(&parts.name.as_str()) {
        mistakes.push(FormatMistake::BuiltIn);
    }
    let is_structured = parts.json || parts.logfmt;
    if parts.matches.is_empty() && !is_structured {
        mistakes.push(FormatMistake::ReadsNothing);
    }
    let has_no_name = |pattern: &Pattern| pattern.holes().iter().all(|hole| hole.name.is_none());
    let without = parts.matches.iter().enumerate().filter(|(_, pattern)| has_no_name(pattern));
    mistakes.extend(without.map(|(index, _)| FormatMistake::NoHoles(index)));
    let is_empty = |pattern: &Pattern| {
        PROBES
            .iter()
            .any(|probe| pattern.find(probe).is_some_and(|found| found.range.start == 0 && found.range.end == 0))
    };
    let empty = parts.starts_with.iter().enumerate().filter(|(_, pattern)| is_empty(pattern));
    mistakes.extend(empty.map(|(index, _)| FormatMistake::EmptyStart(index)));
    if !is_structured && !parts.matches.is_empty() {
        mistakes.extend(KnownField::ALL.into_iter().filter_map(|field| unknown_hole(parts, field)));
    }
    mistakes
}

fn unknown_hole(parts: &FormatParts, field: KnownField) -> Option<FormatMistake> {
    let stated = parts.names.get(field)?;
    let holes = || parts.matches.iter().flat_map(Pattern::holes).filter_map(|hole| hole.name.as_deref());
    let is_unknown = !holes().any(|hole| hole == stated);
    is_unknown.then(|| FormatMistake::UnknownHole(field, did_you_mean(stated, holes()).map(str::to_owned)))
}

/// Compiles a pattern as settings write it: a regex in slashes, with its flags after them, or a text with holes.
pub(crate) fn written_pattern(written: &str) -> Result<Pattern, PatternError> {
    let regex = written.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
    match regex.filter(|(_, flags)| flags.bytes().all(|flag| flag.is_ascii_alphabetic())) {
        Some((source, flags)) => Pattern::regex(source, flags),
        None => Pattern::text(written, false),
    }
}

impl Serialize for OwnFormat {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let patterns: Vec<&Pattern> = self.patterns.iter().map(|pattern| &pattern.whole).collect();
        (&self.parts, patterns).serialize(to)
    }
}

impl<'de> Deserialize<'de> for OwnFormat {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let (parts, patterns) = Deserialize::deserialize(from)?;
        Ok(OwnFormat::of(parts, patterns))
    }
}

impl PartialEq for OwnFormat {
    fn eq(&self, other: &Self) -> bool {
        let patterns = |of: &OwnFormat| -> Vec<String> {
            let whole = of.patterns.iter().map(|pattern| &pattern.whole);
            of.parts.starts_with.iter().chain(whole).map(Pattern::written).collect()
        };
        let rest = |of: &OwnFormat| {
            let parts = &of.parts;
            (parts.json, parts.logfmt, parts.zone.clone(), parts.on.clone(), parts.files.clone(), parts.names.clone())
        };
        self.name() == other.name() && patterns(self) == patterns(other) && rest(self) == rest(other)
    }
}

/// The formats that users describe, in the order in which they are tried.
#[derive(Clone, Default, PartialEq)]
pub struct OwnFormats(Arc<[Arc<OwnFormat>]>);

impl OwnFormats {
    /// Returns the formats of both lists, those of `self` first. A format that is in both is taken once.
    pub(crate) fn and(&self, others: &OwnFormats) -> OwnFormats {
        let is_new = |other: &&Arc<OwnFormat>| !self.0.iter().any(|own| own.name() == other.name());
        match others.0.iter().any(|other| is_new(&other)) {
            true => self.0.iter().chain(others.0.iter().filter(is_new)).cloned().collect(),
            false => self.clone(),
        }
    }

    /// Returns the formats.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<OwnFormat>> {
        self.0.iter()
    }

    /// Returns the format that is called `name`.
    pub fn named(&self, name: &str) -> Option<&Arc<OwnFormat>> {
        self.iter().find(|format| format.name() == name)
    }
}

impl FromIterator<Arc<OwnFormat>> for OwnFormats {
    fn from_iter<I: IntoIterator<Item = Arc<OwnFormat>>>(formats: I) -> Self {
        OwnFormats(formats.into_iter().collect())
    }
}

impl fmt::Debug for OwnFormats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|format| format.name())).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_fields_are_in_the_order_of_their_table() {
        for (index, field) in KnownField::ALL.into_iter().enumerate() {
            assert_eq!((field as usize, KNOWN_FIELDS[index].0), (index, field));
            assert_eq!(KnownField::by_word(field.word()), Some(field));
        }
    }

    #[test]
    fn files_are_named_by_the_end_of_their_path() {
        let is = |name: &str, wildcard: &str| is_file(name, wildcard);
        assert!(is("app.log", "app*.log") && is("/var/log/app-1.log", "app*.log") && is("a/b/c.log", "b/*.log"));
        assert!(is("C:\\logs\\app.log", "*.log"));
        assert!(!is("/var/app/x.log", "app*.log") && !is("my_app.log", "app*.log") && !is("c.log", "b/*.log"));
    }

    fn parts(patterns: &[&str]) -> FormatParts {
        let matches = patterns.iter().map(|written| written_pattern(written).expect("a valid pattern")).collect();
        FormatParts { name: "app".to_owned(), matches, ..FormatParts::default() }
    }

    #[test]
    fn mistakes_are_collected() {
        let mut wrong = parts(&["{level} {msg:rest}", "a {_} b"]);
        wrong.name = "syslog".to_owned();
        wrong.starts_with = ["/x*/", "/^[0-9]/", "/$/"].map(|text| written_pattern(text).expect("a regex")).into();
        wrong.names.set(KnownField::Level, "levle".to_owned());
        let expected = [
            FormatMistake::BuiltIn,
            FormatMistake::NoHoles(1),
            FormatMistake::EmptyStart(0),
            FormatMistake::EmptyStart(2),
            FormatMistake::UnknownHole(KnownField::Level, Some("level".to_owned())),
        ];
        assert_eq!(OwnFormat::new(wrong).map(|_| ()), Err(expected.to_vec()));
        assert_eq!(OwnFormat::new(parts(&[])).map(|_| ()), Err(vec![FormatMistake::ReadsNothing]));
        assert!(OwnFormat::new(parts(&["{level} {msg:rest}"])).is_ok());
    }
}
