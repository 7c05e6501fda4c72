//! W3C extended logs, as IIS, Exchange and other servers write them: `#Fields:` names the columns of the rows after it.

use jiff::tz::TimeZone;

use super::columns::{Columns, Role, fields};
use super::header::Header;
use super::spec::{Detected, Format, FormatSpec, LogFormat};
use crate::log::timestamp::StampRules;

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "w3c",
    about: "W3C extended logs of IIS, Exchange and other servers, with `#Fields:` above the rows",
    example: "#Fields: date time cs-method cs-uri-stem sc-status\n2001-04-17 02:00:31 GET /x 500",
    detect: |sample| {
        let mut format = W3c::new(sample.rules);
        for line in sample.lines.iter().take_while(|line| line.starts_with(b"#")) {
            format.read_directive(line);
        }
        let fits = format.columns.is_some();
        Detected::new(format, fits)
    },
});

#[derive(Debug, Clone, PartialEq)]
struct W3c {
    /// `None` before the first `#Fields:`.
    columns: Option<Columns>,
    /// The date in the last `#Date:`; `None` if rows contain their date.
    date: Option<Vec<u8>>,
    /// Whether times are local; otherwise they are in UTC.
    is_local: bool,
    /// How to read the stamps of the source; their zone is UTC.
    utc: StampRules,
}

impl LogFormat for W3c {
    /// All of a row is its message.
    fn header<'a>(&self, row: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let columns = self.columns.as_ref()?;
        let header = columns.header(row, if self.is_local { rules } else { &self.utc })?;
        header.stamp.is_some().then(|| Header { message: row.trim_ascii(), ..header })
    }

    fn is_heading(&self, line: &[u8]) -> bool {
        line.starts_with(b"#") || line.trim_ascii().is_empty()
    }

    fn after_heading(&self, line: &[u8]) -> Option<Box<dyn LogFormat>> {
        let mut changed = self.clone();
        changed.read_directive(line);
        (changed != *self).then(|| Box::new(changed) as Box<dyn LogFormat>)
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        self.columns.as_ref()?.field(record, name)
    }

    fn field_names(&self, _record: &[u8]) -> Vec<String> {
        self.columns.as_ref().map_or_else(Vec::new, Columns::names_in_rules)
    }
}

/// Names of columns with a known role. Any other column is a field under its own name.
const NAMES: &[(&[u8], Role)] = &[
    (b"date", Role::Date),
    (b"date-time", Role::Date),
    (b"time", Role::Time),
    (b"sc-status", Role::Reply),
    (b"s-computername", Role::Host),
    (b"server-hostname", Role::Host),
    (b"s-sitename", Role::Program),
    (b"source", Role::Program),
];

fn role(name: &[u8]) -> Option<Role> {
    NAMES.iter().find(|(known, _)| name == *known).map(|(_, role)| *role)
}

impl W3c {
    fn new(rules: &StampRules) -> Self {
        let utc = StampRules { zone: TimeZone::UTC, ..rules.clone() };
        W3c { columns: None, date: None, is_local: false, utc }
    }

    fn read_directive(&mut self, line: &[u8]) {
        if let Some(names) = line.strip_prefix(b"#Fields:") {
            self.columns = columns(names.trim_ascii()).or(self.columns.take());
        } else if let Some(date) = line.strip_prefix(b"#Date:") {
            // A time after the date says when the log was begun, and is ignored.
            self.date = date.trim_ascii().split(u8::is_ascii_whitespace).next().map(<[u8]>::to_vec);
        } else if let Some(format) = line.strip_prefix(b"#Time Format:") {
            self.is_local = format.trim_ascii().eq_ignore_ascii_case(b"local");
        }
        if let Some(columns) = &mut self.columns {
            // Rows that contain a date do not need that of a directive, so that no new one changes the format.
            self.date = self.date.take().filter(|_| columns.has(Role::Time) && !columns.has(Role::Date));
            columns.date.clone_from(&self.date);
        }
    }
}

/// Reads the names of columns; `None` if there is only one.
fn columns(names: &[u8]) -> Option<Columns> {
    let separator = *names.iter().find(|byte| b" ,\t".contains(byte))?;
    let names = fields(names, separator).map(|field| field.text.to_vec()).filter(|name| !name.is_empty()).collect();
    Some(Columns::named(names, separator, role))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(directives: &str) -> W3c {
        let mut format = W3c::new(&StampRules::default());
        directives.lines().for_each(|line| format.read_directive(line.as_bytes()));
        format
    }

    #[track_caller]
    fn check(directives: &str, row: &str, expected: Option<[&str; 3]>) {
        let format = after(directives);
        let parts = format.header(row.as_bytes(), &StampRules::default()).map(|header| {
            let text = |part: Option<&[u8]>| String::from_utf8_lossy(part.unwrap_or(b"-")).into_owned();
            let time = header.stamp.as_ref().map_or("-".to_owned(), |stamp| stamp.time.to_string());
            [time, text(header.reply), text(header.level)]
        });
        assert_eq!(parts, expected.map(|parts| parts.map(str::to_owned)));
    }

    #[test]
    fn the_directive_tells_the_columns() {
        let iis = "#Software: x\n#Fields: date time cs-method sc-status";
        check(iis, "2001-04-17 02:00:31 GET 500", Some(["2001-04-17T02:00:31Z", "500", "error"]));
        check(iis, "2001-04-17\t02:00:31\tGET\t500", Some(["2001-04-17T02:00:31Z", "500", "error"]));
        check(iis, "2001-04-17 02:00:31 GET -", Some(["2001-04-17T02:00:31Z", "-", "-"]));
        check(iis, "no row", None);
        let no_date = "#Date: 2001-04-17 00:00:05\n#Fields: time sc-status";
        check(no_date, "02:00:31 404", Some(["2001-04-17T02:00:31Z", "404", "warning"]));
        let commas = "#Fields: date-time,source";
        check(commas, "2011-04-17T02:00:31.5Z,SMTP", Some(["2011-04-17T02:00:31.5Z", "-", "-"]));
    }

    #[test]
    fn times_are_in_utc_unless_a_directive_says_that_they_are_local() {
        let rules = StampRules { zone: TimeZone::fixed(jiff::tz::offset(2)), ..StampRules::default() };
        let time = |directives: &str| {
            let row = b"2001-04-17 02:00:31 x";
            after(directives).header(row, &rules).and_then(|header| header.stamp).map(|stamp| stamp.time.to_string())
        };
        assert_eq!(time("#Fields: date time x"), Some("2001-04-17T02:00:31Z".to_owned()));
        assert_eq!(time("#Time Format: Local\n#Fields: date time x"), Some("2001-04-17T00:00:31Z".to_owned()));
    }

    #[test]
    fn a_directive_that_says_nothing_new_changes_nothing() {
        let format = after("#Date: 2001-04-17\n#Fields: date time x");
        let changed = |line: &str| format.after_heading(line.as_bytes()).is_some();
        assert!(
            !changed("#Date: 2001-04-18 00:00:00") && !changed("#Fields: date time x") && !changed("#Version: 1.0")
        );
        assert!(changed("#Fields: date time x y") && changed("#Time Format: Local"));
        assert!(after("#Date: 2001-04-17\n#Fields: time x").after_heading(b"#Date: 2001-04-18").is_some());
    }
}
