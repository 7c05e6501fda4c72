//! Windows events as the event viewers export them: rows of fields between commas, tabs or semicolons.
//!
//! The old viewer writes no names of columns, so they are known by their order. The newer one names them in the first row,
//! except that of the description, which comes last.

use super::columns::{Columns, Role, fields, is_open_after};
use super::header::Header;
use super::level::Level;
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord};
use super::trace::LOOK_AHEAD;
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "event_export",
    about: "Windows events as the event viewers export them, one row an event",
    example: "4/17/2001,2:00:31 AM,Disk,Error,None,7,N/A,HOST1,The device has a bad block.",
    detect: |sample| {
        let rules = sample.rules;
        let found = sample.lines.first().and_then(|line| columns(line, rules));
        let fits = found.is_some();
        Detected::new(EventExport { columns: found.unwrap_or_else(|| old_columns(b',')), rules: rules.clone() }, fits)
    },
});

#[derive(Debug)]
struct EventExport {
    columns: Columns,
    rules: StampRules,
}

impl LogFormat for EventExport {
    fn has_escapes(&self) -> bool {
        true
    }

    /// The row that names the columns has an empty gist, so that it is never searched for.
    fn header<'a>(&self, row: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let mut fields = fields(row, self.columns.separator).zip(&self.columns.names);
        if fields.next().is_some_and(|(field, name)| field.text == name) {
            return Some(Header { message: row.trim_ascii(), gist: Some(b""), ..Header::default() });
        }
        let header = self.columns.header(row, rules)?;
        (header.stamp.is_some() || header.event_id.is_some_and(is_number)).then_some(header)
    }

    fn read_line(&self, open: &mut OpenRecord, line: &[u8]) {
        open.quoted = is_open_after(line, self.columns.separator, open.quoted);
    }

    fn continues(&self, open: OpenRecord, rest: &[u8], _indent_continues: bool) -> bool {
        match rest.first() {
            Some(b'\r' | b'\n') => true,
            Some(first) => open.quoted && !(first.is_ascii_digit() && self.begins_row(rest)),
            None => false,
        }
    }

    fn field<'a>(&self, record: &'a [u8], name: &str) -> Option<&'a [u8]> {
        self.columns.field(record, name)
    }

    fn field_names(&self, _record: &[u8]) -> Vec<String> {
        self.columns.names_in_rules()
    }
}

impl EventExport {
    /// Whether `rest` begins with a row of the old event viewer (a date comes first). Such a row ends the record before it,
    /// even if a quotation mark in that record was never closed.
    fn begins_row(&self, rest: &[u8]) -> bool {
        let line = &rest[..rest.len().min(LOOK_AHEAD)];
        let is_date = |date: &[u8]| stamp_at(&[date, b" 0:00:00"].concat(), 0, &self.rules).is_some();
        self.columns.roles == OLD_ROLES
            && fields(line, self.columns.separator).next().is_some_and(|field| is_date(field.text))
    }
}

/// The bytes that may separate fields.
const SEPARATORS: &[u8] = b",\t;";

/// The columns of the old viewer: date, time, source, type, category, event, user, computer, description.
const OLD_ROLES: [Option<Role>; 9] = [
    Some(Role::Date),
    Some(Role::Time),
    Some(Role::Program),
    Some(Role::Level),
    None,
    Some(Role::EventId),
    None,
    Some(Role::Host),
    Some(Role::Message),
];

/// Names of columns in lower case, as viewers and the commands that export events write them.
const NAMES: &[(&str, Role)] = &[
    ("date and time", Role::Date),
    ("timecreated", Role::Date),
    ("timegenerated", Role::Date),
    ("date", Role::Date),
    ("time", Role::Time),
    ("level", Role::Level),
    ("leveldisplayname", Role::Level),
    ("entrytype", Role::Level),
    ("type", Role::Level),
    ("source", Role::Program),
    ("providername", Role::Program),
    ("event id", Role::EventId),
    ("eventid", Role::EventId),
    ("event", Role::EventId),
    ("id", Role::EventId),
    ("computer", Role::Host),
    ("machinename", Role::Host),
    ("description", Role::Message),
    ("message", Role::Message),
];

/// The columns of a source that begins with `line`; `None` if `line` is not a row of an export.
fn columns(line: &[u8], rules: &StampRules) -> Option<Columns> {
    SEPARATORS.iter().find_map(|separator| named(line, *separator).or_else(|| old(line, *separator, rules)))
}

/// Reads `line` as a row that names the columns; `None` if it is not one.
fn named(line: &[u8], separator: u8) -> Option<Columns> {
    let mut roles: Vec<Option<Role>> = fields(line, separator).map(|field| role(field.text)).collect();
    let has = |role| roles.contains(&Some(role));
    if !has(Role::EventId) || !has(Role::Program) || !has(Role::Date) {
        return None;
    }
    if !has(Role::Message) {
        roles.push(Some(Role::Message));
    }
    let names = fields(line, separator).map(|field| field.text.to_vec()).collect();
    Some(Columns { separator, names, roles, date: None })
}

fn role(name: &[u8]) -> Option<Role> {
    let name = name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name).trim_ascii();
    NAMES.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes())).map(|(_, role)| *role)
}

fn old(line: &[u8], separator: u8, rules: &StampRules) -> Option<Columns> {
    let columns = old_columns(separator);
    is_event(&columns.header(line, rules)?).then_some(columns)
}

fn old_columns(separator: u8) -> Columns {
    Columns { separator, names: Vec::new(), roles: OLD_ROLES.to_vec(), date: None }
}

/// Whether a row has a time, the number of an event and its level.
fn is_event(header: &Header<'_>) -> bool {
    let number = header.event_id.is_some_and(is_number);
    let level =
        header.level.is_some_and(|level| Level::by_word(level).is_some() || level.eq_ignore_ascii_case(b"none"));
    header.stamp.is_some() && number && level
}

fn is_number(id: &[u8]) -> bool {
    id.iter().all(u8::is_ascii_digit)
}
