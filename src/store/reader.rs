//! Reading single articles, the manifest and the reference graph.

use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{DocAddress, TantivyDocument, Term};

use super::manifest::Manifest;
use super::{Store, StoreError};
use crate::article::{self, Article};

/// An article as it was stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredArticle {
    /// The parsed article.
    pub article: Article,
    /// Path of the file it came from, or `book:…`.
    pub source: String,
    /// Collection it belongs to.
    pub collection: String,
}

impl Store {
    /// The article with this id or alias, however it is written (`Q305394`, `KB305394`, `305394`).
    pub fn get(&self, name: &str) -> Result<Option<StoredArticle>, StoreError> {
        let found = self.addresses(self.fields.name, &article::canonical_id(name))?;
        found.first().map(|&address| self.load(address)).transpose().map(Option::flatten)
    }

    /// Canonical id and title of the article with this id or alias.
    pub fn title_of(&self, name: &str) -> Result<Option<(String, String)>, StoreError> {
        let found = self.addresses(self.fields.name, &article::canonical_id(name))?;
        let Some(&address) = found.first() else { return Ok(None) };
        let document = self.document(address)?;
        Ok(Some((text_of(&document, self.fields.id), text_of(&document, self.fields.title))))
    }

    /// Ids of the articles that refer to one of `names` (an id and its aliases), sorted.
    pub fn referenced_by(&self, names: &[&str]) -> Result<Vec<String>, StoreError> {
        let mut ids = Vec::new();
        for name in names {
            for address in self.addresses(self.fields.reference, name)? {
                ids.push(text_of(&self.document(address)?, self.fields.id));
            }
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    /// The entries of all files. One pass over a column: some 20 ms for 57,000 files.
    pub fn manifest(&self) -> Result<Manifest, StoreError> {
        let mut manifest = Manifest::default();
        for segment in self.searcher.segment_readers() {
            let Some(column) = segment.fast_fields().str("entry").map_err(|error| self.error(error))? else { continue };
            let mut ords: Vec<u64> = segment.doc_ids_alive().flat_map(|doc| column.term_ords(doc)).collect();
            ords.sort_unstable();
            let read = column.dictionary().sorted_ords_to_term_cb(&ords, |line| manifest.push(line));
            read.map_err(|error| self.error(error.into()))?;
        }
        manifest.sort();
        Ok(manifest)
    }

    pub(super) fn document(&self, address: DocAddress) -> Result<TantivyDocument, StoreError> {
        self.searcher.doc(address).map_err(|error| self.error(error))
    }

    /// Parses the article of a document again. `None` for text that today's parser no longer takes for an article.
    pub(super) fn load(&self, address: DocAddress) -> Result<Option<StoredArticle>, StoreError> {
        let document = self.document(address)?;
        let article = article::parse(&text_of(&document, self.fields.raw), &text_of(&document, self.fields.id)).ok();
        Ok(article.map(|article| StoredArticle {
            article,
            source: text_of(&document, self.fields.path),
            collection: text_of(&document, self.fields.collection),
        }))
    }

    /// Documents that hold `text` as a whole term of `field`, in document order.
    fn addresses(&self, field: Field, text: &str) -> Result<Vec<DocAddress>, StoreError> {
        let query = TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic);
        let found = self.searcher.search(&query, &DocSetCollector).map_err(|error| self.error(error))?;
        let mut found: Vec<DocAddress> = found.into_iter().collect();
        found.sort_unstable();
        Ok(found)
    }
}

/// The first stored text of a field; empty when there is none.
pub(super) fn text_of(document: &TantivyDocument, field: Field) -> String {
    document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}
