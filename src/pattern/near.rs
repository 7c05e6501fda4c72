//! Explains why a text does not match a pattern, if it comes near.
//!
//! Runs the matcher with variants of the pattern: with case ignored, without word edges, cut short. Takes about twenty
//! times as long as matching, and is linear in the text.

use std::ops::Range;

use super::beginning::{Beginnings, Next};
use super::character::{char_at, is_edge, is_inside_char, is_word_char};
use super::hole;
use super::literal::{Edges, FixedText};
use super::matched::{Literal, Match};
use super::text::{self, TextPattern, WordEdges};
use super::{Pattern, PatternForm};

/// A beginning counts as near only if it has this many characters of literals, or all that the pattern has. Fewer occur
/// in almost any text.
const MIN_WEIGHT: usize = 3;

/// At most this many bytes of the text are quoted in an explanation.
const MAX_QUOTE: usize = 60;

/// A pattern, prepared to be compared with texts that it does not match.
#[derive(Debug)]
pub(crate) struct Trial<'p> {
    form: TrialForm<'p>,
    /// The pattern with case ignored; `None` if it ignores case already.
    ignoring_case: Option<Pattern>,
    /// The words of its literals, each once. For a regex, the literals that are required in a match.
    pub(crate) words: Vec<String>,
    searches: Vec<FixedText>,
}

#[derive(Debug)]
enum TrialForm<'p> {
    Text { beginnings: Beginnings<'p>, without_edges: Box<TextPattern> },
    Regex,
}

/// Why a text does not match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MissKind {
    /// Only the case of letters differs.
    Case {
        /// The part of the text that would match if case were ignored.
        stands: String,
    },
    /// A part of a longer word would match, but the pattern needs a word edge where it begins or ends.
    Edge {
        /// The part of the word that would match.
        part: String,
        /// The whole word.
        within: String,
    },
    /// Only the beginning of the pattern matches.
    Stopped {
        /// The beginning of the pattern that matches, as written.
        matched: String,
        /// The part of the pattern that comes next.
        next: Next,
        /// The text after the matched beginning, to the end of the line.
        instead: String,
    },
    /// The beginning does not match, but the text contains many of the words.
    Words {
        /// The words that the text lacks; may be empty.
        missing: Vec<String>,
    },
    /// The text contains a literal that matches of the regex contain, but does not match.
    Literal {
        /// The literal.
        held: String,
    },
}

/// How near a text comes to a pattern that it does not match, and why it does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternMiss {
    /// The reason.
    pub kind: MissKind,
    /// Greater is nearer. The number of characters of the pattern's words that the text contains, plus the characters
    /// and holes of the beginning that matches. `usize::MAX` if only case or word edges differ.
    pub nearness: usize,
}

impl PatternMiss {
    /// Returns whether both texts fail for the same reason at the same place of the pattern.
    pub(crate) fn is_like(&self, other: &PatternMiss) -> bool {
        use MissKind::{Case, Edge, Literal, Stopped, Words};
        match (&self.kind, &other.kind) {
            (Case { .. }, Case { .. }) | (Edge { .. }, Edge { .. }) => true,
            (Stopped { matched: a, .. }, Stopped { matched: b, .. }) => a.trim_end() == b.trim_end(),
            (Words { missing: a }, Words { missing: b }) => a == b,
            (Literal { held: a }, Literal { held: b }) => a == b,
            (Case { .. } | Edge { .. } | Stopped { .. } | Words { .. } | Literal { .. }, _) => false,
        }
    }
}

impl<'p> Trial<'p> {
    pub(crate) fn new(pattern: &'p Pattern) -> Self {
        let source = pattern.source();
        let search = |word: &str, ignore_case| FixedText::new(word, ignore_case, Edges::default());
        let (form, words, searches) = match &pattern.form {
            PatternForm::Text(parsed) => {
                let without_edges = text::parse(source, parsed.ignore_case, WordEdges::Ignored);
                let without_edges = Box::new(without_edges.expect("what was parsed parses again"));
                let beginnings = Beginnings::new(parsed, source);
                let words = parsed.words();
                let searches = words.iter().map(|word| search(word, parsed.ignore_case)).collect();
                (TrialForm::Text { beginnings, without_edges }, words, searches)
            }
            PatternForm::Regex(regex) => {
                let required = regex.required.iter().flatten();
                let required = required.map(|literal| (literal_text(literal), literal.ignore_case));
                let (words, searches) = required.map(|(word, case)| (word.clone(), search(&word, case))).unzip();
                (TrialForm::Regex, words, searches)
            }
        };
        Trial { form, ignoring_case: pattern.ignoring_case(), words, searches }
    }

    /// For each of the words, whether `text` contains it, also as part of a longer word.
    pub(crate) fn held(&self, text: &[u8]) -> Vec<bool> {
        self.searches.iter().map(|word| word.find(text, 0).is_some()).collect()
    }

    /// Explains why `text` does not match; `None` if it does not come near. `held` is the result of [`Self::held`].
    pub(crate) fn miss(&self, text: &[u8], held: &[bool]) -> Option<PatternMiss> {
        let as_good_as = |kind| Some(PatternMiss { kind, nearness: usize::MAX });
        if let Some(found) = self.ignoring_case.as_ref().and_then(|pattern| pattern.find(text)) {
            return as_good_as(MissKind::Case { stands: quote(text, found.range) });
        }
        let TrialForm::Text { beginnings, without_edges } = &self.form else {
            let (word, _) = self.words.iter().zip(held).find(|(_, held)| **held)?;
            return Some(PatternMiss { nearness: word.len(), kind: MissKind::Literal { held: word.clone() } });
        };
        if let Some(found) = without_edges.find(text) {
            return as_good_as(edge(text, &found));
        }
        let words = || self.words.iter().zip(held);
        let weight: usize = words().filter(|(_, held)| **held).map(|(word, _)| word.chars().count()).sum();
        let stopped =
            stopped(beginnings, text).map(|(kind, nearness)| PatternMiss { kind, nearness: nearness + weight });
        stopped.or_else(|| {
            let missing = words().filter(|(_, held)| !**held).map(|(word, _)| word.clone()).collect();
            let miss = PatternMiss { kind: MissKind::Words { missing }, nearness: weight };
            (weight * 2 >= beginnings.weight().max(MIN_WEIGHT)).then_some(miss)
        })
    }
}

/// Describes the longest beginning that matches and what comes after it. Also returns its nearness.
fn stopped(beginnings: &Beginnings<'_>, text: &[u8]) -> Option<(MissKind, usize)> {
    let longest = beginnings.longest(text, MIN_WEIGHT.min(beginnings.weight()).max(1))?;
    let nearness = beginnings.nearness(&longest);
    let shown = beginnings.at_word(longest, text)?;
    let end = shown.found.range.end;
    let kind = MissKind::Stopped {
        matched: beginnings.written(&shown),
        next: beginnings.next(&shown)?,
        instead: quote(text, end..hole::line_end(text, end)),
    };
    Some((kind, nearness))
}

fn literal_text(literal: &Literal) -> String {
    String::from_utf8_lossy(&literal.bytes).into_owned()
}

/// Describes a match that was found without word edges: the word that extends across its start or end.
fn edge(text: &[u8], found: &Match) -> MissKind {
    let Range { start, end } = found.range;
    let across = if is_edge(text, start) { end } else { start };
    let word = word_around(text, across);
    let part = word.start.max(start)..word.end.min(end);
    MissKind::Edge { part: quote(text, part), within: quote(text, word) }
}

/// The letters and digits around `at`, at most [`MAX_QUOTE`] bytes on either side.
fn word_around(text: &[u8], at: usize) -> Range<usize> {
    let is_word = |at: usize| match text[at] {
        byte if byte.is_ascii() => is_word_char(char::from(byte)),
        // The byte belongs to the character that begins before it.
        byte if is_inside_char(byte) => true,
        _ => char_at(text, at).is_some_and(is_word_char),
    };
    let start = (at.saturating_sub(MAX_QUOTE)..at).rev().take_while(|&at| is_word(at)).last().unwrap_or(at);
    let end = (at..text.len().min(at + MAX_QUOTE)).take_while(|&at| is_word(at)).last().map_or(at, |last| last + 1);
    start..end
}

/// The text of `range`, cut after [`MAX_QUOTE`] bytes at a character border.
fn quote(text: &[u8], range: Range<usize>) -> String {
    let taken = &text[range];
    let mut end = taken.len().min(MAX_QUOTE);
    while end < taken.len() && end > 0 && is_inside_char(taken[end]) {
        end -= 1;
    }
    let more = if end < taken.len() { "…" } else { "" };
    String::from_utf8_lossy(&taken[..end]).into_owned() + more
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::HoleKind;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: Option<MissKind>) {
        let pattern = Pattern::text(pattern, false).expect("a valid pattern");
        check_pattern(&pattern, text, expected);
    }

    #[track_caller]
    fn check_pattern(pattern: &Pattern, text: &str, expected: Option<MissKind>) {
        assert_eq!(pattern.find(text.as_bytes()), None, "it matches");
        let trial = Trial::new(pattern);
        let miss = trial.miss(text.as_bytes(), &trial.held(text.as_bytes()));
        assert_eq!(miss.map(|miss| miss.kind), expected);
    }

    fn stopped(matched: &str, next: Next, instead: &str) -> Option<MissKind> {
        Some(MissKind::Stopped { matched: matched.to_owned(), next, instead: instead.to_owned() })
    }

    const REFUSED: &str = "421 {..} Unable to contact destination SMTP {_} {domain:host}";

    #[test]
    fn a_hole_that_takes_nothing_is_named() {
        let host = Next::Hole(HoleKind::Host, "{domain:host}".to_owned());
        check(
            REFUSED,
            "421 NSO Unable to contact destination SMTP daemon ???",
            stopped("421 {..} Unable to contact destination SMTP {_} ", host, "???"),
        );
    }

    #[test]
    fn another_word_is_quoted_and_a_misspelt_one_is_cut_where_it_differs() {
        let text = "421 NSO Unable to contact destinatoin SMTP daemon corp.example";
        let next = Next::Text("ion SMTP ".to_owned());
        check(REFUSED, text, stopped("421 {..} Unable to contact destinat", next, "oin SMTP daemon corp.example"));
        let text = "421 NSO Unable to contact the server";
        let next = Next::Text("destination SMTP ".to_owned());
        check(REFUSED, text, stopped("421 {..} Unable to contact ", next, "the server"));
    }

    #[test]
    fn behind_a_stretch_a_text_may_stand_anywhere() {
        let next = Next::TextBehind("Unable to contact destination SMTP ".to_owned());
        check(REFUSED, "421 service not available", stopped("421 {..} ", next, "not available"));
    }

    #[test]
    fn case_and_word_edges_are_told() {
        check("disk full", "Disk FULL on sda", Some(MissKind::Case { stands: "Disk FULL".to_owned() }));
        let edge = |part: &str, within: &str| Some(MissKind::Edge { part: part.to_owned(), within: within.to_owned() });
        check("421 {_}", "1421 x", edge("421", "1421"));
        check("disk full", "disk fully booked", edge("full", "fully"));
        check("exit {n:int}", "exit 13é", edge("13", "13é"));
    }

    #[test]
    fn without_its_beginning_a_text_is_near_by_its_words() {
        let missing = vec!["421".to_owned()];
        check(REFUSED, "Unable to contact destination SMTP daemon a.example", Some(MissKind::Words { missing }));
        check("{n:int} disk full", "disk full", Some(MissKind::Words { missing: Vec::new() }));
        check(REFUSED, "we are unable to come", None);
        check("disk full", "di", None);
    }

    #[test]
    fn a_regex_is_near_by_case_and_by_what_it_requires() {
        let regex = |source, flags| Pattern::regex(source, flags).expect("a valid regex");
        check_pattern(
            &regex(r"disk \d+ full", ""),
            "DISK 7 full",
            Some(MissKind::Case { stands: "DISK 7 full".to_owned() }),
        );
        let held = "disk ".to_owned();
        check_pattern(&regex(r"disk \d+", ""), "disk x", Some(MissKind::Literal { held }));
        check_pattern(&regex(r"disk \d+", "i"), "desk 7", None);
    }

    #[test]
    fn quotes_are_cut_between_characters() {
        let text = "é".repeat(40);
        assert_eq!(quote(text.as_bytes(), 0..80), "é".repeat(30) + "…");
        assert_eq!(quote(text.as_bytes(), 0..60), "é".repeat(30));
    }
}
