//! Recognises words that are versions.

/// Whether a word is a version wherever it occurs in a product's name, such as `4.0`, `3.x`, `v5.5a`, `2000` or
/// `(2002)`.
pub(in crate::product) fn is_version(word: &str) -> bool {
    is_dotted(bare(word)) || is_year(bare(word))
}

/// Whether a word is a year of the nineties in two digits, such as `97` or `'95`. In the names of old products such a
/// word is a year.
pub(in crate::product) fn is_short_year(word: &str) -> bool {
    matches!(bare(word).as_bytes(), [b'9', b'0'..=b'9'])
}

/// Whether `digits` are a year after which a product may be named: 1980 to 2099.
pub(in crate::product) fn is_year(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'1', b'9', b'8' | b'9', b'0'..=b'9'] | [b'2', b'0', b'0'..=b'9', b'0'..=b'9'])
}

fn bare(word: &str) -> &str {
    let word = word.trim_matches(['(', ')', '\'']);
    word.strip_prefix('v').unwrap_or(word)
}

/// Whether a word is numbers with points between them, and at most two letters after them: `6.0ax`.
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
