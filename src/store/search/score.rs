//! Finds the documents with the highest scores by reading the postings of each word once.
//!
//! The counts of a word are summed over its fields before it is scored, which tantivy's own scorers cannot do. Words that add
//! little are common and have long postings. Once no document that holds only such words can be among the best, they are
//! looked up in the remaining candidates alone (MaxScore, Turtle & Flood 1995). The result is the same as that of reading
//! everything.
//!
//! Invariant: words are scored in the order of their bounds, highest first, and `left` is the sum of the bounds of the words
//! that are not scored yet. So the final score of a document is at most its sum so far plus `left`; a document that is not
//! found yet has a sum of 0 and ends at `left` at most. A document is dropped only when that is below the score of `n` others.

use std::cell::Cell;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::{EnableScoring, Query};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet, InvertedIndexReader, SegmentOrdinal, SegmentReader, TERMINATED, Term};

use super::super::index::Scored;
use super::super::schema::{ID_KEY, TEXT_FIELDS};
use super::super::{Index, StoreError};
use super::bm25::{Counts, Lengths};
use super::eligible::Eligible;
use super::plan::{ExactTerm, PlannedWord, QueryPlan};

/// A word is looked up in single documents only if it has at least this many postings. For fewer, reading all of them
/// is as fast.
const LONG: usize = 1_000;

/// Seeking one document in the postings of a word takes as long as reading this many postings.
const SEEK_COST: usize = 12;

/// The `n` documents with the highest scores, highest first. Among equal scores at the end, those with the smallest keys of
/// their ids are taken: documents are in the order of their files, which must not matter.
pub(super) fn best(plan: &QueryPlan<'_>, n: usize) -> Result<Vec<Scored>, StoreError> {
    best_of(plan, BestDocuments { n, long: LONG, scored: Vec::new() })
}

fn best_of(plan: &QueryPlan<'_>, mut best: BestDocuments) -> Result<Vec<Scored>, StoreError> {
    for (ord, _) in (0..).zip(plan.index.searcher.segment_readers()) {
        let found = SegmentText::open(plan.index, ord).and_then(|segment| segment.best(plan, &best));
        best.add(ord, found.map_err(|error| plan.index.error(error))?);
    }
    Ok(best.scored.into_iter().map(|(score, _, address)| (score, address)).collect())
}

/// The best documents so far.
struct BestDocuments {
    n: usize,
    /// A word with at least this many postings in a segment may be looked up in single documents: [`LONG`], or fewer in tests.
    long: usize,
    /// Score, key of the id, and address; highest first.
    scored: Vec<(f32, u64, DocAddress)>,
}

impl BestDocuments {
    /// The score that a document must reach to be among the best.
    fn floor(&self) -> f32 {
        if self.scored.len() < self.n { 0.0 } else { self.scored.last().map_or(0.0, |(score, ..)| *score) }
    }

    fn add(&mut self, segment: SegmentOrdinal, found: Vec<(f32, u64, DocId)>) {
        self.scored.extend(found.into_iter().map(|(score, key, doc)| (score, key, DocAddress::new(segment, doc))));
        self.scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
        self.scored.truncate(self.n);
    }
}

/// The text of the documents of one segment.
pub(super) struct SegmentText<'a> {
    ord: usize,
    reader: &'a SegmentReader,
    fields: [Arc<InvertedIndexReader>; TEXT_FIELDS],
    lengths: [FieldNormReader; TEXT_FIELDS],
}

impl<'a> SegmentText<'a> {
    pub(super) fn open(index: &'a Index, segment: SegmentOrdinal) -> tantivy::Result<SegmentText<'a>> {
        let reader = index.searcher.segment_reader(segment);
        let [title, lead, rest, message] = index.fields.texts();
        let terms = |field| reader.inverted_index(field);
        let norms = |field| reader.get_fieldnorms_reader(field);
        Ok(SegmentText {
            ord: segment as usize,
            reader,
            fields: [terms(title)?, terms(lead)?, terms(rest)?, terms(message)?],
            lengths: [norms(title)?, norms(lead)?, norms(rest)?, norms(message)?],
        })
    }

    /// The documents with the highest scores and the keys of their ids, at most `best.n`, in no order.
    fn best(&self, plan: &QueryPlan<'_>, best: &BestDocuments) -> tantivy::Result<Vec<(f32, u64, DocId)>> {
        let mut sums = ScoreSums::new(self.reader.max_doc());
        for exact in &plan.exact {
            self.add_exact(exact, &mut sums)?;
        }
        let is_allowed = self.allowed(&plan.eligible)?;
        debug_assert!(
            plan.words.is_sorted_by(|a, b| a.bound >= b.bound),
            "the words left must be those that add least"
        );
        let mut left: f32 = plan.words.iter().map(|word| word.bound).sum();
        let mut words = plan.words.iter();
        let candidates = loop {
            let rest = words.as_slice();
            let Some(word) = words.next() else { break None };
            // With weights of collections, nothing is skipped: a weight could lift a document that is not found yet.
            let can_skip = plan.eligible.weights.is_empty() && word.n_postings(self.ord) >= best.long;
            if let Some(candidates) = can_skip.then(|| sums.candidates(left, best, &is_allowed)).flatten() {
                break Some((candidates, rest));
            }
            self.add_word(word, plan, &mut sums)?;
            left -= word.bound;
        };
        let candidates = match candidates {
            Some((mut candidates, rest)) => {
                for word in rest {
                    self.add_to(&candidates, word, plan, &mut sums)?;
                    // Rounding must not make the rest negative: it would drop a document that is one of the best.
                    left = (left - word.bound).max(0.0);
                    sums.retain(&mut candidates, left, best);
                }
                candidates
            }
            None => {
                sums.found.retain(|&doc| is_allowed(doc));
                std::mem::take(&mut sums.found)
            }
        };
        let weights = plan.eligible.weights.get(self.ord);
        let weight = |doc: DocId| weights.map_or(1.0, |weights| weights[doc as usize]);
        let mut found: Vec<(f32, DocId)> =
            candidates.into_iter().map(|doc| (sums.scores[doc as usize] * weight(doc), doc)).collect();
        sums.spare();
        let keys = self.reader.fast_fields().u64(ID_KEY)?;
        let key = |doc: DocId| keys.first(doc).unwrap_or(u64::MAX);
        found.retain(|(score, _)| *score >= best.floor());
        highest(&mut found, best.n, key);
        Ok(found.into_iter().map(|(score, doc)| (score, key(doc), doc)).collect())
    }

    /// The scores of those of `documents` (sorted) that are eligible. Leaves out none for a low score.
    pub(super) fn scores_of(&self, plan: &QueryPlan<'_>, documents: &[DocId]) -> tantivy::Result<Vec<(f32, DocId)>> {
        let is_allowed = self.allowed(&plan.eligible)?;
        let documents: Vec<DocId> = documents.iter().copied().filter(|&doc| is_allowed(doc)).collect();
        let mut sums = ScoreSums::new(self.reader.max_doc());
        for exact in &plan.exact {
            self.add_exact(exact, &mut sums)?;
        }
        for word in &plan.words {
            self.add_to(&documents, word, plan, &mut sums)?;
        }
        let weights = plan.eligible.weights.get(self.ord);
        let weight = |doc: DocId| weights.map_or(1.0, |weights| weights[doc as usize]);
        Ok(documents.into_iter().map(|doc| (sums.scores[doc as usize] * weight(doc), doc)).collect())
    }

    /// Returns a function that tells whether a document is eligible: it is not removed, and the filter matches it.
    fn allowed(&self, eligible: &Eligible) -> tantivy::Result<impl Fn(DocId) -> bool> {
        let mut allowed = None;
        if let Some(filter) = &eligible.filter {
            let scoring = EnableScoring::disabled_from_schema(self.reader.schema());
            let mut matching = filter.weight(scoring)?.scorer(self.reader, 1.0)?;
            let mut bits = vec![false; self.reader.max_doc() as usize];
            while matching.doc() != TERMINATED {
                bits[matching.doc() as usize] = true;
                matching.advance();
            }
            allowed = Some(bits);
        }
        let alive = self.reader.alive_bitset().cloned();
        Ok(move |doc: DocId| {
            alive.as_ref().is_none_or(|alive| alive.is_alive(doc))
                && allowed.as_ref().is_none_or(|bits| bits[doc as usize])
        })
    }

    fn add_exact(&self, exact: &ExactTerm, sums: &mut ScoreSums) -> tantivy::Result<()> {
        let term = Term::from_field_text(exact.field, &exact.term);
        let index = self.reader.inverted_index(exact.field)?;
        let Some(mut postings) = index.read_block_postings(&term, IndexRecordOption::Basic)? else { return Ok(()) };
        while postings.block_len() > 0 {
            postings.docs().iter().for_each(|&doc| sums.add(doc, exact.score));
            postings.advance();
        }
        Ok(())
    }

    /// The location of the postings of a word in a text field; `None` if it does not occur there.
    pub(super) fn info<'w>(&self, word: &'w PlannedWord, field: usize) -> Option<&'w TermInfo> {
        word.infos[self.ord][field].as_ref()
    }

    pub(super) fn field(&self, field: usize) -> &InvertedIndexReader {
        &self.fields[field]
    }

    fn postings(&self, word: &PlannedWord, field: usize) -> tantivy::Result<Option<BlockSegmentPostings>> {
        let Some(info) = self.info(word, field) else { return Ok(None) };
        Ok(Some(self.field(field).read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?))
    }

    /// Adds the score of a word to each document that contains it.
    fn add_word(&self, word: &PlannedWord, plan: &QueryPlan<'_>, sums: &mut ScoreSums) -> tantivy::Result<()> {
        for field in 0..TEXT_FIELDS {
            let Some(mut postings) = self.postings(word, field)? else { continue };
            while postings.block_len() > 0 {
                for (&doc, &count) in postings.docs().iter().zip(postings.freqs()) {
                    sums.hold(doc, field, count);
                }
                postings.advance();
            }
        }
        let mut holding = std::mem::take(&mut sums.holding);
        for doc in holding.drain(..) {
            let counts = std::mem::take(&mut sums.counts[doc as usize]);
            sums.add(doc, word.weight * plan.bm25.score(&counts, &self.lengths(doc)));
        }
        sums.holding = holding;
        Ok(())
    }

    /// Adds the score of a word to those of `documents` (sorted) that contain it.
    fn add_to(
        &self,
        documents: &[DocId],
        word: &PlannedWord,
        plan: &QueryPlan<'_>,
        sums: &mut ScoreSums,
    ) -> tantivy::Result<()> {
        let mut counts = vec![Counts::default(); documents.len()];
        for field in 0..TEXT_FIELDS {
            let in_field = self.counts_in(field, word, documents)?;
            counts.iter_mut().zip(in_field).for_each(|(counts, count)| counts[field] = count);
        }
        for (counts, &doc) in counts.iter().zip(documents).filter(|(counts, _)| **counts != Counts::default()) {
            sums.add(doc, word.weight * plan.bm25.score(counts, &self.lengths(doc)));
        }
        Ok(())
    }

    /// The number of occurrences of a word in each text field of a document.
    pub(super) fn counts(&self, doc: DocId, word: &PlannedWord) -> tantivy::Result<Counts> {
        let mut counts = Counts::default();
        for (field, count) in counts.iter_mut().enumerate() {
            *count = self.counts_in(field, word, &[doc])?.first().copied().unwrap_or(0);
        }
        Ok(counts)
    }

    /// The number of occurrences of a word in a text field of each of `documents` (sorted); empty when no document of
    /// the segment contains it there.
    pub(super) fn counts_in(&self, field: usize, word: &PlannedWord, documents: &[DocId]) -> tantivy::Result<Vec<u16>> {
        let Some(mut postings) = self.postings(word, field)? else { return Ok(Vec::new()) };
        if documents.len() * SEEK_COST < postings.doc_freq() as usize {
            return Ok(documents.iter().map(|&doc| count_at(&mut postings, doc)).collect());
        }
        let mut counts = vec![0; documents.len()];
        let mut at = 0;
        while postings.block_len() > 0 && at < documents.len() {
            for (&doc, &count) in postings.docs().iter().zip(postings.freqs()) {
                while documents.get(at).is_some_and(|&next| next < doc) {
                    at += 1;
                }
                if documents.get(at) == Some(&doc) {
                    counts[at] = saturated(count);
                }
            }
            postings.advance();
        }
        Ok(counts)
    }

    /// Whether each of `documents` (sorted) has an exact term.
    pub(super) fn are_naming(&self, exact: &ExactTerm, documents: &[DocId]) -> tantivy::Result<Vec<bool>> {
        let term = Term::from_field_text(exact.field, &exact.term);
        let index = self.reader.inverted_index(exact.field)?;
        let Some(mut postings) = index.read_block_postings(&term, IndexRecordOption::Basic)? else {
            return Ok(vec![false; documents.len()]);
        };
        let is_naming = |&doc: &DocId| {
            let at = postings.seek(doc);
            postings.doc(at) == doc
        };
        Ok(documents.iter().map(is_naming).collect())
    }

    /// Whether each of `documents` (sorted) contains a word in any field.
    pub(super) fn are_holding(&self, word: &PlannedWord, documents: &[DocId]) -> tantivy::Result<Vec<bool>> {
        let mut are_holding = vec![false; documents.len()];
        for field in 0..TEXT_FIELDS {
            let counts = self.counts_in(field, word, documents)?;
            are_holding.iter_mut().zip(counts).for_each(|(is_holding, count)| *is_holding |= count > 0);
        }
        Ok(are_holding)
    }

    /// The number of words in each text field of a document. Exact up to 40, rounded down beyond, as tantivy stores them.
    pub(super) fn lengths(&self, doc: DocId) -> Lengths {
        self.lengths.each_ref().map(|lengths| lengths.fieldnorm(doc))
    }
}

/// The number of occurrences of the word of `postings` in a document. `postings` must not be past it.
fn count_at(postings: &mut BlockSegmentPostings, doc: DocId) -> u16 {
    let at = postings.seek(doc);
    if postings.doc(at) == doc { saturated(postings.freq(at)) } else { 0 }
}

fn saturated(count: u32) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

thread_local! {
    /// The memory of the last search, for the next one of the thread: half a megabyte for 57,000 documents. Allocating
    /// it each time took a tenth of the time of a search in a diagnosis.
    static SPARE: Cell<ScoreSums> = Cell::default();
}

/// The sums of the scores of the documents of a segment.
#[derive(Default)]
struct ScoreSums {
    scores: Vec<f32>,
    /// The documents with a sum above 0, each once.
    found: Vec<DocId>,
    /// The highest sum, also of documents that are not eligible.
    highest: f32,
    /// The occurrences of the current word, by document and field. `holding` lists the documents that contain it, each
    /// once.
    counts: Vec<Counts>,
    holding: Vec<DocId>,
}

impl ScoreSums {
    fn new(n_documents: u32) -> ScoreSums {
        let mut sums = SPARE.take();
        let n = n_documents as usize;
        sums.scores.clear();
        sums.scores.resize(n, 0.0);
        sums.counts.clear();
        sums.counts.resize(n, Counts::default());
        sums.found.clear();
        sums.holding.clear();
        ScoreSums { highest: 0.0, ..sums }
    }

    /// Keeps the allocated memory for the next search of this thread.
    fn spare(self) {
        SPARE.set(self);
    }

    fn hold(&mut self, doc: DocId, field: usize, count: u32) {
        let counts = &mut self.counts[doc as usize];
        if *counts == Counts::default() {
            self.holding.push(doc);
        }
        counts[field] = saturated(count);
    }

    /// Adds to the score of a document.
    fn add(&mut self, doc: DocId, score: f32) {
        debug_assert!(score >= 0.0, "the sum of a document never falls");
        // A sum of 0 means that the document is not found yet, and a weight of the ranking may be 0.
        let score = score.max(f32::MIN_POSITIVE);
        let sum = &mut self.scores[doc as usize];
        if *sum == 0.0 {
            self.found.push(doc);
        }
        *sum += score;
        self.highest = self.highest.max(*sum);
    }

    /// The documents, sorted, that can still be among the best when the remaining words add at most `left`. `None` if a document
    /// that is not found yet can be one of them.
    fn candidates(&self, left: f32, best: &BestDocuments, is_allowed: impl Fn(DocId) -> bool) -> Option<Vec<DocId>> {
        if left >= self.highest.max(best.floor()) {
            return None;
        }
        let mut found: Vec<DocId> = self.found.iter().copied().filter(|&doc| is_allowed(doc)).collect();
        if left >= self.floor(&found, best) {
            return None;
        }
        self.retain(&mut found, left, best);
        found.sort_unstable();
        debug_assert!(found.is_sorted_by(|a, b| a < b), "each candidate is found once");
        Some(found)
    }

    /// Keeps the candidates that can still be among the best when the remaining words add at most `left`.
    fn retain(&self, candidates: &mut Vec<DocId>, left: f32, best: &BestDocuments) {
        let floor = self.floor(candidates, best);
        // The last digits of a sum depend on the order of its terms.
        let least = floor - left - floor.abs() * 1e-5;
        let n_before = candidates.len();
        candidates.retain(|&doc| self.scores[doc as usize] >= least);
        debug_assert!(candidates.len() >= n_before.min(best.n) || best.floor() > 0.0, "the best so far stay");
    }

    /// The sum that one of `documents` must reach to be among the best.
    fn floor(&self, documents: &[DocId], best: &BestDocuments) -> f32 {
        if documents.len() < best.n || best.n == 0 {
            return best.floor();
        }
        let mut sums: Vec<f32> = documents.iter().map(|&doc| self.scores[doc as usize]).collect();
        let (_, nth, _) = sums.select_nth_unstable_by(best.n - 1, |a, b| b.total_cmp(a));
        best.floor().max(*nth)
    }
}

/// Keeps the `n` documents with the highest scores, and among equal ones those with the smallest keys. Reads keys only when
/// the last score is shared.
fn highest(found: &mut Vec<(f32, DocId)>, n: usize, key: impl Fn(DocId) -> u64) {
    if found.len() <= n || n == 0 {
        return;
    }
    let (_, &mut (nth, _), _) = found.select_nth_unstable_by(n - 1, |a, b| b.0.total_cmp(&a.0));
    let mut equal: Vec<(u64, DocId)> =
        found.iter().filter(|(score, _)| *score == nth).map(|&(_, doc)| (key(doc), doc)).collect();
    found.retain(|(score, _)| *score > nth);
    equal.sort_unstable();
    found.extend(equal.into_iter().take(n - found.len()).map(|(_, doc)| (nth, doc)));
    debug_assert!(found.len() == n && found.iter().all(|(score, _)| *score >= nth));
}

#[cfg(test)]
mod tests;
