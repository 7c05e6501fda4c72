//! Templates that differ in a word or two, such as the name of a user, are counted as one.

use std::collections::HashMap;

use super::Template;
use super::fingerprint::words;

/// Words looked at per message.
const MAX_WORDS: usize = 24;

/// Share of equal words, position by position, from which two messages are of one kind.
const ALIKE: f64 = 0.65;

/// Kinds compared with per number of words and first word; more are taken as new ones.
const MAX_COMPARED: usize = 50;

/// Each template with how many records are of its kind, its own included.
pub(super) fn with_counts(templates: Vec<Template>) -> Vec<(Template, Kind, u64)> {
    let mut kinds = Kinds::default();
    let kind_of: Vec<Kind> = templates.iter().map(|template| kinds.add(&template.message, template.count)).collect();
    let with_count = |(template, kind): (Template, Kind)| (template, kind, kinds.counts[kind.0]);
    templates.into_iter().zip(kind_of).map(with_count).collect()
}

/// Number of a kind of message, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Kind(usize);

/// The words of a message; `None` for those that are masked.
type Words = Vec<Option<Vec<u8>>>;

/// Kinds of messages, and how many records are of each.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    /// Kinds that may be alike.
    buckets: HashMap<BucketKey, Vec<(Words, Kind)>>,
    counts: Vec<u64>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct BucketKey {
    words: usize,
    first: Option<Vec<u8>>,
}

impl Kinds {
    /// Counts records with this message, and tells of which kind they are.
    pub(super) fn add(&mut self, message: &[u8], count: u64) -> Kind {
        let (key, words) = key_and_words(message);
        let bucket = self.buckets.entry(key).or_default();
        if let Some((_, kind)) = bucket.iter().take(MAX_COMPARED).find(|(other, _)| alike(other, &words, ALIKE)) {
            self.counts[kind.0] += count;
            return *kind;
        }
        let kind = Kind(self.counts.len());
        bucket.push((words, kind));
        self.counts.push(count);
        kind
    }

    /// How many records were of the first kind that shares this share of words with the message; `None` where none is.
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
