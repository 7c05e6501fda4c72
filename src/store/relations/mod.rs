//! Finds how articles relate to one another: by references, as near-copies, and by rare codes that both name.

mod near;
mod sketch;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use tantivy::DocAddress;

use super::index::StoredArticle;
use super::schema::{REFERENCE, exact_terms, key};
use super::{Index, StoreError};
use crate::article::{Article, Reference};

pub(super) use near::Sketches;
pub use near::near_copies;
pub(super) use sketch::Sketch;

/// Counts of the references in all articles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct References {
    /// The number of references. Several from one article to another count once.
    pub total: u64,
    /// The number of references to an article that the store does not hold.
    pub dead: u64,
    /// The ids that the store does not hold, each with the number of articles that refer to it: highest first, ties by id.
    pub missing: Vec<(String, u64)>,
}

/// An article that is related to a given one.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// The canonical id of the related article.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How the two are related, strongest first; never empty.
    pub reasons: Vec<Relation>,
}

/// How an article is related to the given one.
#[derive(Debug, Clone, PartialEq)]
pub enum Relation {
    /// Its text is nearly the same.
    NearCopy {
        /// The similarity of the texts, 0–1.
        similarity: f32,
    },
    /// The given article refers to it.
    Cites,
    /// It refers to the given article.
    CitedBy,
    /// Other articles refer to both.
    CitedTogether {
        /// The number of articles that refer to both.
        by: usize,
    },
    /// Both name codes or events that few articles name.
    Shares {
        /// The codes and events as they are indexed, sorted.
        identifiers: Vec<String>,
    },
}

/// The weights of the relations, set by judgement: a near-copy weighs most, a reference of the given article more than one
/// to it, and a reference to both from elsewhere least.
mod weight {
    pub(super) const NEAR_COPY: f64 = 8.0;
    pub(super) const CITES: f64 = 3.0;
    pub(super) const CITED_BY: f64 = 2.0;
    /// The weight if an article refers to these two alone. It is lower for an article with more references, since a
    /// list of a hundred articles says little about any two of them.
    pub(super) const CITED_TOGETHER: f64 = 2.0;
    /// The weight of an identifier that only these two articles name. It is lower if more articles name it.
    pub(super) const SHARES: f64 = 3.0;
}

/// An identifier relates articles only if at most this many articles name it.
const RARE: usize = 20;

/// The number of candidates to look up beyond twice the limit. The store does not hold some candidates, and others are
/// one article under two names.
const SPARE_CANDIDATES: usize = 100;

/// A candidate for a related article, with its relations to the given article as far as they were found.
#[derive(Default)]
struct RelatedCandidate {
    near: Option<f32>,
    cites: bool,
    cited_by: bool,
    together: CitingBoth,
    shares: Vec<String>,
    shared: f64,
}

/// The articles that refer both to the given article and to a candidate.
#[derive(Clone, Copy, Default)]
struct CitingBoth {
    by: usize,
    /// The sum of their weights, in millionths. An article has the weight 1 divided by the number of its references
    /// less one. A whole number, since the order of adding must not matter.
    weight: u64,
}

/// Counts all references, and those to articles that the store does not hold. Takes about 15 ms for 57,000 articles,
/// since it reads only two dictionaries.
pub fn references(index: &Index) -> Result<References, StoreError> {
    let mut wanted: HashMap<Vec<u8>, u64> = HashMap::new();
    index.for_each_term(index.fields.reference, |ids, count| *wanted.entry(ids.to_owned()).or_default() += count)?;
    let total = wanted.values().sum();
    let mut held: HashSet<Vec<u8>> = HashSet::new();
    let wanted_ids: HashSet<&[u8]> = wanted.keys().flat_map(|ids| ids_of(ids)).collect();
    for field in [index.fields.name, index.fields.address] {
        index.for_each_term(field, |name, count| {
            if count > 0 && wanted_ids.contains(name) {
                held.insert(name.to_owned());
            }
        })?;
    }
    let is_missing = |ids: &[u8]| !ids_of(ids).any(|id| held.contains(id));
    let missing = wanted.iter().filter(|(ids, count)| **count > 0 && is_missing(ids));
    // The first id stands for all. Two links may have the same first address and different guesses.
    let mut by_first: BTreeMap<String, u64> = BTreeMap::new();
    for (ids, count) in missing {
        let first = ids_of(ids).next().unwrap_or_default();
        *by_first.entry(String::from_utf8_lossy(first).into_owned()).or_default() += count;
    }
    let mut missing: Vec<(String, u64)> = by_first.into_iter().collect();
    missing.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(References { total, dead: missing.iter().map(|(_, count)| count).sum(), missing })
}

/// The ids and addresses in a term of the field of references.
fn ids_of(joined: &[u8]) -> impl Iterator<Item = &[u8]> {
    joined.split(|&b| b == Reference::SEPARATOR as u8)
}

/// The articles that refer to `article`, without itself: id and title of each, sorted.
pub fn referenced_by(index: &Index, article: &Article) -> Result<Vec<(String, String)>, StoreError> {
    let mut found = Vec::new();
    for address in citing(index, article)? {
        found.push(index.name_at(address)?);
    }
    found.retain(|(id, _)| *id != article.id);
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The documents that refer to `article`, in document order.
fn citing(index: &Index, article: &Article) -> Result<Vec<DocAddress>, StoreError> {
    let mut found: BTreeSet<DocAddress> = BTreeSet::new();
    for name in names(article) {
        found.extend(index.addresses_of_key(index.fields.cites, key(name))?);
    }
    for address in &article.addresses {
        // Other articles may have this address too, and it may be one of several guesses.
        for citing in index.addresses_of_key(index.fields.cites, key(address))? {
            if !found.contains(&citing) && refers_to(index, citing, article)? {
                found.insert(citing);
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// Whether the article at `citing` refers to `article`.
fn refers_to(index: &Index, citing: DocAddress, article: &Article) -> Result<bool, StoreError> {
    let Some(stored) = index.load(citing)? else { return Ok(false) };
    for reference in &stored.article.references {
        let may_mean_it = reference.ids().any(|id| article.addresses.iter().any(|address| address == id));
        if may_mean_it && index.title_of_reference(reference)?.is_some_and(|(id, _)| id == article.id) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The id and the aliases of an article.
fn names(article: &Article) -> impl Iterator<Item = &str> {
    std::iter::once(&article.id).chain(&article.aliases).map(String::as_str)
}

/// The `limit` articles that are most related to `stored`, best first, ties by id. Takes time linear in the number of
/// articles that refer to it and of their references.
pub fn related(index: &Index, stored: &StoredArticle, limit: usize) -> Result<Vec<Related>, StoreError> {
    let article = &stored.article;
    let citing = citing(index, article)?;
    let mut candidates: BTreeMap<String, RelatedCandidate> = BTreeMap::new();
    for (id, similarity) in near_copies(index, &article.id)? {
        candidates.entry(id).or_default().near = Some(similarity);
    }
    for reference in &article.references {
        candidates.entry(reference.joined()).or_default().cites = true;
    }
    for &address in &citing {
        candidates.entry(index.id_at(address)?).or_default().cited_by = true;
    }
    for (id, together) in cited_together(index, &citing)? {
        candidates.entry(id).or_default().together = together;
    }
    add_sharing(index, article, &mut candidates)?;
    names(article).for_each(|name| drop(candidates.remove(name)));
    best_related(index, candidates, &article.id, limit)
}

/// Adds to `candidates` the articles that name the same rare codes and events as `article`.
fn add_sharing(
    index: &Index,
    article: &Article,
    candidates: &mut BTreeMap<String, RelatedCandidate>,
) -> Result<(), StoreError> {
    // Each holder is read once: an article of many codes is long, and holds all of them.
    let mut ids: HashMap<DocAddress, String> = HashMap::new();
    for term in exact_terms(article) {
        let holders = index.addresses(index.fields.code, term)?;
        if holders.len() > RARE {
            continue;
        }
        // The holders include the article itself. An identifier that only one other article names weighs 1.
        let weight = 1.0 / (holders.len() as f64 - 1.0).max(1.0);
        for &holder in &holders {
            let id = match ids.entry(holder) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(place) => place.insert(index.id_at(holder)?).clone(),
            };
            let candidate = candidates.entry(id).or_default();
            candidate.shares.push(term.to_owned());
            candidate.shared += weight;
        }
    }
    Ok(())
}

/// Looks up the candidates in the store, by the ids that each may have, and merges those that are one article under two
/// names. Leaves out the article `own`.
fn best_related(
    index: &Index,
    candidates: BTreeMap<String, RelatedCandidate>,
    own: &str,
    limit: usize,
) -> Result<Vec<Related>, StoreError> {
    let mut candidates: Vec<(String, RelatedCandidate)> = candidates.into_iter().collect();
    candidates.sort_by(|a, b| b.1.score().total_cmp(&a.1.score()).then_with(|| a.0.cmp(&b.0)));
    candidates.truncate(2 * limit + SPARE_CANDIDATES);
    let mut by_id: BTreeMap<String, (String, RelatedCandidate)> = BTreeMap::new();
    for (names, candidate) in candidates {
        let mut found = None;
        for name in names.split(Reference::SEPARATOR) {
            found = if found.is_none() { index.title_of(name)? } else { found };
        }
        let Some((id, title)) = found.filter(|(id, _)| *id != *own) else { continue };
        by_id.entry(id).or_insert_with(|| (title, RelatedCandidate::default())).1.merge(candidate);
    }
    let mut related: Vec<(f64, Related)> = by_id
        .into_iter()
        .map(|(id, (title, candidate))| (candidate.score(), Related { id, title, reasons: candidate.reasons() }))
        .collect();
    related.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
    Ok(related.into_iter().map(|(_, related)| related).take(limit).collect())
}

/// For each reference in one of the documents `citing`, the number of documents that contain it.
fn cited_together(index: &Index, citing: &[DocAddress]) -> Result<BTreeMap<String, CitingBoth>, StoreError> {
    let mut found = BTreeMap::new();
    for in_segment in citing.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
        add_references(index, in_segment, &mut found).map_err(|error| index.error(error))?;
    }
    Ok(found)
}

/// Adds to `found` all references of these articles, which are of one segment.
fn add_references(
    index: &Index,
    in_segment: &[DocAddress],
    found: &mut BTreeMap<String, CitingBoth>,
) -> tantivy::Result<()> {
    let segment = index.searcher.segment_reader(in_segment[0].segment_ord);
    let Some(column) = segment.fast_fields().str(REFERENCE)? else { return Ok(()) };
    let mut by_ord: BTreeMap<u64, CitingBoth> = BTreeMap::new();
    for address in in_segment {
        let ords: Vec<u64> = column.term_ords(address.doc_id).collect();
        let others = (ords.len() as u64).saturating_sub(1).max(1);
        for ord in ords {
            by_ord.entry(ord).or_default().add(CitingBoth { by: 1, weight: 1_000_000 / others });
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

impl CitingBoth {
    fn add(&mut self, other: CitingBoth) {
        self.by += other.by;
        self.weight += other.weight;
    }
}

impl RelatedCandidate {
    /// Adds the relations of the same article under another name. Articles that refer to it by both names count twice.
    fn merge(&mut self, other: RelatedCandidate) {
        self.near = self.near.or(other.near);
        self.cites |= other.cites;
        self.cited_by |= other.cited_by;
        self.together.add(other.together);
        self.shares.extend(other.shares);
        self.shared += other.shared;
    }

    /// Returns each relation of the candidate with its weight.
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
            let weight = weight::CITED_TOGETHER * self.together.weight as f64 / 1e6;
            relations.push((weight, Relation::CitedTogether { by: self.together.by }));
        }
        if !self.shares.is_empty() {
            let identifiers = self.shares.clone();
            relations.push((weight::SHARES * self.shared, Relation::Shares { identifiers }));
        }
        relations
    }

    fn score(&self) -> f64 {
        self.weighed().iter().map(|(weight, _)| weight).sum()
    }

    fn reasons(&self) -> Vec<Relation> {
        let mut relations = self.weighed();
        relations.sort_by(|a, b| b.0.total_cmp(&a.0));
        relations.into_iter().map(|(_, relation)| relation).collect()
    }
}
