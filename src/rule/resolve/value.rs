//! Checks the values of statements: chances, times, words and dates.

use std::time::Duration;

use jiff::Timestamp;

use crate::diagnostic::Diagnostic;
use crate::pattern::quantity::duration_prefix;
use crate::rule::ast::{Chance, Spanned};
use crate::rule::error;
pub(super) use crate::rule::escape::unescape;

/// Reads a chance, which is greater than 0 and less than 1: `3%`, `1/500`, `0.03`, or one of `words`.
pub(super) fn chance(written: &Chance, words: &[(&str, f64)]) -> Result<f64, Diagnostic> {
    let text = written.node.as_str();
    if text.starts_with(|c: char| c.is_alphabetic() || c == '_') && !words.is_empty() {
        return word(written, words);
    }
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let value = match text.split_once('/') {
        Some((of, all)) => number(of).zip(number(all)).map(|(of, all)| of / all),
        None => match text.strip_suffix('%') {
            Some(percent) => number(percent).map(|percent| percent / 100.0),
            None => number(text),
        },
    };
    match value.filter(|value| *value > 0.0 && *value < 1.0) {
        Some(value) => Ok(value),
        None => Err(not_a_chance(written, value)),
    }
}

fn not_a_chance(written: &Chance, value: Option<f64>) -> Diagnostic {
    let text = written.node.as_str();
    let wrong = error::bad_value(written.span, text, "is not a chance");
    let percent =
        value.filter(|value| (1.0..100.0).contains(value) && text.bytes().all(|c| c.is_ascii_digit() || c == b'.'));
    match percent {
        Some(_) => wrong.help(format!("write `{text}%` or a fraction")).replace(written.span, format!("{text}%")),
        None => wrong.help(
            "a chance is greater than 0 and less than 1, such as `5%` or `1/20`: nothing is impossible or certain",
        ),
    }
}

/// Returns the value of a word in the table `words`.
pub(super) fn word<T: Copy>(written: &Spanned<String>, words: &[(&str, T)]) -> Result<T, Diagnostic> {
    match words.iter().find(|(word, _)| *word == written.node) {
        Some((_, value)) => Ok(*value),
        None => {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            Err(error::unknown_word(written.span, &written.node, &known))
        }
    }
}

/// Reads a span of time: `10m`, `1h30m`.
pub(super) fn duration(written: &Spanned<String>) -> Result<Duration, Diagnostic> {
    match duration_prefix(written.node.as_bytes()) {
        Some((duration, len)) if len == written.node.len() => Ok(duration),
        _ => Err(error::wrong_unit(written.span, &written.node, "is not a time")),
    }
}

/// Reads a whole number from 1 to `most`.
pub(super) fn times(written: &Spanned<String>, most: u32) -> Result<u32, Diagnostic> {
    match written.node.parse::<u32>() {
        Ok(times) if (1..=most).contains(&times) => Ok(times),
        _ => Err(error::bad_value(written.span, &written.node, "is out of range")
            .help(format!("write a number from 1 to {most}"))),
    }
}

/// Reads an instant: a time in RFC 3339, or a date, which means the beginning of that day in UTC.
pub(super) fn instant(written: &Spanned<String>) -> Result<Timestamp, Diagnostic> {
    let text = written.node.as_str();
    let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    match text.parse().ok().or_else(|| day().map(|day| day.timestamp())) {
        Some(instant) => Ok(instant),
        None => Err(error::bad_value(written.span, text, "is not a date")
            .help("write `2027-01-31` or `2027-01-31T10:00:00Z`, with `Z` or an offset")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::chance::CHANCES;
    use crate::source::Span;

    fn written(text: &str) -> Spanned<String> {
        Spanned { node: text.to_string(), span: Span::new(0, text.len()) }
    }

    #[test]
    fn chances_are_words_percentages_ratios_and_fractions() {
        let value = |text| chance(&written(text), CHANCES).ok();
        assert_eq!(value("usually"), Some(0.90));
        assert_eq!(value("3%"), Some(0.03));
        assert_eq!(value("1/500"), Some(0.002));
        assert_eq!(value("0.5"), Some(0.5));
        assert_eq!([value("0"), value("100%"), value("1/0"), value("2"), value("usual")], [None; 5]);
    }

    #[test]
    fn dates_are_instants_in_utc() {
        let value = |text| instant(&written(text)).ok().map(|instant| instant.to_string());
        assert_eq!(value("2027-01-31").as_deref(), Some("2027-01-31T00:00:00Z"));
        assert_eq!(value("2027-01-31T10:00:00+01:00").as_deref(), Some("2027-01-31T09:00:00Z"));
        assert_eq!(value("2027-02-31"), None);
    }
}
