//! How one source is written: found once, from its beginning.

use jiff::Timestamp;

use super::header::Header;
use super::table::{Columns, is_open_after};
use super::trace::Inside;
use super::{
    Format, Json, access, cluster, console, cri, dated, event_export, klog, logfmt, syslog, trace, transcript, w3c,
    windows_event,
};

/// How one source is written: found once, from its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) format: Format,
    /// Words before the stamp of a dated source.
    stamp_column: usize,
    /// What the blocks of Windows events begin with.
    first_field: &'static [u8],
    /// Of a source that is a table.
    columns: Option<Columns>,
    /// Whether an indented line belongs to the record before. It says nothing where the first line is indented, as in
    /// an excerpt that was pasted with its margin.
    indent_continues: bool,
    /// No record is taken to be younger, give or take a day.
    newest: Timestamp,
}

/// What the lines of the open record tell about the line after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::log) struct Open {
    /// A field in quotes is open.
    quoted: bool,
    trace: Inside,
}

/// Lines that are looked at to find the format.
const SAMPLED_LINES: usize = 200;

impl Layout {
    /// Bytes after a line end that [`Layout::continues`] may look at.
    pub(crate) const LOOK_AHEAD: usize = 64;

    /// The layout of the source that begins with `head`; its format is `given`, or the first that fits.
    pub(crate) fn detect(head: &[u8], newest: Timestamp, given: Option<Format>) -> Layout {
        let lines: Vec<&[u8]> = sampled_lines(head).collect();
        let first_line = head.iter().position(|byte| !b"\r\n".contains(byte)).map(|at| head[at]);
        let plain = Layout {
            format: Format::Plain,
            stamp_column: dated::usual_column(&lines, newest),
            first_field: windows_event::FIRST_FIELDS[0],
            columns: None,
            indent_continues: !matches!(first_line, Some(b' ' | b'\t')),
            newest,
        };
        match given {
            Some(format) => plain.clone().fitted(format, &lines).unwrap_or(plain.unfitted(format)),
            None => Format::ALL.into_iter().find_map(|format| plain.clone().fitted(format, &lines)).unwrap_or(plain),
        }
    }

    /// The layout of a source of that format, if the lines at its beginning are.
    fn fitted(self, format: Format, lines: &[&[u8]]) -> Option<Layout> {
        let layout = Layout { format, ..self };
        match format {
            Format::Plain => Some(layout),
            Format::WindowsEvent => {
                windows_event::first_field(lines).map(|first_field| Layout { first_field, ..layout })
            }
            Format::EventExport => {
                let columns = event_export::columns(lines.first()?, layout.newest)?;
                Some(Layout { columns: Some(columns), ..layout })
            }
            Format::W3c => Some(Layout { columns: Some(w3c::columns(lines)?), ..layout }),
            Format::JsonLines
            | Format::Logfmt
            | Format::Access
            | Format::Klog
            | Format::Cluster
            | Format::Cri
            | Format::Syslog
            | Format::Dated
            | Format::Transcript
            | Format::Console => {
                let records = || lines.iter().filter(|line| !format.is_stamped() || !trace::is_part(line));
                let fitting = records().filter(|line| layout.fits(line)).count();
                (fitting * 2 > records().count()).then_some(layout)
            }
        }
    }

    /// The layout of a source that is said to be of that format and does not look it.
    fn unfitted(self, format: Format) -> Layout {
        let columns = (format == Format::EventExport).then(event_export::usual_columns);
        Layout { format, columns, ..self }
    }

    /// Takes note of `line`, which is whole and belongs to the open record.
    pub(in crate::log) fn read_line(&self, open: &mut Open, line: &[u8]) {
        if let (Format::EventExport, Some(columns)) = (self.format, &self.columns) {
            open.quoted = is_open_after(line, columns.separator, open.quoted);
        }
        open.trace = open.trace.after(line);
    }

    /// Whether the line that `rest` begins with belongs to the open record.
    pub(in crate::log) fn continues(&self, open: Open, rest: &[u8]) -> bool {
        match (self.format, rest.first()) {
            (Format::WindowsEvent, _) => !rest.starts_with(self.first_field),
            (Format::EventExport, Some(first)) => {
                let begins_row = || {
                    let columns = self.columns.as_ref();
                    let line = &rest[..rest.len().min(Self::LOOK_AHEAD)];
                    columns.is_some_and(|columns| event_export::begins_row(line, columns, self.newest))
                };
                b"\r\n".contains(first) || (open.quoted && !(first.is_ascii_digit() && begins_row()))
            }
            (_, Some(b'\n' | b'\r')) => true,
            (_, Some(b' ' | b'\t')) => self.indent_continues,
            // A JSON record ends with its line.
            (Format::JsonLines, Some(_)) => open.trace.continues(rest, false),
            (_, Some(_)) => open.trace.continues(rest, self.format.is_stamped()),
            (_, None) => false,
        }
    }

    /// What stands before the message of `record`; `None` if the record is not written as its source usually is.
    pub(in crate::log) fn header<'a>(&self, record: &'a [u8]) -> Option<Header<'a>> {
        match self.format {
            Format::Plain | Format::Transcript | Format::Console | Format::JsonLines => None,
            Format::Dated => dated::header(record, self.stamp_column, self.newest),
            Format::Syslog => syslog::header(record, self.newest),
            Format::WindowsEvent => windows_event::header(record, self.newest),
            Format::EventExport => event_export::header(self.columns.as_ref()?, record, self.newest),
            Format::W3c => w3c::header(self.columns.as_ref()?, record, self.newest),
            Format::Logfmt => logfmt::header(record, self.newest),
            Format::Access => access::header(record, self.newest),
            Format::Cluster => cluster::header(record, self.newest),
            Format::Klog => klog::header(record, self.newest),
            Format::Cri => cri::header(record, self.newest),
        }
    }

    /// What a record says that is not written as its source usually is, or whose source has no header: a line of a dialog,
    /// a message of a compiler, a stack trace.
    pub(in crate::log) fn foreign_header<'a>(&self, record: &'a [u8]) -> Option<Header<'a>> {
        transcript::header(record).or_else(|| console::header(record)).or_else(|| trace::header(record))
    }

    /// A field of `record` under the name that its source gives it.
    pub(in crate::log) fn named<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        match (self.format, &self.columns) {
            (Format::EventExport | Format::W3c, Some(columns)) => columns.named(record, name),
            (Format::Logfmt, _) => logfmt::named(record, name),
            _ => None,
        }
    }

    /// The names by which [`named`](Self::named) knows the fields of `record`.
    pub(in crate::log) fn names(&self, record: &[u8]) -> Vec<String> {
        match (self.format, &self.columns) {
            (Format::EventExport | Format::W3c, Some(columns)) => {
                columns.names.iter().map(|name| callable(name)).collect()
            }
            (Format::Logfmt, _) => logfmt::keys(record).map(callable).collect(),
            _ => Vec::new(),
        }
    }

    /// The object that `record` is.
    pub(in crate::log) fn json(&self, record: &[u8]) -> Option<Json> {
        (self.format == Format::JsonLines).then(|| Json::parse(record, self.newest)).flatten()
    }

    /// Whether most lines are like this one, of a source in which all lines are alike.
    fn fits(&self, line: &[u8]) -> bool {
        match self.format {
            Format::JsonLines => Json::parse(line, self.newest).is_some(),
            Format::Syslog => syslog::header(line, self.newest).is_some_and(|header| header.program.is_some()),
            Format::Transcript => transcript::header(line).is_some(),
            Format::Console => console::header(line).is_some(),
            Format::Plain
            | Format::WindowsEvent
            | Format::EventExport
            | Format::W3c
            | Format::Logfmt
            | Format::Access
            | Format::Klog
            | Format::Cluster
            | Format::Cri
            | Format::Dated => self.header(line).is_some(),
        }
    }
}

/// Whole lines that are neither empty nor indented; all of them, if each is indented.
fn sampled_lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = || head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end).filter(|line| !line.is_empty());
    let margin = lines().all(|line| line[0].is_ascii_whitespace());
    lines()
        .filter(move |line| margin || !line[0].is_ascii_whitespace())
        .map(<[u8]>::trim_ascii_start)
        .take(SAMPLED_LINES)
}

/// The name of a column or key as rules write it.
fn callable(name: &[u8]) -> String {
    let name = name.strip_suffix(b")").unwrap_or(name);
    name.iter().map(|byte| if byte.is_ascii_alphanumeric() { char::from(*byte) } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, format: Format) {
        assert_eq!(Layout::detect(head.as_bytes(), Timestamp::UNIX_EPOCH, None).format, format, "{head}");
    }

    #[test]
    fn the_format_is_what_most_lines_are() {
        check("", Format::Plain);
        check("just words\nand more\n", Format::Plain);
        check("{\"a\":1}\n{\"a\":2}\nnot json\n", Format::JsonLines);
        check(
            "4/17/2001,2:00:31 AM,Disk,Error,None,7,N/A,HOST1,\"A bad block\n\n1, 2, 3\nof it\n\"",
            Format::EventExport,
        );
        check("4/17/2001,2:00:31 AM,Disk,broken,None,7,N/A,HOST1,A bad block", Format::Plain);
        check("Level\tDate and Time\tSource\tEvent ID\tTask Category\n", Format::EventExport);
        check("Event Type:\tError\nEvent ID:\t1\nDescription:\n", Format::WindowsEvent);
        check("Jun 14 15:16:01 combo sshd[1]: x\n\tindented\n\tindented\n", Format::Syslog);
        check("<34>1 2003-10-11T22:14:15.003Z host su - ID47 - x\n", Format::Syslog);
        check("2015-10-18 18:01:47,978 INFO [main] a.B: x\n", Format::Dated);
        check("2024-01-01T00:00:00Z ERROR app: x\n", Format::Dated);
        check("    Jun 14 15:16:01 combo sshd[1]: x\n", Format::Syslog);
        let java = "2024-01-01 10:00:00 ERROR a.B: no\njava.io.IOException: no\n\tat a.B(B.java:1)\nCaused by: x\nat a.C(D.java:2)\n";
        check(&java.repeat(9), Format::Dated);
        check("C: EHLO a\nS: 250 Hello\nC: QUIT\n", Format::Transcript);
        check("a.c(1) : error C2065: x\na.c(2) : error C2065: y\nLINK : fatal error LNK1181: z\n", Format::Console);
        check("one\ntwo 2015-10-18 18:01:47\nthree\nfour\n", Format::Plain);
    }
}
