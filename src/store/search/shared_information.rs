//! How much of a record an article has, measured by the language of logs at large ([`background`]) and not by the other
//! articles: in a small store, most words are rare.

use std::collections::{HashMap, HashSet, VecDeque};

use tantivy::DocId;
use tantivy::tokenizer::{TextAnalyzer, TokenStream};

use super::super::text;
use super::plan::{PlannedWord, QueryPlan};
use super::score::SegmentText;
use crate::background;

/// Two words of a message may be this much farther apart in the article than in the record: the article quotes other
/// names and numbers.
const MAX_FARTHER: u32 = 4;

/// A text is looked through only if it contains at least this share of the record.
const LEAST_SHARE: f32 = 0.5;

/// At least this many words must follow one another in a text: two or three do so by chance.
const LEAST_WORDS: usize = 4;

/// This many bytes of a text are looked through.
const MAX_TEXT: usize = 1 << 18;

/// Of a word that the record has more often, only the first places count: a text may have it often as well.
const MAX_PLACES: usize = 4;

/// A word of the record follows one that is at most this many words before it in the text.
const REACH: u32 = 24;

/// The information, in the unit of the [`background`], that a record shares with an article.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SharedInformation {
    /// The information of the message of the record as a whole, ≥ 0. Words of which neither the background nor the store
    /// has anything are names, and do not count.
    pub record: f32,
    /// That of the words of the record that the article contains, in any order, ≥ 0.
    pub words: f32,
    /// The share of the information of its words that these have, 0–1.
    pub words_share: f32,
    /// The information of the parts of the record that the article repeats in order, ≥ 0: in its quoted messages, or in one
    /// place of its text if that was looked through.
    pub repeated: f32,
    /// The information of the codes and events that both name, ≥ 0.
    pub codes: f32,
}

/// The words of a record that tell something.
pub(super) struct RecordWords {
    /// In the order of the record.
    words: Vec<RecordWord>,
    /// The sum of the information of the different words.
    of_words: f32,
    /// That of the message as a whole.
    of_message: f32,
}

struct RecordWord {
    stem: String,
    /// Its position in the record.
    position: u32,
    /// The index of the word in the plan; `None` if no article contains it.
    planned: Option<usize>,
    /// Its information alone.
    alone: f32,
    /// Its information after the word before it.
    after: f32,
}

/// Words of the record that follow one another in a text.
#[derive(Clone, Copy)]
struct Chain {
    /// The position of the last one in the text.
    position: u32,
    /// The last one, as an index into the words of the record.
    at: usize,
    n_words: usize,
    information: f32,
}

impl RecordWords {
    /// Finds the words of `record` that tell something. `planned` are the words of its plan.
    pub(super) fn new(record: &str, planned: &[PlannedWord]) -> RecordWords {
        let mut words: Vec<RecordWord> = Vec::new();
        for ((stem, _), position) in text::words(record).into_iter().zip(0..) {
            let planned = planned.iter().position(|word| word.stem == stem && word.is_typed());
            let alone = background::word(&stem);
            if background::is_small(&stem) || (planned.is_none() && alone >= 1.0) {
                continue;
            }
            let after = words.last().map_or(alone, |before| background::after(&before.stem, &stem));
            words.push(RecordWord { stem, position, planned, alone, after });
        }
        let mut known = HashSet::new();
        let of_words = words.iter().filter(|word| known.insert(&*word.stem)).map(|word| word.alone).sum();
        let of_message = words.iter().map(|word| word.after).sum();
        RecordWords { words, of_words, of_message }
    }

    /// The information that the record shares with each of `documents`, which are sorted.
    pub(super) fn shared_with(
        &self,
        segment: &SegmentText<'_>,
        plan: &QueryPlan<'_>,
        documents: &[DocId],
    ) -> tantivy::Result<Vec<SharedInformation>> {
        let words = self.of_held_words(segment, plan, documents)?;
        let repeated = self.repeated_by(segment, plan, documents)?;
        let codes = of_codes(segment, plan, documents)?;
        let shared = |at: usize| SharedInformation {
            record: self.of_message,
            words: words[at],
            words_share: if self.of_words > 0.0 { words[at] / self.of_words } else { 0.0 },
            repeated: repeated[at],
            codes: codes[at],
        };
        Ok((0..documents.len()).map(shared).collect())
    }

    /// Whether a look through the text of an article can find more of the record than its quoted messages repeat. An article
    /// may have the message in a listing or a sentence that does not announce it.
    pub(super) fn may_be_in_text(&self, shared: &SharedInformation) -> bool {
        shared.words_share >= LEAST_SHARE && shared.repeated < shared.words
    }

    /// Whether a text can repeat enough of the record in order: two or three words do so by chance.
    pub(super) fn can_be_repeated(&self) -> bool {
        self.words.len() >= LEAST_WORDS
    }

    /// The share of the information of the message that one place of `text` repeats in order, 0–1.
    pub(super) fn repeated_share(&self, text: &str) -> f32 {
        if self.of_message > 0.0 { (self.repeated_in(text) / self.of_message).min(1.0) } else { 0.0 }
    }

    /// The information of those words of the record that follow one another in one place of `text` as they do in the
    /// record; 0 if fewer than [`LEAST_WORDS`] do. Words in between may be missing, or be others. Takes time linear in the
    /// text: for each of its words, [`REACH`] × [`MAX_PLACES`]² steps at most.
    pub(super) fn repeated_in(&self, text: &str) -> f32 {
        let text = &text[..text.floor_char_boundary(MAX_TEXT)];
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, word) in self.words.iter().enumerate() {
            let own = places.entry(&word.stem).or_default();
            if own.len() < MAX_PLACES {
                own.push(at);
            }
        }
        let mut tokenizer = TextAnalyzer::from(text::StemmedWords::to_find(places.keys().copied()));
        let mut stream = tokenizer.token_stream(text);
        let mut recent: VecDeque<Chain> = VecDeque::new();
        let mut most = 0.0_f32;
        while stream.advance() {
            let token = stream.token();
            let Some(own) = places.get(&*token.text) else { continue };
            let position = token.position as u32;
            while recent.front().is_some_and(|chain| position - chain.position > REACH) {
                recent.pop_front();
            }
            for &at in own {
                let chain = self.longest_chain(&recent, at, position);
                if chain.n_words >= LEAST_WORDS {
                    most = most.max(chain.information);
                }
                recent.push_back(chain);
            }
        }
        most
    }

    /// The chain with most information that ends in the word `at` of the record, which is at `position` in the text. It goes
    /// on one of the `recent` chains, or begins here.
    fn longest_chain(&self, recent: &VecDeque<Chain>, at: usize, position: u32) -> Chain {
        let word = &self.words[at];
        let alone = Chain { position, at, n_words: 1, information: word.alone };
        let longer = recent.iter().filter(|chain| chain.at < at).filter_map(|chain| {
            let last = &self.words[chain.at];
            let is_near = position - chain.position <= word.position - last.position + MAX_FARTHER;
            let information = chain.information + background::after(&last.stem, &word.stem);
            is_near.then_some(Chain { position, at, n_words: chain.n_words + 1, information })
        });
        longer.fold(alone, |best, chain| if chain.information > best.information { chain } else { best })
    }

    /// The information of the different words of the record that each document contains.
    fn of_held_words(
        &self,
        segment: &SegmentText<'_>,
        plan: &QueryPlan<'_>,
        documents: &[DocId],
    ) -> tantivy::Result<Vec<f32>> {
        let mut held = vec![0.0; documents.len()];
        let mut known = HashSet::new();
        for word in &self.words {
            let Some(planned) = word.planned.filter(|planned| known.insert(*planned)) else { continue };
            let is_held = segment.are_holding(&plan.words[planned], documents)?;
            held.iter_mut().zip(is_held).filter(|(_, is_held)| *is_held).for_each(|(held, _)| *held += word.alone);
        }
        Ok(held)
    }

    /// The information of the words of the record that follow one another in the messages of each document as they do in
    /// the record. The first of such words counts alone, each further one after the one before.
    fn repeated_by(
        &self,
        segment: &SegmentText<'_>,
        plan: &QueryPlan<'_>,
        documents: &[DocId],
    ) -> tantivy::Result<Vec<f32>> {
        let mut places: Vec<Vec<Vec<u32>>> = Vec::with_capacity(plan.words.len());
        for word in 0..plan.words.len() {
            let is_needed = self.words.iter().any(|own| own.planned == Some(word));
            places.push(if is_needed { segment.message_places(plan, word, documents)? } else { Vec::new() });
        }
        let in_document = |word: &RecordWord, document: usize| {
            word.planned.and_then(|planned| places[planned].get(document)).map_or(&[][..], Vec::as_slice)
        };
        let repeated = |document: usize| {
            let mut sum = 0.0;
            let mut is_counted = false;
            for pair in self.words.windows(2) {
                let distance = pair[1].position - pair[0].position;
                let nearness = nearness(in_document(&pair[0], document), in_document(&pair[1], document), distance);
                if nearness > 0.0 {
                    sum += nearness * (pair[1].after + if is_counted { 0.0 } else { pair[0].alone });
                }
                is_counted = nearness > 0.0;
            }
            sum
        };
        Ok((0..documents.len()).map(repeated).collect())
    }
}

/// How well the second word (`to`) follows the first (`from`) in a document, if it follows it after `distance` words in
/// the record: 1 if it is no farther, less for each further word, 0 beyond [`MAX_FARTHER`]. Positions are sorted.
fn nearness(from: &[u32], to: &[u32], distance: u32) -> f32 {
    let gap_after = |&place: &u32| {
        let next = to.partition_point(|&other| other <= place);
        to.get(next).map(|&other| (other - place).saturating_sub(distance)).filter(|farther| *farther <= MAX_FARTHER)
    };
    from.iter().filter_map(gap_after).min().map_or(0.0, |farther| 1.0 / (1.0 + 0.5 * farther as f32))
}

/// The information of the codes and events of the record that each document names.
fn of_codes(segment: &SegmentText<'_>, plan: &QueryPlan<'_>, documents: &[DocId]) -> tantivy::Result<Vec<f32>> {
    let mut codes = vec![0.0; documents.len()];
    for exact in plan.exact.iter().filter(|exact| exact.field == plan.index.fields.code) {
        let is_named = segment.are_naming(exact, documents)?;
        let information = background::code(&exact.term);
        codes.iter_mut().zip(is_named).filter(|(_, is_named)| *is_named).for_each(|(sum, _)| *sum += information);
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::nearness;

    #[test]
    fn words_may_be_somewhat_farther_apart_than_in_the_record() {
        assert_eq!(nearness(&[3], &[4], 1), 1.0);
        assert_eq!(nearness(&[3], &[4], 3), 1.0);
        assert_eq!(nearness(&[3, 10], &[5, 20], 1), 1.0 / 1.5);
        assert_eq!(nearness(&[4], &[3], 1), 0.0);
        assert_eq!(nearness(&[4], &[9], 1), 1.0 / 3.0);
        assert_eq!(nearness(&[4], &[10], 1), 0.0);
        assert_eq!(nearness(&[], &[9], 1), 0.0);
    }
}
