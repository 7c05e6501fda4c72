//! Full-text search: takes a query and returns ranked articles, each with its best passage.
//!
//! ```text
//! typed text ─ query::parse ─> Query ─ scope ─> Scope ─ plan ─> Plan ─ best ─> documents ─ rank ─> in order ─ matches ─> Hit
//! ```
//!
//! A query is never a syntax error: everything except filters is split into words, and documents that contain more and rarer
//! words rank higher. Codes and article ids in the query are looked up exactly and come first.
//!
//! Each function reads an [`Index`], which does not change: bringing the store up to date is up to the caller. An index may be
//! shared by threads.

mod alignment;
mod bm25;
mod eligible;
mod empty_result;
mod evidence;
mod explain;
#[cfg(test)]
mod fixture;
mod fuse;
mod glance;
mod hit_ids;
mod matches;
mod message;
mod passage;
mod plan;
mod query_words;
mod quoted_message;
mod rank;
mod restrict;
mod score;
mod seen_signature;
mod shared_information;
mod signature;
mod similar;
mod suggest;
mod synonyms;
mod weak;
mod why_not;

use std::ops::Range;

use tantivy::DocAddress;

use super::collection::SearchOptions;
use super::facets::Facets;
use super::filter::{self, UnmatchedFilter, is_within, scope};
use super::index::StoredArticle;
use super::relations::{Relation, Sketches};
use super::{Index, StoreError};
use crate::article::SectionKind;
use crate::query::Query;
use empty_result::why_empty;
use explain::explained;
use matches::matches;
use plan::plan;
use rank::ranked;
use suggest::suggestion;
use weak::lacking;

pub use empty_result::{EmptyResult, UnknownWord, WithoutRestriction};
pub use evidence::{ArticleEvidence, evidence};
pub use explain::{ScoreExplanation, ScoreLabel, ScorePart, explain};
pub use glance::glance;
pub use hit_ids::{HitIds, find_ids};
pub use query_words::WordOrigin;
#[cfg(feature = "lab")]
pub(crate) use query_words::codes;
pub use restrict::Restriction;
pub use seen_signature::{LogRecords, SeenSignature, seen_signatures};
pub use shared_information::SharedInformation;
pub use signature::{ArticleSignature, signatures};
pub use similar::{SimilarTo, more_like};
pub use why_not::{WhyNot, WhyNotReason, why_not};

use passage::PassageFinder;

/// The results of a search.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SearchResults {
    /// The number of documents that contain at least one of the terms.
    pub total: usize,
    /// The best of them, best first. A near-copy of a better hit is listed with that hit.
    pub hits: Vec<Hit>,
    /// The query with corrected spelling: words that no article contains are replaced by similar ones that some article
    /// contains. If the best hit is weak, words that few articles contain are replaced too. `None` when nothing is replaced.
    pub suggestion: Option<String>,
    /// The words that the best hit lacks, in lower case, if it is weak: it contains less than half of the query by weight.
    pub lacking: Vec<String>,
    /// Why there are no hits; `None` when there are some.
    pub nothing: Option<EmptyResult>,
    /// For a search by an article: that article, and the words taken from it.
    pub like: Option<SimilarTo>,
    /// The number of results for each facet and value; empty unless requested.
    pub facets: Facets,
    /// The filters and phrases that no article matches, and that did not restrict the search.
    pub unmatched: Vec<UnmatchedFilter>,
}

/// One result of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The article.
    pub stored: StoredArticle,
    /// The score of the article, > 0. Scores of different searches cannot be compared.
    pub score: f32,
    /// The sorted ids of its near-copies that are not better hits.
    pub near_copies: Vec<String>,
    /// The index of the best section; `None` when only title or keywords match.
    pub section: Option<usize>,
    /// The best passage of that section.
    pub snippet: Snippet,
    /// The explanation of the score; `None` unless requested.
    pub explanation: Option<ScoreExplanation>,
    /// For a search by an article: the relations of the hit to it, strongest first.
    pub relations: Vec<Relation>,
}

/// A passage with its matching words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    /// The text, with white space folded.
    pub text: String,
    /// The byte ranges of the matching words, in order, not overlapping.
    pub highlights: Vec<Range<usize>>,
}

/// A hit by id and title, without its article.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedId {
    /// Canonical id.
    pub id: String,
    /// Title.
    pub title: String,
    /// The same as [`Hit::score`].
    pub score: f32,
}

/// Finds the articles that match a query best, each with its best passage. A query of filters alone lists the articles that
/// match them, newest first. An empty query finds nothing.
pub fn find(index: &Index, query: &Query, options: &SearchOptions) -> Result<SearchResults, StoreError> {
    let (query, mut found) = search_loosely(index, query, options)?;
    if found.hits.is_empty() {
        found.nothing = Some(why_empty(index, &filter::loosened(&query).0, options)?);
    }
    Ok(found)
}

/// Searches for a query. When its phrases and sections exclude everything, searches without them. Returns the query
/// that was used, and its results.
fn search_loosely(index: &Index, query: &Query, options: &SearchOptions) -> Result<(Query, SearchResults), StoreError> {
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

/// The query that a search for `query` uses in the end: without phrases and sections, if these exclude everything.
pub(super) fn query_searched(index: &Index, query: &Query, options: &SearchOptions) -> Result<Query, StoreError> {
    let options = SearchOptions { limit: 1, facets: false, explain: false, ..options.clone() };
    search_loosely(index, query, &options).map(|(query, _)| query)
}

pub(super) fn search_for(index: &Index, query: &Query, options: &SearchOptions) -> Result<SearchResults, StoreError> {
    let scope = scope(index, query, options)?;
    let plan = plan(index, &scope, options)?;
    let sketches = Sketches::open(index)?;
    let matches = matches(index, plan.as_ref(), &scope, &sketches, options)?;
    let best = matches.leaders.first().map(|(_, address)| *address);
    let lacking = plan.as_ref().map_or(Ok(Vec::new()), |plan| lacking(plan, &scope.text, best))?;
    let suggestion = suggestion(index, &scope.text, !lacking.is_empty())?;
    let suggestion = suggestion.map(|better| scope.query.with_text(better).to_string());
    let addresses: Vec<DocAddress> = matches.leaders.iter().map(|(_, address)| *address).collect();
    let copies = sketches.copies_of(&addresses, |copy| is_within(index, &scope, copy))?;
    let kinds: Vec<SectionKind> = scope.query.sections().collect();
    let passages = plan.as_ref().map(PassageFinder::new);
    let mut hits = Vec::with_capacity(matches.leaders.len());
    for ((score, address), near_copies) in matches.leaders.into_iter().zip(copies) {
        let Some(stored) = index.load(address)? else { continue };
        let best = passages.as_ref().map(|passages| passages.best(&stored.article.sections, &kinds));
        let (section, snippet) = best.unwrap_or_default();
        let explain = || explained(index, plan.as_ref(), &scope, address);
        let explanation = options.explain.then(explain).transpose()?;
        hits.push(Hit { stored, score, near_copies, section, snippet, explanation, relations: Vec::new() });
    }
    Ok(SearchResults {
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

/// Ranks articles for a text without syntax. Returns ids and titles alone: parses no article and does not fold near-copies.
pub fn rank(index: &Index, text: &str, options: &SearchOptions) -> Result<Vec<RankedId>, StoreError> {
    let scope = scope(index, &Query::plain(text), options)?;
    let Some(plan) = plan(index, &scope, options)? else { return Ok(Vec::new()) };
    let ranked = ranked(&plan, options.limit)?;
    let named = |(score, address)| {
        let (id, title) = index.name_at(address)?;
        Ok(RankedId { id, title, score })
    };
    ranked.into_iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::fixture::{article, commit};
    use super::*;
    use crate::query;
    use crate::store::{Ranking, Store};

    fn ids(index: &Index, query: &str, options: &SearchOptions) -> Vec<String> {
        let found = find(index, &query::parse(query), options).expect("a search in memory");
        found.hits.into_iter().map(|hit| hit.stored.article.id).collect()
    }

    #[test]
    fn an_index_does_not_change_with_its_store_and_threads_may_share_it() {
        let options = SearchOptions::default();
        let mut store = Store::in_memory();
        commit(&mut store, &[article(0, "Mail waits", "It waits.", "Unknown.")], "kb", &[]);
        let before = store.index().clone();
        commit(&mut store, &[article(1, "Mail is lost", "It is gone.", "Unknown.")], "kb", &[]);
        let found = std::thread::scope(|scope| {
            let threads = [&before, store.index(), &before].map(|index| scope.spawn(|| ids(index, "mail", &options)));
            threads.map(|thread| thread.join().expect("no thread panics").len())
        });
        assert_eq!(found, [1, 2, 1]);
    }

    #[test]
    fn drafts_and_retired_articles_come_last_and_are_found_by_their_state() {
        let mut store = Store::in_memory();
        let with_state = |nth: usize, state: &str, symptoms: &str| {
            let (_, text) = article(nth, "Mail waits in the queue", symptoms, "Unknown.");
            let text = text.replacen("---\n", &format!("---\n{state}\n"), 1);
            (crate::article::parse(&text, "").expect("the layout is known"), text)
        };
        let articles = [
            with_state(0, "workflow_state: retired", "Mail waits in the queue. Mail waits."),
            with_state(1, "draft: true", "Mail waits in the queue. Mail."),
            with_state(2, "status: published", "Nothing is delivered to other sites any more. Mail is late."),
        ];
        commit(&mut store, &articles, "kb", &[]);
        let found = |query: &str| ids(store.index(), query, &SearchOptions::default());
        assert_eq!(found("mail waits in the queue")[0], "Q100102");
        assert_eq!(found("mail state:retired"), ["Q100100"]);
        assert_eq!(found("state:draft"), ["Q100101"]);
        assert_eq!(found("mail -state:retired -state:draft"), ["Q100102"]);
        assert_eq!(found("mail state:published"), ["Q100102"]);
    }

    #[test]
    fn a_weight_of_0_lists_no_article_twice() {
        let mut store = Store::in_memory();
        let codes = "It fails with 0x80040e14 and 0xc0000005.";
        commit(&mut store, &[article(0, "Mail waits", codes, "Unknown.")], "kb", &[]);
        let options =
            SearchOptions { ranking: Ranking { code: 0.0, ..Ranking::default() }, ..SearchOptions::default() };
        assert_eq!(ids(store.index(), "0x80040e14 0xc0000005", &options), ["Q100100"]);
    }
}
