//! Reads the passages of articles, which the semantic stage encodes, and finds the articles that have a passage.

use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Term};

use super::schema::PASSAGE;
use super::{Index, StoreError};
use crate::semantic::{PassageKey, passage};

impl Index {
    /// The passages of all articles. Parses every article: some seconds for 57,000.
    pub fn passages(&self) -> Result<BTreeMap<PassageKey, String>, StoreError> {
        let segments = self.searcher.segment_readers().iter().zip(0..);
        let live: Vec<DocAddress> = segments
            .flat_map(|(segment, ord)| segment.doc_ids_alive().map(move |doc| DocAddress::new(ord, doc)))
            .collect();
        // Files without an article have documents too, without text and key.
        let passage_at = |address| match self.passage_key(address) {
            None => Ok(None),
            Some(_) => Ok(self.load(address)?.map(|stored| passage(&stored.article))),
        };
        let passages = live.into_par_iter().map(passage_at).collect::<Result<Vec<_>, StoreError>>()?;
        Ok(passages.into_iter().flatten().map(|passage| (PassageKey::for_text(&passage), passage)).collect())
    }

    /// The keys of all passages. Reads one column: some milliseconds for 57,000 articles.
    pub fn passage_keys(&self) -> Result<BTreeSet<PassageKey>, StoreError> {
        let mut keys = BTreeSet::new();
        for segment in self.searcher.segment_readers() {
            let column = segment.fast_fields().u64(PASSAGE).map_err(|error| self.error(error))?;
            keys.extend(segment.doc_ids_alive().filter_map(|doc| column.first(doc)).map(PassageKey));
        }
        Ok(keys)
    }

    /// The key of an article's passage; `None` for a document without an article.
    pub(super) fn passage_key(&self, address: DocAddress) -> Option<PassageKey> {
        let columns = self.searcher.segment_reader(address.segment_ord).fast_fields();
        // The column can be read unless the store is damaged. Loading the hits reports that.
        columns.u64(PASSAGE).ok()?.first(address.doc_id).map(PassageKey)
    }

    /// The articles that have this passage, in document order. There may be several, since articles repeat one another.
    pub(super) fn articles_of(&self, passage: PassageKey) -> Result<Vec<DocAddress>, StoreError> {
        let query = TermQuery::new(Term::from_field_u64(self.fields.passage, passage.0), IndexRecordOption::Basic);
        let found = self.searcher.search(&query, &DocSetCollector).map_err(|error| self.error(error))?;
        let mut found: Vec<DocAddress> = found.into_iter().collect();
        found.sort_unstable();
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article;
    use crate::store::{ArticleName, CommitInfo, FileEntry, FileOutcome, FileStat, NamedBy, Store};

    fn entry(path: &str, outcome: FileOutcome<'static>) -> FileEntry<'static> {
        FileEntry { path: path.to_owned().into(), collection: "kb".into(), stat: FileStat(1), hash: 1, outcome }
    }

    /// A store with an article for each id, title and symptoms, and with one file that contains no article.
    fn index(articles: &[(&str, &str, &str)]) -> Index {
        let mut store = Store::in_memory();
        let mut writer = store.writer().expect("the only writer");
        for (id, title, symptoms) in articles {
            let text = format!("---\nid: {id}\ntitle: {title}\n---\n# Symptoms\n\n{symptoms}\n");
            let article = article::parse(&text, id).expect("an article");
            let name = ArticleName::new((*id).to_owned(), article.layout, NamedBy::Text);
            let entry = entry(&format!("/kb/{id}.md"), FileOutcome::Article { name, codes: "".into() });
            writer.put_article(&entry, &article, &text, "").expect("room");
        }
        writer.put_file(&entry("/kb/a.bin", FileOutcome::Skipped { reason: "binary file".into() })).expect("room");
        writer.commit(CommitInfo::default()).expect("room");
        store.index().clone()
    }

    #[test]
    fn the_key_in_the_index_is_that_of_the_passage() {
        let index = index(&[
            ("cb-a", "Mail waits", "It stays."),
            ("cb-b", "Disk full", "No room."),
            ("cb-c", "Mail waits", "It stays."),
        ]);
        let [mail, disk] =
            ["Mail waits It stays.", "Disk full No room."].map(|text| (PassageKey::for_text(text), text.to_owned()));
        assert_eq!(index.passages().expect("a store"), BTreeMap::from([mail.clone(), disk.clone()]));
        assert_eq!(index.passage_keys().expect("a store"), BTreeSet::from([mail.0, disk.0]));
        let ids = |key| {
            let mut ids: Vec<String> = index
                .articles_of(key)
                .expect("a store")
                .into_iter()
                .map(|address| {
                    assert_eq!(index.passage_key(address), Some(key));
                    index.id_at(address).expect("a store")
                })
                .collect();
            ids.sort();
            ids
        };
        assert_eq!(ids(mail.0), ["cb-a", "cb-c"]);
        assert_eq!(ids(disk.0), ["cb-b"]);
        assert_eq!(ids(PassageKey(0)), Vec::<String>::new());
    }
}
