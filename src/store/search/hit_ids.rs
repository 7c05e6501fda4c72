//! Searches for the ids of hits alone, for evaluation. Reads articles only to check phrases and sections.

use tantivy::DocAddress;

use super::super::collection::SearchOptions;
use super::super::filter::{is_within, scope};
use super::super::relations::Sketches;
use super::super::{Index, StoreError, filter};
use super::matches::matches;
use super::plan::plan;
use crate::query::Query;

/// The ids of a hit.
#[derive(Debug, Clone, PartialEq)]
pub struct HitIds {
    /// Canonical id.
    pub id: String,
    /// The same as [`Hit::score`](super::Hit::score).
    pub score: f32,
    /// The same as [`Hit::near_copies`](super::Hit::near_copies).
    pub near_copies: Vec<String>,
}

/// Finds the same hits as [`find`](super::find) in a fraction of its time, and returns their ids.
pub fn find_ids(index: &Index, query: &Query, options: &SearchOptions) -> Result<Vec<HitIds>, StoreError> {
    let ids = ids_for(index, query, options)?;
    let (looser, unmatched) = filter::loosened(query);
    if ids.is_empty() && !unmatched.is_empty() {
        return ids_for(index, &looser, options);
    }
    Ok(ids)
}

fn ids_for(index: &Index, query: &Query, options: &SearchOptions) -> Result<Vec<HitIds>, StoreError> {
    let scope = scope(index, query, options)?;
    let plan = plan(index, &scope, options)?;
    let sketches = Sketches::open(index)?;
    let leaders = matches(index, plan.as_ref(), &scope, &sketches, options)?.leaders;
    let addresses: Vec<DocAddress> = leaders.iter().map(|(_, address)| *address).collect();
    let copies = sketches.copies_of(&addresses, |copy| is_within(index, &scope, copy))?;
    let hit = |((score, address), near_copies)| Ok(HitIds { id: index.id_at(address)?, score, near_copies });
    leaders.into_iter().zip(copies).map(hit).collect()
}
