//! W3C extended logs, as IIS, Exchange and other servers write them: `#Fields:` names the columns of the rows after it.

use super::columns::{Columns, Role, fields};
use super::header::Header;
use super::spec::{Detected, Format, FormatSpec, LogFormat};
use crate::log::timestamp::StampRules;

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "w3c",
    about: "W3C extended logs of IIS, Exchange and other servers, with `#Fields:` above the rows",
    example: "#Fields: date time cs-method cs-uri-stem sc-status\n2001-04-17 02:00:31 GET /x 500",
    detect: |sample| {
        let columns = columns(&sample.lines);
        let fits = columns.is_some();
        Detected::new(W3c { columns }, fits)
    },
});

#[derive(Debug)]
struct W3c {
    /// `None` if the source has no `#Fields:`, but the user stated this format.
    columns: Option<Columns>,
}

impl LogFormat for W3c {
    /// All of a row is its message. A directive (a line with `#`) has an empty gist, so that it is never searched for.
    fn header<'a>(&self, row: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let columns = self.columns.as_ref()?;
        let message = row.trim_ascii();
        if message.starts_with(b"#") {
            return Some(Header { message, gist: Some(b""), ..Header::default() });
        }
        let header = columns.header(row, rules).filter(|header| header.stamp.is_some())?;
        let known = |value: Option<&'a [u8]>| value.filter(|value| *value != b"-");
        let (host, program, reply) = (known(header.host), known(header.program), known(header.reply));
        Some(Header { message, host, program, reply, ..header })
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        self.columns.as_ref()?.field(record, name)
    }

    fn field_names(&self, _record: &[u8]) -> Vec<String> {
        self.columns.as_ref().map_or_else(Vec::new, Columns::names_in_rules)
    }
}

const FIELDS: &[u8] = b"#Fields:";
const DATE: &[u8] = b"#Date:";

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

/// Reads the columns from the directives at the beginning of a source; `None` without `#Fields:`.
fn columns(lines: &[&[u8]]) -> Option<Columns> {
    let directive = |name: &[u8]| {
        let mut directives = lines.iter().take_while(|line| line.starts_with(b"#"));
        directives.find_map(|line| line.strip_prefix(name)).map(<[u8]>::trim_ascii)
    };
    let named = directive(FIELDS)?;
    let separator = *named.iter().find(|byte| b" ,\t".contains(byte))?;
    let names: Vec<Vec<u8>> = fields(named, separator).map(|field| field.text.to_vec()).collect();
    let role = |name: &Vec<u8>| NAMES.iter().find(|(known, _)| name == known).map(|(_, role)| *role);
    let roles: Vec<Option<Role>> = names.iter().map(role).collect();
    // A time after the date says when the log was begun, and is ignored.
    let date = directive(DATE).and_then(|date| date.split(u8::is_ascii_whitespace).next()).map(<[u8]>::to_vec);
    let date = date.filter(|_| roles.contains(&Some(Role::Time)) && !roles.contains(&Some(Role::Date)));
    Some(Columns { separator, names, roles, date })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(directives: &str, row: &str, expected: Option<[&str; 3]>) {
        let lines: Vec<_> = directives.lines().map(str::as_bytes).collect();
        let format = W3c { columns: Some(columns(&lines).expect("columns")) };
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
        check(iis, "2001-04-17 02:00:31 GET -", Some(["2001-04-17T02:00:31Z", "-", "-"]));
        check(iis, "#Date: 2001-04-17 00:00:00", Some(["-", "-", "-"]));
        check(iis, "no row", None);
        let no_date = "#Date: 2001-04-17 00:00:05\n#Fields: time sc-status";
        check(no_date, "02:00:31 404", Some(["2001-04-17T02:00:31Z", "404", "warning"]));
        let commas = "#Fields: date-time,source";
        check(commas, "2011-04-17T02:00:31.5Z,SMTP", Some(["2011-04-17T02:00:31.5Z", "-", "-"]));
    }

    #[test]
    fn other_sources_have_no_columns() {
        assert_eq!(columns(&[b"# a comment", b"a=1"]), None);
        assert_eq!(columns(&[b"a=1", b"#Fields: a b"]), None);
    }
}
