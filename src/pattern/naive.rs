//! The rules of docs/rule-language.md, one start after the other, each segment by itself, nothing remembered: what the
//! matcher is tested against.

use std::ops::Range;

use super::character::{is_edge, is_space};
use super::literal::{Edges, FixedText};
use super::{HoleKind, hole};

/// A segment of a pattern.
#[derive(Debug)]
pub(super) enum Step {
    Fixed(&'static str),
    Hole(HoleKind),
}

/// The whole of a pattern, or its beginning.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) steps: &'a [Step],
    /// Only so many steps, the last of them cut to so many bytes if it is fixed, and no word edge at the end.
    pub(super) only: Option<(usize, usize)>,
}

impl Wanted<'_> {
    /// Where it matches first, and what its holes take.
    pub(super) fn find(self, text: &[u8]) -> Option<(Range<usize>, Vec<Range<usize>>)> {
        (0..=text.len()).find_map(|start| {
            let mut captures = Vec::new();
            let typed_start = matches!(&self.steps[0], Step::Hole(kind) if kind.is_typed());
            if typed_start && !is_edge(text, start) {
                return None;
            }
            let end = self.from(0, text, start, &mut captures)?;
            Some((start..end, captures))
        })
    }

    fn fixed(self, step: usize, text: &[u8], at: usize) -> Option<usize> {
        let Step::Fixed(literal) = self.steps[step] else { return None };
        let after = self.only.is_none() && step + 1 == self.steps.len();
        let literal = match self.only {
            Some((steps, bytes)) if step + 1 == steps => &literal[..bytes],
            _ => literal,
        };
        FixedText::new(literal, false, Edges { before: step == 0, after }).end_at(text, at)
    }

    fn from(self, step: usize, text: &[u8], at: usize, captures: &mut Vec<Range<usize>>) -> Option<usize> {
        if step == self.only.map_or(self.steps.len(), |(steps, _)| steps) {
            return Some(at);
        }
        let kind = match &self.steps[step] {
            Step::Fixed(_) => return self.from(step + 1, text, self.fixed(step, text, at)?, captures),
            Step::Hole(kind) => *kind,
        };
        let (taken, end) = match kind {
            HoleKind::Stretch => {
                let end = (at..=text.len()).find(|&end| self.fixed(step + 1, text, end).is_some())?;
                (at..end, end)
            }
            HoleKind::Word => {
                let first = match self.steps.get(step + 1) {
                    Some(Step::Fixed(literal)) => literal.bytes().next(),
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
        let is_last = self.only.is_none() && step + 1 == self.steps.len();
        if is_last && kind.is_typed() && !is_edge(text, end) {
            return None;
        }
        self.from(step + 1, text, end, captures)
    }
}
