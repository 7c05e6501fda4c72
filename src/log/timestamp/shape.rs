//! The shapes of time stamps as data. A shape is a list of parts; reading and writing use the same table.

/// A part of a written stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StampPart {
    /// This byte.
    Byte(u8),
    /// One of these bytes.
    OneOf(&'static [u8]),
    /// One of these bytes, which separates date and time. A blank also allows two blanks, ` - `, ` -- `, ` | `, ` @ `, ` at `, and
    /// the marks between two columns or two groups in brackets. A colon also allows two.
    Gap(&'static [u8]),
    /// This text.
    Text(&'static str),
    /// Optional: this byte.
    Optional(u8),
    /// A number: its unit, and the least and the greatest number of its digits.
    Number(Unit, u8, u8),
    /// A number of one or two digits that is usually written with two; blanks may pad it.
    Padded(Unit),
    /// A day of one or two digits; a blank may pad it.
    PaddedDay,
    /// The name of a month in any of the known languages.
    MonthName,
    /// Optional: a colon and the seconds.
    Seconds,
    /// Optional: one of these bytes (point, comma or colon), then the digits of a fraction of a second.
    Fraction(&'static [u8]),
    /// The same, which cannot be missing.
    SureFraction(&'static [u8]),
    /// Optional: a zone, such as `Z`, ` CET`, `+02:00` or ` Europe/Berlin`.
    Zone,
    /// Optional: the same, but not a name that may be a host.
    StrictZone,
    /// Optional: an offset of three digits, which are minutes.
    MinuteZone,
    /// Optional: ` AM` or ` PM` in any of their forms.
    Meridiem,
    /// ` AM` or ` PM`, which cannot be missing.
    SureMeridiem,
    /// Optional: a year after the time; only after a weekday or a zone.
    TailYear,
    /// Optional: a zone after [`StampPart::TailYear`].
    TailZone,
    /// Seconds (10 digits), milli- (13), micro- (16) or nanoseconds (19) since 1970, for the years 1996 to 2096, with a
    /// fraction or without.
    Epoch,
    /// Seconds since 1970 in eight hexadecimal digits, a point, and nanoseconds in eight, for the years 1996 to 2054.
    HexEpoch,
    /// `@` and a TAI64 or TAI64N label of 16 or 24 hexadecimal digits.
    Tai,
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
    DayOfYear,
    /// The year of a week, which differs from the year of a day around New Year.
    WeekYear,
    Week,
    /// From 1 for Monday to 7.
    WeekdayNumber,
    /// The numbers of a date whose order is not fixed: year, month and day, or month and day.
    First,
    Second2,
    Third,
}

/// No number in a stamp has this many digits, so digits are counted only up to this limit.
pub(super) const MAX_DIGITS: usize = 20;

/// No shape has more parts than this.
pub(super) const MAX_PARTS: usize = 18;

/// A list of parts, and where stamps of the shape are looked for.
pub(super) struct Shape {
    parts: [StampPart; MAX_PARTS],
    n_parts: usize,
    pub(super) place: Place,
}

/// Where a shape is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Anywhere,
    /// It is only digits, so it is a stamp only where nothing else is likely: at the beginning of a line or of a value.
    Beginning,
    /// It is only a time, so it is a stamp only if the day is known.
    KnownDay,
}

impl Shape {
    pub(super) fn parts(&self) -> &[StampPart] {
        &self.parts[..self.n_parts]
    }
}

use StampPart::{
    Byte, Epoch, Fraction, Gap, HexEpoch, Meridiem, MinuteZone, MonthName, Number, OneOf, Optional, Padded, PaddedDay,
    Seconds, StrictZone, SureFraction, SureMeridiem, Tai, TailYear, TailZone, Text, Zone,
};
use Unit::{
    Day, DayOfYear, First, Hour, Minute, Month, Second, Second2, ShortYear, Third, Week, WeekYear, WeekdayNumber, Year,
};

const YEAR: StampPart = Number(Year, 4, 4);
const YEAR_2: StampPart = Number(ShortYear, 2, 2);
const MONTH: StampPart = Number(Month, 2, 2);
const DAY: StampPart = Number(Day, 2, 2);
const HOUR: StampPart = Number(Hour, 2, 2);
const MINUTE: StampPart = Number(Minute, 2, 2);
const SECOND: StampPart = Number(Second, 2, 2);
const BLANK: StampPart = Byte(b' ');
const COLON: StampPart = Byte(b':');
const DASH: StampPart = Byte(b'-');
const FRACTION: StampPart = Fraction(b".,:");
const SLASH_OR_DASH: StampPart = OneOf(b"/-");

/// `10:00`, `5:13:12`, `10:00:00.123 +0200`, `10:00:00:123 AM CET`
const CLOCK: &[StampPart] = &[Padded(Hour), COLON, MINUTE, Seconds, FRACTION, Meridiem, Zone];
/// The same with seconds in any case, for dates that are less certain.
const FULL_CLOCK: &[StampPart] = &[Padded(Hour), COLON, MINUTE, COLON, SECOND, FRACTION, Meridiem, Zone];
/// After a date without a year: `10:00:00.123 CET 2026`, `10:00:00 2026 +0100`
const CLOCK_AND_YEAR: &[StampPart] =
    &[Padded(Hour), COLON, MINUTE, COLON, SECOND, FRACTION, Meridiem, StrictZone, TailYear, TailZone];
/// `0:7:20:444`
const UNPADDED_CLOCK: &[StampPart] =
    &[Number(Hour, 1, 2), COLON, Number(Minute, 1, 2), COLON, Number(Second, 1, 2), FRACTION, Zone];
/// `100000.123Z`
const DIGIT_CLOCK: &[StampPart] = &[HOUR, MINUTE, SECOND, Fraction(b".,"), Zone];
/// The same with a fraction in any case, for dates that are less certain.
const LONG_DIGIT_CLOCK: &[StampPart] = &[HOUR, MINUTE, SECOND, SureFraction(b".,"), Zone];
/// `10-00-00`
const DASHED_CLOCK: &[StampPart] = &[HOUR, DASH, MINUTE, DASH, SECOND, Fraction(b".,"), Zone];
/// `10.00.00.123456+060`, `10.00.00.123456 AM`
const DOTTED_CLOCK: &[StampPart] =
    &[HOUR, Byte(b'.'), MINUTE, Byte(b'.'), SECOND, FRACTION, MinuteZone, Meridiem, Zone];

/// Before a date: `10:00:00.123`, `10:00:00 PM`
const CLOCK_FIRST: &[StampPart] = &[Padded(Hour), COLON, MINUTE, COLON, SECOND, FRACTION, Meridiem, Gap(b" ,")];

/// All known shapes, the most frequent first. If several fit at the same place of a line, the first is used. A weekday
/// may precede each.
pub(super) const SHAPES: &[Shape] = &[
    // 2015-10-18T18:01:47.978Z, 2015-10-18 18:01:47,978 +0200, 2015-10-18  5:13:12, 2015-10-18 18:01
    shape(&[YEAR, DASH, Padded(Month), DASH, Padded(Day), Gap(b"T t\t_-:,")], CLOCK),
    // 2009/11/10 23:00:00, 2005.06.03 15:42:50, 2026/11/12 - 10:00:00
    shape(&[YEAR, OneOf(b"/."), Padded(Month), OneOf(b"/."), Padded(Day), Gap(b" T\t_-:,")], CLOCK),
    // Dec 10 06:55:46, Thu Nov 12 10:00:00.123 CET 2026, Thu Nov 12 10:00:00 2026 +0100
    shape(&[MonthName, BLANK, PaddedDay, BLANK], CLOCK_AND_YEAR),
    // Dec 10 2005 06:55:46, November 12, 2026 10:00:00 AM, Nov-12-2026 10:00:00
    shape(&[MonthName, OneOf(b" -/"), Padded(Day), Optional(b','), OneOf(b" -/"), YEAR, Gap(b" ,T-_:\t")], CLOCK),
    // 04/Nov/2000:03:13:20 +0000, 5 Oct 1999 08:22:31, 12-Nov-2026 10:00:00 Europe/Berlin, 12. November 2026 10:00
    shape(
        &[Padded(Day), Optional(b'.'), OneOf(b"/ -"), MonthName, Optional(b','), OneOf(b"/ -"), YEAR, Gap(b": T,-_\t")],
        CLOCK,
    ),
    // 03-17 16:13:38.811
    shape(&[Number(Month, 2, 2), DASH, DAY, Gap(b" T")], CLOCK_AND_YEAR),
    // 2005-06-03-15.42.50.675872
    shape(&[YEAR, OneOf(b"-/."), MONTH, OneOf(b"-/."), DAY, OneOf(b"- T_")], DOTTED_CLOCK),
    // 2026:11:12-10:00:00, 2026:11:12 10:00:00
    shape(&[YEAR, COLON, MONTH, COLON, DAY, OneOf(b"- ")], FULL_CLOCK),
    // 2026-11-12 10-00-00
    shape(&[YEAR, OneOf(b"-_."), MONTH, OneOf(b"-_."), DAY, OneOf(b" _T-")], DASHED_CLOCK),
    // 2026-316T10:00:00
    shape(&[YEAR, OneOf(b"-:"), Number(DayOfYear, 3, 3), OneOf(b"T :-")], CLOCK),
    // 2026-W46-4T10:00:00
    shape(
        &[Number(WeekYear, 4, 4), Text("-W"), Number(Week, 2, 2), DASH, Number(WeekdayNumber, 1, 1), OneOf(b"T ")],
        CLOCK,
    ),
    // 2015 Nov 13 13:40:01, 2015-Nov-13 13:40:01
    shape(&[YEAR, OneOf(b" -/"), MonthName, OneOf(b" -/"), Padded(Day), Gap(b" T:,")], CLOCK),
    // 2026. 11. 12. 10:00:00
    shape(&[YEAR, Text(". "), Number(Month, 1, 2), Text(". "), Number(Day, 1, 2), Text(". ")], CLOCK),
    // 2026年11月12日 10:00:00
    shape(&[YEAR, Text("年"), Padded(Month), Text("月"), Padded(Day), Text("日"), BLANK], CLOCK),
    // 20261112T100000.123Z
    shape(&[YEAR, MONTH, DAY, OneOf(b"Tt")], DIGIT_CLOCK),
    // 20171223-22:15:29:606, 20171224-0:7:20:444
    shape(&[YEAR, MONTH, DAY, OneOf(b"- T_:")], UNPADDED_CLOCK),
    // 1234:20261112:100000.123
    shape(&[YEAR, MONTH, DAY, COLON], LONG_DIGIT_CLOCK),
    // [1112/100000.123456:ERROR:gpu.cc(12)]
    shape(&[MONTH, DAY, Byte(b'/')], LONG_DIGIT_CLOCK),
    // 20261112 100000
    shape(&[YEAR, MONTH, DAY, OneOf(b" _-")], DIGIT_CLOCK).at(Place::Beginning),
    // 20261112100000.123456+060
    shape(&[YEAR, MONTH, DAY], &[HOUR, MINUTE, SECOND, SureFraction(b"."), MinuteZone]).at(Place::Beginning),
    // 20261112100000
    shape(&[YEAR, MONTH, DAY], DIGIT_CLOCK).at(Place::Beginning),
    // 081109 203615
    shape(&[YEAR_2, MONTH, DAY, OneOf(b" -_T")], DIGIT_CLOCK).at(Place::Beginning),
    // 081109 20:36:15, 081109  2:36:15
    shape(&[YEAR_2, MONTH, DAY, OneOf(b" -T")], FULL_CLOCK),
    // 4/17/2001 2:00:31 PM, 11/12/2026, 10:00:00 AM, 11/12/2026-10:00:00.123456, 05-06-2026 10:00:00
    shape(&[Number(First, 1, 2), SLASH_OR_DASH, Number(Second2, 1, 2), SLASH_OR_DASH, YEAR, Gap(b" T-_:\t,")], CLOCK),
    // 17/06/09 20:10:40, 05-06-26 10:00:00, 11/12/26 10:00:00:123 CET
    shape(
        &[
            Number(First, 1, 2),
            SLASH_OR_DASH,
            Number(Second2, 1, 2),
            SLASH_OR_DASH,
            Number(Third, 2, 2),
            Gap(b" T-_\t,"),
        ],
        CLOCK,
    ),
    // 12Nov2026 10:00:00
    shape(&[DAY, MonthName, YEAR, Gap(b" T:,")], CLOCK),
    // 12-NOV-26 10.00.00.123456 AM
    shape(&[DAY, DASH, MonthName, DASH, YEAR_2, BLANK], DOTTED_CLOCK),
    // 12-Nov-26 10:00:00
    shape(&[Padded(Day), OneOf(b"/ -"), MonthName, OneOf(b"/ -"), YEAR_2, Gap(b" T,_\t")], FULL_CLOCK),
    // 28 Nov 21:17:05.190, 12. Nov 10:00:00 CET 2026
    shape(&[Padded(Day), Optional(b'.'), OneOf(b" -"), MonthName, Gap(b" ,")], CLOCK_AND_YEAR),
    // 12-Nov 10:00
    shape(&[DAY, DASH, MonthName, BLANK], CLOCK).at(Place::Beginning),
    // 30.10.2016 16:49:06, 3.5.2016 6:49:06, 12. 11. 2026 10:00
    shape(
        &[
            Number(Day, 1, 2),
            Byte(b'.'),
            Optional(b' '),
            Number(Month, 1, 2),
            Byte(b'.'),
            Optional(b' '),
            YEAR,
            Gap(b" ,T-_\t:"),
        ],
        CLOCK,
    ),
    // 12.11.2026 10.00.00
    shape(&[Number(Day, 1, 2), Byte(b'.'), Number(Month, 1, 2), Byte(b'.'), YEAR, Gap(b" ,")], DOTTED_CLOCK),
    // 12.11.26 10:00:01
    shape(&[DAY, Byte(b'.'), MONTH, Byte(b'.'), YEAR_2, Gap(b" ,T-_\t")], FULL_CLOCK),
    // 10.30 16:49:06, 11/12 10:00:00, 30-10 16:49:06
    shape(&[Number(First, 2, 2), OneOf(b"./-"), Number(Second2, 2, 2), OneOf(b" ")], CLOCK_AND_YEAR),
    // 11月 12 10:00:00
    shape(&[Number(Month, 1, 2), Text("月"), BLANK, PaddedDay, BLANK], CLOCK_AND_YEAR),
    // nov/12 10:00:00, Nov12 10:00
    shape(&[MonthName, Byte(b'/'), DAY, BLANK], FULL_CLOCK),
    shape(&[MonthName, DAY, BLANK], CLOCK),
    // Nov-12-26 10:00:00
    shape(&[MonthName, SLASH_OR_DASH, DAY, SLASH_OR_DASH, YEAR_2, Gap(b" ,T_")], FULL_CLOCK),
    // 10:00:00 2026-11-12, 10:00:00.123, 2026/11/12
    shape(CLOCK_FIRST, &[YEAR, OneOf(b"-/."), Padded(Month), OneOf(b"-/."), Padded(Day)]),
    // 10:00:00 PM 11/12/2026, 10:00:00 12.11.2026
    shape(CLOCK_FIRST, &[Number(First, 1, 2), OneOf(b"/-."), Number(Second2, 1, 2), OneOf(b"/-."), YEAR]),
    // 10:00:00, 12 Nov 2026
    shape(CLOCK_FIRST, &[Padded(Day), OneOf(b" -/"), MonthName, OneOf(b" -/"), YEAR]),
    // 10:00:00 Nov 12, 2026
    shape(CLOCK_FIRST, &[MonthName, OneOf(b" -/"), Padded(Day), Optional(b','), OneOf(b" -/"), YEAR]),
    // 1117838570, 1117838570123, 1763000000.123456
    shape(&[Epoch], &[]).at(Place::Beginning),
    // 6915410a.075bca00
    shape(&[HexEpoch], &[]).at(Place::Beginning),
    // @400000006915410a075bca00
    shape(&[Tai], &[]),
    // 10:00:00.123, 10:00:00 AM, 10:00AM
    shape(&[], FULL_CLOCK).at(Place::KnownDay),
    shape(&[Padded(Hour), COLON, MINUTE, SureMeridiem, Zone], &[]).at(Place::KnownDay),
];

const fn shape(date: &[StampPart], clock: &[StampPart]) -> Shape {
    let mut parts = [Zone; MAX_PARTS];
    let mut n_parts = 0;
    while n_parts < date.len() {
        parts[n_parts] = date[n_parts];
        n_parts += 1;
    }
    while n_parts < date.len() + clock.len() {
        parts[n_parts] = clock[n_parts - date.len()];
        n_parts += 1;
    }
    Shape { parts, n_parts, place: Place::Anywhere }
}

impl Shape {
    const fn at(self, place: Place) -> Shape {
        Shape { place, ..self }
    }
}

/// A set of shapes: bit `i` stands for the shape `SHAPES[i]`.
pub(super) type ShapeSet = u64;

const _: () = assert!(SHAPES.len() <= ShapeSet::BITS as usize, "a set has a bit for each shape");

/// The shapes that are read only at this place.
pub(super) const fn shapes_at(place: Place) -> ShapeSet {
    let mut set = 0;
    let mut index = 0;
    while index < SHAPES.len() {
        if SHAPES[index].place as u8 == place as u8 {
            set |= 1 << index;
        }
        index += 1;
    }
    set
}

/// Bytes that follow the first digits of stamps. All others are in the class 0.
const fn class(byte: u8) -> usize {
    match byte {
        b' ' => 1,
        b'-' => 2,
        b'/' => 3,
        b'.' => 4,
        b':' => 5,
        b'T' | b't' => 6,
        b'_' => 7,
        b',' => 8,
        b'@' => 9,
        // The first bytes of `年` and `月`.
        0xE5 => 10,
        0xE6 => 11,
        _ => 0,
    }
}

const N_CLASSES: usize = 12;

/// The shapes that may begin with the given number of digits, followed by a byte of the given class.
static STARTS: [[ShapeSet; N_CLASSES]; MAX_DIGITS + 1] = {
    let mut starts = [[0; N_CLASSES]; MAX_DIGITS + 1];
    let mut index = 0;
    while index < SHAPES.len() {
        let (digits, classes) = start_of(&SHAPES[index]);
        let mut n_digits = 0;
        while n_digits <= MAX_DIGITS {
            let mut class = 0;
            while class < N_CLASSES {
                if digits & (1 << n_digits) != 0 && classes & (1 << class) != 0 {
                    starts[n_digits][class] |= 1 << index;
                }
                class += 1;
            }
            n_digits += 1;
        }
        index += 1;
    }
    starts
};

/// Returns the possible numbers of digits at the beginning of a shape, and the classes of the byte after them, as bits.
const fn start_of(shape: &Shape) -> (u32, u32) {
    let (mut min, mut max) = (0, 0);
    let mut classes = 0;
    let mut index = 0;
    while index < shape.n_parts {
        match shape.parts[index] {
            Number(_, least, most) if classes == 0 => (min, max) = (min + least as usize, max + most as usize),
            Padded(_) | PaddedDay if classes == 0 => (min, max) = (min + 1, max + 2),
            Epoch => return (1 << 10 | 1 << 13 | 1 << 16 | 1 << 19, u32::MAX),
            // A letter is in the class of other bytes.
            HexEpoch => return (counts(1, 8), 1 << class(b'a') | 1 << class(b'.')),
            Tai => return (1, 1 << class(b'@')),
            Byte(byte) => return (counts(min, max), classes | 1 << class(byte)),
            Text(text) => return (counts(min, max), classes | 1 << class(text.as_bytes()[0])),
            OneOf(bytes) | Gap(bytes) => return (counts(min, max), classes | classes_of(bytes)),
            // A letter is in the class of other bytes.
            MonthName => return (counts(min, max), classes | 1 << class(b'M')),
            Optional(byte) => classes |= 1 << class(byte),
            _ => return (counts(min, max), u32::MAX),
        }
        index += 1;
    }
    (counts(min, max), u32::MAX)
}

/// The numbers from `min` to `max` as bits.
const fn counts(min: usize, max: usize) -> u32 {
    (1 << (max + 1)) - (1 << min)
}

const fn classes_of(bytes: &[u8]) -> u32 {
    let mut classes = 0;
    let mut index = 0;
    while index < bytes.len() {
        classes |= 1 << class(bytes[index]);
        index += 1;
    }
    classes
}

/// Returns the shapes of which a stamp may be at the beginning of `text`, after a weekday.
pub(super) fn shapes_of(text: &[u8]) -> ShapeSet {
    let n_digits = digits(text, MAX_DIGITS);
    let class = text.get(n_digits).map_or(0, |byte| class(*byte));
    STARTS[n_digits][class]
}

/// Counts the digits at the beginning of `text`, up to `max`.
pub(super) fn digits(text: &[u8], max: usize) -> usize {
    text.iter().take(max).take_while(|byte| byte.is_ascii_digit()).count()
}
