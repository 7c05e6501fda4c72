//! One spelling for names that look the same. Unicode writes `é` as one character or as `e` with a mark: macOS and the archives
//! that are made there have the second form in the names of files, keyboards type the first.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Returns `name` with as few characters as possible (Unicode's normal form C).
pub(crate) fn composed(name: &str) -> Cow<'_, str> {
    if name.is_ascii() || is_nfc_quick(name.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.nfc().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_with_marks_become_one_character() {
        for (written, expected) in [
            ("mail/queue", "mail/queue"),
            ("Größe", "Größe"),
            ("Gro\u{308}ße", "Größe"),
            ("\u{1100}\u{1161}", "\u{ac00}"),
            ("q\u{308}", "q\u{308}"),
        ] {
            assert_eq!(composed(written), expected, "{written}");
        }
    }
}
