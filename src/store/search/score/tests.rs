use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tantivy::collector::DocSetCollector;
use tantivy::postings::Postings;
use tantivy::query::{AllQuery, TermQuery};

use super::super::super::collection::SearchOptions;
use super::super::super::filter::scope;
use super::super::super::index::Scored;
use super::super::fixture::{self, Source, commit};
use super::super::plan::plan;
use super::*;
use crate::query;
use crate::store::Store;

#[test]
fn candidates_are_those_that_can_still_be_among_the_best() {
    let mut sums = ScoreSums::new(6);
    [(0, 1.0), (1, 5.0), (2, 4.0), (4, 2.5)].into_iter().for_each(|(doc, score)| sums.add(doc, score));
    let best = BestDocuments { n: 2, long: LONG, scored: Vec::new() };
    assert_eq!(sums.candidates(1.6, &best, |_| true), Some(vec![1, 2, 4]));
    assert_eq!(sums.candidates(1.4, &best, |_| true), Some(vec![1, 2]));
    assert_eq!(sums.candidates(1.4, &best, |doc| doc != 1), Some(vec![2, 4]));
    // A document that is not found yet could reach the second best.
    assert_eq!(sums.candidates(4.0, &best, |_| true), None);
    let all = BestDocuments { n: 10, long: LONG, scored: Vec::new() };
    assert_eq!(sums.candidates(0.5, &all, |_| true), None);
}

#[test]
fn of_equal_scores_those_with_the_least_keys_are_left() {
    let left = |n| {
        let mut found = vec![(1.0, 0), (2.0, 1), (1.0, 2), (0.5, 3), (1.0, 4)];
        highest(&mut found, n, |doc| u64::from(10 - doc));
        found
    };
    assert_eq!(left(2), [(2.0, 1), (1.0, 4)]);
    assert_eq!(left(3), [(2.0, 1), (1.0, 4), (1.0, 2)]);
    assert_eq!(left(9).len(), 5);
}

/// Words from common to rare, each half as frequent as the one before, so that some are in all documents and some in
/// few.
const WORDS: [&str; 9] = ["mail", "server", "queue", "disk", "exchange", "ndr", "nt4", "printer", "0x80040e14"];

fn word() -> impl Strategy<Value = &'static str> {
    let weighted = WORDS.iter().zip(0..).map(|(word, nth)| (1u32 << (WORDS.len() - nth), Just(*word)));
    prop::strategy::Union::new_weighted(weighted.collect())
}

fn text(n_words: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(word(), n_words).prop_map(|words| words.join(" "))
}

/// Generates articles with title, symptoms, a quoted message and cause.
fn articles() -> impl Strategy<Value = Vec<Source>> {
    let words = (text(1..4), text(1..9), text(4..7), text(1..30));
    prop::collection::vec(words, 20..90).prop_map(|all| {
        let article = |(n, (title, symptoms, message, cause)): (usize, &(String, String, String, String))| {
            let symptoms = format!("{symptoms}. This error message appears:\n\n    {message}\n");
            fixture::article(n, title, &symptoms, cause)
        };
        all.iter().enumerate().map(article).collect()
    })
}

/// Creates an index with segments of two collections, of which every fifth article is removed. So few removed documents
/// do not cause a segment to be written again.
fn index(articles: &[Source], cut: usize) -> Index {
    let mut store = Store::in_memory();
    let (old, new) = articles.split_at(cut.min(articles.len()));
    let removed: Vec<String> = (0..articles.len()).step_by(5).map(fixture::id).collect();
    commit(&mut store, old, "old", &[]);
    commit(&mut store, new, "new", &[]);
    commit(&mut store, &[], "new", &removed);
    store.index().clone()
}

/// The score of each eligible document that contains anything of the query, computed word by word.
fn naive(plan: &QueryPlan<'_>) -> BTreeMap<DocAddress, f32> {
    let held = |query: &dyn Query| plan.index.searcher.search(query, &DocSetCollector).expect("a search in memory");
    let exact: Vec<_> = plan.exact.iter().map(|exact| (held(&term_query(exact)), exact.score)).collect();
    let mut scores = BTreeMap::new();
    for address in held(plan.eligible.filter.as_deref().unwrap_or(&AllQuery)) {
        let by_words: f32 = plan.words.iter().map(|word| naive_score(plan, word, address)).sum();
        let by_codes: f32 = exact.iter().filter(|(held, _)| held.contains(&address)).map(|(_, score)| *score).sum();
        if by_words + by_codes > 0.0 {
            scores.insert(address, plan.eligible.weight(address) * (by_words + by_codes));
        }
    }
    scores
}

fn term_query(exact: &ExactTerm) -> TermQuery {
    TermQuery::new(Term::from_field_text(exact.field, &exact.term), IndexRecordOption::Basic)
}

fn naive_score(plan: &QueryPlan<'_>, word: &PlannedWord, address: DocAddress) -> f32 {
    let index = plan.index;
    let reader = index.searcher.segment_reader(address.segment_ord);
    let (mut counts, mut lengths) = (Counts::default(), Lengths::default());
    for (at, field) in index.fields.texts().into_iter().enumerate() {
        lengths[at] = reader.get_fieldnorms_reader(field).expect("a text field").fieldnorm(address.doc_id);
        let term = Term::from_field_text(field, &word.stem);
        let terms = reader.inverted_index(field).expect("a text field");
        let postings = terms.read_postings(&term, IndexRecordOption::WithFreqs).expect("a read from memory");
        let Some(mut postings) = postings else { continue };
        while postings.doc() < address.doc_id {
            postings.advance();
        }
        if postings.doc() == address.doc_id {
            counts[at] = u16::try_from(postings.term_freq()).expect("short texts");
        }
    }
    word.weight * plan.bm25.score(&counts, &lengths)
}

/// Whether `found` are the `n` best of `all`, best first. Scores that differ by less than 0.01 % count as equal.
fn are_best(found: &[Scored], all: &BTreeMap<DocAddress, f32>, n: usize) -> bool {
    let mut scores: Vec<f32> = all.values().copied().collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    scores.truncate(n);
    let is_near = |a: f32, b: f32| (a - b).abs() <= 1e-4 * b.max(1.0);
    let is_own = |(score, address): &Scored| all.get(address).is_some_and(|own| is_near(*score, *own));
    let distinct: BTreeSet<DocAddress> = found.iter().map(|(_, address)| *address).collect();
    found.len() == scores.len()
        && distinct.len() == found.len()
        && found.iter().all(is_own)
        && found.iter().zip(scores).all(|((score, _), best)| is_near(*score, best))
}

/// A store and a search in it.
#[derive(Debug)]
struct SearchCase {
    articles: Vec<Source>,
    /// The number of articles in the first collection.
    cut: usize,
    typed: String,
    /// The factor of the first collection.
    weight: f32,
    n: usize,
    long: usize,
}

fn cases() -> impl Strategy<Value = SearchCase> {
    let filter = prop::sample::select(&["", "", " in:old", " product:exchange"][..]);
    let typed = (text(1..7), filter).prop_map(|(text, filter)| text + filter);
    let weight = prop::sample::select(&[1.0f32, 1.0, 3.0][..]);
    (articles(), 0usize..90, typed, weight, 1usize..12, 0usize..20)
        .prop_map(|(articles, cut, typed, weight, n, long)| SearchCase { articles, cut, typed, weight, n, long })
}

/// Whether a search finds the same best documents as the naive one, when each bound is multiplied by `believed`.
fn is_right(case: &SearchCase, believed: f32) -> bool {
    let index = index(&case.articles, case.cut);
    let options = SearchOptions { weights: [("old".to_owned(), case.weight)].into(), ..SearchOptions::default() };
    let query = query::parse(&case.typed);
    let scope = scope(&index, &query, &options).expect("a store in memory");
    let Some(mut plan) = plan(&index, &scope, &options).expect("a store in memory") else { return true };
    plan.words.iter_mut().for_each(|word| word.bound *= believed);
    let best = BestDocuments { n: case.n, long: case.long, scored: Vec::new() };
    let found = best_of(&plan, best).expect("a store in memory");
    are_best(&found, &naive(&plan), case.n)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn skipping_finds_what_scoring_every_document_with_every_word_finds(case in cases()) {
        prop_assert!(is_right(&case, 1.0));
    }
}

#[test]
fn bounds_that_are_too_low_would_lose_documents() {
    let mut runner = TestRunner::deterministic();
    let mut case = || cases().new_tree(&mut runner).expect("no case is rejected").current();
    // Which documents share a segment depends on threads, so no single case is sure to lose one.
    assert!((0..200).any(|_| !is_right(&case(), 0.3)), "no document was ever skipped");
}

#[test]
fn documents_that_are_not_the_best_are_told_from_those_that_are() {
    let at = |doc| DocAddress::new(0, doc);
    let all = BTreeMap::from([(at(0), 3.0), (at(1), 2.0), (at(2), 2.0), (at(3), 1.0)]);
    let check = |found: &[(f32, DocId)]| {
        let found: Vec<_> = found.iter().map(|&(score, doc)| (score, at(doc))).collect();
        are_best(&found, &all, 2)
    };
    assert!(check(&[(3.0, 0), (2.0, 1)]) && check(&[(3.0, 0), (2.00001, 2)]));
    for wrong in
        [&[(3.0, 0)][..], &[(3.0, 0), (3.0, 0)], &[(3.0, 0), (1.0, 3)], &[(3.0, 0), (2.01, 1)], &[(2.0, 1), (2.0, 2)]]
    {
        assert!(!check(wrong), "{wrong:?}");
    }
}
