//! Better spellings for query words that no article holds, or few where the best hit is a weak one.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use tantivy::Term;

use tantivy::collector::TopDocs;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;

use super::super::index::text_of;
use super::super::text::words;
use super::super::{Index, StoreError};
use super::plan::n_holding;

/// Typos are forgiven on words of this many letters only: shorter ones have too many neighbours.
const MIN_LETTERS: usize = 5;

/// A longer query is a pasted message or log, not a misspelt question.
pub(super) const MAX_WORDS: usize = 12;

/// Letters that may differ.
const MAX_DISTANCE: usize = 2;

/// A word that articles do hold is held to be misspelt when so many times as many titles hold a near one: an archive repeats
/// the slips of its authors.
const TIMES_AS_MANY: u64 = 20;

/// Articles that hold a word that may be misspelt, at most. More frequent words need not be looked at.
const FEW: u64 = 50;

/// `query` with each word that no article holds replaced by the nearest word of a title; `None` when there is nothing
/// to replace, or for a long query. Where the best hit `is_weak`, so is each word that few articles hold if far more titles
/// hold a near one. Looks through the title words with the same first letter for each of these words.
pub(super) fn suggestion(index: &Index, query: &str, is_weak: bool) -> Result<Option<String>, StoreError> {
    let mut better = String::new();
    let mut at = 0;
    let most = if is_weak { FEW } else { 0 };
    let words = words(query);
    if words.len() > MAX_WORDS {
        return Ok(None);
    }
    for (term, range) in words {
        let is_word = term.chars().count() >= MIN_LETTERS && term.chars().all(char::is_alphabetic);
        let n_holding = if is_word { n_holding(index, &term)? } else { continue };
        if n_holding > most {
            continue;
        }
        if let [word] = &nearest(index, &term, n_holding * TIMES_AS_MANY, 1)?[..] {
            better.push_str(&query[at..range.start]);
            better.push_str(word);
            at = range.end;
        }
    }
    better.push_str(&query[at..]);
    Ok((at > 0).then_some(better))
}

/// The `n` title words nearest to `term` that so many titles hold at least, as they are written; of equally near ones the
/// more frequent, then the first by letter. Too short a term has none.
pub(super) fn nearest(index: &Index, term: &str, at_least: u64, n: usize) -> Result<Vec<String>, StoreError> {
    let length = term.chars().count();
    if length < MIN_LETTERS {
        return Ok(Vec::new());
    }
    let mut near: Vec<(usize, Reverse<u64>, String)> = Vec::new();
    for (candidate, frequency) in title_words_like(index, term)? {
        // Telling how near a word is costs most.
        let may_be_near = frequency >= at_least && candidate.chars().count().abs_diff(length) <= MAX_DISTANCE;
        let distance = if may_be_near { strsim::damerau_levenshtein(&candidate, term) } else { 0 };
        if (1..=MAX_DISTANCE).contains(&distance) {
            near.push((distance, Reverse(frequency), candidate));
        }
    }
    near.sort_unstable();
    let written: Result<Vec<_>, _> = near.iter().take(n).map(|(_, _, stem)| as_written(index, stem)).collect();
    Ok(written?.into_iter().flatten().collect())
}

/// The stems in titles with the first letter of `term`, each with how many titles hold it.
fn title_words_like(index: &Index, term: &str) -> Result<BTreeMap<String, u64>, StoreError> {
    let first = term.chars().next().map(String::from).unwrap_or_default();
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    for segment in index.searcher.segment_readers() {
        let titles = segment.inverted_index(index.fields.title).map_err(|error| index.error(error))?;
        let from_first = titles.terms().range().ge(first.as_bytes()).into_stream();
        let mut words = from_first.map_err(|error| index.error(error.into()))?;
        while let Some((word, info)) = words.next() {
            let Some(word) = std::str::from_utf8(word).ok().filter(|word| word.starts_with(&first)) else { break };
            *found.entry(word.to_owned()).or_default() += u64::from(info.doc_freq);
        }
    }
    Ok(found)
}

/// A word of some title whose stem is `stem`: people do not write stems.
fn as_written(index: &Index, stem: &str) -> Result<Option<String>, StoreError> {
    let query = TermQuery::new(Term::from_field_text(index.fields.title, stem), IndexRecordOption::Basic);
    let top =
        index.searcher.search(&query, &TopDocs::with_limit(1).order_by_score()).map_err(|error| index.error(error))?;
    let Some(&(_, address)) = top.first() else { return Ok(None) };
    let title = text_of(&index.document(address)?, index.fields.title);
    let written = words(&title).into_iter().find(|(term, _)| term == stem);
    Ok(written.map(|(_, range)| title[range].to_lowercase()))
}
