//! Records of loggers as XML: those of log4j 1 and 2, of NLog, of `java.util.logging`, and the alert log of Oracle.

use super::event_xml::{attribute, inside, tag};
use super::header::{Header, Quoting};
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord};
use crate::log::timestamp::{FoundStamp, StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "logger_xml",
    about: "records of log4j, NLog, java.util.logging and Oracle's alert log as XML",
    example: "<log4j:event logger=\"a.App\" timestamp=\"1445191307123\" level=\"ERROR\" thread=\"main\">\n\
              <log4j:message><![CDATA[no space left on device]]></log4j:message>\n</log4j:event>",
    detect: |sample| {
        let mut first = sample.lines.iter().filter(|line| !LoggerXml.is_heading(line)).take(SEARCHED_LINES);
        let begins = first.any(|line| begins_record(line));
        Detected::new(LoggerXml, begins && sample.head.split(|byte| *byte == b'\n').any(names_level))
    },
});

/// The first record is searched for in this number of lines.
const SEARCHED_LINES: usize = 5;

/// The elements of a record: of log4j 1 and NLog, of log4j 2, of java.util.logging, and of Oracle.
const RECORDS: [&[u8]; 4] = [b"log4j:event", b"Event", b"record", b"msg"];

#[derive(Debug)]
struct LoggerXml;

impl LogFormat for LoggerXml {
    fn has_escapes(&self) -> bool {
        true
    }

    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let record = record.trim_ascii();
        begins_record(record).then_some(())?;
        let event = RECORDS.iter().find_map(|name| tag(record, name))?;
        let in_tag = |names: &[&[u8]]| names.iter().find_map(|name| attribute(event, name));
        let in_element = |names: &[&[u8]]| names.iter().find_map(|name| inside(record, name));
        let time = in_tag(&[b"timestamp", b"timeMillis", b"time"]).or_else(|| in_element(&[b"millis", b"date"]));
        let level = match attribute(event, b"type") {
            Some(kind) => oracle_level(kind),
            None => in_tag(&[b"level"]).or_else(|| in_element(&[b"level"])),
        };
        let text = in_element(&[b"log4j:message", b"Message", b"message", b"txt"]);
        let data = text.and_then(|text| text.strip_prefix(b"<![CDATA[")?.strip_suffix(b"]]>"));
        Some(Header {
            stamp: time.and_then(|time| stamp_at(time, 0, rules)).or_else(|| instant(record, rules)),
            program: in_tag(&[b"logger", b"loggerName"]).or_else(|| in_element(&[b"logger"])),
            level,
            message: data.or(text).unwrap_or_default(),
            quoting: if data.is_some() { Quoting::None } else { Quoting::Markup },
            ..Header::default()
        })
    }

    /// The document around the records.
    fn is_heading(&self, line: &[u8]) -> bool {
        let line = line.trim_ascii();
        let starts = [&b"<?xml"[..], b"<!DOCTYPE", b"<log>", b"</log>", b"<Events", b"</Events>", b"<log4j:eventSet"];
        starts.iter().any(|start| line.starts_with(start))
    }

    fn continues(&self, _open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        !begins_record(rest)
    }
}

/// Reads the time of log4j 2 in an element of its own, to the second.
fn instant(record: &[u8], rules: &StampRules) -> Option<FoundStamp> {
    let element = tag(record, b"Instant")?;
    stamp_at(attribute(element, b"epochSecond")?, 0, rules)
}

/// Returns the level that the type of a message of Oracle means. Its attribute `level` is a number for who shall read it.
fn oracle_level(kind: &[u8]) -> Option<&'static [u8]> {
    match kind {
        b"ERROR" | b"INCIDENT_ERROR" => Some(b"error"),
        b"WARNING" => Some(b"warning"),
        b"NOTIFICATION" => Some(b"notice"),
        _ => None,
    }
}

fn begins_record(text: &[u8]) -> bool {
    let indent = text.iter().take_while(|byte| b" \t".contains(byte)).count();
    let name = text[indent..].strip_prefix(b"<");
    name.is_some_and(|rest| {
        RECORDS.iter().any(|name| rest.strip_prefix(*name).is_some_and(|after| matches!(after, [b' ' | b'>', ..])))
    })
}

/// Whether `line` names the level of a record, which tells these records from other XML.
fn names_level(line: &[u8]) -> bool {
    let is_attribute =
        || RECORDS.iter().any(|name| tag(line, name).is_some_and(|tag| attribute(tag, b"level").is_some()));
    let line = line.trim_ascii_start();
    line.starts_with(b"<level>") || line.starts_with(b"<txt>") || (begins_record(line) && is_attribute())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns time, program, level and message.
    #[track_caller]
    fn check(record: &str, expected: [&str; 4]) {
        let header = LoggerXml.header(record.as_bytes(), &StampRules::default()).expect("a record");
        let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
        let time = header.stamp.as_ref().map_or("-".to_owned(), |stamp| stamp.time.to_string());
        let message = String::from_utf8_lossy(&header.quoting.unescape(header.message)).into_owned();
        assert_eq!([time, text(header.program), text(header.level), message], expected.map(str::to_owned), "{record}");
    }

    #[test]
    fn records_of_each_logger_are_read() {
        check(
            "<log4j:event logger=\"a.App\" timestamp=\"1445191307123\" level=\"ERROR\" thread=\"main\">\n\
             <log4j:message><![CDATA[no <b> & c]]></log4j:message>\n</log4j:event>",
            ["2015-10-18T18:01:47.123Z", "a.App", "ERROR", "no <b> & c"],
        );
        check(
            "<Event xmlns=\"http://x\" thread=\"main\" level=\"WARN\" loggerName=\"a.App\">\n\
             <Instant epochSecond=\"1445191307\" nanoOfSecond=\"5\"/>\n<Message>a &lt; b</Message>\n</Event>",
            ["2015-10-18T18:01:47Z", "a.App", "WARN", "a < b"],
        );
        check(
            "<record>\n  <date>2001-04-17T02:00:31.5Z</date>\n  <logger>a.App</logger>\n  <level>SEVERE</level>\n  \
             <message>no disk</message>\n</record>",
            ["2001-04-17T02:00:31.5Z", "a.App", "SEVERE", "no disk"],
        );
    }

    #[test]
    fn the_alert_log_of_oracle_is_read() {
        check(
            "<msg time='2015-10-18T18:01:47.978+02:00' comp_id='rdbms'\n type='INCIDENT_ERROR' level='1'>\n <txt>ORA-600\n </txt>\n</msg>",
            ["2015-10-18T16:01:47.978Z", "-", "error", "ORA-600"],
        );
        check(
            "<msg time='2015-10-18T18:01:47Z' type='UNKNOWN' level='16'>\n <txt>up</txt>\n</msg>",
            ["2015-10-18T18:01:47Z", "-", "-", "up"],
        );
    }

    #[test]
    fn other_texts_are_left() {
        for text in ["<records>", "<Event", "plain", "", "<eventing level=\"x\">"] {
            assert_eq!(LoggerXml.header(text.as_bytes(), &StampRules::default()), None, "{text}");
        }
        assert!(!names_level(b"<Event xmlns='x'><System><Level>2</Level></System></Event>"));
    }
}
