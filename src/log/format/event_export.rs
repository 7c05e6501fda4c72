//! Windows events as the event viewers export them: rows of text between commas, tabs or semicolons.
//!
//! The old viewer writes no names of columns, so its are known by their order; the newer one writes them into the first
//! row, all but that of the description, which comes last.

use jiff::Timestamp;

use super::Level;
use super::header::Header;
use super::table::{Columns, Role, fields};
use crate::log::timestamp::stamp_at;

/// Between the fields of an export.
const SEPARATORS: &[u8] = b",\t;";

/// What the old viewer writes: date, time, source, type, category, event, user, computer, description.
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

/// Names of columns, in lower case, as viewers and the commands that export events write them.
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

/// The columns of a source that begins with `line`; `None` if that is no row of an export.
pub(super) fn columns(line: &[u8], newest: Timestamp) -> Option<Columns> {
    SEPARATORS.iter().find_map(|separator| named(line, *separator).or_else(|| old(line, *separator, newest)))
}

/// The columns of an export of which nothing is known.
pub(super) fn usual_columns() -> Columns {
    old_columns(b',')
}

/// Columns named in the first row.
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

fn old(line: &[u8], separator: u8, newest: Timestamp) -> Option<Columns> {
    let columns = old_columns(separator);
    is_event(&columns.header(line, newest)?).then_some(columns)
}

fn old_columns(separator: u8) -> Columns {
    Columns { separator, names: Vec::new(), roles: OLD_ROLES.to_vec(), date: None }
}

/// Whether a row says when and where an event happened, and its number.
fn is_event(header: &Header<'_>) -> bool {
    let number = header.event_id.is_some_and(|id| id.iter().all(u8::is_ascii_digit));
    let level =
        header.level.is_some_and(|level| Level::by_word(level).is_some() || level.eq_ignore_ascii_case(b"none"));
    header.stamp.is_some() && number && level
}

/// What a row says; `None` for what is no row. In the names of columns nothing is worth a search.
pub(super) fn header<'a>(columns: &Columns, row: &'a [u8], newest: Timestamp) -> Option<Header<'a>> {
    if fields(row, columns.separator).zip(&columns.names).next().is_some_and(|(field, name)| field.text == name) {
        return Some(Header { message: row.trim_ascii(), gist: Some(b""), ..Header::default() });
    }
    let header = columns.header(row, newest)?;
    (header.stamp.is_some() || header.event_id.is_some_and(|id| id.iter().all(u8::is_ascii_digit))).then_some(header)
}

/// Whether the line begins a row of the old viewer, so that a quote which nobody closed does not swallow it.
pub(super) fn begins_row(line: &[u8], columns: &Columns, newest: Timestamp) -> bool {
    columns.roles == OLD_ROLES
        && fields(line, columns.separator)
            .next()
            .is_some_and(|date| stamp_at(&[date.text, b" 0:00:00"].concat(), 0, newest).is_some())
}
