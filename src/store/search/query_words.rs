//! Finds the words to search for: those of the query and those added to them, each with a weight; and codes and ids.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::super::ranking::Ranking;
use super::super::text;
use super::synonyms;
use crate::article;
use crate::identifier::{self, IdentifierKind};
use crate::product::Mention;

/// Why a word is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WordOrigin {
    /// The user typed it.
    Typed,
    /// The user typed it, but it is one of the small words that are common in questions: `how`, `my`.
    Small,
    /// It is a part of this typed word: `4` of `nt4`.
    PartOf(String),
    /// It is part of the name of this product, which the query mentions.
    Product(String),
    /// It is a synonym of these words.
    StandsFor(String),
}

/// A word to search for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct QueryWord {
    /// The word as indexed.
    pub(super) stem: String,
    /// The weight of the word in the query: 1 for a typed word that is not small, that of the ranking for others.
    pub(super) weight: f32,
    pub(super) origin: WordOrigin,
    /// Whether it is, or is part of, a name in a program: `win32k.sys`, `JET_errX`, `LNK2001`.
    pub(super) is_symbol: bool,
}

/// The words to search for, each once: the typed ones in order of appearance, then the added ones.
pub(super) fn query_words(query: &str, mentions: &[Mention], ranking: &Ranking) -> Vec<QueryWord> {
    let mut found = WordList::default();
    let words = text::words(query);
    let lower: Vec<String> = words.iter().map(|(_, range)| query[range.clone()].to_lowercase()).collect();
    for ((stem, range), word) in words.iter().zip(&lower) {
        match synonyms::is_small(word) {
            true => found.add(stem.clone(), ranking.small_words, WordOrigin::Small),
            false => found.add(stem.clone(), 1.0, WordOrigin::Typed),
        }
        if is_symbol(query, range) {
            found.mark_symbol(stem);
        }
    }
    for (at, word) in lower.iter().enumerate() {
        let own_parts = text::name_parts(&query[words[at].1.clone()]);
        for part in parts(word).chain(own_parts) {
            found.add_all(part, ranking.parts, &WordOrigin::PartOf(word.clone()));
        }
        for (n, other) in synonyms::synonyms_of_first(&lower[at..]) {
            found.add_all(other, ranking.synonyms, &WordOrigin::StandsFor(lower[at..at + n].join(" ")));
        }
    }
    for mention in mentions {
        found.add_all(&mention.product, ranking.product_words, &WordOrigin::Product(mention.product.clone()));
    }
    found.list
}

#[derive(Default)]
struct WordList {
    list: Vec<QueryWord>,
    places: HashMap<String, usize>,
}

impl WordList {
    /// Adds a word. A word that is already there keeps the higher weight.
    fn add(&mut self, stem: String, weight: f32, origin: WordOrigin) {
        match self.places.get(&stem) {
            Some(&at) if self.list[at].weight >= weight => {}
            Some(&at) => self.list[at] = QueryWord { stem, weight, origin, is_symbol: false },
            None => {
                self.places.insert(stem.clone(), self.list.len());
                self.list.push(QueryWord { stem, weight, origin, is_symbol: false });
            }
        }
    }

    fn mark_symbol(&mut self, stem: &str) {
        if let Some(&at) = self.places.get(stem) {
            self.list[at].is_symbol = true;
        }
    }

    fn add_all(&mut self, text: &str, weight: f32, origin: &WordOrigin) {
        text::terms(text).into_iter().for_each(|stem| self.add(stem, weight, origin.clone()));
    }
}

/// A word is a file name if an extension of this many letters or digits follows.
const FILE_ENDING: usize = 3;

/// Whether the word at `range` is, or is part of, a name in a program: it has digits after letters, capitals inside, an
/// underscore beside it, or a file extension. A number, also a hexadecimal one, is not.
fn is_symbol(query: &str, range: &Range<usize>) -> bool {
    let word = &query[range.clone()];
    if word.len() < 3 || word.bytes().all(|byte| byte.is_ascii_hexdigit()) || !word.starts_with(char::is_alphabetic) {
        return false;
    }
    let (before, after) = (&query[..range.start], &query[range.end..]);
    let is_joined = before.ends_with('_') || after.starts_with('_');
    let has_digit = word.contains(|c: char| c.is_ascii_digit());
    let has_capital =
        word.as_bytes().windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    let ending = after.strip_prefix('.').map(|rest| rest.bytes().take_while(u8::is_ascii_alphanumeric).count());
    is_joined || has_digit || has_capital || ending == Some(FILE_ENDING)
}

/// The letters and the digits of a short word: `nt` and `4` of `nt4`, `27` and `gb` of `27gb`. Nothing for a code such
/// as `0x80040e14` or a plain word.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let is_digit = |c: char| c.is_ascii_digit();
    let starts_with_digit = word.starts_with(is_digit);
    let border = word.find(|c: char| is_digit(c) != starts_with_digit);
    let parts = border.map(|at| word.split_at(at));
    let is_one_kind = |part: &str| part.chars().all(is_digit) || part.chars().all(char::is_alphabetic);
    let parts = parts.filter(|(head, tail)| is_one_kind(head) && is_one_kind(tail));
    parts.into_iter().flat_map(|(head, tail)| [head, tail])
}

/// The codes and events in a query in canonical form, each once. Leaves out files and replies, which are too common to
/// count more than the words around them.
pub(crate) fn codes(query: &str) -> Vec<String> {
    let exact = identifier::find(query)
        .into_iter()
        .filter(|found| matches!(found.kind, IdentifierKind::Code | IdentifierKind::Stop | IdentifierKind::Event));
    let mut known = HashSet::new();
    exact.map(|found| found.value).filter(|code| known.insert(code.clone())).collect()
}

/// The article ids in a query: `Q169781`, `KB169781`, `cb-disk-full`. A bare number is an id only when it is the whole query,
/// since messages contain many numbers: `(10061)`.
pub(super) fn article_ids(query: &str) -> Vec<String> {
    let punctuation = |c: char| !c.is_alphanumeric();
    let words: Vec<&str> = query.split_whitespace().map(|word| word.trim_matches(punctuation)).collect();
    let is_alone = words.len() == 1;
    let id = |word: &&str| {
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        let canonical = article::canonical_id(word);
        // `canonical_id` gives a capital letter only to ids of the Microsoft families.
        let is_id = canonical.starts_with('Q') && (is_alone || !is_number);
        (is_id || canonical.starts_with("cb-")).then_some(canonical)
    };
    words.iter().filter_map(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product;

    #[test]
    fn a_bare_number_is_an_id_only_alone() {
        assert_eq!(article_ids(" 169781 "), ["Q169781"]);
        assert_eq!(article_ids("(169781)"), ["Q169781"]);
        for message in ["421 Unable to contact", "connection failed (10061)", "Über (word) [12345]", "q a"] {
            assert_eq!(article_ids(message), Vec::<String>::new(), "{message}");
        }
        assert_eq!(article_ids("see (KB169781), and cb-disk-full."), ["Q169781", "cb-disk-full"]);
    }

    #[test]
    fn words_that_were_typed_count_in_full_and_those_added_less() {
        let ranking = Ranking { small_words: 0.5, parts: 0.4, product_words: 0.3, synonyms: 0.2, ..Ranking::default() };
        let query = "how to stop NDR on NT4";
        let found = query_words(query, &product::mentions(query), &ranking);
        let found: Vec<(&str, f32)> = found.iter().map(|word| (&*word.stem, word.weight)).collect();
        let expected = [
            ("how", 0.5),
            ("to", 0.5),
            ("stop", 1.0),
            ("ndr", 1.0),
            ("on", 0.5),
            ("nt4", 1.0),
            ("non", 0.2),
            ("deliveri", 0.2),
            ("report", 0.2),
            ("nt", 0.4),
            ("4", 0.4),
            ("window", 0.3),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn symbols_are_names_that_programs_give() {
        let query = "the STOP in win32k.sys at JET_errBadVersion, LNK2001: OnClick 0xc0000005 c0000005 27gb end. The";
        let symbols = text::words(query).into_iter().filter(|(_, range)| is_symbol(query, range));
        let symbols: Vec<&str> = symbols.map(|(_, range)| &query[range]).collect();
        assert_eq!(symbols, ["win32k", "JET", "errBadVersion", "LNK2001", "OnClick"]);
    }

    #[test]
    fn parts_are_letters_and_digits_of_short_words_not_of_codes() {
        let split = |word: &'static str| parts(word).collect::<Vec<_>>();
        assert_eq!(split("nt4"), ["nt", "4"]);
        assert_eq!(split("27gb"), ["27", "gb"]);
        for whole in ["0x80040e14", "wsock32x", "word", "421", ""] {
            assert_eq!(split(whole), Vec::<&str>::new(), "{whole}");
        }
    }
}
