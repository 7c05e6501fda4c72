//! Escapes text of logs, articles and rules for an HTML page.

use std::fmt;

use crate::report::clean::is_acted_on;

/// Escapes `text` for the content of an element or for a quoted attribute value. Line ends and tabs are kept; control
/// characters and marks that override the writing direction become U+FFFD.
pub(super) fn text(text: &str) -> Escaped<'_> {
    Escaped(text)
}

/// Text that is escaped when it is displayed.
#[derive(Clone, Copy)]
pub(super) struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        self.0.chars().try_for_each(|c| match c {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            '\n' | '\t' => f.write_char(c),
            c if is_acted_on(c) || is_noncharacter(c) => f.write_char(char::REPLACEMENT_CHARACTER),
            c => f.write_char(c),
        })
    }
}

/// Whether Unicode reserves the code point as a noncharacter, which HTML does not allow.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_is_not_html() {
        let shown = |shown: &str| text(shown).to_string();
        assert_eq!(shown("<b a='1' c=\"2\">&amp;"), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;amp;");
        assert_eq!(shown("a\tb\nc\u{1b}[0m\u{202e}\r\u{fffe}"), "a\tb\nc\u{fffd}[0m\u{fffd}\u{fffd}\u{fffd}");
        assert_eq!(shown("zwölf 日"), "zwölf 日");
    }
}
