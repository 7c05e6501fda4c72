//! Turns the bytes of a file into text: decodes the characters and converts all line ends to `\n`.

use std::borrow::Cow;

use super::error::NotAnArticle;
use super::foreign::foreign;

/// The number of bytes at the start of a file in which control characters are counted.
const SNIFFED: usize = 512;

/// Decodes an article file: UTF-8 with or without a byte order mark, otherwise Windows-1252. Every line end becomes
/// `\n`.
///
/// Returns borrowed text when nothing has to change.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, NotAnArticle> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(NotAnArticle::Empty);
    }
    if let Some(refused) = foreign(bytes) {
        return Err(refused);
    }
    if is_binary(bytes) {
        return Err(NotAnArticle::Binary);
    }
    Ok(match utf8_or_windows(bytes) {
        Cow::Borrowed(text) => with_newlines(text),
        Cow::Owned(text) => Cow::Owned(with_newlines(&text).into_owned()),
    })
}

/// Decodes UTF-8, or Windows-1252 if the bytes are not UTF-8.
pub(super) fn utf8_or_windows(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| windows(bytes), Cow::Borrowed)
}

/// Decodes Windows-1252, in which every byte is a character.
pub(super) fn windows(bytes: &[u8]) -> Cow<'_, str> {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0
}

/// Whether `bytes` are not text: they contain a NUL byte, or more than a tenth of the first 512 bytes are control
/// characters other than white space and escape. UTF-16 contains NUL bytes, so it counts as binary.
fn is_binary(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(SNIFFED)];
    let control = head.iter().filter(|b| matches!(b, 0x01..=0x08 | 0x0e..=0x1a | 0x1c..=0x1f)).count();
    control * 10 > head.len() || memchr::memchr(0, bytes).is_some()
}

/// Replaces `\r\n` and lone `\r` by `\n`, in one pass that copies only if there is a `\r`.
fn with_newlines(text: &str) -> Cow<'_, str> {
    let mut returns = memchr::memchr_iter(b'\r', text.as_bytes()).peekable();
    if returns.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for at in returns {
        out.push_str(&text[copied..at]);
        copied = at + 1;
        if text.as_bytes().get(copied) != Some(&b'\n') {
            out.push('\n');
        }
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_is_borrowed_and_its_byte_order_mark_dropped() {
        assert!(matches!(decode("zwölf\n".as_bytes()), Ok(Cow::Borrowed("zwölf\n"))));
        assert!(matches!(decode(b"\xef\xbb\xbfa\n"), Ok(Cow::Borrowed("a\n"))));
    }

    #[test]
    fn other_bytes_are_windows_1252() {
        assert_eq!(decode(b"\x93Stop\x94 \xa9\r\n"), Ok(Cow::Owned("“Stop” ©\n".to_owned())));
    }

    #[test]
    fn every_kind_of_line_end_becomes_a_newline() {
        assert_eq!(decode(b"a\r\nb\rc\n\r\r\n"), Ok(Cow::Owned("a\nb\nc\n\n\n".to_owned())));
    }

    #[test]
    fn blank_and_binary_files_are_told_apart() {
        assert_eq!(decode(b""), Err(NotAnArticle::Empty));
        assert_eq!(decode(b"\xef\xbb\xbf \r\n\t"), Err(NotAnArticle::Empty));
        assert_eq!(decode(b"MZ\x90\x00\x03"), Err(NotAnArticle::Binary));
        assert_eq!(decode(b"\x1f\x02\x03abc"), Err(NotAnArticle::Binary));
        assert_eq!(
            decode(b"one \x16 in a long enough line of text"),
            Ok(Cow::Borrowed("one \u{16} in a long enough line of text"))
        );
    }
}
