//! The place of an article in its KB: its collection and its path. Gives an id to an article whose text states none, and
//! the addresses by which links of other articles reach it.

use crate::normal_form::composed;

/// A file with one of these names (without suffix) gets the id of its folder.
const FOLDER_FILES: [&str; 3] = ["index", "readme", "_index"];

/// An address leaves out at most this many folders: a link from the root of a site may name a file so far below the
/// root of the collection.
const MOST_FOLDERS: usize = 6;

/// Where an article is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    collection: String,
    path: String,
}

impl Place {
    /// Makes the place of the article at `path`, which is relative to the root of `collection`, has `/` between its
    /// parts, and is empty if the root is one file.
    pub fn new(collection: &str, path: impl Into<String>) -> Self {
        Place { collection: plain(collection), path: path.into() }
    }

    /// The path below the root of the collection.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The id of an article that states none: `runbooks/mail/queue-stuck`. Letters become lower case; other characters
    /// than letters, digits, `_` and `.` become `-`. What looks like a suffix of a file name is dropped.
    pub fn slug(&self) -> String {
        self.below(&self.parts().join("/"))
    }

    /// The id of an article if another has its [`slug`](Place::slug): with the whole name of the file, as in
    /// `runbooks/mail/readme.md`.
    pub fn long_slug(&self) -> String {
        let parts: Vec<String> = self.path.split('/').map(plain).filter(|part| !part.is_empty()).collect();
        self.below(&parts.join("/"))
    }

    /// The addresses by which links reach the article, without those of its ids: the whole path, and the path without
    /// the folders above (`runbooks//queue-stuck`), which is how a site names it that begins further below.
    pub(super) fn addresses(&self) -> Vec<String> {
        let parts = self.parts();
        let mut found = vec![self.slug(), self.long_slug()];
        let unnumbered: Vec<String> = parts.iter().map(|part| without_number(part).to_owned()).collect();
        if unnumbered != parts {
            found.push(self.below(&unnumbered.join("/")));
        }
        let first = unnumbered.len().saturating_sub(MOST_FOLDERS);
        found.extend((first..unnumbered.len()).map(|from| self.anywhere(&unnumbered[from..].join("/"))));
        found
    }

    /// The address of what is at `path` below the root of the collection.
    pub(super) fn below(&self, path: &str) -> String {
        [&*self.collection, path].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
    }

    /// The address of what is at `path` below any folder of the collection.
    pub(super) fn anywhere(&self, path: &str) -> String {
        format!("{}//{path}", self.collection)
    }

    /// The parts of the path in the spelling of addresses, without the suffix and the name of a folder file.
    fn parts(&self) -> Vec<String> {
        address_parts(&self.path)
    }
}

/// Returns the parts of a path in the spelling of addresses. The last part loses its suffix, and is left out if it is
/// the name of a folder file in a folder.
pub(super) fn address_parts(path: &str) -> Vec<String> {
    let mut parts: Vec<String> = path.split('/').map(plain).collect();
    if let Some(last) = path.rsplit('/').next().filter(|name| !name.is_empty()) {
        parts.pop();
        let stem = plain(without_suffix(last));
        if !FOLDER_FILES.contains(&stem.as_str()) || parts.iter().all(String::is_empty) {
            parts.push(stem);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Returns `name` without a suffix such as `.md` or `.tar.gz`. A suffix has a letter, so that of `v1.2` nothing is
/// dropped.
pub fn without_suffix(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, suffix)) if !stem.is_empty() && is_suffix(suffix) => stem.strip_suffix(".tar").unwrap_or(stem),
        _ => name,
    }
}

fn is_suffix(suffix: &str) -> bool {
    (1..=8).contains(&suffix.len())
        && suffix.bytes().all(|b| b.is_ascii_alphanumeric())
        && suffix.bytes().any(|b| b.is_ascii_alphabetic())
}

/// Returns a part of a path without the number before it, which some site generators use to sort pages: `oil` for
/// `02-oil`.
fn without_number(part: &str) -> &str {
    let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
    let name = rest.trim_start_matches(['-', '_', '.']);
    let is_numbered = rest.len() < part.len() && name.len() < rest.len() && name.starts_with(char::is_alphabetic);
    if is_numbered { name } else { part }
}

/// Returns a part of a path in the spelling of addresses.
pub(super) fn plain(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    let lower: String = part.chars().flat_map(char::to_lowercase).collect();
    for c in composed(&lower).chars() {
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

    fn place(path: &str) -> Place {
        Place::new("Runbooks", path)
    }

    #[test]
    fn an_article_is_named_after_its_place() {
        for (path, expected) in [
            ("mail/Queue stuck.md", "runbooks/mail/queue-stuck"),
            ("mail/README.md", "runbooks/mail"),
            ("mail/queue/index.html", "runbooks/mail/queue"),
            ("mail/_index.md", "runbooks/mail"),
            ("README.md", "runbooks/readme"),
            ("kb/a & b (2).md", "runbooks/kb/a-b-2"),
            ("mail v1.2", "runbooks/mail-v1.2"),
            ("Größe.md", "runbooks/größe"),
            ("Gro\u{308}ße.md", "runbooks/größe"),
            ("", "runbooks"),
            (".md", "runbooks/.md"),
            ("kb.tar.zst", "runbooks/kb"),
        ] {
            assert_eq!(place(path).slug(), expected, "{path}");
        }
    }

    #[test]
    fn a_longer_name_tells_namesakes_apart() {
        assert_eq!(place("mail/README.md").long_slug(), "runbooks/mail/readme.md");
        assert_eq!(place("MAIL.md").long_slug(), "runbooks/mail.md");
        assert_eq!(place("").long_slug(), "runbooks");
    }

    #[test]
    fn links_reach_an_article_by_its_path_and_by_each_end_of_it() {
        assert_eq!(
            place("mail/02-Queue.md").addresses(),
            [
                "runbooks/mail/02-queue",
                "runbooks/mail/02-queue.md",
                "runbooks/mail/queue",
                "runbooks//mail/queue",
                "runbooks//queue"
            ]
        );
        assert_eq!(place("mail/1984.md").addresses()[2..], ["runbooks//mail/1984", "runbooks//1984"]);
    }
}
