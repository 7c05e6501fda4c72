//! The articles of one commit, ready to be read and searched.

use std::path::Path;
use std::sync::Arc;

use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{DocAddress, Searcher, SegmentReader, TantivyDocument, TantivyError, Term};

use super::manifest::Manifest;
use super::schema::Fields;
use super::{CommitInfo, INDEX_DIR, StoreError, checksums, store_error};
use crate::article::{self, Article, Place, Reference};

/// A snapshot of a store: the content of one commit. It never changes, so threads may share it without a lock, and a search
/// needs no refresh. A clone is cheap and shares the open files.
///
/// The functions of [`search`](super::search) and [`relations`](super::relations) read it.
#[derive(Clone)]
pub struct Index {
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
    head: Arc<CommitInfo>,
    path: Arc<Path>,
}

/// The score of a document, and its address.
pub(super) type Scored = (f32, DocAddress);

/// An article and its origin.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredArticle {
    /// The parsed article.
    pub article: Article,
    /// Path of the file it came from, or `book:…` for an article of the bundled book.
    pub source: String,
    /// The name of the collection that contains the article.
    pub collection: String,
}

impl Index {
    pub(super) fn new(searcher: Searcher, fields: Fields, head: CommitInfo, path: &Path) -> Index {
        Index { searcher, fields, head: Arc::new(head), path: path.into() }
    }

    /// The description of the commit that this index holds.
    pub fn head(&self) -> &CommitInfo {
        &self.head
    }

    /// Whether the index has no document of any file.
    pub fn is_empty(&self) -> bool {
        self.searcher.segment_readers().is_empty()
    }

    /// The article with this id or alias in any spelling (`Q305394`, `KB305394`, `305394`).
    pub fn get(&self, name: &str) -> Result<Option<StoredArticle>, StoreError> {
        self.address_of(name)?.map(|address| self.load(address)).transpose().map(Option::flatten)
    }

    /// Canonical id and title of the article with this id or alias.
    pub fn title_of(&self, name: &str) -> Result<Option<(String, String)>, StoreError> {
        self.address_of(name)?.map(|address| self.name_at(address)).transpose()
    }

    /// Canonical id and title of the article of a document.
    pub(super) fn name_at(&self, address: DocAddress) -> Result<(String, String), StoreError> {
        let document = self.document(address)?;
        Ok((text_of(&document, self.fields.id), text_of(&document, self.fields.title)))
    }

    /// Canonical id of the article of a document.
    pub(super) fn id_at(&self, address: DocAddress) -> Result<String, StoreError> {
        Ok(text_of(&self.document(address)?, self.fields.id))
    }

    /// The text that the article of a document was parsed from.
    pub(super) fn text_at(&self, address: DocAddress) -> Result<String, StoreError> {
        Ok(text_of(&self.document(address)?, self.fields.raw))
    }

    /// Reads the entries of all files that were ingested. Takes about 20 ms for 57,000 files, since it reads a single
    /// column.
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

    /// The address of the article with this id or alias.
    pub(super) fn address_of(&self, name: &str) -> Result<Option<DocAddress>, StoreError> {
        let name = article::canonical_id(name);
        let mut found = self.addresses(self.fields.name, &name)?;
        if found.is_empty() {
            found = self.addresses(self.fields.address, &name)?;
        }
        match found[..] {
            [] | [_] => Ok(found.first().copied()),
            _ => self.best_named(&found, &name).map(Some),
        }
    }

    /// Canonical id and title of the article that a reference means; `None` if the store does not hold it.
    pub fn title_of_reference(&self, reference: &Reference) -> Result<Option<(String, String)>, StoreError> {
        for id in reference.ids() {
            if let Some(found) = self.title_of(id)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Of several articles with the name or address `name`, the one that has it as its id; otherwise the one with the
    /// fewest folders in its path, ties by path.
    fn best_named(&self, found: &[DocAddress], name: &str) -> Result<DocAddress, StoreError> {
        let mut ranked = Vec::with_capacity(found.len());
        for &address in found {
            let document = self.document(address)?;
            let path = text_of(&document, self.fields.path);
            let n_folders = path.matches('/').count();
            ranked.push((text_of(&document, self.fields.id) != name, n_folders, path, address));
        }
        let best = ranked.into_iter().min().expect("`found` has several articles");
        Ok(best.3)
    }

    /// Calls `visit` with each term of `field` in each segment, and the number of articles there that hold it. The number is
    /// 0 when all of them were removed.
    pub(super) fn for_each_term(&self, field: Field, mut visit: impl FnMut(&[u8], u64)) -> Result<(), StoreError> {
        for segment in self.searcher.segment_readers() {
            visit_terms(segment, field, &mut visit).map_err(|error| self.error(error))?;
        }
        Ok(())
    }

    pub(super) fn error(&self, error: TantivyError) -> StoreError {
        store_error(&self.path, error)
    }

    /// Reads the stored texts of a document. Fails if they are not as they were written.
    pub(super) fn document(&self, address: DocAddress) -> Result<TantivyDocument, StoreError> {
        let document: TantivyDocument = self.searcher.doc(address).map_err(|error| self.error(error))?;
        let sum = document.get_first(self.fields.sum).and_then(|value| value.as_u64());
        if sum == Some(self.fields.sum_of(&document)) {
            return Ok(document);
        }
        Err(checksums::damaged(&self.path, Path::new(INDEX_DIR), "has an article that is not as it was written"))
    }

    /// Parses the article of a document. `None` for a text that this version no longer reads as an article.
    pub(super) fn load(&self, address: DocAddress) -> Result<Option<StoredArticle>, StoreError> {
        let document = self.document(address)?;
        let (text, id, source) = (
            text_of(&document, self.fields.raw),
            text_of(&document, self.fields.id),
            text_of(&document, self.fields.path),
        );
        let Ok(mut article) = article::parse_file(&text, &source, &id) else { return Ok(None) };
        let collection = text_of(&document, self.fields.collection);
        article.id = id;
        let former = document.get_all(self.fields.former).filter_map(|value| value.as_str());
        article::add_aliases(&mut article, former);
        if article.layout.has_links() {
            let path = text_of(&document, self.fields.place);
            article::locate(&mut article, &text, &Place::new(&collection, path));
        }
        Ok(Some(StoredArticle { article, source, collection }))
    }

    /// The documents in which `text` is a whole term of `field`, in document order.
    pub(super) fn addresses(&self, field: Field, text: &str) -> Result<Vec<DocAddress>, StoreError> {
        self.addresses_of(Term::from_field_text(field, text))
    }

    /// The documents in which `key` is a term of `field`, in document order.
    pub(super) fn addresses_of_key(&self, field: Field, key: u64) -> Result<Vec<DocAddress>, StoreError> {
        self.addresses_of(Term::from_field_u64(field, key))
    }

    fn addresses_of(&self, term: Term) -> Result<Vec<DocAddress>, StoreError> {
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let found = self.searcher.search(&query, &DocSetCollector).map_err(|error| self.error(error))?;
        let mut found: Vec<DocAddress> = found.into_iter().collect();
        found.sort_unstable();
        Ok(found)
    }
}

fn visit_terms(segment: &SegmentReader, field: Field, visit: &mut impl FnMut(&[u8], u64)) -> tantivy::Result<()> {
    let index = segment.inverted_index(field)?;
    let mut terms = index.terms().stream()?;
    while let Some((term, info)) = terms.next() {
        let count = match segment.alive_bitset() {
            None => info.doc_freq,
            Some(alive) => {
                index.read_postings_from_terminfo(info, IndexRecordOption::Basic)?.doc_freq_given_deletes(alive)
            }
        };
        visit(term, u64::from(count));
    }
    Ok(())
}

/// The first stored text of a field; empty when there is none.
pub(super) fn text_of(document: &TantivyDocument, field: Field) -> String {
    document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}
