//! Dates as articles print them.

use jiff::civil::Date;

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// Reads `16-MAR-1999`, `11/9/2005` (month first) or `2005-11-09`. `None` for anything else, impossible days included.
pub(super) fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    let separator = if text.contains('/') { '/' } else { '-' };
    let mut parts = text.split(separator);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = match separator {
        '/' => (third, number(first)?, second),
        _ if first.len() == 4 => (first, number(second)?, third),
        _ => (third, month_number(second)?, first),
    };
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
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
    fn the_three_spellings_are_read() {
        assert_eq!(parse_date("16-MAR-1999"), Some(date(1999, 3, 16)));
        assert_eq!(parse_date(" 12-Nov-2026 "), Some(date(2026, 11, 12)));
        assert_eq!(parse_date("11/9/2005"), Some(date(2005, 11, 9)));
        assert_eq!(parse_date("2005-11-09"), Some(date(2005, 11, 9)));
    }

    #[test]
    fn anything_else_is_no_date() {
        for text in ["", "1999", "31-FEB-1999", "16-MRZ-1999", "13/40/2005", "1-2-3-4", "soon"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
