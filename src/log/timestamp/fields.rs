//! The values in the parts of a stamp, and the instant that they mean.

use jiff::civil::{Date, DateTime, ISOWeekDate, Time, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::StampRules;
use super::names::month_at;
use super::order::DateOrder;
use super::part::{epoch_len, fraction_len, gap_len, hex_epoch_len, meridiem_len, tai_len};
use super::shape::{StampPart, Unit};
use super::zone::{WrittenZone, minute_zone_at, strict_zone_at, year_follows, zone_at};

/// The values in the parts of a stamp.
#[derive(Default)]
pub(super) struct StampFields {
    year: Option<i16>,
    month: i8,
    day: i8,
    hour: i8,
    minute: i8,
    second: Option<i8>,
    nanosecond: i32,
    afternoon: Option<bool>,
    day_of_year: Option<i16>,
    week: i8,
    weekday: Option<i8>,
    /// The numbers of a date whose order is not fixed.
    numbers: [i8; 2],
    /// The third of them, if the year is among them.
    third: Option<i8>,
    is_time_only: bool,
    zone: Option<WrittenZone>,
    instant: Option<Timestamp>,
}

/// The instant that a stamp means, and how it was read.
#[derive(Clone, Copy)]
pub(super) struct ReadTime {
    pub(super) time: Timestamp,
    pub(super) order: DateOrder,
    /// The offset in which the stamp is written.
    pub(super) offset: Offset,
    /// Whether the stamp contains its zone.
    pub(super) zoned: bool,
}

impl StampFields {
    /// Returns the fields of a stamp that may contain only a time.
    pub(super) fn new(is_time_only: bool) -> Self {
        StampFields { is_time_only, ..StampFields::default() }
    }

    /// Whether a zone was read.
    pub(super) fn has_zone(&self) -> bool {
        self.zone.is_some()
    }

    pub(super) fn has_year(&self) -> bool {
        self.year.is_some()
    }

    /// Reads the part at the beginning of `text` and returns its length in bytes; 0 for an optional part that is missing.
    /// `None` if `text` does not begin with the part, or if its value alone is impossible. Whether the date exists is
    /// checked later.
    pub(super) fn read(&mut self, part: StampPart, text: &[u8]) -> Option<usize> {
        match part {
            StampPart::Byte(byte) => (text.first() == Some(&byte)).then_some(1),
            StampPart::OneOf(bytes) => text.first().is_some_and(|byte| bytes.contains(byte)).then_some(1),
            StampPart::Gap(bytes) => gap_len(bytes, text),
            StampPart::Text(word) => text.starts_with(word.as_bytes()).then_some(word.len()),
            StampPart::Optional(byte) => Some(usize::from(text.first() == Some(&byte))),
            StampPart::Number(unit, min, max) => self.read_number(unit, text, min, max),
            StampPart::Padded(unit) => self.read_padded(unit, text, 2),
            StampPart::PaddedDay => self.read_padded(Unit::Day, text, 1),
            StampPart::MonthName => {
                let (month, len) = month_at(text)?;
                self.month = month;
                Some(len)
            }
            StampPart::Seconds => self.read_seconds(text),
            StampPart::Fraction(points) => Some(self.read_fraction(points, text)),
            StampPart::SureFraction(points) => Some(self.read_fraction(points, text)).filter(|len| *len > 0),
            StampPart::MinuteZone => Some(self.set_zone(minute_zone_at(text))),
            StampPart::Zone | StampPart::TailZone => Some(self.set_zone(zone_at(text))),
            StampPart::StrictZone => Some(self.set_zone(strict_zone_at(text))),
            StampPart::Meridiem => Some(self.read_meridiem(text)),
            StampPart::SureMeridiem => Some(self.read_meridiem(text)).filter(|len| *len > 0),
            StampPart::TailYear if year_follows(text) => {
                self.read_number(Unit::Year, &text[1..], 4, 4).map(|len| len + 1)
            }
            StampPart::TailYear => Some(0),
            StampPart::Epoch => {
                let len = epoch_len(text)?;
                self.instant = Some(epoch(&text[..len])?);
                Some(len)
            }
            StampPart::HexEpoch => {
                let len = hex_epoch_len(text)?;
                self.instant = Some(hex_epoch(&text[..len])?);
                Some(len)
            }
            StampPart::Tai => {
                let len = tai_len(text)?;
                self.instant = Some(tai(&text[..len])?);
                Some(len)
            }
        }
    }

    fn read_number(&mut self, unit: Unit, text: &[u8], min: u8, max: u8) -> Option<usize> {
        let (mut len, mut number) = (0, 0_i16);
        while len < usize::from(max)
            && let Some(digit @ b'0'..=b'9') = text.get(len)
        {
            number = number * 10 + i16::from(digit - b'0');
            len += 1;
        }
        if len < usize::from(min) {
            return None;
        }
        self.set(unit, number)?;
        Some(len)
    }

    /// Reads a number of one or two digits after at most `max_blanks` blanks.
    fn read_padded(&mut self, unit: Unit, text: &[u8], max_blanks: usize) -> Option<usize> {
        let blanks = text.iter().take(max_blanks).take_while(|byte| **byte == b' ').count();
        self.read_number(unit, &text[blanks..], 1, 2).map(|len| blanks + len)
    }

    fn read_seconds(&mut self, text: &[u8]) -> Option<usize> {
        match text {
            [b':', rest @ ..] if rest.first().is_some_and(u8::is_ascii_digit) => {
                let len = self.read_number(Unit::Second, rest, 2, 2)?;
                let ends = !rest.get(len).is_some_and(u8::is_ascii_digit);
                ends.then_some(1 + len)
            }
            _ => Some(0),
        }
    }

    /// Reads a fraction of a second, which follows only seconds.
    fn read_fraction(&mut self, points: &[u8], text: &[u8]) -> usize {
        let len = if self.second.is_some() { fraction_len(points, text) } else { 0 };
        if len > 0 {
            self.nanosecond = nine_digits(text[1..len].iter());
        }
        len
    }

    fn read_meridiem(&mut self, text: &[u8]) -> usize {
        let len = meridiem_len(text);
        if len > 0 {
            self.afternoon = Some(text[..len].iter().any(|byte| byte.eq_ignore_ascii_case(&b'P')));
        }
        len
    }

    fn set_zone(&mut self, found: Option<(WrittenZone, usize)>) -> usize {
        let Some((zone, len)) = found else { return 0 };
        self.zone = Some(zone);
        len
    }

    fn set(&mut self, unit: Unit, number: i16) -> Option<()> {
        let short = i8::try_from(number).ok();
        match unit {
            Unit::Year | Unit::WeekYear => self.year = Some(number),
            Unit::ShortYear => self.year = Some(full_year(short?)),
            Unit::Month => self.month = short?,
            Unit::Day => self.day = short?,
            Unit::Hour => self.hour = short?,
            Unit::Minute => self.minute = short?,
            // A leap second is read as the second before it.
            Unit::Second => self.second = Some(if number == 60 { 59 } else { short? }),
            Unit::DayOfYear => self.day_of_year = Some(number),
            Unit::Week => self.week = short?,
            Unit::WeekdayNumber => self.weekday = short,
            Unit::First => self.numbers[0] = short?,
            Unit::Second2 => self.numbers[1] = short?,
            Unit::Third => (self.third, self.year) = (short, Some(full_year(short?))),
        }
        Some(())
    }

    /// Returns the instant; `None` if there is no such date or time.
    pub(super) fn time(&self, rules: &StampRules) -> Option<ReadTime> {
        if let Some(time) = self.instant {
            return Some(ReadTime { time, order: DateOrder::default(), offset: Offset::UTC, zoned: true });
        }
        let clock = self.clock()?;
        if self.numbers == [0; 2] {
            let date = match self.year {
                _ if self.is_time_only => return self.on_latest_day(clock, rules),
                Some(year) => self.date(year, self.month, self.day)?,
                None => return self.in_latest_year(self.month, self.day, clock, DateOrder::default(), rules),
            };
            return self.at(date, clock, DateOrder::default(), rules);
        }
        let [first, second] = self.numbers;
        let (month, day, order) = month_and_day(first, second, rules.day_first)?;
        let year_last = match self.year {
            Some(year) => self.date(year, month, day).and_then(|date| self.at(date, clock, order, rules)),
            None => return self.in_latest_year(month, day, clock, order, rules),
        };
        let Some(third) = self.third else { return year_last };
        let year_first = Date::new(full_year(first), second, third).ok();
        let year_first = year_first.and_then(|date| self.at(date, clock, DateOrder::YearMonth, rules));
        later_but_past(year_last, year_first, rules)
    }

    /// Returns the time of day `clock` on the day that the rules give; if that is after their newest instant, on
    /// the day before.
    fn on_latest_day(&self, clock: Time, rules: &StampRules) -> Option<ReadTime> {
        let day = rules.day?;
        let read = self.at(day, clock, DateOrder::default(), rules)?;
        if read.time <= rules.newest {
            return Some(read);
        }
        self.at(day.yesterday().ok()?, clock, DateOrder::default(), rules)
    }

    fn date(&self, year: i16, month: i8, day: i8) -> Option<Date> {
        match (self.day_of_year, self.weekday) {
            (Some(day), _) => Date::new(year, 1, 1).ok()?.with().day_of_year(day).build().ok(),
            (_, Some(day)) => {
                let weekday = Weekday::from_monday_one_offset(day).ok()?;
                Some(ISOWeekDate::new(year, self.week, weekday).ok()?.date())
            }
            (None, None) => Date::new(year, month, day).ok(),
        }
    }

    pub(super) fn clock(&self) -> Option<Time> {
        let hour = match self.afternoon {
            None => self.hour,
            // Some programs write `14:00 PM` and `00:15 AM`.
            Some(true) if self.hour > 12 => self.hour,
            Some(afternoon) if self.hour <= 12 => self.hour % 12 + if afternoon { 12 } else { 0 },
            Some(_) => return None,
        };
        Time::new(hour, self.minute, self.second.unwrap_or(0), self.nanosecond).ok()
    }

    fn at(&self, date: Date, clock: Time, order: DateOrder, rules: &StampRules) -> Option<ReadTime> {
        let civil = date.to_datetime(clock);
        let (time, offset) = match &self.zone {
            Some(WrittenZone::Offset(offset)) => (offset.to_timestamp(civil).ok()?, *offset),
            Some(WrittenZone::Named(zone)) => in_zone(civil, zone)?,
            None => in_zone(civil, &rules.zone)?,
        };
        Some(ReadTime { time, order, offset, zoned: self.zone.is_some() })
    }

    /// Returns the time in the latest year in which it is at most a day after the newest instant of the rules. For the
    /// 29th of February nine years are tried, because two leap years may be eight years apart.
    fn in_latest_year(
        &self,
        month: i8,
        day: i8,
        clock: Time,
        order: DateOrder,
        rules: &StampRules,
    ) -> Option<ReadTime> {
        let limit = rules.latest();
        // In zones ahead of UTC, the next year may have begun already.
        let ahead = limit.checked_add(SignedDuration::from_hours(14)).unwrap_or(limit);
        let last_year = Offset::UTC.to_datetime(ahead).year();
        (last_year - 9..=last_year)
            .rev()
            .filter_map(|year| self.at(Date::new(year, month, day).ok()?, clock, order, rules))
            .find(|read| read.time <= limit)
    }
}

/// Returns the instant of a local time, and the offset that holds then. A time in the gap at the beginning of summer
/// time is read in the offset before it, a time that occurs twice as the first.
fn in_zone(civil: DateTime, zone: &TimeZone) -> Option<(Timestamp, Offset)> {
    if let Ok(offset) = zone.to_fixed_offset() {
        return offset.to_timestamp(civil).ok().map(|time| (time, offset));
    }
    zone.to_timestamp(civil).ok().map(|time| (time, zone.to_offset(time)))
}

/// Decides which of two numbers is the month; the month is 0 if neither can be. A value that is possible only in the
/// other order is read in that order.
fn month_and_day(first: i8, second: i8, day_first: bool) -> Option<(i8, i8, DateOrder)> {
    let is_month = |number: i8| (1..=12).contains(&number);
    match (is_month(first), is_month(second)) {
        (true, true) if day_first => Some((second, first, DateOrder::DayMonth)),
        (true, _) => Some((first, second, DateOrder::MonthDay)),
        (false, true) => Some((second, first, DateOrder::DayMonth)),
        (false, false) => None,
    }
}

/// Decides between two ways to read three short numbers: as the rules state, else the later one that is not in the
/// future, because most logs are young.
fn later_but_past(year_last: Option<ReadTime>, year_first: Option<ReadTime>, rules: &StampRules) -> Option<ReadTime> {
    let (Some(last), Some(first)) = (year_last, year_first) else { return year_last.or(year_first) };
    let limit = rules.latest();
    let takes_first = match rules.year_first {
        Some(year_first) => year_first,
        None if first.time > limit => false,
        None => last.time > limit || first.time > last.time,
    };
    Some(if takes_first { first } else { last })
}

fn full_year(short: i8) -> i16 {
    i16::from(short) + if short < 70 { 2000 } else { 1900 }
}

/// Returns the number of the first nine digits, with zeros for missing ones.
fn nine_digits<'a>(digits: impl Iterator<Item = &'a u8>) -> i32 {
    digits.chain(std::iter::repeat(&b'0')).take(9).fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'))
}

/// Returns the instant of a count since 1970, whose number of digits tells its unit.
fn epoch(text: &[u8]) -> Option<Timestamp> {
    let len = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let seconds = text[..10].iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    // The digits after the seconds, then those of the fraction, are a fraction of a second.
    let digits = text[10..len].iter().chain(text.get(len + 1..).unwrap_or_default());
    Timestamp::new(seconds, nine_digits(digits)).ok()
}

/// The label of 1970-01-01 00:00:00 UTC in the way of daemontools, which counts no leap seconds.
pub(super) const TAI_OF_1970: i64 = 10;

/// Returns the instant of a count such as `6915410a.075bca00`.
fn hex_epoch(text: &[u8]) -> Option<Timestamp> {
    let (seconds, nanoseconds) = (hex(text.get(..8)?)?, hex(text.get(9..)?)?);
    Timestamp::new(seconds, i32::try_from(nanoseconds).ok().filter(|nanoseconds| *nanoseconds < 1_000_000_000)?).ok()
}

fn hex(digits: &[u8]) -> Option<i64> {
    i64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Returns the instant of a label such as `@400000006915410a075bca00`, like the command `tai64nlocal`.
fn tai(text: &[u8]) -> Option<Timestamp> {
    let seconds = hex(text.get(2..17)?)?;
    let nanoseconds = match text.get(17..25) {
        Some(digits) => i32::try_from(hex(digits)?).ok().filter(|nanoseconds| *nanoseconds < 1_000_000_000)?,
        None => 0,
    };
    Timestamp::new(seconds - TAI_OF_1970, nanoseconds).ok()
}
