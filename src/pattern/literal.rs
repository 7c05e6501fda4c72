//! The fixed parts of a text pattern: words, and blanks. A blank matches any run of blanks.

use memchr::memmem::Finder;

use super::character::{char_at, is_blank, is_edge, is_word_char};

/// Fixed text between two holes. Never empty.
#[derive(Debug)]
pub(super) struct FixedText {
    parts: Vec<LiteralPart>,
    ignore_case: bool,
    /// Searches for the first word. `None` if the literal is blank.
    anchor: Option<Anchor>,
    /// Which ends need a word edge. Only the first and the last literal of a pattern have such ends.
    edges: Edges,
}

#[derive(Debug, PartialEq)]
enum LiteralPart {
    /// Bytes without blanks, in folded case if case is ignored.
    Word(String),
    /// One or more blanks.
    Blank,
}

#[derive(Debug)]
struct Anchor {
    part: usize,
    search: AnchorSearch,
}

#[derive(Debug)]
enum AnchorSearch {
    Exact(Box<Finder<'static>>),
    /// Looks for the first byte of the word in lower or upper case. For a word that begins with an ASCII character, if
    /// case is ignored.
    Folded(u8, u8),
    /// Looks for any non-ASCII byte. For a word that begins with a non-ASCII letter, if case is ignored.
    Everywhere,
}

/// Which ends of a literal must be word edges.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Edges {
    pub(super) before: bool,
    pub(super) after: bool,
}

/// A place where a literal matches. A leading blank matches any run, so the match can begin at each of
/// `earliest..=latest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LiteralMatch {
    pub(super) earliest: usize,
    pub(super) latest: usize,
    pub(super) end: usize,
}

impl FixedText {
    /// Makes a literal of `text`, which is unescaped. A run of blanks counts as one.
    pub(super) fn new(text: &str, ignore_case: bool, edges: Edges) -> Self {
        let parts = split(text, ignore_case);
        let anchor = parts.iter().enumerate().find_map(|(part, at)| match at {
            LiteralPart::Word(word) => Some(Anchor { part, search: AnchorSearch::new(word, ignore_case) }),
            LiteralPart::Blank => None,
        });
        let edges = Edges {
            before: edges.before && text.chars().next().is_some_and(is_word_char),
            after: edges.after && text.chars().next_back().is_some_and(is_word_char),
        };
        debug_assert!(!parts.is_empty() && anchor.as_ref().is_none_or(|anchor| anchor.part <= 1));
        FixedText { parts, ignore_case, anchor, edges }
    }

    /// The words, as written, or in folded case if case is ignored.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            LiteralPart::Word(word) => Some(word.as_str()),
            LiteralPart::Blank => None,
        })
    }

    /// The end of the literal, if it matches at exactly `at`.
    pub(super) fn end_at(&self, text: &[u8], at: usize) -> Option<usize> {
        if self.edges.before && !is_edge(text, at) {
            return None;
        }
        let end = self.parts.iter().try_fold(at, |at, part| self.part_end(part, text, at))?;
        (!self.edges.after || is_edge(text, end)).then_some(end)
    }

    /// The first place at or after `from` where the literal matches.
    pub(super) fn find(&self, text: &[u8], from: usize) -> Option<LiteralMatch> {
        let Some(anchor) = &self.anchor else { return find_blanks(text, from) };
        let mut at = from;
        while let Some(found) = anchor.search.next(text, at) {
            let earliest = if anchor.part == 0 { found } else { blanks_before(text, found, from) };
            if let Some(latest) = found.checked_sub(anchor.part)
                && earliest <= latest
                && let Some(end) = self.end_at(text, latest)
            {
                return Some(LiteralMatch { earliest, latest, end });
            }
            at = found + 1;
        }
        None
    }

    /// Whether the first character of the literal is at `at`. A word hole ends there.
    pub(super) fn begins_at(&self, text: &[u8], at: usize) -> bool {
        match self.parts.first() {
            Some(LiteralPart::Blank) | None => is_blank(text[at]),
            Some(LiteralPart::Word(word)) => {
                let first = word.chars().next().expect("a word is never empty");
                char_end(first, self.ignore_case, text, at).is_some()
            }
        }
    }

    fn part_end(&self, part: &LiteralPart, text: &[u8], at: usize) -> Option<usize> {
        match part {
            LiteralPart::Blank => {
                let run = text[at..].iter().take_while(|&&byte| is_blank(byte)).count();
                (run > 0).then_some(at + run)
            }
            LiteralPart::Word(word) if self.ignore_case => {
                word.chars().try_fold(at, |at, wanted| char_end(wanted, true, text, at))
            }
            LiteralPart::Word(word) => text[at..].starts_with(word.as_bytes()).then_some(at + word.len()),
        }
    }
}

impl AnchorSearch {
    fn new(word: &str, ignore_case: bool) -> Self {
        let first = word.as_bytes()[0];
        match (ignore_case, first.is_ascii()) {
            (false, _) => AnchorSearch::Exact(Box::new(Finder::new(word.as_bytes()).into_owned())),
            (true, true) => AnchorSearch::Folded(first, first.to_ascii_uppercase()),
            (true, false) => AnchorSearch::Everywhere,
        }
    }

    fn next(&self, text: &[u8], from: usize) -> Option<usize> {
        let rest = text.get(from..)?;
        let found = match self {
            AnchorSearch::Exact(finder) => finder.find(rest)?,
            AnchorSearch::Folded(lower, upper) => memchr::memchr2(*lower, *upper, rest)?,
            AnchorSearch::Everywhere => rest.iter().position(|byte| !byte.is_ascii())?,
        };
        Some(from + found)
    }
}

fn split(text: &str, ignore_case: bool) -> Vec<LiteralPart> {
    let mut parts: Vec<LiteralPart> = Vec::new();
    for c in text.chars() {
        let blank = c == ' ' || c == '\t';
        let c = if ignore_case { fold(c) } else { c };
        match (parts.last_mut(), blank) {
            (Some(LiteralPart::Blank), true) => {}
            (_, true) => parts.push(LiteralPart::Blank),
            (Some(LiteralPart::Word(word)), false) => word.push(c),
            (_, false) => parts.push(LiteralPart::Word(c.to_string())),
        }
    }
    parts
}

fn find_blanks(text: &[u8], from: usize) -> Option<LiteralMatch> {
    let earliest = from + memchr::memchr2(b' ', b'\t', text.get(from..)?)?;
    let end = earliest + text[earliest..].iter().take_while(|&&byte| is_blank(byte)).count();
    Some(LiteralMatch { earliest, latest: end - 1, end })
}

/// Start of the run of blanks that ends at `end`, but not before `from`. Returns `end` if there is none.
fn blanks_before(text: &[u8], end: usize, from: usize) -> usize {
    end - text[from..end].iter().rev().take_while(|&&byte| is_blank(byte)).count()
}

/// The end of the character at `at`, if it is `wanted`, which is in folded case if case is ignored.
fn char_end(wanted: char, ignore_case: bool, text: &[u8], at: usize) -> Option<usize> {
    let found = char_at(text, at)?;
    let same = if ignore_case { fold(found) == wanted } else { found == wanted };
    same.then_some(at + found.len_utf8())
}

/// Folds the case of one character. An ASCII letter folds only to an ASCII letter (the Kelvin sign is not `k`), so that
/// a prefilter that knows only ASCII finds every match. Other letters fold by their single-character mappings.
fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let folded = single(single(c, c.to_uppercase()), single(c, c.to_uppercase()).to_lowercase());
    if folded.is_ascii() { c } else { folded }
}

fn single(original: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => only,
        _ => original,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(literal: &str, ignore_case: bool, text: &str) -> Option<(usize, usize)> {
        let literal = FixedText::new(literal, ignore_case, Edges { before: true, after: true });
        literal.find(text.as_bytes(), 0).map(|found| (found.earliest, found.end))
    }

    #[test]
    fn one_blank_matches_any_run() {
        assert_eq!(find("a b", false, "xa a \t b"), Some((3, 8)));
        assert_eq!(find(" b", false, "a  b"), Some((1, 4)));
        assert_eq!(find("a b", false, "ab a\nb"), None);
    }

    #[test]
    fn words_need_edges_at_the_ends() {
        assert_eq!(find("421", false, "1421 4210 421"), Some((10, 13)));
        assert_eq!(find("421", false, "é421 421é"), None);
        assert_eq!(find("=421", false, "x=421"), Some((1, 5)));
    }

    #[test]
    fn case_folds_beyond_ascii_but_not_into_it() {
        assert_eq!(find("straße É", true, "STRAßE é"), Some((0, 10)));
        assert_eq!(find("Σ", true, "ς"), Some((0, 2)));
        assert_eq!(find("k", true, "\u{212A}"), None);
        assert_eq!(find("Ⱥb", true, "ⱥB"), Some((0, 4)));
    }
}
