//! The articles that match: by the index alone where that can tell, else by reading them, or listed by date where filters are
//! all there is.

use std::cmp::Reverse;

use tantivy::collector::{Count, DocSetCollector};
use tantivy::query::Query;
use tantivy::{DocAddress, DocId};

use super::collection::SearchOptions;
use super::facets::{FacetCollector, Facets};
use super::filter::Scope;
use super::near::Sketches;
use super::schema::MODIFIED;
use super::search::{first_fetch, in_ties};
use super::verify::{needs_reading, verify};
use super::{Store, StoreError, attribute};

/// Articles that are read to find phrases and sections, at some 0.1 ms each. All of their words are in every one, so that
/// there are seldom as many.
const MOST_READ: usize = 1_000;

/// What was found, before anything is shown of it.
#[derive(Debug, Default)]
pub(super) struct Matches {
    /// The best, best first, without near-copies of better ones.
    pub(super) leaders: Vec<(f32, DocAddress)>,
    pub(super) total: usize,
    pub(super) facets: Facets,
}

impl Store {
    /// What `query` finds within `scope`, or what the filters of `scope` list where there is no query.
    pub(super) fn matches(
        &self,
        query: Option<&dyn Query>,
        scope: &Scope<'_>,
        sketches: &Sketches<'_>,
        options: &SearchOptions,
    ) -> Result<Matches, StoreError> {
        let found = match query {
            Some(query) if needs_reading(&scope.query) => self.searcher.search(query, &self.top_docs(MOST_READ)),
            Some(query) => return self.ranked(query, sketches, options),
            None if scope.is_list() => self.by_date(scope),
            None => return Ok(Matches::default()),
        };
        let found = found.map_err(|error| self.error(error))?;
        self.complete(self.that_hold_up(found, scope)?, sketches, options)
    }

    fn ranked(
        &self,
        query: &dyn Query,
        sketches: &Sketches<'_>,
        options: &SearchOptions,
    ) -> Result<Matches, StoreError> {
        let collectors = (self.top_docs(first_fetch(options.limit)), Count, options.facets.then_some(FacetCollector));
        let (top, total, facets) = self.searcher.search(query, &collectors).map_err(|error| self.error(error))?;
        let leaders = self.leaders(query, sketches, top, options.limit)?;
        Ok(Matches { leaders, total, facets: facets.unwrap_or_default() })
    }

    /// The articles that fulfil the filters, the newest first.
    fn by_date(&self, scope: &Scope<'_>) -> tantivy::Result<Vec<(f32, DocAddress)>> {
        let found = self.searcher.search(&self.listing(scope), &DocSetCollector)?;
        let mut dated = Vec::with_capacity(found.len());
        for (segment, reader) in (0..).zip(self.searcher.segment_readers()) {
            let modified = reader.fast_fields().i64(MODIFIED)?;
            let score = |doc: DocId| modified.first(doc).map_or(1.0, attribute::score_of_day);
            let own = found.iter().filter(|address| address.segment_ord == segment);
            dated.extend(own.map(|address| (score(address.doc_id), *address)));
        }
        dated.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        Ok(dated)
    }

    /// Of `found`, best first, those that hold what the index cannot tell. All of them where it tells everything.
    fn that_hold_up(
        &self,
        mut found: Vec<(f32, DocAddress)>,
        scope: &Scope<'_>,
    ) -> Result<Vec<(f32, DocAddress)>, StoreError> {
        if !needs_reading(&scope.query) {
            return Ok(found);
        }
        found.truncate(MOST_READ);
        let mut kept = Vec::new();
        for (score, address) in found {
            if self.load(address)?.is_some_and(|stored| verify(&scope.query, &stored.article)) {
                kept.push((score, address));
            }
        }
        Ok(kept)
    }

    /// The best of `all` that are no near-copies of better ones; `all` is everything that matches.
    fn complete(
        &self,
        mut all: Vec<(f32, DocAddress)>,
        sketches: &Sketches<'_>,
        options: &SearchOptions,
    ) -> Result<Matches, StoreError> {
        let addresses: Vec<DocAddress> = all.iter().map(|(_, address)| *address).collect();
        let facets = if options.facets { self.facets_of(&addresses)? } else { Facets::default() };
        all.sort_by_key(|(score, _)| Reverse(in_ties(*score)));
        let mut n_ranked = first_fetch(options.limit);
        loop {
            // Those of one tie stay together, since their ids decide.
            let last = all.get(n_ranked - 1).map(|(score, _)| in_ties(*score));
            let end = last.map_or(all.len(), |last| all.partition_point(|(score, _)| in_ties(*score) >= last));
            let leaders = sketches.leaders(&self.in_order(all[..end].to_vec())?, options.limit);
            if leaders.len() == options.limit || end == all.len() {
                return Ok(Matches { leaders, total: all.len(), facets });
            }
            n_ranked *= 2;
        }
    }
}
