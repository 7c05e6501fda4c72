//! Messages of one kind: their templates differ in a word or two, such as the name of a user.

use std::collections::HashMap;

use jiff::Timestamp;

use super::fingerprint::words;
use super::model::Template;

/// The most words of a message that are compared.
const MAX_WORDS: usize = 24;

/// Two messages are of one kind if at least this share of their words, position by position, is equal.
const ALIKE: f64 = 0.65;

/// A message is compared with at most this number of kinds of the same first word and number of words. If it is like
/// none of them, it is a new kind.
const MAX_COMPARED: usize = 50;

/// The records of one kind of message.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct KindRecords {
    /// Their number.
    pub(super) count: u64,
    /// Their latest time.
    pub(super) last: Option<Timestamp>,
}

/// Returns each template with its kind, and with what is known of the records of that kind.
pub(super) fn with_kinds(templates: Vec<&Template>) -> Vec<(&Template, MessageKind, KindRecords)> {
    let mut kinds = MessageKinds::default();
    let kind_of: Vec<_> = templates.iter().map(|template| kinds.add(&template.message, template.count)).collect();
    let mut records = vec![KindRecords::default(); kinds.counts.len()];
    for (template, kind) in templates.iter().zip(&kind_of) {
        let records = &mut records[kind.0];
        *records = KindRecords { count: records.count + template.count, last: records.last.max(template.last) };
    }
    templates.into_iter().zip(kind_of).map(|(template, kind)| (template, kind, records[kind.0])).collect()
}

/// A kind of message, as a number from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct MessageKind(usize);

/// The words of a message; `None` for a word with a digit, whose text does not matter.
type Words = Vec<Option<Vec<u8>>>;

/// The kinds of messages, and the number of records of each.
#[derive(Debug, Default)]
pub(super) struct MessageKinds {
    /// The kinds by first word and number of words. Only kinds with equal keys may be alike.
    buckets: HashMap<BucketKey, Vec<(Words, MessageKind)>>,
    counts: Vec<u64>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct BucketKey {
    words: usize,
    first: Option<Vec<u8>>,
}

impl MessageKinds {
    /// Adds `count` records with this message; returns their kind.
    pub(super) fn add(&mut self, message: &[u8], count: u64) -> MessageKind {
        let (key, words) = key_and_words(message);
        let bucket = self.buckets.entry(key).or_default();
        if let Some((_, kind)) = bucket.iter().take(MAX_COMPARED).find(|(other, _)| alike(other, &words, ALIKE)) {
            self.counts[kind.0] += count;
            return *kind;
        }
        let kind = MessageKind(self.counts.len());
        bucket.push((words, kind));
        self.counts.push(count);
        kind
    }

    /// Returns the number of records of the first kind that has at least this share of the words in common with the
    /// message; `None` if there is no such kind.
    pub(super) fn count(&self, message: &[u8], share: f64) -> Option<u64> {
        let (key, words) = key_and_words(message);
        let bucket = self.buckets.get(&key)?;
        let (_, kind) = bucket.iter().find(|(other, _)| alike(other, &words, share))?;
        Some(self.counts[kind.0])
    }
}

fn key_and_words(message: &[u8]) -> (BucketKey, Words) {
    let words: Words = words(message).take(MAX_WORDS).map(|word| word.map(<[u8]>::to_vec)).collect();
    (BucketKey { words: words.len(), first: words.first().cloned().flatten() }, words)
}

fn alike(a: &Words, b: &Words, share: f64) -> bool {
    let equal = a.iter().zip(b).filter(|(a, b)| a == b).count();
    equal as f64 >= share * a.len() as f64
}
