//! The order of a search alone, for those who measure it: no article is read but to find phrases and sections.

use tantivy::DocAddress;

use super::super::collection::SearchOptions;
use super::super::filter;
use super::super::{Store, StoreError};
use crate::query::{self, Query};

/// A hit by its ids.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Canonical id.
    pub id: String,
    /// As [`Hit::score`](super::Hit::score).
    pub score: f32,
    /// As [`Hit::near_copies`](super::Hit::near_copies).
    pub near_copies: Vec<String>,
}

impl Store {
    /// The hits of [`Store::search`] by their ids, in a fraction of its time.
    pub fn groups(&self, typed: &str, options: &SearchOptions) -> Result<Vec<Group>, StoreError> {
        let query = query::parse(typed);
        let groups = self.groups_for(&query, options)?;
        let (looser, unmatched) = filter::loosened(&query);
        if groups.is_empty() && !unmatched.is_empty() {
            return self.groups_for(&looser, options);
        }
        Ok(groups)
    }

    fn groups_for(&self, query: &Query, options: &SearchOptions) -> Result<Vec<Group>, StoreError> {
        let scope = self.scope(query, options)?;
        let plan = self.plan(&scope.text, options)?;
        let sketches = self.sketches()?;
        let leaders = self.matches(plan.as_ref(), &scope, &sketches, options)?.leaders;
        let addresses: Vec<DocAddress> = leaders.iter().map(|(_, address)| *address).collect();
        let copies = self.copies_of(&sketches, &addresses, |copy| self.is_within(&scope, copy))?;
        let group = |((score, address), near_copies)| Ok(Group { id: self.id_at(address)?, score, near_copies });
        leaders.into_iter().zip(copies).map(group).collect()
    }
}
