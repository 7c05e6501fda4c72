//! Escapes text of logs, articles and rules for Markdown, as prose, inline code or a code block, so that it is shown
//! literally and has no other effect.

use crate::report::clean::{in_lines, on_one_line};

/// Puts text on one line and escapes all characters that act as Markdown, except those that do so only at the beginning
/// of a block (see [`block`]). Addresses do not become links, and `@name` notifies nobody.
pub(super) fn escaped(text: &str) -> String {
    let text = on_one_line(text);
    let mut safe = String::with_capacity(text.len());
    let mut before = None;
    for (at, c) in text.char_indices() {
        let rest = &text[at..];
        let is_link = rest.starts_with("://") || (c == '.' && text[..at].ends_with("www"));
        if is_link || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$') {
            safe.push('\\');
        }
        safe.push(c);
        if c == '@' && !before.is_some_and(char::is_alphanumeric) {
            safe.push(WORD_JOINER);
        }
        before = Some(c);
    }
    safe
}

/// An invisible character without width. Ticket systems do not take `@` before it for a mention.
const WORD_JOINER: char = '\u{2060}';

/// Makes escaped text safe at the beginning of a block, where it could become a heading, a list, a rule or code.
pub(super) fn block(text: &str) -> String {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text[digits..].chars().next() {
        Some('.' | ')') if digits > 0 => format!("{}\\{}", &text[..digits], &text[digits..]),
        Some('#' | '+' | '-' | '=') if digits == 0 => format!("\\{text}"),
        _ => text.to_owned(),
    }
}

/// Escapes text as prose, for any position.
pub(super) fn prose(text: &str) -> String {
    block(&escaped(text))
}

/// Formats text as inline code; an empty string for blank text.
pub(super) fn code(text: &str) -> String {
    let text = on_one_line(text);
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run_of_ticks(text) + 1);
    let gap = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{text}{gap}{fence}")
}

/// Formats text as a code block in the language `info`, each line indented by `indent` blanks.
pub(super) fn fenced(text: &str, info: &str, indent: usize) -> String {
    let text = in_lines(text);
    let fence = "`".repeat(longest_run_of_ticks(&text).max(2) + 1);
    let lines = [format!("{fence}{info}")].into_iter().chain(text.lines().map(str::to_owned)).chain([fence]);
    lines.map(|line| format!("{:indent$}{}\n", "", line.trim_end())).collect()
}

fn longest_run_of_ticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_is_no_markdown() {
        assert_eq!(escaped("a_b *c* [d](e) <f> `g`"), "a\\_b \\*c\\* \\[d\\](e) \\<f\\> \\`g\\`");
        assert_eq!(escaped("is it, \"so\"?\n5.5 #1"), "is it, \"so\"?⏎5.5 #1");
        assert_eq!([block("# a"), block("- a"), block("12. a")], ["\\# a", "\\- a", "12\\. a"]);
        assert_eq!([block("5.5 a"), block("a # b"), block("12 a")], ["5\\.5 a", "a # b", "12 a"]);
        assert_eq!(prose("    four blanks"), "four blanks");
    }

    #[test]
    fn addresses_and_names_call_nobody() {
        assert_eq!(escaped("at http://a.example or www.a.example"), "at http\\://a.example or www\\.a.example");
        assert_eq!(escaped("to @ops, a@b.example"), "to @\u{2060}ops, a@b.example");
    }

    #[test]
    fn code_ends_where_it_should() {
        assert_eq!(code("a|b"), "`a|b`");
        assert_eq!(code("a `b` c"), "``a `b` c``");
        assert_eq!(code("`b``"), "``` `b`` ```");
        assert_eq!(code(" "), "");
        assert_eq!(fenced("a\n```\n</b>", "text", 2), "  ````text\n  a\n  ```\n  </b>\n  ````\n");
        assert_eq!(fenced("", "sh", 0), "```sh\n```\n");
    }
}
