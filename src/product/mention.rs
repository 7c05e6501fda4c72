//! Finds the products that a text mentions: `NT4`, `Exchange 5.5`, `VC6`, `wfwg 3.11`.

use super::name;
use super::release::Release;
use super::table;

/// A product that a text mentions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Canonical name.
    pub product: String,
    /// The releases that the name and the version beside it may mean; empty where no version is given.
    pub releases: Vec<Release>,
}

/// The most words of a name that is looked for; longer names are hardly ever written in full.
const MAX_WORDS: usize = 4;

/// Names that are ordinary words: they count only with a version beside them, as in `Word 97`.
const ORDINARY: [&str; 23] = [
    "access",
    "allegiance",
    "arcade",
    "binder",
    "c",
    "chat",
    "choice",
    "draw",
    "dos",
    "fix",
    "linker",
    "mail",
    "money",
    "office",
    "paint",
    "project",
    "query",
    "schedule",
    "team",
    "windows",
    "word",
    "works",
    "write",
];

/// The products that `text` mentions, in the order of their first mentions. Longer names win: `SQL Server` is one product.
///
/// This is for questions: the time is linear in the length of the text, some microseconds a word.
pub fn mentions(text: &str) -> Vec<Mention> {
    let words: Vec<String> =
        text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"')).filter_map(bare).collect();
    let mut found: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let longest = (1..=MAX_WORDS.min(words.len() - at)).rev();
        let Some((mention, n_words)) = longest.filter_map(|n| mention(&words[at..], n)).next() else {
            at += 1;
            continue;
        };
        at += n_words;
        if found.iter().all(|known| known.product != mention.product || known.releases != mention.releases) {
            found.push(mention);
        }
    }
    found
}

/// Returns a word in lower case, without the punctuation around it; `C++` and `3.11` keep theirs. `None` if nothing
/// remains.
fn bare(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '+');
    (!word.is_empty()).then(|| word.to_lowercase())
}

/// Returns the product that the first `n` of `words` name, and the number of words of its name and version together;
/// `None` if they name no product.
fn mention(words: &[String], n: usize) -> Option<(Mention, usize)> {
    let name = words[..n].join(" ");
    if let Some(product) = table::product(&name) {
        let version = words.get(n).filter(|word| is_release(word));
        if version.is_none() && ORDINARY.contains(&&*name) {
            return None;
        }
        return Some((mention_of(product, version.map_or("", |word| word)), n + usize::from(version.is_some())));
    }
    let (name, version) = name.split_at(name.find(|c: char| c.is_ascii_digit())?);
    let product = (n == 1 && is_release(version)).then(|| table::product(name))??;
    Some((mention_of(product, version), 1))
}

/// Whether a word beside a name is a version: `6`, `5.5`, `2000`; not `SP3` and not `8057`.
fn is_release(word: &str) -> bool {
    let is_year = |word: &str| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let mut parts = word.split('.');
    let major = parts.next().unwrap_or_default();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    word.split('.').all(is_number) && parts.count() <= 3 && (major.len() <= 2 || is_year(major))
}

fn mention_of(product: &str, version: &str) -> Mention {
    let releases = if version.is_empty() { Vec::new() } else { Release::stated(product, version) };
    // `Windows 95` is a product of its own rather than a version of `windows`.
    let own = releases.iter().find(|release| release.version().is_none()).map(|release| release.product().to_owned());
    match own {
        Some(product) => Mention { product, releases: Vec::new() },
        None => Mention { product: name::canonical(product).into_owned(), releases },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let printed = |mention: Mention| {
            let versions = mention.releases.iter().filter_map(|release| release.version());
            let versions: Vec<String> = versions.map(ToString::to_string).collect();
            format!("{} {}", mention.product, versions.join("/")).trim_end().to_owned()
        };
        assert_eq!(mentions(text).into_iter().map(printed).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn nicknames_and_versions_are_read_as_people_write_them() {
        check("mail queue on NT4", &["windows nt 4.0"]);
        check("does not build in VC6 or vb 5.0", &["visual c++ 6.0", "visual basic 5.0"]);
        check("wfwg 3.11 hangs", &["windows for workgroups 3.11"]);
        check("win95 and Windows 98 printing", &["windows 95", "windows 98"]);
        check("SQL Server 6.5, then (IIS 4)", &["sql server 6.5", "internet information services 4.0"]);
        check("Exchange 2000 store", &["exchange server 6.0"]);
    }

    #[test]
    fn ordinary_words_are_products_with_a_version_only() {
        check("the word that I access in my office", &[]);
        check("Word 97 and Access 2.0", &["word 8.0", "access 2.0"]);
    }

    #[test]
    fn a_number_that_is_no_version_stays_out() {
        check("nt 8057 MB", &["windows nt"]);
        check("error 421 vb6x", &[]);
        check("", &[]);
    }
}
