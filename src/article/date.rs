//! Dates as articles print them.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Reads `16-MAR-1999`, `11/9/2005` (month first), `2005-11-09`, `9 November 2005` or `Nov 9, 2005`, each also with a time
/// after it, and seconds or milliseconds since 1970 (in UTC). `None` for anything else, impossible days included.
pub(super) fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    match text.as_bytes() {
        digits if digits.iter().all(u8::is_ascii_digit) => since_1970(text),
        [_, _, _, _, b'-', ..] => {
            parts(before_time(text, 'T'), '-').and_then(|[year, month, day]| date(year, number(month)?, day))
        }
        [b'0'..=b'9', ..] if text.contains('/') => {
            parts(before_time(text, ' '), '/').and_then(|[month, day, year]| date(year, number(month)?, day))
        }
        [b'0'..=b'9', ..] if text.contains('-') => {
            parts(before_time(text, ' '), '-').and_then(|[day, month, year]| date(year, month_number(month)?, day))
        }
        _ => in_words(text),
    }
}

/// `9 November 2005`, `Nov 9, 2005`.
fn in_words(text: &str) -> Option<Date> {
    let mut words = text.split([' ', ',']).filter(|word| !word.is_empty());
    let (first, second, year) = (words.next()?, words.next()?, words.next()?);
    let (month, day) = if first.starts_with(|c: char| c.is_ascii_digit()) { (second, first) } else { (first, second) };
    date(year, month_number(month)?, day)
}

/// Seconds have ten digits since 2001, milliseconds thirteen.
fn since_1970(digits: &str) -> Option<Date> {
    let number: i64 = digits.parse().ok()?;
    let stamp = match digits.len() {
        10 => Timestamp::from_second(number),
        13 => Timestamp::from_millisecond(number),
        _ => return None,
    };
    Some(stamp.ok()?.to_zoned(TimeZone::UTC).date())
}

/// What stands before a time: `2005-11-09T10:00:00Z`, `2005-11-09 10:00`.
fn before_time(text: &str, separator: char) -> &str {
    text.split([separator, ' ']).next().unwrap_or(text)
}

fn parts(text: &str, separator: char) -> Option<[&str; 3]> {
    let mut parts = text.split(separator);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(three)
}

fn date(year: &str, month: i8, day: &str) -> Option<Date> {
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
}

fn number(text: &str) -> Option<i8> {
    text.parse().ok()
}

/// The number of a month that is written out or by its first three letters.
fn month_number(name: &str) -> Option<i8> {
    let is_month = |month: &str| name.eq_ignore_ascii_case(month) || name.eq_ignore_ascii_case(&month[..3]);
    (1..).zip(MONTHS).find(|(_, month)| is_month(month)).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_three_spellings_are_read() {
        assert_eq!(parse_date("16-MAR-1999"), Some(date(1999, 3, 16)));
        assert_eq!(parse_date(" 12-Nov-2026 "), Some(date(2026, 11, 12)));
        assert_eq!(parse_date("11/9/2005"), Some(date(2005, 11, 9)));
        assert_eq!(parse_date("2005-11-09"), Some(date(2005, 11, 9)));
    }

    #[test]
    fn a_time_after_the_date_is_passed_over() {
        for text in ["2005-11-09T10:00:00Z", "2005-11-09 10:00:00", "11/9/2005 10:00 AM", "09-Nov-2005 10:00"] {
            assert_eq!(parse_date(text), Some(date(2005, 11, 9)), "{text}");
        }
    }

    #[test]
    fn months_may_be_written_out_and_dates_be_counted() {
        for text in ["9 November 2005", "Nov 9, 2005", "November 9 2005 10:00", "1131530400", "1131530400000"] {
            assert_eq!(parse_date(text), Some(date(2005, 11, 9)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_date() {
        for text in [
            "",
            "1999",
            "31-FEB-1999",
            "16-MRZ-1999",
            "13/40/2005",
            "1-2-3-4",
            "soon",
            "May",
            "Mayor 9, 2005",
            "11315304000",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
