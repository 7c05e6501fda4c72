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

/// Returns the rule files without their tests, which are nearly half of the text. Tests begin with a line `test …` and end with a
/// line `}`; the other lines keep their text, not their numbers.
pub fn rules_without_tests() -> Vec<(&'static str, String)> {
    rules().into_iter().map(|file| (file.path, without_tests(file.text))).collect()
}

fn without_tests(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut is_test = false;
    for line in text.split_inclusive('\n') {
        is_test |= line.starts_with("test ");
        if !is_test {
            kept.push_str(line);
        }
        is_test &= line.trim_end() != "}" && !(line.starts_with("test ") && line.trim_end().ends_with('}'));
    }
    kept
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
    use crate::rule::{Program, RuleText, load};

    #[test]
    fn rules_without_tests_are_the_same_rules() {
        let text = |path: &str, text: &str| RuleText { path: path.to_owned(), text: text.to_owned() };
        let whole: Vec<RuleText> = rules().into_iter().map(|file| text(file.path, file.text)).collect();
        let cut: Vec<RuleText> = rules_without_tests().iter().map(|(path, cut)| text(path, cut)).collect();
        let ((whole, _), (cut, _)) = (load(&whole, None), load(&cut, None));
        assert!(!whole.tests.is_empty() && cut.tests.is_empty());
        let names = |program: &Program| -> Vec<String> {
            let symptoms = program.symptoms.iter().map(|symptom| symptom.name.clone());
            let causes = program.causes.iter().map(|cause| cause.name.clone());
            symptoms.chain(causes).chain(program.resolutions.iter().map(|one| one.name.clone())).collect()
        };
        assert_eq!(names(&cut), names(&whole));
    }

    #[test]
    fn a_test_on_one_line_ends_there() {
        assert_eq!(
            without_tests("a {\n}\ntest \"x\" { feed \"}\" }\nb\ntest \"y\" {\n  feed \"z\"\n}\nc\n"),
            "a {\n}\nb\nc\n"
        );
    }

    #[test]
    fn the_book_has_articles_and_rules_in_order() {
        let paths: Vec<&str> = articles().iter().map(|file| file.path).collect();
        assert!(paths.len() >= 15, "{paths:?}");
        assert!(paths.is_sorted());
        assert!(rules().iter().all(|file| file.path.ends_with(".rules")));
        assert_eq!(fingerprint().len(), 16);
    }
}
