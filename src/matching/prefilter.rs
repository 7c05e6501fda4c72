//! Literals first: one pass over the raw bytes of many records tells which patterns may match in which of them.
//!
//! The pass looks for one literal of each pattern, the one that fewest records are likely to hold; a record that holds it
//! is looked through for the others. Candidates are a superset of the matches, in order of place; the pattern itself
//! decides. Behind this interface an aho-corasick automaton stands today; nothing outside knows.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem::Finder;

use crate::pattern::{Literal, rarity};

/// Sets of literals looked for in a record besides the one that the pass looks for; further ones turn few away.
const MAX_FURTHER: usize = 2;

/// Literals of so many bytes together are looked for with a full table of transitions, which is at least twice as fast as
/// the compact automaton and takes up to a KiB for each byte of them.
const MAX_TABLE_BYTES: usize = 8 * 1024;

/// Finds which of many targets may match. A target is whatever the caller numbers so.
#[derive(Debug)]
pub(crate) struct Prefilter {
    automaton: AhoCorasick,
    /// Targets by literal.
    targets: Vec<Vec<u32>>,
    /// By target, the sets of which a record must hold one literal each, the rarest first.
    further: Vec<Vec<Vec<Search>>>,
}

/// A place where a literal of a target stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Its last byte. Candidates come in order of this.
    pub(crate) at: usize,
    pub(crate) target: u32,
}

impl Prefilter {
    /// Looks for the literals of each target, which are numbered from 0 on. Each of the sets must be represented in what the
    /// target matches; a target without any is never found.
    ///
    /// The pass ignores case for all, so that one automaton does: a few more candidates cost less than a second pass.
    pub(crate) fn new(required: Vec<Vec<Vec<Literal>>>) -> Self {
        let mut by_literal = BTreeMap::<Vec<u8>, Vec<u32>>::new();
        let mut further = Vec::with_capacity(required.len());
        for (target, mut sets) in (0..).zip(required) {
            sets.sort_by_cached_key(|any_of| Reverse(rarity(any_of)));
            let mut sets = sets.into_iter();
            for literal in sets.next().into_iter().flatten() {
                by_literal.entry(literal.bytes.to_ascii_lowercase()).or_default().push(target);
            }
            let searches = |any_of: Vec<Literal>| any_of.into_iter().map(Search::new).collect();
            further.push(sets.take(MAX_FURTHER).map(searches).collect());
        }
        let n_bytes: usize = by_literal.keys().map(Vec::len).sum();
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind((n_bytes <= MAX_TABLE_BYTES).then_some(AhoCorasickKind::DFA))
            .build(by_literal.keys())
            .expect("literals are far fewer than the two billion states an automaton can have");
        Prefilter { automaton, targets: by_literal.into_values().collect(), further }
    }

    /// All places in `bytes` where a literal ends.
    pub(crate) fn candidates<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = Candidate> + 'a {
        self.automaton.find_overlapping_iter(bytes).flat_map(|found| {
            let targets = &self.targets[found.pattern().as_usize()];
            targets.iter().map(move |target| Candidate { at: found.end() - 1, target: *target })
        })
    }

    /// Whether `record`, in which a literal of the target was found, holds what else it needs.
    pub(crate) fn may_match(&self, target: u32, record: &[u8]) -> bool {
        let further = &self.further[target as usize];
        further.iter().all(|any_of| any_of.iter().any(|literal| literal.is_in(record)))
    }
}

/// A literal to be searched for in one record.
#[derive(Debug)]
enum Search {
    Exact(Box<Finder<'static>>),
    /// In either case; in lower case here.
    Folded(Vec<u8>),
}

impl Search {
    fn new(literal: Literal) -> Self {
        if literal.ignore_case {
            Search::Folded(literal.bytes)
        } else {
            Search::Exact(Box::new(Finder::new(&literal.bytes).into_owned()))
        }
    }

    fn is_in(&self, record: &[u8]) -> bool {
        match self {
            Search::Exact(finder) => finder.find(record).is_some(),
            Search::Folded(literal) => {
                let mut starts = memchr::memchr2_iter(literal[0], literal[0].to_ascii_uppercase(), record);
                starts
                    .any(|at| record[at..].get(..literal.len()).is_some_and(|text| text.eq_ignore_ascii_case(literal)))
            }
        }
    }
}

/// What is left of `literal` in a JSON text, where encoders write quotes, backslashes, slashes, signs of HTML, control
/// characters and all that is not ASCII in more than one way: the longest part without these, if it has three bytes.
pub(crate) fn unescaped_part(literal: &Literal) -> Option<Literal> {
    let same_in_json = |byte: &u8| (b' '..=b'~').contains(byte) && !b"\"\\/<>&'".contains(byte);
    let parts = literal.bytes.split(|byte| !same_in_json(byte));
    let longest = parts.max_by_key(|part| part.len()).filter(|part| part.len() >= 3)?;
    Some(Literal { bytes: longest.to_vec(), ignore_case: literal.ignore_case })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> Literal {
        Literal { bytes: text.as_bytes().to_vec(), ignore_case: false }
    }

    /// A target that needs each of `words`.
    fn all_of(words: &[&str]) -> Vec<Vec<Literal>> {
        words.iter().map(|word| vec![literal(word)]).collect()
    }

    #[test]
    fn every_place_of_every_literal_is_found_in_order() {
        let prefilter = Prefilter::new(vec![all_of(&["abc"]), all_of(&["bcd"]), all_of(&["abc"])]);
        let found: Vec<_> = prefilter.candidates(b"xABCD abc").map(|found| (found.at, found.target)).collect();
        assert_eq!(found, [(3, 0), (3, 2), (4, 1), (8, 0), (8, 2)]);
    }

    #[test]
    fn the_rarest_set_is_looked_for_and_the_others_where_it_stands() {
        let any = vec![literal("timeout"), Literal { bytes: b"refused".to_vec(), ignore_case: true }];
        let prefilter = Prefilter::new(vec![[all_of(&["connection", "ssh2"]), vec![any]].concat()]);
        let found: Vec<_> = prefilter.candidates(b"connection timeout ssh2").map(|found| found.at).collect();
        assert_eq!(found, [22]);
        let may_match = |record: &str| prefilter.may_match(0, record.as_bytes());
        assert!(may_match("connection timeout ssh2"));
        assert!(may_match("ssh2 connection REFused"));
        assert!(!may_match("ssh2 connection TIMEout"));
        assert!(!may_match("ssh2 refused refuse"));
    }

    #[test]
    fn no_literal_finds_nothing() {
        let prefilter = Prefilter::new(vec![vec![]]);
        assert_eq!(prefilter.candidates(b"abc").count(), 0);
        assert!(prefilter.may_match(0, b"abc"));
    }

    #[test]
    fn in_json_the_longest_part_that_is_never_escaped_remains() {
        assert_eq!(unescaped_part(&literal("say \"no\"/never again")), Some(literal("never again")));
        assert_eq!(unescaped_part(&literal("C:\\ab\\zwölf")), None);
    }
}
