//! Which fields a document has, and how an article becomes one.

use std::collections::BTreeSet;

use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};

use super::manifest::FileEntry;
use super::text::TOKENIZER;
use crate::article::{Article, SectionKind, full_title};
use crate::identifier::{self, IdentifierKind};

/// How often a part of an article is counted in the one text field. One weighted field rather than several boosted ones:
/// tantivy adds up the scores of fields, and only within a field does BM25 saturate (BM25F, Robertson & Zaragoza 2009).
/// The weights are those of the design; `docs/EVALUATION.md` has what they are worth.
mod weight {
    pub(super) const TITLE: usize = 4;
    pub(super) const MESSAGE: usize = 3;
    pub(super) const SYMPTOMS: usize = 2;
    pub(super) const BODY: usize = 1;
}

/// The fields of the index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// One [`FileEntry`], as a column.
    pub(super) entry: Field,
    /// The file's path: the key by which documents are replaced.
    pub(super) path: Field,
    /// Canonical id, stored.
    pub(super) id: Field,
    /// Canonical id and aliases.
    pub(super) name: Field,
    /// Collection, stored and as a column.
    pub(super) collection: Field,
    /// Title with its prefix, stored; terms for titles that equal the query.
    pub(super) title: Field,
    /// Everything that is searched, weighted by repetition.
    pub(super) text: Field,
    /// The terms of identifiers: codes, events, replies, files, registry paths.
    pub(super) code: Field,
    /// Ids of the articles that this one refers to.
    pub(super) reference: Field,
    /// The article's decoded text, stored.
    pub(super) raw: Field,
}

impl Fields {
    pub(super) fn schema() -> Schema {
        let indexing =
            TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(IndexRecordOption::WithFreqs);
        let words = TextOptions::default().set_indexing_options(indexing);
        let mut schema = Schema::builder();
        schema.add_text_field("entry", FAST);
        schema.add_text_field("path", STRING | STORED);
        schema.add_text_field("id", STORED);
        schema.add_text_field("name", STRING);
        schema.add_text_field("collection", STORED | FAST);
        schema.add_text_field("title", words.clone() | STORED);
        schema.add_text_field("text", words);
        schema.add_text_field("code", STRING);
        schema.add_text_field("reference", STRING);
        schema.add_text_field("raw", STORED);
        schema.build()
    }

    /// The fields of an index's schema; `None` when it is not today's.
    pub(super) fn of(schema: &Schema) -> Option<Fields> {
        if *schema != Fields::schema() {
            return None;
        }
        let field = |name| schema.get_field(name).ok();
        Some(Fields {
            entry: field("entry")?,
            path: field("path")?,
            id: field("id")?,
            name: field("name")?,
            collection: field("collection")?,
            title: field("title")?,
            text: field("text")?,
            code: field("code")?,
            reference: field("reference")?,
            raw: field("raw")?,
        })
    }

    /// The document of a file that gives an article. `raw` is the text the article was parsed from.
    pub(super) fn article_document(&self, entry: &FileEntry, article: &Article, raw: &str) -> TantivyDocument {
        let mut document = self.file_document(entry);
        let title = full_title(article);
        document.add_text(self.id, &article.id);
        document.add_text(self.name, &article.id);
        article.aliases.iter().for_each(|alias| document.add_text(self.name, alias));
        document.add_text(self.collection, &entry.collection);
        document.add_text(self.title, &title);
        document.add_text(self.raw, raw);
        article.references.iter().for_each(|reference| document.add_text(self.reference, &reference.id));
        let terms = article.identifiers.iter().flat_map(|found| identifier::terms(found.kind, &found.value));
        terms.collect::<BTreeSet<_>>().into_iter().for_each(|term| document.add_text(self.code, term));
        self.add_weighted_text(&mut document, article, &title);
        document
    }

    /// The document of a file that gives none: it holds the entry alone and is never found.
    pub(super) fn file_document(&self, entry: &FileEntry) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_text(self.entry, entry.encode());
        document.add_text(self.path, &entry.path);
        document
    }

    fn add_weighted_text(&self, document: &mut TantivyDocument, article: &Article, title: &str) {
        let mut add = |text: &str, times: usize| (0..times).for_each(|_| document.add_text(self.text, text));
        add(title, weight::TITLE);
        add(&article.keywords.join(" "), weight::BODY);
        for section in &article.sections {
            let weight = if section.kind == SectionKind::Symptoms { weight::SYMPTOMS } else { weight::BODY };
            if section.kind == SectionKind::Titled {
                add(&section.title, weight);
            }
            add(&section.text, weight);
        }
        for identifier in article.identifiers.iter().filter(|found| found.kind == IdentifierKind::Message) {
            add(&identifier.value, weight::MESSAGE - weight::BODY);
        }
    }
}
