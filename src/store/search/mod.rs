//! Full-text search: a query in any words, ranked articles with the passage that fits best.
//!
//! ```text
//! typed text ─ query::parse ─> Query ─ scope ─> Scope ─ plan ─> Plan ─ best ─> documents ─ rank ─> in order ─ matches ─> Hit
//! ```
//!
//! A query is never a syntax error: whatever is no filter is cut into words, and documents that hold more and rarer ones rank
//! higher. Codes and article ids in the query are looked up exactly and come first.

mod alignment;
mod asked;
mod bm25;
mod evidence;
mod explain;
#[cfg(test)]
mod fixture;
mod fuse;
mod groups;
mod like;
mod matches;
mod message;
mod nothing;
mod passage;
mod plan;
mod quoted;
mod rank;
mod restrict;
mod score;
mod sighting;
mod signature;
mod suggest;
mod synonyms;
mod weak;
mod why_not;

use std::ops::Range;

use tantivy::DocAddress;

use super::collection::SearchOptions;
use super::facets::Facets;
use super::filter::is_within;
use super::filter::scope;
use super::filter::{self, UnmatchedFilter};
use super::index::StoredArticle;
use super::relations::{Relation, Sketches};
use super::{Index, StoreError};
use crate::article::SectionKind;
use crate::query::Query;
use explain::explained;
use matches::matches;
use nothing::nothing;
use plan::plan;
use rank::ranked;
use suggest::suggestion;
use weak::lacking;

pub use asked::Origin;
pub use evidence::{Evidence, evidence};
pub use explain::{Explained, Label, Part, explain};
pub use groups::{Group, groups};
pub use like::{Like, more_like};
pub use nothing::{Nothing, UnknownWord, Without};
pub use restrict::Restriction;
pub use sighting::{Printed, Sighting, sightings};
pub use signature::{Signature, signatures};
pub use why_not::{Outcome, WhyNot, why_not};

use passage::Passages;
use score::Among;

/// What a search found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// Documents that hold at least one of the terms.
    pub total: usize,
    /// The best of them, best first; one that says the same as a better one is among the near-copies of that.
    pub hits: Vec<Hit>,
    /// The query with words that no article holds replaced by near ones that some do, if there are any. Where the best hit
    /// is weak, so are words that few hold.
    pub suggestion: Option<String>,
    /// Words that the best hit lacks, in lower case, if it is a weak one: it holds less than half of what was asked.
    pub lacking: Vec<String>,
    /// Why there are no hits; `None` where there are some.
    pub nothing: Option<Nothing>,
    /// The article that others like it were searched for, and by which words.
    pub like: Option<Like>,
    /// For each facet, how many of all found articles have each value; empty unless asked for.
    pub facets: Facets,
    /// What was asked for besides words and no article fulfils, so that it did not restrict the search.
    pub unmatched: Vec<UnmatchedFilter>,
}

/// One article that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The article.
    pub stored: StoredArticle,
    /// Sum of BM25 scores, > 0; comparable within one search.
    pub score: f32,
    /// Ids of the articles that say the same and are no better hits, if they are hits at all; sorted.
    pub near_copies: Vec<String>,
    /// Index of the section that fits best; `None` when only title or keywords do.
    pub section: Option<usize>,
    /// The passage that fits best.
    pub snippet: Snippet,
    /// Where the score comes from, if that was asked for.
    pub explanation: Option<Explained>,
    /// What it has to do with the article that others like it were searched for, strongest first.
    pub relations: Vec<Relation>,
}

/// A passage with the words that were searched for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    /// The passage, white space folded.
    pub text: String,
    /// Byte ranges of the words in it, in order, not overlapping.
    pub highlights: Vec<Range<usize>>,
}

/// A hit without its article: what diagnosis needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Canonical id.
    pub id: String,
    /// Title.
    pub title: String,
    /// As [`Hit::score`].
    pub score: f32,
}

/// The articles that fit a query best, with a passage each. Filters without words list what fulfils them, the
/// newest first. Nothing to search for finds nothing.
pub fn find(index: &Index, query: &Query, options: &SearchOptions) -> Result<Found, StoreError> {
    let (query, mut found) = search_loosely(index, query, options)?;
    if found.hits.is_empty() {
        found.nothing = Some(nothing(index, &filter::loosened(&query).0, options)?);
    }
    Ok(found)
}

/// What a query finds; without what only reading can tell where nothing holds up. Beside it the query that found it.
fn search_loosely(index: &Index, query: &Query, options: &SearchOptions) -> Result<(Query, Found), StoreError> {
    let found = search_for(index, query, options)?;
    let (looser, unmatched) = filter::loosened(query);
    if !found.hits.is_empty() || unmatched.is_empty() {
        return Ok((query.clone(), found));
    }
    let mut more = search_for(index, &looser, options)?;
    if more.hits.is_empty() {
        return Ok((query.clone(), found));
    }
    more.unmatched.extend(unmatched);
    Ok((looser, more))
}

/// The query that a search for `query` comes down to.
pub(super) fn query_searched(index: &Index, query: &Query, options: &SearchOptions) -> Result<Query, StoreError> {
    let options = SearchOptions { limit: 1, facets: false, explain: false, ..options.clone() };
    search_loosely(index, query, &options).map(|(query, _)| query)
}

pub(super) fn search_for(index: &Index, query: &Query, options: &SearchOptions) -> Result<Found, StoreError> {
    let scope = scope(index, query, options)?;
    let plan = plan(index, &scope.text, options)?;
    let sketches = Sketches::open(index)?;
    let matches = matches(index, plan.as_ref(), &scope, &sketches, options)?;
    let best = matches.leaders.first().map(|(_, address)| *address);
    let lacking = plan.as_ref().map_or(Ok(Vec::new()), |plan| lacking(index, &scope.text, plan, best))?;
    let suggestion = suggestion(index, &scope.text, !lacking.is_empty())?;
    let suggestion = suggestion.map(|better| scope.query.with_text(better).to_string());
    let addresses: Vec<DocAddress> = matches.leaders.iter().map(|(_, address)| *address).collect();
    let copies = sketches.copies_of(&addresses, |copy| is_within(index, &scope, copy))?;
    let kinds: Vec<SectionKind> = scope.query.sections().collect();
    let passages = plan.as_ref().map(Passages::new);
    let among = options.explain.then(|| Among::new(index, &scope)).transpose()?;
    let mut hits = Vec::with_capacity(matches.leaders.len());
    for ((score, address), near_copies) in matches.leaders.into_iter().zip(copies) {
        let Some(stored) = index.load(address)? else { continue };
        let best = passages.as_ref().map(|passages| passages.best(&stored.article.sections, &kinds));
        let (section, snippet) = best.unwrap_or_default();
        let explain = |among| explained(index, plan.as_ref(), &scope, among, address);
        let explanation = among.as_ref().map(explain).transpose()?;
        hits.push(Hit { stored, score, near_copies, section, snippet, explanation, relations: Vec::new() });
    }
    Ok(Found {
        total: matches.total,
        hits,
        suggestion,
        lacking,
        nothing: None,
        like: None,
        facets: matches.facets,
        unmatched: scope.unmatched,
    })
}

/// The articles that fit `text` best, by id and title alone: no article is parsed, and near-copies are not told apart
/// from other articles. Nothing in the text is syntax.
pub fn rank(index: &Index, text: &str, options: &SearchOptions) -> Result<Vec<Ranked>, StoreError> {
    let scope = scope(index, &Query::plain(text), options)?;
    let Some(plan) = plan(index, &scope.text, options)? else { return Ok(Vec::new()) };
    let among = Among::new(index, &scope)?;
    let ranked = ranked(index, &plan, &among, options.limit)?;
    let named = |(score, address)| {
        let (id, title) = index.name_at(address)?;
        Ok(Ranked { id, title, score })
    };
    ranked.into_iter().map(named).collect()
}
