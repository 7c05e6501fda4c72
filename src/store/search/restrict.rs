//! Splits a query into its restrictions, to explain which of them exclude an article or leave a search without hits.

use tantivy::DocAddress;

use super::super::collection::SearchOptions;
use super::super::filter::{is_within, scope};
use super::super::index::StoredArticle;
use super::super::verify::{needs_reading, verify};
use super::super::{Index, StoreError};
use crate::query::{Filter, FilterField, FilterValue, Query, QueryPiece};

/// A part of a query that excludes articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restriction {
    /// A phrase, an exclusion or a filter; or several filters of one field, which are alternatives. Never empty.
    Pieces(Vec<QueryPiece>),
    /// The collections to search, named by the query or the options.
    Collections(Vec<String>),
}

impl Restriction {
    /// The field of a filter that articles must match; `None` for other restrictions.
    fn field(&self) -> Option<FilterField> {
        match self {
            Restriction::Pieces(pieces) => pieces.first().and_then(kept_field),
            Restriction::Collections(_) => Some(FilterField::In),
        }
    }

    /// The query and the collections of the options without this restriction.
    pub(super) fn taken_out<'a>(&self, query: &Query, only: &'a [String]) -> (Query, &'a [String]) {
        let stays = |piece: &&QueryPiece| match self {
            Restriction::Pieces(pieces) => !pieces.contains(piece),
            Restriction::Collections(_) => kept_field(piece) != Some(FilterField::In),
        };
        let only = if self.field() == Some(FilterField::In) { &[] } else { only };
        (Query { pieces: query.pieces.iter().filter(stays).cloned().collect() }, only)
    }
}

/// The field of a filter; `None` for a negated filter and for other pieces.
fn kept_field(piece: &QueryPiece) -> Option<FilterField> {
    match piece {
        QueryPiece::Filter(filter) if !filter.negated => Some(filter.field()),
        QueryPiece::Filter(_) | QueryPiece::Text(_) | QueryPiece::Phrase(_) | QueryPiece::Excluded(_) => None,
    }
}

/// The restrictions of a query, in the order of the query. Collections come last, with those in `only`.
pub(super) fn restrictions(query: &Query, only: &[String]) -> Vec<Restriction> {
    let mut found: Vec<Restriction> = Vec::new();
    let mut collections = only.to_vec();
    for piece in &query.pieces {
        match (piece, kept_field(piece)) {
            (QueryPiece::Text(_), _) => {}
            (QueryPiece::Filter(Filter { value: FilterValue::In(name), negated: false, .. }), _) => {
                collections.push(name.clone())
            }
            // An article must match all date filters. Filters of other fields are alternatives.
            (_, None | Some(FilterField::Since | FilterField::Until)) => {
                found.push(Restriction::Pieces(vec![piece.clone()]))
            }
            (_, field) => match found.iter_mut().find(|other| other.field() == field) {
                Some(Restriction::Pieces(alternatives)) => alternatives.push(piece.clone()),
                Some(Restriction::Collections(_)) | None => found.push(Restriction::Pieces(vec![piece.clone()])),
            },
        }
    }
    let collections = (!collections.is_empty()).then_some(Restriction::Collections(collections));
    found.into_iter().chain(collections).collect()
}

/// The restrictions that exclude an article. A version is checked with the products of the query, and a section with its words,
/// so neither is named when the product or the phrase already excludes the article.
pub(super) fn barriers(
    index: &Index,
    query: &Query,
    only: &[String],
    address: DocAddress,
    stored: &StoredArticle,
) -> Result<Vec<Restriction>, StoreError> {
    let mut barriers = Vec::new();
    for restriction in restrictions(query, only) {
        let lets_through = match &restriction {
            Restriction::Collections(names) => names.contains(&stored.collection),
            Restriction::Pieces(pieces) => fulfils(index, &with_context(pieces, query), address, stored)?,
        };
        barriers.extend((!lets_through).then_some(restriction));
    }
    let is_product = |barrier: &Restriction| barrier.field() == Some(FilterField::Product);
    let is_phrase =
        |barrier: &Restriction| matches!(barrier, Restriction::Pieces(of) if matches!(of[..], [QueryPiece::Phrase(_)]));
    let (of_product, of_phrase) = (barriers.iter().any(is_product), barriers.iter().any(is_phrase));
    barriers.retain(|barrier| match barrier.field() {
        Some(FilterField::Version) => !of_product,
        Some(FilterField::Section) => !of_phrase,
        _ => true,
    });
    Ok(barriers)
}

/// Whether an article matches the filters, phrases and exclusions of a query.
fn fulfils(index: &Index, query: &Query, address: DocAddress, stored: &StoredArticle) -> Result<bool, StoreError> {
    let everywhere = SearchOptions::default();
    let scope = scope(index, query, &everywhere)?;
    let holds_up = !needs_reading(&scope.query) || verify(&scope.query, &stored.article);
    Ok(holds_up && is_within(index, &scope, address))
}

/// Returns a query of `pieces` and of those pieces of `query` on which they depend: the products for a version, the
/// words for a section.
fn with_context(pieces: &[QueryPiece], query: &Query) -> Query {
    let is_context = |piece: &&QueryPiece| match pieces.first().and_then(kept_field) {
        Some(FilterField::Version) => kept_field(piece) == Some(FilterField::Product),
        Some(FilterField::Section) => matches!(piece, QueryPiece::Text(_) | QueryPiece::Phrase(_)),
        _ => false,
    };
    Query { pieces: query.pieces.iter().filter(is_context).chain(pieces).cloned().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    fn written(restriction: &Restriction) -> String {
        match restriction {
            Restriction::Pieces(pieces) => pieces.iter().map(QueryPiece::to_string).collect::<Vec<_>>().join(" or "),
            Restriction::Collections(names) => format!("in {}", names.join(" or ")),
        }
    }

    #[track_caller]
    fn check(query: &str, expect: &[&str]) {
        let query = parse(query);
        let found = restrictions(&query, &["attic".to_owned()]);
        assert_eq!(found.iter().map(written).collect::<Vec<_>>(), expect, "{query}");
    }

    #[test]
    fn filters_of_one_field_are_one_restriction_and_bounds_are_two() {
        check("mail", &["in attic"]);
        check("mail in:kb", &["in attic or kb"]);
        check(
            "mail product:a kind:bug product:b -product:c \"a b\" -xy since:1999 until:2000",
            &[
                "product:a or product:b",
                "kind:bug",
                "-product:c",
                "\"a b\"",
                "-xy",
                "since:1999",
                "until:2000",
                "in attic",
            ],
        );
    }

    #[test]
    fn a_restriction_is_taken_out_with_its_alternatives() {
        let query = parse("mail product:a kind:bug product:b in:kb");
        let only = ["attic".to_owned()];
        let without = |n: usize| {
            let (rest, only) = restrictions(&query, &only)[n].taken_out(&query, &only);
            (rest.to_string(), only.len())
        };
        assert_eq!(without(0), ("mail kind:bug in:kb".to_owned(), 1));
        assert_eq!(without(1), ("mail product:a product:b in:kb".to_owned(), 1));
        assert_eq!(without(2), ("mail product:a kind:bug product:b".to_owned(), 0));
    }
}
