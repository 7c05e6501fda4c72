//! A reader of cleaned text.

use std::io::{self, ErrorKind, Read};

use crate::log::clean::TextCleaner;

/// The number of bytes that are cleaned at a time.
const BLOCK_BYTES: usize = 64 * 1024;

/// A reader that cleans the text of another one. After an error of that one it returns the text before the error, then
/// the error, then the end of the input.
pub(super) struct CleanText<R> {
    input: R,
    cleaner: TextCleaner,
    block: Vec<u8>,
    /// Text that is cleaned; its first `given` bytes were returned.
    ready: Vec<u8>,
    given: usize,
    ended: bool,
    error: Option<io::Error>,
}

impl<R: Read> CleanText<R> {
    /// Reads the beginning of `input`. Returns `None` if it is not text.
    pub(super) fn open(input: R) -> Option<CleanText<R>> {
        let mut text = CleanText {
            input,
            cleaner: TextCleaner::default(),
            block: vec![0; BLOCK_BYTES],
            ready: Vec::new(),
            given: 0,
            ended: false,
            error: None,
        };
        while !text.cleaner.is_decided() && !text.ended {
            text.read_block();
        }
        (!text.cleaner.is_binary()).then_some(text)
    }

    /// Reads and cleans the next bytes.
    fn read_block(&mut self) {
        match self.input.read(&mut self.block) {
            Ok(0) => self.end(),
            Ok(len) => self.cleaner.push(&self.block[..len], &mut self.ready),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                self.error = Some(error);
                self.end();
            }
        }
    }

    fn end(&mut self) {
        self.ended = true;
        self.cleaner.finish(&mut self.ready);
    }
}

impl<R: Read> Read for CleanText<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            if self.ended {
                return self.error.take().map_or(Ok(0), Err);
            }
            self.ready.clear();
            self.given = 0;
            self.read_block();
        }
        let len = (&self.ready[self.given..]).read(target)?;
        self.given += len;
        Ok(len)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A reader that fails once, and would go on after that.
    struct Damaged(bool);

    impl Read for Damaged {
        fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
            match std::mem::replace(&mut self.0, true) {
                true => (&b"never read"[..]).read(target),
                false => Err(io::Error::other("damaged")),
            }
        }
    }

    #[test]
    fn the_text_before_an_error_is_read() {
        let mut text = CleanText::open(Cursor::new("one\ntwo").chain(Damaged(false))).expect("it is text");
        let mut read = Vec::new();
        let error = text.read_to_end(&mut read).expect_err("the input is damaged");
        assert_eq!((read.as_slice(), error.to_string().as_str()), (b"one\ntwo".as_slice(), "damaged"));
        assert_eq!(text.read_to_end(&mut read).expect("the error is returned once"), 0);
    }

    #[test]
    fn an_input_that_is_not_text_is_refused() {
        assert!(CleanText::open(&b"MZ\0\0"[..]).is_none());
        assert!(CleanText::open(&b"MZ\n"[..]).is_some());
    }
}
