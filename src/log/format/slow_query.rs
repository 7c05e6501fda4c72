//! Slow query logs of MySQL and MariaDB: comments with the time and costs of a query, then the query.

use memchr::memmem;

use super::header::Header;
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord};
use super::trace::LOOK_AHEAD;
use crate::log::timestamp::{FoundStamp, StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "slow_query",
    about: "slow query logs of MySQL and MariaDB",
    example: "# Time: 2001-04-17T02:00:31.123456Z\n# User@Host: root[root] @ localhost []  Id: 8\n\
        # Query_time: 10.000123  Lock_time: 0.000000 Rows_sent: 1  Rows_examined: 0\nselect sleep(10);",
    detect: |sample| {
        let has = |start: &[u8]| sample.lines.iter().any(|line| line.starts_with(start));
        Detected::new(SlowQuery, has(USER) && has(b"# Query_time: "))
    },
});

#[derive(Debug)]
struct SlowQuery;

const TIME: &[u8] = b"# Time: ";
const USER: &[u8] = b"# User@Host: ";

/// The time at which the query began, in seconds since 1970.
const SET_TIMESTAMP: &[u8] = b"SET timestamp=";

impl LogFormat for SlowQuery {
    /// All of the record is the message; the gist is the query.
    fn header<'a>(&self, record: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        if !record.starts_with(TIME) && !record.starts_with(USER) {
            return None;
        }
        let message = record.trim_ascii();
        Some(Header { stamp: stamp(record, rules), message, gist: query(message), ..Header::default() })
    }

    /// The server repeats three lines whenever it begins to write.
    fn is_heading(&self, line: &[u8]) -> bool {
        is_banner(line)
    }

    /// A record that begins with its time contains its user; otherwise it begins with the user.
    fn read_line(&self, open: &mut OpenRecord, line: &[u8]) {
        open.quoted = line.starts_with(TIME);
    }

    fn continues(&self, open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        let begins = rest.starts_with(TIME) || (rest.starts_with(USER) && !open.quoted);
        !begins && !is_banner(rest)
    }

    /// Returns a cost of the query, such as `Query_time`.
    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        costs(record).find(|(found, _)| *found == name.as_bytes()).map(|(_, value)| value)
    }

    fn field_names(&self, record: &[u8]) -> Vec<String> {
        costs(record).map(|(name, _)| String::from_utf8_lossy(name).into_owned()).collect()
    }
}

/// Whether `text` begins with one of the lines that the server writes first, such as
/// `/usr/sbin/mysqld, Version: 8.0.36 … started with:`. Only its beginning is looked at.
fn is_banner(text: &[u8]) -> bool {
    let start = &text[..text.len().min(LOOK_AHEAD)];
    let line = &start[..memchr::memchr(b'\n', start).unwrap_or(start.len())];
    match line.first() {
        Some(b'/') => memmem::find(line, b", Version: ").is_some(),
        Some(b'T') => line.starts_with(b"Tcp port: ") || line.starts_with(b"Time                 Id Command"),
        _ => false,
    }
}

/// Returns the names and values in the comments after the user: `Query_time: 10.000123`.
fn costs(record: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let comments = record.split(|byte| *byte == b'\n').take_while(|line| line.starts_with(b"# "));
    let costs = comments.filter(|line| !line.starts_with(TIME) && !line.starts_with(USER));
    costs.flat_map(|line| {
        let mut words = line[2..].split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        std::iter::from_fn(move || {
            let name = words.find_map(|word| word.strip_suffix(b":"))?;
            words.next().map(|value| (name, value))
        })
    })
}

fn stamp(record: &[u8], rules: &StampRules) -> Option<FoundStamp> {
    let written = || stamp_at(record.strip_prefix(TIME)?, 0, rules);
    let began = || {
        let at = memmem::find(record, SET_TIMESTAMP)? + SET_TIMESTAMP.len();
        stamp_at(record, at, rules)
    };
    written().or_else(began)
}

/// Returns the text after the comments and after the statement that sets the time.
fn query(record: &[u8]) -> Option<&[u8]> {
    let mut rest = record;
    while rest.starts_with(b"# ") || rest.starts_with(SET_TIMESTAMP) {
        rest = &rest[memchr::memchr(b'\n', rest)? + 1..];
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_costs_and_query_are_read() {
        let record = b"# Time: 2001-04-17T02:00:31.5Z\n# User@Host: a[a] @ b []\n# Query_time: 10.5  Rows_sent: 1\n\
            SET timestamp=1117838570;\nselect *\nfrom t;\n";
        let header = SlowQuery.header(record, &StampRules::default()).expect("a record");
        assert_eq!(header.stamp.map(|stamp| stamp.time.to_string()).as_deref(), Some("2001-04-17T02:00:31.5Z"));
        assert_eq!(header.gist, Some(&b"select *\nfrom t;"[..]));
        assert_eq!(SlowQuery.field(record, "Query_time"), Some(&b"10.5"[..]));
        assert_eq!(SlowQuery.field_names(record), ["Query_time", "Rows_sent"]);
        let without_time = b"# User@Host: a[a] @ b []\n# Query_time: 1\nSET timestamp=1117838570;\nselect 1;";
        let header = SlowQuery.header(without_time, &StampRules::default()).expect("a record");
        assert_eq!(header.stamp.map(|stamp| stamp.time.as_second()), Some(1_117_838_570));
    }

    #[test]
    fn other_lines_are_left() {
        assert_eq!(SlowQuery.header(b"# a comment", &StampRules::default()), None);
        assert_eq!(SlowQuery.header(b"select 1;", &StampRules::default()), None);
        assert!(SlowQuery.is_heading(b"Tcp port: 3306  Unix socket: x\n") && !SlowQuery.is_heading(b"select 1;"));
    }
}
