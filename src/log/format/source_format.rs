//! The format of one source, which is detected once, from the beginning of the source; and the choice of a format for each
//! record.
//!
//! A source may be a mixture: a banner before dated lines, or the lines of two programs. Its main format is that of most
//! of its records. A record that is not written in the main format is parsed in its own form.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::beginnings::Beginnings;
use super::header::Header;
use super::json_object::Json;
use super::level::Level;
use super::level_column::{LevelColumn, indent_of_level, level_indent};
use super::level_mark::LevelMark;
use super::spec::{Detected, Format, LogFormat, OpenRecord, Sample};
use super::trace::LOOK_AHEAD;
use super::wrapper::{WrappedLine, Wrapper};
use super::{access, console, dated, klog, leveled, logfmt, plain, syslog, trace, transcript, windows_event};
use crate::log::timestamp::{StampRules, find_stamp};

/// A record, as far as it could be parsed.
#[derive(Debug)]
pub(in crate::log) enum ParsedRecord<'a> {
    /// A record with a header.
    Headed(Header<'a>),
    Json(Json),
    /// A record whose text is a record itself.
    Wrapped(Box<WrappedRecord<'a>>),
    /// A record without a stamp whose message has a known form, such as that of a compiler.
    Foreign(Header<'a>),
    /// A record in no known format: all of it is the message.
    Bare,
}

/// A record whose text is a record itself, such as JSON in syslog.
#[derive(Debug)]
pub(in crate::log) struct WrappedRecord<'a> {
    /// What the collector says about the record.
    outer: Header<'a>,
    /// What the program printed.
    text: Cow<'a, [u8]>,
    /// The text as a JSON object, if it is one.
    pub(in crate::log) json: Option<Json>,
}

impl WrappedRecord<'_> {
    /// Returns the parts of the record: those of the text and, where it lacks one, those of the collector. If the text is
    /// JSON, its members are not among them.
    pub(in crate::log) fn header(&self, rules: &StampRules) -> Header<'_> {
        match self.json {
            Some(_) => Header { message: &self.text, gist: None, leveled: None, ..self.outer.clone() },
            None => merged(self.outer.clone(), printed_header(&self.text, rules)),
        }
    }
}

/// How one source is written: the format of most of its records, and what was found out about the source.
#[derive(Debug, Clone)]
pub(crate) struct SourceFormat {
    pub(crate) format: Format,
    main: Arc<dyn LogFormat>,
    wrapper: Option<Wrapper>,
    /// Whether a record may begin with blanks, which align the words before its stamp.
    is_padded: bool,
    /// Whether an indented line belongs to the record before it. False if the first line is indented, as in an excerpt
    /// that was pasted with its indentation.
    indent_continues: bool,
    /// Whether all lines after a record with a stamp belong to it, up to the next record. True if the sample shows that
    /// most messages have a stamp.
    joins_lines: bool,
    /// How the records of the sample begin, if lines are joined.
    beginnings: Beginnings,
    /// Whether some lines of the sample are JSON objects.
    has_json: bool,
    /// Whether records of syslog may be among those of the main format, which reads them with fewer fields.
    is_mixed: bool,
    is_yearless: bool,
    /// The number of blanks before the level in records whose stamp is left out because it is the same as before; `None` if the
    /// beginning of the source has none of these.
    level_indent: Option<usize>,
    /// Where records have their level, if the sample shows it. It is used for those that name none in a known notation.
    level_column: Option<LevelColumn>,
    /// How to read stamps.
    pub(in crate::log) rules: StampRules,
}

/// A format that fits less than half of the sampled lines must fit at least one in this many.
const MINORITY_SHARE: usize = 50;

/// Lines without a stamp are joined to the record before them if at least one in this many sampled lines has a stamp.
const JOINED_LINES: usize = 20;

impl SourceFormat {
    /// Detects the format of the source that begins with `head`: it is `given`, if the user stated it, or else the
    /// first format that fits.
    pub(crate) fn detect(head: &[u8], rules: StampRules, given: Option<Format>) -> SourceFormat {
        let rules = rules_for(head, rules);
        let sample = Sample::new(head, &rules);
        let (format, main) = match given {
            Some(format) => {
                let main = format.detect(&sample).format;
                (format, main)
            }
            None => detect_main(&sample),
        };
        let first_byte = head.iter().find(|byte| !b"\r\n".contains(byte));
        let has_margin = matches!(first_byte, Some(b' ' | b'\t'));
        let is_padded = main.is_padded() || (has_margin && main.is_stamped());
        let indent_continues = is_padded || !has_margin;
        let has_syslog = sample.lines.iter().any(|line| syslog::certain_header(line, &rules).is_some());
        let wrapper = main.wrapper();
        let lines: Vec<Cow<'_, [u8]>> = sample.lines.iter().map(|line| inner_text(wrapper, line)).collect();
        let has_json = lines.iter().any(|line| line.starts_with(b"{\"") && Json::parse(line).is_some());
        let is_mixed = (format == dated::FORMAT || format == access::FORMAT) && has_syslog;
        let mut source = SourceFormat {
            format,
            main: Arc::from(main),
            wrapper,
            is_padded,
            indent_continues,
            joins_lines: false,
            beginnings: Beginnings::default(),
            has_json,
            is_yearless: false,
            is_mixed,
            level_indent: None,
            level_column: None,
            rules: rules.clone(),
        };
        if wrapper.is_some() || source.main.joins_lines() {
            let stamped: Vec<_> = lines.iter().filter(|line| source.begins_record(line)).collect();
            source.joins_lines = !stamped.is_empty() && stamped.len() * JOINED_LINES >= lines.len();
            for line in stamped {
                let stamp = find_stamp(line, &rules);
                source.is_yearless |= stamp.as_ref().is_some_and(|stamp| !stamp.has_year() && stamp.has_day());
                source.beginnings.add(line, stamp.map_or(0, |stamp| stamp.range.end));
            }
        }
        if source.format == dated::FORMAT && !has_margin {
            source.level_indent = level_indent(&sample);
        }
        if [dated::FORMAT, syslog::FORMAT, plain::FORMAT].contains(&source.format) {
            let records = sample.lines.iter().filter(|line| match source.parse(line) {
                ParsedRecord::Headed(_) => true,
                ParsedRecord::Bare | ParsedRecord::Foreign(_) => !source.main.is_stamped(),
                ParsedRecord::Json(_) | ParsedRecord::Wrapped(_) => false,
            });
            source.level_column = LevelColumn::learn(records.copied());
        }
        source
    }

    /// Whether records begin with a stamp.
    pub(in crate::log) fn is_stamped(&self) -> bool {
        self.main.is_stamped()
    }

    /// Whether texts may contain escapes (such as `\"`), so that the bytes of a message may differ from those in its
    /// record.
    pub(in crate::log) fn has_escapes(&self) -> bool {
        self.main.has_escapes() || self.has_json
    }

    /// Whether the source contains JSON documents other than one record a line.
    pub(in crate::log) fn has_documents(&self) -> bool {
        self.main.has_documents()
    }

    /// Notes in `open` what `line`, a complete line of the record that is being read, says about whether the next line
    /// belongs to the record too.
    pub(in crate::log) fn read_line(&self, open: &mut OpenRecord, line: &[u8]) {
        let Some(wrapped) = self.split(line) else {
            if open.is_stamped.is_none() {
                let line = if self.is_padded { line.trim_ascii_start() } else { line };
                open.is_stamped = Some(self.joins_lines && self.begins_record(line));
            }
            open.is_partial = false;
            return self.main.read_line(open, line);
        };
        if open.is_stamped.is_none() {
            open.is_stamped = Some(self.joins_lines && self.begins_record(&wrapped.text));
            open.stream = stream_number(wrapped.stream);
        }
        open.is_partial = wrapped.is_partial;
        open.trace = open.trace.after(&wrapped.text);
    }

    /// Whether the line at the beginning of `rest` begins a record, whatever the lines before it say. False if that is
    /// not certain.
    pub(in crate::log) fn surely_begins_record(&self, rest: &[u8]) -> bool {
        self.joins_lines && self.wrapper.is_none() && self.beginnings.contain(rest)
    }

    /// Whether the line at the beginning of `rest`, which is not empty, belongs to the record that is being read.
    pub(in crate::log) fn continues(&self, open: OpenRecord, rest: &[u8]) -> bool {
        if self.surely_begins_record(rest) {
            return false;
        }
        let start = &rest[..rest.len().min(LOOK_AHEAD)];
        let line = &start[..memchr::memchr(b'\n', start).unwrap_or(start.len())];
        if let Some(wrapped) = self.split(line) {
            return self.continues_wrapped(open, &wrapped);
        }
        if self.wrapper.is_some() {
            return line.trim_ascii().is_empty();
        }
        if self.is_padded && line.starts_with(b" ") && self.begins_record(line.trim_ascii_start()) {
            return false;
        }
        if self.level_indent.is_some_and(|indent| indent_of_level(line) == Some(indent)) {
            return false;
        }
        self.main.continues(open, rest, self.indent_continues) || self.is_joined(open, line)
    }

    fn continues_wrapped(&self, open: OpenRecord, line: &WrappedLine<'_>) -> bool {
        if !line.stream.is_empty() && stream_number(line.stream) != open.stream {
            return false;
        }
        let text = &line.text;
        open.is_partial || text.is_empty() || open.takes_line(text, true, true) || self.is_joined(open, text)
    }

    /// Whether a line without a stamp belongs to the record that is being read, because that one has a stamp.
    fn is_joined(&self, open: OpenRecord, line: &[u8]) -> bool {
        let is_own = || self.begins_record(line) || trace::is_crash(line);
        self.joins_lines && open.is_stamped == Some(true) && !is_own()
    }

    fn split<'l>(&self, line: &'l [u8]) -> Option<WrappedLine<'l>> {
        self.wrapper.and_then(|wrapper| wrapper.split(line))
    }

    /// Whether `line`, which may be cut at its end, begins as the records of a log do: with a stamp, as a rule.
    fn begins_record(&self, line: &[u8]) -> bool {
        match line.first() {
            None | Some(b' ' | b'\t' | b'\r' | b'\n') => false,
            Some(b'{') => self.has_json && line.starts_with(b"{\""),
            Some(_) => {
                self.beginnings.contain(line)
                    || (self.reads_times() && dated::begins_with_time(line))
                    || self.main.begins_record(line, &self.rules)
                    || begins_alone(line, &self.rules)
            }
        }
    }

    /// Parses `record` in the main format of its source or, if that fails, in its own form.
    pub(in crate::log) fn parse<'a>(&self, record: &'a [u8]) -> ParsedRecord<'a> {
        let mut parsed = self.parse_known(record);
        let Some(column) = self.level_column else { return parsed };
        match &mut parsed {
            ParsedRecord::Headed(header) if header.level.is_none_or(|word| Level::by_word(word).is_none()) => {
                header.level = column.level(record).or(header.level);
            }
            ParsedRecord::Bare if !self.main.is_stamped() => {
                if let Some(level) = column.level(record) {
                    let header = Header { level: Some(level), message: record.trim_ascii(), ..Header::default() };
                    return ParsedRecord::Foreign(header);
                }
            }
            _ => {}
        }
        parsed
    }

    /// Parses `record` in the known notations.
    fn parse_known<'a>(&self, record: &'a [u8]) -> ParsedRecord<'a> {
        if let Some(wrapper) = self.wrapper
            && wrapper.split(record).is_some()
        {
            return wrapped(wrapper.header(record, &self.rules), wrapper.text(record), &self.rules);
        }
        if let Some(json) = self.main.json(record, &self.rules) {
            return ParsedRecord::Json(json);
        }
        let relayed = if self.is_mixed { syslog::certain_header(record, &self.rules) } else { None };
        match relayed.or_else(|| self.main.header(record, &self.rules)) {
            // Nothing was taken off the front of a row, so nothing is nested in it.
            Some(header) if header.gist.is_none() && header.message.len() == record.trim_ascii().len() => {
                ParsedRecord::Headed(header)
            }
            Some(header) => self.with_names(nested(header, &self.rules)),
            None if self.reads_times() && dated::begins_with_time(record) => {
                let header = dated::header_of_latest_day(record, &self.rules);
                header.map_or(ParsedRecord::Bare, ParsedRecord::Headed)
            }
            None => parse_alone(record, &self.rules),
        }
    }

    fn with_names<'a>(&self, mut parsed: ParsedRecord<'a>) -> ParsedRecord<'a> {
        if let ParsedRecord::Wrapped(record) = &mut parsed {
            record.json = record.json.take().map(|json| self.main.with_names(json));
        }
        parsed
    }

    /// Whether a record may begin with a time of day alone. In a table, such a line is a row that was cut.
    fn reads_times(&self) -> bool {
        self.main.joins_lines() || !self.main.is_stamped()
    }

    /// Returns the offset in `record` of the first line that belongs to it only because it has no stamp; `None` if there
    /// is none.
    pub(in crate::log) fn joined_offset(&self, record: &[u8]) -> Option<usize> {
        if !self.joins_lines || self.wrapper.is_some() {
            return None;
        }
        // Most records have one line.
        if memchr::memchr(b'\n', record).is_none_or(|newline| newline + 1 == record.len()) {
            return None;
        }
        let mut open = OpenRecord::default();
        let mut start = 0;
        for newline in memchr::memchr_iter(b'\n', record) {
            self.read_line(&mut open, &record[start..=newline]);
            start = newline + 1;
            let rest = &record[start..];
            if !rest.is_empty() && !self.main.continues(open, rest, self.indent_continues) {
                return Some(start);
            }
        }
        None
    }

    /// Whether `line`, which is not in a record, is no record: it is empty among lines with stamps, or a heading, which says
    /// how the records after it are written.
    pub(in crate::log) fn is_heading(&self, line: &[u8]) -> bool {
        (self.main.is_stamped() && line.trim_ascii().is_empty()) || self.main.is_heading(line)
    }

    /// Returns the format of the records after the heading `line`; `None` if the heading changes nothing.
    pub(in crate::log) fn after_heading(&self, line: &[u8]) -> Option<SourceFormat> {
        let main = self.main.after_heading(line)?;
        Some(SourceFormat { main: Arc::from(main), ..self.clone() })
    }

    /// Whether the sampled records have stamps, and these do not contain their year.
    pub(in crate::log) fn is_yearless(&self) -> bool {
        self.is_yearless
    }

    /// Returns the instant of the stamp with which `line` begins.
    pub(in crate::log) fn time_at_start(&self, line: &[u8]) -> Option<Timestamp> {
        find_stamp(line, &self.rules).map(|stamp| stamp.time)
    }

    /// Returns the format of the part of the source before `latest`.
    pub(in crate::log) fn before(&self, latest: Timestamp) -> SourceFormat {
        // A stamp without a year may be a day after the newest instant.
        let slack = SignedDuration::from_hours(24) + SignedDuration::from_nanos(1);
        let newest = latest.checked_sub(slack).unwrap_or(latest);
        SourceFormat { rules: StampRules { newest, ..self.rules.clone() }, ..self.clone() }
    }

    /// Returns the field of `record` to which its source gives the name `name`.
    pub(in crate::log) fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        self.main.field(record, name)
    }

    /// Returns the names of the fields of `record` that [`field`](Self::field) finds.
    pub(in crate::log) fn field_names(&self, record: &[u8]) -> Vec<String> {
        self.main.field_names(record)
    }
}

/// Returns how to read the stamps of the source that begins with `head`: `rules`, and what its lines say about the order
/// of day and month, counts since 1970, and times without a day.
fn rules_for(head: &[u8], rules: StampRules) -> StampRules {
    let no_rules = StampRules::default();
    let lines = Sample::new(head, &no_rules).lines;
    let n_times = lines.iter().filter(|line| dated::begins_with_time(line)).count();
    let has_only_times = n_times * 2 > lines.len();
    let rules = rules.for_source(&lines);
    if has_only_times { rules.on_latest_day() } else { rules }
}

/// Returns the first format that most lines of the sample are written in. If there is none, returns the most frequent of
/// the formats that are recognised by few lines.
fn detect_main(sample: &Sample<'_>) -> (Format, Box<dyn LogFormat>) {
    let mut best: Option<(Format, Detected)> = None;
    for format in Format::ALL {
        let detected = format.detect(sample);
        if detected.fits && *format != plain::FORMAT {
            return (format.clone(), detected.format);
        }
        let is_enough = detected.n_fitting * MINORITY_SHARE >= sample.lines.len() && detected.format.is_distinct();
        if is_enough && detected.n_fitting > best.as_ref().map_or(0, |(_, best)| best.n_fitting) {
            best = Some((format.clone(), detected));
        }
    }
    let (format, detected) = best.unwrap_or_else(|| (plain::FORMAT, plain::FORMAT.detect(sample)));
    (format, detected.format)
}

fn inner_text<'l>(wrapper: Option<Wrapper>, line: &'l [u8]) -> Cow<'l, [u8]> {
    wrapper.and_then(|wrapper| wrapper.split(line)).map_or(Cow::Borrowed(line), |wrapped| wrapped.text)
}

/// Returns a number that is equal for equal names.
fn stream_number(name: &[u8]) -> u64 {
    // FNV-1a
    name.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whether `line`, which may be cut at its end, begins a record in a form that needs no knowledge of the source.
fn begins_alone(line: &[u8], rules: &StampRules) -> bool {
    dated::stamp_at_start(line, rules).is_some()
        || (line.starts_with(b"<") && syslog::begins_with_priority(line))
        || klog::begins_record(line)
        || logfmt::begins_record(line)
        || access::begins_record(line, rules)
        || windows_event::begins_block(line)
        || BEGINNINGS.iter().any(|beginning| line.starts_with(beginning))
        || begins_with_difference(line)
}

/// Whether `line` begins with the time since the record before it, as `dmesg -H` shows it: `[  +0.000123] `.
fn begins_with_difference(line: &[u8]) -> bool {
    let Some(inside) = line.strip_prefix(b"[").and_then(|rest| rest.trim_ascii_start().strip_prefix(b"+")) else {
        return false;
    };
    let len = inside.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    len > 2 && inside[..len].contains(&b'.') && inside[len..].starts_with(b"] ")
}

/// Lines without a stamp that begin a record among lines with one: those of AWS around a run of a function.
const BEGINNINGS: [&[u8]; 4] =
    [b"START RequestId: ", b"END RequestId: ", b"REPORT RequestId: ", b"INIT_START Runtime "];

/// Parses a record whose source says nothing about it.
fn parse_alone<'a>(record: &'a [u8], rules: &StampRules) -> ParsedRecord<'a> {
    if let Some(json) = Json::parse(record) {
        return ParsedRecord::Json(json);
    }
    if let Some(header) = stamped_header(record, rules) {
        return nested(header, rules);
    }
    unstamped_header(record).or_else(|| leveled::header(record)).map_or(ParsedRecord::Bare, ParsedRecord::Foreign)
}

/// Parses a record of text that begins with a stamp, or has one in a place where only logs have one.
fn stamped_header<'a>(record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
    klog::header(record, rules)
        .or_else(|| windows_event::header_of_block(record, rules))
        .or_else(|| syslog::header(record, rules).filter(|header| header.program.is_some()))
        .or_else(|| access::header(record, rules))
        .or_else(|| logfmt::header(record, rules))
        .or_else(|| dated::header_at_start(record, rules))
        .or_else(|| dated::header_after_level(record, rules))
        .or_else(|| dated::header_of_label(record, rules))
}

/// Parses a record without a stamp that has a known form other than a level at its beginning.
fn unstamped_header(record: &[u8]) -> Option<Header<'_>> {
    transcript::header(record).or_else(|| console::header(record)).or_else(|| trace::header(record))
}

/// Parses what a program printed.
fn printed_header<'a>(text: &'a [u8], rules: &StampRules) -> Header<'a> {
    let text = text.trim_ascii();
    stamped_header(text, rules).or_else(|| unstamped_header(text)).unwrap_or_else(|| dated::without_stamp(text))
}

/// Parses `text`, which a program printed and a collector wrapped in the record with the header `outer`.
fn wrapped<'a>(outer: Header<'a>, text: Cow<'a, [u8]>, rules: &StampRules) -> ParsedRecord<'a> {
    match text {
        Cow::Borrowed(text) if !text.trim_ascii_start().starts_with(b"{") => {
            ParsedRecord::Headed(merged(outer, printed_header(text, rules)))
        }
        text => {
            let json = Json::parse(&text);
            ParsedRecord::Wrapped(Box::new(WrappedRecord { outer, text, json }))
        }
    }
}

/// Parses the message of a record, if it is a record itself: JSON, klog, logfmt or a dated line. Otherwise looks for a
/// level at its beginning.
fn nested<'a>(mut header: Header<'a>, rules: &StampRules) -> ParsedRecord<'a> {
    let text = header.gist.unwrap_or(header.message);
    if text.starts_with(b"{")
        && let Some(json) = Json::parse(text)
    {
        return ParsedRecord::Wrapped(Box::new(WrappedRecord {
            outer: header,
            text: Cow::Borrowed(text),
            json: Some(json),
        }));
    }
    let is_relayed = header.host.is_some() && header.level.is_none();
    let inner = if klog::begins_record(text) {
        klog::header(text, rules)
    } else if logfmt::begins_record(text) {
        logfmt::header(text, rules)
    } else if is_relayed {
        dated::header_at_start(text, rules)
    } else {
        None
    };
    if let Some(inner) = inner {
        return ParsedRecord::Headed(merged(header, inner));
    }
    if is_relayed {
        let mark = LevelMark::at_start(text).or_else(|| LevelMark::after_name(text));
        header.level = mark.map(|mark| mark.level);
    }
    ParsedRecord::Headed(header)
}

/// Returns the parts of the inner record and, where it lacks one, those of the outer record. A stamp with year and zone is
/// preferred, and among two of those the outer one, which is written by one clock for all programs.
pub(super) fn merged<'a>(outer: Header<'a>, inner: Header<'a>) -> Header<'a> {
    let is_whole = |header: &Header<'_>| header.stamp.as_ref().is_some_and(|stamp| stamp.zoned() && stamp.has_year());
    let stamp = match is_whole(&inner) && !is_whole(&outer) {
        true => inner.stamp.or(outer.stamp),
        false => outer.stamp.or(inner.stamp),
    };
    Header {
        stamp,
        host: inner.host.or(outer.host),
        program: inner.program.or(outer.program),
        pid: inner.pid.or(outer.pid),
        level: inner.level.or(outer.level),
        event_id: inner.event_id.or(outer.event_id),
        ..inner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, format: &str) {
        assert_eq!(SourceFormat::detect(head.as_bytes(), StampRules::default(), None).format.name(), format, "{head}");
    }

    #[test]
    fn the_format_is_what_most_lines_are() {
        check("", "plain");
        check("just words\nand more\n", "plain");
        check("{\"a\":1}\n{\"a\":2}\nnot json\n", "json");
        check("4/17/2001,2:00:31 AM,Disk,Error,None,7,N/A,HOST1,\"A bad block\n\n1, 2, 3\nof it\n\"", "event_export");
        check("4/17/2001,2:00:31 AM,Disk,broken,None,7,N/A,HOST1,A bad block", "plain");
        check("Level\tDate and Time\tSource\tEvent ID\tTask Category\n", "event_export");
        check("Event Type:\tError\nEvent ID:\t1\nDescription:\n", "windows_event");
        check("Jun 14 15:16:01 combo sshd[1]: x\n\tindented\n\tindented\n", "syslog");
        check("<34>1 2003-10-11T22:14:15.003Z host su - ID47 - x\n", "syslog");
        check("2015-10-18 18:01:47,978 INFO [main] a.B: x\n", "dated");
        check("2024-01-01T00:00:00Z ERROR app: x\n", "dated");
        check("    Jun 14 15:16:01 combo sshd[1]: x\n", "syslog");
        let java = "2024-01-01 10:00:00 ERROR a.B: no\njava.io.IOException: no\n\tat a.B(B.java:1)\nCaused by: x\nat a.C(D.java:2)\n";
        check(&java.repeat(9), "dated");
        check("C: EHLO a\nS: 250 Hello\nC: QUIT\n", "transcript");
        check("a.c(1) : error C2065: x\na.c(2) : error C2065: y\nLINK : fatal error LNK1181: z\n", "console");
        check("one\ntwo 2015-10-18 18:01:47\nthree\nfour\n", "plain");
        check("one\n2015-10-18 18:01:47 two\nthree\nfour\n", "dated");
    }
}
