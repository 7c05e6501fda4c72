//! Dates as articles print them.

use jiff::civil::Date;

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// Reads `16-MAR-1999`, `11/9/2005` (month first), `2005-11-09` with or without a time, and dates in words such as
/// `November 9, 2005` or `Wed, 09 Nov 2005 10:00:00 GMT`. `None` for anything else, impossible days included.
pub(super) fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    in_numbers(text).or_else(|| in_numbers(text.split(['T', ' ']).next()?)).or_else(|| in_words(text))
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

/// The first month, day and year in a text that is short enough to be a date and nothing else.
fn in_words(text: &str) -> Option<Date> {
    const LONGEST: usize = 40;
    if text.len() > LONGEST {
        return None;
    }
    let words = || text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let month = words().find_map(|word| month_number(word.get(..3)?).filter(|_| is_month(word)))?;
    let year = words().find(|word| word.len() == 4).and_then(|word| word.parse().ok())?;
    let day = words().filter(|word| word.len() <= 2).find_map(number)?;
    Date::new(year, month, day).ok()
}

fn is_month(word: &str) -> bool {
    const LONG: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    word.len() == 3 || LONG.iter().any(|month| word.eq_ignore_ascii_case(month)) || word.eq_ignore_ascii_case("sept")
}

fn number(text: &str) -> Option<i8> {
    text.parse().ok()
}

fn month_number(name: &str) -> Option<i8> {
    (1..).zip(MONTHS).find(|(_, month)| name.eq_ignore_ascii_case(month)).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_in_numbers_are_read() {
        assert_eq!(parse_date("16-MAR-1999"), Some(date(1999, 3, 16)));
        assert_eq!(parse_date(" 12-Nov-2026 "), Some(date(2026, 11, 12)));
        assert_eq!(parse_date("11/9/2005"), Some(date(2005, 11, 9)));
        assert_eq!(parse_date("2005-11-09"), Some(date(2005, 11, 9)));
    }

    #[test]
    fn times_and_words_around_a_date_do_not_matter() {
        let day = Some(date(2005, 11, 9));
        for text in [
            "2005-11-09T10:00:00Z",
            "2005-11-09 10:00",
            "2005/11/09",
            "November 9, 2005",
            "9 Nov 2005",
            "Wed, 09 Nov 2005 10:00:00 GMT",
        ] {
            assert_eq!(parse_date(text), day, "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_date() {
        for text in [
            "",
            "on 9 of 2005",
            "Decade 9, 2005",
            "2005-13-09T10:00",
            "1999",
            "31-FEB-1999",
            "16-MRZ-1999",
            "13/40/2005",
            "1-2-3-4",
            "soon",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
