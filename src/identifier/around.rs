//! Looks at the words around a number, which decide what it is: `error 0x5`, `STOP 0xA`, `port 0x3F8`.
//!
//! Looks at a limited number of bytes, so that a text of one enormous word or line is still read in linear time.

/// Words after which a short hex number is a code. Other short hex numbers are common in source code.
const CODE: [&str; 7] = ["error", "code", "status", "hresult", "result", "exception", "scode"];

/// Words in addition to `CODE` after which eight hex digits without `0x` are a code.
const NUMBER: [&str; 4] = ["number", "no", "id no", "returned"];

/// Words that announce the code of a STOP screen.
const STOP: [&str; 6] = ["stop", "stop error", "stop code", "stop message", "bugcheck", "bug check"];

/// Characters that may occur between a word and its number: `Error Code: (`, `scode=`, `error #`, `STOP: "`.
const BETWEEN: [char; 10] = [' ', ':', '=', '(', '#', '\t', '\n', '"', '\'', '['];

/// At most this many such characters are skipped. Without a limit, a text of blanks would take quadratic time.
const MOST_BETWEEN: usize = 16;

/// Whether the word before the number at `at` calls it a code.
pub(super) fn is_code(text: &str, at: usize) -> bool {
    follows(text, at, &CODE)
}

/// Whether the word before the number at `at` calls it a code or a number.
pub(super) fn is_number(text: &str, at: usize) -> bool {
    is_code(text, at) || follows(text, at, &NUMBER)
}

/// Whether the word before the number at `at` calls it the code of a STOP screen.
pub(super) fn is_stop(text: &str, at: usize) -> bool {
    follows(text, at, &STOP)
}

/// Whether `start..end` is not a part of a longer word or number.
pub(super) fn is_apart(text: &str, start: usize, end: usize) -> bool {
    !ends_in_word(&text[..start]) && !text[end..].starts_with(is_word_char)
}

/// Whether `text` ends with a word or number, which the text after it would continue.
pub(super) fn ends_in_word(text: &str) -> bool {
    text.ends_with(is_word_char)
}

/// Whether names, words and numbers can contain `c`.
pub(super) fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The part of `text` before byte `at` that is at most `reach` bytes long and does not begin within a character.
pub(super) fn just_before(text: &str, at: usize, reach: usize) -> &str {
    let mut start = at.saturating_sub(reach);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..at]
}

/// The part of `text` from byte `at` that is at most `reach` bytes long and does not end within a character.
pub(super) fn just_after(text: &str, at: usize, reach: usize) -> &str {
    let mut end = text.len().min(at + reach);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[at..end]
}

fn follows(text: &str, at: usize, words: &[&str]) -> bool {
    let n_between = text[..at].chars().rev().take(MOST_BETWEEN).take_while(|c| BETWEEN.contains(c)).count();
    // Each of these characters is one byte.
    let before = &text[..at - n_between];
    words.iter().any(|word| strip_suffix_ignoring_case(before, word).is_some_and(|rest| !ends_in_word(rest)))
}

fn strip_suffix_ignoring_case<'t>(text: &'t str, suffix: &str) -> Option<&'t str> {
    let start = text.len().checked_sub(suffix.len())?;
    text.get(start..)?.eq_ignore_ascii_case(suffix).then(|| &text[..start])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, expect: [bool; 3]) {
        let at = before.len();
        assert_eq!([is_code(before, at), is_number(before, at), is_stop(before, at)], expect, "{before}");
    }

    #[test]
    fn the_last_words_decide() {
        check("Error: ", [true, true, false]);
        check("(error code = #", [true, true, false]);
        check("exception number: ", [false, true, false]);
        check("*** STOP: ", [false, false, true]);
        check("a \"Stop error ", [true, true, true]);
        for other in ["", "terror ", "port ", "error in ", "error.", "nonstop ", "errör ", "ö"] {
            check(other, [false, false, false]);
        }
        check(&format!("error{}", " ".repeat(99)), [false, false, false]);
    }
}
