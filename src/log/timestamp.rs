//! Finds time stamps in lines of any format, reads their instants, and writes other instants in the same form.
//!
//! A stamp without a year gets the latest year in which it is not after the newest plausible instant, so a log that
//! extends over New Year gets the right years. A stamp without a zone is read as UTC; [`FoundStamp::zoned`] says
//! whether it has one.

mod shape;

use std::ops::Range;

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use shape::{MAX_DIGITS, MAX_PARTS, MONTHS, SHAPES, STARTS, StampPart, Unit, WEEKDAYS, digits, name_at, part_len};

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
    /// The day of stamps that contain only a time of day; `None` if it is unknown, so that such stamps are not read.
    pub day: Option<Date>,
}

impl StampRules {
    /// Returns the rules for a source in UTC that puts the month first.
    pub fn utc(newest: Timestamp) -> Self {
        StampRules { newest, zone: TimeZone::UTC, day_first: false, day: None }
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
    /// The length in bytes of each part of the shape.
    lens: [u8; MAX_PARTS],
    /// The zone that the stamp contains; `None` if it contains none, so that UTC was assumed.
    offset: Option<Offset>,
}

impl StampForm {
    /// Returns a small number that is equal for stamps of the same shape, whatever the widths of their parts.
    pub(crate) fn kind(self) -> u8 {
        self.shape
    }

    fn parts(self) -> &'static [StampPart] {
        SHAPES[usize::from(self.shape)]
    }
}

impl FoundStamp {
    /// Whether the zone is known: the stamp contains it, or counts the time since 1970. Otherwise UTC was assumed.
    pub fn zoned(&self) -> bool {
        self.form.offset.is_some() || self.form.parts() == [StampPart::Epoch]
    }

    /// Whether the stamp contains its year.
    pub fn has_year(&self) -> bool {
        let is_year =
            |part: &StampPart| matches!(part, StampPart::Number(Unit::Year | Unit::ShortYear, ..) | StampPart::Epoch);
        self.form.parts().iter().any(is_year)
    }

    /// Returns `line`, in which the stamp was found, with the stamp replaced by `time` in the same form and zone.
    pub fn rewrite(&self, line: &str, time: Timestamp) -> String {
        let mut rewritten = line[..self.range.start].to_owned();
        let civil = self.form.offset.unwrap_or(Offset::UTC).to_datetime(time);
        let instant = CivilInstant { time, civil, twelve_hours: self.form.parts().contains(&StampPart::Meridiem) };
        let mut at = self.range.start;
        for (part, len) in self.form.parts().iter().zip(self.form.lens) {
            let old = &line[at..at + usize::from(len)];
            rewritten.push_str(&instant.write(*part, old));
            at += old.len();
        }
        rewritten.push_str(&line[self.range.end..]);
        rewritten
    }
}

/// Returns the first stamp that begins within the first [`SEARCHED_BYTES`] of the line. A stamp without a year gets the
/// latest year in which it is at most a day after `newest`.
pub fn find_stamp(line: &[u8], rules: &StampRules) -> Option<FoundStamp> {
    (0..line.len().min(SEARCHED_BYTES))
        .filter(|&at| line[at].is_ascii_alphanumeric() && (at == 0 || may_precede(line[at - 1])))
        .find_map(|at| stamp_at(line, at, rules))
}

fn may_precede(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b'[' | b']' | b'(' | b')' | b'{' | b'}' | b'<' | b'>' | b'"' | b'\'' | b'|' | b'=' | b',' | b';'
    )
}

/// Returns the stamp that begins exactly at byte `at` of the line. `newest` has the same meaning as in [`find_stamp`].
pub fn stamp_at(line: &[u8], at: usize, rules: &StampRules) -> Option<FoundStamp> {
    let text = line.get(at..).filter(|text| text.first().is_some_and(u8::is_ascii_alphanumeric))?;
    let n_digits = digits(text, MAX_DIGITS);
    let may_fit = |shape: &usize| STARTS[*shape].fits(text, n_digits);
    (0..SHAPES.len()).filter(may_fit).find_map(|shape| read_shape(line, at, shape, rules))
}

/// The values in the parts of a stamp.
#[derive(Default)]
struct StampFields {
    year: Option<i16>,
    month: i8,
    day: i8,
    hour: i8,
    minute: i8,
    second: i8,
    nanosecond: i32,
    afternoon: Option<bool>,
    offset: Option<Offset>,
    epoch: Option<Timestamp>,
}

fn read_shape(line: &[u8], start: usize, shape: usize, rules: &StampRules) -> Option<FoundStamp> {
    let mut lens = [0; MAX_PARTS];
    let mut fields = StampFields::default();
    let mut at = start;
    for (part, stored) in SHAPES[shape].iter().zip(&mut lens) {
        let len = part_len(*part, &line[at..])?;
        fields.read(*part, &line[at..at + len])?;
        *stored = u8::try_from(len).ok()?;
        at += len;
    }
    if line.get(at).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let time = fields.time(rules)?;
    let shape = u8::try_from(shape).ok()?;
    Some(FoundStamp { range: start..at, time, form: StampForm { shape, lens, offset: fields.offset } })
}

impl StampFields {
    /// Reads one part; `None` if its value alone is impossible. Whether the date exists is checked later.
    fn read(&mut self, part: StampPart, text: &[u8]) -> Option<()> {
        match part {
            StampPart::Byte(_) | StampPart::OneOf(_) | StampPart::WeekdayName => {}
            StampPart::Number(Unit::Year, ..) => self.year = Some(i16::try_from(number(text)).ok()?),
            StampPart::Number(Unit::ShortYear, ..) => {
                let year = i16::from(two_digits(text)?);
                self.year = Some(if year < 70 { 2000 + year } else { 1900 + year });
            }
            StampPart::Number(Unit::Month, ..) => self.month = two_digits(text)?,
            StampPart::Number(Unit::Day, ..) | StampPart::PaddedDay => self.day = two_digits(text.trim_ascii_start())?,
            StampPart::Number(Unit::Hour, ..) => self.hour = two_digits(text)?,
            StampPart::Number(Unit::Minute, ..) => self.minute = two_digits(text)?,
            // A leap second is read as the second before it.
            StampPart::Number(Unit::Second, ..) => self.second = if text == b"60" { 59 } else { two_digits(text)? },
            StampPart::MonthName => self.month = month_number(text)?,
            StampPart::Fraction(_) => self.nanosecond = nanoseconds(text),
            StampPart::Zone => self.offset = if text.is_empty() { None } else { Some(offset(text)?) },
            StampPart::Meridiem => self.afternoon = Some(text.trim_ascii_start()[0].eq_ignore_ascii_case(&b'P')),
            StampPart::Epoch => self.epoch = Some(epoch(text)?),
        }
        Some(())
    }

    fn time(&self, rules: &StampRules) -> Option<Timestamp> {
        match (self.epoch, self.year) {
            (Some(time), _) => Some(time),
            (None, Some(year)) => self.in_year(year, &rules.zone),
            (None, None) => self.in_latest_year(rules),
        }
    }

    /// Returns the time in the latest year in which it is at most a day after `newest`. For the 29th of February nine
    /// years are tried, because two leap years may be eight years apart.
    fn in_latest_year(&self, rules: &StampRules) -> Option<Timestamp> {
        let limit = rules.newest.checked_add(SignedDuration::from_hours(24)).unwrap_or(rules.newest);
        let this_year = Offset::UTC.to_datetime(limit).year();
        (this_year - 8..=this_year).rev().filter_map(|year| self.in_year(year, &rules.zone)).find(|time| *time <= limit)
    }

    fn in_year(&self, year: i16, zone: &TimeZone) -> Option<Timestamp> {
        let hour = match self.afternoon {
            None => self.hour,
            Some(_) if !(1..=12).contains(&self.hour) => return None,
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
        };
        let civil = DateTime::new(year, self.month, self.day, hour, self.minute, self.second, self.nanosecond).ok()?;
        match self.offset {
            Some(offset) => offset.to_timestamp(civil).ok(),
            None => zone.to_timestamp(civil).ok(),
        }
    }
}

/// Returns the number that is written in `digits`, at most [`MAX_DIGITS`] of them.
fn number(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
}

fn two_digits(digits: &[u8]) -> Option<i8> {
    i8::try_from(number(digits)).ok()
}

fn month_number(name: &[u8]) -> Option<i8> {
    i8::try_from(name_at(&MONTHS, name)? + 1).ok()
}

/// Returns a fraction of a second such as `.978` in nanoseconds; 0 for an empty text.
fn nanoseconds(text: &[u8]) -> i32 {
    let digits = text.get(1..).unwrap_or_default().iter().map(|digit| i32::from(digit - b'0'));
    digits.chain(std::iter::repeat(0)).take(9).fold(0, |sum, digit| sum * 10 + digit)
}

fn offset(text: &[u8]) -> Option<Offset> {
    let text = text.trim_ascii_start();
    if text[0].is_ascii_alphabetic() {
        return Some(Offset::UTC);
    }
    let hours = i32::from(two_digits(&text[1..3])?);
    let minutes = if text.len() > 3 { i32::from(two_digits(&text[text.len() - 2..])?) } else { 0 };
    let seconds = hours * 3600 + minutes * 60;
    Offset::from_seconds(if text[0] == b'-' { -seconds } else { seconds }).ok()
}

fn epoch(text: &[u8]) -> Option<Timestamp> {
    let count = number(text);
    if text.len() == 13 { Timestamp::from_millisecond(count).ok() } else { Timestamp::from_second(count).ok() }
}

/// An instant to write in the form of a stamp.
struct CivilInstant {
    time: Timestamp,
    /// The instant in the zone of the stamp.
    civil: DateTime,
    twelve_hours: bool,
}

impl CivilInstant {
    /// Returns one part, as wide and padded as `old`, the text that it replaces.
    fn write(&self, part: StampPart, old: &str) -> String {
        let civil = self.civil;
        match part {
            StampPart::Byte(_) | StampPart::OneOf(_) | StampPart::Zone => old.to_owned(),
            StampPart::Number(unit, min, _) => {
                let width = if old.starts_with('0') { old.len() } else { usize::from(min) };
                format!("{:0width$}", self.number(unit))
            }
            StampPart::PaddedDay if old.starts_with('0') => format!("{:02}", civil.day()),
            StampPart::PaddedDay => format!("{:1$}", civil.day(), old.len()),
            StampPart::MonthName => name(MONTHS[civil.month().unsigned_abs() as usize - 1]),
            StampPart::WeekdayName => name(WEEKDAYS[civil.weekday().to_monday_zero_offset().unsigned_abs() as usize]),
            StampPart::Fraction(_) if old.is_empty() => String::new(),
            StampPart::Fraction(_) => {
                let digits = format!("{:09}", civil.subsec_nanosecond());
                format!("{}{}", &old[..1], &digits[..old.len() - 1])
            }
            StampPart::Meridiem => {
                let blank = if old.starts_with(' ') { " " } else { "" };
                format!("{blank}{}", if civil.hour() < 12 { "AM" } else { "PM" })
            }
            StampPart::Epoch if old.len() == 13 => self.time.as_millisecond().to_string(),
            StampPart::Epoch => self.time.as_second().to_string(),
        }
    }

    fn number(&self, unit: Unit) -> i16 {
        let civil = self.civil;
        match unit {
            Unit::Year => civil.year(),
            Unit::ShortYear => civil.year().rem_euclid(100),
            Unit::Month => civil.month().into(),
            Unit::Day => civil.day().into(),
            Unit::Hour if self.twelve_hours => (i16::from(civil.hour()) + 11) % 12 + 1,
            Unit::Hour => civil.hour().into(),
            Unit::Minute => civil.minute().into(),
            Unit::Second => civil.second().into(),
        }
    }
}

fn name(bytes: &[u8; 3]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> StampRules {
        StampRules::utc("2017-01-02T00:00:00Z".parse().expect("a valid instant"))
    }

    /// Checks that `line` contains the stamp `text`, that it means `instant`, and that rewriting it with this instant
    /// changes nothing.
    #[track_caller]
    fn check(line: &str, text: &str, instant: &str) {
        let found = find_stamp(line.as_bytes(), &rules()).expect("a stamp");
        assert_eq!((&line[found.range.clone()], found.time), (text, instant.parse().expect("a valid instant")));
        assert_eq!(found.rewrite(line, found.time), line);
    }

    #[test]
    fn each_family_is_read() {
        check("2015-10-18 18:01:47,978 INFO", "2015-10-18 18:01:47,978", "2015-10-18T18:01:47.978Z");
        check("at=2024-02-29T23:59:59+05:30 x", "2024-02-29T23:59:59+05:30", "2024-02-29T18:29:59Z");
        check("2005-06-03-15.42.50.675872 R02", "2005-06-03-15.42.50.675872", "2005-06-03T15:42:50.675872Z");
        check("20171224-0:7:20:444|Step", "20171224-0:7:20:444", "2017-12-24T00:07:20.444Z");
        check("[Sun Dec 04 04:47:44 2005] [notice]", "Sun Dec 04 04:47:44 2005", "2005-12-04T04:47:44Z");
        check("8.9.3; Tue, 5 Oct 1999 08:22:31 +0200", "Tue, 5 Oct 1999 08:22:31 +0200", "1999-10-05T06:22:31Z");
        check("::1 - - [04/Nov/2000:03:13:20 +0000]", "04/Nov/2000:03:13:20 +0000", "2000-11-04T03:13:20Z");
        check("Jun 14 2004 15:16:01: %ASA", "Jun 14 2004 15:16:01", "2004-06-14T15:16:01Z");
        check("30.10.2016 16:49:06 x", "30.10.2016 16:49:06", "2016-10-30T16:49:06Z");
        check("4/17/2001 2:00:31 PM x", "4/17/2001 2:00:31 PM", "2001-04-17T14:00:31Z");
        check("17/06/09 20:10:40 INFO", "17/06/09 20:10:40", "2017-06-09T20:10:40Z");
        check("081109 203615 148 INFO", "081109 203615", "2008-11-09T20:36:15Z");
        check("- 1117838570 2005.06.03 R02", "1117838570", "2005-06-03T22:42:50Z");
        check("1117838570123 x", "1117838570123", "2005-06-03T22:42:50.123Z");
    }

    #[test]
    fn a_missing_year_is_the_latest_that_fits_and_rolls_over_new_year() {
        check("Jan  1 00:00:01 combo", "Jan  1 00:00:01", "2017-01-01T00:00:01Z");
        check("Dec 31 23:59:59 combo", "Dec 31 23:59:59", "2016-12-31T23:59:59Z");
        check("Feb 29 12:00:00 combo", "Feb 29 12:00:00", "2016-02-29T12:00:00Z");
        check("03-17 16:13:38.811  1702", "03-17 16:13:38.811", "2016-03-17T16:13:38.811Z");
        check("[10.30 16:49:06] chrome.exe", "10.30 16:49:06", "2016-10-30T16:49:06Z");
    }

    #[test]
    fn a_leap_second_is_the_second_before_it() {
        let found = find_stamp(b"2016-12-31T23:59:60Z x", &rules()).map(|found| found.time);
        assert_eq!(found, Some("2016-12-31T23:59:59Z".parse().expect("a valid instant")));
    }

    #[test]
    fn text_that_resembles_a_stamp_is_left() {
        for line in [
            "2015-13-18 18:01:47",
            "2015-02-30 18:01:47",
            "09:14:22 no date",
            "id 11178385701 is too long",
            "12025-10-18 18:01:47",
            "rotated-2017-05-16_13:53:08",
            "0000000000",
            "",
        ] {
            assert_eq!(find_stamp(line.as_bytes(), &rules()), None, "{line}");
        }
    }

    #[test]
    fn a_stamp_in_a_file_name_is_skipped() {
        let line = "nova-api.log.1.2017-05-16_13:53:08 2017-05-16 00:00:00.008 25746 INFO";
        check(line, "2017-05-16 00:00:00.008", "2017-05-16T00:00:00.008Z");
    }

    /// Checks that `line` becomes `moved` if its stamp is rewritten to a time that is later by `by`.
    #[track_caller]
    fn check_moved(line: &str, by: SignedDuration, moved: &str) {
        let found = find_stamp(line.as_bytes(), &rules()).expect("a stamp");
        assert_eq!(found.rewrite(line, found.time + by), moved);
    }

    #[test]
    fn a_rewritten_stamp_keeps_its_form() {
        let five_minutes = SignedDuration::from_mins(5);
        check_moved("1999-03-01T09:58:00Z imc: 421", five_minutes, "1999-03-01T10:03:00Z imc: 421");
        check_moved("[Sat Dec 31 23:59:59 2005] x", five_minutes, "[Sun Jan  1 00:04:59 2006] x");
        check_moved("[Sun Dec 04 23:59:59 2005] x", five_minutes, "[Mon Dec 05 00:04:59 2005] x");
        check_moved("Jun  9 23:58:00 combo x", five_minutes, "Jun 10 00:03:00 combo x");
        check_moved("Jun 30 23:58:00 combo x", five_minutes, "Jul  1 00:03:00 combo x");
        check_moved("4/9/2001 11:58:31 AM x", five_minutes, "4/9/2001 12:03:31 PM x");
        check_moved("1117838570 x", five_minutes, "1117838870 x");
        check_moved(
            "2015-10-18 18:01:47,978 +0200 x",
            SignedDuration::from_millis(23),
            "2015-10-18 18:01:48,001 +0200 x",
        );
    }

    #[test]
    fn stamps_tell_whether_they_contain_zone_and_year() {
        let found = |line: &str| find_stamp(line.as_bytes(), &rules()).map(|found| (found.zoned(), found.has_year()));
        assert_eq!(found("2015-10-18T18:01:47Z"), Some((true, true)));
        assert_eq!(found("2015-10-18 18:01:47"), Some((false, true)));
        assert_eq!(found("Jun 14 15:16:01"), Some((false, false)));
        assert_eq!(found("1117838570"), Some((true, true)));
    }

    proptest::proptest! {
        #[test]
        fn checking_the_start_first_misses_no_stamp(line in "[A-Z0-9][0-9ouneyt,:/. -]{4,24}( [AP]M)?") {
            let slow = (0..SHAPES.len()).find_map(|shape| read_shape(line.as_bytes(), 0, shape, &rules()));
            proptest::prop_assert_eq!(stamp_at(line.as_bytes(), 0, &rules()), slow);
        }

        #[test]
        fn any_bytes_are_read_without_panic(line in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..80)) {
            if let Some(found) = find_stamp(&line, &rules()) {
                proptest::prop_assert!(found.range.end <= line.len());
            }
        }

        #[test]
        fn a_stamp_moved_on_is_found_again_at_its_new_time(seconds in 0_i64..4_000_000_000, shape in 0_usize..6) {
            let line = ["1999-03-01T10:00:00Z a", "x [Sun Dec 04 04:47:44 2005]", "04/Nov/2000:03:13:20 +0230",
                "4/17/2001 2:00:31 AM", "17/06/09 20:10:40 INFO", "1999-03-01 10:00:00,123 a"][shape];
            let found = find_stamp(line.as_bytes(), &rules()).expect("a stamp");
            // A year of two digits is read as at most 2069, so no later instant is written.
            let later = Timestamp::from_second(seconds.min(3_000_000_000)).expect("in range");
            let line = found.rewrite(line, later);
            let again = find_stamp(line.as_bytes(), &rules()).map(|found| found.time);
            proptest::prop_assert_eq!(again, Some(later), "{}", line);
        }
    }
}
