//! Decides which documents a search may return, and by which factor the collection and the state of each change its score.

use tantivy::columnar::StrColumn;
use tantivy::query::Query;
use tantivy::{DocAddress, DocId, SegmentReader};

use super::super::collection::CollectionWeights;
use super::super::filter::{SearchScope, restriction};
use super::super::schema::{COLLECTION, STATE};
use super::super::{Index, StoreError};
use crate::article::ArticleState;

/// The documents that a search may return, and the factors on their scores.
pub(super) struct Eligible {
    /// The documents that this query matches; `None` for all.
    pub(super) filter: Option<Box<dyn Query>>,
    /// The factor on the score of each document, by segment; empty when all are 1.
    pub(super) weights: Vec<Vec<f32>>,
}

impl Eligible {
    pub(super) fn new(index: &Index, scope: &SearchScope<'_>) -> Result<Eligible, StoreError> {
        Ok(Eligible { filter: restriction(index, scope), weights: document_weights(index, scope.weights)? })
    }

    /// The factor on the score of a document.
    pub(super) fn weight(&self, address: DocAddress) -> f32 {
        self.weights.get(address.segment_ord as usize).map_or(1.0, |weights| weights[address.doc_id as usize])
    }
}

/// The factor on the score of an article that is a draft or retired, so that it comes after those that hold.
const NOT_PUBLISHED: f32 = 0.1;

/// The factor on the score of each document, by segment; empty when it is 1 for all.
fn document_weights(index: &Index, weights: &CollectionWeights) -> Result<Vec<Vec<f32>>, StoreError> {
    let of_collection = |name: &str| weights.get(name).copied().unwrap_or(1.0);
    let of_state = |name: &str| if name == ArticleState::Published.name() { 1.0 } else { NOT_PUBLISHED };
    let of_segment = |segment: &SegmentReader| {
        Ok([Factors::new(segment, COLLECTION, of_collection)?, Factors::new(segment, STATE, of_state)?])
    };
    let segments = index.searcher.segment_readers();
    let factors: tantivy::Result<Vec<_>> = segments.iter().map(of_segment).collect();
    let factors = factors.map_err(|error| index.error(error))?;
    if factors.iter().flatten().all(Option::is_none) {
        return Ok(Vec::new());
    }
    let of_documents = |(segment, factors): (&SegmentReader, &[Option<Factors>; 2])| {
        let of_document = |doc| factors.iter().flatten().map(|factors| factors.of(doc)).product();
        (0..segment.max_doc()).map(of_document).collect()
    };
    Ok(segments.iter().zip(&factors).map(of_documents).collect())
}

/// The factors of the values of a column.
struct Factors {
    column: StrColumn,
    /// By the ordinals of the values.
    of_values: Vec<f32>,
}

impl Factors {
    /// Returns the factors of the values in a column; `None` if all are 1.
    fn new(segment: &SegmentReader, column: &str, factor: impl Fn(&str) -> f32) -> tantivy::Result<Option<Factors>> {
        let Some(column) = segment.fast_fields().str(column)? else { return Ok(None) };
        let mut name = String::new();
        let mut of_values = Vec::with_capacity(column.num_terms());
        for ord in 0..column.num_terms() {
            column.ord_to_str(ord as u64, &mut name)?;
            of_values.push(factor(&name));
        }
        let is_plain = of_values.iter().all(|factor| *factor == 1.0);
        Ok((!is_plain).then_some(Factors { column, of_values }))
    }

    /// The factor of a document.
    fn of(&self, doc: DocId) -> f32 {
        self.column.term_ords(doc).next().map_or(1.0, |ord| self.of_values[ord as usize])
    }
}
