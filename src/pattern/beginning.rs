//! Finds the longest beginning of a text pattern that matches in a text which the whole pattern does not match.
//!
//! A beginning ends after a character of a literal, or after a hole other than `{..}`. No word edge is needed at its
//! end. If a beginning matches, each shorter one matches as well, so the longest is found by binary search, with about
//! ten runs of the matcher.

use std::ops::Range;

use super::character::is_blank;
use super::hole::HoleKind;
use super::literal::{Edges, FixedText};
use super::matched::Match;
use super::text::{PatternPiece, TextPattern, WordEdges, cut, escape};

/// The beginnings of one pattern.
#[derive(Debug)]
pub(super) struct Beginnings<'p> {
    pattern: &'p TextPattern,
    source: &'p str,
    pieces: Vec<(Range<usize>, PatternPiece)>,
    /// Where each beginning ends, shortest first.
    ends: Vec<End>,
}

/// Where a beginning ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    piece: usize,
    /// Bytes of the piece if it is a literal; 0 for a hole.
    bytes: usize,
    /// The number of characters of literals up to here, without blanks.
    weight: usize,
}

/// A beginning and where it matches.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Beginning {
    /// Index into [`Beginnings::ends`]. The last one is the whole pattern without the word edge at its end.
    pub(super) at: usize,
    pub(super) found: Match,
}

/// The part of a pattern that follows a beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// This text, directly after the beginning.
    Text(String),
    /// This text, anywhere after the beginning.
    TextBehind(String),
    /// A hole of this kind, with its source.
    Hole(HoleKind, String),
}

impl<'p> Beginnings<'p> {
    /// The beginnings of `pattern`, which was parsed from `source`.
    pub(super) fn new(pattern: &'p TextPattern, source: &'p str) -> Self {
        let pieces = cut(source).expect("what was parsed can be cut");
        let mut ends = Vec::new();
        let mut weight = 0;
        for (piece, (_, content)) in pieces.iter().enumerate() {
            match content {
                PatternPiece::Text(text) => ends.extend(text.char_indices().map(|(at, c)| {
                    weight += usize::from(!c.is_whitespace());
                    End { piece, bytes: at + c.len_utf8(), weight }
                })),
                PatternPiece::Hole(hole) if hole.kind == HoleKind::Stretch => {}
                PatternPiece::Hole(_) => ends.push(End { piece, bytes: 0, weight }),
            }
        }
        debug_assert!(ends.is_sorted_by_key(|end| (end.piece, end.bytes)) && ends.is_sorted_by_key(|end| end.weight));
        Beginnings { pattern, source, pieces, ends }
    }

    /// Returns the number of characters of all literals, without blanks.
    pub(super) fn weight(&self) -> usize {
        self.ends.last().map_or(0, |end| end.weight)
    }

    /// Returns how near a text with this beginning is to the pattern: the number of characters of literals in the
    /// beginning, without blanks, plus the number of its holes.
    pub(super) fn nearness(&self, beginning: &Beginning) -> usize {
        let End { piece, weight, .. } = self.ends[beginning.at];
        weight + self.pieces[..=piece].iter().filter(|(_, piece)| matches!(piece, PatternPiece::Hole(_))).count()
    }

    /// Returns the longest beginning that matches and has at least `min_weight` characters of literals, without blanks.
    pub(super) fn longest(&self, text: &[u8], min_weight: usize) -> Option<Beginning> {
        let mut longest = self.matching(self.ends.partition_point(|end| end.weight < min_weight), text)?;
        let mut beyond = self.ends.len();
        // `longest` matches, and no beginning from `beyond` on does.
        while longest.at + 1 < beyond {
            let middle = longest.at + (beyond - longest.at) / 2;
            match self.matching(middle, text) {
                Some(longer) => longest = longer,
                None => beyond = middle,
            }
        }
        Some(longest)
    }

    /// Returns the beginning with index `at`, if it matches.
    pub(super) fn matching(&self, at: usize, text: &[u8]) -> Option<Beginning> {
        let end = self.ends.get(at)?;
        let cut = self.literal(end.piece).map(|literal| {
            let before = end.piece == 0 && self.pattern.edges == WordEdges::Needed;
            FixedText::new(&literal[..end.bytes], self.pattern.ignore_case, Edges { before, after: false })
        });
        let found = self.pattern.find_beginning(end.piece + 1, cut.as_ref(), text)?;
        Some(Beginning { at, found })
    }

    /// Moves the end of a beginning back to the start of its last word if it contains less than half of that word,
    /// because a few letters can match by chance. `None` if nothing is left.
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

    /// Returns the beginning as it is written in the pattern.
    pub(super) fn written(&self, beginning: &Beginning) -> String {
        let End { piece, bytes, .. } = self.ends[beginning.at];
        let place = &self.pieces[piece].0;
        match self.literal(piece) {
            Some(literal) => self.source[..place.start].to_owned() + &escape(&literal[..bytes]),
            None => self.source[..place.end].to_owned(),
        }
    }

    /// The part of the pattern after the beginning; `None` after the whole pattern.
    pub(super) fn next(&self, beginning: &Beginning) -> Option<Next> {
        let End { piece, bytes, .. } = self.ends[beginning.at];
        let (taken, rest) = self.literal(piece).unwrap_or_default().split_at(bytes);
        if !rest.is_empty() {
            // A blank after a stretch matches anywhere by chance, so it does not show where the word after it is.
            let behind = piece > 0 && self.is_stretch(piece - 1) && taken.bytes().all(is_blank);
            return Some(if behind { Next::TextBehind(rest.to_owned()) } else { Next::Text(rest.to_owned()) });
        }
        let (place, next) = self.pieces.get(piece + 1)?;
        Some(match next {
            PatternPiece::Text(text) => Next::Text(text.clone()),
            PatternPiece::Hole(_) if self.is_stretch(piece + 1) => {
                Next::TextBehind(self.literal(piece + 2)?.to_owned())
            }
            PatternPiece::Hole(hole) => Next::Hole(hole.kind, self.source[place.clone()].to_owned()),
        })
    }

    /// The text of the piece if it is a literal.
    fn literal(&self, piece: usize) -> Option<&str> {
        match self.pieces.get(piece) {
            Some((_, PatternPiece::Text(text))) => Some(text),
            _ => None,
        }
    }

    fn is_stretch(&self, piece: usize) -> bool {
        matches!(&self.pieces[piece].1, PatternPiece::Hole(hole) if hole.kind == HoleKind::Stretch)
    }
}
