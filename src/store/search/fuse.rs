//! Combines the scores by words with the similarity of meaning into one ranking.
//!
//! This is convex fusion of normalised scores, which does better than fusing ranks (Bruch, Gai & Ingber 2023). The score by
//! words is a share of the best such score. The score by meaning is the position of the cosine between those of the last and
//! the first of the nearest passages.
//!
//! Invariant: `score = (1 - share) · words + weight · share · scale · position`, with `position` from 0 to 1 and `scale` the
//! best score by words. So both terms have the same range, and the last of the nearest passages adds nothing.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::{DocAddress, DocId};

use super::super::index::Scored;
use super::super::{Index, StoreError};
use super::plan::QueryPlan;
use super::rank::{best_by_words, scores_of};
use crate::semantic::{Meaning, NearPassage};

/// The number of nearest passages whose articles are found by meaning alone. The first and last of their cosines define
/// the range of the scores by meaning.
const NEAREST: usize = 100;

/// The constants of the fusion, the same for every document of a search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fusion {
    /// The share of the meaning in the score, 0–1; the words have the rest.
    pub(super) share: f32,
    /// The best score by words, which brings both scores to one range.
    scale: f32,
    /// The cosines of the last and of the first of the nearest passages.
    least: f32,
    most: f32,
}

impl Fusion {
    /// The score of the meaning of a passage, before the factor of the collection; 0 without a vector.
    pub(super) fn meaning(self, cosine: Option<f32>) -> f32 {
        debug_assert!(self.least <= self.most && self.scale >= 0.0);
        let place = cosine.map_or(0.0, |cosine| (cosine - self.least) / (self.most - self.least).max(f32::EPSILON));
        self.share * self.scale * place.clamp(0.0, 1.0)
    }
}

/// Adds the documents nearest in meaning to those of `by_words`, and scores all of them by words and meaning.
pub(super) fn fused(plan: &QueryPlan<'_>, meaning: &Meaning, by_words: Vec<Scored>) -> Result<Vec<Scored>, StoreError> {
    let (nearest, fusion) = nearest(plan, meaning, best_of(&by_words));
    let mut words: BTreeMap<DocAddress, f32> = by_words.into_iter().map(|(score, address)| (address, score)).collect();
    let mut others: BTreeMap<u32, BTreeSet<DocId>> = BTreeMap::new();
    for near in nearest {
        let articles = plan.index.articles_of(near.passage)?.into_iter();
        for address in articles.filter(|address| !words.contains_key(address)) {
            others.entry(address.segment_ord).or_default().insert(address.doc_id);
        }
    }
    for (segment, documents) in others {
        let documents: Vec<DocId> = documents.into_iter().collect();
        let scored = scores_of(plan, segment, &documents)?;
        words.extend(scored.into_iter().map(|(score, doc)| (DocAddress::new(segment, doc), score)));
    }
    let score = |(address, words): (DocAddress, f32)| {
        let meaning = fusion.meaning(cosine(plan.index, meaning, address));
        ((1.0 - fusion.share) * words + plan.eligible.weight(address) * meaning, address)
    };
    // The last of the nearest passages scores 0 when its article contains none of the words.
    Ok(words.into_iter().map(score).filter(|(score, _)| *score > 0.0).collect())
}

/// The constants that [`fused`] uses in a search; `None` when only words count.
pub(super) fn fusion(plan: &QueryPlan<'_>) -> Result<Option<Fusion>, StoreError> {
    let Some(meaning) = &plan.meaning else { return Ok(None) };
    let by_words = best_by_words(plan, 0)?;
    Ok(Some(nearest(plan, meaning, best_of(&by_words)).1))
}

/// The cosine of the angle between the vectors of a query and of an article's passage; `None` if the passage has no
/// vector.
pub(super) fn cosine(index: &Index, meaning: &Meaning, address: DocAddress) -> Option<f32> {
    meaning.similarity(index.passage_key(address)?)
}

/// The nearest passages, and the constants of the fusion; `scale` is the best score by words.
fn nearest(plan: &QueryPlan<'_>, meaning: &Meaning, scale: f32) -> (Vec<NearPassage>, Fusion) {
    let nearest = meaning.vectors.nearest(&meaning.direction, NEAREST);
    debug_assert!(nearest.is_sorted_by(|a, b| a.cosine >= b.cosine));
    let cosine = |near: Option<&NearPassage>| near.map_or(0.0, |near| near.cosine);
    let (least, most) = (cosine(nearest.last()), cosine(nearest.first()));
    (nearest, Fusion { share: plan.ranking.meaning, scale, least, most })
}

fn best_of(scored: &[Scored]) -> f32 {
    scored.iter().map(|(score, _)| *score).fold(0.0, f32::max)
}
