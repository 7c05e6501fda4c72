//! Creates articles of a few words, and stores in memory, for the tests of the search.

use crate::article::{self, Article};
use crate::store::{ArticleName, CommitInfo, FileEntry, FileOutcome, FileStat, NamedBy, Store};

/// An article and the text that it was parsed from.
pub(super) type Source = (Article, String);

/// Creates the `nth` article, counted from 0, about Microsoft Exchange Server 5.5. Its id is `Q100100` for the first,
/// and so on.
pub(super) fn article(nth: usize, title: &str, symptoms: &str, cause: &str) -> Source {
    let front = format!("id: {}\ntitle: {title}\nproducts: ['Microsoft Exchange Server 5.5']", id(nth));
    let text = format!("---\n{front}\n---\n\n# {title}\n\n## Symptoms\n\n{symptoms}\n\n## Cause\n\n{cause}\n");
    (article::parse(&text, "").expect("the layout is known"), text)
}

/// The id of the `nth` article, which is also the path of its file.
pub(super) fn id(nth: usize) -> String {
    format!("Q{}", 100_100 + nth)
}

/// Adds one or two segments with these articles, and removes the files at `removed`.
pub(super) fn commit(store: &mut Store, articles: &[Source], collection: &str, removed: &[String]) {
    let mut writer = store.writer().expect("no other writer");
    removed.iter().for_each(|path| writer.remove(path));
    for (article, text) in articles {
        let id = article.id.clone();
        let name = ArticleName::new(id.clone(), article.layout, NamedBy::Text);
        let outcome = FileOutcome::Article { name, codes: "".into() };
        let entry = FileEntry {
            path: id.into(),
            collection: collection.to_owned().into(),
            stat: FileStat(0),
            hash: 0,
            outcome,
        };
        writer.put_article(&entry, article, text, "").expect("a write to memory");
    }
    writer.commit(CommitInfo::default()).expect("a commit to memory");
}
