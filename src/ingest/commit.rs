//! The information that a commit carries: the roots ingested so far, the bundled book, the field map.

use super::inputs::{Inputs, Root};
use super::walk::{Walk, name_of};
use crate::book;
use crate::store::{self, CommitInfo};

/// The fingerprint of the bundled book, or `None` if `inputs` do not include the book.
pub(super) fn book_of(inputs: &Inputs) -> Option<String> {
    inputs.book.then(book::fingerprint)
}

/// The commit information after `inputs` were ingested on top of `before`. A root that could not be read is left out:
/// its path may be misspelt.
pub(super) fn info_after(before: &CommitInfo, inputs: &Inputs, walk: &Walk) -> CommitInfo {
    let there = inputs.roots().iter().filter(|root| !walk.unreadable.iter().any(|place| place.path == root.path));
    let mut roots: Vec<store::Root> = there.map(remembered).collect();
    if !inputs.prune {
        let others =
            before.roots.iter().filter(|old| !inputs.roots().iter().any(|root| name_of(&root.path) == old.path));
        roots.extend(others.cloned());
    }
    roots.sort_unstable();
    let (book, fields) = (book_of(inputs), inputs.fields.fingerprint().to_owned());
    CommitInfo { started_ms: inputs.now_ms, roots, book, fields, files: before.files, articles: before.articles }
}

fn remembered(root: &Root) -> store::Root {
    store::Root { path: name_of(&root.path).into_owned(), collection: root.collection.clone() }
}
