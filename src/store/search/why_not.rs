//! Why an article is not among the hits of a search: what keeps it out, or what the hits have and it has not.

use tantivy::DocAddress;

use super::super::collection::SearchOptions;
use super::super::filter::scope;
use super::super::relations::Sketches;
use super::super::{Index, StoreError};
use super::explain::Explained;
use super::explain::explained;
use super::matches::matches;
use super::plan::plan;
use super::query_searched;
use super::restrict::Restriction;
use super::restrict::barriers;
use super::score::Among;
use super::{Found, Hit};
use crate::article::{canonical_id, full_title};
use crate::query::Query;

/// Ranks that are looked through to find the article's. One that is behind has a rank that helps nobody.
const DEEPEST: usize = 1_000;

/// Ids that are offered for one that is unknown.
const NEAR_IDS: usize = 3;

/// Why an article is not among the hits.
#[derive(Debug, Clone, PartialEq)]
pub struct WhyNot {
    /// The id or alias as it was given.
    pub asked: String,
    /// Its title, prefix included; `None` if it is not held.
    pub title: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// Its score; `None` if it is not held, kept out, or holds nothing that was asked for.
    pub explained: Option<Explained>,
    /// The score of the hit to compare with: the last one shown, or for a near-copy the one that stands for it. `None`
    /// where there is nothing to compare.
    pub against: Option<Explained>,
}

/// What became of an article in a search.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The store does not hold it.
    NotHeld {
        /// Ids that it does hold and that look alike.
        near: Vec<String>,
    },
    /// It is a hit.
    Shown {
        /// From 1 on.
        rank: usize,
    },
    /// It says the same as a better hit, which stands for both.
    NearCopy {
        /// The id of that hit.
        of: String,
        /// From 1 on.
        rank: usize,
    },
    /// These keep it out.
    KeptOut(Vec<Restriction>),
    /// It holds none of the words, codes and ids.
    HoldsNothing,
    /// Others have higher scores.
    Behind {
        /// From 1 on; `None` beyond the first thousand.
        rank: Option<usize>,
    },
    /// Its score would do, but its words alone put it so far behind that it was not looked at more closely.
    Overlooked,
}

/// Why the article with this id or alias is not among `found`, the hits of `query` with the same options.
pub fn why_not(
    index: &Index,
    query: &Query,
    name: &str,
    found: &Found,
    options: &SearchOptions,
) -> Result<WhyNot, StoreError> {
    let because = |outcome| WhyNot { asked: name.to_owned(), title: None, outcome, explained: None, against: None };
    let address = index.address_of(name)?;
    let Some((address, stored)) = address.zip(index.get(name)?) else {
        return Ok(because(Outcome::NotHeld { near: near_ids(index, name)? }));
    };
    let because = |outcome| WhyNot { title: Some(full_title(&stored.article)), ..because(outcome) };
    let query = query_searched(index, query, options)?;
    let scope = scope(index, &query, options)?;
    let barriers = barriers(index, &scope.query, &options.only, address, &stored)?;
    if !barriers.is_empty() {
        return Ok(because(Outcome::KeptOut(barriers)));
    }
    let plan = plan(index, &scope.text, options)?;
    let among = Among::new(index, &scope)?;
    let explain = |address| explained(index, plan.as_ref(), &scope, &among, address);
    let explained = explain(address)?;
    if !explained.is_match() {
        return Ok(because(Outcome::HoldsNothing));
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
        Outcome::NearCopy { of, .. } => index.address_of(of)?,
        _ => found.hits.last().map_or(Ok(None), |last| index.address_of(&last.stored.article.id))?,
    };
    let rival = rival.filter(|rival| *rival != address);
    let against = rival.map(explain).transpose()?;
    Ok(WhyNot { explained: Some(explained), against, ..because(outcome) })
}

/// Where an article that is no hit stands among `ranked`, best first without near-copies, of which `n_shown` are hits.
fn place(
    index: &Index,
    address: DocAddress,
    ranked: &[(f32, DocAddress)],
    sketches: &Sketches<'_>,
    n_shown: usize,
) -> Result<Outcome, StoreError> {
    match ranked.iter().position(|(_, leader)| *leader == address) {
        Some(place) if place < n_shown => return Ok(Outcome::Overlooked),
        Some(place) => return Ok(Outcome::Behind { rank: Some(place + 1) }),
        None => {}
    }
    let own = sketches.get(address);
    let is_near = |leader| sketches.get(leader)?.near(own.as_ref()?);
    match ranked.iter().position(|(_, leader)| is_near(*leader).is_some()) {
        Some(place) => Ok(Outcome::NearCopy { of: index.id_at(ranked[place].1)?, rank: place + 1 }),
        None => Ok(Outcome::Behind { rank: None }),
    }
}

/// The ids and aliases that differ least from `name`, if that is little.
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

/// What became of an article that the page names.
fn shown(id: &str, hits: &[Hit]) -> Option<Outcome> {
    let ranked = || (1..).zip(hits);
    let own = ranked().find(|(_, hit)| hit.stored.article.id == id).map(|(rank, _)| Outcome::Shown { rank });
    let copy = || ranked().find(|(_, hit)| hit.near_copies.iter().any(|copy| copy == id));
    own.or_else(|| copy().map(|(rank, hit)| Outcome::NearCopy { of: hit.stored.article.id.clone(), rank }))
}
