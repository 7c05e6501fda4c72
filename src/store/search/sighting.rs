//! Which signatures of an article stand in the records that led to it: the messages that they repeat, and the codes, events
//! and files that both name. It explains a hit and ranks nothing; what the ranking makes of messages is in `message`.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::super::text;
use super::super::{Index, StoreError};
use super::alignment::{Alignment, MessageWord, align};
use super::plan::n_holding;
use super::quoted::Quoted;
use super::signature::n_naming;
use super::signature::rarity;
use crate::article::{Article, Identifier};
use crate::identifier::{self, IdentifierKind};

/// The share of a message that a record has to repeat. Of those on the judged excerpts that are repeated by half to this,
/// most are other messages that are worded alike.
const MIN_SHARE: f32 = 0.6;

/// … and so many words of it, besides names and numbers: one alone is a code or nothing.
const MIN_WORDS: usize = 2;

/// … and what they have to weigh, in words that no article holds; also what a further message of the article has to repeat
/// that no other does: articles quote one message in several wordings. Beneath are labels of fields and other set phrases.
const MIN_WEIGHT: f32 = 0.75;

/// A message is looked at closely where the records hold one of so many of its words, wherever.
const WORDS_PER_KNOWN: usize = 4;

/// Messages of one article that are looked at closely, the first: a list of all error messages of a product has more, and would
/// cost a millisecond for each two or three.
const MAX_CLOSE: usize = 200;

/// A signature of an article, seen in a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// What it is.
    pub kind: IdentifierKind,
    /// A message as the article quotes it, with `{..}` or the name of a hole in place of what the record has otherwise; of
    /// anything else the canonical form that both share. For people: nothing in it is escaped.
    pub text: String,
    /// Index of the section where it stands.
    pub section: usize,
    /// Index of the record among those that were printed.
    pub record: usize,
    /// The share of a message that the record repeats, by the weights of its words, names and numbers left out; 1 of anything else.
    pub share: f32,
    /// How telling what was seen is, > 0, in the unit of [`Signature::weight`](super::Signature::weight): of a message, the sum
    /// of the words that are repeated.
    pub weight: f32,
}

/// Records of a log, made ready to be held against articles.
#[derive(Debug, Clone, Default)]
pub struct Printed {
    /// The words of all records, numbered.
    vocabulary: HashMap<String, u32>,
    records: Vec<PrintedRecord>,
}

#[derive(Debug, Clone)]
struct PrintedRecord {
    /// Its words in order, by their numbers.
    words: Vec<u32>,
    named: Vec<Named>,
}

/// A code, event, file and so on.
type Named = (IdentifierKind, String);

impl Printed {
    /// Takes records apart; they are numbered from 0.
    pub fn new<'a>(records: impl IntoIterator<Item = &'a str>) -> Printed {
        let mut printed = Printed::default();
        for record in records {
            let mut number = |(stem, _)| {
                let next = printed.vocabulary.len() as u32;
                *printed.vocabulary.entry(stem).or_insert(next)
            };
            let words = text::words(record).into_iter().map(&mut number).collect();
            printed.records.push(PrintedRecord { words, named: named(record) });
        }
        printed
    }
}

/// What is named in a text, replies at the beginnings of its lines included.
fn named(text: &str) -> Vec<Named> {
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let replies = starts.flat_map(|start| identifier::reply_at(text, start));
    identifier::find(text).into_iter().chain(replies).map(|found| (found.kind, found.value)).collect()
}

/// What two identifiers of one kind have in common, if one of them is no more than that: an event without its source is
/// every source's, a file without a version every version.
fn in_common<'a>(kind: IdentifierKind, one: &'a str, other: &'a str) -> Option<&'a str> {
    let is_in = |part: &str, whole| identifier::terms(kind, whole).any(|term| term.eq_ignore_ascii_case(part));
    if is_in(one, other) { Some(one) } else { is_in(other, one).then_some(other) }
}

/// What each stem looked up so far weighs.
type Weights = HashMap<String, f32>;

/// A message that was seen.
struct Repeated {
    sighting: Sighting,
    /// The words that were, by their numbers, each with its weight.
    words: Vec<(u32, f32)>,
}

/// The signatures of `article` that stand in those records of `printed` that `among` names, the most telling first, each
/// with the record that repeats most of it, of equals the first in `among`. What only says in other words what another one
/// says is left out. Looks up the words of those messages that the records may repeat: see
/// [`signatures`](super::signatures).
pub fn sightings(
    index: &Index,
    article: &Article,
    printed: &Printed,
    among: &[usize],
) -> Result<Vec<Sighting>, StoreError> {
    let (mut weights, mut messages, mut others) = (Weights::new(), Vec::new(), Vec::new());
    for quoted in article.identifiers.iter().filter_map(|one| printed.may_repeat(one)).take(MAX_CLOSE) {
        messages.extend(repeated(index, quoted, printed, among, &mut weights)?);
    }
    for identifier in &article.identifiers {
        others.extend(named_too(index, identifier, printed, among)?);
    }
    let messages = without_variants(messages);
    let told: Vec<Named> = messages.iter().flat_map(|repeated| named(&repeated.sighting.text)).collect();
    let is_told = |other: &Sighting| {
        told.iter().any(|(kind, value)| *kind == other.kind && in_common(*kind, value, &other.text).is_some())
    };
    others.retain(|other| !is_told(other));
    let mut sightings = without_repetitions(others);
    sightings.extend(messages.into_iter().map(|repeated| repeated.sighting));
    sightings.sort_by(most_telling_first);
    Ok(sightings)
}

/// An identifier other than a message, if a record names it.
fn named_too(
    index: &Index,
    identifier: &Identifier,
    printed: &Printed,
    among: &[usize],
) -> Result<Option<Sighting>, StoreError> {
    let Identifier { kind, section, .. } = *identifier;
    if matches!(kind, IdentifierKind::Message | IdentifierKind::Registry | IdentifierKind::Url) {
        return Ok(None);
    }
    let seen = among.iter().find_map(|&record| {
        let mut of_kind = printed.records[record].named.iter().filter(|(named, _)| *named == kind);
        of_kind.find_map(|(_, value)| in_common(kind, &identifier.value, value)).map(|text| (record, text))
    });
    let Some((record, text)) = seen else { return Ok(None) };
    let weight = rarity(index, n_naming(index, text)?);
    Ok(Some(Sighting { kind, text: text.to_owned(), section, record, share: 1.0, weight }))
}

/// A message, if a record repeats enough of it.
fn repeated(
    index: &Index,
    quoted: Quoted<'_>,
    printed: &Printed,
    among: &[usize],
    weights: &mut Weights,
) -> Result<Option<Repeated>, StoreError> {
    let mut weighed = Vec::with_capacity(quoted.words.len());
    for word in &quoted.words {
        // What no record holds needs no number of its own.
        let id = printed.vocabulary.get(&word.stem).copied().unwrap_or(u32::MAX);
        let weight = if word.is_occasional() { 0.0 } else { weight(index, &word.stem, weights)? };
        weighed.push((id, weight));
    }
    let Some((record, repeated)) = printed.best(&weighed, among) else { return Ok(None) };
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
    let sighting = Sighting { kind, text, section, record, share, weight };
    Ok(Some(Repeated { sighting, words }))
}

/// As [`rarity`], each stem looked up once.
fn weight(index: &Index, stem: &str, weights: &mut Weights) -> Result<f32, StoreError> {
    if let Some(&known) = weights.get(stem) {
        return Ok(known);
    }
    let weight = rarity(index, n_holding(index, stem)?);
    weights.insert(stem.to_owned(), weight);
    Ok(weight)
}

impl Printed {
    /// Takes a message apart that the records may repeat, wherever its words stand in them; `None` for all else.
    fn may_repeat<'a>(&self, identifier: &'a Identifier) -> Option<Quoted<'a>> {
        let n_known = |stems: &[String]| stems.iter().filter(|stem| self.vocabulary.contains_key(*stem)).count();
        let is_message = identifier.kind == IdentifierKind::Message;
        is_message.then(|| Quoted::new(identifier, |stems| n_known(stems) * WORDS_PER_KNOWN >= stems.len()))?
    }

    /// The record among `among` that repeats most of these words, which come with their weights, and which ones it repeats.
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

fn most_telling_first(a: &Sighting, b: &Sighting) -> Ordering {
    b.weight.total_cmp(&a.weight).then_with(|| b.share.total_cmp(&a.share)).then_with(|| a.text.cmp(&b.text))
}

/// The messages that repeat something telling that none before them does, the most telling first.
fn without_variants(mut messages: Vec<Repeated>) -> Vec<Repeated> {
    messages.sort_by(|a, b| most_telling_first(&a.sighting, &b.sighting));
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

/// What names something that none before it does, the most telling first.
fn without_repetitions(mut sightings: Vec<Sighting>) -> Vec<Sighting> {
    sightings.sort_by(most_telling_first);
    let mut kept: Vec<Sighting> = Vec::new();
    for sighting in sightings {
        let same = |known: &Sighting| {
            known.kind == sighting.kind && in_common(sighting.kind, &known.text, &sighting.text).is_some()
        };
        if !kept.iter().any(same) {
            kept.push(sighting);
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

    /// What was seen in `records`: kind, text, record and share of each.
    #[track_caller]
    fn check(records: &[&str], expect: &[(&str, &str, usize, f32)]) {
        let (index, article) = index();
        let printed = Printed::new(records.iter().copied());
        let among: Vec<usize> = (0..records.len()).collect();
        let sightings = sightings(&index, &article, &printed, &among).expect("a store in memory");
        let seen: Vec<(&str, &str, usize, f32)> = sightings
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
        let printed = Printed::new(["0x80040e14", "x"]);
        assert_eq!(sightings(&index, &article, &printed, &[1]).expect("a store in memory"), []);
        assert_eq!(sightings(&index, &article, &printed, &[1, 0]).expect("a store in memory")[0].record, 0);
    }
}
