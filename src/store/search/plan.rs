//! Prepares a query for scoring: its words with their postings, codes and ids, products, and meaning.

use tantivy::Term;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;

use super::super::collection::SearchOptions;
use super::super::filter::SearchScope;
use super::super::ranking::Ranking;
use super::super::schema::TEXT_FIELDS;
use super::super::{Index, StoreError, text};
use super::bm25::Bm25;
use super::eligible::Eligible;
use super::query_words::{QueryWord, WordOrigin, article_ids, codes, query_words};
use super::shared_information::RecordWords;
use crate::product::{self, Mention};
use crate::semantic::Meaning;

/// The most words by which documents are scored. The rarest words find the documents for a long pasted text. Further
/// words cost time and change little.
const MAX_WORDS: usize = 48;

/// In a text with more words, products are not looked for: it is a pasted message or log, which has no informal names
/// of them.
const MAX_QUESTION_WORDS: usize = 60;

/// A query that is ready to score documents.
pub(super) struct QueryPlan<'a> {
    pub(super) index: &'a Index,
    /// The documents that the query may return.
    pub(super) eligible: Eligible,
    /// The words that some document contains, highest bound first.
    pub(super) words: Vec<PlannedWord>,
    /// The words in the order of the query, as indices into `words`; `None` for one that no document contains.
    pub(super) in_order: Vec<Option<usize>>,
    /// The words of the query that tell something, to be found in order in a text.
    pub(super) telling: RecordWords,
    /// The codes and ids, which are looked up exactly.
    pub(super) exact: Vec<ExactTerm>,
    /// The products that the query mentions.
    pub(super) mentions: Vec<Mention>,
    /// The meaning of the query; `None` when only words count.
    pub(super) meaning: Option<Meaning>,
    /// Whether the query is a record of a log, for which some features have other weights.
    pub(super) is_record: bool,
    pub(super) bm25: Bm25,
    pub(super) ranking: &'a Ranking,
}

/// A word of a plan.
pub(super) struct PlannedWord {
    /// The word as indexed.
    pub(super) stem: String,
    pub(super) origin: WordOrigin,
    pub(super) is_symbol: bool,
    /// The weight of the word in the query times its rarity.
    pub(super) weight: f32,
    /// The highest score that the word can add to a document.
    pub(super) bound: f32,
    /// The location of its postings, by segment and text field.
    pub(super) infos: Vec<[Option<TermInfo>; TEXT_FIELDS]>,
}

/// A code or id. Its score does not depend on the number of occurrences.
pub(super) struct ExactTerm {
    pub(super) field: Field,
    pub(super) term: String,
    pub(super) score: f32,
}

impl PlannedWord {
    pub(super) fn is_typed(&self) -> bool {
        matches!(self.origin, WordOrigin::Typed | WordOrigin::Small)
    }

    /// The number of postings in a segment, over all fields.
    pub(super) fn n_postings(&self, segment: usize) -> usize {
        self.infos[segment].iter().flatten().map(|info| info.doc_freq as usize).sum()
    }
}

/// Prepares a query. `None` when it contains no word, code or id that the store knows.
pub(super) fn plan<'a>(
    index: &'a Index,
    scope: &SearchScope<'_>,
    options: &'a SearchOptions,
) -> Result<Option<QueryPlan<'a>>, StoreError> {
    let (query, ranking) = (scope.text.as_str(), &options.ranking);
    let is_question = query.split_whitespace().nth(MAX_QUESTION_WORDS).is_none();
    let mentions = if is_question { product::mentions(query) } else { Vec::new() };
    let bm25 = Bm25::new(ranking, average_lengths(index)?);
    let mut words = Vec::new();
    for word in query_words(query, &mentions, ranking) {
        words.extend(planned_word(index, word, &bm25)?);
    }
    words.sort_by(|a, b| b.bound.total_cmp(&a.bound).then_with(|| a.stem.cmp(&b.stem)));
    words.truncate(MAX_WORDS);
    let place = |stem: &String| words.iter().position(|word| word.stem == *stem);
    let in_order = text::words(query).iter().map(|(stem, _)| place(stem)).collect();
    let exact = |field: Field, score: f32| move |term: String| ExactTerm { field, term, score };
    let codes = codes(query).into_iter().map(exact(index.fields.code, ranking.code));
    let ids = article_ids(query).into_iter().map(exact(index.fields.name, ranking.id));
    let exact: Vec<ExactTerm> = codes.chain(ids).collect();
    if words.is_empty() && exact.is_empty() {
        return Ok(None);
    }
    let may_mean = exact.is_empty() && ranking.meaning > 0.0;
    let meaning = options.meaning.as_ref().filter(|_| may_mean).and_then(|meaning| meaning.find(query));
    let eligible = Eligible::new(index, scope)?;
    let telling = RecordWords::new(query, &words);
    let is_record = false;
    Ok(Some(QueryPlan {
        index,
        eligible,
        words,
        in_order,
        telling,
        exact,
        mentions,
        meaning,
        is_record,
        bm25,
        ranking,
    }))
}

/// Looks up the postings of a word; `None` if no document contains it.
fn planned_word(index: &Index, word: QueryWord, bm25: &Bm25) -> Result<Option<PlannedWord>, StoreError> {
    let infos = term_infos(index, &word.stem)?;
    let n_holding = most_in_a_field(&infos);
    if n_holding == 0 || word.weight <= 0.0 {
        return Ok(None);
    }
    let weight = word.weight * inverse_frequency(n_holding, index.searcher.num_docs());
    let bound = weight * bm25.most(|field| n_holding_any(&infos, field));
    Ok(Some(PlannedWord { stem: word.stem, origin: word.origin, is_symbol: word.is_symbol, weight, bound, infos }))
}

fn term_infos(index: &Index, stem: &str) -> Result<Vec<[Option<TermInfo>; TEXT_FIELDS]>, StoreError> {
    let fields = index.fields.texts();
    let of_segment = |segment: &tantivy::SegmentReader| {
        let mut infos = [const { None }; TEXT_FIELDS];
        for (info, field) in infos.iter_mut().zip(fields) {
            *info = segment.inverted_index(field)?.get_term_info(&Term::from_field_text(field, stem))?;
        }
        Ok(infos)
    };
    let infos: tantivy::Result<_> = index.searcher.segment_readers().iter().map(of_segment).collect();
    infos.map_err(|error| index.error(error))
}

/// Returns a lower bound of the number of documents that contain a stem: the number of those that have it in one text
/// field, the one where they are most.
pub(in crate::store) fn n_holding(index: &Index, stem: &str) -> Result<u64, StoreError> {
    Ok(most_in_a_field(&term_infos(index, stem)?))
}

/// The average number of words of an article, by text field. Sums whole numbers, so the result does not depend on how the
/// articles are spread over segments.
fn average_lengths(index: &Index) -> Result<[f32; TEXT_FIELDS], StoreError> {
    let n_documents = index.searcher.num_docs().max(1) as f64;
    let mut lengths = [0.0; TEXT_FIELDS];
    for (length, field) in lengths.iter_mut().zip(index.fields.texts()) {
        let mut n_words = 0;
        for segment in index.searcher.segment_readers() {
            n_words += segment.inverted_index(field).map_err(|error| index.error(error))?.total_num_tokens();
        }
        *length = (n_words as f64 / n_documents) as f32;
    }
    Ok(lengths)
}

fn most_in_a_field(infos: &[[Option<TermInfo>; TEXT_FIELDS]]) -> u64 {
    let in_segments = |field: usize| infos.iter().filter_map(move |of_segment| of_segment[field].as_ref());
    let n_holding = |field: usize| in_segments(field).map(|info| u64::from(info.doc_freq)).sum();
    (0..TEXT_FIELDS).map(n_holding).max().unwrap_or(0)
}

fn n_holding_any(infos: &[[Option<TermInfo>; TEXT_FIELDS]], field: usize) -> bool {
    infos.iter().any(|of_segment| of_segment[field].is_some())
}

/// The inverse document frequency of BM25, > 0, as Lucene defines it.
pub(super) fn inverse_frequency(n_holding: u64, n_documents: u64) -> f32 {
    let (n, holding) = (n_documents.max(n_holding) as f32, n_holding as f32);
    (1.0 + (n - holding + 0.5) / (holding + 0.5)).ln()
}
