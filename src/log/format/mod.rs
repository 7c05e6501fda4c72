//! The formats of records: which one a source has, and what stands before the message of a record.

mod dated;
mod json;
mod level;
mod syslog;
mod windows_event;

use jiff::Timestamp;

pub(super) use json::Json;
pub use json::Step;
pub use level::Level;

use super::timestamp::FoundStamp;

/// How the records of a source are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Lines of which nothing is known.
    Plain,
    /// A stamp of any kind, then maybe a level, a thread and a logger, then the message.
    Dated,
    /// RFC 5424, RFC 3164, and the latter with ISO stamps.
    Syslog,
    /// One JSON object a line.
    JsonLines,
    /// Blocks as the Windows event viewer copies them: `Event Type:`, `Event Source:` …, `Description:`.
    WindowsEvent,
}

impl Format {
    /// All formats, in the order in which they are tried: the more specific first.
    pub const ALL: [Format; 5] =
        [Format::JsonLines, Format::WindowsEvent, Format::Syslog, Format::Dated, Format::Plain];

    /// The name used by `--log-format`, `on` and reports.
    pub fn name(self) -> &'static str {
        match self {
            Format::Plain => "plain",
            Format::Dated => "dated",
            Format::Syslog => "syslog",
            Format::JsonLines => "json",
            Format::WindowsEvent => "windows_event",
        }
    }

    /// The format of that name.
    pub fn by_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// What stands before the message of a record, as far as it is there.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Header<'a> {
    pub(super) stamp: Option<FoundStamp>,
    pub(super) host: Option<&'a [u8]>,
    pub(super) program: Option<&'a [u8]>,
    pub(super) pid: Option<&'a [u8]>,
    /// As written.
    pub(super) level: Option<&'a [u8]>,
    pub(super) event_id: Option<&'a [u8]>,
    /// What is left, blanks at the ends taken off. What was taken for a host, program or level without certainty is part of
    /// it.
    pub(super) message: &'a [u8],
    /// What is worth searching for, where that is less than the message.
    pub(super) gist: Option<&'a [u8]>,
}

/// How one source is written: found once, from its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) format: Format,
    /// Words before the stamp of a dated source.
    stamp_column: usize,
    /// Whether an indented line belongs to the record before. It says nothing where the first line is indented, as in
    /// an excerpt that was pasted with its margin.
    indent_continues: bool,
    /// No record is taken to be younger, give or take a day.
    newest: Timestamp,
}

/// Lines that are looked at to find the format.
const SAMPLED_LINES: usize = 200;

impl Layout {
    /// Bytes after a line end that [`Layout::continues`] may look at.
    pub(crate) const LOOK_AHEAD: usize = windows_event::FIRST_FIELD.len();

    /// The layout of the source that begins with `head`; its format is `given`, or the first that fits a good half of
    /// the lines that are not indented.
    pub(crate) fn detect(head: &[u8], newest: Timestamp, given: Option<Format>) -> Layout {
        let lines: Vec<&[u8]> = sampled_lines(head).collect();
        let stamp_column = dated::usual_column(&lines, newest);
        let first_line = head.iter().position(|byte| !b"\r\n".contains(byte)).map(|at| head[at]);
        let indent_continues = !matches!(first_line, Some(b' ' | b'\t'));
        let mut layout = Layout { format: Format::Plain, stamp_column, indent_continues, newest };
        let fits = |layout: &Layout| lines.iter().filter(|line| layout.fits(line)).count() * 2 > lines.len();
        for format in given.map_or(Format::ALL.to_vec(), |given| vec![given]) {
            layout.format = format;
            if fits(&layout) {
                break;
            }
        }
        layout
    }

    /// Whether the line that `rest` begins with belongs to the record before it.
    pub(crate) fn continues(&self, rest: &[u8]) -> bool {
        match (self.format, rest.first()) {
            (Format::WindowsEvent, _) => !rest.starts_with(windows_event::FIRST_FIELD),
            (_, Some(b'\n' | b'\r')) => true,
            (_, Some(b' ' | b'\t')) => self.indent_continues,
            // The one line of a Java stack trace that is not indented.
            _ => rest.starts_with(b"Caused by:"),
        }
    }

    /// What stands before the message of `record`; `None` if the record is not written as its source usually is.
    pub(super) fn header<'a>(&self, record: &'a [u8]) -> Option<Header<'a>> {
        match self.format {
            Format::Plain | Format::JsonLines => None,
            Format::Dated => dated::header(record, self.stamp_column, self.newest),
            Format::Syslog => syslog::header(record, self.newest),
            Format::WindowsEvent => windows_event::header(record, self.newest),
        }
    }

    /// The object that `record` is.
    pub(super) fn json(&self, record: &[u8]) -> Option<Json> {
        (self.format == Format::JsonLines).then(|| Json::parse(record, self.newest)).flatten()
    }

    fn fits(&self, line: &[u8]) -> bool {
        match self.format {
            Format::Plain => true,
            Format::JsonLines => Json::parse(line, self.newest).is_some(),
            Format::WindowsEvent => windows_event::is_field(line),
            Format::Syslog => syslog::header(line, self.newest).is_some_and(|header| header.program.is_some()),
            Format::Dated => self.header(line).is_some(),
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

/// The first word of `text` and what follows the blanks after it; `None` when there is none.
fn split_word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    (end > 0).then(|| (&text[..end], text[end..].trim_ascii_start()))
}

/// `sshd(pam_unix)[123]: rest`, taken apart.
struct Tagged<'a> {
    program: &'a [u8],
    pid: Option<&'a [u8]>,
    rest: &'a [u8],
}

impl<'a> Tagged<'a> {
    /// Takes `text` apart if it begins with a program's name. The colon may be missing after a pid only.
    fn split(text: &'a [u8]) -> Option<Self> {
        let name_byte = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-/()$@+#*".contains(byte) || !byte.is_ascii();
        let end = text.iter().position(|byte| !name_byte(byte))?;
        let (program, rest) = text.split_at(end);
        if !program.iter().any(u8::is_ascii_alphabetic) {
            return None;
        }
        let (pid, after) = match rest {
            [b'[', rest @ ..] => {
                let close = rest.iter().position(|byte| *byte == b']')?;
                let (pid, after) = (&rest[..close], &rest[close + 1..]);
                (Some(pid).filter(|pid| pid.iter().all(u8::is_ascii_digit)), after.strip_prefix(b":").unwrap_or(after))
            }
            [b':', after @ ..] => (None, after),
            _ => return None,
        };
        let is_tag = (pid.is_some() || rest[0] == b':') && after.first().is_none_or(u8::is_ascii_whitespace);
        is_tag.then(|| Tagged { program, pid, rest: after.trim_ascii_start() })
    }
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
        check("Event Type:\tError\nEvent ID:\t1\nDescription:\n", Format::WindowsEvent);
        check("Jun 14 15:16:01 combo sshd[1]: x\n\tindented\n\tindented\n", Format::Syslog);
        check("<34>1 2003-10-11T22:14:15.003Z host su - ID47 - x\n", Format::Syslog);
        check("2015-10-18 18:01:47,978 INFO [main] a.B: x\n", Format::Dated);
        check("2024-01-01T00:00:00Z ERROR app: x\n", Format::Dated);
        check("    Jun 14 15:16:01 combo sshd[1]: x\n", Format::Syslog);
        check("one\ntwo 2015-10-18 18:01:47\nthree\nfour\n", Format::Plain);
    }

    #[test]
    fn names_lead_back_to_formats() {
        for format in Format::ALL {
            assert_eq!(Format::by_name(format.name()), Some(format));
        }
        assert_eq!(Format::by_name("levle"), None);
    }

    #[test]
    fn programs_are_told_from_words() {
        let program =
            |text: &'static str| Tagged::split(text.as_bytes()).map(|tagged| std::str::from_utf8(tagged.program));
        assert_eq!(program("sshd(pam_unix)[19939]: x"), Some(Ok("sshd(pam_unix)")));
        assert_eq!(program("com.apple.xpc.launchd[1] (x)"), Some(Ok("com.apple.xpc.launchd")));
        assert_eq!(program("kernel: x"), Some(Ok("kernel")));
        assert_eq!(program("http://x"), None);
        assert_eq!(program("12: x"), None);
        assert_eq!(program("two words: x"), None);
        assert_eq!(program(""), None);
    }
}
