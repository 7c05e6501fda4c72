//! Ranks the best documents: adds the features other than words to their scores, and orders ties.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use tantivy::{DocAddress, DocId, Term};

use super::super::index::Scored;
use super::super::schema::{ID_KEY, PRODUCT, TITLE};
use super::super::{Index, StoreError, attribute};
use super::fuse::fused;
use super::message;
use super::plan::QueryPlan;
use super::score::{SegmentText, best};
use crate::product::Mention;

/// At least this many documents, the best by words, get the scores of the other features, which can lift a document
/// onto the first page.
const LOOKED_AT: usize = 100;

/// The texts of this many of the best documents are looked through for the words of the query in order, which takes a tenth of
/// a millisecond each.
const LOOKED_THROUGH: usize = 24;

/// A query with more different words is not compared with whole titles.
const MAX_TITLE: usize = 30;

/// Scores that differ by less than this are ties, which are ordered by id: the order must not depend on how the documents are
/// spread over segments.
const TIE: f32 = 1e-4;

/// The number of further candidates to fetch, so that documents of equal score at the last rank are also ordered by id.
const TIE_MARGIN: usize = 10;

/// The scores of the features of a document other than its words; 0 where a feature is absent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct ExtraScore {
    pub(super) product: f32,
    pub(super) version: f32,
    pub(super) cited: f32,
    pub(super) message_order: f32,
    pub(super) told_title: f32,
    pub(super) symbols: f32,
    pub(super) exact_title: f32,
}

impl ExtraScore {
    fn sum(self) -> f32 {
        self.product
            + self.version
            + self.cited
            + self.message_order
            + self.told_title
            + self.symbols
            + self.exact_title
    }
}

/// The `n` best documents, best first, ties by id. Only the best by words, at least [`LOOKED_AT`], get the other features.
pub(super) fn ranked(plan: &QueryPlan<'_>, n: usize) -> Result<Vec<Scored>, StoreError> {
    let mut best = best_by_words(plan, n)?;
    if let Some(meaning) = &plan.meaning {
        best = fused(plan, meaning, best)?;
    }
    let mut ranked = in_order(plan.index, best)?;
    ranked.truncate(n);
    Ok(ranked)
}

/// The `n` best documents by words, at least [`LOOKED_AT`], scored by words and the other features. In document order.
pub(super) fn best_by_words(plan: &QueryPlan<'_>, n: usize) -> Result<Vec<Scored>, StoreError> {
    let mut best = best(plan, n.max(LOOKED_AT) + TIE_MARGIN)?;
    best.sort_unstable_by_key(|(_, address)| *address);
    let mut of_messages = Vec::with_capacity(best.len());
    for of_segment in best.chunk_by_mut(|a, b| a.1.segment_ord == b.1.segment_ord) {
        of_messages.extend(add_extras(plan, of_segment)?);
    }
    add_text_order(plan, &mut best, &of_messages)?;
    Ok(best)
}

/// Looks through the texts of the best documents for the words of the query in order, where no quoted message repeats as many:
/// runbooks have messages in listings and sentences. `of_messages` are the scores of the order of words in messages.
///
/// Records of logs are not ranked by this: judged excerpts were found less often (success@1 .74 instead of .81), and it takes
/// time for each record. Their confidence is.
fn add_text_order(plan: &QueryPlan<'_>, scored: &mut [Scored], of_messages: &[f32]) -> Result<(), StoreError> {
    let mut best: Vec<usize> = (0..scored.len()).collect();
    best.sort_unstable_by(|&a, &b| scored[b].0.total_cmp(&scored[a].0));
    // Those of a tie are all looked at: their order is not decided yet.
    let least = best.get(LOOKED_THROUGH - 1).map_or(i64::MIN, |&at| in_ties(scored[at].0));
    best.retain(|&at| in_ties(scored[at].0) >= least);
    for at in best {
        let (score, address) = &mut scored[at];
        let more = text_order(plan, *address)? - of_messages[at];
        *score += plan.eligible.weight(*address) * more.max(0.0);
    }
    Ok(())
}

/// The score of the words of the query that the text of a document repeats in order, in one place.
pub(super) fn text_order(plan: &QueryPlan<'_>, address: DocAddress) -> Result<f32, StoreError> {
    if plan.is_record || !plan.telling.can_be_repeated() {
        return Ok(0.0);
    }
    let share = plan.telling.repeated_share(&plan.index.text_at(address)?);
    Ok(order_weight(plan) * message::order_score(share, plan))
}

/// The weight of the order of words.
fn order_weight(plan: &QueryPlan<'_>) -> f32 {
    if plan.is_record { plan.ranking.record_order } else { plan.ranking.message_order }
}

/// The scores of those of `documents` (sorted) that are eligible. Leaves out none for a low score.
pub(super) fn scores_of(
    plan: &QueryPlan<'_>,
    segment: u32,
    documents: &[DocId],
) -> Result<Vec<(f32, DocId)>, StoreError> {
    let by_words = SegmentText::open(plan.index, segment).and_then(|text| text.scores_of(plan, documents));
    let by_words = by_words.map_err(|error| plan.index.error(error))?;
    let mut scored: Vec<Scored> =
        by_words.into_iter().map(|(score, doc)| (score, DocAddress::new(segment, doc))).collect();
    add_extras(plan, &mut scored)?;
    Ok(scored.into_iter().map(|(score, address)| (score, address.doc_id)).collect())
}

/// Adds the scores of the other features to those of documents, which are of one segment and sorted. Returns how much of it is
/// for the order of words in messages.
fn add_extras(plan: &QueryPlan<'_>, scored: &mut [Scored]) -> Result<Vec<f32>, StoreError> {
    let Some(&(_, first)) = scored.first() else { return Ok(Vec::new()) };
    let documents: Vec<DocId> = scored.iter().map(|(_, address)| address.doc_id).collect();
    let extras = extras(plan, first.segment_ord, &documents)?;
    for ((score, address), extra) in scored.iter_mut().zip(&extras) {
        *score += plan.eligible.weight(*address) * extra.sum();
    }
    Ok(extras.into_iter().map(|extra| extra.message_order).collect())
}

/// The scores of the features other than words, for each of `documents`, which are sorted.
pub(super) fn extras(plan: &QueryPlan<'_>, segment: u32, documents: &[DocId]) -> Result<Vec<ExtraScore>, StoreError> {
    let extras = || -> tantivy::Result<Vec<ExtraScore>> {
        let text = SegmentText::open(plan.index, segment)?;
        let products = product_matches(plan, segment, documents)?;
        let n_citing = n_citing(plan.index, segment, documents)?;
        let repeated = text.repeated_shares(plan, documents)?;
        let titles = title_matches(&text, plan, documents)?;
        let typed: f32 = plan.words.iter().filter(|word| word.is_typed()).map(|word| word.weight).sum();
        let symbols = if plan.is_record { held_symbols(&text, plan, documents)? } else { vec![0.0; documents.len()] };
        let given = |is_given: bool, weight: f32| if is_given { weight } else { 0.0 };
        let (order, title) = (order_weight(plan), if plan.is_record { plan.ranking.record_title } else { 0.0 });
        let extra = |at: usize| ExtraScore {
            product: given(products[at].0, plan.ranking.product),
            version: given(products[at].1, plan.ranking.version),
            cited: plan.ranking.cited * (n_citing[at] as f32).ln_1p(),
            message_order: order * message::order_score(repeated[at], plan),
            told_title: title * titles[at].weight * titles[at].share,
            symbols: plan.ranking.record_symbols * symbols[at],
            exact_title: given(titles[at].is_query, plan.ranking.exact_title * typed),
        };
        Ok((0..documents.len()).map(extra).collect())
    };
    extras().map_err(|error| plan.index.error(error))
}

/// For each document, whether it is about a product that the query mentions, and whether also about the version that is
/// mentioned.
fn product_matches(plan: &QueryPlan<'_>, segment: u32, documents: &[DocId]) -> tantivy::Result<Vec<(bool, bool)>> {
    let mut matched = vec![(false, false); documents.len()];
    let columns = plan.index.searcher.segment_reader(segment).fast_fields();
    let column = if plan.mentions.is_empty() { None } else { columns.str(PRODUCT)? };
    let Some(column) = column else { return Ok(matched) };
    let of_documents: Vec<Vec<u64>> = documents.iter().map(|&doc| column.term_ords(doc).collect()).collect();
    let ords: BTreeSet<u64> = of_documents.iter().flatten().copied().collect();
    let ords: Vec<u64> = ords.into_iter().collect();
    // Reads all terms at once: a single look-up unpacks a block of the dictionary each time.
    let mut known = Vec::with_capacity(ords.len());
    column.dictionary().sorted_ords_to_term_cb(&ords, |term| {
        let term = std::str::from_utf8(term).unwrap_or_default();
        known.push(matches(term, &plan.mentions));
    })?;
    let of_ord = |ord: &u64| ords.binary_search(ord).ok().and_then(|at| known.get(at)).copied().unwrap_or_default();
    for (matched, own) in matched.iter_mut().zip(&of_documents) {
        for (about, at_version) in own.iter().map(of_ord) {
            *matched = (matched.0 || about, matched.1 || at_version);
        }
    }
    Ok(matched)
}

/// The number of articles that refer to each document. Uses the keys of ids: reading the ids of a hundred documents would take
/// longer than finding the documents.
pub(super) fn n_citing(index: &Index, segment: u32, documents: &[DocId]) -> tantivy::Result<Vec<u64>> {
    let own = index.searcher.segment_reader(segment).fast_fields().u64(ID_KEY)?;
    // One reference may name an article by its id and by addresses, so the counts must not be added.
    let n_citing = |&doc: &DocId| {
        own.values_for_doc(doc).try_fold(0, |most, key| {
            let count = index.searcher.doc_freq(&Term::from_field_u64(index.fields.cites, key))?;
            Ok(count.max(most))
        })
    };
    documents.iter().map(n_citing).collect()
}

/// Sorts `top`, best first, ties by id. Reads ids only for ties.
pub(super) fn in_order(index: &Index, mut top: Vec<Scored>) -> Result<Vec<Scored>, StoreError> {
    top.sort_by_key(|(score, _)| Reverse(in_ties(*score)));
    let mut ranked = Vec::with_capacity(top.len());
    for tied in top.chunk_by(|a, b| in_ties(a.0) == in_ties(b.0)) {
        if let [alone] = tied {
            ranked.push(*alone);
            continue;
        }
        let with_id = |&(score, address): &Scored| Ok((index.id_at(address)?, score, address));
        let mut tied = tied.iter().map(with_id).collect::<Result<Vec<_>, StoreError>>()?;
        tied.sort_by(|a, b| a.0.cmp(&b.0));
        ranked.extend(tied.into_iter().map(|(_, score, address)| (score, address)));
    }
    Ok(ranked)
}

/// Rounds a score to a number that is equal for scores of one tie, and higher for higher scores.
pub(super) fn in_ties(score: f32) -> i64 {
    (score / TIE).round() as i64
}

/// How much a title has in common with the typed words.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TitleMatch {
    /// The sum of the weights of the typed words in the title.
    weight: f32,
    /// The share of the words of the title that were typed, 0–1.
    pub(super) share: f32,
    /// Whether the title consists of the typed words, apart from a prefix such as `PRB`.
    is_query: bool,
}

pub(super) fn title_matches(
    segment: &SegmentText<'_>,
    plan: &QueryPlan<'_>,
    documents: &[DocId],
) -> tantivy::Result<Vec<TitleMatch>> {
    let (mut weights, mut n_held, mut n_typed) = (vec![0.0; documents.len()], vec![(0, 0); documents.len()], 0);
    for word in plan.words.iter().filter(|word| word.is_typed()) {
        n_typed += 1;
        for (at, count) in segment.counts_in(TITLE, word, documents)?.into_iter().enumerate().filter(|(_, n)| *n > 0) {
            weights[at] += word.weight;
            n_held[at] = (n_held[at].0 + 1, n_held[at].1 + u32::from(count));
        }
    }
    let of_document = |(at, &doc): (usize, &DocId)| {
        let (n_words, n_places) = n_held[at];
        let length = segment.lengths(doc)[TITLE].max(1);
        let is_query = (2..=MAX_TITLE).contains(&n_typed) && n_words == n_typed && n_places + 1 >= length;
        TitleMatch { weight: weights[at], share: (n_places as f32 / length as f32).min(1.0), is_query }
    };
    Ok(documents.iter().enumerate().map(of_document).collect())
}

/// For each document, the sum of the weights of the symbols that it contains, regardless of its length: a table of all errors is
/// about each of them.
fn held_symbols(segment: &SegmentText<'_>, plan: &QueryPlan<'_>, documents: &[DocId]) -> tantivy::Result<Vec<f32>> {
    let mut held = vec![0.0; documents.len()];
    for word in plan.words.iter().filter(|word| word.is_symbol) {
        for (held, is_held) in held.iter_mut().zip(segment.are_holding(word, documents)?) {
            *held += if is_held { word.weight } else { 0.0 };
        }
    }
    Ok(held)
}

/// Whether a product term names one of the mentioned products, and whether it also includes the version that was
/// mentioned.
fn matches(term: &str, mentions: &[Mention]) -> (bool, bool) {
    let name = attribute::product_name(term);
    let about = |mention: &&Mention| {
        mention.product == name || name.strip_prefix(&*mention.product).is_some_and(|rest| rest.starts_with(' '))
    };
    let mut matched = (false, false);
    for mention in mentions.iter().filter(about) {
        let versions = attribute::product_versions(term);
        let named = mention.releases.iter().filter_map(|release| release.version());
        let covers = named.filter_map(|version| versions.contain(version)).any(|covers| covers);
        matched = (true, matched.1 || covers && !versions.is_empty());
    }
    matched
}
