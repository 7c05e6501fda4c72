//! The shapes of time stamps as data. A shape is a list of parts; reading and writing use the same table.

/// A part of a written stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StampPart {
    /// This byte.
    Byte(u8),
    /// One of these bytes.
    OneOf(&'static [u8]),
    /// A number: its unit, and the least and the greatest number of its digits.
    Number(Unit, u8, u8),
    /// A day of one or two digits; a blank may pad it.
    PaddedDay,
    /// `Jan` … `Dec`.
    MonthName,
    /// `Mon` … `Sun`.
    WeekdayName,
    /// Optional: one of these bytes (point, comma or colon), then a fraction of a second in one to nine digits.
    Fraction(&'static [u8]),
    /// Optional: `Z`, `UTC`, `GMT`, `+02`, `+0200` or `+02:00`. All but `Z` and `+02` may also follow a blank.
    Zone,
    /// ` AM` or ` PM`, the blank optional.
    Meridiem,
    /// Seconds (10 digits) or milliseconds (13 digits) since 1970, for the years 1996 to 2096.
    Epoch,
}

/// The unit of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Year,
    /// A year in two digits: 70–99 mean 1970–1999, and 00–69 mean 2000–2069.
    ShortYear,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// No number in a stamp has this many digits, so digits are counted only up to this limit.
pub(super) const MAX_DIGITS: usize = 14;

/// No shape has more parts than this.
pub(super) const MAX_PARTS: usize = 16;

use StampPart::{Byte, Epoch, Fraction, Meridiem, MonthName, Number, OneOf, PaddedDay, WeekdayName, Zone};
use Unit::{Day, Hour, Minute, Month, Second, ShortYear, Year};

const YEAR: StampPart = Number(Year, 4, 4);
const YEAR_2: StampPart = Number(ShortYear, 2, 2);
const MONTH: StampPart = Number(Month, 2, 2);
const DAY: StampPart = Number(Day, 2, 2);
const HOUR: StampPart = Number(Hour, 2, 2);
const MINUTE: StampPart = Number(Minute, 2, 2);
const SECOND: StampPart = Number(Second, 2, 2);
const BLANK: StampPart = Byte(b' ');
const COLON: StampPart = Byte(b':');
const FRACTION: StampPart = Fraction(b".,");

/// All known shapes. If several fit at the same place of a line, the first is used, so longer shapes come first.
pub(super) const SHAPES: &[&[StampPart]] = &[
    // 2015-10-18T18:01:47.978Z, 2015-10-18 18:01:47,978 +0200
    &[YEAR, Byte(b'-'), MONTH, Byte(b'-'), DAY, OneOf(b"T t"), HOUR, COLON, MINUTE, COLON, SECOND, FRACTION, Zone],
    // 2009/11/10 23:00:00, 2005.06.03 15:42:50
    &[YEAR, OneOf(b"/."), MONTH, OneOf(b"/."), DAY, OneOf(b" T-"), HOUR, COLON, MINUTE, COLON, SECOND, FRACTION, Zone],
    // 2005-06-03-15.42.50.675872
    &[YEAR, Byte(b'-'), MONTH, Byte(b'-'), DAY, Byte(b'-'), HOUR, Byte(b'.'), MINUTE, Byte(b'.'), SECOND, FRACTION],
    // 20171223-22:15:29:606, 20171224-0:7:20:444
    &[
        YEAR,
        MONTH,
        DAY,
        OneOf(b"- T"),
        Number(Hour, 1, 2),
        COLON,
        Number(Minute, 1, 2),
        COLON,
        Number(Second, 1, 2),
        Fraction(b".,:"),
        Zone,
    ],
    // Sun Dec 04 04:47:44.123456 2005
    &[
        WeekdayName,
        BLANK,
        MonthName,
        BLANK,
        PaddedDay,
        BLANK,
        HOUR,
        COLON,
        MINUTE,
        COLON,
        SECOND,
        FRACTION,
        Zone,
        BLANK,
        YEAR,
    ],
    // Tue, 5 Oct 1999 08:22:31 +0200
    &[
        WeekdayName,
        Byte(b','),
        BLANK,
        PaddedDay,
        BLANK,
        MonthName,
        BLANK,
        YEAR,
        BLANK,
        HOUR,
        COLON,
        MINUTE,
        COLON,
        SECOND,
        Zone,
    ],
    // 04/Nov/2000:03:13:20 +0000, 5 Oct 1999 08:22:31
    &[
        PaddedDay,
        OneOf(b"/ -"),
        MonthName,
        OneOf(b"/ -"),
        YEAR,
        OneOf(b": "),
        HOUR,
        COLON,
        MINUTE,
        COLON,
        SECOND,
        FRACTION,
        Zone,
    ],
    // Dec 10 2005 06:55:46
    &[MonthName, BLANK, PaddedDay, BLANK, YEAR, BLANK, HOUR, COLON, MINUTE, COLON, SECOND, FRACTION, Zone],
    // Dec 10 06:55:46
    &[MonthName, BLANK, PaddedDay, BLANK, HOUR, COLON, MINUTE, COLON, SECOND, FRACTION],
    // 30.10.2016 16:49:06, 3.5.2016 6:49:06
    &[
        Number(Day, 1, 2),
        Byte(b'.'),
        Number(Month, 1, 2),
        Byte(b'.'),
        YEAR,
        OneOf(b" ,"),
        Number(Hour, 1, 2),
        COLON,
        MINUTE,
        COLON,
        SECOND,
        FRACTION,
        Zone,
    ],
    // 4/17/2001 2:00:31 AM
    &[
        Number(Month, 1, 2),
        Byte(b'/'),
        Number(Day, 1, 2),
        Byte(b'/'),
        YEAR,
        BLANK,
        Number(Hour, 1, 2),
        COLON,
        MINUTE,
        COLON,
        SECOND,
        Meridiem,
    ],
    // 4/17/2001 14:00:31; the shape after this one, 17/4/2001 14:00:31, is for dates that are impossible in this order
    &[
        Number(Month, 1, 2),
        Byte(b'/'),
        Number(Day, 1, 2),
        Byte(b'/'),
        YEAR,
        BLANK,
        Number(Hour, 1, 2),
        COLON,
        MINUTE,
        COLON,
        SECOND,
        FRACTION,
    ],
    &[
        Number(Day, 1, 2),
        OneOf(b"/-"),
        Number(Month, 1, 2),
        OneOf(b"/-"),
        YEAR,
        BLANK,
        Number(Hour, 1, 2),
        COLON,
        MINUTE,
        COLON,
        SECOND,
        FRACTION,
    ],
    // 17/06/09 20:10:40
    &[YEAR_2, Byte(b'/'), MONTH, Byte(b'/'), DAY, BLANK, HOUR, COLON, MINUTE, COLON, SECOND, FRACTION],
    // 081109 203615
    &[YEAR_2, MONTH, DAY, BLANK, HOUR, MINUTE, SECOND],
    // 03-17 16:13:38.811, 10.30 16:49:06
    &[MONTH, OneOf(b"-."), DAY, BLANK, HOUR, COLON, MINUTE, COLON, SECOND, FRACTION],
    // 1117838570, 1117838570123
    &[Epoch],
];

/// The names of months in stamps.
pub(super) const MONTHS: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// The names of weekdays in stamps, Monday first.
pub(super) const WEEKDAYS: [&[u8; 3]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];

/// Returns the index of the name with which `text` begins, ignoring case.
pub(super) fn name_at(names: &[&[u8; 3]], text: &[u8]) -> Option<usize> {
    let start = text.first_chunk::<3>()?;
    names.iter().position(|name| name.eq_ignore_ascii_case(start))
}

/// Returns the length in bytes of the part at the beginning of `text`; 0 for an optional part that is missing, `None`
/// if `text` does not begin with the part.
pub(super) fn part_len(part: StampPart, text: &[u8]) -> Option<usize> {
    match part {
        Byte(byte) => (text.first() == Some(&byte)).then_some(1),
        OneOf(bytes) => text.first().is_some_and(|byte| bytes.contains(byte)).then_some(1),
        Number(_, min, max) => {
            let len = digits(text, usize::from(max));
            (len >= usize::from(min)).then_some(len)
        }
        PaddedDay => {
            let pad = usize::from(text.first() == Some(&b' '));
            let len = digits(&text[pad..], 2 - pad);
            (len > 0).then_some(pad + len)
        }
        MonthName => name_at(&MONTHS, text).map(|_| 3),
        WeekdayName => name_at(&WEEKDAYS, text).map(|_| 3),
        Fraction(points) => Some(match text.first() {
            Some(point) if points.contains(point) => match digits(&text[1..], 9) {
                0 => 0,
                len => 1 + len,
            },
            _ => 0,
        }),
        Zone => Some(zone_len(text)),
        Meridiem => {
            let blank = usize::from(text.first() == Some(&b' '));
            let word = text.get(blank..blank + 2)?;
            (word.eq_ignore_ascii_case(b"AM") || word.eq_ignore_ascii_case(b"PM")).then_some(blank + 2)
        }
        Epoch => match digits(text, MAX_DIGITS) {
            len @ (10 | 13) if (&b"0820454400"[..]..&b"3976214400"[..]).contains(&&text[..10]) => Some(len),
            _ => None,
        },
    }
}

/// How stamps of one shape begin. This is checked before a stamp is read, because it is faster.
#[derive(Debug, Clone, Copy)]
pub(super) enum Start {
    /// From `min` to `max` digits, then the part `then`, if there is one.
    Digits { min: u8, max: u8, then: Option<StampPart> },
    /// The name of a month or a weekday; the part says which.
    Name(StampPart),
}

/// The start of each shape, in the order of [`SHAPES`].
pub(super) static STARTS: [Start; SHAPES.len()] = {
    let mut starts = [Start::Name(MonthName); SHAPES.len()];
    let mut shape = 0;
    while shape < SHAPES.len() {
        starts[shape] = start_of(SHAPES[shape]);
        shape += 1;
    }
    starts
};

const fn start_of(parts: &[StampPart]) -> Start {
    let (mut min, mut max) = (0, 0);
    let mut at = 0;
    while at < parts.len() {
        match parts[at] {
            Number(_, least, most) => (min, max) = (min + least, max + most),
            PaddedDay => (min, max) = (min + 1, max + 2),
            Epoch => return Start::Digits { min: 10, max: 13, then: None },
            then if max == 0 => return Start::Name(then),
            then => return Start::Digits { min, max, then: Some(then) },
        }
        at += 1;
    }
    Start::Digits { min, max, then: None }
}

impl Start {
    /// Whether a stamp of this shape may be at the beginning of `text`, which begins with exactly `n_digits` digits.
    pub(super) fn fits(self, text: &[u8], n_digits: usize) -> bool {
        match self {
            Start::Name(part) => n_digits == 0 && part_len(part, text).is_some(),
            Start::Digits { min, max, then } => {
                (usize::from(min)..=usize::from(max)).contains(&n_digits)
                    && then.is_none_or(|part| part_len(part, &text[n_digits..]).is_some())
            }
        }
    }
}

/// Counts the digits at the beginning of `text`, up to `max`.
pub(super) fn digits(text: &[u8], max: usize) -> usize {
    text.iter().take(max).take_while(|byte| byte.is_ascii_digit()).count()
}

fn zone_len(text: &[u8]) -> usize {
    let blank = usize::from(text.first() == Some(&b' '));
    let rest = &text[blank..];
    let len = match rest {
        [b'Z' | b'z', ..] if blank == 0 => 1,
        _ if name_at(&[b"UTC", b"GMT"], rest).is_some() => 3,
        [b'+' | b'-', offset @ ..] => match (digits(offset, 4), offset.get(2), offset.get(3..)) {
            (4, _, _) => 5,
            (2, Some(b':'), Some(minutes)) if digits(minutes, 2) == 2 => 6,
            (2, _, _) if blank == 0 => 3,
            _ => 0,
        },
        _ => 0,
    };
    let ends = rest.get(len).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    if len > 0 && ends { blank + len } else { 0 }
}
