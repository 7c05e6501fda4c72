//! The longest beginning of a text pattern that stands in a text which the whole pattern does not match.
//!
//! A beginning ends behind a character of a literal or behind a hole other than a stretch, and needs no word edge there.
//! Where one matches, each shorter one does, so that the longest is found by halving: the matcher itself is asked some
//! ten times.

use std::ops::Range;

use super::character::is_blank;
use super::hole::HoleKind;
use super::literal::{Edges, FixedText};
use super::matched::Match;
use super::text::{Piece, TextPattern, WordEdges, cut, escape};

/// The beginnings of one pattern.
#[derive(Debug)]
pub(super) struct Beginnings<'p> {
    pattern: &'p TextPattern,
    source: &'p str,
    pieces: Vec<(Range<usize>, Piece)>,
    /// Where each ends, shortest first.
    ends: Vec<End>,
}

/// Where a beginning ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    piece: usize,
    /// Bytes of the piece, if that is a literal; 0 for a hole.
    bytes: usize,
    /// Characters of literals up to here, blanks not counted.
    weight: usize,
}

/// A beginning and where it matches.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Beginning {
    /// Index into the ends; the last one is the whole pattern but for the word edge at its end.
    pub(super) at: usize,
    pub(super) found: Match,
}

/// What a pattern wants behind a beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// This text, right there.
    Text(String),
    /// This text, anywhere behind.
    TextBehind(String),
    /// What a hole of this kind takes, with the hole as it is written.
    Hole(HoleKind, String),
}

impl<'p> Beginnings<'p> {
    /// Those of `pattern`, which `source` was parsed to.
    pub(super) fn of(pattern: &'p TextPattern, source: &'p str) -> Self {
        let pieces = cut(source).expect("what was parsed can be cut");
        let mut ends = Vec::new();
        let mut weight = 0;
        for (piece, (_, content)) in pieces.iter().enumerate() {
            match content {
                Piece::Text(text) => ends.extend(text.char_indices().map(|(at, c)| {
                    weight += usize::from(!c.is_whitespace());
                    End { piece, bytes: at + c.len_utf8(), weight }
                })),
                Piece::Hole(hole) if hole.kind == HoleKind::Stretch => {}
                Piece::Hole(_) => ends.push(End { piece, bytes: 0, weight }),
            }
        }
        Beginnings { pattern, source, pieces, ends }
    }

    /// Characters of all literals, blanks not counted.
    pub(super) fn weight(&self) -> usize {
        self.ends.last().map_or(0, |end| end.weight)
    }

    /// Characters of literals that the beginning holds, blanks not counted, and its holes.
    pub(super) fn nearness(&self, beginning: &Beginning) -> usize {
        let End { piece, weight, .. } = self.ends[beginning.at];
        weight + self.pieces[..=piece].iter().filter(|(_, piece)| matches!(piece, Piece::Hole(_))).count()
    }

    /// The longest one that matches, if one of at least `min_weight` characters of literals does.
    pub(super) fn longest(&self, text: &[u8], min_weight: usize) -> Option<Beginning> {
        let mut longest = self.matching(self.ends.partition_point(|end| end.weight < min_weight), text)?;
        let mut beyond = self.ends.len();
        while longest.at + 1 < beyond {
            let middle = longest.at + (beyond - longest.at) / 2;
            match self.matching(middle, text) {
                Some(longer) => longest = longer,
                None => beyond = middle,
            }
        }
        Some(longest)
    }

    /// The beginning with the end `at`, if it matches.
    pub(super) fn matching(&self, at: usize, text: &[u8]) -> Option<Beginning> {
        let end = self.ends.get(at)?;
        let cut = self.literal(end.piece).map(|literal| {
            let before = end.piece == 0 && self.pattern.edges == WordEdges::Needed;
            FixedText::new(&literal[..end.bytes], self.pattern.ignore_case, Edges { before, after: false })
        });
        let found = self.pattern.find_beginning(end.piece + 1, cut.as_ref(), text)?;
        Some(Beginning { at, found })
    }

    /// The same one; but where it ends within a word of which it holds less than half, which is alike by chance, the one
    /// before that word, if that is one.
    pub(super) fn at_word(&self, beginning: Beginning, text: &[u8]) -> Option<Beginning> {
        let End { piece, bytes, .. } = self.ends[beginning.at];
        let Some(literal) = self.literal(piece) else { return Some(beginning) };
        let word = literal[..bytes].rfind(char::is_whitespace).map_or(0, |blank| blank + 1);
        let taken = literal[word..bytes].chars().count();
        let left = literal[bytes..].chars().take_while(|c| !c.is_whitespace()).count();
        if taken == 0 || taken >= left {
            return Some(beginning);
        }
        self.matching(beginning.at.checked_sub(taken)?, text)
    }

    /// The beginning as it is written.
    pub(super) fn written(&self, beginning: &Beginning) -> String {
        let End { piece, bytes, .. } = self.ends[beginning.at];
        let place = &self.pieces[piece].0;
        match self.literal(piece) {
            Some(literal) => self.source[..place.start].to_owned() + &escape(&literal[..bytes]),
            None => self.source[..place.end].to_owned(),
        }
    }

    /// What the pattern wants behind the beginning; `None` behind the whole pattern.
    pub(super) fn next(&self, beginning: &Beginning) -> Option<Next> {
        let End { piece, bytes, .. } = self.ends[beginning.at];
        let (taken, rest) = self.literal(piece).unwrap_or_default().split_at(bytes);
        if !rest.is_empty() {
            // A blank behind a stretch stands somewhere by chance, and says nothing of where the word after it is.
            let behind = piece > 0 && self.is_stretch(piece - 1) && taken.bytes().all(is_blank);
            return Some(if behind { Next::TextBehind(rest.to_owned()) } else { Next::Text(rest.to_owned()) });
        }
        let (place, next) = self.pieces.get(piece + 1)?;
        Some(match next {
            Piece::Text(text) => Next::Text(text.clone()),
            Piece::Hole(_) if self.is_stretch(piece + 1) => Next::TextBehind(self.literal(piece + 2)?.to_owned()),
            Piece::Hole(hole) => Next::Hole(hole.kind, self.source[place.clone()].to_owned()),
        })
    }

    /// The text of the piece, if that is a literal.
    fn literal(&self, piece: usize) -> Option<&str> {
        match self.pieces.get(piece) {
            Some((_, Piece::Text(text))) => Some(text),
            _ => None,
        }
    }

    fn is_stretch(&self, piece: usize) -> bool {
        matches!(&self.pieces[piece].1, Piece::Hole(hole) if hole.kind == HoleKind::Stretch)
    }
}
