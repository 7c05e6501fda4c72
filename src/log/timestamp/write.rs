//! Writes an instant in the form of a stamp.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::names::{month_like, weekday_like};
use super::order::DateOrder;
use super::shape::{StampPart, Unit};

/// An instant to write in the form of a stamp.
pub(super) struct CivilInstant {
    pub(super) time: Timestamp,
    /// The instant in the zone of the stamp.
    pub(super) civil: DateTime,
    pub(super) twelve_hours: bool,
    pub(super) order: DateOrder,
}

impl CivilInstant {
    /// Returns the weekday in the form of `old`, the weekday that it replaces.
    pub(super) fn write_weekday(&self, old: &str) -> String {
        if old.is_empty() { String::new() } else { weekday_like(old, self.civil.weekday().to_monday_zero_offset()) }
    }

    /// Returns one part, as wide and padded as `old`, the text that it replaces.
    pub(super) fn write(&self, part: StampPart, old: &str) -> String {
        match part {
            StampPart::Number(unit, min, _) => self.write_number(unit, min, old),
            StampPart::Padded(unit) => self.write_padded(unit, old),
            StampPart::PaddedDay if old.starts_with('0') => format!("{:02}", self.civil.day()),
            StampPart::PaddedDay => format!("{:1$}", self.civil.day(), old.len()),
            StampPart::MonthName => month_like(old, self.civil.month()),
            StampPart::Seconds if !old.is_empty() => format!(":{:02}", self.civil.second()),
            StampPart::Fraction(_) | StampPart::SureFraction(_) if !old.is_empty() => self.write_fraction(old),
            StampPart::Meridiem | StampPart::SureMeridiem => self.write_meridiem(old),
            StampPart::TailYear if !old.is_empty() => format!(" {:04}", self.civil.year()),
            StampPart::Epoch => self.write_epoch(old),
            StampPart::HexEpoch => {
                format!("{:08x}.{:08x}", self.time.as_second(), self.time.subsec_nanosecond())
            }
            StampPart::Tai => self.write_tai(old),
            StampPart::Byte(_)
            | StampPart::OneOf(_)
            | StampPart::Gap(_)
            | StampPart::Text(_)
            | StampPart::Optional(_)
            | StampPart::Seconds
            | StampPart::Fraction(_)
            | StampPart::SureFraction(_)
            | StampPart::Zone
            | StampPart::StrictZone
            | StampPart::MinuteZone
            | StampPart::TailYear
            | StampPart::TailZone => old.to_owned(),
        }
    }

    fn write_number(&self, unit: Unit, min: u8, old: &str) -> String {
        let is_short_year = unit == Unit::First && self.order == DateOrder::YearMonth;
        let width = if old.starts_with('0') || is_short_year { old.len() } else { usize::from(min) };
        format!("{:0width$}", self.number(unit))
    }

    /// Writes two digits if `old` has two digits. The hours of 12-hour clocks are only padded if `old` is.
    fn write_padded(&self, unit: Unit, old: &str) -> String {
        let number = self.number(unit);
        let is_natural = self.twelve_hours && unit == Unit::Hour && !old.starts_with('0');
        match old.strip_prefix(' ') {
            Some(_) => format!("{number:0$}", old.len()),
            None if old.len() == 1 || is_natural => number.to_string(),
            None => format!("{number:02}"),
        }
    }

    fn number(&self, unit: Unit) -> i16 {
        let civil = self.civil;
        match (unit, self.order) {
            (Unit::Year, _) => civil.year(),
            (Unit::ShortYear, _) | (Unit::First, DateOrder::YearMonth) => civil.year().rem_euclid(100),
            (Unit::Third, DateOrder::MonthDay | DateOrder::DayMonth) => civil.year().rem_euclid(100),
            (Unit::Month, _) | (Unit::First, DateOrder::MonthDay) => civil.month().into(),
            (Unit::Second2, DateOrder::DayMonth | DateOrder::YearMonth) => civil.month().into(),
            (Unit::Day, _) | (Unit::First, DateOrder::DayMonth) => civil.day().into(),
            (Unit::Second2, DateOrder::MonthDay) | (Unit::Third, DateOrder::YearMonth) => civil.day().into(),
            (Unit::Hour, _) if self.twelve_hours => (i16::from(civil.hour()) + 11) % 12 + 1,
            (Unit::Hour, _) => civil.hour().into(),
            (Unit::Minute, _) => civil.minute().into(),
            (Unit::Second, _) => civil.second().into(),
            (Unit::DayOfYear, _) => civil.day_of_year(),
            (Unit::WeekYear, _) => civil.date().iso_week_date().year(),
            (Unit::Week, _) => civil.date().iso_week_date().week().into(),
            (Unit::WeekdayNumber, _) => civil.weekday().to_monday_one_offset().into(),
        }
    }

    fn write_fraction(&self, old: &str) -> String {
        let (point, digits) = old.split_at(1);
        // An instant has no more than nine digits, so the rest stays.
        let (_, rest) = digits.split_at(digits.len().min(9));
        format!("{point}{}{rest}", fraction(self.civil.subsec_nanosecond(), digits.len() - rest.len()))
    }

    /// Replaces the letter A or P in `old`.
    fn write_meridiem(&self, old: &str) -> String {
        let (upper, lower) = if self.civil.hour() < 12 { ('A', 'a') } else { ('P', 'p') };
        let replaced = |letter: char| match letter {
            'A' | 'P' => upper,
            'a' | 'p' => lower,
            _ => letter,
        };
        old.chars().map(replaced).collect()
    }

    fn write_epoch(&self, old: &str) -> String {
        let len = old.bytes().take_while(u8::is_ascii_digit).count();
        let digits = fraction(self.time.subsec_nanosecond(), old.len() - 10);
        let point = old.get(len..len + 1).unwrap_or_default();
        format!(
            "{:010}{}{point}{}",
            self.time.as_second(),
            &digits[..len - 10],
            &digits[len - 10..old.len() - 10 - point.len()]
        )
    }

    fn write_tai(&self, old: &str) -> String {
        let label = format!("@40{:014x}", self.time.as_second() + super::fields::TAI_OF_1970);
        let nanoseconds = if old.len() > 17 { format!("{:08x}", self.time.subsec_nanosecond()) } else { String::new() };
        label + &nanoseconds
    }
}

/// Returns the first `len` digits of a fraction of a second.
fn fraction(nanoseconds: i32, len: usize) -> String {
    let digits = format!("{nanoseconds:09}");
    format!("{digits:0<len$}")[..len].to_owned()
}
