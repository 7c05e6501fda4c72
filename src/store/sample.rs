//! Lists all articles in a random order that can be repeated.

use super::index::StoredArticle;
use super::{Index, StoreError};

impl Index {
    /// The articles in a random order that depends on `seed` and their ids alone, not on how they were ingested or on what
    /// else the store holds. Reads the manifest first, then each article on demand.
    pub fn shuffled(
        &self,
        seed: u64,
    ) -> Result<impl Iterator<Item = Result<StoredArticle, StoreError>> + '_, StoreError> {
        let manifest = self.manifest()?;
        let ids = manifest.iter().filter_map(|entry| entry.held_id().map(str::to_owned));
        let mut lots: Vec<(u64, String)> = ids.map(|id| (shuffle_key(seed, &id), id)).collect();
        lots.sort_unstable();
        Ok(lots.into_iter().filter_map(|(_, id)| self.get(&id).transpose()))
    }
}

/// The number by which [`Index::shuffled`] sorts an article; the lowest comes first.
pub(crate) fn shuffle_key(seed: u64, id: &str) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes()).update(id.as_bytes());
    let hash = hasher.finalize();
    let (first, _) = hash.as_bytes().split_first_chunk().expect("a hash has more than eight bytes");
    u64::from_le_bytes(*first)
}

#[cfg(test)]
mod tests {
    use crate::article;
    use crate::store::{ArticleName, CommitInfo, FileEntry, FileOutcome, FileStat, NamedBy, Store};

    /// A store with an article for each number, each added by a commit of its own.
    fn store(numbers: &[usize]) -> Store {
        let mut store = Store::in_memory();
        for number in numbers {
            let text = format!("DOCUMENT:Q{number}  12-NOV-2026\nTITLE   :It Hums\n\nSYMPTOMS\n========\n\nIt hums.\n");
            let article = article::parse(&text, "").expect("the layout is known");
            let name = ArticleName::new(article.id.clone(), article.layout, NamedBy::Text);
            let entry = FileEntry {
                path: format!("/{}/{number}", number % 7).into(),
                collection: "kb".into(),
                stat: FileStat(0),
                hash: 0,
                outcome: FileOutcome::Article { name, codes: "".into() },
            };
            let mut writer = store.writer().expect("no other writer");
            writer.put_article(&entry, &article, &text, "").expect("a write to memory");
            writer.commit(CommitInfo::default()).expect("a commit to memory");
        }
        store
    }

    fn order(store: &Store, seed: u64) -> Vec<String> {
        let articles = store.index().shuffled(seed).expect("a manifest");
        articles.map(|stored| stored.expect("a readable article").article.id).collect()
    }

    #[test]
    fn the_order_follows_from_ids_and_seed_alone() {
        let numbers: Vec<usize> = (100_100..100_112).collect();
        let backwards: Vec<usize> = numbers.iter().rev().copied().collect();
        let drawn = order(&store(&numbers), 1);
        assert_eq!(drawn.len(), numbers.len());
        assert_eq!(order(&store(&backwards), 1), drawn);
        assert_ne!(order(&store(&numbers), 2), drawn);
        let mut without = drawn.clone();
        without.retain(|id| id != "Q100105");
        assert_eq!(order(&store(&[&numbers[..5], &numbers[6..]].concat()), 1), without);
    }
}
