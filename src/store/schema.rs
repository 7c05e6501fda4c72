//! The fields of a document, and the conversion of an article to a document.

use std::collections::BTreeSet;

use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};

use super::attribute;
use super::manifest::FileEntry;
use super::relations::Sketch;
use super::text::{self, PARTS_TOKENIZER, TOKENIZER};
use crate::article::{Article, SectionKind, full_title};
use crate::identifier::{self, IdentifierKind};
use crate::semantic::{PassageKey, passage};

/// The names of the columns that are opened by name rather than by [`Field`].
pub(super) const NEAR: &str = "near";
pub(super) const SKETCH: &str = "sketch";
pub(super) const ID_KEY: &str = "id_key";
pub(super) const COLLECTION: &str = "collection";
pub(super) const REFERENCE: &str = "reference";
pub(super) const PRODUCT: &str = "product";
pub(super) const KIND: &str = "kind";
pub(super) const STATE: &str = "state";
pub(super) const MODIFIED: &str = "modified";
pub(super) const PASSAGE: &str = "passage";

/// The number of fields with the words of articles: title, opening, other sections, messages. Each word of an article is in
/// one of the first three, and once more in the last if it is part of a quoted message.
pub(super) const TEXT_FIELDS: usize = 4;
pub(super) const TITLE: usize = 0;
pub(super) const LEAD: usize = 1;
pub(super) const REST: usize = 2;
pub(super) const MESSAGE: usize = 3;

/// The fields of the index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// The [`FileEntry`] of the file, as a column.
    pub(super) entry: Field,
    /// The path of the file, which is the key for replacing documents.
    pub(super) path: Field,
    /// Canonical id, stored.
    pub(super) id: Field,
    /// [`key`] of the canonical id, as a column; then the keys of addresses, by which links count as references.
    pub(super) id_key: Field,
    /// Canonical id and aliases, as terms.
    pub(super) name: Field,
    /// Ids that the article had under other paths, stored. They are terms of `name`, too.
    pub(super) former: Field,
    /// The addresses by which links reach the article, as terms.
    pub(super) address: Field,
    /// The path below the root of the collection, stored; only for layouts with links.
    pub(super) place: Field,
    /// Collection: stored, a term for filters, and a column for counts and weights.
    pub(super) collection: Field,
    /// Title with its prefix: stored, and terms.
    pub(super) title: Field,
    /// The opening of the article: symptoms, summary and query words. Without symptoms and summary, its first section
    /// with text.
    pub(super) lead: Field,
    /// The other sections of the article, and its keywords.
    pub(super) rest: Field,
    /// The quoted messages of the article, which are also in the fields above, with the positions of their words.
    pub(super) message: Field,
    /// The terms of identifiers: codes, events, replies, files, registry paths.
    pub(super) code: Field,
    /// The products of the article with their versions, one term for each ([`attribute::product_terms`]).
    pub(super) product: Field,
    /// The kinds of the article in canonical spelling: `bug`, `howto`.
    pub(super) kind: Field,
    /// The name of the state of the article, as a term and a column.
    pub(super) state: Field,
    /// The names of the kinds of sections that the article has.
    pub(super) section: Field,
    /// The events of the article with their sources ([`attribute::event_terms`]).
    pub(super) event: Field,
    /// The date on which the article was last modified ([`attribute::day`]), as a column.
    pub(super) modified: Field,
    /// The [references](crate::article::Reference::joined) of the article: terms to count them, and a column to find
    /// what else an article refers to.
    pub(super) reference: Field,
    /// The [`key`]s of the ids in `reference`, to find and count the articles that refer to one.
    pub(super) cites: Field,
    /// Keys of the [`Sketch`] of the article: terms to find the articles that share one, and a column to read the keys
    /// of an article.
    pub(super) near: Field,
    /// The rest of the [`Sketch`], as a column; absent for a short article.
    pub(super) sketch: Field,
    /// Key of the passage of the article: a term to find the articles of a passage, and a column to read the key. The
    /// vector of the passage is kept elsewhere.
    pub(super) passage: Field,
    /// The decoded text of the article, stored.
    pub(super) raw: Field,
    /// [`Fields::sum_of`] the stored texts of the document, stored.
    pub(super) sum: Field,
}

impl Fields {
    pub(super) fn schema() -> Schema {
        let indexing =
            TextFieldIndexing::default().set_tokenizer(PARTS_TOKENIZER).set_index_option(IndexRecordOption::WithFreqs);
        let in_order = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let words = TextOptions::default().set_indexing_options(indexing);
        let mut schema = Schema::builder();
        schema.add_text_field("entry", FAST);
        schema.add_text_field("path", STRING | STORED);
        schema.add_text_field("id", STORED);
        schema.add_u64_field(ID_KEY, NumericOptions::default().set_fast());
        schema.add_text_field("name", STRING);
        schema.add_text_field("former", STORED);
        schema.add_text_field("address", STRING);
        schema.add_text_field("place", STORED);
        schema.add_text_field(COLLECTION, STRING | STORED | FAST);
        schema.add_text_field("title", words.clone() | STORED);
        schema.add_text_field("lead", words.clone());
        schema.add_text_field("rest", words);
        schema.add_text_field("message", TextOptions::default().set_indexing_options(in_order));
        schema.add_text_field("code", STRING);
        schema.add_text_field(PRODUCT, STRING | FAST);
        schema.add_text_field(KIND, STRING | FAST);
        schema.add_text_field(STATE, STRING | FAST);
        schema.add_text_field("section", STRING);
        schema.add_text_field("event", STRING);
        schema.add_i64_field(MODIFIED, NumericOptions::default().set_fast());
        schema.add_text_field(REFERENCE, STRING | FAST);
        schema.add_u64_field("cites", NumericOptions::default().set_indexed());
        schema.add_u64_field(NEAR, NumericOptions::default().set_indexed().set_fast());
        schema.add_u64_field(SKETCH, NumericOptions::default().set_fast());
        schema.add_u64_field(PASSAGE, NumericOptions::default().set_indexed().set_fast());
        schema.add_text_field("raw", STORED);
        schema.add_u64_field("sum", STORED);
        schema.build()
    }

    /// The fields of the schema of an index; `None` when it is not the current schema.
    pub(super) fn from_schema(schema: &Schema) -> Option<Fields> {
        if *schema != Fields::schema() {
            return None;
        }
        let field = |name| schema.get_field(name).ok();
        Some(Fields {
            entry: field("entry")?,
            path: field("path")?,
            id: field("id")?,
            id_key: field(ID_KEY)?,
            name: field("name")?,
            former: field("former")?,
            address: field("address")?,
            place: field("place")?,
            collection: field(COLLECTION)?,
            title: field("title")?,
            lead: field("lead")?,
            rest: field("rest")?,
            message: field("message")?,
            code: field("code")?,
            product: field(PRODUCT)?,
            kind: field(KIND)?,
            state: field(STATE)?,
            section: field("section")?,
            event: field("event")?,
            modified: field(MODIFIED)?,
            reference: field(REFERENCE)?,
            cites: field("cites")?,
            near: field(NEAR)?,
            sketch: field(SKETCH)?,
            passage: field(PASSAGE)?,
            raw: field("raw")?,
            sum: field("sum")?,
        })
    }

    /// The fields with the words of articles, at the indices [`TITLE`], [`LEAD`], [`REST`] and [`MESSAGE`].
    pub(super) fn texts(&self) -> [Field; TEXT_FIELDS] {
        [self.title, self.lead, self.rest, self.message]
    }

    /// Creates the document of a file that contains an article. `raw` is the text the article was parsed from, `path`
    /// the path of the file below the root of its collection.
    pub(super) fn article_document(
        &self,
        entry: &FileEntry,
        article: &Article,
        raw: &str,
        path: &str,
    ) -> TantivyDocument {
        let mut document = self.bare_document(entry);
        let title = full_title(article);
        document.add_text(self.id, &article.id);
        document.add_u64(self.id_key, key(&article.id));
        document.add_text(self.name, &article.id);
        article.aliases.iter().for_each(|alias| document.add_text(self.name, alias));
        self.add_place(&mut document, entry, article, path);
        document.add_text(self.collection, &entry.collection);
        document.add_text(self.title, &title);
        document.add_text(self.title, words_of_name(&entry.path, article, &title).join(" "));
        document.add_text(self.raw, raw);
        for reference in &article.references {
            document.add_text(self.reference, reference.joined());
            reference.ids().for_each(|id| document.add_u64(self.cites, key(id)));
        }
        exact_terms(article).into_iter().for_each(|term| document.add_text(self.code, term));
        self.add_attributes(&mut document, article);
        self.add_text(&mut document, article);
        document.add_u64(self.passage, PassageKey::for_text(&passage(article)).0);
        if let Some(sketch) = Sketch::for_article(article) {
            sketch.keys.iter().for_each(|&key| document.add_u64(self.near, key));
            sketch.stored().iter().for_each(|&word| document.add_u64(self.sketch, word));
        }
        self.with_sum(document)
    }

    /// Creates the document of a file that contains no article. It has only the entry and the path, and no search finds
    /// it.
    pub(super) fn file_document(&self, entry: &FileEntry) -> TantivyDocument {
        self.with_sum(self.bare_document(entry))
    }

    /// A hash of all stored texts of a document, with the fields that they belong to. The store compares it when it reads the
    /// document, since the files of the index are read without a look at their checksums.
    pub(super) fn sum_of(&self, document: &TantivyDocument) -> u64 {
        let stored = [self.path, self.id, self.former, self.place, self.collection, self.title, self.raw];
        let mut hasher = blake3::Hasher::new();
        for (place, field) in (0u8..).zip(stored) {
            for text in document.get_all(field).filter_map(|value| value.as_str()) {
                hasher.update(&[place]).update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
            }
        }
        first_word(&hasher.finalize())
    }

    fn with_sum(&self, mut document: TantivyDocument) -> TantivyDocument {
        document.add_u64(self.sum, self.sum_of(&document));
        document
    }

    fn bare_document(&self, entry: &FileEntry) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_text(self.entry, entry.encode());
        document.add_text(self.path, &entry.path);
        document
    }

    /// Adds what tells where the article is and by which addresses and former ids it is reached.
    fn add_place(&self, document: &mut TantivyDocument, entry: &FileEntry, article: &Article, path: &str) {
        let former = entry.name().map_or("", |name| &*name.former);
        former.lines().for_each(|id| document.add_text(self.former, id));
        if !article.layout.has_links() {
            return;
        }
        document.add_text(self.place, path);
        for address in article.addresses.iter().filter(|address| **address != article.id) {
            document.add_text(self.address, address);
            if is_precise(address) {
                document.add_u64(self.id_key, key(address));
            }
        }
    }

    fn add_attributes(&self, document: &mut TantivyDocument, article: &Article) {
        let mut add = |field: Field, terms: BTreeSet<String>| {
            terms.into_iter().for_each(|term| document.add_text(field, term));
        };
        add(self.product, attribute::product_terms(article));
        add(self.kind, attribute::kinds(article));
        add(self.section, attribute::sections(article));
        add(self.event, attribute::event_terms(article));
        document.add_text(self.state, article.state.name());
        if let Some(date) = article.modified {
            document.add_i64(self.modified, attribute::day(date));
        }
    }

    /// Adds each section to one field, so that the weights of the fields are decided at search time.
    fn add_text(&self, document: &mut TantivyDocument, article: &Article) {
        document.add_text(self.rest, article.keywords.join(" "));
        let lead = lead(article);
        for (index, section) in article.sections.iter().enumerate() {
            let field = if lead.contains(&index) { self.lead } else { self.rest };
            if section.kind == SectionKind::Titled {
                document.add_text(field, &section.title);
            }
            document.add_text(field, &section.text);
        }
        for identifier in article.identifiers.iter().filter(|found| found.kind == IdentifierKind::Message) {
            document.add_text(self.message, &identifier.value);
        }
    }
}

/// Names of files that say nothing about their content; their folder does.
const PLAIN_NAMES: [&str; 3] = ["readme", "index", "_index"];

/// The words of the name of the file that an article is in, unless the title has them. Files of today are named for what they are
/// about. Nothing if the article has an id of its own: then the name of its file does not matter.
fn words_of_name<'p>(path: &'p str, article: &Article, title: &str) -> Vec<&'p str> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let is_plain = PLAIN_NAMES.contains(&stem.to_lowercase().as_str());
    let name = if is_plain { folder.rsplit('/').next().unwrap_or_default() } else { stem };
    let letters =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let is_named_by_place = article.id.rsplit_once('/').is_some_and(|(_, last)| letters(last) == letters(name));
    if !is_named_by_place {
        return Vec::new();
    }
    let known = text::terms(title);
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.contains(char::is_alphabetic));
    words.filter(|word| text::terms(word).iter().any(|term| !known.contains(term))).collect()
}

/// Whether an address names its article alone: it is a whole path or has more than the name of a file.
fn is_precise(address: &str) -> bool {
    address.split_once("//").is_none_or(|(_, end)| end.contains('/'))
}

/// A hash of an id, which is faster to read than the id itself.
pub(super) fn key(id: &str) -> u64 {
    first_word(&blake3::hash(id.as_bytes()))
}

fn first_word(hash: &blake3::Hash) -> u64 {
    u64::from_le_bytes(*hash.as_bytes().first_chunk().expect("a hash has 32 bytes"))
}

/// The indices of the sections that form the opening of an article.
pub(super) fn lead(article: &Article) -> BTreeSet<usize> {
    let is = |index: &usize, kinds: &[SectionKind]| kinds.contains(&article.sections[*index].kind);
    let all = || 0..article.sections.len();
    let mut lead: BTreeSet<usize> =
        all().filter(|index| is(index, &[SectionKind::Symptoms, SectionKind::Summary])).collect();
    if lead.is_empty() {
        lead.extend(all().find(|&index| !article.sections[index].text.trim().is_empty()));
    }
    lead.extend(all().filter(|index| is(index, &[SectionKind::QueryWords])));
    lead
}

/// The terms of the codes, events, files and other identifiers of an article, each once.
pub(super) fn exact_terms(article: &Article) -> BTreeSet<&str> {
    article.identifiers.iter().flat_map(|found| identifier::terms(found.kind, &found.value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_its_name_if_the_article_has_no_id_of_its_own() {
        let words = |path: &str, id: &str, title: &str| {
            let mut article = crate::article::parse("# Belt\n\n## Symptoms\n\nIt slips.\n", id).expect("Markdown");
            article.id = id.to_owned();
            words_of_name(path, &article, title).join(" ")
        };
        assert_eq!(words("/kb/saws/belt_too-slow.md", "kb/saws/belt_too-slow", "The belt"), "too slow");
        assert_eq!(words("/kb/Saws/README.md", "kb/saws", "Overview"), "Saws");
        assert_eq!(words("/kb/saws/belt-too-slow.md", "Q100", "The belt"), "");
        assert_eq!(words("/kb.zip!/Q100.txt", "Q100", "The belt"), "");
        assert_eq!(words("/kb/2024/17.md", "kb/2024/17", "The belt"), "");
    }
}
