//! A hit of a ranking, reduced to what is scored and saved.

use serde::{Deserialize, Serialize};

use crate::store::{HitIds, SearchResults};

/// At most this many near-copies of a hit are kept. A relevant article among them counts as found.
pub(super) const MAX_COPIES: usize = 10;

/// One hit of a ranking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankedHit {
    /// Canonical id.
    pub id: String,
    /// Score of the search; comparable within one answer.
    pub score: f32,
    /// Ids of its first ten near-copies.
    pub near_copies: Vec<String>,
}

impl RankedHit {
    /// Returns the ids of its article and of its first ten near-copies.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let copies = self.near_copies.iter().take(MAX_COPIES);
        std::iter::once(&self.id).chain(copies).map(String::as_str)
    }
}

/// Returns the hits of a search in the form that is scored and saved, in the same order.
pub fn ranked(found: &SearchResults) -> Vec<RankedHit> {
    found.hits.iter().map(|hit| kept(&hit.stored.article.id, hit.score, &hit.near_copies)).collect()
}

impl From<HitIds> for RankedHit {
    fn from(group: HitIds) -> RankedHit {
        kept(&group.id, group.score, &group.near_copies)
    }
}

fn kept(id: &str, score: f32, near_copies: &[String]) -> RankedHit {
    RankedHit { id: id.to_owned(), score, near_copies: near_copies.iter().take(MAX_COPIES).cloned().collect() }
}
