//! Explains why an article is not among the hits of a search: what excludes it, or what the hits have and it lacks.

use tantivy::DocAddress;

use super::super::collection::SearchOptions;
use super::super::filter::scope;
use super::super::index::Scored;
use super::super::relations::Sketches;
use super::super::{Index, StoreError};
use super::explain::{ScoreExplanation, explained};
use super::matches::matches;
use super::plan::plan;
use super::restrict::{Restriction, barriers};
use super::{Hit, SearchResults, query_searched};
use crate::article::{canonical_id, full_title};
use crate::query::Query;

/// The article is looked for among this many best ones. A lower rank would tell the user nothing.
const DEEPEST: usize = 1_000;

/// At most this many similar ids are offered for an unknown one.
const NEAR_IDS: usize = 3;

/// Why an article is not among the hits.
#[derive(Debug, Clone, PartialEq)]
pub struct WhyNot {
    /// The id or alias as given.
    pub asked: String,
    /// The title of the article, prefix included; `None` if the store does not hold it.
    pub title: Option<String>,
    /// Why the article is not among the hits, or its rank if it is.
    pub outcome: WhyNotReason,
    /// The explanation of its score; `None` if the store does not hold it, if it is excluded, or if nothing of the
    /// query matches.
    pub explained: Option<ScoreExplanation>,
    /// The explanation of the score of a hit to compare with: the last one shown, or for a near-copy the hit that lists
    /// it. `None` when there is nothing to compare.
    pub against: Option<ScoreExplanation>,
}

/// The outcome of a search for one article.
#[derive(Debug, Clone, PartialEq)]
pub enum WhyNotReason {
    /// The store does not hold it.
    NotHeld {
        /// Similar ids that it holds.
        near: Vec<String>,
    },
    /// It is a hit.
    Shown {
        /// The rank of the article, from 1.
        rank: usize,
    },
    /// It is a near-copy of a better hit, which lists it.
    NearCopy {
        /// The id of that hit.
        of: String,
        /// The rank of that hit, from 1.
        rank: usize,
    },
    /// These restrictions exclude it.
    KeptOut(Vec<Restriction>),
    /// It contains none of the words, codes and ids.
    HoldsNothing,
    /// Other articles have higher scores.
    Behind {
        /// Its rank, from 1; `None` beyond the first thousand.
        rank: Option<usize>,
    },
    /// Its full score is high enough for a hit, but by its words alone it ranks so low that the search did not score
    /// its other features.
    Overlooked,
}

/// Explains why the article with this id or alias is not among `found`, the results of `query` with the same options.
pub fn why_not(
    index: &Index,
    query: &Query,
    name: &str,
    found: &SearchResults,
    options: &SearchOptions,
) -> Result<WhyNot, StoreError> {
    let because = |outcome| WhyNot { asked: name.to_owned(), title: None, outcome, explained: None, against: None };
    let address = index.address_of(name)?;
    let Some((address, stored)) = address.zip(index.get(name)?) else {
        return Ok(because(WhyNotReason::NotHeld { near: near_ids(index, name)? }));
    };
    let because = |outcome| WhyNot { title: Some(full_title(&stored.article)), ..because(outcome) };
    let query = query_searched(index, query, options)?;
    let scope = scope(index, &query, options)?;
    let barriers = barriers(index, &scope.query, &options.only, address, &stored)?;
    if !barriers.is_empty() {
        return Ok(because(WhyNotReason::KeptOut(barriers)));
    }
    let plan = plan(index, &scope, options)?;
    let explain = |address| explained(index, plan.as_ref(), &scope, address);
    let explained = explain(address)?;
    if !explained.is_match() {
        return Ok(because(WhyNotReason::HoldsNothing));
    }
    let outcome = match shown(&stored.article.id, &found.hits) {
        Some(outcome) => outcome,
        None => {
            let deep = SearchOptions { limit: DEEPEST.max(options.limit), facets: false, ..options.clone() };
            let sketches = Sketches::open(index)?;
            let ranked = matches(index, plan.as_ref(), &scope, &sketches, &deep)?.leaders;
            place(index, address, &ranked, &sketches, found.hits.len())?
        }
    };
    let rival = match &outcome {
        WhyNotReason::NearCopy { of, .. } => index.address_of(of)?,
        _ => found.hits.last().map_or(Ok(None), |last| index.address_of(&last.stored.article.id))?,
    };
    let rival = rival.filter(|rival| *rival != address);
    let against = rival.map(explain).transpose()?;
    Ok(WhyNot { explained: Some(explained), against, ..because(outcome) })
}

/// The outcome for an article that is not a hit. `ranked` are the best documents without near-copies, of which the first
/// `n_shown` are hits.
fn place(
    index: &Index,
    address: DocAddress,
    ranked: &[Scored],
    sketches: &Sketches<'_>,
    n_shown: usize,
) -> Result<WhyNotReason, StoreError> {
    match ranked.iter().position(|(_, leader)| *leader == address) {
        Some(place) if place < n_shown => return Ok(WhyNotReason::Overlooked),
        Some(place) => return Ok(WhyNotReason::Behind { rank: Some(place + 1) }),
        None => {}
    }
    let own = sketches.get(address);
    let is_near = |leader| sketches.get(leader)?.near(own.as_ref()?);
    match ranked.iter().position(|(_, leader)| is_near(*leader).is_some()) {
        Some(place) => Ok(WhyNotReason::NearCopy { of: index.id_at(ranked[place].1)?, rank: place + 1 }),
        None => Ok(WhyNotReason::Behind { rank: None }),
    }
}

/// The ids and aliases that are most similar to `name`, if any are similar enough.
fn near_ids(index: &Index, name: &str) -> Result<Vec<String>, StoreError> {
    let asked = canonical_id(name);
    let most = 1 + asked.chars().count() / 4;
    let mut near: Vec<(usize, String)> = Vec::new();
    index.for_each_term(index.fields.name, |known, count| {
        let known =
            std::str::from_utf8(known).ok().filter(|known| count > 0 && known.len().abs_diff(asked.len()) <= 4 * most);
        let measured = known.map(|known| (strsim::damerau_levenshtein(&asked, known), known));
        near.extend(
            measured.filter(|(distance, _)| *distance <= most).map(|(distance, known)| (distance, known.to_owned())),
        );
    })?;
    near.sort_unstable();
    near.dedup();
    let nearest = near.first().map(|(distance, _)| *distance);
    near.retain(|(distance, _)| Some(*distance) == nearest);
    near.truncate(NEAR_IDS);
    Ok(near.into_iter().map(|(_, known)| known).collect())
}

/// The outcome for an article that is a hit or listed with one as a near-copy; `None` for any other.
fn shown(id: &str, hits: &[Hit]) -> Option<WhyNotReason> {
    let ranked = || (1..).zip(hits);
    let own = ranked().find(|(_, hit)| hit.stored.article.id == id).map(|(rank, _)| WhyNotReason::Shown { rank });
    let copy = || ranked().find(|(_, hit)| hit.near_copies.iter().any(|copy| copy == id));
    own.or_else(|| copy().map(|(rank, hit)| WhyNotReason::NearCopy { of: hit.stored.article.id.clone(), rank }))
}
