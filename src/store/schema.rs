//! Which fields a document has, and how an article becomes one.

use std::collections::BTreeSet;

use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

use super::manifest::FileEntry;
use super::sketch::Sketch;
use super::text::{self, TOKENIZER};
use crate::article::{Article, SectionKind, full_title};
use crate::identifier::{self, IdentifierKind};
use crate::semantic::{PassageKey, passage};

/// How often a part of an article is counted in the one text field. One weighted field rather than several boosted ones:
/// tantivy adds up the scores of fields, and only within a field does BM25 saturate (BM25F, Robertson & Zaragoza 2009).
/// The weights are those of the design; `docs/EVALUATION.md` has what they are worth.
mod weight {
    pub(super) const TITLE: usize = 4;
    pub(super) const MESSAGE: usize = 3;
    pub(super) const SYMPTOMS: usize = 2;
    pub(super) const BODY: usize = 1;
}

/// Names of the columns that are read by name elsewhere.
pub(super) const NEAR: &str = "near";
pub(super) const SKETCH: &str = "sketch";
pub(super) const COLLECTION: &str = "collection";
pub(super) const REFERENCE: &str = "reference";
pub(super) const PASSAGE: &str = "passage";

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
    /// Collection: stored, a term to filter by, and a column to count and weigh by.
    pub(super) collection: Field,
    /// Title with its prefix, stored; terms for titles that equal the query.
    pub(super) title: Field,
    /// Everything that is searched, weighted by repetition.
    pub(super) text: Field,
    /// The terms of identifiers: codes, events, replies, files, registry paths.
    pub(super) code: Field,
    /// Ids of the articles that this one refers to: terms for who refers to it, a column for what else they refer to.
    pub(super) reference: Field,
    /// Keys of its [`Sketch`]: terms to find others with one in common, and a column to know its own.
    pub(super) near: Field,
    /// The rest of its sketch, as a column; absent for a short article.
    pub(super) sketch: Field,
    /// Key of its passage, whose vector is kept elsewhere: a term to find the articles of a passage, and a column.
    pub(super) passage: Field,
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
        schema.add_text_field(COLLECTION, STRING | STORED | FAST);
        schema.add_text_field("title", words.clone() | STORED);
        schema.add_text_field("text", words);
        schema.add_text_field("code", STRING);
        schema.add_text_field(REFERENCE, STRING | FAST);
        schema.add_u64_field(NEAR, NumericOptions::default().set_indexed().set_fast());
        schema.add_u64_field(SKETCH, NumericOptions::default().set_fast());
        schema.add_u64_field(PASSAGE, NumericOptions::default().set_indexed().set_fast());
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
            collection: field(COLLECTION)?,
            title: field("title")?,
            text: field("text")?,
            code: field("code")?,
            reference: field(REFERENCE)?,
            near: field(NEAR)?,
            sketch: field(SKETCH)?,
            passage: field(PASSAGE)?,
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
        exact_terms(article).into_iter().for_each(|term| document.add_text(self.code, term));
        document.add_u64(self.passage, PassageKey::of(&passage(article)).0);
        self.add_weighted_text(&mut document, article, &title);
        if let Some(sketch) = Sketch::of(article) {
            sketch.keys.iter().for_each(|&key| document.add_u64(self.near, key));
            sketch.stored().iter().for_each(|&word| document.add_u64(self.sketch, word));
        }
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
        let mut add = |text: &str, times: usize| document.add_text(self.text, text::times(times, text));
        add(title, weight::TITLE);
        add(&article.keywords.join(" "), weight::BODY);
        for section in &article.sections {
            let times = if section.kind == SectionKind::Symptoms { weight::SYMPTOMS } else { weight::BODY };
            if section.kind == SectionKind::Titled {
                add(&section.title, times);
            }
            add(&section.text, times);
        }
        for identifier in article.identifiers.iter().filter(|found| found.kind == IdentifierKind::Message) {
            add(&identifier.value, weight::MESSAGE - weight::BODY);
        }
    }
}

/// What an article is found by exactly: the terms of its codes, events, files and so on, each once.
pub(super) fn exact_terms(article: &Article) -> BTreeSet<&str> {
    article.identifiers.iter().flat_map(|found| identifier::terms(found.kind, &found.value)).collect()
}
