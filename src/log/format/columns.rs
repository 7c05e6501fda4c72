//! Records that are rows of a table: fields between separators, in columns with known roles.

use super::field_names::name_in_rules;
use super::header::{Header, Quoting};
use super::level::Level;
use crate::log::timestamp::{FoundStamp, StampRules, stamp_at};

/// What a column contains, if that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A date, or a date with a time.
    Date,
    Time,
    Level,
    Program,
    Pid,
    EventId,
    Host,
    Message,
    /// An HTTP status, or the number of a reply.
    Reply,
}

/// The columns of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    /// The byte between fields. If it is a blank, a row that contains tabs is separated by tabs.
    pub(super) separator: u8,
    /// The names that the source gives the columns; empty if it gives none.
    pub(super) names: Vec<Vec<u8>>,
    pub(super) roles: Vec<Option<Role>>,
    /// The date of all rows, in a source whose rows contain only a time.
    pub(super) date: Option<Vec<u8>>,
    /// Whether a date such as `04/17/01` begins with the month, because the product always writes it so.
    pub(super) month_first: bool,
}

/// A field of a row, without the quotes around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field<'a> {
    pub(super) text: &'a [u8],
    pub(super) quoted: bool,
    /// Its offset in the row, quotes included.
    start: usize,
}

/// Splits `row` into fields. A field that begins with a quote ends at the next quote that is not doubled, or with the
/// row; it may contain line ends.
pub(super) fn fields(row: &[u8], separator: u8) -> impl Iterator<Item = Field<'_>> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let rest = &row[start..];
        let (text, quoted, end) = match rest {
            [b'"', inside @ ..] => {
                let len = closing_quote(inside).unwrap_or(inside.len());
                let behind = (start + 1 + len + 1).min(row.len());
                (&inside[..len], true, behind + distance(&row[behind..], separator))
            }
            _ => {
                let len = distance(rest, separator);
                (rest[..len].trim_ascii(), false, start + len)
            }
        };
        next = (end < row.len()).then_some(end + 1);
        Some(Field { text, quoted, start })
    })
}

fn distance(text: &[u8], separator: u8) -> usize {
    memchr::memchr(separator, text).unwrap_or(text.len())
}

/// Returns the offset of the quote that ends a field; doubled quotes do not. `inside` is the text after the quote that
/// opens the field.
fn closing_quote(inside: &[u8]) -> Option<usize> {
    let mut quotes = memchr::memchr_iter(b'"', inside).peekable();
    while let Some(at) = quotes.next() {
        if quotes.next_if_eq(&(at + 1)).is_none() {
            return Some(at);
        }
    }
    None
}

/// Whether a quoted field is open at the end of `line`; `open` says whether one is open at its beginning.
pub(super) fn is_open_after(line: &[u8], separator: u8, open: bool) -> bool {
    let mut rest = line;
    if open {
        match closing_quote(rest) {
            None => return true,
            Some(at) => rest = &rest[at + 1 + distance(&rest[at + 1..], separator)..],
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    while let Some(quote) = opening_quote(rest, separator) {
        match closing_quote(&rest[quote + 1..]) {
            None => return true,
            Some(at) => rest = &rest[quote + 1 + at + 1..],
        }
        rest = rest.get(distance(rest, separator) + 1..).unwrap_or_default();
    }
    false
}

/// Returns the offset of the first quote that is at the beginning of a field. `text` itself begins with a field.
fn opening_quote(text: &[u8], separator: u8) -> Option<usize> {
    memchr::memchr_iter(b'"', text).find(|&at| at == 0 || text[at - 1] == separator)
}

/// Returns the date `04/17/01` as `04/17/2001`; `None` for any other text.
fn with_century(date: &[u8]) -> Option<Vec<u8>> {
    match date {
        [month_and_day @ .., b'/', tens, ones] if month_and_day.len() == 5 && month_and_day[2] == b'/' => {
            Some([month_and_day, b"/20", &[*tens, *ones]].concat())
        }
        _ => None,
    }
}

/// Whether `text` is an HTTP status or the number of a reply.
pub(super) fn is_reply(text: &[u8]) -> bool {
    matches!(text, [b'1'..=b'5', tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit())
}

/// Values by which tables say that a field is empty.
const EMPTY: [&[u8]; 3] = [b"", b"-", b"(empty)"];

impl Columns {
    /// Names columns and gives each the role that `role` finds for its name.
    pub(super) fn named(names: Vec<Vec<u8>>, separator: u8, role: fn(&[u8]) -> Option<Role>) -> Self {
        let roles = names.iter().map(|name| role(name)).collect();
        Columns { separator, names, roles, date: None, month_first: false }
    }

    pub(super) fn has(&self, role: Role) -> bool {
        self.roles.contains(&Some(role))
    }

    /// Splits `row` into its fields.
    pub(super) fn split<'a>(&self, row: &'a [u8]) -> impl Iterator<Item = Field<'a>> {
        let by_tabs = self.separator == b' ' && memchr::memchr(b'\t', row).is_some();
        fields(row, if by_tabs { b'\t' } else { self.separator })
    }

    /// Parses `row`. A message in the last column may contain separators without quotes. `None` if a column other than
    /// the last has no field.
    pub(super) fn header<'a>(&self, row: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let (header, n_fields) = self.counted_header(row, rules);
        (n_fields + 1 >= self.roles.len()).then_some(header)
    }

    /// Parses the fields that `row` has; columns at the end may be missing.
    pub(super) fn partial_header<'a>(&self, row: &'a [u8], rules: &StampRules) -> Header<'a> {
        self.counted_header(row, rules).0
    }

    /// Parses `row` and counts its fields.
    fn counted_header<'a>(&self, row: &'a [u8], rules: &StampRules) -> (Header<'a>, usize) {
        let row = row.trim_ascii_end();
        let mut header = Header::default();
        let (mut date, mut time) = (None, None);
        let mut n_fields = 0;
        for (field, role) in self.split(row).zip(&self.roles) {
            n_fields += 1;
            let text = Some(field.text).filter(|text| !EMPTY.contains(text));
            match role {
                Some(Role::Date) => date = text,
                Some(Role::Time) => time = text,
                Some(Role::Level) => header.level = text,
                Some(Role::Program) => header.program = text,
                Some(Role::Pid) => header.pid = text,
                Some(Role::EventId) => header.event_id = text,
                Some(Role::Host) => header.host = text,
                Some(Role::Message) if n_fields == self.roles.len() && !field.quoted => {
                    header.message = row[field.start..].trim_ascii();
                }
                Some(Role::Message) => {
                    header.message = field.text.trim_ascii();
                    header.quoting = if field.quoted { Quoting::Doubled } else { Quoting::None };
                }
                Some(Role::Reply) => header.reply = text.filter(|text| is_reply(text)),
                None => {}
            }
        }
        header.level = header.level.or_else(|| header.reply.and_then(Level::word_for_reply));
        header.stamp = self.stamp(date, time, rules);
        (header, n_fields)
    }

    fn stamp(&self, date: Option<&[u8]>, time: Option<&[u8]>, rules: &StampRules) -> Option<FoundStamp> {
        let date = date.or(self.date.as_deref());
        let with_century = date.filter(|_| self.month_first).and_then(with_century);
        match (with_century.as_deref().or(date), time) {
            (Some(date), Some(time)) => stamp_at(&[date, b" ", time].concat(), 0, rules),
            (Some(alone), None) | (None, Some(alone)) => stamp_at(alone, 0, rules),
            (None, None) => None,
        }
    }

    /// Parses `row` if it has a time, or a field in every column. Without a column for it, all of the row is the message.
    pub(super) fn row<'a>(&self, row: &'a [u8], rules: &StampRules) -> Option<Header<'a>> {
        let mut header = self.header(row, rules)?;
        if !self.has(Role::Message) {
            header.message = row.trim_ascii();
        }
        let is_whole = || self.split(row.trim_ascii_end()).count() == self.roles.len();
        (header.stamp.is_some() || is_whole()).then_some(header)
    }

    /// Returns the field in the column called `name`, ignoring case. A `_` in `name` matches any byte that is not a
    /// letter or digit.
    pub(super) fn field<'a>(&self, row: &'a [u8], name: &str) -> Option<&'a [u8]> {
        let is_same = |(column, wanted): (&u8, &u8)| {
            column.eq_ignore_ascii_case(wanted) || (*wanted == b'_' && !column.is_ascii_alphanumeric())
        };
        let is_named = |column: &Vec<u8>| {
            let column = column.strip_suffix(b")").unwrap_or(column);
            column.len() == name.len() && column.iter().zip(name.as_bytes()).all(is_same)
        };
        let index = self.names.iter().position(is_named)?;
        self.split(row.trim_ascii_end()).nth(index).map(|field| field.text)
    }

    /// Returns the names of the columns as rules write them and [`field`](Self::field) takes them.
    pub(super) fn names_in_rules(&self) -> Vec<String> {
        self.names.iter().map(|name| name_in_rules(name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(row: &str, expected: &[&str]) {
        let texts: Vec<_> =
            fields(row.as_bytes(), b',').map(|field| String::from_utf8_lossy(field.text).into_owned()).collect();
        assert_eq!(texts, expected);
    }

    #[test]
    fn quotes_hold_separators_quotes_and_line_ends() {
        check("a, b ,c", &["a", "b", "c"]);
        check("a,\"b,\nc\",d", &["a", "b,\nc", "d"]);
        check("\"say \"\"no\"\"\",x", &["say \"\"no\"\"", "x"]);
        check("a\"b,c", &["a\"b", "c"]);
        check("a,", &["a", ""]);
        check("\"open, a", &["open, a"]);
        check("", &[""]);
    }

    /// Whether a quoted field is open after `text`, found by looking at every byte.
    fn open_naively(text: &str) -> bool {
        let (mut open, mut at_start) = (false, true);
        let mut bytes = text.bytes().peekable();
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' if open && bytes.next_if_eq(&b'"').is_none() => open = false,
                b'"' if at_start => open = true,
                _ => {}
            }
            at_start = byte == b',' && !open;
        }
        open
    }

    proptest! {
        #[test]
        fn a_line_leaves_open_what_all_of_its_record_leaves_open(lines in prop::collection::vec("[a,\"]{0,6}", 1..8)) {
            let (mut open, mut record) = (false, String::new());
            for line in &lines {
                record += &format!("{line}\n");
                open = is_open_after(format!("{line}\n").as_bytes(), b',', open);
                prop_assert_eq!(open, open_naively(&record), "{:?}", record);
                if !open {
                    record.clear();
                }
            }
        }
    }
}
