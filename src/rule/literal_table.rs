//! The literals that the patterns of a program need, in few allocations.

use serde::{Deserialize, Serialize};

use super::digest::PatternPlace;
use super::program::Program;
use super::required::{Spelling, required_literals};
use crate::pattern::Literal;

/// The literals that each pattern of a program requires in one kind of source.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct LiteralTable {
    /// The bytes of all literals, one after the other.
    bytes: Bytes,
    /// For each literal, twice its length, and one more if case is ignored.
    literals: Vec<u32>,
    /// For each pattern, the number of its sets and the number of literals in each, then that of its runs.
    counts: Vec<u32>,
}

/// Bytes that are written and read at once.
#[derive(Debug, Default, Clone)]
struct Bytes(Vec<u8>);

/// A literal of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LiteralRef<'t> {
    /// The bytes, in lower case if case is ignored.
    pub(crate) bytes: &'t [u8],
    pub(crate) ignore_case: bool,
}

/// What a pattern requires.
#[derive(Debug, Default)]
pub(crate) struct PatternLiterals<'t> {
    /// Sets of literals, the rarest first: the number of literals of each, and all of them. A match contains one of each set.
    pub(crate) set_lens: Vec<usize>,
    pub(crate) in_sets: Vec<LiteralRef<'t>>,
    /// Literals in which a blank matches any run of blanks. A match contains all of them.
    pub(crate) runs: Vec<LiteralRef<'t>>,
}

impl LiteralTable {
    pub(super) fn of(program: &Program, spelling: Spelling) -> LiteralTable {
        LiteralTable::of_patterns(program, &program.digest().patterns, spelling)
    }

    /// The literals that some of the patterns of a program require.
    pub(crate) fn of_patterns(program: &Program, patterns: &[PatternPlace], spelling: Spelling) -> LiteralTable {
        let mut table = LiteralTable::default();
        patterns.iter().for_each(|place| table.add(program, *place, spelling));
        table
    }

    fn add(&mut self, program: &Program, place: PatternPlace, spelling: Spelling) {
        let binding = &program.symptom(place.symptom).bindings[place.binding];
        let required = required_literals(&binding.alternatives[place.alternative], binding.filter.as_ref(), spelling);
        self.counts.push(count(required.sets.len()));
        for any_of in required.sets.iter() {
            self.counts.push(count(any_of.len()));
            any_of.iter().for_each(|literal| self.add_literal(literal));
        }
        self.counts.push(count(required.runs.len()));
        required.runs.iter().for_each(|literal| self.add_literal(literal));
    }

    fn add_literal(&mut self, literal: &Literal) {
        self.bytes.0.extend_from_slice(&literal.bytes);
        self.literals.push(2 * count(literal.bytes.len()) + u32::from(literal.ignore_case));
    }

    /// Calls `visit` with the literals of each pattern, in the order of the patterns.
    pub(crate) fn for_each<'t>(&'t self, mut visit: impl FnMut(u32, &PatternLiterals<'t>)) {
        let (mut bytes, mut literals) = (self.bytes.0.as_slice(), self.literals.iter());
        let mut next = || {
            let word = literals.next().copied().unwrap_or_default();
            let (literal, rest) = bytes.split_at_checked(word as usize / 2).unwrap_or_default();
            bytes = rest;
            LiteralRef { bytes: literal, ignore_case: word % 2 == 1 }
        };
        let mut counts = self.counts.iter().map(|count| *count as usize);
        let mut required = PatternLiterals::default();
        let mut number = 0;
        while let Some(n_sets) = counts.next() {
            required.set_lens.clear();
            required.in_sets.clear();
            required.runs.clear();
            for _ in 0..n_sets {
                let len = counts.next().unwrap_or_default();
                required.set_lens.push(len);
                required.in_sets.extend((0..len).map(|_| next()));
            }
            required.runs.extend((0..counts.next().unwrap_or_default()).map(|_| next()));
            visit(number, &required);
            number += 1;
        }
    }
}

impl<'t> PatternLiterals<'t> {
    /// Whether no literal is known, so that any record may match.
    pub(crate) fn is_empty(&self) -> bool {
        self.set_lens.is_empty() && self.runs.is_empty()
    }

    /// The sets, each with at least one literal.
    pub(crate) fn sets(&self) -> impl Iterator<Item = &[LiteralRef<'t>]> {
        let mut rest = self.in_sets.as_slice();
        self.set_lens.iter().map(move |len| {
            let (set, others) = rest.split_at(*len);
            rest = others;
            set
        })
    }
}

impl LiteralRef<'_> {
    pub(crate) fn to_literal(self) -> Literal {
        Literal::new(self.bytes.to_vec(), self.ignore_case)
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).expect("rules have fewer than four billion bytes")
}

impl Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        <&[u8]>::deserialize(from).map(|bytes| Bytes(bytes.to_vec()))
    }
}
