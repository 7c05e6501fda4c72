//! `casebook search --format json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::explain::{self, Explanation};
use super::show::{RelationReason, reason};
use super::{Product, products};
use crate::article::full_title;
use crate::query::FilterField;
use crate::store::{self, SearchResults, UnmatchedFilter, WhyNot};

/// `casebook search --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Search {
    /// The query as given.
    query: String,
    /// Time of the search in milliseconds.
    took_ms: f64,
    /// Number of articles that contain any of the query's words.
    total: usize,
    /// The best of them, best first.
    hits: Vec<SearchHit>,
    /// A spelling that finds more, if there is one.
    suggestion: Option<String>,
    /// Words that the first hit does not contain, in lower case, if it contains less than half of the query.
    lacking: Vec<String>,
    /// Why there are no hits; null where there are some.
    nothing: Option<Nothing>,
    /// For each facet, how many of all found articles have each value; empty without `--facets`.
    facets: BTreeMap<String, BTreeMap<String, u64>>,
    /// Filters and phrases that no article matches; their words were searched instead.
    unmatched: Vec<Unmatched>,
    /// The article of `--more-like`, and the words that were searched for.
    #[serde(skip_serializing_if = "Option::is_none")]
    like: Option<Like>,
    /// The result for the article that `--why-not` names.
    #[serde(skip_serializing_if = "Option::is_none")]
    why_not: Option<explain::WhyNot>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Unmatched {
    /// `product`, `kind` and so on, or `phrase`.
    field: &'static str,
    /// As typed.
    value: String,
    /// A value that some article has.
    near: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Like {
    id: String,
    title: String,
    /// The words that were searched for.
    words: Vec<String>,
    /// Its near-copies, which are not among the hits.
    near_copies: Vec<NearCopy>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct NearCopy {
    id: String,
    /// How alike the texts are, 0–1.
    similarity: f32,
}

/// Why a search found nothing.
#[derive(Debug, Serialize, JsonSchema)]
struct Nothing {
    /// Words that no article contains.
    unknown_words: Vec<UnknownWord>,
    /// Restrictions without which something is found.
    without: Vec<Without>,
    /// Number of articles that match the filters and exclusions, without the words; null if there are no filters.
    let_through: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct UnknownWord {
    /// In lower case.
    word: String,
    /// Similar words in titles.
    near: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Without {
    /// The filters (alternatives) or the exclusion that is left out.
    left_out: Vec<String>,
    /// The rest of the query.
    query: String,
    /// Number of articles that it finds.
    total: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SearchHit {
    rank: usize,
    id: String,
    title: String,
    score: f32,
    collection: String,
    products: Vec<Product>,
    modified: Option<String>,
    /// `draft` or `retired`; absent for a published article.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    section: Option<String>,
    snippet: String,
    /// Near-copies with a lower rank.
    near_copies: Vec<String>,
    source: String,
    /// The parts of the score; with `--explain` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Explanation>,
    /// Its relations to the article of `--more-like`, strongest first; with that option only.
    #[serde(skip_serializing_if = "Option::is_none")]
    relations: Option<Vec<RelationReason>>,
}

/// The answer of `search`. `took_ms` covers the search alone, not the start of the process.
pub fn search(query: &str, found: &SearchResults, why_not: Option<&WhyNot>, took_ms: f64) -> Search {
    let hits = found.hits.iter().enumerate().map(|(index, hit)| {
        let article = &hit.stored.article;
        SearchHit {
            rank: index + 1,
            id: article.id.clone(),
            title: full_title(article),
            score: hit.score,
            collection: hit.stored.collection.clone(),
            products: products(article),
            modified: article.modified.map(|date| date.to_string()),
            state: article.state.unless_published(),
            section: hit.section.map(|section| article.sections[section].kind.name().to_owned()),
            snippet: hit.snippet.text.clone(),
            near_copies: hit.near_copies.clone(),
            source: hit.stored.source.clone(),
            explanation: hit.explanation.as_ref().map(explain::explanation),
            relations: found.like.is_some().then(|| hit.relations.iter().map(reason).collect()),
        }
    });
    Search {
        query: query.to_owned(),
        took_ms,
        total: found.total,
        hits: hits.collect(),
        suggestion: found.suggestion.clone(),
        lacking: found.lacking.clone(),
        nothing: found.nothing.as_ref().map(nothing),
        facets: found.facets.clone(),
        unmatched: found.unmatched.iter().map(unmatched).collect(),
        like: found.like.as_ref().map(like),
        why_not: why_not.map(explain::why_not),
    }
}

fn like(like: &store::SimilarTo) -> Like {
    let copy = |(id, similarity): &(String, f32)| NearCopy { id: id.clone(), similarity: *similarity };
    Like {
        id: like.id.clone(),
        title: like.title.clone(),
        words: like.words.clone(),
        near_copies: like.near_copies.iter().map(copy).collect(),
    }
}

fn nothing(why: &store::EmptyResult) -> Nothing {
    let unknown = |unknown: &store::UnknownWord| UnknownWord { word: unknown.word.clone(), near: unknown.near.clone() };
    let without = |without: &store::WithoutRestriction| Without {
        left_out: explain::restriction(&without.restriction),
        query: without.query.clone(),
        total: without.total,
    };
    Nothing {
        unknown_words: why.unknown.iter().map(unknown).collect(),
        without: why.without.iter().map(without).collect(),
        let_through: why.let_through,
    }
}

fn unmatched(filter: &UnmatchedFilter) -> Unmatched {
    Unmatched {
        field: filter.field.map_or("phrase", FilterField::name),
        value: filter.value.clone(),
        near: filter.near.clone(),
    }
}
