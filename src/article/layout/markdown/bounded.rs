//! Limits the nesting of Markdown.
//!
//! A parser examines every open list and quotation at each line, even at a blank one, so a text nested 10,000 deep with
//! 10,000 blank lines costs their product. Lists and quotations are opened by marks at the start of a line. Marks
//! beyond a column that real pages never reach are escaped, so that they are plain text.

use std::borrow::Cow;

/// The last column in which a list or quotation may begin, in bytes; a tab counts as four. Text may continue beyond it.
const MAX_COLUMN: usize = 160;

/// Returns `text` with a backslash before the marks beyond [`MAX_COLUMN`] at the start of each line.
pub(super) fn bounded(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        for at in marks_beyond(line) {
            out.push_str(&text[copied..start + at]);
            out.push('\\');
            copied = start + at;
        }
        start += line.len();
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Returns the byte offsets of the marks beyond [`MAX_COLUMN`] at the start of a line.
fn marks_beyond(line: &str) -> impl Iterator<Item = usize> {
    let is_mark = |b: u8| matches!(b, b'>' | b'-' | b'*' | b'+' | b'.' | b')');
    let margin = line
        .bytes()
        .enumerate()
        .take_while(move |&(_, b)| is_mark(b) || b.is_ascii_digit() || matches!(b, b' ' | b'\t'));
    let placed = margin.scan(0, |column, (at, b)| {
        *column += if b == b'\t' { 4 } else { 1 };
        Some((*column, at, b))
    });
    placed.filter(move |&(column, _, b)| column > MAX_COLUMN && is_mark(b)).map(|(_, at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_lines_are_unchanged() {
        let rule = "-".repeat(MAX_COLUMN);
        for text in ["", "- a\n  - b\n", "> > quoted\n", &format!("{rule}\n{}- code", "word ".repeat(40))] {
            assert!(matches!(bounded(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn marks_far_to_the_right_are_escaped() {
        let deep = "> ".repeat(MAX_COLUMN / 2);
        assert_eq!(bounded(&format!("{deep}> x\n- y\n")), format!("{deep}\\> x\n- y\n"));
        let tabs = "\t".repeat(MAX_COLUMN / 4);
        assert_eq!(bounded(&format!("{tabs}1. x")), format!("{tabs}1\\. x"));
    }
}
