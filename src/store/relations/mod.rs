//! How articles relate to one another: references, near-copies, and codes that few of them name.

mod near;
mod sketch;

use std::collections::{BTreeMap, HashMap};

use tantivy::DocAddress;

use super::index::StoredArticle;
use super::schema::{REFERENCE, exact_terms};
use super::{Index, StoreError};
use crate::article::Article;

pub(super) use near::Sketches;
pub use near::near_copies;
pub(super) use sketch::Sketch;

/// How the references of all articles fare.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct References {
    /// References in all articles, each article's to another counted once.
    pub total: u64,
    /// Those to an article that the store does not hold.
    pub dead: u64,
    /// The ids that these lead to, each with how many articles refer to it: most wanted first, ties by id.
    pub missing: Vec<(String, u64)>,
}

/// An article that has to do with another.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// Canonical id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What the two have to do with one another, strongest first; never empty.
    pub reasons: Vec<Relation>,
}

/// What an article has to do with the one that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Relation {
    /// It says the same.
    NearCopy {
        /// How alike the texts are, 0–1.
        similarity: f32,
    },
    /// The one that was asked for refers to it.
    Cites,
    /// It refers to the one that was asked for.
    CitedBy,
    /// Others refer to both.
    CitedTogether {
        /// How many.
        by: usize,
    },
    /// Both name codes or events that few articles name.
    Shares {
        /// Which, as they are indexed, sorted.
        identifiers: Vec<String>,
    },
}

/// What each relation is worth. Judgements: a copy tells most, a reference of one's own more than one by another, and what
/// is named together by chance least.
mod weight {
    pub(super) const NEAR_COPY: f64 = 8.0;
    pub(super) const CITES: f64 = 3.0;
    pub(super) const CITED_BY: f64 = 2.0;
    /// For one article that refers to these two alone; a list of a hundred says little about any two of them.
    pub(super) const CITED_TOGETHER: f64 = 2.0;
    /// For an identifier that these two alone name.
    pub(super) const SHARES: f64 = 3.0;
}

/// An identifier that more articles name relates none of them.
const RARE: usize = 20;

/// Candidates that are looked up beyond twice as many as are asked for: some are not held, some are one article.
const SPARE_CANDIDATES: usize = 100;

/// What speaks for one candidate so far.
#[derive(Default)]
struct Draft {
    near: Option<f32>,
    cites: bool,
    cited_by: bool,
    together: Together,
    shares: Vec<String>,
    shared: f64,
}

/// Articles that refer to both.
#[derive(Clone, Copy, Default)]
struct Together {
    by: usize,
    /// What they are worth, in millionths of one that refers to nothing else: whole numbers, since the order of adding
    /// must not matter.
    worth: u64,
}

/// Counts the references that lead nowhere. One pass over two dictionaries: some 15 ms for 57,000 articles.
pub fn references(index: &Index) -> Result<References, StoreError> {
    let mut wanted: HashMap<Vec<u8>, u64> = HashMap::new();
    index.for_each_term(index.fields.reference, |id, count| *wanted.entry(id.to_owned()).or_default() += count)?;
    let total = wanted.values().sum();
    index.for_each_term(index.fields.name, |name, count| {
        if count > 0 {
            wanted.remove(name);
        }
    })?;
    let missing = wanted.into_iter().filter(|(_, count)| *count > 0);
    let mut missing: Vec<(String, u64)> =
        missing.map(|(id, count)| (String::from_utf8_lossy(&id).into_owned(), count)).collect();
    missing.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(References { total, dead: missing.iter().map(|(_, count)| count).sum(), missing })
}

/// The articles that refer to one of `names` (an id and its aliases), each with its title, by id.
pub fn referenced_by(index: &Index, names: &[&str]) -> Result<Vec<(String, String)>, StoreError> {
    let mut found = Vec::new();
    for name in names {
        for address in index.addresses(index.fields.reference, name)? {
            found.push(index.name_at(address)?);
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The `limit` articles that have most to do with `stored`, best first, ties by id. Linear in the number of articles
/// that refer to it and what else they refer to.
pub fn related(index: &Index, stored: &StoredArticle, limit: usize) -> Result<Vec<Related>, StoreError> {
    let article = &stored.article;
    let own: Vec<&str> = std::iter::once(&article.id).chain(&article.aliases).map(String::as_str).collect();
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    for (id, similarity) in near_copies(index, &article.id)? {
        drafts.entry(id).or_default().near = Some(similarity);
    }
    for reference in &article.references {
        drafts.entry(reference.id.clone()).or_default().cites = true;
    }
    for (id, _) in referenced_by(index, &own)? {
        drafts.entry(id).or_default().cited_by = true;
    }
    for (id, together) in cited_together(index, &own)? {
        drafts.entry(id).or_default().together = together;
    }
    add_sharing(index, article, &mut drafts)?;
    own.iter().for_each(|name| drop(drafts.remove(*name)));
    best_related(index, drafts, limit)
}

/// Adds the articles that name the same rare codes and events.
fn add_sharing(index: &Index, article: &Article, drafts: &mut BTreeMap<String, Draft>) -> Result<(), StoreError> {
    let terms = exact_terms(article);
    for term in terms {
        let holders = index.addresses(index.fields.code, term)?;
        if holders.len() > RARE {
            continue;
        }
        // Two articles name it at least, this one and that.
        let worth = 1.0 / (holders.len() as f64 - 1.0).max(1.0);
        for &holder in &holders {
            let draft = drafts.entry(index.id_at(holder)?).or_default();
            draft.shares.push(term.to_owned());
            draft.shared += worth;
        }
    }
    Ok(())
}

/// Resolves the candidates to articles that the store holds; two names of one article become one.
fn best_related(index: &Index, drafts: BTreeMap<String, Draft>, limit: usize) -> Result<Vec<Related>, StoreError> {
    let mut candidates: Vec<(String, Draft)> = drafts.into_iter().collect();
    candidates.sort_by(|a, b| b.1.score().total_cmp(&a.1.score()).then_with(|| a.0.cmp(&b.0)));
    candidates.truncate(2 * limit + SPARE_CANDIDATES);
    let mut by_id: BTreeMap<String, (String, Draft)> = BTreeMap::new();
    for (name, draft) in candidates {
        let Some((id, title)) = index.title_of(&name)? else { continue };
        by_id.entry(id).or_insert_with(|| (title, Draft::default())).1.merge(draft);
    }
    let mut related: Vec<(f64, Related)> = by_id
        .into_iter()
        .map(|(id, (title, draft))| (draft.score(), Related { id, title, reasons: draft.reasons() }))
        .collect();
    related.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
    Ok(related.into_iter().map(|(_, related)| related).take(limit).collect())
}

/// What else is referred to by the articles that refer to one of `names`.
fn cited_together(index: &Index, names: &[&str]) -> Result<BTreeMap<String, Together>, StoreError> {
    let mut citing: Vec<DocAddress> = Vec::new();
    for name in names {
        citing.extend(index.addresses(index.fields.reference, name)?);
    }
    citing.sort_unstable();
    citing.dedup();
    let mut found = BTreeMap::new();
    for in_segment in citing.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
        add_references(index, in_segment, &mut found).map_err(|error| index.error(error))?;
    }
    Ok(found)
}

/// Adds what articles of one segment refer to.
fn add_references(
    index: &Index,
    in_segment: &[DocAddress],
    found: &mut BTreeMap<String, Together>,
) -> tantivy::Result<()> {
    let segment = index.searcher.segment_reader(in_segment[0].segment_ord);
    let Some(column) = segment.fast_fields().str(REFERENCE)? else { return Ok(()) };
    let mut by_ord: BTreeMap<u64, Together> = BTreeMap::new();
    for address in in_segment {
        let ords: Vec<u64> = column.term_ords(address.doc_id).collect();
        let others = (ords.len() as u64).saturating_sub(1).max(1);
        for ord in ords {
            by_ord.entry(ord).or_default().add(Together { by: 1, worth: 1_000_000 / others });
        }
    }
    let ords: Vec<u64> = by_ord.keys().copied().collect();
    let mut togethers = by_ord.into_values();
    let resolved = column.dictionary().sorted_ords_to_term_cb(&ords, |id| {
        let id = String::from_utf8_lossy(id).into_owned();
        togethers.next().into_iter().for_each(|together| found.entry(id.clone()).or_default().add(together));
    });
    resolved.map(drop).map_err(Into::into)
}

impl Together {
    fn add(&mut self, other: Together) {
        self.by += other.by;
        self.worth += other.worth;
    }
}

impl Draft {
    /// Takes over what speaks for the same article by another name. Articles that refer to it by both names count twice.
    fn merge(&mut self, other: Draft) {
        self.near = self.near.or(other.near);
        self.cites |= other.cites;
        self.cited_by |= other.cited_by;
        self.together.add(other.together);
        self.shares.extend(other.shares);
        self.shared += other.shared;
    }

    /// Each relation with what it is worth.
    fn weighed(&self) -> Vec<(f64, Relation)> {
        let mut relations = Vec::new();
        if let Some(similarity) = self.near {
            relations.push((weight::NEAR_COPY * f64::from(similarity), Relation::NearCopy { similarity }));
        }
        if self.cites {
            relations.push((weight::CITES, Relation::Cites));
        }
        if self.cited_by {
            relations.push((weight::CITED_BY, Relation::CitedBy));
        }
        if self.together.by > 0 {
            let worth = weight::CITED_TOGETHER * self.together.worth as f64 / 1e6;
            relations.push((worth, Relation::CitedTogether { by: self.together.by }));
        }
        if !self.shares.is_empty() {
            let identifiers = self.shares.clone();
            relations.push((weight::SHARES * self.shared, Relation::Shares { identifiers }));
        }
        relations
    }

    fn score(&self) -> f64 {
        self.weighed().iter().map(|(worth, _)| worth).sum()
    }

    fn reasons(&self) -> Vec<Relation> {
        let mut relations = self.weighed();
        relations.sort_by(|a, b| b.0.total_cmp(&a.0));
        relations.into_iter().map(|(_, relation)| relation).collect()
    }
}
