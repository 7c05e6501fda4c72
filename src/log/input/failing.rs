//! Readers that fail, and readers that keep the error of another one.

use std::io::{self, ErrorKind, Read};

/// A reader that returns an error once, if it has one, and then the end of the input.
pub(in crate::log) struct Failing(pub(in crate::log) Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// A reader that ends at an error of another reader, and keeps the error.
pub(super) struct KeepingError<R> {
    pub(super) input: R,
    pub(super) error: Option<io::Error>,
}

impl<R: Read> Read for KeepingError<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.error.is_some() {
            return Ok(0);
        }
        match self.input.read(target) {
            Err(error) if error.kind() != ErrorKind::Interrupted => {
                self.error = Some(error);
                Ok(0)
            }
            other => other,
        }
    }
}
