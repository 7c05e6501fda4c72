//! Articles like one: its most telling words as a query, without it and those that say the same.

use std::collections::BTreeMap;

use super::super::collection::SearchOptions;
use super::super::relations::Relation;
use super::super::relations::near_copies;
use super::super::relations::related;
use super::super::schema::lead;
use super::super::text::words;
use super::super::{Index, StoreError};
use super::Found;
use super::asked::article_ids;
use super::plan::inverse_frequency;
use super::plan::n_holding;
use super::search_for;
use super::synonyms;
use crate::article::{Article, canonical_id, full_title};
use crate::query::{Filter, Piece, Query, Value};

/// Words of an article that are searched for. Further ones tell little, and each costs time.
const TELLING_WORDS: usize = 25;

/// A word of the title counts as so many: the title is what an article is about.
const TITLE_COUNT: u32 = 3;

/// Related articles that are looked up to say what hits have to do with the article.
const RELATED: usize = 500;

/// What a search for articles like one went by.
#[derive(Debug, Clone, PartialEq)]
pub struct Like {
    /// Canonical id.
    pub id: String,
    /// Its title, prefix included.
    pub title: String,
    /// The words that were searched for, in the order in which the article has them.
    pub words: Vec<String>,
    /// Ids of the articles that say the same, with how alike the texts are, 0–1; none of them is a hit.
    pub near_copies: Vec<(String, f32)>,
}

/// The articles most like the one with this id or alias, each with what the two have to do with one another; `None` when
/// the store does not hold it. `query` restricts them and may add words; it may be empty.
pub fn more_like(
    index: &Index,
    name: &str,
    query: &Query,
    options: &SearchOptions,
) -> Result<Option<Found>, StoreError> {
    let Some(stored) = index.get(name)? else { return Ok(None) };
    let article = &stored.article;
    let near_copies = near_copies(index, &article.id)?;
    let words = telling_words_of(index, article)?;
    let left_out = std::iter::once(&article.id).chain(near_copies.iter().map(|(id, _)| id)).map(|id| without(id));
    let own = Some(words.join(" ")).filter(|text| !text.is_empty()).map(Piece::Text);
    let query = Query { pieces: own.into_iter().chain(left_out).chain(query.pieces.iter().cloned()).collect() };
    let mut found = search_for(index, &query, options)?;
    let related = related(index, &stored, RELATED)?.into_iter().map(|related| (related.id, related.reasons));
    let mut related: BTreeMap<String, Vec<Relation>> = related.collect();
    for hit in &mut found.hits {
        hit.relations = related.remove(&hit.stored.article.id).unwrap_or_default();
    }
    let like = Like { id: article.id.clone(), title: full_title(article), words, near_copies };
    // The words are the article's own: there is nothing to say of their spelling, or of those that a hit lacks.
    Ok(Some(Found { like: Some(like), suggestion: None, lacking: Vec::new(), ..found }))
}

/// The words of an article's title and opening that tell most, by how often they stand there and how rare they are
/// elsewhere, as written, in the order of their first places.
fn telling_words_of(index: &Index, article: &Article) -> Result<Vec<String>, StoreError> {
    let mut counted = Vec::new();
    for (stem, (place, written, count)) in opening_words(article) {
        let rarity = inverse_frequency(n_holding(index, &stem)?, index.searcher.num_docs());
        counted.push((rarity * (count as f32).ln_1p(), place, written));
    }
    counted.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    counted.truncate(TELLING_WORDS);
    counted.sort_by_key(|(_, place, _)| *place);
    Ok(counted.into_iter().map(|(_, _, written)| written).collect())
}

/// The words of the title and opening by stem: where each stands first, as written there, and how often. Neither small words
/// nor ids, which would find the articles they name and nothing else.
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

/// What leaves an article out.
fn without(id: &str) -> Piece {
    Piece::Filter(Filter { negated: true, value: Value::Id(id.to_owned()), written: id.to_owned() })
}
