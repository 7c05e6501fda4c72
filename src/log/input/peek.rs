//! A reader whose first bytes can be looked at before they are read.

use std::io::{self, Cursor, Read};

/// A reader, and its first bytes.
pub(super) struct Peeked<R> {
    start: Cursor<Vec<u8>>,
    /// The error at which reading the first bytes ended. It is returned after them.
    error: Option<io::Error>,
    rest: R,
}

/// Reads the first bytes of `input`: `len`, or all if there are fewer.
pub(super) fn peek<R: Read>(mut input: R, len: usize) -> Peeked<R> {
    let mut start = Vec::new();
    let error = input.by_ref().take(len as u64).read_to_end(&mut start).err();
    Peeked { start: Cursor::new(start), error, rest: input }
}

impl<R> Peeked<R> {
    /// The first bytes.
    pub(super) fn start(&self) -> &[u8] {
        self.start.get_ref()
    }
}

impl<R: Read> Read for Peeked<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let len = self.start.read(target)?;
        if len > 0 || target.is_empty() {
            return Ok(len);
        }
        match self.error.take() {
            Some(error) => Err(error),
            None => self.rest.read(target),
        }
    }
}
