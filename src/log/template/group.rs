//! Messages of one kind: their templates differ in a word or two, such as the name of a user.

use std::collections::HashMap;

use super::fingerprint::words;
use super::model::Template;

/// Words looked at per message.
const MAX_WORDS: usize = 24;

/// Share of equal words, position by position, from which two messages are of one kind.
const ALIKE: f64 = 0.65;

/// A message is compared with so many kinds of the same first word and length; after those it counts as a new kind.
const MAX_COMPARED: usize = 50;

/// Each template with its kind, and the number of records of that kind.
pub(super) fn with_counts(templates: Vec<&Template>) -> Vec<(&Template, MessageKind, u64)> {
    let mut kinds = MessageKinds::default();
    let kind_of: Vec<_> = templates.iter().map(|template| kinds.add(&template.message, template.count)).collect();
    let with_count = |(template, kind): (_, MessageKind)| (template, kind, kinds.counts[kind.0]);
    templates.into_iter().zip(kind_of).map(with_count).collect()
}

/// The number of a kind of message, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct MessageKind(usize);

/// The words of a message; `None` for a masked word.
type Words = Vec<Option<Vec<u8>>>;

/// MessageKinds of messages, and the number of records of each.
#[derive(Debug, Default)]
pub(super) struct MessageKinds {
    /// MessageKinds that may be alike.
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

    /// The number of records of the first kind that agrees with the message in this share of the words, if any.
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
