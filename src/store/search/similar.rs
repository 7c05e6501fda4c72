//! Finds articles similar to a given one: searches for its most distinctive words and leaves out its near-copies.

use std::collections::BTreeMap;

use super::super::collection::SearchOptions;
use super::super::relations::{Relation, near_copies, related};
use super::super::schema::lead;
use super::super::text::words;
use super::super::{Index, StoreError};
use super::plan::{inverse_frequency, n_holding};
use super::query_words::article_ids;
use super::{SearchResults, search_for, synonyms};
use crate::article::{Article, canonical_id, full_title};
use crate::query::{Filter, FilterValue, Query, QueryPiece};

/// The most words of an article to search for. Further ones say little, and each costs time.
const DISTINCTIVE_WORDS: usize = 25;

/// A word of the title counts this many times, since the title says what an article is about.
const TITLE_COUNT: u32 = 3;

/// The number of related articles to look up for the relations of the hits.
const RELATED: usize = 500;

/// The article of a search for similar ones, and the words taken from it.
#[derive(Debug, Clone, PartialEq)]
pub struct SimilarTo {
    /// Canonical id.
    pub id: String,
    /// Its title, prefix included.
    pub title: String,
    /// The words that were searched for, in the order of the article.
    pub words: Vec<String>,
    /// The ids of its near-copies with the similarity of the texts, 0–1. None of them is a hit.
    pub near_copies: Vec<(String, f32)>,
}

/// Finds the articles most similar to the one with this id or alias, each with its relations to it. `None` when the store does
/// not hold that article. `query` may restrict the search and add words, or be empty.
pub fn more_like(
    index: &Index,
    name: &str,
    query: &Query,
    options: &SearchOptions,
) -> Result<Option<SearchResults>, StoreError> {
    let Some(stored) = index.get(name)? else { return Ok(None) };
    let article = &stored.article;
    let near_copies = near_copies(index, &article.id)?;
    let words = distinctive_words(index, article)?;
    let left_out = std::iter::once(&article.id).chain(near_copies.iter().map(|(id, _)| id)).map(|id| without(id));
    let own = Some(words.join(" ")).filter(|text| !text.is_empty()).map(QueryPiece::Text);
    let query = Query { pieces: own.into_iter().chain(left_out).chain(query.pieces.iter().cloned()).collect() };
    let mut found = search_for(index, &query, options)?;
    let related = related(index, &stored, RELATED)?.into_iter().map(|related| (related.id, related.reasons));
    let mut related: BTreeMap<String, Vec<Relation>> = related.collect();
    for hit in &mut found.hits {
        hit.relations = related.remove(&hit.stored.article.id).unwrap_or_default();
    }
    let like = SimilarTo { id: article.id.clone(), title: full_title(article), words, near_copies };
    // The words come from the article, so there is no spelling to correct, and hits need not contain all of them.
    Ok(Some(SearchResults { like: Some(like), suggestion: None, lacking: Vec::new(), ..found }))
}

/// The most distinctive words of the title and opening of an article, by their count there and their rarity elsewhere. As
/// written, in order of appearance.
fn distinctive_words(index: &Index, article: &Article) -> Result<Vec<String>, StoreError> {
    let mut counted = Vec::new();
    for (stem, (place, written, count)) in opening_words(article) {
        let rarity = inverse_frequency(n_holding(index, &stem)?, index.searcher.num_docs());
        counted.push((rarity * (count as f32).ln_1p(), place, written));
    }
    counted.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    counted.truncate(DISTINCTIVE_WORDS);
    counted.sort_by_key(|(_, place, _)| *place);
    Ok(counted.into_iter().map(|(_, _, written)| written).collect())
}

/// The words of the title and opening by stem, each with its first place, its spelling there, and its count. Leaves out small
/// words, and ids, which would find only the articles that they name.
fn opening_words(article: &Article) -> BTreeMap<String, (usize, String, u32)> {
    let title = full_title(article);
    let opening = lead(article).into_iter().map(|section| (article.sections[section].text.as_str(), 1));
    let mut counts: BTreeMap<String, (usize, String, u32)> = BTreeMap::new();
    let mut place = 0;
    for (text, count) in std::iter::once((title.as_str(), TITLE_COUNT)).chain(opening) {
        let ids = article_ids(text);
        for (stem, at) in words(text) {
            let written = &text[at];
            if synonyms::is_small(&written.to_lowercase()) || ids.contains(&canonical_id(written)) {
                continue;
            }
            place += 1;
            counts.entry(stem).or_insert_with(|| (place, written.to_owned(), 0)).2 += count;
        }
    }
    counts
}

/// The filter that excludes an article.
fn without(id: &str) -> QueryPiece {
    QueryPiece::Filter(Filter { negated: true, value: FilterValue::Id(id.to_owned()), written: id.to_owned() })
}
