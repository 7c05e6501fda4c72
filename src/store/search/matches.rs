//! Finds the matching articles: by the index alone where possible, otherwise by reading the candidates. A query of filters alone
//! gives a list by date.

use std::cmp::Reverse;

use tantivy::collector::{Count, DocSetCollector};
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, Term};

use super::super::collection::SearchOptions;
use super::super::facets::{FacetCollector, Facets, count_facets};
use super::super::filter::{SearchScope, restriction};
use super::super::index::Scored;
use super::super::relations::Sketches;
use super::super::schema::{MESSAGE, MODIFIED};
use super::super::verify::{needs_reading, verify};
use super::super::{Index, StoreError, attribute};
use super::plan::QueryPlan;
use super::query_words::WordOrigin;
use super::rank::{in_order, in_ties, ranked};

/// The most articles to read to check phrases and sections, at about 0.1 ms each. Only articles with all words of the
/// phrases are read, which are rarely as many.
const MOST_READ: usize = 1_000;

/// The documents that match a search.
#[derive(Debug, Default)]
pub(super) struct Matches {
    /// The best documents with their scores, best first, without near-copies of better ones.
    pub(super) leaders: Vec<Scored>,
    pub(super) total: usize,
    pub(super) facets: Facets,
}

/// Finds what matches `plan` within `scope`. Without a plan, lists what the filters of `scope` match.
pub(super) fn matches(
    index: &Index,
    plan: Option<&QueryPlan<'_>>,
    scope: &SearchScope<'_>,
    sketches: &Sketches<'_>,
    options: &SearchOptions,
) -> Result<Matches, StoreError> {
    let found = match plan {
        Some(plan) if !needs_reading(&scope.query) => return best_matches(plan, sketches, options),
        Some(plan) => ranked(plan, MOST_READ)?,
        None => match restriction(index, scope).filter(|_| scope.is_list()) {
            Some(filter) => by_date(index, filter.as_ref()).map_err(|error| index.error(error))?,
            None => return Ok(Matches::default()),
        },
    };
    complete(index, verified(index, found, scope)?, sketches, options)
}

fn best_matches(plan: &QueryPlan<'_>, sketches: &Sketches<'_>, options: &SearchOptions) -> Result<Matches, StoreError> {
    let leaders = leaders(plan, sketches, options.limit)?;
    let collectors = (Count, options.facets.then_some(FacetCollector));
    let counted = plan.index.searcher.search(&holding(plan), &collectors);
    let (total, facets) = counted.map_err(|error| plan.index.error(error))?;
    Ok(Matches { leaders, total, facets: facets.unwrap_or_default() })
}

/// The `limit` best articles that are not near-copies of better ones.
fn leaders(plan: &QueryPlan<'_>, sketches: &Sketches<'_>, limit: usize) -> Result<Vec<Scored>, StoreError> {
    let mut n_ranked = first_fetch(limit);
    loop {
        let ranked = ranked(plan, n_ranked)?;
        let leaders = sketches.leaders(&ranked, limit);
        if ranked.len() < n_ranked || leaders.len() == limit {
            return Ok(leaders);
        }
        n_ranked *= 2;
    }
}

/// The documents that contain any of the words, codes and ids. Small words count only when there is nothing else.
fn holding(plan: &QueryPlan<'_>) -> BooleanQuery {
    let fields = &plan.index.fields.texts()[..MESSAGE];
    let is_main = |origin: &WordOrigin| *origin != WordOrigin::Small;
    let any_is = plan.words.iter().any(|word| is_main(&word.origin)) || !plan.exact.is_empty();
    let words = plan.words.iter().filter(|word| !any_is || is_main(&word.origin));
    let words = words.flat_map(|word| fields.iter().map(|field| Term::from_field_text(*field, &word.stem)));
    let exact = plan.exact.iter().map(|exact| Term::from_field_text(exact.field, &exact.term));
    let any =
        words.chain(exact).map(|term| -> Box<dyn Query> { Box::new(TermQuery::new(term, IndexRecordOption::Basic)) });
    let any = BooleanQuery::union(any.collect());
    match &plan.eligible.filter {
        Some(filter) => BooleanQuery::new(vec![(Occur::Must, Box::new(any)), (Occur::Must, filter.box_clone())]),
        None => any,
    }
}

/// The articles that `filter` matches, newest first.
fn by_date(index: &Index, filter: &dyn Query) -> tantivy::Result<Vec<Scored>> {
    let found = index.searcher.search(filter, &DocSetCollector)?;
    let mut dated = Vec::with_capacity(found.len());
    for (segment, reader) in (0..).zip(index.searcher.segment_readers()) {
        let modified = reader.fast_fields().i64(MODIFIED)?;
        let score = |doc: DocId| modified.first(doc).map_or(1.0, attribute::score_of_day);
        let own = found.iter().filter(|address| address.segment_ord == segment);
        dated.extend(own.map(|address| (score(address.doc_id), *address)));
    }
    dated.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    Ok(dated)
}

/// Keeps those of `found` (best first) that pass [`verify`]. Keeps all when the index has checked everything.
fn verified(index: &Index, mut found: Vec<Scored>, scope: &SearchScope<'_>) -> Result<Vec<Scored>, StoreError> {
    if !needs_reading(&scope.query) {
        return Ok(found);
    }
    found.truncate(MOST_READ);
    let mut kept = Vec::new();
    for (score, address) in found {
        if index.load(address)?.is_some_and(|stored| verify(&scope.query, &stored.article)) {
            kept.push((score, address));
        }
    }
    Ok(kept)
}

/// The best of `all`, which are all documents that match, without near-copies of better ones.
fn complete(
    index: &Index,
    mut all: Vec<Scored>,
    sketches: &Sketches<'_>,
    options: &SearchOptions,
) -> Result<Matches, StoreError> {
    let addresses: Vec<DocAddress> = all.iter().map(|(_, address)| *address).collect();
    let facets = if options.facets { count_facets(index, &addresses)? } else { Facets::default() };
    all.sort_by_key(|(score, _)| Reverse(in_ties(*score)));
    let mut n_ranked = first_fetch(options.limit);
    loop {
        // Articles of equal score are ranked together, since their order depends on ids.
        let last = all.get(n_ranked - 1).map(|(score, _)| in_ties(*score));
        let end = last.map_or(all.len(), |last| all.partition_point(|(score, _)| in_ties(*score) >= last));
        let leaders = sketches.leaders(&in_order(index, all[..end].to_vec())?, options.limit);
        if leaders.len() == options.limit || end == all.len() {
            return Ok(Matches { leaders, total: all.len(), facets });
        }
        n_ranked *= 2;
    }
}

/// The number of documents to rank at first: somewhat more than `limit`, so that usually `limit` are left when near-copies
/// are removed.
fn first_fetch(limit: usize) -> usize {
    limit + limit / 4 + 10
}
