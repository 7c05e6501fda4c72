//! Decides which documents a search may return, and by which factor the collection and the state of each change its score.

use tantivy::query::Query;
use tantivy::{DocAddress, SegmentReader};

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
        let mut of_documents = vec![1.0; segment.max_doc() as usize];
        multiply(&mut of_documents, segment, COLLECTION, of_collection)?;
        multiply(&mut of_documents, segment, STATE, of_state)?;
        Ok(of_documents)
    };
    let weights: tantivy::Result<Vec<Vec<f32>>> = index.searcher.segment_readers().iter().map(of_segment).collect();
    let weights = weights.map_err(|error| index.error(error))?;
    let is_plain = weights.iter().flatten().all(|weight| *weight == 1.0);
    Ok(if is_plain { Vec::new() } else { weights })
}

/// Multiplies the factor of each document by that of its value in a column. Does nothing if the factors of all values are 1.
fn multiply(
    of_documents: &mut [f32],
    segment: &SegmentReader,
    column: &str,
    factor: impl Fn(&str) -> f32,
) -> tantivy::Result<()> {
    let Some(column) = segment.fast_fields().str(column)? else { return Ok(()) };
    let mut name = String::new();
    let mut of_values = Vec::with_capacity(column.num_terms());
    for ord in 0..column.num_terms() {
        column.ord_to_str(ord as u64, &mut name)?;
        of_values.push(factor(&name));
    }
    if of_values.iter().all(|factor| *factor == 1.0) {
        return Ok(());
    }
    for (doc, weight) in (0..).zip(of_documents) {
        *weight *= column.term_ords(doc).next().map_or(1.0, |ord| of_values[ord as usize]);
    }
    Ok(())
}
