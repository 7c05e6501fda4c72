//! Finds the signatures of an article in the records of a log: the messages that the records repeat, and the codes, events and
//! files that both name. This explains a hit and does not rank; how messages are ranked is in `message`.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::super::{Index, StoreError, text};
use super::alignment::{Alignment, MessageWord, align};
use super::plan::n_holding;
use super::quoted_message::QuotedMessage;
use super::signature::{n_with_identifier, rarity};
use crate::article::{Article, Identifier};
use crate::identifier::{self, IdentifierKind};

/// The least share of a message that a record must repeat. On the judged log excerpts, where a record repeats more than
/// half of a message but less than this, it is mostly another message in similar words.
const MIN_SHARE: f32 = 0.6;

/// The least number of words that a record must repeat, names and numbers not counted: a single word is a code, or is
/// repeated by chance.
const MIN_WORDS: usize = 2;

/// The least sum of the weights of the words that a record must repeat. The unit is the weight of a word that no
/// article contains. Lower weights are labels of fields and other set phrases. A further message of the article must
/// also repeat this much that no other message does, since articles quote one message in several wordings.
const MIN_WEIGHT: f32 = 0.75;

/// A message is compared with the records when they contain at least one in this many of its words.
const WORDS_PER_KNOWN: usize = 4;

/// The most messages of an article to compare. A list of all error messages of a product has more. Two or three of them
/// take a millisecond.
const MAX_CLOSE: usize = 200;

/// A signature of an article that occurs in a record.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenSignature {
    /// The kind of the signature.
    pub kind: IdentifierKind,
    /// For a message, its text in the article, with `{..}` or a named hole where the record differs. For other kinds, the canonical
    /// form that both share. For display: nothing in it is escaped.
    pub text: String,
    /// The index of the section of the article that contains it.
    pub section: usize,
    /// The index of the record in the [`LogRecords`].
    pub record: usize,
    /// For a message, the share that the record repeats, by weight, without names and numbers. 1 for other kinds.
    pub share: f32,
    /// The weight of what the record repeats, > 0, in the unit of [`ArticleSignature::weight`](super::ArticleSignature::weight).
    pub weight: f32,
}

/// Records of a log, prepared for comparison with articles.
#[derive(Debug, Clone, Default)]
pub struct LogRecords {
    /// A number for each different word of the records, by stem.
    vocabulary: HashMap<String, u32>,
    records: Vec<LogRecord>,
}

#[derive(Debug, Clone)]
struct LogRecord {
    /// The number of each word of the record in the vocabulary, in order.
    words: Vec<u32>,
    named: Vec<NamedIdentifier>,
}

/// The kind and the canonical form of a code, event, file and so on.
type NamedIdentifier = (IdentifierKind, String);

impl LogRecords {
    /// Prepares records, which are numbered from 0.
    pub fn new<'a>(records: impl IntoIterator<Item = &'a str>) -> LogRecords {
        let mut log = LogRecords::default();
        for record in records {
            let mut number = |(stem, _)| {
                let next = log.vocabulary.len() as u32;
                *log.vocabulary.entry(stem).or_insert(next)
            };
            let words = text::words(record).into_iter().map(&mut number).collect();
            log.records.push(LogRecord { words, named: named(record) });
        }
        log
    }
}

/// The identifiers that a text names, including replies at the beginning of a line.
fn named(text: &str) -> Vec<NamedIdentifier> {
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let replies = starts.flat_map(|start| identifier::reply_at(text, start));
    identifier::find(text).into_iter().chain(replies).map(|found| (found.kind, found.value)).collect()
}

/// The less specific of two identifiers of one kind, if the other one includes it: an event without a source matches any source,
/// and a file without a version any version.
fn in_common<'a>(kind: IdentifierKind, one: &'a str, other: &'a str) -> Option<&'a str> {
    let is_in = |part: &str, whole| identifier::terms(kind, whole).any(|term| term.eq_ignore_ascii_case(part));
    if is_in(one, other) { Some(one) } else { is_in(other, one).then_some(other) }
}

/// The weights of the stems that were looked up so far.
type WordWeights = HashMap<String, f32>;

/// A message that a record repeats.
struct RepeatedMessage {
    seen: SeenSignature,
    /// The number and the weight of each repeated word.
    words: Vec<(u32, f32)>,
}

/// Finds the signatures of `article` that occur in the records of `log` whose indices are in `among`, highest weight first.
/// Each has the record that repeats most of it, and of equal ones the first in `among`. Leaves out variants of one message.
/// Looks up the words of the messages that the records may repeat, which takes as long as for
/// [`signatures`](super::signatures).
pub fn seen_signatures(
    index: &Index,
    article: &Article,
    log: &LogRecords,
    among: &[usize],
) -> Result<Vec<SeenSignature>, StoreError> {
    let (mut weights, mut messages, mut others) = (WordWeights::new(), Vec::new(), Vec::new());
    for quoted in article.identifiers.iter().filter_map(|one| log.may_repeat(one)).take(MAX_CLOSE) {
        messages.extend(repeated_message(index, quoted, log, among, &mut weights)?);
    }
    for identifier in &article.identifiers {
        others.extend(named_identifier(index, identifier, log, among)?);
    }
    let messages = without_variants(messages);
    let in_messages: Vec<NamedIdentifier> = messages.iter().flat_map(|repeated| named(&repeated.seen.text)).collect();
    let is_in_message = |other: &SeenSignature| {
        in_messages.iter().any(|(kind, value)| *kind == other.kind && in_common(*kind, value, &other.text).is_some())
    };
    others.retain(|other| !is_in_message(other));
    let mut found = without_repetitions(others);
    found.extend(messages.into_iter().map(|repeated| repeated.seen));
    found.sort_by(by_weight);
    Ok(found)
}

/// The signature for an identifier other than a message; `None` if no record in `among` names it.
fn named_identifier(
    index: &Index,
    identifier: &Identifier,
    log: &LogRecords,
    among: &[usize],
) -> Result<Option<SeenSignature>, StoreError> {
    let Identifier { kind, section, .. } = *identifier;
    if matches!(kind, IdentifierKind::Message | IdentifierKind::Registry | IdentifierKind::Url) {
        return Ok(None);
    }
    let seen = among.iter().find_map(|&record| {
        let mut of_kind = log.records[record].named.iter().filter(|(named, _)| *named == kind);
        of_kind.find_map(|(_, value)| in_common(kind, &identifier.value, value)).map(|text| (record, text))
    });
    let Some((record, text)) = seen else { return Ok(None) };
    let weight = rarity(index, n_with_identifier(index, text)?);
    Ok(Some(SeenSignature { kind, text: text.to_owned(), section, record, share: 1.0, weight }))
}

/// The signature for a message; `None` if no record in `among` repeats enough of it.
fn repeated_message(
    index: &Index,
    quoted: QuotedMessage<'_>,
    log: &LogRecords,
    among: &[usize],
    weights: &mut WordWeights,
) -> Result<Option<RepeatedMessage>, StoreError> {
    let mut weighed = Vec::with_capacity(quoted.words.len());
    for word in &quoted.words {
        // All words that no record contains share one number.
        let id = log.vocabulary.get(&word.stem).copied().unwrap_or(u32::MAX);
        let weight = if word.is_variable() { 0.0 } else { weight(index, &word.stem, weights)? };
        weighed.push((id, weight));
    }
    let Some((record, repeated)) = log.best(&weighed, among) else { return Ok(None) };
    let is_repeated = |at: &usize| repeated >> at & 1 == 1;
    let words: Vec<(u32, f32)> = (0..weighed.len()).filter(is_repeated).map(|at| weighed[at]).collect();
    let n_fixed = words.iter().filter(|(_, weight)| *weight > 0.0).count();
    let weight = sum(&words);
    let share = weight / sum(&weighed);
    if n_fixed < MIN_WORDS || weight < MIN_WEIGHT || share < MIN_SHARE {
        return Ok(None);
    }
    let each: Vec<f32> = weighed.iter().map(|(_, weight)| *weight).collect();
    let text = quoted.with_holes(repeated, &each);
    let &Identifier { kind, section, .. } = quoted.message;
    let seen = SeenSignature { kind, text, section, record, share, weight };
    Ok(Some(RepeatedMessage { seen, words }))
}

/// The [`rarity`] of a stem, cached in `weights`.
fn weight(index: &Index, stem: &str, weights: &mut WordWeights) -> Result<f32, StoreError> {
    if let Some(&known) = weights.get(stem) {
        return Ok(known);
    }
    let weight = rarity(index, n_holding(index, stem)?);
    weights.insert(stem.to_owned(), weight);
    Ok(weight)
}

impl LogRecords {
    /// Splits a message if the records contain enough of its words anywhere; `None` for other identifiers.
    fn may_repeat<'a>(&self, identifier: &'a Identifier) -> Option<QuotedMessage<'a>> {
        let n_known = |stems: &[String]| stems.iter().filter(|stem| self.vocabulary.contains_key(*stem)).count();
        let is_message = identifier.kind == IdentifierKind::Message;
        is_message.then(|| QuotedMessage::new(identifier, |stems| n_known(stems) * WORDS_PER_KNOWN >= stems.len()))?
    }

    /// The record in `among` that repeats most of these words, and a bit for each word that it repeats. Words are pairs of number
    /// and weight.
    fn best(&self, weighed: &[(u32, f32)], among: &[usize]) -> Option<(usize, u64)> {
        let word = |&(id, weight): &(u32, f32)| MessageWord { id, weight: 1 + (999.0 * weight) as u16 };
        let message: Vec<MessageWord> = weighed.iter().map(word).collect();
        let mut best: Option<(usize, Alignment)> = None;
        for &record in among {
            let found = align(&message, &self.records[record].words);
            if found.score > best.map_or(0, |(_, best)| best.score) {
                best = Some((record, found));
            }
        }
        best.map(|(record, alignment)| (record, alignment.repeated))
    }
}

fn sum(words: &[(u32, f32)]) -> f32 {
    words.iter().map(|(_, weight)| weight).sum()
}

fn by_weight(a: &SeenSignature, b: &SeenSignature) -> Ordering {
    b.weight.total_cmp(&a.weight).then_with(|| b.share.total_cmp(&a.share)).then_with(|| a.text.cmp(&b.text))
}

/// Sorts messages, highest weight first, and keeps those of which enough words are in no message kept before.
fn without_variants(mut messages: Vec<RepeatedMessage>) -> Vec<RepeatedMessage> {
    messages.sort_by(|a, b| by_weight(&a.seen, &b.seen));
    let mut known: HashSet<u32> = HashSet::new();
    messages.retain(|repeated| {
        let fresh: f32 = repeated.words.iter().filter(|(id, _)| !known.contains(id)).map(|(_, weight)| weight).sum();
        let is_told = fresh >= MIN_WEIGHT;
        if is_told {
            known.extend(repeated.words.iter().map(|(id, _)| id));
        }
        is_told
    });
    messages
}

/// Sorts identifiers, highest weight first, and drops those that include, or are included in, one kept before.
fn without_repetitions(mut seen_signatures: Vec<SeenSignature>) -> Vec<SeenSignature> {
    seen_signatures.sort_by(by_weight);
    let mut kept: Vec<SeenSignature> = Vec::new();
    for seen in seen_signatures {
        let same =
            |known: &SeenSignature| known.kind == seen.kind && in_common(seen.kind, &known.text, &seen.text).is_some();
        if !kept.iter().any(same) {
            kept.push(seen);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use crate::store::Store;

    const COURIER: &str = "Users get one of these error messages: \"The courier could not hand parcel 17 to depot \
        north.corp.example.\" or \"The courier cannot hand parcel 4 to any depot.\"\n\nOr this event is logged:\n\n    \
        Event ID: 9123\n    Source: ParcelSvc\n\nThe service ends with 0x80040e14 in parcel.dll.";

    /// A store with one article that quotes messages, among ten that do not.
    fn index() -> (Index, Article) {
        let mut store = Store::in_memory();
        let mut articles = vec![fixture::article(0, "Parcels stay", COURIER, "The depot is closed.")];
        let other = |nth| fixture::article(nth, "About parcels", "The service could not be found.", "Nothing to hand.");
        articles.extend((1..=10).map(other));
        fixture::commit(&mut store, &articles, "kb", &[]);
        (store.index().clone(), articles.swap_remove(0).0)
    }

    /// Compares the kind, text, record and share of each signature in `records`.
    #[track_caller]
    fn check(records: &[&str], expect: &[(&str, &str, usize, f32)]) {
        let (index, article) = index();
        let log = LogRecords::new(records.iter().copied());
        let among: Vec<usize> = (0..records.len()).collect();
        let seen_signatures = seen_signatures(&index, &article, &log, &among).expect("a store in memory");
        let seen: Vec<(&str, &str, usize, f32)> = seen_signatures
            .iter()
            .map(|seen| (seen.kind.name(), seen.text.as_str(), seen.record, (100.0 * seen.share).round() / 100.0))
            .collect();
        assert_eq!(seen, expect);
    }

    #[test]
    fn a_message_is_seen_with_other_names_and_numbers() {
        check(
            &["depot up", "parcelsvc[7]: the courier could not hand parcel 4711 to depot south.example (try 2)"],
            &[("message", "The courier could not hand parcel {number} to depot {host}.", 1, 1.0)],
        );
    }

    #[test]
    fn of_two_wordings_only_the_one_that_tells_more_is_seen() {
        let both = "courier cannot hand parcel 4 to any depot\n\ncourier could not hand parcel 5 to depot";
        check(&[both], &[("message", "{..} courier cannot hand parcel 4 to any depot.", 0, 1.0)]);
    }

    #[test]
    fn what_both_name_is_seen_once_and_in_its_shortest_form() {
        check(
            &["Event ID: 9123\nSource: ParcelSvc\n0x80040E14", "Event ID: 9123"],
            &[("code", "0x80040e14", 0, 1.0), ("event", "ParcelSvc/9123", 0, 1.0)],
        );
        check(&["Event ID: 9123 in PARCEL.DLL 1.2"], &[("event", "9123", 0, 1.0), ("file", "parcel.dll", 0, 1.0)]);
    }

    #[test]
    fn other_messages_and_events_are_not_seen() {
        let others = ["could not reach the depot", "hand parcel to courier", "Event ID: 9123\nSource: MailSvc", ""];
        check(&others, &[]);
        check(&[], &[]);
    }

    #[test]
    fn only_the_records_named_are_looked_at() {
        let (index, article) = index();
        let log = LogRecords::new(["0x80040e14", "x"]);
        assert_eq!(seen_signatures(&index, &article, &log, &[1]).expect("a store in memory"), []);
        assert_eq!(seen_signatures(&index, &article, &log, &[1, 0]).expect("a store in memory")[0].record, 0);
    }
}
