//! Splits a text into lines with their byte offsets.

/// One line of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TextLine<'a> {
    /// The line without its line end.
    pub(super) text: &'a str,
    /// The byte offset of the line in the text.
    pub(super) start: usize,
}

impl<'a> TextLine<'a> {
    /// Returns the byte offset in the text at which the line ends and its line end begins.
    pub(super) fn end(self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn is_blank(self) -> bool {
        self.text.bytes().all(|b| b == b' ')
    }

    /// Returns the number of blanks at the start of the line.
    pub(super) fn indent(self) -> usize {
        self.text.bytes().take_while(|&b| b == b' ').count()
    }

    /// Returns the line without the blanks at its start.
    pub(super) fn content(self) -> &'a str {
        &self.text[self.indent()..]
    }
}

/// Returns the lines of `text`. A last line without a line end is included. After the last line end there is no
/// further, empty line.
pub(super) fn lines(text: &str) -> impl Iterator<Item = TextLine<'_>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= text.len() {
            return None;
        }
        let end = memchr::memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |at| start + at);
        let line = TextLine { text: &text[start..end], start };
        start = end + 1;
        Some(line)
    })
}

/// Returns the last `reach` bytes of `text` before byte `at`, or fewer, so that the result begins at a character.
///
/// Because of this limit, parsing a text with one enormous line takes linear time.
pub(super) fn just_before(text: &str, at: usize, reach: usize) -> &str {
    let mut start = at.saturating_sub(reach);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..at]
}

/// Returns `text` with one blank in place of every run of white space, and none at its ends. This is the canonical form
/// of a message.
pub(super) fn with_single_blanks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_back_is_bounded_and_keeps_to_characters() {
        assert_eq!(just_before("aöb", 3, 9), "aö");
        assert_eq!(just_before("aöb", 3, 1), "");
        assert_eq!(just_before("aöb", 4, 1), "b");
    }

    #[test]
    fn lines_know_their_places() {
        let found: Vec<_> =
            lines("a\n\n  b").map(|line| (line.text, line.start, line.indent(), line.is_blank())).collect();
        assert_eq!(found, [("a", 0, 0, false), ("", 2, 0, true), ("  b", 3, 2, false)]);
        assert_eq!(lines("a\n").count(), 1);
        assert_eq!(lines("").count(), 0);
    }
}
