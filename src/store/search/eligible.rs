//! Decides which documents a search may return, and by which factor the collection of each changes its score.

use tantivy::query::Query;
use tantivy::{DocAddress, SegmentReader};

use super::super::collection::CollectionWeights;
use super::super::filter::{SearchScope, restriction};
use super::super::schema::COLLECTION;
use super::super::{Index, StoreError};

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

/// The factor on the score of each document, by segment; empty when it is 1 for all.
fn document_weights(index: &Index, weights: &CollectionWeights) -> Result<Vec<Vec<f32>>, StoreError> {
    if weights.values().all(|weight| *weight == 1.0) {
        return Ok(Vec::new());
    }
    let of_segment = |segment: &SegmentReader| {
        let mut of_documents = vec![1.0; segment.max_doc() as usize];
        let Some(column) = segment.fast_fields().str(COLLECTION)? else { return Ok(of_documents) };
        let mut name = String::new();
        let mut of_names = Vec::with_capacity(column.num_terms());
        for ord in 0..column.num_terms() {
            column.ord_to_str(ord as u64, &mut name)?;
            of_names.push(weights.get(&name).copied().unwrap_or(1.0));
        }
        for (doc, weight) in (0..).zip(&mut of_documents) {
            *weight = column.term_ords(doc).next().map_or(1.0, |ord| of_names[ord as usize]);
        }
        Ok(of_documents)
    };
    let weights: tantivy::Result<_> = index.searcher.segment_readers().iter().map(of_segment).collect();
    weights.map_err(|error| index.error(error))
}
