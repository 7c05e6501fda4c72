//! Windows events as the event viewers export them: rows of fields between commas, tabs or semicolons.
//!
//! The old viewer writes no names of columns, so they are known by their order. The newer one names them in the first row,
//! except that of the description, which comes last.

use super::columns::{Columns, Role, fields, is_open_after};
use super::header::Header;
use super::level::Level;
use super::spec::{Detected, Format, FormatSpec, LogFormat, OpenRecord};
use super::trace::LOOK_AHEAD;
use super::windows_words::{day_first, level_word, role};
use crate::log::timestamp::{StampRules, stamp_at};

pub(super) const FORMAT: Format = Format::new(&FormatSpec {
    name: "event_export",
    about: "Windows events as the event viewers export them, one row an event",
    example: "4/17/2001,2:00:31 AM,Disk,Error,None,7,N/A,HOST1,The device has a bad block.",
    detect: |sample| {
        let rules = sample.rules;
        let first = sample.lines.iter().find(|line| !line.starts_with(TYPE));
        let found = first.and_then(|line| columns(line, rules));
        let fits = found.is_some();
        let columns = found.unwrap_or_else(|| old_columns(b','));
        let is_english = columns.names.is_empty() || ENGLISH.iter().any(|name| columns.names.iter().any(|n| n == name));
        let rules = if is_english { rules.clone() } else { day_first(rules).into_owned() };
        Detected::new(EventExport { columns, rules, is_english }, fits)
    },
});

#[derive(Debug)]
struct EventExport {
    columns: Columns,
    /// How to read the stamps of the source.
    rules: StampRules,
    /// Whether the names of columns are in English, or missing.
    is_english: bool,
}

impl LogFormat for EventExport {
    fn has_escapes(&self) -> bool {
        true
    }

    fn header<'a>(&self, row: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let header = self.columns.header(row, if self.is_english { rules } else { &self.rules })?;
        let is_event = header.stamp.is_some() || header.event_id.is_some_and(is_number);
        is_event.then(|| Header { level: header.level.map(level_word), ..header })
    }

    /// The row that names the columns is a heading, and so is the line before it in which PowerShell names a type.
    fn is_heading(&self, line: &[u8]) -> bool {
        let mut named = fields(line.trim_ascii_end(), self.columns.separator).zip(&self.columns.names).peekable();
        let names_columns = named.peek().is_some() && named.all(|(field, name)| field.text == name);
        names_columns || line.starts_with(TYPE) || line.trim_ascii().is_empty()
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

/// The line that `Export-Csv` writes first.
const TYPE: &[u8] = b"#TYPE ";

/// The columns of a source that begins with `line`; `None` if `line` is not a row of an export.
fn columns(line: &[u8], rules: &StampRules) -> Option<Columns> {
    SEPARATORS.iter().find_map(|separator| named(line, *separator).or_else(|| old(line, *separator, rules)))
}

/// Reads `line` as a row that names the columns; `None` if it is not one. Only the first column of a role has it.
fn named(line: &[u8], separator: u8) -> Option<Columns> {
    let names: Vec<Vec<u8>> = fields(line, separator).map(|field| field.text.to_vec()).collect();
    let mut columns = Columns::named(names, separator, role);
    let is_command = columns.names.iter().any(|name| COMMAND_NAMES.contains(&name.as_slice()));
    let has_source = columns.has(Role::Program) || (is_command && columns.has(Role::Message));
    if !columns.has(Role::EventId) || !has_source || !columns.has(Role::Date) {
        return None;
    }
    if !columns.has(Role::Message) {
        columns.roles.push(Some(Role::Message));
    }
    // `Level` is a number where `LevelDisplayName` is its word.
    if columns.names.iter().any(|name| name == b"LevelDisplayName")
        && let Some(level) = columns.names.iter().position(|name| name == b"Level")
    {
        columns.roles[level] = None;
    }
    Some(columns)
}

/// Names of columns that are English, one of which every export in English has.
const ENGLISH: [&[u8]; 5] = [b"Date and Time", b"TimeCreated", b"TimeGenerated", b"Event ID", b"EventID"];

/// The names that commands give to the time of an event; the viewers write words.
const COMMAND_NAMES: [&[u8]; 2] = [b"TimeCreated", b"TimeGenerated"];

fn old(line: &[u8], separator: u8, rules: &StampRules) -> Option<Columns> {
    let columns = old_columns(separator);
    is_event(&columns.header(line, rules)?).then_some(columns)
}

fn old_columns(separator: u8) -> Columns {
    Columns { separator, names: Vec::new(), roles: OLD_ROLES.to_vec(), date: None, month_first: false }
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
