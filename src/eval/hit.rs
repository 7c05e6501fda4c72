//! A hit of a ranking, as far as it is measured and kept.

use serde::{Deserialize, Serialize};

use crate::store::{HitIds, SearchResults};

/// The near-copies of a hit that are kept; finding a relevant article among them counts as finding it.
pub(super) const MAX_COPIES: usize = 10;

/// One hit of a ranking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankedHit {
    /// Canonical id.
    pub id: String,
    /// The search's own score; comparable within one answer.
    pub score: f32,
    /// The first ten of the articles that say the same.
    pub near_copies: Vec<String>,
}

impl RankedHit {
    /// The articles that the hit stands for: its own, and the near-copies that count.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let copies = self.near_copies.iter().take(MAX_COPIES);
        std::iter::once(&self.id).chain(copies).map(String::as_str)
    }
}

/// What is kept of the hits of a search.
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
