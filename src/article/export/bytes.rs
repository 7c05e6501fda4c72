//! Decodes the bytes of an export: removes byte order marks, and decodes UTF-16 and text that is not UTF-8.

use std::borrow::Cow;
use std::io::{self, BufRead, Cursor, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::article::decode::utf8_or_windows;

const LONGEST_MARK: u64 = 3;

/// Returns `reader` without its byte order mark. If the mark is that of UTF-16, the text is converted to UTF-8.
pub(super) fn utf8_or_bytes<'r>(mut reader: impl BufRead + 'r) -> io::Result<Box<dyn BufRead + 'r>> {
    let mut head = Vec::new();
    reader.by_ref().take(LONGEST_MARK).read_to_end(&mut head)?;
    let Some((encoding, mark_len)) = Encoding::for_bom(&head) else {
        return Ok(Box::new(Cursor::new(head).chain(reader)));
    };
    head.drain(..mark_len);
    let reader = Cursor::new(head).chain(reader);
    if encoding == UTF_8 {
        return Ok(Box::new(reader));
    }
    let decoder = encoding.new_decoder_without_bom_handling();
    Ok(Box::new(Utf16Reader { inner: reader, decoder, text: String::new(), read: 0, is_done: false }))
}

/// Decodes the first bytes of a file. A character that is cut off at their end is left out.
pub(super) fn decode_head(head: &[u8]) -> Cow<'_, str> {
    match Encoding::for_bom(head) {
        Some((encoding, mark_len)) if encoding == UTF_16LE || encoding == UTF_16BE => {
            let whole = head.len() - (head.len() - mark_len) % 2;
            encoding.decode_without_bom_handling(&head[mark_len..whole]).0
        }
        Some((_, mark_len)) => decode_start(&head[mark_len..]),
        None => decode_start(head),
    }
}

fn decode_start(head: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(head) {
        Err(error) if error.error_len().is_none() => utf8_or_windows(&head[..error.valid_up_to()]),
        _ => utf8_or_windows(head),
    }
}

/// Returns the start of `text`: as many whole characters as have at most `longest` bytes together.
pub(super) fn cut(text: &str, longest: usize) -> &str {
    let end = (0..=longest.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
    &text[..end.unwrap_or(0)]
}

/// Converts UTF-16 to UTF-8, one chunk of `inner` at a time. Unpaired surrogates become U+FFFD.
struct Utf16Reader<R> {
    inner: R,
    decoder: Decoder,
    text: String,
    /// The number of bytes of `text` that the caller has consumed.
    read: usize,
    is_done: bool,
}

impl<R: BufRead> BufRead for Utf16Reader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.read == self.text.len() && !self.is_done {
            let chunk = self.inner.fill_buf()?;
            self.is_done = chunk.is_empty();
            self.text.clear();
            self.read = 0;
            let longest = self.decoder.max_utf8_buffer_length(chunk.len()).expect("a chunk is far smaller than memory");
            self.text.reserve(longest);
            let (_, read, _) = self.decoder.decode_to_string(chunk, &mut self.text, self.is_done);
            self.inner.consume(read);
        }
        Ok(&self.text.as_bytes()[self.read..])
    }

    fn consume(&mut self, amount: usize) {
        self.read += amount;
    }
}

impl<R: BufRead> Read for Utf16Reader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[track_caller]
    fn check(bytes: &[u8], expect: &str) {
        for capacity in [1, 3, 4096] {
            let mut text = String::new();
            let mut reader = utf8_or_bytes(BufReader::with_capacity(capacity, bytes)).expect("memory can be read");
            reader.read_to_string(&mut text).expect("UTF-8");
            assert_eq!(text, expect);
        }
        assert_eq!(decode_head(bytes), expect);
    }

    #[test]
    fn byte_order_marks_are_understood() {
        let text = "title\tbody\nzwölf 😀\t…";
        check(text.as_bytes(), text);
        check(format!("\u{feff}{text}").as_bytes(), text);
        check(&utf16(&format!("\u{feff}{text}")), text);
        let big_endian: Vec<u8> =
            utf16(&format!("\u{feff}{text}")).chunks(2).flat_map(|unit| [unit[1], unit[0]]).collect();
        check(&big_endian, text);
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!((cut("aöb", 4), cut("aöb", 3), cut("aöb", 2), cut("ö", 1)), ("aöb", "aö", "a", ""));
    }

    #[test]
    fn a_head_may_end_within_a_character() {
        assert_eq!(decode_head("zwö".as_bytes().split_last().expect("not empty").1), "zw");
        assert_eq!(decode_head(b"zw\xf6lf"), "zwölf");
        assert_eq!(decode_head(b"\xff\xfea\0b"), "a");
    }
}
