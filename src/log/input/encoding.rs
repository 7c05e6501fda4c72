//! Converts UTF-16 to UTF-8. Text in other encodings is left as it is.

use std::io::{self, Cursor, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE};

use super::peek::{Peeked, peek};

/// The number of bytes from which the encoding is detected.
const HEAD_BYTES: usize = 8 * 1024;

/// Returns the text of `input`: converted to UTF-8 if it is UTF-16, otherwise unchanged.
pub(super) fn as_utf8<'a>(input: impl Read + 'a) -> Box<dyn Read + 'a> {
    let input = peek(input, HEAD_BYTES);
    let encoding = match input.start() {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        start => utf_16_without_mark(start),
    };
    match encoding {
        Some(encoding) => Box::new(Recoded::new(input, encoding)),
        None => Box::new(input),
    }
}

/// Detects UTF-16 that has no byte order mark: at least a quarter of its units are printable ASCII, and hardly any are in
/// the other byte order or control bytes. Units of two NUL bytes, which holes consist of, do not count.
fn utf_16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let (mut units, mut little, mut big, mut odd) = (0, 0, 0, 0);
    for unit in head.chunks_exact(2) {
        let (is_little, byte) = match *unit {
            [0, 0] => continue,
            [byte, 0] => (true, byte),
            [0, byte] => (false, byte),
            _ => {
                units += 1;
                continue;
            }
        };
        units += 1;
        match byte {
            b' '..=b'~' | b'\t' | b'\r' | b'\n' | 0x1b => *(if is_little { &mut little } else { &mut big }) += 1,
            0xa0.. => {}
            _ => odd += 1,
        }
    }
    let (most, least, encoding) = if little > big { (little, big, UTF_16LE) } else { (big, little, UTF_16BE) };
    (units >= 2 && most * 4 >= units && (least + odd) * 50 <= most).then_some(encoding)
}

/// A reader that converts UTF-16 to UTF-8.
struct Recoded<R> {
    input: Peeked<R>,
    decoder: Decoder,
    /// Bytes read but not yet decoded.
    pending: Vec<u8>,
    ready: Cursor<Vec<u8>>,
    /// The error at which reading ended. It is returned after the text before it.
    error: Option<io::Error>,
    /// Whether the decoder has returned everything, so that it must not be called again.
    finished: bool,
}

impl<R: Read> Recoded<R> {
    fn new(input: Peeked<R>, encoding: &'static Encoding) -> Self {
        Recoded {
            input,
            decoder: encoding.new_decoder_with_bom_removal(),
            pending: Vec::new(),
            ready: Cursor::new(Vec::new()),
            error: None,
            finished: false,
        }
    }

    fn decode_block(&mut self) {
        const BLOCK_BYTES: usize = 16 * 1024;
        let last = match self.input.by_ref().take(BLOCK_BYTES as u64).read_to_end(&mut self.pending) {
            Ok(len) => len == 0,
            Err(error) => {
                self.error = Some(error);
                true
            }
        };
        let mut text = vec![0; BLOCK_BYTES * 2];
        let (result, read, written, _) = self.decoder.decode_to_utf8(&self.pending, &mut text, last);
        self.pending.drain(..read);
        self.finished = last && result == CoderResult::InputEmpty;
        text.truncate(written);
        self.ready = Cursor::new(text);
    }
}

impl<R: Read> Read for Recoded<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        loop {
            let len = self.ready.read(target)?;
            if len > 0 || target.is_empty() {
                return Ok(len);
            }
            if self.finished {
                return self.error.take().map_or(Ok(0), Err);
            }
            self.decode_block();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str) {
        let mut read = String::new();
        as_utf8(bytes).read_to_string(&mut read).expect("readable as text");
        assert_eq!(read, text);
    }

    fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn utf_16_is_recognised_with_and_without_a_mark() {
        for text in [
            "zw\u{f6}lf\r\nok\n",
            "2026-11-12 10:00:00 \u{30c7}\u{30a3}\u{30b9}\u{30af}\u{304c}\u{3044}\u{3063}\u{3071}\u{3044}\n",
        ] {
            for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
                check(&utf_16(text, bytes), text);
                check(&utf_16(&format!("\u{feff}{text}"), bytes), text);
            }
        }
    }

    #[test]
    fn long_and_cut_utf_16_is_converted() {
        let long = "\u{e4}b\n".repeat(50_000);
        check(&utf_16(&long, u16::to_be_bytes), &long);
        let whole = utf_16("\u{feff}ab\n", u16::to_le_bytes);
        check(&whole[..whole.len() - 1], "ab\u{fffd}");
    }

    #[test]
    fn a_hole_in_utf_16_is_no_reason_to_read_it_as_bytes() {
        let text = [utf_16("one\n", u16::to_le_bytes), vec![0; 400], utf_16("two\n", u16::to_le_bytes)].concat();
        check(&text, &format!("one\n{}two\n", "\0".repeat(200)));
    }

    #[test]
    fn other_bytes_are_left_as_they_are() {
        let login = [b"\x07\0\0\0pts/0".as_slice(), &[0; 27], b"bob\0", &[0; 40], &[5, 0, 6, 0, 7, 0]].concat();
        let numbers: Vec<u8> = (0..200_u32).flat_map(u32::to_le_bytes).collect();
        for bytes in [b"".as_slice(), b"a", b"one\ntwo\n", b"one\n\0\0\0\0two\n", b"gr\xfc\xdfe\n", &login, &numbers] {
            let mut read = Vec::new();
            as_utf8(bytes).read_to_end(&mut read).expect("bytes can be read");
            assert_eq!(read, bytes);
        }
    }
}
