//! Turns the filters of a query and the options of a search into queries of the index.
//!
//! Filters of one field are alternatives; those of different fields must all match. A filter that no article matches does not
//! restrict the search: its value is searched as words instead, and [`UnmatchedFilter`] reports it.

use std::collections::BTreeMap;
use std::ops::Bound;

use tantivy::query::{
    AllQuery, BooleanQuery, EnableScoring, Occur, Query as Restriction, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED, Term};

use super::attribute::{self, AskedProduct};
use super::collection::{SearchOptions, Weights};
use super::near_value::near_value;
use super::text::terms;
use super::{Index, StoreError};
use crate::query::{Field, Filter, Piece, Query, Value};

/// A filter or phrase that no article matches, and that therefore did not restrict the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmatchedFilter {
    /// The field; `None` for a phrase.
    pub field: Option<Field>,
    /// The value or phrase, as typed.
    pub value: String,
    /// A similar value that some article has.
    pub near: Option<String>,
}

/// A query after its filters were looked up: the words to search for, and the articles to search.
pub(super) struct Scope<'a> {
    /// The query without the filters that no article matches. A phrase that none contains has become text.
    pub(super) query: Query,
    /// The words to search for: those of the query, and the values of the filters that no article matches.
    pub(super) text: String,
    /// The filters and phrases that were left out.
    pub(super) unmatched: Vec<UnmatchedFilter>,
    /// Collections to search; all when empty.
    pub(super) only: Vec<String>,
    pub(super) weights: &'a Weights,
    must: Vec<Box<dyn Restriction>>,
    must_not: Vec<Box<dyn Restriction>>,
}

impl<'a> Scope<'a> {
    fn of_options(options: &'a SearchOptions) -> Scope<'a> {
        Scope {
            query: Query::default(),
            text: String::new(),
            unmatched: Vec::new(),
            only: options.only.clone(),
            weights: &options.weights,
            must: Vec::new(),
            must_not: Vec::new(),
        }
    }

    /// Records a filter or phrase that no article matches.
    fn leave_out(&mut self, piece: &Piece, near: Option<String>) {
        let (field, value) = match piece {
            Piece::Filter(filter) => (Some(filter.field()), &filter.written),
            Piece::Text(words) | Piece::Phrase(words) | Piece::Excluded(words) => {
                self.query.pieces.push(Piece::Text(words.clone()));
                (None, words)
            }
        };
        self.unmatched.push(UnmatchedFilter { field, value: value.clone(), near });
    }

    /// Whether the query lists articles by filters alone. A collection alone is not enough.
    pub(super) fn is_list(&self) -> bool {
        self.text.is_empty() && self.query.filters().any(|filter| !filter.negated && filter.field() != Field::In)
    }
}

/// Looks up the filters, phrases and exclusions of a query.
pub(super) fn scope<'a>(index: &Index, query: &Query, options: &'a SearchOptions) -> Result<Scope<'a>, StoreError> {
    let mut scope = Scope::of_options(options);
    let products = products_asked(query);
    let mut text: Vec<&str> = Vec::new();
    let mut alternatives: BTreeMap<Field, Vec<Box<dyn Restriction>>> = BTreeMap::new();
    for piece in &query.pieces {
        let found = match piece {
            Piece::Text(_) | Piece::Excluded(_) => None,
            Piece::Phrase(phrase) => Some(all_words(index, phrase)),
            Piece::Filter(filter) => Some(fulfilling(index, filter, &products)?),
        };
        let is_met = found.as_ref().map_or(Ok(true), |found| finds_any(index, found.as_ref()))?;
        text.extend(searched_words(piece, is_met));
        if !is_met {
            scope.leave_out(piece, near_value(index, piece)?);
            continue;
        }
        scope.query.pieces.push(piece.clone());
        match (piece, found) {
            (Piece::Excluded(words), _) => scope.must_not.extend(without(index, words)),
            (Piece::Filter(Filter { negated: true, .. }), Some(found)) => scope.must_not.push(found),
            (Piece::Filter(Filter { value: Value::In(name), .. }), _) => scope.only.push(name.clone()),
            // Two of these are two bounds, not alternatives.
            (Piece::Filter(Filter { value: Value::Since(_) | Value::Until(_), .. }), Some(found)) => {
                scope.must.push(found)
            }
            (Piece::Filter(filter), Some(found)) => alternatives.entry(filter.field()).or_default().push(found),
            (Piece::Phrase(_), Some(found)) => scope.must.push(found),
            (Piece::Text(_) | Piece::Phrase(_) | Piece::Filter(_), _) => {}
        }
    }
    scope.text = text.join(" ");
    scope.must.extend(alternatives.into_values().map(any_of));
    if scope.query.sections().next().is_some() {
        scope.must.extend(words_of(index, &scope.query.text()));
    }
    Ok(scope)
}

/// The articles that `scope` restricts the search to; `None` when it is all of them.
pub(super) fn restriction(index: &Index, scope: &Scope<'_>) -> Option<Box<dyn Restriction>> {
    let collections = (!scope.only.is_empty()).then(|| of_collections(index, &scope.only));
    let mut kept: Vec<Box<dyn Restriction>> =
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
pub(super) fn is_within(index: &Index, scope: &Scope<'_>, address: DocAddress) -> bool {
    let collections = (!scope.only.is_empty()).then(|| of_collections(index, &scope.only));
    scope.must.iter().chain(&collections).all(|filter| holds(index, filter.as_ref(), address))
        && !scope.must_not.iter().any(|filter| holds(index, filter.as_ref(), address))
}

/// The articles of the named collections.
pub(super) fn of_collections(index: &Index, names: &[String]) -> Box<dyn Restriction> {
    let terms = names.iter().map(|name| Term::from_field_text(index.fields.collection, name));
    Box::new(TermSetQuery::new(terms))
}

/// The articles that match a filter, whether or not it is negated. `products` are those of the other filters.
fn fulfilling(index: &Index, filter: &Filter, products: &[AskedProduct]) -> Result<Box<dyn Restriction>, StoreError> {
    let (fields, one) = (&index.fields, |field, text: &str| vec![Term::from_field_text(field, text)]);
    let found = match &filter.value {
        Value::Product(name) => {
            let asked = AskedProduct::new(name);
            product_terms(index, |term| asked.is(term))?
        }
        Value::Version(version) => product_terms(index, |term| {
            let is_asked = products.is_empty() || products.iter().any(|asked| asked.is(term));
            // With a product filter, an article that names no version of the product matches at every version.
            is_asked && attribute::has_version(term, version, !products.is_empty() && !filter.negated)
        })?,
        Value::Kind(kind) => one(fields.kind, kind),
        Value::Section(kind) => one(fields.section, kind.name()),
        Value::Code(codes) => codes.iter().map(|code| Term::from_field_text(fields.code, code)).collect(),
        Value::Event { source: None, number } => one(fields.code, number),
        Value::Event { source: Some(source), number } => one(fields.event, &attribute::event_term(source, number)),
        Value::Source(source) => one(fields.event, &attribute::source_term(source)),
        Value::File(file) => one(fields.code, file),
        Value::Id(id) => one(fields.name, id),
        Value::In(name) => one(fields.collection, name),
        Value::Since(date) => return Ok(modified(index, Bound::Included(attribute::day(*date)), Bound::Unbounded)),
        Value::Until(date) => return Ok(modified(index, Bound::Unbounded, Bound::Included(attribute::day(*date)))),
    };
    Ok(Box::new(TermSetQuery::new(found)))
}

fn modified(index: &Index, from: Bound<i64>, to: Bound<i64>) -> Box<dyn Restriction> {
    let term = |day| Term::from_field_i64(index.fields.modified, day);
    Box::new(RangeQuery::new(from.map(term), to.map(term)))
}

/// The product terms for which `fits` is true. Reads some thousands of terms.
fn product_terms(index: &Index, fits: impl Fn(&str) -> bool) -> Result<Vec<Term>, StoreError> {
    let mut found = Vec::new();
    index.for_each_term(index.fields.product, |term, count| {
        if let Some(term) = std::str::from_utf8(term).ok().filter(|term| count > 0 && fits(term)) {
            found.push(Term::from_field_text(index.fields.product, term));
        }
    })?;
    Ok(found)
}

/// The articles that contain every word of `text` anywhere.
fn all_words(index: &Index, text: &str) -> Box<dyn Restriction> {
    Box::new(BooleanQuery::intersection(words_of(index, text).collect()))
}

/// For each word, the articles that contain it.
fn words_of(index: &Index, text: &str) -> impl Iterator<Item = Box<dyn Restriction>> {
    let [title, lead, rest, _] = index.fields.texts();
    terms(text).into_iter().map(move |word| -> Box<dyn Restriction> {
        let in_field = |field| -> Box<dyn Restriction> {
            Box::new(TermQuery::new(Term::from_field_text(field, &word), IndexRecordOption::Basic))
        };
        Box::new(BooleanQuery::union([title, lead, rest].map(in_field).into()))
    })
}

/// The articles that contain an excluded word. `None` for several words, which [`super::verify`] checks.
fn without(index: &Index, words: &str) -> Option<Box<dyn Restriction>> {
    let mut words = words_of(index, words);
    words.next().filter(|_| words.next().is_none())
}

fn finds_any(index: &Index, query: &dyn Restriction) -> Result<bool, StoreError> {
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
pub(super) fn holds(index: &Index, query: &dyn Restriction, address: DocAddress) -> bool {
    let holds = || -> tantivy::Result<bool> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(&index.searcher))?;
        let mut found = weight.scorer(index.searcher.segment_reader(address.segment_ord), 1.0)?;
        let doc = if found.doc() < address.doc_id { found.seek(address.doc_id) } else { found.doc() };
        Ok(doc == address.doc_id)
    };
    // A store that cannot be read is damaged; loading the hits reports it.
    holds().unwrap_or(false)
}

/// The query without the parts that only reading an article can check, for a search that finds nothing with them: phrases
/// become words, and sections no longer matter. Returns the removed parts as well.
pub(super) fn loosened(query: &Query) -> (Query, Vec<UnmatchedFilter>) {
    let (mut looser, mut unmatched) = (Query::default(), Vec::new());
    let mut take_out =
        |field, value: &String| unmatched.push(UnmatchedFilter { field, value: value.clone(), near: None });
    for piece in &query.pieces {
        match piece {
            Piece::Phrase(phrase) => {
                take_out(None, phrase);
                looser.pieces.push(Piece::Text(phrase.clone()));
            }
            Piece::Filter(filter) if !filter.negated && filter.field() == Field::Section => {
                take_out(Some(Field::Section), &filter.written);
            }
            Piece::Text(_) | Piece::Excluded(_) | Piece::Filter(_) => looser.pieces.push(piece.clone()),
        }
    }
    (looser, unmatched)
}

/// The words to search for: text, phrases, and the value of a filter that no article matches.
fn searched_words(piece: &Piece, is_met: bool) -> Option<&str> {
    match piece {
        Piece::Text(words) | Piece::Phrase(words) => Some(words),
        Piece::Filter(filter) if !is_met && !filter.negated => Some(&filter.written),
        Piece::Excluded(_) | Piece::Filter(_) => None,
    }
}

/// The products that a query is restricted to.
fn products_asked(query: &Query) -> Vec<AskedProduct> {
    let kept = query.filters().filter(|filter| !filter.negated);
    let names = kept.filter_map(|filter| match &filter.value {
        Value::Product(name) => Some(name.as_str()),
        _ => None,
    });
    names.map(AskedProduct::new).collect()
}

fn any_of(mut alternatives: Vec<Box<dyn Restriction>>) -> Box<dyn Restriction> {
    match alternatives.len() {
        1 => alternatives.remove(0),
        _ => Box::new(BooleanQuery::union(alternatives)),
    }
}
