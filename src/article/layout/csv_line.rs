//! Splits a line of values that are separated by commas or the like.

/// Returns the values of a line, without quotes. A separator within quotes separates nothing.
pub(super) fn values(line: &str, separator: char) -> impl Iterator<Item = String> {
    let mut is_quoted = false;
    let parts = line.split(move |c| {
        is_quoted ^= c == '"';
        c == separator && !is_quoted
    });
    parts.map(|part| {
        let part = part.trim();
        let inner = part.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(part);
        inner.replace("\"\"", "\"")
    })
}
