//! Decides whether the best hit is weak, so that a page without a good answer says so.

use tantivy::DocAddress;

use super::super::StoreError;
use super::super::text::words;
use super::bm25::Counts;
use super::plan::{PlannedWord, QueryPlan, inverse_frequency};
use super::query_words::WordOrigin;
use super::score::SegmentText;
use super::suggest::MAX_WORDS;
use super::synonyms;

/// For a query of fewer words, small ones not counted, no hit is weak: a single lacking word would often be half of the
/// query.
const SEVERAL: usize = 3;

/// A hit is weak when it contains less than this share of the typed words by weight. Rare words weigh more, and words that no
/// article contains weigh most.
const WEAK: f32 = 0.5;

/// Returns the words of `text` that its best hit lacks, in lower case, if that hit is weak; otherwise nothing. A
/// synonym or a part of a word counts as the word. Empty for long texts, of which no article contains half, and for
/// queries with codes or ids, which need no words.
pub(super) fn lacking(plan: &QueryPlan<'_>, text: &str, best: Option<DocAddress>) -> Result<Vec<String>, StoreError> {
    let main = main_words(text);
    let Some(best) = best.filter(|_| (SEVERAL..=MAX_WORDS).contains(&main.len()) && plan.exact.is_empty()) else {
        return Ok(Vec::new());
    };
    let index = plan.index;
    let segment = SegmentText::open(index, best.segment_ord).map_err(|error| index.error(error))?;
    let mut held: Vec<&PlannedWord> = Vec::new();
    for word in &plan.words {
        let counts = segment.counts(best.doc_id, word).map_err(|error| index.error(error))?;
        held.extend((counts != Counts::default()).then_some(word));
    }
    let unknown = inverse_frequency(0, index.searcher.num_docs());
    let (mut of_all, mut of_held, mut lacking) = (0.0, 0.0, Vec::new());
    for (stem, word) in main {
        let weight = plan.words.iter().find(|known| known.stem == stem).map_or(unknown, |known| known.weight);
        of_all += weight;
        if held.iter().any(|held| held.stem == stem || is_added_for(&held.origin, &word)) {
            of_held += weight;
        } else {
            lacking.push(word);
        }
    }
    Ok(if of_held < WEAK * of_all { lacking } else { Vec::new() })
}

/// The words of a query that are not small, each stem once, with the word in lower case.
pub(super) fn main_words(text: &str) -> Vec<(String, String)> {
    let mut main: Vec<(String, String)> = Vec::new();
    for (stem, range) in words(text) {
        let word = text[range].to_lowercase();
        if !synonyms::is_small(&word) && main.iter().all(|(other, _)| *other != stem) {
            main.push((stem, word));
        }
    }
    main
}

/// Whether a word of this `origin` was added to the query as a part or synonym of `word`.
fn is_added_for(origin: &WordOrigin, word: &str) -> bool {
    match origin {
        WordOrigin::PartOf(whole) => whole == word,
        WordOrigin::StandsFor(words) => words.split(' ').any(|other| other == word),
        WordOrigin::Typed | WordOrigin::Small | WordOrigin::Product(_) => false,
    }
}
