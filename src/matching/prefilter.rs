//! A filter that finds, in one pass over the raw bytes of many records, which patterns may match which records.
//!
//! A target is a pattern with its sets of literals. Invariant: a record that a target matches contains a literal of
//! each of its sets, so it has a candidate of the target, and `may_match` is true for it. The reverse need not be true:
//! the pattern itself decides.
//!
//! The pass searches only for one set of each target, the one that is likely to be rarest. A record with a candidate is
//! then searched for up to two more sets. The interface hides the aho-corasick automaton, so that a faster filter can
//! replace it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem::Finder;

use crate::pattern::{Literal, rarity};

/// The most further sets of a target that a record with a candidate is searched for. More of them would exclude few
/// records.
const MAX_FURTHER: usize = 2;

/// The most bytes of a literal that are searched for. A longer literal is found by its beginning: more bytes would exclude no
/// further record, and building the automaton takes time and memory for each.
const MAX_SEARCHED: usize = 64;

/// If all literals together have at most this number of bytes, the automaton gets a full table of transitions. It is at
/// least twice as fast as the compact automaton, but takes up to 1 KiB of memory for each byte.
const MAX_TABLE_BYTES: usize = 8 * 1024;

/// Finds which of many targets may match. The caller numbers the targets.
#[derive(Debug)]
pub(crate) struct Prefilter {
    automaton: AhoCorasick,
    /// For each literal of the automaton, the targets to which it belongs.
    targets: Vec<Vec<u32>>,
    /// For each target, further sets, the rarest first. A record must contain a literal of each.
    further: Vec<Vec<Vec<LiteralSearch>>>,
}

/// A place where a literal of a target occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// The offset of its last byte.
    pub(crate) at: usize,
    pub(crate) target: u32,
}

impl Prefilter {
    /// Builds the filter from the sets of literals of each target; targets are numbered from 0. Every text that a
    /// target matches must contain a literal of each of its sets. A target without sets is never found.
    ///
    /// The pass ignores case for all literals, so that one automaton is enough: a few more candidates cost less than a second
    /// pass.
    pub(crate) fn new(required: Vec<Vec<Vec<Literal>>>) -> Self {
        let mut by_literal = BTreeMap::<Vec<u8>, Vec<u32>>::new();
        let mut further = Vec::with_capacity(required.len());
        for (target, mut sets) in (0..).zip(required) {
            debug_assert!(
                sets.iter().flatten().all(|literal| !literal.bytes.is_empty())
                    && sets.iter().all(|any_of| !any_of.is_empty()),
                "an empty literal is everywhere and an empty set nowhere"
            );
            sets.sort_by_cached_key(|any_of| Reverse(rarity(any_of)));
            let mut sets = sets.into_iter();
            for literal in sets.next().into_iter().flatten() {
                let targets = by_literal.entry(beginning(&literal).to_ascii_lowercase()).or_default();
                if targets.last() != Some(&target) {
                    targets.push(target);
                }
            }
            let searches = |any_of: Vec<Literal>| any_of.into_iter().map(LiteralSearch::new).collect();
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

    /// Finds all places in `bytes` where a literal ends, in the order of their offsets.
    pub(crate) fn candidates<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = Candidate> + 'a {
        let mut last_end = 0;
        self.automaton.find_overlapping_iter(bytes).flat_map(move |found| {
            debug_assert!(last_end <= found.end(), "a record would miss a candidate");
            last_end = found.end();
            let targets = &self.targets[found.pattern().as_usize()];
            targets.iter().map(move |target| Candidate { at: found.end() - 1, target: *target })
        })
    }

    /// Whether `record`, which has a candidate of the target, contains a literal of each further set.
    pub(crate) fn may_match(&self, target: u32, record: &[u8]) -> bool {
        let further = &self.further[target as usize];
        further.iter().all(|any_of| any_of.iter().any(|literal| literal.is_in(record)))
    }
}

fn beginning(literal: &Literal) -> &[u8] {
    &literal.bytes[..literal.bytes.len().min(MAX_SEARCHED)]
}

/// The search for a literal in one record.
#[derive(Debug)]
enum LiteralSearch {
    Exact(Box<Finder<'static>>),
    /// Ignores case; the literal is in lower case.
    Folded(Vec<u8>),
}

impl LiteralSearch {
    fn new(literal: Literal) -> Self {
        if literal.ignore_case {
            LiteralSearch::Folded(beginning(&literal).to_vec())
        } else {
            LiteralSearch::Exact(Box::new(Finder::new(beginning(&literal)).into_owned()))
        }
    }

    fn is_in(&self, record: &[u8]) -> bool {
        match self {
            LiteralSearch::Exact(finder) => finder.find(record).is_some(),
            LiteralSearch::Folded(literal) => {
                let mut starts = memchr::memchr2_iter(literal[0], literal[0].to_ascii_uppercase(), record);
                starts
                    .any(|at| record[at..].get(..literal.len()).is_some_and(|text| text.eq_ignore_ascii_case(literal)))
            }
        }
    }
}

/// Returns the longest part of `literal` that JSON never escapes; `None` if it has fewer than three bytes. Encoders
/// write quotes, backslashes, slashes, the signs of HTML (`<>&'`), control characters and everything that is not ASCII
/// in more than one way.
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

    /// Returns the sets of a target that requires each of `words`.
    fn all_of(words: &[&str]) -> Vec<Vec<Literal>> {
        words.iter().map(|word| vec![literal(word)]).collect()
    }

    #[test]
    fn a_long_literal_is_found_by_its_beginning() {
        let long = "ab".repeat(12_500);
        let prefilter = Prefilter::new(vec![all_of(&[&long])]);
        assert_eq!(prefilter.targets.len(), 1);
        assert_eq!(prefilter.automaton.max_pattern_len(), MAX_SEARCHED);
        assert_eq!(prefilter.candidates(&long.as_bytes()[..64]).next(), Some(Candidate { at: 63, target: 0 }));
        assert!(prefilter.candidates(&long.as_bytes()[..63]).next().is_none());
    }

    #[test]
    fn every_place_of_every_literal_is_found_in_order() {
        let prefilter = Prefilter::new(vec![all_of(&["abc"]), all_of(&["bcd"]), all_of(&["abc"])]);
        let found: Vec<_> = prefilter.candidates(b"xABCD abc").map(|found| (found.at, found.target)).collect();
        assert_eq!(found, [(3, 0), (3, 2), (4, 1), (8, 0), (8, 2)]);
    }

    #[test]
    fn a_record_with_the_rarest_set_is_searched_for_the_others() {
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
    fn the_longest_part_that_json_never_escapes_remains() {
        assert_eq!(unescaped_part(&literal("say \"no\"/never again")), Some(literal("never again")));
        assert_eq!(unescaped_part(&literal("C:\\ab\\zwölf")), None);
    }
}
