//! Times of day and days of the week in conditions.

use crate::diagnostic::Diagnostic;
use crate::rule::ast::Spanned;
use crate::rule::error;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Reads a time of day, and returns the minutes since midnight.
pub(super) fn minutes(written: &Spanned<String>) -> Result<u16, Diagnostic> {
    let read = |text: &str| {
        let (hours, minutes) = text.split_once(':')?;
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        let is_midnight = hours == 24 && minutes == 0;
        (is_midnight || (hours < 24 && minutes < 60)).then_some(hours * 60 + minutes)
    };
    read(&written.node).ok_or_else(|| {
        error::bad_value(written.span, &written.node, "is not a time of day").help("write `00:00` to `24:00`")
    })
}

/// Reads days and ranges of days. Bit 0 is Monday. A range can pass the end of the week.
pub(super) fn weekdays(ranges: &[[Spanned<String>; 2]]) -> Result<u8, Diagnostic> {
    let mut days = 0;
    for [first, last] in ranges {
        let (first, last) = (day(first)?, day(last)?);
        let n = (last + 7 - first) % 7;
        days |= (0..=n).fold(0, |days, next| days | 1 << ((first + next) % 7));
    }
    Ok(days)
}

/// The number of a day, from Monday. Its English name can be written out.
fn day(written: &Spanned<String>) -> Result<u8, Diagnostic> {
    let lower = written.node.to_lowercase();
    let found = DAYS
        .iter()
        .position(|day| lower == *day || (lower.len() > 3 && lower.ends_with("day") && lower.starts_with(day)));
    match found.and_then(|day| u8::try_from(day).ok()) {
        Some(day) => Ok(day),
        None if lower.starts_with("weekend") => Err(error::unknown_word(written.span, &written.node, &DAYS)
            .help("write `sat, sun`")
            .replace(written.span, "sat, sun")),
        None if matches!(lower.as_str(), "weekday" | "weekdays" | "workday" | "workdays") => {
            Err(error::unknown_word(written.span, &written.node, &DAYS)
                .help("write `mon..fri`")
                .replace(written.span, "mon..fri"))
        }
        None => Err(error::unknown_word(written.span, &written.node, &DAYS)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn written(text: &str) -> Spanned<String> {
        Spanned { node: text.to_owned(), span: Span::new(0, text.len()) }
    }

    #[test]
    fn times_of_day_are_minutes() {
        let read = |text| minutes(&written(text)).ok();
        assert_eq!(["00:00", "6:30", "22:00", "24:00"].map(read), [Some(0), Some(390), Some(1320), Some(1440)]);
        assert_eq!(["24:01", "12:60"].map(read), [None; 2]);
    }

    #[test]
    fn ranges_of_days_can_pass_the_end_of_the_week() {
        let read = |ranges: &[[&str; 2]]| {
            let ranges: Vec<_> = ranges.iter().map(|range| range.map(written)).collect();
            weekdays(&ranges).ok()
        };
        assert_eq!(read(&[["mon", "fri"]]), Some(0b001_1111));
        assert_eq!(read(&[["sat", "mon"], ["Wednesday", "Wednesday"]]), Some(0b110_0101));
        assert_eq!(read(&[["monday", "moon"]]), None);
    }
}
