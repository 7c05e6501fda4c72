//! Reads tables of synonyms, which are text files in the source tree.

/// Returns the pairs `(name, synonym)` of a table with lines `name: synonym, synonym`. A line that begins with `#` is a
/// comment.
pub(super) fn entries(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    let named = lines.filter_map(|line| line.split_once(':'));
    named.flat_map(|(name, synonyms)| synonyms.split(',').map(move |synonym| (name.trim(), synonym.trim())))
}

/// Returns the words of a name in lower case, separated by one blank: `article modified time` for
/// `article:modified_time`.
pub(super) fn words_of(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for word in name.split(|c: char| !c.is_alphanumeric() && !is_apostrophe(c)).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().filter(|&c| !is_apostrophe(c)).flat_map(char::to_lowercase));
    }
    out
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_line_by_line() {
        let found: Vec<_> = entries("# a: comment\n\nx:  one, two words\nx: three\n").collect();
        assert_eq!(found, [("x", "one"), ("x", "two words"), ("x", "three")]);
    }

    #[test]
    fn words_have_one_spelling() {
        for (name, words) in [
            ("article:modified_time", "article modified time"),
            ("  Last-Modified ", "last modified"),
            ("What’s wrong?", "whats wrong"),
            ("🔥 TL;DR", "tl dr"),
            ("::", ""),
        ] {
            assert_eq!(words_of(name), words);
        }
    }
}
