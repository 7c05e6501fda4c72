//! The format of one source, which is detected once, from the beginning of the source.

use super::header::Header;
use super::json_object::Json;
use super::spec::{Format, LogFormat, OpenRecord, Sample};
use super::{console, trace, transcript};
use crate::log::timestamp::StampRules;

/// A record, as far as it could be parsed.
#[derive(Debug)]
pub(in crate::log) enum ParsedRecord<'a> {
    /// A record in the format of its source.
    Headed(Header<'a>),
    Json(Json),
    /// A record in another format than its source, such as the message of a compiler in a syslog; or a record of a
    /// source whose format has no headers.
    Foreign(Header<'a>),
    /// A record in no known format: all of it is the message.
    Bare,
}

/// How one source is written: the format of most of its records, and what was found out about the source.
#[derive(Debug)]
pub(crate) struct SourceFormat {
    pub(crate) format: Format,
    main: Box<dyn LogFormat>,
    /// Whether an indented line belongs to the record before it. False if the first line is indented, as in an excerpt
    /// that was pasted with its indentation.
    indent_continues: bool,
    /// A stamp without a year is read as at most a day after this instant.
    pub(in crate::log) rules: StampRules,
}

impl SourceFormat {
    /// Detects the format of the source that begins with `head`: it is `given`, if the user stated it, or else the
    /// first format that fits. `rules` is the latest plausible time of a record.
    pub(crate) fn detect(head: &[u8], rules: StampRules, given: Option<Format>) -> SourceFormat {
        let sample = Sample::new(head, &rules);
        let first_byte = head.iter().find(|byte| !b"\r\n".contains(byte));
        let indent_continues = !matches!(first_byte, Some(b' ' | b'\t'));
        let tried = given.as_slice();
        let tried = if tried.is_empty() { Format::ALL } else { tried };
        let mut detected = tried.iter().map(|format| (*format, format.detect(&sample)));
        let (format, main) = detected
            .find(|(_, detected)| detected.fits || given.is_some())
            .map(|(format, detected)| (format, detected.format))
            .expect("any source is plain text");
        SourceFormat { format, main, indent_continues, rules }
    }

    /// Whether records begin with a stamp.
    pub(in crate::log) fn is_stamped(&self) -> bool {
        self.main.is_stamped()
    }

    /// Whether texts may contain escapes (such as `\"`), so that the bytes of a message may differ from those in its
    /// record.
    pub(in crate::log) fn has_escapes(&self) -> bool {
        self.main.has_escapes()
    }

    /// Whether the source contains JSON documents other than one record a line.
    pub(in crate::log) fn has_documents(&self) -> bool {
        self.main.has_documents()
    }

    /// Notes in `open` what `line`, a complete line of the record that is being read, says about whether the next line
    /// belongs to the record too.
    pub(in crate::log) fn read_line(&self, open: &mut OpenRecord, line: &[u8]) {
        self.main.read_line(open, line);
    }

    /// Whether the line at the beginning of `rest`, which is not empty, belongs to the record that is being read.
    pub(in crate::log) fn continues(&self, open: OpenRecord, rest: &[u8]) -> bool {
        self.main.continues(open, rest, self.indent_continues)
    }

    /// Parses `record` in the format of its source; if that fails, as a line of a dialog, a message of a compiler or a
    /// stack trace, which occur in any source.
    pub(in crate::log) fn parse<'a>(&self, record: &'a [u8]) -> ParsedRecord<'a> {
        if let Some(json) = self.main.json(record, &self.rules) {
            return ParsedRecord::Json(json);
        }
        if let Some(header) = self.main.header(record, &self.rules) {
            return ParsedRecord::Headed(header);
        }
        let foreign = transcript::header(record).or_else(|| console::header(record)).or_else(|| trace::header(record));
        foreign.map_or(ParsedRecord::Bare, ParsedRecord::Foreign)
    }

    /// Returns the field `name` of the line of text that a JSON record contains, in a source such as a Docker log whose
    /// records wrap the lines of a program in JSON.
    pub(in crate::log) fn wrapped_field<'j>(&self, json: &'j Json, name: &str) -> Option<&'j [u8]> {
        self.main.wrapped_field(json, name, &self.rules)
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
    }
}
