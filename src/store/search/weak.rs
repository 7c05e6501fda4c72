//! Whether the best hit is a good one: a page that looks like an answer and is none should say so.

use tantivy::DocAddress;

use super::super::text::words;
use super::super::{Index, StoreError};
use super::asked::Origin;
use super::bm25::Counts;
use super::plan::{Plan, Word, inverse_frequency};
use super::score::SegmentText;
use super::suggest::MAX_WORDS;
use super::synonyms;

/// Of fewer telling words, one that is lacking is too often half.
const SEVERAL: usize = 3;

/// A hit is weak when it holds less than this share of what the typed words weigh: rare words weigh more, and words that
/// no article holds most.
const WEAK: f32 = 0.5;

/// The words of `text` that its best hit lacks, in lower case, if the hit is a weak one: it holds less than half of what
/// several words weigh. A synonym or part of a word counts for it. Nothing is said of long texts, which no article holds
/// the half of, and of codes and ids, which need no words.
pub(super) fn lacking(
    index: &Index,
    text: &str,
    plan: &Plan<'_>,
    best: Option<DocAddress>,
) -> Result<Vec<String>, StoreError> {
    let telling = telling_words(text);
    let Some(best) = best.filter(|_| (SEVERAL..=MAX_WORDS).contains(&telling.len()) && plan.exact.is_empty()) else {
        return Ok(Vec::new());
    };
    let segment = SegmentText::open(index, best.segment_ord).map_err(|error| index.error(error))?;
    let mut held: Vec<&Word> = Vec::new();
    for word in &plan.words {
        let counts = segment.counts(best.doc_id, word).map_err(|error| index.error(error))?;
        held.extend((counts != Counts::default()).then_some(word));
    }
    let unknown = inverse_frequency(0, index.searcher.num_docs());
    let (mut of_all, mut of_held, mut lacking) = (0.0, 0.0, Vec::new());
    for (stem, word) in telling {
        let weight = plan.words.iter().find(|known| known.stem == stem).map_or(unknown, |known| known.weight);
        of_all += weight;
        if held.iter().any(|held| held.stem == stem || stands_for(&held.origin, &word)) {
            of_held += weight;
        } else {
            lacking.push(word);
        }
    }
    Ok(if of_held < WEAK * of_all { lacking } else { Vec::new() })
}

/// The words of a query that tell something, each stem once, with the words in lower case.
pub(super) fn telling_words(text: &str) -> Vec<(String, String)> {
    let mut telling: Vec<(String, String)> = Vec::new();
    for (stem, range) in words(text) {
        let word = text[range].to_lowercase();
        if !synonyms::is_small(&word) && telling.iter().all(|(other, _)| *other != stem) {
            telling.push((stem, word));
        }
    }
    telling
}

/// Whether a word was added to the query for this one.
fn stands_for(origin: &Origin, word: &str) -> bool {
    match origin {
        Origin::PartOf(whole) => whole == word,
        Origin::StandsFor(words) => words.split(' ').any(|other| other == word),
        Origin::Typed | Origin::Small | Origin::Product(_) => false,
    }
}
