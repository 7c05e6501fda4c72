//! Formats numbers for people.

/// Formats `0.824` as `82 %`. Only 0 is `0 %` and only 1 is `100 %`; values close to them are `<1 %` and `>99 %`.
pub(super) fn percent(probability: f64) -> String {
    let percent = probability * 100.0;
    match percent.round() {
        0.0 if probability > 0.0 => "<1 %".to_owned(),
        100.0 if probability < 1.0 => ">99 %".to_owned(),
        rounded => format!("{rounded} %"),
    }
}

/// Formats a probability from a rule with all its digits: `0.0005` as `0.05 %`.
pub(super) fn exact_percent(probability: f64) -> String {
    format!("{} %", (probability * 1e6).round() / 1e4)
}

/// Formats `12345` as `12,345`.
pub(super) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Formats a count with its noun: `1 file`, `12 files`.
pub(crate) fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n), if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(thousands(57), "57");
        assert_eq!(thousands(56_989), "56,989");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!([counted(0, "file", "files"), counted(1, "file", "files")], ["0 files", "1 file"]);
        assert_eq!(counted(2_000, "file", "files"), "2,000 files");
    }

    #[test]
    fn a_percentage_never_claims_certainty_that_is_not_there() {
        assert_eq!([percent(0.0), percent(0.0001), percent(0.8236)], ["0 %", "<1 %", "82 %"]);
        assert_eq!([percent(0.9999), percent(1.0)], [">99 %", "100 %"]);
    }

    #[test]
    fn numbers_of_rules_are_shown_as_written() {
        let shown = [1.0 / 2000.0, 0.9, 1.0 - 0.9].map(exact_percent);
        assert_eq!(shown, ["0.05 %", "90 %", "10 %"]);
    }
}
