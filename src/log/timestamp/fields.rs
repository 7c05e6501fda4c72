//! The values in the parts of a stamp, and the instant that they mean.

use jiff::civil::{Date, ISOWeekDate, Time, Weekday};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::StampRules;
use super::names::month_at;
use super::order::DateOrder;
use super::shape::{StampPart, Unit};
use super::zone::{WrittenZone, minute_zone, zone};

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

    pub(super) fn has_seconds(&self) -> bool {
        self.second.is_some()
    }

    /// Reads one part; `None` if its value alone is impossible. Whether the date exists is checked later.
    pub(super) fn read(&mut self, part: StampPart, text: &[u8]) -> Option<()> {
        match part {
            StampPart::Number(unit, ..) => self.read_number(unit, text)?,
            StampPart::Padded(unit) => self.read_number(unit, text.trim_ascii_start())?,
            StampPart::PaddedDay => self.day = two_digits(text.trim_ascii_start())?,
            StampPart::Seconds if !text.is_empty() => self.read_number(Unit::Second, &text[1..])?,
            StampPart::MonthName => self.month = month_at_end(text)?,
            StampPart::Fraction(_) => self.nanosecond = nanoseconds(text),
            StampPart::MinuteZone if !text.is_empty() => self.zone = Some(minute_zone(text)?),
            StampPart::Zone | StampPart::StrictZone | StampPart::TailZone if !text.is_empty() => {
                self.zone = Some(zone(text)?);
            }
            StampPart::Meridiem | StampPart::SureMeridiem if !text.is_empty() => {
                self.afternoon = Some(text.iter().any(|byte| byte.eq_ignore_ascii_case(&b'P')));
            }
            StampPart::TailYear if !text.is_empty() => self.read_number(Unit::Year, &text[1..])?,
            StampPart::Epoch => self.instant = Some(epoch(text)?),
            StampPart::Tai => self.instant = Some(tai(text)?),
            StampPart::Byte(_)
            | StampPart::OneOf(_)
            | StampPart::Gap(_)
            | StampPart::Text(_)
            | StampPart::Optional(_)
            | StampPart::Seconds
            | StampPart::MinuteZone
            | StampPart::Zone
            | StampPart::StrictZone
            | StampPart::TailZone
            | StampPart::Meridiem
            | StampPart::SureMeridiem
            | StampPart::TailYear => {}
        }
        Some(())
    }

    fn read_number(&mut self, unit: Unit, digits: &[u8]) -> Option<()> {
        match unit {
            Unit::Year => self.year = Some(i16::try_from(number(digits)).ok()?),
            Unit::ShortYear => self.year = Some(full_year(two_digits(digits)?)),
            Unit::Month => self.month = two_digits(digits)?,
            Unit::Day => self.day = two_digits(digits)?,
            Unit::Hour => self.hour = two_digits(digits)?,
            Unit::Minute => self.minute = two_digits(digits)?,
            // A leap second is read as the second before it.
            Unit::Second => self.second = Some(if digits == b"60" { 59 } else { two_digits(digits)? }),
            Unit::DayOfYear => self.day_of_year = Some(i16::try_from(number(digits)).ok()?),
            Unit::Week => self.week = two_digits(digits)?,
            Unit::WeekdayNumber => self.weekday = Some(two_digits(digits)?),
            Unit::First => self.numbers[0] = two_digits(digits)?,
            Unit::Second2 => self.numbers[1] = two_digits(digits)?,
            Unit::Third => (self.third, self.year) = (Some(two_digits(digits)?), Some(full_year(two_digits(digits)?))),
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
                _ if self.is_time_only => rules.day?,
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
        let year_first = year_first.and_then(|date| self.at(date, clock, DateOrder::YearFirst, rules));
        later_but_past(year_last, year_first, rules)
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
            Some(WrittenZone::Named(zone)) => zone.to_timestamp(civil).ok().map(|time| (time, zone.to_offset(time)))?,
            None => rules.zone.to_timestamp(civil).ok().map(|time| (time, rules.zone.to_offset(time)))?,
        };
        Some(ReadTime { time, order, offset, zoned: self.zone.is_some() })
    }

    /// Returns the time in the latest year in which it is at most a day after `newest`. For the 29th of February nine
    /// years are tried, because two leap years may be eight years apart.
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

/// Decides which of two numbers is the month; the month is 0 if neither can be. A value that is possible only in the
/// other order is read in that order.
fn month_and_day(first: i8, second: i8, day_first: bool) -> Option<(i8, i8, DateOrder)> {
    let is_month = |number: i8| (1..=12).contains(&number);
    match (is_month(first), is_month(second)) {
        (true, true) if day_first => Some((second, first, DateOrder::DayFirst)),
        (true, _) => Some((first, second, DateOrder::MonthFirst)),
        (false, true) => Some((second, first, DateOrder::DayFirst)),
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

/// Returns the number that is written in `digits`.
fn number(digits: &[u8]) -> i64 {
    digits.iter().take(18).fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
}

fn two_digits(digits: &[u8]) -> Option<i8> {
    i8::try_from(number(digits)).ok()
}

fn full_year(short: i8) -> i16 {
    i16::from(short) + if short < 70 { 2000 } else { 1900 }
}

/// Returns the month that `name` names. A month is found only before a separator, which is cut off here.
fn month_at_end(name: &[u8]) -> Option<i8> {
    let mut text = [b' '; 32];
    text.get_mut(..name.len())?.copy_from_slice(name);
    month_at(&text).map(|(month, _)| month)
}

/// Returns a fraction of a second such as `.978` in nanoseconds; 0 for an empty text.
fn nanoseconds(text: &[u8]) -> i32 {
    nine_digits(text.get(1..).unwrap_or_default().iter())
}

/// Returns the number of the first nine digits, with zeros for missing ones.
fn nine_digits<'a>(digits: impl Iterator<Item = &'a u8>) -> i32 {
    digits.chain(std::iter::repeat(&b'0')).take(9).fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'))
}

/// Returns the instant of a count since 1970, whose number of digits tells its unit.
fn epoch(text: &[u8]) -> Option<Timestamp> {
    let len = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let seconds = number(&text[..10]);
    // The digits after the seconds, then those of the fraction, are a fraction of a second.
    let digits = text[10..len].iter().chain(text.get(len + 1..).unwrap_or_default());
    Timestamp::new(seconds, nine_digits(digits)).ok()
}

/// The label of 1970-01-01 00:00:00 UTC in the way of daemontools, which counts no leap seconds.
pub(super) const TAI_OF_1970: i64 = 10;

/// Returns the instant of a label such as `@400000006915410a075bca00`, like the command `tai64nlocal`.
fn tai(text: &[u8]) -> Option<Timestamp> {
    let hex = |digits: &[u8]| i64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    let seconds = hex(text.get(2..17)?)?;
    let nanoseconds = match text.get(17..25) {
        Some(digits) => i32::try_from(hex(digits)?).ok().filter(|nanoseconds| *nanoseconds < 1_000_000_000)?,
        None => 0,
    };
    Timestamp::new(seconds - TAI_OF_1970, nanoseconds).ok()
}
