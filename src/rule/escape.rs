//! Escapes of strings.

/// Removes the escapes of a string. `\"` is a quote and `\\` a backslash; any other backslash stays.
pub(super) fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let escaped = rest[at + 1..].chars().next().filter(|c| matches!(c, '"' | '\\'));
        text.push(escaped.unwrap_or('\\'));
        rest = &rest[at + 1 + escaped.map_or(0, char::len_utf8)..];
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_escapes_quotes_and_itself_alone() {
        assert_eq!(unescape(r#"\\srv\share \"x\" \"#), r#"\srv\share "x" \"#);
    }
}
