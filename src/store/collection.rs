//! Lists the collections, and defines the options of a search, which may select collections or give them weights.

use std::collections::BTreeMap;

use super::ranking::Ranking;
use super::{Index, StoreError};
use crate::semantic::FindMeaning;

/// For each collection, the factor on the scores of its articles, > 0. A collection that is not named has 1.
pub type CollectionWeights = BTreeMap<String, f32>;

/// The options of a search.
#[derive(Debug, Clone)]
pub struct SearchOptions {
    /// The highest number of hits to return. An article and its near-copies are one hit.
    pub limit: usize,
    /// Collections to search; all when empty. An unknown name finds nothing.
    pub only: Vec<String>,
    /// The weights of collections. With a weight above 1, a few articles of the user are not lost among many old ones.
    pub weights: CollectionWeights,
    /// Whether to count the results by [`super::Facets`], for which every result is visited.
    pub facets: bool,
    /// Whether to explain the score of each hit.
    pub explain: bool,
    /// The weights of the features by which articles are ranked.
    pub ranking: Ranking,
    /// The function that encodes the meaning of the query; `None` to search by words alone.
    pub meaning: Option<FindMeaning>,
}

impl Default for SearchOptions {
    fn default() -> Self {
        SearchOptions {
            limit: 10,
            only: Vec::new(),
            weights: CollectionWeights::new(),
            facets: false,
            explain: false,
            ranking: Ranking::default(),
            meaning: None,
        }
    }
}

impl Index {
    /// The names of the collections, sorted, each with its number of articles.
    pub fn collections(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let mut counts = BTreeMap::new();
        self.for_each_term(self.fields.collection, |name, count| {
            *counts.entry(String::from_utf8_lossy(name).into_owned()).or_default() += count;
        })?;
        Ok(counts.into_iter().filter(|(_, count)| *count > 0).collect())
    }
}
