//! Finds out why a search has no hits, and what can be found instead.

use tantivy::collector::Count;

use super::super::collection::SearchOptions;
use super::super::filter::{restriction, scope};
use super::super::{Index, StoreError};
use super::plan::n_holding;
use super::restrict::{Restriction, restrictions};
use super::search_for;
use super::suggest::{MAX_WORDS, nearest};
use super::weak::main_words;
use crate::query::{Query, QueryPiece};

/// At most this many restrictions are tried. Each takes a search.
const MOST_TRIED: usize = 8;

/// At most this many similar words are offered for an unknown one.
const NEAR_WORDS: usize = 3;

/// Why a search has no hits.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EmptyResult {
    /// The words that no article contains; empty for a long text.
    pub unknown: Vec<UnknownWord>,
    /// The restrictions without which there are hits, in the order of the query.
    pub without: Vec<WithoutRestriction>,
    /// The number of articles that match all restrictions, whatever words they contain; `None` without a restriction.
    pub let_through: Option<usize>,
}

/// A word that no article contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    /// The word, in lower case.
    pub word: String,
    /// Similar words of titles, most similar first.
    pub near: Vec<String>,
}

/// The query without one restriction, and its number of results.
#[derive(Debug, Clone, PartialEq)]
pub struct WithoutRestriction {
    /// The restriction that is left out.
    pub restriction: Restriction,
    /// The rest of the query.
    pub query: String,
    /// The number of articles that this query finds, > 0.
    pub total: usize,
}

/// Finds out why `query` has no hits.
pub(super) fn why_empty(index: &Index, query: &Query, options: &SearchOptions) -> Result<EmptyResult, StoreError> {
    let one = SearchOptions { limit: 1, facets: false, explain: false, ..options.clone() };
    let mut without = Vec::new();
    for restriction in restrictions(query, &options.only).into_iter().take(MOST_TRIED) {
        let (rest, only) = restriction.taken_out(query, &options.only);
        let total = search_for(index, &rest, &SearchOptions { only: only.to_vec(), ..one.clone() })?.total;
        let left = || WithoutRestriction { restriction, query: rest.to_string(), total };
        without.extend((total > 0).then(left));
    }
    Ok(EmptyResult {
        unknown: unknown_words(index, &query.text())?,
        without,
        let_through: let_through(index, query, &one)?,
    })
}

fn unknown_words(index: &Index, text: &str) -> Result<Vec<UnknownWord>, StoreError> {
    let telling = Some(main_words(text)).filter(|telling| telling.len() <= MAX_WORDS).unwrap_or_default();
    let mut unknown = Vec::new();
    for (stem, word) in telling {
        if n_holding(index, &stem)? == 0 {
            unknown.push(UnknownWord { near: nearest(index, &stem, 0, NEAR_WORDS)?, word });
        }
    }
    Ok(unknown)
}

/// The number of articles that match all restrictions of a query.
fn let_through(index: &Index, query: &Query, options: &SearchOptions) -> Result<Option<usize>, StoreError> {
    let restricts = |piece: &&QueryPiece| !matches!(piece, QueryPiece::Text(_));
    let restricting = Query { pieces: query.pieces.iter().filter(restricts).cloned().collect() };
    let scope = scope(index, &restricting, options)?;
    let filter = restriction(index, &scope);
    let count = filter.map(|filter| index.searcher.search(filter.as_ref(), &Count));
    count.transpose().map_err(|error| index.error(error))
}
