//! Suggests spellings for query words that no article contains, or that few articles contain when the best hit is weak.

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

/// Words with fewer letters are not corrected, since they have too many similar words.
const MIN_LETTERS: usize = 5;

/// A query with more words is a pasted message or log, not a misspelt question.
pub(super) const MAX_WORDS: usize = 12;

/// At most this many letters may differ between a word and its correction.
const MAX_DISTANCE: usize = 2;

/// A word that some articles contain counts as misspelt when at least this many times as many titles contain a similar one: an
/// archive has the typing errors of its authors.
const TIMES_AS_MANY: u64 = 20;

/// A word that more articles than this contain is not checked for its spelling.
const FEW: u64 = 50;

/// Replaces each word of `query` that no article contains by the most similar word of a title. If the best hit `is_weak`, also
/// replaces words that few articles contain when far more titles contain a similar one. `None` when nothing is replaced, and for
/// a long query. Reads the title words with the same first letter for each such word.
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

/// The `n` words most similar to `term` that at least `at_least` titles contain, as written there. Of equally similar
/// ones, the more frequent come first, then the first in the alphabet. Empty for a short term.
pub(super) fn nearest(index: &Index, term: &str, at_least: u64, n: usize) -> Result<Vec<String>, StoreError> {
    let length = term.chars().count();
    if length < MIN_LETTERS {
        return Ok(Vec::new());
    }
    let mut near: Vec<(usize, Reverse<u64>, String)> = Vec::new();
    for (candidate, frequency) in title_words_like(index, term)? {
        // Computing the distance takes most of the time.
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

/// The stems in titles with the first letter of `term`, each with the number of titles that contain it.
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

/// Finds a title word whose stem is `stem`, and returns it as written there, in lower case. People do not write stems.
fn as_written(index: &Index, stem: &str) -> Result<Option<String>, StoreError> {
    let query = TermQuery::new(Term::from_field_text(index.fields.title, stem), IndexRecordOption::Basic);
    let top =
        index.searcher.search(&query, &TopDocs::with_limit(1).order_by_score()).map_err(|error| index.error(error))?;
    let Some(&(_, address)) = top.first() else { return Ok(None) };
    let title = text_of(&index.document(address)?, index.fields.title);
    let written = words(&title).into_iter().find(|(term, _)| term == stem);
    Ok(written.map(|(_, range)| title[range].to_lowercase()))
}
