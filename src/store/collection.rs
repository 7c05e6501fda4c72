//! Collections: which there are, and preferring some to others. Searching in some of them is a filter like any other.

use std::collections::BTreeMap;

use tantivy::SegmentReader;

use super::ranking::Ranking;
use super::schema::COLLECTION;
use super::{Index, StoreError};
use crate::semantic::FindMeaning;

/// What the scores of each collection's articles are multiplied by, > 0; 1 for those not named.
pub type Weights = BTreeMap<String, f32>;

/// How to search, beside the query.
#[derive(Debug, Clone)]
pub struct SearchOptions {
    /// Most hits. An article and its near-copies are one.
    pub limit: usize,
    /// Collections to search; all when empty. A name that no article has finds nothing.
    pub only: Vec<String>,
    /// Which collections to prefer, so that many old articles do not drown a few of one's own.
    pub weights: Weights,
    /// Whether to count how the articles found are spread over [`super::Facets`]. It visits every one of them.
    pub facets: bool,
    /// Whether to say of each hit where its score comes from.
    pub explain: bool,
    /// What the signs of a fitting article count for.
    pub ranking: Ranking,
    /// How to find what a query means; without it, words alone count.
    pub meaning: Option<FindMeaning>,
}

impl Default for SearchOptions {
    fn default() -> Self {
        SearchOptions {
            limit: 10,
            only: Vec::new(),
            weights: Weights::new(),
            facets: false,
            explain: false,
            ranking: Ranking::default(),
            meaning: None,
        }
    }
}

impl Index {
    /// The collections by name, each with the number of its articles.
    pub fn collections(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let mut counts = BTreeMap::new();
        self.for_each_term(self.fields.collection, |name, count| {
            *counts.entry(String::from_utf8_lossy(name).into_owned()).or_default() += count;
        })?;
        Ok(counts.into_iter().filter(|(_, count)| *count > 0).collect())
    }
}

/// What the score of each document is multiplied by, by segment; nothing where that is 1 for all.
pub(super) fn document_weights(index: &Index, weights: &Weights) -> Result<Vec<Vec<f32>>, StoreError> {
    if weights.values().all(|weight| *weight == 1.0) {
        return Ok(Vec::new());
    }
    let of_segment = |segment: &SegmentReader| {
        let mut of_documents = vec![1.0; segment.max_doc() as usize];
        let Some(column) = segment.fast_fields().str(COLLECTION)? else { return Ok(of_documents) };
        let mut name = String::new();
        let mut of_names = Vec::with_capacity(column.num_terms());
        for ord in 0..column.num_terms() {
            column.ord_to_str(ord as u64, &mut name)?;
            of_names.push(weights.get(&name).copied().unwrap_or(1.0));
        }
        for (doc, weight) in (0..).zip(&mut of_documents) {
            *weight = column.term_ords(doc).next().map_or(1.0, |ord| of_names[ord as usize]);
        }
        Ok(of_documents)
    };
    let weights: tantivy::Result<_> = index.searcher.segment_readers().iter().map(of_segment).collect();
    weights.map_err(|error| index.error(error))
}
