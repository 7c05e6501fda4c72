//! Finds time stamps in lines of any format, reads their instants, and writes other instants in the same form.
//!
//! A stamp without a year gets the latest year in which it is not after the newest plausible instant, so a log that
//! extends over New Year gets the right years. A stamp without a zone is read in the zone of [`StampRules`];
//! [`FoundStamp::zoned`] says whether it has one.

mod clock;
mod fields;
mod names;
mod order;
mod part;
mod shape;
mod source;
mod write;
mod zone;

#[cfg(test)]
pub(in crate::log) mod annotated;
#[cfg(test)]
mod tests;

use std::ops::Range;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::level::Level;

pub use clock::{TimeOfDay, monotonic_at, time_of_day_at};
pub use order::{DayOrder, day_order};

use fields::StampFields;
use names::{may_be_name, month_at, weekday_len};
use order::DateOrder;
use shape::{MAX_PARTS, Place, SHAPES, ShapeSet, StampPart, Unit, shapes_at, shapes_of};
use source::is_number_column;
use write::CivilInstant;
use zone::database_zone;

/// A stamp is found only if it begins within this number of bytes from the beginning of a line.
pub const SEARCHED_BYTES: usize = 160;

/// How to read the parts of an instant that a stamp leaves out.
#[derive(Debug, Clone, PartialEq)]
pub struct StampRules {
    /// The latest plausible instant: a stamp without a year gets the latest year in which it is at most a day after it.
    pub newest: Timestamp,
    /// The zone of stamps that name none.
    pub zone: TimeZone,
    /// Whether the day comes before the month in dates such as `05/06/2026`, which may be read either way.
    pub day_first: bool,
    /// Whether the year comes first in dates such as `17/06/09`; `None` if it is unknown, so that the later date that is
    /// not in the future is taken.
    pub year_first: Option<bool>,
    /// The number of words before a stamp that is only a number, such as `1700000000`; `None` if such a number is a stamp
    /// only at the beginning of a line.
    pub number_column: Option<usize>,
    /// The day of stamps that contain only a time of day, or the day before it if they would be in the future; `None` if it
    /// is unknown, so that such stamps are not read.
    pub day: Option<Date>,
}

impl StampRules {
    /// Returns the rules for a source in UTC that puts the month first.
    pub fn utc(newest: Timestamp) -> Self {
        StampRules { newest, zone: TimeZone::UTC, day_first: false, year_first: None, number_column: None, day: None }
    }

    /// The latest plausible instant of a stamp.
    fn latest(&self) -> Timestamp {
        self.newest.checked_add(SignedDuration::from_hours(24)).unwrap_or(self.newest)
    }
}

impl Default for StampRules {
    fn default() -> Self {
        StampRules::utc(Timestamp::UNIX_EPOCH)
    }
}

/// A time stamp that was found in a line.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundStamp {
    /// Its byte range in the line.
    pub range: Range<usize>,
    /// The instant it means.
    pub time: Timestamp,
    /// The form in which it is written.
    pub form: StampForm,
}

/// The form in which a stamp is written. Stamps of equal form are read in the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StampForm {
    /// Index into [`SHAPES`].
    shape: u8,
    /// The length in bytes of the weekday and the blanks after it; 0 if there is none.
    weekday: u8,
    /// The length in bytes of each part of the shape.
    lens: [u8; MAX_PARTS],
    /// The order in which a date such as `05/06/2026` was read.
    order: DateOrder,
    /// The offset in which the stamp is written.
    offset: Offset,
    /// Whether the stamp contains its zone.
    zoned: bool,
}

impl StampForm {
    /// Returns a small number that is equal for stamps of the same shape, whatever the widths of their parts.
    pub(crate) fn kind(self) -> u8 {
        self.shape
    }

    fn parts(self) -> &'static [StampPart] {
        SHAPES[usize::from(self.shape)].parts()
    }

    /// Whether the stamp contains a part of this kind.
    fn has(self, is: impl Fn(StampPart) -> bool) -> bool {
        self.parts().iter().zip(self.lens).any(|(part, len)| len > 0 && is(*part))
    }
}

impl FoundStamp {
    /// Whether the zone is known: the stamp contains it, or counts the time since 1970. Otherwise the zone of
    /// [`StampRules`] was assumed.
    pub fn zoned(&self) -> bool {
        self.form.zoned
    }

    /// Returns the date and the time of day that the stamp shows.
    pub(crate) fn local_time(&self) -> jiff::civil::DateTime {
        self.form.offset.to_datetime(self.time)
    }

    /// Whether the stamp contains its year.
    pub fn has_year(&self) -> bool {
        self.form.has(|part| {
            let is_number =
                matches!(part, StampPart::Number(Unit::Year | Unit::ShortYear | Unit::WeekYear | Unit::Third, ..));
            is_number || matches!(part, StampPart::TailYear | StampPart::Epoch | StampPart::HexEpoch | StampPart::Tai)
        })
    }

    /// Whether the stamp contains its day. Otherwise it is only a time of day, and the day of [`StampRules`] was
    /// assumed.
    pub fn has_day(&self) -> bool {
        SHAPES[usize::from(self.form.shape)].place != Place::KnownDay
    }

    /// Returns `line`, in which the stamp was found, with the stamp replaced by `time` in the same form and zone.
    pub fn rewrite(&self, line: &str, time: Timestamp) -> String {
        let start = self.range.start + usize::from(self.form.weekday);
        let instant = CivilInstant {
            time,
            civil: self.offset_at(line, time).to_datetime(time),
            twelve_hours: self.form.has(|part| matches!(part, StampPart::Meridiem | StampPart::SureMeridiem)),
            order: self.form.order,
        };
        let mut rewritten = line[..self.range.start].to_owned();
        rewritten.push_str(&instant.write_weekday(&line[self.range.start..start]));
        let mut at = start;
        for (part, len) in self.form.parts().iter().zip(self.form.lens) {
            let old = &line[at..at + usize::from(len)];
            rewritten.push_str(&instant.write(*part, old));
            at += old.len();
        }
        rewritten.push_str(&line[self.range.end..]);
        rewritten
    }

    /// Returns the offset that the zone of the stamp has at `time`. The offset of a name such as `Europe/Berlin` depends
    /// on the time.
    fn offset_at(&self, line: &str, time: Timestamp) -> Offset {
        let mut at = self.range.start + usize::from(self.form.weekday);
        for (part, len) in self.form.parts().iter().zip(self.form.lens) {
            let text = &line[at..at + usize::from(len)];
            if *part == StampPart::Zone
                && let Some(zone) = database_zone(text.trim_start().as_bytes()).filter(|_| text.contains('/'))
            {
                return zone.to_offset(time);
            }
            at += text.len();
        }
        self.form.offset
    }
}

/// Returns the first stamp that begins within the first [`SEARCHED_BYTES`] of the line.
///
/// A number alone, such as `1700000000`, is a stamp only at the beginning of the line, after `audit(` and as the value
/// of a key such as `ts=`, because elsewhere it is rather an id.
pub fn find_stamp(line: &[u8], rules: &StampRules) -> Option<FoundStamp> {
    let mut is_beginning = true;
    for at in 0..line.len().min(SEARCHED_BYTES) {
        let may_begin = may_begin(line[at]) && (at == 0 || may_precede(line[at - 1]));
        if may_begin {
            let before = &line[..at];
            let is_named =
                || after_name_of_time(before) || is_number_column(before, rules) || after_level(before, &line[at..]);
            let takes_numbers =
                is_beginning || (line[at].is_ascii_digit() && (is_named() || is_bracketed_count(line, at)));
            if let Some(found) = read_at(line, at, takes_numbers, rules) {
                return Some(found);
            }
        }
        is_beginning &= matches!(line[at], b' ' | b'\t' | b'[' | b'(' | b'{' | b'<' | b'"' | b'\'');
    }
    None
}

/// Whether `before` is a level with a bar or a bracket behind it, as in `ERROR|1700000000123|` and `<info>  [1700000000.1234]`. If only
/// blanks are behind it, the number must be too long for a code: `ERROR 1700000000123`.
fn after_level(before: &[u8], number: &[u8]) -> bool {
    const CODE_DIGITS: usize = 10;
    /// More than the longest word for a level with marks around it.
    const MAX_BEFORE: usize = 32;
    if before.len() > MAX_BEFORE {
        return false;
    }
    let is_mark = |byte: &u8| byte.is_ascii_whitespace() || b"[](){}<>|,;:-\"".contains(byte);
    let end = before.iter().rposition(|byte| !is_mark(byte)).map_or(0, |last| last + 1);
    let start = before.iter().position(|byte| !is_mark(byte)).unwrap_or(end);
    let is_marked = before[end..].iter().any(|byte| b"[|,;".contains(byte));
    let n_digits = number.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (is_marked || n_digits > CODE_DIGITS) && Level::by_word(&before[start..end]).is_some()
}

/// Whether a count of seconds with a fraction of at least six digits begins at `at` and is alone in brackets, as ROS writes it:
/// `[1623661953.123456789]`.
fn is_bracketed_count(line: &[u8], at: usize) -> bool {
    const SECONDS: usize = 10;
    let is_digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    let Some((seconds, rest)) = line[at..].split_at_checked(SECONDS) else { return false };
    let fraction = rest.strip_prefix(b".").and_then(|rest| Some(&rest[..memchr::memchr(b']', rest)?]));
    at > 0
        && line[at - 1] == b'['
        && is_digits(seconds)
        && fraction.is_some_and(|fraction| (6..=9).contains(&fraction.len()) && is_digits(fraction))
}

/// Returns the stamp that begins exactly at byte `at` of the line. A number alone is a stamp only at the beginning of
/// the line, or directly after an opening bracket, a quote or `=`.
pub fn stamp_at(line: &[u8], at: usize, rules: &StampRules) -> Option<FoundStamp> {
    line.get(at).filter(|byte| may_begin(**byte))?;
    read_at(line, at, takes_number(&line[..at]), rules)
}

/// Whether a stamp may begin with this byte: a digit, a letter of any language, or the `@` of a TAI label.
fn may_begin(byte: u8) -> bool {
    // The first bytes of letters with accents and of Cyrillic ones.
    byte.is_ascii_alphanumeric() || matches!(byte, b'@' | 0xC3..=0xC5 | 0xD0 | 0xD1)
}

fn may_precede(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'[' | b']' | b'(' | b')' | b'{' | b'}' | b'<' | b'>' | b'%' | b'#')
        || matches!(byte, b'"' | b'\'' | b'|' | b'=' | b',' | b';' | b':' | b'*')
}

/// Whether a number after `before` may be a stamp. A bracket after a word encloses a process id, as in `sshd[1001430319]`.
fn takes_number(before: &[u8]) -> bool {
    match before {
        [] => true,
        [word @ .., b'[' | b'(' | b'{' | b'<'] => {
            word.last().is_none_or(|byte| !byte.is_ascii_alphanumeric()) || word.ends_with(b"audit")
        }
        [.., last] => matches!(last, b'"' | b'\'' | b'='),
    }
}

/// Whether `before` ends with `audit(` or with the name of a time and `=`.
fn after_name_of_time(before: &[u8]) -> bool {
    const NAMES: [&[u8]; 8] = [b"ts", b"time", b"timestamp", b"date", b"epoch", b"eventtime", b"at", b"datetime"];
    if before.ends_with(b"audit(") {
        return true;
    }
    let unquoted = before.strip_suffix(b"\"").unwrap_or(before);
    let [key @ .., b'='] = unquoted else { return false };
    let start = key.iter().rposition(|byte| !byte.is_ascii_alphanumeric()).map_or(0, |index| index + 1);
    NAMES.iter().any(|name| name.eq_ignore_ascii_case(&key[start..]))
}

fn read_at(line: &[u8], at: usize, takes_numbers: bool, rules: &StampRules) -> Option<FoundStamp> {
    let text = &line[at..];
    if text[0].is_ascii_digit() || text[0] == b'@' {
        return read_any(line, at, 0, takes_numbers, rules);
    }
    if !may_be_name(text) {
        return None;
    }
    if month_at(text).is_some()
        && let Some(found) = read_any(line, at, 0, takes_numbers, rules)
    {
        return Some(found);
    }
    // `mar` is both a month and a weekday.
    match weekday_len(text) {
        0 => None,
        weekday => read_any(line, at, weekday, takes_numbers, rules),
    }
}

/// Reads the first shape that fits after a weekday of the length `weekday`.
fn read_any(line: &[u8], start: usize, weekday: usize, takes_numbers: bool, rules: &StampRules) -> Option<FoundStamp> {
    let mut shapes = shapes_of(&line[start + weekday..]) & read_shapes(takes_numbers, rules);
    while shapes != 0 {
        let shape = shapes.trailing_zeros() as usize;
        if let Some(found) = read_shape(line, start, weekday, shape, rules) {
            return Some(found);
        }
        shapes &= shapes - 1;
    }
    None
}

/// Returns the shapes that are read at all.
fn read_shapes(takes_numbers: bool, rules: &StampRules) -> ShapeSet {
    const ANYWHERE: ShapeSet = shapes_at(Place::Anywhere);
    const BEGINNING: ShapeSet = shapes_at(Place::Beginning);
    const KNOWN_DAY: ShapeSet = shapes_at(Place::KnownDay);
    let numbers = if takes_numbers { BEGINNING } else { 0 };
    let times = if rules.day.is_some() { KNOWN_DAY } else { 0 };
    ANYWHERE | numbers | times
}

fn read_shape(line: &[u8], start: usize, weekday: usize, shape: usize, rules: &StampRules) -> Option<FoundStamp> {
    let ReadParts { lens, fields, end } = read_parts(line, start, weekday, shape)?;
    let read = fields.time(rules)?;
    let form = StampForm {
        shape: u8::try_from(shape).ok()?,
        weekday: u8::try_from(weekday).ok()?,
        lens,
        order: read.order,
        offset: read.offset,
        zoned: read.zoned,
    };
    Some(FoundStamp { range: start..end, time: read.time, form })
}

/// The parts of a stamp.
struct ReadParts {
    lens: [u8; MAX_PARTS],
    fields: StampFields,
    end: usize,
}

/// Reads the parts of a shape; `None` if one is missing or if a letter or digit follows.
fn read_parts(line: &[u8], start: usize, weekday: usize, shape: usize) -> Option<ReadParts> {
    let shape = &SHAPES[shape];
    let mut lens = [0; MAX_PARTS];
    let mut fields = StampFields::new(shape.place == Place::KnownDay);
    let is_hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    let mut at = start + weekday;
    for (part, stored) in shape.parts().iter().zip(&mut lens) {
        let len = match part {
            // Switches write a percent sign before their stamps, and the year at their end.
            StampPart::TailYear if weekday == 0 && !fields.has_zone() && !line[..start].ends_with(b"%") => 0,
            StampPart::TailZone if fields.has_zone() || !fields.has_year() => 0,
            part => fields.read(*part, &line[at..])?,
        };
        *stored = u8::try_from(len).ok()?;
        at += len;
    }
    // More colons make a hardware address of a time.
    let goes_on = |byte: &u8| byte.is_ascii_alphanumeric() || (*byte == b':' && is_hex(line.get(at + 1)));
    let ends = match shape.place {
        Place::KnownDay => !line.get(at).is_some_and(goes_on),
        Place::Anywhere | Place::Beginning => !line.get(at).is_some_and(u8::is_ascii_alphanumeric),
    };
    ends.then_some(ReadParts { lens, fields, end: at })
}
