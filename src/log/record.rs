//! A log entry: its bytes, its place (source and line), and its fields, which are parsed on demand.

use std::borrow::Cow;
use std::cell::OnceCell;

use jiff::Timestamp;

use super::format::{
    FieldStep, Header, Json, Level, ParsedRecord, SourceFormat, WrappedRecord, is_trace_or_indented, pair_evidence,
    without_frames,
};
use super::timestamp::{FoundStamp, find_stamp};
use crate::source::SourceId;
use crate::value::Value;

/// A log entry of one or more lines. Its fields are parsed when they are first asked for.
#[derive(Debug)]
pub struct Record<'a> {
    /// The source that contains it.
    pub source: SourceId,
    /// The number of its first line, from 1.
    pub line: u64,
    /// The whole entry, line ends included.
    pub bytes: &'a [u8],
    /// The format of its source. `None` if all of the record is the message: the rest of a record that was cut, or a
    /// record from [`bare`](Self::bare).
    format: Option<&'a SourceFormat>,
    /// The JSON text of the resource that it is about, which is written once for several records.
    resource: Option<&'a [u8]>,
    parsed: OnceCell<ParsedRecord<'a>>,
}

/// The most fields of a record that `any field` looks at.
const MAX_SEARCHED_FIELDS: usize = 1_000;

/// The most field names that `field_names` returns.
const MAX_FIELD_NAMES: usize = 30;

/// The fields that have the same name in every format.
const OUR_FIELDS: &[&str] = &[
    "time",
    "host",
    "program",
    "pid",
    "level",
    "severity",
    "event.id",
    "event.source",
    "reply",
    "direction",
    "message",
];

impl<'a> Record<'a> {
    /// Makes a record of a source in an unknown format: all of it is the message.
    pub fn bare(source: SourceId, line: u64, bytes: &'a [u8]) -> Self {
        Record::new(source, line, bytes, None)
    }

    pub(super) fn new(source: SourceId, line: u64, bytes: &'a [u8], format: Option<&'a SourceFormat>) -> Self {
        Record { source, line, bytes, format, resource: None, parsed: OnceCell::new() }
    }

    /// Returns the record with the JSON text of the resource that it is about.
    pub(super) fn about(self, resource: Option<&'a [u8]>) -> Self {
        Record { resource, ..self }
    }

    /// Returns the message: in most formats, the record without its stamp, host, program and level. A word stays in the
    /// message if it is uncertain whether it is a program or level or belongs to the message.
    pub fn message(&self) -> Cow<'_, [u8]> {
        match self.parsed() {
            ParsedRecord::Headed(header) | ParsedRecord::Foreign(header) => header.quoting.unescape(header.message),
            ParsedRecord::Json(json) => json.known_text("message").unwrap_or(Cow::Borrowed(self.bytes.trim_ascii())),
            ParsedRecord::Wrapped(record) => match &record.json {
                Some(json) => json.known_text("message").unwrap_or_else(|| Cow::Borrowed(self.wrapped(record).message)),
                None => {
                    let header = self.wrapped(record);
                    header.quoting.unescape(header.message)
                }
            },
            ParsedRecord::Bare => Cow::Borrowed(self.bytes.trim_ascii()),
        }
    }

    /// Returns the text that patterns match: the message and, in a structured record, the texts of the members that say
    /// what went wrong, such as `error` and `stack_trace`, each on a line of its own.
    pub fn text(&self) -> Cow<'_, [u8]> {
        self.with_evidence(self.message())
    }

    /// Returns the pairs of key and value that the record consists of.
    fn pairs(&self) -> Option<&[u8]> {
        match self.parsed() {
            ParsedRecord::Headed(header) => header.pairs,
            ParsedRecord::Wrapped(record) => self.wrapped(record).pairs,
            ParsedRecord::Json(_) | ParsedRecord::Foreign(_) | ParsedRecord::Bare => None,
        }
    }

    /// Returns `message`, followed by the texts that say what went wrong apart from the message.
    fn with_evidence<'r>(&'r self, message: Cow<'r, [u8]>) -> Cow<'r, [u8]> {
        let evidence = match self.json() {
            Some(json) => json.evidence(),
            None => self.pairs().map(pair_evidence).unwrap_or_default(),
        };
        if evidence.is_empty() {
            return message;
        }
        let texts: Vec<&[u8]> = [message.as_ref()].into_iter().chain(evidence.iter().map(AsRef::as_ref)).collect();
        Cow::Owned(texts.join(&b'\n'))
    }

    /// Returns the lines in no known form, with their numbers: those of a record in no known form, or those that belong to
    /// the record only because they have no stamp. Lines of a stack trace and empty lines are not among them.
    pub(crate) fn unread_lines(&self) -> Vec<(u64, &'a [u8])> {
        let (line, bytes) = match self.own_and_joined() {
            Some((_, joined)) => (joined.line, joined.bytes),
            None if self.is_unread() => (self.line, self.bytes),
            None => return Vec::new(),
        };
        let lines = (line..).zip(bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end));
        let is_known = |text: &[u8]| text.is_empty() || (!self.is_unread() && is_trace_or_indented(text));
        lines.filter(|(_, text)| !is_known(text)).collect()
    }

    /// Divides the record into its own lines and those that belong to it only because they have no stamp.
    fn own_and_joined(&self) -> Option<(Record<'a>, Record<'a>)> {
        let format = self.format?;
        let (own, joined) = self.bytes.split_at(format.joined_offset(self.bytes)?);
        let line = self.line + memchr::memchr_iter(b'\n', own).count() as u64;
        let part = |line, bytes| Record::new(self.source, line, bytes, Some(format));
        Some((part(self.line, own), part(line, joined)))
    }

    /// Returns the record without the lines that belong to it only because they have no stamp, and those lines as further
    /// records: they may come from another program. A line with a stamp that its format does not know
    /// ([`end_of_later_stamp`](Self::end_of_later_stamp)) is a record; so are the lines between two such lines. `None` if
    /// all lines are its own.
    pub(crate) fn split_joined(&self) -> Option<Vec<Record<'a>>> {
        let (own, joined) = self.own_and_joined()?;
        let mut parts = vec![own];
        let mut is_open = false;
        let (mut line, mut at) = (joined.line, 0);
        for bytes in joined.bytes.split_inclusive(|byte| *byte == b'\n') {
            let part = Record::new(self.source, line, bytes, self.format);
            let is_dated = part.end_of_later_stamp().is_some();
            match parts.last_mut() {
                Some(last) if is_open && !is_dated => {
                    let from = at - last.bytes.len();
                    *last = Record::new(self.source, last.line, &joined.bytes[from..at + bytes.len()], self.format);
                }
                _ => parts.push(part),
            }
            is_open = !is_dated;
            (line, at) = (line + 1, at + bytes.len());
        }
        Some(parts)
    }

    /// Returns the message with the level before it, if the level was cut off the front of the message.
    pub(crate) fn leveled_message(&self) -> Option<Cow<'_, [u8]>> {
        let leveled = match self.parsed() {
            ParsedRecord::Headed(header) => header.leveled,
            ParsedRecord::Wrapped(record) => self.wrapped(record).leveled,
            ParsedRecord::Json(_) | ParsedRecord::Foreign(_) | ParsedRecord::Bare => None,
        };
        leveled.map(Cow::Borrowed)
    }

    fn wrapped<'r>(&self, record: &'r WrappedRecord<'_>) -> Header<'r> {
        self.format.map_or_else(Header::default, |format| record.header(&format.rules))
    }

    /// Returns the text to search the knowledge base for: the message without a probable program or level. If unknown
    /// words come before the stamp, it is the text after the stamp. A Windows event gets its source and number in
    /// front; a stack trace loses its frames.
    pub(crate) fn gist(&self) -> Cow<'_, [u8]> {
        let gist = self.whole_gist();
        match without_frames(&gist) {
            Some(said) => Cow::Owned(said),
            None => gist,
        }
    }

    /// Returns the end of the last stamp that begins among the first 64 bytes of a line in no known form, such as one in which
    /// words of a collector come before the stamp.
    pub(crate) fn end_of_later_stamp(&self) -> Option<usize> {
        /// Stamps that begin later are part of the message.
        const SEARCHED: usize = 64;
        let rules = &self.format?.rules;
        if !matches!(self.parsed(), ParsedRecord::Bare) || self.line_count() > 1 {
            return None;
        }
        let mut end = None;
        while let Some(found) = find_stamp(&self.bytes[end.unwrap_or(0)..], rules)
            && end.unwrap_or(0) + found.range.start < SEARCHED
        {
            end = Some(end.unwrap_or(0) + found.range.end);
        }
        end
    }

    /// Returns what `gist` returns, but with the frames of a stack trace.
    fn whole_gist(&self) -> Cow<'_, [u8]> {
        let header = match self.parsed() {
            ParsedRecord::Headed(header) | ParsedRecord::Foreign(header) => header,
            ParsedRecord::Wrapped(record) if record.json.is_none() => &self.wrapped(record),
            ParsedRecord::Wrapped(_) | ParsedRecord::Json(_) | ParsedRecord::Bare => return self.text(),
        };
        if let (Some(program), Some(id)) = (header.program, header.event_id) {
            let message = self.message();
            let parts: [&[u8]; 6] = [b"Event Source: ", program, b"\nEvent ID: ", id, b"\n", &message];
            return Cow::Owned(parts.concat());
        }
        header.gist.map_or_else(|| self.text(), Cow::Borrowed)
    }

    /// Returns the time in its stamp; `None` if it has none.
    pub fn time(&self) -> Option<Timestamp> {
        match self.parsed() {
            ParsedRecord::Headed(header) => header.stamp.as_ref().map(|stamp| stamp.time),
            ParsedRecord::Json(json) => self.format.and_then(|format| json.time(&format.rules)),
            ParsedRecord::Wrapped(record) => self.wrapped_time(record),
            ParsedRecord::Foreign(_) | ParsedRecord::Bare => None,
        }
    }

    /// Returns the time of a wrapped record: that of the collector if it names year and zone, or else that of the text.
    fn wrapped_time(&self, record: &WrappedRecord<'_>) -> Option<Timestamp> {
        let stamp = self.wrapped(record).stamp;
        let is_whole = stamp.as_ref().is_some_and(|stamp| stamp.zoned() && stamp.has_year());
        let inner = || record.json.as_ref().and_then(|json| json.time(&self.format?.rules));
        let outer = stamp.map(|stamp| stamp.time);
        if is_whole { outer } else { inner().or(outer) }
    }

    /// Returns the stamp and its form; `None` for JSON records. The range of the stamp is not always a range of this
    /// record: the stamp of a Windows event is joined from two lines.
    pub(crate) fn stamp(&self) -> Option<&FoundStamp> {
        match self.parsed() {
            ParsedRecord::Headed(header) => header.stamp.as_ref(),
            ParsedRecord::Json(_) | ParsedRecord::Wrapped(_) | ParsedRecord::Foreign(_) | ParsedRecord::Bare => None,
        }
    }

    /// Returns the name of the program, unit or logger that wrote the record.
    pub fn program(&self) -> Option<Cow<'_, [u8]>> {
        self.known("program")
    }

    /// Returns its level; `None` if it has none, or if the word for it is unknown.
    pub fn level(&self) -> Option<Level> {
        match self.parsed() {
            ParsedRecord::Json(json) => json.level().or_else(|| Level::by_word(&self.known("level")?)),
            ParsedRecord::Wrapped(record) if record.json.is_some() => {
                let in_json = record.json.as_ref().and_then(Json::level);
                in_json.or_else(|| Level::by_word(self.wrapped(record).level?))
            }
            _ => Level::by_word(&self.known("level")?),
        }
    }

    /// Whether it could be parsed in the format of its source.
    pub(crate) fn is_usual(&self) -> bool {
        matches!(self.parsed(), ParsedRecord::Headed(_) | ParsedRecord::Json(_) | ParsedRecord::Wrapped(_))
    }

    /// The number of its lines; an end without a line feed is a line too.
    pub(crate) fn line_count(&self) -> u64 {
        let ends = memchr::memchr_iter(b'\n', self.bytes).count() as u64;
        ends + u64::from(self.bytes.last().is_some_and(|byte| *byte != b'\n'))
    }

    /// Whether it is in no known form. The rest of a record that was cut is not looked at.
    pub(crate) fn is_unread(&self) -> bool {
        self.format.is_some() && matches!(self.parsed(), ParsedRecord::Bare)
    }

    /// Returns the value at `path`, such as `.message` or `.event.id`; in a JSON record, any member. `.level` is the
    /// word as written; `.severity` is the name of the [`Level`] that it means or, if that is unknown, the same word.
    pub fn field(&self, path: &[FieldStep]) -> Option<Value<'_>> {
        if let Some(json) = self.json()
            && let Some(value) = json.at(path)
        {
            return Some(value);
        }
        match path {
            [FieldStep::Name("time" | "timestamp")] => self.time().map(Value::Time),
            [FieldStep::Name("message")] => Some(Value::Text(self.message())),
            [FieldStep::Name("raw")] => Some(Value::Text(Cow::Borrowed(self.bytes.trim_ascii_end()))),
            [FieldStep::Name("severity")] => {
                let name = |level: Level| Value::Text(Cow::Borrowed(level.name().as_bytes()));
                self.level().map(name).or_else(|| self.known("level").map(Value::Text))
            }
            [FieldStep::Name(name @ ("pid" | "reply"))] => self.known(name).map(number_or_text),
            [FieldStep::Name(name)] => self.known(name).map(Value::Text).or_else(|| self.named_by_source(name)),
            [FieldStep::Name("event"), FieldStep::Name("id")] => self.known("event.id").map(number_or_text),
            [FieldStep::Name("event"), FieldStep::Name("source")] => self.known("program").map(Value::Text),
            [FieldStep::Name(first), FieldStep::Name(second)] => self.named_by_source(&format!("{first}.{second}")),
            _ => None,
        }
    }

    /// Returns the number of elements of the list at `path`; `None` if there is no list.
    pub(crate) fn len_at(&self, path: &[FieldStep]) -> Option<usize> {
        self.json()?.len_at(path)
    }

    /// Returns the values of all fields, the message among them.
    pub(crate) fn all_values(&self) -> Vec<Value<'_>> {
        if let Some(json) = self.json() {
            return json.values_of_all();
        }
        let names = self.field_names_up_to(MAX_SEARCHED_FIELDS);
        let values = names.iter().filter_map(|name| {
            let path: Vec<FieldStep> = name.split('.').map(FieldStep::Name).collect();
            self.field(&path).map(Value::into_owned)
        });
        values.collect()
    }

    /// Returns the date and the time of day of the record, in the zone of its stamp or of its source.
    pub(crate) fn local_time(&self) -> Option<jiff::civil::DateTime> {
        let time = self.time()?;
        match self.stamp() {
            Some(stamp) => Some(stamp.local_time()),
            None => {
                let zone = self.format.map_or(jiff::tz::TimeZone::UTC, |format| format.rules.zone.clone());
                Some(time.to_zoned(zone).datetime())
            }
        }
    }

    /// Returns the names of its fields, at most [`MAX_FIELD_NAMES`]: first those of [`OUR_FIELDS`] that it has, then
    /// those that its source gives.
    pub(crate) fn field_names(&self) -> Vec<String> {
        self.field_names_up_to(MAX_FIELD_NAMES)
    }

    /// Returns what `field_names` returns, but at most `most` names.
    pub(crate) fn field_names_up_to(&self, most: usize) -> Vec<String> {
        let ours = OUR_FIELDS.iter().filter(|name| {
            let path: Vec<FieldStep> = name.split('.').map(FieldStep::Name).collect();
            self.field(&path).is_some()
        });
        let mut names: Vec<String> = ours.map(|name| (*name).to_owned()).collect();
        let of_source = match (self.parsed(), self.format) {
            _ if self.json().is_some() => {
                let mut paths = self.json().map_or_else(Vec::new, |json| json.paths(most));
                paths.sort_unstable();
                paths
            }
            (_, Some(format)) => format.field_names(self.bytes),
            (_, None) => Vec::new(),
        };
        for name in of_source.into_iter().take(most) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.truncate(most);
        names
    }

    /// Returns the field under the name that its source gives it: the name of a column or a key.
    fn named_by_source(&self, name: &str) -> Option<Value<'_>> {
        let text = self.format?.field(self.bytes, name)?;
        Some(number_or_text(Cow::Borrowed(text)))
    }

    fn known(&self, name: &str) -> Option<Cow<'_, [u8]>> {
        match self.parsed() {
            ParsedRecord::Json(json) => json.known_text(name),
            ParsedRecord::Wrapped(record) => {
                let in_json = record.json.as_ref().and_then(|json| json.known_text(name));
                in_json.or_else(|| named(&self.wrapped(record), name).map(Cow::Borrowed))
            }
            ParsedRecord::Headed(header) | ParsedRecord::Foreign(header) => named(header, name).map(Cow::Borrowed),
            ParsedRecord::Bare => None,
        }
    }

    /// Returns the JSON object that the record is or contains.
    fn json(&self) -> Option<&Json> {
        match self.parsed() {
            ParsedRecord::Json(json) => Some(json),
            ParsedRecord::Wrapped(record) => record.json.as_ref(),
            ParsedRecord::Headed(_) | ParsedRecord::Foreign(_) | ParsedRecord::Bare => None,
        }
    }

    fn parsed(&self) -> &ParsedRecord<'a> {
        self.parsed.get_or_init(|| {
            let mut parsed = self.format.map_or(ParsedRecord::Bare, |format| format.parse(self.bytes));
            if let (ParsedRecord::Json(json), Some(resource)) = (&mut parsed, self.resource) {
                json.add_resource(resource);
            }
            parsed
        })
    }
}

/// Returns the part of `header` that casebook calls `name`.
fn named<'a>(header: &Header<'a>, name: &str) -> Option<&'a [u8]> {
    match name {
        "host" => header.host,
        "program" => header.program,
        "pid" => header.pid,
        "level" => header.level,
        "event.id" => header.event_id,
        "reply" => header.reply,
        "direction" => header.direction.map(|direction| direction.name().as_bytes()),
        _ => None,
    }
}

fn number_or_text(text: Cow<'_, [u8]>) -> Value<'_> {
    let number = std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok());
    number.map_or(Value::Text(text), Value::Int)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::timestamp::StampRules;

    /// Returns the field at `path` (names joined with dots) of the record `text`, which is the whole source.
    fn field(text: &str, path: &str) -> Option<Value<'static>> {
        let format = SourceFormat::detect(text.as_bytes(), StampRules::default(), None);
        let record = Record::new(SourceId(0), 1, text.as_bytes(), Some(&format));
        let path: Vec<FieldStep> = path.split('.').map(FieldStep::Name).collect();
        record.field(&path).map(Value::into_owned)
    }

    fn text(text: &str) -> Option<Value<'static>> {
        Some(Value::Text(text.as_bytes().to_vec().into()))
    }

    #[test]
    fn fields_of_a_syslog_record() {
        let line = "<11>Jun 14 15:16:01 combo sshd[19939]: failure\n  more\n";
        assert_eq!(field(line, "message"), text("failure\n  more"));
        assert_eq!(field(line, "program"), text("sshd"));
        assert_eq!(field(line, "host"), text("combo"));
        assert_eq!(field(line, "pid"), Some(Value::Int(19939)));
        assert_eq!(field(line, "level"), text("err"));
        assert_eq!(field(line, "severity"), text("error"));
        assert_eq!(field(line, "time"), Some(Value::Time("1969-06-14T15:16:01Z".parse().expect("a valid instant"))));
        assert_eq!(field(line, "nothing"), None);
        assert_eq!(field(line, "event.id"), None);
    }

    #[test]
    fn fields_of_a_sample_of_a_metric_are_nested() {
        let sample = "# TYPE up gauge\nup{job=\"web\"} 0\n";
        let line = "up{job=\"web\"} 0\n";
        let format = SourceFormat::detect(sample.as_bytes(), StampRules::default(), None);
        let record = Record::new(SourceId(0), 2, line.as_bytes(), Some(&format));
        let field = |path: &[&'static str]| {
            let path: Vec<FieldStep> = path.iter().copied().map(FieldStep::Name).collect();
            record.field(&path).map(Value::into_owned)
        };
        assert_eq!(field(&["labels", "job"]), text("web"));
        assert_eq!(field(&["value"]), Some(Value::Int(0)));
        assert_eq!(field(&["labels", "x"]), None);
        assert_eq!(record.field_names(), ["message", "name", "value", "labels.job"]);
    }

    #[test]
    fn fields_of_a_json_record_are_its_own_first() {
        let line = r#"{"msg":"a \"b\"","lvl":"WARN","pid":7,"time":{"x":"y"}}"#;
        assert_eq!(field(line, "message"), text("a \"b\""));
        assert_eq!(field(line, "severity"), text("warning"));
        assert_eq!(field(line, "pid"), Some(Value::Int(7)));
        assert_eq!(field(line, "time.x"), text("y"));
        assert_eq!(field(line, "time"), None);
    }

    #[test]
    fn a_record_names_its_fields() {
        let names = |text: &str| {
            let format = SourceFormat::detect(text.as_bytes(), StampRules::default(), None);
            Record::new(SourceId(0), 1, text.as_bytes(), Some(&format)).field_names().join(" ")
        };
        assert_eq!(names("just words\n"), "message");
        let syslog = "<11>Jun 14 15:16:01 combo sshd[19939]: failure\n";
        assert_eq!(names(syslog), "time host program pid level severity event.source message");
        assert_eq!(
            names(r#"{"msg":"x","http":{"status":500},"tags":["a"],"no":null}"#),
            "level severity reply message http.status msg tags"
        );
        assert_eq!(names("level=warn msg=\"no disk\" unit-id=sda\n"), "level severity message msg unit_id");
        assert_eq!(names(&format!("{{\"msg\":\"x\"{}}}", ",\"a\":1".repeat(3))), "message a msg");
    }

    #[track_caller]
    fn check_gist(text: &str, gist: &str) {
        let format = SourceFormat::detect(text.as_bytes(), StampRules::default(), None);
        let record = Record::new(SourceId(0), 1, text.as_bytes(), Some(&format));
        assert_eq!(String::from_utf8_lossy(&record.gist()), gist);
    }

    #[test]
    fn the_gist_is_what_to_search_for() {
        check_gist("Jun 14 15:16:01 combo sshd[1]: failure\n", "failure");
        check_gist("- R02 2005-06-03 22:42:50 RAS KERNEL parity error\n", "RAS KERNEL parity error");
        check_gist("just words\n", "just words");
        let event = "Event Type:\tError\nEvent Source:\tDisk\nEvent ID:\t7\nDescription:\nbad block\n";
        check_gist(event, "Event Source: Disk\nEvent ID: 7\nbad block");
        let cut_off = "Event Type:\tError\nDate:\t\t4/17/2001\nTime:\t\t2:00:31 AM\nbad block\n";
        check_gist(cut_off, cut_off.trim_end());
    }

    #[test]
    fn a_bare_record_is_its_message() {
        assert_eq!(field("just words\n", "message"), text("just words"));
        assert_eq!(field("just words\n", "level"), None);
    }
}
