//! The CSV log of PostgreSQL, whose columns have no names in the file.

use super::columns::{Columns, Role, is_open_after};
use super::header::Header;
use super::level::Level;
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord};
use crate::log::timestamp::StampRules;

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "postgres_csv",
    about: "the CSV log of PostgreSQL",
    example: "2001-04-17 02:00:31.123 UTC,\"bob\",\"shop\",42,\"[local]\",3adb.2a,1,\"INSERT\",2001-04-17 02:00:00 UTC,3/7,0,\
        ERROR,53100,\"no space left on device\",,,,,,,,,\"app\"",
    detect: |sample| {
        let format = PostgresCsv { columns: columns() };
        let fits = sample.lines.first().is_some_and(|line| format.fits(line, sample.rules));
        Detected::new(format, fits)
    },
});

#[derive(Debug)]
struct PostgresCsv {
    columns: Columns,
}

/// The names of the columns in the documentation of PostgreSQL 14. Earlier versions have fewer at the end.
const NAMES: [&str; 26] = [
    "log_time",
    "user_name",
    "database_name",
    "process_id",
    "connection_from",
    "session_id",
    "session_line_num",
    "command_tag",
    "session_start_time",
    "virtual_transaction_id",
    "transaction_id",
    "error_severity",
    "sql_state_code",
    "message",
    "detail",
    "hint",
    "internal_query",
    "internal_query_pos",
    "context",
    "query",
    "query_pos",
    "location",
    "application_name",
    "backend_type",
    "leader_pid",
    "query_id",
];

fn columns() -> Columns {
    let role = |name: &[u8]| match name {
        b"log_time" => Some(Role::Date),
        b"process_id" => Some(Role::Pid),
        b"error_severity" => Some(Role::Level),
        b"message" => Some(Role::Message),
        _ => None,
    };
    Columns::named(NAMES.iter().map(|name| name.as_bytes().to_vec()).collect(), b',', role)
}

/// The fewest columns of any version.
const MIN_COLUMNS: usize = 22;

impl LogFormat for PostgresCsv {
    fn has_escapes(&self) -> bool {
        true
    }

    fn fits(&self, line: &[u8], rules: &StampRules) -> bool {
        // A text of several lines ends the first line early.
        let has_severity = self.columns.field(line, "error_severity").is_some_and(|word| level(word).is_some());
        has_severity && self.columns.partial_header(line, rules).stamp.is_some()
    }

    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        if self.columns.split(record.trim_ascii_end()).count() < MIN_COLUMNS {
            return None;
        }
        let header = self.columns.partial_header(record, rules);
        header.stamp.is_some().then(|| Header { level: header.level.and_then(level), ..header })
    }

    fn read_line(&self, open: &mut OpenRecord, line: &[u8]) {
        open.quoted = is_open_after(line, b',', open.quoted);
    }

    fn continues(&self, open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        open.quoted || rest.first().is_some_and(|byte| b"\r\n".contains(byte))
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        self.columns.field(record, name)
    }

    fn field_names(&self, record: &[u8]) -> Vec<String> {
        let fields = self.columns.split(record.trim_ascii_end()).zip(NAMES);
        fields.filter(|(field, _)| !field.text.is_empty()).map(|(_, name)| name.to_owned()).collect()
    }
}

/// Returns the word for a severity: `LOG` is normal operation, and `DEBUG` has a number.
fn level(word: &[u8]) -> Option<&[u8]> {
    match word {
        b"LOG" => Some(b"info"),
        [b'D', b'E', b'B', b'U', b'G', b'1'..=b'5'] => Some(b"debug"),
        _ => Level::by_word(word).filter(|_| word.len() > 3).map(|_| word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(row: &str) -> Option<[String; 4]> {
        let format = PostgresCsv { columns: columns() };
        let header = format.header(row.as_bytes(), &StampRules::default())?;
        let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
        let time = header.stamp.as_ref().map_or("-".to_owned(), |stamp| stamp.time.to_string());
        Some([time, text(header.level), text(header.pid), text(Some(header.message))])
    }

    #[test]
    fn rows_of_any_version_are_read() {
        let expected = ["2001-04-17T02:00:31.123Z", "ERROR", "42", "no space left on device"];
        assert_eq!(read(FORMAT.example()), Some(expected.map(str::to_owned)));
        let newer = format!("{},\"client backend\",,0", FORMAT.example().replace("ERROR", "LOG"));
        assert_eq!(read(&newer).map(|parts| parts[1].clone()).as_deref(), Some("info"));
        let format = PostgresCsv { columns: columns() };
        assert_eq!(format.field(FORMAT.example().as_bytes(), "sql_state_code"), Some(&b"53100"[..]));
        assert!(format.fits(
            b"2001-04-17 02:00:31 UTC,,,42,,3adb.2a,1,,2001-04-17 02:00:00 UTC,,0,FATAL,53300,\"a\n",
            &StampRules::default()
        ));
    }

    #[test]
    fn other_rows_are_left() {
        assert_eq!(read("2001-04-17 02:00:31 UTC,a,b"), None);
        assert_eq!(read(&FORMAT.example().replace("2001-04-17 02:00:31.123 UTC", "x")), None);
        let format = PostgresCsv { columns: columns() };
        assert!(!format.fits(FORMAT.example().replace("ERROR", "odd").as_bytes(), &StampRules::default()));
    }
}
