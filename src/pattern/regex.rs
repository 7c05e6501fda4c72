//! Regexes: compiled on a linear-time engine, with the literals that every match must hold.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::ast;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::error::{PatternError, PatternErrorKind};
use super::hole::{Hole, HoleKind};
use super::text::MIN_REQUIRED;
use super::{Capture, Literal, Match};

/// A compiled regex may take this much memory; what rules need is far below, and 10,000 of them must fit a process.
const MAX_COMPILED_BYTES: usize = 1 << 20;

/// Groups and repetitions within each other.
const MAX_NESTING: u32 = 100;

/// More alternatives than this make a prefilter slower than none.
const MAX_REQUIRED: usize = 64;

#[derive(Debug)]
pub(super) struct RegexPattern {
    regex: Regex,
    pub(super) flags: String,
    pub(super) holes: Vec<Hole>,
    /// Group index of each hole.
    groups: Vec<usize>,
    pub(super) required: Option<Vec<Literal>>,
}

/// Compiles `source`; see [`super::Pattern::regex`].
pub(super) fn compile(source: &str, flags: &str) -> Result<RegexPattern, PatternError> {
    let whole = |kind| PatternError::new(0, source.len(), kind);
    if source.is_empty() {
        return Err(whole(PatternErrorKind::Empty));
    }
    if let Some(unknown) = flags.chars().find(|flag| !"isx".contains(*flag)) {
        return Err(whole(PatternErrorKind::UnknownFlag(unknown)));
    }
    let flag = |flag| flags.contains(flag);
    let hir = ParserBuilder::new()
        .utf8(false)
        .case_insensitive(flag('i'))
        .dot_matches_new_line(flag('s'))
        .ignore_whitespace(flag('x'))
        .nest_limit(MAX_NESTING)
        .build()
        .parse(source)
        .map_err(syntax_error)?;
    let regex = RegexBuilder::new(source)
        .case_insensitive(flag('i'))
        .dot_matches_new_line(flag('s'))
        .ignore_whitespace(flag('x'))
        .nest_limit(MAX_NESTING)
        .size_limit(MAX_COMPILED_BYTES)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => whole(PatternErrorKind::TooLarge),
            other => whole(PatternErrorKind::Regex(other.to_string())),
        })?;
    let named = regex.capture_names().enumerate().filter_map(|(group, name)| Some((group, name?.to_string())));
    let (groups, holes) = named.map(|(group, name)| (group, Hole { name: Some(name), kind: HoleKind::Group })).unzip();
    let required = required(&hir).filter(|literals| literals.len() <= MAX_REQUIRED);
    let pattern = RegexPattern { regex, flags: flags.to_owned(), holes, groups, required };
    match pattern.holes.iter().find(|hole| hole.name.as_deref() == Some("count")) {
        Some(_) => Err(whole(PatternErrorKind::ReservedName("count".to_string()))),
        None => Ok(pattern),
    }
}

fn syntax_error(error: regex_syntax::Error) -> PatternError {
    let (span, kind) = match &error {
        regex_syntax::Error::Parse(error) => (*error.span(), parse_error(error.kind())),
        regex_syntax::Error::Translate(error) => (*error.span(), PatternErrorKind::Regex(error.kind().to_string())),
        other => return PatternError::new(0, 0, PatternErrorKind::Regex(other.to_string())),
    };
    PatternError::new(span.start.offset, span.end.offset.max(span.start.offset), kind)
}

fn parse_error(kind: &ast::ErrorKind) -> PatternErrorKind {
    match kind {
        ast::ErrorKind::UnsupportedLookAround => PatternErrorKind::LookAround,
        ast::ErrorKind::UnsupportedBackreference => PatternErrorKind::BackReference,
        other => PatternErrorKind::Regex(other.to_string()),
    }
}

impl RegexPattern {
    pub(super) fn find(&self, text: &[u8]) -> Option<Match> {
        if self.holes.is_empty() {
            return self.regex.find(text).map(|found| Match { range: found.range(), captures: Vec::new() });
        }
        let found = self.regex.captures(text)?;
        let range = |group: usize| -> Option<Range<usize>> { found.get(group).map(|group| group.range()) };
        let captures = self
            .groups
            .iter()
            .enumerate()
            .filter_map(|(hole, &group)| Some(Capture { hole, range: range(group)? }))
            .collect();
        Some(Match { range: range(0)?, captures })
    }
}

/// Literals of which every match of `hir` holds one. Looks at each part alone and at runs of neighbours; the best set
/// is the one whose shortest literal is longest.
fn required(hir: &Hir) -> Option<Vec<Literal>> {
    match hir.kind() {
        HirKind::Literal(literal) => long_enough(Literal { bytes: literal.0.to_vec(), ignore_case: false }),
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Concat(parts) => {
            let alone = parts.iter().filter_map(required);
            // Of equals the last one is taken: an exact literal before one that ignores case.
            runs(parts).into_iter().filter_map(long_enough).chain(alone).max_by_key(|literals| shortest(literals))
        }
        HirKind::Alternation(parts) => {
            let each: Option<Vec<Vec<Literal>>> = parts.iter().map(required).collect();
            each.map(|literals| literals.into_iter().flatten().collect())
        }
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}

fn long_enough(literal: Literal) -> Option<Vec<Literal>> {
    (literal.bytes.len() >= MIN_REQUIRED).then(|| vec![literal])
}

fn shortest(literals: &[Literal]) -> usize {
    literals.iter().map(|literal| literal.bytes.len()).min().unwrap_or(0)
}

/// Runs of neighbouring letters whose case is ignored: `(?i)disk` arrives as one class `[Dd]` a letter. A letter with a
/// relative outside ASCII (`k` and the Kelvin sign, `s` and the long s) ends a run, since a prefilter knows ASCII alone.
fn runs(parts: &[Hir]) -> Vec<Literal> {
    let mut runs: Vec<Literal> = Vec::new();
    let mut open = false;
    for part in parts {
        let folded = folded_bytes(part);
        match (&folded, open) {
            (Some(bytes), true) => runs.last_mut().expect("a run is open").bytes.extend(bytes),
            (Some(bytes), false) => runs.push(Literal { bytes: bytes.clone(), ignore_case: true }),
            (None, _) => {}
        }
        open = folded.is_some();
    }
    runs
}

/// The lower-case ASCII bytes that `hir` matches in either case. An exact ASCII literal is one as well: what ignores
/// more case than needed finds more candidates, never fewer.
fn folded_bytes(hir: &Hir) -> Option<Vec<u8>> {
    match hir.kind() {
        HirKind::Literal(literal) if literal.0.is_ascii() => Some(literal.0.to_ascii_lowercase()),
        HirKind::Class(class) => both_cases(class).map(|letter| vec![letter]),
        _ => None,
    }
}

/// The lower-case letter of a class that is exactly one ASCII letter in both cases.
fn both_cases(class: &Class) -> Option<u8> {
    let mut letters = match class {
        Class::Unicode(class) => {
            class.ranges().iter().map(|range| (range.start() as u32, range.end() as u32)).collect::<Vec<_>>()
        }
        Class::Bytes(class) => class.ranges().iter().map(|range| (range.start().into(), range.end().into())).collect(),
    };
    letters.sort_unstable();
    let [(upper, upper_end), (lower, lower_end)] = letters[..] else { return None };
    let letter = u8::try_from(lower).ok().filter(u8::is_ascii_lowercase)?;
    (upper == upper_end && lower == lower_end && upper == u32::from(letter.to_ascii_uppercase())).then_some(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_required(source: &str, flags: &str, expected: &[(&str, bool)]) {
        let found = compile(source, flags).expect("a valid regex").required.unwrap_or_default();
        let found: Vec<(String, bool)> = found
            .into_iter()
            .map(|literal| {
                (String::from_utf8(literal.bytes).expect("the literals here are UTF-8"), literal.ignore_case)
            })
            .collect();
        let expected: Vec<(String, bool)> = expected.iter().map(|(text, case)| (text.to_string(), *case)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn literals_are_found_inside_and_in_alternatives() {
        check_required(r"\d+ connection refused \w+", "", &[(" connection refused ", false)]);
        check_required("(?:timeout|refused)", "", &[("timeout", false), ("refused", false)]);
        check_required(r"(?:timeout|\d+)", "", &[]);
        check_required(r"(?P<what>refused)+", "", &[("refused", false)]);
        check_required(r"(?:refused)?", "", &[]);
        check_required(r"\d\d", "", &[]);
    }

    #[test]
    fn letters_with_relatives_outside_ascii_end_a_literal() {
        check_required("unable to connect", "i", &[("unable to connect", true)]);
        check_required("diskfull", "i", &[("full", true)]);
        check_required("ssk", "i", &[]);
    }

    #[test]
    fn what_a_linear_engine_cannot_do_is_named() {
        let kind = |source| compile(source, "").map(|_| ()).map_err(|error| error.kind);
        assert_eq!(kind("a(?=b)"), Err(PatternErrorKind::LookAround));
        assert_eq!(kind(r"(a)\1"), Err(PatternErrorKind::BackReference));
        assert_eq!(kind("(?:a{1000}){1000}"), Err(PatternErrorKind::TooLarge));
        assert_eq!(kind("a"), Ok(()));
        let unclosed = compile("a(b", "").map(|_| ()).map_err(|error| error.span);
        assert_eq!(unclosed, Err(crate::source::Span::new(1, 2)));
    }
}
