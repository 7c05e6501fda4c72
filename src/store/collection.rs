//! Collections: which there are, searching in some of them, and preferring some to others.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query, TermSetQuery};
use tantivy::{DocAddress, Term};

use super::schema::COLLECTION;
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
}

impl Default for SearchOptions {
    fn default() -> Self {
        SearchOptions { limit: 10, only: Vec::new(), weights: Weights::new() }
    }
}

/// A query without what says where to search, and that.
pub(super) struct Scope<'a> {
    /// What to search for.
    pub(super) text: Cow<'a, str>,
    /// The words `in:NAME` of the query.
    said: Vec<&'a str>,
    /// Collections to search; all when empty.
    only: Vec<String>,
    weights: &'a Weights,
}

impl Scope<'_> {
    /// `text` with what the query says about where to search.
    pub(super) fn with_said(&self, text: String) -> String {
        let words: Vec<&str> = self.said.iter().copied().chain([text.as_str()]).collect();
        words.join(" ")
    }
}

/// A query word that begins like this names a collection, if there is one of that name.
const IN: &str = "in:";

impl Store {
    /// The collections by name, each with the number of its articles.
    pub fn collections(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let mut counts = BTreeMap::new();
        self.for_each_term(self.fields.collection, |name, count| {
            *counts.entry(String::from_utf8_lossy(name).into_owned()).or_default() += count;
        })?;
        Ok(counts.into_iter().filter(|(_, count)| *count > 0).collect())
    }

    /// Reads `in:NAME` out of the query. What names no collection stays, as part of a message.
    pub(super) fn scope<'a>(&self, query: &'a str, options: &'a SearchOptions) -> Result<Scope<'a>, StoreError> {
        let mut scope = Scope {
            text: Cow::Borrowed(query),
            said: Vec::new(),
            only: options.only.clone(),
            weights: &options.weights,
        };
        if !query.contains(IN) {
            return Ok(scope);
        }
        let known = self.collections()?;
        let mut rest = Vec::new();
        for word in query.split_whitespace() {
            match word.strip_prefix(IN).filter(|name| known.iter().any(|(known, _)| known == name)) {
                Some(name) => {
                    scope.only.push(name.to_owned());
                    scope.said.push(word);
                }
                None => rest.push(word),
            }
        }
        scope.text = Cow::Owned(rest.join(" "));
        Ok(scope)
    }

    /// `query` within `scope`, the scores weighted. As it is when nothing restricts or weighs it: that is the fast one.
    pub(super) fn scoped(&self, query: BooleanQuery, scope: &Scope<'_>) -> Result<Box<dyn Query>, StoreError> {
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
        let terms = names.iter().map(|name| Term::from_field_text(self.fields.collection, name));
        let filter = ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), 0.0);
        Box::new(BooleanQuery::new(vec![(Occur::Must, Box::new(query)), (Occur::Must, Box::new(filter))]))
    }

    /// Whether an article is of a collection that `scope` searches.
    pub(super) fn is_within(&self, scope: &Scope<'_>, address: DocAddress) -> bool {
        if scope.only.is_empty() {
            return true;
        }
        let column = self.searcher.segment_reader(address.segment_ord).fast_fields().str(COLLECTION);
        // A column that cannot be read is that of a damaged store; loading the hits says so.
        let Ok(Some(column)) = column else { return false };
        let mut name = String::new();
        let is_named = |ord| column.ord_to_str(ord, &mut name).is_ok_and(|known| known) && scope.only.contains(&name);
        column.term_ords(address.doc_id).any(is_named)
    }
}
