//! A cheap look at many records: how much of each the messages of one article contain. It tells which records are worth a
//! search, which costs ten times as much.

use rayon::prelude::*;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, InvertedIndexReader, TERMINATED, Term};

use super::super::{Index, StoreError, text};
use super::query_words::codes;
use crate::background;

/// A word in the messages of more articles than this says little, and its postings take long to read.
const MOST_HOLDING: u32 = 1_500;

/// The most different words of a record that are looked up.
const MAX_WORDS: usize = 16;

/// Each thread looks at at least this many records in a row, with the same memory.
const LOOKED_AT_TOGETHER: usize = 16;

/// For each of `records`, the information ([`background`]) of those of its words that the messages of one article contain,
/// for the article with most of it, times the share of the record's information that this is; and the information of its
/// codes that some article names. The order of the words does not matter. Takes some 50 µs a record, on all cores.
pub fn glance(index: &Index, records: &[String]) -> Result<Vec<f32>, StoreError> {
    let of_chunk = |records: &[String]| -> tantivy::Result<Vec<f32>> {
        let records: Vec<RecordTerms> = records.iter().map(|record| RecordTerms::new(record)).collect();
        let mut most = vec![0.0_f32; records.len()];
        for segment in index.searcher.segment_readers() {
            let messages = segment.inverted_index(index.fields.message)?;
            let mut sums = Sums::new(segment.max_doc());
            for (record, most) in records.iter().zip(&mut most) {
                *most = most.max(sums.highest(&messages, index, record)?);
            }
        }
        let mut glances = Vec::with_capacity(records.len());
        for (record, most) in records.iter().zip(most) {
            glances.push(record.of_share(most) + record.of_codes(index)?);
        }
        Ok(glances)
    };
    let glances: tantivy::Result<Vec<Vec<f32>>> = records.par_chunks(LOOKED_AT_TOGETHER).map(of_chunk).collect();
    Ok(glances.map_err(|error| index.error(error))?.concat())
}

/// The words of a record that tell something, each once with its information, and its codes.
struct RecordTerms {
    words: Vec<(String, f32)>,
    codes: Vec<String>,
}

impl RecordTerms {
    fn new(record: &str) -> RecordTerms {
        let terms = text::terms(record).into_iter().filter(|stem| !background::is_small(stem));
        let words = terms.take(MAX_WORDS).map(|stem| (background::word(&stem), stem));
        RecordTerms { words: words.map(|(information, stem)| (stem, information)).collect(), codes: codes(record) }
    }

    /// `information` times its share of that of all words. Words of which the background has nothing are names, and do not
    /// count.
    fn of_share(&self, information: f32) -> f32 {
        let all: f32 = self.words.iter().map(|(_, information)| information).filter(|one| **one < 1.0).sum();
        if all > 0.0 { information * (information / all).min(1.0) } else { information }
    }

    fn of_codes(&self, index: &Index) -> tantivy::Result<f32> {
        let mut sum = 0.0;
        for code in &self.codes {
            let is_named = index.searcher.doc_freq(&Term::from_field_text(index.fields.code, code))? > 0;
            sum += if is_named { background::code(code) } else { 0.0 };
        }
        Ok(sum)
    }
}

/// A sum for each document of a segment; those that are not 0 are listed.
struct Sums {
    sums: Vec<f32>,
    found: Vec<DocId>,
}

impl Sums {
    fn new(n_documents: DocId) -> Sums {
        Sums { sums: vec![0.0; n_documents as usize], found: Vec::new() }
    }

    /// The highest sum of the information of the words of a record that the messages of one document contain.
    fn highest(&mut self, messages: &InvertedIndexReader, index: &Index, record: &RecordTerms) -> tantivy::Result<f32> {
        for (stem, information) in &record.words {
            let info = messages.get_term_info(&Term::from_field_text(index.fields.message, stem))?;
            if let Some(info) = info.filter(|info| info.doc_freq <= MOST_HOLDING) {
                self.add(messages, &info, *information)?;
            }
        }
        let highest = self.found.iter().map(|&doc| self.sums[doc as usize]).fold(0.0, f32::max);
        self.found.drain(..).for_each(|doc| self.sums[doc as usize] = 0.0);
        Ok(highest)
    }

    fn add(&mut self, messages: &InvertedIndexReader, info: &TermInfo, information: f32) -> tantivy::Result<()> {
        let mut postings = messages.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
        while postings.block_len() > 0 {
            for &doc in postings.docs().iter().take_while(|doc| **doc != TERMINATED) {
                let sum = &mut self.sums[doc as usize];
                if *sum == 0.0 {
                    self.found.push(doc);
                }
                *sum += information;
            }
            postings.advance();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{article, commit};
    use super::*;
    use crate::store::Store;

    #[test]
    fn a_record_whose_words_one_message_contains_promises_most() {
        let mut store = Store::in_memory();
        let quotes = |message: &str| format!("You see this message:\n\n    {message}\n");
        let articles = [
            article(
                0,
                "Mail waits",
                &quotes("Cannot deliver the parcel to the frozen depot"),
                "It fails with 0x80040e14.",
            ),
            article(1, "Belt slips", &quotes("The belt of the conveyor slipped twice"), "Unknown."),
        ];
        commit(&mut store, &articles, "kb", &[]);
        let records = [
            "Cannot deliver the parcel to the frozen depot",
            "Cannot deliver the belt of the parcel to a lathe that slipped",
            "Widgets were counted",
            "",
            "failed with 0x80040e14",
        ];
        let found = glance(store.index(), &records.map(str::to_owned)).expect("an index in memory");
        assert!(found[0] > found[1] && found[1] > 0.0, "{found:?}");
        assert_eq!(found[2..4], [0.0, 0.0]);
        assert!(found[4] >= background::code("0x80040e14"), "{found:?}");
    }

    proptest::proptest! {
        /// A record gets the same number, whichever records are looked at with it.
        #[test]
        fn records_do_not_matter_to_each_other(records in proptest::collection::vec("(depot|parcel|frozen|belt|lathe| ){0,9}", 1..40)) {
            let mut store = Store::in_memory();
            let text = "You see this message:\n\n    Cannot deliver the parcel to the frozen depot\n";
            commit(&mut store, &[article(0, "Mail waits", text, "Unknown.")], "kb", &[]);
            let together = glance(store.index(), &records).expect("an index in memory");
            for (record, own) in records.iter().zip(together) {
                let alone = glance(store.index(), std::slice::from_ref(record)).expect("an index in memory");
                proptest::prop_assert_eq!(alone, [own]);
            }
        }
    }
}
