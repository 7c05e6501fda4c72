//! Words and meaning together: the articles that the words bring up and those whose passages mean the same, in one order.
//!
//! Convex fusion of normalised scores, which does better than fusing ranks (Bruch, Gai & Ingber 2023): the words' score as a
//! share of the best, the meaning's as the place between the furthest candidate and the nearest.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::{DocAddress, DocId};

use super::super::{Store, StoreError};
use super::plan::Plan;
use super::score::Among;
use crate::semantic::Meaning;

/// Passages that may come in by their meaning alone.
const NEAREST: usize = 100;

/// What a document scores by its words, and by its meaning as a share of the best word score, 0–1; `None` without a vector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fused {
    pub(super) words: f32,
    pub(super) meaning: Option<f32>,
    /// What one means in the score of the other.
    pub(super) scale: f32,
}

impl Fused {
    /// The score, on the scale of the words'. `share` is what the meaning counts for.
    pub(super) fn score(self, share: f32) -> f32 {
        (1.0 - share) * self.words + share * self.scale * self.meaning.unwrap_or(0.0)
    }
}

impl Store {
    /// The documents of `by_words`, which are scored by their words and what is known beside, and those nearest in meaning.
    pub(super) fn fused(
        &self,
        plan: &Plan<'_>,
        among: &Among<'_>,
        meaning: &Meaning,
        by_words: Vec<(f32, DocAddress)>,
    ) -> Result<Vec<(Fused, DocAddress)>, StoreError> {
        let mut words: BTreeMap<DocAddress, f32> =
            by_words.into_iter().map(|(score, address)| (address, score)).collect();
        let mut others: BTreeMap<u32, BTreeSet<DocId>> = BTreeMap::new();
        for near in meaning.vectors.nearest(&meaning.direction, NEAREST) {
            for address in self.articles_of(near.passage)? {
                if !words.contains_key(&address) {
                    others.entry(address.segment_ord).or_default().insert(address.doc_id);
                }
            }
        }
        for (segment, documents) in others {
            let documents: Vec<DocId> = documents.into_iter().collect();
            let scored = self.scores_of(plan, among, segment, &documents)?;
            words.extend(scored.into_iter().map(|(score, doc)| (DocAddress::new(segment, doc), score)));
        }
        let cosine = |address: &DocAddress| self.passage_key(*address).and_then(|key| meaning.similarity(key));
        let cosines: BTreeMap<DocAddress, f32> =
            words.keys().filter_map(|address| Some((*address, cosine(address)?))).collect();
        let least = cosines.values().copied().fold(f32::INFINITY, f32::min);
        let most = cosines.values().copied().fold(f32::NEG_INFINITY, f32::max);
        let place = |cosine: f32| if most > least { (cosine - least) / (most - least) } else { 1.0 };
        let scale = words.values().copied().fold(0.0, f32::max).max(f32::MIN_POSITIVE);
        let fused = words.into_iter().map(|(address, score)| {
            let meaning = cosines.get(&address).map(|&cosine| among.weight(address) * place(cosine));
            (Fused { words: score, meaning, scale }, address)
        });
        Ok(fused.collect())
    }
}
