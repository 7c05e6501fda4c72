//! The bundled book: articles and rules that are part of the binary, so that an installed casebook is useful anywhere.

use std::collections::HashMap;
use std::io::Read;
use std::sync::LazyLock;

use flate2::read::DeflateDecoder;
use rayon::prelude::*;

use crate::article::{self, Article};
use crate::store::StoredArticle;

static KB: LazyLock<Vec<BookFile>> = LazyLock::new(|| files(include_bytes!(concat!(env!("OUT_DIR"), "/kb"))));
static RULES: LazyLock<Vec<BookFile>> = LazyLock::new(|| files(include_bytes!(concat!(env!("OUT_DIR"), "/rules"))));

/// A hash of all rule files of the book, which changes whenever one of them does.
pub const RULES_HASH: &str = env!("BOOK_RULES_HASH");

/// Every path in the book begins with this prefix, so that it is never mistaken for the path of a file.
pub const PREFIX: &str = crate::rule::BUNDLED;

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

/// Returns all articles of the book, sorted by path. The first call unpacks them, which takes some milliseconds.
pub fn articles() -> &'static [BookFile] {
    &KB
}

/// Returns all rule files of the book, sorted by path. The first call unpacks them, which takes some milliseconds.
pub fn rules() -> Vec<BookFile> {
    RULES.iter().copied().filter(|file| file.path.ends_with(".rules")).collect()
}

/// Returns the article of the book with this id or alias. The first call parses all articles, which takes a tenth of a
/// second.
pub fn article(name: &str) -> Option<StoredArticle> {
    static NAMES: LazyLock<HashMap<String, usize>> = LazyLock::new(names);
    let file = articles()[*NAMES.get(&article::canonical_id(name))?];
    let article = parsed(file)?;
    Some(StoredArticle { article, source: format!("{PREFIX}{}", file.path), collection: COLLECTION.to_owned() })
}

/// Returns the index of each article by its id and its aliases.
fn names() -> HashMap<String, usize> {
    let articles: Vec<Option<Article>> = articles().par_iter().map(|file| parsed(*file)).collect();
    let mut names = HashMap::new();
    for (index, article) in articles.into_iter().enumerate() {
        for name in article.into_iter().flat_map(|article| [article.id].into_iter().chain(article.aliases)) {
            names.entry(name).or_insert(index);
        }
    }
    names
}

fn parsed(file: BookFile) -> Option<Article> {
    article::parse(file.text, "").ok()
}

/// Returns the text of the article at `path`, which begins with [`PREFIX`]; `None` if there is no such article.
pub fn text_at(path: &str) -> Option<&'static str> {
    let path = path.strip_prefix(PREFIX)?;
    let found = articles().binary_search_by_key(&path, |file| file.path).ok()?;
    Some(articles()[found].text)
}

/// Returns a hash of all articles of the book, which changes whenever one of them does.
pub fn fingerprint() -> String {
    env!("BOOK_KB_HASH").to_owned()
}

/// Unpacks what the build script has packed.
fn files(packed: &[u8]) -> Vec<BookFile> {
    let mut plain = String::new();
    DeflateDecoder::new(packed).read_to_string(&mut plain).expect("the build script has packed text");
    let plain: &'static str = Box::leak(plain.into_boxed_str());
    let mut parts = plain.split_terminator('\0');
    let mut files = Vec::new();
    while let (Some(path), Some(text)) = (parts.next(), parts.next()) {
        files.push(BookFile { path, text });
    }
    files
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
