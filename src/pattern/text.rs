//! Text with holes: `Failed password for {..} from {ip:ip}`, parsed and matched.
//!
//! Where a hole ends depends only on the hole and the literal after it, so only the start of a match is ever retried.
//! The answer of each segment is remembered together with the range of positions for which it holds. All starts
//! together therefore read the text once per segment (typed holes look at most 320 bytes ahead).

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::character::{is_edge, is_inside_char, is_space};
use super::error::{PatternError, PatternErrorKind};
use super::hole::{self, Hole, HoleKind};
use super::literal::{Edges, FixedText, LiteralMatch};
use super::matched::{Capture, Literal, Match};
use super::rarity::rarity;

/// A parsed text pattern: literals and holes in turn.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TextPattern {
    pub(super) source: String,
    /// Made again from the source when they are first needed.
    #[serde(skip)]
    segments: OnceLock<Vec<Segment>>,
    pub(super) holes: Vec<Hole>,
    /// Sets of one literal each. A match contains all of these literals.
    pub(super) required: Vec<Vec<Literal>>,
    /// Literals of several words. A match contains all of them, with any run of blanks for each blank.
    pub(super) runs: Vec<Literal>,
    pub(super) ignore_case: bool,
    pub(super) edges: WordEdges,
}

/// Whether a pattern that begins or ends with a word needs word edges there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum WordEdges {
    Needed,
    /// Only for finding out whether a pattern fails because of its word edges.
    Ignored,
}

#[derive(Debug)]
enum Segment {
    Fixed(FixedText),
    /// Index into `holes`.
    Hole(usize, HoleKind),
}

/// A required literal has at least this many bytes. A shorter one does not help a prefilter.
pub(crate) const MIN_REQUIRED: usize = 3;

/// The most required words that are kept. More of them would exclude few records.
const MAX_WORDS: usize = 4;

/// Matching recurses once per hole, so the number of holes is limited.
const MAX_HOLES: usize = 100;

/// Parses the text between the quotes: `\"` is a quote, `\\` a backslash, `{{` a brace, any other backslash itself.
pub(super) fn parse(source: &str, ignore_case: bool, edges: WordEdges) -> Result<TextPattern, PatternError> {
    let pieces = cut(source)?;
    check_order(source, &pieces)?;
    let holes = pieces.iter().filter_map(|(_, piece)| match piece {
        PatternPiece::Hole(hole) => Some(hole.clone()),
        PatternPiece::Text(_) => None,
    });
    let holes = holes.collect();
    let segments = segments(pieces, ignore_case, edges);
    let (required, runs) = (required(&segments, ignore_case), runs(&segments, ignore_case));
    let (source, segments) = (source.to_owned(), OnceLock::from(segments));
    Ok(TextPattern { source, segments, holes, required, runs, ignore_case, edges })
}

fn segments(pieces: Vec<(Range<usize>, PatternPiece)>, ignore_case: bool, edges: WordEdges) -> Vec<Segment> {
    let (last, needed) = (pieces.len() - 1, edges == WordEdges::Needed);
    let mut n_holes = 0;
    let segments = pieces.into_iter().enumerate().map(|(at, (_, piece))| match piece {
        PatternPiece::Text(text) => {
            let edges = Edges { before: needed && at == 0, after: needed && at == last };
            Segment::Fixed(FixedText::new(&text, ignore_case, edges))
        }
        PatternPiece::Hole(hole) => {
            n_holes += 1;
            Segment::Hole(n_holes - 1, hole.kind)
        }
    });
    segments.collect()
}

/// Escapes text so that [`parse`] reads it as a literal.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '{' => out.push_str("{{"),
            _ => out.push(c),
        }
    }
    out
}

/// An unescaped literal, or a hole.
#[derive(Debug)]
pub(super) enum PatternPiece {
    Text(String),
    Hole(Hole),
}

/// Splits the source into literals and holes, each with its byte range.
pub(super) fn cut(source: &str) -> Result<Vec<(Range<usize>, PatternPiece)>, PatternError> {
    let mut pieces: Vec<(Range<usize>, PatternPiece)> = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let rest = &source[at..];
        let (taken, fixed) = match c {
            '\\' if rest[1..].starts_with(['"', '\\']) => (2, &rest[1..2]),
            '{' if rest[1..].starts_with('{') => (2, "{"),
            '{' => {
                let close = rest.find('}');
                let Some(close) = close.filter(|&close| !rest[1..close].contains('{')) else {
                    return Err(PatternError::new(at, at + 1, PatternErrorKind::UnclosedHole));
                };
                let hole = parse_hole(&rest[1..close], at + 1)?;
                pieces.push((at..at + close + 1, PatternPiece::Hole(hole)));
                at += close + 1;
                continue;
            }
            _ => (c.len_utf8(), &rest[..c.len_utf8()]),
        };
        match pieces.last_mut() {
            Some((place, PatternPiece::Text(text))) => {
                text.push_str(fixed);
                place.end = at + taken;
            }
            _ => pieces.push((at..at + taken, PatternPiece::Text(fixed.to_string()))),
        }
        at += taken;
    }
    Ok(pieces)
}

/// Parses the text between braces, which begins at byte `start` of the source.
fn parse_hole(inner: &str, start: usize) -> Result<Hole, PatternError> {
    let end = start + inner.len();
    let (name, kind) = match inner.split_once(':') {
        None if inner == ".." => return Ok(Hole { name: None, kind: HoleKind::Stretch }),
        None => (inner, HoleKind::Word),
        Some((name, kind)) => match HoleKind::named(kind) {
            Some(known) => (name, known),
            None => {
                let error = PatternErrorKind::UnknownKind(kind.to_string());
                return Err(PatternError::new(end - kind.len(), end, error));
            }
        },
    };
    let error = |kind: PatternErrorKind| Err(PatternError::new(start, start + name.len(), kind));
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !begins || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(PatternError::new(start, end, PatternErrorKind::BadHole(inner.to_string())));
    }
    match name {
        "_" => Ok(Hole { name: None, kind }),
        "count" => error(PatternErrorKind::ReservedName(name.to_string())),
        _ => Ok(Hole { name: Some(name.to_string()), kind }),
    }
}

fn check_order(source: &str, pieces: &[(Range<usize>, PatternPiece)]) -> Result<(), PatternError> {
    let error = |at: &Range<usize>, kind| Err(PatternError::new(at.start, at.end, kind));
    let mut names: Vec<&str> = Vec::new();
    for (index, (at, piece)) in pieces.iter().enumerate() {
        let PatternPiece::Hole(hole) = piece else { continue };
        if index / 2 >= MAX_HOLES {
            return error(at, PatternErrorKind::TooManyHoles);
        }
        match (hole.kind, pieces.get(index + 1)) {
            (HoleKind::Rest, Some((next, _))) => return error(next, PatternErrorKind::AfterRest),
            (_, Some((next, PatternPiece::Hole(_)))) => return error(next, PatternErrorKind::AdjacentHoles),
            (HoleKind::Stretch, None) => return error(at, PatternErrorKind::StretchAtEnd),
            _ => {}
        }
        if let Some(name) = &hole.name {
            if names.contains(&name.as_str()) {
                return error(at, PatternErrorKind::DuplicateName(name.clone()));
            }
            names.push(name);
        }
    }
    let blank = pieces.iter().all(|(_, piece)| matches!(piece, PatternPiece::Text(text) if text.trim().is_empty()));
    if blank { error(&(0..source.len()), PatternErrorKind::Empty) } else { Ok(()) }
}

/// Returns the rarest words of the literals that every match contains, the rarest first. If case is ignored, only their ASCII parts, because the
/// bytes of other letters change with their case.
fn required(segments: &[Segment], ignore_case: bool) -> Vec<Vec<Literal>> {
    let words = segments.iter().filter_map(|segment| match segment {
        Segment::Fixed(fixed) => Some(fixed.words()),
        Segment::Hole(..) => None,
    });
    let runs = words.flatten().flat_map(|word| word.split(move |c: char| ignore_case && !c.is_ascii()));
    let long_enough: BTreeSet<&str> = runs.filter(|run| run.len() >= MIN_REQUIRED).collect();
    let mut sets: Vec<_> =
        long_enough.into_iter().map(|run| vec![Literal::new(run.as_bytes().to_vec(), ignore_case)]).collect();
    sets.sort_by_cached_key(|any_of| Reverse(rarity(any_of)));
    sets.truncate(MAX_WORDS);
    sets
}

/// Returns the literals of several words that every match contains, with one space between the words.
fn runs(segments: &[Segment], ignore_case: bool) -> Vec<Literal> {
    let fixed = segments.iter().filter_map(|segment| match segment {
        Segment::Fixed(fixed) => Some(fixed.words().collect::<Vec<_>>().join(" ")),
        Segment::Hole(..) => None,
    });
    let literal = |run: &str| Literal::new(run.trim().as_bytes().to_vec(), ignore_case);
    let several_words = |literal: &Literal| literal.bytes.contains(&b' ');
    let runs = fixed.flat_map(|text| {
        let parts = text.split(|c: char| ignore_case && !c.is_ascii());
        parts.map(literal).filter(several_words).collect::<Vec<_>>()
    });
    runs.collect()
}

/// What is remembered of one segment: its last answer and its last failure.
#[derive(Debug, Clone, Default)]
struct Memo {
    /// The start positions for which `found` is the answer.
    asked: Range<usize>,
    found: Option<LiteralMatch>,
    /// The last position at which this segment and those after it did not match.
    failed: Option<usize>,
}

/// How much of a pattern must match.
#[derive(Clone, Copy)]
pub(super) struct Extent<'p> {
    /// The number of segments that must match, at least one.
    pub(super) segments: usize,
    /// Replaces the last of these segments, if only the beginning of that literal must match.
    pub(super) cut: Option<&'p FixedText>,
    /// The word edges that holes need at the ends of the pattern.
    edges: Edges,
}

/// The state of one search for a pattern in a text.
struct PatternSearch<'p, 't> {
    segments: &'p [Segment],
    extent: Extent<'p>,
    text: &'t [u8],
    /// One for each segment.
    memos: Vec<Memo>,
}

impl TextPattern {
    fn segments(&self) -> &[Segment] {
        self.segments.get_or_init(|| {
            let pieces = cut(&self.source).expect("the source was checked when the pattern was made");
            segments(pieces, self.ignore_case, self.edges)
        })
    }

    /// The words of its literals in order, each once, in folded case if case is ignored.
    pub(super) fn words(&self) -> Vec<String> {
        let fixed = self.segments().iter().filter_map(|segment| match segment {
            Segment::Fixed(fixed) => Some(fixed),
            Segment::Hole(..) => None,
        });
        let mut known = HashSet::new();
        fixed.flat_map(FixedText::words).filter(|word| known.insert(*word)).map(str::to_owned).collect()
    }

    /// The leftmost match.
    pub(super) fn find(&self, text: &[u8]) -> Option<Match> {
        let needed = self.edges == WordEdges::Needed;
        let edges = Edges { before: needed, after: needed };
        self.find_extent(Extent { segments: self.segments().len(), cut: None, edges }, text)
    }

    /// The leftmost match of the first `segments` segments, the last of which may be `cut` short. It needs no word edge
    /// at its end.
    pub(super) fn find_beginning(&self, segments: usize, cut: Option<&FixedText>, text: &[u8]) -> Option<Match> {
        let edges = Edges { before: self.edges == WordEdges::Needed, after: false };
        self.find_extent(Extent { segments, cut, edges }, text)
    }

    fn find_extent(&self, extent: Extent<'_>, text: &[u8]) -> Option<Match> {
        let segments = self.segments();
        let memos = vec![Memo::default(); segments.len()];
        let mut search = PatternSearch { segments, extent, text, memos };
        let mut captures = Vec::with_capacity(self.holes.len());
        match segments.first()? {
            Segment::Fixed(_) => search.begin_with_literal(&mut captures),
            Segment::Hole(hole, kind) => search.begin_with_hole(*hole, *kind, &mut captures),
        }
        .map(|range| Match { range, captures })
    }
}

impl<'p> PatternSearch<'p, '_> {
    /// Returns the literal that must match at `segment`: `whole`, or its beginning if the wanted part of the pattern
    /// ends there.
    fn wanted(&self, segment: usize, whole: &'p FixedText) -> &'p FixedText {
        self.extent.cut.filter(|_| segment + 1 == self.extent.segments).unwrap_or(whole)
    }

    /// Tries each place where the first literal matches.
    fn begin_with_literal(&mut self, captures: &mut Vec<Capture>) -> Option<Range<usize>> {
        let mut from = 0;
        loop {
            let first = self.literal(0, from)?;
            captures.clear();
            if let Some(end) = self.rest(1, first.end, captures) {
                return Some(first.earliest..end);
            }
            from = first.latest + 1;
        }
    }

    /// Tries each position for a pattern that begins with a hole.
    fn begin_with_hole(&mut self, hole: usize, kind: HoleKind, captures: &mut Vec<Capture>) -> Option<Range<usize>> {
        let mut start = 0;
        while start <= self.text.len() {
            captures.clear();
            if self.may_begin(kind, start)
                && let Some(end) = self.hole(0, hole, kind, start, captures)
            {
                return Some(start..end);
            }
            start = self.next_start(kind, start);
        }
        None
    }

    /// Whether a match can begin at `start`: not in the middle of a character, and not in the middle of a word if the
    /// hole is typed.
    fn may_begin(&self, kind: HoleKind, start: usize) -> bool {
        let within_char = start > 0 && self.text.get(start).is_some_and(|&byte| is_inside_char(byte));
        !within_char && (!kind.is_typed() || !self.extent.edges.before || is_edge(self.text, start))
    }

    /// Returns the next start to try. If the pattern fails from the first byte of a word, it fails from each other byte
    /// of the word, because a word hole ends at the same place from all of them.
    fn next_start(&mut self, kind: HoleKind, start: usize) -> usize {
        match kind {
            HoleKind::Word => self.run(0, start, HoleKind::Word).max(start + 1),
            _ => start + 1,
        }
    }

    /// Matches the segments from `segment` on at byte `at`, and returns the end of the match. The result depends only
    /// on these two, so a failure is remembered: many starts within one word lead to the same place.
    fn rest(&mut self, segment: usize, at: usize, captures: &mut Vec<Capture>) -> Option<usize> {
        if segment == self.extent.segments {
            return Some(at);
        }
        if self.memos[segment].failed == Some(at) {
            return None;
        }
        let end = match &self.segments[segment] {
            Segment::Fixed(whole) => {
                let end = self.wanted(segment, whole).end_at(self.text, at);
                end.and_then(|end| self.rest(segment + 1, end, captures))
            }
            Segment::Hole(hole, kind) => self.hole(segment, *hole, *kind, at, captures),
        };
        if end.is_none() {
            self.memos[segment].failed = Some(at);
        }
        end
    }

    /// Takes the hole at `at` and matches the segments after it.
    fn hole(
        &mut self,
        segment: usize,
        hole: usize,
        kind: HoleKind,
        at: usize,
        captures: &mut Vec<Capture>,
    ) -> Option<usize> {
        if kind == HoleKind::Stretch {
            let next = self.literal(segment + 1, at)?;
            captures.push(Capture { hole, range: at..next.earliest.max(at) });
            return self.rest(segment + 2, next.end, captures);
        }
        let (range, end) = self.take(segment, kind, at)?;
        captures.push(Capture { hole, range });
        let needs_edge = self.extent.edges.after && segment + 1 == self.extent.segments && kind.is_typed();
        if needs_edge && !is_edge(self.text, end) {
            return None;
        }
        self.rest(segment + 1, end, captures)
    }

    /// The text that a hole other than a stretch captures at `at`, and where the hole ends.
    fn take(&mut self, segment: usize, kind: HoleKind, at: usize) -> Option<(Range<usize>, usize)> {
        let text = self.text;
        let end = match kind {
            HoleKind::Quoted => {
                let close = hole::quoted_end(text, at)?;
                return Some((at + 1..close, close + 1));
            }
            HoleKind::Rest => return Some((at..hole::line_end(text, at), hole::line_end(text, at))),
            HoleKind::Word | HoleKind::Path | HoleKind::Url => self.run(segment, at, kind),
            _ => at + hole::typed_len(kind, &text[at..])?,
        };
        let valid = match kind {
            HoleKind::Path => hole::is_path(&text[at..end]),
            HoleKind::Url => hole::is_url(&text[at..end]),
            _ => end > at,
        };
        valid.then_some((at..end, end))
    }

    /// Returns where a word, path or URL hole that begins at `at` ends. Its value is part of a run of characters, and
    /// its end is the same for every start within the run.
    fn run(&mut self, segment: usize, at: usize, kind: HoleKind) -> usize {
        if !self.memos[segment].asked.contains(&at) {
            let (end, run_end) = match kind {
                HoleKind::Word => {
                    let end = self.word_end(segment, at);
                    (end, end)
                }
                _ => hole::path_run(self.text, at),
            };
            debug_assert!(at <= run_end && end <= run_end, "a value ends within its run");
            self.memos[segment].asked = at..run_end.max(at + 1);
            self.memos[segment].found = Some(LiteralMatch { earliest: end, latest: end, end });
        }
        self.memos[segment].found.map_or(at, |found| found.end.max(at))
    }

    fn word_end(&self, segment: usize, at: usize) -> usize {
        let next = match self.segments.get(segment + 1) {
            Some(Segment::Fixed(fixed)) => Some(fixed),
            _ => None,
        };
        let stops =
            |&end: &usize| is_space(self.text[end]) || next.is_some_and(|literal| literal.begins_at(self.text, end));
        (at..self.text.len()).find(stops).unwrap_or(self.text.len())
    }

    /// The first place at or after `from` where the literal `segment` matches.
    fn literal(&mut self, segment: usize, from: usize) -> Option<LiteralMatch> {
        if !self.memos[segment].asked.contains(&from) {
            let Segment::Fixed(whole) = &self.segments[segment] else { return None };
            let found = self.wanted(segment, whole).find(self.text, from);
            let asked = from..found.map_or(usize::MAX, |found| found.latest + 1);
            self.memos[segment].asked = asked;
            self.memos[segment].found = found;
        }
        let found = self.memos[segment].found;
        debug_assert!(
            found
                .is_none_or(|found| from <= found.latest && found.earliest <= found.latest && found.latest < found.end),
            "a literal is not empty and is found at or after the position asked for"
        );
        found.map(|found| LiteralMatch { earliest: found.earliest.max(from), ..found })
    }
}
