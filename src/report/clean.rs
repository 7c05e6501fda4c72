//! Makes text from logs, articles and rules safe to print: it cannot move the cursor, look like a line of the report,
//! colour what follows or change the reading direction.

/// Puts `text` on one line: line ends become `⏎`, tabs become blanks, and characters that a terminal acts on become
/// U+FFFD.
pub(crate) fn on_one_line(text: &str) -> String {
    let shown = text.chars().map(|c| match c {
        '\n' => '⏎',
        '\t' => ' ',
        c if is_acted_on(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    });
    shown.collect()
}

/// Keeps the line ends and tabs of `text`, for text in columns. Other characters that a terminal acts on become U+FFFD.
pub(crate) fn in_lines(text: &str) -> String {
    text.chars()
        .map(|c| if !matches!(c, '\n' | '\t') && is_acted_on(c) { char::REPLACEMENT_CHARACTER } else { c })
        .collect()
}

/// Whether a terminal acts on the character instead of showing it: control characters of ASCII and Latin-1 (C0, DEL,
/// C1), line and paragraph separators, marks of the writing direction, and characters without a width: two texts that
/// look the same would differ.
pub(super) fn is_acted_on(c: char) -> bool {
    let is_direction = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || is_direction || matches!(c, '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_acts_on_is_shown_as_a_mark() {
        assert_eq!(on_one_line("a\tb\u{1b}[2J\nc"), "a b\u{fffd}[2J⏎c");
        assert_eq!(in_lines("a\tb\n\u{9b}2J\u{7f}\r"), "a\tb\n\u{fffd}2J\u{fffd}\u{fffd}");
        assert_eq!(on_one_line("user\u{202e}gpj.\u{2066}exe\u{2069}"), "user\u{fffd}gpj.\u{fffd}exe\u{fffd}");
        assert_eq!(on_one_line("שלום zwölf ﷽ 👩\u{200d}🔧"), "שלום zwölf ﷽ 👩\u{200d}🔧");
        assert_eq!(on_one_line("a\u{200b}b\u{200e}\u{200f}\u{feff}c"), "a\u{fffd}b\u{fffd}\u{fffd}\u{fffd}c");
    }
}
