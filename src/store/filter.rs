//! Turns the filters of a query and the options of a search into queries of the index.
//!
//! Filters of one field are alternatives; those of different fields must all match. A filter that no article matches does not
//! restrict the search: its value is searched as words instead, and [`UnmatchedFilter`] reports it.

use std::collections::BTreeMap;
use std::ops::Bound;

use tantivy::query::{
    AllQuery, BooleanQuery, EnableScoring, Occur, Query as IndexQuery, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED, Term};

use super::attribute::{self, AskedProduct};
use super::collection::{CollectionWeights, SearchOptions};
use super::near_value::near_value;
use super::text::terms;
use super::{Index, StoreError};
use crate::query::{Filter, FilterField, FilterValue, Query, QueryPiece};

/// A filter or phrase that no article matches, and that therefore did not restrict the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmatchedFilter {
    /// The field; `None` for a phrase.
    pub field: Option<FilterField>,
    /// The value or phrase, as typed.
    pub value: String,
    /// A similar value that some article has; `None` if there is none.
    pub near: Option<String>,
}

/// A query after its filters were looked up: the words to search for, and the articles to search.
pub(super) struct SearchScope<'a> {
    /// The query without the filters that no article matches. A phrase that no article contains has become text.
    pub(super) query: Query,
    /// The words to search for: those of the query, and the values of the filters that no article matches.
    pub(super) text: String,
    /// The filters and phrases that no article matches, which do not restrict the search.
    pub(super) unmatched: Vec<UnmatchedFilter>,
    /// Collections to search; all when empty.
    pub(super) only: Vec<String>,
    pub(super) weights: &'a CollectionWeights,
    must: Vec<Box<dyn IndexQuery>>,
    must_not: Vec<Box<dyn IndexQuery>>,
}

impl<'a> SearchScope<'a> {
    fn of_options(options: &'a SearchOptions) -> SearchScope<'a> {
        SearchScope {
            query: Query::default(),
            text: String::new(),
            unmatched: Vec::new(),
            only: options.only.clone(),
            weights: &options.weights,
            must: Vec::new(),
            must_not: Vec::new(),
        }
    }

    /// Records a filter or phrase that no article matches. A phrase becomes text of the query.
    fn leave_out(&mut self, piece: &QueryPiece, near: Option<String>) {
        let (field, value) = match piece {
            QueryPiece::Filter(filter) => (Some(filter.field()), &filter.written),
            QueryPiece::Text(words) | QueryPiece::Phrase(words) | QueryPiece::Excluded(words) => {
                self.query.pieces.push(QueryPiece::Text(words.clone()));
                (None, words)
            }
        };
        self.unmatched.push(UnmatchedFilter { field, value: value.clone(), near });
    }

    /// Whether the query has no words, but a filter other than `in:` that is not negated. Such a query lists all
    /// articles that match.
    pub(super) fn is_list(&self) -> bool {
        self.text.is_empty() && self.query.filters().any(|filter| !filter.negated && filter.field() != FilterField::In)
    }
}

/// Looks up the filters, phrases and exclusions of a query in the index.
pub(super) fn scope<'a>(
    index: &Index,
    query: &Query,
    options: &'a SearchOptions,
) -> Result<SearchScope<'a>, StoreError> {
    let mut scope = SearchScope::of_options(options);
    let products = products_asked(query);
    let mut text: Vec<&str> = Vec::new();
    let mut alternatives: BTreeMap<FilterField, Vec<Box<dyn IndexQuery>>> = BTreeMap::new();
    for piece in &query.pieces {
        let found = match piece {
            QueryPiece::Text(_) | QueryPiece::Excluded(_) => None,
            QueryPiece::Phrase(phrase) => Some(all_words(index, phrase)),
            QueryPiece::Filter(filter) => Some(fulfilling(index, filter, &products)?),
        };
        let is_met = found.as_ref().map_or(Ok(true), |found| finds_any(index, found.as_ref()))?;
        text.extend(searched_words(piece, is_met));
        if !is_met {
            scope.leave_out(piece, near_value(index, piece)?);
            continue;
        }
        scope.query.pieces.push(piece.clone());
        match (piece, found) {
            (QueryPiece::Excluded(words), _) => scope.must_not.extend(without(index, words)),
            (QueryPiece::Filter(Filter { negated: true, .. }), Some(found)) => scope.must_not.push(found),
            (QueryPiece::Filter(Filter { value: FilterValue::In(name), .. }), _) => scope.only.push(name.clone()),
            // An article must match all date filters. Filters of other fields are alternatives.
            (QueryPiece::Filter(Filter { value: FilterValue::Since(_) | FilterValue::Until(_), .. }), Some(found)) => {
                scope.must.push(found)
            }
            (QueryPiece::Filter(filter), Some(found)) => alternatives.entry(filter.field()).or_default().push(found),
            (QueryPiece::Phrase(_), Some(found)) => scope.must.push(found),
            (QueryPiece::Text(_) | QueryPiece::Phrase(_) | QueryPiece::Filter(_), _) => {}
        }
    }
    scope.text = text.join(" ");
    scope.must.extend(alternatives.into_values().map(any_of));
    if scope.query.sections().next().is_some() {
        scope.must.extend(words_of(index, &scope.query.text()));
    }
    Ok(scope)
}

/// Returns the index query for the articles that `scope` restricts the search to; `None` when it allows all articles.
pub(super) fn restriction(index: &Index, scope: &SearchScope<'_>) -> Option<Box<dyn IndexQuery>> {
    let collections = (!scope.only.is_empty()).then(|| in_collections(index, &scope.only));
    let mut kept: Vec<Box<dyn IndexQuery>> =
        scope.must.iter().map(|filter| filter.box_clone()).chain(collections).collect();
    if kept.is_empty() && scope.must_not.is_empty() {
        return None;
    }
    if kept.is_empty() {
        kept.push(Box::new(AllQuery));
    }
    let left_out = scope.must_not.iter().map(|filter| (Occur::MustNot, filter.box_clone()));
    let kept = kept.into_iter().map(|filter| (Occur::Must, filter));
    Some(Box::new(BooleanQuery::new(kept.chain(left_out).collect())))
}

/// Whether a search in `scope` may show an article.
pub(super) fn is_within(index: &Index, scope: &SearchScope<'_>, address: DocAddress) -> bool {
    let collections = (!scope.only.is_empty()).then(|| in_collections(index, &scope.only));
    scope.must.iter().chain(&collections).all(|filter| holds(index, filter.as_ref(), address))
        && !scope.must_not.iter().any(|filter| holds(index, filter.as_ref(), address))
}

/// Returns the index query for the articles of the named collections.
pub(super) fn in_collections(index: &Index, names: &[String]) -> Box<dyn IndexQuery> {
    let terms = names.iter().map(|name| Term::from_field_text(index.fields.collection, name));
    Box::new(TermSetQuery::new(terms))
}

/// Returns the index query for the articles that have the value of a filter, whether or not it is negated. `products`
/// are those of the product filters of the same query; a version must be one of theirs.
fn fulfilling(index: &Index, filter: &Filter, products: &[AskedProduct]) -> Result<Box<dyn IndexQuery>, StoreError> {
    let (fields, one) = (&index.fields, |field, text: &str| vec![Term::from_field_text(field, text)]);
    let found = match &filter.value {
        FilterValue::Product(name) => {
            let asked = AskedProduct::new(name);
            product_terms(index, |term| asked.is(term))?
        }
        FilterValue::Version(version) => product_terms(index, |term| {
            let is_asked = products.is_empty() || products.iter().any(|asked| asked.is(term));
            // With a product filter, an article that names no version of the product matches at every version.
            is_asked && attribute::has_version(term, version, !products.is_empty() && !filter.negated)
        })?,
        FilterValue::Kind(kind) => one(fields.kind, kind),
        FilterValue::Section(kind) => one(fields.section, kind.name()),
        FilterValue::Code(codes) => codes.iter().map(|code| Term::from_field_text(fields.code, code)).collect(),
        FilterValue::Event { source: None, number } => one(fields.code, number),
        FilterValue::Event { source: Some(source), number } => {
            one(fields.event, &attribute::event_term(source, number))
        }
        FilterValue::Source(source) => one(fields.event, &attribute::source_term(source)),
        FilterValue::File(file) => one(fields.code, file),
        FilterValue::Id(id) => one(fields.name, id),
        FilterValue::In(name) => one(fields.collection, name),
        FilterValue::State(state) => one(fields.state, state.name()),
        FilterValue::Since(date) => {
            return Ok(modified(index, Bound::Included(attribute::day(*date)), Bound::Unbounded));
        }
        FilterValue::Until(date) => {
            return Ok(modified(index, Bound::Unbounded, Bound::Included(attribute::day(*date))));
        }
    };
    Ok(Box::new(TermSetQuery::new(found)))
}

fn modified(index: &Index, from: Bound<i64>, to: Bound<i64>) -> Box<dyn IndexQuery> {
    let term = |day| Term::from_field_i64(index.fields.modified, day);
    Box::new(RangeQuery::new(from.map(term), to.map(term)))
}

/// Returns the product terms in the index for which `fits` is true. Reads all product terms, which are some thousands.
fn product_terms(index: &Index, fits: impl Fn(&str) -> bool) -> Result<Vec<Term>, StoreError> {
    let mut found = Vec::new();
    index.for_each_term(index.fields.product, |term, count| {
        if let Some(term) = std::str::from_utf8(term).ok().filter(|term| count > 0 && fits(term)) {
            found.push(Term::from_field_text(index.fields.product, term));
        }
    })?;
    Ok(found)
}

/// Returns the index query for the articles that contain every word of `text`, in any field and order.
fn all_words(index: &Index, text: &str) -> Box<dyn IndexQuery> {
    Box::new(BooleanQuery::intersection(words_of(index, text).collect()))
}

/// Returns an index query for each word of `text`, which finds the articles that contain it.
fn words_of(index: &Index, text: &str) -> impl Iterator<Item = Box<dyn IndexQuery>> {
    let [title, lead, rest, _] = index.fields.texts();
    terms(text).into_iter().map(move |word| -> Box<dyn IndexQuery> {
        let in_field = |field| -> Box<dyn IndexQuery> {
            Box::new(TermQuery::new(Term::from_field_text(field, &word), IndexRecordOption::Basic))
        };
        Box::new(BooleanQuery::union([title, lead, rest].map(in_field).into()))
    })
}

/// Returns the index query for the articles that contain an excluded word. `None` for several words, which
/// [`verify`](super::verify()) checks.
fn without(index: &Index, words: &str) -> Option<Box<dyn IndexQuery>> {
    let mut words = words_of(index, words);
    words.next().filter(|_| words.next().is_none())
}

fn finds_any(index: &Index, query: &dyn IndexQuery) -> Result<bool, StoreError> {
    let any = || -> tantivy::Result<bool> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(&index.searcher))?;
        for segment in index.searcher.segment_readers() {
            let mut found = weight.scorer(segment, 1.0)?;
            while found.doc() != TERMINATED {
                if segment.alive_bitset().is_none_or(|alive| alive.is_alive(found.doc())) {
                    return Ok(true);
                }
                found.advance();
            }
        }
        Ok(false)
    };
    any().map_err(|error| index.error(error))
}

/// Whether a query matches one article.
pub(super) fn holds(index: &Index, query: &dyn IndexQuery, address: DocAddress) -> bool {
    let holds = || -> tantivy::Result<bool> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(&index.searcher))?;
        let mut found = weight.scorer(index.searcher.segment_reader(address.segment_ord), 1.0)?;
        let doc = if found.doc() < address.doc_id { found.seek(address.doc_id) } else { found.doc() };
        Ok(doc == address.doc_id)
    };
    // A read fails only if the store is damaged. Loading the hits reports that.
    holds().unwrap_or(false)
}

/// Removes the parts of a query that only reading an article can check, for a search that finds nothing with them:
/// phrases become text, and filters for sections are dropped. Returns the rest and the removed parts.
pub(super) fn loosened(query: &Query) -> (Query, Vec<UnmatchedFilter>) {
    let (mut looser, mut unmatched) = (Query::default(), Vec::new());
    let mut take_out =
        |field, value: &String| unmatched.push(UnmatchedFilter { field, value: value.clone(), near: None });
    for piece in &query.pieces {
        match piece {
            QueryPiece::Phrase(phrase) => {
                take_out(None, phrase);
                looser.pieces.push(QueryPiece::Text(phrase.clone()));
            }
            QueryPiece::Filter(filter) if !filter.negated && filter.field() == FilterField::Section => {
                take_out(Some(FilterField::Section), &filter.written);
            }
            QueryPiece::Text(_) | QueryPiece::Excluded(_) | QueryPiece::Filter(_) => looser.pieces.push(piece.clone()),
        }
    }
    (looser, unmatched)
}

/// The words that a piece adds to the search: a text, a phrase, or the value of a filter that no article matches
/// (`!is_met`).
fn searched_words(piece: &QueryPiece, is_met: bool) -> Option<&str> {
    match piece {
        QueryPiece::Text(words) | QueryPiece::Phrase(words) => Some(words),
        QueryPiece::Filter(filter) if !is_met && !filter.negated => Some(&filter.written),
        QueryPiece::Excluded(_) | QueryPiece::Filter(_) => None,
    }
}

/// The products of the filters that are not negated.
fn products_asked(query: &Query) -> Vec<AskedProduct> {
    let kept = query.filters().filter(|filter| !filter.negated);
    let names = kept.filter_map(|filter| match &filter.value {
        FilterValue::Product(name) => Some(name.as_str()),
        _ => None,
    });
    names.map(AskedProduct::new).collect()
}

fn any_of(mut alternatives: Vec<Box<dyn IndexQuery>>) -> Box<dyn IndexQuery> {
    match alternatives.len() {
        1 => alternatives.remove(0),
        _ => Box::new(BooleanQuery::union(alternatives)),
    }
}
