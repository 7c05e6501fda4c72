//! Prints errors as text.

use std::error::Error;

/// Writes the error and its sources on one line, separated by `: `.
pub fn chain(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        line.push_str(": ");
        // Errors of `toml` end with a line break.
        line.push_str(error.to_string().trim_end());
        source = error.source();
    }
    line
}
