//! Collections: which there are, and preferring some to others. Searching in some of them is a filter like any other.

use std::collections::BTreeMap;

use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query};

use super::filter::{Scope, unscored};
use super::{Store, StoreError};

/// What the scores of each collection's articles are multiplied by, > 0; 1 for those not named.
pub type Weights = BTreeMap<String, f32>;

/// How to search, beside the query.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchOptions {
    /// Most hits. An article and its near-copies are one.
    pub limit: usize,
    /// Collections to search; all when empty. A name that no article has finds nothing.
    pub only: Vec<String>,
    /// Which collections to prefer, so that many old articles do not drown a few of one's own.
    pub weights: Weights,
    /// Whether to count how the articles found are spread over [`super::Facets`]. It visits every one of them.
    pub facets: bool,
}

impl Default for SearchOptions {
    fn default() -> Self {
        SearchOptions { limit: 10, only: Vec::new(), weights: Weights::new(), facets: false }
    }
}

impl Store {
    /// The collections by name, each with the number of its articles.
    pub fn collections(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let mut counts = BTreeMap::new();
        self.for_each_term(self.fields.collection, |name, count| {
            *counts.entry(String::from_utf8_lossy(name).into_owned()).or_default() += count;
        })?;
        Ok(counts.into_iter().filter(|(_, count)| *count > 0).collect())
    }

    /// `query` within `scope`, the scores weighted. As it is when nothing restricts or weighs it: that is the fast one.
    pub(super) fn scoped(&self, query: BooleanQuery, scope: &Scope<'_>) -> Result<Box<dyn Query>, StoreError> {
        let query = scope.restricting(query);
        let weight_of = |name: &str| scope.weights.get(name).copied().unwrap_or(1.0);
        if scope.weights.values().all(|weight| *weight == 1.0) {
            return Ok(if scope.only.is_empty() { Box::new(query) } else { self.within(query, &scope.only) });
        }
        let mut by_weight: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for (name, _) in self.collections()? {
            if scope.only.is_empty() || scope.only.contains(&name) {
                by_weight.entry(weight_of(&name).to_bits()).or_default().push(name);
            }
        }
        let weighted = by_weight.into_iter().map(|(weight, names)| -> (Occur, Box<dyn Query>) {
            let boosted = BoostQuery::new(self.within(query.clone(), &names), f32::from_bits(weight));
            (Occur::Should, Box::new(boosted))
        });
        Ok(Box::new(BooleanQuery::new(weighted.collect())))
    }

    fn within(&self, query: BooleanQuery, names: &[String]) -> Box<dyn Query> {
        let filter = unscored(self.of_collections(names));
        Box::new(BooleanQuery::new(vec![(Occur::Must, Box::new(query)), (Occur::Must, filter)]))
    }
}
