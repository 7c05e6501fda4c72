//! A filter that finds, in one pass over the raw bytes of many records, which patterns may match which records.
//!
//! A target is a pattern with the literals that each of its matches contains. Invariant: a record that a target matches
//! has a candidate of the target, and `may_match` is true for it. The reverse need not be true: the pattern itself
//! decides.
//!
//! The pass searches only for one set of literals of each target, the one that is likely to be rarest. A record with a
//! candidate is then searched for up to two more sets.

mod blanks;
mod grams;
pub(crate) mod small;
mod window;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

#[cfg(test)]
use crate::pattern::FOLD_INTO_ASCII;
use crate::pattern::{Literal, MIN_REQUIRED};
use blanks::{BlankPairs, EvenText, blanks_len};
use grams::{GramFilter, Hit};
use window::Background;

/// The most further sets of a target that a record with a candidate is searched for. More of them would exclude few
/// records.
const MAX_FURTHER: usize = 2;

/// The most bytes of a literal that are searched for. A longer literal is found by its beginning: more bytes would exclude no
/// further record.
const MAX_SEARCHED: usize = 64;

/// The literals that each match of a target contains.
#[derive(Debug, Clone, Default)]
pub struct TargetLiterals<'p> {
    /// Sets of literals, the rarest first. A match contains one of each set.
    pub sets: Cow<'p, [Vec<Literal>]>,
    /// Literals in which a blank matches any run of blanks. A match contains all of them.
    pub runs: &'p [Literal],
}

/// Finds which of many targets may match. The caller numbers the targets.
#[derive(Debug)]
pub struct Prefilter {
    literals: Vec<SearchedLiteral>,
    /// Literals of at least 11, 6 and 3 bytes. A longer window is rarer and is looked for at fewer places.
    long: GramFilter<8, 4>,
    medium: GramFilter<5, 2>,
    short: GramFilter<3, 1>,
    /// The targets with a literal that ignores case and contains `k` or `s`.
    folding: Vec<u32>,
    /// The bytes around blanks, of literals whose windows contain a blank that matches any run of blanks.
    blank_pairs: BlankPairs,
    /// For each target, further sets. A record must contain a literal of each.
    further: Vec<Vec<Vec<Literal>>>,
}

/// A literal that the pass searches for.
#[derive(Debug)]
struct SearchedLiteral {
    bytes: Vec<u8>,
    ignore_case: bool,
    /// Whether a blank in it matches any run of blanks.
    any_blanks: bool,
    /// Where its window begins.
    window: usize,
    targets: Vec<u32>,
}

/// A place where a literal of a target occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// The offset of one of its bytes, or of another byte in the same line.
    pub at: usize,
    /// The number of the target.
    pub target: u32,
}

impl TargetLiterals<'_> {
    /// Whether no literal is known, so that any record may match.
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty() && self.runs.is_empty()
    }
}

impl Prefilter {
    /// Builds the filter for targets, which are numbered from 0. A target without literals is never found.
    pub fn new(targets: &[TargetLiterals<'_>]) -> Self {
        let all = targets.iter().flat_map(|target| target.sets.iter().flatten().chain(target.runs));
        Prefilter::with_background(targets, &Background::of(all))
    }

    /// Builds the filter for a log like `sample`. It finds the same, with fewer tests in vain in such a log.
    pub fn for_log(targets: &[TargetLiterals<'_>], sample: &[u8]) -> Self {
        Prefilter::with_background(targets, &Background::of_log(sample))
    }

    fn with_background(targets: &[TargetLiterals<'_>], background: &Background) -> Self {
        debug_assert!(
            targets.iter().flat_map(|target| target.sets.iter()).all(|any_of| !any_of.is_empty()),
            "an empty set is nowhere"
        );
        let mut literals = Vec::<SearchedLiteral>::new();
        let mut known = HashMap::<(&[u8], bool, bool), usize, foldhash::fast::FixedState>::default();
        let mut further = Vec::with_capacity(targets.len());
        for (number, target) in (0..).zip(targets) {
            let (searched, any_blanks) = rarest(target, background);
            for (literal, window) in &searched {
                let bytes = beginning(literal);
                let index = *known.entry((bytes, literal.ignore_case, any_blanks)).or_insert_with(|| {
                    let (bytes, ignore_case) = (bytes.to_vec(), literal.ignore_case);
                    literals.push(SearchedLiteral { bytes, ignore_case, any_blanks, window: *window, targets: vec![] });
                    literals.len() - 1
                });
                let targets = &mut literals[index].targets;
                if targets.last() != Some(&number) {
                    targets.push(number);
                }
            }
            further.push(further_sets(target, &searched));
        }
        Prefilter::of(literals, further)
    }

    fn of(literals: Vec<SearchedLiteral>, further: Vec<Vec<Vec<Literal>>>) -> Self {
        let (mut long, mut medium, mut short) = (Vec::new(), Vec::new(), Vec::new());
        let mut blank_pairs = BlankPairs::new();
        for (number, literal) in (0..).zip(&literals) {
            let ((gram, n_grams), start) = (window_of(literal.bytes.len()), literal.window);
            let len = gram + n_grams - 1;
            if literal.any_blanks && literal.bytes[start..start + len].contains(&b' ') {
                blank_pairs.add(&literal.bytes);
            }
            let class = match gram {
                8 => &mut long,
                5 => &mut medium,
                _ => &mut short,
            };
            class.push((number, literal.bytes.as_slice(), start));
        }
        let (long, medium) = (GramFilter::new(long.into_iter()), GramFilter::new(medium.into_iter()));
        let short = GramFilter::new(short.into_iter());
        let may_fold = |literal: &&SearchedLiteral| literal.ignore_case && folds(&literal.bytes);
        let mut folding: Vec<_> =
            literals.iter().filter(may_fold).flat_map(|literal| literal.targets.clone()).collect();
        folding.sort_unstable();
        folding.dedup();
        Prefilter { literals, long, medium, short, folding, blank_pairs, further }
    }

    /// Finds all places in `bytes` where a literal occurs, in the order of their offsets.
    pub fn candidates(&self, bytes: &[u8]) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        let mut add = |at: usize, literal: &SearchedLiteral| {
            candidates.extend(literal.targets.iter().map(|target| Candidate { at, target: *target }));
        };
        self.hits(bytes, |hit| {
            let literal = &self.literals[hit.literal as usize];
            if literal.is_around(hit, bytes, None) {
                add(hit.at, literal);
            }
        });
        if !self.blank_pairs.is_empty {
            let even = EvenText::around_uneven_blanks(bytes, GramFilter::<8, 4>::WINDOW - 1, &self.blank_pairs);
            self.hits(&even.bytes, |hit| {
                let literal = &self.literals[hit.literal as usize];
                if literal.any_blanks && literal.is_around(hit, &even.bytes, Some(b'\n')) {
                    add(even.original(hit.at), literal);
                }
            });
        }
        if !self.folding.is_empty() {
            for at in signs(bytes) {
                candidates.extend(self.folding.iter().map(|target| Candidate { at, target: *target }));
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        candidates
    }

    fn hits(&self, bytes: &[u8], mut found: impl FnMut(Hit)) {
        self.long.hits(bytes, &mut found);
        self.medium.hits(bytes, &mut found);
        self.short.hits(bytes, &mut found);
    }

    /// Whether `record`, which has a candidate of the target, contains a literal of each further set.
    pub fn may_match(&self, target: u32, record: &[u8]) -> bool {
        let further = &self.further[target as usize];
        further.iter().all(|any_of| any_of.iter().any(|literal| is_in(literal, record)))
    }
}

impl SearchedLiteral {
    /// Whether the literal occurs at the hit. `cut` is a byte at which the text is cut, so that what follows is unknown
    /// and counts as equal.
    fn is_around(&self, hit: Hit, text: &[u8], cut: Option<u8>) -> bool {
        let (before, behind) = self.bytes.split_at(hit.offset);
        let mut at = hit.at;
        for wanted in behind {
            match text.get(at) {
                Some(b' ' | b'\t') if self.any_blanks && *wanted == b' ' => at += blanks_len(&text[at..]),
                Some(byte) if self.is_equal(*byte, *wanted) => at += 1,
                found => return found.is_some() && found == cut.as_ref(),
            }
        }
        let mut at = hit.at;
        for wanted in before.iter().rev() {
            match text[..at].last() {
                Some(b' ' | b'\t') if self.any_blanks && *wanted == b' ' => {
                    at -= text[..at].iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                }
                Some(byte) if self.is_equal(*byte, *wanted) => at -= 1,
                // A text with cuts begins at one.
                found => return cut.is_some() && (found.is_none() || found == cut.as_ref()),
            }
        }
        true
    }

    fn is_equal(&self, byte: u8, wanted: u8) -> bool {
        byte == wanted || (self.ignore_case && byte.eq_ignore_ascii_case(&wanted))
    }
}

/// Returns the set of literals of `target` that is likely to be rarest, each with the start of its window, and whether blanks
/// in them match any run of blanks. Empty if it has no literal.
fn rarest<'t>(target: &'t TargetLiterals<'_>, background: &Background) -> (Vec<(&'t Literal, usize)>, bool) {
    let is_in_run = |any_of: &Vec<Literal>| {
        let [word] = any_of.as_slice() else { return false };
        target.runs.iter().any(|run| memchr::memmem::find(&run.bytes, &word.bytes).is_some())
    };
    let mut rarest = (None, Vec::new(), false);
    let mut consider = |any_of: &'t [Literal], any_blanks: bool| {
        let windows =
            any_of.iter().map(|literal| background.rarest_window(literal, window_of(beginning(literal).len())));
        let windows: Vec<(usize, u32)> = windows.collect();
        let rarity = Some((windows.iter().map(|(_, rarity)| *rarity).min(), Reverse(any_of.len())));
        if rarity > rarest.0 {
            rarest = (rarity, any_of.iter().zip(windows.iter().map(|(start, _)| *start)).collect(), any_blanks);
        }
    };
    // The window in a run is at least as long as that in one of its words.
    target.sets.iter().filter(|any_of| !is_in_run(any_of)).for_each(|any_of| consider(any_of, false));
    target.runs.iter().for_each(|run| consider(std::slice::from_ref(run), true));
    (rarest.1, rarest.2)
}

/// Returns the first sets that are not part of what is searched for.
fn further_sets(target: &TargetLiterals<'_>, searched: &[(&Literal, usize)]) -> Vec<Vec<Literal>> {
    let is_other = |any_of: &&Vec<Literal>| match (any_of.as_slice(), searched) {
        ([word], [(run, _)]) => memchr::memmem::find(&run.bytes, &word.bytes).is_none(),
        (any_of, searched) => !any_of.iter().eq(searched.iter().map(|(literal, _)| *literal)),
    };
    target.sets.iter().filter(is_other).take(MAX_FURTHER).cloned().collect()
}

/// Returns the length of the grams of a window for a literal of `len` bytes, and their number.
fn window_of(len: usize) -> (usize, usize) {
    debug_assert!(len >= MIN_REQUIRED, "a shorter literal has no window");
    match len {
        GramFilter::<8, 4>::WINDOW.. => (8, 4),
        GramFilter::<5, 2>::WINDOW.. => (5, 2),
        _ => (3, 1),
    }
}

fn beginning(literal: &Literal) -> &[u8] {
    beginning_of(&literal.bytes)
}

fn beginning_of(literal: &[u8]) -> &[u8] {
    &literal[..literal.len().min(MAX_SEARCHED)]
}

fn is_in(literal: &Literal, record: &[u8]) -> bool {
    is_found(&literal.bytes, literal.ignore_case, record)
}

/// Whether `record` contains the literal, as far as it is searched for, or a sign that may stand for a letter of it.
fn is_found(literal: &[u8], ignore_case: bool, record: &[u8]) -> bool {
    let bytes = beginning_of(literal);
    Found::new(bytes, ignore_case, record).next().is_some()
        || (ignore_case && folds(bytes) && signs(record).next().is_some())
}

/// The places of a literal in a text, in order.
enum Found<'t> {
    Exact(memchr::memmem::FindIter<'t, 't>),
    IgnoringCase(memchr::Memchr2<'t>, &'t [u8], &'t [u8]),
}

impl<'t> Found<'t> {
    fn new(literal: &'t [u8], ignore_case: bool, text: &'t [u8]) -> Self {
        match literal.first() {
            Some(first) if ignore_case => {
                let starts = memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text);
                Found::IgnoringCase(starts, literal, text)
            }
            _ => Found::Exact(memchr::memmem::find_iter(text, literal)),
        }
    }
}

impl Iterator for Found<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match self {
            Found::Exact(places) => places.next(),
            Found::IgnoringCase(starts, literal, text) => starts
                .find(|at| text[*at..].get(..literal.len()).is_some_and(|found| found.eq_ignore_ascii_case(literal))),
        }
    }
}

/// Whether a letter in `bytes` is equal to one of `pattern::FOLD_INTO_ASCII` if case is ignored.
fn folds(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| b"ksKS".contains(byte))
}

/// The signs of `pattern::FOLD_INTO_ASCII` as UTF-8, and the beginnings of their escapes in JSON, whose last digit may be a letter in
/// either case.
const SIGNS: [&[u8]; 4] = [b"\xE2\x84\xAA", b"\\u212", b"\xC5\xBF", b"\\u017"];

/// Returns where `text` contains one of `pattern::FOLD_INTO_ASCII`, as it is or escaped as in JSON.
fn signs(text: &[u8]) -> impl Iterator<Item = usize> {
    SIGNS.into_iter().flat_map(move |sign| memchr::memmem::find_iter(text, sign))
}

#[cfg(test)]
mod tests;
