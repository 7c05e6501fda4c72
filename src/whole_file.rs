//! Reads files that are kept in memory as a whole: rules, settings, cases, questions. A device without an end, or a dump that was
//! named by mistake, is refused instead of filling the memory.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// The most bytes of such a file.
const MOST_BYTES: u64 = 256 << 20;

/// Reads the file at `path`. Fails with [`ErrorKind::FileTooLarge`] if it has more than 256 MiB.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    read_at_most(path, MOST_BYTES)
}

/// Does what [`read`] does, for a file that must be UTF-8.
pub(crate) fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).map_err(|_| Error::new(ErrorKind::InvalidData, "stream did not contain valid UTF-8"))
}

/// Reads `input` to its end, with the limit of [`read`].
#[cfg(feature = "cli")]
pub(crate) fn read_from(input: impl Read) -> Result<Vec<u8>> {
    read_all(input, 0, MOST_BYTES)
}

fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>> {
    let file = File::open(path)?;
    let expected = usize::try_from(file.metadata()?.len().min(most)).unwrap_or_default();
    read_all(file, expected + 1, most)
}

fn read_all(input: impl Read, expected: usize, most: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(expected);
    input.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(Error::new(ErrorKind::FileTooLarge, format!("it is larger than {} MiB", most >> 20)));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_without_an_end_is_refused() {
        let error = read_at_most(Path::new("/dev/zero"), 3 << 20).expect_err("it has no end");
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::FileTooLarge, "it is larger than 3 MiB".to_owned()));
    }

    #[test]
    fn a_file_of_the_limit_is_read() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), "four").expect("a writable file");
        assert_eq!(read_at_most(file.path(), 4).expect("it is small enough"), b"four");
        assert!(read_at_most(file.path(), 3).is_err());
    }
}
