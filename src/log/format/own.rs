//! Formats that users describe: in rules and in casebook.toml.
//!
//! Where records begin depends on the beginning of each line alone. `starts_with` is tried at the start of the line, on at
//! most [`LOOK_AHEAD`] bytes of it.

use std::ops::Range;
use std::sync::Arc;

use super::header::{Header, Quoting};
use super::json_object::Json;
use super::logfmt;
use super::pairs::leading_pairs;
use super::source_format::merged;
use super::spec::{Detected, LogFormat, OpenRecord, Sample};
use super::trace::LOOK_AHEAD;
use crate::log::timestamp::{FoundStamp, StampRules, find_stamp, stamp_at};
use crate::own_format::{KnownField, OwnFormat, OwnFormats, RecordPattern};
use crate::pattern::Pattern;

/// The most records at the beginning of a source that are looked at to find out whether it is in an own format.
const SAMPLED_RECORDS: usize = 200;

/// Returns the format of the source with the names `names` that begins with `head`: the first one whose description names
/// the source, or else the first one in which most of the first records are written. A format whose description names
/// other sources is not tried.
pub(in crate::log) fn choose<'o>(
    formats: &'o OwnFormats,
    names: &[String],
    head: &[u8],
    rules: &StampRules,
) -> Option<&'o Arc<OwnFormat>> {
    let unnamed = || formats.iter().filter(|format| !format.names_sources());
    formats
        .iter()
        .find(|format| format.is_for(names))
        .or_else(|| unnamed().find(|format| OwnRecords::new(format, rules).fits_most(head)))
}

pub(super) fn detect(own: &Arc<OwnFormat>, sample: &Sample<'_>) -> Detected {
    Detected::new(OwnRecords::new(own, sample.rules), true)
}

/// Records in an own format.
#[derive(Debug)]
struct OwnRecords {
    own: Arc<OwnFormat>,
    rules: StampRules,
}

impl LogFormat for OwnRecords {
    fn has_escapes(&self) -> bool {
        self.own.json() || self.own.logfmt()
    }

    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        match self.captures(record) {
            Some(captures) => Some(self.parsed(&captures, rules)),
            None if self.is_alone() && self.own.logfmt() => self.logfmt_header(record.trim_ascii(), rules),
            None => None,
        }
    }

    fn json(&self, record: &[u8], _rules: &StampRules) -> Option<Json> {
        if self.is_alone() && self.own.json() { Json::parse(record).map(|json| self.with_names(json)) } else { None }
    }

    fn with_names(&self, json: Json) -> Json {
        json.with_names(self.own.names())
    }

    fn continues(&self, open: OpenRecord, rest: &[u8], indent_continues: bool) -> bool {
        match self.own.starts_with() {
            [] => open.takes_line(rest, indent_continues, self.is_stamped()),
            starts => !begins(starts, rest),
        }
    }

    /// Returns the text in the hole `name` or, in a structured record, the value of the key `name`.
    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        let captures = self.captures(record);
        let hole = captures.as_ref().and_then(|captures| captures.text(name));
        hole.or_else(|| logfmt::field(self.pairs(record, captures.as_ref())?, name))
    }

    fn field_names(&self, record: &[u8]) -> Vec<String> {
        let captures = self.captures(record);
        let pairs = self.pairs(record, captures.as_ref()).map(logfmt::names).unwrap_or_default();
        let holes = captures.map(|captures| captures.other_names(&self.own)).unwrap_or_default();
        holes.into_iter().chain(pairs).collect()
    }
}

/// Whether the line at the start of `rest` begins with one of `starts`.
fn begins(starts: &[Pattern], rest: &[u8]) -> bool {
    let start = &rest[..rest.len().min(LOOK_AHEAD)];
    let line = start[..memchr::memchr(b'\n', start).unwrap_or(start.len())].trim_ascii_end();
    starts.iter().any(|pattern| pattern.find(line).is_some_and(|found| found.range.start == 0 && found.range.end > 0))
}

impl OwnRecords {
    fn new(own: &Arc<OwnFormat>, rules: &StampRules) -> Self {
        OwnRecords { own: Arc::clone(own), rules: rules.clone() }
    }

    /// Whether there is no pattern, so that the whole record is structured.
    fn is_alone(&self) -> bool {
        self.own.patterns().is_empty()
    }

    /// Whether more than half of the first records of a source that begins with `head` are in this format.
    fn fits_most(&self, head: &[u8]) -> bool {
        let (mut n_records, mut n_fitting) = (0, 0);
        for record in self.records(head).into_iter().filter(|record| !record.trim_ascii().is_empty()) {
            n_records += 1;
            n_fitting += usize::from(self.fits_record(record));
        }
        n_fitting * 2 > n_records
    }

    /// Returns the first records of a source that begins with `head`, at most [`SAMPLED_RECORDS`].
    fn records<'h>(&self, head: &'h [u8]) -> Vec<&'h [u8]> {
        let mut records = Vec::new();
        let mut open = OpenRecord::default();
        let (mut start, mut line) = (0, 0);
        for newline in memchr::memchr_iter(b'\n', head) {
            self.read_line(&mut open, &head[line..=newline]);
            line = newline + 1;
            if line == head.len() || self.continues(open, &head[line..], true) {
                continue;
            }
            records.push(&head[start..line]);
            if records.len() == SAMPLED_RECORDS {
                return records;
            }
            (start, open) = (line, OpenRecord::default());
        }
        records.push(&head[start..]);
        records
    }

    fn fits_record(&self, record: &[u8]) -> bool {
        let starts = self.own.starts_with();
        let has_start = starts.is_empty() || begins(starts, record);
        has_start && (self.json(record, &self.rules).is_some() || self.header(record, &self.rules).is_some())
    }

    /// Returns the captures of the first pattern that matches `record`.
    fn captures<'p, 'a>(&'p self, record: &'a [u8]) -> Option<Captures<'p, 'a>> {
        self.own.patterns().iter().find_map(|pattern| Captures::find(pattern, record, &self.rules))
    }

    /// Returns the text of `record` that may consist of pairs.
    fn pairs<'a>(&self, record: &'a [u8], captures: Option<&Captures<'_, 'a>>) -> Option<&'a [u8]> {
        let whole = || Some(record.trim_ascii()).filter(|_| self.is_alone());
        let text = captures.map(|captures| &record[captures.message(&self.own)]).or_else(whole);
        text.filter(|_| self.own.logfmt())
    }

    fn parsed<'a>(&self, captures: &Captures<'_, 'a>, rules: &StampRules) -> Header<'a> {
        let record = captures.record;
        let field = |field| {
            let text = captures.known(&self.own, field).map(|range| record[range].trim_ascii());
            text.filter(|text| !text.is_empty())
        };
        let message = captures.message(&self.own);
        let outer = Header {
            stamp: captures.stamp(&self.own, rules),
            host: field(KnownField::Host),
            program: field(KnownField::Program),
            pid: field(KnownField::Pid),
            level: field(KnownField::Level),
            event_id: field(KnownField::EventId),
            reply: field(KnownField::Reply),
            message: &record[message.clone()],
            leveled: captures.leveled(&self.own, &message),
            ..Header::default()
        };
        let inner = if self.own.logfmt() { self.logfmt_header(outer.message, rules) } else { None };
        match inner {
            Some(inner) => Header { reply: inner.reply.or(outer.reply), ..merged(outer, inner) },
            None => outer,
        }
    }

    /// Parses `text` as pairs; `None` if it does not begin with one.
    fn logfmt_header<'a>(&self, text: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        leading_pairs(text).next()?;
        let single = Header { message: text, pairs: Some(text), ..Header::default() };
        let usual = logfmt::header(text, rules).unwrap_or(single);
        let named = |field| {
            let value = self.own.names().of(field).find_map(|name| logfmt::field(text, name));
            value.filter(|value| !value.is_empty())
        };
        let time = named(KnownField::Time).and_then(|time| find_stamp(time, rules));
        let message = named(KnownField::Message);
        Some(Header {
            stamp: time.or(usual.stamp),
            host: named(KnownField::Host).or(usual.host),
            program: named(KnownField::Program).or(usual.program),
            pid: named(KnownField::Pid).or(usual.pid),
            level: named(KnownField::Level).or(usual.level),
            event_id: named(KnownField::EventId).or(usual.event_id),
            reply: named(KnownField::Reply).or(usual.reply),
            message: message.unwrap_or(usual.message),
            quoting: if message.is_some() { Quoting::Escaped } else { usual.quoting },
            ..usual
        })
    }
}

/// The parts of a record that the holes of a pattern took.
struct Captures<'p, 'a> {
    record: &'a [u8],
    named: Vec<(&'p str, Range<usize>)>,
    /// The end of the match.
    end: usize,
}

impl<'p, 'a> Captures<'p, 'a> {
    /// Matches `pattern` with the beginning of `record`. Blanks may come before it.
    fn find(pattern: &'p RecordPattern, record: &'a [u8], rules: &StampRules) -> Option<Self> {
        Captures::find_with_stamp(pattern, record, rules).or_else(|| {
            let mut captures = Captures { record, named: Vec::new(), end: 0 };
            let start = captures.add(&pattern.whole)?;
            is_blank(&record[..start]).then_some(captures)
        })
    }

    /// Matches a pattern with a hole of the time that any stamp can take, also one with blanks in it.
    fn find_with_stamp(pattern: &'p RecordPattern, record: &'a [u8], rules: &StampRules) -> Option<Self> {
        let (before, after) = pattern.around_time.as_ref()?;
        let mut captures = Captures { record, named: Vec::new(), end: 0 };
        if let Some(before) = before {
            let start = captures.add(before)?;
            is_blank(&record[..start]).then_some(())?;
        }
        let blanks = record[captures.end..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let stamp = stamp_at(record, captures.end + blanks, rules)?.range;
        captures.end = stamp.end;
        captures.named.push((pattern.time.as_deref()?, stamp.clone()));
        match after {
            Some(after) => (captures.add(after)? == stamp.end).then_some(captures),
            None => Some(captures),
        }
    }

    /// Matches `pattern` with the text after the match so far. Returns the start of the new match.
    fn add(&mut self, pattern: &'p Pattern) -> Option<usize> {
        let offset = self.end;
        let found = pattern.find(&self.record[offset..])?;
        for capture in found.captures {
            if let Some(name) = &pattern.holes()[capture.hole].name {
                self.named.push((name, capture.range.start + offset..capture.range.end + offset));
            }
        }
        self.end = found.range.end + offset;
        Some(found.range.start + offset)
    }

    fn range(&self, name: &str) -> Option<Range<usize>> {
        self.named.iter().find(|(known, _)| *known == name).map(|(_, range)| range.clone())
    }

    fn text(&self, name: &str) -> Option<&'a [u8]> {
        self.range(name).map(|range| &self.record[range])
    }

    fn known(&self, own: &OwnFormat, field: KnownField) -> Option<Range<usize>> {
        own.names().of(field).find_map(|name| self.range(name))
    }

    fn stamp(&self, own: &OwnFormat, rules: &StampRules) -> Option<FoundStamp> {
        let range = self.known(own, KnownField::Time)?;
        let stamp = find_stamp(&self.record[range.clone()], rules)?;
        let in_record = stamp.range.start + range.start..stamp.range.end + range.start;
        Some(FoundStamp { range: in_record, ..stamp })
    }

    /// Returns the message: the text in its hole or, without one, the text after the match; if there is none, the whole
    /// record. A hole that ends with its line takes the lines after it as well.
    fn message(&self, own: &OwnFormat) -> Range<usize> {
        let whole = self.record.len();
        let range = match self.known(own, KnownField::Message) {
            Some(hole) if matches!(self.record.get(hole.end), Some(b'\n' | b'\r')) => hole.start..whole,
            Some(hole) => hole,
            None if is_blank(&self.record[self.end..]) => 0..whole,
            None => self.end..whole,
        };
        let text = self.record[range.clone()].trim_ascii_end();
        let start = range.start + text.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        start..range.start + text.len()
    }

    /// Returns the text from the level to the end of the message, if only marks are between the two.
    fn leveled(&self, own: &OwnFormat, message: &Range<usize>) -> Option<&'a [u8]> {
        let level = self.known(own, KnownField::Level)?;
        let between = self.record.get(level.end..message.start)?;
        let is_near = between.iter().all(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric());
        is_near.then(|| &self.record[level.start..message.end])
    }

    /// Returns the names of the holes that have no meaning in every format.
    fn other_names(&self, own: &OwnFormat) -> Vec<String> {
        let is_known = |name: &str| {
            KnownField::ALL
                .into_iter()
                .any(|field| own.names().of(field).find(|name| self.range(name).is_some()) == Some(name))
        };
        self.named.iter().filter(|(name, _)| !is_known(name)).map(|(name, _)| (*name).to_owned()).collect()
    }
}

fn is_blank(text: &[u8]) -> bool {
    text.trim_ascii().is_empty()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::log::format::{FieldStep, Format};
    use crate::log::{Input, ReadOptions, Reader, zone_named};
    use crate::own_format::{FormatParts, written_pattern};
    use crate::source::SourceId;

    fn pattern(written: &str) -> Pattern {
        written_pattern(written).expect("a valid pattern")
    }

    fn parts(starts_with: &[&str], matches: &[&str]) -> FormatParts {
        FormatParts {
            name: "own".to_owned(),
            starts_with: starts_with.iter().map(|written| pattern(written)).collect(),
            matches: matches.iter().map(|written| pattern(written)).collect(),
            ..FormatParts::default()
        }
    }

    fn options(parts: FormatParts) -> ReadOptions {
        let own = Arc::new(OwnFormat::new(parts).expect("a valid format"));
        let own_formats = std::iter::once(own).collect();
        ReadOptions { own_formats, ..ReadOptions::at("2026-11-12T00:00:00Z".parse().expect("a valid instant")) }
    }

    /// Returns the format of a log and, for each record, its line, time, level, program, message and the field `name`.
    fn read_with(options: &ReadOptions, log: &str, name: &str) -> (String, Vec<String>) {
        let mut reader = Reader::open(Input::bytes("shop.log", log), options).expect("bytes can be opened");
        let mut records = Vec::new();
        while let Some(chunk) = reader.next_chunk().expect("bytes can be read") {
            for index in 0..chunk.len() {
                let record = chunk.record(index, SourceId(0));
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let path: Vec<FieldStep> = name.split('.').map(FieldStep::Name).collect();
                records.push(format!(
                    "{} {} {} {} {:?} {}",
                    record.line,
                    record.time().map_or("-".to_owned(), |time| time.to_string()),
                    record.level().map_or("-", crate::level::Level::name),
                    record.program().map_or("-".to_owned(), |program| text(&program)),
                    text(&record.message()),
                    record.field(&path).map_or("-".to_owned(), |value| value.to_string()),
                ));
            }
        }
        (reader.format().name().to_owned(), records)
    }

    #[track_caller]
    fn check(parts: FormatParts, log: &str, name: &str, expected: &[&str]) {
        let (format, records) = read_with(&options(parts), log, name);
        assert_eq!((format.as_str(), records), ("own", expected.iter().map(|line| (*line).to_owned()).collect()));
    }

    #[test]
    fn holes_become_fields_and_lines_after_the_first_belong_to_the_record() {
        check(
            parts(&["/^\\d+[-/]/"], &["{time} {level} {logger} #{order:int}: {msg:rest}", "{time} {msg:rest}"]),
            "2026-11-12 08:00:00 ERROR Till #7: jammed\r\nat the shop\r\n  again\r\n12/Nov/2026:20:00:01 +0100 opened\r\nby Eve\r\n",
            "order",
            &[
                "1 2026-11-12T08:00:00Z error Till \"jammed\\r\\nat the shop\\r\\n  again\" 7",
                "4 2026-11-12T19:00:01Z - - \"opened\\r\\nby Eve\" -",
            ],
        );
    }

    #[test]
    fn a_regex_has_named_groups_and_names_can_be_stated() {
        let mut parts = parts(&[], &[r"/^<(?P<when>[^>]+)> (?P<prio>\w+)\|(?P<who>[^|]*)\|/"]);
        parts.names.set(KnownField::Time, "when".to_owned());
        parts.names.set(KnownField::Level, "prio".to_owned());
        parts.zone = zone_named("Europe/Berlin").ok();
        check(
            parts,
            "<12.11.2026 08:00:00> warn|Eve| till open\n<12.11.2026 08:00:01> fatal|Bob|\n",
            "who",
            &[
                "1 2026-11-12T07:00:00Z warning - \"till open\" Eve",
                "2 2026-11-12T07:00:01Z fatal - \"<12.11.2026 08:00:01> fatal|Bob|\" Bob",
            ],
        );
    }

    #[test]
    fn json_after_a_prefix_and_alone() {
        let log =
            "till7 {\"at\":\"2026-11-12T08:00:00Z\",\"sev\":\"error\",\"text\":\"jammed\",\"order\":{\"id\":7}}\n";
        let named = |mut parts: FormatParts| {
            for (field, name) in [(KnownField::Time, "at"), (KnownField::Level, "sev"), (KnownField::Message, "text")] {
                parts.names.set(field, name.to_owned());
            }
            FormatParts { json: true, ..parts }
        };
        let expected = ["1 2026-11-12T08:00:00Z error till7 \"jammed\" 7"];
        check(named(parts(&[], &["{program} {msg:rest}"])), log, "order.id", &expected);
        check(named(parts(&[], &["{program} {text:rest}"])), log, "order.id", &expected);
        let pretty = log.trim_start_matches("till7 ").replace(",", ",\n");
        let expected = ["1 2026-11-12T08:00:00Z error - \"jammed\" 7"];
        check(named(parts(&["{{"], &[])), &pretty, "order.id", &expected);
    }

    #[test]
    fn pairs_after_a_prefix_and_alone() {
        let prefixed = FormatParts { logfmt: true, ..parts(&[], &["[{time}] {msg:rest}"]) };
        check(
            prefixed,
            "[2026-11-12 08:00:00] unit=till7 level=err msg=\"till \\\"7\\\" jammed\" order=7\n",
            "order",
            &["1 2026-11-12T08:00:00Z error till7 \"till \\\"7\\\" jammed\" 7"],
        );
        let mut alone = FormatParts { logfmt: true, ..parts(&[], &[]) };
        alone.names.set(KnownField::Message, "said".to_owned());
        check(alone, "order=7 said=jammed severity=warn\n", "order", &["1 - warning - \"jammed\" 7"]);
    }

    #[test]
    fn sources_are_found_by_name_and_by_form() {
        let format = |parts: FormatParts, log: &str| read_with(&options(parts), log, "x").0;
        let fits = "till7|jammed\ntill8|open\n";
        assert_eq!(format(parts(&[], &["{unit}|{msg:rest}"]), fits), "own");
        assert_eq!(format(parts(&[], &["{unit}|{msg:rest}"]), "till7 jammed\ntill8|open\n"), "plain");
        let on = |name: &str| FormatParts { on: vec![name.to_owned()], ..parts(&[], &["{unit}|{msg:rest}"]) };
        assert_eq!(format(on("SHOP.log"), "till7 jammed\n"), "own");
        assert_eq!(format(on("bank"), fits), "plain");
        let files = FormatParts { files: vec!["sh*.log".to_owned()], ..parts(&[], &["{unit}|{msg:rest}"]) };
        assert_eq!(format(files, "till7 jammed\n"), "own");
    }

    #[test]
    fn other_records_are_read_in_their_own_form() {
        let parts = FormatParts { on: vec!["shop.log".to_owned()], ..parts(&[], &["{unit}|{msg:rest}"]) };
        check(
            parts,
            "till7|jammed\n2026-11-12 08:00:00 ERROR no paper\nodd\n",
            "message",
            &[
                "1 - - till7 \"jammed\" jammed",
                "2 2026-11-12T08:00:00Z error - \"no paper\" no paper",
                "3 - - - \"odd\" odd",
            ],
        );
    }

    #[test]
    fn a_stated_zone_counts_more_than_that_of_the_format() {
        let parts = FormatParts { zone: zone_named("Asia/Tokyo").ok(), ..parts(&[], &["{time} {msg:rest}"]) };
        let log = "2026-11-12 08:00:00 a\n";
        let own = options(parts);
        assert_eq!(read_with(&own, log, "x").1, ["1 2026-11-11T23:00:00Z - - \"a\" -"]);
        let stated = ReadOptions { zone_origin: crate::log::ZoneOrigin::Stated, ..own };
        assert_eq!(read_with(&stated, log, "x").1, ["1 2026-11-12T08:00:00Z - - \"a\" -"]);
    }

    #[test]
    fn a_start_is_tried_at_the_beginning_of_each_line_alone() {
        let starts = [pattern("/x+|BEGIN/")];
        assert!(begins(&starts, b"BEGIN") && begins(&starts, b"xx y\nz"));
        assert!(!begins(&starts, b" BEGIN") && !begins(&starts, b"a\nx") && !begins(&starts, b""));
    }

    const PIECES: [&str; 9] = ["12", "-", " ", "\n", "\r\n", "a=b ", "{\"a\":1}", "é\u{0}", "2026-11-12 08:00:00"];

    fn any_parts() -> impl Strategy<Value = (usize, bool, bool, bool)> {
        (0..3_usize, any::<bool>(), any::<bool>(), any::<bool>())
    }

    fn made((matches, json, logfmt, has_start): (usize, bool, bool, bool)) -> ReadOptions {
        let patterns = ["{time} {msg:rest}", r"/^(?P<n>\d+)-?(?P<message>.*)/"];
        let starts: &[&str] = if has_start { &["/[0-9]+/", "a="] } else { &[] };
        let json = json || (matches == 0 && !logfmt);
        options(FormatParts { json, logfmt, ..parts(starts, &patterns[..matches]) })
    }

    proptest! {
        #[test]
        fn nothing_depends_on_the_size_of_chunks(
            of in any_parts(),
            pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..60),
            chunk_bytes in 1_usize..60,
        ) {
            // The reader refuses text with zero bytes.
            let log = pieces.concat().replace('\0', "");
            let options = made(of);
            let format = options.own_formats.named("own").cloned().map(Format::own);
            let whole = ReadOptions { format, ..options };
            let parts = ReadOptions { chunk_bytes, ..whole.clone() };
            prop_assert_eq!(read_with(&parts, &log, "n"), read_with(&whole, &log, "n"));
        }

        #[test]
        fn all_bytes_can_be_parsed(of in any_parts(), bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let options = made(of);
            let own = options.own_formats.named("own").expect("the only format");
            let rules = StampRules::utc(Timestamp::UNIX_EPOCH);
            let records = OwnRecords::new(own, &rules);
            records.json(&bytes, &rules);
            if let Some(header) = records.header(&bytes, &rules) {
                prop_assert!(header.message.len() <= bytes.len());
            }
            records.field_names(&bytes);
            records.fits_most(&bytes);
        }
    }
}
