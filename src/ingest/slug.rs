//! Derives the id of an article whose text states none from its path: `runbooks/mail/queue-stuck`.

/// A file with one of these names (without suffix) gets the id of its folder.
const FOLDER_FILES: [&str; 2] = ["index", "readme"];

/// The id of the article at `path`, which is relative to the root of `collection` and empty if the root is one file.
/// Letters become lower case; other characters than letters, digits, `_` and `.` become `-`. What looks like a suffix
/// of a file name is dropped.
pub(super) fn slug(collection: &str, path: &str) -> String {
    let mut parts: Vec<String> = std::iter::once(collection).chain(path.split('/')).map(plain).collect();
    if let Some(last) = path.rsplit('/').next().filter(|name| !name.is_empty()) {
        parts.pop();
        let stem = plain(without_suffix(last));
        if !FOLDER_FILES.contains(&stem.as_str()) || parts.len() == 1 {
            parts.push(stem);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("/")
}

/// Returns `name` without a suffix such as `.md` or `.tar.gz`. A suffix has a letter, so that of `v1.2` nothing is
/// dropped.
pub(super) fn without_suffix(name: &str) -> &str {
    let is_suffix = |suffix: &str| {
        (1..=8).contains(&suffix.len())
            && suffix.bytes().all(|b| b.is_ascii_alphanumeric())
            && suffix.bytes().any(|b| b.is_ascii_alphabetic())
    };
    match name.rsplit_once('.') {
        Some((stem, suffix)) if !stem.is_empty() && is_suffix(suffix) => stem.strip_suffix(".tar").unwrap_or(stem),
        _ => name,
    }
}

fn plain(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for c in part.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || matches!(c, '_' | '.') {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches(['-', '.']).len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_is_named_after_its_place() {
        for (path, expected) in [
            ("mail/Queue stuck.md", "runbooks/mail/queue-stuck"),
            ("mail/README.md", "runbooks/mail"),
            ("mail/queue/index.html", "runbooks/mail/queue"),
            ("README.md", "runbooks/readme"),
            ("kb/a & b (2).md", "runbooks/kb/a-b-2"),
            ("mail v1.2", "runbooks/mail-v1.2"),
            ("Größe.md", "runbooks/größe"),
            ("", "runbooks"),
            (".md", "runbooks/.md"),
            ("kb.tar.zst", "runbooks/kb"),
        ] {
            assert_eq!(slug("Runbooks", path), expected, "{path}");
        }
    }
}
