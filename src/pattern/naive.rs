//! A slow matcher that the fast one is tested against. It follows docs/rule-language.md step by step: it tries one
//! start after the other and remembers nothing.

use std::ops::Range;

use super::character::{is_edge, is_space};
use super::literal::{Edges, FixedText};
use super::{HoleKind, hole};

/// A segment of a pattern.
#[derive(Debug)]
pub(super) enum NaiveSegment {
    Fixed(&'static str),
    Hole(HoleKind),
}

/// A whole pattern, or its beginning.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) segments: &'a [NaiveSegment],
    /// If only a beginning must match: the number of its segments, and how many bytes of the last one must match if
    /// that is fixed. No word edge is needed at the end then. `None` for the whole pattern.
    pub(super) only: Option<(usize, usize)>,
}

impl Wanted<'_> {
    /// The leftmost match and its captures.
    pub(super) fn find(self, text: &[u8]) -> Option<(Range<usize>, Vec<Range<usize>>)> {
        (0..=text.len()).find_map(|start| {
            let mut captures = Vec::new();
            let typed_start = matches!(&self.segments[0], NaiveSegment::Hole(kind) if kind.is_typed());
            if typed_start && !is_edge(text, start) {
                return None;
            }
            let end = self.from(0, text, start, &mut captures)?;
            Some((start..end, captures))
        })
    }

    fn fixed(self, segment: usize, text: &[u8], at: usize) -> Option<usize> {
        let NaiveSegment::Fixed(literal) = self.segments[segment] else { return None };
        let after = self.only.is_none() && segment + 1 == self.segments.len();
        let literal = match self.only {
            Some((segments, bytes)) if segment + 1 == segments => &literal[..bytes],
            _ => literal,
        };
        FixedText::new(literal, false, Edges { before: segment == 0, after }).end_at(text, at)
    }

    fn from(self, segment: usize, text: &[u8], at: usize, captures: &mut Vec<Range<usize>>) -> Option<usize> {
        if segment == self.only.map_or(self.segments.len(), |(segments, _)| segments) {
            return Some(at);
        }
        let kind = match &self.segments[segment] {
            NaiveSegment::Fixed(_) => return self.from(segment + 1, text, self.fixed(segment, text, at)?, captures),
            NaiveSegment::Hole(kind) => *kind,
        };
        let (taken, end) = match kind {
            HoleKind::Stretch => {
                let end = (at..=text.len()).find(|&end| self.fixed(segment + 1, text, end).is_some())?;
                (at..end, end)
            }
            HoleKind::Word => {
                let first = match self.segments.get(segment + 1) {
                    Some(NaiveSegment::Fixed(literal)) => literal.bytes().next(),
                    _ => None,
                };
                let stop = |end: &usize| is_space(text[*end]) || Some(text[*end]) == first;
                let end = (at..text.len()).find(stop).unwrap_or(text.len());
                (end > at).then_some((at..end, end))?
            }
            HoleKind::Path => {
                let (end, _) = hole::path_run(text, at);
                (end > at && hole::is_path(&text[at..end])).then_some((at..end, end))?
            }
            HoleKind::Quoted => {
                let close = hole::quoted_end(text, at)?;
                (at + 1..close, close + 1)
            }
            HoleKind::Rest => (at..hole::line_end(text, at), hole::line_end(text, at)),
            _ => {
                let end = at + hole::typed_len(kind, &text[at..])?;
                (at..end, end)
            }
        };
        captures.push(taken);
        let is_last = self.only.is_none() && segment + 1 == self.segments.len();
        if is_last && kind.is_typed() && !is_edge(text, end) {
            return None;
        }
        self.from(segment + 1, text, end, captures)
    }
}
