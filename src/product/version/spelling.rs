//! Recognises words that are versions.

/// `4.0`, `3.x`, `v5.5a`, `2000` or `(2002)`: words that are a version wherever they occur in a product's name.
pub(in crate::product) fn is_version(word: &str) -> bool {
    is_dotted(bare(word)) || is_year(bare(word))
}

/// `97` and `'95`, which are years in the names of old products.
pub(in crate::product) fn is_short_year(word: &str) -> bool {
    matches!(bare(word).as_bytes(), [b'9', b'0'..=b'9'])
}

/// A year that a product can be named after.
pub(in crate::product) fn is_year(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'1', b'9', b'8' | b'9', b'0'..=b'9'] | [b'2', b'0', b'0'..=b'9', b'0'..=b'9'])
}

fn bare(word: &str) -> &str {
    let word = word.trim_matches(['(', ')', '\'']);
    word.strip_prefix('v').unwrap_or(word)
}

/// Numbers with a point between them, and at most two letters after them.
fn is_dotted(word: &str) -> bool {
    let numbers = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let numbers = numbers.strip_suffix('.').filter(|_| word.ends_with(".x")).unwrap_or(numbers);
    let has_point = word.contains('.');
    let letters = word.len() - numbers.len();
    has_point && letters <= 2 && numbers.split('.').all(|number| !number.is_empty() && is_number(number))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_years_are_told_from_other_words() {
        for word in ["4.0", "3.x", "v5.5", "6.0ax", "6.0.2600", "2000", "(2002)", "1985"] {
            assert!(is_version(word), "{word}");
        }
        for word in ["", "4", "x", ".x", "4.", "4.0beta", "x.400", "3com", "3d", "1776", "20000", ".net", "97"] {
            assert!(!is_version(word), "{word}");
        }
        assert!(is_short_year("97") && is_short_year("'95") && !is_short_year("87") && !is_short_year("970"));
    }
}
