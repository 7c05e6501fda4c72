//! Cleans the text of a body: removes the layout's margin and the blanks at line ends.

use crate::article::decode::windows;

/// The margin at the start of each line of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Margin {
    /// No margin.
    None,
    /// A tab before each line, which has replaced the first blank of lines that began with blanks. Bytes beyond ASCII
    /// are written as `<A0>`.
    Tab,
}

/// Returns the body without margin and without blanks at line ends.
///
/// A page has lost the first blank of each line that began with blanks. If the line still begins with a blank, the lost
/// one is added again. A line that had a single blank looks the same as one without, so a single blank is removed in
/// every layout. In this way an article has the same text in both layouts.
pub(super) fn clean(raw: &str, margin: Margin) -> String {
    let mut out = String::with_capacity(raw.len() + raw.len() / 16);
    for line in raw.split_inclusive('\n') {
        let line = line.trim_end_matches([' ', '\t', '\n']);
        match margin {
            Margin::None => out.push_str(without_single_blank(line)),
            Margin::Tab => push_page_line(&mut out, line),
        }
        out.push('\n');
    }
    out
}

fn without_single_blank(line: &str) -> &str {
    line.strip_prefix(' ').filter(|rest| !rest.starts_with(' ')).unwrap_or(line)
}

fn push_page_line(out: &mut String, line: &str) {
    let line = line.strip_prefix('\t').unwrap_or(line);
    if line.starts_with(' ') {
        out.push(' ');
    }
    let mut rest = line;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let read = match escaped_byte(tag) {
            Some(byte) => {
                out.push_str(&windows(&[byte]));
                "<A0>".len()
            }
            None => {
                out.push('<');
                1
            }
        };
        rest = &tag[read..];
    }
    out.push_str(rest);
}

/// Returns the byte that a tag such as `<A0>` encodes. Returns `None` for tags that the archive contains as real text
/// (a CD drive, keys, list items).
fn escaped_byte(tag: &str) -> Option<u8> {
    const REAL_TEXT: [u8; 8] = [0x99, 0xbe, 0xbf, 0xcd, 0xdd, 0xf2, 0xf4, 0xf5];
    let &[b'<', high @ (b'7'..=b'9' | b'A'..=b'F'), low @ (b'0'..=b'9' | b'A'..=b'F'), b'>', ..] = tag.as_bytes()
    else {
        return None;
    };
    let digit = |b: u8| if b.is_ascii_digit() { b - b'0' } else { b - b'A' + 10 };
    let byte = digit(high) << 4 | digit(low);
    (byte >= 0x7f && !REAL_TEXT.contains(&byte)).then_some(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_renderings_have_the_same_result() {
        let document = "text \n - item\n   deep\n\n    deeper\n";
        let page = "\ttext\n\t- item\n\t  deep\n\t\n\t   deeper\n";
        assert_eq!(clean(document, Margin::None), "text\n- item\n   deep\n\n    deeper\n");
        assert_eq!(clean(page, Margin::Tab), clean(document, Margin::None));
    }

    #[test]
    fn escaped_bytes_are_decoded_and_placeholders_are_not() {
        assert_eq!(
            clean("\t<A9> 1999<A0><user> <CD>:\\ <41> <a9> <AE", Margin::Tab),
            "© 1999\u{a0}<user> <CD>:\\ <41> <a9> <AE\n"
        );
    }
}
