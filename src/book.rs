//! The bundled book: articles and rules that are part of the binary, so that an installed casebook is useful anywhere.

use include_dir::{Dir, include_dir};

use crate::article;
use crate::store::StoredArticle;

static KB: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/kb");
static RULES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// Every path in the book begins with this prefix, so that it is never mistaken for the path of a file.
pub const PREFIX: &str = "book:";

/// The collection that the book's articles belong to.
pub const COLLECTION: &str = "book";

/// One file of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookFile {
    /// Path inside `kb/` or `rules/`, with `/`.
    pub path: &'static str,
    /// Its content.
    pub text: &'static str,
}

/// Returns all articles of the book, sorted by path.
pub fn articles() -> Vec<BookFile> {
    files(&KB)
}

/// Returns all rule files of the book, sorted by path.
pub fn rules() -> Vec<BookFile> {
    files(&RULES).into_iter().filter(|file| file.path.ends_with(".rules")).collect()
}

/// Returns the article of the book with this id or alias. Parses articles until it is found, which takes some
/// milliseconds.
pub fn article(name: &str) -> Option<StoredArticle> {
    let name = article::canonical_id(name);
    articles().into_iter().find_map(|file| {
        let article = article::parse(file.text, "").ok()?;
        let found = article.id == name || article.aliases.contains(&name);
        let source = format!("{PREFIX}{}", file.path);
        found.then(|| StoredArticle { article, source, collection: COLLECTION.to_owned() })
    })
}

/// Returns the text of the article at `path`, which begins with [`PREFIX`]; `None` if there is no such article.
pub fn text_at(path: &str) -> Option<&'static str> {
    KB.get_file(path.strip_prefix(PREFIX)?)?.contents_utf8()
}

/// Returns a hash of all articles of the book, which changes whenever one of them does. Takes well below a millisecond.
pub fn fingerprint() -> String {
    let mut hasher = blake3::Hasher::new();
    for file in articles() {
        hasher.update(file.path.as_bytes()).update(&[0]).update(file.text.as_bytes()).update(&[0]);
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

fn files(dir: &'static Dir<'static>) -> Vec<BookFile> {
    let mut found = Vec::new();
    collect(dir, &mut found);
    found.sort_unstable_by_key(|file| file.path);
    found
}

fn collect(dir: &'static Dir<'static>, found: &mut Vec<BookFile>) {
    for file in dir.files() {
        let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) else {
            unreachable!("a test holds that the book's names and texts are UTF-8");
        };
        found.push(BookFile { path, text });
    }
    for sub in dir.dirs() {
        collect(sub, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_book_has_articles_and_rules_in_order() {
        let paths: Vec<&str> = articles().iter().map(|file| file.path).collect();
        assert!(paths.len() >= 15, "{paths:?}");
        assert!(paths.is_sorted());
        assert!(rules().iter().all(|file| file.path.ends_with(".rules")));
        assert_eq!(fingerprint().len(), 16);
    }
}
