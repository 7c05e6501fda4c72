//! Reads dates in the forms in which articles print them.

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

/// Parses `16-MAR-1999`, `11/9/2005` (month first), `2005-11-09` and `2005/11/09`, each also with a time after it;
/// dates in words such as `November 9, 2005` or `Wed, 09 Nov 2005 10:00:00 GMT`; and seconds or milliseconds since 1970
/// (in UTC). Returns `None` for anything else, including days that do not exist.
pub(super) fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return since_1970(text);
    }
    in_numbers(text.split(['T', ' ']).next()?).or_else(|| in_words(text))
}

fn in_numbers(text: &str) -> Option<Date> {
    let separator = if text.contains('/') { '/' } else { '-' };
    let mut parts = text.split(separator);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = match separator {
        _ if first.len() == 4 => (first, number(second)?, third),
        '/' => (third, number(first)?, second),
        _ => (third, month_number(second)?, first),
    };
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
}

/// Parses a date in words: combines the first month, the first day and the first year in `text`. Returns `None` if
/// `text` is too long to be only a date.
fn in_words(text: &str) -> Option<Date> {
    const LONGEST: usize = 40;
    if text.len() > LONGEST {
        return None;
    }
    let words = || text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let month = words().find_map(month_number)?;
    let year = words().filter(|word| word.len() == 4).find_map(|word| word.parse().ok())?;
    let day = words().filter(|word| word.len() <= 2).find_map(number)?;
    Date::new(year, month, day).ok()
}

/// Parses seconds since 1970, which have ten digits from 2001 on, or milliseconds, which have thirteen.
fn since_1970(digits: &str) -> Option<Date> {
    let number: i64 = digits.parse().ok()?;
    let stamp = match digits.len() {
        10 => Timestamp::from_second(number),
        13 => Timestamp::from_millisecond(number),
        _ => return None,
    };
    Some(stamp.ok()?.to_zoned(TimeZone::UTC).date())
}

fn number(text: &str) -> Option<i8> {
    text.parse().ok()
}

/// Returns the number (1–12) of a month that is written out or shortened to three letters (September also to four).
fn month_number(name: &str) -> Option<i8> {
    let is = |month: &str| {
        name.eq_ignore_ascii_case(month)
            || name.eq_ignore_ascii_case(&month[..3])
            || (month == "September" && name.eq_ignore_ascii_case("Sept"))
    };
    (1..).zip(MONTHS).find(|(_, month)| is(month)).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_in_numbers_are_read() {
        assert_eq!(parse_date("16-MAR-1999"), Some(date(1999, 3, 16)));
        assert_eq!(parse_date(" 1-dec-2001 "), Some(date(2001, 12, 1)));
        for text in ["11/9/2005", "2005-11-09", "2005/11/09", "9-November-2005"] {
            assert_eq!(parse_date(text), Some(date(2005, 11, 9)), "{text}");
        }
    }

    #[test]
    fn times_and_words_around_a_date_do_not_matter() {
        for text in [
            "2005-11-09T10:00:00Z",
            "2005-11-09 10:00",
            "11/9/2005 10:00 AM",
            "09-Nov-2005 10:00",
            "November 9, 2005",
            "9 Nov 2005",
            "November 9 2005 10:00",
            "Wed, 09 Nov 2005 10:00:00 GMT",
        ] {
            assert_eq!(parse_date(text), Some(date(2005, 11, 9)), "{text}");
        }
        assert_eq!(parse_date("Sept 9, 2005"), Some(date(2005, 9, 9)));
    }

    #[test]
    fn dates_may_be_counted() {
        for text in ["1131530400", "1131530400000"] {
            assert_eq!(parse_date(text), Some(date(2005, 11, 9)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_date() {
        for text in [
            "",
            "on 9 of 2005",
            "Decade 9, 2005",
            "Mayor 9, 2005",
            "2005-13-09T10:00",
            "1999",
            "31-FEB-1999",
            "16-MRZ-1999",
            "13/40/2005",
            "1-2-3-4",
            "soon",
            "May",
            "11315304000",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
