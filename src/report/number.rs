//! Numbers as people write them.

/// `0.824` as `82 %`, with a no-break space; never 0 % or 100 % for what is neither.
pub(super) fn percent(probability: f64) -> String {
    let percent = probability * 100.0;
    match percent.round() {
        0.0 if probability > 0.0 => "<1\u{a0}%".to_owned(),
        100.0 if probability < 1.0 => ">99\u{a0}%".to_owned(),
        rounded => format!("{rounded}\u{a0}%"),
    }
}

/// `12345` as `12,345`.
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

/// `n thing` or `n things`.
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
        assert_eq!(percent(0.8236), "82\u{a0}%");
        assert_eq!(percent(0.0001), "<1\u{a0}%");
        assert_eq!(percent(0.9999), ">99\u{a0}%");
        assert_eq!(percent(1.0), "100\u{a0}%");
        assert_eq!(percent(0.0), "0\u{a0}%");
    }
}
