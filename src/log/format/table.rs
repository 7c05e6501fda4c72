//! Tables whose first row names the columns, as programs export them: fields between commas, tabs, semicolons or
//! bars.
//!
//! A table is recognised by a column for the time. Text may come before the row of names, as in the logs of DHCP servers.

use super::columns::{Columns, Role, fields, is_open_after};
use super::header::Header;
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord, Sample};
use super::windows_words::level_word;
use crate::log::timestamp::StampRules;

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "table",
    about: "rows of fields between commas, tabs, semicolons or bars, under a row that names the columns",
    example: "timestamp,level,service,message\n2001-04-17T02:00:31Z,ERROR,api,\"no space left on device\"",
    detect: |sample| {
        let found = Table::find(sample);
        let fits = found.is_some();
        Detected::new(found.unwrap_or_default(), fits)
    },
});

#[derive(Debug, Default)]
struct Table {
    /// `None` if the source names none, but the user stated this format.
    columns: Option<Columns>,
    /// The row that names the columns, and the lines before it.
    headings: Vec<Vec<u8>>,
}

impl LogFormat for Table {
    fn has_escapes(&self) -> bool {
        true
    }

    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let header = self.columns.as_ref()?.row(record, rules)?;
        Some(Header { level: header.level.map(level_word), ..header })
    }

    fn is_heading(&self, line: &[u8]) -> bool {
        let is_indented = line.first().is_none_or(|byte| b" \t\r\n".contains(byte));
        let line = line.trim_ascii();
        is_indented || self.headings.iter().any(|heading| heading == line)
    }

    fn read_line(&self, open: &mut OpenRecord, line: &[u8]) {
        if let Some(columns) = &self.columns {
            open.quoted = is_open_after(line, columns.separator, open.quoted);
        }
    }

    fn continues(&self, open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        open.quoted || rest.first().is_some_and(|byte| b"\r\n".contains(byte))
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        self.columns.as_ref()?.field(record, name)
    }

    fn field_names(&self, _record: &[u8]) -> Vec<String> {
        self.columns.as_ref().map_or_else(Vec::new, Columns::names_in_rules)
    }
}

/// The bytes that may separate fields.
const SEPARATORS: &[u8] = b",\t;|";

/// The row that names the columns is searched for in this number of lines.
const SEARCHED_LINES: usize = 60;

/// The longest name of a column, in bytes.
const MAX_NAME_BYTES: usize = 64;

/// Names of columns in lower case, with blanks for other marks, by role. If several columns have a role, the name that
/// comes first here decides. Any other column is a field under its own name.
#[rustfmt::skip]
const NAMES: &[(Role, &[&str])] = &[
    (Role::Date, &[
        "timestamp", " timestamp", " time", "datetime", "date time", "date and time", "timegenerated",
        "timegenerated  utc", "timestamp  utc", "timestamp utc", "time  utc", "eventtime", "event time", "log time",
        "logtime", "created at", "createdat", "created", "start time", "starttime", "start", "ts", "date", "logdate",
        "zeitstempel", "datum", "horodatage", "fecha", "data",
    ]),
    (Role::Time, &["time", "uhrzeit", "zeit", "heure", "hora", "ora", "tijd"]),
    (Role::Level, &[
        "level", "severity", "log level", "loglevel", "lvl", "severitylevel", "severity level", "schweregrad",
        "schwere", "ebene", "niveau", "nivel", "livello",
    ]),
    (Role::Program, &[
        "service", "service name", "program", "logger", "logger name", "application", "app", "component", "module",
        "process", "process name", "container", "source",
    ]),
    (Role::Pid, &["pid", "process id", "processid"]),
    (Role::Host, &["host", "hostname", "server", "computer", "machine", "node", "instance"]),
    (Role::Reply, &["status code", "statuscode", "http status", "response code", "sc status", "status", "code"]),
    (Role::Message, &[
        "message", " message", "msg", "text", "log", "body", " raw", "line", "content", "description", "details",
        "event", "meldung", "nachricht", "beschreibung", "mensaje", "mensagem", "messaggio", "bericht",
    ]),
];

/// The first columns of the logs of Windows DHCP servers.
const DHCP: &[u8] = b"ID,Date,Time,Description,";

impl Table {
    /// Finds the row that names the columns. The row after it, if there is one, must fit.
    fn find(sample: &Sample<'_>) -> Option<Table> {
        let lines = &sample.lines;
        (0..lines.len().min(SEARCHED_LINES)).find_map(|at| {
            let columns = SEPARATORS.iter().find_map(|separator| columns(lines[at], *separator))?;
            let row = lines.get(at + 1).map(|row| columns.header(row, sample.rules));
            let fits = match row {
                Some(row) => row.is_some_and(|row| row.stamp.is_some()),
                None => at == 0 && columns.roles.iter().flatten().count() > 2,
            };
            let headings = lines[..=at].iter().map(|line| line.to_vec()).collect();
            fits.then_some(Table { columns: Some(columns), headings })
        })
    }
}

/// Reads `line` as a row that names the columns; `None` if it is not one.
fn columns(line: &[u8], separator: u8) -> Option<Columns> {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let names: Vec<Vec<u8>> = fields(line, separator).map(|field| field.text.to_vec()).collect();
    if names.len() < 3 || !names.iter().all(|name| is_name(name)) {
        return None;
    }
    let mut columns = Columns::named(names, separator, |_| None);
    for (role, known) in NAMES {
        let plain: Vec<String> = columns.names.iter().map(|name| plain(name)).collect();
        let column = known.iter().find_map(|known| plain.iter().position(|name| name == known));
        if let Some(column) = column {
            columns.roles[column] = columns.roles[column].or(Some(*role));
        }
    }
    columns.month_first = line.starts_with(DHCP);
    (columns.has(Role::Date) || columns.has(Role::Time)).then_some(columns)
}

/// Whether `text` may be the name of a column: it begins with a letter or a mark, and is short.
fn is_name(text: &[u8]) -> bool {
    text.len() <= MAX_NAME_BYTES && text.first().is_none_or(|byte| !byte.is_ascii_digit() && *byte != b'{')
}

/// Returns the name of a column in lower case, with a blank for each mark.
fn plain(name: &[u8]) -> String {
    let letter = |byte: &u8| if byte.is_ascii_alphanumeric() { char::from(byte.to_ascii_lowercase()) } else { ' ' };
    let name = name.strip_suffix(b")").or_else(|| name.strip_suffix(b"]")).unwrap_or(name);
    name.iter().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Option<Table> {
        Table::find(&Sample::new(text.as_bytes(), &StampRules::default()))
    }

    /// Checks time, level, program and message of the last line of `text`, which has a row of names.
    #[track_caller]
    fn check(text: &str, expected: [&str; 4]) {
        let found = table(text).expect("a table");
        let row = text.lines().last().expect("a row");
        let header = found.header(row.as_bytes(), &StampRules::default()).expect("a row");
        let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
        let time = header.stamp.as_ref().map_or("-".to_owned(), |stamp| stamp.time.to_string());
        assert_eq!([time, text(header.level), text(header.program), text(Some(header.message))], expected);
    }

    #[test]
    fn the_first_row_names_the_columns() {
        check(
            "timestamp,level,service,message\n2001-04-17T02:00:31Z,ERROR,api,\"no disk, really\"",
            ["2001-04-17T02:00:31Z", "ERROR", "api", "no disk, really"],
        );
        check(
            "Date;Time;User;Text\n2001-04-17;02:00:31;bob;logged in",
            ["2001-04-17T02:00:31Z", "-", "-", "logged in"],
        );
        check(
            "\"_time\",\"host\",\"status\"\n2001-04-17T02:00:31Z,a,503",
            ["2001-04-17T02:00:31Z", "error", "-", "2001-04-17T02:00:31Z,a,503"],
        );
        check(
            "Datum;Uhrzeit;Schwere;Meldung\n17.04.2001;02:00:31;Fehler;kaputt",
            ["2001-04-17T02:00:31Z", "error", "-", "kaputt"],
        );
        check(
            "Severity\tStart Time\tTime\tx\nwarn\t2001-04-17 02:00:31\t5\ty",
            ["2001-04-17T02:00:31Z", "warn", "-", "warn\t2001-04-17 02:00:31\t5\ty"],
        );
    }

    #[test]
    fn text_before_the_row_of_names_is_a_heading() {
        let text = "\t\tExample Service\n\nID  Meaning\n00\tStarted\n\nID,Date,Time,Description,Host Name\n\
                    11,04/17/01,02:00:31,Renew,h";
        check(text, ["2001-04-17T02:00:31Z", "-", "-", "Renew"]);
        let found = table(text).expect("a table");
        assert!(text.lines().take(6).all(|line| found.is_heading(line.as_bytes())));
        assert!(!found.is_heading(b"12,2001-04-17,02:00:31,Renew,h") && !found.is_heading(b"01\tStarted"));
    }

    #[test]
    fn other_texts_are_no_table() {
        for text in [
            "time, gentlemen, please",
            "a,b,c\n1,2,3",
            "timestamp,level,service\nnothing,fits,here",
            "2001-04-17 02:00:31,time,date\n2001-04-17 02:00:31,time,date",
            "",
        ] {
            assert!(table(text).is_none(), "{text}");
        }
    }
}
