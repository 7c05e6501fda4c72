//! Text from logs, articles and rules of others, made safe to print: nothing in it may move the cursor, forge a line,
//! colour what follows or turn the order of what is read around.

/// `text` on one line: line ends as `⏎`, tabs as blanks, what a terminal would act on as U+FFFD.
pub(crate) fn on_one_line(text: &str) -> String {
    let shown = text.chars().map(|c| match c {
        '\n' => '⏎',
        '\t' => ' ',
        c if is_acted_on(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    });
    shown.collect()
}

/// `text` with its lines and tabs, for text in columns.
pub(crate) fn in_lines(text: &str) -> String {
    text.chars()
        .map(|c| if !matches!(c, '\n' | '\t') && is_acted_on(c) { char::REPLACEMENT_CHARACTER } else { c })
        .collect()
}

/// Whether a terminal acts on the character instead of showing it: the controls of ASCII and Latin-1 (C0, DEL, C1), the
/// separators of lines and paragraphs, and the marks that override or isolate the direction of writing. The marks
/// between words of normal right-to-left text are shown.
pub(super) fn is_acted_on(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_acts_on_is_shown_as_a_mark() {
        assert_eq!(on_one_line("a\tb\u{1b}[2J\nc"), "a b\u{fffd}[2J⏎c");
        assert_eq!(in_lines("a\tb\n\u{9b}2J\u{7f}\r"), "a\tb\n\u{fffd}2J\u{fffd}\u{fffd}");
        assert_eq!(on_one_line("user\u{202e}gpj.\u{2066}exe\u{2069}"), "user\u{fffd}gpj.\u{fffd}exe\u{fffd}");
        assert_eq!(on_one_line("שלום\u{200f} zwölf ﷽"), "שלום\u{200f} zwölf ﷽");
    }
}
