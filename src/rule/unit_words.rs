//! The words for units that people write out, and the short units that rules use.

const UNITS: &[(&str, &[&str])] = &[
    ("ms", &["ms", "msec", "msecs", "millisecond", "milliseconds", "millis"]),
    ("s", &["s", "sec", "secs", "second", "seconds"]),
    ("m", &["m", "min", "mins", "minute", "minutes"]),
    ("h", &["h", "hr", "hrs", "hour", "hours"]),
    ("d", &["d", "day", "days"]),
    ("w", &["w", "week", "weeks", "wk", "wks"]),
    ("B", &["b", "byte", "bytes"]),
    ("kB", &["kb", "k", "kilobyte", "kilobytes"]),
    ("KiB", &["kib"]),
    ("MB", &["mb", "megabyte", "megabytes"]),
    ("MiB", &["mib"]),
    ("GB", &["gb", "g", "gig", "gigabyte", "gigabytes"]),
    ("GiB", &["gib"]),
    ("TB", &["tb", "terabyte", "terabytes"]),
    ("TiB", &["tib"]),
];

/// The unit that `word` means, ignoring case.
pub(super) fn short_unit(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    UNITS.iter().find(|(_, words)| words.contains(&lower.as_str())).map(|(unit, _)| *unit)
}

/// Returns `5m` for `5minutes` or `5 minutes`. `None` if the text is not a number and the name of a unit, or is written right.
pub(super) fn with_short_unit(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, word) = text.split_at(end);
    let unit = short_unit(word.trim())?;
    (!number.is_empty() && word != unit).then(|| format!("{number}{unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_units() {
        assert_eq!(with_short_unit("5minutes").as_deref(), Some("5m"));
        assert_eq!(with_short_unit("1.5 Hours").as_deref(), Some("1.5h"));
        assert_eq!(["5m", "minutes", "5parsecs", "5"].map(with_short_unit), [const { None }; 4]);
    }
}
