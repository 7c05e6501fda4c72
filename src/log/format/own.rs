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
    let records = OwnRecords::new(own, sample.rules);
    let has_start = sample.lines.is_empty() || sample.lines.iter().any(|line| begins(own.starts_with(), line));
    Detected::new(OwnRecords { uses_starts: records.uses_starts && has_start, ..records }, true)
}

/// Records in an own format.
#[derive(Debug)]
struct OwnRecords {
    own: Arc<OwnFormat>,
    rules: StampRules,
    /// Whether `starts_with` says where records begin. False if none of the first lines begins so: all lines would be one
    /// record then.
    uses_starts: bool,
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
        json.with_names(&self.own)
    }

    fn continues(&self, open: OpenRecord, rest: &[u8], indent_continues: bool) -> bool {
        match self.uses_starts {
            true => !begins(self.own.starts_with(), rest),
            false => open.takes_line(rest, indent_continues, self.is_stamped()),
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
        let uses_starts = !own.starts_with().is_empty();
        OwnRecords { own: Arc::clone(own), rules: rules.clone(), uses_starts }
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
mod tests;
