//! Finds the articles that match records of a log, with the evidence: how much of a record the article contains, and how much
//! of it the article quotes.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;
use tantivy::{DocAddress, DocId};

use super::super::collection::SearchOptions;
use super::super::filter::scope;
use super::super::{Index, StoreError};
use super::plan::{QueryPlan, inverse_frequency, plan};
use super::rank::ranked;
use super::score::SegmentText;
use super::shared_information::SharedInformation;
use super::signature::{n_with_identifier, rarity};
use crate::query::Query;

/// The texts of this many of the best articles are looked through for each record, which takes a tenth of a millisecond each.
const LOOKED_THROUGH: usize = 3;

/// Each thread reads the names of at least this many articles in a row, since neighbours share a block, which is then
/// unpacked once.
const NAMED_TOGETHER: usize = 64;

/// An article that matches a record, and the evidence for it.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleEvidence {
    /// Canonical id of the article.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The score of the article for the record, ≥ 0. The unit is the weight of a word that no article of the store
    /// contains, so scores of stores of different sizes can be compared.
    pub score: f32,
    /// How much of the record the article has, measured by the language of logs at large.
    pub shared: SharedInformation,
}

/// A document that matches a record, with the numbers of its [`ArticleEvidence`], before its id and title are read.
struct FittingDocument {
    address: DocAddress,
    score: f32,
    shared: SharedInformation,
}

/// For each of `texts`, which are records of a log, finds the articles that match it best, best first, ties by id. Ranks like
/// [`rank`](super::rank()) with other weights for some features. Uses all cores.
pub fn evidence(
    index: &Index,
    texts: &[&str],
    options: &SearchOptions,
) -> Result<Vec<Vec<ArticleEvidence>>, StoreError> {
    let fits: Vec<Vec<FittingDocument>> =
        texts.par_iter().map(|text| fits(index, text, options)).collect::<Result<_, StoreError>>()?;
    // Several texts find the same articles, and neighbours are stored in one block: read each once, in document order.
    let found: BTreeSet<DocAddress> = fits.iter().flatten().map(|fit| fit.address).collect();
    let found: Vec<DocAddress> = found.into_iter().collect();
    let names: HashMap<DocAddress, (String, String)> = found
        .par_iter()
        .with_min_len(NAMED_TOGETHER)
        .map(|&at| Ok((at, index.name_at(at)?)))
        .collect::<Result<_, StoreError>>()?;
    let named = |FittingDocument { address, score, shared }: FittingDocument| {
        let (id, title) = names[&address].clone();
        ArticleEvidence { id, title, score, shared }
    };
    let of_text = |fits: Vec<FittingDocument>| {
        let mut evidence: Vec<ArticleEvidence> = fits.into_iter().map(named).collect();
        evidence.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        evidence
    };
    Ok(fits.into_iter().map(of_text).collect())
}

/// Returns the documents that match the record `text` best, in document order.
fn fits(index: &Index, text: &str, options: &SearchOptions) -> Result<Vec<FittingDocument>, StoreError> {
    let scope = scope(index, &Query::plain(text), options)?;
    let Some(plan) = plan(index, &scope, options)? else { return Ok(Vec::new()) };
    let plan = for_record(plan)?;
    let mut ranked = ranked(&plan, options.limit)?;
    let best: Vec<DocAddress> = ranked.iter().take(LOOKED_THROUGH).map(|(_, address)| *address).collect();
    ranked.sort_by_key(|(_, address)| *address);
    let unit = inverse_frequency(0, index.searcher.num_docs());
    let record = &plan.telling;
    let mut fits = Vec::with_capacity(ranked.len());
    for of_segment in ranked.chunk_by(|a, b| a.1.segment_ord == b.1.segment_ord) {
        let documents: Vec<DocId> = of_segment.iter().map(|(_, address)| address.doc_id).collect();
        let segment = SegmentText::open(index, of_segment[0].1.segment_ord);
        let shared = segment.and_then(|segment| record.shared_with(&segment, &plan, &documents));
        let shared = shared.map_err(|error| index.error(error))?;
        for (&(score, address), shared) in of_segment.iter().zip(shared) {
            fits.push(FittingDocument { address, score: score / unit, shared });
        }
    }
    // The best few articles may repeat the record where no quoted message does.
    for fit in fits.iter_mut().filter(|fit| best.contains(&fit.address) && record.may_be_in_text(&fit.shared)) {
        let repeated = record.repeated_in(&index.text_at(fit.address)?);
        fit.shared.repeated = fit.shared.repeated.max(repeated);
    }
    Ok(fits)
}

/// Changes the plan to that of a record, in which codes weigh by their rarity. A question names the one code that it is about; a
/// record contains all that were printed, and many articles name most of them.
fn for_record(mut plan: QueryPlan<'_>) -> Result<QueryPlan<'_>, StoreError> {
    let index = plan.index;
    plan.is_record = true;
    for exact in plan.exact.iter_mut().filter(|exact| exact.field == index.fields.code) {
        exact.score = plan.ranking.record_code * rarity(index, n_with_identifier(index, &exact.term)?);
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{article, commit, id};
    use super::*;
    use crate::background;
    use crate::store::Store;

    /// What the record shares with each of two articles: the first quotes a message, the second has its words elsewhere.
    fn shared(record: &str, fillers: usize) -> [SharedInformation; 2] {
        let mut store = Store::in_memory();
        let message = "You see this message:\n\n    Cannot deliver the parcel to the frozen depot\n";
        let mut articles = vec![
            article(0, "Mail waits", message, "It fails with 0x80040e14."),
            article(1, "Goods", "A depot, once frozen, takes any parcel that we deliver.", "Unknown."),
        ];
        articles.extend((0..fillers).map(|nth| article(2 + nth, "Depot", "A parcel is in the depot.", "Unknown.")));
        commit(&mut store, &articles, "kb", &[]);
        let found = evidence(store.index(), &[record], &SearchOptions::default()).expect("an index in memory");
        [0, 1].map(|nth| found[0].iter().find(|hit| hit.id == id(nth)).map_or_else(Default::default, |hit| hit.shared))
    }

    #[test]
    fn only_what_a_message_quotes_in_order_is_repeated() {
        let [quoting, scattered] = shared("Cannot deliver the parcel to the frozen depot", 0);
        assert!((quoting.repeated - quoting.record).abs() < 1e-6 && quoting.record > 1.5, "{quoting:?}");
        assert_eq!((quoting.words_share, quoting.codes), (1.0, 0.0));
        assert_eq!(scattered.repeated, 0.0);
        assert!(scattered.words > 0.0 && scattered.words_share < 1.0, "{scattered:?}");
        let [backwards, _] = shared("depot frozen parcel deliver", 0);
        assert_eq!((backwards.repeated, backwards.words_share), (0.0, 1.0));
    }

    #[test]
    fn a_code_is_shared_by_those_that_name_it_and_names_do_not_count() {
        let [naming, other] = shared("0x80040e14 at parcel", 0);
        assert_eq!((naming.codes, other.codes), (background::code("0x80040e14"), 0.0));
        let [plain, _] = shared("deliver the parcel", 0);
        let [with_name, _] = shared("deliver the parcel qqzzyyxx", 0);
        assert_eq!(plain, with_name);
    }

    #[test]
    fn a_message_in_running_text_or_a_listing_is_repeated_too() {
        let record = "Cannot deliver the parcel to the frozen depot";
        let [quoting, _] = shared(record, 0);
        for text in [
            "In winter the sorter says that it cannot deliver the parcel 7 to the frozen depot, and stops.",
            "The log has:\n\n```\n12:03 sorter: cannot deliver the parcel\n  to the frozen depot\n```\n",
        ] {
            let mut store = Store::in_memory();
            commit(&mut store, &[article(0, "Mail waits", text, "Unknown.")], "kb", &[]);
            let found = evidence(store.index(), &[record], &SearchOptions::default()).expect("an index in memory");
            let repeated = found[0][0].shared.repeated;
            assert!((repeated - quoting.repeated).abs() < 0.05, "{text}: {repeated} {quoting:?}");
        }
    }

    /// Without a bound on the places of one word, this takes a quarter of a million times as many steps, which is hours.
    #[test]
    fn a_word_that_text_and_record_have_often_costs_no_more() {
        let mut store = Store::in_memory();
        let text = "slips belt ".repeat(20_000);
        commit(&mut store, &[article(0, "Mail waits", &text, "Unknown.")], "kb", &[]);
        let record = "belt slips ".repeat(2_000);
        let found = evidence(store.index(), &[&record], &SearchOptions::default()).expect("an index in memory");
        assert_eq!(found[0].len(), 1);
    }

    #[test]
    fn two_or_three_words_of_a_sentence_are_chance() {
        let mut store = Store::in_memory();
        let text = "In winter the frozen depot takes no parcel, and the belt slips.";
        commit(&mut store, &[article(0, "Mail waits", text, "Unknown.")], "kb", &[]);
        for record in ["belt 3 slips", "frozen depot takes parcel 7", "the belt of the frozen depot slips"] {
            let found = evidence(store.index(), &[record], &SearchOptions::default()).expect("an index in memory");
            let is_long = record.starts_with("frozen");
            assert_eq!(found[0][0].shared.repeated > 0.0, is_long, "{record}");
        }
    }

    #[test]
    fn the_size_of_the_store_changes_nothing() {
        let record = "Cannot deliver the parcel to the frozen depot";
        assert_eq!(shared(record, 0), shared(record, 40));
    }
}
