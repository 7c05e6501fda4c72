//! Prints errors as text.

use std::error::Error;
use std::io;

/// Writes the error and its sources on one line, separated by `: `. A full disk has one wording, whoever met it.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut line = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        if !line.is_empty() {
            line.push_str(": ");
        }
        if error.downcast_ref::<io::Error>().is_some_and(is_full) {
            line.push_str("the disk is full");
            return line;
        }
        // Errors of `toml` end with a line break.
        line.push_str(error.to_string().trim_end());
        next = error.source();
    }
    line
}

/// Whether something could not be written for lack of space. A write that ends early is one as well.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::WriteZero)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreError;

    #[test]
    fn a_full_disk_has_one_wording() {
        let kinds = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded, io::ErrorKind::WriteZero];
        let errors = kinds.map(io::Error::from).into_iter().chain([io::Error::new(kinds[0], "failed to write")]);
        for source in errors {
            assert_eq!(chain(&source), "the disk is full");
            let error = StoreError::Io { path: "x".into(), source };
            assert_eq!(chain(&error), "cannot use the store at `x`: the disk is full");
        }
    }
}
