//! Characters of a text that may not be UTF-8: blanks, letters of words, and where words end.

/// Returns whether the byte is a blank within a line: a space or tab. One blank of a pattern matches a run of them.
pub(super) fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// Returns whether the byte is a blank or part of a line end. A word hole ends there.
pub(super) fn is_space(byte: u8) -> bool {
    is_blank(byte) || byte == b'\n' || byte == b'\r'
}

pub(super) fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Returns whether `at` is a word edge: not both the character before it and the one after it belong to a word.
pub(super) fn is_edge(text: &[u8], at: usize) -> bool {
    !(char_before(text, at).is_some_and(is_word_char) && char_at(text, at).is_some_and(is_word_char))
}

/// The character at `at`; `None` at the end and where the text is not UTF-8.
pub(super) fn char_at(text: &[u8], at: usize) -> Option<char> {
    let first = *text.get(at)?;
    if first.is_ascii() {
        return Some(first as char);
    }
    let window = &text[at..text.len().min(at + 4)];
    window.utf8_chunks().next()?.valid().chars().next()
}

fn char_before(text: &[u8], at: usize) -> Option<char> {
    let start = (at.saturating_sub(4)..at).rev().find(|&start| text[start] & 0xC0 != 0x80)?;
    char_at(text, start).filter(|c| start + c.len_utf8() == at)
}

/// Whether the byte is not the first one of its character in UTF-8.
pub(super) fn is_inside_char(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}
