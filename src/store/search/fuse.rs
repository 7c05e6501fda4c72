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

use super::super::{Index, StoreError};
use super::plan::Plan;
use super::rank::best_by_words;
use super::rank::scores_of;
use super::score::Among;
use crate::semantic::{Meaning, Nearest};

/// Passages that may come in by their meaning alone, and that the others are measured by.
const NEAREST: usize = 100;

/// How the scores of words and meaning become one. The same for every document of a search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fusion {
    /// What the meaning has of the score, 0–1; the words have the rest.
    pub(super) share: f32,
    /// The best score by words, so that the scores of both are of one size.
    scale: f32,
    /// The cosines of the last of the nearest passages, and of the first.
    least: f32,
    most: f32,
}

impl Fusion {
    /// What the meaning of a passage adds to the score, before the weight of the collection; nothing without a vector.
    pub(super) fn meaning(self, cosine: Option<f32>) -> f32 {
        debug_assert!(self.least <= self.most && self.scale >= 0.0);
        let place = cosine.map_or(0.0, |cosine| (cosine - self.least) / (self.most - self.least).max(f32::EPSILON));
        self.share * self.scale * place.clamp(0.0, 1.0)
    }
}

/// The documents of `by_words`, which are scored by their words and what is known beside, and those nearest in meaning,
/// scored by both.
pub(super) fn fused(
    index: &Index,
    plan: &Plan<'_>,
    among: &Among,
    meaning: &Meaning,
    by_words: Vec<(f32, DocAddress)>,
) -> Result<Vec<(f32, DocAddress)>, StoreError> {
    let (nearest, fusion) = nearest(plan, meaning, best_of(&by_words));
    let mut words: BTreeMap<DocAddress, f32> = by_words.into_iter().map(|(score, address)| (address, score)).collect();
    let mut others: BTreeMap<u32, BTreeSet<DocId>> = BTreeMap::new();
    for near in nearest {
        let articles = index.articles_of(near.passage)?.into_iter();
        for address in articles.filter(|address| !words.contains_key(address)) {
            others.entry(address.segment_ord).or_default().insert(address.doc_id);
        }
    }
    for (segment, documents) in others {
        let documents: Vec<DocId> = documents.into_iter().collect();
        let scored = scores_of(index, plan, among, segment, &documents)?;
        words.extend(scored.into_iter().map(|(score, doc)| (DocAddress::new(segment, doc), score)));
    }
    let score = |(address, words): (DocAddress, f32)| {
        let meaning = fusion.meaning(cosine(index, meaning, address));
        ((1.0 - fusion.share) * words + among.weight(address) * meaning, address)
    };
    // The last of the nearest passages adds nothing to an article without any of the words.
    Ok(words.into_iter().map(score).filter(|(score, _)| *score > 0.0).collect())
}

/// How [`fused`] takes the scores of a search together; `None` where words alone count.
pub(super) fn fusion(index: &Index, plan: &Plan<'_>, among: &Among) -> Result<Option<Fusion>, StoreError> {
    let Some(meaning) = &plan.meaning else { return Ok(None) };
    let by_words = best_by_words(index, plan, among, 0)?;
    Ok(Some(nearest(plan, meaning, best_of(&by_words)).1))
}

/// The cosine of the angle between a query and an article's passage; `None` without a vector.
pub(super) fn cosine(index: &Index, meaning: &Meaning, address: DocAddress) -> Option<f32> {
    meaning.similarity(index.passage_key(address)?)
}

/// The nearest passages, and how their nearness is taken together with scores by words of which the best is `scale`.
fn nearest(plan: &Plan<'_>, meaning: &Meaning, scale: f32) -> (Vec<Nearest>, Fusion) {
    let nearest = meaning.vectors.nearest(&meaning.direction, NEAREST);
    debug_assert!(nearest.is_sorted_by(|a, b| a.cosine >= b.cosine));
    let cosine = |near: Option<&Nearest>| near.map_or(0.0, |near| near.cosine);
    let (least, most) = (cosine(nearest.last()), cosine(nearest.first()));
    (nearest, Fusion { share: plan.ranking.meaning, scale, least, most })
}

fn best_of(scored: &[(f32, DocAddress)]) -> f32 {
    scored.iter().map(|(score, _)| *score).fold(0.0, f32::max)
}
