//! Gives each article an id that no other file has. Two files may state one id, and the paths of two files may give the
//! same one. The first by path gets it, and the others get a longer one, whatever the order of ingests.

use super::ledger::Ledger;
use super::read::NamedArticle;
use super::run::precedence;
use crate::article::is_shared_id;
use crate::normal_form::composed;
use crate::store::{FileEntry, NamedBy};

/// The id for an article, and what becomes of the file that holds this id now.
pub(super) enum Claim {
    /// No file has the id.
    Free(String),
    /// The file at this path has the id, but the new one has precedence. Both contain the same article.
    TakenOver { id: String, same: String },
    /// The file at this path has the id, but the new one has precedence. They contain different articles.
    Displaced { id: String, other: String },
    /// A file of higher precedence contains the same article.
    Duplicate,
}

/// Finds the id for the article of the file at `path`, whose content has the hash `hash`.
pub(super) fn claim(ledger: &mut Ledger, path: &str, hash: u64, named: &NamedArticle) -> Claim {
    for id in wanted(named) {
        let Some(holder) = ledger.holder(&id).map(str::to_owned) else { return Claim::Free(id) };
        let is_same = is_same_article(&id, hash, named.by, ledger.get(&holder).as_ref())
            || is_same_name(&holder, path) && ledger.get(&holder).is_some_and(|holder| holder.hash == hash);
        match (is_same, precedence(&holder) < precedence(path)) {
            (true, true) => return Claim::Duplicate,
            (true, false) => return Claim::TakenOver { id, same: holder },
            (false, false) => return Claim::Displaced { id, other: holder },
            (false, true) => {}
        }
    }
    unreachable!("there are more numbers than files")
}

/// The ids for an article, best first: the one that its text states or its path gives, then longer ones of its path.
fn wanted(named: &NamedArticle) -> impl Iterator<Item = String> {
    let long = named.place.long_slug();
    let numbered = (2_u64..).map({
        let long = long.clone();
        move |number| format!("{long}~{number}")
    });
    [named.article.id.clone(), named.place.slug(), long].into_iter().chain(numbered)
}

/// Whether two paths differ only in how their letters are composed: a copy by way of macOS beside the original.
fn is_same_name(a: &str, b: &str) -> bool {
    composed(a) == composed(b)
}

/// Whether two files with the id `id` contain one article: the id is one that all collections share, or the text states
/// it and the files are equal.
fn is_same_article(id: &str, hash: u64, by: NamedBy, holder: Option<&FileEntry<'_>>) -> bool {
    let is_equal = |holder: &FileEntry<'_>| {
        holder.hash == hash && holder.name().is_some_and(|name| name.asked == id && name.named_by == NamedBy::Text)
    };
    is_shared_id(id) || by == NamedBy::Text && holder.is_some_and(is_equal)
}
